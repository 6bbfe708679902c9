"""Every pair and its score, made again from the profiles.

What a proof is checked against. It shares no code with the solver and none with the search for
candidates: who could exchange something is read off products of the sparse skill matrices, and
the benefit of each pair is written out wish by wish.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.exchange.benefit import contribution
from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.exchange.rules import PairTest
from mentormatch.exchange.scores import AnyScore
from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.preferred import Added
from mentormatch.matching.shared_recount import SharedRecount
from mentormatch.matching.wishes import Wishes, largest, looked_up
from mentormatch.people import Cohort
from mentormatch.solving.sides import Split

__all__ = ["Allowed", "Recount", "blocks", "meetings"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Positions on side a and on side b, and what the pairs are worth.
Allowed = tuple[Rows, Rows, Floats]

#: How many meetings of a skill offered and a wish for it are held in memory at a time.
MEETINGS_AT_ONCE = 1 << 21
#: How many pairs are scored at a time.
PAIRS_AT_ONCE = 1 << 18


@dataclass(frozen=True, eq=False, slots=True)
class Recount:
    """Says of any pairs of a program which are allowed, and what they are worth.

    Pairs are numbers: position on side a, times the size of side b, plus position on side b.
    Made by `Recount.of`.

    Attributes
    ----------
    required : numpy.ndarray
        The pairs that are allowed even at score 0, ascending.
    added : Added
        What preferences add to the score of a pair.
    wishes : tuple of Wishes
        Of either side.
    """

    people: Cohort
    score: AnyScore
    sides: Split
    tests: Sequence[tuple[str, PairTest]]
    required: Rows
    added: Added
    wishes: tuple[Wishes, Wishes]
    offers: tuple[tuple[Rows, Floats], tuple[Rows, Floats]]  # of either side: keys, proficiency
    shared: SharedRecount | None  # of buddies, whose wishes are compared with each other's

    @classmethod
    def of(
        cls,
        people: Cohort,
        score: AnyScore,
        sides: Split,
        tests: Sequence[tuple[str, PairTest]],
        required: Rows,
        added: Added,
    ) -> "Recount":
        """Read wishes and offers off the profiles.

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
        added
            What preferences add to the score of a pair.
        """
        must = np.unique(required[:, 0] * len(sides.b) + required[:, 1])
        counted = score.wishes_counted
        wishes = Wishes.of(people, sides.a, counted), Wishes.of(people, sides.b, counted)
        offers = _offers(people.teaches[sides.a]), _offers(people.teaches[sides.b])
        shared = None
        if isinstance(score, SharedWishes):
            shared = SharedRecount.of(people, score, sides.a)
        return cls(people, score, sides, tests, must, added, wishes, offers, shared)

    def allowed(self, pairs: Rows) -> Iterator[Allowed]:
        """Yield those of some pairs that are allowed, a part of them at a time.

        Parameters
        ----------
        pairs
            Numbers of pairs, in any order.

        Yields
        ------
        a, b, scores
            Positions on the two sides, and what each pair is worth; in one pool, a is less than b.
        """
        for first in range(0, len(pairs), PAIRS_AT_ONCE):
            part = pairs[first : first + PAIRS_AT_ONCE]
            a, b = np.divmod(part, len(self.sides.b))
            if self.sides.layout == "pool":  # each pair once
                part, a, b = (column[a < b] for column in (part, a, b))
            scores = self.base_scores(a, b)
            worth = (scores > 0.0) | np.isin(part, self.required)
            a, b, scores = a[worth], b[worth], scores[worth]
            if not len(a):
                continue
            allowed = self.may_be(a, b)
            a, b, scores = a[allowed], b[allowed], scores[allowed]
            added = self.added.to(self.sides.a[a], self.sides.b[b])
            yield a, b, np.where(scores > 0.0, scores + added, 0.0)

    def may_be(self, a: Rows, b: Rows) -> NDArray[np.bool_]:
        """Return which pairs neither a rule nor one of the two forbids.

        Parameters
        ----------
        a, b
            Positions on the two sides.
        """
        rows_a, rows_b = self.sides.a[a], self.sides.b[b]
        allowed = ~self.people.are_declined(rows_a, rows_b)
        for _, test in self.tests:
            allowed &= test(rows_a, rows_b)
        return allowed

    def worth(self, a: Rows, b: Rows) -> Floats:
        """Return what each pair is worth with preferences; nothing where it exchanges nothing.

        Parameters
        ----------
        a, b
            Positions on the two sides.
        """
        scores = self.base_scores(a, b)
        added = self.added.to(self.sides.a[a], self.sides.b[b])
        return np.where(scores > 0.0, scores + added, 0.0)

    def base_scores(self, a: Rows, b: Rows) -> Floats:
        """Return what each pair is worth before preferences.

        Parameters
        ----------
        a, b
            Positions on the two sides.
        """
        if self.shared is not None:
            return self.shared.scores(a, b)
        return self.score.combine(self._received(0, a, b), self._received(1, b, a))

    def _received(self, side: int, learners: Rows, teachers: Rows) -> Floats:
        """Return what learners of a side receive from teachers of the other, for each pair."""
        wishes, (keys, levels) = self.wishes[side], self.offers[1 - side]
        pair, wish = _expanded(wishes.starts, learners)
        asked = teachers[pair] * self.people.teaches.shape[1] + wishes.skill[wish]
        terms = contribution(
            wishes.weight[wish], looked_up(keys, levels, asked), wishes.known[wish]
        )
        some = terms > 0.0
        pair, terms = pair[some], terms[some]
        kept = largest(pair, terms, self.score.wishes_counted)
        return np.minimum(np.bincount(pair[kept], terms[kept], minlength=len(learners)), 1.0)


def meetings(people: Cohort, score: Reciprocity | OneWay, sides: Split) -> Iterator[Rows]:
    """Yield all pairs that share a skill in the directions that count, in blocks of side a.

    Parameters
    ----------
    people, score, sides
        As for `Recount.of`.

    Yields
    ------
    numpy.ndarray
        Numbers of pairs, ascending throughout.
    """
    learners, teachers = (_pattern(all_of[sides.b]).T for all_of in (people.wants, people.teaches))
    for first, last in blocks(people, sides, MEETINGS_AT_ONCE):
        b_learns = _pattern(people.teaches[sides.a[first:last]]) @ learners
        a_learns = _pattern(people.wants[sides.a[first:last]]) @ teachers
        if score.needs_both:
            shared = b_learns.multiply(a_learns)
        else:
            shared = b_learns * score.b_receives + a_learns * score.a_receives
        a, b = shared.nonzero()
        yield np.sort((a.astype(np.int64) + first) * len(sides.b) + b)


def blocks(people: Cohort, sides: Split, at_once: int) -> Iterator[tuple[int, int]]:
    """Cut side a so that no block has many more meetings of a skill offered and a wish for it.

    Parameters
    ----------
    people, sides
        As for `Recount.of`.
    at_once
        How many meetings, of both directions together.

    Yields
    ------
    first, last
        Positions on side a.
    """
    width = people.teaches.shape[1]
    offers, wants = people.teaches[sides.a], people.wants[sides.a]
    wanted = np.bincount(people.wants[sides.b].indices, minlength=width)
    offered = np.bincount(people.teaches[sides.b].indices, minlength=width)
    before = _summed(wanted[offers.indices])[offers.indptr]
    before = before + _summed(offered[wants.indices])[wants.indptr]
    first = 0
    while first < len(sides.a):
        last = int(np.searchsorted(before, before[first] + at_once, side="right")) - 1
        last = min(max(last, first + 1), len(sides.a))
        yield first, last
        first = last


def _offers(taught: csr_array) -> tuple[Rows, Floats]:
    """Return a key for each teacher and skill, ascending, and the proficiency."""
    teacher = np.repeat(np.arange(taught.shape[0]), np.diff(taught.indptr))
    return teacher * taught.shape[1] + taught.indices, taught.data


def _expanded(starts: Rows, chosen: Rows) -> tuple[Rows, Rows]:
    """Return every entry of the chosen rows, and which of them it belongs to."""
    lengths = np.diff(starts)[chosen]
    owner = np.repeat(np.arange(len(chosen)), lengths)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return owner, starts[chosen][owner] + within


def _pattern(matrix: csr_array) -> "csr_array[np.int32]":
    ones = np.ones(len(matrix.data), dtype=np.int32)
    return csr_array((ones, matrix.indices, matrix.indptr), shape=matrix.shape)


def _summed(values: NDArray[np.integer]) -> Rows:
    return np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
