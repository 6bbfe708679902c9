"""The lottery between equals: its draws, and the cases that random tables seldom hit."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mentormatch.assign import Capacities, Objective
from mentormatch.assign.problem import Problem
from mentormatch.assign.solve import solve
from mentormatch.assign.ties import exchangeable, settle, tie_keys, tie_weights
from tests.assign.capacity_oracles import checked
from tests.assign.strategies import WITHOUT_FLOOR

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Of "ana" and "bo" with seed 0: stored, so that answers of one version never change.
KEYS = [2171092607005778653, 6134122705811309287]
DRAW = 209853337789.0


def never_asked(rows: Integers, cols: Integers) -> Floats:
    raise AssertionError("no pair can be exchanged, so none needs a draw")


def test_keys_are_the_same_on_every_machine() -> None:
    assert tie_keys(0, ["ana", "bo"]).tolist() == KEYS
    assert tie_keys(-1, ["ana"]).tolist() != tie_keys(1, ["ana"]).tolist()
    assert tie_keys(10**100, ["ana"]).dtype == np.uint64
    assert tie_keys(0, []).shape == (0,)


def test_keys_take_any_text() -> None:
    assert len(set(tie_keys(0, ["", "Å", "å", "\ud800", "a\x00"]).tolist())) == 5


def test_draws_are_the_same_on_every_machine_and_for_either_order() -> None:
    ana, bo = tie_keys(0, ["ana"]), tie_keys(0, ["bo"])
    assert (tie_weights(ana, bo) * 2.0**40).tolist() == [DRAW]
    assert tie_weights(bo, ana) == tie_weights(ana, bo)


def test_draws_are_multiples_of_a_fortieth_bit_spread_over_the_unit_interval() -> None:
    rows = tie_keys(3, [f"row {number}" for number in range(300)])
    cols = tie_keys(3, [f"col {number}" for number in range(200)])
    draws = tie_weights(rows[:, np.newaxis], cols)
    assert draws.shape == (300, 200)
    tickets = draws * 2.0**40
    assert (tickets == np.floor(tickets)).all()
    assert (draws > 0).all()
    assert (draws <= 1).all()
    assert len(np.unique(draws)) == 60_000
    tenths = np.bincount((draws * 10).astype(np.int64).clip(max=9).ravel())
    assert (abs(tenths - 6_000) < 400).all()
    # Nobody is favoured: the means of the rows scatter as those of independent draws do.
    assert abs(draws.mean(axis=1).std() - 1 / np.sqrt(12 * 200)) < 0.003


def test_the_ends_of_the_interval_can_be_drawn() -> None:
    zero = np.array([0], dtype=np.uint64)
    assert tie_weights(zero, zero).tolist() == [2.0**-40]


def test_without_ties_the_solution_is_returned_as_it_is() -> None:
    problem = Problem.from_scores([[1.0, 0.5], [0.5, 0.75]])
    solution = solve(problem, Objective.SCORE)
    assert settle(problem, solution, never_asked) is solution
    assert not exchangeable(problem, solution).any()


def test_a_solution_without_a_proof_is_returned_as_it_is() -> None:
    problem = Problem.from_scores(np.ones((2, 2)))
    proven = solve(problem, Objective.SCORE)
    unproven = replace(proven, rows=proven.rows[:1], cols=proven.cols[:1], scores=proven.scores[:1])
    assert settle(problem, unproven, never_asked) is unproven


def test_who_is_left_single_is_drawn_too() -> None:
    problem = Problem.from_scores(np.ones((3, 1)))
    solution = solve(problem, Objective.SCORE)
    for winner in range(3):
        draws = np.full(3, 0.25)
        draws[winner] = 0.5
        settled = settle(problem, solution, lambda rows, _, draws=draws: draws[rows])  # type: ignore[misc]
        assert settled.rows.tolist() == [winner]


def test_only_pairs_that_may_change_are_asked_for() -> None:
    scores = np.zeros((4, 4))
    scores[:2, :2] = 0.5
    scores[2, 2] = scores[3, 3] = 1.0
    asked: list[tuple[int, int]] = []

    def weights(rows: Integers, cols: Integers) -> Floats:
        asked.extend(zip(rows.tolist(), cols.tolist(), strict=True))
        return np.where(rows == cols, 0.5, 1.0)

    problem = Problem.from_scores(scores)
    settled = settle(problem, solve(problem, Objective.SCORE), weights)
    assert asked == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert settled.cols.tolist() == [1, 0, 2, 3]


def test_no_pair_below_the_floor_is_drawn() -> None:
    """It would be tight, and so would the one that it goes with."""
    problem = Problem.from_scores([[0.5, 1.0], [0.0, 0.5]])
    solution = solve(problem, Objective.FLOOR_THEN_SCORE)
    draws = np.array([[2.0**-40, 1.0], [1.0, 2.0**-40]])
    settled = settle(problem, solution, lambda rows, cols: draws[rows, cols])
    assert settled.cols.tolist() == [0, 1]
    assert not exchangeable(problem, solution).any()


def best_perfect(draws: NDArray[np.float64]) -> float:
    """Return the most that draws come to if everybody has a partner no further than next to them.

    The last two each have their own partner or each other's.
    """
    totals = [0.0, float(draws[0, 0])]
    for last in range(1, len(draws)):
        swapped = draws[last - 1, last] + draws[last, last - 1]
        totals.append(max(totals[-1] + draws[last, last], totals[-2] + swapped))
    return totals[-1]


@pytest.mark.parametrize("size", [8, 12, 300])
def test_draws_never_outweigh_people_who_must_be_served(size: int) -> None:
    """The highest draws lie just below the diagonal, where they leave two people single."""
    near = abs(np.subtract.outer(np.arange(size), np.arange(size))) <= 1
    draws = np.where(near & np.tri(size, k=-1, dtype=np.bool_), 1.0, 2.0**-40)
    problem = Problem.from_scores(near.astype(np.float64), near)
    solution = solve(problem, Objective.PEOPLE_THEN_SCORE)
    settled = settle(problem, solution, lambda rows, cols: draws[rows, cols])
    assert len(settled.rows) == size
    assert draws[settled.rows, settled.cols].sum() == best_perfect(draws)


def test_nobody_is_given_fewer_partners_than_the_best_has() -> None:
    """Each later place costs half of lam: row 0 keeps both, and lots say which row has one."""
    scores = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0]])
    allowed = np.array([[True, True, True], [True, True, False]])
    capacities = Capacities.of((2, 3), row_capacity=2)
    problem = Problem.from_scores(scores, allowed, capacities)
    solution = solve(problem, Objective.PEOPLE_THEN_SCORE)
    for favoured in range(2):
        draws = np.full((2, 3), 0.25)
        draws[0, favoured] = 0.5
        settled = settle(problem, solution, lambda rows, cols, draws=draws: draws[rows, cols])  # type: ignore[misc]
        pairs = list(zip(settled.rows.tolist(), settled.cols.tolist(), strict=True))
        assert pairs == sorted([(0, favoured), (0, 2), (1, 1 - favoured)])


def test_pairs_with_a_price_of_their_own_are_in_every_best_choice() -> None:
    scores = np.array([[3.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
    problem = Problem.from_scores(scores, capacities=Capacities.of((2, 3), 2, [2, 1, 1]))
    solution = solve(problem, Objective.SCORE)
    assert solution.load_prices is not None
    assert len(solution.load_prices.pairs)
    asked: list[tuple[int, int]] = []

    def weights(rows: Integers, cols: Integers) -> Floats:
        asked.extend(zip(rows.tolist(), cols.tolist(), strict=True))
        return np.where(rows == cols, 0.25, 1.0)

    settled = settle(problem, solution, weights)
    assert (0, 0) not in asked
    assert (0, 0) in zip(settled.rows.tolist(), settled.cols.tolist(), strict=True)
    assert settled.value == solution.value == 6.0


def test_scores_that_were_rounded_leave_a_choice_that_keeps_to_the_capacities() -> None:
    scores = np.full((4, 6), 1.0 / 3.0) * np.array([[1.0], [1.0], [1e-9], [0.7]])
    capacities = Capacities.of((4, 6), [3, 2, 2, 1], 2, row_minimum=[1, 2, 2, 1])
    problem = Problem.from_scores(scores, capacities=capacities)
    for objective in WITHOUT_FLOOR:
        solution = solve(problem, objective)
        draws = tie_weights(tie_keys(1, "abcd")[:, np.newaxis], tie_keys(1, "uvwxyz"))
        settled = settle(problem, solution, lambda rows, cols, draws=draws: draws[rows, cols])  # type: ignore[misc]
        assert checked(problem, settled).ok
        assert settled.people == solution.people
