"""Law: the engine's optimum is the one that other means find."""

import math

import pytest
from hypothesis import given

from mentormatch.assign import Objective, Solution
from mentormatch.assign.solve import solve
from tests.assign.oracles import best_worth, highs_worth, networkx_worth, scipy_total
from tests.assign.strategies import WITHOUT_FLOOR, Table, foreign, objectives, random_table, tables


def reached(solution: Solution) -> tuple[int, float]:
    counts = solution.objective is Objective.PEOPLE_THEN_SCORE
    return len(solution.rows) if counts else 0, solution.value


@given(tables(), objectives)
def test_equals_enumeration(table: Table, objective: Objective) -> None:
    solution = solve(table.problem, objective)
    assert reached(solution) == best_worth(table.scores, table.allowed, objective)
    assert solution.is_optimal
    assert solution.gap == 0
    assert solution.step == 0


@given(tables(values=foreign, most=4), objectives)
def test_equals_enumeration_but_for_the_rounding_of_foreign_floats(
    table: Table, objective: Objective
) -> None:
    solution = solve(table.problem, objective)
    count, value = best_worth(table.scores, table.allowed, objective)
    slack = solution.step * len(solution.rows)
    assert reached(solution)[0] == count
    # Sums of sums are rounded on either side, by an ulp.
    assert value - slack - math.ulp(value) <= solution.value <= value
    assert value <= solution.bound + math.ulp(solution.bound)
    # Tiny scores beside a large lam are not proven to their last digit, and it says so.
    assert solution.is_optimal == (solution.gap <= 1e-12 * solution.bound)


SHAPES = [(40, 40), (25, 60), (60, 25)]


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("density", [0.03, 0.2, 1.0])
@pytest.mark.parametrize("levels", [4, 2**40])
@pytest.mark.parametrize("shape", SHAPES)
def test_equals_highs_and_networkx_on_middling_tables(
    shape: tuple[int, int], levels: int, density: float, objective: Objective
) -> None:
    table = random_table(levels + shape[0], shape, density, levels)
    solution = solve(table.problem, objective)
    assert reached(solution) == networkx_worth(table.scores, table.allowed, objective)
    count, value = highs_worth(table.scores, table.allowed, objective)
    assert reached(solution)[0] == count
    assert solution.value == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("density", [0.01, 0.1, 1.0])
def test_equals_scipy_on_larger_tables(density: float) -> None:
    table = random_table(7, (300, 400), density)
    solution = solve(table.problem, Objective.SCORE)
    assert solution.value == pytest.approx(scipy_total(table.scores, table.allowed), abs=1e-9)
    assert solution.gap == 0
