"""The pairs that every solver is asked about: those of synthetic workforces under one program.

A million people have billions of allowed pairs, which are looked through and never held: the best
few of each person are kept, and how many there are is counted on a sample of the people.
"""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

import mentormatch as mm
from mentormatch.exchange.source import AllowedPairs
from mentormatch.people import Cohort
from mentormatch.solving.rules import rule_tests
from mentormatch.solving.sides import split
from mentormatch.synthetic import workforce

__all__ = [
    "CONSIDERED",
    "PROGRAM",
    "RULES",
    "Pairs",
    "Table",
    "allowed",
    "made_up",
    "rows_of",
    "sample",
    "source_of",
    "table_of",
]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
#: Positions on side a, positions on side b, scores.
Pairs: TypeAlias = tuple[Integers, Integers, Floats]
#: Scores of the allowed pairs; what is not stored is not allowed.
Table: TypeAlias = "csr_array[np.float64]"

SKILLS = 1_500
#: Of the people of a synthetic workforce half are there for so many years.
HALF = 6.5
SCORE = mm.Reciprocity(mean="harmonic")
SIDES = mm.Sides(by="tenure", at_least=HALF)
PROGRAM = mm.Program(
    format=mm.Pairs(sides=SIDES),
    score=SCORE,
    rules=[mm.Different("department"), mm.NoReportingLine(), mm.Within("utc_offset", 3, period=24)],
)
#: The program in words, for the notes of tables.
RULES = (
    f"`synthetic.workforce(n, skills={SKILLS:,})`; two sides of similar size (by tenure, {HALF} "
    "years and above), different department, no reporting line, at most 3 hours apart, harmonic "
    "reciprocity"
)

#: Of how many pairs of each person, before rules are asked, the best allowed ones are kept.
CONSIDERED = 64
#: How many entries of the index a sample of people looks at.
SAMPLED = 50_000_000


def made_up(people: int) -> Cohort:
    """Return the workforce of so many people."""
    return workforce(people, skills=SKILLS)


def source_of(people: Cohort) -> AllowedPairs:
    """Return all allowed pairs of a cohort, to be looked through."""
    sides = split(people, PROGRAM.format)
    tests = [test for _, test in rule_tests(people, PROGRAM.rules, sides)]
    nobody = np.empty((0, 2), dtype=np.int64)
    return AllowedPairs.of(people, sides.a, sides.b, SCORE, tests, nobody)


def table_of(people: Cohort, best: int) -> Table:
    """Return scores of allowed pairs.

    Parameters
    ----------
    people
        Who.
    best
        How many pairs of each person on either side are kept at least, the best ones; 0 for all.
    """
    source = source_of(people)
    found = [_looked(source, side, best) for side in ((0, 1) if best else (0,))]
    a, b, scores = (np.concatenate(part) for part in zip(*found, strict=True))
    _, first = np.unique(a * source.shape[1] + b, return_index=True)
    ends = a[first].astype(np.int32), b[first].astype(np.int32)
    return csr_array((scores[first], ends), shape=source.shape)


def rows_of(table: Table) -> Integers:
    """Return the row of each stored score."""
    return np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))


def allowed(source: AllowedPairs, side: int, who: Integers, most: int | None) -> Iterator[Pairs]:
    """Yield the allowed pairs of some people of a side, in blocks of people.

    Parameters
    ----------
    source
        Where they come from.
    side
        0 for people of side a, 1 for people of side b.
    who
        Their positions, ascending.
    most
        How many pairs of each are considered before rules are asked, best first; `None` for all.
    """
    need, prices = np.zeros(source.shape[side]), np.zeros(source.shape[1 - side])
    nobody = np.zeros(source.shape[side], dtype=np.bool_)
    for pairs, *_ in source.above(side, who, need, prices, prices, nobody, most, glance=None):
        yield pairs


def sample(source: AllowedPairs) -> tuple[Integers, int]:
    """Choose people of side a: all, or every tenth, say, where looking at all takes long.

    Returns
    -------
    who : int64 array
        Positions, ascending.
    step : int
        How many people each of them stands for.
    """
    step = max(1, int(source.effort(0).sum()) // SAMPLED)
    return np.arange(0, source.shape[0], step), step


def _looked(source: AllowedPairs, side: int, best: int) -> Pairs:
    """Return the best pairs of everybody on one side, or all."""
    everybody = np.arange(source.shape[side])
    blocks = allowed(source, side, everybody, CONSIDERED if best else None)
    kept = [(everybody[:0], everybody[:0], np.empty(0))]
    kept += [_best(pairs, side, best) if best else pairs for pairs in blocks]
    a, b, scores = (np.concatenate(part) for part in zip(*kept, strict=True))
    return a, b, scores


def _best(pairs: Pairs, side: int, best: int) -> Pairs:
    a, b, scores = pairs
    person = pairs[side]
    order = np.lexsort((-scores, person))
    place = np.arange(len(order)) - np.searchsorted(person[order], person[order])
    kept = order[place < best]
    return a[kept], b[kept], scores[kept]
