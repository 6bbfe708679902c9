"""Pairs between two sides: graph, assignment, ties."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.heaviest import is_dense
from mentormatch.assign.pricing import priced, tight_pairs
from mentormatch.assign.problem import Objective, Problem, Solution
from mentormatch.assign.solve import carried
from mentormatch.assign.solve import solve as solve_problem
from mentormatch.assign.ties import settle, tie_keys, tie_weights
from mentormatch.exchange.candidates import ScoredPairs
from mentormatch.exchange.graph import ExchangeGraph
from mentormatch.exchange.shared import SharedWishes
from mentormatch.extras import extra
from mentormatch.solving.graph import graph_of
from mentormatch.solving.rules import preferred_of, required_pairs, rule_tests
from mentormatch.solving.solved import Solved, Way
from mentormatch.solving.start import begun
from mentormatch.solving.task import Task

if TYPE_CHECKING:
    from mentormatch.exchange.source import AllowedPairs

__all__ = [
    "MOST_PAIRS",
    "all_allowed",
    "is_held",
    "sides_solved_before",
    "solve_sides",
    "solve_sides_graph",
    "source_of",
]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: So many allowed pairs can be held in memory: with what solving needs for each, some 10 GB.
MOST_PAIRS = 50_000_000
#: Up to so many pairs, two sides of 8,192, all of the exchange graph is held in memory; beyond,
#: pairs are looked through again and again, which needs the extra ``scale``.
MOST_HELD = 2**26


def solve_sides(task: Task) -> Solved:
    """Find the best pairs between two sides, with their prices."""
    progress = task.progress
    before = None if task.start is None else begun(task.start, task.people, task.sides)
    if is_held(task):
        return solve_sides_graph(task, graph_of(task, MOST_PAIRS), before=before)
    source = source_of(task)
    problem, solution = priced(source, task.objective, progress, task.limits, before)
    graph = source.graph(task.sides.names, problem.rows, problem.cols, problem.scores)
    progress("drawing lots", 0, 1)
    lot = drawn(problem, solution, graph, task.seed)
    progress("drawing lots", 1, 1)
    return _solved(task, graph, problem, lot)


def solve_sides_graph(
    task: Task,
    graph: ExchangeGraph,
    has_both_roles: bool | None = None,
    before: Solution | None = None,
) -> Solved:
    """Find the best pairs of a graph of two sides.

    Parameters
    ----------
    task
        What is to be solved.
    graph
        All its allowed pairs.
    has_both_roles
        Whether somebody is on both sides; by default whether somebody of the graph is.
    before
        An earlier answer by position.
    """
    progress, problem = task.progress, problem_of(graph)
    progress("solving", 0, 1)
    found = None if before is None else carried(problem, before)
    lam = 0.0 if before is None else before.lam
    solution = solve_problem(problem, task.objective, found, lam, task.limits)
    progress("solving", 1, 1)
    progress("drawing lots", 0, 1)
    lot = drawn(problem, solution, graph, task.seed, has_both_roles)
    progress("drawing lots", 1, 1)
    way: Way = "table" if is_dense(problem) else "sparse"
    return Solved(task.program, task.sides, graph, lot, task.seed, way)


def sides_solved_before(task: Task, solution: Solution) -> Solved:
    """Return all there is to know about an optimal solution, without solving anything."""
    if is_held(task):
        graph = graph_of(task, MOST_PAIRS)
        problem = problem_of(graph)
    else:
        source = source_of(task)
        problem = tight_pairs(source, solution)
        graph = source.graph(task.sides.names, problem.rows, problem.cols, problem.scores)
    return _solved(task, graph, problem, drawn(problem, solution, graph, task.seed))


def all_allowed(solved: Solved) -> Iterator[ScoredPairs]:
    """Yield all allowed pairs of a solved program with something to exchange, in blocks.

    Parameters
    ----------
    solved
        Where its pairs were priced, they are looked through once more.
    """
    graph = solved.graph
    if solved.way == "priced":
        for pairs in source_of(Task(graph.people, solved.program, solved.sides)).every():
            # In one pool each pair is met from either end.
            yield pairs.where(pairs.a < pairs.b) if graph.layout == "pool" else pairs
    else:
        yield ScoredPairs(graph.a, graph.b, graph.score, graph.a_benefit, graph.b_benefit)


def _solved(task: Task, graph: ExchangeGraph, problem: Problem, solution: Solution) -> Solved:
    way: Way = "priced"
    if is_held(task):
        way = "table" if is_dense(problem) else "sparse"
    return Solved(task.program, task.sides, graph, solution, task.seed, way)


def source_of(task: Task) -> "AllowedPairs":
    """Return all allowed pairs, to be looked through; in one pool both ways round.

    Raises
    ------
    MissingExtraError
        When the extra ``scale`` is not installed.
    """
    people, program, sides = task.people, task.program, task.sides
    # Imported here, and nowhere else: numba takes half a second to load.
    extra("numba", "scale", f"{len(sides.a):,} x {len(sides.b):,} people")
    from mentormatch.exchange.source import AllowedPairs

    tests = rule_tests(people, program.rules, sides)
    required = required_pairs(people, program.rules, tests, sides)
    if sides.layout == "pool":
        required = np.concatenate((required, required[:, ::-1]))
    preferred = preferred_of(people, program.preferences, sides.taking_part)
    only = [test for _, test in tests]
    assert not isinstance(program.score, SharedWishes)  # which is what buddies of a pool have
    return AllowedPairs.of(
        people, sides.a, sides.b, program.score, only, required, task.threads, preferred
    )


def is_held(task: Task) -> bool:
    """Tell whether the whole exchange graph is held in memory.

    A floor takes all pairs at hand, and those of buddies cannot be looked through.
    """
    is_shared = isinstance(task.program.score, SharedWishes)
    if is_shared or task.objective is Objective.FLOOR_THEN_SCORE:
        return True
    sides = task.sides
    # In one pool two of four cells are the same pair, and to hold them is quicker for longer.
    most = 4 * MOST_HELD if sides.layout == "pool" else MOST_HELD
    return len(sides.a) * len(sides.b) <= most


def drawn(
    problem: Problem,
    solution: Solution,
    graph: ExchangeGraph,
    seed: int,
    has_both_roles: bool | None = None,
) -> Solution:
    """Return, of all the best matchings, the one that the seed's lottery over pairs favours.

    Two people who are both on both sides are two pairs, each of which draws its own lot.
    """
    role = "b" if (graph.overlap if has_both_roles is None else has_both_roles) else ""

    def keys(ids: Sequence[str], places: Rows, role: str) -> NDArray[np.uint64]:
        different, which = np.unique(places, return_inverse=True)
        return tie_keys(seed, (ids[place] for place in different.tolist()), role)[which]

    def lots(rows: Rows, cols: Rows) -> Floats:
        return tie_weights(keys(graph.a_ids, rows, ""), keys(graph.b_ids, cols, role))

    return settle(problem, solution, lots)


def problem_of(graph: ExchangeGraph) -> Problem:
    """Return a graph as the numbers that a solver is given."""
    return Problem((len(graph.side_a), len(graph.side_b)), graph.a, graph.b, graph.score)
