"""The proof for rings: two prices for everybody, as a teacher and as a learner."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.certificate import falls_short
from mentormatch.assign.problem import Objective
from mentormatch.assign.ring_certificate import FINEST, UNIT, RingsChecked, check_rings
from mentormatch.assign.ring_problem import RingProblem, RingSolution, cycles
from mentormatch.exchange.layout import Layout
from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.certificate import (
    LARGEST_INFLATION,
    Certificate,
    added_up,
    all_prices,
)
from mentormatch.matching.checks import DESCRIBED, HUGE, IdPair
from mentormatch.matching.groups import (
    OddSet,
    all_set_faults,
    at_places,
    place_of,
    set_terms,
    sets_by_id,
)
from mentormatch.matching.recount import Recount, meetings
from mentormatch.matching.scan import by_id, in_order
from mentormatch.people import Cohort
from mentormatch.solving.sides import Split
from mentormatch.solving.solved import Solved

__all__ = ["RingCertificate"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class RingCertificate(Certificate):
    """Prices of everybody as a teacher and as a learner; see `Certificate`.

    They are free in sign, but no person's two add up to less than 0, unless the program requires
    that they teach somebody, or are taught: then they are in a ring. With rings of any length they
    cover each allowed arrow: the teacher's price as a teacher and the learner's as a learner are
    worth its score or more, and so is every ring. Where rings are bounded in length, each ring of
    at most so many people is covered, and its arrows need not be. Under ``people_then_score`` the
    count prices do the same for scores of 1, so that they prove how many people rings can have. All
    scores being multiples of 2**-40, the gap is the largest such multiple that the prices leave.
    Rings of two are pairs of one pool, and groups of an odd number help to cover them.

    Attributes
    ----------
    odd_sets, count_odd_sets : tuple of OddSet
        As in `PoolCertificate`, for rings of two; else none.

    References
    ----------
    D. J. Abraham, A. Blum, T. Sandholm, "Clearing algorithms for barter exchange markets: enabling
    nationwide kidney exchanges", EC (2007): the linear program whose prices these are.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "go"},
    ...         {"id": "bo", "teaches": "R", "wants": "sql"},
    ...         {"id": "cy", "teaches": "go", "wants": "R"},
    ...     ]
    ... )
    >>> program = mm.Program(format=mm.Rings())
    >>> proof = mm.match(people, program).certificate
    >>> proof
    Certificate(people_then_score, 3 pairs, value=3, bound=3)
    >>> proof.verify(people, program).ok
    True
    """

    odd_sets: tuple[OddSet, ...] = ()
    count_odd_sets: tuple[OddSet, ...] = ()

    layout: ClassVar[Layout] = "arrows"
    _least_price: ClassVar[float] = -HUGE

    @classmethod
    def of(cls, solved: Solved, solution: RingSolution) -> "RingCertificate":
        """Return the certificate of a solved program.

        Parameters
        ----------
        solved
            The program.
        solution
            Its solution, by position.
        """
        ids = solved.graph.a_ids
        tail_counts, head_counts = solution.tail_count_prices, solution.head_count_prices
        counts = None
        if tail_counts is not None and head_counts is not None:
            counts = by_id((ids, ids), tail_counts, head_counts)
        arrows = zip(solution.members.tolist(), solution.next_members.tolist(), strict=True)
        return cls(
            objective=str(solution.objective),
            pairs=tuple((ids[teacher], ids[learner]) for teacher, learner in arrows),
            scores=tuple(solution.scores.tolist()),
            prices=by_id((ids, ids), solution.tail_prices, solution.head_prices),
            count_prices=counts,
            inflation=solution.lam,
            odd_sets=sets_by_id(ids, solution.odd_sets) if solution.odd_sets else (),
            count_odd_sets=sets_by_id(ids, solution.count_sets) if solution.count_sets else (),
        )

    def at_positions(self, people: Cohort, sides: Split) -> RingSolution:
        """Return the same by position, as the solver would; the pairs are closed rings.

        Parameters
        ----------
        people, sides
            Whose ids they are.
        """
        places = self._places(people, sides)
        place = place_of(places[0])
        after, worth = np.full(len(place), -1), np.zeros(len(place))
        for (teacher, learner), score in zip(self.pairs, self.scores, strict=True):
            after[place[teacher]], worth[place[teacher]] = place[learner], score
        starts, members = cycles(after)
        prices, counts = self._by_position(places)
        return RingSolution(
            objective=Objective(self.objective),
            longest=sides.longest,
            starts=starts,
            members=members,
            scores=worth[members],
            tail_prices=prices[0],
            head_prices=prices[1],
            lam=self.inflation,
            tail_count_prices=counts[0] if counts else None,
            head_count_prices=counts[1] if counts else None,
            odd_sets=at_places(self.odd_sets, place) if self.odd_sets else None,
            count_sets=at_places(self.count_odd_sets, place) if self.count_odd_sets else None,
        )

    @property
    def people_served(self) -> int:
        """How many people are in a ring."""
        return len(self.pairs)

    @property
    def bound(self) -> float:
        """The total that no rings of as many people can exceed."""
        return added_up((self.value, self.gap))

    @property
    def gap(self) -> float:
        """What better rings might gain, as the multiple of 2**-40 that it cannot exceed."""
        return _floored(super().gap, UNIT)

    @property
    def count_gap(self) -> float:
        """How many more people the count prices leave possible; 0 when they prove that none are."""
        if self.count_prices is None:
            return 0.0
        return _floored(added_up((*self._count_terms(), -self.people_served)), 1.0)

    def _bound_terms(self) -> Sequence[float]:
        paid = [-self.inflation] * len(self.pairs)
        return [*all_prices(self.prices), *set_terms(self.odd_sets), *paid]

    def _count_terms(self) -> Sequence[float]:
        return [*all_prices(self.count_prices or ()), *set_terms(self.count_odd_sets)]

    def _places(self, people: Cohort, sides: Split) -> Sequence[Sequence[str]]:
        return [[people.ids[row] for row in sides.a]] * 2

    def _by_position(
        self, places: Sequence[Sequence[str]]
    ) -> tuple[tuple[Floats, ...], tuple[Floats, ...] | None]:
        """Return prices and count prices by position; everybody has one."""
        counts = None if self.count_prices is None else in_order(self.count_prices, places)
        return in_order(self.prices, places), counts

    def _inflation_faults(self) -> list[str]:
        steps = self.inflation / FINEST
        if 0.0 <= self.inflation <= LARGEST_INFLATION and steps == np.floor(steps):
            return []
        most = f"{LARGEST_INFLATION:g}"
        return [f"the inflation is {self.inflation}, not a multiple of 2**-48 from 0 to {most}"]

    def _faults_beyond_prices(self, places: Sequence[Sequence[str]]) -> list[str]:
        sets = self.odd_sets, self.count_odd_sets
        return all_set_faults(*sets, places[0], self.count_prices is not None)

    def _faults_before(
        self, sides: Split, places: Sequence[Sequence[str]], promised: Sequence[IdPair]
    ) -> list[str]:
        faults = super()._faults_before(sides, places, promised)
        may_stay_out = ~np.isin(places[0], [one for arrow in promised for one in arrow])
        nothing = np.zeros(len(places[0]))
        prices, counts = self._by_position(places)
        for tables, what in ((prices, "prices"), (counts, "count prices")):
            if tables is None:
                continue
            below = falls_short(tables[0], tables[1], nothing, 0.0) & may_stay_out
            faults += [
                f"the {what} of {places[0][one]} add up to less than 0"
                for one in np.flatnonzero(below).tolist()
            ]
        return faults

    def _overpriced(self, recount: Recount, places: Sequence[Sequence[str]]) -> list[str]:
        are_of_two = recount.sides.longest == 2 and recount.sides.bounds_rings
        if (self.odd_sets or self.count_odd_sets) and not are_of_two:
            return ["groups bound rings of two only, and here a ring may have more"]
        found = self._checked(recount, places)
        if found.feasible and found.covered:
            return []
        ids, what = places[0], "count prices" if found.feasible else "prices"
        begin, are = ("rings in which", "are") if recount.sides.bounds_rings else ("that", "is")
        ends = found.violations[:DESCRIBED].tolist()
        arrows = [(ids[teacher], ids[learner]) for teacher, learner in ends]
        told = [f"{begin} {a} teaches {b} {are} worth more than their {what}" for a, b in arrows]
        return told or [f"the {what} bound no rings"]

    def _checked(self, recount: Recount, places: Sequence[Sequence[str]]) -> RingsChecked:
        """Hold the prices against all allowed arrows, or all rings of a bounded length."""
        sides, score = recount.sides, recount.score
        assert not isinstance(score, SharedWishes)  # which is what buddies have
        blocks = meetings(recount.people, score, sides)
        parts = [part for pairs in blocks for part in recount.allowed(pairs)]
        # Those required may meet no wish, and then they are in no block.
        parts += list(recount.allowed(recount.required))
        nothing = np.zeros(0, dtype=np.int64)
        tails, heads = (np.concatenate([nothing, *(part[end] for part in parts)]) for end in (0, 1))
        scores = np.concatenate([np.zeros(0), *(part[2] for part in parts)])
        numbers, each = np.unique(tails * len(places[0]) + heads, return_index=True)
        tails, heads, scores = tails[each], heads[each], scores[each]
        prices, counts = self._by_position(places)
        place = place_of(places[0])
        required = np.flatnonzero(np.isin(numbers, recount.required))
        return check_rings(
            RingProblem(len(places[0]), tails, heads, scores, required=required),
            np.zeros(1, dtype=np.int64),  # no rings: these are held against the profiles as pairs
            nothing,
            *prices,
            objective=Objective(self.objective),
            # Where no ring can be too long, prices must cover every arrow: explanations need that.
            longest=sides.longest if sides.bounds_rings else None,
            lam=self.inflation,
            tail_count_prices=counts[0] if counts else None,
            head_count_prices=counts[1] if counts else None,
            odd_sets=at_places(self.odd_sets, place) if self.odd_sets else None,
            count_sets=at_places(self.count_odd_sets, place) if self.count_odd_sets else None,
        )


def _floored(number: float, unit: float) -> float:
    """Return the largest multiple of a unit that a number reaches; infinities and NaN as they are.

    Examples
    --------
    >>> _floored(1.75, 0.5), _floored(float("nan"), 1.0)
    (1.5, nan)
    """
    return float(np.floor(number / unit)) * unit if isfinite(number / unit) else number
