"""Minima that cannot be met: who lacks partners, and how many."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.errors import InfeasibleError, listed

__all__ = ["ShortageError"]

Integers: TypeAlias = NDArray[np.int64]


class ShortageError(InfeasibleError):
    """Minima that no choice of pairs can meet, with those who together show it.

    Each pair of one of them with a partner that is not listed helps once (or, of the pairs that
    somebody has within one group, as many as there may be), and each listed partner as often as its
    capacity says; that is all there is, and it is not enough (P. Hall, "On representatives of
    subsets", 1935).

    Attributes
    ----------
    side : str
        "row" or "col": whose minima these are.
    members : int64 array
        The rows, or columns, whose minima cannot be met together.
    partners : int64 array
        The columns, or rows, that are wanted by too many of them.
    needed, available : int
        How many partners they must have in all, and how many they can have.
    row_groups, col_groups : int64 array, shape (n, 2)
        Rows and columns, each with a group of its partners of which it would need more than it may
        have.

    Examples
    --------
    >>> from mentormatch.assign import solve_assignment
    >>> solve_assignment([[1.0], [1.0]], row_minimum=1)
    Traceback (most recent call last):
        ...
    mentormatch.assign.shortage.ShortageError: the minimum of rows 0, 1 takes 2 partners in \
all, and there can be 1: lower row_minimum, raise col_capacity of column 0, or allow more pairs
    """

    def __init__(
        self,
        side: str,
        members: Integers,
        partners: Integers,
        needed: int,
        available: int,
        row_groups: Integers | None = None,
        col_groups: Integers | None = None,
    ) -> None:
        self.side = side
        self.members = members
        self.partners = partners
        self.needed = needed
        self.available = available
        none = np.zeros((0, 2), dtype=np.int64)
        self.row_groups = none if row_groups is None else row_groups
        self.col_groups = none if col_groups is None else col_groups
        words = {"row": "row", "col": "column"}
        other = "col" if side == "row" else "row"
        who = _counted(words[side], members)
        full = "raise row_at_most, " * bool(len(self.row_groups))
        full += "raise col_at_most, " * bool(len(self.col_groups))
        if len(partners):
            full += f"raise {other}_capacity of {_counted(words[other], partners)}, "
        super().__init__(
            f"the minimum of {who} takes {needed} partner{'s' * (needed != 1)} in all, and there "
            f"can be {available}: lower {side}_minimum, {full}or allow more pairs"
        )

    def __reduce__(self) -> tuple[type["ShortageError"], tuple[object, ...]]:
        # So that it crosses process boundaries whole.
        who, sums = (self.side, self.members, self.partners), (self.needed, self.available)
        return type(self), (*who, *sums, self.row_groups, self.col_groups)

    @property
    def shortage(self) -> int:
        """How many partners are lacking."""
        return self.needed - self.available


def _counted(word: str, who: Integers) -> str:
    return f"{word}{'s' * (len(who) != 1)} {listed(map(str, who.tolist()))}"
