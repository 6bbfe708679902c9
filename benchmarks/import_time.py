"""What `import mentormatch` costs beside the imports it cannot do without.

Each figure is taken in a fresh interpreter; the two statements take turns, so that a busy moment of
the machine hits both. Run it alone with ``python -m benchmarks.import_time``.
"""

import subprocess
import sys
from dataclasses import dataclass
from statistics import median

__all__ = ["ImportTimes", "measure"]

OURS = "import mentormatch"
FLOOR = "import numpy, scipy.sparse, pydantic"

TIMED = """
from time import perf_counter
begin = perf_counter()
{statement}
print(perf_counter() - begin)
"""


@dataclass(frozen=True)
class ImportTimes:
    """Seconds that the imports took, one figure for each fresh interpreter.

    Parameters
    ----------
    ours
        Of `mentormatch`.
    floor
        Of numpy, scipy.sparse and pydantic, each taken right after the one of `ours` beside it.
    """

    ours: tuple[float, ...]
    floor: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of the pairs' ratios; the promise is 1.3 at most."""
        return median(ours / floor for ours, floor in zip(self.ours, self.floor, strict=True))

    def __str__(self) -> str:
        ours, floor = (f"{1000 * median(times):.0f} ms" for times in (self.ours, self.floor))
        return (
            f"{OURS}: {ours}; {FLOOR}: {floor}; ratio {self.ratio:.2f} "
            f"(medians of {len(self.ours)} pairs of processes)"
        )


def measure(pairs: int = 21) -> ImportTimes:
    """Time both imports in `pairs` pairs of fresh interpreters.

    Parameters
    ----------
    pairs
        How often; a first pair that fills the caches does not count.
    """
    times = [(_seconds(OURS), _seconds(FLOOR)) for _ in range(pairs + 1)][1:]
    ours, floor = zip(*times, strict=True)
    return ImportTimes(ours, floor)


def _seconds(statement: str) -> float:
    code = TIMED.format(statement=statement)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(run.stdout)


if __name__ == "__main__":
    print(measure())
