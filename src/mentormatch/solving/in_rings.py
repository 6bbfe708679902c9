"""Rings of people who each teach the next: graph, rings, ties."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.long_rings import Draws
from mentormatch.assign.ring_problem import RingProblem, RingSolution, cycles
from mentormatch.assign.rings import solve_rings
from mentormatch.assign.ties import tie_keys, tie_weights
from mentormatch.errors import InfeasibleError, ProgramError, listed
from mentormatch.exchange.graph import ExchangeGraph
from mentormatch.solving.graph import graph_of
from mentormatch.solving.rules import required_pairs, rule_tests
from mentormatch.solving.solved import Solved
from mentormatch.solving.task import Task

__all__ = ["ring_problem_of", "rings_solved_before", "solve_in_rings"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: Of so many people all arrows can be held in memory: one way is far less rare than both.
MOST_PEOPLE = 2**13


def solve_in_rings(task: Task) -> Solved:
    """Find the best rings, with their prices.

    Raises
    ------
    ProgramError
        When the people are too many for rings, or there is a `start`.
    InfeasibleError
        When no rings hold all that is required, or none were found.
    """
    sides, seed, progress, limits = task.sides, task.seed, task.progress, task.limits
    if task.start is not None:
        raise ProgramError("rings go on from no earlier answer: leave out start")
    if len(sides.a) > MOST_PEOPLE:
        raise ProgramError(
            f"rings among {len(sides.a):,} people are more than the {MOST_PEOPLE:,} that this "
            "version can solve; match parts of the organisation apart"
        )
    graph = graph_of(task)
    # People are put in the order of a keyed hash, as in one pool: that of the rows decides nothing.
    drawn = np.argsort(tie_keys(seed, graph.a_ids), kind="stable")
    tests = rule_tests(task.people, task.program.rules, sides)
    required = required_pairs(task.people, task.program.rules, tests, sides)
    problem = ring_problem_of(graph, required, np.argsort(drawn))
    longest = sides.longest if sides.bounds_rings else None
    lots = _lots(graph, drawn, seed) if longest is None else None
    progress("solving", 0, 1)
    try:
        found = solve_rings(problem, task.objective, longest, limits, progress, lots)
    except InfeasibleError as error:
        ids = task.people.ids
        arrows = listed([f"{ids[a]} teaches {ids[b]}" for a, b in sides.a[required]])
        raise InfeasibleError(f"'require' asks that {arrows}: {error}") from None
    progress("solving", 1, 1)
    return Solved(task.program, sides, graph, _moved(found, drawn), seed, "rings")


def rings_solved_before(task: Task, solution: RingSolution) -> Solved:
    """Return all there is to know about a solution.

    The best rings of any length that the seed favours are those which solving leads to, so they are
    found again; the prices are those given. Where rings are bounded, or not proven best, there is
    no lottery: they are as given.
    """
    if task.sides.bounds_rings or not solution.is_optimal:
        graph = graph_of(task)
        return Solved(task.program, task.sides, graph, solution, task.seed, "rings")
    again = solve_in_rings(task)
    found = again.solution
    assert isinstance(found, RingSolution)  # what rings are solved by
    rings = replace(solution, starts=found.starts, members=found.members, scores=found.scores)
    return replace(again, solution=rings)


def ring_problem_of(graph: ExchangeGraph, required: Rows, place: Rows) -> RingProblem:
    """Return a graph as the numbers that the solver is given.

    Parameters
    ----------
    graph
        The allowed arrows.
    required
        Those that must be, as positions of teacher and learner.
    place
        The place of each position.
    """
    tails, heads = place[graph.a], place[graph.b]
    order = np.lexsort((heads, tails))
    is_required = np.isin(
        graph.a * len(place) + graph.b, required[:, 0] * len(place) + required[:, 1]
    )
    return RingProblem(
        len(place),
        tails[order],
        heads[order],
        graph.score[order],
        required=np.flatnonzero(is_required[order]),
    )


def _lots(graph: ExchangeGraph, drawn: Rows, seed: int) -> Draws:
    """Return the lottery over arrows, and over loops of whoever stays out, by place."""
    teachers, learners = (tie_keys(seed, graph.a_ids, role)[drawn] for role in ("", "b"))

    def lots(tails: Rows, heads: Rows) -> Floats:
        return tie_weights(teachers[tails], learners[heads])

    return lots


def _moved(solution: RingSolution, drawn: Rows) -> RingSolution:
    """Return the same solution with whoever is in place i in position ``drawn[i]``."""
    tails, after = drawn[solution.members], np.full(len(drawn), -1)
    worth = np.zeros(len(drawn))
    after[tails], worth[tails] = drawn[solution.next_members], solution.scores
    starts, members = cycles(after)
    place = np.argsort(drawn)
    counts = solution.tail_count_prices, solution.head_count_prices
    tail_counts, head_counts = (None if one is None else one[place] for one in counts)
    odd_sets, count_sets = (
        one and replace(one, innermost=one.innermost[place])
        for one in (solution.odd_sets, solution.count_sets)
    )
    return replace(
        solution,
        starts=starts,
        members=members,
        scores=worth[members],
        tail_prices=solution.tail_prices[place],
        head_prices=solution.head_prices[place],
        tail_count_prices=tail_counts,
        head_count_prices=head_counts,
        odd_sets=odd_sets,
        count_sets=count_sets,
    )
