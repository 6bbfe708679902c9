"""Law: with capacities, too, the lottery over pairs decides between the best, and nothing else."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mentormatch.assign import Objective, Solution, capacitated
from mentormatch.assign.capacities import Capacities
from mentormatch.assign.problem import Problem
from mentormatch.assign.solve import solve
from mentormatch.assign.ties import exchangeable, settle
from tests.assign.capacity_oracles import best_choices, checked, problems, solved, turned
from tests.assign.strategies import WITHOUT_FLOOR, coarse, random_table
from tests.property.test_assign_ties import drawn

Draws = NDArray[np.float64]
Pairs = set[tuple[int, int]]
seeds = st.integers(0, 2**32)
whole = st.sampled_from([0.0, 1.0, 2.0, 3.0])
#: Up to three rows and four columns, or the other way round, so that all choices can be looked at.
small = problems(most=3, values=st.one_of(coarse, whole))
every_objective = st.sampled_from(Objective)


def pairs_of(solution: Solution) -> Pairs:
    return set(zip(solution.rows.tolist(), solution.cols.tolist(), strict=True))


def settled(problem: Problem, objective: Objective, draws: Draws) -> Solution | None:
    solution = solved(problem, objective)
    if solution is None:
        return None
    answer = settle(problem, solution, lambda rows, cols: draws[rows, cols])
    found = checked(problem, answer)
    assert found.ok, found
    assert answer.is_optimal
    return answer


def assert_is_the_largest(problem: Problem, objective: Objective, seed: int) -> None:
    draws = drawn(problem.shape, seed)
    answer, best = settled(problem, objective, draws), best_choices(problem, objective)
    if answer is None:
        assert not len(best)
        return
    of_pairs = draws[problem.rows, problem.cols]
    largest = max(best, key=lambda chosen: math.fsum(of_pairs[chosen].tolist()))
    assert pairs_of(answer) == set(
        zip(problem.rows[largest].tolist(), problem.cols[largest].tolist(), strict=True)
    )


@given(small, every_objective, seeds)
def test_is_the_best_choice_with_the_largest_draw(
    problem: Problem, objective: Objective, seed: int
) -> None:
    assert_is_the_largest(problem, objective, seed)


@pytest.mark.parametrize("objective", Objective)
@pytest.mark.parametrize("levels", [1, 3])
@pytest.mark.parametrize("shape", [(2, 3), (3, 3), (3, 4), (4, 3), (4, 4)])
@pytest.mark.parametrize("seed", range(6))
def test_is_the_largest_of_many_that_are_tied(
    seed: int, shape: tuple[int, int], levels: int, objective: Objective
) -> None:
    rng = np.random.default_rng((seed, levels, *shape))
    scores = rng.integers(0, levels + 1, shape).astype(np.float64)
    allowed = rng.random(shape) < 0.9
    most = [rng.integers(1, 4, size) for size in shape]
    least = [
        np.minimum(rng.integers(0, 3, size) * (rng.random(size) < 0.3), one)
        for size, one in zip(shape, most, strict=True)
    ]
    problem = Problem.from_scores(scores, allowed, Capacities.of(shape, *most, *least))
    assert_is_the_largest(problem, objective, seed)


x = np.nan


@pytest.mark.parametrize(
    ("scores", "row_capacity", "col_capacity"),
    [
        ([[1, 0], [0, x]], 1, 1),
        ([[1, 0], [0, x]], [1, 2], [1, 2]),
        ([[x, 0], [0, 1], [x, 0]], 1, 1),
        ([[0, x, x, x], [x, 0, 0, 1], [0, x, x, 0]], [2, 1, 1], 1),
        ([[x, 1, 0, 0], [1, 1, x, 0], [0, 0, x, x]], 1, [2, 1, 1, 1]),
    ],
)
@pytest.mark.parametrize("seed", range(12))
def test_fewer_people_who_weigh_as_much_with_lam_are_no_tie(
    scores: list[list[float]], row_capacity: list[int], col_capacity: list[int], seed: int
) -> None:
    """Here the score prices alone would let people go; only the count prices keep them."""
    table = np.array(scores, dtype=np.float64)
    capacities = Capacities.of(table.shape, row_capacity, col_capacity)
    problem = Problem.from_scores(table, ~np.isnan(table), capacities)
    assert_is_the_largest(problem, Objective.PEOPLE_THEN_SCORE, seed)


@given(small, every_objective)
def test_exchangeable_pairs_are_in_some_best_choices_but_not_in_all(
    problem: Problem, objective: Objective
) -> None:
    solution = solved(problem, objective)
    if solution is None:
        return
    best = best_choices(problem, objective)
    np.testing.assert_array_equal(
        exchangeable(problem, solution), best.any(axis=0) & ~best.all(axis=0)
    )


@given(problems(values=coarse), every_objective, seeds, st.booleans(), st.data())
def test_neither_the_order_of_rows_and_columns_nor_their_names_decide(
    problem: Problem, objective: Objective, seed: int, swap: bool, data: st.DataObject
) -> None:
    rows = data.draw(st.permutations(range(problem.shape[0])))
    cols = data.draw(st.permutations(range(problem.shape[1])))
    draws = drawn(problem.shape, seed)
    mixed = draws[np.ix_(rows, cols)]
    before = settled(problem, objective, draws)
    other = turned(problem, rows, cols, swap=swap)
    after = settled(other, objective, mixed.T if swap else mixed)
    if before is None or after is None:
        assert before is after
        return
    found = {pair[::-1] if swap else pair for pair in pairs_of(after)}
    assert {(rows[row], cols[col]) for row, col in found} == pairs_of(before)


@given(problems(values=coarse), every_objective, seeds)
def test_whatever_prices_prove_it_the_same_is_drawn(
    problem: Problem, objective: Objective, seed: int
) -> None:
    """Bidding little or not at all leads to other prices, and often to another choice."""
    draws = drawn(problem.shape, seed)
    before = settled(problem, objective, draws)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(capacitated, "LOOKS_PER_PAIR", 0)
        after = settled(problem, objective, draws)
    if before is None or after is None:
        assert before is after
        return
    assert pairs_of(after) == pairs_of(before)


@given(problems(values=coarse), every_objective, seeds)
def test_capacities_of_one_draw_what_is_drawn_without(
    problem: Problem, objective: Objective, seed: int
) -> None:
    draws, plain = drawn(problem.shape, seed), replace(problem, capacities=None)
    ones = replace(problem, capacities=Capacities.of(problem.shape))
    without = settle(plain, solve(plain, objective), lambda rows, cols: draws[rows, cols])
    answer = settled(ones, objective, draws)
    assert answer is not None
    assert pairs_of(answer) == pairs_of(without)


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("density", [0.05, 0.5])
def test_larger_tables_with_many_ties_settle_the_same_in_any_order(
    density: float, objective: Objective
) -> None:
    table = random_table(11, (70, 50), density, levels=4)
    rng = np.random.default_rng(5)
    capacities = Capacities.of(
        (70, 50), rng.integers(1, 4, 70), rng.integers(1, 5, 50), row_minimum=1 * (density > 0.1)
    )
    problem = Problem.from_scores(table.scores, table.allowed, capacities)
    draws = drawn((70, 50), seed=5)
    before = settled(problem, objective, draws)
    rows, cols = rng.permutation(70).tolist(), rng.permutation(50).tolist()
    after = settled(turned(problem, rows, cols), objective, draws[np.ix_(rows, cols)])
    assert before is not None
    assert after is not None
    assert {(rows[row], cols[col]) for row, col in pairs_of(after)} == pairs_of(before)
