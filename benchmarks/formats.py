"""Every format that a program can take, from people to an answer with its proof.

Each is measured in a process of its own. ``python -m benchmarks.formats "one pool" 10000`` measures
one and prints JSON; ``python -m benchmarks.formats`` measures all that `make bench` does.
"""

import json
import sys
from time import perf_counter
from typing import Any

import mentormatch as mm
from benchmarks.measuring import (
    Section,
    duration,
    fresh_process,
    memory_of,
    ratio,
    verified,
)
from benchmarks.pairs import PROGRAM, SIDES, made_up

__all__ = ["FORMATS", "FULL_RUNS", "RUNS", "report"]

RULES = {"rules": PROGRAM.rules}
FORMATS: dict[str, mm.Program] = {
    "two sides": PROGRAM,
    "two sides, floor then score": PROGRAM.model_copy(update={"objective": "floor_then_score"}),
    "two sides, mentors of up to three": mm.Program(
        format=mm.Pairs(sides=SIDES, capacity=(3, 1)), **RULES
    ),
    "two sides, same location preferred": PROGRAM.model_copy(
        update={"preferences": (mm.Prefer(mm.Same("location"), weight=0.1),)}
    ),
    "one pool": mm.Program(**RULES),
    "one pool, floor then score": mm.Program(objective="floor_then_score", **RULES),
    "buddies, with a trio": mm.Program(format=mm.Buddies(allow_trio=True), **RULES),
    "rings": mm.Program(format=mm.Rings(), **RULES),
    "rings of two": mm.Program(format=mm.Rings(longest=2), **RULES),
    "rings of up to three, score": mm.Program(
        format=mm.Rings(longest=3), objective="score", **RULES
    ),
}
#: Seconds that rings of a bounded length may take.
PATIENCE = 120.0

#: Which format, of how many people.
Run = tuple[str, int]
RUNS: tuple[Run, ...] = (
    ("two sides", 10_000),
    ("two sides, floor then score", 10_000),
    ("two sides, mentors of up to three", 10_000),
    ("two sides, same location preferred", 10_000),
    ("one pool", 10_000),
    ("one pool, floor then score", 10_000),
    ("buddies, with a trio", 10_000),
    ("rings", 5_000),
    ("rings of two", 5_000),
    ("rings of up to three, score", 1_000),
)
FULL_RUNS: tuple[Run, ...] = (("one pool", 100_000), ("two sides, mentors of up to three", 50_000))


def report(runs: tuple[Run, ...] = RUNS) -> Section:
    """Measure formats, each with a number of people.

    Parameters
    ----------
    runs
        Keys of `FORMATS`, and how many people.
    """
    found = [fresh_process("benchmarks.formats", *run) for run in runs]
    rows = [
        (
            one["format"],
            f"{one['people']:,}",
            duration(one["match"]),
            f"{one['served']:,}",
            f"{one['gap']:.2%}" if one["gap"] else "0",
            ratio(one["verify"], one["match"]),
            duration(one["verify"]),
            f"{one['memory']:,.0f} MB",
        )
        for one in found
    ]
    notes = (
        "`match` on `synthetic.workforce(n, skills=1,500)`: different department, no reporting "
        "line, at most 3 hours apart; where there are sides, by tenure. People first and then the "
        "score, unless said. The gap is what is proven that a better answer could add at most, as "
        f"part of the total; rings of a bounded length above two stop after {PATIENCE:.0f} s. "
        "Every answer is verified from the profiles. Once each, in a process of its own, after a "
        "small program has loaded everything; memory is the most beside the cohort."
    )
    columns = (
        *("format", "people", "match", "people served", "gap"),
        *("verify / match", "verify", "memory above the cohort"),
    )
    return Section("Every format", notes, columns, rows)


def _measured(name: str, size: int) -> dict[str, Any]:
    program = FORMATS[name]
    few = made_up(min(size, 3_000))
    mm.match(few, program, time_limit=1.0).certificate.verify(few, program)
    people = made_up(size)
    limit = PATIENCE if "up to three, score" in name else None
    begin = perf_counter()
    memory, matching = memory_of(lambda: mm.match(people, program, time_limit=limit))
    seconds = perf_counter() - begin
    begin = perf_counter()
    checked = matching.certificate.verify(people, program)
    proof = perf_counter() - begin
    proven = checked.ok if limit is None else checked.complete and checked.feasible
    verified(proven, f"{name} of {size} people")
    return {
        "format": name,
        "people": size,
        "served": matching.certificate.people_served,
        "match": seconds,
        "gap": matching.gap / matching.total,
        "verify": proof,
        "memory": memory,
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_measured(sys.argv[1], int(sys.argv[2]))))
    else:
        print(report())
