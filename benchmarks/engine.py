"""How fast the engine is beside the solvers that could be imported instead, on the same pairs.

The pairs are those of synthetic workforces: all that the rules allow, or the ten best of each
person. OR-Tools gets the scores as whole numbers (x 2**40), SciPy's dense solver a table with 0 for
a pair that is not allowed, its sparse one a further column for each row, which means "stay single".

Run it alone with ``python -m benchmarks.engine``.
"""

import math
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

import mentormatch as mm
from benchmarks.measuring import Section, duration, ratio, timed, verified
from benchmarks.solve import PROGRAM
from mentormatch.assign import Objective, Problem
from mentormatch.assign.solve import solve
from mentormatch.synthetic import workforce

__all__ = ["report"]

Integers = NDArray[np.int64]

#: People, best partners of each that are kept (0 for all pairs), and who takes part in the race.
RACES = (
    (20_000, 0, ("OR-Tools", "SciPy dense", "SciPy sparse")),
    (20_000, 10, ("OR-Tools", "SciPy dense", "SciPy sparse")),
    (100_000, 10, ("OR-Tools",)),
    (100_000, 0, ("OR-Tools",)),
)
SKILLS = 1_500
TIMES = 3


def report(races: tuple[tuple[int, int, tuple[str, ...]], ...] = RACES) -> Section:
    """Measure every solver on every set of pairs.

    Parameters
    ----------
    races
        People, best partners of each, and the solvers to compare with.
    """
    rows = []
    for people, best, names in races:
        problem = _pairs(people, best)
        ours, solution = timed(lambda: solve(problem, Objective.SCORE), TIMES)  # noqa: B023
        verified(solution.is_optimal and solution.gap == 0.0, f"the proof for {people} people")
        floor, _ = timed(lambda: _one_pass(problem), TIMES)  # noqa: B023
        for name in names:
            if name == "OR-Tools" and find_spec("ortools") is None:
                continue
            theirs, total = timed(lambda: PEERS[name](problem), 1)  # noqa: B023
            verified(math.isclose(total, solution.value, rel_tol=1e-9), f"the total of {name}")
            rows.append(
                (
                    f"{people:,}",
                    f"best {best} each" if best else "all allowed",
                    f"{len(problem.rows):,}",
                    name,
                    ratio(theirs, ours),
                    duration(theirs),
                    duration(ours),
                    ratio(ours, floor),
                )
            )
    notes = (
        f"The highest total over the pairs of `synthetic.workforce(n, skills={SKILLS:,})`, sides "
        "and rules as below. All find the same total; mentormatch proves it, gap 0. OR-Tools is "
        "`SimpleMinCostFlow`, building its model included (left out where it is not installed: pip "
        "install --group bench). The last column says how many times as "
        "long as one pass over the pairs (scores plus two looked-up prices, in numpy) the whole "
        f"solution takes. Medians of {TIMES} of ours, one run of theirs after one that warms up."
    )
    columns = (
        "people",
        "pairs",
        "how many",
        "peer",
        "its time / ours",
        "its time",
        "ours",
        "ours / pass",
    )
    return Section("The engine and its peers", notes, columns, rows)


def _pairs(people: int, best: int) -> Problem:
    graph = mm.build_graph(workforce(people, skills=SKILLS), PROGRAM)
    a, b, score = graph.a, graph.b, graph.score
    if best:
        kept = _is_among(a, score, best) | _is_among(b, score, best)
        a, b, score = a[kept], b[kept], score[kept]
    return Problem((len(graph.side_a), len(graph.side_b)), a, b, score)


def _is_among(person: Integers, score: NDArray[np.float64], best: int) -> NDArray[np.bool_]:
    order = np.lexsort((-score, person))
    place = np.arange(len(order)) - np.searchsorted(person[order], person[order])
    kept = np.zeros(len(order), dtype=np.bool_)
    kept[order[place < best]] = True
    return kept


def _one_pass(problem: Problem) -> float:
    row, col = np.zeros(problem.shape[0]), np.zeros(problem.shape[1])
    return float((problem.scores - row[problem.rows] - col[problem.cols]).max())


def _by_flow(problem: Problem) -> float:
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # may not be installed

    n_rows, n_cols = problem.shape
    source, sink = n_rows + n_cols, n_rows + n_cols + 1
    rows, cols = np.arange(n_rows), np.arange(n_rows, n_rows + n_cols)
    flow = SimpleMinCostFlow()
    for tails, heads, costs in (
        (problem.rows, problem.cols + n_rows, -np.rint(problem.scores * 2.0**40).astype(np.int64)),
        (np.full(n_rows, source), rows, np.zeros(n_rows, dtype=np.int64)),
        (cols, np.full(n_cols, sink), np.zeros(n_cols, dtype=np.int64)),
    ):
        ones = np.ones(len(tails), dtype=np.int64)
        flow.add_arcs_with_capacity_and_unit_cost(
            tails.astype(np.int32), heads.astype(np.int32), ones, costs
        )
    most = min(problem.shape)
    flow.add_arc_with_capacity_and_unit_cost(source, sink, most, 0)  # some stay single
    flow.set_node_supply(source, most)
    flow.set_node_supply(sink, -most)
    verified(flow.solve() == flow.OPTIMAL, "the flow")
    used = flow.flows(np.arange(len(problem.rows))) > 0
    return math.fsum(problem.scores[used].tolist())


def _by_table(problem: Problem) -> float:
    table = np.zeros(problem.shape)
    table[problem.rows, problem.cols] = problem.scores
    return math.fsum(table[linear_sum_assignment(table, maximize=True)].tolist())


def _by_sparse(problem: Problem) -> float:
    n_rows, n_cols = problem.shape
    single = np.arange(n_rows)
    costs = np.concatenate((2.0 - problem.scores, np.full(n_rows, 2.0)))
    rows = np.concatenate((problem.rows, single))
    cols = np.concatenate((problem.cols, n_cols + single))
    table = csr_array((costs, (rows, cols)), shape=(n_rows, n_cols + n_rows))
    chosen = min_weight_full_bipartite_matching(table)
    return math.fsum((2.0 - table[chosen]).tolist())


PEERS: dict[str, Callable[[Problem], float]] = {
    "OR-Tools": _by_flow,
    "SciPy dense": _by_table,
    "SciPy sparse": _by_sparse,
}

if __name__ == "__main__":
    print(report())
