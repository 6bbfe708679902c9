"""The proof for pairs between two sides: a price for everybody on either side.

Where people may have several partners, or must have some, pairs and minima have prices as well,
and where rules count partners of one group, these do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.certificate import later_places, times
from mentormatch.assign.floor_proof import Floor as SolverFloor
from mentormatch.assign.problem import Objective, Solution
from mentormatch.exchange.layout import Layout
from mentormatch.matching.certificate import Certificate, Prices, all_prices
from mentormatch.matching.checks import IdPair, Partners
from mentormatch.matching.floor import Floor
from mentormatch.matching.load_checks import PairPrice, load_faults, partners_by_id
from mentormatch.matching.recount import Recount
from mentormatch.matching.scan import Claimed, Uncovered, WithFloor, by_id, in_order, overpriced
from mentormatch.matching.sides_layers import Layer, Loads, loads_at_positions, loads_by_id
from mentormatch.matching.spread_checks import (
    GroupPrices,
    MostOfOne,
    crowded,
    most_of_one,
    spread_faults,
)
from mentormatch.people import Cohort
from mentormatch.solving.sides import Split
from mentormatch.solving.solved import Solved

__all__ = ["SidesCertificate"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: No honest number of partners comes near this; up to it products are exact.
MANY = 2**26


@dataclass(frozen=True, eq=False, repr=False)
class SidesCertificate(Certificate):
    """Prices of two sides; see `Certificate`.

    Where people may have several partners, what is counted is people with a partner: the first
    place of each is paid with their price, and each later one with half of the inflation less, but
    no less than nothing. A pair is covered by the prices of both, less those of their minima, and
    by its own price if it has one. What comes off for a minimum comes back for each partner that
    it asks for. A pair is covered as well by what either of the two pays for partners of the
    other's group, and that is due as often as they may have partners of it.

    Attributes
    ----------
    capacities, minima : tuple of mapping of str to int
        For side a and for side b, how many partners may be had by those who may have several, and
        must be had by those who must have any.
    pair_prices : tuple of (str, str, float)
        Ids, side a first, and what the pair costs beyond its people: above 0 only between two
        who may both have several partners, and below 0 only where the program requires the pair.
    minimum_prices : tuple of mapping of str to float
        For either side, what comes off the price of somebody who must have partners that they cost
        more than they are worth.
    count_pair_prices, count_minimum_prices
        Those that go with the count prices.
    most_of_one : tuple of int or None
        For either side, how many partners of one group each person may have, where a rule says so.
    spread_prices : tuple of tuple of (str, str, float)
        For either side, an id, what a group is called, and what each partner of it costs that
        person besides.
    count_spread_prices
        Those that go with the count prices.

    Examples
    --------
    >>> SidesCertificate("score", (), (), ({"ana": 0.0}, {"bo": 0.0}), None, 0.0)
    Certificate(score, 0 pairs, value=0, bound=0)
    """

    capacities: Partners = ({}, {})
    minima: Partners = ({}, {})
    pair_prices: tuple[PairPrice, ...] = ()
    minimum_prices: Prices = ({}, {})
    count_pair_prices: tuple[PairPrice, ...] = ()
    count_minimum_prices: Prices = ({}, {})
    most_of_one: MostOfOne = (None, None)
    spread_prices: GroupPrices = ((), ())
    count_spread_prices: GroupPrices = ((), ())

    layout: ClassVar[Layout] = "sides"
    _tables: ClassVar[tuple[str, ...]] = (
        *("prices", "count_prices", "capacities", "minima"),
        *("minimum_prices", "count_minimum_prices"),
    )

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
            **_all_by_id(ids, solved.sides, solution),
            floor=_floor_by_id(ids, solved.sides, solution),
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
        order = np.lexsort((cols, rows))
        row_prices, col_prices = in_order(self.prices, ids)
        row_counts, col_counts = (
            (None, None) if self.count_prices is None else in_order(self.count_prices, ids)
        )
        loads = counted = None
        if sides.capacities is not None:
            loads = loads_at_positions(ids, sides, self._loads)
            counted = loads_at_positions(ids, sides, self._count_loads)
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
            capacities=sides.capacities,
            load_prices=loads,
            count_load_prices=counted if self.count_prices is not None else None,
            floor=self._floor_at_positions(ids, sides),
        )

    def _floor_at_positions(self, ids: Sequence[Sequence[str]], sides: Split) -> SolverFloor | None:
        if self.floor is None:
            return None
        above = self.floor.above
        assert isinstance(above, SidesCertificate)  # of the same kind
        row_counts, col_counts = in_order(above.prices, ids)
        loads = None
        if sides.capacities is not None:
            loads = loads_at_positions(ids, sides, above._loads)
        worst = self.floor.in_numbers
        return SolverFloor(*worst, row_counts, col_counts, loads)

    @property
    def people_served(self) -> int:
        """How many people have a partner; who is on both sides counts once for each role."""
        if not any(self.capacities):
            return 2 * len(self.pairs)  # and who is in several is named by the check
        return sum(len({pair[side] for pair in self.pairs}) for side in (0, 1))

    @property
    def _loads(self) -> Loads:
        return Loads(self.pair_prices, self.minimum_prices, self.spread_prices)

    @property
    def _count_loads(self) -> Loads:
        paid = self.count_pair_prices, self.count_minimum_prices, self.count_spread_prices
        return Loads(*paid)

    def _bound_terms(self) -> Sequence[float]:
        paid = -self.inflation / 2 * self.people_served
        return [*self._terms(self.prices, self._loads, self.inflation), paid]

    def _count_terms(self) -> Sequence[float]:
        return self._terms(self.count_prices or (), self._count_loads, 1.0)

    def _terms(self, prices: Prices, loads: Loads, lam: float) -> list[float]:
        """Return what adds up to what no matching is worth more than."""
        terms = [*all_prices(prices), *(price for *_, price in loads.own)]
        with np.errstate(all="ignore"):  # forged numbers prove nothing, whatever they add up to
            for of_side, most in zip(prices, self.capacities, strict=False):
                terms += later_places(*_beside(of_side, most), lam)
            for of_side, least in zip(loads.minimum, self.minima, strict=False):
                terms += times(*_beside({who: -price for who, price in of_side.items()}, least))
            for paid, several in zip(loads.groups, self.most_of_one, strict=False):
                due = np.array([price for *_, price in paid], dtype=np.float64)
                terms += times(due, np.full(len(due), _whole(several or 0), dtype=np.int64))
        return terms

    def _places(self, people: Cohort, sides: Split) -> Sequence[Sequence[str]]:
        return [[people.ids[row] for row in rows] for rows in (sides.a, sides.b)]

    def _claimed(self, places: Sequence[Sequence[str]], sides: Split) -> "_Claimed":
        layer = Layer.of(places, sides, self.prices, self._loads)
        count = None
        if self.count_prices is not None:
            count = Layer.of(places, sides, self.count_prices, self._count_loads)
        return _Claimed(layer, count, self.inflation)

    def _overpriced(self, recount: Recount, places: Sequence[Sequence[str]]) -> list[str]:
        claimed: Claimed = self._claimed(places, recount.sides)
        if self.floor is not None:
            above = self.floor.above
            assert isinstance(above, SidesCertificate)  # of the same kind
            worst = self.floor.score, self.floor.at_most
            claimed = WithFloor(claimed, above._claimed(places, recount.sides), *worst)
        return overpriced(recount, claimed, (places[0], places[-1]))

    def _faults_beyond_prices(self, places: Sequence[Sequence[str]]) -> list[str]:  # noqa: ARG002 - there is nothing else
        return []

    def _faults_of_loads(
        self, sides: Split, places: Sequence[Sequence[str]], promised: Sequence[IdPair]
    ) -> list[str]:
        most, least = partners_by_id(sides, places)
        faults = [
            f"the {what} are not what profiles and program say"
            for what, claimed, true in (
                ("capacities", self.capacities, most),
                ("minima", self.minima, least),
            )
            if tuple(map(dict, claimed)) != true
        ]
        if self.most_of_one != most_of_one(sides):
            faults.append("how many partners may be of one group is not what the program says")
        must = set(promised)
        faults += load_faults(self.prices, self.pair_prices, self.minimum_prices, must, "price")
        counted = self.count_prices or ({}, {})
        loads = self.count_pair_prices, self.count_minimum_prices
        faults += load_faults(counted, *loads, must, "count price")
        faults += spread_faults(self.prices, sides.groups, self.spread_prices, "price")
        return faults + spread_faults(
            counted, sides.groups, self.count_spread_prices, "count price"
        )

    def _faults_of_groups(self, sides: Split, places: Sequence[Sequence[str]]) -> list[str]:
        return crowded(self.pairs, sides, places)

    def _partners(self) -> tuple[Partners, Partners]:
        return self.capacities, self.minima


@dataclass(frozen=True, eq=False, slots=True)
class _Claimed:
    """What a certificate claims of everybody, by position on either side."""

    layer: Layer
    count: Layer | None
    inflation: float

    @property
    def prices(self) -> tuple[Floats, Floats]:
        return self.layer.net

    @property
    def counts(self) -> tuple[Floats, Floats] | None:
        return None if self.count is None else self.count.net

    def uncovered(self, a: Rows, b: Rows, scores: Floats) -> Uncovered:
        """Return which pairs are worth more than their prices, and more than their count prices."""
        excess = self.layer.uncovered(a, b, scores, self.inflation)
        if self.count is None:
            return excess, np.zeros(len(a), dtype=np.bool_)
        return excess, self.count.uncovered(a, b, np.ones(len(a)), 0.0)


def _beside(amounts: Mapping[str, float], counts: Mapping[str, int]) -> tuple[Floats, Rows]:
    """Return the amount of each who has a count, 0 for none, and the counts."""
    beside = np.array([amounts.get(person, 0.0) for person in counts], dtype=np.float64)
    return beside, np.array([_whole(count) for count in counts.values()], dtype=np.int64)


def _whole(count: int) -> int:
    return max(0, min(count, MANY))


def _all_by_id(
    ids: tuple[Sequence[str], Sequence[str]], sides: Split, solution: Solution
) -> dict[str, Any]:
    """Return what goes with capacities, by id; nothing where there are none."""
    most, least = partners_by_id(sides, ids)
    paid = loads_by_id(ids, sides, solution.load_prices)
    counted = loads_by_id(ids, sides, solution.count_load_prices)
    return {
        "capacities": most,
        "minima": least,
        "pair_prices": paid.own,
        "minimum_prices": paid.minimum,
        "count_pair_prices": counted.own,
        "count_minimum_prices": counted.minimum,
        "most_of_one": most_of_one(sides),
        "spread_prices": paid.groups,
        "count_spread_prices": counted.groups,
    }


def _floor_by_id(
    ids: tuple[Sequence[str], Sequence[str]], sides: Split, solution: Solution
) -> Floor[Certificate] | None:
    floor = solution.floor
    if floor is None:
        return None
    paid = loads_by_id(ids, sides, floor.count_load_prices)
    counts = by_id(ids, floor.row_count_prices, floor.col_count_prices)
    above = SidesCertificate(
        *("score", (), (), counts, None, 1.0),
        *partners_by_id(sides, ids),
        pair_prices=tuple(paid.own),
        minimum_prices=paid.minimum,
        most_of_one=most_of_one(sides),
        spread_prices=paid.groups,
    )
    score, at_most = (None if np.isinf(one) else one for one in (floor.score, floor.at_most))
    return Floor(score, at_most, floor.score_given_up, above)
