"""Which established pairs to keep where only so many people may change."""

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.few_changes import best_with_few_changes
from mentormatch.assign.problem import Objective
from mentormatch.errors import ProgramError
from mentormatch.exchange.graph import exchange_graph
from mentormatch.matching.established import Now
from mentormatch.program.program import with_rules
from mentormatch.solving.divided import divided
from mentormatch.solving.rules import preferred_of, required_pairs, rule_tests

__all__ = ["best_to_keep"]

Rows = NDArray[np.int64]

#: About so many allowed pairs HiGHS is asked: those of some 800 people in one pool took a minute.
MOST_PAIRS = 30_000


def best_to_keep(now: Now, people: int, *, can_be_counted: bool) -> tuple[Rows, float]:
    """Choose the established pairs that stay, so that the whole is worth most.

    Parameters
    ----------
    now
        The established pairs beside the people of now.
    people
        How many who could stay with their partner may change: two for each pair.
    can_be_counted
        Whether everybody has one partner, between two sides or in one pool, and no floor counts.

    Returns
    -------
    staying : numpy.ndarray
        Which of the established pairs, ascending.
    at_most : float
        What no choice is worth more than, by HiGHS's word.

    Raises
    ------
    ProgramError
        When changes cannot be counted here, or too many pairs are allowed.
    """
    if not can_be_counted:
        raise ProgramError(
            "changes= counts people with one partner each, between two sides or in one pool and "
            "without a floor; let pairs change with stay= here"
        )
    cohort = now.people
    fixed = np.unique(np.array([*now.locked, *now.reasons], dtype=np.int64))
    program = with_rules(now.program, (*now.program.rules, *now.requires(fixed)))
    sides = divided(cohort, program)
    tests = rule_tests(cohort, program.rules, sides)
    required = required_pairs(cohort, program.rules, tests, sides)
    places = np.full((2, len(cohort)), -1, dtype=np.int64)
    places[0, sides.a], places[1, sides.b] = np.arange(len(sides.a)), np.arange(len(sides.b))
    a, b = now.ends[now.kept].T
    kept = np.column_stack((places[0, a], places[1, b]))
    if sides.layout == "pool":
        kept = np.sort(kept, axis=1)
    graph = exchange_graph(
        cohort,
        *(sides.a, sides.b, sides.names, program.score, tests),
        required=np.concatenate((required, kept)),
        layout=sides.layout,
        preferred=preferred_of(cohort, program.preferences, sides.taking_part),
    )
    if len(graph) > MOST_PAIRS:
        raise ProgramError(
            f"changes= is exact among {MOST_PAIRS:,} allowed pairs at most, and here are "
            f"{len(graph):,}; let pairs change with stay=, or revise parts of the people apart"
        )
    width = len(graph.side_b)
    codes, kept_codes = graph.a * width + graph.b, kept[:, 0] * width + kept[:, 1]
    is_established = np.isin(codes, kept_codes)
    others = graph.b if sides.layout == "pool" else len(graph.side_a) + graph.b
    found = best_with_few_changes(
        *((graph.a, others), graph.score, is_established, people // 2),
        Objective(program.objective),
        must=np.isin(codes, required[:, 0] * width + required[:, 1]),
    )
    return now.kept[np.isin(kept_codes, codes[found.chosen])], found.at_most
