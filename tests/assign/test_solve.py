"""Solving: who comes first, how much one more pair counts, and no false proofs."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mentormatch.assign import Objective, Status, solve_assignment
from mentormatch.assign import heaviest as choosing
from mentormatch.assign import solve as solving
from mentormatch.assign.problem import Problem
from tests.assign.strategies import WITHOUT_FLOOR


def test_a_forbidden_pair_is_absent_and_the_objective_says_who_comes_first() -> None:
    scores, allowed = np.array([[10.0, 1.0], [1.0, np.nan]]), [[True, True], [True, False]]
    alone = solve_assignment(scores, allowed=allowed)
    assert (alone.rows.tolist(), alone.cols.tolist(), alone.value) == ([0], [0], 10.0)
    assert (alone.lam, alone.row_count_prices, alone.col_count_prices) == (0.0, None, None)
    both = solve_assignment(scores, allowed=allowed, objective="people_then_score")
    assert (both.rows.tolist(), both.cols.tolist(), both.value) == ([0, 1], [1, 0], 2.0)
    assert (both.gap, both.status) == (0.0, Status.OPTIMAL)


def test_an_unknown_objective_is_refused_with_the_known_ones() -> None:
    known = "'score', 'people_then_score' or 'floor_then_score'"
    said = f"^objective is 'people'; it must be {known}$"
    with pytest.raises(ValueError, match=said):
        solve_assignment([[1.0]], objective="people")


def chain(length: int) -> NDArray[np.float64]:
    """Return scores where one more pair costs `length` pairs of score 1; NaN is forbidden.

    Everybody has a partner on the diagonal, worth nothing; below it, all but two have one that
    is worth 1.
    """
    scores = np.full((length + 1, length + 1), np.nan)
    np.fill_diagonal(scores, 0.0)
    scores[np.arange(1, length + 1), np.arange(length)] = 1.0
    return scores


@pytest.mark.parametrize(("length", "lam"), [(1, 1.0), (3, 4.0), (5, 8.0), (40, 64.0)])
def test_one_more_pair_counts_as_much_as_a_long_chain_needs(length: int, lam: float) -> None:
    scores = chain(length)
    solution = solve_assignment(scores, allowed=~np.isnan(scores), objective="people_then_score")
    assert len(solution.rows) == length + 1
    assert (solution.value, solution.gap) == (0.0, 0.0)
    assert solution.lam == lam
    assert solution.is_optimal


def test_a_lam_of_thousands_leaves_every_bit_of_the_scores() -> None:
    rng = np.random.default_rng(0)
    scores = chain(600) * (1.0 - rng.integers(0, 1000, (601, 601)) * 2.0**-40)
    scores[np.diag_indices(601)] = rng.integers(1, 1000, 601) * 2.0**-40
    solution = solve_assignment(scores, allowed=~np.isnan(scores), objective="people_then_score")
    assert solution.lam == 1024.0
    assert len(solution.rows) == 601
    assert (solution.step, solution.gap) == (0.0, 0.0)


@pytest.mark.parametrize("seed", range(8))
def test_at_equal_weights_the_order_of_the_rows_does_not_choose_lam(seed: int) -> None:
    """With lam 4 the chain of 4 and the diagonal weigh the same: which is found is chance."""
    scores = chain(4)
    rng = np.random.default_rng(seed)
    mixed = scores[np.ix_(rng.permutation(5), rng.permutation(5))]
    solution = solve_assignment(mixed, allowed=~np.isnan(mixed), objective="people_then_score")
    assert solution.lam == 4.0
    assert solution.is_optimal


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
def test_a_solver_that_errs_cannot_claim_a_proof(
    monkeypatch: pytest.MonkeyPatch, objective: Objective
) -> None:
    def first_pair_only(
        rows: NDArray[np.int64], cols: NDArray[np.int64], weights: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        return np.array([0])

    monkeypatch.setattr(choosing, "heaviest_matching", first_pair_only)
    solution = solving.solve(Problem.from_scores([[0.5, 1.0], [1.0, 0.25]]), objective)
    assert solution.status is Status.FEASIBLE
    assert solution.value == 0.5
    assert solution.bound >= 1.0


def test_scores_may_be_given_as_lists_or_as_a_finished_objective() -> None:
    assert solve_assignment([[1, 2], [3, 5]], objective=Objective.SCORE).value == 6.0


@pytest.mark.parametrize("magnitude", [1e-310, 1e-300, 1e-9, 1e9, 1e300])
@pytest.mark.parametrize("objective", ["score", "people_then_score"])
def test_any_unit_will_do(objective: str, magnitude: float) -> None:
    scores = np.array([[3.0, 2.0, 2.0], [2.0, 1.0, 3.0]]) * magnitude
    solution = solve_assignment(scores, objective=objective)
    assert list(zip(solution.rows.tolist(), solution.cols.tolist(), strict=True)) == [
        (0, 0),
        (1, 2),
    ]
    assert solution.is_optimal
    assert solution.value == pytest.approx(6 * magnitude)
