"""The best matching by other means than the engine's: enumeration, SciPy, HiGHS, networkx."""

import math
from collections.abc import Iterator

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import csr_array, vstack

from mentormatch.assign import Objective

Table = NDArray[np.float64]
Mask = NDArray[np.bool_]
Pairs = tuple[tuple[int, int], ...]


def all_matchings(
    allowed: Mask, row: int = 0, taken: frozenset[int] = frozenset()
) -> Iterator[Pairs]:
    """Yield every matching, the empty one included."""
    if row == len(allowed):
        yield ()
        return
    yield from all_matchings(allowed, row + 1, taken)
    for col in np.flatnonzero(allowed[row]).tolist():
        if col not in taken:
            for rest in all_matchings(allowed, row + 1, taken | {col}):
                yield ((row, col), *rest)


def total(scores: Table, pairs: Pairs) -> float:
    return math.fsum(float(scores[pair]) for pair in pairs)


def worth(scores: Table, pairs: Pairs, objective: Objective) -> tuple[int, float]:
    """What an objective compares: the number of pairs if it counts, then the total."""
    counted = len(pairs) if objective is Objective.PEOPLE_THEN_SCORE else 0
    return counted, total(scores, pairs)


def best_worth(scores: Table, allowed: Mask, objective: Objective) -> tuple[int, float]:
    return max(worth(scores, pairs, objective) for pairs in all_matchings(allowed))


def best_matchings(scores: Table, allowed: Mask, objective: Objective) -> list[Pairs]:
    """Every matching that is as good as any."""
    everything = list(all_matchings(allowed))
    best = max(worth(scores, pairs, objective) for pairs in everything)
    return [pairs for pairs in everything if worth(scores, pairs, objective) == best]


def scipy_total(scores: Table, allowed: Mask) -> float:
    """The highest total by SciPy's assignment, a forbidden pair being worth nothing."""
    table = np.where(allowed, scores, 0.0)
    return math.fsum(table[linear_sum_assignment(table, maximize=True)].tolist())


def highs_worth(scores: Table, allowed: Mask, objective: Objective) -> tuple[int, float]:
    """The optimum by HiGHS: the count first, if it matters, then the total with it fixed."""
    n_rows, n_cols = scores.shape
    rows, cols = np.nonzero(allowed)
    places = np.arange(len(rows))
    ones = np.ones(len(rows))
    ends = vstack(
        (
            csr_array((ones, (rows, places)), shape=(n_rows, len(rows))),
            csr_array((ones, (cols, places)), shape=(n_cols, len(rows))),
        )
    )
    limits = [LinearConstraint(ends, -np.inf, 1)]
    whole = np.ones(len(rows), dtype=np.int64)
    counted = 0
    if objective is Objective.PEOPLE_THEN_SCORE:
        most = milp(-ones, integrality=whole, bounds=Bounds(0, 1), constraints=limits)
        counted = round(float(ones @ np.asarray(most.x)))
        limits.append(LinearConstraint(ones[np.newaxis], counted, counted))
    best = milp(
        -scores[rows, cols],
        integrality=whole,
        bounds=Bounds(0, 1),
        constraints=limits,
        options={"mip_rel_gap": 0.0},
    )
    return counted, float(scores[rows, cols] @ np.asarray(best.x))


def networkx_worth(scores: Table, allowed: Mask, objective: Objective) -> tuple[int, float]:
    """The optimum by networkx's blossom algorithm, in whole numbers and so exact."""
    unit = 2**40  # the scores have to be multiples of 2**-40
    graph = nx.Graph()
    for row, col in np.argwhere(allowed).tolist():
        graph.add_edge(("row", row), ("col", col), weight=int(scores[row, col] * unit))
    counts = objective is Objective.PEOPLE_THEN_SCORE
    matching = nx.max_weight_matching(graph, maxcardinality=counts)
    weight = sum(graph.edges[pair]["weight"] for pair in matching)
    return len(matching) if counts else 0, weight / unit
