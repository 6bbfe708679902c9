"""Who has to be in a smallest cover of the pairs: the proof that no matching has more of them."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.assign.problem import Prices, Problem

__all__ = ["least_cover"]

Integers: TypeAlias = NDArray[np.int64]


def least_cover(problem: Problem, chosen: Integers) -> Prices:
    """Return a cover of all allowed pairs, with as few columns as can be.

    Every allowed pair has an end in the cover, whatever the matching. If no matching has more
    pairs, the cover has one member for each pair, which proves it, and is the same for every such
    matching; otherwise it has more.

    Parameters
    ----------
    problem
        The allowed pairs; its scores are not looked at.
    chosen : int64 array
        Positions of the pairs of a matching.

    Returns
    -------
    Prices
        1 for who is in the cover, else 0.

    References
    ----------
    D. Koenig, "Graphok es matrixok", Matematikai es Fizikai Lapok 38 (1931): the columns that
    alternating paths from single rows lead to, and the rows they do not lead to.

    Examples
    --------
    >>> problem = Problem.from_scores([[1.0, 1.0], [1.0, 1.0]], [[True, False], [True, False]])
    >>> cover = least_cover(problem, np.array([0]))
    >>> cover.row, cover.col
    (array([0., 0.]), array([1., 0.]))
    """
    # Imported here: csgraph would lengthen `import mentormatch`.
    from scipy.sparse.csgraph import breadth_first_order

    n_rows, n_cols = problem.shape
    root = n_rows + n_cols
    single = np.ones(n_rows, dtype=np.bool_)
    single[problem.rows[chosen]] = False
    # From the root to single rows, from a row to its columns, from a column to the row it has.
    begins = np.flatnonzero(single)
    tails = problem.rows, n_rows + problem.cols[chosen], np.full(len(begins), root)
    heads = n_rows + problem.cols, problem.rows[chosen], begins
    # 32 bits halve the memory of the largest thing there is while a problem is solved.
    begin, end = (np.concatenate(part).astype(np.int32) for part in (tails, heads))
    arcs = csr_array((np.ones(len(begin)), (begin, end)), shape=(root + 1, root + 1))
    reached = np.zeros(root + 1, dtype=np.bool_)
    reached[breadth_first_order(arcs, root, return_predecessors=False)] = True
    return Prices(
        row=(~reached[:n_rows]).astype(np.float64), col=reached[n_rows:root].astype(np.float64)
    )
