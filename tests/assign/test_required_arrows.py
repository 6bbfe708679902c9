"""Rings with required arrows, and what one more arrow would cost, against trying all rings."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from mentormatch.assign import Objective, chains
from mentormatch.assign.chains import Chains
from mentormatch.assign.loops import exchangeable_arrows, ring_chains
from mentormatch.assign.ring_problem import RingProblem, RingSolution
from mentormatch.assign.rings import solve_rings
from mentormatch.errors import InfeasibleError
from tests.assign.ring_cases import (
    all_rings,
    checked,
    problem_of,
    random_rings,
    reached,
    ring_tables,
    ring_total,
)
from tests.assign.strategies import WITHOUT_FLOOR, Table, fine, objectives

Arrow = tuple[int, int]
Packing = frozenset[Arrow]

bounds = st.sampled_from([None, 2, 3, 4])


def all_packings(table: Table, longest: int | None) -> dict[Packing, tuple[int, float]]:
    """Every choice of disjoint rings: how many people it has, and what it is worth."""
    found: dict[Packing, tuple[int, float]] = {frozenset(): (0, 0.0)}
    for ring in all_rings(table.allowed, longest or len(table.scores)):
        arrows = {*pairwise(ring), (ring[-1], ring[0])}
        total = ring_total(table, ring)
        for packing, (people, worth) in list(found.items()):
            if not {tail for tail, _ in packing} & set(ring):
                found[packing | arrows] = people + len(ring), worth + total
    return found


def best_of(
    packings: dict[Packing, tuple[int, float]], objective: Objective, must: set[Arrow]
) -> tuple[int, float] | None:
    counts = objective is Objective.PEOPLE_THEN_SCORE
    some = [(people * counts, worth) for one, (people, worth) in packings.items() if must <= one]
    return max(some, default=None)


def bound_to(table: Table, must: set[Arrow]) -> RingProblem:
    """The problem with some arrows required, and the others of their ends left out."""
    allowed = table.allowed.copy()
    for tail, head in must:
        allowed[tail, :] = allowed[:, head] = False
    for tail, head in must:
        allowed[tail, head] = True
    problem = RingProblem.from_scores(table.scores, allowed)
    ends = np.array(sorted(must), dtype=np.int64).reshape(-1, 2)
    required = problem.find(ends[:, 0], ends[:, 1])
    return RingProblem(
        problem.size, problem.tails, problem.heads, problem.scores, required=required
    )


@st.composite
def required_arrows(draw: st.DrawFn, table: Table) -> set[Arrow]:
    """One to three arrows of different tails and heads."""
    arrows = [(int(a), int(b)) for a, b in np.argwhere(table.allowed) if a != b]
    assume(arrows)
    drawn = draw(st.lists(st.sampled_from(arrows), min_size=1, max_size=3))
    must: set[Arrow] = set()
    for tail, head in drawn:
        if not any(tail == a or head == b for a, b in must):
            must.add((tail, head))
    return must


@given(ring_tables(most=6) | ring_tables(most=5, values=fine), objectives, bounds, st.data())
def test_the_best_rings_with_required_arrows_are_found_and_proven(
    table: Table, objective: Objective, longest: int | None, data: st.DataObject
) -> None:
    must = data.draw(required_arrows(table))
    problem = bound_to(table, must)
    expected = best_of(all_packings(table, longest), objective, must)
    if expected is None:
        with pytest.raises(InfeasibleError, match="hold all required arrows"):
            solve_rings(problem, objective, longest)
        return
    found = solve_rings(problem, objective, longest)
    assert must <= set(zip(found.members.tolist(), found.next_members.tolist(), strict=True))
    assert reached(found)[0] == expected[0]
    assert found.value == pytest.approx(expected[1], abs=1e-9)
    proof = checked(problem, found)
    assert proof.valid
    assert proof.feasible
    assert proof.covered
    assert proof.ok == found.is_optimal
    if longest in (None, 2):
        assert proof.ok
    without = checked(problem_of(table), found)
    assert without.valid  # the rings are rings without that, too


@pytest.mark.parametrize("objective", WITHOUT_FLOOR)
@pytest.mark.parametrize("longest", [None, 2, 3])
def test_the_proof_holds_on_larger_tables(longest: int | None, objective: Objective) -> None:
    table = random_rings(4, 40, 0.2)
    free = solve_rings(problem_of(table), objective, longest)
    made = set(zip(free.members.tolist(), free.next_members.tolist(), strict=True))
    asked = [(int(a), int(b)) for a, b in np.argwhere(table.allowed & table.allowed.T) if a != b]
    for arrow in [one for one in asked if one not in made][:3]:
        problem = bound_to(table, {arrow})
        found = solve_rings(problem, objective, longest)
        assert reached(found) <= reached(free)
        assert arrow in zip(found.members.tolist(), found.next_members.tolist(), strict=True)
        proof = checked(problem, found)
        assert proof.feasible
        assert proof.ok or longest == 3


def test_ways_that_lead_nowhere_are_not_walked() -> None:
    """From 1 on there are more ways than could be walked, and none of them leads back to 0."""
    size = 60
    allowed = np.random.default_rng(0).random((size, size)) < 0.2
    allowed[:, 0] = False
    problem = bound_to(
        Table(np.ones((size, size)), allowed | (np.indices((size, size))[1] == 1)), {(0, 1)}
    )
    with pytest.raises(InfeasibleError, match="no rings of at most 30 people hold all required"):
        solve_rings(problem, longest=30)


def test_a_proof_without_a_required_arrow_is_none() -> None:
    table = Table(np.ones((4, 4)), np.ones((4, 4), dtype=np.bool_))
    problem = bound_to(table, {(0, 1)})
    found = solve_rings(problem)
    nothing = {"starts": np.array([0]), "members": np.zeros(0, dtype=np.int64)}
    assert checked(problem, found).ok
    assert not checked(problem, found, **nothing).valid


def test_a_required_arrow_has_its_ends_to_itself() -> None:
    ends = np.array([0, 0, 1]), np.array([1, 2, 0])
    for required in ([0], [1]):
        with pytest.raises(ValueError, match="has another arrow as well"):
            RingProblem(3, *ends, np.ones(3), required=np.array(required))
    assert RingProblem(3, *ends, np.ones(3), required=np.array([2])).must.tolist() == [
        True,
        True,
        False,
    ]


BONUS = 64.0


def scipy_worth(table: Table, objective: Objective, *forced: int) -> tuple[int, float] | None:
    """The best rings of any length, with an arrow, by SciPy on the table with a zero diagonal."""
    counts = objective is Objective.PEOPLE_THEN_SCORE
    never = -1e6
    weights = np.where(table.allowed, table.scores + BONUS * counts, never)
    np.fill_diagonal(weights, 0.0)
    if forced:
        tail, head = forced
        kept = weights[tail, head]
        weights[tail, :] = weights[:, head] = never
        weights[tail, head] = kept
    total = weights[linear_sum_assignment(weights, maximize=True)].sum()
    if total < never / 2:
        return None
    people = round(total // BONUS) if counts else 0
    return people, total - BONUS * people


def chains_of(few: int, problem: RingProblem, solution: RingSolution) -> Chains:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chains, "FEW_PAIRS", few)
        return ring_chains(problem, solution)


@pytest.mark.parametrize("few", [-1, 1 << 12])
@given(ring_tables(most=7) | ring_tables(most=7, values=fine), objectives)
def test_what_an_arrow_costs_is_the_difference_of_two_solves(
    few: int, table: Table, objective: Objective
) -> None:
    problem = problem_of(table)
    solution = solve_rings(problem, objective)
    answers = chains_of(few, problem, solution)
    whole = scipy_worth(table, objective)
    assert whole is not None
    after = np.arange(problem.size)
    after[solution.members] = solution.next_members
    for tail, head in zip(problem.tails.tolist(), problem.heads.tolist(), strict=True):
        chain = answers.forced(tail, head, table.scores[tail, head])
        with_it = scipy_worth(table, objective, tail, head)
        if with_it is None:
            assert (chain.pairs_lost, chain.moves) == (np.inf, ())
            continue
        assert chain.pairs_lost == whole[0] - with_it[0]
        assert chain.score_lost == pytest.approx(whole[1] - with_it[1], abs=1e-9)
        changed = after.copy()
        for row, before, then in chain.moves:
            assert after[row] == before
            changed[row] = then
        assert sorted(changed) == list(range(problem.size))
        assert changed[tail] == head
        made = np.flatnonzero(changed != np.arange(problem.size))
        assert table.allowed[made, changed[made]].all()
        worth = table.scores[made, changed[made]].sum()
        assert worth == pytest.approx(solution.value - chain.score_lost, abs=1e-9)
        if objective is Objective.PEOPLE_THEN_SCORE:
            assert len(made) == solution.people - chain.pairs_lost


@given(ring_tables(most=7), objectives)
def test_what_is_lost_without_an_arrow_is_the_difference_of_two_solves(
    table: Table, objective: Objective
) -> None:
    problem = problem_of(table)
    solution = solve_rings(problem, objective)
    answers, whole = ring_chains(problem, solution), scipy_worth(table, objective)
    assert whole is not None
    for tail, head in zip(solution.members.tolist(), solution.next_members.tolist(), strict=True):
        allowed = table.allowed.copy()
        allowed[tail, head] = False
        rest = scipy_worth(Table(table.scores, allowed), objective)
        assert rest is not None
        lost, score = answers.without(tail, head)
        assert lost == whole[0] - rest[0]
        assert score == pytest.approx(whole[1] - rest[1], abs=1e-9)


@given(ring_tables(most=5), objectives)
def test_exchangeable_arrows_are_in_some_of_the_best_rings_and_not_in_all(
    table: Table, objective: Objective
) -> None:
    problem = problem_of(table)
    packings = all_packings(table, None)
    most = best_of(packings, objective, set())
    counts = objective is Objective.PEOPLE_THEN_SCORE
    best = [one for one, (people, worth) in packings.items() if (people * counts, worth) == most]
    expected = frozenset().union(*best) - frozenset.intersection(*best)
    open_ = np.flatnonzero(exchangeable_arrows(problem, solve_rings(problem, objective)))
    ends = problem.tails[open_].tolist(), problem.heads[open_].tolist()
    assert set(zip(*ends, strict=True)) == expected


def test_required_arrows_are_kept_when_another_is_forced() -> None:
    table = Table(np.ones((4, 4)), np.ones((4, 4), dtype=np.bool_))
    table.allowed[2] = [True, False, False, False]
    problem = bound_to(table, {(0, 1)})
    solution = solve_rings(problem)
    answers = ring_chains(problem, solution)
    assert answers.without(0, 1) == (np.inf, 0.0)
    # Beside it 0 and 1 may be a ring of two, and 2 and 3 none.
    assert answers.forced(1, 0, 1.0).score_lost == 2.0
