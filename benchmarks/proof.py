"""What a proof costs: `solve_assignment` beside what it is built on, SciPy's Hungarian.

On dense random scores the ratio is the price of reading and checking the scores, of prices and of
proof. Run it alone with ``python -m benchmarks.proof``.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks.measuring import Section, duration, in_turns, ratio, verified
from mentormatch.assign import solve_assignment

__all__ = ["report"]

SIZES = (500, 1_000, 2_000)
TIMES = 5


def report(sizes: tuple[int, ...] = SIZES) -> Section:
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
        actions: dict[str, Callable[[], Any]] = {
            "theirs": partial(linear_sum_assignment, scores, maximize=True),
            "ours": partial(solve_assignment, scores),
        }
        measured = in_turns(actions, TIMES)
        (theirs, pairs), (ours, solution) = measured["theirs"], measured["ours"]
        verified(solution.is_optimal and solution.gap == 0.0, "the proof of solve_assignment")
        verified(solution.value == math.fsum(scores[pairs]), "the total that SciPy finds")
        rows.append((f"{size:,} x {size:,}", ratio(ours, theirs), duration(ours), duration(theirs)))
    notes = (
        "Dense uniform random scores, every pair allowed. SciPy finds a matching; mentormatch "
        f"finds the same total with prices that prove it, gap 0. In turns, medians of {TIMES}."
    )
    columns = ("scores", "ours / SciPy's", "solve_assignment", "linear_sum_assignment")
    return Section("The price of a proof", notes, columns, rows)


if __name__ == "__main__":
    print(report())
