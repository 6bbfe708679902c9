"""What a score may be made of, for pairs that people have answered about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.benefit import lessons, possessed, row_of_each_entry
from mentormatch.exchange.preferences import Preference
from mentormatch.exchange.preferred import Preferred
from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.matching.matching import Matching
from mentormatch.people import Cohort
from mentormatch.rounds.feedback import Feedback
from mentormatch.rounds.heard import heard

__all__ = ["Known", "known_of", "variants"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
PairScore = Reciprocity | OneWay

#: How many wishes a score may count.
COUNTED = (None, 1, 2, 3, 5)


@dataclass(frozen=True, eq=False, slots=True)
class Known:
    """Answers that say how two fit, and what scores could say of these two.

    Attributes
    ----------
    good : numpy.ndarray
        Whether the fit is good, 1 or 0; shape (n,).
    people : numpy.ndarray
        Who answers and the other of the pair, by number; shape (n, 2).
    exchanged : numpy.ndarray
        What the two exchange by each variant of the score; shape (n, variants).
    satisfied : numpy.ndarray
        How far the two satisfy each preference, from 0 to 1; shape (n, preferences).
    """

    good: Floats
    people: Rows
    exchanged: Floats
    satisfied: Floats


def variants(score: PairScore) -> list[PairScore]:
    """Return the scores that may be learned in place of one, which comes first.

    All are means of the same two benefits with the same floor.

    Examples
    --------
    >>> [one.wishes_counted for one in variants(OneWay(wishes_counted=2))]
    [2, None, 1, 3, 5]
    >>> len(variants(Reciprocity()))
    20
    """
    means: Sequence[PairScore] = [score]
    if isinstance(score, Reciprocity):
        kinds = get_args(Reciprocity.__annotations__["mean"])
        means = [replace(score, mean=kind) for kind in kinds]
    every = [replace(one, wishes_counted=counted) for counted in COUNTED for one in means]
    return list(dict.fromkeys((score, *every)))


def known_of(
    history: Sequence[tuple[Matching, Feedback]],
    scores: Sequence[PairScore],
    preferences: Sequence[Preference],
    good: float,
) -> Known:
    """Gather the answers of several rounds.

    Parameters
    ----------
    history
        Matchings, and what was said of them.
    scores
        Scores that may be learned.
    preferences
        What may be worth something besides.
    good
        From where upwards a fit is good, as a share of the way up its scale.
    """
    number: dict[str, int] = {}
    parts: list[tuple[Floats, Rows, Floats, Floats]] = []
    for matching, feedback in history:
        round_ = heard(matching, feedback)
        said = np.flatnonzero(~np.isnan(round_.said.fit))
        low, high = feedback.fit_scale
        people = round_.people
        a, b = round_.rows[::2], round_.rows[1::2]
        exchanged = _exchanged(people, scores, a, b)
        satisfied = np.zeros((len(a), len(preferences)))
        for place, one in enumerate(preferences):
            asked = matching._attached().sides.taking_part
            points = Preferred.of(people, [one], asked).points(np.ones(len(a)), a, b)
            satisfied[:, place] = points / one.weight
        ids = [
            [number.setdefault(people.ids[row], len(number)) for row in pair]
            for pair in zip(round_.rows[said], round_.partners[said], strict=True)
        ]
        parts.append(
            (
                (round_.said.fit[said] >= low + good * (high - low)).astype(np.float64),
                np.array(ids, dtype=np.int64).reshape(-1, 2),
                exchanged[said // 2],
                satisfied[said // 2],
            )
        )
    return Known(*(np.concatenate(one) for one in zip(*parts, strict=True)))


def _exchanged(people: Cohort, scores: Sequence[PairScore], a: Rows, b: Rows) -> Floats:
    """Return what each pair exchanges by each score; shape (pairs, scores)."""
    found = np.zeros((len(a), len(scores)))
    benefits: dict[int | None, tuple[Floats, Floats]] = {}
    for place, score in enumerate(scores):
        counted = score.wishes_counted
        if counted not in benefits:
            benefits[counted] = _benefit(people, b, a, counted), _benefit(people, a, b, counted)
        found[:, place] = score.combine(*benefits[counted])
    return found


def _benefit(people: Cohort, teachers: Rows, learners: Rows, counted: int | None) -> Floats:
    """Return the share of each learner's wishes that the teacher beside them meets."""
    taught = lessons(people, teachers, learners)
    met = _largest(row_of_each_entry(taught), taught.data, len(learners), counted)
    wanted = people.wants[learners]
    learner = row_of_each_entry(wanted)
    is_open = possessed(people, learners[learner], wanted.indices) < 1.0
    whole = _largest(learner[is_open], wanted.data[is_open], len(learners), counted)
    share = np.zeros(len(learners))
    np.divide(met, whole, out=share, where=whole > 0.0)
    return np.minimum(share, 1.0)


def _largest(owner: Rows, values: Floats, size: int, counted: int | None) -> Floats:
    """Return the sum of each owner's values, or of the largest so many."""
    order = np.lexsort((-values, owner))
    owner, values = owner[order], values[order]
    if counted is not None:
        first = np.searchsorted(owner, np.arange(size))
        kept = np.arange(len(owner)) - first[owner] < counted
        owner, values = owner[kept], values[kept]
    # Of no values NumPy would make whole numbers.
    return np.bincount(owner, values, minlength=size).astype(np.float64)
