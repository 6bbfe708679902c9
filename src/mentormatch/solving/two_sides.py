"""Pairs between two sides: graph, assignment, ties."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.heaviest import is_dense
from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.pricing import priced, tight_pairs
from mentormatch.assign.problem import Objective, Problem, Solution
from mentormatch.assign.solve import carried
from mentormatch.assign.solve import solve as solve_problem
from mentormatch.assign.ties import settle, tie_keys, tie_weights
from mentormatch.exchange.candidates import ScoredPairs
from mentormatch.exchange.graph import ExchangeGraph
from mentormatch.exchange.shared import SharedWishes
from mentormatch.extras import extra
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.progress import Progress, quiet
from mentormatch.solving.graph import graph_of
from mentormatch.solving.rules import preferred_of, required_pairs, rule_tests
from mentormatch.solving.sides import Split
from mentormatch.solving.solved import Solved, Way
from mentormatch.solving.start import Earlier, begun

if TYPE_CHECKING:
    from mentormatch.exchange.source import AllowedPairs

__all__ = [
    "MOST_PAIRS",
    "all_allowed",
    "is_held",
    "sides_solved_before",
    "solve_sides",
    "source_of",
]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: So many allowed pairs can be held in memory: with what solving needs for each, some 10 GB.
MOST_PAIRS = 50_000_000
#: Up to so many pairs, two sides of 8,192, all of the exchange graph is held in memory; beyond,
#: pairs are looked through again and again, which needs the extra ``scale``.
MOST_HELD = 2**26


def solve_sides(
    people: Cohort,
    program: Program,
    sides: Split,
    seed: int,
    progress: Progress = quiet,
    limits: Limits = NO_LIMITS,
    start: Earlier | None = None,
    threads: int | None = None,
) -> Solved:
    """Find the best pairs between two sides, with their prices.

    Parameters
    ----------
    people, program, seed, progress, limits, start, threads
        As for `mentormatch.solving.solve.solve`.
    sides
        Who stands where.
    """
    objective = Objective(program.objective)
    before = None if start is None else begun(start, people, sides)
    if is_held(program, sides):
        graph = graph_of(people, program, sides, progress, threads, MOST_PAIRS)
        problem = problem_of(graph)
        progress("solving", 0, 1)
        found = None if before is None else carried(problem, before)
        lam = 0.0 if before is None else before.lam
        solution = solve_problem(problem, objective, found, lam, limits)
        progress("solving", 1, 1)
    else:
        source = source_of(people, program, sides, threads)
        problem, solution = priced(source, objective, progress, limits, before)
        graph = source.graph(sides.names, problem.rows, problem.cols, problem.scores)
    progress("drawing lots", 0, 1)
    lot = drawn(problem, solution, graph, seed)
    progress("drawing lots", 1, 1)
    return Solved(program, sides, graph, lot, seed, _way(program, problem, sides))


def sides_solved_before(
    people: Cohort, program: Program, sides: Split, seed: int, solution: Solution
) -> Solved:
    """Return all there is to know about an optimal solution, without solving anything.

    Parameters
    ----------
    people, program, seed, solution
        As for `mentormatch.solving.solve.solved_before`.
    sides
        Who stands where.
    """
    if is_held(program, sides):
        graph = graph_of(people, program, sides, most=MOST_PAIRS)
        problem = problem_of(graph)
    else:
        source = source_of(people, program, sides)
        problem = tight_pairs(source, solution)
        graph = source.graph(sides.names, problem.rows, problem.cols, problem.scores)
    lot = drawn(problem, solution, graph, seed)
    return Solved(program, sides, graph, lot, seed, _way(program, problem, sides))


def all_allowed(solved: Solved) -> Iterator[ScoredPairs]:
    """Yield all allowed pairs of a solved program with something to exchange, in blocks.

    Parameters
    ----------
    solved
        Where its pairs were priced, they are looked through once more.
    """
    graph = solved.graph
    if solved.way == "priced":
        for pairs in source_of(graph.people, solved.program, solved.sides).every():
            # In one pool each pair is met from either end.
            yield pairs.where(pairs.a < pairs.b) if graph.layout == "pool" else pairs
    else:
        yield ScoredPairs(graph.a, graph.b, graph.score, graph.a_benefit, graph.b_benefit)


def _way(program: Program, problem: Problem, sides: Split) -> Way:
    if not is_held(program, sides):
        return "priced"
    return "table" if is_dense(problem) else "sparse"


def source_of(
    people: Cohort, program: Program, sides: Split, threads: int | None = None
) -> "AllowedPairs":
    """Return all allowed pairs, to be looked through; in one pool both ways round.

    Parameters
    ----------
    people, program, sides, threads
        As for `mentormatch.solving.solve.solve`.

    Raises
    ------
    MissingExtraError
        When the extra ``scale`` is not installed.
    """
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
        people, sides.a, sides.b, program.score, only, required, threads, preferred
    )


def is_held(program: Program, sides: Split) -> bool:
    """Tell whether the whole exchange graph is held in memory.

    A floor takes all pairs at hand, and those of buddies cannot be looked through.

    Parameters
    ----------
    program, sides
        What is asked for, and who takes part.
    """
    if program.objective == "floor_then_score" or isinstance(program.score, SharedWishes):
        return True
    # In one pool two of four cells are the same pair, and to hold them is quicker for longer.
    most = 4 * MOST_HELD if sides.layout == "pool" else MOST_HELD
    return len(sides.a) * len(sides.b) <= most


def drawn(problem: Problem, solution: Solution, graph: ExchangeGraph, seed: int) -> Solution:
    """Return, of all the best matchings, the one that the seed's lottery over pairs favours.

    Two people who are both on both sides are two pairs, each of which draws its own lot.
    """
    role = "b" if graph.overlap else ""

    def keys(ids: Sequence[str], places: Rows, role: str) -> NDArray[np.uint64]:
        different, which = np.unique(places, return_inverse=True)
        return tie_keys(seed, (ids[place] for place in different.tolist()), role)[which]

    def lots(rows: Rows, cols: Rows) -> Floats:
        return tie_weights(keys(graph.a_ids, rows, ""), keys(graph.b_ids, cols, role))

    return settle(problem, solution, lots)


def problem_of(graph: ExchangeGraph) -> Problem:
    """Return a graph as the numbers that a solver is given."""
    return Problem((len(graph.side_a), len(graph.side_b)), graph.a, graph.b, graph.score)
