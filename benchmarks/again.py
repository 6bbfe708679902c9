"""What it takes to solve again when one person has left, or joined, from the last answer.

Run it alone with ``python -m benchmarks.again``.
"""

from statistics import median
from time import perf_counter

import numpy as np
from scipy.sparse import csr_array

import mentormatch as mm
from benchmarks.measuring import Section, duration, ratio, timed, verified
from benchmarks.pairs import PROGRAM, RULES, Table, made_up, table_of
from mentormatch.assign import Solution, solve_assignment

__all__ = ["report"]

PEOPLE, CHANGES, BEST = 100_000, 100, 10
OBJECTIVE = "people_then_score"


def report(people: int = PEOPLE, changes: int = CHANGES) -> Section:
    """Measure changes of one person each, half of them leaving and half coming back.

    Parameters
    ----------
    people
        How many there are.
    changes
        How many changes are measured.
    """
    cohort = made_up(people)
    match, matching = timed(lambda: mm.match(cohort, PROGRAM), 1)
    again, same = timed(lambda: mm.match(cohort, PROGRAM, start=matching), 1)
    verified(same.certificate.pairs == matching.certificate.pairs, "match from its own answer")
    table = table_of(cohort, BEST)
    scratch, whole = timed(lambda: solve_assignment(table, objective=OBJECTIVE), 3)
    leaving: list[float] = []
    joining: list[float] = []
    chosen = np.random.default_rng(0).choice(whole.rows, changes // 2, replace=False)
    for row in chosen.tolist():
        others = _without(table, row)
        left = _measured(others, whole, leaving)
        expected = solve_assignment(others, objective=OBJECTIVE)
        verified((len(left.rows), left.value) == (len(expected.rows), expected.value), "who left")
        back = _measured(table, left, joining)
        verified((len(back.rows), back.value) == (len(whole.rows), whole.value), "who came back")
    rows = [
        (name, ratio(seconds, match), ratio(seconds, scratch), duration(seconds))
        for name, seconds in (
            (f"one of {table.shape[0]:,} rows leaves", median(leaving)),
            ("and comes back", median(joining)),
            ("nobody has changed, `match(start=...)`", again),
            ("`match` from nothing", match),
        )
    ]
    notes = (
        f"{people:,} people, {RULES}, people first. `solve_assignment` with the answer before the "
        f"change as its start, on the best {BEST} pairs of each person ({table.nnz:,}); every "
        "answer is proven optimal, and equal in worth to that from scratch. Medians of "
        f"{len(leaving)} and {len(joining)}."
    )
    columns = ("what changes", "time / `match`", "time / solving from scratch", "time")
    return Section("After one person has left or joined", notes, columns, rows)


def _without(table: Table, row: int) -> Table:
    """Return a table in which somebody has no pairs."""
    kept = np.ones(table.nnz, dtype=np.bool_)
    kept[table.indptr[row] : table.indptr[row + 1]] = False
    starts = table.indptr.copy()
    starts[row + 1 :] -= table.indptr[row + 1] - table.indptr[row]
    return csr_array((table.data[kept], table.indices[kept], starts), shape=table.shape)


def _measured(table: Table, start: Solution, times: list[float]) -> Solution:
    begin = perf_counter()
    solution = solve_assignment(table, objective=OBJECTIVE, start=start)
    times.append(perf_counter() - begin)
    verified(solution.is_optimal and solution.gap == 0.0, "the proof after a change")
    return solution


if __name__ == "__main__":
    print(report())
