"""What rings are made of, what is refused, when solvers stop, and what the check says is wrong."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from mentormatch.assign import Objective, Status, hungarian, long_rings, short_rings
from mentormatch.assign import heaviest as choosing
from mentormatch.assign.limits import Limits
from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.ring_problem import RingProblem
from mentormatch.assign.ring_search import rings_above
from mentormatch.assign.rings import solve_rings
from tests.assign.ring_cases import all_rings, checked, problem_of, random_rings, reached
from tests.assign.strategies import WITHOUT_FLOOR

TRIANGLE = RingProblem.from_scores(np.ones((3, 3)), np.eye(3, k=1) + np.eye(3, k=-2) > 0)


@pytest.mark.parametrize("longest", [None, 2, 3])
@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("size", [0, 1, 5])
def test_without_arrows_everybody_stays_out(
    size: int, objective: Objective, longest: int | None
) -> None:
    nobody = np.zeros(0, dtype=np.int64)
    found = solve_rings(RingProblem(size, nobody, nobody, np.zeros(0)), objective, longest)
    assert (found.people, found.value, found.starts.tolist()) == (0, 0.0, [0])
    assert found.status is Status.OPTIMAL


@pytest.mark.parametrize(
    ("tails", "heads", "scores", "said"),
    [
        ([0, 1], [1, 1], [1.0, 1.0], "person 1 has an arrow to themself; leave it out"),
        ([0], [1], [0.1], r"scores\[0, 1\] is 0.1; the scores of arrows are multiples of 2\*\*-40"),
        ([0], [1], [2000.0], "at most 1024: divide them by a common factor"),
        ([0], [1], [-1.0], "must be a finite number, 0 or more"),
        ([0], [7], [1.0], "lies outside"),
    ],
)
def test_arrows_that_are_none_are_refused(
    tails: list[int], heads: list[int], scores: list[float], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        RingProblem(2, np.array(tails), np.array(heads), np.array(scores))


def test_a_table_is_square() -> None:
    with pytest.raises(ValueError, match=r"shape \(2, 3\) and allowed \(2, 3\)"):
        RingProblem.from_scores(np.ones((2, 3)), np.ones((2, 3), dtype=np.bool_))


@pytest.mark.parametrize("longest", [1, 0, -3])
def test_a_ring_has_two_people_at_least(longest: int) -> None:
    with pytest.raises(ValueError, match="a ring has 2 people at least"):
        solve_rings(TRIANGLE, longest=longest)


def test_no_lottery_with_a_bound() -> None:
    with pytest.raises(ValueError, match="draws are for rings of any length"):
        solve_rings(TRIANGLE, longest=2, draws=lambda rows, _: np.ones(len(rows)))


def test_what_is_returned_cannot_be_changed() -> None:
    found = solve_rings(TRIANGLE, Objective.PEOPLE_THEN_SCORE)
    assert found.next_members.tolist() == [1, 2, 0]
    with pytest.raises(ValueError, match="read-only"):
        found.members[0] = 1


@pytest.mark.parametrize("longest", [2, 3, 4, 6])
@pytest.mark.parametrize("floor", [0.0, -0.5, -100.0])
def test_the_search_finds_all_rings_above_a_floor(floor: float, longest: int) -> None:
    table = random_rings(longest, 9, 0.4)
    problem = problem_of(table)
    gains = table.scores - 0.5
    found = np.unique(
        np.concatenate(
            list(rings_above(problem, gains[problem.tails, problem.heads], longest, floor))
        ),
        axis=0,
    )
    expected = [
        ring
        for ring in all_rings(table.allowed, longest)
        if sum(gains[pair] for pair in pairwise((*ring, ring[0]))) > floor
    ]
    assert sorted(tuple(p for p in ring if p >= 0) for ring in found.tolist()) == sorted(expected)


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
def test_rings_join_the_list_until_none_costs_too_little(
    objective: Objective, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = problem_of(random_rings(1, 30, 0.3))
    expected = solve_rings(problem, objective, 3)
    monkeypatch.setattr(short_rings, "BEGIN_WITH", 0)
    monkeypatch.setattr(short_rings, "JOIN", 40)
    found = solve_rings(problem, objective, 3)
    assert reached(found) == reached(expected)
    assert found.count_gap == expected.count_gap
    assert found.gap == pytest.approx(expected.gap, abs=1e-9)
    assert checked(problem, found).feasible


@pytest.mark.parametrize("name", ["MOST_RINGS", "MOST_TO_CHOOSE"])
def test_too_many_rings_to_look_at_leave_a_gap(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = problem_of(random_rings(2, 40, 0.3, 2**40))
    best = solve_rings(problem, longest=3)
    assert best.is_searched
    monkeypatch.setattr(short_rings, name, 20)
    found = solve_rings(problem, longest=3)
    assert found.value <= best.value <= found.bound
    assert checked(problem, found).feasible
    assert not found.is_searched or found.is_optimal


def test_a_gap_is_good_enough() -> None:
    problem = problem_of(random_rings(2, 40, 0.3, 2**40))
    exact = solve_rings(problem, longest=3)
    found = solve_rings(problem, longest=3, limits=Limits.of(0.5, None))
    assert 0 <= found.gap <= 0.5 * found.bound
    assert found.value <= exact.value <= found.bound


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("longest", [None, 3])
def test_when_the_time_is_up_the_gap_says_how_far_it_came(
    longest: int | None, objective: Objective, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = problem_of(random_rings(4, 40, 0.15, 2**40))
    best = solve_rings(problem, objective, longest)
    for patience in (0, 2, 5, 20):
        asked = iter(range(patience))

        def is_up(_: Limits, asked: Iterator[int] = asked) -> bool:
            return next(asked, None) is None

        with monkeypatch.context() as patch:
            patch.setattr(choosing, "FEW_CELLS", -1)
            patch.setattr(hungarian, "LOOKS_AT_ONCE", 20)
            patch.setattr(Limits, "are_over", property(is_up))
            found = solve_rings(problem, objective, longest, Limits(deadline=1e12))
        proof = checked(problem, found)
        assert (proof.valid, proof.feasible, proof.covered) == (True, True, True)
        if reached(found)[0] == reached(best)[0]:
            assert best.value <= found.bound
        assert found.people + found.count_gap >= best.people or objective is Objective.SCORE


PROOF: dict[str, Any] = {"starts": np.array([0, 3]), "members": np.array([0, 1, 2])}


@pytest.mark.parametrize(
    "changes",
    [
        {"members": np.array([0, 2, 1])},  # arrows the wrong way round
        {"members": np.array([0, 1, 1])},
        {"members": np.array([0, 1, 7])},
        {"members": np.array([0, 1, -1])},
        {"starts": np.array([0, 2])},
        {"starts": np.array([0, 1, 3])},
        {"starts": np.zeros(0, dtype=np.int64)},
        {"longest": 2},
    ],
)
def test_rings_that_are_none_are_not_valid(changes: dict[str, Any]) -> None:
    solution = solve_rings(TRIANGLE)
    assert checked(TRIANGLE, solution, **PROOF).ok
    found = checked(TRIANGLE, solution, **{**PROOF, **changes})
    assert not found.valid
    assert not found.ok


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 1.7e308, -1.0])
@pytest.mark.parametrize("longest", [None, 3])
@pytest.mark.parametrize("name", ["tail_prices", "head_count_prices", "lam"])
def test_wrong_numbers_prove_nothing(name: str, longest: int | None, wrong: float) -> None:
    solution = solve_rings(TRIANGLE, Objective.PEOPLE_THEN_SCORE, longest)
    value = wrong
    if name != "lam":
        value = getattr(solution, name).copy()
        value[1] = wrong
    assert not checked(TRIANGLE, solution, **{name: value}).ok


def test_rings_that_cost_too_little_are_found_where_arrows_may() -> None:
    ones = np.ones((4, 4))
    problem = RingProblem.from_scores(ones, ones > 0)
    solution = solve_rings(problem, longest=3)
    # The first arrow of each ring is dear and the others are free, which covers some rings only.
    tails = np.array([1.5, 0.5, 0.5, 1.0])
    found = checked(problem, solution, tail_prices=tails, head_prices=np.zeros(4))
    assert not found.feasible
    assert found.violations.tolist() == [[0, 1], [0, 2], [1, 2], [2, 1], [3, 1], [3, 2]]
    fair = checked(problem, solution, tail_prices=np.ones(4), head_prices=np.zeros(4))
    assert fair.ok


def test_prices_off_the_grid_cover_arrows_or_nothing() -> None:
    ones = np.ones((4, 4))
    problem = RingProblem.from_scores(ones, ones > 0)
    solution = solve_rings(problem, longest=3)
    fine = np.array([1.5 + 2.0**-50, 0.5, 1.0, 1.0])
    tails, heads = fine, -fine + 1.0 + 2.0**-50
    assert checked(problem, solution, tail_prices=np.ones(4) + 2.0**-50).feasible
    assert not checked(problem, solution, tail_prices=tails, head_prices=heads).feasible


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tail_prices": np.ones(2)}, r"tail_prices has shape \(2,\); this problem takes \(3,\)"),
        ({"tail_count_prices": np.ones(3)}, "count prices go with people_then_score, and only"),
        ({"objective": Objective.PEOPLE_THEN_SCORE}, "count prices go with"),
        (
            {"objective": Objective.PEOPLE_THEN_SCORE, "head_count_prices": np.ones(3)},
            "needed for the tails and for the heads",
        ),
    ],
)
def test_prices_of_the_wrong_shape_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        checked(TRIANGLE, solve_rings(TRIANGLE), **changes)


def test_a_lam_that_must_be_large_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ring of five for nothing in place of two rings of two that are worth 4."""
    monkeypatch.setattr(long_rings, "SMALL", 0.0)
    monkeypatch.setattr(long_rings, "STEP", 2.0)
    tails, heads = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4]), np.array([1, 2, 0, 3, 1, 3, 2, 4, 0])
    worth = np.array([1.0, 0, 1, 0, 0, 1, 1, 0, 0])
    problem = RingProblem(5, tails, heads, worth)
    assert solve_rings(problem).value == 4.0
    found = solve_rings(problem, Objective.PEOPLE_THEN_SCORE)
    assert (found.people, found.value, found.lam) == (5, 0.0, 4.0)
    assert checked(problem, found).ok


ALL_THREE = RingProblem.from_scores(np.ones((3, 3)), np.ones((3, 3), dtype=np.bool_))


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
def test_one_of_three_is_left_over_and_a_set_of_three_says_so(objective: Objective) -> None:
    found = solve_rings(ALL_THREE, objective, 2)
    assert (found.people, found.value, found.status) == (2, 2.0, Status.OPTIMAL)
    assert found.odd_sets is not None
    assert found.odd_sets.sizes.tolist() == [3]
    assert checked(ALL_THREE, found).ok
    without = checked(ALL_THREE, found, odd_sets=None)
    assert not without.feasible
    assert without.violations.tolist() == [[0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1]]


@pytest.mark.parametrize(
    "changes",
    [
        {"head_prices": np.array([1.0, -1.0, 0.0]), "tail_prices": np.array([-1.0, 1.0, 0.0])},
        {"odd_sets": OddSets(np.zeros(3, dtype=np.int64), np.array([-1]), np.array([-2.0]))},
        {"odd_sets": OddSets(np.zeros(3, dtype=np.int64), np.array([-1]), np.array([np.nan]))},
        {"odd_sets": OddSets(np.array([0, 0, -1]), np.array([-1]), np.array([2.0]))},
        {"odd_sets": OddSets(np.zeros(3, dtype=np.int64), np.array([-1]), np.array([1.5]))},
        {"tail_prices": np.full(3, -2.0)},
    ],
)
def test_sets_that_are_none_cover_nothing(changes: dict[str, Any]) -> None:
    solution = solve_rings(ALL_THREE, longest=2)
    assert checked(ALL_THREE, solution).ok
    found = checked(ALL_THREE, solution, **changes)
    assert not found.feasible
    assert not found.ok


def test_sets_go_with_rings_of_two_and_all_of_the_people() -> None:
    solution = solve_rings(ALL_THREE, longest=2)
    with pytest.raises(ValueError, match="odd sets bound rings of two; longest is 3"):
        checked(ALL_THREE, solution, longest=3)
    with pytest.raises(ValueError, match="odd sets are of 4 people; this problem has 3"):
        checked(ALL_THREE, solution, odd_sets=OddSets.none(4))
