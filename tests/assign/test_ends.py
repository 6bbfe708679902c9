"""What rows and columns are worth, against solving without them and with more of them."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign import Problem, solve_assignment
from mentormatch.assign.ends import Ends, Gain
from tests.assign.test_chains import SCORES, best, cases


def gained(before: tuple[int, float], after: tuple[int, float]) -> tuple[int, float]:
    return after[0] - before[0], after[1] - before[1]


def as_given(gain: Gain) -> tuple[int, float]:
    return gain.pairs, gain.score


@given(cases(), st.booleans())
def test_a_column_is_worth_what_the_optimum_loses_without_it(case: Any, turned: bool) -> None:
    scores, allowed, objective = case
    problem = Problem.from_scores(scores, allowed)
    solution = solve_assignment(scores, allowed=allowed, objective=objective)
    ends = Ends.of(problem, solution, turned=turned)
    whole = best(scores, allowed, objective)
    for end in range(len(ends.costs)):
        rest = np.delete(scores, end, int(not turned)), np.delete(allowed, end, int(not turned))
        pairs, score = gained(best(*rest, objective), whole)
        assert (ends.pairs[end], ends.costs[end] - ends.lam * pairs) == (pairs, score)


@given(cases())
def test_a_double_is_worth_what_the_optimum_gains_by_it(case: Any) -> None:
    scores, allowed, objective = case
    problem = Problem.from_scores(scores, allowed)
    solution = solve_assignment(scores, allowed=allowed, objective=objective)
    gains = Ends.of(problem, solution).gain_of_doubles(problem)
    whole = best(scores, allowed, objective)
    for row, gain in enumerate(gains):
        twice = np.vstack((scores, scores[row])), np.vstack((allowed, allowed[row]))
        assert as_given(gain) == gained(whole, best(*twice, objective))
        assert gain.is_some == (as_given(gain) > (0, 0.0))


@given(cases(), st.data())
def test_a_new_row_is_worth_what_the_optimum_gains_by_it(case: Any, data: st.DataObject) -> None:
    scores, allowed, objective = case
    problem = Problem.from_scores(scores, allowed)
    solution = solve_assignment(scores, allowed=allowed, objective=objective)
    ends = Ends.of(problem, solution)
    width = scores.shape[1]
    new = np.array(data.draw(st.lists(SCORES, min_size=width, max_size=width)))
    may = np.array(data.draw(st.lists(st.booleans(), min_size=width, max_size=width)), dtype=bool)
    cols = np.flatnonzero(may)
    [gain] = ends.gain_of_rows(np.zeros_like(cols), cols, new[cols], 1)
    assert ends.may_gain(cols, new[cols]).any() == gain.is_some
    more = np.vstack((scores, new)), np.vstack((allowed, may))
    assert as_given(gain) == gained(best(scores, allowed, objective), best(*more, objective))


@given(cases())
def test_a_pair_of_a_single_row_loses_what_its_column_is_worth_more(case: Any) -> None:
    scores, allowed, objective = case
    problem = Problem.from_scores(scores, allowed)
    solution = solve_assignment(scores, allowed=allowed, objective=objective)
    ends = Ends.of(problem, solution)
    whole = best(scores, allowed, objective)
    for row, col in zip(problem.rows.tolist(), problem.cols.tolist(), strict=True):
        if row in solution.rows:
            continue
        [pairs], [score] = ends.losses(np.array([col]), scores[[row], [col]])
        assert (pairs, score) == gained(best(scores, allowed, objective, row, col), whole)
