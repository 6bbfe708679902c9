"""Pairs between two sides where people may have several partners, or must have some."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.problem import Problem, Solution
from mentormatch.assign.promised import (
    shortage_without_stand_ins,
    solution_with_stand_ins,
    solution_without_stand_ins,
    with_stand_ins,
)
from mentormatch.assign.shortage import ShortageError
from mentormatch.assign.solve import carried
from mentormatch.assign.solve import solve as solve_problem
from mentormatch.errors import InfeasibleError, ProgramError, listed
from mentormatch.exchange.graph import ExchangeGraph
from mentormatch.exchange.rules import Require
from mentormatch.solving.graph import graph_of
from mentormatch.solving.rules import required_pairs, rule_tests
from mentormatch.solving.sides import Split
from mentormatch.solving.solved import Solved
from mentormatch.solving.start import begun
from mentormatch.solving.task import Task
from mentormatch.solving.two_sides import MOST_PAIRS, drawn, problem_of

__all__ = ["several_solved_before", "solve_held", "solve_several"]

Rows = NDArray[np.int64]


def solve_several(task: Task) -> Solved:
    """Find the best pairs between two sides whose people have capacities, with their prices.

    Raises
    ------
    ProgramError
        When more than `MOST_PAIRS` pairs are allowed.
    InfeasibleError
        When not everybody can have as many partners as they must; it names whom that concerns.
    """
    return solve_held(task, graph_of(task, MOST_PAIRS))


def solve_held(task: Task, graph: ExchangeGraph) -> Solved:
    """Find them among pairs that have been scored already.

    Parameters
    ----------
    task
        The program, with people divided into sides that have capacities.
    graph
        Its allowed pairs.

    Raises
    ------
    InfeasibleError
        As `solve_several`.
    """
    sides, progress = task.sides, task.progress
    problem, promised = _problem_of(task, graph)
    alone = [_shortage_in_words(graph, sides, error) for error in _too_few_pairs(problem)]
    if alone:
        raise InfeasibleError("\n".join(alone))
    stood_in, found, lam = with_stand_ins(problem, promised), None, 0.0
    if task.start is not None:
        before = begun(task.start, task.people, sides)
        lam = before.lam
        # Promised pairs that were not made then have no stand-ins to go on from.
        found = carried(stood_in, _padded(before, len(promised)))
    progress("solving", 0, 1)
    try:
        solution = solve_problem(stood_in, task.objective, found, lam, task.limits)
    except ShortageError as error:
        shortage = shortage_without_stand_ins(problem.shape, error)
        raise InfeasibleError(_shortage_in_words(graph, sides, shortage)) from None
    progress("solving", 1, 1)
    progress("drawing lots", 0, 1)
    lot = drawn(stood_in, solution, graph, task.seed)
    progress("drawing lots", 1, 1)
    whole = solution_without_stand_ins(problem, promised, lot)
    return Solved(task.program, task.sides, graph, whole, task.seed, "places")


def several_solved_before(task: Task, solution: Solution) -> Solved:
    """Return all there is to know about an optimal solution, without solving anything."""
    graph = graph_of(task, MOST_PAIRS)
    problem, promised = _problem_of(task, graph)
    stood_in = with_stand_ins(problem, promised)
    again = solution_with_stand_ins(problem, promised, solution)
    lot = drawn(stood_in, again, graph, task.seed)
    whole = solution_without_stand_ins(problem, promised, lot)
    return Solved(task.program, task.sides, graph, whole, task.seed, "places")


def _problem_of(task: Task, graph: ExchangeGraph) -> tuple[Problem, Rows]:
    """Return a graph as the numbers that a solver is given, and which of its pairs must be made."""
    people, program, sides = task.people, task.program, task.sides
    problem = replace(problem_of(graph), capacities=sides.capacities)
    if not any(isinstance(rule, Require) for rule in program.rules):
        return problem, np.empty(0, dtype=np.int64)
    tests = rule_tests(people, program.rules, sides)
    required = required_pairs(people, program.rules, tests, sides)
    if program.objective == "floor_then_score" and len(required):
        raise ProgramError(
            "'require' and 'floor_then_score' do not go together where people may have several "
            "partners; take out 'require', or the floor: 'people_then_score'"
        )
    return problem, np.sort(problem.find(required[:, 0], required[:, 1]))


def _padded(solution: Solution, count: int) -> Solution:
    """Return an earlier solution with so many more rows and columns, single and of price 0."""
    nothing = np.zeros(count)
    return replace(
        solution,
        row_prices=np.append(solution.row_prices, nothing),
        col_prices=np.append(solution.col_prices, nothing),
        row_count_prices=None,
        col_count_prices=None,
    )


def _too_few_pairs(problem: Problem) -> Iterator[ShortageError]:
    """Return shortages of all who must have more partners than there are pairs of theirs.

    The solver would stop at the first of them.
    """
    asked = problem.capacities
    assert asked is not None  # or else nobody would be here
    for side, ends, least in (
        ("row", problem.rows, asked.row_minimum),
        ("col", problem.cols, asked.col_minimum),
    ):
        pairs = np.bincount(ends, minlength=len(least))
        [lacking] = np.nonzero(pairs < least)
        if len(lacking):
            numbers = int(least[lacking].sum()), int(pairs[lacking].sum())
            yield ShortageError(side, lacking, lacking[:0], *numbers)


def _shortage_in_words(graph: ExchangeGraph, sides: Split, error: ShortageError) -> str:
    """Say whose minima cannot be met together, and by how much.

    Why somebody cannot be their partner is not told: it may be a decline.
    """
    ids, side = (graph.a_ids, graph.b_ids), int(error.side == "col")
    who = listed(ids[side][member] for member in error.members.tolist())
    remedies = "lower at_least for them, "
    several = [
        f"{ids[end][member]} with {sides.groups[end][group]}"
        for end, groups in enumerate((error.row_groups, error.col_groups))
        for member, group in groups.tolist()
    ]
    if several:
        remedies += f"raise at_most of 'spread' ({listed(several)} would need more), "
    if len(error.partners):
        full = listed(ids[1 - side][partner] for partner in error.partners.tolist())
        remedies += f"raise the capacity of {full}, "
    return (
        f"at_least asks for too much: as {graph.sides[side]!r}, {who} must have {error.needed:,} "
        f"partner{'s' * (error.needed != 1)} in all and can have {error.available:,} at most, "
        f"{error.shortage:,} too few; {remedies}or allow more pairs"
    )
