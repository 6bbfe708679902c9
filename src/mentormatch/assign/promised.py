"""Pairs that must be chosen, as a problem in which none must.

A promised pair fills a place at both its ends, and what else they do has to go on around it. So it
is taken out, and each end gets a stand-in of its own for the other, who must have that one partner:
of row i and column j, i is paired with a column that stands in for j, and a row that stands in for
i with j. The capacities, the minima and the count of those who are served then come out by
themselves, and the solver need not know. Put together again, what the two stand-ins are worth is
the promised pair's own price. It may be of either sign: what must be chosen has no alternative.
"""

from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.capacities import Capacities, LoadPrices, Spread
from mentormatch.assign.problem import Problem, Solution
from mentormatch.assign.shortage import ShortageError

__all__ = [
    "shortage_without_stand_ins",
    "solution_with_stand_ins",
    "solution_without_stand_ins",
    "with_stand_ins",
]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


def with_stand_ins(problem: Problem, promised: Integers) -> Problem:
    """Return a problem in which nobody is promised to anybody but stand-ins.

    Parameters
    ----------
    problem
        With capacities, of which nobody is promised more pairs than they can have.
    promised : int64 array
        Positions of the pairs that must be chosen, ascending.

    Examples
    --------
    >>> limits = Capacities.of((2, 2), row_capacity=2, col_capacity=2)
    >>> problem = Problem.from_scores([[4.0, 3.0], [2.0, 1.0]], capacities=limits)
    >>> stood_in = with_stand_ins(problem, np.array([3]))
    >>> stood_in.rows, stood_in.cols, stood_in.scores
    (array([0, 0, 1, 1, 2]), array([0, 1, 0, 2, 1]), array([4., 3., 2., 1., 0.]))
    """
    asked = problem.capacities or Capacities.of(problem.shape)
    (n_rows, n_cols), count = problem.shape, len(promised)
    kept = np.ones(len(problem.rows), dtype=np.bool_)
    kept[promised] = False
    stands_in = np.arange(count)
    rows = np.concatenate((problem.rows[kept], problem.rows[promised], n_rows + stands_in))
    cols = np.concatenate((problem.cols[kept], n_cols + stands_in, problem.cols[promised]))
    scores = np.concatenate((problem.scores[kept], problem.scores[promised], np.zeros(count)))
    order = np.lexsort((cols, rows))
    one_each = np.ones(count, dtype=np.int64)
    ends = problem.rows[promised], problem.cols[promised]
    capacities = Capacities(
        np.append(asked.row_capacity, one_each),
        np.append(asked.col_capacity, one_each),
        np.append(asked.row_minimum, one_each),
        np.append(asked.col_minimum, one_each),
        _spread_with(asked.row_spread, ends[1]),
        _spread_with(asked.col_spread, ends[0]),
    )
    shape = n_rows + count, n_cols + count
    return Problem(shape, rows[order], cols[order], scores[order], capacities=capacities)


def solution_without_stand_ins(
    problem: Problem, promised: Integers, solution: Solution
) -> Solution:
    """Return the solution with stand-ins as one of the problem itself.

    Parameters
    ----------
    problem, promised
        As for `with_stand_ins`.
    solution
        Of the problem with stand-ins.

    Returns
    -------
    Solution
        All promised pairs are among its pairs, and each has a price in `Solution.load_prices`,
        which may be below 0. Its bound and its gap are the same.

    Examples
    --------
    >>> from mentormatch.assign.problem import Objective
    >>> from mentormatch.assign.solve import solve
    >>> limits = Capacities.of((1, 2))
    >>> problem = Problem.from_scores([[4.0, 3.0]], capacities=limits)
    >>> second = np.array([1])
    >>> found = solve(with_stand_ins(problem, second), Objective.SCORE)
    >>> solution = solution_without_stand_ins(problem, second, found)
    >>> solution, solution.load_prices.pairs
    (Solution(score: 1 pair of 2 people worth 3, optimal), array([-1.]))
    """
    (n_rows, n_cols), scores = problem.shape, problem.scores
    real = (solution.rows < n_rows) & (solution.cols < n_cols)
    found = problem.find(solution.rows[real], solution.cols[real])
    chosen = np.sort(np.concatenate((found, promised)))
    loads, counts = (
        _loads_without(problem, promised, row_prices, col_prices, lam, loads)
        for row_prices, col_prices, lam, loads in _layers(solution)
    )
    row_counts, col_counts = solution.row_count_prices, solution.col_count_prices
    return replace(
        solution,
        rows=problem.rows[chosen],
        cols=problem.cols[chosen],
        scores=scores[chosen],
        row_prices=solution.row_prices[:n_rows],
        col_prices=solution.col_prices[:n_cols],
        row_count_prices=None if row_counts is None else row_counts[:n_rows],
        col_count_prices=None if col_counts is None else col_counts[:n_cols],
        capacities=problem.capacities,
        load_prices=loads,
        count_load_prices=counts,
    )


def solution_with_stand_ins(problem: Problem, promised: Integers, solution: Solution) -> Solution:
    """Return a solution that chooses the promised pairs as one of the problem with stand-ins.

    Parameters
    ----------
    problem, promised
        As for `with_stand_ins`.
    solution
        Of the problem itself, with prices for all pairs; `solution_without_stand_ins` leads back.

    Examples
    --------
    >>> from mentormatch.assign.problem import Objective
    >>> from mentormatch.assign.solve import solve
    >>> problem = Problem.from_scores([[4.0]], capacities=Capacities.of((1, 1)))
    >>> solution_with_stand_ins(problem, np.array([0]), solve(problem, Objective.SCORE))
    Solution(score: 2 pairs of 4 people worth 4, optimal)
    """
    (n_rows, n_cols), count = problem.shape, len(promised)
    stood_in = with_stand_ins(problem, promised)
    found = problem.find(solution.rows, solution.cols)
    real = ~np.isin(found, promised)
    stands_in = np.arange(count)
    rows = np.concatenate((solution.rows[real], problem.rows[promised], n_rows + stands_in))
    cols = np.concatenate((solution.cols[real], n_cols + stands_in, problem.cols[promised]))
    scores = np.concatenate((solution.scores[real], problem.scores[promised], np.zeros(count)))
    order = np.lexsort((cols, rows))
    (row, col, loads), (row_counts, col_counts, count_loads) = (
        _layer_with(problem, promised, row_prices, col_prices, worth, lam, loads)
        for (row_prices, col_prices, lam, loads), worth in zip(
            _layers(solution), (problem.scores, np.zeros_like(problem.scores)), strict=True
        )
    )
    assert row is not None  # every solution has prices for its scores
    assert col is not None
    return replace(
        solution,
        rows=rows[order],
        cols=cols[order],
        scores=scores[order],
        row_prices=row,
        col_prices=col,
        row_count_prices=row_counts,
        col_count_prices=col_counts,
        capacities=stood_in.capacities,
        load_prices=loads,
        count_load_prices=count_loads,
    )


def shortage_without_stand_ins(shape: tuple[int, int], error: ShortageError) -> ShortageError:
    """Return a shortage as one of those who are there.

    Parameters
    ----------
    shape
        Of the problem itself.
    error
        Of the problem with stand-ins.

    Examples
    --------
    >>> error = ShortageError("row", np.array([0, 2]), np.array([0]), needed=2, available=1)
    >>> error = shortage_without_stand_ins((2, 1), error)
    >>> error.members, error.needed, error.available
    (array([0]), 1, 0)
    """
    own, other = shape if error.side == "row" else shape[::-1]
    members = error.members[error.members < own]
    partners = error.partners[error.partners < other]
    needed = error.needed - (len(error.members) - len(members))
    groups = error.row_groups, error.col_groups  # stand-ins are in no group too often
    return ShortageError(error.side, members, partners, needed, needed - error.shortage, *groups)


def _spread_with(spread: Spread | None, partners: Integers) -> Spread | None:
    """Return the same with stand-ins for some partners, each in the group of the one they are."""
    if spread is None:
        return None
    one_each = np.ones(len(partners), dtype=np.int64)
    groups = np.append(spread.groups, spread.groups[partners])
    return Spread(groups, np.append(spread.at_most, one_each))


def _layers(
    solution: Solution,
) -> tuple[tuple[Floats | None, Floats | None, float, LoadPrices | None], ...]:
    """Return the prices for the scores, and those for the count, each with their lam."""
    return (
        (solution.row_prices, solution.col_prices, solution.lam, solution.load_prices),
        (solution.row_count_prices, solution.col_count_prices, 1.0, solution.count_load_prices),
    )


def _loads_without(
    problem: Problem,
    promised: Integers,
    row_prices: Floats | None,
    col_prices: Floats | None,
    lam: float,
    loads: LoadPrices | None,
) -> LoadPrices | None:
    """Return the prices of loads, with what the stand-ins are worth as prices of their pairs."""
    if row_prices is None or col_prices is None or loads is None:
        return None
    n_rows, n_cols = problem.shape
    real = (loads.rows < n_rows) & (loads.cols < n_cols)
    # Two pairs with stand-ins count lam each, and one pair is made of them.
    own = row_prices[n_rows:] - loads.row_minimum[n_rows:]
    own = own + (col_prices[n_cols:] - loads.col_minimum[n_cols:]) - lam
    for ends, size in ((loads.rows, n_rows), (loads.cols, n_cols)):
        beyond = ends >= size
        np.add.at(own, ends[beyond] - size, loads.pairs[beyond])
    return LoadPrices(
        np.append(loads.rows[real], problem.rows[promised]),
        np.append(loads.cols[real], problem.cols[promised]),
        np.append(loads.pairs[real], own),
        loads.row_minimum[:n_rows],
        loads.col_minimum[:n_cols],
        # Stand-ins have one partner, so they pay for no group.
        loads.row_spread,
        loads.col_spread,
    )


def _layer_with(
    problem: Problem,
    promised: Integers,
    row: Floats | None,
    col: Floats | None,
    worth: Floats,
    lam: float,
    loads: LoadPrices | None,
) -> tuple[Floats | None, Floats | None, LoadPrices | None]:
    """Return prices in which stand-ins share what their pair is worth beyond its own ends."""
    if row is None or col is None:
        return None, None, None
    nothing = np.zeros(len(promised))
    if loads is None:
        return np.append(row, nothing), np.append(col, nothing), None
    own = np.zeros(len(problem.rows))
    own[problem.find(loads.rows, loads.cols)] = loads.pairs
    ends = problem.rows[promised], problem.cols[promised]
    own_end = row[ends[0]] - loads.row_minimum[ends[0]]
    if loads.row_spread is not None and problem.capacities is not None:
        assert problem.capacities.row_spread is not None  # else nobody could pay for a group
        own_end += loads.row_spread.of(ends[0], problem.capacities.row_spread.groups[ends[1]])
    stand_in_col = worth[promised] + lam - own_end
    stand_in_row = own[promised] + lam - stand_in_col
    kept = ~np.isin(problem.find(loads.rows, loads.cols), promised)
    return (
        np.append(row, np.maximum(stand_in_row, 0.0)),
        np.append(col, np.maximum(stand_in_col, 0.0)),
        LoadPrices(
            loads.rows[kept],
            loads.cols[kept],
            loads.pairs[kept],
            np.append(loads.row_minimum, np.maximum(-stand_in_row, 0.0)),
            np.append(loads.col_minimum, np.maximum(-stand_in_col, 0.0)),
            loads.row_spread,
            loads.col_spread,
        ),
    )
