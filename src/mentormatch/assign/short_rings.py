"""Rings of a bounded length: prices by column generation, rings by an integer program.

To choose disjoint rings is to pack sets, and there is no quick exact way for rings of three and
more (deciding whether everybody can be in one is NP-complete). What is quick is a bound: prices of
people, none negative but those of whom an arrow is required, such that every ring costs what it is
worth or more.

1. *Begin.* The rings of any length are found first. Their prices are such prices, and what is short
   enough of them are rings. Where arrows are required, rings that hold them all are found, too.
2. *Price.* A linear program finds the best prices for a list of rings; all rings are looked
   through for those that cost too little, they join the list, and so on until there are none.
3. *Choose.* Integer programs choose rings of the list, in one region after the other and then all
   over. What they miss the bound by is the gap, and a ring that loses more
   than that against the prices is in nothing better. So all others are listed and the program is
   solved once more: then HiGHS has searched all that could be better.

Under `Objective.PEOPLE_THEN_SCORE` this is done for the number of people first (every arrow scores
1), and then for the score with no more people left out than that. The linear program prices one
more person, too: that is `lam`.

References
----------
D. J. Abraham, A. Blum, T. Sandholm, "Clearing algorithms for barter exchange markets: enabling
nationwide kidney exchanges", EC (2007): rings of at most three, by column generation.
"""

import math
from dataclasses import dataclass, replace
from time import monotonic
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.grid import power_of_two_from
from mentormatch.assign.limits import Limits
from mentormatch.assign.long_rings import listed, long_rings
from mentormatch.assign.problem import Objective
from mentormatch.assign.ring_problem import UNIT, RingProblem, RingSolution
from mentormatch.assign.ring_program import (
    COARSE,
    FINE,
    RingPrices,
    Rings,
    best_choice,
    better_prices,
)
from mentormatch.assign.ring_regions import improved
from mentormatch.assign.ring_search import rings_above
from mentormatch.errors import InfeasibleError
from mentormatch.progress import Progress

__all__ = ["short_rings"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]

#: The list begins with about so many rings for each person: those that cost the least too much.
BEGIN_WITH = 20
#: So many rings are looked at in one go at most; more take gigabytes.
MOST_RINGS = 2**20
#: So many rings join the list in a round, of those that cost too little the worst.
JOIN = 2**15
#: An integer program chooses of so many rings for each person, those that lose the least; then of
#: all that can be in anything better, but of no more than so many: it would take hours.
FEW, MOST_TO_CHOOSE = 8, 2**15
#: What a ring costs too little before it joins; HiGHS is no more exact. Prices are raised for it.
TOLERANCE = 2.0**-24


def short_rings(
    problem: RingProblem,
    objective: Objective,
    longest: int,
    limits: Limits,
    progress: Progress,
) -> RingSolution:
    """Find good rings of at most so many people, and prove how good.

    Parameters
    ----------
    problem
        The arrows.
    objective
        What the rings are to be best at.
    longest
        How many people a ring may have, 2 or more.
    limits
        When to stop before. HiGHS is told of the time; of the gap it is not.
    progress
        Told what is being done.

    Returns
    -------
    RingSolution
        By prices that cover every ring of at most `longest` people.

    Raises
    ------
    InfeasibleError
        If no rings hold all required arrows, or none were found.

    Examples
    --------
    >>> from mentormatch.assign.limits import NO_LIMITS
    >>> from mentormatch.progress import quiet
    >>> problem = RingProblem.from_scores(np.ones((3, 3)), np.ones((3, 3), dtype=bool))
    >>> short_rings(problem, Objective.SCORE, 2, NO_LIMITS, quiet).value
    2.0
    """
    count, outside, is_known = None, None, True
    start = _required(problem, longest, limits)
    if objective is Objective.PEOPLE_THEN_SCORE:
        ones = replace(problem, scores=np.ones_like(problem.scores))
        begun = Rings.of(ones, start.members)
        most = _packed(ones, longest, 1.0, None, begun, _half(limits), progress)
        count, is_known = (most.proof.tail, most.proof.head), most.is_known
        outside, start = problem.size - most.people, Rings.of(problem, most.best.members)
    done = _packed(problem, longest, UNIT, outside, start, limits, progress)
    return listed(
        problem,
        objective,
        longest,
        _next(done.best, problem.size),
        (done.proof.tail, done.proof.head),
        done.proof.lam,
        count,
        is_known and done.is_known,
    )


@dataclass(slots=True)
class _Packing:
    """Rings of at most so many people, as good as found so far, and what is proven of them."""

    problem: RingProblem
    longest: int
    unit: float  # what totals are multiples of
    outside: int | None  # how many people may be in no ring, if that matters
    limits: Limits
    progress: Progress
    best: Rings  # disjoint
    proof: RingPrices  # no ring costs less than it is worth
    known: Rings  # the list
    is_searched: bool = False  # whether HiGHS has looked at all that could be better

    @property
    def people(self) -> int:
        """How many people are in the best rings so far."""
        return int(self.best.lengths.sum())

    @property
    def bound(self) -> float:
        """No rings of as many people are worth more."""
        return self._bound(self.proof)

    @property
    def gap(self) -> float:
        """What better rings might gain."""
        terms = [*self.proof.person.tolist(), *(-self.best.worth).tolist()]
        gap = math.fsum([*terms, *[-self.proof.lam] * self.people])
        return math.floor(gap / self.unit) * self.unit

    @property
    def is_known(self) -> bool:
        """Whether there is nothing better, by proof or by HiGHS's word."""
        return self.is_searched or self.gap <= 0.0

    @property
    def is_enough(self) -> bool:
        """Whether the answer is good enough, or the time is up."""
        return self.limits.are_over or self.gap <= self.limits.gap * self.bound

    def price(self) -> None:
        """Find better prices, until no ring costs too little."""
        prices = self.proof
        for unit in (COARSE, FINE):
            while not self.limits.are_over:
                self.progress("pricing rings", 0, 1)
                better = better_prices(self.known, prices, self.outside, unit, self.limits)
                if better is None:
                    return
                missing, is_all = self._above(better, 0.0)
                if is_all:
                    self._prove(better, missing)
                prices, loss, before = better, missing.loss(better), len(self.known)
                worst = np.argsort(loss, kind="stable")[:JOIN]
                self._add(missing.some(worst[loss[worst] < -TOLERANCE * unit]))
                if len(self.known) == before:  # what is still missing is HiGHS's rounding
                    break

    def choose(self) -> None:
        """Choose rings: in regions, of the list, then of all that can be in anything better."""
        self._offer(_greedy(self.known, self.known.loss(self.proof), self.problem))
        if not self.is_enough:
            by_people = self.outside is not None
            told = self.limits, self.progress
            self._offer(improved(self.known, self.best, self.proof, by_people, *told))
        rings, is_all = self.known, False
        while not self.is_enough:
            gap = self.gap
            rings = rings.some(rings.loss(self.proof) < gap)
            if is_all and len(rings) > MOST_TO_CHOOSE:
                return
            if not is_all:
                least = np.argsort(rings.loss(self.proof), kind="stable")
                rings = rings.some(least[: FEW * self.problem.size])
            self.progress("choosing rings", 0, 1)
            outside, limits = self.outside, self.limits
            chosen, is_best = best_choice(rings, self.proof, outside, gap, limits)
            if chosen is not None:
                self._offer(rings.some(chosen))
            if is_all:
                self.is_searched = is_best
                return
            before = int((rings.loss(self.proof) < self.gap).sum())
            rings, is_all = self._above(self.proof, -self.gap)
            self.is_searched = is_all and is_best and len(rings) <= before
            if self.is_searched or not is_all:
                return

    def begin(self) -> None:
        """List the rings that cost the least too much, about so many for each person."""
        floor = -(2.0**-8)
        all_of_them = self.longest * float(self.proof.gains(self.problem).min(initial=0.0))
        while True:
            rings, is_all = self._above(self.proof, floor)
            if not is_all or len(rings) >= BEGIN_WITH * self.problem.size or floor < all_of_them:
                break
            floor *= 2
        self._add(rings)
        self._offer(_greedy(self.known, self.known.loss(self.proof), self.problem))

    def _above(self, prices: RingPrices, floor: float) -> tuple[Rings, bool]:
        """Return all rings that cost less than they are worth less the floor; or some of them."""
        found: list[Integers] = [np.zeros((0, self.longest), dtype=np.int64)]
        held = 0
        for rings in rings_above(self.problem, prices.gains(self.problem), self.longest, floor):
            found.append(rings)
            held += len(rings)
            if held > MOST_RINGS or self.limits.are_over:
                break
        else:
            return Rings.of(self.problem, np.unique(np.concatenate(found), axis=0)), True
        return Rings.of(self.problem, np.unique(np.concatenate(found), axis=0)), False

    def _add(self, rings: Rings) -> None:
        members = np.unique(np.concatenate((self.known.members, rings.members)), axis=0)
        self.known = Rings.of(self.problem, members)

    def _offer(self, rings: Rings) -> None:
        """Take disjoint rings if they are better than the best so far."""
        if self._rank(rings) > self._rank(self.best):
            self.best = rings

    def _rank(self, rings: Rings) -> tuple[int, int, float]:
        people = 0 if self.outside is None else int(rings.lengths.sum())
        return _held(self.problem, rings), people, math.fsum(rings.worth.tolist())

    def _prove(self, prices: RingPrices, missing: Rings) -> None:
        """Raise prices until they cover all rings, and keep them if they prove more."""
        short = np.zeros(self.problem.size)
        np.maximum.at(short, missing.members[:, 0], -missing.loss(prices))
        raised = prices.changed(short)
        if self._bound(raised) < self.bound:
            self.proof = raised

    def _bound(self, prices: RingPrices) -> float:
        return math.fsum([*prices.person.tolist(), *[-prices.lam] * self.people])


def _packed(
    problem: RingProblem,
    longest: int,
    unit: float,
    outside: int | None,
    start: Rings,
    limits: Limits,
    progress: Progress,
) -> _Packing:
    """Pack rings of the largest total; with `outside`, of those that leave no more people out."""
    free = long_rings(problem, Objective.SCORE, limits, progress)
    prices = RingPrices(free.tail_prices, free.head_prices, 0.0, problem.must)
    none = Rings(np.zeros((0, longest), dtype=np.int64), np.zeros(0))
    packing = _Packing(problem, longest, unit, outside, limits, progress, start, prices, none)
    packing._add(start)
    packing.begin()
    if not packing.is_enough:
        packing.price()
        packing.choose()
    return packing


def _half(limits: Limits) -> Limits:
    """Return limits by which half of the time that is left is over."""
    if limits.deadline == math.inf:
        return limits
    return replace(limits, deadline=(monotonic() + limits.deadline) / 2)


def _required(problem: RingProblem, longest: int, limits: Limits) -> Rings:
    """Return disjoint rings that hold all required arrows, of all such those worth the most.

    As far as HiGHS finds them, of as many rings as it can choose from.
    """
    none = Rings(np.zeros((0, longest), dtype=np.int64), np.zeros(0))
    if not len(problem.required):
        return none
    # A required arrow outweighs all others of a ring, so that just the rings with one gain.
    gains = np.full(len(problem.tails), -float(longest))
    gains[_around(problem, longest)] = -1.0 / power_of_two_from(longest)
    gains[problem.required] = 1.0
    found, held = [none.members], 0
    for some in rings_above(problem, gains, longest, 0.0):
        found.append(some)
        held += len(some)
        if held > MOST_RINGS or limits.are_over:
            break
    rings = Rings.of(problem, np.unique(np.concatenate(found), axis=0))
    is_all = held <= MOST_RINGS and len(rings) <= MOST_TO_CHOOSE and not limits.are_over
    rings = rings.some(np.argsort(-rings.worth, kind="stable")[:MOST_TO_CHOOSE])
    nothing = np.zeros(problem.size)
    prices = RingPrices(nothing, nothing, 0.0, problem.must)
    chosen, is_best = best_choice(rings, prices, None, 1.0, limits)
    if chosen is None:
        were = "" if is_all and is_best else " were found to"
        raise InfeasibleError(
            f"no rings of at most {longest} people{were} hold all required arrows; require fewer, "
            "or allow more"
        )
    return rings.some(chosen)


def _around(problem: RingProblem, longest: int) -> Booleans:
    """Return the arrows on some closed walk of at most `longest` arrows with a required one.

    Other ways are not worth walking, and there may be very many.
    """
    found = np.zeros(len(problem.tails), dtype=np.bool_)
    for arrow in problem.required.tolist():
        steps = []  # to everybody from its head, and from everybody to its tail
        ends = problem.tails, problem.heads
        for begin, (near, far) in ((ends[1][arrow], ends), (ends[0][arrow], ends[::-1])):
            away = np.full(problem.size, longest)
            away[begin] = 0
            for step in range(1, longest):
                reached = far[away[near] == step - 1]
                away[reached] = np.minimum(away[reached], step)
            steps.append(away)
        found |= steps[0][problem.tails] + steps[1][problem.heads] + 2 <= longest
    return found


def _held(problem: RingProblem, rings: Rings) -> int:
    """Return how many required arrows are in some disjoint rings."""
    return int(np.isin(problem.tails[problem.required], rings.members).sum())


def _greedy(rings: Rings, loss: Floats, problem: RingProblem) -> Rings:
    """Choose disjoint rings, those with required arrows and those that lose the least first."""
    taken = [False] * problem.size + [False]
    chosen = []
    is_required = np.append(problem.must, False)[rings.members].any(axis=1)
    order = np.lexsort((loss, ~is_required))
    for ring, people in zip(order.tolist(), rings.members[order].tolist(), strict=True):
        if any(taken[person] for person in people):
            continue
        for person in people:
            taken[person] = person >= 0
        chosen.append(ring)
    return rings.some(np.array(chosen, dtype=np.int64))


def _next(rings: Rings, size: int) -> Integers:
    """Return whom everybody teaches, -1 for whoever is in no ring."""
    after = np.full(size, -1, dtype=np.int64)
    for members in rings.members.tolist():
        ring = [person for person in members if person >= 0]
        after[ring] = ring[1:] + ring[:1]
    return after
