"""The heaviest matching by way of a dense table: SciPy's Hungarian, for small problems."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_CELLS", "cells", "heaviest_matching"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

#: The largest table that should be laid out: half a gigabyte of float64.
MOST_CELLS = 2**26


def heaviest_matching(rows: Integers, cols: Integers, weights: Floats) -> Integers:
    """Return the pairs of a matching of the largest total weight.

    A cell of the table without a pair holds 0, which says "stay single" and is exact because no
    weight is negative. A huge cost would not be: it drowns the weights in rounding, and fails
    where no matching covers everybody.

    Parameters
    ----------
    rows, cols : int64 array, shape (n_pairs,)
        The two ends of each allowed pair; no pair twice.
    weights : float64 array, shape (n_pairs,)
        0 or more, on one grid (`on_grid`), so that the result is exact. A pair of weight 0 may
        be in the matching or not.

    Returns
    -------
    int64 array
        Positions of the chosen pairs, ascending.

    References
    ----------
    D. F. Crouse, "On implementing 2D rectangular assignment algorithms", IEEE Transactions on
    Aerospace and Electronic Systems 52 (2016); the algorithm is Jonker and Volgenant's.

    Examples
    --------
    >>> rows, cols = np.array([0, 0, 1]), np.array([0, 1, 0])
    >>> heaviest_matching(rows, cols, np.array([10.0, 1.0, 1.0]))
    array([0])
    """
    # Imported here: scipy.optimize would double the time that `import mentormatch` takes.
    from scipy.optimize import linear_sum_assignment

    row_places, n_rows = _places(rows)
    col_places, n_cols = _places(cols)
    partner = np.full(n_rows, -1, dtype=np.int64)
    # Costs rather than weights, and no more rows than columns: SciPy would copy the table else.
    if n_rows <= n_cols:
        table = np.zeros((n_rows, n_cols))
        table[row_places, col_places] = -weights
        chosen_rows, chosen_cols = linear_sum_assignment(table)
    else:
        table = np.zeros((n_cols, n_rows))
        table[col_places, row_places] = -weights
        chosen_cols, chosen_rows = linear_sum_assignment(table)
    partner[chosen_rows] = chosen_cols
    return np.flatnonzero(partner[row_places] == col_places)


def cells(rows: Integers, cols: Integers) -> int:
    """Return how many cells the table of these pairs would have.

    Parameters
    ----------
    rows, cols : int64 array, shape (n_pairs,)
        The two ends of each pair.

    Examples
    --------
    >>> cells(np.array([0, 7]), np.array([5, 5]))
    2
    """
    return int((np.bincount(rows) > 0).sum()) * int((np.bincount(cols) > 0).sum())


def _places(nodes: Integers) -> tuple[Integers, int]:
    """Return for each node its number among those that occur, and how many occur."""
    occurs = np.bincount(nodes) > 0
    return (np.cumsum(occurs) - 1)[nodes], int(occurs.sum())
