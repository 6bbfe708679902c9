"""The best matching of two sides, with its proof: the verb of the engine."""

import math
from typing import Any

from numpy.typing import ArrayLike

from mentormatch.assign.cover import least_cover
from mentormatch.assign.grid import on_grid, power_of_two_from
from mentormatch.assign.heaviest import heaviest
from mentormatch.assign.problem import Heaviest, Objective, Prices, Problem, Solution

__all__ = ["solve", "solve_assignment"]


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
    MissingExtraError
        If the problem is too large for a dense table and the extra ``scale`` is not installed.

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


def solve(
    problem: Problem, objective: Objective, start: Heaviest | None = None, lam: float = 0.0
) -> Solution:
    """Find the best matching of a problem that has been read already, and prove it.

    Parameters
    ----------
    problem
        The allowed pairs and their scores.
    objective
        What the matching is to be best at.
    start
        A matching of this problem, and prices, from which a large one goes on; the quicker the
        less there is to change.
    lam
        Under `Objective.PEOPLE_THEN_SCORE`, the `Solution.lam` to try first, if it is large enough.

    Returns
    -------
    Solution

    Raises
    ------
    MissingExtraError
        If the problem is too large for a dense table and the extra ``scale`` is not installed.

    Examples
    --------
    >>> problem = Problem.from_scores([[0.5, 0.25]])
    >>> solve(problem, Objective.PEOPLE_THEN_SCORE)
    Solution(people_then_score: 1 pair worth 0.5, optimal)
    """
    if objective is Objective.SCORE:
        weights, _ = on_grid(problem.scores)
        return _solution(problem, objective, heaviest(problem, weights, start))
    return _people_then_score(problem, start, lam)


def _people_then_score(problem: Problem, found: Heaviest | None, lam: float) -> Solution:
    """Find the heaviest matching for scores + lam, lam doubled until it has as many pairs as any.

    Whether it has is for the count prices to say, so the search ends with the proof in hand. No
    table of scores and huge bonuses is ever needed: lam stays of the size of the scores but
    for paths on which many good pairs have to give way for one more.
    """
    largest = float(problem.scores.max(initial=0.0))
    lam = max(lam, power_of_two_from(largest) if largest else 1.0)
    # A path to one more pair gives up fewer pairs than the shorter side has members, so it loses
    # less than that many times the largest score: a lam above that leaves no pair out.
    enough = largest * min(problem.shape)
    before = None
    while True:
        weights, _ = on_grid(problem.scores, lam)
        found = heaviest(problem, weights, found)
        cover = least_cover(problem, found.chosen)
        if cover.total == len(found.chosen) or lam > enough:
            break
        lam, before = lam * 2, found
    if before is not None:
        # At the lam before, matchings of fewer pairs were among the heaviest. If this one is too,
        # only the order of the rows decided against it: prices must not depend on that.
        weights, _ = on_grid(problem.scores, lam / 2)
        if before.prices.total == math.fsum(weights[found.chosen].tolist()):
            lam, found = lam / 2, Heaviest(found.chosen, before.prices)
    return _solution(problem, Objective.PEOPLE_THEN_SCORE, found, lam, cover)


def _solution(
    problem: Problem,
    objective: Objective,
    found: Heaviest,
    lam: float = 0.0,
    cover: Prices | None = None,
) -> Solution:
    chosen, prices = found.chosen, found.prices
    return Solution(
        objective=objective,
        rows=problem.rows[chosen],
        cols=problem.cols[chosen],
        scores=problem.scores[chosen],
        row_prices=prices.row,
        col_prices=prices.col,
        lam=lam,
        row_count_prices=cover.row if cover else None,
        col_count_prices=cover.col if cover else None,
        step=on_grid(problem.scores, lam)[1],
    )
