"""One pool: what the verb promises beyond the laws."""

import math
import subprocess
import sys
from itertools import permutations

import numpy as np
import pytest

from mentormatch.assign import Objective, Status
from mentormatch.assign import heaviest as choosing
from mentormatch.assign import pool as solving
from mentormatch.assign.limits import Limits
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_problem import PoolProblem
from tests.assign.pools import checked, networkx_worth, pool, random_pool, reached
from tests.assign.strategies import WITHOUT_FLOOR


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_without_pairs_nobody_is_matched(size: int, objective: Objective) -> None:
    problem = pool(size, [])
    solution = heaviest_pool(problem, objective)
    assert solution.mate.tolist() == [-1] * size
    assert solution.is_optimal
    assert solution.bound == 0.0
    assert checked(problem, solution).ok


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("score", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("size", [3, 4, 7, 12])
def test_all_alike(size: int, score: float, objective: Objective) -> None:
    problem = pool(size, [(a, b, score) for b in range(size) for a in range(b)])
    solution = heaviest_pool(problem, objective)
    assert reached(solution) == networkx_worth(problem, objective)
    assert checked(problem, solution).ok
    if objective is Objective.PEOPLE_THEN_SCORE:
        assert len(solution.a) == solution.most_pairs == size // 2


def test_people_come_first_however_little_they_bring() -> None:
    """Four in a row, the middle pair worth a thousand times the outer ones together."""
    problem = pool(4, [(0, 1, 0.5), (1, 2, 1000.0), (2, 3, 0.5)])
    assert heaviest_pool(problem, Objective.SCORE).mate.tolist() == [-1, 2, 1, -1]
    solution = heaviest_pool(problem, Objective.PEOPLE_THEN_SCORE)
    assert solution.mate.tolist() == [1, 0, 3, 2]
    assert solution.value == solution.bound == 1.0


def test_lam_rises_along_a_path_on_which_many_give_way() -> None:
    length = 40
    pairs = [(place, place + 1, float(place % 2)) for place in range(2 * length - 1)]
    problem = pool(2 * length, pairs)
    solution = heaviest_pool(problem, Objective.PEOPLE_THEN_SCORE)
    assert len(solution.a) == length
    assert solution.lam >= length - 1
    assert solution.is_optimal
    assert checked(problem, solution).ok


@pytest.mark.parametrize("length", [4, 6])
def test_lam_does_not_depend_on_the_order_of_members(length: int) -> None:
    """Where more pairs and fewer are worth the same with lam, either may be found."""
    for names in permutations(range(length)):
        pairs = [(names[one], names[one + 1], float(one % 2)) for one in range(length - 1)]
        solution = heaviest_pool(pool(length, pairs), Objective.PEOPLE_THEN_SCORE)
        assert solution.lam == {4: 1.0, 6: 2.0}[length]
        assert solution.is_optimal


def test_the_same_by_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(60):
        problem = random_pool(seed)
        for objective in WITHOUT_FLOOR:
            small = heaviest_pool(problem, objective)
            with monkeypatch.context() as patch:
                patch.setattr(choosing, "FEW_CELLS", -1)
                large = heaviest_pool(problem, objective)
            assert reached(small) == reached(large)
            assert small.lam == large.lam
            assert checked(problem, large).ok


def test_small_pools_do_not_load_numba() -> None:
    code = (
        "import sys; from tests.assign.pools import random_pool\n"
        "from mentormatch.assign import Objective\n"
        "from mentormatch.assign.pool import heaviest_pool\n"
        "heaviest_pool(random_pool(4), Objective.PEOPLE_THEN_SCORE)\n"
        "print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def large_pool(size: int = 4_000, degree: int = 8) -> PoolProblem:
    rng = np.random.default_rng(5)
    a, b = rng.integers(0, size, (2, size * degree // 2)).tolist()
    scores = (rng.integers(1, 2**40, len(a)) / 2.0**40).tolist()
    return pool(size, list(zip(a, b, scores, strict=True)))


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
def test_a_large_pool_is_proven_and_gone_on_from(objective: Objective) -> None:
    problem = large_pool()
    solution = heaviest_pool(problem, objective)
    assert solution.status is Status.OPTIMAL
    assert checked(problem, solution).ok
    fewer = np.arange(len(problem.a)) % 50 != 0
    changed = PoolProblem(problem.size, problem.a[fewer], problem.b[fewer], problem.scores[fewer])
    again, anew = heaviest_pool(changed, objective, solution), heaviest_pool(changed, objective)
    assert reached(again) == reached(anew)
    assert checked(changed, again).ok


def test_a_start_of_other_members_is_refused() -> None:
    start = heaviest_pool(pool(3, [(0, 1, 1.0)]), Objective.SCORE)
    with pytest.raises(ValueError, match="start has 3 members, the problem has 4"):
        heaviest_pool(pool(4, [(0, 1, 1.0)]), Objective.SCORE, start)


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
def test_when_the_time_is_up_the_prices_still_cover_all(objective: Objective) -> None:
    problem = large_pool()
    solution = heaviest_pool(problem, objective, limits=Limits(deadline=0.0))
    found = checked(problem, solution)
    assert found.valid
    assert found.feasible
    assert found.covered
    assert not found.ok
    assert solution.status is Status.FEASIBLE
    assert solution.gap == found.gap > 0
    best = heaviest_pool(problem, objective)
    if objective is Objective.SCORE:
        assert solution.value <= best.value <= solution.bound
    else:
        assert len(solution.a) <= len(best.a) <= solution.most_pairs


def test_a_gap_leaves_odd_cycles_open() -> None:
    """Each of many triangles loses a third of what halves of pairs would bring."""
    count = 30
    ends = [
        (3 * one + x, 3 * one + y, 1.0) for one in range(count) for x, y in [(0, 1), (0, 2), (1, 2)]
    ]
    problem = pool(3 * count, ends)
    early = heaviest_pool(problem, Objective.SCORE, limits=Limits(gap=0.2))
    assert early.status is Status.FEASIBLE
    assert 0 < early.gap <= 0.2 * early.bound
    assert early.value == count
    assert heaviest_pool(problem, Objective.SCORE).gap == 0


def test_progress_is_told_of_odd_cycles() -> None:
    told: list[tuple[str, int, int]] = []
    problem = pool(
        9, [(3 * i + x, 3 * i + y, 1.0) for i in range(3) for x, y in [(0, 1), (0, 2), (1, 2)]]
    )
    heaviest_pool(problem, Objective.SCORE, progress=lambda *what: told.append(what))
    assert told == [("closing odd cycles", place, 3) for place in range(3)]


def test_a_path_of_three_leaves_the_end_that_costs_nothing() -> None:
    double = solving.double_cover(pool(3, [(0, 1, 2.0), (1, 2, 2.0)]))
    chosen = np.flatnonzero((double.rows == 0) | (double.rows == 1) & (double.cols == 2))
    mate = solving.halved(double, chosen, np.array([0.0, 2.0, 0.0]))
    assert mate.tolist() == [1, 0, -1]


def test_of_an_odd_cycle_the_cheapest_stays_single() -> None:
    ring = [(place, (place + 1) % 5, 2.0) for place in range(5)]
    double = solving.double_cover(pool(5, ring))
    chosen = np.flatnonzero((double.cols - double.rows) % 5 == 1)
    mate = solving.halved(double, chosen, np.array([1.0, 1.0, 0.5, 1.0, 1.0]))
    assert mate.tolist() == [1, 0, -1, 4, 3]


def test_an_even_cycle_falls_into_pairs() -> None:
    ring = [(place, (place + 1) % 6, 2.0) for place in range(6)]
    double = solving.double_cover(pool(6, ring))
    chosen = np.flatnonzero((double.cols - double.rows) % 6 == 1)
    assert solving.halved(double, chosen, np.ones(6)).tolist() == [1, 0, 3, 2, 5, 4]


@pytest.mark.parametrize(
    ("a", "b", "scores", "text"),
    [
        ([1], [0], [1.0], r"pair \(1, 0\): the first of a pair must be the smaller"),
        ([1], [1], [1.0], r"pair \(1, 1\)"),
        ([0, 0], [2, 1], [1.0, 1.0], "out of order"),
        ([0, 0], [1, 1], [1.0, 1.0], "more than once"),
        ([0], [3], [1.0], "outside"),
        ([0], [1], [-1.0], r"scores\[0, 1\] is -1.0"),
        ([0], [1], [math.nan], "is nan"),
    ],
)
def test_pairs_that_are_none_are_refused(
    a: list[int], b: list[int], scores: list[float], text: str
) -> None:
    with pytest.raises(ValueError, match=text):
        PoolProblem(3, np.array(a), np.array(b), np.array(scores))


def test_problems_and_answers_are_read_only() -> None:
    problem = pool(3, [(0, 1, 1.0)])
    solution = heaviest_pool(problem, Objective.PEOPLE_THEN_SCORE)
    assert solution.count_prices is not None
    for array in (problem.a, problem.scores, solution.a, solution.prices, solution.count_prices):
        assert not array.flags.writeable
    assert repr(problem) == "PoolProblem(3 members, 1 allowed pairs)"
