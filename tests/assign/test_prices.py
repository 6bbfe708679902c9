"""Prices: the least for the columns, the same for every best matching, a proof if there is one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

from mentormatch.assign import Objective
from mentormatch.assign.dense import heaviest_matching
from mentormatch.assign.grid import on_grid
from mentormatch.assign.prices import least_prices
from mentormatch.assign.problem import Problem
from tests.assign.oracles import Pairs, all_matchings, best_matchings, best_worth, total
from tests.assign.strategies import Table, foreign, random_table, tables


def priced(problem: Problem, pairs: Pairs) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    partner = np.full(problem.shape[0], -1)
    for row, col in pairs:
        partner[row] = col
    prices = least_prices(problem, problem.scores, problem.positions(partner))
    return prices.row, prices.col


@given(tables(most=4))
def test_every_best_matching_has_the_same_prices(table: Table) -> None:
    found = [
        priced(table.problem, pairs)
        for pairs in best_matchings(table.scores, table.allowed, Objective.SCORE)
    ]
    for row, col in found:
        np.testing.assert_array_equal(row, found[0][0])
        np.testing.assert_array_equal(col, found[0][1])


@given(tables(most=4))
def test_any_matching_gets_prices_that_hold_and_only_a_best_one_a_proof(table: Table) -> None:
    problem = table.problem
    _, best = best_worth(table.scores, table.allowed, Objective.SCORE)
    for pairs in all_matchings(table.allowed):
        row, col = priced(problem, pairs)
        assert (row[problem.rows] + col[problem.cols] >= problem.scores).all()
        assert (row >= 0).all()
        assert (col >= 0).all()
        worth = total(table.scores, pairs)
        assert (row.sum() + col.sum() == worth) == (worth == best)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("density", [0.1, 0.5, 1.0])
def test_no_optimal_prices_are_lower_for_any_column(density: float, seed: int) -> None:
    """HiGHS minimises the column prices among all the optimal ones."""
    table = random_table(seed, (12, 10), density)
    problem = table.problem
    chosen = heaviest_matching(problem.rows, problem.cols, problem.scores)
    prices = least_prices(problem, problem.scores, chosen)
    count, places = len(problem.rows), np.arange(len(problem.rows))
    ones = np.ones(count)
    ends = hstack(
        (
            csr_array((ones, (places, problem.rows)), shape=(count, 12)),
            csr_array((ones, (places, problem.cols)), shape=(count, 10)),
        )
    )
    optimum = problem.scores[chosen].sum()
    least = linprog(
        np.repeat([0.0, 1.0], [12, 10]),
        A_ub=-ends.toarray(),
        b_ub=-problem.scores,
        A_eq=np.ones((1, 22)),
        b_eq=[optimum],
    )
    expected = np.asarray(least.x)
    np.testing.assert_allclose(prices.row, expected[:12], atol=1e-8)
    np.testing.assert_allclose(prices.col, expected[12:], atol=1e-8)


@given(tables(values=foreign))
def test_foreign_floats_on_the_grid_are_proven_to_the_last_bit(table: Table) -> None:
    problem = table.problem
    weights, _ = on_grid(problem.scores)
    chosen = heaviest_matching(problem.rows, problem.cols, weights)
    prices = least_prices(problem, weights, chosen)
    assert (prices.row[problem.rows] + prices.col[problem.cols] >= weights).all()
    assert prices.total == pytest.approx(weights[chosen].sum(), rel=1e-15)


@given(st.integers(1, 12), st.randoms(use_true_random=False))
def test_a_price_can_depend_on_everybody(length: int, random: object) -> None:
    """An assortative market: each column costs what its worse neighbours' rivalry adds up to."""
    talent = np.arange(1, length + 1) / 16
    table = Problem.from_scores(np.outer(talent, talent))
    chosen = np.arange(length) * (length + 1)
    prices = least_prices(table, table.scores, chosen)
    steps = talent[:-1] * np.diff(talent)
    np.testing.assert_array_equal(prices.col, np.concatenate(([0.0], np.cumsum(steps))))


def test_the_cover_of_a_matching_with_an_augmenting_path_is_larger_than_it() -> None:
    path = Problem.from_scores(np.ones((3, 3)), np.tri(3, k=0, dtype=np.bool_))
    short = least_prices(path, np.ones(6), path.positions(np.array([-1, 0, 1])))
    full = least_prices(path, np.ones(6), path.positions(np.array([0, 1, 2])))
    assert short.total > 2
    assert full.total == 3
    assert set(full.row.tolist() + full.col.tolist()) <= {0.0, 1.0}
