"""Pairs that stay, and the best pairs among everybody else: solved apart, and put together.

With established pairs kept, only those whom they leave free can be paired. In a proven answer two
people without a partner are never an allowed pair with anything to exchange, or it would be better
with it. So as long as nothing but a few people has changed, only pairs with one of these few are
looked at.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.pool_problem import PoolSolution
from mentormatch.assign.problem import Objective, Solution
from mentormatch.exchange.candidates import ScoredPairs, scored_pairs
from mentormatch.exchange.graph import ExchangeGraph, named_pairs
from mentormatch.exchange.preferred import Preferred
from mentormatch.exchange.rules import PairTest, Require
from mentormatch.exchange.shared import SharedWishes
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.program.program import with_rules
from mentormatch.solving.divided import divided
from mentormatch.solving.one_pool import solve_pool, solve_pool_graph
from mentormatch.solving.rules import preferred_of
from mentormatch.solving.sides import Split
from mentormatch.solving.solve import solved_before
from mentormatch.solving.solved import AnySolution, Solved
from mentormatch.solving.task import Task
from mentormatch.solving.two_sides import is_held, solve_sides, solve_sides_graph, source_of

__all__ = ["Ready", "can_be_solved_apart", "free_of", "solve_free", "solve_met", "with_kept"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Rows of the people of some pairs, one array for each end.
Ends = tuple[Rows, Rows]


@dataclass(frozen=True, eq=False, slots=True)
class Ready:
    """A program's rules and preferences, made ready for its people.

    Attributes
    ----------
    tests : tuple of functions
        The rules.
    preferred : Preferred
        What preferences add.
    """

    tests: tuple[PairTest, ...]
    preferred: Preferred


def can_be_solved_apart(program: Program, sides: Split) -> bool:
    """Tell whether those whom established pairs leave free can be solved for without the others.

    That is between two sides with one partner each, and in one pool: elsewhere a kept pair leaves
    its people places, or its score decides with the others what the worst pair is.
    """
    if sides.layout == "arrows" or sides.capacities is not None:
        return False
    return program.objective != "floor_then_score" and not isinstance(program.score, SharedWishes)


def free_of(sides: Split, kept: Ends, gone: Rows, size: int) -> Split:
    """Return the sides, or the pool, without those who have a partner and those who have left.

    Parameters
    ----------
    sides
        Everybody.
    kept
        Rows of the pairs that stay, side a first.
    gone
        Rows of those who take no part any more.
    size
        How many people the cohort has.
    """
    left = []
    ends = (np.concatenate(kept),) * 2 if sides.layout == "pool" else kept
    for rows, taken in zip((sides.a, sides.b), ends, strict=True):
        is_free = np.ones(size, dtype=np.bool_)
        is_free[taken] = is_free[gone] = False
        left.append(rows[is_free[rows]])
    a, b = left
    return replace(sides, a=a, b=a if sides.layout == "pool" else b, aside=())


def solve_free(people: Cohort, program: Program, free: Split, seed: int) -> Solved:
    """Find the best pairs among those who are free, looking at all of them.

    Parameters
    ----------
    people, program
        Who, and what they want; pairs that the program requires are among those that stay.
    free
        Those who are free.
    seed
        Decides between equally good answers.
    """
    rules = [rule for rule in program.rules if not isinstance(rule, Require)]
    task = Task(people, with_rules(program, rules), free, seed)
    return solve_pool(task) if free.layout == "pool" else solve_sides(task)


def solve_met(
    people: Cohort,
    program: Program,
    ready: Ready,
    sides: Split,
    free: Split,
    changed: Rows,
    seed: int,
) -> Solved:
    """Find the best pairs among those who are free, of whom only some could be a pair with others.

    Parameters
    ----------
    people, program
        Who, and what they want.
    ready
        The program's rules and preferences.
    sides
        Everybody, whether free or not.
    free
        Those who are free. Two of them can only be a pair if one is among those who changed.
    changed
        Rows of these, ascending.
    seed
        Decides between equally good answers.
    """
    found = _allowed(people, program, ready, free, changed)
    a, b = np.unique(found.a), np.unique(found.b)
    if free.layout == "pool":
        a = b = np.union1d(a, b)
    places = np.searchsorted(a, found.a), np.searchsorted(b, found.b)
    order = np.lexsort(places[::-1])
    met = found.where(order)
    exchanged = met.score
    preference = ready.preferred.points(exchanged, met.a, met.b)
    nobody = np.empty(0, dtype=np.int64)
    graph = ExchangeGraph(
        people=people,
        score_model=program.score,
        sides=free.names,
        side_a=a,
        side_b=b,
        a=places[0][order],
        b=places[1][order],
        score=exchanged + preference,
        preference=preference,
        a_benefit=met.a_benefit,
        b_benefit=met.b_benefit,
        removed=None,
        without_exchange=(nobody, nobody),
        without_permission=(nobody, nobody),
        layout=free.layout,
    )
    task = Task(people, program, replace(free, a=a, b=b), seed)
    if free.layout == "pool":
        return solve_pool_graph(task, graph)
    has_both_roles = bool(np.isin(sides.a, sides.b).any())
    return solve_sides_graph(task, graph, has_both_roles)


def _allowed(
    people: Cohort, program: Program, ready: Ready, free: Split, changed: Rows
) -> ScoredPairs:
    """Return the allowed pairs between those who changed and all who are free, by row."""
    assert not isinstance(program.score, SharedWishes)  # which cannot be solved apart
    in_pool = free.layout == "pool"
    new_a, new_b = (rows[np.isin(rows, changed)] for rows in (free.a, free.b))
    old_a = np.setdiff1d(free.a, new_a)
    blocks = []
    for rows_a, rows_b in ((new_a, free.b), (old_a[:0] if in_pool else old_a, new_b)):
        blocks += [
            replace(met, a=rows_a[met.a], b=rows_b[met.b])
            for met in scored_pairs(people, rows_a, rows_b, program.score)
        ]
    if not blocks:
        nobody, nothing = np.empty(0, dtype=np.int64), np.empty(0)
        return ScoredPairs(nobody, nobody, nothing, nothing, nothing)
    names = ("a", "b", "score", "a_benefit", "b_benefit")
    found = ScoredPairs(*(np.concatenate([getattr(one, name) for one in blocks]) for name in names))
    if in_pool:
        found = _once_each(found, len(people))
    allowed = ~people.are_declined(found.a, found.b)
    for test in ready.tests:
        allowed &= test(found.a, found.b)
    return found.where(allowed)


def _once_each(found: ScoredPairs, size: int) -> ScoredPairs:
    """Return pairs of one pool with the smaller row first; who is met from either end, once."""
    turned = found.a > found.b
    ordered = ScoredPairs(
        np.where(turned, found.b, found.a),
        np.where(turned, found.a, found.b),
        found.score,
        np.where(turned, found.b_benefit, found.a_benefit),
        np.where(turned, found.a_benefit, found.b_benefit),
    )
    _, first = np.unique(ordered.a * size + ordered.b, return_index=True)
    return ordered.where(first)


def with_kept(people: Cohort, program: Program, kept: Ends, found: Solved) -> Solved:
    """Put pairs that stay and the best pairs among everybody else together, with their proof.

    A kept pair has no alternative, so any prices of its two people that add up to its score prove
    it; whoever is in no pair that is allowed costs nothing.

    Parameters
    ----------
    people
        Who takes part.
    program
        The program, which requires the pairs that stay.
    kept
        Rows of these, side a first.
    found
        The pairs of the others.
    """
    sides = divided(people, program)
    places = np.full((2, len(people)), -1, dtype=np.int64)
    places[0, sides.a], places[1, sides.b] = np.arange(len(sides.a)), np.arange(len(sides.b))
    ends = np.column_stack((places[0, kept[0]], places[1, kept[1]]))
    scores = named_pairs(people, *kept, ends, program.score).score
    preferred = preferred_of(people, program.preferences, sides.taking_part)
    scores = scores + preferred.points(scores, *kept)
    solution: AnySolution
    if isinstance(found.solution, PoolSolution):
        solution = _pool_with(sides, found, found.solution, ends, scores)
    else:
        assert isinstance(found.solution, Solution)  # of two sides
        solution = _sides_with(sides, found, found.solution, ends, scores)
    task = Task(people, program, sides, found.seed)
    if is_held(task):
        return solved_before(people, program, found.seed, solution)
    # All pairs that could be in a best answer are known, and lots are drawn between them.
    others = found.graph
    place_a, place_b = places[0, others.side_a], places[1, others.side_b]
    a = np.concatenate((ends[:, 0], place_a[others.a]))
    b = np.concatenate((ends[:, 1], place_b[others.b]))
    if sides.layout == "pool":
        a, b = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((b, a))
    whole = np.concatenate((scores, others.score))[order]
    graph = source_of(task).graph(sides.names, a[order], b[order], whole, sides.layout)
    return Solved(program, sides, graph, solution, found.seed, "priced")


def _sides_with(
    sides: Split, found: Solved, solution: Solution, ends: Rows, scores: Floats
) -> Solution:
    place_a, place_b = (
        np.searchsorted(all_of, rows)
        for all_of, rows in ((sides.a, found.graph.side_a), (sides.b, found.graph.side_b))
    )
    size, sizes = len(scores), (len(sides.a), len(sides.b))
    rows = np.concatenate((ends[:, 0], place_a[solution.rows]))
    order = np.argsort(rows)

    def everybodys(of_a: Floats, of_b: Floats, kept: Floats) -> tuple[Floats, Floats]:
        prices = np.zeros(sizes[0]), np.zeros(sizes[1])
        prices[0][place_a], prices[1][place_b] = of_a, of_b
        prices[0][ends[:, 0]] = kept
        return prices

    counts: tuple[Floats | None, Floats | None] = None, None
    if solution.row_count_prices is not None and solution.col_count_prices is not None:
        counted = solution.row_count_prices, solution.col_count_prices
        counts = everybodys(*counted, np.ones(size))
    row_prices, col_prices = everybodys(
        solution.row_prices, solution.col_prices, scores + solution.lam
    )
    return Solution(
        objective=solution.objective,
        rows=rows[order],
        cols=np.concatenate((ends[:, 1], place_b[solution.cols]))[order],
        scores=np.concatenate((scores, solution.scores))[order],
        row_prices=row_prices,
        col_prices=col_prices,
        lam=solution.lam,
        row_count_prices=counts[0],
        col_count_prices=counts[1],
    )


def _pool_with(
    sides: Split, found: Solved, solution: PoolSolution, ends: Rows, scores: Floats
) -> PoolSolution:
    place = np.searchsorted(sides.a, found.graph.side_a)
    ends = np.sort(ends, axis=1)
    a = np.concatenate((ends[:, 0], place[solution.a]))
    order = np.argsort(a)

    def everybodys(prices: Floats, kept: Floats) -> Floats:
        whole = np.zeros(len(sides.a))
        whole[place] = prices
        whole[ends[:, 0]] = kept
        return whole

    def sets_of_all(sets: OddSets) -> OddSets:
        innermost = np.full(len(sides.a), -1)
        innermost[place] = sets.innermost
        return replace(sets, innermost=innermost)

    counts, count_sets = solution.count_prices, solution.count_sets
    return PoolSolution(
        objective=Objective(solution.objective),
        a=a[order],
        b=np.concatenate((ends[:, 1], place[solution.b]))[order],
        scores=np.concatenate((scores, solution.scores))[order],
        prices=everybodys(solution.prices, scores + solution.lam),
        odd_sets=sets_of_all(solution.odd_sets),
        lam=solution.lam,
        count_prices=None if counts is None else everybodys(counts, np.ones(len(scores))),
        count_sets=None if count_sets is None else sets_of_all(count_sets),
    )
