"""Floors by example, what is refused, and what their parts do."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mentormatch.assign import Objective, Status, solve_assignment
from mentormatch.assign.capacities import Capacities
from mentormatch.assign.count import most_people, served
from mentormatch.assign.floor import Between, narrowed, neediest
from mentormatch.assign.limits import NO_LIMITS
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pricing import priced
from mentormatch.assign.problem import Problem
from mentormatch.assign.ring_certificate import check_rings
from mentormatch.assign.ring_problem import RingProblem
from mentormatch.assign.rings import solve_rings
from mentormatch.assign.solve import solve
from mentormatch.progress import quiet
from tests.assign.floors import checked, pool_checked
from tests.assign.pools import pool
from tests.assign.strategies import random_table

FAIR = Objective.FLOOR_THEN_SCORE
#: The best pair leaves the worst for the others.
UNEVEN = Problem.from_scores([[1.0, 0.5], [0.5, 0.125]])


def test_a_total_is_given_up_for_the_worst_pair() -> None:
    solution = solve(UNEVEN, FAIR)
    assert solution.floor is not None
    assert (solution.value, solution.floor.score, solution.floor.score_given_up) == (
        1.0,
        0.5,
        0.125,
    )
    assert (solution.status, solution.gap) == (Status.OPTIMAL, 0.0)
    assert repr(solution) == "Solution(floor_then_score: 2 pairs worth 1, optimal)"


def test_people_come_before_the_floor() -> None:
    solution = solve_assignment(
        [[1.0, 0.5], [0.25, math.nan]],
        allowed=[[True, True], [True, False]],
        objective="floor_then_score",
    )
    assert solution.floor is not None
    assert (len(solution.rows), solution.floor.score) == (2, 0.25)


def test_the_total_comes_after_the_floor() -> None:
    """Two ways keep the floor of row 0; of these the better one counts."""
    scores = np.array([[0.25, 0.0, 0.0], [0.0, 1.0, 0.5], [0.0, 0.5, 0.25]])
    solution = solve_assignment(scores, allowed=scores > 0, objective="floor_then_score")
    assert solution.floor is not None
    assert (solution.floor.score, solution.value, solution.cols.tolist()) == (0.25, 1.5, [0, 1, 2])


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (2, 3)])
def test_without_pairs_there_is_no_worst_one(shape: tuple[int, int]) -> None:
    nothing = np.zeros(0, dtype=np.int64)
    problem = Problem(shape, nothing, nothing, np.zeros(0))
    solution = solve(problem, FAIR)
    assert solution.floor is not None
    assert (solution.floor.score, solution.floor.at_most) == (math.inf, math.inf)
    assert solution.floor.score_given_up == 0.0
    assert solution.is_optimal
    assert checked(problem, solution).ok
    finite = replace(solution, floor=replace(solution.floor, score=0.5, at_most=0.5))
    assert not finite.is_optimal
    assert not checked(problem, finite).ok


def test_a_pool_without_pairs_has_no_worst_one() -> None:
    problem = pool(3, [])
    solution = heaviest_pool(problem, FAIR)
    assert solution.floor is not None
    assert solution.floor.score == math.inf
    assert solution.is_optimal
    assert pool_checked(problem, solution).ok


def test_only_who_takes_part_counts() -> None:
    capacities = Capacities.of((2, 2), row_capacity=[0, 1])
    problem = replace(UNEVEN, capacities=capacities)
    solution = solve(problem, FAIR)
    assert solution.floor is not None
    assert (solution.floor.score, solution.rows.tolist()) == (0.5, [1])
    assert checked(problem, solution).ok


def test_pairs_that_cannot_meet_the_minima_are_proven_to_serve_nobody() -> None:
    """Column 0 has to have two partners, and one of the two that it may have is worth little."""
    allowed = np.array([[True, True], [True, True], [False, True]])
    scores = np.array([[1.0, 1.0], [0.25, 1.0], [0.0, 1.0]])
    capacities = Capacities.of((3, 2), col_capacity=2, col_minimum=[2, 0])
    problem = Problem.from_scores(scores, allowed, capacities)
    solution = solve(problem, FAIR)
    assert solution.floor is not None
    assert solution.floor.score == 0.25
    assert solution.floor.people_above(capacities) < 0
    assert checked(problem, solution).ok


def test_the_check_wants_a_floor_where_it_is_asked_for_and_nowhere_else() -> None:
    solution = solve(UNEVEN, FAIR)
    for objective, floor in ((FAIR, None), (Objective.PEOPLE_THEN_SCORE, solution.floor)):
        with pytest.raises(ValueError, match="a floor goes with floor_then_score, and only with"):
            checked(UNEVEN, replace(solution, objective=objective, floor=floor))
    ring = pool(3, [(0, 1, 1.0), (0, 2, 0.5), (1, 2, 0.25)])
    found = heaviest_pool(ring, FAIR)
    for objective, none in ((FAIR, None), (Objective.PEOPLE_THEN_SCORE, found.floor)):
        with pytest.raises(ValueError, match="a floor goes with floor_then_score, and only with"):
            pool_checked(ring, replace(found, objective=objective, floor=none))


def test_floors_of_other_lengths_are_refused() -> None:
    solution = solve(UNEVEN, FAIR)
    assert solution.floor is not None
    for name in ("row_count_prices", "col_count_prices"):
        short: dict[str, Any] = {name: np.zeros(1)}
        with pytest.raises(ValueError, match=rf"{name} of the floor has shape \(1,\)"):
            checked(UNEVEN, replace(solution, floor=replace(solution.floor, **short)))
    ring = pool(2, [(0, 1, 1.0)])
    found = heaviest_pool(ring, FAIR)
    assert found.floor is not None
    longer = replace(found.floor, count_prices=np.zeros(3))
    with pytest.raises(ValueError, match=r"the floor's count prices are of \(3,\) members"):
        pool_checked(ring, replace(found, floor=longer))


def test_pairs_above_a_floor_that_its_prices_do_not_cover_are_named() -> None:
    problem = replace(UNEVEN, scores=np.array([1.0, 0.75, 0.5, 0.125]))
    solution = solve(problem, FAIR)
    assert solution.floor is not None
    bare = replace(solution.floor, row_count_prices=np.zeros(2), col_count_prices=np.zeros(2))
    found = checked(problem, replace(solution, floor=bare))
    assert found.violations.tolist() == [[0, 0], [0, 1]]
    assert (found.feasible, found.covered, found.highest, found.ok) == (True, True, False, False)


def test_prices_above_a_floor_of_a_pool_have_to_allow_fewer_pairs() -> None:
    problem = pool(4, [(0, 1, 1.0), (1, 2, 0.5), (2, 3, 0.25)])
    solution = heaviest_pool(problem, FAIR)
    assert solution.floor is not None
    assert solution.floor.score == 0.25
    for prices, allowed, holds in (
        ([0.0, 1.0, 0.0, 0.0], 1, True),
        ([0.0, 1.0, 0.5, 0.0], 1, True),
        ([0.0, 1.0, 1.0, 0.0], 2, False),
        ([0.5, 0.5, 0.0, 0.0], 1, False),
        ([0.0, np.nan, 0.0, 0.0], 1, False),
    ):
        proof = replace(solution.floor, count_prices=np.array(prices))
        assert math.isnan(sum(prices)) or proof.pairs_above == allowed
        assert pool_checked(problem, replace(solution, floor=proof)).ok == holds
    doubtful = replace(solution.floor, count_prices=np.ones(4))
    assert not replace(solution, floor=doubtful).is_optimal


def test_a_solution_without_a_floor_does_not_claim_one() -> None:
    assert not replace(solve(UNEVEN, FAIR), floor=None).is_optimal
    one = pool(2, [(0, 1, 1.0)])
    assert not replace(heaviest_pool(one, FAIR), floor=None).is_optimal


def test_who_cannot_keep_a_floor_says_so() -> None:
    ring = RingProblem.from_scores(np.ones((2, 2)), ~np.eye(2, dtype=np.bool_))
    with pytest.raises(ValueError, match="rings take score or people_then_score"):
        solve_rings(ring, FAIR)
    nothing, prices = np.zeros(0, dtype=np.int64), np.zeros(2)
    with pytest.raises(ValueError, match="rings have no proof for floor_then_score"):
        check_rings(ring, np.array([0]), nothing, prices, prices, objective=FAIR, longest=None)
    with pytest.raises(ValueError, match="floor_then_score takes all pairs at hand"):
        priced(None, FAIR)  # type: ignore[arg-type]  # no source is looked at


def test_an_exact_answer_is_good_enough_for_any_gap() -> None:
    table = random_table(1, (30, 30), 0.3, 2**40)
    exact, rough = (
        solve_assignment(table.scores, allowed=table.allowed, objective=FAIR, gap=gap)
        for gap in (0.0, 0.5)
    )
    assert rough.is_optimal
    assert rough.value == exact.value


def test_the_search_tries_the_highest_score_and_then_as_few_as_there_are_halvings() -> None:
    tried: list[float] = []

    def serves(score: float, answer: np.ndarray[Any, Any]) -> Any:
        tried.append(score)
        return (answer, None) if score <= 700.0 else (None, score)

    start = Between(0.0, np.zeros(0, dtype=np.int64), 1023.0, -1.0)
    found = narrowed(np.arange(1024.0), start, serves, NO_LIMITS, quiet)
    assert (found.low, found.high, found.proof) == (700.0, 700.0, 701.0)
    assert tried[0] == 1023.0
    assert len(tried) == 11
    tried.clear()
    at_once = narrowed(np.arange(701.0), replace(start, high=700.0), serves, NO_LIMITS, quiet)
    assert (at_once.low, at_once.high, at_once.proof) == (700.0, 700.0, -1.0)
    assert tried == [700.0]


def test_a_trial_that_was_cut_short_ends_the_search() -> None:
    start = Between(0.0, np.zeros(0, dtype=np.int64), 7.0, "")
    found = narrowed(np.arange(8.0), start, lambda score, answer: (None, None), NO_LIMITS, quiet)
    assert (found.low, found.high) == (0.0, 7.0)


def test_nobody_with_a_price_is_needy() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    assert neediest(np.zeros(3), (nobody, nobody), np.zeros(0), np.zeros(0)) is None


@pytest.mark.parametrize("density", [0.02, 0.2, 1.0])
def test_most_people_are_counted_alike_with_capacities_of_one(density: float) -> None:
    problem = random_table(5, (60, 50), density).problem
    ones = replace(problem, capacities=Capacities.of(problem.shape))
    plain = most_people(problem, np.zeros(0, dtype=np.int64))
    asked = most_people(ones, np.zeros(0, dtype=np.int64))
    assert served(problem, plain.chosen) == served(ones, asked.chosen) == plain.prices.total
    assert asked.bound(ones.capacities, lam=1.0) == plain.prices.total
