"""The best matching with capacities by other means: enumeration and HiGHS; and whole proofs."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array, eye_array

from mentormatch.assign import Objective, Solution
from mentormatch.assign.capacities import Capacities, Spread
from mentormatch.assign.certificate import Checked, check
from mentormatch.assign.problem import Problem
from mentormatch.assign.shortage import ShortageError
from mentormatch.assign.solve import solve
from tests.assign.strategies import tables

Worth = tuple[int, float]


def reached(solution: Solution) -> Worth:
    """What an objective compares: the number of people if it counts, then the total."""
    counts = solution.objective is Objective.PEOPLE_THEN_SCORE
    people = len(set(solution.rows.tolist())) + len(set(solution.cols.tolist()))
    return people if counts else 0, solution.value


def grouped_pairs(problem: Problem) -> Iterator[tuple[NDArray[np.int64], int]]:
    """Yield the positions of the pairs that one has with one group, and how many there may be."""
    asked = problem.capacities
    assert asked is not None
    for spread, members, partners in (
        (asked.row_spread, problem.rows, problem.cols),
        (asked.col_spread, problem.cols, problem.rows),
    ):
        if spread is None:
            continue
        for member, most in enumerate(spread.at_most.tolist()):
            for group in set(spread.groups.tolist()) - {-1}:
                pairs = np.flatnonzero((members == member) & (spread.groups[partners] == group))
                if len(pairs):
                    yield pairs, most


def best_choices(problem: Problem, objective: Objective) -> NDArray[np.bool_]:
    """Every choice of pairs that is as good as any, one a row; none where none meets the minima."""
    asked = problem.capacities
    assert asked is not None
    count = len(problem.rows)
    every = (np.arange(2**count)[:, np.newaxis] >> np.arange(count) & 1).astype(np.int64)
    fits = np.ones(len(every), dtype=np.bool_)
    people = np.zeros(len(every), dtype=np.int64)
    for ends, most, least in (
        (problem.rows, asked.row_capacity, asked.row_minimum),
        (problem.cols, asked.col_capacity, asked.col_minimum),
    ):
        load = every @ (ends[:, np.newaxis] == np.arange(len(most)))
        fits &= ((load >= least) & (load <= most)).all(axis=1)
        people += (load > 0).sum(axis=1)
    for pairs, several in grouped_pairs(problem):
        fits &= every[:, pairs].sum(axis=1) <= several
    every = every[fits]
    if objective is not Objective.SCORE and len(every):
        every = every[people[fits] == people[fits].max()]
    if objective is Objective.FLOOR_THEN_SCORE and len(every):
        worst = np.where(every > 0, problem.scores, np.inf).min(axis=1, initial=np.inf)
        every = every[worst == worst.max()]
    totals = np.array([math.fsum(problem.scores[one > 0].tolist()) for one in every])
    best = totals == totals.max(initial=-math.inf)
    return np.asarray(every[best] > 0)


def enumerated_worth(problem: Problem, objective: Objective) -> Worth | None:
    """The best of all choices of pairs, None where none meets the minima."""
    for chosen in best_choices(problem, objective):
        rows, cols = problem.rows[chosen].tolist(), problem.cols[chosen].tolist()
        counts = objective is Objective.PEOPLE_THEN_SCORE
        people = len(set(rows)) + len(set(cols)) if counts else 0
        return people, math.fsum(problem.scores[chosen].tolist())
    return None


def highs_worth(problem: Problem, objective: Objective) -> Worth | None:
    """The optimum by HiGHS, None where it says that there is none: who is served is a variable."""
    asked = problem.capacities
    assert asked is not None
    size, count = sum(problem.shape), len(problem.rows)
    places, ones = np.arange(count), np.ones(count)
    ends = csr_array(
        (
            np.append(ones, ones),
            (np.append(problem.rows, problem.cols + problem.shape[0]), np.append(places, places)),
        ),
        shape=(size, count),
    )
    loads = csr_array((ends.data, ends.indices, ends.indptr), shape=(size, count + size))
    served: Any = block_array([[ends, -eye_array(size)]], format="csr")  # by a pair, or not at all
    least = np.concatenate((asked.row_minimum, asked.col_minimum))
    most = np.concatenate((asked.row_capacity, asked.col_capacity))
    limits = [LinearConstraint(loads, least, most), LinearConstraint(served, 0, np.inf)]
    for pairs, several in grouped_pairs(problem):
        together = np.zeros(count + size)
        together[pairs] = 1.0
        limits.append(LinearConstraint(together[np.newaxis], -np.inf, several))
    people = np.concatenate((np.zeros(count), np.ones(size)))
    scores = np.concatenate((problem.scores, np.zeros(size)))
    whole, bounds = np.ones(count + size, dtype=np.int64), Bounds(0, 1)
    counted = 0
    if objective is Objective.PEOPLE_THEN_SCORE:
        found = milp(
            -people,
            integrality=whole,
            bounds=bounds,
            constraints=limits,
            options={"mip_rel_gap": 0.0},
        )
        if found.x is None:
            return None
        counted = round(float(people @ found.x))
        limits.append(LinearConstraint(people[np.newaxis], counted, counted))
    found = milp(
        -scores, integrality=whole, bounds=bounds, constraints=limits, options={"mip_rel_gap": 0.0}
    )
    return None if found.x is None else (counted, float(scores @ found.x))


def checked(problem: Problem, solution: Solution) -> Checked:
    return check(
        problem,
        solution.rows,
        solution.cols,
        solution.row_prices,
        solution.col_prices,
        objective=solution.objective,
        lam=solution.lam,
        row_count_prices=solution.row_count_prices,
        col_count_prices=solution.col_count_prices,
        load_prices=solution.load_prices,
        count_load_prices=solution.count_load_prices,
        floor=solution.floor,
    )


def solved(problem: Problem, objective: Objective) -> Solution | None:
    """Solve and check the proof: of the best matching, or that there is none."""
    try:
        solution = solve(problem, objective)
    except ShortageError as error:
        assert_short(problem, error)
        return None
    found = checked(problem, solution)
    assert found.ok, found
    assert (found.gap, found.count_gap) == (solution.gap, 0.0) == (0.0, 0.0)
    assert solution.is_optimal
    return solution


def assert_short(problem: Problem, error: ShortageError) -> None:
    """Hall's condition fails for those whom the error names, with the groups for a flow."""
    asked = problem.capacities
    assert asked is not None
    takes_part = asked.row_capacity[problem.rows] > 0
    takes_part &= asked.col_capacity[problem.cols] > 0
    ends, others = problem.rows, problem.cols
    least, most = asked.row_minimum, asked.col_capacity
    if error.side == "col":
        ends, others, least, most = others, ends, asked.col_minimum, asked.row_capacity
    elsewhere = takes_part & np.isin(ends, error.members) & ~np.isin(others, error.partners)
    assert error.needed == least[error.members].sum()
    assert error.shortage == error.needed - error.available > 0
    helping = most_at_once(problem, elsewhere)
    assert error.available >= most[error.partners].sum() + helping
    if asked.have_no_groups:
        assert error.available == most[error.partners].sum() + elsewhere.sum()
        assert not len(error.row_groups) + len(error.col_groups)


def most_at_once(problem: Problem, pairs: NDArray[np.bool_]) -> int:
    """How many of some pairs can be chosen with not too many of a group, by a flow of networkx."""
    graph = nx.DiGraph()
    graph.add_nodes_from(("from", "to"))
    asked = problem.capacities
    assert asked is not None
    for pair in np.flatnonzero(pairs).tolist():
        row, col = int(problem.rows[pair]), int(problem.cols[pair])
        tail = _gate(graph, asked.row_spread, row, col, pair, "row")
        head = _gate(graph, asked.col_spread, col, row, pair, "col")
        graph.add_edge(tail, head, capacity=1)
    return int(nx.maximum_flow_value(graph, "from", "to"))


def _gate(
    graph: Any, spread: Spread | None, member: int, partner: int, pair: int, side: str
) -> tuple[str, int, int]:
    """Return the node through which a pair goes on one side: one for all pairs of a group."""
    if spread is None or spread.groups[partner] < 0:
        node, most = (side + " alone", pair, 0), 1
    else:
        node, most = (side, member, int(spread.groups[partner])), int(spread.at_most[member])
    graph.add_edge(*(("from", node) if side == "row" else (node, "to")), capacity=most)
    return node


def turned(problem: Problem, rows: list[int], cols: list[int], *, swap: bool = False) -> Problem:
    """Return the same problem with its rows and columns in another order, or for each other."""
    asked = problem.capacities
    assert asked is not None
    table = np.full(problem.shape, np.nan)
    table[problem.rows, problem.cols] = problem.scores
    table = table[np.ix_(rows, cols)]
    row, col = (
        (most[order], least[order], spread and Spread(spread.groups[across], spread.at_most[order]))
        for most, least, spread, order, across in (
            (asked.row_capacity, asked.row_minimum, asked.row_spread, rows, cols),
            (asked.col_capacity, asked.col_minimum, asked.col_spread, cols, rows),
        )
    )
    if swap:
        table, row, col = table.T, col, row
    mixed = Capacities(row[0], col[0], row[1], col[1], row[2], col[2])
    return Problem.from_scores(table, ~np.isnan(table), mixed)


@st.composite
def problems(
    draw: st.DrawFn,
    most: int = 5,
    largest: int = 4,
    minima: bool = True,
    groups: bool = True,
    values: st.SearchStrategy[float] | None = None,
) -> Problem:
    """Draw tables with capacities of every kind: none, one, several, more than there is use for."""
    table = draw(tables(values, most=most))
    sides = []
    for size in table.scores.shape:
        kind = draw(st.sampled_from(["one", "same", "any"]))
        if kind == "any":
            capacity = np.array(
                draw(st.lists(st.integers(0, largest), min_size=size, max_size=size))
            )
        else:
            capacity = np.full(size, 1 if kind == "one" else draw(st.integers(0, largest)))
        least = np.zeros(size, dtype=np.int64)
        if minima and draw(st.booleans()):
            wanted = draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
            least = np.minimum(np.array(wanted, dtype=np.int64), capacity)
        sides.append((capacity.astype(np.int64), least))
    (row_most, row_least), (col_most, col_least) = sides
    capacities = Capacities.of(table.scores.shape, row_most, col_most, row_least, col_least)
    if groups:
        n_rows, n_cols = table.scores.shape
        capacities = replace(
            capacities,
            row_spread=draw(spreads(n_rows, n_cols)),
            col_spread=draw(spreads(n_cols, n_rows)),
        )
    return Problem.from_scores(table.scores, table.allowed, capacities)


@st.composite
def spreads(draw: st.DrawFn, members: int, partners: int) -> Spread | None:
    """Draw groups of few or many, with odd numbers and some in none, or nothing of the kind."""
    if draw(st.booleans()):
        return None
    number = st.sampled_from([0, 0, 1, 2**62, -1])
    groups = draw(st.lists(number, min_size=partners, max_size=partners))
    most = draw(st.lists(st.integers(1, 2), min_size=members, max_size=members))
    return Spread(np.array(groups, dtype=np.int64), np.array(most, dtype=np.int64))


def random_problem(seed: int, most: int = 9, groups: bool = False) -> Problem:
    """Return a problem like those above, of a size at which HiGHS is asked a thousand times."""
    rng = np.random.default_rng(seed)
    n_rows, n_cols = rng.integers(1, most + 1, 2).tolist()
    levels = int(rng.choice([1, 4, 2**20]))
    scores = rng.integers(0, levels + 1, (n_rows, n_cols)) / levels
    allowed = rng.random((n_rows, n_cols)) < rng.choice([0.3, 0.6, 1.0])
    row_most = rng.integers(0, rng.integers(2, 6), n_rows)
    col_most = rng.integers(0, rng.integers(2, 6), n_cols)
    row_least = np.minimum(row_most, rng.integers(0, 3, n_rows) * (rng.random(n_rows) < 0.2))
    col_least = np.minimum(col_most, rng.integers(0, 3, n_cols) * (rng.random(n_cols) < 0.2))
    capacities = Capacities.of((n_rows, n_cols), row_most, col_most, row_least, col_least)
    if groups:
        sides = [(n_rows, n_cols), (n_cols, n_rows)]
        row_spread, col_spread = (
            Spread(rng.integers(-rng.integers(0, 2), 2, theirs), rng.integers(1, 3, own))
            for own, theirs in sides
        )
        which = rng.integers(0, 3)
        capacities = replace(
            Capacities.of((n_rows, n_cols), row_most + 1, col_most + 1, row_least, col_least),
            row_spread=row_spread if which != 1 else None,
            col_spread=col_spread if which != 0 else None,
        )
    return Problem.from_scores(scores, allowed, capacities)
