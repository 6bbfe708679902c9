"""Pairs out of one pool: graph, matching, ties."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_problem import PoolProblem, PoolSolution
from mentormatch.assign.problem import Objective
from mentormatch.assign.ties import tie_keys, tie_weights
from mentormatch.assign.trio import Trio, best_trio
from mentormatch.errors import ProgramError
from mentormatch.exchange.graph import ExchangeGraph
from mentormatch.people import Cohort
from mentormatch.program import Buddies, Program
from mentormatch.progress import Progress, quiet
from mentormatch.solving.graph import graph_of
from mentormatch.solving.rules import rule_tests
from mentormatch.solving.sides import Split
from mentormatch.solving.solved import Solved
from mentormatch.solving.start import Earlier, begun_pool

__all__ = ["pool_solved_before", "solve_pool"]

Rows = NDArray[np.int64]

#: So many people's exchange graph can be held in memory.
MOST_PEOPLE = 2**17


def solve_pool(
    people: Cohort,
    program: Program,
    sides: Split,
    seed: int,
    progress: Progress = quiet,
    limits: Limits = NO_LIMITS,
    start: Earlier | None = None,
    threads: int | None = None,
) -> Solved:
    """Find the best pairs out of one pool, with their prices.

    Parameters
    ----------
    people, program, seed, progress, limits, start, threads
        As for `mentormatch.solving.solve.solve`.
    sides
        Who takes part.

    Raises
    ------
    ProgramError
        When the people are too many for one pool.
    """
    if len(sides.a) > MOST_PEOPLE:
        raise ProgramError(
            f"one pool of {len(sides.a):,} people is more than the {MOST_PEOPLE:,} that this "
            "version can solve; name two sides, or match parts of the organisation apart"
        )
    graph = graph_of(people, program, sides, progress, threads)
    before = None if start is None else begun_pool(start, people, sides)
    # People are put in the order of a keyed hash, so that neither that of the rows nor that of
    # their names decides between equally good answers.
    drawn = np.argsort(tie_keys(seed, graph.a_ids), kind="stable")
    place = np.argsort(drawn)
    if before is not None:
        before = _moved(before, place, drawn)
    problem = _problem_of(graph, place)
    progress("solving", 0, 1)
    found = heaviest_pool(problem, Objective(program.objective), before, limits, progress)
    progress("solving", 1, 1)
    solution = _with_required(_moved(found, drawn, place), graph)
    trio = None
    if isinstance(program.format, Buddies) and program.format.allow_trio:
        trio = _trio(people, program, sides, graph, solution, seed)
    return Solved(program, sides, graph, solution, seed, "blossoms", trio)


def pool_solved_before(
    people: Cohort, program: Program, sides: Split, seed: int, solution: PoolSolution
) -> Solved:
    """Return all there is to know about an optimal solution.

    Parameters
    ----------
    people, program, seed, solution
        As for `mentormatch.solving.solve.solved_before`. The pairs that the seed favours are those
        which solving leads to, so everything is solved again; the prices are those given.
    sides
        Who takes part.
    """
    again = solve_pool(people, program, sides, seed)
    found = again.solution
    assert isinstance(found, PoolSolution)  # what a pool is solved by
    return replace(again, solution=replace(solution, a=found.a, b=found.b, scores=found.scores))


def _trio(
    people: Cohort,
    program: Program,
    sides: Split,
    graph: ExchangeGraph,
    solution: PoolSolution,
    seed: int,
) -> Trio | None:
    """Return who of those left over joins which pair."""
    keys = tie_keys(seed, graph.a_ids)
    tests = rule_tests(people, program.rules, sides)

    def may_meet(joiners: Rows, members: Rows) -> NDArray[np.bool_]:
        rows, others = graph.side_a[joiners], graph.side_a[members]
        allowed = ~people.are_declined(rows, others)
        for _, test in tests:
            allowed &= test(rows, others)
        return allowed

    def lots(joiners: Rows, a: Rows, b: Rows) -> NDArray[np.float64]:
        return tie_weights(keys[joiners], keys[a] + keys[b])  # the same either way round

    return best_trio(_problem_of(graph, np.arange(len(keys))), solution, may_meet, lots)


def _problem_of(graph: ExchangeGraph, place: Rows) -> PoolProblem:
    """Return a graph as the numbers that the solver is given, everybody in a place of their own."""
    a, b = place[graph.a], place[graph.b]
    a, b = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((b, a))
    return PoolProblem(len(graph.side_a), a[order], b[order], graph.score[order])


def _moved(solution: PoolSolution, to: Rows, origin: Rows) -> PoolSolution:
    """Return the same solution with member i at ``to[i]``, where ``origin`` undoes ``to``."""
    a, b = to[solution.a], to[solution.b]
    a, b = np.minimum(a, b), np.maximum(a, b)
    order = np.argsort(a)
    counts, count_sets, floor = solution.count_prices, solution.count_sets, solution.floor
    return replace(
        solution,
        a=a[order],
        b=b[order],
        scores=solution.scores[order],
        prices=solution.prices[origin],
        odd_sets=_sets_moved(solution.odd_sets, origin),
        count_prices=None if counts is None else counts[origin],
        count_sets=None if count_sets is None else _sets_moved(count_sets, origin),
        floor=floor
        and replace(
            floor,
            count_prices=floor.count_prices[origin],
            count_sets=_sets_moved(floor.count_sets, origin),
        ),
    )


def _sets_moved(sets: OddSets, origin: Rows) -> OddSets:
    return replace(sets, innermost=sets.innermost[origin])


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
