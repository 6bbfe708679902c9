"""Which skills the two people of a pair teach each other, or would learn together."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.benefit import lessons
from mentormatch.exchange.scores import AnyScore
from mentormatch.exchange.shared import SharedWishes
from mentormatch.exchange.shared_pairs import shared_skills
from mentormatch.people import Cohort

__all__ = ["skills_taught", "skills_together"]

Rows = NDArray[np.int64]


def skills_taught(
    people: Cohort, score: AnyScore, rows_a: Rows, rows_b: Rows
) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Return, for every pair, what a teaches b and what b teaches a, what counts most first.

    A score that looks at one direction alone leaves the other empty; buddies teach nothing.
    """
    nothing: list[tuple[str, ...]] = [()] * len(rows_a)
    if isinstance(score, SharedWishes):
        return nothing, nothing
    a_teaches = _labels(people, rows_a, rows_b) if score.b_receives else nothing
    b_teaches = _labels(people, rows_b, rows_a) if score.a_receives else nothing
    return a_teaches, b_teaches


def skills_together(
    people: Cohort, score: AnyScore, rows_a: Rows, rows_b: Rows
) -> list[tuple[str, ...]]:
    """Return, for every pair, what both would learn together; nothing unless they are buddies."""
    if isinstance(score, SharedWishes):
        return shared_skills(people, rows_a, rows_b, score.wishes_counted)
    return [()] * len(rows_a)


def _labels(people: Cohort, teachers: Rows, learners: Rows) -> list[tuple[str, ...]]:
    taught = lessons(people, teachers, learners)
    pair = np.repeat(np.arange(len(teachers)), np.diff(taught.indptr))
    order = np.lexsort((taught.indices, -taught.data, pair))
    skills = taught.indices[order].astype(np.int64)
    labels = people.taught_skills(teachers[pair[order]], skills)
    ends = taught.indptr.tolist()
    return [tuple(labels[start:end]) for start, end in pairwise(ends)]
