"""A pool whose pairs are looked through and never held has the answer that holding all gives."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign import Objective, heaviest, pool_pricing, pricing
from mentormatch.assign.limits import Limits
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_pricing import priced_pool, tight_pool_pairs
from mentormatch.assign.pool_problem import PoolProblem, PoolSolution
from tests.assign.pools import Pairs, all_matchings, checked, pool, pools, random_pool, reached
from tests.assign.strategies import WITHOUT_FLOOR, Table, fine, objectives
from tests.assign.test_pricing import Source, is_over

#: Beside what is worth nothing: pairs of score 0 are in a source only if they are required.
positive = st.sampled_from([0.25, 0.5, 0.75, 1.0])


def source_of(problem: PoolProblem) -> Source:
    """Return a source of the pairs of a pool; those worth nothing are required."""
    scores = np.zeros((problem.size, problem.size))
    allowed = np.zeros(scores.shape, dtype=np.bool_)
    for one, other in ((problem.a, problem.b), (problem.b, problem.a)):
        scores[one, other], allowed[one, other] = problem.scores, True
    return Source(Table(scores, allowed), allowed & (scores == 0.0))


def same_pairs(problem: PoolProblem) -> set[tuple[int, int]]:
    return set(zip(problem.a.tolist(), problem.b.tolist(), strict=True))


def best_pairs(problem: PoolProblem, objective: Objective) -> set[tuple[int, int]]:
    """The pairs that some best matching has, of all there are; those of score 0 may come too."""
    best = reached(heaviest_pool(problem, objective))
    counts = objective is Objective.PEOPLE_THEN_SCORE
    worth = dict(
        zip(zip(problem.a.tolist(), problem.b.tolist(), strict=True), problem.scores, strict=True)
    )

    def of(pairs: Pairs) -> tuple[int, float]:
        return len(pairs) if counts else 0, sum(worth[pair] for pair in pairs)

    return {pair for pairs in all_matchings(problem) if of(pairs) == best for pair in pairs}


@given(
    pools(values=st.one_of(positive, fine)),
    objectives,
    st.integers(1, 3),
    st.integers(1, 3),
    st.booleans(),
)
def test_every_pair_is_proven(
    everything: PoolProblem, objective: Objective, glance: int, look: int, kernels: bool
) -> None:
    source = source_of(everything)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pricing, "AT_A_GLANCE", glance)
        patch.setattr(pricing, "AT_A_LOOK", look)
        patch.setattr(pool_pricing, "AT_A_LOOK", look)
        if kernels:
            patch.setattr(heaviest, "FEW_CELLS", -1)
        kept, found = priced_pool(source, objective)
    assert reached(found) == reached(heaviest_pool(everything, objective))
    assert found.is_optimal
    assert checked(everything, found).ok
    assert same_pairs(kept) <= same_pairs(everything)


@given(pools(values=st.one_of(positive, fine), most=7), objectives, st.integers(1, 2))
def test_no_pair_of_a_best_matching_is_lost(
    everything: PoolProblem, objective: Objective, look: int
) -> None:
    source = source_of(everything)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pricing, "AT_A_GLANCE", 1)
        patch.setattr(pricing, "AT_A_LOOK", look)
        patch.setattr(pool_pricing, "AT_A_LOOK", look)
        kept, found = priced_pool(source, objective)
    best = best_pairs(everything, objective)
    assert best <= same_pairs(kept)
    assert best <= same_pairs(tight_pool_pairs(source, found))


def larger(
    everything: PoolProblem, objective: Objective, look: int, hardly_any: bool = True
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pricing, "AT_A_GLANCE", 1)
        patch.setattr(pool_pricing, "AT_A_LOOK", look)
        if hardly_any:  # so that pairs are missed again and again
            for module in (pricing, pool_pricing):
                patch.setattr(module, "SLACK", 2.0**-39)
            patch.setattr(pricing, "NEAR", 2.0**-39)
        kept, found = priced_pool(source_of(everything), objective)
    assert reached(found) == reached(heaviest_pool(everything, objective))
    assert checked(everything, found).ok
    assert set(zip(found.a.tolist(), found.b.tolist(), strict=True)) <= same_pairs(kept)


@given(st.integers(0, 2**32), objectives, st.integers(1, 4), st.booleans())
def test_larger_pools_with_odd_cycles_and_nested_ones(
    seed: int, objective: Objective, look: int, hardly_any: bool
) -> None:
    larger(random_pool(seed), objective, look, hardly_any)


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("seed", [101, 104])
def test_who_misses_more_pairs_than_a_look_adds_is_looked_at_again(
    seed: int, objective: Objective
) -> None:
    larger(random_pool(seed), objective, look=3)


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize(("seed", "most"), [(10271, 35), (10910, 34)])
def test_who_was_in_an_odd_set_is_looked_at_again(
    seed: int, most: int, objective: Objective
) -> None:
    """Only the set had covered some pairs, and it is gone later."""
    larger(random_pool(seed, most), objective, look=128)


def test_many_odd_sets_without_pairs_outside_are_counted_over_all_pairs() -> None:
    """Triangles apart: their double cover allows half a pair more in each of them."""
    ends = [
        (3 * one + a, 3 * one + b, 0.5) for one in range(9) for a, b in ((0, 1), (0, 2), (1, 2))
    ]
    everything = pool(30, [*ends, (27, 28, 1.0)])
    _, found = priced_pool(source_of(everything), Objective.PEOPLE_THEN_SCORE)
    assert len(found.a) == 10
    assert found.count_sets is not None
    assert len(found.count_sets) == 8  # halves of one pair more are none
    assert checked(everything, found).ok


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("seed", range(3))
def test_few_pairs_are_kept_and_few_members_are_looked_at_again(
    seed: int, objective: Objective
) -> None:
    """Beside 400 members who fit many, there are triangles that fit nobody else."""
    rng = np.random.default_rng(seed)
    a, b = np.triu_indices(400, 1)
    scores = np.floor(rng.random(len(a)) * 2.0**40) * 2.0**-40
    fitting = rng.random(len(a)) < 0.3
    ends = zip(a[fitting].tolist(), b[fitting].tolist(), scores[fitting].tolist(), strict=True)
    apart = [
        (400 + 3 * one + left, 400 + 3 * one + right, 0.25)
        for one in range(21)
        for left, right in ((0, 1), (0, 2), (1, 2))
    ]
    everything = pool(463, [*ends, *apart])
    source = source_of(everything)
    kept, found = priced_pool(source, objective)
    assert reached(found) == reached(heaviest_pool(everything, objective))
    assert checked(everything, found).ok
    assert len(kept.a) < len(everything.a) / 8
    assert sum(count for _, count in source.looks) < 3 * everything.size, source.looks


def test_pairs_between_odd_sets_of_the_core_are_found() -> None:
    """Two triangles, joined by a pair that is worth so little that no look for scores brings it."""
    ends = [(a, b, 1.0) for a, b in ((0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5))]
    everything = pool(6, [*ends, (2, 3, 2.0**-20)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pricing, "NEAR", 2.0**-9)
        _, found = priced_pool(source_of(everything), Objective.PEOPLE_THEN_SCORE)
    assert found.a.tolist() == [0, 2, 4]
    assert checked(everything, found).ok


def proven(everything: PoolProblem, found: PoolSolution) -> None:
    """The pairs are a matching, and the prices cover all pairs."""
    verdict = checked(everything, found)
    assert verdict.valid
    assert verdict.feasible
    assert verdict.covered
    assert found.gap == verdict.gap >= 0.0
    assert found.most_pairs >= len(found.a)


@given(pools(values=positive), objectives, st.integers(0, 16))
def test_whenever_the_time_is_up_the_gap_is_proven(
    everything: PoolProblem, objective: Objective, patience: int
) -> None:
    asked = iter(range(patience))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pricing, "AT_A_GLANCE", 1)
        patch.setattr(pricing, "AT_A_LOOK", 1)
        patch.setattr(Limits, "are_over", property(lambda one: is_over(one, asked)))
        _, found = priced_pool(source_of(everything), objective, limits=Limits(deadline=1.0))
    proven(everything, found)


@given(pools(values=positive), objectives, st.sampled_from([0.0, 0.01, 0.2, 0.5, 0.99]))
def test_a_gap_is_proven_before_it_is_allowed(
    everything: PoolProblem, objective: Objective, gap: float
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pricing, "AT_A_GLANCE", 1)
        patch.setattr(pricing, "AT_A_LOOK", 1)
        _, found = priced_pool(source_of(everything), objective, limits=Limits(gap))
    proven(everything, found)
    assert found.gap <= gap * found.bound
    best = heaviest_pool(everything, objective)
    assert len(best.a) - len(found.a) <= gap * len(best.a) or objective is Objective.SCORE


@given(pools(values=positive), pools(values=positive), objectives, objectives)
def test_it_goes_on_from_the_answer_to_other_pairs(
    before: PoolProblem, everything: PoolProblem, objective: Objective, other: Objective
) -> None:
    size = max(before.size, everything.size)
    before = PoolProblem(size, before.a, before.b, before.scores)
    everything = PoolProblem(size, everything.a, everything.b, everything.scores)
    _, found = priced_pool(source_of(everything), objective, start=heaviest_pool(before, other))
    assert reached(found) == reached(heaviest_pool(everything, objective))
    assert checked(everything, found).ok


def sides(source: Source, shape: tuple[int, int]) -> Source:
    rows, cols = shape
    table = Table(source.table.scores[:rows, :cols], source.table.allowed[:rows, :cols])
    return Source(table, source.must[:rows, :cols])


def test_what_is_no_pool_is_refused() -> None:
    source = source_of(pool(3, [(0, 1, 1.0)]))
    with pytest.raises(ValueError, match="the source has 2 and 3"):
        priced_pool(sides(source, (2, 3)), Objective.SCORE)
    start = heaviest_pool(pool(2, []), Objective.SCORE)
    with pytest.raises(ValueError, match="start has 2 members, the source has 3"):
        priced_pool(source, Objective.SCORE, start=start)
    one_way = Source(source.table, np.triu(source.table.allowed))
    with pytest.raises(ValueError, match="both ways round"):
        priced_pool(one_way, Objective.SCORE)
    with pytest.raises(ValueError, match="floor_then_score takes all pairs at hand"):
        priced_pool(source, Objective.FLOOR_THEN_SCORE)


def told(source: Source, objective: Objective) -> Iterator[str]:
    stages: list[str] = []
    priced_pool(source, objective, lambda stage, *_: stages.append(stage))
    return iter(stages)


def test_progress_is_told_of_looks_and_odd_cycles() -> None:
    triangle = source_of(pool(3, [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0)]))
    assert set(told(triangle, Objective.SCORE)) == {"looking at pairs", "closing odd cycles"}
