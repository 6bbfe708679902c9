"""From feedback to a score that foretells it better, if there is one."""

from collections.abc import Iterable, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from mentormatch.errors import ProgramError
from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.matching import Matching
from mentormatch.rounds.calibration import (
    LEAST_WEIGHT,
    Calibration,
    Evidence,
    PreferenceWeight,
    learnable,
)
from mentormatch.rounds.estimate import LEVEL
from mentormatch.rounds.feedback import Feedback
from mentormatch.rounds.parts import Known, known_of, variants
from mentormatch.rounds.weighing import Weighing, losses, weigh

__all__ = ["calibrate"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: A fit is good from three quarters of the way up its scale, as in an evaluation.
GOOD = 0.75
#: In how many parts pairs are foretold from the others.
FOLDS = 10
#: So many good and so many poor pairs are asked for, for each weight: the rule of thumb of
#: P. Peduzzi and others, Journal of Clinical Epidemiology 49 (1996).
FOR_EACH = 10


def calibrate(history: Iterable[tuple[Matching, Feedback]], *, seed: int = 0) -> Calibration:
    """Learn from feedback how a score should put together what two people give each other.

    What may be learned is how the program's score combines the two directions (its mean), how many
    wishes of each it counts, and what the program's preferences are worth beside it. Weights are
    never below 0, so that more of anything good is never worth less.

    The answer is refused, and the program's own score kept, where there are fewer than ten good and
    ten poor pairs for each weight, and where the learned score does not foretell pairs that it has
    not seen better than the program's own, by more than chance.

    Parameters
    ----------
    history
        Matchings, attached to their people, each with what was said of it; the last one's program
        has the score and the preferences to begin from.
    seed
        Decides which pairs are foretold together.

    Returns
    -------
    Calibration
        ``.program(program)`` gives the program with what was learned.

    Raises
    ------
    ProgramError
        When there are no rounds, or the score is one of buddies, or an earlier round's people lack
        what a preference reads.
    RecordError
        When a matching was read from a record: `attach` it to its people first.
    ProfileErrors
        With every answer about a pair that is none of its matching's.

    Notes
    -----
    Scores are compared by the logarithmic loss of a logistic ridge regression whose weights are 0
    or more. Pairs are divided in ten parts; each is foretold from those of the others that share
    nobody with it, and all that is chosen is chosen without it. Answers about pairs that share
    somebody are not independent, and the interval of the gain counts them so (M. Fafchamps and
    F. Gubert, "The formation of risk sharing networks", Journal of Development Economics 83, 2007).

    Only pairs that were made are known, which are the better ones by the score of then: what is
    learned is how to tell good pairs among those.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "leading"},
    ...         {"id": "bo", "teaches": "leading", "wants": "sql"},
    ...     ]
    ... )
    >>> matching = mm.match(people, mm.Program())
    >>> feedback = mm.read_feedback(
    ...     [{"a": "ana", "b": "bo", "by": "bo", "date": "2026-03-02", "fit": 5}]
    ... )
    >>> print(mm.calibrate([(matching, feedback)]))
    Nothing is learned: it takes 10 good and 10 poor pairs to tell, and there are 1 and 0. It \
rests on 1 answer by 1 person about 1 pair; 1 call the fit good.
    """
    rounds = list(history)
    if not rounds:
        raise ProgramError("there are no rounds to learn from; give matchings with their feedback")
    program = rounds[-1][0]._attached().program
    own = program.score
    if isinstance(own, SharedWishes):
        raise ProgramError(
            "what buddies share is no exchange, and has nothing to learn; calibrate is for "
            "'reciprocity' and 'one_way'"
        )
    scores, preferences = variants(own), learnable(program)
    known = known_of(rounds, scores, preferences, GOOD)
    given = np.array([one.weight for one in preferences])
    texts = [str(one) for one in preferences]
    kept = tuple(map(PreferenceWeight, texts, given.tolist()))
    pair, evidence = _evidence(known, len(rounds))
    weights = 1 + len(given)
    least = FOR_EACH * weights
    both = [len(np.unique(pair[known.good == kind])) for kind in (1.0, 0.0)]
    if min(both) < least:
        reason = (
            f"Nothing is learned: it takes {least:,} good and {least:,} poor pairs to tell, and "
            f"there are {both[0]:,} and {both[1]:,}."
        )
        return Calibration(score=own, weights=kept, learned=False, reason=reason, evidence=evidence)
    trial = _Trial(known, pair, given, np.random.default_rng(seed))
    evidence = trial.compared(evidence)
    if evidence.gain_low is None or evidence.gain_low <= 0.0:
        reason = "Nothing is learned: no score is surely better than the program's own."
        return Calibration(score=own, weights=kept, learned=False, reason=reason, evidence=evidence)
    everything = np.ones(len(known.good), dtype=np.bool_)
    best, fitted = trial.best(everything)
    return Calibration(
        score=scores[best],
        weights=tuple(map(PreferenceWeight, texts, _relative(fitted))),
        learned=True,
        reason="A better score is learned.",
        evidence=evidence,
    )


class _Trial:
    """Foretells answers from others, by the program's own score and by the best of all."""

    def __init__(self, known: Known, pair: Rows, given: Floats, draw: np.random.Generator) -> None:
        self._known = known
        self._pair = pair
        self._draw = draw
        self._own = known.exchanged[:, :1] + known.satisfied @ given[:, None]
        # Of scores that say the same of all these pairs the first will do.
        _, first = np.unique(known.exchanged, axis=1, return_index=True)
        self._scores: list[int] = np.sort(first).tolist()

    def compared(self, evidence: Evidence) -> Evidence:
        """Return the evidence with what is gained on answers that have not been seen."""
        known = self._known
        before, after = np.full((2, len(known.good)), np.nan)
        for tested, rest in self._parts():
            if not _both(known.good[rest]):
                continue
            own = weigh(self._own[rest], known.good[rest])
            before[tested] = losses(own.logits(self._own[tested]), known.good[tested])
            best, fitted = self.best(rest)
            after[tested] = losses(fitted.logits(self._part(best)[tested]), known.good[tested])
        tried = ~np.isnan(before)
        if not tried.any():
            return evidence
        gains = (before - after)[tried]
        gain = float(gains.mean())
        half = _half(gains - gain, known.people[tried])
        return Evidence(
            rounds=evidence.rounds,
            answers=evidence.answers,
            people=evidence.people,
            pairs=evidence.pairs,
            good=evidence.good,
            loss_before=float(before[tried].mean()),
            loss_after=float(after[tried].mean()),
            gain=gain,
            gain_low=gain - half,
            gain_high=gain + half,
        )

    def best(self, among: Bools) -> tuple[int, Weighing]:
        """Return which score explains some answers best, and its weights.

        All scores have as many weights, so that none has an advantage. The program's own, which is
        the first, is kept unless another explains the answers better by more than the best of so
        many would by chance.
        """
        good = self._known.good[among]
        fits = [weigh(self._part(score)[among], good) for score in self._scores]
        place = int(np.argmin([one.loss for one in fits]))
        if fits[0].loss - fits[place].loss < log(len(fits)):
            place = 0
        return self._scores[place], fits[place]

    def _part(self, score: int) -> Floats:
        return np.column_stack((self._known.exchanged[:, score], self._known.satisfied))

    def _parts(self) -> Iterable[tuple[Bools, Bools]]:
        """Yield parts of the answers, and those of the others that share nobody with each."""
        people = self._known.people
        fold = self._draw.permutation(int(self._pair.max()) + 1) % FOLDS
        for number in range(FOLDS):
            tested = fold[self._pair] == number
            met = np.zeros(int(people.max()) + 1, dtype=np.bool_)
            met[people[tested]] = True
            if tested.any():
                yield tested, ~(met[people[:, 0]] | met[people[:, 1]])


def _evidence(known: Known, rounds: int) -> tuple[Rows, Evidence]:
    """Return the number of each answer's pair, and how much there is."""
    two = np.sort(known.people, axis=1)
    found, pair = np.unique(two, axis=0, return_inverse=True)
    return pair.reshape(-1).astype(np.int64), Evidence(
        rounds=rounds,
        answers=len(known.good),
        people=len(np.unique(known.people[:, 0])),
        pairs=len(found),
        good=int(known.good.sum()),
    )


def _half(errors: Floats, people: Rows) -> float:
    """Return half the interval of a mean of answers, of which those that share people correlate."""
    from scipy.special import stdtrit  # see `estimate.estimated`

    size = int(people.max()) + 1
    of_people = sum(np.bincount(people[:, side], errors, minlength=size) for side in (0, 1))
    _, pair = np.unique(np.sort(people, axis=1), axis=0, return_inverse=True)
    of_pairs = np.bincount(pair.reshape(-1), errors)
    # Whoever is in two pairs joins them; the two people of one pair would join it twice.
    squares = float((np.asarray(of_people) ** 2).sum() - (of_pairs**2).sum())
    # Of pairs that share many people this can fall short of what they are worth alone.
    squares = max(squares, float((of_pairs**2).sum()))
    pairs = len(of_pairs)
    if pairs < 2:
        return float("inf")
    error = np.sqrt(squares * pairs / (pairs - 1)) / len(errors)
    return float(stdtrit(pairs - 1, (1.0 + LEVEL) / 2.0) * error)


def _relative(fitted: Weighing) -> Sequence[float]:
    """Return what each preference is worth beside an exchange that is worth 1 at most."""
    exchange, *others = fitted.weights.tolist()
    if exchange <= 0.0:
        return [1.0 if one > 0.0 else 0.0 for one in others]
    worth = [min(one / exchange, 1.0) for one in others]
    return [one if one >= LEAST_WEIGHT else 0.0 for one in worth]


def _both(good: Floats) -> bool:
    return bool(0.0 < good.sum() < len(good))
