"""Every allowed pair and its score, made again from the profiles in plain blocks.

What a proof is checked against. It shares no code with the solver and none with the search for
candidates: the benefit is written out learner by learner, and every pair is looked at.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.exchange.benefit import contribution
from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.exchange.rules import PairTest
from mentormatch.people import Cohort
from mentormatch.solving.sides import Split

__all__ = ["allowed_pairs"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: How many cells of the table side a x side b are recomputed at a time.
CELLS_AT_ONCE = 1 << 21


def allowed_pairs(
    people: Cohort,
    score: Reciprocity | OneWay,
    sides: Split,
    tests: Sequence[tuple[str, PairTest]],
    required: Rows,
) -> Iterator[tuple[Rows, Rows, Floats]]:
    """Yield the rows and the scores of all allowed pairs, straight from the profiles.

    Parameters
    ----------
    people
        The cohort.
    score
        How the two benefits become one number.
    sides
        Who can be paired with whom.
    tests
        Each rule's text and its test.
    required
        Pairs (position on a, position on b) that are allowed even at score 0, shape (pairs, 2).

    Yields
    ------
    rows_a, rows_b, scores
        One block of pairs: rows of the cohort, and what each pair is worth.
    """
    must = np.zeros((len(sides.a), len(sides.b)), dtype=np.bool_) if len(required) else None
    if must is not None:
        must[required[:, 0], required[:, 1]] = True
    step = max(1, CELLS_AT_ONCE // max(1, len(sides.b)))
    counted = score.wishes_counted
    for first in range(0, len(sides.a), step):
        block = sides.a[first : first + step]
        scores = score.combine(
            _received(people, sides.b, block, counted).T, _received(people, block, sides.b, counted)
        )
        worth = scores > 0.0 if must is None else (scores > 0.0) | must[first : first + step]
        i, j = np.nonzero(worth)
        if not len(i):
            continue
        rows_a, rows_b = block[i], sides.b[j]
        allowed = ~people.are_declined(rows_a, rows_b)
        for _, test in tests:
            allowed &= test(rows_a, rows_b)
        yield rows_a[allowed], rows_b[allowed], scores[i, j][allowed]


def _received(people: Cohort, teachers: Rows, learners: Rows, counted: int | None) -> Floats:
    """Return what every learner receives from every teacher, shape (teachers, learners)."""
    offers = people.teaches[teachers].toarray()
    received = np.zeros((len(teachers), len(learners)))
    for position, learner in enumerate(learners):
        wishes = slice(*people.wants.indptr[learner : learner + 2])
        skills, priority = people.wants.indices[wishes], people.wants.data[wishes]
        known = np.maximum(_levels(people.knows, learner), _levels(people.teaches, learner))[skills]
        still_open = known < 1.0
        skills, priority, known = skills[still_open], priority[still_open], known[still_open]
        if not len(skills):
            continue
        counting = priority if counted is None else np.sort(priority)[::-1][:counted]
        # Added one after the other, as everywhere: a total must not depend on who adds it up.
        weight = priority / np.cumsum(counting)[-1]
        terms = np.sort(contribution(weight, offers[:, skills], known), axis=1)[:, ::-1]
        received[:, position] = np.minimum(terms[:, : len(counting)].sum(axis=1), 1.0)
    return received


def _levels(matrix: csr_array, row: int) -> Floats:
    dense = np.zeros(matrix.shape[1])
    entries = slice(*matrix.indptr[row : row + 2])
    dense[matrix.indices[entries]] = matrix.data[entries]
    return dense
