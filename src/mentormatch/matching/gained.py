"""What the best matching gains if somebody who is single teaches, or wishes for, one skill more.

They add nothing to the best matching as they are, so that only the pairs which the skill makes
better can add something: those with people who wish for it, or teach it. Of these most cannot
either, even with a score that no pair of theirs exceeds; the prices (`mentormatch.assign.ends`, in
one pool `mentormatch.assign.pool_ends`) say so at once. Only of the rest is it asked what they are
worth and whether the rules allow them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.ends import Ends, Gain
from mentormatch.assign.pool_ends import PoolEnds
from mentormatch.exchange.acquaintances import Acquaintances, Met
from mentormatch.exchange.benefit import OpenWishes, row_of_each_entry
from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.insight import Insight
from mentormatch.people.supposing import ListName

__all__ = ["Gained"]

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
#: Which skill is added, with whom there is a pair then, and what they exchange.
_Pairs: TypeAlias = tuple[Rows, Rows, Floats]


@dataclass(frozen=True, eq=False, slots=True)
class _Terms:
    """What a skill adds between a variant of somebody and one of the others."""

    variant: Rows
    other: Rows
    skill: Rows
    term: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Gained:
    """What somebody's changes would add to the best matching, by its prices."""

    insight: Insight
    row: int
    side: int
    model: Reciprocity | OneWay
    others: Rows  # rows of those on the other side, or in the pool
    known: Acquaintances  # the same, by position
    ends: Ends | PoolEnds
    gives: Met  # as it is
    gets: Met
    taught: Floats  # of each skill
    has: Floats
    wanted: Floats

    @property
    def everybody(self) -> Rows:
        """The positions on the other side, or in the pool."""
        return np.arange(len(self.others))

    @classmethod
    def of(cls, insight: Insight, row: int, side: int) -> "Gained":
        """Look up what somebody exchanges with everybody whom they could have.

        Parameters
        ----------
        insight
            An answer of which `Insight.has_gains` is true, proven best.
        row
            Who; they are single, and on one side only.
        side
            On which, 0 or 1; 0 in one pool. In rings 0 for what they could teach, and 1 for what
            they could learn.
        """
        graph = insight.solved.graph
        model, known = graph.score_model, insight.acquaintances(side)
        assert not isinstance(model, SharedWishes)  # which is what buddies of a pool have
        others = graph.side_a if side else graph.side_b
        gives, gets = insight.exchanged(row, side)
        people = insight.people
        taught, knows, wanted = (
            matrix[[row]].toarray()[0] for matrix in (people.teaches, people.knows, people.wants)
        )
        skills = taught, np.maximum(taught, knows), wanted
        ends = insight.worth_to(row, side)
        return cls(insight, row, side, model, others, known, ends, gives, gets, *skills)

    def gains(self, name: ListName, skills: Rows, level: float) -> Mapping[int, Gain]:
        """Return the skills by which the best matching gains something, and what.

        In one pool only those by which it gains most are returned.

        Parameters
        ----------
        name
            To which of the person's lists a skill is added.
        skills
            Which skills; one or more.
        level
            How well they teach it, or want it: no less than now.
        """
        found = (self._teaching if name == "teaches" else self._wishing)(skills, level)
        by_ends: dict[int, tuple[Ends | PoolEnds, list[_Pairs]]] = {}
        for ends, pairs in found:  # in rings, wishes that are others change what others are worth
            by_ends.setdefault(id(ends), (ends, []))[1].append(pairs)
        gained: dict[int, Gain] = {}
        for ends, parts in by_ends.values():
            variant, other, worth = (np.concatenate(part) for part in zip(*parts, strict=True))
            scores = worth + self.insight.preferred.points(worth, *self._rows(other))
            some, place = np.unique(variant, return_inverse=True)
            gains = ends.gain_of_rows(place, other, scores, len(some))
            named = zip(skills[some].tolist(), gains, strict=True)
            gained.update((skill, gain) for skill, gain in named if gain.is_some)
        return gained

    def _teaching(self, skills: Rows, level: float) -> Iterator[tuple[Ends | PoolEnds, _Pairs]]:
        """Yield the pairs that may gain if somebody teaches a skill, and what they are worth."""
        each = variant = np.arange(len(skills))
        added, levels = skills, np.full(len(skills), level)
        if self.insight.people.has_taxonomy:
            variant, added, levels = self._credited(skills, level)
        # Who teaches what they wished for has other wishes from then on.
        is_other = np.zeros(len(skills), dtype=np.bool_)
        is_other[variant[self.wanted[added] > 0.0]] = True
        for which, gets in ((~is_other, self.gets), *self._other_wishes(skills, level, is_other)):
            own = which[variant]
            then, better = self._getting(gets)
            terms = then._learning(variant[own], added[own], levels[own])
            with_all = each[which] if len(better) else better
            besides = np.repeat(with_all, len(better)), np.tile(better, len(with_all))
            yield then.ends, then._worth(terms, besides, self.gives, gets.total, is_given=True)

    def _getting(self, gets: Met) -> tuple["Gained", Rows]:
        """Return the same if somebody gets other things, and with whom they gain by that alone."""
        if self.insight.solved.graph.layout != "arrows":
            return replace(self, gets=gets), np.flatnonzero(gets.total > self.gets.total)
        if gets is self.gets:
            return self, self.everybody[:0]
        # Others may teach them, or for more: a ring through whomever they teach may be better.
        turned = replace(self, side=1 - self.side)
        worth = turned._combined(self.gives.total, gets.total)
        teachers = np.flatnonzero(worth > 0.0)
        teachers = teachers[turned._may_meet(teachers)]
        exchanged, ends = worth[teachers], turned._rows(teachers)
        arrows = teachers, exchanged + self.insight.preferred.points(exchanged, *ends)
        place = self.insight.place(self.side, self.row)
        ends_then = self.insight.joining.ends(place, self.side, arrows)
        return replace(self, gets=gets, ends=ends_then), np.flatnonzero(self.gives.total)

    def _credited(self, skills: Rows, level: float) -> tuple[Rows, Rows, Floats]:
        """Return all that somebody would teach better with each skill, by the taxonomy."""
        taught = self.insight.people.variants(self.row, "teaches", skills, level).teaches
        more = np.flatnonzero(taught.data != self.taught[taught.indices])
        skill = taught.indices[more].astype(np.int64)
        return row_of_each_entry(taught)[more], skill, taught.data[more]

    def _learning(self, variant: Rows, skill: Rows, level: Floats) -> _Terms:
        """Return what variants teach those with whom there can be a gain."""
        can_be = self._may_gain(np.ones(len(self.others)), self.gets.total, self.everybody)
        found = self.known.learning(skill, level)
        some = can_be[found.other]
        asked = found.asked[some]
        return _Terms(variant[asked], found.other[some], skill[asked], found.term[some])

    def _other_wishes(
        self, skills: Rows, level: float, is_other: Bools
    ) -> Iterator[tuple[Bools, Met]]:
        """Yield skills with which the person's own wishes are others, and how far these are met."""
        which = np.flatnonzero(is_other)
        if not len(which):
            return
        changed = self.insight.people.variants(self.row, "teaches", skills[which], level)
        wishes = OpenWishes.of(changed, np.arange(len(which)), self.known.wishes.counted)
        alike: dict[bytes, tuple[list[int], tuple[Rows, Floats, Floats]]] = {}
        asked = wishes.skills, wishes.weight, wishes.known
        for number, variant in enumerate(which.tolist()):
            mine = np.flatnonzero(wishes.learner == number)
            own = asked[0][mine], asked[1][mine], asked[2][mine]
            key = b"".join(part.tobytes() for part in own)
            alike.setdefault(key, ([], own))[0].append(variant)
        for variants, own in alike.values():
            mask = np.zeros(len(skills), dtype=np.bool_)
            mask[variants] = True
            yield mask, self.known.met(own[0], self.known.teaching(*own))

    def _wishing(self, skills: Rows, level: float) -> Iterator[tuple[Ends | PoolEnds, _Pairs]]:
        """Yield the pairs that may gain if somebody wishes for a skill, and what they are worth."""
        people, counted = self.insight.people, self.known.wishes.counted
        # With a wish more all others count for less. For how much depends on their sum, and to the
        # last bit on its order: on the place of the new one among them.
        place = np.searchsorted(np.flatnonzero(self.wanted), skills)
        places, example, kind = np.unique(place, return_index=True, return_inverse=True)
        changed = people.variants(self.row, "wants", skills[example], level)
        wishes = OpenWishes.of(changed, np.arange(len(places)), counted)
        can_be = self._may_gain(self.gives.total, np.ones(len(self.others)), self.everybody)
        for number, like in enumerate(skills[example].tolist()):
            mine = np.flatnonzero(wishes.learner == number)
            is_new = wishes.skills[mine] == like
            [new], old = mine[is_new], mine[~is_new]
            asked = wishes.skills[old], wishes.weight[old], wishes.known[old]
            rest = self.known.met(asked[0], self.known.teaching(*asked))
            which = np.flatnonzero(kind == number)
            weights = np.full(len(which), wishes.weight[new])
            found = self.known.teaching(skills[which], weights, self.has[skills[which]])
            some = can_be[found.other]
            variant = which[found.asked[some]]
            terms = _Terms(variant, found.other[some], skills[variant], found.term[some])
            none = variant[:0], variant[:0]
            pairs = self._worth(terms, none, rest, self.gives.total, is_given=False)
            yield self.ends, pairs

    def _worth(
        self,
        terms: _Terms,
        besides: tuple[Rows, Rows],
        rest: Met,
        other_way: Floats,
        *,
        is_given: bool,
    ) -> _Pairs:
        """Return the allowed pairs that may gain something, and what they exchange.

        Terms are added to the rest of what the person gives, or else of what they get.
        """
        width = len(self.others)
        keys = np.concatenate(
            (terms.variant * width + terms.other, besides[0] * width + besides[1])
        )
        pairs, place = np.unique(keys, return_inverse=True)
        place = place[: len(terms.term)]
        variant, other = np.divmod(pairs, width)
        most = rest.total[other] + np.bincount(place, terms.term, minlength=len(pairs))
        kept = self._may_gain(*_ordered(np.minimum(most, 1.0), other_way[other], is_given), other)
        kept[kept] = self._may_meet(other[kept])
        number = np.cumsum(kept) - 1
        variant, other, own = variant[kept], other[kept], kept[place]
        sums = rest.with_others(other, number[place[own]], terms.skill[own], terms.term[own])
        worth = self._combined(*_ordered(sums, other_way[other], is_given))
        some = worth > 0.0
        return variant[some], other[some], worth[some]

    def _may_gain(self, gives: Floats, gets: Floats, others: Rows) -> Bools:
        """Say with whom there may be a gain if no more than this is exchanged."""
        worth = self._combined(gives, gets)
        gain = self.ends.may_gain(others, worth + self.insight.preferred.most)
        return (worth > 0.0) & gain

    def _may_meet(self, others: Rows) -> Bools:
        """Say which pairs rules and people allow."""
        asked, place = np.unique(others, return_inverse=True)
        ends = self._rows(asked)
        may_be = ~self.insight.people.are_declined(*ends)
        for _, test in self.insight.tests:
            may_be &= test(*ends)
        return may_be[place]

    def _combined(self, gives: Floats, gets: Floats) -> Floats:
        return self.model.combine(*((gives, gets) if self.side else (gets, gives)))

    def _rows(self, others: Rows) -> tuple[Rows, Rows]:
        """Return the two ends of pairs, side a first; in one pool, the smaller row."""
        same = np.full(len(others), self.row)
        if self.insight.solved.graph.layout == "pool":
            rows = self.others[others]
            return np.minimum(rows, same), np.maximum(rows, same)
        return (self.others[others], same) if self.side else (same, self.others[others])


def _ordered(one: Floats, other: Floats, is_given: bool) -> tuple[Floats, Floats]:
    """Return what is given first."""
    return (one, other) if is_given else (other, one)
