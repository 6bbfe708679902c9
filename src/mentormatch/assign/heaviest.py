"""The heaviest matching, by the way that suits its size."""

from importlib.util import find_spec
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.capacitated import heaviest_with_capacities
from mentormatch.assign.dense import MOST_CELLS, cells, heaviest_matching
from mentormatch.assign.grid import power_of_two_from
from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.prices import least_prices
from mentormatch.assign.problem import Heaviest, Problem
from mentormatch.extras import extra
from mentormatch.progress import Progress, quiet

__all__ = ["heaviest", "is_dense"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

#: Up to so many cells SciPy's dense solver is as quick as loading numba.
FEW_CELLS = 2**20


def heaviest(
    problem: Problem,
    weights: Floats,
    start: Heaviest | None = None,
    limits: Limits = NO_LIMITS,
    progress: Progress = quiet,
    later: float = 0.0,
) -> Heaviest:
    """Find a matching of the largest total weight, and the prices that prove it.

    Small problems are laid out as a table for SciPy; larger ones, and those with capacities, are
    solved as they are, by kernels (extra ``scale``).

    Parameters
    ----------
    problem
        The allowed pairs.
    weights : float64 array, shape (n_pairs,)
        What each is worth: the scores, or the scores and as much again for each, on one grid.
    start
        An answer for other weights of the same pairs, from which large problems go on.
    limits
        When a large problem may be left as it is. The prices cover all pairs whenever that is.
    progress
        Told how far a large problem has come.
    later
        With capacities, what each further partner of a row or column costs; on the grid as well.

    Returns
    -------
    Heaviest

    Raises
    ------
    MissingExtraError
        When the problem is too large for a table and the extra is not installed.
    ShortageError
        When minima cannot be met.

    Examples
    --------
    >>> problem = Problem.from_scores([[10.0, 9.0], [9.0, 1.0]])
    >>> heaviest(problem, problem.scores).chosen
    array([1, 2])
    """
    spread = float(problem.scores.max(initial=0.0)) or float(weights.max(initial=0.0))
    step = max(power_of_two_from(spread) * 2.0**-10, 2.0**-1074) if spread else 1.0
    if problem.capacities is not None:
        return heaviest_with_capacities(problem, weights, later, step, start, limits, progress)
    if is_dense(problem):
        chosen = heaviest_matching(problem.rows, problem.cols, weights)
        return Heaviest(chosen, least_prices(problem, weights, chosen))
    extra("numba", "scale", "problems of this size")
    # Imported here, and nowhere else: numba takes half a second to load.
    from mentormatch.assign.hungarian import sparse_heaviest

    return sparse_heaviest(problem, weights, step, start, limits, progress)


def is_dense(problem: Problem) -> bool:
    """Tell whether a problem is solved as a table: a small one, or a middling one without numba.

    One with capacities never is.

    Examples
    --------
    >>> is_dense(Problem.from_scores([[1.0]]))
    True
    """
    if problem.capacities is not None:
        return False
    most = FEW_CELLS if find_spec("numba") else max(FEW_CELLS, MOST_CELLS)
    # A table has a cell for each pair at least, and pairs are quicker to count than cells.
    return len(problem.rows) <= most and cells(problem.rows, problem.cols) <= most
