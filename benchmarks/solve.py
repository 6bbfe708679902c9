"""What a proof costs, and how the time of a whole matching grows with the people.

The first table sets `solve_assignment` beside the solver it is built on, SciPy's
`linear_sum_assignment`, on dense random scores: the ratio is the price of reading and checking the
scores, of prices and of proof. The second takes synthetic workforces from people to a matching.

Run it alone with ``python -m benchmarks.solve``; ``python -m benchmarks.solve 500`` measures one
workforce and prints JSON.
"""

import json
import math
import sys
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

import mentormatch as mm
from benchmarks.measuring import (
    Section,
    duration,
    fresh_process,
    peak_memory,
    ratio,
    timed,
    verified,
)
from mentormatch.assign import solve_assignment
from mentormatch.synthetic import workforce

__all__ = ["dense_scores", "workforces"]

DENSE_SIZES = (500, 1_000, 2_000)
WORKFORCE_SIZES = (500, 1_000, 2_000, 4_000, 20_000, 100_000)
TIMES = 5
#: More people than this are measured once.
MANY = 10_000

PROGRAM = mm.Program(
    format=mm.Pairs(sides=mm.Sides(by="rank", at_least=3)),
    score=mm.Reciprocity(mean="harmonic"),
    rules=[mm.Different("department"), mm.NoReportingLine(), mm.Within("utc_offset", 3, period=24)],
)


def dense_scores(sizes: tuple[int, ...] = DENSE_SIZES) -> Section:
    """Measure the price of the proof on dense random scores.

    Parameters
    ----------
    sizes
        Numbers of rows, and of columns.
    """
    rows = []
    for size in sizes:
        # Multiples of 2**-40, as all scores of mentormatch are: every sum is exact.
        scores = np.random.default_rng(size).integers(2**40, size=(size, size)) * 2.0**-40
        theirs, pairs = timed(lambda: linear_sum_assignment(scores, maximize=True), TIMES)  # noqa: B023
        ours, solution = timed(lambda: solve_assignment(scores), TIMES)  # noqa: B023
        verified(solution.is_optimal and solution.gap == 0.0, "the proof of solve_assignment")
        verified(solution.value == math.fsum(scores[pairs]), "the total that SciPy finds")
        rows.append((f"{size:,} x {size:,}", ratio(ours, theirs), duration(ours), duration(theirs)))
    notes = (
        "Dense uniform random scores, every pair allowed. SciPy finds a matching; mentormatch "
        f"finds the same total with prices that prove it, gap 0. Medians of {TIMES}."
    )
    columns = ("scores", "ours / SciPy's", "solve_assignment", "linear_sum_assignment")
    return Section("The price of a proof", notes, columns, rows)


def workforces(sizes: tuple[int, ...] = WORKFORCE_SIZES) -> Section:
    """Measure whole matchings of synthetic workforces, each in a process of its own.

    Parameters
    ----------
    sizes
        Numbers of people.
    """
    found = [fresh_process("benchmarks.solve", size) for size in sizes]
    growth = [math.nan] + [
        math.log(after["match"] / before["match"]) / math.log(after["people"] / before["people"])
        for before, after in pairwise(found)
    ]
    rows = [
        (
            f"{one['people']:,}",
            "" if math.isnan(exponent) else f"{exponent:.2f}",
            ratio(one["verify"], one["match"]),
            duration(one["match"]),
            f"{1e6 * one['match'] / one['allowed']:.1f} µs",
            f"{one['allowed']:,}",
            f"{one['pairs']:,}",
            f"{one['gap']:g}",
            f"{one['peak']:.0f} MB ({one['start']:.0f} MB)",
        )
        for one, exponent in zip(found, growth, strict=True)
    ]
    notes = (
        "`match` on `synthetic.workforce(n)`: sides by rank (3 and above), different department, "
        "no reporting line, at most 3 hours apart, harmonic reciprocity, people first. The "
        "exponent is that of the growth since the row before (2 is that of the table of all "
        f"pairs). `verify` looks at every pair again. Medians of {TIMES}, beyond {MANY:,} people "
        "one run; each size in a process of its own, whose memory before it began is in brackets."
    )
    columns = (
        "people",
        "growth exponent",
        "verify / match",
        "match",
        "per allowed pair",
        "allowed pairs",
        "pairs made",
        "gap",
        "peak memory",
    )
    return Section("From people to a proven matching", notes, columns, rows)


def _one_workforce(size: int) -> dict[str, Any]:
    start = peak_memory()
    people = workforce(size)
    allowed = len(mm.build_graph(people, PROGRAM))
    times = TIMES if size <= MANY else 1
    seconds, matching = timed(lambda: mm.match(people, PROGRAM), times)
    checks = []
    for _ in range(times):
        begin = perf_counter()
        proof = matching.certificate.verify(people, PROGRAM)
        checks.append(perf_counter() - begin)
        verified(proof.ok and proof.gap == 0.0, f"the certificate for {size} people")
    return {
        "people": size,
        "allowed": allowed,
        "pairs": len(matching.pairs),
        "match": seconds,
        "verify": median(checks),
        "gap": matching.gap,
        "start": start,
        "peak": peak_memory(),
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_one_workforce(int(sys.argv[1]))))
    else:
        print(dense_scores(), workforces(), sep="\n\n")
