"""Law: of all the best matchings of a pool, the lottery over pairs decides, and nothing else."""

import math
from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mentormatch.assign import Objective, heaviest, pool_pricing, pool_ties, pricing
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_pricing import priced_pool, tight_pool_pairs
from mentormatch.assign.pool_problem import PoolProblem, PoolSolution
from mentormatch.assign.pool_ties import settle_pool
from mentormatch.assign.ties import tie_keys, tie_weights
from tests.assign.pools import (
    Pairs,
    all_matchings,
    checked,
    pool,
    pools,
    random_pool,
    reached,
)
from tests.assign.strategies import WITHOUT_FLOOR, coarse, foreign, objectives
from tests.assign.test_pool_pricing import source_of

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

seeds = st.integers(0, 2**32)


def drawn(size: int, seed: int) -> Floats:
    """Draw a table of tie weights as the library does, from one key for each member."""
    keys = tie_keys(seed, [f"member {number}" for number in range(size)])
    return tie_weights(keys[:, np.newaxis], keys)


def settled(problem: PoolProblem, solution: PoolSolution, draws: Floats) -> PoolSolution:
    return settle_pool(problem, solution, lambda a, b: draws[a, b])


def pairs_of(solution: PoolSolution) -> Pairs:
    return tuple(zip(solution.a.tolist(), solution.b.tolist(), strict=True))


def best_matchings(problem: PoolProblem, objective: Objective) -> list[Pairs]:
    worth = {
        (a, b): Fraction(score)
        for a, b, score in zip(
            problem.a.tolist(), problem.b.tolist(), problem.scores.tolist(), strict=True
        )
    }

    def of(pairs: Pairs) -> tuple[int, float | Fraction, Fraction]:
        worst = min((worth[pair] for pair in pairs), default=math.inf)
        return (
            0 if objective is Objective.SCORE else len(pairs),
            worst if objective is Objective.FLOOR_THEN_SCORE else 0.0,
            sum((worth[pair] for pair in pairs), Fraction()),
        )

    every = list(all_matchings(problem))
    best = max(map(of, every))
    return [pairs for pairs in every if of(pairs) == best]


def luck(draws: Floats, pairs: Pairs) -> tuple[int, int, int]:
    """What a matching draws: sums of the first 14 bits, rounded up, of the next 13 and the last."""
    tickets = [int(draws[pair] * 2**40) - 1 for pair in pairs]
    return (
        sum((ticket >> 26) + 1 for ticket in tickets),
        sum((ticket >> 13) % 2**13 for ticket in tickets),
        sum(ticket % 2**13 for ticket in tickets),
    )


def luckiest(problem: PoolProblem, objective: Objective, draws: Floats) -> Pairs:
    return max(best_matchings(problem, objective), key=lambda pairs: luck(draws, pairs))


@given(pools(values=coarse, most=7), st.sampled_from(Objective), seeds)
def test_is_the_best_matching_that_draws_most(
    problem: PoolProblem, objective: Objective, seed: int
) -> None:
    draws = drawn(problem.size, seed)
    answer = settled(problem, heaviest_pool(problem, objective), draws)
    assert pairs_of(answer) == luckiest(problem, objective, draws)


@given(pools(values=coarse, most=7), objectives, st.data())
def test_later_bits_decide_where_earlier_ones_do_not(
    problem: PoolProblem, objective: Objective, data: st.DataObject
) -> None:
    ticket = st.sampled_from([1, 2, 2**13, 2**13 + 1, 2**26, 2**26 + 1, 2**26 + 2**13, 2**40])
    draws = np.zeros((problem.size, problem.size))
    for pair in zip(problem.a.tolist(), problem.b.tolist(), strict=True):
        draws[pair] = data.draw(ticket) / 2**40
    answer = settled(problem, heaviest_pool(problem, objective), draws)
    best = best_matchings(problem, objective)
    assert pairs_of(answer) in best
    assert luck(draws, pairs_of(answer)) == max(luck(draws, pairs) for pairs in best)


@given(pools(values=coarse), objectives, seeds, st.randoms(use_true_random=False))
def test_the_order_of_members_decides_nothing(
    problem: PoolProblem, objective: Objective, seed: int, random: Random
) -> None:
    names = list(range(problem.size))
    random.shuffle(names)
    triples = zip(problem.a.tolist(), problem.b.tolist(), problem.scores.tolist(), strict=True)
    renamed = pool(problem.size, [(names[a], names[b], score) for a, b, score in triples])
    draws = drawn(problem.size, seed)
    back = np.argsort(names)
    before = settled(problem, heaviest_pool(problem, objective), draws)
    after = settled(renamed, heaviest_pool(renamed, objective), draws[np.ix_(back, back)])
    assert {frozenset((names[a], names[b])) for a, b in pairs_of(before)} == {
        frozenset(pair) for pair in pairs_of(after)
    }


@given(pools(values=coarse), objectives, seeds)
def test_whether_pairs_were_held_or_looked_through_decides_nothing(
    problem: PoolProblem, objective: Objective, seed: int
) -> None:
    draws = drawn(problem.size, seed)
    held = settled(problem, heaviest_pool(problem, objective), draws)
    source = source_of(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heaviest, "FEW_CELLS", -1)
        patch.setattr(pricing, "AT_A_GLANCE", 1)
        patch.setattr(pool_pricing, "AT_A_LOOK", 1)
        kept, found = priced_pool(source, objective)
        looked = settled(kept, found, draws)
        again = settled(tight_pool_pairs(source, found), found, draws)
    assert pairs_of(looked) == pairs_of(held)
    assert pairs_of(again) == pairs_of(held)


@given(pools(), objectives, seeds)
def test_the_settled_answer_still_verifies(
    problem: PoolProblem, objective: Objective, seed: int
) -> None:
    before = heaviest_pool(problem, objective)
    answer = settled(problem, before, drawn(problem.size, seed))
    assert answer.is_optimal
    assert checked(problem, answer).ok
    assert reached(answer) == reached(before)


@given(pools(values=foreign), objectives, seeds)
def test_foreign_floats_stay_as_proven_as_they_say(
    problem: PoolProblem, objective: Objective, seed: int
) -> None:
    answer = settled(problem, heaviest_pool(problem, objective), drawn(problem.size, seed))
    found = checked(problem, answer)
    assert found.valid
    assert found.feasible
    assert found.covered
    assert found.ok == answer.is_optimal


def settles_the_same_backwards(problem: PoolProblem, objective: Objective, seed: int) -> None:
    """The members in the other order lead to other prices and sets, which prove the same."""
    draws = drawn(problem.size, seed)
    one = heaviest_pool(problem, objective)
    backwards = problem.size - 1 - np.arange(problem.size)
    a, b = backwards[problem.b], backwards[problem.a]
    order = np.lexsort((b, a))
    turned = PoolProblem(problem.size, a[order], b[order], problem.scores[order])
    other = heaviest_pool(turned, objective)
    proof = replace(
        one,
        prices=other.prices[::-1],
        odd_sets=replace(other.odd_sets, innermost=other.odd_sets.innermost[::-1]),
        lam=other.lam,
    )
    expected = pairs_of(settled(problem, one, draws))
    assert pairs_of(settled(problem, proof, draws)) == expected
    after = pairs_of(settled(turned, other, draws[::-1, ::-1]))
    assert tuple(sorted((int(backwards[b]), int(backwards[a])) for a, b in after)) == expected


@given(seeds, objectives, seeds)
def test_larger_pools_settle_the_same_whatever_the_order_and_the_proof(
    kind: int, objective: Objective, seed: int
) -> None:
    settles_the_same_backwards(random_pool(kind), objective, seed)


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("density", [0.01, 0.05])
def test_so_do_pools_of_many_members_and_ties(density: float, objective: Objective) -> None:
    rng = np.random.default_rng(5)
    a, b = np.triu_indices(400, 1)
    kept = rng.random(len(a)) < density
    scores = rng.integers(1, 4, int(kept.sum())) / 4
    problem = PoolProblem(400, a[kept].astype(np.int64), b[kept].astype(np.int64), scores)
    settles_the_same_backwards(problem, objective, seed=7)


def test_fewer_pairs_that_weigh_as_much_with_lam_are_no_tie() -> None:
    """The score prices alone would let two pairs go for the one that draws more."""
    path = pool(4, [(0, 1, 0.0), (1, 2, 1.0), (2, 3, 0.0)])
    draws = np.full((4, 4), 2.0**-40)
    draws[1, 2] = 1.0
    solution = heaviest_pool(path, Objective.PEOPLE_THEN_SCORE)
    assert pairs_of(settled(path, solution, draws)) == ((0, 1), (2, 3))


def test_no_pair_below_the_floor_is_drawn() -> None:
    """It would be tight, and so would the one that it goes with."""
    ring = pool(4, [(0, 1, 0.5), (0, 2, 1.0), (1, 3, 0.0), (2, 3, 0.5)])
    draws = np.full((4, 4), 2.0**-40)
    draws[0, 2] = draws[1, 3] = 1.0
    solution = heaviest_pool(ring, Objective.FLOOR_THEN_SCORE)
    assert pairs_of(settled(ring, solution, draws)) == ((0, 1), (2, 3))


def test_a_pair_that_is_worth_nothing_is_no_worse_than_none() -> None:
    alone = pool(2, [(0, 1, 0.0)])
    solution = heaviest_pool(alone, Objective.SCORE)
    assert pairs_of(settled(alone, solution, np.full((2, 2), 2.0**-40))) == ((0, 1),)


def never_asked(a: Integers, b: Integers) -> Floats:
    raise AssertionError("no pair may change, so none needs a draw")


def test_without_ties_or_a_proof_the_solution_is_returned_as_it_is() -> None:
    problem = pool(4, [(0, 1, 1.0), (1, 2, 0.25), (2, 3, 0.5)])
    solution = heaviest_pool(problem, Objective.SCORE)
    assert settle_pool(problem, solution, never_asked) is solution
    unproven = replace(solution, a=solution.a[:1], b=solution.b[:1], scores=solution.scores[:1])
    assert settle_pool(problem, unproven, never_asked) is unproven


def test_only_pairs_that_may_change_are_asked_for() -> None:
    ring = [(0, 1, 0.5), (1, 2, 0.5), (2, 3, 0.5), (0, 3, 0.5)]
    problem = pool(7, [*ring, (4, 5, 1.0), (5, 6, 0.75)])
    asked: list[tuple[int, int]] = []

    def weights(a: Integers, b: Integers) -> Floats:
        asked.extend(zip(a.tolist(), b.tolist(), strict=True))
        return np.where(a + 1 == b, 0.5, 0.75)

    answer = settle_pool(problem, heaviest_pool(problem, Objective.SCORE), weights)
    assert asked == [(0, 1), (0, 3), (1, 2), (2, 3)]
    assert pairs_of(answer) == ((0, 3), (1, 2), (4, 5))


def test_where_float64_cannot_hold_draws_lots_are_not_drawn() -> None:
    problem = pool(3, [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0)])
    solution = heaviest_pool(problem, Objective.SCORE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool_ties, "EXACT", 2.0**13)
        assert settled(problem, solution, drawn(3, 0)) is solution
