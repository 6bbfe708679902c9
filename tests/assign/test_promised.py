"""Pairs that must be chosen: the best with them, and the way there and back."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mentormatch.assign import Objective, Problem
from mentormatch.assign.capacities import Capacities
from mentormatch.assign.certificate import check
from mentormatch.assign.promised import (
    shortage_without_stand_ins,
    solution_with_stand_ins,
    solution_without_stand_ins,
    with_stand_ins,
)
from mentormatch.assign.shortage import ShortageError
from mentormatch.assign.solve import solve
from tests.assign.capacity_oracles import checked, problems
from tests.assign.strategies import objectives


@st.composite
def promises(draw: st.DrawFn) -> tuple[Problem, Any]:
    """Problems with pairs that must be chosen, no more of anybody than they can have."""
    problem = draw(problems(most=3, groups=False))
    asked = problem.capacities
    assert asked is not None
    count = len(problem.rows)
    assume(count)
    some = draw(st.lists(st.integers(0, count - 1), max_size=3, unique=True))
    promised = np.array(sorted(some), dtype=np.int64)
    for ends, most in ((problem.rows, asked.row_capacity), (problem.cols, asked.col_capacity)):
        assume((np.bincount(ends[promised], minlength=len(most)) <= most).all())
    return problem, promised


def best_with(problem: Problem, promised: Any, objective: Objective) -> tuple[int, float] | None:
    """The best of all choices that hold the promised pairs, None where none meets the minima."""
    asked = problem.capacities
    assert asked is not None
    best = None
    free = np.setdiff1d(np.arange(len(problem.rows)), promised)
    for choice in itertools.product((False, True), repeat=len(free)):
        chosen = np.concatenate((promised, free[np.array(choice, dtype=np.bool_)]))
        row_load = np.bincount(problem.rows[chosen], minlength=problem.shape[0])
        col_load = np.bincount(problem.cols[chosen], minlength=problem.shape[1])
        if (
            (row_load > asked.row_capacity).any()
            or (row_load < asked.row_minimum).any()
            or (col_load > asked.col_capacity).any()
            or (col_load < asked.col_minimum).any()
        ):
            continue
        people = int((row_load > 0).sum() + (col_load > 0).sum())
        counted = people if objective is Objective.PEOPLE_THEN_SCORE else 0
        found = (counted, math.fsum(problem.scores[chosen].tolist()))
        best = found if best is None else max(best, found)
    return best


@given(promises(), objectives)
def test_the_best_that_holds_them_is_found_and_proven(
    case: tuple[Problem, Any], objective: Objective
) -> None:
    problem, promised = case
    best, stood_in = best_with(problem, promised, objective), with_stand_ins(problem, promised)
    if best is None:
        with pytest.raises(ShortageError) as short:
            solve(stood_in, objective)
        real = shortage_without_stand_ins(problem.shape, short.value)
        assert real.shortage == short.value.shortage > 0
        assert real.available >= 0
        return
    found = solve(stood_in, objective)
    solution = solution_without_stand_ins(problem, promised, found)
    people = solution.people if objective is Objective.PEOPLE_THEN_SCORE else 0
    assert (people, solution.value) == best
    assert solution.is_optimal
    assert (solution.gap, solution.bound) == (0.0, solution.value)
    assert solution.most_people == solution.people
    assert np.isin(promised, problem.find(solution.rows, solution.cols)).all()


@given(promises(), objectives)
def test_the_way_back_leads_to_a_proof_again(
    case: tuple[Problem, Any], objective: Objective
) -> None:
    problem, promised = case
    stood_in = with_stand_ins(problem, promised)
    try:
        solution = solution_without_stand_ins(problem, promised, solve(stood_in, objective))
    except ShortageError:
        return
    again = solution_with_stand_ins(problem, promised, solution)
    assert checked(stood_in, again).ok
    back = solution_without_stand_ins(problem, promised, again)
    for name in ("rows", "cols", "scores", "row_prices", "col_prices"):
        np.testing.assert_array_equal(getattr(back, name), getattr(solution, name))
    for one, other in (
        (back.load_prices, solution.load_prices),
        (back.count_load_prices, solution.count_load_prices),
    ):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            np.testing.assert_array_equal(one.pairs, other.pairs)
            np.testing.assert_array_equal(one.row_minimum, other.row_minimum)


def test_a_promise_at_a_loss_has_a_price_below_nothing() -> None:
    """Which the check of a problem that promises nothing does not accept."""
    problem = Problem.from_scores([[4.0, 3.0]], capacities=Capacities.of((1, 2)))
    promised = np.array([1])
    found = solve(with_stand_ins(problem, promised), Objective.SCORE)
    solution = solution_without_stand_ins(problem, promised, found)
    assert solution.load_prices is not None
    assert solution.load_prices.pairs.tolist() == [-1.0]
    verdict = check(
        problem,
        solution.rows,
        solution.cols,
        solution.row_prices,
        solution.col_prices,
        objective=solution.objective,
        load_prices=solution.load_prices,
    )
    assert not verdict.ok


@pytest.mark.parametrize("side", ["row", "col"])
def test_a_shortage_names_nobody_who_stands_in(side: str) -> None:
    error = ShortageError(side, np.array([0, 3]), np.array([1, 3]), needed=4, available=2)
    real = shortage_without_stand_ins((3, 3), error)
    assert (real.members.tolist(), real.partners.tolist()) == ([0], [1])
    assert (real.needed, real.available, real.shortage) == (3, 1, 2)
