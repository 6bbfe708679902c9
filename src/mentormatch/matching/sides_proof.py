"""The proof for pairs between two sides: a price for everybody on either side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.certificate import falls_short
from mentormatch.assign.problem import Objective, Solution
from mentormatch.matching.certificate import Certificate, all_prices
from mentormatch.matching.scan import Uncovered, by_id, in_order
from mentormatch.people import Cohort
from mentormatch.solving.sides import Split
from mentormatch.solving.solved import Solved

__all__ = ["SidesCertificate"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class SidesCertificate(Certificate):
    """Prices of two sides; see `Certificate`.

    Examples
    --------
    >>> SidesCertificate("score", (), (), ({"ana": 0.0}, {"bo": 0.0}), None, 0.0)
    Certificate(score, 0 pairs, value=0, bound=0)
    """

    @classmethod
    def of(cls, solved: Solved, solution: Solution) -> "SidesCertificate":
        """Return the certificate of a solved program.

        Parameters
        ----------
        solved
            The program.
        solution
            Its solution, by position on the sides.
        """
        graph = solved.graph
        ids = graph.a_ids, graph.b_ids
        row_counts, col_counts = solution.row_count_prices, solution.col_count_prices
        counts = None
        if row_counts is not None and col_counts is not None:
            counts = by_id(ids, row_counts, col_counts)
        pairs = zip(solution.rows.tolist(), solution.cols.tolist(), strict=True)
        return cls(
            objective=str(solution.objective),
            pairs=tuple((graph.a_ids[a], graph.b_ids[b]) for a, b in pairs),
            scores=tuple(solution.scores.tolist()),
            prices=by_id(ids, solution.row_prices, solution.col_prices),
            count_prices=counts,
            inflation=solution.lam,
        )

    def at_positions(self, people: Cohort, sides: Split) -> Solution:
        """Return the same by position on the sides, as the solver would; by row.

        Parameters
        ----------
        people, sides
            Whose ids they are.
        """
        ids = self._places(people, sides)
        place_a, place_b = ({person: place for place, person in enumerate(side)} for side in ids)
        rows = np.array([place_a[a] for a, _ in self.pairs], dtype=np.int64)
        cols = np.array([place_b[b] for _, b in self.pairs], dtype=np.int64)
        order = np.argsort(rows)
        row_prices, col_prices = in_order(self.prices, ids)
        row_counts, col_counts = (
            (None, None) if self.count_prices is None else in_order(self.count_prices, ids)
        )
        return Solution(
            objective=Objective(self.objective),
            rows=rows[order],
            cols=cols[order],
            scores=np.array(self.scores, dtype=np.float64)[order],
            row_prices=row_prices,
            col_prices=col_prices,
            lam=self.inflation,
            row_count_prices=row_counts,
            col_count_prices=col_counts,
        )

    def _bound_terms(self) -> Sequence[float]:
        return [*all_prices(self.prices), -self.inflation * len(self.pairs)]

    def _count_terms(self) -> Sequence[float]:
        return [*all_prices(self.count_prices or ())]

    def _places(self, people: Cohort, sides: Split) -> Sequence[Sequence[str]]:
        return [[people.ids[row] for row in rows] for rows in (sides.a, sides.b)]

    def _claimed(self, places: Sequence[Sequence[str]]) -> "_Claimed":
        row_prices, col_prices = in_order(self.prices, places)
        counts = None
        if self.count_prices is not None:
            row_counts, col_counts = in_order(self.count_prices, places)
            counts = row_counts, col_counts
        return _Claimed((row_prices, col_prices), counts, self.inflation)

    def _faults_beyond_prices(self, places: Sequence[Sequence[str]]) -> list[str]:  # noqa: ARG002 - there is nothing else
        return []


@dataclass(frozen=True, eq=False, slots=True)
class _Claimed:
    """What a certificate claims of everybody, by position on either side."""

    prices: tuple[Floats, Floats]
    counts: tuple[Floats, Floats] | None
    inflation: float

    def uncovered(self, a: Rows, b: Rows, scores: Floats) -> Uncovered:
        """Return which pairs are worth more than their prices, and more than their count prices."""
        excess = falls_short(self.prices[0][a], self.prices[1][b], scores, self.inflation)
        if self.counts is None:
            return excess, np.zeros(len(a), dtype=np.bool_)
        count_a, count_b = self.counts
        return excess, falls_short(count_a[a], count_b[b], np.ones(len(a)), 0.0)
