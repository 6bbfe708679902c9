"""Rings of two: one pool, in which each pair is worth what both teach each other."""

from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.limits import Limits
from mentormatch.assign.long_rings import listed
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_problem import PoolProblem
from mentormatch.assign.problem import Objective
from mentormatch.assign.ring_problem import RingProblem, RingSolution
from mentormatch.progress import Progress

__all__ = ["rings_of_two"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


def rings_of_two(
    problem: RingProblem, objective: Objective, limits: Limits, progress: Progress
) -> RingSolution:
    """Find the best rings of two, and prove them by prices of people and of odd sets.

    Parameters
    ----------
    problem
        The arrows; only those that are there both ways round make a ring.
    objective
        What the rings are to be best at.
    limits, progress
        As for `mentormatch.assign.pool.heaviest_pool`.

    Returns
    -------
    RingSolution
        With `odd_sets`. What counts one more pair there counts half as much for each of its people
        here, and the count prices of pairs count double.

    Examples
    --------
    >>> from mentormatch.assign.limits import NO_LIMITS
    >>> from mentormatch.progress import quiet
    >>> problem = RingProblem.from_scores(np.ones((3, 3)), np.ones((3, 3), dtype=bool))
    >>> found = rings_of_two(problem, Objective.SCORE, NO_LIMITS, quiet)
    >>> found, found.odd_sets
    (RingSolution(score: 1 ring of 2 people worth 2, optimal), OddSets(1 set of 3 members))
    """
    back = problem.find(problem.heads, problem.tails)
    there = np.flatnonzero((back >= 0) & (problem.tails < problem.heads))
    worth = problem.scores[there] + problem.scores[back[there]]
    a, b = problem.tails[there], problem.heads[there]
    # Whoever must be in a ring is open to one person only: it is made whatever it is worth, if it
    # is made to be worth something, and one of the two may pay for it.
    must = np.flatnonzero(problem.must[a])
    raised = worth.copy()
    raised[must] += 1.0
    pool = PoolProblem(problem.size, a, b, raised)
    found = heaviest_pool(pool, objective, None, limits, progress)
    prices = _fixed(found.prices, a[must], b[must], worth[must] + found.lam)
    counts, count_sets = found.count_prices, found.count_sets
    if counts is not None and count_sets is not None:
        counts = _fixed(2 * counts, a[must], b[must], np.full(len(must), 2.0))
        count_sets = replace(count_sets, prices=2 * count_sets.prices)
    rings = listed(
        problem,
        objective,
        2,
        found.mate,
        _as_tails(prices),
        found.lam / 2,
        None if counts is None else _as_tails(counts),
    )
    return replace(rings, odd_sets=found.odd_sets, count_sets=count_sets)


def _fixed(prices: Floats, payers: Integers, others: Integers, costs: Floats) -> Floats:
    """Return prices by which one of two pays for a pair, and the other nothing."""
    fixed = prices.copy()
    fixed[payers], fixed[others] = costs, 0.0
    return fixed


def _as_tails(prices: Floats) -> tuple[Floats, Floats]:
    return prices, np.zeros_like(prices)
