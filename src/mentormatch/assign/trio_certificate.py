"""The check that nobody left over could join a pair better; it shares no code with the search.

Every member left over is tried with every pair, by scores that whoever asks makes anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["TrioChecked", "check_trio"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]

#: How many joiners times pairs are tried at a time.
TRIOS_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class TrioChecked:
    """What the check of a trio found.

    Attributes
    ----------
    valid : bool
        There is no trio; or somebody left over joins one of the pairs, may meet both members, and
        is worth with them what was claimed, which is more than 0.
    better : tuple of (int, int, int), or None
        A joiner and the members of a pair that may meet and are worth more than the trio or, if
        there is none or it is not valid, more than 0: of those, one that is worth most.

    Examples
    --------
    >>> TrioChecked(valid=True, better=(0, 2, 3)).ok
    False
    """

    valid: bool
    better: tuple[int, int, int] | None

    @property
    def ok(self) -> bool:
        """Whether the trio is valid and none is better."""
        return self.valid and self.better is None


def check_trio(
    single: Integers,
    a: Integers,
    b: Integers,
    trio: tuple[int, int, int] | None,
    score: float,
    *,
    score_of: Callable[[Integers, Integers], Floats],
    may_meet: Callable[[Integers, Integers], Booleans],
) -> TrioChecked:
    """Check that the right one of those left over joins the right pair.

    Parameters
    ----------
    single : int64 array, shape (n_single,)
        The members left over.
    a, b : int64 array, shape (n_pairs,)
        The chosen pairs.
    trio
        The joiner and the two members of a pair, these in either order; `None` if nobody joins.
    score
        What the trio is claimed to be worth: the joiner's scores with both members, added up. 0
        if nobody joins.
    score_of
        Called with members left over and as many members of pairs, it returns what each two of them
        are worth, 0 or more, whether they may meet or not.
    may_meet
        Called likewise, it returns which of them may meet.

    Returns
    -------
    TrioChecked
        Which of several trios that are worth the same it is, is not judged.

    Examples
    --------
    >>> worth = np.array([0.0, 0.25, 0.5, 0.0, 0.0])
    >>> pairs = np.array([1, 2]), np.array([4, 3])
    >>> asked = dict(score_of=lambda _, members: worth[members], may_meet=lambda _, m: m >= 0)
    >>> check_trio(np.array([0]), *pairs, (0, 2, 3), 0.5, **asked).ok
    True
    >>> check_trio(np.array([0]), *pairs, (0, 1, 4), 0.25, **asked)
    TrioChecked(valid=True, better=(0, 2, 3))
    """
    valid = score == 0.0
    if trio is not None:
        valid = _is_worth(single, a, b, trio, score, score_of, may_meet)
    highest = score if valid else 0.0
    better = None
    step = max(1, TRIOS_AT_ONCE // max(1, len(a)))
    for first in range(0, len(single), step):
        some = single[first : first + step]
        joiner, pair = np.repeat(some, len(a)), np.tile(np.arange(len(a)), len(some))
        worth = score_of(joiner, a[pair]) + score_of(joiner, b[pair])
        over = np.flatnonzero(worth > highest)
        for end in (a, b):
            over = over[may_meet(joiner[over], end[pair[over]])]
        if len(over):
            best = over[np.argmax(worth[over])]
            highest = float(worth[best])
            better = int(joiner[best]), int(a[pair[best]]), int(b[pair[best]])
    return TrioChecked(valid, better)


def _is_worth(
    single: Integers,
    a: Integers,
    b: Integers,
    trio: tuple[int, int, int],
    score: float,
    score_of: Callable[[Integers, Integers], Floats],
    may_meet: Callable[[Integers, Integers], Booleans],
) -> bool:
    joiner, one, other = trio
    is_pair = ((a == one) & (b == other)) | ((a == other) & (b == one))
    if not ((single == joiner).any() and is_pair.any()):
        return False
    ends = np.array([joiner, joiner]), np.array([one, other])
    scores = score_of(*ends)
    return bool(may_meet(*ends).all()) and float(scores[0] + scores[1]) == score > 0.0
