"""What it takes to repair a published matching when one person leaves.

Run it alone with ``python -m benchmarks.revise``.
"""

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter
from typing import TypeVar

import numpy as np

import mentormatch as mm
from benchmarks.measuring import Section, duration, ratio, verified
from benchmarks.pairs import PROGRAM, RULES, made_up
from mentormatch.program.program import with_parts

__all__ = ["report"]

Result = TypeVar("Result")

PEOPLE, LEAVERS = 100_000, 200
FORMATS = {"two sides": PROGRAM, "one pool": with_parts(PROGRAM, format=mm.Pairs())}


def report(people: int = PEOPLE, leavers: int = LEAVERS) -> Section:
    """Measure revisions after which everybody's pair stays but for that of one who leaves.

    Parameters
    ----------
    people
        How many there are.
    leavers
        How many revisions are measured, each of the same matching.
    """
    cohort = made_up(people)
    rows = []
    for name, program in FORMATS.items():
        match, matching = _once(partial(mm.match, cohort, program))
        rows += _rows(name, cohort, matching, match, leavers)
    notes = (
        f"{people:,} people, {RULES}; the pool under the same rules. `revise(people, left=[one])` "
        f"for {leavers} people with a partner, one after the other: which pairs stay, end, begin. "
        "The whole answer with its proof is put together when `Revision.matching` is first asked "
        "for; its proof was verified and its other pairs compared, once for each format."
    )
    columns = ("what", "time / `match`", "time")
    return Section("Repairing a published matching when one person leaves", notes, columns, rows)


def _rows(
    name: str, cohort: mm.Cohort, matching: mm.Matching, match: float, leavers: int
) -> list[tuple[str, ...]]:
    chosen = np.random.default_rng(0).choice(len(matching.pairs), leavers, replace=False)
    times, begun = [], 0
    revision = matching.revise(cohort)  # nothing has happened
    for place in chosen.tolist():
        seconds, revision = _once(partial(matching.revise, cohort, left=[matching.pairs[place].a]))
        times.append(seconds)
        verified(len(revision.kept) == len(matching.pairs) - 1, "the pairs that stay")
        begun += len(revision.begun)
    whole, after = _once(lambda: revision.matching)
    verified(after.certificate.verify(revision.people, revision.program).ok, "the proof")
    now = {pair.a: pair for pair in after.pairs}
    verified(all(now[pair.a] == pair for pair in revision.kept), "what is untouched")
    slow = float(np.quantile(times, 0.95))
    told = (
        (f"{name}: the first revision", times[0]),
        (f"{name}: median of {leavers} ({begun} new pairs)", median(times)),
        (f"{name}: 95 % take no longer than", slow),
        (f"{name}: the whole answer with its proof", whole),
        (f"{name}: `match` from nothing", match),
    )
    return [(what, ratio(seconds, match), duration(seconds)) for what, seconds in told]


def _once(action: Callable[[], Result]) -> tuple[float, Result]:
    """Run something once: what it makes is kept, so that a second time would measure nothing."""
    begin = perf_counter()
    result = action()
    return perf_counter() - begin, result


if __name__ == "__main__":
    print(report())
