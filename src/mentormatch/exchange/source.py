"""All allowed pairs of two sides, looked through and never held: what pricing asks for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.candidates import ScoredPairs
from mentormatch.exchange.graph import ExchangeGraph
from mentormatch.exchange.index import Met, SkillIndex
from mentormatch.exchange.layout import Layout
from mentormatch.exchange.preferred import NO_PREFERENCES, Preferred
from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.exchange.rules import PairTest
from mentormatch.exchange.sketches import Party
from mentormatch.jit import in_order
from mentormatch.people import Cohort

__all__ = ["AllowedPairs"]

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.int64]
Booleans: TypeAlias = NDArray[np.bool_]
#: Positions on side a, positions on side b, scores.
Pairs: TypeAlias = tuple[Rows, Rows, Floats]

#: How many pairs of somebody are looked at to see whether rules leave them any.
FEW = 64


@dataclass(frozen=True, eq=False, slots=True)
class AllowedPairs:
    """The pairs that rules and people allow, found by looking people up by their skills.

    Rules are asked about pairs that are worth enough, and about no others. Preferences are asked
    first, about the pairs that would be worth enough with all that preferences can add.
    """

    people: Cohort
    sides: tuple[Rows, Rows]
    score: Reciprocity | OneWay
    tests: tuple[PairTest, ...]
    preferred: Preferred
    named: Pairs  # required, whatever their score
    indexes: tuple[SkillIndex, SkillIndex]  # for the people of side a to look up, and of side b
    threads: int | None  # how many look people up

    @classmethod
    def of(
        cls,
        people: Cohort,
        side_a: Rows,
        side_b: Rows,
        score: Reciprocity | OneWay,
        tests: Sequence[PairTest],
        required: Rows,
        threads: int | None = None,
        preferred: Preferred = NO_PREFERENCES,
    ) -> "AllowedPairs":
        """List two sides of a program by skill, each for the other to look up.

        Parameters
        ----------
        people
            The cohort.
        side_a, side_b
            Rows of the people on either side.
        score
            How the two benefits become one number.
        tests
            The rules.
        required
            Pairs (position on a, position on b) that are allowed even at score 0, shape (pairs, 2).
        threads
            How many look people up; one for each processor by default.
        preferred
            What preferences add to the score of a pair.
        """
        parties, width = (
            Party.both(people, side_a, side_b, score.wishes_counted),
            people.teaches.shape[1],
        )

        def index(side: int) -> SkillIndex:
            return SkillIndex.of(parties[side], parties[1 - side], width, score, turned=side == 1)

        by_a, by_b = in_order(index, [(0,), (1,)], threads)
        named = required[:, 0].copy(), required[:, 1].copy()
        scores = score.combine(*by_a.benefits(*named))
        scores += preferred.points(scores, side_a[named[0]], side_b[named[1]])
        sides, pairs = (side_a, side_b), (*named, scores)
        return cls(people, sides, score, tuple(tests), preferred, pairs, (by_a, by_b), threads)

    @property
    def shape(self) -> tuple[int, int]:
        """How many people are on either side."""
        return len(self.sides[0]), len(self.sides[1])

    @property
    def largest(self) -> float:
        """What no pair is worth more than."""
        return 1.0 + self.preferred.most

    def required(self) -> Pairs:
        """Return the pairs that are allowed whatever their score."""
        return self.named

    def effort(self, side: int) -> Rows:
        """Return how much work looking at each person of a side is."""
        effort: Rows = np.diff(self.indexes[side].hits)
        return effort

    def above(
        self,
        side: int,
        who: Rows,
        need: Floats,
        prices: Floats,
        open_prices: Floats,
        is_open: Booleans,
        most: int | None,
        glance: int | None,
    ) -> Iterator[tuple[Pairs, Rows, Floats]]:
        """Yield the allowed pairs of some people that are worth what they need to be.

        Parameters
        ----------
        side
            On which side those people are.
        who
            Who, ascending.
        need, prices, open_prices, is_open, most, glance
            As for `SkillIndex.met`; what is needed is compared with the whole score.

        Yields
        ------
        pairs
            Positions on side a and on side b, and scores.
        cut : numpy.ndarray
            Whom of `who` more pairs may be worth enough than were considered.
        over : numpy.ndarray
            By how much those are worth more than they need to be, at most.
        """
        index = self.indexes[side]
        # The index knows nothing of preferences: it is asked for what would be enough with all of
        # them. So what it says of those left out, `over`, is with all of them too.
        # What is known of each of two people comes off what is asked of them and of their prices.
        own, other = (
            self.preferred.beyond(rows) for rows in (self.sides[side], self.sides[1 - side])
        )
        least = need - own - self.preferred.most_of_pairs
        asked = least, prices - other, open_prices - other, is_open, most
        for met in index.met(who, *asked, glance=glance, threads=self.threads):
            found = self._preferred(self._scored(met, side))
            if self.preferred.terms:
                ours, theirs = (found.b, found.a) if side else (found.a, found.b)
                costs = np.where(is_open[ours], open_prices[theirs], prices[theirs])
                found = found.where(found.score >= need[ours] + costs)
            kept = found.where(self._allowed(found))
            yield (kept.a, kept.b, kept.score), met.cut, met.over

    def every(self) -> Iterator[ScoredPairs]:
        """Yield all allowed pairs with something to exchange, in blocks of people of side a."""
        everybody = np.arange(self.shape[0])
        nothing = np.zeros(self.shape[0]), np.zeros(self.shape[1])
        for met in self.indexes[0].met(everybody, *nothing, threads=self.threads):
            found = self._scored(met, 0)
            yield self._preferred(found.where(self._allowed(found)))

    def graph(
        self,
        sides: tuple[str, str],
        rows: Rows,
        cols: Rows,
        scores: Floats,
        layout: Layout = "sides",
    ) -> ExchangeGraph:
        """Return the exchange graph of some of the pairs, the required ones among them.

        Parameters
        ----------
        sides
            What the two sides are called.
        rows, cols, scores
            The pairs, ordered by position on side a, then on side b.
        layout
            How people meet; in one pool each pair is given once.
        """
        a_benefit, b_benefit = self.indexes[0].benefits(rows, cols)
        taken = [rows, cols] if layout == "sides" else [np.concatenate((rows, cols))]
        without = [
            self.standing(side, np.setdiff1d(np.arange(self.shape[side]), ends))
            for side, ends in enumerate(taken)
        ]
        if layout == "pool":
            without *= 2  # either side is everybody
        no_exchange, no_permission = (
            (self.sides[0][of_a], self.sides[1][of_b]) for of_a, of_b in zip(*without, strict=True)
        )
        return ExchangeGraph(
            people=self.people,
            score_model=self.score,
            sides=sides,
            side_a=self.sides[0],
            side_b=self.sides[1],
            a=rows,
            b=cols,
            score=scores,
            preference=self.preferred.points(scores, self.sides[0][rows], self.sides[1][cols]),
            a_benefit=a_benefit,
            b_benefit=b_benefit,
            removed=None,
            without_exchange=no_exchange,
            without_permission=no_permission,
            layout=layout,
        )

    def standing(self, side: int, who: Rows) -> tuple[Rows, Rows]:
        """Return who of some people has nothing to exchange with anybody, and who no permission.

        Parameters
        ----------
        side, who
            People of a side, ascending.

        Returns
        -------
        without_exchange, without_permission : numpy.ndarray
            Positions; the latter have something to exchange, but rules forbid each such pair.
        """
        exchanging, permitted = np.zeros((2, self.shape[side]), dtype=np.bool_)
        free = np.zeros(self.shape[side]), np.zeros(self.shape[1 - side])
        for most in (FEW, None):  # a few settle nearly everybody
            asked = who[~permitted[who]]
            for met in self.indexes[side].met(asked, *free, most=most, threads=self.threads):
                found = self._scored(met, side)
                ends = found.b if side else found.a
                exchanging[ends] = True
                permitted[ends[self._permitted(found)]] = True
        return who[~exchanging[who]], who[exchanging[who] & ~permitted[who]]

    def _scored(self, met: Met, side: int) -> ScoredPairs:
        a, b, a_benefit, b_benefit = met.rows, met.cols, met.row_benefit, met.col_benefit
        if side:
            a, b, a_benefit, b_benefit = b, a, b_benefit, a_benefit
        scores = self.score.combine(a_benefit, b_benefit)
        return ScoredPairs(a, b, scores, a_benefit, b_benefit).where(scores > 0.0)

    def _preferred(self, pairs: ScoredPairs) -> ScoredPairs:
        """Add what preferences do to the scores."""
        rows_a, rows_b = self.sides[0][pairs.a], self.sides[1][pairs.b]
        return replace(
            pairs, score=pairs.score + self.preferred.points(pairs.score, rows_a, rows_b)
        )

    def _permitted(self, pairs: ScoredPairs) -> Rows:
        """Return which pairs no rule forbids; whoever fails one rule is not asked about others."""
        kept = np.arange(len(pairs.a))
        rows_a, rows_b = self.sides[0][pairs.a], self.sides[1][pairs.b]
        for test in self.tests:
            passed = test(rows_a[kept], rows_b[kept])
            kept = kept[passed]
        return kept

    def _allowed(self, pairs: ScoredPairs) -> Rows:
        kept = self._permitted(pairs)
        rows_a, rows_b = self.sides[0][pairs.a[kept]], self.sides[1][pairs.b[kept]]
        return kept[~self.people.are_declined(rows_a, rows_b)]
