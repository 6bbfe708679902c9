"""Pairs out of one pool: graph, matching, ties."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_pricing import priced_pool, tight_pool_pairs
from mentormatch.assign.pool_problem import PoolProblem, PoolSolution
from mentormatch.assign.pool_ties import settle_pool
from mentormatch.assign.ties import tie_keys, tie_weights
from mentormatch.assign.trio import Trio, best_trio
from mentormatch.exchange.graph import ExchangeGraph
from mentormatch.program import Buddies
from mentormatch.solving.graph import graph_of
from mentormatch.solving.rules import rule_tests
from mentormatch.solving.solved import Solved, Way
from mentormatch.solving.start import begun_pool
from mentormatch.solving.task import Task
from mentormatch.solving.two_sides import MOST_PAIRS, is_held, source_of

__all__ = ["pool_solved_before", "solve_pool", "solve_pool_graph"]

Rows = NDArray[np.int64]


def solve_pool(task: Task) -> Solved:
    """Find the best pairs out of one pool, with their prices.

    Raises
    ------
    ProgramError
        When more pairs are allowed than can be held, and they cannot be priced: those of buddies,
        and where a floor is asked for.
    """
    progress, limits = task.progress, task.limits
    before = None if task.start is None else begun_pool(task.start, task.people, task.sides)
    if is_held(task):
        return solve_pool_graph(task, graph_of(task, MOST_PAIRS), before)
    source = source_of(task)
    problem, solution = priced_pool(source, task.objective, progress, limits, before)
    graph = source.graph(task.sides.names, problem.a, problem.b, problem.scores, "pool")
    return _lots_drawn(task, graph, problem, solution, "priced")


def solve_pool_graph(
    task: Task, graph: ExchangeGraph, before: PoolSolution | None = None
) -> Solved:
    """Find the best pairs of a graph of one pool.

    Parameters
    ----------
    task
        What is to be solved.
    graph
        All its allowed pairs.
    before
        An earlier answer by position.
    """
    problem, progress = _problem_of(graph), task.progress
    progress("solving", 0, 1)
    solution = heaviest_pool(problem, task.objective, before, task.limits, progress)
    progress("solving", 1, 1)
    return _lots_drawn(task, graph, problem, solution, "blossoms")


def _lots_drawn(
    task: Task, graph: ExchangeGraph, problem: PoolProblem, solution: PoolSolution, way: Way
) -> Solved:
    task.progress("drawing lots", 0, 1)
    lot = _drawn(problem, _with_required(solution, graph), graph, task.seed)
    task.progress("drawing lots", 1, 1)
    return _solved(task, graph, lot, way)


def pool_solved_before(task: Task, solution: PoolSolution) -> Solved:
    """Return all there is to know about an optimal solution, without solving anything."""
    if is_held(task):
        graph = graph_of(task, MOST_PAIRS)
        problem = _problem_of(graph)
        way: Way = "blossoms"
    else:
        source = source_of(task)
        problem = tight_pool_pairs(source, solution)
        way = "priced"
        graph = source.graph(task.sides.names, problem.a, problem.b, problem.scores, "pool")
    return _solved(task, graph, _drawn(problem, solution, graph, task.seed), way)


def _solved(task: Task, graph: ExchangeGraph, solution: PoolSolution, way: Way) -> Solved:
    trio = _trio(task, graph, solution)
    return Solved(task.program, task.sides, graph, solution, task.seed, way, trio)


def _drawn(
    problem: PoolProblem, solution: PoolSolution, graph: ExchangeGraph, seed: int
) -> PoolSolution:
    """Return, of all the best matchings, the one that the seed's lottery over pairs favours."""

    def lots(a: Rows, b: Rows) -> NDArray[np.float64]:
        different, which = np.unique(np.concatenate((a, b)), return_inverse=True)
        keys = tie_keys(seed, (graph.a_ids[place] for place in different.tolist()))[which]
        return tie_weights(keys[: len(a)], keys[len(a) :])

    return settle_pool(problem, solution, lots)


def _trio(task: Task, graph: ExchangeGraph, solution: PoolSolution) -> Trio | None:
    """Return who of those left over joins which pair, if that is asked for."""
    people, program = task.people, task.program
    if not (isinstance(program.format, Buddies) and program.format.allow_trio):
        return None
    keys = tie_keys(task.seed, graph.a_ids)
    tests = rule_tests(people, program.rules, task.sides)

    def may_meet(joiners: Rows, members: Rows) -> NDArray[np.bool_]:
        rows, others = graph.side_a[joiners], graph.side_a[members]
        allowed = ~people.are_declined(rows, others)
        for _, test in tests:
            allowed &= test(rows, others)
        return allowed

    def lots(joiners: Rows, a: Rows, b: Rows) -> NDArray[np.float64]:
        return tie_weights(keys[joiners], keys[a] + keys[b])  # the same either way round

    return best_trio(_problem_of(graph), solution, may_meet, lots)


def _problem_of(graph: ExchangeGraph) -> PoolProblem:
    """Return a graph as the numbers that the solver is given."""
    return PoolProblem(len(graph.side_a), graph.a, graph.b, graph.score)


def _with_required(solution: PoolSolution, graph: ExchangeGraph) -> PoolSolution:
    """Add required pairs that are worth nothing: nothing would be lost without them."""
    left = (solution.mate[graph.a] < 0) & (solution.mate[graph.b] < 0) & (graph.score == 0.0)
    a, b = (
        np.concatenate((one, other))
        for one, other in ((solution.a, graph.a[left]), (solution.b, graph.b[left]))
    )
    order = np.argsort(a)
    scores = np.concatenate((solution.scores, graph.score[left]))
    return replace(solution, a=a[order], b=b[order], scores=scores[order])
