"""The best matching of two sides, with its proof: the verb of the engine."""

import math
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mentormatch.assign.capacities import Capacities
from mentormatch.assign.count import most_people, served
from mentormatch.assign.cover import least_cover
from mentormatch.assign.floor import floor_between, with_floor
from mentormatch.assign.grid import on_grid, power_of_two_from
from mentormatch.assign.heaviest import heaviest, is_dense
from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.problem import Heaviest, Objective, Prices, Problem, Solution
from mentormatch.progress import Progress, following, quiet

__all__ = ["carried", "estimate", "solve", "solve_assignment"]

Integers: TypeAlias = NDArray[np.int64]

#: In so many steps kernels double what is added to each score.
STEPS = 8


def solve_assignment(
    scores: ArrayLike | Any,
    *,
    allowed: ArrayLike | None = None,
    row_capacity: ArrayLike | None = None,
    col_capacity: ArrayLike | None = None,
    row_minimum: ArrayLike | None = None,
    col_minimum: ArrayLike | None = None,
    row_at_most: ArrayLike | None = None,
    col_at_most: ArrayLike | None = None,
    row_groups: ArrayLike | None = None,
    col_groups: ArrayLike | None = None,
    objective: Objective | str = Objective.SCORE,
    start: Solution | None = None,
    gap: float = 0.0,
    time_limit: float | None = None,
    progress: Progress | bool | None = None,
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
    row_capacity, col_capacity : int or int array, shape (n_rows,) or (n_cols,), optional
        How many pairs each row and column is in at most; 0 for who takes no part, 1 by default.
    row_minimum, col_minimum : int or int array, shape (n_rows,) or (n_cols,), optional
        How many it must be in at least; 0 by default.
    row_at_most, col_at_most : int or int array, shape (n_rows,) or (n_cols,), optional
        How many partners of one group each row and column has at most, 1 or more. The first goes
        with `col_groups`, the second with `row_groups`.
    row_groups, col_groups : int array, shape (n_rows,) or (n_cols,), optional
        Which group each is in, as its partners count it; -1 for none.
    objective : {"score", "people_then_score", "floor_then_score"}
        The highest total score; or first as many rows and columns with a partner as possible and
        then the highest total; or between these two the highest score of the worst pair. Second and
        further partners serve nobody anew.
    start
        The answer to a problem of the same shape with other scores, pairs or capacities, from which
        a large one goes on: the less has changed, the quicker. Somebody who has left is a row
        without pairs.
    gap
        Good enough is an answer that is proven to miss the best by no more than this part of its
        bound, in [0, 1); where people count, one that serves as many as any, and has the highest
        floor, too.
    time_limit
        Seconds, above 0. When they are over, a large problem is left at the best answer so far,
        within a second or so, with the gap that is proven by then. Tables of up to 2**20 cells,
        and what SciPy solves where the extra ``scale`` is missing, are solved to the end; and
        minima are met, or proven impossible, first. Of a floor that was not found in time,
        `Floor.at_most` says how high it might be; a step of looking for it is not broken off.
    progress
        True shows a bar (extra ``scale``); a function is called with the stage, how much of it is
        done, and how much there is.

    Returns
    -------
    Solution
        The chosen pairs, each row and column in as many as it may be, with prices that prove them
        best, or how far from it they are at most. Under "score" a pair of score 0 adds nothing and
        may be among them or not.

    Raises
    ------
    ValueError
        If a score is NaN, infinite, negative or too large, a sparse entry is given twice, a shape
        or type is wrong, a minimum is above its capacity, groups come without how many there may be
        of one or the other way round, the objective is unknown, `start` is of another shape, or a
        limit is out of range.
    ShortageError
        If minima cannot be met together; it carries whose, and by how much.
    MissingExtraError
        If the problem is too large for a dense table (or, with capacities, has more than 2**20
        pairs), or a bar is asked for, and the extra ``scale`` is not installed.

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

    The worst pair first, and what that costs of the total:

    >>> uneven = [[10.0, 5.0], [5.0, 1.0]]
    >>> fair = solve_assignment(uneven, objective="floor_then_score")
    >>> fair.value, fair.floor.score, fair.floor.score_given_up
    (10.0, 5.0, 1.0)

    A row that may have two partners, or has to have them:

    >>> solve_assignment(scores, row_capacity=[2, 1], col_capacity=2)
    Solution(score: 3 pairs of 4 people worth 12, optimal)
    >>> solve_assignment(scores, row_capacity=[2, 1], row_minimum=[2, 0])
    Solution(score: 2 pairs of 3 people worth 11, optimal)

    Two partners, but of two groups:

    >>> apart = solve_assignment(
    ...     [[9.0, 8.0, 1.0]], row_capacity=2, row_at_most=1, col_groups=[0, 0, 1]
    ... )
    >>> apart.cols, apart.load_prices.row_spread.prices
    (array([0, 2]), array([7.]))
    """
    try:
        wanted = Objective(objective)
    except ValueError:
        *known, last = (repr(str(known)) for known in Objective)
        raise ValueError(
            f"objective is {objective!r}; it must be {', '.join(known)} or {last}"
        ) from None
    limits = Limits.of(gap, time_limit)
    problem = Problem.from_scores(scores, allowed)
    limits_of_each = row_capacity, col_capacity, row_minimum, col_minimum
    of_groups = row_at_most, col_at_most, row_groups, col_groups
    if any(given is not None for given in limits_of_each + of_groups):
        capacities = Capacities.of(problem.shape, *limits_of_each, *of_groups)
        problem = replace(problem, capacities=None if capacities.are_ones else capacities)
    found, lam = None, 0.0
    if start is not None:
        before = len(start.row_prices), len(start.col_prices)
        if before != problem.shape:
            raise ValueError(f"start has the shape {before}, the scores have {problem.shape}")
        found, lam = carried(problem, start), start.lam
    with following(progress) as tell:
        return solve(problem, wanted, found, lam, limits, tell)


def carried(problem: Problem, solution: Solution) -> Heaviest:
    """Return the answer to another problem of the same shape as a start for this one.

    Parameters
    ----------
    problem
        What is to be solved; pairs that it does not have are left out.
    solution
        The earlier answer.

    Examples
    --------
    >>> before, now = Problem.from_scores([[1.0, 2.0]]), Problem.from_scores([[3.0, 2.0]])
    >>> carried(now, solve(before, Objective.SCORE)).chosen
    array([1])
    """
    chosen = problem.find(solution.rows, solution.cols)
    prices = Prices(solution.row_prices, solution.col_prices)
    return Heaviest(np.sort(chosen[chosen >= 0]), prices, solution.load_prices)


def solve(
    problem: Problem,
    objective: Objective,
    start: Heaviest | None = None,
    lam: float = 0.0,
    limits: Limits = NO_LIMITS,
    progress: Progress = quiet,
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
        Where people count, the `Solution.lam` to try first, if it is large enough.
    limits, progress
        As for `heaviest`.

    Returns
    -------
    Solution

    Raises
    ------
    MissingExtraError
        If the problem is too large for a dense table and the extra ``scale`` is not installed.
    ShortageError
        If minima cannot be met together.

    Examples
    --------
    >>> problem = Problem.from_scores([[0.5, 0.25]])
    >>> solve(problem, Objective.PEOPLE_THEN_SCORE)
    Solution(people_then_score: 1 pair worth 0.5, optimal)
    """
    if objective is Objective.SCORE:
        weights, _ = on_grid(problem.scores)
        return _solution(problem, objective, heaviest(problem, weights, start, limits, progress))
    if objective is Objective.PEOPLE_THEN_SCORE:
        return _people_then_score(problem, start, lam, limits, progress)
    # What the floor costs is known only beside the best: a gap is for the answer, not for this one.
    until = Limits(deadline=limits.deadline)
    free = _people_then_score(problem, start, lam, until, progress)
    found, held = floor_between(problem, free, limits, progress), free
    if found.low > free.scores.min(initial=np.inf) and not limits.are_over:
        part = problem.at_least(found.low)
        held = _people_then_score(part, carried(part, free), free.lam, limits, progress)
    return with_floor(problem, free, held, found)


def estimate(
    problem: Problem,
    objective: Objective,
    start: Heaviest | None = None,
    limits: Limits = NO_LIMITS,
    progress: Progress = quiet,
) -> Solution:
    """Find an answer that may have too few pairs, for pricing to begin with.

    Where pairs count it is the best for scores + lam, at the lam that `solve` tries first. That one
    more pair could be had is often so because the pairs are a sample, and then a lam that is large
    enough makes prices that say nothing about all pairs.

    Parameters
    ----------
    problem
        As for `solve`; without capacities.
    objective, start, limits, progress
        As for `solve`.

    Returns
    -------
    Solution
        Under `Objective.PEOPLE_THEN_SCORE` everybody is in the cover.

    Examples
    --------
    >>> estimate(Problem.from_scores([[0.5, 0.25]]), Objective.SCORE)
    Solution(score: 1 pair worth 0.5, optimal)
    """
    if objective is Objective.SCORE:
        return solve(problem, objective, start, limits=limits, progress=progress)
    lam = _first_lam(problem)
    weights, _ = on_grid(problem.scores, lam)
    found = heaviest(problem, weights, start, limits, progress)
    everybody = Prices(*(np.ones(size) for size in problem.shape))
    return _solution(problem, objective, found, lam, Heaviest(found.chosen, everybody))


def _first_lam(problem: Problem) -> float:
    return power_of_two_from(float(problem.scores.max(initial=0.0)) or 1.0)


def _people_then_score(
    problem: Problem, found: Heaviest | None, lam: float, limits: Limits, progress: Progress
) -> Solution:
    """Find the heaviest matching for scores + lam, lam raised until it serves as many as any.

    Whether it does is for the count prices to say, so the search ends with the proof in hand. No
    table of scores and huge bonuses is ever needed: lam stays of the size of the scores but
    for paths on which many good pairs have to give way for one more.

    With capacities a pair counts lam only if both its ends are served by nothing else: half of it
    is what each further partner costs.

    At the end lam is the least power of two at which a matching of the most pairs is a heaviest.
    """
    largest = float(problem.scores.max(initial=0.0))
    lam = max(lam, _first_lam(problem))
    # A path to one more pair gives up fewer pairs than the shorter side has members, so it loses
    # less than that many times the largest score: a lam above that leaves no pair out.
    enough = largest * _most_pairs(problem)
    # A gap is for the scores alone: beside lam any would be small.
    until = Limits(deadline=limits.deadline)
    # A table is solved anew each time. Kernels go on from the last prices, and the less these have
    # to rise, the nearer is what they look for.
    steps = 1 if is_dense(problem) or problem.capacities is not None else STEPS
    power, before = lam, None  # the power of two that lam is on its way to, and the answer halfway
    cover: Heaviest | None = None
    while True:
        weights, _ = on_grid(problem.scores, lam)
        found = heaviest(problem, weights, found, until, progress, later=lam / 2)
        if cover is None or problem.capacities is None:
            cover = _count_proof(problem, found.chosen, until, progress)
        counted = cover.bound(problem.capacities, lam=1.0)
        if counted == served(problem, found.chosen) or lam > enough or limits.are_over:
            break
        if lam == power:
            power, before = 2 * lam, found
        step = power / 2 / steps
        lam, found = lam + step, _raised(found, cover, step)
    if lam < power:
        lam, found = power, _raised(found, cover, power - lam)
    if before is not None and not limits.are_over:
        # At the power before, matchings of fewer pairs were among the heaviest. If this one is too,
        # only the order of the rows decided against it: prices must not depend on that.
        weights, _ = on_grid(problem.scores, lam / 2)
        costs = lam / 2 * (len(found.chosen) - served(problem, found.chosen))
        worth = math.fsum([*weights[found.chosen].tolist(), -costs])
        if before.bound(problem.capacities, lam / 2) == worth:
            lam, found = lam / 2, replace(before, chosen=found.chosen)
    return _solution(problem, Objective.PEOPLE_THEN_SCORE, found, lam, cover)


def _most_pairs(problem: Problem) -> int:
    """Return how many pairs there can be at most, as far as is known from numbers alone.

    With capacities twice as many, since one person more counts half of lam.
    """
    if problem.capacities is None:
        return min(problem.shape)
    rows, cols = problem.capacities.row_capacity, problem.capacities.col_capacity
    return 2 * min(int(rows.sum()), int(cols.sum()), len(problem.rows))


def _count_proof(
    problem: Problem, chosen: Integers, limits: Limits, progress: Progress
) -> Heaviest:
    """Return a matching and the prices that say how many people one can serve.

    Without capacities it is the matching given, whether it serves as many or not.
    """
    if problem.capacities is None:
        return Heaviest(chosen, least_cover(problem, chosen))
    return most_people(problem, chosen, limits, progress)


def _raised(found: Heaviest, cover: Heaviest, step: float) -> Heaviest:
    """Return the same matching with prices for weights that are a step higher.

    Every pair has an end in the cover, and a chosen pair one; so all are covered, and tight as
    before. Single rows are not in it, and cost no more than before. With capacities the prices
    are only where to go on from, and those of pairs are left out.
    """
    prices = Prices(
        found.prices.row + step * cover.prices.row, found.prices.col + step * cover.prices.col
    )
    if found.load_prices is None or cover.load_prices is None:
        return Heaviest(found.chosen, prices)
    load_prices = replace(
        found.load_prices,
        row_minimum=found.load_prices.row_minimum + step * cover.load_prices.row_minimum,
        col_minimum=found.load_prices.col_minimum + step * cover.load_prices.col_minimum,
    )
    return Heaviest(found.chosen, prices, load_prices)


def _solution(
    problem: Problem,
    objective: Objective,
    found: Heaviest,
    lam: float = 0.0,
    cover: Heaviest | None = None,
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
        row_count_prices=cover.prices.row if cover else None,
        col_count_prices=cover.prices.col if cover else None,
        step=on_grid(problem.scores, lam)[1],
        capacities=problem.capacities,
        load_prices=found.load_prices,
        count_load_prices=cover.load_prices if cover else None,
    )
