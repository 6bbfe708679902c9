"""When to stop before the best answer is proven."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign import heaviest, hungarian, solve_assignment
from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.problem import Objective, Problem
from mentormatch.assign.solve import solve
from tests.assign.strategies import objectives, random_table


def test_no_limits_are_never_over() -> None:
    assert not NO_LIMITS.are_over
    assert Limits.of(0.0, None) == NO_LIMITS


def test_time_runs() -> None:
    assert Limits.of(0.0, 1e-9).are_over
    assert not Limits.of(0.0, 3600.0).are_over


@pytest.mark.parametrize("gap", [-0.1, 1.0, math.nan, math.inf])
def test_a_gap_is_a_part_of_the_bound(gap: float) -> None:
    with pytest.raises(ValueError, match="at least 0 and below 1"):
        solve_assignment([[1.0]], gap=gap)


@pytest.mark.parametrize("time_limit", [0.0, -1.0, math.nan])
def test_a_time_limit_is_above_0(time_limit: float) -> None:
    with pytest.raises(ValueError, match="a number of seconds above 0, or None"):
        solve_assignment([[1.0]], time_limit=time_limit)


@given(st.integers(0, 50), st.sampled_from([0.0, 0.01, 0.3, 0.9]), objectives)
def test_the_engine_stops_at_a_proven_gap(seed: int, gap: float, objective: Objective) -> None:
    table = random_table(seed, (40, 30), 0.3, 2**40)
    best = solve(table.problem, objective)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heaviest, "FEW_CELLS", -1)
        patch.setattr(hungarian, "LOOKS_AT_ONCE", 20)
        patch.setattr(hungarian, "LOOKS_PER_PAIR", 1)
        found = solve_assignment(table.scores, allowed=table.allowed, objective=objective, gap=gap)
    assert 0.0 <= found.gap <= gap * found.bound
    assert len(found.rows) == len(best.rows) or objective is Objective.SCORE
    assert best.value - found.value <= found.gap


@given(st.integers(0, 50), st.integers(0, 9), objectives)
def test_the_engine_says_how_far_it_came(seed: int, patience: int, objective: Objective) -> None:
    table = random_table(seed, (40, 30), 0.3, 2**40)
    problem, asked = table.problem, iter(range(patience))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heaviest, "FEW_CELLS", -1)
        patch.setattr(hungarian, "LOOKS_AT_ONCE", 20)
        patch.setattr(Limits, "are_over", property(lambda _: next(asked, None) is None))
        found = solve(problem, objective, limits=Limits(deadline=1.0))
    cover = found.row_prices[problem.rows] + found.col_prices[problem.cols]
    assert (cover >= problem.scores + found.lam).all()
    best = solve(problem, objective)
    assert found.most_pairs >= len(best.rows) or objective is Objective.SCORE
    if len(found.rows) == len(best.rows) or objective is Objective.SCORE:
        assert best.value <= found.bound + 1e-9


@given(st.integers(0, 50), objectives)
def test_somebody_leaves_and_comes_back(seed: int, objective: Objective) -> None:
    table = random_table(seed, (40, 45), 0.2, 2**40)
    whole, gone = table.problem, seed % 40
    kept = np.flatnonzero(whole.rows != gone)
    without = Problem(whole.shape, whole.rows[kept], whole.cols[kept], whole.scores[kept])
    start, expected = solve(whole, objective), solve(without, objective)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heaviest, "FEW_CELLS", -1)
        allowed = table.allowed.copy()
        allowed[gone] = False
        left = solve_assignment(table.scores, allowed=allowed, objective=objective, start=start)
        back = solve_assignment(
            table.scores, allowed=table.allowed, objective=objective, start=left
        )
    assert (left.value, left.gap) == (expected.value, 0.0)
    assert (back.value, back.gap) == (start.value, 0.0)


def test_a_start_has_the_shape_of_the_scores() -> None:
    start = solve_assignment([[1.0, 2.0]])
    with pytest.raises(ValueError, match=r"start has the shape \(1, 2\), the scores have \(1, 1\)"):
        solve_assignment([[1.0]], start=start)
