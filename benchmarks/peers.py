"""The solvers that could be imported instead, each asked for the best pairs of the same table.

A table is a SciPy sparse array of scores, as `solve_assignment` reads it: what is not stored is not
allowed, and anybody may stay single. Each peer is given what suits it best, and making that counts
as its time:

- OR-Tools: `SimpleMinCostFlow`, from a source through rows and columns to a sink, with an arc past
  them all; costs are the scores x 2**40, whole numbers.
- SciPy sparse, lapx sparse: every row must have a column, so each has one of its own more, which
  means "stay single"; lapx wants a square, so columns have such rows as well.
- SciPy dense, lapx dense, munkres: a full table in which a pair that is not allowed counts 0.
- HiGHS: a linear program, whose corners are matchings, through `scipy.optimize.milp`.
- rustworkx and networkx: a graph, to the matching in general graphs that they have.

A peer returns rows and columns of its pairs, among which may be some that are not allowed, where
those stand for staying single: `worth` values what is left in true scores.
"""

import math
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from benchmarks.measuring import verified
from benchmarks.pairs import Table, rows_of

__all__ = ["PEERS", "is_there", "worth"]

Integers: TypeAlias = NDArray[np.int64]
Peer: TypeAlias = Callable[[Table], tuple[Any, Any]]

#: Scores are multiples of its inverse.
UNIT = 2.0**40


def worth(table: Table, rows: Any, cols: Any) -> float:
    """Return the total of a peer's pairs in true scores; what is not allowed counts nothing.

    Parameters
    ----------
    table
        The scores.
    rows, cols
        The pairs.

    Raises
    ------
    SystemExit
        When somebody has two partners.
    """
    ends = np.asarray(rows, dtype=np.int64), np.asarray(cols, dtype=np.int64)
    scores = np.asarray(table[ends], dtype=np.float64).ravel()
    for end in ends:
        verified(len(np.unique(end[scores > 0])) == (scores > 0).sum(), "one partner for each")
    return math.fsum(scores.tolist())


def is_there(name: str) -> bool:
    """Tell whether a peer is installed; networkx and SciPy always are."""
    return find_spec(PACKAGES.get(name, "scipy")) is not None


def _by_flow(table: Table) -> tuple[Any, Any]:
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # may not be installed

    n_rows, n_cols = table.shape
    rows, cols, scores = rows_of(table), table.indices, table.data
    source, sink = n_rows + n_cols, n_rows + n_cols + 1
    one_of_each = np.arange(n_rows), np.arange(n_rows, n_rows + n_cols)
    flow = SimpleMinCostFlow()
    for tails, heads, costs in (
        (rows, cols + n_rows, -np.rint(scores * UNIT).astype(np.int64)),
        (np.full(n_rows, source), one_of_each[0], np.zeros(n_rows, dtype=np.int64)),
        (one_of_each[1], np.full(n_cols, sink), np.zeros(n_cols, dtype=np.int64)),
    ):
        ones = np.ones(len(tails), dtype=np.int64)
        flow.add_arcs_with_capacity_and_unit_cost(
            tails.astype(np.int32), heads.astype(np.int32), ones, costs
        )
    most = min(table.shape)
    flow.add_arc_with_capacity_and_unit_cost(source, sink, most, 0)  # some stay single
    flow.set_node_supply(source, most)
    flow.set_node_supply(sink, -most)
    verified(flow.solve() == flow.OPTIMAL, "the flow")
    used = flow.flows(np.arange(len(rows))) > 0
    return rows[used], cols[used]


def _by_scipy_dense(table: Table) -> tuple[Any, Any]:
    return linear_sum_assignment(table.toarray(), maximize=True)


def _by_scipy_sparse(table: Table) -> tuple[Any, Any]:
    n_rows, n_cols = table.shape
    single = np.arange(n_rows)
    costs = np.concatenate((2.0 - table.data, np.full(n_rows, 2.0)))
    rows = np.concatenate((rows_of(table), single))
    cols = np.concatenate((table.indices, n_cols + single))
    wider = csr_array((costs, (rows, cols)), shape=(n_rows, n_cols + n_rows))
    chosen = min_weight_full_bipartite_matching(wider)
    return _within(table, *chosen)


def _by_lapx_dense(table: Table) -> tuple[Any, Any]:
    from lap import lapjvx  # may not be installed

    chosen: tuple[Any, Any] = lapjvx(1.0 - table.toarray(), extend_cost=True, return_cost=False)
    return chosen


def _by_lapx_sparse(table: Table) -> tuple[Any, Any]:
    from lap import lapmod  # may not be installed

    n_rows, n_cols = table.shape
    rows, cols = rows_of(table), table.indices
    row, col = np.arange(n_rows), np.arange(n_cols)
    # Rows and columns that stay single do so with each other's, mirrored and free of charge.
    costs = (2.0 - table.data, np.full(n_rows, 1.0), np.full(n_cols, 1.0), np.zeros(len(rows)))
    tails = (rows, row, n_rows + col, n_rows + cols)
    heads = (cols, n_cols + row, col, n_cols + rows)
    square = csr_array(
        (np.concatenate(costs), (np.concatenate(tails), np.concatenate(heads))),
        shape=(n_rows + n_cols, n_rows + n_cols),
    )
    square.sort_indices()
    partner, _ = lapmod(
        n_rows + n_cols, square.data, square.indptr, square.indices, return_cost=False
    )
    return _within(table, row, partner[:n_rows])


def _by_munkres(table: Table) -> tuple[Any, Any]:
    from munkres import Munkres  # may not be installed

    return _ends(Munkres().compute((1.0 - table.toarray()).tolist()))


def _by_highs(table: Table) -> tuple[Any, Any]:
    n_rows, n_cols = table.shape
    rows, cols = rows_of(table), table.indices.astype(np.int64)
    ends = np.concatenate((rows, n_rows + cols))
    both = np.tile(np.arange(table.nnz), 2)
    uses: Table = csr_array((np.ones(len(ends)), (ends, both)), (n_rows + n_cols, table.nnz))
    found = milp(
        -table.data,
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(uses, -np.inf, 1.0),
    )
    verified(found.success, "the linear program")
    used = np.asarray(found.x, dtype=np.float64) > 0.5
    return rows[used], cols[used]


def _by_rustworkx(table: Table) -> tuple[Any, Any]:
    import rustworkx  # may not be installed

    n_rows = table.shape[0]
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(sum(table.shape)))
    scores = np.rint(table.data * UNIT).astype(np.int64).tolist()
    ends = rows_of(table).tolist(), (n_rows + table.indices).tolist()
    graph.add_edges_from(list(zip(*ends, scores, strict=True)))
    return _sides(rustworkx.max_weight_matching(graph, weight_fn=int), n_rows)


def _by_networkx(table: Table) -> tuple[Any, Any]:
    import networkx as nx

    n_rows = table.shape[0]
    graph: Any = nx.Graph()
    ends = rows_of(table).tolist(), (n_rows + table.indices).tolist()
    graph.add_weighted_edges_from(zip(*ends, table.data.tolist(), strict=True))
    return _sides(nx.max_weight_matching(graph), n_rows)


def _ends(pairs: Any) -> tuple[Integers, Integers]:
    first, second = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
    return first, second


def _sides(pairs: Any, n_rows: int) -> tuple[Integers, Integers]:
    """Return rows and columns of pairs of nodes, either of which may come first."""
    one, other = _ends(pairs)
    return np.minimum(one, other), np.maximum(one, other) - n_rows


def _within(table: Table, rows: Any, cols: Any) -> tuple[Any, Any]:
    """Leave out whoever stays single."""
    paired = cols < table.shape[1]
    return rows[paired], cols[paired]


PEERS: dict[str, Peer] = {
    "OR-Tools": _by_flow,
    "SciPy dense": _by_scipy_dense,
    "SciPy sparse": _by_scipy_sparse,
    "lapx dense": _by_lapx_dense,
    "lapx sparse": _by_lapx_sparse,
    "HiGHS": _by_highs,
    "rustworkx": _by_rustworkx,
    "networkx": _by_networkx,
    "munkres": _by_munkres,
}

#: What must be importable, where that is more than mentormatch needs.
PACKAGES = {
    "OR-Tools": "ortools",
    "lapx dense": "lap",
    "lapx sparse": "lap",
    "rustworkx": "rustworkx",
    "munkres": "munkres",
}
