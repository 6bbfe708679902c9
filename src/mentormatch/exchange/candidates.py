"""Which pairs are worth scoring: blocks of two sides, streamed in bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.benefit import OpenWishes
from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.people import Cohort

__all__ = ["ScoredPairs", "scored_pairs"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: Up to so many cells the table is as quick as loading numba.
FEW_CELLS = 1 << 20
#: How many cells of the table side a x side b are held in memory at a time.
CELLS_AT_ONCE = 1 << 21


@dataclass(frozen=True, eq=False, slots=True)
class ScoredPairs:
    """Pairs with something to exchange, by position on their sides.

    Attributes
    ----------
    a, b : numpy.ndarray
        Positions on side a and on side b, shape (pairs,), ordered by a, then b.
    score : numpy.ndarray
        Above 0.
    a_benefit, b_benefit : numpy.ndarray
        The share of a's, and of b's, wishes that the other meets; 0 in a direction that the
        score does not count.
    """

    a: Rows
    b: Rows
    score: Floats
    a_benefit: Floats
    b_benefit: Floats

    def where(self, kept: NDArray[np.bool_] | Rows) -> "ScoredPairs":
        """Return the pairs that a mask keeps, or those at some positions."""
        return ScoredPairs(
            self.a[kept], self.b[kept], self.score[kept], self.a_benefit[kept], self.b_benefit[kept]
        )


def scored_pairs(
    people: Cohort,
    side_a: Rows,
    side_b: Rows,
    score: Reciprocity | OneWay,
    threads: int | None = None,
) -> Iterator[ScoredPairs]:
    """Yield every pair of the two sides whose score is above 0, in blocks of side a.

    Few people are laid out as a table; many are looked up in an index of their skills, with the
    extra ``scale``. Both ways yield the same pairs with the same scores, to the bit.

    Parameters
    ----------
    people
        The cohort.
    side_a, side_b
        Rows of the people on either side.
    score
        How the two benefits become one number.
    threads
        How many look people up; one for each processor by default.
    """
    few = len(side_a) * len(side_b) <= FEW_CELLS
    if few or find_spec("numba") is None:
        found: Iterator[tuple[Rows, Rows, Floats, Floats]] = _all_pairs(
            people, side_a, side_b, score
        )
    else:
        # Imported here, and nowhere else: numba takes half a second to load.
        from mentormatch.exchange.index import SkillIndex
        from mentormatch.exchange.sketches import Party

        parties = Party.both(people, side_a, side_b, score.wishes_counted)
        index = SkillIndex.of(*parties, people.teaches.shape[1], score, turned=False)
        everybody, nothing = np.arange(len(side_a)), np.zeros(len(side_b))
        found = (
            (met.rows, met.cols, met.row_benefit, met.col_benefit)
            for met in index.met(everybody, np.zeros(len(side_a)), nothing, threads=threads)
        )
    for a, b, a_benefit, b_benefit in found:
        scores = score.combine(a_benefit, b_benefit)
        worth = scores > 0.0
        if worth.any():
            yield ScoredPairs(a, b, scores, a_benefit, b_benefit).where(worth)


def _all_pairs(
    people: Cohort, side_a: Rows, side_b: Rows, score: Reciprocity | OneWay
) -> Iterator[tuple[Rows, Rows, Floats, Floats]]:
    """Yield the pairs that receive something that counts, block by block of all pairs."""
    wishes_b = OpenWishes.of(people, side_b, score.wishes_counted)
    step = max(1, CELLS_AT_ONCE // max(1, len(side_b)))
    for first in range(0, len(side_a), step):
        block = side_a[first : first + step]
        nothing = np.zeros((len(block), len(side_b)))
        a_benefit = b_benefit = nothing
        if score.b_receives:
            b_benefit = wishes_b.met_by(people, block)
        if score.a_receives:
            a_benefit = OpenWishes.of(people, block, score.wishes_counted).met_by(people, side_b).T
        a, b = np.nonzero(
            (a_benefit > 0.0) & (b_benefit > 0.0)
            if score.needs_both
            else (a_benefit > 0.0) | (b_benefit > 0.0)
        )
        yield a + first, b, a_benefit[a, b], b_benefit[a, b]
