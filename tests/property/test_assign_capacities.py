"""Laws: how the best matching depends on how many partners each may have, and must have."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign import Objective, Problem, capacitated, solve_assignment
from mentormatch.assign.capacities import Capacities, LoadPrices, Spread, SpreadPrices
from mentormatch.assign.solve import solve
from tests.assign.capacity_oracles import (
    checked,
    enumerated_worth,
    highs_worth,
    problems,
    random_problem,
    reached,
    solved,
    turned,
)
from tests.assign.strategies import WITHOUT_FLOOR, Table, foreign, objectives, tables


@given(problems(most=3), objectives)
def test_equals_enumeration(problem: Problem, objective: Objective) -> None:
    solution = solved(problem, objective)
    assert enumerated_worth(problem, objective) == (solution and reached(solution))


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("groups", [False, True], ids=["", "groups"])
@pytest.mark.parametrize("seed", range(6))
def test_equals_highs_on_a_thousand_problems(seed: int, groups: bool, objective: Objective) -> None:
    impossible = paid = 0
    for each in range(100):
        problem = random_problem(1000 * seed + each, groups=groups)
        solution, expected = solved(problem, objective), highs_worth(problem, objective)
        if solution is None or expected is None:
            assert (solution, expected) == (None, None)
            impossible += 1
            continue
        count, total = expected
        assert reached(solution)[0] == count
        assert solution.value == pytest.approx(total, abs=1e-6)
        loads = solution.load_prices
        assert loads is not None
        paid += any(side and len(side.prices) for side in (loads.row_spread, loads.col_spread))
    assert 5 < impossible < 60
    assert (paid > 15) == groups


@given(problems(), objectives)
def test_compiled_kernels_find_the_same(problem: Problem, objective: Objective) -> None:
    plain = solved(problem, objective)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(capacitated, "FEW_PAIRS", -1)
        compiled = solved(problem, objective)
    if plain is None or compiled is None:
        assert plain is compiled
        return
    for name in ("rows", "cols", "row_prices", "col_prices"):
        np.testing.assert_array_equal(getattr(plain, name), getattr(compiled, name))


@given(tables(), objectives)
def test_capacities_of_one_change_nothing(table: Table, objective: Objective) -> None:
    ones = Capacities.of(table.scores.shape)
    assert ones.are_ones
    plain = solve(table.problem, objective)
    solution = solved(replace(table.problem, capacities=ones), objective)
    assert solution is not None
    assert solution.value == plain.value
    assert solution.load_prices is not None
    assert len(solution.load_prices.pairs) == 0
    if objective is Objective.PEOPLE_THEN_SCORE:
        assert len(solution.rows) == len(plain.rows)
        assert solution.most_people == plain.most_people == 2 * plain.most_pairs
    given_as_one = solve_assignment(
        table.scores, allowed=table.allowed, row_capacity=1, col_minimum=0, objective=objective
    )
    assert given_as_one.capacities is None
    np.testing.assert_array_equal(given_as_one.rows, plain.rows)
    np.testing.assert_array_equal(given_as_one.row_prices, plain.row_prices)


@given(tables(), st.integers(1, 4))
def test_several_places_are_as_good_as_several_columns(table: Table, places: int) -> None:
    """Where rows have one partner, a column of capacity c is c columns."""
    capacities = Capacities.of(table.scores.shape, col_capacity=places)
    once = solved(replace(table.problem, capacities=capacities), Objective.SCORE)
    columns = np.repeat(np.arange(table.scores.shape[1]), places)
    apart = Problem.from_scores(table.scores[:, columns], table.allowed[:, columns])
    assert once is not None
    assert once.value == solve(apart, Objective.SCORE).value


@given(problems(), objectives)
def test_swapping_the_sides_changes_neither_people_nor_total(
    problem: Problem, objective: Objective
) -> None:
    rows, cols = (list(range(size)) for size in problem.shape)
    one = solved(problem, objective)
    other = solved(turned(problem, rows, cols, swap=True), objective)
    assert (one and reached(one)) == (other and reached(other))


@given(problems(), objectives, st.data())
def test_the_order_of_rows_and_columns_changes_neither_people_nor_total(
    problem: Problem, objective: Objective, data: st.DataObject
) -> None:
    rows, cols = (data.draw(st.permutations(range(size))) for size in problem.shape)
    one, other = solved(problem, objective), solved(turned(problem, rows, cols), objective)
    assert (one and reached(one)) == (other and reached(other))
    assert (one and one.lam) == (other and other.lam)


@given(problems(), objectives, st.data())
def test_a_larger_capacity_never_makes_it_worse(
    problem: Problem, objective: Objective, data: st.DataObject
) -> None:
    asked, before = problem.capacities, solved(problem, objective)
    assert asked is not None
    if before is None or not problem.shape[1]:
        return
    more = asked.col_capacity.copy()
    more[data.draw(st.integers(0, problem.shape[1] - 1))] += 1
    after = solved(replace(problem, capacities=replace(asked, col_capacity=more)), objective)
    assert after is not None
    assert reached(after) >= reached(before)


@given(problems(), objectives, st.data())
def test_a_minimum_never_makes_it_better(
    problem: Problem, objective: Objective, data: st.DataObject
) -> None:
    asked, before = problem.capacities, solved(problem, objective)
    assert asked is not None
    if before is None or not problem.shape[0]:
        return
    least = asked.row_minimum.copy()
    least[data.draw(st.integers(0, problem.shape[0] - 1))] += 1
    if (least > asked.row_capacity).any():
        return
    after = solved(replace(problem, capacities=replace(asked, row_minimum=least)), objective)
    assert after is None or reached(after) <= reached(before)


@given(problems(), objectives)
def test_minima_that_the_best_meets_anyway_cost_nothing(
    problem: Problem, objective: Objective
) -> None:
    asked, before = problem.capacities, solved(problem, objective)
    assert asked is not None
    if before is None:
        return
    met = replace(
        asked,
        row_minimum=np.bincount(before.rows, minlength=problem.shape[0]),
        col_minimum=np.bincount(before.cols, minlength=problem.shape[1]),
    )
    after = solved(replace(problem, capacities=met), objective)
    assert after is not None
    assert reached(after) == reached(before)


@given(problems(), problems(), objectives)
def test_it_goes_on_from_any_answer(problem: Problem, other: Problem, objective: Objective) -> None:
    """Whatever the scores and the capacities were."""
    start = solved(other, objective)
    table = np.full(problem.shape, np.nan)
    table[problem.rows, problem.cols] = problem.scores
    asked = problem.capacities
    assert asked is not None
    if start is None or other.shape != problem.shape:
        return
    expected = solved(problem, objective)
    if expected is None:
        return
    rows, cols = (
        (None, None) if spread is None else (spread.at_most, spread.groups)
        for spread in (asked.row_spread, asked.col_spread)
    )
    found = solve_assignment(
        table,
        allowed=~np.isnan(table),
        row_capacity=asked.row_capacity,
        col_capacity=asked.col_capacity,
        row_minimum=asked.row_minimum,
        col_minimum=asked.col_minimum,
        row_at_most=rows[0],
        col_groups=rows[1],
        col_at_most=cols[0],
        row_groups=cols[1],
        objective=objective,
        start=start,
    )
    assert reached(found) == reached(expected)
    assert found.is_optimal


@given(problems(), objectives, st.data())
def test_a_proof_fails_when_any_price_is_changed(
    problem: Problem, objective: Objective, data: st.DataObject
) -> None:
    solution = solved(problem, objective)
    if solution is None or solution.load_prices is None:
        return
    asked = problem.capacities
    assert asked is not None
    counts = objective is Objective.PEOPLE_THEN_SCORE
    places = [
        (loads, name, each)
        for loads in ["load_prices", "count_load_prices"][: 1 + counts]
        for name in ("pairs", "row_minimum", "col_minimum")
        for each in range(len(getattr(getattr(solution, loads), name)))
        # The price of a minimum of 0 that is not used only covers less.
        if name == "pairs" or getattr(asked, name)[each] > 0
    ]
    if not places:
        return
    loads, name, each = data.draw(st.sampled_from(places))
    before: LoadPrices = getattr(solution, loads)
    prices = getattr(before, name).copy()
    towards = data.draw(st.sampled_from([-np.inf, np.inf]))
    changed = [np.nextafter(prices[each], towards), prices[each] + np.copysign(0.25, towards)]
    prices[each] = data.draw(st.sampled_from(changed))
    forged: dict[str, Any] = {loads: replace(before, **{name: prices})}
    assert not checked(problem, replace(solution, **forged)).ok


@given(problems(), objectives, st.data())
def test_a_proof_fails_when_any_price_of_a_group_is_changed(
    problem: Problem, objective: Objective, data: st.DataObject
) -> None:
    solution = solved(problem, objective)
    if solution is None:
        return
    counts = objective is Objective.PEOPLE_THEN_SCORE
    places = [
        (loads, name, each)
        for loads in ["load_prices", "count_load_prices"][: 1 + counts]
        for name in ("row_spread", "col_spread")
        for each in range(len(getattr(getattr(getattr(solution, loads), name), "prices", [])))
    ]
    if not places:
        return
    loads, name, each = data.draw(st.sampled_from(places))
    before = getattr(solution, loads)
    spread: SpreadPrices = getattr(before, name)
    prices = spread.prices.copy()
    towards = data.draw(st.sampled_from([-np.inf, np.inf]))
    changed = [np.nextafter(prices[each], towards), prices[each] + np.copysign(0.25, towards)]
    prices[each] = data.draw(st.sampled_from(changed))
    forged: dict[str, Any] = {loads: replace(before, **{name: replace(spread, prices=prices)})}
    assert not checked(problem, replace(solution, **forged)).ok


@given(problems(), objectives)
def test_groups_never_make_it_better_and_cost_nothing_where_they_are_kept_anyway(
    problem: Problem, objective: Objective
) -> None:
    asked = problem.capacities
    assert asked is not None
    free = replace(problem, capacities=replace(asked, row_spread=None, col_spread=None))
    one, other = solved(problem, objective), solved(free, objective)
    if other is None:
        assert one is None
        return
    assert one is None or reached(one) <= reached(other)
    kept = all(
        spread is None or spread.is_kept(*ends)
        for spread, ends in (
            (asked.row_spread, (other.rows, other.cols)),
            (asked.col_spread, (other.cols, other.rows)),
        )
    )
    if kept:
        assert one is not None
        assert reached(one) == reached(other)


@given(problems(groups=False), objectives, st.booleans())
def test_partners_who_are_groups_of_one_each_change_nothing(
    problem: Problem, objective: Objective, in_none: bool
) -> None:
    asked = problem.capacities
    assert asked is not None
    n_rows, n_cols = problem.shape
    alone = Spread(np.full(n_cols, -1) if in_none else np.arange(n_cols), np.ones(n_rows, int))
    before = solved(problem, objective)
    after = solved(replace(problem, capacities=replace(asked, row_spread=alone)), objective)
    assert (before and reached(before)) == (after and reached(after))


@given(problems(minima=False, groups=False), objectives)
def test_one_partner_of_one_group_of_all_is_a_capacity_of_one(
    problem: Problem, objective: Objective
) -> None:
    asked = problem.capacities
    assert asked is not None
    n_rows, n_cols = problem.shape
    all_one = Spread(np.zeros(n_cols, dtype=np.int64), np.ones(n_rows, dtype=np.int64))
    fewer = replace(asked, row_capacity=np.minimum(asked.row_capacity, 1))
    one = solved(replace(problem, capacities=replace(asked, row_spread=all_one)), objective)
    other = solved(replace(problem, capacities=fewer), objective)
    assert one is not None
    assert other is not None
    assert reached(one) == reached(other)


@given(problems(), objectives, st.data())
def test_a_proof_fails_when_any_capacity_or_minimum_matters_and_is_changed(
    problem: Problem, objective: Objective, data: st.DataObject
) -> None:
    """The check asks the problem, and believes no answer about it."""
    solution = solved(problem, objective)
    if solution is None or not len(solution.rows):
        return
    asked = problem.capacities
    assert asked is not None
    row = data.draw(st.sampled_from(solution.rows.tolist()))
    load = int((solution.rows == row).sum())
    fewer = asked.row_capacity.copy()
    fewer[row] = load - 1
    tight = replace(problem, capacities=replace(asked, row_capacity=fewer))
    assert not checked(tight, solution).valid
    more = asked.row_minimum.copy()
    more[row] = load + 1
    assert not checked(
        replace(problem, capacities=replace(asked, row_minimum=more)), solution
    ).valid


@given(tables(values=foreign, most=4), objectives, st.integers(1, 3), st.integers(1, 3))
def test_foreign_floats_are_proven_but_for_rounding(
    table: Table, objective: Objective, row_capacity: int, col_capacity: int
) -> None:
    capacities = Capacities.of(table.scores.shape, row_capacity, col_capacity)
    problem = replace(table.problem, capacities=capacities)
    solution = solve(problem, objective)
    found = checked(problem, solution)
    assert found.valid
    assert found.feasible
    assert found.covered
    assert (found.gap, found.count_gap) == (solution.gap, 0.0)
    assert found.ok == solution.is_optimal
