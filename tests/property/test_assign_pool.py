"""Laws: the best matching of one pool is the one that other means find, and its proof holds."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign import Objective
from mentormatch.assign import heaviest as choosing
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_problem import PoolProblem
from tests.assign.pools import (
    all_matchings,
    checked,
    networkx_worth,
    pool,
    pools,
    random_pool,
    reached,
)
from tests.assign.strategies import foreign, objectives


@given(pools(), objectives)
def test_equals_networkx(problem: PoolProblem, objective: Objective) -> None:
    solution = heaviest_pool(problem, objective)
    assert reached(solution) == networkx_worth(problem, objective)
    assert solution.is_optimal
    assert solution.gap == 0
    assert solution.step == 0


@given(st.integers(0, 2**32), objectives)
def test_equals_networkx_on_up_to_sixty_members(seed: int, objective: Objective) -> None:
    problem = random_pool(seed)
    solution = heaviest_pool(problem, objective)
    assert reached(solution) == networkx_worth(problem, objective)
    assert checked(problem, solution).ok


@given(pools(), objectives)
def test_the_proof_verifies_without_any_tolerance(
    problem: PoolProblem, objective: Objective
) -> None:
    solution = heaviest_pool(problem, objective)
    found = checked(problem, solution)
    assert found.ok
    assert (found.gap, found.count_gap) == (0.0, 0.0)
    assert found.violations.shape == (0, 2)


@given(pools(most=6), objectives)
def test_the_proof_holds_for_the_best_matchings_and_no_other(
    problem: PoolProblem, objective: Objective
) -> None:
    solution = heaviest_pool(problem, objective)
    worth = dict(
        zip(zip(problem.a.tolist(), problem.b.tolist(), strict=True), problem.scores, strict=True)
    )
    counts = objective is Objective.PEOPLE_THEN_SCORE
    best = reached(solution)
    for pairs in all_matchings(problem):
        value = math.fsum(worth[pair] for pair in pairs)
        found = len(pairs) if counts else 0, value
        assert found <= best
        assert checked(problem, solution, pairs).ok == (found == best)
        if not counts or len(pairs) >= len(solution.a):
            assert value <= solution.bound


@given(pools(values=foreign, most=6), objectives)
def test_foreign_floats_are_proven_but_for_the_rounding(
    problem: PoolProblem, objective: Objective
) -> None:
    solution = heaviest_pool(problem, objective)
    found = checked(problem, solution)
    assert found.valid
    assert found.feasible
    assert found.covered
    assert (found.gap, found.count_gap) == (solution.gap, 0.0)
    # Beside a huge score, and so a huge lam, small ones are not proven to their last digit.
    assert found.ok == solution.is_optimal


@given(pools(), objectives, st.randoms(use_true_random=False))
def test_renaming_members_changes_neither_how_many_nor_the_total(
    problem: PoolProblem, objective: Objective, random: Random
) -> None:
    names = list(range(problem.size))
    random.shuffle(names)
    renamed = pool(
        problem.size,
        [
            (names[a], names[b], score)
            for a, b, score in zip(
                problem.a.tolist(), problem.b.tolist(), problem.scores.tolist(), strict=True
            )
        ],
    )
    one, other = heaviest_pool(problem, objective), heaviest_pool(renamed, objective)
    assert reached(one) == reached(other)
    assert one.lam == other.lam


@given(pools(), objectives)
def test_the_same_input_has_the_same_answer(problem: PoolProblem, objective: Objective) -> None:
    one, other = heaviest_pool(problem, objective), heaviest_pool(problem, objective)
    assert np.array_equal(one.mate, other.mate)
    assert np.array_equal(one.prices, other.prices)
    assert np.array_equal(one.odd_sets.innermost, other.odd_sets.innermost)


@given(pools(), pools(), objectives)
def test_it_goes_on_from_any_answer(
    before: PoolProblem, problem: PoolProblem, objective: Objective
) -> None:
    size = max(before.size, problem.size)
    before = PoolProblem(size, before.a, before.b, before.scores)
    problem = PoolProblem(size, problem.a, problem.b, problem.scores)
    expected = heaviest_pool(problem, objective)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choosing, "FEW_CELLS", -1)
        start = heaviest_pool(before, objective)
        again = heaviest_pool(problem, objective, start)
    assert reached(again) == reached(expected)
    assert checked(problem, again).ok
