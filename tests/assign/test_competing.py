"""Who competes with somebody who is single: too few partners for them, and nobody else."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign import Problem, solve_assignment
from mentormatch.assign.competing import Competing
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_problem import PoolProblem
from mentormatch.assign.problem import Objective
from tests.assign.test_chains import cases


@given(cases())
def test_competing_rows_know_one_column_fewer_than_they_are(case: Any) -> None:
    scores, allowed, _ = case
    problem = Problem.from_scores(scores, allowed)
    solution = solve_assignment(scores, allowed=allowed, objective="people_then_score")
    pairs, chosen = (problem.rows, problem.cols), (solution.rows, solution.cols)
    competing = Competing.of_sides(problem.shape, pairs, chosen)
    for single in set(range(problem.shape[0])) - set(solution.rows.tolist()):
        found = competing.around(single)
        rows = np.concatenate(found.groups)
        assert single in rows
        assert np.flatnonzero(allowed[rows].any(axis=0)).tolist() == found.partners.tolist()
        assert len(found.partners) == len(rows) - 1
        assert set(found.partners.tolist()) <= set(solution.cols.tolist())


@given(st.integers(1, 9), st.data())
def test_competing_groups_of_a_pool_are_odd_and_one_more_than_their_partners(
    size: int, data: st.DataObject
) -> None:
    ends = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    drawn = data.draw(st.sets(ends.filter(lambda pair: pair[0] < pair[1]), max_size=14))
    a, b = np.array(sorted(drawn), dtype=np.int64).reshape(-1, 2).T
    problem = PoolProblem(size, a.copy(), b.copy(), np.ones(len(a)))
    solution = heaviest_pool(problem, Objective.PEOPLE_THEN_SCORE)
    competing = Competing.of_pool((a, b), solution)
    for single in np.flatnonzero(solution.mate < 0).tolist():
        found = competing.around(single)
        assert single in np.concatenate(found.groups)
        assert len(found.groups) == len(found.partners) + 1
        for group in found.groups:
            assert len(group) % 2 == 1
            theirs = {*group.tolist(), *found.partners.tolist()}
            known = {*b[np.isin(a, group)].tolist(), *a[np.isin(b, group)].tolist()}
            assert known <= theirs
