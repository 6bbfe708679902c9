"""How a table of scores is read: every entry that cannot be used is refused by its index."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["LARGEST", "check_scores", "dense_pairs", "sparse_pairs"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Pairs: TypeAlias = tuple[tuple[int, int], Integers, Integers, Floats]

#: Scores stay below this, so that no sum over people or along a path overflows.
LARGEST = 2.0**1000


def sparse_pairs(scores: Any) -> Pairs:
    """Read the stored entries of a SciPy sparse array or matrix, in any of its formats.

    Returns
    -------
    shape, rows, cols, scores
        The allowed pairs, sorted by row and then column; the arrays are copies.

    Raises
    ------
    ValueError
        If it has not two dimensions or holds no real numbers.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> shape, rows, cols, scores = sparse_pairs(csr_array([[0, 3], [4, 0]]))
    >>> rows, cols, scores
    (array([0, 1]), array([1, 0]), array([3., 4.]))
    """
    _check_table(scores.shape, scores.dtype)
    entries = scores.tocoo()
    n_rows, n_cols = entries.shape
    rows, cols = entries.row.astype(np.int64), entries.col.astype(np.int64)
    worth = entries.data.astype(np.float64)
    # Most tables come in order, and looking is ten times as quick as sorting.
    same_row = rows[1:] == rows[:-1]
    if ((rows[1:] < rows[:-1]) | (same_row & (cols[1:] < cols[:-1]))).any():
        order = np.lexsort((cols, rows))
        rows, cols, worth = rows[order], cols[order], worth[order]
    return (n_rows, n_cols), rows, cols, worth


def dense_pairs(scores: ArrayLike, allowed: ArrayLike | None) -> Pairs:
    """Read a dense table and the mask of its allowed entries.

    Returns
    -------
    shape, rows, cols, scores
        The allowed pairs, sorted by row and then column; the arrays are copies.

    Raises
    ------
    ValueError
        If a shape or a type is wrong.

    Examples
    --------
    >>> dense_pairs([[1, 2], [3, 4]], allowed=[[True, False], [False, True]])
    ((2, 2), array([0, 1]), array([0, 1]), array([1., 4.]))
    """
    if isinstance(scores, np.ma.MaskedArray):
        raise ValueError(
            "scores is a masked array, whose mask would be lost; give scores.data, and "
            "allowed=~numpy.ma.getmaskarray(scores)"
        )
    table = np.asarray(scores)
    _check_table(table.shape, table.dtype)
    n_rows, n_cols = table.shape
    if allowed is None:
        rows = np.repeat(np.arange(n_rows), n_cols)
        cols = np.tile(np.arange(n_cols), n_rows)
        return (n_rows, n_cols), rows, cols, table.ravel().astype(np.float64)
    mask = np.asarray(allowed)
    if mask.dtype != np.bool_:
        raise ValueError(f"allowed holds {mask.dtype}; it takes booleans, True for allowed pairs")
    if mask.shape != table.shape:
        raise ValueError(f"allowed has shape {mask.shape}, but scores has shape {table.shape}")
    rows, cols = np.nonzero(mask)
    return (n_rows, n_cols), rows, cols, table[rows, cols].astype(np.float64)


def check_scores(shape: tuple[int, int], rows: Integers, cols: Integers, scores: Floats) -> None:
    """Refuse pairs that are out of order or out of the table, and scores that are no worth.

    Raises
    ------
    ValueError
        Naming the first faulty entry and how many more there are.

    Examples
    --------
    >>> check_scores((1, 2), np.array([0, 0]), np.array([0, 1]), np.array([1.0, -2.0]))
    Traceback (most recent call last):
    ...
    ValueError: scores[0, 1] is -2.0; a score must be a finite number, 0 or more
    """
    if not len(rows) == len(cols) == len(scores):
        raise ValueError(
            f"rows, cols and scores differ in length: {len(rows)}, {len(cols)}, {len(scores)}"
        )
    outside = (rows < 0) | (rows >= shape[0]) | (cols < 0) | (cols >= shape[1])
    if outside.any():
        _refuse(outside, rows, cols, f"lies outside a table of {shape[0]} rows, {shape[1]} columns")
    same_row = rows[1:] == rows[:-1]
    repeated = np.zeros(len(rows), dtype=np.bool_)
    repeated[1:] = same_row & (cols[1:] == cols[:-1])
    if repeated.any():
        _refuse(repeated, rows, cols, "is given more than once; give each pair one score")
    unsorted = np.zeros(len(rows), dtype=np.bool_)
    unsorted[1:] = (rows[1:] < rows[:-1]) | (same_row & (cols[1:] < cols[:-1]))
    if unsorted.any():
        _refuse(unsorted, rows, cols, "is out of order; sort the pairs by row, then column")
    bad = ~((scores >= 0) & np.isfinite(scores))
    if bad.any():
        value = scores[int(bad.argmax())]
        _refuse(bad, rows, cols, f"is {value}; a score must be a finite number, 0 or more")
    huge = scores >= LARGEST
    if huge.any():
        value = scores[int(huge.argmax())]
        remedy = "divide all scores by a common factor"
        _refuse(huge, rows, cols, f"is {value}; sums of such numbers overflow: {remedy}")


def _check_table(shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    if len(shape) != 2:
        raise ValueError(f"scores has shape {shape}; it takes two dimensions, rows and columns")
    if dtype.kind not in "biuf":
        raise ValueError(f"scores holds {dtype}; it takes real numbers")


def _refuse(faulty: NDArray[np.bool_], rows: Integers, cols: Integers, why: str) -> None:
    first = int(faulty.argmax())
    more = int(faulty.sum()) - 1
    rest = f" (and {more} more such entr{'ies' if more > 1 else 'y'})" if more else ""
    raise ValueError(f"scores[{rows[first]}, {cols[first]}] {why}{rest}")
