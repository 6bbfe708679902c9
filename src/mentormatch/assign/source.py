"""What pricing needs of the world: a source of pairs, in numbers only."""

from collections.abc import Iterator
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Asked", "Found", "PairSource", "Pairs"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]

#: Rows, columns and scores of some pairs.
Pairs: TypeAlias = tuple[Integers, Integers, Floats]
#: What a source answers, for some rows or columns: `PairSource.above`.
Found: TypeAlias = tuple[Pairs, Integers, Floats]
#: What is asked of a source: `PairSource.above` from `need` on.
Asked: TypeAlias = tuple[Floats, Floats, Floats, Booleans, int | None, int | None]


class PairSource(Protocol):
    """All allowed pairs of two sides, which can be looked through but need not be held."""

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""

    @property
    def largest(self) -> float:
        """What no pair scores more than."""

    def required(self) -> Pairs:
        """Return the pairs that are allowed whatever their score; all others score above 0."""

    def effort(self, side: int) -> Integers:
        """Return how much work looking at each row (side 0) or column (side 1) is."""

    def above(
        self,
        side: int,
        who: Integers,
        need: Floats,
        prices: Floats,
        open_prices: Floats,
        is_open: Booleans,
        most: int | None,
        glance: int | None,
    ) -> Iterator[Found]:
        """Look at rows or columns for pairs that are worth what they need to be.

        Parameters
        ----------
        side
            0 to look at rows, 1 to look at columns.
        who
            Which, ascending.
        need : float64 array, one for each of that side
            What a pair must score at least, before the other end's price is added.
        prices : float64 array, one for each of the other side
            What it must score in addition.
        open_prices, is_open
            Other prices, for those of the side where the second is True.
        most
            How many to consider of each, best beyond their need first; `None` for all.
        glance
            Which sample is enough where there are many, counted from 0; `None` for all.

        Yields
        ------
        pairs
            Allowed ones; their scores are multiples of 2**-40, below 2**10. Among them may be some
            that miss their need by a little.
        cut
            Whom of `who` more pairs may be worth enough than were considered.
        over : float64 array, one for each of `cut`
            By how much those are worth more than they need to be, at most.
        """
