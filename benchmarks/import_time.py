"""What importing costs beside the imports that the library cannot do without.

Each figure is taken in a fresh interpreter; the statements take turns, so that a busy moment of the
machine hits them all. Run it alone with ``python -m benchmarks.import_time``.
"""

import subprocess
import sys
from statistics import median

from benchmarks.measuring import Section

__all__ = ["report"]

#: Names load on first use, so the import alone says little: the second line loads all of them.
OURS = ("import mentormatch", "from mentormatch import *")
FLOOR = "import numpy, scipy.sparse, pydantic"

TIMED = """
from time import perf_counter
begin = perf_counter()
{statement}
print(perf_counter() - begin)
"""


def report(rounds: int = 15) -> Section:
    """Time the imports in `rounds` rounds of fresh interpreters.

    Parameters
    ----------
    rounds
        How often; a first round that fills the caches does not count.

    Returns
    -------
    Section
        A row for each statement: its time over the floor's, median of the rounds' ratios.
    """
    statements = (*OURS, FLOOR)
    times = [[_seconds(one) for one in statements] for _ in range(rounds + 1)][1:]
    rows = [
        (
            f"`{statement}`",
            f"{median(run[number] / run[-1] for run in times):.2f} x",
            f"{1000 * median(run[number] for run in times):.0f} ms",
        )
        for number, statement in enumerate(statements)
    ]
    return Section(
        "What the import costs",
        f"In fresh interpreters, medians of {rounds} rounds.",
        ("statement", "over the last one", "time"),
        rows,
    )


def _seconds(statement: str) -> float:
    code = TIMED.format(statement=statement)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(run.stdout)


if __name__ == "__main__":
    print(report())
