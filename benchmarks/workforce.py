"""How long synthetic workforces take to make, and how much memory.

The promise is a million people with 1,500 skills in under 30 seconds.

Run it alone with ``python -m benchmarks.workforce``; ``python -m benchmarks.workforce 1000000``
makes one workforce and prints JSON.
"""

import json
import sys
from time import perf_counter
from typing import Any

from benchmarks.measuring import Section, duration, fresh_process, peak_memory, verified
from mentormatch.synthetic import workforce

__all__ = ["report"]

SIZES = (10_000, 100_000, 1_000_000)
SKILLS = 1_500


def report(sizes: tuple[int, ...] = SIZES) -> Section:
    """Measure workforces, each in a process of its own.

    Parameters
    ----------
    sizes
        Numbers of people.
    """
    found = [fresh_process("benchmarks.workforce", size) for size in sizes]
    rows = [
        (
            f"{one['people']:,}",
            f"{1e6 * one['seconds'] / one['people']:.1f} µs",
            duration(one["seconds"]),
            f"{one['peak']:,.0f} MB ({one['start']:.0f} MB)",
        )
        for one in found
    ]
    notes = (
        f"`synthetic.workforce(n, skills={SKILLS:,})`, once, in a process of its own, whose memory "
        "before it began is in brackets."
    )
    return Section(
        "Synthetic workforces", notes, ("people", "per person", "time", "peak memory"), rows
    )


def _one_workforce(size: int) -> dict[str, Any]:
    start = peak_memory()
    begin = perf_counter()
    people = workforce(size, skills=SKILLS)
    seconds = perf_counter() - begin
    heads = int((people.organisation.manager < 0).sum())
    verified(len(people) == size and heads == 1, f"{size} people under one head")
    return {"people": size, "seconds": seconds, "start": start, "peak": peak_memory()}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_one_workforce(int(sys.argv[1]))))
    else:
        print(report())
