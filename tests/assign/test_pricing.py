"""Pairs that are looked through and never held give the answer that holding all of them gives."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mentormatch.assign import Objective, heaviest, pricing
from mentormatch.assign.limits import Limits
from mentormatch.assign.pricing import priced, tight_pairs
from mentormatch.assign.problem import Problem, Solution
from mentormatch.assign.solve import solve
from mentormatch.assign.source import Found, Pairs
from mentormatch.assign.ties import exchangeable
from tests.assign.strategies import (
    WITHOUT_FLOOR,
    Table,
    coarse,
    fine,
    masks,
    objectives,
    random_table,
    tables,
)

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Source:
    """A table, looked through row by row; rules forbid what it does not allow."""

    table: Table
    must: NDArray[np.bool_]
    looks: list[tuple[int, int]] = field(default_factory=list)

    @property
    def shape(self) -> tuple[int, int]:
        rows, cols = self.table.scores.shape
        return rows, cols

    @property
    def largest(self) -> float:
        return float(self.table.scores.max(initial=0.0))

    @property
    def allowed(self) -> NDArray[np.bool_]:
        return self.table.allowed & ((self.table.scores > 0.0) | self.must)

    def required(self) -> Pairs:
        rows, cols = np.nonzero(self.table.allowed & self.must)
        return rows, cols, self.table.scores[rows, cols]

    def effort(self, side: int) -> Integers:
        return np.full(self.shape[side], self.shape[1 - side])

    def above(
        self,
        side: int,
        who: Integers,
        need: Floats,
        prices: Floats,
        open_prices: Floats,
        is_open: NDArray[np.bool_],
        most: int | None,
        glance: int | None,
    ) -> Iterator[Found]:
        if glance is None:
            self.looks.append((side, len(who)))
        scores = self.table.scores.T if side else self.table.scores
        allowed = self.allowed.T if side else self.allowed
        for one in who.tolist():
            excess = scores[one] - need[one] - (open_prices if is_open[one] else prices)
            others = np.flatnonzero((excess >= 0.0) & (scores[one] > 0.0))
            others = others[np.argsort(-excess[others], kind="stable")]
            others = others if glance is None else others[glance % 2 :: 2]
            kept, left_out = np.sort(others[:most]), others[len(others[:most]) :]
            kept = kept[allowed[one, kept]]
            ends = np.full(len(kept), one), kept
            rows, cols = ends[::-1] if side else ends
            cut = np.full(min(1, len(left_out)), one)
            yield (rows, cols, scores[ends]), cut, excess[left_out][:1]


@st.composite
def sources(draw: st.DrawFn) -> Source:
    table = draw(tables(values=draw(st.sampled_from([coarse, coarse, fine])), most=7))
    must = draw(masks(table.scores.shape)) if draw(st.booleans()) else table.scores < 0.0
    return Source(table, must)


def by_name(problem: Problem, which: NDArray[np.bool_]) -> set[tuple[int, int]]:
    return set(zip(problem.rows[which].tolist(), problem.cols[which].tolist(), strict=True))


def agree(problem: Problem, found: Solution, everything: Problem, held: Solution) -> None:
    """The same worth, proven for every pair, and the same pairs in some best matchings."""
    assert found.is_optimal
    assert (len(found.rows), found.value) == (len(held.rows), held.value) or (
        found.objective is Objective.SCORE and found.value == held.value
    )
    cover = found.row_prices[everything.rows] + found.col_prices[everything.cols]
    assert (cover >= everything.scores + found.lam).all()
    if found.row_count_prices is not None and found.col_count_prices is not None:
        counts = found.row_count_prices[everything.rows] + found.col_count_prices[everything.cols]
        assert (counts >= 1).all()
    assert by_name(problem, exchangeable(problem, found)) == by_name(
        everything, exchangeable(everything, held)
    )


@given(sources(), objectives, st.integers(1, 3), st.integers(1, 3), st.booleans())
def test_every_pair_is_proven_and_no_tie_is_lost(
    source: Source, objective: Objective, best: int, at_a_look: int, kernels: bool
) -> None:
    everything = Problem.from_scores(source.table.scores, source.allowed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pricing, "AT_A_GLANCE", best)
        patch.setattr(pricing, "AT_A_LOOK", at_a_look)
        if kernels:
            patch.setattr(heaviest, "FEW_CELLS", -1)
        problem, found = priced(source, objective)
        again = tight_pairs(source, found)
    held = solve(everything, objective)
    agree(problem, found, everything, held)
    agree(again, found, everything, held)


def holds(source: Source, everything: Problem, found: Solution) -> None:
    """The pairs are a matching, allowed and scored as they are, and the prices cover all pairs."""
    table = dict(
        zip(
            zip(everything.rows.tolist(), everything.cols.tolist(), strict=True),
            everything.scores.tolist(),
            strict=True,
        )
    )
    pairs = list(zip(found.rows.tolist(), found.cols.tolist(), strict=True))
    assert [table[pair] for pair in pairs] == found.scores.tolist()
    assert len({row for row, _ in pairs}) == len({col for _, col in pairs}) == len(pairs)
    cover = found.row_prices[everything.rows] + found.col_prices[everything.cols]
    assert (cover >= everything.scores + found.lam).all()
    assert (found.row_prices >= 0.0).all()
    assert (found.col_prices >= 0.0).all()
    if found.row_count_prices is not None and found.col_count_prices is not None:
        counts = found.row_count_prices[everything.rows] + found.col_count_prices[everything.cols]
        assert (counts >= 1).all()
    assert found.gap >= 0.0


def is_over(limits: Limits, asked: Iterator[int]) -> bool:
    """The time is up once the patience of those who asked is; who set no limit is never stopped."""
    return limits.deadline < np.inf and next(asked, None) is None


@given(sources(), objectives, st.integers(0, 12), st.integers(1, 3))
def test_whenever_the_time_is_up_the_gap_is_proven(
    source: Source, objective: Objective, patience: int, at_a_look: int
) -> None:
    everything = Problem.from_scores(source.table.scores, source.allowed)
    asked = iter(range(patience))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pricing, "AT_A_GLANCE", 1)
        patch.setattr(pricing, "AT_A_LOOK", at_a_look)
        patch.setattr(Limits, "are_over", property(lambda one: is_over(one, asked)))
        _, found = priced(source, objective, limits=Limits(deadline=1.0))
    holds(source, everything, found)


@given(sources(), objectives, st.sampled_from([0.0, 0.01, 0.5, 0.99]))
def test_a_gap_is_proven_before_it_is_allowed(
    source: Source, objective: Objective, gap: float
) -> None:
    everything = Problem.from_scores(source.table.scores, source.allowed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pricing, "AT_A_GLANCE", 1)
        patch.setattr(pricing, "AT_A_LOOK", 1)
        _, found = priced(source, objective, limits=Limits(gap))
    holds(source, everything, found)
    best = solve(everything, objective)
    assert found.gap <= gap * found.bound
    assert len(best.rows) - len(found.rows) <= gap * len(best.rows)
    if len(best.rows) == len(found.rows):
        assert best.value - found.value <= found.gap


@given(sources(), sources(), objectives, objectives)
def test_it_goes_on_from_the_answer_to_other_pairs(
    source: Source, other: Source, objective: Objective, before: Objective
) -> None:
    shape = tuple(map(min, source.shape, other.shape))
    both = [
        Source(
            Table(
                one.table.scores[: shape[0], : shape[1]], one.table.allowed[: shape[0], : shape[1]]
            ),
            one.must[: shape[0], : shape[1]],
        )
        for one in (source, other)
    ]
    _, start = priced(both[1], before)
    problem, found = priced(both[0], objective, start=start)
    everything = Problem.from_scores(both[0].table.scores, both[0].allowed)
    agree(problem, found, everything, solve(everything, objective))


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("seed", range(4))
def test_later_looks_are_for_those_whose_prices_fell(objective: Objective, seed: int) -> None:
    table = random_table(seed, (300, 400), density=0.5)
    source = Source(table, table.scores < 0.0)
    everything = Problem.from_scores(table.scores, source.allowed)
    problem, found = priced(source, objective)
    agree(problem, found, everything, solve(everything, objective))
    assert len(problem.rows) < len(everything.rows) / 4
    looked_at = sum(count for _, count in source.looks)
    assert looked_at < 3 * sum(source.shape), source.looks


def test_progress_is_told_look_by_look() -> None:
    table = random_table(0, (30, 40), density=0.5)
    told: list[tuple[str, int, int]] = []
    priced(
        Source(table, table.scores < 0.0),
        Objective.SCORE,
        lambda *news: told.append(news),
    )
    assert {stage for stage, _, _ in told} == {"looking at pairs"}
    assert all(0 <= done <= total for _, done, total in told)
