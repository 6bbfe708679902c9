"""A whole matching, from people to pairs that are proven best: its time, its memory, its proof.

Each workforce is measured in a process of its own. ``python -m benchmarks.whole 2000`` measures one
and prints JSON; ``python -m benchmarks.whole`` measures all that `make bench` does.
"""

import json
import math
import sys
from itertools import pairwise
from typing import Any

import mentormatch as mm
from benchmarks.candidates import found
from benchmarks.measuring import (
    Section,
    duration,
    fresh_process,
    in_turns,
    memory_of,
    per_pair,
    ratio,
    verified,
)
from benchmarks.pairs import PROGRAM, RULES, made_up

__all__ = ["FULL_SIZES", "SIZES", "report"]

SIZES = (500, 2_000, 5_000, 20_000, 50_000)
FULL_SIZES = (125_000, 1_000_000)
TIMES = 5
#: More people than this are measured once.
MANY = 10_000
#: So many people need every kernel: they load before a workforce of more is measured.
WARM_UP = 36_000


def report(sizes: tuple[int, ...] = SIZES) -> Section:
    """Measure whole matchings of several sizes.

    Parameters
    ----------
    sizes
        Numbers of people, ascending.
    """
    runs = [fresh_process("benchmarks.whole", size) for size in sizes]
    looks = [found(size) for size in sizes]
    allowed = [look.allowed * look.step for look in looks]
    growth = [math.nan] + [
        math.log(after["match"] / before["match"]) / math.log(after["people"] / before["people"])
        for before, after in pairwise(runs)
    ]
    rows = [
        (
            f"{run['people']:,}",
            "" if math.isnan(power) else f"{power:.2f}",
            duration(run["match"]),
            f"{pairs:,}",
            per_pair(run["match"], pairs),
            f"{run['pairs']:,}",
            f"{run['gap']:g}",
            f"{run['memory']:,.0f} MB",
            ratio(run["verify"], run["match"]),
            duration(run["verify"]),
        )
        for run, pairs, power in zip(runs, allowed, growth, strict=True)
    ]
    notes = (
        f"`match` on {RULES}, people first, then the score. Each matching is proven optimal over "
        "all allowed pairs, whose number is estimated on a sample of the people where there are "
        "many. The exponent is that of the growth since the row before, in people (2 is that of "
        "the number of pairs). Memory is the most that is taken beside the cohort, as the system "
        "counts it. `verify` starts over from the profiles and looks at every pair. "
        f"Medians of {TIMES}, beyond {MANY:,} people one "
        "run; each size in a process of its own."
    )
    columns = (
        "people",
        "exponent",
        "match",
        "allowed pairs",
        "per allowed pair",
        "pairs made",
        "gap",
        "memory above the cohort",
        "verify / match",
        "verify",
    )
    return Section("From people to a proven matching", notes, columns, rows)


def _whole(size: int) -> dict[str, Any]:
    mm.match(made_up(min(size, WARM_UP)), PROGRAM)
    people = made_up(size)
    times = TIMES if size <= MANY else 0  # after a first run, which counts if it is the only one
    memory, run = memory_of(lambda: in_turns({"match": lambda: mm.match(people, PROGRAM)}, times))
    seconds, matching = run["match"]
    verified(matching.status is mm.Status.OPTIMAL and matching.gap == 0.0, f"{size} people's gap")
    certificate = matching.certificate
    proof = in_turns({"verify": lambda: certificate.verify(people, PROGRAM)}, times)
    check, checked = proof["verify"]
    verified(checked.ok and checked.gap == 0.0, f"the certificate for {size} people")
    return {
        "people": size,
        "pairs": len(matching.pairs),
        "gap": matching.gap,
        "match": seconds,
        "memory": memory,
        "verify": check,
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_whole(int(sys.argv[1]))))
    else:
        print(report())
