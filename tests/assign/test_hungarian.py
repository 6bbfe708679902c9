"""The sparse Hungarian method: exact on anything, and never lost in it."""

import math
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mentormatch.assign import Objective, hungarian
from mentormatch.assign import heaviest as choosing
from mentormatch.assign.grid import on_grid
from mentormatch.assign.heaviest import heaviest
from mentormatch.assign.hungarian import sparse_heaviest
from mentormatch.assign.problem import Heaviest, Problem
from mentormatch.assign.solve import solve
from tests.assign.oracles import best_worth, highs_worth, scipy_total
from tests.assign.strategies import Table, foreign, objectives, random_table, tables

STEP = 2.0**-10


def proven(problem: Problem, weights: NDArray[np.float64], found: Heaviest) -> float:
    """The weight of a matching, once its prices have proven it the largest."""
    rows, cols = problem.rows[found.chosen], problem.cols[found.chosen]
    assert len(set(rows.tolist())) == len(set(cols.tolist())) == len(found.chosen)
    row, col = found.prices.row, found.prices.col
    assert (row >= 0).all()
    assert (col >= 0).all()
    assert (row[problem.rows] + col[problem.cols] >= weights).all()
    value = math.fsum(weights[found.chosen].tolist())
    assert found.prices.total == value
    return value


@given(tables(most=6), st.sampled_from([0.0, 1.0, 4.0, 1024.0]), st.sampled_from([STEP, 0.25, 64]))
def test_it_is_the_heaviest_by_scipy_and_by_its_own_proof(
    table: Table, lam: float, step: float
) -> None:
    problem = table.problem
    weights = problem.scores + lam
    value = proven(problem, weights, sparse_heaviest(problem, weights, step))
    assert value == pytest.approx(scipy_total(table.scores + lam, table.allowed), rel=1e-12)


@given(tables(values=foreign, most=4))
def test_weights_of_any_magnitude_are_proven(table: Table) -> None:
    problem = table.problem
    weights, _ = on_grid(problem.scores)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choosing, "FEW_CELLS", -1)
        found = heaviest(problem, weights)
    largest = float(weights.max(initial=0.0))
    assert proven_to(problem, weights, found) <= largest * 1e-12


def proven_to(problem: Problem, weights: NDArray[np.float64], found: Heaviest) -> float:
    """What the proof leaves open where sums of more bits than float64 has are added up."""
    row, col = found.prices.row, found.prices.col
    assert (row[problem.rows] + col[problem.cols] >= weights).all()
    return found.prices.total - math.fsum(weights[found.chosen].tolist())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("levels", [1, 3, 2**40])
@pytest.mark.parametrize(("shape", "density"), [((90, 90), 0.1), ((30, 200), 0.5), ((200, 30), 1)])
def test_middling_tables_equal_scipy_and_highs(
    shape: tuple[int, int], density: float, levels: int, seed: int
) -> None:
    table = random_table(seed, shape, density, levels)
    problem = table.problem
    weights, _ = on_grid(problem.scores)
    value = proven(problem, weights, sparse_heaviest(problem, weights, STEP))
    assert value == pytest.approx(scipy_total(table.scores, table.allowed), rel=1e-12)
    if seed == 0:
        assert value == pytest.approx(
            highs_worth(table.scores, table.allowed, Objective.SCORE)[1], abs=1e-9
        )


@given(tables(most=5), st.integers(0, 9))
def test_it_goes_on_from_any_answer(table: Table, seed: int) -> None:
    problem = table.problem
    first = sparse_heaviest(problem, problem.scores, STEP)
    weights = np.random.default_rng(seed).permutation(problem.scores.copy())
    again = sparse_heaviest(problem, weights, STEP, start=first)
    expected = sparse_heaviest(problem, weights, STEP)
    assert proven(problem, weights, again) == proven(problem, weights, expected)


@given(tables(most=5), objectives)
def test_both_ways_serve_as_many_people_with_the_same_total(
    table: Table, objective: Objective
) -> None:
    dense = solve(table.problem, objective)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choosing, "FEW_CELLS", -1)
        sparse = solve(table.problem, objective)
    assert sparse.is_optimal
    assert sparse.gap == 0
    assert (sparse.value, sparse.lam) == (dense.value, dense.lam)
    counts = objective is Objective.PEOPLE_THEN_SCORE
    assert best_worth(table.scores, table.allowed, objective) == (
        len(sparse.rows) if counts else 0,
        sparse.value,
    )


def price_war(rows: int, cols: int) -> NDArray[np.float64]:
    """Everybody wants the same few columns, and all alike."""
    return np.ones((rows, cols))


def assortative(size: int) -> NDArray[np.float64]:
    """Products: each price depends on all below it."""
    return np.outer(np.arange(1, size + 1), np.arange(1, size + 1)) / size**2


def machol_wien(size: int) -> NDArray[np.float64]:
    """What makes shortest paths long: costs i x j (Machol and Wien 1976)."""
    products = np.outer(np.arange(1, size + 1), np.arange(1, size + 1))
    costs: NDArray[np.float64] = (products.max() - products).astype(np.float64)
    return costs


@pytest.mark.parametrize(
    "table",
    [price_war(400, 3), price_war(3, 400), price_war(120, 119), assortative(150), machol_wien(150)],
    ids=["many for few", "few for many", "one too many", "assortative", "Machol and Wien"],
)
@pytest.mark.parametrize("budget", [0, hungarian.LOOKS_PER_PAIR])
def test_adversaries_neither_loop_nor_err(
    monkeypatch: pytest.MonkeyPatch, table: NDArray[np.float64], budget: int
) -> None:
    monkeypatch.setattr(hungarian, "LOOKS_PER_PAIR", budget)
    monkeypatch.setattr(hungarian, "LOOKS_AT_ONCE", 1000)
    problem = Problem.from_scores(table)
    weights, _ = on_grid(problem.scores)
    value = proven(problem, weights, sparse_heaviest(problem, weights, STEP))
    assert value == pytest.approx(scipy_total(table, np.ones(table.shape, bool)), rel=1e-9)


def chain(length: int) -> Problem:
    """A path on which one more pair shifts all others: i may have column i, worth 1, or i + 1."""
    rows = np.repeat(np.arange(length), 2)[:-1]
    cols = rows + np.arange(len(rows)) % 2
    scores = np.where(np.arange(len(rows)) % 2 == 0, 1.0, 1.0 - 2.0**-20)
    extra_row = np.array([length]), np.array([0]), np.array([1.0])
    ends = (rows, cols, scores)
    return Problem(
        (length + 1, length),
        *(np.concatenate((one, more)) for one, more in zip(ends, extra_row, strict=True)),
    )


def test_long_alternating_paths_are_followed_to_their_end() -> None:
    problem = chain(20_000)
    found = sparse_heaviest(problem, problem.scores, STEP)
    assert proven(problem, problem.scores, found) == 20_000.0


def test_weights_off_the_grid_do_not_go_round_in_circles() -> None:
    table = random_table(0, (90, 90), 0.1, 3)
    found = sparse_heaviest(table.problem, table.problem.scores, STEP)
    assert found.prices.total == pytest.approx(scipy_total(table.scores, table.allowed))


def test_a_million_rows_with_one_column() -> None:
    size = 1_000_000
    scores = np.arange(size) / 2.0**20
    problem = Problem((size, 1), np.arange(size), np.zeros(size, dtype=np.int64), scores)
    found = sparse_heaviest(problem, scores, STEP)
    assert found.chosen.tolist() == [size - 1]
    assert proven(problem, scores, found) == scores[-1]


def test_rows_and_columns_without_pairs_are_left_alone() -> None:
    problem = Problem((5, 4), np.array([1, 3]), np.array([2, 2]), np.array([0.5, 0.25]))
    found = sparse_heaviest(problem, problem.scores, STEP)
    assert found.chosen.tolist() == [0]
    assert found.prices.row[[0, 2, 4]].tolist() == found.prices.col[[0, 1, 3]].tolist() == [0] * 3


INTERPRETED = """
import numpy as np
from mentormatch.assign import hungarian
from tests.assign.oracles import scipy_total
from tests.assign.strategies import random_table

hungarian.LOOKS_AT_ONCE = 50
for seed in range(60):
    shape = (1 + seed % 13, 1 + seed % 17)
    table = random_table(seed, shape, (0.2, 0.6, 1.0)[seed % 3], (1, 4, 2**40)[seed % 3])
    problem = table.problem
    weights = problem.scores + (0.0, 1.0)[seed % 2]
    hungarian.LOOKS_PER_PAIR = (60, 0)[seed % 5 == 0]
    found = hungarian.sparse_heaviest(problem, weights, 2.0**-10)
    again = hungarian.sparse_heaviest(problem, weights, 2.0**-10, start=found)
    expected = scipy_total(table.scores + (0.0, 1.0)[seed % 2], table.allowed)
    assert abs(found.prices.total - expected) < 1e-9
    assert again.prices.total == found.prices.total
large = random_table(1, (90, 80), 1.0, 2**40)
hungarian.LOOKS_PER_PAIR = 0
total = hungarian.sparse_heaviest(large.problem, large.problem.scores, 1.0).prices.total
assert abs(total - scipy_total(large.scores, large.allowed)) < 1e-9
print("interpreted")
"""


def test_kernels_are_right_without_the_compiler_too() -> None:
    """In a process of its own, so that measuring coverage sees the lines of the kernels."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", INTERPRETED], env=environment, capture_output=True, text=True
    )
    assert done.stdout == "interpreted\n", done.stderr
