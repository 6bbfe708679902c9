"""Which rings to choose of a list: a linear program for prices, an integer program for rings.

Both are stated as what is lost against some prices: of a chosen ring what its members cost beyond
its worth, of a person in no ring their price. The better the prices the smaller are all these
numbers, and so what HiGHS, which works to a millionth or so, may get wrong. The first prices bring
better ones, those a second time better ones still, until the rest is below the binary grid.

References
----------
Q. Huangfu, J. A. J. Hall, "Parallelizing the dual revised simplex method", Mathematical Programming
Computation 10 (2018): HiGHS. A. M. Gleixner, D. E. Steffy, K. Wolter, "Iterative refinement for
linear programming", INFORMS Journal on Computing 28 (2016).
"""

from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, diags_array, eye_array, hstack

from mentormatch.assign.limits import Limits
from mentormatch.assign.ring_problem import RingProblem

__all__ = ["FINEST", "RingPrices", "Rings", "best_choice", "better_prices"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]

#: Prices are multiples of this; 2**-40 is the step of the scores, and what may be wrong with the
#: prices of thousands of people should not add up to that.
FINEST = 2.0**-48
#: What is lost is counted in this unit first, and in the second to mend what the first got wrong.
COARSE, FINE = 1.0, 2.0**-20
#: What is lost is never said to be more than so many units: large numbers cost HiGHS its digits.
MOST_UNITS = 2.0**10
#: HiGHS gives up an integer program after so many nodes: the same on every machine.
NODES = 500
#: What SciPy calls these.
OPTIMAL, INFEASIBLE = 0, 2


@dataclass(frozen=True, eq=False, slots=True)
class RingPrices:
    """What everybody is worth as a tail and as a head, and one more person in a ring."""

    tail: Floats
    head: Floats
    lam: float
    must: Booleans  # who has to be in a ring

    @property
    def person(self) -> Floats:
        """What each person costs in any ring."""
        return self.tail + self.head

    def gains(self, problem: RingProblem) -> Floats:
        """What each arrow is worth beyond its prices."""
        return (problem.scores + self.lam) - self.tail[problem.tails] - self.head[problem.heads]

    def changed(self, by: Floats, lam: float = 0.0) -> "RingPrices":
        """Return prices that differ by so much for each person.

        None is negative, but of those who must be in a ring.
        """
        person = self.person + by
        person = np.where(self.must, person, np.maximum(person, 0.0))
        return replace(self, tail=person - self.head, lam=self.lam + lam)


@dataclass(frozen=True, eq=False, slots=True)
class Rings:
    """A list of rings to choose from."""

    members: Integers  # (n_rings, longest), filled up with -1
    worth: Floats  # (n_rings,)

    @classmethod
    def of(cls, problem: RingProblem, members: Integers) -> "Rings":
        """Add up what rings are worth."""
        lengths = (members >= 0).sum(axis=1)
        worth = np.zeros(len(members))
        for place in range(members.shape[1]):
            inside = np.flatnonzero(place < lengths)
            tails = members[inside, place]
            heads = members[inside, (place + 1) % lengths[inside]]
            worth[inside] += problem.scores[problem.find(tails, heads)]
        return cls(members, worth)

    def __len__(self) -> int:
        return len(self.worth)

    @property
    def lengths(self) -> Integers:
        """How many people each ring has."""
        lengths: Integers = (self.members >= 0).sum(axis=1)
        return lengths

    def some(self, which: Integers | Booleans) -> "Rings":
        """Return a part of the list."""
        return Rings(self.members[which], self.worth[which])

    def loss(self, prices: RingPrices) -> Floats:
        """What the members of each ring cost beyond its worth."""
        costs = np.append(prices.person, 0.0)[self.members].sum(axis=1)
        loss: Floats = costs - self.worth - prices.lam * self.lengths
        return loss

    def best_of_each(self, loss: Floats, count: int) -> "Rings":
        """Return so many rings of each person, those that lose the least."""
        order = np.argsort(loss, kind="stable")
        members = self.members[order]
        rings, places = np.nonzero(members >= 0)
        people = members[rings, places]
        by_person = np.argsort(people, kind="stable")
        begins = np.searchsorted(people[by_person], people[by_person])
        kept = by_person[np.arange(len(people)) - begins < count]
        return self.some(order[np.unique(rings[kept])])

    def incidence(self, size: int) -> csc_array:
        """Return who is in which ring; shape (size, n_rings)."""
        inside = self.members >= 0
        rings, _ = np.nonzero(inside)
        people = self.members[inside]
        return csc_array((np.ones(len(people)), (people, rings)), shape=(size, len(self)))

    def of_each(self, size: int) -> list[Integers]:
        """Return which rings each person is in."""
        ends = self.incidence(size).tocsr()
        return np.split(ends.indices.astype(np.int64), ends.indptr[1:-1])


def better_prices(
    rings: Rings, prices: RingPrices, outside: int | None, unit: float, limits: Limits
) -> RingPrices | None:
    """Return the best prices for all rings of a list, as well as HiGHS knows.

    Parameters
    ----------
    rings
        The list.
    prices
        Others, by which losses are stated; any will do.
    outside
        How many people may be in no ring, where that matters: then one more in a ring has a price.
    unit
        What losses are counted in: `COARSE`, or `FINE` if the prices are nearly right.
    limits
        When to give up.

    Returns
    -------
    RingPrices
        Multiples of `FINEST` that add up to the least. Some rings may cost a little less than they
        are worth, still. `None` when the time was up.
    """
    # Imported here: scipy.optimize would double the time that `import mentormatch` takes.
    from scipy.optimize import linprog

    size = len(prices.tail)
    lost = np.append(rings.loss(prices), np.where(prices.must, 0.0, prices.person)) / unit
    may_stay_out = diags_array((~prices.must).astype(np.float64))
    ends = hstack((rings.incidence(size), may_stay_out), format="csc")
    found = linprog(
        np.minimum(lost, MOST_UNITS),
        A_eq=ends,
        b_eq=np.ones(size),
        A_ub=_left_out(len(rings), size),
        b_ub=np.array([size + 1 if outside is None else outside]),
        method="highs-ipm",  # forty times as quick here as the simplex method
        options={
            "primal_feasibility_tolerance": 1e-9,
            "dual_feasibility_tolerance": 1e-9,
            "time_limit": _left(limits),
        },
    )
    if found.status != OPTIMAL:
        return None
    dearer = 0.0 if outside is None else -float(found.ineqlin.marginals[0])
    lam = max(_to_grid(np.array([dearer * unit]))[0], 0.0)
    return prices.changed(lam - _to_grid(found.eqlin.marginals * unit), lam)


def best_choice(
    rings: Rings,
    prices: RingPrices,
    outside: int | None,
    most: float,
    limits: Limits,
    nodes: int = NODES,
) -> tuple[Integers | None, bool]:
    """Choose rings of a list that lose the least.

    Parameters
    ----------
    rings
        The list.
    prices
        By which no ring loses less than 0.
    outside
        How many people may be in no ring; `None` for any number.
    most
        Above 0; rings and people that lose as much or more are not considered.
    limits
        When to give up.
    nodes
        HiGHS gives up after so many.

    Returns
    -------
    chosen : int64 array, or None
        Which rings; `None` when nothing was found.
    is_best
        Whether there is nothing better that loses less than `most`, by HiGHS's word.
    """
    # Imported here as above.
    from scipy.optimize import Bounds, LinearConstraint, milp

    size, person = len(prices.tail), prices.person
    candidates = np.flatnonzero(rings.loss(prices) < most)
    some = rings.some(candidates)
    lost = np.append(some.loss(prices), person)
    ends = hstack((some.incidence(size), eye_array(size)), format="csc")
    rows = [LinearConstraint(ends, 1, 1)]
    if outside is not None:
        rows.append(LinearConstraint(_left_out(len(some), size), 0, outside))
    may = np.append(np.ones(len(some)), (person < most) & ~prices.must)
    found = milp(
        np.where(may, lost, 0.0) / most * MOST_UNITS,
        integrality=np.append(np.ones(len(some)), np.zeros(size)),
        bounds=Bounds(0, may),
        constraints=rows,
        options={"mip_rel_gap": 0.0, "node_limit": nodes, "time_limit": _left(limits)},
    )
    is_best = found.status in (OPTIMAL, INFEASIBLE)
    if found.x is None:
        return None, is_best
    return candidates[np.flatnonzero(found.x[: len(some)] > 0.5)], is_best


def _left_out(n_rings: int, size: int) -> Any:  # linprog's stubs know no sparse arrays
    """Return the row that counts who is in no ring."""
    ones, nothing = np.ones(size), np.zeros(size, dtype=np.int64)
    return csc_array((ones, (nothing, n_rings + np.arange(size))), shape=(1, n_rings + size))


def _to_grid(numbers: Floats) -> Floats:
    return np.round(numbers / FINEST) * FINEST


def _left(limits: Limits) -> float:
    """Return how many seconds are left; HiGHS takes none for no limit."""
    return max(limits.deadline - monotonic(), 0.01)
