"""The best matching of two sides, with its proof: the verb of the engine."""

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mentormatch.assign.dense import heaviest_matching
from mentormatch.assign.grid import on_grid, power_of_two_from
from mentormatch.assign.prices import least_prices
from mentormatch.assign.problem import Objective, Prices, Problem, Solution

__all__ = ["solve", "solve_assignment"]

Integers: TypeAlias = NDArray[np.int64]


def solve_assignment(
    scores: ArrayLike | Any,
    *,
    allowed: ArrayLike | None = None,
    objective: Objective | str = Objective.SCORE,
) -> Solution:
    """Find the best matching between rows and columns, and prove it.

    Parameters
    ----------
    scores
        What each pair is worth: finite, 0 or more, in any unit. A SciPy sparse array or matrix,
        where what is not stored is not allowed and a stored zero is; or a dense table,
        shape (n_rows, n_cols). Either side may be empty.
    allowed : boolean array, shape (n_rows, n_cols), optional
        With a dense table, which pairs are allowed; all of them by default. Scores elsewhere are
        not looked at and may be NaN.
    objective : {"score", "people_then_score"}
        The highest total score, or first as many pairs as possible and then the highest total.

    Returns
    -------
    Solution
        The chosen pairs, each row and column in one at most, with prices that prove them best.
        Under "score" a pair of score 0 adds nothing and may be among them or not.

    Raises
    ------
    ValueError
        If a score is NaN, infinite, negative or too large, a sparse entry is given twice, a shape
        or type is wrong, or the objective is unknown.
    ProgramError
        If the problem is too large for the dense table that the solver lays out.

    Examples
    --------
    A forbidden pair is absent, not expensive, and who comes first is for the objective to say:

    >>> scores, allowed = [[10.0, 1.0], [1.0, 0.0]], [[True, True], [True, False]]
    >>> solve_assignment(scores, allowed=allowed)
    Solution(score: 1 pair worth 10, optimal)
    >>> both = solve_assignment(scores, allowed=allowed, objective="people_then_score")
    >>> both
    Solution(people_then_score: 2 pairs worth 2, optimal)
    >>> both.rows, both.cols, both.gap
    (array([0, 1]), array([1, 0]), 0.0)
    """
    try:
        wanted = Objective(objective)
    except ValueError:
        known = " or ".join(repr(str(known)) for known in Objective)
        raise ValueError(f"objective is {objective!r}; it must be {known}") from None
    return solve(Problem.from_scores(scores, allowed), wanted)


def solve(problem: Problem, objective: Objective) -> Solution:
    """Find the best matching of a problem that has been read already, and prove it.

    Parameters
    ----------
    problem
        The allowed pairs and their scores.
    objective
        What the matching is to be best at.

    Returns
    -------
    Solution

    Raises
    ------
    ProgramError
        If the problem is too large for the dense table that the solver lays out.

    Examples
    --------
    >>> problem = Problem.from_scores([[0.5, 0.25]])
    >>> solve(problem, Objective.PEOPLE_THEN_SCORE)
    Solution(people_then_score: 1 pair worth 0.5, optimal)
    """
    if objective is Objective.SCORE:
        weights, _ = on_grid(problem.scores)
        chosen = heaviest_matching(problem.rows, problem.cols, weights)
        prices = least_prices(problem, weights, chosen)
        return _solution(problem, objective, chosen, prices)
    return _people_then_score(problem)


def _people_then_score(problem: Problem) -> Solution:
    """Find the heaviest matching for scores + lam, lam doubled until it has as many pairs as any.

    Whether it has is for the count prices to say, so the search ends with the proof in hand. No
    table of scores and huge bonuses is ever needed: lam stays of the size of the scores but
    for paths on which many good pairs have to give way for one more.
    """
    ones = np.ones(len(problem.scores))
    largest = float(problem.scores.max(initial=0.0))
    first = lam = power_of_two_from(largest) if largest else 1.0
    # A path to one more pair gives up fewer pairs than the shorter side has members, so it loses
    # less than that many times the largest score: a lam above that leaves no pair out.
    enough = largest * min(problem.shape)
    while True:
        weights, _ = on_grid(problem.scores, lam)
        chosen = heaviest_matching(problem.rows, problem.cols, weights)
        count_prices = least_prices(problem, ones, chosen)
        if count_prices.total == len(chosen) or lam > enough:
            break
        lam *= 2
    prices = least_prices(problem, weights, chosen)
    if lam > first:
        # At the lam before, matchings of fewer pairs were among the heaviest. If this one is too,
        # only the order of the rows decided against it: prices must not depend on that.
        before, _ = on_grid(problem.scores, lam / 2)
        prices_before = least_prices(problem, before, chosen)
        if prices_before.total == math.fsum(before[chosen].tolist()):
            lam, prices = lam / 2, prices_before
    return _solution(problem, Objective.PEOPLE_THEN_SCORE, chosen, prices, lam, count_prices)


def _solution(
    problem: Problem,
    objective: Objective,
    chosen: Integers,
    prices: Prices,
    lam: float = 0.0,
    count_prices: Prices | None = None,
) -> Solution:
    return Solution(
        objective=objective,
        rows=problem.rows[chosen],
        cols=problem.cols[chosen],
        scores=problem.scores[chosen],
        row_prices=prices.row,
        col_prices=prices.col,
        lam=lam,
        row_count_prices=count_prices.row if count_prices else None,
        col_count_prices=count_prices.col if count_prices else None,
        step=on_grid(problem.scores, lam)[1],
    )
