"""How long it takes to find who could teach whom, for each pair with something to exchange.

The pairs are those that skills alone allow, both directions above 0; a large workforce is measured
on a sample of its people, who look through all of the other side. ``python -m benchmarks.candidates
2000`` measures one workforce and prints JSON.
"""

import json
import sys
from dataclasses import asdict, dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import fresh_process, in_turns, verified
from benchmarks.pairs import CONSIDERED, allowed, made_up, sample, source_of
from mentormatch.exchange.benefit import benefit
from mentormatch.exchange.source import AllowedPairs

__all__ = ["Found", "found"]

TIMES = 3
#: Of so many people the pairs are counted in a plain table, too.
CHECKED = 8


@dataclass(frozen=True, slots=True)
class Found:
    """What finding pairs took, for all people or a sample of them.

    Parameters
    ----------
    people
        Of how many people.
    step
        How many people each one of the sample stands for.
    reciprocal, allowed
        How many pairs of the sample have something to exchange, and how many the rules allow.
    every, best
        Seconds to find every reciprocal pair of the sample with both benefits, and to find the
        best few of each person.
    """

    people: int
    step: int
    reciprocal: int
    allowed: int
    every: float
    best: float


@cache
def found(people: int) -> Found:
    """Measure a workforce, in a process of its own; each size is measured once only.

    Parameters
    ----------
    people
        How many.
    """
    return Found(**fresh_process("benchmarks.candidates", people))


def _found(people: int) -> Found:
    cohort = made_up(people)
    source = source_of(cohort)
    who, step = sample(source)
    verified(
        _reciprocal(source, who[:CHECKED]) == _by_table(source, who[:CHECKED]),
        f"who could teach whom, of {people} people",
    )
    free = np.zeros(source.shape[0]), np.zeros(source.shape[1])

    def looked(most: int | None) -> int:
        return sum(len(met.rows) for met in source.indexes[0].met(who, *free, most=most))

    measured = in_turns({"every": lambda: looked(None), "best": lambda: looked(CONSIDERED)}, TIMES)
    return Found(
        people=people,
        step=step,
        reciprocal=_reciprocal(source, who),
        allowed=sum(len(scores) for _, _, scores in allowed(source, 0, who, None)),
        every=measured["every"][0],
        best=measured["best"][0],
    )


def _reciprocal(source: AllowedPairs, who: NDArray[np.int64]) -> int:
    free = np.zeros(source.shape[0]), np.zeros(source.shape[1])
    blocks = source.indexes[0].met(who, *free)
    return sum(int(((met.row_benefit > 0) & (met.col_benefit > 0)).sum()) for met in blocks)


def _by_table(source: AllowedPairs, who: NDArray[np.int64]) -> int:
    """Count reciprocal pairs by joins over all pairs, without the index."""
    side_a, side_b = source.sides[0][who], source.sides[1]
    there = benefit(source.people, side_a, side_b) > 0
    back = benefit(source.people, side_b, side_a) > 0
    return int((there & back.T).sum())


if __name__ == "__main__":
    print(json.dumps(asdict(_found(int(sys.argv[1])))))
