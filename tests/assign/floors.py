"""The best answer with the highest floor by enumeration, and whole proofs of floors."""

import itertools
import math
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign import Problem, Solution
from mentormatch.assign.capacities import Capacities
from mentormatch.assign.certificate import Checked, check
from mentormatch.assign.pool_certificate import check_pool
from mentormatch.assign.pool_problem import PoolProblem, PoolSolution
from tests.assign.pools import all_matchings

#: People, or pairs of a pool; what the worst pair is worth; the total.
Worth = tuple[int, float, float]


def worth(people: int, scores: Iterable[float]) -> Worth:
    listed = list(scores)
    return people, min(listed, default=math.inf), math.fsum(listed)


def reached(solution: Solution) -> Worth:
    """What the objective compares."""
    people = len(np.unique(solution.rows)) + len(np.unique(solution.cols))
    return worth(people, solution.scores.tolist())


def choices(problem: Problem) -> Iterator[tuple[NDArray[np.int64], Worth]]:
    """Yield the positions of every choice that respects the capacities, and its worth."""
    asked = problem.capacities or Capacities.of(problem.shape)
    for choice in itertools.product((False, True), repeat=len(problem.rows)):
        chosen = np.flatnonzero(np.array(choice, dtype=np.bool_))
        row_load = np.bincount(problem.rows[chosen], minlength=problem.shape[0])
        col_load = np.bincount(problem.cols[chosen], minlength=problem.shape[1])
        if (
            (row_load <= asked.row_capacity).all()
            and (row_load >= asked.row_minimum).all()
            and (col_load <= asked.col_capacity).all()
            and (col_load >= asked.col_minimum).all()
        ):
            people = int((row_load > 0).sum() + (col_load > 0).sum())
            yield chosen, worth(people, problem.scores[chosen].tolist())


def best_worth(problem: Problem) -> Worth | None:
    return max((found for _, found in choices(problem)), default=None)


def pool_reached(solution: PoolSolution) -> Worth:
    return worth(len(solution.a), solution.scores.tolist())


def pool_worths(problem: PoolProblem) -> Iterator[tuple[tuple[tuple[int, int], ...], Worth]]:
    """Yield every matching of a pool, and its worth."""
    ends = zip(problem.a.tolist(), problem.b.tolist(), strict=True)
    score = dict(zip(ends, problem.scores.tolist(), strict=True))
    for pairs in all_matchings(problem):
        yield pairs, worth(len(pairs), [score[pair] for pair in pairs])


def checked(problem: Problem, solution: Solution) -> Checked:
    return check(
        problem,
        solution.rows,
        solution.cols,
        solution.row_prices,
        solution.col_prices,
        objective=solution.objective,
        lam=solution.lam,
        row_count_prices=solution.row_count_prices,
        col_count_prices=solution.col_count_prices,
        load_prices=solution.load_prices,
        count_load_prices=solution.count_load_prices,
        floor=solution.floor,
    )


def pool_checked(problem: PoolProblem, solution: PoolSolution) -> Checked:
    return check_pool(
        problem,
        solution.a,
        solution.b,
        solution.prices,
        solution.odd_sets,
        objective=solution.objective,
        lam=solution.lam,
        count_prices=solution.count_prices,
        count_sets=solution.count_sets,
        floor=solution.floor,
    )
