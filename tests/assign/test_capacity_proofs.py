"""The check names what is wrong with a proof about capacities."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mentormatch.assign import Objective, Solution
from mentormatch.assign.capacities import Capacities, LoadPrices, SpreadPrices
from mentormatch.assign.certificate import Checked, check
from mentormatch.assign.problem import Problem
from mentormatch.assign.solve import solve
from tests.assign.capacity_oracles import checked
from tests.assign.strategies import WITHOUT_FLOOR, random_table

#: Row 0 has room for both columns, and both columns for both rows; row 1 must have a partner.
PROBLEM = Problem.from_scores(
    [[1.0, 0.5], [0.5, 0.25]],
    capacities=Capacities.of((2, 2), row_capacity=[2, 1], col_capacity=2, row_minimum=[0, 1]),
)
SOLUTION = solve(PROBLEM, Objective.PEOPLE_THEN_SCORE)


def forged(loads: LoadPrices | None = None, **changes: Any) -> Solution:
    loads = loads or SOLUTION.load_prices
    assert loads is not None
    return replace(SOLUTION, load_prices=replace(loads, **changes))


def test_a_proof_holds() -> None:
    found = checked(PROBLEM, SOLUTION)
    assert (found.valid, found.feasible, found.covered, found.ok) == (True, True, True, True)
    assert (found.gap, found.count_gap, found.violations.tolist()) == (0.0, 0.0, [])
    assert (SOLUTION.people, SOLUTION.value) == (4, 2.0)


@pytest.mark.parametrize(
    ("rows", "cols"),
    [
        ([0, 1, 1], [0, 0, 1]),  # row 1 twice
        ([0, 0], [0, 1]),  # row 1 not at all
        ([0, 0, 1], [0, 0, 0]),  # a pair twice
        ([0, 2], [0, 0]),  # no such row
        ([0, 1], [0, 2]),
    ],
)
def test_what_breaks_a_capacity_or_a_minimum_is_not_valid(rows: list[int], cols: list[int]) -> None:
    found = checked(PROBLEM, replace(SOLUTION, rows=np.array(rows), cols=np.array(cols)))
    assert not found.valid
    assert not found.ok
    assert found.feasible


def pairs(rows: list[int], cols: list[int], prices: list[float]) -> dict[str, Any]:
    return {"rows": np.array(rows), "cols": np.array(cols), "pairs": np.array(prices)}


def test_prices_of_pairs_cover_what_they_name_and_nothing_else() -> None:
    scores = np.full((2, 2), 1.0)
    problem = Problem.from_scores(scores, capacities=Capacities.of((2, 2), 2, 2))
    solution = solve(problem, Objective.SCORE)
    assert len(solution.rows) == 4
    loads = solution.load_prices
    assert loads is not None
    assert checked(problem, solution).ok
    none = replace(solution, row_prices=np.zeros(2), col_prices=np.zeros(2))
    everywhere = pairs([0, 0, 1, 1], [0, 1, 0, 1], [1.0] * 4)
    assert checked(problem, replace(none, load_prices=replace(loads, **everywhere))).ok
    twice = pairs([0, 0, 0, 1], [0, 0, 1, 0], [1.0] * 4)
    found = checked(problem, replace(none, load_prices=replace(loads, **twice)))
    assert (found.gap, found.violations.tolist()) == (0.0, [[1, 1]])
    nowhere = pairs([0, 0, 1, -1], [0, 1, 0, 5], [1.0] * 4)
    found = checked(problem, replace(none, load_prices=replace(loads, **nowhere)))
    assert (found.gap, found.violations.tolist()) == (0.0, [[1, 1]])
    short = pairs([0, 0, 1, 1], [0, 1, 0, 1], [1.0, 1.0, 1.0, np.nextafter(1.0, 0.0)])
    found = checked(problem, replace(none, load_prices=replace(loads, **short)))
    assert found.violations.tolist() == [[1, 1]]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, -0.25, 1e308])
@pytest.mark.parametrize("name", ["pairs", "row_minimum", "col_minimum"])
def test_prices_that_are_none_fail(name: str, wrong: float) -> None:
    changes: dict[str, Any] = {name: np.array([wrong, 0.0])}
    if name == "pairs":
        changes |= {"rows": np.array([0, 0]), "cols": np.array([0, 1])}
    for kind in ("load_prices", "count_load_prices"):
        loads = getattr(SOLUTION, kind)
        layer: dict[str, Any] = {kind: replace(loads, **changes)}
        found = checked(PROBLEM, replace(SOLUTION, **layer))
        assert not found.ok
        assert not (found.feasible if kind == "load_prices" else found.covered)


def test_a_minimum_that_takes_off_what_float64_would_round_away_fails() -> None:
    """Else a forger could pay for minima with prices that do not come down."""
    huge = forged(row_minimum=np.array([0.0, 2.0**60]))
    raised = replace(huge, row_prices=SOLUTION.row_prices + np.array([0.0, 2.0**60 + 2**9]))
    found = checked(PROBLEM, replace(raised, row_prices=raised.row_prices + 2.0**-60))
    assert not found.ok
    inexact = forged(row_minimum=np.array([0.0, 2.0**-60]))
    assert not checked(PROBLEM, inexact).feasible


def test_who_takes_no_part_needs_no_price() -> None:
    capacities = Capacities.of((2, 1), row_capacity=[0, 1])
    problem = Problem.from_scores([[9.0], [1.0]], capacities=capacities)
    solution = solve(problem, Objective.SCORE)
    assert solution.row_prices.tolist()[0] == 0.0
    assert checked(problem, solution).ok


def wrongly(problem: Problem, **changes: Any) -> Checked:
    proof: dict[str, Any] = {
        "rows": SOLUTION.rows,
        "cols": SOLUTION.cols,
        "row_prices": SOLUTION.row_prices,
        "col_prices": SOLUTION.col_prices,
        "objective": Objective.PEOPLE_THEN_SCORE,
        "lam": SOLUTION.lam,
        "row_count_prices": SOLUTION.row_count_prices,
        "col_count_prices": SOLUTION.col_count_prices,
    }
    return check(problem, **(proof | changes))


def test_prices_of_loads_go_with_capacities() -> None:
    plain = replace(PROBLEM, capacities=None)
    with pytest.raises(ValueError, match="no capacities, so there can be no prices of loads"):
        wrongly(plain, load_prices=SOLUTION.load_prices)


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
def test_without_minima_where_one_side_has_one_place_each_they_are_not_needed(
    objective: Objective,
) -> None:
    table = random_table(1, (12, 5), 0.6)
    capacities = Capacities.of((12, 5), col_capacity=3)
    problem = Problem.from_scores(table.scores, table.allowed, capacities)
    solution = solve(problem, objective)
    bare = replace(solution, load_prices=None, count_load_prices=None)
    assert checked(problem, bare).ok
    assert bare.is_optimal


@pytest.mark.parametrize("name", ["row_minimum", "col_minimum", "pairs"])
def test_prices_of_loads_have_the_lengths_of_the_problem(name: str) -> None:
    wrong: dict[str, Any] = {name: np.zeros(5)}
    loads = forged(**wrong).load_prices
    with pytest.raises(ValueError, match="have not one length for each side and for pairs"):
        wrongly(PROBLEM, load_prices=loads)


#: Row 0 has room for all columns, but for one only of columns 0 and 1.
APART = Problem.from_scores(
    [[1.0, 0.75, 0.25]],
    capacities=Capacities.of((1, 3), row_capacity=3, row_at_most=1, col_groups=[6, 6, -1]),
)


def test_a_proof_with_prices_of_groups_holds() -> None:
    for objective in WITHOUT_FLOOR:
        solution = solve(APART, objective)
        assert checked(APART, solution).ok
        assert solution.cols.tolist() == [0, 2]
        loads = solution.load_prices
        assert loads is not None
        assert loads.row_spread is not None
        assert (loads.row_spread.members.tolist(), loads.row_spread.groups.tolist()) == ([0], [6])


def test_too_many_partners_of_one_group_are_not_valid() -> None:
    solution = solve(APART, Objective.SCORE)
    everybody = replace(solution, rows=np.zeros(3, dtype=np.int64), cols=np.arange(3))
    assert not checked(APART, everybody).valid
    free = replace(APART, capacities=Capacities.of((1, 3), row_capacity=3))
    bare = replace(everybody, load_prices=None, row_prices=np.ones(1), col_prices=np.zeros(3))
    assert checked(free, bare).valid


def with_spread(members: list[int], groups: list[int], prices: list[float]) -> Checked:
    """The proof in which the group alone pays for columns 0 and 1, and column 2 for itself."""
    solution = solve(APART, Objective.SCORE)
    nothing, none = np.zeros(0), np.zeros(0, dtype=np.int64)
    who, which = np.array(members, dtype=np.int64), np.array(groups, dtype=np.int64)
    spread = SpreadPrices(who, which, np.array(prices))
    loads = LoadPrices(none, none, nothing, np.zeros(1), np.zeros(3), spread)
    forged = replace(
        solution, row_prices=np.zeros(1), col_prices=np.array([0.0, 0.0, 0.25]), load_prices=loads
    )
    found = checked(APART, forged)
    if found.feasible:
        assert found.gap == forged.gap
    return found


def test_prices_of_groups_cover_the_pairs_of_those_they_name_and_nothing_else() -> None:
    assert with_spread([0], [6], [1.0]).ok
    assert with_spread([0], [6], [0.5]).violations.tolist() == [[0, 0], [0, 1]]
    assert with_spread([0], [5], [1.0]).violations.tolist() == [[0, 0], [0, 1]]
    assert with_spread([0], [-1], [1.0]).violations.tolist() == [[0, 0], [0, 1]]
    assert with_spread([], [], []).violations.tolist() == [[0, 0], [0, 1]]
    # Priced twice is paid twice, but covers once.
    twice = with_spread([0, 0], [6, 6], [0.5, 0.5])
    assert (twice.gap, twice.violations.tolist()) == (0.0, [[0, 0], [0, 1]])
    assert with_spread([0, 0], [6, 7], [1.0, 0.25]).gap == 0.25


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, -0.25, 1e308])
def test_prices_of_groups_that_are_none_fail(wrong: float) -> None:
    assert not with_spread([0], [6], [wrong]).feasible


def test_prices_of_nobody_cover_nothing() -> None:
    solution = solve(APART, Objective.SCORE)
    loads = solution.load_prices
    assert loads is not None
    for nobody in (-1, 1):
        spread = SpreadPrices(np.array([nobody]), np.array([6]), np.array([1.0]))
        found = checked(APART, replace(solution, load_prices=replace(loads, row_spread=spread)))
        assert not found.feasible


def test_a_price_of_a_group_that_float64_would_round_away_covers_nothing() -> None:
    problem = Problem.from_scores(
        [[2.0**60, 2.0**60, 0.0]],
        capacities=Capacities.of((1, 3), row_capacity=3, row_at_most=1, col_groups=[6, 6, -1]),
    )
    solution = solve(problem, Objective.SCORE)
    loads = solution.load_prices
    assert loads is not None
    spread = SpreadPrices(np.array([0]), np.array([6]), np.array([0.5]))
    loads = replace(loads, row_spread=spread)
    forged = replace(solution, row_prices=np.array([2.0**60]), load_prices=loads)
    assert not checked(problem, forged).feasible


def test_prices_of_groups_go_with_groups() -> None:
    solution = solve(APART, Objective.SCORE)
    capacities = Capacities.of((1, 3), row_capacity=3)
    with pytest.raises(ValueError, match="the problem has no such groups"):
        checked(replace(APART, capacities=capacities), solution)
    loads = solution.load_prices
    assert loads is not None
    assert loads.row_spread is not None
    uneven = replace(loads.row_spread, groups=np.array([6, 6]))
    with pytest.raises(ValueError, match="the prices of groups differ in length"):
        checked(APART, replace(solution, load_prices=replace(loads, row_spread=uneven)))


def test_a_solution_says_whom_it_serves() -> None:
    assert repr(SOLUTION) == ("Solution(people_then_score: 3 pairs of 4 people worth 2, optimal)")
    assert SOLUTION.most_pairs == 3
    alone = solve(PROBLEM, Objective.SCORE)
    assert alone.most_people == alone.people == 4
    fewer = replace(SOLUTION, rows=np.array([0, 1]), cols=np.array([0, 0]))
    assert (fewer.people, fewer.most_people, fewer.is_optimal) == (3, 4, False)
