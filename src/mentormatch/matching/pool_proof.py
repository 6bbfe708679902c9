"""The proof for pairs out of one pool: a price for everybody, and for sets of an odd number."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.floor_proof import PoolFloor
from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.pool_certificate import uncovered
from mentormatch.assign.pool_problem import PoolSolution
from mentormatch.assign.problem import Objective
from mentormatch.exchange.layout import Layout
from mentormatch.matching.certificate import Certificate, all_prices
from mentormatch.matching.floor import Floor
from mentormatch.matching.groups import (
    OddSet,
    all_set_faults,
    at_places,
    place_of,
    set_terms,
    sets_by_id,
)
from mentormatch.matching.recount import Recount
from mentormatch.matching.scan import (
    Claimed,
    Uncovered,
    WithFloor,
    by_id,
    in_order,
    named,
    overpriced,
)
from mentormatch.matching.trio import Trio, trio_faults, trio_of
from mentormatch.people import Cohort
from mentormatch.program import Buddies, Program
from mentormatch.solving.sides import Split
from mentormatch.solving.solved import Solved

__all__ = ["PoolCertificate"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class PoolCertificate(Certificate):
    """Prices of one pool; see `Certificate`.

    Attributes
    ----------
    odd_sets : tuple of OddSet
        Groups with prices of their own, which help to cover the pairs within them.
    count_odd_sets : tuple of OddSet
        Those that go with the count prices.
    trio : Trio or None
        Who joins a pair of buddies: the prices say nothing of it, `verify` tries all others.

    References
    ----------
    J. Edmonds, "Maximum matching and a polyhedron with 0,1-vertices", Journal of Research of the
    National Bureau of Standards 69B (1965).

    Examples
    --------
    Three who could all be paired: one pair is all there can be, and the group of three says so.

    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "R; go"},
    ...         {"id": "bo", "teaches": "R", "wants": "sql; go"},
    ...         {"id": "cy", "teaches": "go", "wants": "sql; R"},
    ...     ]
    ... )
    >>> mm.match(people, mm.Program()).certificate.odd_sets
    (OddSet(members=('ana', 'bo', 'cy'), around=None, price=1.0),)
    """

    layout: ClassVar[Layout] = "pool"

    odd_sets: tuple[OddSet, ...] = ()
    count_odd_sets: tuple[OddSet, ...] = ()
    trio: Trio | None = None

    @classmethod
    def of(cls, solved: Solved, solution: PoolSolution) -> "PoolCertificate":
        """Return the certificate of a solved program.

        Parameters
        ----------
        solved
            The program.
        solution
            Its solution, by position in the pool.
        """
        ids = solved.graph.a_ids
        counts, count_sets = solution.count_prices, solution.count_sets
        pairs = zip(solution.a.tolist(), solution.b.tolist(), strict=True)
        return cls(
            objective=str(solution.objective),
            pairs=tuple(named((ids, ids), a, b, "pool") for a, b in pairs),
            scores=tuple(solution.scores.tolist()),
            prices=by_id([ids], solution.prices),
            count_prices=None if counts is None else by_id([ids], counts),
            inflation=solution.lam,
            odd_sets=sets_by_id(ids, solution.odd_sets),
            count_odd_sets=() if count_sets is None else sets_by_id(ids, count_sets),
            trio=trio_of(solved),
            floor=_floor_by_id(ids, solution),
        )

    @property
    def count_gap(self) -> float:
        """How many more pairs the count prices leave possible; half a pair is none."""
        more = super().count_gap
        return float(floor(more)) if isfinite(more) else more

    def at_positions(self, people: Cohort, sides: Split) -> PoolSolution:
        """Return the same by position in the pool, as the solver would.

        Parameters
        ----------
        people, sides
            Whose ids they are.
        """
        places = self._places(people, sides)
        place = place_of(places[0])
        ends = [sorted((place[a], place[b])) for a, b in self.pairs]
        a, b = np.array(ends, dtype=np.int64).reshape(-1, 2).T
        order = np.argsort(a)
        counts = self.count_prices
        return PoolSolution(
            objective=Objective(self.objective),
            a=a[order],
            b=b[order],
            scores=np.array(self.scores, dtype=np.float64)[order],
            prices=in_order(self.prices, places)[0],
            odd_sets=at_places(self.odd_sets, place),
            lam=self.inflation,
            count_prices=None if counts is None else in_order(counts, places)[0],
            count_sets=None if counts is None else at_places(self.count_odd_sets, place),
            floor=self._floor_at_positions(places),
        )

    def _floor_at_positions(self, places: Sequence[Sequence[str]]) -> PoolFloor | None:
        if self.floor is None:
            return None
        above = self.floor.above
        assert isinstance(above, PoolCertificate)  # of the same kind
        [counts] = in_order(above.prices, places)
        sets = at_places(above.odd_sets, place_of(places[0]))
        return PoolFloor(*self.floor.in_numbers, counts, sets)

    def _bound_terms(self) -> Sequence[float]:
        paid = -self.inflation * len(self.pairs)
        return [*all_prices(self.prices), *set_terms(self.odd_sets), paid]

    def _count_terms(self) -> Sequence[float]:
        return [*all_prices(self.count_prices or ()), *set_terms(self.count_odd_sets)]

    def _places(self, people: Cohort, sides: Split) -> Sequence[Sequence[str]]:
        return [[people.ids[row] for row in sides.a]]

    def _claimed(self, places: Sequence[Sequence[str]]) -> "_Claimed":
        place = place_of(places[0])
        counts = None if self.count_prices is None else in_order(self.count_prices, places)[0]
        return _Claimed(
            in_order(self.prices, places)[0],
            counts,
            self.inflation,
            at_places(self.odd_sets, place),
            at_places(self.count_odd_sets, place),
        )

    def _faults_of_trio(
        self, recount: Recount, program: Program, places: Sequence[Sequence[str]]
    ) -> list[str]:
        if isinstance(program.format, Buddies) and program.format.allow_trio:
            return trio_faults(recount, places[0], self.pairs, self.trio)
        return [] if self.trio is None else ["there is a trio, which the program does not allow"]

    def _overpriced(self, recount: Recount, places: Sequence[Sequence[str]]) -> list[str]:
        claimed: Claimed = self._claimed(places)
        if self.floor is not None:
            above = self.floor.above
            assert isinstance(above, PoolCertificate)  # of the same kind
            worst = self.floor.score, self.floor.at_most
            claimed = WithFloor(claimed, above._claimed(places), *worst)
        return overpriced(recount, claimed, (places[0], places[-1]))

    def _faults_beyond_prices(self, places: Sequence[Sequence[str]]) -> list[str]:
        sets = self.odd_sets, self.count_odd_sets
        return all_set_faults(*sets, places[0], self.count_prices is not None)


@dataclass(frozen=True, eq=False, slots=True)
class _Claimed:
    """What a certificate claims of everybody, by position in the pool."""

    price: Floats
    count: Floats | None
    inflation: float
    sets: OddSets
    count_sets: OddSets

    @property
    def prices(self) -> tuple[Floats, Floats]:
        return self.price, self.price

    @property
    def counts(self) -> tuple[Floats, Floats] | None:
        return None if self.count is None else (self.count, self.count)

    def uncovered(self, a: Rows, b: Rows, scores: Floats) -> Uncovered:
        """Return which pairs are worth more than their prices, and more than their count prices."""
        excess = uncovered(a, b, scores, self.price, self.sets, self.inflation)
        if self.count is None:
            return excess, np.zeros(len(a), dtype=np.bool_)
        return excess, uncovered(a, b, np.ones(len(a)), self.count, self.count_sets)


def _floor_by_id(ids: Sequence[str], solution: PoolSolution) -> Floor[Certificate] | None:
    found = solution.floor
    if found is None:
        return None
    counts, sets = by_id([ids], found.count_prices), sets_by_id(ids, found.count_sets)
    above = PoolCertificate("score", (), (), counts, None, 1.0, sets)
    score, at_most = (None if np.isinf(one) else one for one in (found.score, found.at_most))
    return Floor(score, at_most, found.score_given_up, above)
