"""The kernels for capacities: which are used, how they stop, and what could lead them astray."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mentormatch import MissingExtraError
from mentormatch.assign import Objective, Status, capacitated, places, solve_assignment
from mentormatch.assign.capacities import Capacities, Spread
from mentormatch.assign.limits import Limits
from mentormatch.assign.problem import Problem
from mentormatch.assign.shortage import ShortageError
from mentormatch.assign.solve import solve
from tests.assign.capacity_oracles import checked, highs_worth, problems, reached, solved
from tests.assign.strategies import WITHOUT_FLOOR, objectives, random_table

Floats = NDArray[np.float64]


def middling(
    seed: int,
    shape: tuple[int, int],
    density: float,
    levels: int,
    places: tuple[int, int],
    groups: tuple[int, int] | None = None,
) -> Problem:
    """A larger table in which a few must have a partner or two, as far as they have pairs.

    With groups, a partner of each of so many among the rows and among the columns is enough.
    """
    table = random_table(seed, shape, density, levels)
    rng = np.random.default_rng(seed)
    row_most, col_most = (
        rng.integers(1, most + 1, n) for most, n in zip(places, shape, strict=True)
    )
    least = np.minimum(rng.integers(0, 3, shape[1]) * (rng.random(shape[1]) < 0.1), col_most)
    capacities = Capacities.of(
        shape, row_most, col_most, col_minimum=np.minimum(least, table.allowed.sum(axis=0) // 2)
    )
    if groups is not None:
        of_rows, of_cols = (rng.integers(0, n, one) for n, one in zip(groups, shape, strict=True))
        capacities = replace(
            capacities,
            row_spread=Spread(of_cols, np.ones(shape[0], dtype=np.int64)),
            col_spread=Spread(of_rows, rng.integers(1, 3, shape[1])),
        )
    return Problem.from_scores(table.scores, table.allowed, capacities)


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("levels", [1, 4, 2**40])
@pytest.mark.parametrize(
    ("shape", "density", "places", "groups"),
    [
        ((60, 60), 0.1, (3, 3), None),
        ((120, 30), 0.3, (1, 4), None),
        ((25, 80), 1.0, (5, 2), None),
        ((60, 60), 0.2, (3, 3), (5, 4)),
        ((25, 40), 1.0, (5, 4), (3, 2)),
    ],
)
@pytest.mark.parametrize("few", [2**14, -1], ids=["plain", "compiled"])
def test_middling_tables_equal_highs(
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    shape: tuple[int, int],
    density: float,
    places: tuple[int, int],
    groups: tuple[int, int] | None,
    levels: int,
    objective: Objective,
) -> None:
    monkeypatch.setattr(capacitated, "FEW_PAIRS", few)
    problem = middling(3, shape, density, levels, places, groups)
    solution, expected = solved(problem, objective), highs_worth(problem, objective)
    assert solution is not None
    assert expected is not None
    assert reached(solution)[0] == expected[0]
    assert solution.value == pytest.approx(expected[1], abs=1e-6)


def price_war(rows: int, cols: int) -> Floats:
    """Everybody wants the same few columns, and all alike."""
    return np.ones((rows, cols))


def assortative(size: int) -> Floats:
    """Products: each price depends on all below it."""
    return np.outer(np.arange(1, size + 1), np.arange(1, size + 1)) / 2.0**14


def machol_wien(size: int) -> Floats:
    """What makes shortest paths long: costs i x j (Machol and Wien 1976)."""
    products = np.outer(np.arange(1, size + 1), np.arange(1, size + 1))
    return np.asarray(products.max() - products, dtype=np.float64)


@pytest.mark.parametrize(
    "table",
    [price_war(200, 3), price_war(3, 200), price_war(61, 30), assortative(60), machol_wien(60)],
    ids=["many for few", "few for many", "one too many", "assortative", "Machol and Wien"],
)
@pytest.mark.parametrize("places", [(1, 2), (2, 1), (3, 3), (2, 1000)])
@pytest.mark.parametrize("budget", [0, capacitated.LOOKS_PER_PAIR])
def test_adversaries_neither_loop_nor_err(
    monkeypatch: pytest.MonkeyPatch, table: Floats, places: tuple[int, int], budget: int
) -> None:
    monkeypatch.setattr(capacitated, "LOOKS_PER_PAIR", budget)
    monkeypatch.setattr(capacitated, "PLAIN_LOOKS_AT_ONCE", 1000)
    problem = Problem.from_scores(table, capacities=Capacities.of(table.shape, *places))
    for objective in WITHOUT_FLOOR:
        solution, expected = solved(problem, objective), highs_worth(problem, objective)
        assert solution is not None
        assert expected is not None
        assert reached(solution) == pytest.approx(expected)


@pytest.mark.parametrize("length", [1, 3, 5, 40])
def test_one_more_person_counts_as_much_as_a_long_chain_needs(length: int) -> None:
    """Everybody has a partner on the diagonal, worth nothing, and all but one another, worth 1.

    Somebody else, whose partners are plenty, makes the capacities matter.
    """
    scores = np.full((length + 2, length + 1), np.nan)
    scores[np.arange(length + 1), np.arange(length + 1)] = 0.0
    scores[np.arange(1, length + 1), np.arange(length)] = 1.0
    scores[-1, 0] = 2.0**-20
    solution = solve_assignment(
        scores,
        allowed=~np.isnan(scores),
        col_capacity=np.append(2, np.ones(length, dtype=int)),
        objective="people_then_score",
    )
    assert solution.people == solution.most_people == 2 * length + 3
    assert (solution.value, solution.gap) == (2.0**-20, 0.0)


def test_second_partners_serve_nobody_anew() -> None:
    """Two pairs that serve four outweigh three that serve four as well only by their scores."""
    scores = [[1.0, 1.0, 0.0], [0.75, 0.0, 0.0]]
    allowed = [[True, True, False], [True, False, False]]
    both = solve_assignment(scores, allowed=allowed, row_capacity=2, objective="people_then_score")
    assert (both.people, both.value) == (4, 1.75)
    alone = solve_assignment(scores, allowed=allowed, row_capacity=2)
    assert (alone.people, alone.value) == (3, 2.0)


def test_weights_off_the_grid_do_not_go_round_in_circles() -> None:
    table = random_table(0, (90, 90), 0.1, 3)
    problem = Problem.from_scores(
        table.scores, table.allowed, Capacities.of((90, 90), 3, 2, col_minimum=1)
    )
    # By a grid they would have been rounded to.
    found = capacitated.heaviest_with_capacities(problem, problem.scores, 0.1, 2.0**-10)
    assert len(found.chosen) > 90


def test_a_hundred_thousand_rows_with_one_column() -> None:
    size = 100_000
    scores = np.arange(1, size + 1).astype(np.float64) / 2**17
    problem = Problem(
        (size, 1),
        np.arange(size),
        np.zeros(size, dtype=np.int64),
        scores,
        capacities=Capacities.of((size, 1), col_capacity=50_000),
    )
    solution = solved(problem, Objective.SCORE)
    assert solution is not None
    assert solution.rows.tolist() == list(range(50_000, size))


with_groups = st.sampled_from([None, (4, 3)])


@given(st.integers(0, 50), with_groups, st.sampled_from([0.01, 0.3, 0.9]))
def test_it_stops_at_a_proven_gap(seed: int, groups: tuple[int, int] | None, gap: float) -> None:
    problem = middling(seed, (40, 30), 0.3, 2**40, (2, 3), groups)
    best = solve(problem, Objective.SCORE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(capacitated, "PLAIN_LOOKS_AT_ONCE", 20)
        patch.setattr(capacitated, "LOOKS_PER_PAIR", 1)
        found = solve(problem, Objective.SCORE, limits=Limits(gap=gap))
    assert 0.0 <= found.gap <= gap * found.bound
    assert best.value - found.value <= found.gap


@given(st.integers(0, 50), with_groups, st.integers(0, 9), objectives)
def test_it_says_how_far_it_came_and_meets_minima_first(
    seed: int, groups: tuple[int, int] | None, patience: int, objective: Objective
) -> None:
    problem = middling(seed, (40, 30), 0.3, 2**40, (2, 3), groups)
    asked = iter(range(patience))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(capacitated, "PLAIN_LOOKS_AT_ONCE", 20)
        patch.setattr(Limits, "are_over", property(lambda _: next(asked, None) is None))
        found = solve(problem, objective, limits=Limits(deadline=1.0))
    proof = checked(problem, found)
    assert (proof.valid, proof.feasible, proof.covered) == (True, True, True)
    assert proof.gap == found.gap
    best = solve(problem, objective)
    if objective is Objective.PEOPLE_THEN_SCORE:
        assert found.most_people >= best.people
    if objective is Objective.SCORE or found.people == best.people:
        assert best.value <= found.bound


def test_progress_is_told() -> None:
    told: list[str] = []
    scores = random_table(1, (60, 60), 0.4).scores
    solve_assignment(
        scores, row_capacity=2, col_capacity=2, progress=lambda stage, done, of: told.append(stage)
    )
    assert {"bidding", "finishing"} == set(told)


def test_a_start_is_gone_on_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row leaves, and nobody bids anew."""
    table = random_table(4, (60, 50), 0.3)
    before = solve_assignment(table.scores, allowed=table.allowed, row_capacity=2, col_capacity=2)
    allowed = table.allowed.copy()
    allowed[7] = False
    expected = solve_assignment(table.scores, allowed=allowed, row_capacity=2, col_capacity=2)

    def begin_anew(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(capacitated._Work, "begin_anew", begin_anew)
    after = solve_assignment(
        table.scores, allowed=allowed, row_capacity=2, col_capacity=2, start=before
    )
    assert (after.value, after.gap, after.status) == (expected.value, 0.0, Status.OPTIMAL)


def test_a_start_that_is_far_off_is_not_gone_on_from() -> None:
    table, other = random_table(4, (80, 80), 0.5), random_table(5, (80, 80), 0.5)
    start = solve_assignment(other.scores, row_capacity=2, col_capacity=2)
    told: list[str] = []
    after = solve_assignment(
        table.scores,
        row_capacity=2,
        col_capacity=2,
        start=start,
        progress=lambda stage, done, of: told.append(stage),
    )
    assert "bidding" in told
    assert after.value == solve_assignment(table.scores, row_capacity=2, col_capacity=2).value


def without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(capacitated, "find_spec", lambda _: None)
    places.compiled.cache_clear()


def test_without_numba_plain_python_serves_to_a_stated_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_numba(monkeypatch)
    monkeypatch.setattr(capacitated, "FEW_PAIRS", 10)
    monkeypatch.setattr(capacitated, "MOST_PAIRS", 100)
    assert len(solve_assignment(np.ones((10, 10)), row_capacity=2).rows) == 10
    with pytest.raises(MissingExtraError, match=r"capacities in .* need numba: .*\[scale\]"):
        solve_assignment(np.ones((10, 11)), row_capacity=2)


def test_a_small_problem_never_loads_numba() -> None:
    code = (
        "import sys, numpy; from mentormatch.assign import solve_assignment;"
        "solve_assignment(numpy.ones((100, 100)), row_capacity=2, objective='people_then_score');"
        "print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@given(problems(), objectives)
def test_impossible_minima_are_found_whatever_is_bid_first(
    problem: Problem, objective: Objective
) -> None:
    outcomes: list[float | None] = []
    for budget in (0, 60):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(capacitated, "LOOKS_PER_PAIR", budget)
            try:
                outcomes.append(solve(problem, objective).value)
            except ShortageError:
                outcomes.append(None)
    assert outcomes[0] == outcomes[1]
