"""How all benchmarks measure: medians, fresh processes, and the machine beside every number."""

import gc
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

__all__ = [
    "Section",
    "duration",
    "fresh_process",
    "machine",
    "peak_memory",
    "ratio",
    "timed",
    "verified",
]

Result = TypeVar("Result")

#: What the numbers depend on, beside the machine.
PACKAGES = ("numpy", "scipy", "numba", "pydantic", "mentor-match", "ortools")


@dataclass(frozen=True, slots=True)
class Section:
    """One table of results.

    Parameters
    ----------
    title
        What is compared.
    notes
        What the times hold, in sentences.
    columns, rows
        Headings, and the cells as text.
    """

    title: str
    notes: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __str__(self) -> str:
        lines = [self.columns, ["---"] * len(self.columns), *self.rows]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        parts = [f"## {self.title}", self.notes] + ([table] if self.rows else [])
        return "\n\n".join(parts)


def timed(action: Callable[[], Result], times: int) -> tuple[float, Result]:
    """Run something several times, after a first time that loads and warms up.

    Parameters
    ----------
    action
        What to run; its result must be the same each time.
    times
        How often it is measured.

    Returns
    -------
    seconds : float
        The median.
    result
        Of the last time.
    """
    result = action()
    measured = []
    for _ in range(times):
        gc.collect()
        begin = perf_counter()
        result = action()
        measured.append(perf_counter() - begin)
    return median(measured), result


def verified(is_right: bool, what: str) -> None:
    """Stop when an answer is wrong: the time of a wrong answer is worth nothing.

    Parameters
    ----------
    is_right
        Whether the check passed.
    what
        What was checked.

    Raises
    ------
    SystemExit
        When it did not.
    """
    if not is_right:
        raise SystemExit(f"not verified, so not timed: {what}")


def fresh_process(module: str, *arguments: object) -> dict[str, Any]:
    """Run a module in a new interpreter, so that its peak memory is its own.

    Parameters
    ----------
    module
        Its name; it must print one JSON object.
    arguments
        For its command line.

    Returns
    -------
    dict
        What it printed.

    Raises
    ------
    SystemExit
        When it failed.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{' '.join(command[1:])} failed with exit code {run.returncode}")
    printed: dict[str, Any] = json.loads(run.stdout)
    return printed


def peak_memory() -> float:
    """Return the most memory that this process ever held, in MB, as the system counts it."""
    status = Path("/proc/self/status")
    if status.is_file():
        # Not ru_maxrss: Linux hands a child the peak of the parent that started it.
        [most] = re.findall(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="ascii"))
        return int(most) / 1024
    import resource  # Imported here: Windows has none.

    most_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most_bytes / (1024 * 1024 if sys.platform == "darwin" else 1024)


def duration(seconds: float) -> str:
    """Write a time with three digits.

    Examples
    --------
    >>> duration(0.0123), duration(0.853), duration(4.8)
    ('12.3 ms', '853 ms', '4.80 s')
    """
    number, unit = (1000 * seconds, "ms") if seconds < 1 else (seconds, "s")
    return f"{number:#.3g}".rstrip(".") + f" {unit}"


def ratio(one: float, other: float) -> str:
    """Write how many times as long something takes.

    Examples
    --------
    >>> ratio(4.8, 0.02), ratio(1.3, 1.0)
    ('240 x', '1.3 x')
    """
    times = one / other
    return f"{times:.0f} x" if times >= 10 else f"{times:.2g} x"


def machine() -> str:
    """Describe the machine and the versions that the numbers belong to."""
    cores = os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{package} {_version(package)}" for package in PACKAGES)
    return (
        f"{cores} cores, {memory:.0f} GB of memory, {platform.system()} {platform.machine()}; "
        f"Python {platform.python_version()}, {versions}"
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
