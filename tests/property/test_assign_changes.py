"""Law: changing a problem changes its optimum as it should, and renaming it not at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign import Objective, Solution
from mentormatch.assign.problem import Problem
from mentormatch.assign.solve import solve
from tests.assign.strategies import WITHOUT_FLOOR, Table, objectives, tables


def reached(solution: Solution) -> tuple[int, float]:
    counts = solution.objective is Objective.PEOPLE_THEN_SCORE
    return len(solution.rows) if counts else 0, solution.value


@given(tables(), objectives, st.data())
def test_one_more_allowed_pair_never_makes_it_worse(
    table: Table, objective: Objective, data: st.DataObject
) -> None:
    absent = np.argwhere(~table.allowed).tolist()
    if not absent:
        return
    row, col = data.draw(st.sampled_from(absent))
    wider = table.allowed.copy()
    wider[row, col] = True
    narrow = solve(table.problem, objective)
    wide = solve(Problem.from_scores(table.scores, wider), objective)
    assert reached(narrow) <= reached(wide)


@given(tables(), objectives)
def test_transposing_changes_neither_count_nor_total(table: Table, objective: Objective) -> None:
    transposed = Problem.from_scores(table.scores.T, table.allowed.T)
    assert reached(solve(table.problem, objective)) == reached(solve(transposed, objective))


@given(tables(), objectives, st.randoms(use_true_random=False))
def test_prices_go_with_their_rows_and_columns(
    table: Table, objective: Objective, random: np.random.Generator
) -> None:
    rows, cols = list(range(table.scores.shape[0])), list(range(table.scores.shape[1]))
    random.shuffle(rows)
    random.shuffle(cols)
    mixed = np.ix_(rows, cols)
    before = solve(table.problem, objective)
    after = solve(Problem.from_scores(table.scores[mixed], table.allowed[mixed]), objective)
    assert after.lam == before.lam
    np.testing.assert_array_equal(after.row_prices, before.row_prices[rows])
    np.testing.assert_array_equal(after.col_prices, before.col_prices[cols])


@given(tables(), objectives, st.integers(-60, 60))
def test_scaling_by_a_power_of_two_scales_every_number(
    table: Table, objective: Objective, exponent: int
) -> None:
    factor = 2.0**exponent
    before = solve(table.problem, objective)
    after = solve(Problem.from_scores(table.scores * factor, table.allowed), objective)
    assert after.value == before.value * factor
    np.testing.assert_array_equal(after.rows, before.rows)
    np.testing.assert_array_equal(after.cols, before.cols)
    if table.problem.scores.any():
        np.testing.assert_array_equal(after.row_prices, before.row_prices * factor)


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
def test_rows_and_columns_without_pairs_change_nothing(objective: Objective) -> None:
    scores = np.array([[0.5, 0.0, 0.75], [0.0, 0.0, 0.0], [0.25, 0.0, 0.5]])
    whole = solve(Problem.from_scores(scores, scores > 0), objective)
    part = solve(Problem.from_scores(scores[np.ix_([0, 2], [0, 2])]), objective)
    assert reached(whole) == reached(part)
    assert whole.row_prices[1] == whole.col_prices[1] == 0
