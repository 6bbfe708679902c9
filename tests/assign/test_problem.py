"""What a solver is given and returns: frozen, in order, and honest about the gap."""

import re
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from mentormatch.assign import Objective, Solution, Status, solve_assignment
from mentormatch.assign.problem import Prices, Problem


def problem_of(rows: list[int], cols: list[int], scores: list[float]) -> Problem:
    return Problem((2, 3), np.array(rows), np.array(cols), np.array(scores))


@pytest.mark.parametrize(
    ("rows", "cols", "scores", "said"),
    [
        ([0], [0, 1], [1.0], "rows, cols and scores differ in length: 1, 2, 1"),
        ([0, 2], [0, 0], [1.0, 1.0], "scores[2, 0] lies outside a table of 2 rows, 3 columns"),
        ([0, 1], [0, -1], [1.0, 1.0], "scores[1, -1] lies outside a table of 2 rows, 3 columns"),
        ([1, 0], [0, 0], [1.0, 1.0], "scores[0, 0] is out of order; sort the pairs by row"),
        ([0, 0], [1, 0], [1.0, 1.0], "scores[0, 0] is out of order; sort the pairs by row"),
        ([0, 0], [1, 1], [1.0, 1.0], "scores[0, 1] is given more than once"),
        ([1], [2], [-1.0], "scores[1, 2] is -1.0; a score must be a finite number, 0 or more"),
    ],
)
def test_refuses_pairs_that_are_not_as_described(
    rows: list[int], cols: list[int], scores: list[float], said: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}"):
        problem_of(rows, cols, scores)


def test_a_problem_cannot_be_changed() -> None:
    scores = np.array([1.0, 2.0])
    problem = Problem((2, 3), np.array([0, 1]), np.array([2, 0]), scores)
    with pytest.raises(FrozenInstanceError):
        problem.shape = (3, 3)  # type: ignore[misc]
    for array in (problem.rows, problem.cols, problem.scores):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    assert scores.flags.writeable


def test_says_where_each_rows_pairs_are() -> None:
    problem = Problem((4, 2), np.array([0, 0, 2]), np.array([0, 1, 1]), np.ones(3))
    assert problem.starts.tolist() == [0, 2, 2, 3, 3]
    assert problem.positions(np.array([1, 0, 1, 0])).tolist() == [1, 2]
    assert repr(problem) == "Problem(4 rows, 2 columns, 3 allowed pairs)"


def test_a_solution_cannot_be_changed() -> None:
    solution = solve_assignment([[1.0]], objective="people_then_score")
    with pytest.raises(FrozenInstanceError):
        solution.lam = 3.0  # type: ignore[misc]
    prices = [solution.row_prices, solution.col_prices]
    count_prices = [solution.row_count_prices, solution.col_count_prices]
    for array in (solution.rows, solution.cols, solution.scores, *prices, *count_prices):
        assert array is not None
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def solution_with(**changes: object) -> Solution:
    solution = solve_assignment([[10.0, 9.0], [9.0, 1.0]], objective="people_then_score")
    return replace(solution, **changes)  # type: ignore[arg-type]


def test_bound_gap_and_status_follow_from_the_prices() -> None:
    proven = solution_with()
    assert (proven.value, proven.bound, proven.gap) == (18.0, 18.0, 0.0)
    assert proven.status is Status.OPTIMAL
    dearer = solution_with(row_prices=proven.row_prices + 0.25)
    assert (dearer.value, dearer.bound, dearer.gap) == (18.0, 18.5, 0.5)
    assert dearer.status is Status.FEASIBLE
    assert repr(dearer) == "Solution(people_then_score: 2 pairs worth 18, feasible)"


def test_without_a_cover_of_its_size_a_matching_is_only_feasible() -> None:
    unproven = solution_with(row_count_prices=np.ones(2), col_count_prices=np.array([1.0, 0.0]))
    assert unproven.gap == 0.0
    assert not unproven.is_optimal


def test_rounded_scores_leave_the_gap_their_rounding_and_no_more() -> None:
    solution = solution_with(objective=Objective.SCORE, step=2.0**-40)
    assert replace(solution, lam=solution.lam - 2.0**-40).is_optimal
    assert not replace(solution, lam=solution.lam - 2.0**-39).is_optimal


def test_sums_are_rounded_once() -> None:
    prices = Prices(row=np.array([1e16, 1.0]), col=np.array([1.0]))
    assert prices.total == 1e16 + 2
    with pytest.raises(ValueError, match="read-only"):
        prices.row[0] = 1.0


def test_one_pair_is_not_called_pairs() -> None:
    assert repr(solve_assignment([[0.5]])) == "Solution(score: 1 pair worth 0.5, optimal)"
