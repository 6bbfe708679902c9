"""The blossom phase: right from any prices that cover, and local."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mentormatch.assign import Objective, alternating
from mentormatch.assign.alternating import Closed, closed
from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.pool import double_cover, heaviest_pool
from mentormatch.assign.pool_certificate import check_pool
from mentormatch.assign.pool_problem import PoolProblem
from mentormatch.progress import quiet
from tests.assign.pools import checked, networkx_worth, pool, pools, random_pool, reached
from tests.assign.strategies import WITHOUT_FLOOR


def from_nothing(problem: PoolProblem, limits: Limits = NO_LIMITS) -> Closed:
    """Leave all the work to the trees: nobody is matched, and one price for all covers all."""
    double = double_cover(problem)
    nobody = np.full(problem.size, -1)
    prices = np.full(problem.size, float(problem.scores.max(initial=0.0)) / 2)
    starts, others, weights = double.starts, double.cols, double.scores
    return closed(starts, others, weights, nobody, prices, limits, quiet)


def proven(problem: PoolProblem, found: Closed) -> float:
    """The worth of a matching, once its prices have proven it the largest."""
    chosen = problem.positions(found.mate)
    assert 2 * len(chosen) == int((found.mate >= 0).sum())
    ends = problem.a[chosen], problem.b[chosen]
    proof = found.prices, found.odd_sets
    assert check_pool(problem, *ends, *proof, objective=Objective.SCORE).ok
    return math.fsum(problem.scores[chosen].tolist())


@given(pools(most=12))
def test_trees_alone_find_the_heaviest(problem: PoolProblem) -> None:
    found = from_nothing(problem)
    assert proven(problem, found) == networkx_worth(problem, Objective.SCORE)[1]


@given(st.integers(0, 2**32))
def test_trees_alone_find_the_heaviest_of_sixty(seed: int) -> None:
    problem = random_pool(seed)
    found = from_nothing(problem)
    assert proven(problem, found) == networkx_worth(problem, Objective.SCORE)[1]
    assert found.trees <= problem.size


@given(st.integers(0, 2**32))
def test_prices_are_halves_and_those_of_sets_whole(seed: int) -> None:
    problem = random_pool(seed)
    whole = PoolProblem(problem.size, problem.a, problem.b, np.floor(problem.scores * 8))
    found = from_nothing(whole)
    assert (found.prices * 2 % 1 == 0).all()
    assert (found.odd_sets.prices % 1 == 0).all()
    assert (found.odd_sets.prices > 0).all()


#: The cases on which networkx and its forebear (J. van Rantwijk's mwmatching) are tested, named
#: after what they bring about there: two ends and a weight for each pair, and which pairs are best.
PUBLISHED = {
    "a path": (
        "1 2 5, 2 3 11, 3 4 5",
        "2 3",
    ),
    "a square": (
        "1 4 2, 2 3 2, 1 2 1, 3 4 4",
        "1 2, 3 4",
    ),
    "a blossom": (
        "1 2 8, 1 3 9, 2 3 10, 3 4 7",
        "1 2, 3 4",
    ),
    "a blossom, both ways": (
        "1 2 8, 1 3 9, 2 3 10, 3 4 7, 1 6 5, 4 5 6",
        "1 6, 2 3, 4 5",
    ),
    "even, then odd": (
        "1 2 9, 1 3 8, 2 3 10, 1 4 5, 4 5 4, 1 6 3",
        "1 6, 2 3, 4 5",
    ),
    "even, then odd, the other end": (
        "1 2 9, 1 3 8, 2 3 10, 1 4 5, 4 5 3, 1 6 4",
        "1 6, 2 3, 4 5",
    ),
    "even, then odd, not by the base": (
        "1 2 9, 1 3 8, 2 3 10, 1 4 5, 4 5 3, 3 6 4",
        "1 2, 3 6, 4 5",
    ),
    "nested": (
        "1 2 9, 1 3 9, 2 3 10, 2 4 8, 3 5 8, 4 5 10, 5 6 6",
        "1 3, 2 4, 5 6",
    ),
    "even, even again, nested": (
        "1 2 10, 1 7 10, 2 3 12, 3 4 20, 3 5 20, 4 5 25, 5 6 10, 6 7 10, 7 8 8",
        "1 2, 3 4, 5 6, 7 8",
    ),
    "nested, opened within": (
        "1 2 8, 1 3 8, 2 3 10, 2 4 12, 3 5 12, 4 5 14, 4 6 12, 5 7 12, 6 7 14, 7 8 12",
        "1 2, 3 5, 4 6, 7 8",
    ),
    "odd, opened": (
        "1 2 23, 1 5 22, 1 6 15, 2 3 25, 3 4 22, 4 5 25, 4 8 14, 5 7 13",
        "1 6, 2 3, 4 8, 5 7",
    ),
    "nested, odd, opened": (
        "1 2 19, 1 3 20, 1 8 8, 2 3 25, 2 4 18, 3 5 18, 4 5 13, 4 7 7, 5 6 7",
        "1 8, 2 3, 4 7, 5 6",
    ),
    "odd in more than one way": (
        "1 2 45, 1 5 45, 2 3 50, 3 4 45, 4 5 50, 1 6 30, 3 9 35, 4 8 35, 5 7 26, 9 10 5",
        "1 6, 2 3, 4 8, 5 7, 9 10",
    ),
    "odd in another way": (
        "1 2 45, 1 5 45, 2 3 50, 3 4 45, 4 5 50, 1 6 30, 3 9 35, 4 8 26, 5 7 40, 9 10 5",
        "1 6, 2 3, 4 8, 5 7, 9 10",
    ),
    "opened, and a nearer pair outside": (
        "1 2 45, 1 5 45, 2 3 50, 3 4 45, 4 5 50, 1 6 30, 3 9 35, 4 8 28, 5 7 26, 9 10 5",
        "1 6, 2 3, 4 8, 5 7, 9 10",
    ),
    "opened, the inner one on the way": (
        (
            "1 2 45, 1 7 45, 2 3 50, 3 4 45, 4 5 95, 4 6 94, 5 6 94, 6 7 50, 1 8 30, 3 11 35, 5 9 "
            "36, 7 10 26, 11 12 5"
        ),
        "1 8, 2 3, 4 6, 5 9, 7 10, 11 12",
    ),
    "nested, even, opened within": (
        "1 2 40, 1 3 40, 2 3 60, 2 4 55, 3 5 55, 4 5 50, 1 8 15, 5 7 30, 7 6 10, 8 10 10, 4 9 30",
        "1 2, 3 5, 4 9, 6 7, 8 10",
    ),
}


def numbers(text: str) -> list[tuple[int, ...]]:
    return [tuple(int(word) for word in part.split()) for part in text.split(", ")]


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_cases(name: str) -> None:
    pairs, best = (numbers(text) for text in PUBLISHED[name])
    problem = pool(13, [(a, b, float(weight)) for a, b, weight in pairs])
    found = from_nothing(problem)
    chosen = problem.positions(found.mate)
    assert list(zip(problem.a[chosen].tolist(), problem.b[chosen].tolist(), strict=True)) == best
    assert proven(problem, found) == math.fsum(problem.scores[chosen].tolist())
    for objective in WITHOUT_FLOOR:
        solution = heaviest_pool(problem, objective)
        assert reached(solution) == networkx_worth(problem, objective)
        assert checked(problem, solution).ok


def test_what_was_due_before_a_blossom_was_opened_is_not_due_after() -> None:
    """Of an odd blossom a member leaves the tree with a higher price than it came with."""
    problem = pool(
        7,
        [
            (a, b, float(weight))
            for a, b, weight in numbers(
                "0 2 15, 0 4 18, 0 5 28, 1 2 15, 1 3 21, 1 4 24, 1 6 35, 2 4 4, 2 5 19, 3 6 1, "
                "4 5 24, 5 6 37"
            )
        ],
    )
    assert proven(problem, from_nothing(problem)) == networkx_worth(problem, Objective.SCORE)[1]


def triangles(count: int) -> PoolProblem:
    first = 3 * np.arange(count)
    a = np.stack((first, first, first + 1), axis=1).ravel()
    b = np.stack((first + 1, first + 2, first + 2), axis=1).ravel()
    return PoolProblem(3 * count, a, b, np.ones(len(a)))


def test_a_tree_touches_its_own_neighbourhood_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many odd cycles each costs what it costs alone."""
    looks = 0
    look = alternating.Tree._look

    def counted(tree: alternating.Tree, member: int) -> None:
        nonlocal looks
        looks += 1
        look(tree, member)

    monkeypatch.setattr(alternating.Tree, "_look", counted)
    found = from_nothing(triangles(1))
    alone, trees = looks, found.trees
    looks = 0
    found = from_nothing(triangles(2_000))
    assert looks == 2_000 * alone
    assert found.trees == 2_000 * trees
    assert len(found.odd_sets) == 2_000


def stuck(problem: PoolProblem, found: Closed) -> float:
    """What the prices leave open, once they cover all pairs."""
    chosen = problem.positions(found.mate)
    ends = problem.a[chosen], problem.b[chosen]
    checked = check_pool(problem, *ends, found.prices, found.odd_sets, objective=Objective.SCORE)
    assert checked.valid
    assert checked.feasible
    return checked.gap


def ladder(size: int) -> NDArray[np.float64]:
    return np.random.default_rng(size).integers(1, 2**20, 2 * size - 3) / 2.0**20


def strip(size: int) -> PoolProblem:
    """Everybody may have the next two."""
    a = np.concatenate((np.arange(size - 1), np.arange(size - 2)))
    b = np.concatenate((np.arange(1, size), np.arange(2, size)))
    return pool(size, list(zip(a.tolist(), b.tolist(), ladder(size).tolist(), strict=True)))


def test_a_gap_ends_it_and_is_kept() -> None:
    problem = strip(400)
    best = from_nothing(problem)
    early = from_nothing(problem, Limits(gap=0.2))
    assert early.trees < best.trees
    left = stuck(problem, early)
    assert 0 < left <= 0.2 * (left + worth(problem, early))
    assert stuck(problem, best) == 0


def worth(problem: PoolProblem, found: Closed) -> float:
    return math.fsum(problem.scores[problem.positions(found.mate)].tolist())


def test_the_clock_ends_it_within_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever it stops, prices cover all pairs, and what they leave open shrinks."""
    problem = strip(400)
    left = []
    for most in (1, 5, 40, 300, 10_000):
        asked = 0

        def over(limits: Limits, most: int = most) -> bool:
            nonlocal asked
            asked += 1
            return asked > most

        with monkeypatch.context() as patch:
            patch.setattr(alternating, "EVENTS_AT_ONCE", 2)
            patch.setattr(Limits, "are_over", property(over))
            left.append(stuck(problem, from_nothing(problem)))
    assert left == sorted(left, reverse=True)
    assert left[0] > left[-1] == 0
