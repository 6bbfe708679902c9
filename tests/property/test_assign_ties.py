"""Law: of all the best matchings, the lottery over pairs decides, and nothing else."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import coo_array

from mentormatch.assign import Objective, Solution
from mentormatch.assign.problem import Problem
from mentormatch.assign.solve import solve
from mentormatch.assign.ties import exchangeable, settle, tie_keys, tie_weights
from tests.assign.oracles import Pairs, best_matchings, total
from tests.assign.strategies import (
    WITHOUT_FLOOR,
    Table,
    coarse,
    foreign,
    objectives,
    random_table,
    tables,
)
from tests.property.test_assign_certificate import checked

seeds = st.integers(0, 2**32)


def drawn(shape: tuple[int, int], seed: int) -> NDArray[np.float64]:
    """Draw a table of tie weights as the library does, from one key for each row and column."""
    row_keys = tie_keys(seed, [f"row {number}" for number in range(shape[0])])
    col_keys = tie_keys(seed, [f"col {number}" for number in range(shape[1])])
    return tie_weights(row_keys[:, np.newaxis], col_keys)


def settled(problem: Problem, objective: Objective, draws: NDArray[np.float64]) -> Solution:
    return settle(problem, solve(problem, objective), lambda rows, cols: draws[rows, cols])


def with_other_prices(problem: Problem, objective: Objective) -> Solution:
    """Solve with the sides exchanged: the rows, not the columns, then have their least prices."""
    table = coo_array((problem.scores, (problem.cols, problem.rows)), shape=problem.shape[::-1])
    solution = solve(Problem.from_scores(table), objective)
    order = np.argsort(solution.cols)
    return replace(
        solution,
        rows=solution.cols[order],
        cols=solution.rows[order],
        scores=solution.scores[order],
        row_prices=solution.col_prices,
        col_prices=solution.row_prices,
        row_count_prices=solution.col_count_prices,
        col_count_prices=solution.row_count_prices,
    )


def pairs_of(solution: Solution) -> Pairs:
    return tuple(zip(solution.rows.tolist(), solution.cols.tolist(), strict=True))


@given(tables(values=coarse, most=4), objectives, seeds)
def test_is_the_best_matching_with_the_largest_draw(
    table: Table, objective: Objective, seed: int
) -> None:
    draws = drawn(table.scores.shape, seed)
    best = best_matchings(table.scores, table.allowed, objective)
    largest = max(best, key=lambda pairs: total(draws, pairs))
    assert pairs_of(settled(table.problem, objective, draws)) == largest


@given(tables(values=coarse, most=4), objectives, seeds)
def test_any_optimal_prices_will_do(table: Table, objective: Objective, seed: int) -> None:
    problem, draws = table.problem, drawn(table.scores.shape, seed)
    other = with_other_prices(problem, objective)
    assert checked(problem, other).ok
    mask = exchangeable(problem, other)
    np.testing.assert_array_equal(mask, exchangeable(problem, solve(problem, objective)))
    again = settle(problem, other, lambda rows, cols: draws[rows, cols])
    assert pairs_of(again) == pairs_of(settled(problem, objective, draws))


x = np.nan


@pytest.mark.parametrize(
    "scores",
    [
        [[1, 0], [0, x]],
        [[x, 0], [0, 1], [x, 0]],
        [[0, x, x, x], [x, 0, 0, 1], [0, x, x, 0]],
        [[x, 1, 0, 0], [1, 1, x, 0], [0, 0, x, x]],
    ],
)
@pytest.mark.parametrize("seed", range(12))
def test_fewer_pairs_that_weigh_as_much_with_lam_are_no_tie(
    scores: list[list[float]], seed: int
) -> None:
    """Here the score prices alone would let pairs go; only the count prices keep them."""
    table = Table(np.array(scores, dtype=np.float64), ~np.isnan(scores))
    problem, draws = table.problem, drawn(table.scores.shape, seed)
    objective = Objective.PEOPLE_THEN_SCORE
    best = best_matchings(table.scores, table.allowed, objective)
    largest = max(best, key=lambda pairs: total(draws, pairs))
    assert pairs_of(settled(problem, objective, draws)) == largest
    other = with_other_prices(problem, objective)
    again = settle(problem, other, lambda rows, cols: draws[rows, cols])
    assert pairs_of(again) == largest


@given(tables(values=coarse, most=4), objectives)
def test_exchangeable_pairs_are_in_some_best_matchings_but_not_in_all(
    table: Table, objective: Objective
) -> None:
    problem = table.problem
    best = [set(pairs) for pairs in best_matchings(table.scores, table.allowed, objective)]
    some, every = set.union(*best), set.intersection(*best)
    mask = exchangeable(problem, solve(problem, objective))
    found = zip(problem.rows[mask].tolist(), problem.cols[mask].tolist(), strict=True)
    assert set(found) == some - every


@given(tables(values=coarse), objectives, seeds, st.data())
def test_the_order_of_rows_and_columns_decides_nothing(
    table: Table, objective: Objective, seed: int, data: st.DataObject
) -> None:
    n_rows, n_cols = table.scores.shape
    rows = data.draw(st.permutations(range(n_rows)))
    cols = data.draw(st.permutations(range(n_cols)))
    mixed = np.ix_(rows, cols)
    draws = drawn(table.scores.shape, seed)
    before = settled(table.problem, objective, draws)
    problem = Problem.from_scores(table.scores[mixed], table.allowed[mixed])
    after = settled(problem, objective, draws[mixed])
    assert {(rows[row], cols[col]) for row, col in pairs_of(after)} == set(pairs_of(before))


@given(tables(values=coarse), objectives, seeds)
def test_which_side_is_called_rows_decides_nothing(
    table: Table, objective: Objective, seed: int
) -> None:
    draws = drawn(table.scores.shape, seed)
    transposed = Problem.from_scores(table.scores.T, table.allowed.T)
    before = settled(table.problem, objective, draws)
    after = settled(transposed, objective, draws.T)
    assert {(col, row) for row, col in pairs_of(after)} == set(pairs_of(before))


@given(tables(), objectives, seeds)
def test_the_settled_answer_still_verifies(table: Table, objective: Objective, seed: int) -> None:
    answer = settled(table.problem, objective, drawn(table.scores.shape, seed))
    assert checked(table.problem, answer).ok
    assert answer.is_optimal


@given(tables(values=foreign), objectives, seeds)
def test_foreign_floats_stay_as_proven_as_they_say(
    table: Table, objective: Objective, seed: int
) -> None:
    answer = settled(table.problem, objective, drawn(table.scores.shape, seed))
    found = checked(table.problem, answer)
    assert found.valid
    assert found.feasible
    assert found.covered
    assert found.ok == answer.is_optimal == (answer.gap <= 1e-12 * answer.bound)


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("density", [0.02, 0.2, 1.0])
def test_larger_tables_with_many_ties_settle_the_same_in_any_order(
    density: float, objective: Objective
) -> None:
    table = random_table(11, (120, 90), density, levels=4)
    draws = drawn(table.scores.shape, seed=5)
    before = settled(table.problem, objective, draws)
    backwards = Problem.from_scores(table.scores[::-1, ::-1], table.allowed[::-1, ::-1])
    after = settled(backwards, objective, draws[::-1, ::-1])
    assert {(119 - row, 89 - col) for row, col in pairs_of(after)} == set(pairs_of(before))
    assert math.isclose(before.value, solve(table.problem, objective).value, rel_tol=0, abs_tol=0)
