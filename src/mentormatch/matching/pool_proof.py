"""The proof for pairs out of one pool: a price for everybody, and for sets of an odd number."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from mentormatch.assign.floor_proof import PoolFloor
from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.pool_certificate import uncovered
from mentormatch.assign.pool_problem import PoolSolution
from mentormatch.assign.problem import Objective
from mentormatch.matching.certificate import Certificate, all_prices
from mentormatch.matching.checks import HUGE
from mentormatch.matching.floor import Floor
from mentormatch.matching.recount import Recount
from mentormatch.matching.scan import Uncovered, by_id, in_order, named
from mentormatch.matching.trio import Trio, trio_faults, trio_of
from mentormatch.people import Cohort
from mentormatch.program import Buddies, Program
from mentormatch.solving.sides import Split
from mentormatch.solving.solved import Solved

__all__ = ["OddSet", "PoolCertificate"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OddSet:
    """A group of an odd number of people, 2k + 1, among whom k pairs can be made at most.

    Attributes
    ----------
    members : tuple of str
        Ids of those who are in no smaller group within this one.
    around : int or None
        The number of the smallest group around this one, counted from 0; it is listed before.
    price : float
        What the group is worth: it covers all pairs within, and costs k times as much.

    Examples
    --------
    >>> OddSet(members=("ana", "bo", "cy"), around=None, price=0.5)
    OddSet(members=('ana', 'bo', 'cy'), around=None, price=0.5)
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    members: tuple[str, ...]
    around: int | None
    price: float


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
            odd_sets=_sets_by_id(ids, solution.odd_sets),
            count_odd_sets=() if count_sets is None else _sets_by_id(ids, count_sets),
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
        place = _place_of(places[0])
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
            odd_sets=_at_places(self.odd_sets, place),
            lam=self.inflation,
            count_prices=None if counts is None else in_order(counts, places)[0],
            count_sets=None if counts is None else _at_places(self.count_odd_sets, place),
            floor=self._floor_at_positions(places),
        )

    def _floor_at_positions(self, places: Sequence[Sequence[str]]) -> PoolFloor | None:
        if self.floor is None:
            return None
        above = self.floor.above
        assert isinstance(above, PoolCertificate)  # of the same kind
        [counts] = in_order(above.prices, places)
        sets = _at_places(above.odd_sets, _place_of(places[0]))
        return PoolFloor(*self.floor.in_numbers, counts, sets)

    def _bound_terms(self) -> Sequence[float]:
        paid = -self.inflation * len(self.pairs)
        return [*all_prices(self.prices), *_terms(self.odd_sets), paid]

    def _count_terms(self) -> Sequence[float]:
        return [*all_prices(self.count_prices or ()), *_terms(self.count_odd_sets)]

    def _places(self, people: Cohort, sides: Split) -> Sequence[Sequence[str]]:
        return [[people.ids[row] for row in sides.a]]

    def _claimed(self, places: Sequence[Sequence[str]]) -> "_Claimed":
        place = _place_of(places[0])
        counts = None if self.count_prices is None else in_order(self.count_prices, places)[0]
        return _Claimed(
            in_order(self.prices, places)[0],
            counts,
            self.inflation,
            _at_places(self.odd_sets, place),
            _at_places(self.count_odd_sets, place),
        )

    def _faults_of_trio(
        self, recount: Recount, program: Program, places: Sequence[Sequence[str]]
    ) -> list[str]:
        if isinstance(program.format, Buddies) and program.format.allow_trio:
            return trio_faults(recount, places[0], self.pairs, self.trio)
        return [] if self.trio is None else ["there is a trio, which the program does not allow"]

    def _faults_beyond_prices(self, places: Sequence[Sequence[str]]) -> list[str]:
        everybody = set(places[0])
        faults = [
            *_set_faults(self.odd_sets, everybody, "group"),
            *_set_faults(self.count_odd_sets, everybody, "count group"),
        ]
        if self.count_prices is None and self.count_odd_sets:
            faults.append("without count prices there can be no count groups")
        return faults


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
    counts, sets = by_id([ids], found.count_prices), _sets_by_id(ids, found.count_sets)
    above = PoolCertificate("score", (), (), counts, None, 1.0, sets)
    score, at_most = (None if np.isinf(one) else one for one in (found.score, found.at_most))
    return Floor(score, at_most, found.score_given_up, above)


def _place_of(ids: Sequence[str]) -> dict[str, int]:
    return {person: place for place, person in enumerate(ids)}


def _sets_by_id(ids: Sequence[str], sets: OddSets) -> tuple[OddSet, ...]:
    inside = np.flatnonzero(sets.innermost >= 0)
    members: list[list[str]] = [[] for _ in range(len(sets))]
    for member, number in zip(inside.tolist(), sets.innermost[inside].tolist(), strict=True):
        members[number].append(ids[member])
    return tuple(
        OddSet(tuple(sorted(own)), None if around < 0 else around, price)
        for own, around, price in zip(
            members, sets.around.tolist(), sets.prices.tolist(), strict=True
        )
    )


def _at_places(sets: Sequence[OddSet], place: dict[str, int]) -> OddSets:
    """Return sets as numbers; they have been found to be without fault."""
    innermost = np.full(len(place), -1)
    for number, one in enumerate(sets):
        innermost[[place[person] for person in one.members]] = number
    around = [-1 if one.around is None else one.around for one in sets]
    prices = np.array([one.price for one in sets], dtype=np.float64)
    return OddSets(innermost, np.array(around, dtype=np.int64), prices)


def _sizes(sets: Sequence[OddSet]) -> list[int]:
    """Return how many people each set has, those of the sets within it included."""
    sizes = [len(one.members) for one in sets]
    for number in range(len(sets) - 1, -1, -1):
        around = sets[number].around
        if around is not None and 0 <= around < number:
            sizes[around] += sizes[number]
    return sizes


def _terms(sets: Sequence[OddSet]) -> list[float]:
    """Return numbers that add up to what sets cost, the price of each once for every pair in it."""
    places = np.array([size // 2 for size in _sizes(sets)], dtype=np.int64)
    prices = np.array([one.price for one in sets], dtype=np.float64)
    if not np.isfinite(prices).all():
        return [one.price for one in sets]
    # Halves of a price, each short enough for its product with a whole number to be exact.
    mantissa, exponent = np.frexp(prices)
    high = np.ldexp(np.rint(np.ldexp(mantissa, 26)), -26)
    with np.errstate(over="ignore"):  # forged; an infinity proves nothing
        parts = [np.ldexp(half * places, exponent) for half in (high, mantissa - high)]
    return [term for part in parts for term in part.tolist()]


def _set_faults(sets: Sequence[OddSet], everybody: set[str], what: str) -> list[str]:
    listed = Counter(person for one in sets for person in one.members)
    faults = [f"{person} is in no pool, but in a {what}" for person in listed.keys() - everybody]
    faults += [
        f"{person} is in {n} {what}s, none within another" for person, n in listed.items() if n > 1
    ]
    for number, (one, size) in enumerate(zip(sets, _sizes(sets), strict=True)):
        if one.around is not None and not 0 <= one.around < number:
            faults.append(f"{what} {number} names as the one around it one that is not before it")
        if size % 2 == 0 or size < 3:
            faults.append(f"{what} {number} has {size} people, which is no odd number from 3 on")
        if not 0.0 <= one.price < HUGE:
            faults.append(
                f"{what} {number} has the price {one.price}, which is not one of 0 or more"
            )
    return faults
