"""Laws: of all who are left over and all pairs, those make the trio who are worth most together."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mentormatch.assign import Objective
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_problem import PoolProblem, PoolSolution
from mentormatch.assign.ties import tie_keys, tie_weights
from mentormatch.assign.trio import Trio, best_trio
from mentormatch.assign.trio_certificate import check_trio
from tests.assign.pools import pool, pools
from tests.assign.strategies import objectives

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
#: Pairs that are worth nothing and may not meet.
Strangers = frozenset[frozenset[int]]

strangers = st.frozensets(st.frozensets(st.integers(0, 8), min_size=2, max_size=2), max_size=12)


def worths(problem: PoolProblem) -> dict[frozenset[int], float]:
    ends = zip(problem.a.tolist(), problem.b.tolist(), strict=True)
    return {
        frozenset(pair): worth for pair, worth in zip(ends, problem.scores.tolist(), strict=True)
    }


def meetings(joiners: Integers, members: Integers) -> list[frozenset[int]]:
    return [frozenset(two) for two in zip(joiners.tolist(), members.tolist(), strict=True)]


def may_meet(strangers: Strangers) -> Callable[[Integers, Integers], Booleans]:
    return lambda joiners, members: np.array(
        [two not in strangers for two in meetings(joiners, members)], dtype=np.bool_
    )


def drawn(names: list[int]) -> Callable[[Integers, Integers, Integers], Floats]:
    keys = tie_keys(7, map(str, names))
    return lambda joiners, a, b: tie_weights(keys[joiners], keys[a] + keys[b])


def all_trios(
    problem: PoolProblem, solution: PoolSolution, strangers: Strangers
) -> dict[tuple[int, int, int], float]:
    """What every possible trio is worth, one after the other."""
    worth, trios = worths(problem), {}
    pairs = list(zip(solution.a.tolist(), solution.b.tolist(), strict=True))
    matched = {member for pair in pairs for member in pair}
    for joiner in set(range(problem.size)) - matched:
        for a, b in pairs:
            both = [frozenset((joiner, a)), frozenset((joiner, b))]
            allowed = all(two in worth or two not in strangers for two in both)
            total = sum(worth.get(two, 0.0) for two in both)
            if allowed and total > 0.0:
                trios[joiner, a, b] = total
    return trios


@given(pools(), objectives, strangers, st.integers(0, 4))
def test_the_trio_is_the_best_by_brute_force(
    problem: PoolProblem, objective: Objective, strangers: Strangers, most: int
) -> None:
    """Of any pairs, also too few of them."""
    best = heaviest_pool(problem, objective)
    solution = replace(best, a=best.a[:most], b=best.b[:most], scores=best.scores[:most])
    trio = best_trio(problem, solution, may_meet(strangers), drawn(list(range(problem.size))))
    trios = all_trios(problem, solution, strangers)
    if trio is None:
        assert trios == {}
        return
    assert trio.a < trio.b
    assert trio.score == trios[trio.joiner, trio.a, trio.b] == max(trios.values())


@given(pools(), objectives, strangers)
def test_the_check_accepts_the_trio_and_nothing_that_is_worth_less(
    problem: PoolProblem, objective: Objective, strangers: Strangers
) -> None:
    solution = heaviest_pool(problem, objective)
    trio = best_trio(problem, solution, may_meet(strangers), drawn(list(range(problem.size))))
    worth, trios = worths(problem), all_trios(problem, solution, strangers)

    def is_ok(trio: tuple[int, int, int] | None, score: float) -> bool:
        return check_trio(
            np.flatnonzero(solution.mate < 0),
            solution.a,
            solution.b,
            trio,
            score,
            score_of=lambda joiners, members: np.array(
                [worth.get(two, 0.0) for two in meetings(joiners, members)]
            ),
            may_meet=may_meet(strangers - worth.keys()),
        ).ok

    assert is_ok(None, 0.0) == (trio is None)
    if trio is not None:
        assert is_ok((trio.joiner, trio.a, trio.b), trio.score)
    for other, total in trios.items():
        assert is_ok(other, total) == (total == max(trios.values()))


@given(pools(), strangers, st.randoms(use_true_random=False))
def test_the_order_of_members_changes_nothing(
    problem: PoolProblem, strangers: Strangers, random: Random
) -> None:
    names = list(range(problem.size))
    solution = heaviest_pool(problem, Objective.SCORE)
    trio = best_trio(problem, solution, may_meet(strangers), drawn(names))
    random.shuffle(names)
    place = {name: at for at, name in enumerate(names)}
    # Only the chosen pairs matter of a solution; a solver may choose others of equal worth.
    turned = pool(
        problem.size,
        [(place[a], place[b], worth) for (a, b), worth in worths(problem).items()],
    )
    mate = np.array([place.get(mate, -1) for mate in solution.mate[names].tolist()], dtype=np.int64)
    chosen = turned.positions(mate)
    other = best_trio(
        turned,
        replace(solution, a=turned.a[chosen], b=turned.b[chosen], scores=turned.scores[chosen]),
        may_meet(frozenset(frozenset(place.get(one, one) for one in two) for two in strangers)),
        drawn(names),
    )
    if trio is None:
        assert other is None
        return
    a, b = sorted((place[trio.a], place[trio.b]))
    assert other == Trio(place[trio.joiner], a, b, trio.score)
