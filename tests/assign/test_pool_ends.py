"""What the others are worth to somebody single in a pool, against solving without them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign import Objective
from mentormatch.assign.ends import Gain
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_ends import PoolEnds, PoolWorth
from mentormatch.assign.pool_problem import PoolProblem
from tests.assign.pools import networkx_worth, pool, pools, random_pool
from tests.assign.strategies import coarse

OBJECTIVES = st.sampled_from([Objective.SCORE, Objective.PEOPLE_THEN_SCORE])


def weighted(problem: PoolProblem, without: tuple[int, ...] = ()) -> list[tuple[int, int, float]]:
    listed = zip(problem.a.tolist(), problem.b.tolist(), problem.scores.tolist(), strict=True)
    return [(a, b, score) for a, b, score in listed if not {a, b} & set(without)]


def gained(
    problem: PoolProblem, objective: Objective, single: int, pairs: dict[int, float]
) -> tuple[int, float]:
    """What somebody adds with other pairs, by solving twice."""
    before = networkx_worth(problem, objective)
    others = weighted(problem, (single,))
    mine = [(single, other, score) for other, score in pairs.items()]
    after = networkx_worth(pool(problem.size, others + mine), objective)
    return after[0] - before[0], after[1] - before[1]


def ends_of(problem: PoolProblem, objective: Objective) -> tuple[PoolWorth, list[int]]:
    solution = heaviest_pool(problem, objective)
    worth = PoolWorth.of(problem, solution)
    assert worth is not None
    return worth, np.flatnonzero(solution.mate < 0).tolist()


def one_gain(ends: PoolEnds, pairs: dict[int, float]) -> Gain:
    others = np.array(list(pairs), dtype=np.int64)
    [gain] = ends.gain_of_rows(np.zeros_like(others), others, np.array(list(pairs.values())), 1)
    return gain


def check(problem: PoolProblem, objective: Objective, seed: int) -> None:
    """All single members, with random other pairs, tied with others and not."""
    rng = np.random.default_rng(seed)
    worth, singles = ends_of(problem, objective)
    for single in singles[:4]:
        ends = worth.without(single)
        for _ in range(3):
            others = [one for one in range(problem.size) if one != single and rng.random() < 0.5]
            scores = rng.integers(0, 9, len(others)) / 8.0
            pairs = dict(zip(others, scores.tolist(), strict=True))
            gain, expected = one_gain(ends, pairs), gained(problem, objective, single, pairs)
            if gain.is_some:
                assert (gain.pairs, gain.score) == expected
            else:
                assert expected == (0, 0.0)


@given(pools(9, coarse), OBJECTIVES, st.integers(0, 99))
def test_what_a_single_member_adds_is_what_solving_again_gains(
    problem: PoolProblem, objective: Objective, seed: int
) -> None:
    check(problem, objective, seed)


@pytest.mark.parametrize("objective", [Objective.SCORE, Objective.PEOPLE_THEN_SCORE])
@pytest.mark.parametrize("seed", range(60))
def test_what_a_single_member_adds_in_larger_pools(seed: int, objective: Objective) -> None:
    check(random_pool(seed, most=40), objective, seed)


@given(pools(8, coarse), OBJECTIVES, st.integers(0, 99))
def test_what_somebody_new_adds_is_what_solving_again_gains(
    problem: PoolProblem, objective: Objective, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    worth, _ = ends_of(problem, objective)
    ends, before = worth.beside, networkx_worth(problem, objective)
    for _ in range(3):
        scores = rng.integers(0, 9, problem.size) / 8.0
        pairs = {one: float(scores[one]) for one in range(problem.size) if rng.random() < 0.5}
        mine = [(problem.size, other, score) for other, score in pairs.items()]
        after = networkx_worth(pool(problem.size + 1, weighted(problem) + mine), objective)
        gain = one_gain(ends, pairs)
        assert (gain.pairs, gain.score) == (after[0] - before[0], after[1] - before[1])


@given(pools(8, coarse), OBJECTIVES, st.integers(0, 99))
def test_all_pairs_that_add_most_are_found(
    problem: PoolProblem, objective: Objective, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    worth, singles = ends_of(problem, objective)
    for single in singles[:2]:
        others = np.array([one for one in range(problem.size) if one != single], dtype=np.int64)
        scores = rng.integers(0, 5, len(others)) / 4.0
        gain, which = worth.without(single).best_of(others, scores)
        alone = [
            gained(problem, objective, single, {other: score})
            for other, score in zip(others.tolist(), scores.tolist(), strict=True)
        ]
        most = max([*alone, (0, 0.0)])
        assert (gain.pairs, gain.score) == most
        best = [place for place, one in enumerate(alone) if one == most > (0, 0.0)]
        assert which.tolist() == best


def test_nothing_is_known_by_prices_where_a_floor_counts() -> None:
    problem = pool(3, [(0, 1, 0.5), (1, 2, 0.25)])
    assert PoolWorth.of(problem, heaviest_pool(problem, Objective.FLOOR_THEN_SCORE)) is None


def check_everybody(problem: PoolProblem, objective: Objective) -> None:
    worth, _ = ends_of(problem, objective)
    ends, whole = worth.beside, networkx_worth(problem, objective)
    assert ends.is_known.all()
    for member in range(problem.size):
        rest = networkx_worth(pool(problem.size, weighted(problem, (member,))), objective)
        pairs = int(ends.pairs[member])
        score = float(ends.costs[member]) - ends.lam * pairs
        assert (pairs, score) == (whole[0] - rest[0], whole[1] - rest[1])


@given(pools(9, coarse), OBJECTIVES)
def test_everybody_is_worth_what_the_optimum_loses_without_them(
    problem: PoolProblem, objective: Objective
) -> None:
    check_everybody(problem, objective)


@pytest.mark.parametrize("objective", [Objective.SCORE, Objective.PEOPLE_THEN_SCORE])
@pytest.mark.parametrize("seed", range(30))
def test_everybody_is_worth_as_much_in_larger_pools(seed: int, objective: Objective) -> None:
    check_everybody(random_pool(seed, most=25), objective)
