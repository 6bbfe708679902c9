"""One who is left over joins a pair, and three learn together.

The pairs come first and are not changed: they are as good, and as proven, as without a trio. Then
one of those left over may join one pair, where it is worth most. An odd number of members thus need
leave nobody over; where more than one are left over, the others stay so.

Not asked is which of several equally good matchings leaves over whoever would join best, nor
whether pairs that are worth less would leave more to a trio. Each joiner and pair would be a search
of its own, for the best matching with this pair and without that member; and the total of pairs and
trio would no longer be what the prices prove.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.pool_problem import PoolProblem, PoolSolution

__all__ = ["Trio", "best_trio"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Trio:
    """A pair, and who joins it.

    Attributes
    ----------
    joiner : int
        A member who is in no pair.
    a, b : int
        The two members of the pair, ``a < b``.
    score : float
        What the joiner and `a` are worth together, and the joiner and `b`, added up; above 0.

    Examples
    --------
    >>> Trio(joiner=0, a=1, b=2, score=0.75)
    Trio(joiner=0, a=1, b=2, score=0.75)
    """

    joiner: int
    a: int
    b: int
    score: float


def best_trio(
    problem: PoolProblem,
    solution: PoolSolution,
    may_meet: Callable[[Integers, Integers], Booleans],
    lots: Callable[[Integers, Integers, Integers], Floats],
) -> Trio | None:
    """Return who had best join which pair.

    A joiner must be allowed with both members of the pair, and be worth more than 0 with at least
    one of them. The best is the trio with the highest sum of the joiner's two scores; of equal ones
    that with the largest lot.

    Parameters
    ----------
    problem
        The allowed pairs and their scores; all of those that anybody left over is in.
    solution
        A matching of them.
    may_meet
        Called with members left over and as many members of pairs, of which the problem says
        nothing, it returns which of these meetings are allowed though they are worth nothing.
    lots
        Called with joiners and the two members of pairs, ``a < b``, it returns a number for each;
        it must depend on nothing but who the three are.

    Returns
    -------
    Trio or None
        `None` if nobody is left over who may join any pair. The same for every order of the
        members, as long as `may_meet` and `lots` go with their identities.

    Examples
    --------
    Ana is left over. She shares more with cy and di than with bo and ed.

    >>> from mentormatch.assign import Objective
    >>> from mentormatch.assign.pool import heaviest_pool
    >>> from mentormatch.assign.ties import tie_keys, tie_weights
    >>> a, b = np.array([0, 0, 1, 2]), np.array([1, 2, 4, 3])
    >>> problem = PoolProblem(5, a, b, np.array([0.25, 0.5, 1.0, 1.0]))
    >>> keys = tie_keys(0, ["ana", "bo", "cy", "di", "ed"])
    >>> best_trio(
    ...     problem,
    ...     heaviest_pool(problem, Objective.SCORE),
    ...     may_meet=lambda joiners, members: np.ones(len(joiners), dtype=np.bool_),
    ...     lots=lambda joiners, a, b: tie_weights(keys[joiners], keys[a] + keys[b]),
    ... )
    Trio(joiner=0, a=2, b=3, score=0.5)
    """
    joiner, member, score = _meetings(problem, solution)
    partner = solution.mate[member]
    key = joiner * problem.size + np.minimum(member, partner)
    trios, first, place, count = np.unique(
        key, return_index=True, return_inverse=True, return_counts=True
    )
    # One score or two: their sum is the same in either order.
    worth = np.bincount(place, score, minlength=len(trios))
    possible = worth > 0.0
    half = np.flatnonzero(possible & (count == 1))  # the problem allows one of two meetings
    possible[half] = may_meet(joiner[first[half]], partner[first[half]])
    if not possible.any():
        return None
    best = np.flatnonzero(possible & (worth == worth[possible].max()))
    joins, a = np.divmod(trios[best], problem.size)
    b = solution.mate[a]
    drawn = int(np.argmax(lots(joins, a, b)))
    return Trio(int(joins[drawn]), int(a[drawn]), int(b[drawn]), float(worth[best[drawn]]))


def _meetings(problem: PoolProblem, solution: PoolSolution) -> tuple[Integers, Integers, Floats]:
    """Return the allowed pairs of one who is left over and one who is not, in this order."""
    single = solution.mate < 0
    forth = single[problem.a] & ~single[problem.b]
    back = single[problem.b] & ~single[problem.a]
    return (
        np.concatenate((problem.a[forth], problem.b[back])),
        np.concatenate((problem.b[forth], problem.a[back])),
        np.concatenate((problem.scores[forth], problem.scores[back])),
    )
