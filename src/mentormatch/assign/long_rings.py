"""Rings of any length: an assignment in which everybody is used in both roles.

Everybody teaches one person and is taught by one. Whoever stays out teaches themself: a loop, of
score 0. So rings are the matchings of "people as tails" and "people as heads" that serve everybody,
loops included; there is always one, and the matching engine's `Objective.PEOPLE_THEN_SCORE`
finds the best of them, with prices for ``score + c`` that count `c` for each arrow and loop. Less
`c`, they are the prices of rings, free in sign: no constant has to be guessed, and none is larger
than it must be.

To have as many people as possible in rings is such an assignment of its own, with score 1 for every
arrow. Its prices are whole numbers and tell which arrows and loops the answers with that many
people are made of: those with nothing to spare. The best of these answers is the best assignment
of those arrows and loops. What was left out has at least 1 to spare in the count prices, so they,
times a `lam` that is large enough, cover it in the scores: one `lam`, found at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import fsum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.grid import power_of_two_from
from mentormatch.assign.limits import Limits
from mentormatch.assign.loops import with_loops
from mentormatch.assign.problem import Objective, Problem, Solution
from mentormatch.assign.ring_problem import RingProblem, RingSolution, cycles
from mentormatch.assign.solve import solve
from mentormatch.assign.ties import settle
from mentormatch.errors import InfeasibleError
from mentormatch.progress import Progress

__all__ = ["listed", "long_rings"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]
#: Beyond this a smaller `lam` is looked for, in such steps: prices of many times a large one, for
#: long chains of people who are left out, would lose the last bits of the scores.
SMALL, STEP = 2.0**5, 2.0**3
#: Draws for pairs of tails and heads, loops included: `mentormatch.assign.ties.settle`.
Draws: TypeAlias = Callable[[Integers, Integers], Floats]


@dataclass(frozen=True, eq=False, slots=True)
class _Assigned:
    """An assignment with loops, its prices free in sign."""

    problem: Problem
    solution: Solution

    @classmethod
    def of(
        cls,
        size: int,
        tails: Integers,
        heads: Integers,
        scores: Floats,
        loops: Booleans,
        limits: Limits,
        progress: Progress,
    ) -> "_Assigned":
        """Solve some arrows, and the loops of some people."""
        problem = with_loops(size, tails, heads, scores, loops)
        everybody = Objective.PEOPLE_THEN_SCORE
        solution = solve(problem, everybody, limits=limits, progress=progress)
        if solution.is_optimal and len(solution.rows) < size:  # not all may stay out
            raise InfeasibleError(
                "no rings hold all required arrows: there is no way back from their heads to their "
                "tails; require fewer, or allow more"
            )
        return cls(problem, solution)

    @property
    def prices(self) -> tuple[Floats, Floats]:
        """What everybody is worth as a tail and as a head; arrows and loops cost their worth."""
        return self.solution.row_prices - self.solution.lam, self.solution.col_prices

    def settled(self, draws: Draws | None) -> Solution:
        """Return, of all assignments as good, the one that a lottery favours."""
        return self.solution if draws is None else settle(self.problem, self.solution, draws)


def long_rings(
    problem: RingProblem,
    objective: Objective,
    limits: Limits,
    progress: Progress,
    draws: Draws | None = None,
) -> RingSolution:
    """Find the best rings of any length, and prove it.

    Parameters
    ----------
    problem
        The arrows.
    objective
        What the rings are to be best at.
    limits
        Whatever the gap, the answer is exact unless the time is up, and then what is left of it.
    progress
        Told how far a large problem has come.
    draws
        Called with tails and heads of arrows and loops (of somebody to themself), it returns what
        they draw in the lottery among equals.

    Returns
    -------
    RingSolution
        By prices that cover every arrow.

    Raises
    ------
    InfeasibleError
        If no rings hold all required arrows.

    Examples
    --------
    >>> from mentormatch.assign.limits import NO_LIMITS
    >>> from mentormatch.progress import quiet
    >>> problem = RingProblem.from_scores(np.ones((3, 3)), np.ones((3, 3), dtype=bool))
    >>> long_rings(problem, Objective.SCORE, NO_LIMITS, quiet).value
    3.0
    """
    size, tails, heads = problem.size, problem.tails, problem.heads
    arrows, may_stay_out = (tails, heads), ~problem.must
    if objective is Objective.SCORE:
        best = _Assigned.of(size, *arrows, problem.scores, may_stay_out, limits, progress)
        return listed(problem, objective, None, _next(best.settled(draws), size), best.prices)
    most = _Assigned.of(size, *arrows, np.ones(len(tails)), may_stay_out, limits, progress)
    count, is_most = most.prices, most.solution.is_optimal
    tight, loops = np.arange(len(tails)), may_stay_out
    if is_most:
        tight = np.flatnonzero(count[0][tails] + count[1][heads] == 1.0)
        loops = may_stay_out & (count[0] + count[1] == 0.0)
    best = _Assigned.of(
        size, tails[tight], heads[tight], problem.scores[tight], loops, limits, progress
    )
    lam, prices = _lifted(problem, best.prices, count)
    is_known = is_most and best.solution.is_optimal  # else the time was up
    after = _next(best.settled(draws) if is_known else most.solution, size)
    if is_known and lam > SMALL:
        lam, prices = _lowered(problem, after, (lam, prices), limits, progress)
    return listed(problem, objective, None, after, prices, lam, count)


def _lifted(
    problem: RingProblem, prices: tuple[Floats, Floats], count: tuple[Floats, Floats]
) -> tuple[float, tuple[Floats, Floats]]:
    """Return the least power of two, or 0, that with the count prices makes the prices cover all.

    And the prices for it.
    """
    tails, heads = problem.tails, problem.heads
    short = problem.scores - prices[0][tails] - prices[1][heads]
    spare = count[0][tails] + count[1][heads] - 1.0
    alone = ~problem.must
    alone_short, alone_spare = -(prices[0] + prices[1])[alone], (count[0] + count[1])[alone]
    wanted = max(
        float((short[spare > 0] / spare[spare > 0]).max(initial=0.0)),
        float((alone_short[alone_spare > 0] / alone_spare[alone_spare > 0]).max(initial=0.0)),
    )
    lam = power_of_two_from(wanted) if wanted > 0 else 0.0
    return lam, (prices[0] + lam * count[0], prices[1] + lam * count[1])


def _lowered(
    problem: RingProblem,
    after: Integers,
    lifted: tuple[float, tuple[Floats, Floats]],
    limits: Limits,
    progress: Progress,
) -> tuple[float, tuple[Floats, Floats]]:
    """Return a smaller `lam` that will do, and the prices for it, if one is soon found.

    Parts of the answer that no tight arrow joins have prices without regard to each other, which
    may ask for a large `lam`. An assignment with `lam` in every score knows of all arrows.
    """
    size, tails, heads = problem.size, problem.tails, problem.heads
    members = np.flatnonzero(after >= 0)
    worth = (-problem.scores[problem.find(members, after[members])]).tolist()
    lam = power_of_two_from(float(problem.scores.max()))
    while lam < lifted[0] and not limits.are_over:
        may_stay_out = ~problem.must
        found = _Assigned.of(
            size, tails, heads, problem.scores + lam, may_stay_out, limits, progress
        )
        costs = [*found.prices[0].tolist(), *found.prices[1].tolist()]
        if found.solution.is_optimal and fsum([*costs, *worth, -lam * len(members)]) == 0.0:
            return lam, found.prices
        lam *= STEP
    return lifted


def _next(solution: Solution, size: int) -> Integers:
    """Return whom everybody teaches, -1 for nobody and whoever is in no ring."""
    after = np.full(size, -1, dtype=np.int64)
    arrows = solution.rows != solution.cols
    after[solution.rows[arrows]] = solution.cols[arrows]
    # When the time was up, some teach whom nobody teaches: what begins with them is no ring.
    for first in np.setdiff1d(solution.rows[arrows], solution.cols[arrows]).tolist():
        person = first
        while person >= 0:
            after[person], person = -1, int(after[person])
    return after


def listed(
    problem: RingProblem,
    objective: Objective,
    longest: int | None,
    after: Integers,
    prices: tuple[Floats, Floats],
    lam: float = 0.0,
    count: tuple[Floats, Floats] | None = None,
    is_searched: bool = False,
) -> RingSolution:
    """Return a solution with its rings in order.

    Parameters
    ----------
    problem, objective, longest, prices, lam, count, is_searched
        As in `RingSolution`.
    after : int64 array, shape (size,)
        Whom everybody teaches, -1 for whoever is in no ring.
    """
    starts, members = cycles(after)
    arrows = problem.find(members, after[members])
    return RingSolution(
        objective=objective,
        longest=longest,
        starts=starts,
        members=members,
        scores=problem.scores[arrows],
        tail_prices=prices[0],
        head_prices=prices[1],
        lam=lam,
        tail_count_prices=count[0] if count else None,
        head_count_prices=count[1] if count else None,
        is_searched=is_searched,
    )
