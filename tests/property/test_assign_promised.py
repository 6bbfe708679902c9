"""Law: pairs that must be chosen are, groups or not, and the best is found around them."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign import Objective
from mentormatch.assign.capacities import Capacities
from mentormatch.assign.problem import Problem
from mentormatch.assign.promised import (
    solution_with_stand_ins,
    solution_without_stand_ins,
    with_stand_ins,
)
from mentormatch.assign.solve import solve
from tests.assign.capacity_oracles import checked, enumerated_worth, problems, solved
from tests.assign.strategies import coarse, objectives

#: More than all scores of a small table.
MUCH = 64.0


@given(problems(most=3, values=coarse), st.data())
def test_equals_enumeration_in_which_promised_pairs_are_worth_more_than_all_others(
    problem: Problem, data: st.DataObject
) -> None:
    some = solved(problem, Objective.SCORE)
    if some is None:
        return
    chosen = problem.find(some.rows, some.cols).tolist()
    promised = np.array(sorted(data.draw(st.sets(st.sampled_from(chosen or [0])))), dtype=np.int64)
    promised = promised[np.isin(promised, chosen)]
    stood_in = with_stand_ins(problem, promised)
    whole = solution_without_stand_ins(problem, promised, solve(stood_in, Objective.SCORE))
    assert np.isin(promised, problem.find(whole.rows, whole.cols)).all()
    assert whole.gap == 0.0
    more = problem.scores.copy()
    more[promised] += MUCH
    expected = enumerated_worth(replace(problem, scores=more), Objective.SCORE)
    assert expected == (0, whole.value + MUCH * len(promised))


@given(problems(most=4), objectives, st.data())
def test_prices_go_to_stand_ins_and_back(
    problem: Problem, objective: Objective, data: st.DataObject
) -> None:
    some = solved(problem, objective)
    if some is None or not len(some.rows):
        return
    chosen = problem.find(some.rows, some.cols).tolist()
    promised = np.array(sorted(data.draw(st.sets(st.sampled_from(chosen)))), dtype=np.int64)
    stood_in = with_stand_ins(problem, promised)
    found = solve(stood_in, objective)
    assert checked(stood_in, found).ok
    whole = solution_without_stand_ins(problem, promised, found)
    again = solution_with_stand_ins(problem, promised, whole)
    assert checked(stood_in, again).ok
    assert (again.value, again.bound) == (found.value, found.bound)


def test_a_promised_partner_counts_for_their_group() -> None:
    limits = Capacities.of((2, 3), 2, 2, row_at_most=1, col_groups=[5, 5, -1])
    problem = Problem.from_scores([[9.0, 1.0, 0.5], [0.0, 0.0, 0.0]], capacities=limits)
    second = np.array([1])
    found = solve(with_stand_ins(problem, second), Objective.SCORE)
    whole = solution_without_stand_ins(problem, second, found)
    own = whole.rows == 0
    assert (whole.cols[own].tolist(), whole.value, whole.gap) == ([1, 2], 1.5, 0.0)
