"""Law: the proof holds for the best matchings, and for nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign import Objective, Solution
from mentormatch.assign.certificate import Checked, check
from mentormatch.assign.problem import Problem
from mentormatch.assign.solve import solve
from tests.assign.oracles import Pairs, all_matchings, best_worth, total, worth
from tests.assign.strategies import WITHOUT_FLOOR, Table, foreign, objectives, random_table, tables

SIDES = ["row_prices", "col_prices", "row_count_prices", "col_count_prices"]


def checked(problem: Problem, solution: Solution, pairs: Pairs | None = None) -> Checked:
    """Check a solution, or other pairs with its prices."""
    rows, cols = solution.rows, solution.cols
    if pairs is not None:
        rows = np.array([row for row, _ in pairs], dtype=np.int64)
        cols = np.array([col for _, col in pairs], dtype=np.int64)
    return check(
        problem,
        rows,
        cols,
        solution.row_prices,
        solution.col_prices,
        objective=solution.objective,
        lam=solution.lam,
        row_count_prices=solution.row_count_prices,
        col_count_prices=solution.col_count_prices,
    )


@given(tables(), objectives)
def test_verifies_without_any_tolerance(table: Table, objective: Objective) -> None:
    found = checked(table.problem, solve(table.problem, objective))
    assert found.ok
    assert found.valid
    assert found.feasible
    assert found.covered
    assert (found.gap, found.count_gap) == (0.0, 0.0)
    assert found.violations.shape == (0, 2)


@given(tables(values=foreign), objectives)
def test_verifies_for_foreign_floats(table: Table, objective: Objective) -> None:
    solution = solve(table.problem, objective)
    found = checked(table.problem, solution)
    assert found.valid
    assert found.feasible
    assert found.covered
    assert (found.gap, found.count_gap) == (solution.gap, 0.0)
    # Beside a huge score, and so a huge lam, small ones are not proven to their last digit.
    assert found.ok == solution.is_optimal == (solution.gap <= 1e-12 * solution.bound)


@given(tables(most=4), objectives)
def test_holds_for_the_best_matchings_and_no_other(table: Table, objective: Objective) -> None:
    solution = solve(table.problem, objective)
    best = best_worth(table.scores, table.allowed, objective)
    for pairs in all_matchings(table.allowed):
        is_best = worth(table.scores, pairs, objective) == best
        # Under "score" a matching may be best without pairs that are worth nothing.
        assert checked(table.problem, solution, pairs).ok == is_best


@given(tables(most=4), objectives)
def test_prices_bound_every_matching(table: Table, objective: Objective) -> None:
    solution = solve(table.problem, objective)
    for pairs in all_matchings(table.allowed):
        as_many = len(pairs) >= len(solution.rows)
        if objective is Objective.SCORE or as_many:
            assert total(table.scores, pairs) <= solution.bound


@given(tables(), objectives, st.data())
def test_fails_when_any_price_is_changed(
    table: Table, objective: Objective, data: st.DataObject
) -> None:
    solution = solve(table.problem, objective)
    sides = SIDES[:2] if objective is Objective.SCORE else SIDES
    places = [(side, i) for side in sides for i in range(len(getattr(solution, side)))]
    if not places:
        return
    side, place = data.draw(st.sampled_from(places))
    prices = getattr(solution, side).copy()
    towards = data.draw(st.sampled_from([-np.inf, np.inf]))
    # The least possible change, an ulp, or a visible one.
    prices[place] = data.draw(
        st.sampled_from(
            [np.nextafter(prices[place], towards), prices[place] + np.copysign(0.25, towards)]
        )
    )
    assert not checked(table.problem, replace(solution, **{side: prices})).ok


@given(tables(), st.data())
def test_fails_when_any_pair_is_removed(table: Table, data: st.DataObject) -> None:
    objective = data.draw(objectives)
    solution = solve(table.problem, objective)
    counts = objective is Objective.PEOPLE_THEN_SCORE
    removable = np.flatnonzero((solution.scores > 0) | counts)
    if not len(removable):
        return
    place = data.draw(st.sampled_from(removable.tolist()))
    rest = replace(
        solution,
        rows=np.delete(solution.rows, place),
        cols=np.delete(solution.cols, place),
        scores=np.delete(solution.scores, place),
    )
    assert not checked(table.problem, rest).ok
    assert not rest.is_optimal


@given(tables(), st.sampled_from([0.5, 2.0]))
def test_fails_when_lam_is_changed(table: Table, factor: float) -> None:
    solution = solve(table.problem, Objective.PEOPLE_THEN_SCORE)
    if len(solution.rows):
        assert not checked(table.problem, replace(solution, lam=solution.lam * factor)).ok


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("density", [0.004, 0.05, 1.0])
def test_verifies_on_larger_tables(density: float, objective: Objective) -> None:
    table = random_table(3, (300, 250), density, levels=64)
    assert checked(table.problem, solve(table.problem, objective)).ok
