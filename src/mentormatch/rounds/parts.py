"""What a score may be made of, for pairs that people have answered about."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.benefit import lessons, possessed, row_of_each_entry
from mentormatch.exchange.preferences import Preference
from mentormatch.exchange.preferred import Preferred
from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.matching.matching import Matching
from mentormatch.people import Cohort
from mentormatch.rounds.calibration import TaxonomyCredit
from mentormatch.rounds.feedback import Feedback
from mentormatch.rounds.heard import heard

__all__ = ["Known", "Respect", "Round", "Variant", "known_of"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
PairScore = Reciprocity | OneWay

#: How many wishes a score may count.
COUNTED = (None, 1, 2, 3, 5)
#: How much what side a receives may count, and what side b does. Feedback tells no finer steps.
WEIGHTS = ((1.0, 1.0), (1.0, 3.0), (3.0, 1.0), (1.0, 9.0), (9.0, 1.0))
#: What a taxonomy may be worth.
CREDITS = tuple(map(TaxonomyCredit, (None, 0.0, 0.25, 0.5, 0.75, 1.0)))
MEANS = get_args(Reciprocity.__annotations__["mean"])
WEIGHED = tuple(mean for mean in MEANS if mean != "minimum")
#: In what respects variants differ.
Respect = Literal["mean", "directions", "taxonomy"]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to say what two exchange.

    Attributes
    ----------
    score : Reciprocity or OneWay
        How both benefits become one number.
    credit : TaxonomyCredit or None
        What the people's taxonomy is worth; `None` for what it is worth already.
    """

    score: PairScore
    credit: TaxonomyCredit | None = None

    def instead(self, respect: Respect) -> list["Variant"]:
        """Return what may be learned in place of this in one respect; this comes first.

        All are means of the same two benefits with the same floor. The mean is chosen together with
        the weights of the directions too, as either hides what the other is.

        Examples
        --------
        >>> [one.score.wishes_counted for one in Variant(OneWay(wishes_counted=2)).instead("mean")]
        [2, None, 1, 3, 5]
        >>> own = Variant(Reciprocity())
        >>> [len(own.instead(one)) for one in ("mean", "directions", "taxonomy")]
        [20, 15, 7]
        """
        score, credits = self.score, [self.credit]
        scores: list[PairScore] = [score]
        if respect == "taxonomy":
            credits += [None, *CREDITS]
        elif respect == "mean":
            means = [score]
            if isinstance(score, Reciprocity):
                means = [replace(score, mean=mean, weights=_weights(score, mean)) for mean in MEANS]
            scores += [replace(one, wishes_counted=most) for most in COUNTED for one in means]
        elif isinstance(score, Reciprocity):
            scores += [
                replace(score, mean=mean, weights=weights)
                for weights in WEIGHTS
                for mean in WEIGHED
            ]
        return list(dict.fromkeys(Variant(one, credit) for one in scores for credit in credits))


def _weights(score: Reciprocity, mean: str) -> tuple[float, float]:
    return (1.0, 1.0) if mean == "minimum" else score.weights


@dataclass(frozen=True, eq=False, slots=True)
class Round:
    """Who answered about whom, of one round.

    Attributes
    ----------
    people : Cohort
        Everybody.
    a, b : numpy.ndarray
        The rows of each pair, shape (pairs,).
    pair : numpy.ndarray
        Which pair each answer is about, shape (answers,).
    """

    people: Cohort
    a: Rows
    b: Rows
    pair: Rows


@dataclass(frozen=True, eq=False, slots=True)
class Known:
    """Answers that say how two fit, and what scores could say of these two.

    Attributes
    ----------
    good : numpy.ndarray
        Whether the fit is good, 1 or 0; shape (n,).
    people : numpy.ndarray
        Who answers and the other of the pair, by number; shape (n, 2).
    satisfied : numpy.ndarray
        How far the two satisfy each preference, from 0 to 1; shape (n, preferences).
    rounds : sequence of Round
        Whose answers they are, one round after the other.
    """

    good: Floats
    people: Rows
    satisfied: Floats
    rounds: Sequence[Round]
    _crediting: dict[TaxonomyCredit | None, list[Cohort]] = field(default_factory=dict, init=False)
    _received: dict[tuple[TaxonomyCredit | None, int | None], tuple[Floats, Floats]] = field(
        default_factory=dict, init=False
    )

    def exchanged(self, variant: Variant) -> Floats:
        """Return what the two of each answer exchange, shape (n,)."""
        credit, counted = variant.credit, variant.score.wishes_counted
        if (credit, counted) not in self._received:
            known = list(zip(self.rounds, self._people(credit), strict=True))
            self._received[credit, counted] = (
                np.concatenate([_benefit(who, at.b, at.a, counted)[at.pair] for at, who in known]),
                np.concatenate([_benefit(who, at.a, at.b, counted)[at.pair] for at, who in known]),
            )
        return variant.score.combine(*self._received[credit, counted])

    def _people(self, credit: TaxonomyCredit | None) -> list[Cohort]:
        """Return the people of each round, as a taxonomy of such a worth has them."""
        if credit not in self._crediting:
            self._crediting[credit] = [
                at.people
                if credit is None
                else at.people._crediting(credit.given(at.people.taxonomy))
                for at in self.rounds
            ]
        return self._crediting[credit]


def known_of(
    history: Sequence[tuple[Matching, Feedback]], preferences: Sequence[Preference], good: float
) -> Known:
    """Gather the answers of several rounds.

    Parameters
    ----------
    history
        Matchings, and what was said of them.
    preferences
        What may be worth something besides.
    good
        From where upwards a fit is good, as a share of the way up its scale.
    """
    number: dict[str, int] = {}
    rounds: list[Round] = []
    parts: list[tuple[Floats, Rows, Floats]] = []
    for matching, feedback in history:
        round_ = heard(matching, feedback)
        said = np.flatnonzero(~np.isnan(round_.said.fit))
        low, high = feedback.fit_scale
        people = round_.people
        a, b = round_.rows[::2], round_.rows[1::2]
        rounds.append(Round(people, a, b, said // 2))
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
                satisfied[said // 2],
            )
        )
    good_ones, ends, satisfied = (np.concatenate(one) for one in zip(*parts, strict=True))
    return Known(good_ones, ends, satisfied, rounds)


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
