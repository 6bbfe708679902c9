"""How long it takes to read a data frame of people, and to fold a taxonomy into their skills.

The promises are a million rows in under 30 seconds, and 100,000 people with a taxonomy of 1,000
skills in under 10.

Run it alone with ``python -m benchmarks.reading``; ``python -m benchmarks.reading 1000000`` reads
one frame and prints JSON.
"""

import json
import sys
import warnings
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl

import mentormatch as mm
from benchmarks.measuring import Section, duration, fresh_process, peak_memory, verified
from mentormatch.synthetic import workforce

__all__ = ["frames", "taxonomies"]

SIZES = (10_000, 100_000, 1_000_000)
SKILLS = 1_500
#: Of the tree of skills: people, skills, and further links that make it a graph.
PEOPLE, TREE, EXTRA = 100_000, 1_000, 500


def frames(sizes: tuple[int, ...] = SIZES) -> Section:
    """Measure `read_frame`, each size in a process of its own.

    Parameters
    ----------
    sizes
        Numbers of rows.
    """
    found = [fresh_process("benchmarks.reading", size) for size in sizes]
    rows = [
        (
            f"{one['people']:,}",
            f"{1e6 * one['seconds'] / one['people']:.1f} µs",
            duration(one["seconds"]),
            f"{one['peak']:,.0f} MB ({one['start']:,.0f} MB)",
        )
        for one in found
    ]
    notes = (
        "`read_frame` of a polars frame with 13 columns, three of them skills as text "
        f"(`sql:4; R:2`, {SKILLS:,} skills), with managers; once, in a process of its own, whose "
        "memory with the frame alone is in brackets."
    )
    return Section("Reading a data frame", notes, ("rows", "per row", "time", "peak memory"), rows)


def taxonomies(size: int = PEOPLE) -> Section:
    """Measure how long a taxonomy takes to fold into people's skills.

    Parameters
    ----------
    size
        Number of people.
    """
    people = workforce(size, skills=TREE)
    rng = np.random.default_rng(0)
    labels = people.skills.labels
    children = [*range(1, len(labels)), *range(max(1, len(labels) - EXTRA), len(labels))]
    links = [(labels[one], labels[int(rng.integers(0, one))]) for one in children]
    begin = perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mm.ProfileWarning)
        folded = people.with_taxonomy(mm.Taxonomy.of(links))
    seconds = perf_counter() - begin
    verified(folded.teaches.nnz > people.teaches.nnz, "a taxonomy gives credit")
    row = (
        f"{size:,}",
        f"{len(labels):,}",
        f"{people.teaches.nnz:,}",
        f"{folded.teaches.nnz:,}",
        duration(seconds),
    )
    return Section(
        "Folding a taxonomy",
        f"A random graph of broader and narrower skills with {len(links):,} links, once.",
        ("people", "skills", "offers", "offers with credit", "time"),
        [row],
    )


def _frame(rows: int) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    numbers = range(rows)
    return pl.DataFrame(
        {
            "id": [f"p{n}" for n in numbers],
            "name": [f"Name {n}" for n in numbers],
            "department": [f"department {n % 50}" for n in numbers],
            "manager_id": [None, *(f"p{(n - 1) // 8}" for n in range(1, rows))],
            "rank": rng.integers(0, 8, rows),
            "teaches": _skills(rng, rows, 4),
            "knows": _skills(rng, rows, 2),
            "wants": _skills(rng, rows, 4),
            "utc_offset": rng.integers(-8, 9, rows),
            "languages": ["English; Polish" if n % 3 else "English" for n in numbers],
            "location": [f"site {n % 90}" for n in numbers],
            "years": rng.integers(0, 40, rows),
            "team": [f"team {n % 999}" for n in numbers],
        }
    )


def _skills(rng: np.random.Generator, rows: int, most: int) -> list[str]:
    skills = np.minimum(rng.zipf(1.3, (rows, most)), SKILLS)
    levels = rng.integers(1, 6, (rows, most))
    return [
        "; ".join(f"skill {skill}:{level}" for skill, level in dict(zip(*one, strict=True)).items())
        for one in zip(skills.tolist(), levels.tolist(), strict=True)
    ]


def _one_frame(rows: int) -> dict[str, Any]:
    frame = _frame(rows)
    start = peak_memory()
    begin = perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mm.ProfileWarning)
        people = mm.read_frame(frame)
    seconds = perf_counter() - begin
    verified(len(people) == rows and people.ids[-1] == f"p{rows - 1}", f"{rows} people")
    return {"people": rows, "seconds": seconds, "start": start, "peak": peak_memory()}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_one_frame(int(sys.argv[1]))))
    else:
        print(frames(), taxonomies(), sep="\n\n")
