"""Whom groups concern is divided, and nobody else; answers and prices go both ways unchanged."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given

from mentormatch.assign import Objective
from mentormatch.assign.capacities import Capacities
from mentormatch.assign.problem import Problem
from mentormatch.assign.solve import solve
from mentormatch.assign.subdivision import Subdivision
from tests.assign.capacity_oracles import problems, solved


def test_only_who_could_have_too_many_of_a_group_is_divided() -> None:
    """Row 0 may have no two partners, row 1 has no two pairs in a group, row 2 is divided."""
    capacities = Capacities.of(
        (4, 4), [1, 3, 3, 3], 4, row_at_most=[1, 1, 1, 2], col_groups=[5, 5, 9, -1]
    )
    allowed = np.ones((4, 4), dtype=np.bool_)
    allowed[1, 1] = False
    divided = Subdivision.of(Problem.from_scores(np.ones((4, 4)), allowed, capacities))
    assert (divided.row.members.tolist(), divided.row.groups.tolist()) == ([2], [5])
    assert divided.problem.shape == (5, 5)
    # Of pairs those with the blank are new.
    assert len(divided.problem.rows) == len(divided.whole.rows) + 2
    assert divided.problem.rows[divided.position[divided.row.of_pair >= 0]].tolist() == [4, 4]


def test_without_groups_nothing_is_divided() -> None:
    whole = Problem.from_scores(np.ones((2, 3)), capacities=Capacities.of((2, 3), 2))
    divided = Subdivision.of(whole)
    assert divided.problem.shape == whole.shape
    np.testing.assert_array_equal(divided.origin, np.arange(6))


@given(problems(minima=False))
def test_an_answer_has_the_same_value_and_bound_divided(whole: Problem) -> None:
    """And every part and blank has all its places filled."""
    solution = solved(whole, Objective.SCORE)
    assert solution is not None
    divided = Subdivision.of(whole)
    chosen = divided.chosen(whole.find(solution.rows, solution.cols))
    asked = divided.problem.capacities
    assert asked is not None
    assert math.fsum(divided.problem.scores[chosen].tolist()) == solution.value
    for ends, most, least in (
        (divided.problem.rows, asked.row_capacity, asked.row_minimum),
        (divided.problem.cols, asked.col_capacity, asked.col_minimum),
    ):
        load = np.bincount(ends[chosen], minlength=len(most))
        assert ((least <= load) & (load <= most)).all()


@given(problems(minima=False))
def test_divided_problems_have_the_same_optimum(whole: Problem) -> None:
    """Solved as they are, with bids and without what the whole problem would lead to."""
    assume(whole.capacities is not None and not whole.capacities.have_no_groups)
    divided, expected = Subdivision.of(whole), solved(whole, Objective.SCORE)
    found = solve(divided.problem, Objective.SCORE)
    assert expected is not None
    assert found.value == expected.value
    assert found.is_optimal


@pytest.mark.parametrize("both", [False, True])
def test_prices_divided_prove_the_same(both: bool) -> None:
    rng = np.random.default_rng(8)
    scores = rng.integers(0, 9, (12, 9)) / 8
    groups: dict[str, Any] = {"row_at_most": 1, "col_groups": [0, 1, 2] * 3}
    if both:
        groups |= {"col_at_most": 2, "row_groups": [0, 1] * 6}
    whole = Problem.from_scores(scores, capacities=Capacities.of((12, 9), 3, 4, **groups))
    solution = solve(whole, Objective.SCORE)
    loads = solution.load_prices
    assert loads is not None
    assert loads.row_spread is not None
    assert len(loads.row_spread.prices)
    divided = Subdivision.of(whole)
    rows, cols = divided.prices(
        solution.row_prices - loads.row_minimum, solution.col_prices - loads.col_minimum, loads
    )
    beyond = divided.problem.scores - rows[divided.problem.rows] - cols[divided.problem.cols]
    chosen = np.zeros(len(beyond), dtype=np.bool_)
    chosen[divided.chosen(whole.find(solution.rows, solution.cols))] = True
    assert (beyond[~chosen] <= 0).all()
    assert (beyond[chosen] >= 0).all()
    assert solution.bound == solution.value
