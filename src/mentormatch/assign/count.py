"""How many people can be served, whatever the scores: the count part of the objectives."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.assign.capacitated import heaviest_with_capacities
from mentormatch.assign.cover import least_cover
from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.problem import Heaviest, Prices, Problem
from mentormatch.progress import Progress, quiet

__all__ = ["most_people", "served"]

Integers: TypeAlias = NDArray[np.int64]


def served(problem: Problem, chosen: Integers) -> float:
    """Return half the number of rows and columns in some pairs: one for a pair as a rule.

    Parameters
    ----------
    problem
        The allowed pairs.
    chosen : int64 array
        Positions of a choice of them.

    Examples
    --------
    >>> from mentormatch.assign.capacities import Capacities
    >>> problem = Problem.from_scores([[1.0, 1.0]], capacities=Capacities.of((1, 2), 2))
    >>> served(problem, np.array([0, 1]))
    1.5
    """
    if problem.capacities is None:
        return len(chosen)
    rows, cols = problem.rows[chosen], problem.cols[chosen]
    return (len(np.unique(rows)) + len(np.unique(cols))) / 2


def most_people(
    problem: Problem,
    start: Integers,
    limits: Limits = NO_LIMITS,
    progress: Progress = quiet,
) -> Heaviest:
    """Find a choice of pairs that serves as many people as any, and the prices that prove it.

    Parameters
    ----------
    problem
        The allowed pairs; their scores are not looked at.
    start : int64 array
        With capacities, positions of a choice of pairs to go on from.
    limits
        With capacities, when to stop before; the prices bound every choice whenever that is.
    progress
        Told how far it has come.

    Returns
    -------
    Heaviest
        Of pairs that are worth 1 each, with places after the first at 1/2. Without capacities its
        prices are the least cover.

    Raises
    ------
    ShortageError
        If minima cannot be met together.

    References
    ----------
    J. E. Hopcroft, R. M. Karp, "An n^5/2 algorithm for maximum matchings in bipartite graphs",
    SIAM Journal on Computing 2 (1973), as SciPy has it.

    Examples
    --------
    >>> problem = Problem.from_scores([[1.0, 0.0], [1.0, 0.0]], [[True, False], [True, True]])
    >>> most = most_people(problem, np.array([1]))
    >>> most.chosen, most.prices.total
    (array([0, 2]), 2.0)
    """
    if problem.capacities is not None:
        # At these prices each pair is tight, and only who is not served has too high a one.
        halves = Prices(*(np.full(size, 0.5) for size in problem.shape))
        ones, found = np.ones_like(problem.scores), Heaviest(start, halves)
        return heaviest_with_capacities(problem, ones, 0.5, None, found, limits, progress)
    # Imported here: csgraph would lengthen `import mentormatch`.
    from scipy.sparse.csgraph import maximum_bipartite_matching

    ones = np.ones(len(problem.rows))
    # 32 bits are what SciPy works with.
    places = problem.cols.astype(np.int32), problem.starts.astype(np.int32)
    graph = csr_array((ones, *places), shape=problem.shape)
    partner = maximum_bipartite_matching(graph, perm_type="column")
    chosen = problem.positions(partner.astype(np.int64))
    return Heaviest(chosen, least_cover(problem, chosen))
