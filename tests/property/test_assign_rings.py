"""Laws of rings: the best there are, proven, and what changes them."""

from dataclasses import replace
from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from mentormatch.assign import Objective, heaviest, long_rings
from mentormatch.assign.ring_problem import RingProblem
from mentormatch.assign.rings import solve_rings
from tests.assign.ring_cases import (
    best_rings,
    checked,
    problem_of,
    random_rings,
    reached,
    ring_tables,
)
from tests.assign.strategies import WITHOUT_FLOOR, Table, fine, objectives

bounds = st.sampled_from([2, 3, 4, 5])
any_bounds = st.sampled_from([None, 2, 3, 4, 5])


@given(ring_tables(), objectives, any_bounds)
def test_equals_enumeration(table: Table, objective: Objective, longest: int | None) -> None:
    solution = solve_rings(problem_of(table), objective, longest)
    assert reached(solution) == best_rings(table, objective, longest)


@given(ring_tables(values=fine), objectives, any_bounds)
def test_equals_enumeration_to_the_last_bit_of_the_grid(
    table: Table, objective: Objective, longest: int | None
) -> None:
    solution = solve_rings(problem_of(table), objective, longest)
    people, total = best_rings(table, objective, longest)
    assert reached(solution)[0] == people
    # HiGHS works to a part of the gap.
    assert total - 1e-6 * solution.gap <= solution.value <= total <= solution.bound


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("longest", [2, 3, 4])
@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
def test_equals_enumeration_on_larger_tables(objective: Objective, longest: int, seed: int) -> None:
    table = random_rings(seed, 12, [0.25, 0.45][seed % 2])
    solution = solve_rings(problem_of(table), objective, longest)
    assert reached(solution) == best_rings(table, objective, longest)
    assert solution.is_optimal or solution.is_searched


@given(ring_tables(most=9, values=fine))
def test_of_any_length_equals_scipy_with_a_zero_diagonal(table: Table) -> None:
    scores = np.where(table.allowed, table.scores, -100.0)
    np.fill_diagonal(scores, 0.0)
    solution = solve_rings(problem_of(table))
    expected = scores[linear_sum_assignment(scores, maximize=True)].sum()
    assert solution.value == pytest.approx(expected, abs=1e-12)
    assert solution.is_optimal


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("density", [0.005, 0.02, 0.3])
def test_kernels_and_tables_find_the_same_total(
    density: float, objective: Objective, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = problem_of(random_rings(3, 250, density, 2**40))
    expected = solve_rings(problem, objective)
    monkeypatch.setattr(heaviest, "FEW_CELLS", -1)
    found = solve_rings(problem, objective)
    assert reached(found) == reached(expected)
    assert checked(problem, found).ok


@given(ring_tables(most=9, values=fine))
def test_a_smaller_lam_changes_no_ring(table: Table) -> None:
    problem = problem_of(table)
    plain = solve_rings(problem, Objective.PEOPLE_THEN_SCORE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_rings, "SMALL", 0.0)
        patch.setattr(long_rings, "STEP", 2.0)
        found = solve_rings(problem, Objective.PEOPLE_THEN_SCORE)
    assert found.members.tolist() == plain.members.tolist()
    assert found.lam <= plain.lam
    assert checked(problem, found).ok


@given(ring_tables(most=9), objectives)
def test_of_two_equals_one_pool_on_summed_scores(table: Table, objective: Objective) -> None:
    graph = nx.Graph()
    for i, j in np.argwhere(table.allowed & table.allowed.T).tolist():
        if i < j:
            total = int((table.scores[i, j] + table.scores[j, i]) * 4)
            graph.add_edge(i, j, weight=total)
    counts = objective is Objective.PEOPLE_THEN_SCORE
    pairs = nx.max_weight_matching(graph, maxcardinality=counts)
    solution = solve_rings(problem_of(table), objective, 2)
    assert solution.value == sum(graph.edges[pair]["weight"] for pair in pairs) / 4
    assert solution.people == 2 * len(pairs) or not counts


@given(ring_tables(), objectives)
def test_a_bound_that_no_ring_exceeds_changes_nothing(table: Table, objective: Objective) -> None:
    problem = problem_of(table)
    free = solve_rings(problem, objective)
    for longest in (max(problem.size, 2), problem.size + 5):
        assert reached(solve_rings(problem, objective, longest)) == reached(free)


@given(ring_tables(), objectives)
def test_longer_rings_never_lower_the_objective(table: Table, objective: Objective) -> None:
    problem = problem_of(table)
    found = [reached(solve_rings(problem, objective, longest)) for longest in (2, 3, 4, None)]
    assert found == sorted(found)


@given(ring_tables(), objectives, any_bounds, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_no_total(
    table: Table, objective: Objective, longest: int | None, random: Random
) -> None:
    order = list(range(len(table.scores)))
    random.shuffle(order)
    other = Table(table.scores[order][:, order], table.allowed[order][:, order])
    found = [solve_rings(problem_of(one), objective, longest) for one in (table, other)]
    assert reached(found[0]) == reached(found[1])


@given(ring_tables(), objectives, any_bounds, st.data())
def test_to_forbid_an_arrow_never_raises_the_objective(
    table: Table, objective: Objective, longest: int | None, data: st.DataObject
) -> None:
    arrows = np.argwhere(table.allowed)
    if not len(arrows):
        return
    allowed = table.allowed.copy()
    allowed[tuple(data.draw(st.sampled_from(arrows.tolist())))] = False
    fewer = solve_rings(problem_of(Table(table.scores, allowed)), objective, longest)
    assert reached(fewer) <= reached(solve_rings(problem_of(table), objective, longest))


@given(ring_tables(most=7, values=fine), objectives, any_bounds)
def test_the_proof_verifies(table: Table, objective: Objective, longest: int | None) -> None:
    problem = problem_of(table)
    solution = solve_rings(problem, objective, longest)
    found = checked(problem, solution)
    assert (found.valid, found.feasible, found.covered) == (True, True, True)
    assert (found.gap, found.count_gap) == (solution.gap, solution.count_gap)
    assert found.ok == solution.is_optimal
    assert found.ok or longest in {3, 4, 5}


@given(ring_tables(), objectives, any_bounds, st.data())
def test_the_proof_fails_when_any_price_is_changed(
    table: Table, objective: Objective, longest: int | None, data: st.DataObject
) -> None:
    problem = problem_of(table)
    solution = solve_rings(problem, objective, longest)
    counts = objective is Objective.PEOPLE_THEN_SCORE
    if not problem.size or not solution.is_optimal:
        return
    side = data.draw(st.sampled_from(["tail_prices", "head_prices"]))
    side = side.replace("_", "_count_", 1) if counts and data.draw(st.booleans()) else side
    prices = getattr(solution, side).copy()
    prices[data.draw(st.integers(0, problem.size - 1))] += data.draw(st.sampled_from([-1.0, 1.0]))
    assert not checked(problem, solution, **{side: prices}).ok


@given(ring_tables(), objectives, any_bounds)
def test_the_proof_fails_for_fewer_rings(
    table: Table, objective: Objective, longest: int | None
) -> None:
    problem = problem_of(table)
    solution = solve_rings(problem, objective, longest)
    counts = objective is Objective.PEOPLE_THEN_SCORE
    if len(solution.starts) < 2:
        return
    gone = int(solution.starts[1])
    if not counts and not solution.scores[:gone].any():
        return
    rest = {"starts": solution.starts[1:] - gone, "members": solution.members[gone:]}
    assert not checked(problem, solution, **rest).ok


@given(ring_tables(most=7), objectives, any_bounds)
def test_rings_are_in_order_and_disjoint(
    table: Table, objective: Objective, longest: int | None
) -> None:
    problem = problem_of(table)
    found = solve_rings(problem, objective, longest)
    rings = [
        found.members[a:b].tolist()
        for a, b in zip(found.starts[:-1], found.starts[1:], strict=True)
    ]
    assert [ring[0] for ring in rings] == sorted(min(ring) for ring in rings)
    assert len(set(found.members.tolist())) == found.people
    assert all(2 <= len(ring) <= (longest or problem.size) for ring in rings)
    arrows = problem.find(found.members, found.next_members)
    assert (arrows >= 0).all()
    assert found.scores.tolist() == problem.scores[arrows].tolist()


@given(ring_tables(values=fine), objectives)
def test_a_lottery_decides_between_equals_only(table: Table, objective: Objective) -> None:
    problem = problem_of(table)
    plain = solve_rings(problem, objective)
    draws = np.random.default_rng(problem.size).integers(1, 2**40, (problem.size,) * 2) / 2**40
    settled = solve_rings(problem, objective, draws=lambda rows, cols: draws[rows, cols])
    assert reached(settled) == reached(plain)
    assert checked(problem, settled).ok
    # Whoever solves it, in whichever order of the people.
    turned = draws[::-1, ::-1]
    back = Table(table.scores[::-1, ::-1], table.allowed[::-1, ::-1])
    other = solve_rings(problem_of(back), objective, draws=lambda rows, cols: turned[rows, cols])
    names = problem.size - 1 - other.members
    assert dict(
        zip(names.tolist(), (problem.size - 1 - other.next_members).tolist(), strict=True)
    ) == dict(zip(settled.members.tolist(), settled.next_members.tolist(), strict=True))


@pytest.mark.parametrize("size", [2, 3, 7, 300])
def test_a_single_long_ring(size: int) -> None:
    people = np.arange(size)
    heads = (people + 1) % size
    problem = RingProblem(size, people, heads, np.full(size, 0.5))
    whole = solve_rings(problem, Objective.PEOPLE_THEN_SCORE)
    assert whole.members.tolist() == people.tolist()
    assert whole.is_optimal
    shorter = solve_rings(problem, Objective.PEOPLE_THEN_SCORE, max(size - 1, 2))
    assert shorter.people == (2 if size == 2 else 0)
    assert checked(problem, shorter).feasible


def test_the_same_each_time() -> None:
    problem = problem_of(random_rings(5, 60, 0.1))
    first, second = (solve_rings(problem, Objective.PEOPLE_THEN_SCORE, 3) for _ in range(2))
    assert first.members.tolist() == second.members.tolist()
    assert first.tail_prices.tolist() == second.tail_prices.tolist()
    assert replace(first).gap == second.gap
