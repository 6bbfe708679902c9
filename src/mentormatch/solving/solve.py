"""A program on a cohort: sides, graph, assignment, ties."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.dense import MOST_CELLS
from mentormatch.assign.problem import Objective, Problem, Solution
from mentormatch.assign.solve import solve as solve_problem
from mentormatch.assign.ties import settle, tie_keys, tie_weights
from mentormatch.errors import ProgramError
from mentormatch.exchange.graph import ExchangeGraph, exchange_graph
from mentormatch.extras import extra
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.progress import Progress, quiet
from mentormatch.solving.rules import required_pairs, rule_tests
from mentormatch.solving.sides import Split, split

__all__ = ["Solved", "build_graph", "solve"]

Rows = NDArray[np.int64]

#: With all of the exchange graph in memory, and the extra ``scale``: 100,000 x 86,000 people.
MOST_PAIRS = 2**33


@dataclass(frozen=True, eq=False, slots=True)
class Solved:
    """Everything that solving came to know, by row; what an answer is made of.

    Attributes
    ----------
    program : Program
        What was asked for.
    sides : Split
        Who stood where.
    graph : ExchangeGraph
        The allowed pairs and their scores.
    solution : Solution
        The chosen pairs and the prices, by position on the sides.
    seed : int
        What decided between equally good answers.
    """

    program: Program
    sides: Split
    graph: ExchangeGraph
    solution: Solution
    seed: int


def build_graph(people: Cohort, program: Program) -> ExchangeGraph:
    """Build the exchange graph: every pair the program allows, with its score.

    Parameters
    ----------
    people
        The cohort.
    program
        Sides, score and rules; the objective plays no part.

    Returns
    -------
    ExchangeGraph
        Frozen arrays of edges, and for each rule how many pairs it removed.

    Raises
    ------
    ProgramError, InfeasibleError, ProfileErrors
        When the program does not fit these people; every complaint of a kind at once.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...     ]
    ... )
    >>> graph = mm.build_graph(
    ...     people, mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    ... )
    >>> list(graph.to_networkx().edges(data="score"))
    [('ana', 'bo', 1.0)]
    """
    return graph_of(people, program, split(people, program.format))


def graph_of(
    people: Cohort, program: Program, sides: Split, progress: Progress = quiet
) -> ExchangeGraph:
    """Build the exchange graph of people already divided into sides."""
    tests = rule_tests(people, program.rules, sides.taking_part)
    required = required_pairs(people, program.rules, tests, sides)
    named = sides.a, sides.b, sides.names
    return exchange_graph(people, *named, program.score, tests, required, progress)


def solve(people: Cohort, program: Program, seed: int, progress: Progress = quiet) -> Solved:
    """Find the best matching that the program allows, with its prices.

    Parameters
    ----------
    people, program
        Who, and what they want.
    seed
        Decides between equally good answers, together with the people's ids.
    progress
        Told how far each stage has come: scoring, solving, drawing lots.
    """
    sides = split(people, program.format)
    _not_too_many(sides)
    graph = graph_of(people, program, sides, progress)
    progress("solving", 0, 1)
    problem = problem_of(graph)
    solution = solve_problem(problem, Objective(program.objective))
    progress("solving", 1, 1)
    progress("drawing lots", 0, 1)
    settled = drawn(problem, solution, graph, seed)
    progress("drawing lots", 1, 1)
    return Solved(program, sides, graph, settled, seed)


def _not_too_many(sides: Split) -> None:
    """Refuse at once what could not be held, rather than after minutes of scoring."""
    cells = len(sides.a) * len(sides.b)
    if cells > MOST_CELLS:
        extra("numba", "scale", f"{len(sides.a):,} x {len(sides.b):,} people")
    if cells > MOST_PAIRS:
        raise ProgramError(
            f"{len(sides.a):,} x {len(sides.b):,} people are {cells:,} pairs; this version solves "
            f"up to {MOST_PAIRS:,}. Split the program, by location for example"
        )


def drawn(problem: Problem, solution: Solution, graph: ExchangeGraph, seed: int) -> Solution:
    """Return, of all the best matchings, the one that the seed's lottery over pairs favours.

    Two people who are both on both sides are two pairs, each of which draws its own lot.
    """
    role = "b" if graph.overlap else ""
    a_keys, b_keys = tie_keys(seed, graph.a_ids), tie_keys(seed, graph.b_ids, role)
    return settle(problem, solution, lambda rows, cols: tie_weights(a_keys[rows], b_keys[cols]))


def problem_of(graph: ExchangeGraph) -> Problem:
    """Return a graph as the numbers that a solver is given."""
    return Problem((len(graph.side_a), len(graph.side_b)), graph.a, graph.b, graph.score)
