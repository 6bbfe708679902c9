"""Tables for rings, the slow definition of the best ones, and how a solution is checked."""

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from hypothesis import strategies as st

from mentormatch.assign import Objective
from mentormatch.assign.ring_certificate import RingsChecked, check_rings
from mentormatch.assign.ring_problem import RingProblem, RingSolution
from tests.assign.strategies import Table, coarse, masks

Ring = tuple[int, ...]


@st.composite
def ring_tables(draw: st.DrawFn, most: int = 6, values: st.SearchStrategy[float] = coarse) -> Table:
    """Draw square tables: empty, tied, disconnected, sparse, of two parts, all equal."""
    size = draw(st.integers(0, most))
    if draw(st.booleans()):
        scores = np.full((size, size), draw(values))
    else:
        cells = draw(st.lists(values, min_size=size * size, max_size=size * size))
        scores = np.array(cells, dtype=np.float64).reshape(size, size)
    return Table(scores, draw(masks((size, size))))


def problem_of(table: Table) -> RingProblem:
    return RingProblem.from_scores(table.scores, table.allowed)


def random_rings(seed: int, size: int, density: float, levels: int = 64) -> Table:
    """Return a larger square table; scores in steps of 1/levels, above 0."""
    rng = np.random.default_rng(seed)
    scores = rng.integers(1, levels + 1, (size, size)) / levels
    return Table(scores, rng.random((size, size)) < density)


def all_rings(allowed: np.ndarray[Any, np.dtype[np.bool_]], longest: int) -> Iterator[Ring]:
    """Yield every ring once, from its smallest member on."""

    def grown(path: Ring) -> Iterator[Ring]:
        for person in np.flatnonzero(allowed[path[-1]]).tolist():
            if person == path[0] and len(path) > 1:
                yield path
            elif person > path[0] and person not in path and len(path) < longest:
                yield from grown((*path, person))

    for first in range(len(allowed)):
        yield from grown((first,))


def ring_total(table: Table, ring: Ring) -> float:
    return math.fsum(table.scores[i, j] for i, j in zip(ring, ring[1:] + ring[:1], strict=True))


def best_rings(table: Table, objective: Objective, longest: int | None) -> tuple[int, float]:
    """What an objective compares, by trying all disjoint rings."""
    size = len(table.scores)
    counts = objective is Objective.PEOPLE_THEN_SCORE
    rings = [
        (set(ring), len(ring) if counts else 0, ring_total(table, ring))
        for ring in all_rings(table.allowed, longest or size)
    ]

    @cache
    def best(person: int, taken: frozenset[int]) -> tuple[int, float]:
        if person == size:
            return 0, 0.0
        found = best(person + 1, taken)
        for members, people, total in rings:
            if min(members) == person and not members & taken:
                rest = best(person + 1, taken | members)
                found = max(found, (rest[0] + people, rest[1] + total))
        return found

    return best(0, frozenset())


def reached(solution: RingSolution) -> tuple[int, float]:
    counts = solution.objective is Objective.PEOPLE_THEN_SCORE
    return solution.people if counts else 0, solution.value


def checked(problem: RingProblem, solution: RingSolution, **changes: Any) -> RingsChecked:
    given: dict[str, Any] = {
        "starts": solution.starts,
        "members": solution.members,
        "tail_prices": solution.tail_prices,
        "head_prices": solution.head_prices,
        "objective": solution.objective,
        "longest": solution.longest,
        "lam": solution.lam,
        "tail_count_prices": solution.tail_count_prices,
        "head_count_prices": solution.head_count_prices,
        "odd_sets": solution.odd_sets,
        "count_sets": solution.count_sets,
    }
    return check_rings(problem, **{**given, **changes})
