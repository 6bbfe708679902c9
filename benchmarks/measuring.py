"""How all benchmarks measure: medians, fresh processes, and the machine beside every number."""

import ctypes
import gc
import json
import math
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

import numpy as np

__all__ = [
    "Section",
    "duration",
    "exponent",
    "fresh_process",
    "in_turns",
    "machine",
    "memory_of",
    "peak_memory",
    "per_pair",
    "ratio",
    "timed",
    "verified",
]

Result = TypeVar("Result")

#: What the numbers depend on, beside the machine.
PACKAGES = (
    "numpy",
    "scipy",
    "numba",
    "pydantic",
    "lapx",
    "mentor-match",
    "munkres",
    "networkx",
    "ortools",
    "rustworkx",
)


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
    picture
        The name of a file to show under the table, or None.
    """

    title: str
    notes: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    picture: str | None = None

    def __str__(self) -> str:
        lines = [self.columns, ["---"] * len(self.columns), *self.rows]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        parts = [f"### {self.title}", self.notes] + ([table] if self.rows else [])
        parts += [f"![{self.title}]({self.picture})"] if self.picture else []
        return "\n\n".join(parts)


def timed(action: Callable[[], Result], times: int) -> tuple[float, Result]:
    """Run something several times, after a first time that loads and warms up.

    Parameters
    ----------
    action
        What to run; its result must be the same each time.
    times
        How often it is measured, as for `in_turns`.

    Returns
    -------
    seconds : float
        The median.
    result
        Of the last time.
    """
    return in_turns({"it": action}, times)["it"]


def in_turns(
    actions: Mapping[str, Callable[[], Result]], times: int, patience: float = math.inf
) -> dict[str, tuple[float, Result]]:
    """Run several things one after the other, again and again: a busy moment hits them all.

    Parameters
    ----------
    actions
        What to run; the result of each must be the same each time.
    times
        How often each is measured, after a first round that loads and warms up; where it is 0, the
        first round counts.
    patience
        In seconds: what takes longer in the first round is not run again.

    Returns
    -------
    dict
        The median of each in seconds, and its result.
    """
    measured: dict[str, list[float]] = {name: [] for name in actions}
    results: dict[str, Result] = {}
    for number in range(times + 1):
        for name, action in actions.items():
            if number and measured[name][0] > patience:
                continue
            gc.collect()
            begin = perf_counter()
            results[name] = action()
            measured[name].append(perf_counter() - begin)
    return {name: (median(all_[1:] or all_), results[name]) for name, all_ in measured.items()}


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


def memory_of(action: Callable[[], Result]) -> tuple[float, Result]:
    """Run something and see how much memory it takes at most beyond what is held already.

    Parameters
    ----------
    action
        What to run.

    Returns
    -------
    float
        In MB. Where the system is not Linux, beyond what was ever held.
    result
        What the action returned.
    """
    gc.collect()
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        library = ctypes.CDLL(None)
        if hasattr(library, "malloc_trim"):
            library.malloc_trim(0)  # what was freed, but kept for later use, is held no more
        forget.write_text("5", encoding="ascii")  # the peak is now what is held now
    start = peak_memory()
    result = action()
    return peak_memory() - start, result


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


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return how costs grow with sizes: with which power, by least squares of the logarithms.

    Examples
    --------
    >>> exponent([1, 10, 100], [2.0, 200.0, 20_000.0])
    2.0
    """
    slope = np.polyfit(np.log(sizes), np.log(costs), 1)[0]
    return round(float(slope), 6)


def duration(seconds: float) -> str:
    """Write a time with three digits.

    Examples
    --------
    >>> duration(0.0123), duration(0.853), duration(4.8)
    ('12.3 ms', '853 ms', '4.80 s')
    """
    number, unit = (1000 * seconds, "ms") if seconds < 0.9995 else (seconds, "s")
    return f"{_three_digits(number)} {unit}"


def per_pair(seconds: float, pairs: float) -> str:
    """Write how long something takes for each of many pairs.

    Examples
    --------
    >>> per_pair(3e-3, 10_000), per_pair(3e-3, 1_000)
    ('300 ns', '3.00 µs')
    """
    each = 1e9 * seconds / pairs
    number, unit = (each, "ns") if each < 999.5 else (each / 1_000, "µs")
    return f"{_three_digits(number)} {unit}"


def ratio(one: float, other: float) -> str:
    """Write how many times as long something takes.

    Examples
    --------
    >>> ratio(4.8, 0.02), ratio(1.3, 1.0)
    ('240 x', '1.3 x')
    """
    times = one / other
    return f"{times:.0f} x" if times >= 10 else f"{times:.2g} x"


def _three_digits(number: float) -> str:
    return f"{number:#.3g}".rstrip(".")


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
