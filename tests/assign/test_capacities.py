"""How capacities are read, and what is said where they cannot be met."""

import math
import pickle
from typing import Any

import numpy as np
import pytest

from mentormatch.assign import Problem, solve_assignment
from mentormatch.assign.capacities import Capacities, LoadPrices, bound_terms
from mentormatch.assign.shortage import ShortageError
from mentormatch.errors import InfeasibleError


def test_one_number_holds_for_all_and_the_default_is_one() -> None:
    read = Capacities.of((2, 3), row_capacity=2, col_minimum=[1, 0, 1])
    assert read.row_capacity.tolist() == [2, 2]
    assert read.col_capacity.tolist() == [1, 1, 1]
    assert read.row_minimum.tolist() == [0, 0]
    assert read.col_minimum.tolist() == [1, 0, 1]
    assert not read.are_ones
    assert Capacities.of((2, 3)).are_ones
    assert not Capacities.of((2, 3), row_capacity=[0, 1]).are_ones
    assert Capacities.of((2, 0), row_capacity=3).are_ones  # as there is nobody to be paired with


def test_nobody_has_more_places_than_there_are_partners() -> None:
    read = Capacities.of((1, 2), row_capacity=2**62, col_capacity=[5, 0])
    assert read.row_capacity.tolist() == [2]
    assert read.col_capacity.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"row_capacity": [1, -2]}, r"^row_capacity\[1\] is -2; it must be 0 or more$"),
        ({"row_capacity": [-1, -2]}, r"^row_capacity\[0\] is -1.*\(and 1 more such\)$"),
        ({"row_capacity": 1.5}, "^row_capacity holds float64; it takes whole numbers$"),
        ({"row_capacity": True}, "^row_capacity holds bool; it takes whole numbers$"),
        ({"col_capacity": [1, 2]}, r"^col_capacity has shape \(2,\); .* or shape \(3,\)$"),
        ({"col_minimum": [[1]]}, r"^col_minimum has shape \(1, 1\)"),
        ({"col_minimum": [0, 2, 0]}, r"^col_minimum\[1\] is 2, above its capacity of 1; lower"),
        ({"row_minimum": -1}, r"^row_minimum\[0\] is -1; .*\(and 1 more such\)$"),
        ({"row_capacity": "two"}, "^row_capacity holds <U3"),
        ({"row_at_most": 1}, "^row_at_most and col_groups go together; give col_groups as well$"),
        ({"row_groups": 1}, "^col_at_most and row_groups go together; give col_at_most as well$"),
        (
            {"row_at_most": 0, "col_groups": 1},
            r"^row_at_most\[0\] is 0; it must be 1 or more \(and 1 more such\)$",
        ),
        (
            {"col_at_most": 1, "row_groups": [-1, -2]},
            r"^row_groups\[1\] is -2; it must be -1 or more$",
        ),
        ({"col_at_most": [1, 1], "row_groups": 0}, r"^col_at_most has shape \(2,\)"),
    ],
)
def test_what_is_no_capacity_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        solve_assignment(np.ones((2, 3)), **given)


def test_all_faults_are_reported_at_once() -> None:
    with pytest.raises(ValueError, match="row_capacity") as caught:
        solve_assignment(np.ones((2, 3)), row_capacity=-1, col_capacity=0.5, row_minimum=[0, 3])
    assert [line.partition(" ")[0] for line in str(caught.value).splitlines()] == [
        "row_capacity[0]",
        "col_capacity",
    ]


def test_they_are_of_the_shape_of_the_scores() -> None:
    with pytest.raises(
        ValueError, match=r"capacities have the shape \(1, 2\), the scores \(2, 1\)"
    ):
        Problem.from_scores([[1.0], [1.0]], capacities=Capacities.of((1, 2)))


def test_no_rows_take_any_list_of_capacities() -> None:
    assert len(solve_assignment(np.ones((0, 2)), row_capacity=[], col_capacity=2).rows) == 0


def test_groups_are_those_of_partners() -> None:
    read = Capacities.of(
        (1, 2), 2, row_at_most=1, col_groups=[4, -1], col_at_most=[1, 2], row_groups=7
    )
    assert read.row_spread is not None
    assert read.col_spread is not None
    assert read.row_spread.at_most.tolist() == [1]
    assert read.row_spread.groups.tolist() == [4, -1]
    assert read.col_spread.at_most.tolist() == [1, 2]
    assert read.col_spread.groups.tolist() == [7]
    assert not read.have_no_groups
    assert Capacities.of((1, 2), 2).have_no_groups


def test_partners_of_several_groups() -> None:
    """The two best of one department would be worth 17; the second best stays with another."""
    scores = [[9.0, 8.0, 1.0, 0.5]]
    asked: dict[str, Any] = {"row_at_most": 1, "col_groups": [0, 0, 1, -1]}
    two = solve_assignment(scores, row_capacity=2, **asked)
    assert (two.cols.tolist(), two.value, two.is_optimal) == ([0, 2], 10.0, True)
    all_of_them = solve_assignment(scores, row_capacity=4, **asked)
    assert all_of_them.cols.tolist() == [0, 2, 3]


def test_who_has_no_place_takes_no_part() -> None:
    solution = solve_assignment([[5.0, 1.0], [4.0, 3.0]], row_capacity=[0, 1], col_capacity=2)
    assert (solution.rows.tolist(), solution.cols.tolist()) == ([1], [0])
    assert solution.is_optimal


def test_a_shortage_names_who_is_short_and_who_is_full() -> None:
    scores = np.array([[1.0, np.nan, 1.0], [1.0, np.nan, np.nan], [np.nan, 1.0, 1.0]])
    with pytest.raises(InfeasibleError) as caught:
        solve_assignment(scores, allowed=~np.isnan(scores), row_capacity=2, row_minimum=[2, 1, 1])
    error = caught.value
    assert isinstance(error, ShortageError)
    assert error.side == "row"
    assert error.members.tolist() == [0, 1]
    assert error.partners.tolist() == [0]
    assert (error.needed, error.available, error.shortage) == (3, 2, 1)
    assert str(error) == (
        "the minimum of rows 0, 1 takes 3 partners in all, and there can be 2: "
        "lower row_minimum, raise col_capacity of column 0, or allow more pairs"
    )


def test_a_shortage_of_one_who_has_too_few_pairs() -> None:
    with pytest.raises(ShortageError) as caught:
        solve_assignment([[1.0], [0.0]], allowed=[[True], [False]], col_capacity=2, col_minimum=2)
    error = caught.value
    assert (error.side, error.members.tolist(), error.partners.tolist()) == ("col", [0], [])
    assert (error.needed, error.available) == (2, 1)
    assert str(error).endswith("there can be 1: lower col_minimum, or allow more pairs")


def test_a_shortage_names_the_limit_on_groups_if_it_is_one() -> None:
    with pytest.raises(ShortageError) as caught:
        solve_assignment(
            np.ones((2, 3)), row_capacity=3, row_minimum=[0, 2], row_at_most=1, col_groups=[5, 5, 5]
        )
    error = caught.value
    assert (error.side, error.members.tolist(), error.partners.tolist()) == ("row", [1], [])
    assert (error.needed, error.available) == (2, 1)
    assert (error.row_groups.tolist(), error.col_groups.tolist()) == ([[1, 5]], [])
    assert str(error) == (
        "the minimum of row 1 takes 2 partners in all, and there can be 1: "
        "lower row_minimum, raise row_at_most, or allow more pairs"
    )
    again = pickle.loads(pickle.dumps(error))
    assert again.row_groups.tolist() == [[1, 5]]
    assert str(again) == str(error)


def test_a_shortage_because_partners_may_have_too_few_of_a_group() -> None:
    """Both columns would have room for both rows, which are of one department."""
    with pytest.raises(ShortageError) as caught:
        solve_assignment(
            np.ones((3, 2)),
            row_capacity=2,
            col_capacity=2,
            row_minimum=[2, 1, 0],
            col_at_most=1,
            row_groups=[0, 0, 1],
        )
    error = caught.value
    assert (error.side, error.members.tolist(), error.partners.tolist()) == ("row", [0, 1], [])
    assert (error.needed, error.available) == (3, 2)
    assert (error.row_groups.tolist(), error.col_groups.tolist()) == ([], [[0, 0], [1, 0]])


def test_a_shortage_crosses_process_boundaries_whole() -> None:
    error = ShortageError("col", np.array([3]), np.array([1, 2]), 5, 4)
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert (again.side, again.members.tolist(), again.shortage) == ("col", [3], 1)


def test_a_bound_is_the_exact_sum_of_prices_times_places() -> None:
    """Plain sums of thirds, and back, leave an error of rounding."""
    third = 1.0 / 3.0
    capacities = Capacities.of((1, 3), row_capacity=3, row_minimum=3)
    nothing, zeros = np.zeros(3), np.zeros(0)
    none = np.zeros(0, dtype=np.int64)
    loads = LoadPrices(none, none, zeros, np.array([third]), nothing)
    prices = np.array([third])
    assert math.fsum(bound_terms(prices, nothing, capacities, None, 0.0)) == pytest.approx(1.0)
    terms = bound_terms(prices, nothing, capacities, loads, 0.0)
    assert math.fsum(terms) == 0.0
    # At a lam of 0.5 each of the two places after the first costs a quarter less.
    terms = bound_terms(np.array([0.75]), nothing, capacities, None, 0.5)
    assert math.fsum(terms) == 0.75 + 2 * 0.5
