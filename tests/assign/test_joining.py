"""What brings somebody into a ring, and what a double adds: held against all rings there are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign import Objective
from mentormatch.assign.joining import Joining
from mentormatch.assign.loops import ring_chains
from mentormatch.assign.rings import solve_rings
from tests.assign.ring_cases import best_rings, problem_of, random_rings, ring_tables
from tests.assign.strategies import Table
from tests.assign.test_required_arrows import scipy_worth

BOTH = (Objective.SCORE, Objective.PEOPLE_THEN_SCORE)
#: What an arrow that there was not is worth; it may be more than any that there is.
NEW = (0.25, 0.5, 1.0, 4.0)


def but(
    table: Table, person: int, side: int, own: dict[int, float], others: dict[int, float] | None
) -> Table:
    """Return a table in which somebody has other arrows: on a side, and perhaps on the other."""
    scores, allowed = table.scores.copy(), table.allowed.copy()
    own_scores, own_allowed = (scores.T, allowed.T) if side else (scores, allowed)
    own_allowed[person] = False
    for other, worth in own.items():
        own_allowed[person, other], own_scores[person, other] = True, worth
    if others is not None:
        own_allowed[:, person] = False
        for other, worth in others.items():
            own_allowed[other, person], own_scores[other, person] = True, worth
    return Table(scores, allowed)


@given(ring_tables(most=5), st.sampled_from(BOTH), st.sampled_from((0, 1)), st.data())
def test_what_is_gained_is_the_difference_between_all_rings_then_and_now(
    table: Table, objective: Objective, side: int, data: st.DataObject
) -> None:
    problem = problem_of(table)
    solution = solve_rings(problem, objective)
    best = best_rings(table, objective, None)
    joining = Joining(problem, solution)
    for person in np.setdiff1d(np.arange(problem.size), solution.members).tolist()[:2]:
        rest = [other for other in range(problem.size) if other != person]
        arrows = st.dictionaries(st.sampled_from(rest), st.sampled_from(NEW)) if rest else st.none()
        others = data.draw(st.none() | arrows)
        given_ = None
        if others is not None:
            given_ = np.array(sorted(others), dtype=np.int64), np.zeros(len(others))
            given_[1][:] = [others[other] for other in sorted(others)]
        ends = joining.ends(person, side, given_)
        for other in rest:
            worth = data.draw(st.sampled_from(NEW))
            people, score = best_rings(
                but(table, person, side, {other: worth}, others), objective, None
            )
            one, scores = np.array([other]), np.array([worth])
            [gain] = ends.gain_of_rows(np.array([0]), one, scores, 1)
            assert (gain.pairs, gain.score) == (people - best[0], score - best[1])
            assert bool(ends.may_gain(one, scores)[0]) or not gain.is_some


@pytest.mark.parametrize("objective", BOTH)
def test_so_it_is_among_more_people_against_scipy(objective: Objective) -> None:
    table = random_rings(5, 40, 0.04)
    problem = problem_of(table)
    solution, best = solve_rings(problem, objective), scipy_worth(table, objective)
    assert best is not None
    joining, asked = Joining(problem, solution), 0
    for person in np.setdiff1d(np.arange(40), solution.members).tolist():
        for side in (0, 1):
            ends = joining.ends(person, side)
            for other in np.setdiff1d(np.arange(40), [person]).tolist()[::4]:
                worth = scipy_worth(but(table, person, side, {other: 0.75}, None), objective)
                [gain] = ends.gain_of_rows(np.array([0]), np.array([other]), np.array([0.75]), 1)
                assert worth is not None
                assert (gain.pairs, gain.score) == (worth[0] - best[0], worth[1] - best[1])
                asked += gain.is_some
    assert asked > 20


@given(ring_tables(most=5), st.sampled_from(BOTH))
def test_the_loss_of_an_arrow_is_that_of_the_best_rings_with_it(
    table: Table, objective: Objective
) -> None:
    problem = problem_of(table)
    solution = solve_rings(problem, objective)
    best = best_rings(table, objective, None)
    joining = Joining(problem, solution)
    for person in np.setdiff1d(np.arange(problem.size), solution.members).tolist():
        ends = joining.ends(person, 0)
        for other in np.flatnonzero(table.allowed[person]).tolist():
            if other == person:
                continue
            worth = scipy_worth(table, objective, person, other)
            if worth is None:
                assert ends.costs[other] == np.inf
                continue
            lost = ends.losses(np.array([other]), table.scores[person, [other]])
            assert [float(one[0]) for one in lost] == [best[0] - worth[0], best[1] - worth[1]]


def test_nobody_joins_a_ring_with_themself() -> None:
    table = Table(np.full((3, 3), 0.5), ~np.eye(3, k=0, dtype=bool))
    table.allowed[2] = False
    problem = problem_of(table)
    joining = Joining(problem, solve_rings(problem))
    for side in (0, 1):
        ends = joining.ends(2, side)
        assert not ends.may_gain(np.array([2]), np.array([9.0]))[0]


@given(ring_tables(most=4), st.sampled_from(BOTH))
def test_a_double_adds_what_all_rings_with_one_more_like_them_do(
    table: Table, objective: Objective
) -> None:
    problem = problem_of(table)
    solution = solve_rings(problem, objective)
    best, ways = best_rings(table, objective, None), ring_chains(problem, solution)
    allowed = table.allowed & ~np.eye(problem.size, dtype=bool)
    for person in range(problem.size):
        twice = np.append(np.arange(problem.size), person)
        wider = Table(table.scores[np.ix_(twice, twice)], allowed[np.ix_(twice, twice)])
        people, score = best_rings(wider, objective, None)
        gain = ways.gain_of_double(person)
        assert (gain.pairs, gain.score) == (people - best[0], score - best[1])
