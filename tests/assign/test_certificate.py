"""The check names what is wrong with a proof."""

from typing import Any

import numpy as np
import pytest

from mentormatch.assign import Objective
from mentormatch.assign.certificate import Checked, check
from mentormatch.assign.problem import Problem

#: Two pairs on the diagonal are best under either objective.
PROBLEM = Problem.from_scores([[1.0, 0.5], [0.5, 1.0]], [[True, True], [True, True]])
PROOF: dict[str, Any] = {
    "rows": np.array([0, 1]),
    "cols": np.array([0, 1]),
    "row_prices": np.array([2.0, 2.0]),
    "col_prices": np.array([0.0, 0.0]),
    "lam": 1.0,
    "row_count_prices": np.array([1.0, 1.0]),
    "col_count_prices": np.array([0.0, 0.0]),
    "objective": Objective.PEOPLE_THEN_SCORE,
}


def checked(problem: Problem = PROBLEM, **changes: Any) -> Checked:
    return check(problem, **{**PROOF, **changes})


def test_a_proof_holds() -> None:
    found = checked()
    assert (found.valid, found.feasible, found.covered, found.ok) == (True, True, True, True)
    assert (found.gap, found.count_gap, found.violations.tolist()) == (0.0, 0.0, [])


@pytest.mark.parametrize(
    ("rows", "cols"),
    [
        ([0, 0], [0, 1]),  # a row twice
        ([0, 1], [1, 1]),  # a column twice
        ([0, 2], [0, 1]),  # no such row
        ([0, -1], [0, 1]),
        ([0, 1], [0, 5]),  # no such column
    ],
)
def test_a_matching_that_is_none_is_not_valid(rows: list[int], cols: list[int]) -> None:
    found = checked(rows=np.array(rows), cols=np.array(cols))
    assert not found.valid
    assert not found.ok
    assert found.feasible


def test_a_pair_that_is_not_allowed_is_not_valid() -> None:
    problem = Problem.from_scores([[1.0, 0.5], [0.5, 1.0]], [[True, True], [True, False]])
    found = checked(problem)
    assert not found.valid
    assert not found.ok


def test_pairs_above_their_prices_are_named() -> None:
    found = checked(row_prices=np.array([2.0, 1.25]))
    assert (found.feasible, found.covered, found.ok) == (False, True, False)
    assert found.violations.tolist() == [[1, 0], [1, 1]]
    assert found.gap == -0.75


def test_pairs_outside_the_cover_are_named() -> None:
    found = checked(row_count_prices=np.array([1.0, 0.0]), col_count_prices=np.array([0.0, 1.0]))
    assert (found.feasible, found.covered, found.ok) == (True, False, False)
    assert found.count_gap == 0.0
    assert found.violations.tolist() == [[1, 0]]


def test_a_cover_larger_than_the_matching_proves_nothing() -> None:
    found = checked(col_count_prices=np.array([1.0, 0.0]))
    assert (found.covered, found.count_gap, found.ok) == (True, 1.0, False)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, -1.0, 1.7e308])
@pytest.mark.parametrize(
    "name", ["row_prices", "col_prices", "row_count_prices", "col_count_prices"]
)
def test_numbers_that_are_no_prices_prove_nothing(name: str, wrong: float) -> None:
    prices = PROOF[name].copy()
    prices[1] = wrong
    found = checked(**{name: prices})
    assert not found.ok
    assert not (found.covered if "count" in name else found.feasible)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -1.0, 0.5, 2.0, 1.7e308])
def test_a_wrong_lam_proves_nothing(wrong: float) -> None:
    assert not checked(lam=wrong).ok


def test_under_score_lam_must_be_zero() -> None:
    score: dict[str, Any] = {
        "objective": Objective.SCORE,
        "row_count_prices": None,
        "col_count_prices": None,
    }
    assert checked(**score, lam=0.0, row_prices=np.array([1.0, 1.0])).ok
    found = checked(**score, lam=1.0)
    assert not found.ok
    assert not found.feasible


def test_a_huge_lam_hides_nothing() -> None:
    """Beside 2**60 the scores vanish in float64, and with them what tells good from best."""
    huge = 2.0**60
    forged: dict[str, Any] = {
        "objective": Objective.PEOPLE_THEN_SCORE,
        "row_prices": np.array([huge, huge]),
        "col_prices": np.array([0.25, 0.0]),
        "lam": huge,
        "row_count_prices": np.ones(2),
        "col_count_prices": np.zeros(2),
    }
    worse = Problem.from_scores([[0.75, 0.125], [0.125, 0.25]])
    assert not check(worse, np.array([0, 1]), np.array([1, 0]), **forged).ok


def test_foreign_scores_may_be_rounded_up_and_no_more() -> None:
    problem = Problem.from_scores([[0.1, 0.0], [0.0, 0.3]])
    step = 2.0**-51
    score: dict[str, Any] = {
        "objective": Objective.SCORE,
        "row_count_prices": None,
        "col_count_prices": None,
        "lam": 0.0,
    }
    assert checked(problem, **score, row_prices=np.array([0.1, 0.3 + step])).ok
    assert not checked(problem, **score, row_prices=np.array([0.1, 0.3 + 3 * step])).ok


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"row_prices": np.ones(3)}, r"row_prices has shape \(3,\); this problem takes \(2,\)"),
        ({"col_prices": np.ones(1)}, r"col_prices has shape \(1,\); this problem takes \(2,\)"),
        ({"row_count_prices": np.ones(0)}, "row_count_prices has shape"),
        ({"col_count_prices": np.ones((2, 2))}, "col_count_prices has shape"),
        (
            {"objective": Objective.SCORE},
            "count prices go with people_then_score or a floor, and only",
        ),
        ({"row_count_prices": None, "col_count_prices": None}, "count prices go with"),
        ({"col_count_prices": None}, "needed for the rows and for the columns"),
    ],
)
def test_prices_of_the_wrong_shape_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        checked(**changes)
