"""Laws: the worst pair is worth as much as it can be where as many people are served."""

import math
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mentormatch.assign import Floor, Objective, Problem, Solution, heaviest
from mentormatch.assign.capacities import Capacities
from mentormatch.assign.limits import Limits
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_problem import PoolProblem
from mentormatch.assign.shortage import ShortageError
from mentormatch.assign.solve import carried, solve
from mentormatch.assign.ties import settle, tie_keys, tie_weights
from tests.assign import oracles
from tests.assign.capacity_oracles import problems, turned
from tests.assign.floors import (
    best_worth,
    checked,
    choices,
    pool_checked,
    pool_reached,
    pool_worths,
    reached,
)
from tests.assign.pools import pool, pools, random_pool
from tests.assign.strategies import Table, coarse, foreign, random_table, tables

FAIR, FREE = Objective.FLOOR_THEN_SCORE, Objective.PEOPLE_THEN_SCORE

#: Two sides with and without capacities and minima.
two_sides = st.one_of(tables(most=3).map(lambda table: table.problem), problems(most=3))


def solved(problem: Problem) -> Solution:
    """Solve, where the minima can be met, and check the proof."""
    try:
        solution = solve(problem, FAIR)
    except ShortageError:
        assume(False)
        raise
    found = checked(problem, solution)
    assert found.ok, found
    assert (found.highest, found.gap, found.count_gap) == (True, 0.0, 0.0)
    assert found.violations.shape == (0, 2)
    assert solution.is_optimal
    return solution


def floor_of(solution: Solution) -> Floor:
    assert solution.floor is not None
    return solution.floor


@given(two_sides)
def test_equals_enumeration(problem: Problem) -> None:
    expected = best_worth(problem)
    if expected is None:
        with pytest.raises(ShortageError):
            solve(problem, FAIR)
        return
    solution = solved(problem)
    assert reached(solution) == expected
    assert floor_of(solution).score == floor_of(solution).at_most == expected[1]


@given(pools(most=7))
def test_equals_enumeration_in_one_pool(problem: PoolProblem) -> None:
    solution = heaviest_pool(problem, FAIR)
    assert pool_reached(solution) == max(found for _, found in pool_worths(problem))
    assert solution.is_optimal
    assert pool_checked(problem, solution).ok


@pytest.mark.parametrize("shape", [(40, 40), (25, 60), (60, 25)])
@pytest.mark.parametrize("density", [0.05, 0.2, 1.0])
def test_equals_highs_on_every_score_from_the_top(shape: tuple[int, int], density: float) -> None:
    table = random_table(shape[0], shape, density, levels=16)
    most, _ = oracles.highs_worth(table.scores, table.allowed, FREE)
    count, value, level = -1, 0.0, 17
    while count < most:
        level -= 1
        above = table.allowed & (table.scores >= level / 16)
        count, value = oracles.highs_worth(table.scores, above, FREE)
    solution = solved(table.problem)
    assert (len(solution.rows), floor_of(solution).score) == (most, level / 16)
    assert solution.value == pytest.approx(value, abs=1e-9)


@given(two_sides)
def test_the_worst_pair_is_never_worse_than_without_a_floor_and_as_many_are_served(
    problem: Problem,
) -> None:
    fair = solved(problem)
    free = solve(problem, FREE)
    assert fair.people == free.people
    assert floor_of(fair).score >= free.scores.min(initial=math.inf)
    difference = math.fsum([*free.scores.tolist(), *(-fair.scores).tolist()])
    assert floor_of(fair).score_given_up == difference >= 0.0


@given(st.integers(0, 2**32))
def test_the_worst_pair_of_a_pool_is_never_worse_than_without_a_floor(seed: int) -> None:
    problem = random_pool(seed, most=40)
    fair, free = heaviest_pool(problem, FAIR), heaviest_pool(problem, FREE)
    assert fair.floor is not None
    assert pool_checked(problem, fair).ok
    assert len(fair.a) == len(free.a)
    assert fair.floor.score >= free.scores.min(initial=math.inf)
    assert fair.floor.score_given_up == free.value - fair.value >= 0.0


@given(two_sides, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_changes_nothing(problem: Problem, random: Random) -> None:
    rows, cols = list(range(problem.shape[0])), list(range(problem.shape[1]))
    random.shuffle(rows)
    random.shuffle(cols)
    ends = (
        np.array(rows, dtype=np.int64)[problem.rows],
        np.array(cols, dtype=np.int64)[problem.cols],
    )
    order = np.lexsort(ends[::-1])
    asked = problem.capacities
    if asked is not None:
        asked = turned(problem, np.argsort(rows).tolist(), np.argsort(cols).tolist()).capacities
    arrays = ends[0][order], ends[1][order], problem.scores[order]
    mixed = Problem(problem.shape, *arrays, capacities=asked)
    one, other = solved(problem), solved(mixed)
    assert reached(one) == reached(other)
    assert floor_of(one).score_given_up == floor_of(other).score_given_up


@given(pools(), st.randoms(use_true_random=False))
def test_renaming_members_changes_nothing(problem: PoolProblem, random: Random) -> None:
    names = list(range(problem.size))
    random.shuffle(names)
    arrays = problem.a.tolist(), problem.b.tolist(), problem.scores.tolist()
    pairs = [(names[a], names[b], score) for a, b, score in zip(*arrays, strict=True)]
    renamed = pool(problem.size, pairs)
    one, other = heaviest_pool(problem, FAIR), heaviest_pool(renamed, FAIR)
    assert pool_reached(one) == pool_reached(other)


@given(two_sides)
def test_scores_that_rise_in_the_same_order_have_a_floor_of_the_same_rank(
    problem: Problem,
) -> None:
    levels, ranks = np.unique(problem.scores, return_inverse=True)
    squeezed = replace(problem, scores=(1.0 + ranks.astype(np.float64)) ** 2 / 2**20)
    one, other = floor_of(solved(problem)).score, floor_of(solved(squeezed)).score
    if math.isinf(one):
        assert math.isinf(other)
        return
    assert other == (1.0 + float(np.searchsorted(levels, one))) ** 2 / 2**20


@given(two_sides)
def test_the_proof_holds_for_the_best_and_for_no_other(problem: Problem) -> None:
    """Whatever floor is claimed: that of the best, or the worst pair of the one it is for."""
    solution = solved(problem)
    best = reached(solution)
    for chosen, found in choices(problem):
        other = replace(
            solution,
            rows=problem.rows[chosen],
            cols=problem.cols[chosen],
            scores=problem.scores[chosen],
        )
        own = replace(floor_of(solution), score=found[1], at_most=found[1])
        assert checked(problem, other).ok == (found == best)
        forged = replace(other, floor=own)
        assert checked(problem, forged).ok == (found == best)
        if found < best:
            assert not other.is_optimal


@given(pools(most=6))
def test_the_proof_of_a_pool_holds_for_the_best_and_for_no_other(problem: PoolProblem) -> None:
    solution = heaviest_pool(problem, FAIR)
    assert solution.floor is not None
    best = pool_reached(solution)
    for pairs, found in pool_worths(problem):
        ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        other = replace(solution, a=ends[:, 0], b=ends[:, 1])
        assert pool_checked(problem, other).ok == (found == best)
        own = replace(solution.floor, score=found[1], at_most=found[1])
        assert pool_checked(problem, replace(other, floor=own)).ok == (found == best)


def other_numbers(data: st.DataObject, number: float) -> float:
    near = [np.nextafter(number, towards) for towards in (-np.inf, np.inf)]
    far = [number + 0.25, number - 0.25, math.nan, math.inf, -math.inf, -1.0]
    return float(data.draw(st.sampled_from([other for other in near + far if other != number])))


@given(two_sides, st.data())
def test_a_proof_fails_for_any_other_floor(problem: Problem, data: st.DataObject) -> None:
    solution = solved(problem)
    floor = floor_of(solution)
    wrong = other_numbers(data, floor.score)
    for names in (["score"], ["at_most"], ["score", "at_most"]):
        changes: dict[str, Any] = dict.fromkeys(names, wrong)
        forged = replace(solution, floor=replace(floor, **changes))
        assert not checked(problem, forged).ok
        assert not forged.is_optimal


@given(pools(), st.data())
def test_a_proof_of_a_pool_fails_for_any_other_floor(
    problem: PoolProblem, data: st.DataObject
) -> None:
    solution = heaviest_pool(problem, FAIR)
    assert solution.floor is not None
    wrong = other_numbers(data, solution.floor.score)
    for names in (["score"], ["at_most"], ["score", "at_most"]):
        changes: dict[str, Any] = dict.fromkeys(names, wrong)
        forged = replace(solution, floor=replace(solution.floor, **changes))
        assert not pool_checked(problem, forged).ok
        assert not forged.is_optimal


@given(two_sides, st.data())
def test_a_proof_fails_when_what_is_above_could_serve_as_many(
    problem: Problem, data: st.DataObject
) -> None:
    solution = solved(problem)
    assume(solution.people > 0)
    asked = problem.capacities
    floor = floor_of(solution)
    sides = {"row_count_prices": 0, "col_count_prices": 1}
    name = data.draw(st.sampled_from(sorted(sides)))
    prices = getattr(floor, name).copy()
    takes_part = np.ones(len(prices), dtype=np.bool_)
    if asked is not None:
        takes_part = (asked.row_capacity, asked.col_capacity)[sides[name]] > 0
    assume(takes_part.any())
    one = data.draw(st.sampled_from(np.flatnonzero(takes_part).tolist()))
    missing = (solution.people - floor.people_above(asked)) / 2
    wrong = data.draw(st.sampled_from([prices[one] + missing, math.nan, math.inf, -1.0]))
    prices[one] = wrong
    changes: dict[str, Any] = {name: prices}
    forged = replace(solution, floor=replace(floor, **changes))
    assert not checked(problem, forged).ok


@given(st.integers(0, 50), st.sampled_from([4, 2**40]))
def test_kernels_find_the_same_as_tables(seed: int, levels: int) -> None:
    problem = random_table(seed, (40, 30), 0.2, levels).problem
    expected = solved(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heaviest, "FEW_CELLS", -1)
        found = solved(problem)
    assert reached(found) == reached(expected)
    ones = replace(problem, capacities=Capacities.of(problem.shape))
    assert reached(solved(ones)) == reached(expected)


@given(st.integers(0, 2**32))
def test_kernels_find_the_same_in_one_pool(seed: int) -> None:
    problem = random_pool(seed, most=40)
    expected = heaviest_pool(problem, FAIR)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heaviest, "FEW_CELLS", -1)
        found = heaviest_pool(problem, FAIR)
    assert pool_reached(found) == pool_reached(expected)
    assert pool_checked(problem, found).ok


@given(two_sides, st.sampled_from([FAIR, FREE]), st.randoms(use_true_random=False))
def test_it_goes_on_from_any_answer(problem: Problem, objective: Objective, random: Random) -> None:
    expected = solved(problem)
    scores = problem.scores.tolist()
    random.shuffle(scores)
    start = solve(replace(problem, scores=np.array(scores, dtype=np.float64)), objective)
    again = solve(problem, FAIR, carried(problem, start), start.lam)
    assert reached(again) == reached(expected)
    assert checked(problem, again).ok


@given(tables(values=foreign, most=4))
def test_foreign_floats_have_an_exact_floor(table: Table) -> None:
    problem = table.problem
    solution = solve(problem, FAIR)
    count, worst, value = max(found for _, found in choices(problem))
    floor = floor_of(solution)
    assert (solution.people, floor.score, floor.at_most) == (count, worst, worst)
    assert (
        solution.value
        <= value
        <= solution.value + solution.step * len(solution.rows) + math.ulp(value)
    )
    found = checked(problem, solution)
    assert (found.valid, found.feasible, found.covered, found.highest) == (True,) * 4
    assert found.ok == solution.is_optimal


def drawn(shape: tuple[int, int], seed: int) -> NDArray[np.float64]:
    row_keys = tie_keys(seed, [f"row {number}" for number in range(shape[0])])
    col_keys = tie_keys(seed, [f"col {number}" for number in range(shape[1])])
    return tie_weights(row_keys[:, np.newaxis], col_keys)


@given(
    st.one_of(
        tables(values=coarse, most=4).map(lambda table: table.problem),
        problems(most=3, values=coarse),
    ),
    st.integers(0, 2**32),
)
def test_lots_are_drawn_among_the_pairs_from_the_floor_upwards(problem: Problem, seed: int) -> None:
    solution = solved(problem)
    draws = drawn(problem.shape, seed)
    part = problem.at_least(floor_of(solution).score)
    settled = settle(part, solution, lambda rows, cols: draws[rows, cols])
    best = [chosen for chosen, found in choices(problem) if found == reached(solution)]
    totals = [math.fsum(draws[problem.rows[one], problem.cols[one]].tolist()) for one in best]
    assert math.fsum(draws[settled.rows, settled.cols].tolist()) == max(totals)
    assert checked(problem, settled).ok
    assert settled.is_optimal


def patiently(patch: pytest.MonkeyPatch, patience: int) -> Limits:
    """Return limits that are over when they have been asked so often."""
    asked = iter(range(patience))
    patch.setattr(Limits, "are_over", property(lambda _: next(asked, None) is None))
    return Limits(deadline=1.0)


@given(st.integers(0, 50), st.integers(0, 25), st.booleans())
def test_what_was_cut_short_says_how_high_the_floor_may_be(
    seed: int, patience: int, has_capacities: bool
) -> None:
    problem = random_table(seed, (40, 30), 0.3, 2**40).problem
    if has_capacities:
        places = Capacities.of(problem.shape, 2, col_minimum=1)
        problem = replace(problem, capacities=places)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heaviest, "FEW_CELLS", -1)
        found = solve(problem, FAIR, limits=patiently(patch, patience))
    best, floor = solve(problem, FAIR), floor_of(found)
    result = checked(problem, found)
    assert result.valid
    assert result.feasible
    assert result.covered
    assert result.ok == found.is_optimal
    assert floor.score == found.scores.min(initial=math.inf)
    assert found.people <= best.people <= found.most_people
    if found.people == best.people:
        assert floor.score <= floor_of(best).score <= floor.at_most
        assert floor.people_above(problem.capacities) < found.people
    if found.is_optimal:
        assert reached(found) == reached(best)


@given(st.integers(0, 2**32), st.integers(0, 25))
def test_a_pool_that_was_cut_short_says_how_high_the_floor_may_be(seed: int, patience: int) -> None:
    problem = random_pool(seed, most=40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heaviest, "FEW_CELLS", -1)
        limits = patiently(patch, patience)
        found = heaviest_pool(problem, FAIR, limits=limits)
    best = heaviest_pool(problem, FAIR)
    assert found.floor is not None
    assert best.floor is not None
    result = pool_checked(problem, found)
    assert result.valid
    assert result.feasible
    assert result.ok == found.is_optimal
    assert len(found.a) <= len(best.a) <= found.most_pairs
    if len(found.a) == len(best.a):
        assert found.floor.score <= best.floor.score <= found.floor.at_most
    if found.is_optimal:
        assert pool_reached(found) == pool_reached(best)
