"""Who shares a skill with whom: pairs that exchange something, without looking at all pairs.

Where both directions have to be above 0, a partner of somebody must want a skill they teach *and*
teach a skill they want. So each person of side b is listed under every pair (a skill wanted, a
skill taught), and a person of side a looks up the pairs (a skill taught, a skill wanted): each pair
of people met there is scored once, as by `mentormatch.exchange.benefit`, to the same bits. Where
one direction is enough, people are listed under single skills.

Kernels of the extra ``scale``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.benefit import GRAIN, OpenWishes, urgency
from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.jit import in_order, kernel
from mentormatch.people import Cohort

__all__ = ["indexed_pairs"]

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.int32]

#: More than anybody can teach: there is nothing to gain from what is not wanted.
UNWANTED = 2.0
#: Beyond it float64 holds whole numbers only.
NO_FRACTION = 2.0**52
#: How many entries of the index are looked at before pairs are handed on.
HITS_AT_ONCE = 1 << 21


@dataclass(frozen=True, eq=False, slots=True)
class _Lists:
    """Lists of skills by person, one after the other."""

    starts: Rows  # (people + 1,)
    skills: Places


@dataclass(frozen=True, eq=False, slots=True)
class _Side:
    """The profiles of one side, by position."""

    teaches: _Lists
    level: Floats  # of each skill taught
    wants: _Lists
    urgency: Floats  # of each open wish
    known: Floats  # what the learner has of it

    @classmethod
    def of(cls, people: Cohort, rows: Rows, counted: int | None) -> "_Side":
        offers = people.teaches[rows]
        wishes = OpenWishes.of(people, rows, counted)
        order = np.argsort(wishes.learner, kind="stable")
        skill = np.repeat(np.arange(len(wishes.starts) - 1), np.diff(wishes.starts))
        starts = np.concatenate(([0], np.cumsum(np.bincount(wishes.learner, minlength=len(rows)))))
        return cls(
            _Lists(offers.indptr.astype(np.int64), offers.indices.astype(np.int32)),
            offers.data.astype(np.float64),
            _Lists(starts.astype(np.int64), skill[order].astype(np.int32)),
            urgency(wishes.weight[order], wishes.known[order]),
            wishes.known[order],
        )

    def __len__(self) -> int:
        return len(self.wants.starts) - 1


@dataclass(frozen=True, eq=False, slots=True)
class _Index:
    """People of side b under keys made of skills."""

    keys: Rows  # distinct, ascending
    starts: Rows  # (keys + 1,)
    people: Places

    @classmethod
    def of(cls, keys: Rows, people: Rows) -> "_Index":
        order = np.lexsort((people, keys))
        distinct, first = np.unique(keys[order], return_index=True)
        return cls(distinct, np.append(first, len(keys)), people[order].astype(np.int32))

    def ranges(self, keys: Rows) -> tuple[Rows, Rows]:
        """Return where the people under each key begin and end."""
        if not len(self.keys):
            return np.zeros_like(keys), np.zeros_like(keys)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found = self.keys[place] == keys
        begin = np.where(found, self.starts[place], 0)
        return begin, np.where(found, self.starts[place + 1], begin)


def indexed_pairs(
    people: Cohort, side_a: Rows, side_b: Rows, score: Reciprocity | OneWay
) -> Iterator[tuple[Rows, Rows, Floats, Floats]]:
    """Yield the pairs of two sides that may be worth something, in blocks of side a.

    Parameters
    ----------
    people
        The cohort.
    side_a, side_b
        Rows of the people on either side.
    score
        Which directions count, and whether one is enough.

    Yields
    ------
    a, b : numpy.ndarray
        Positions on the two sides, ordered by a, then b; each pair once.
    a_benefit, b_benefit : numpy.ndarray
        What each receives; 0 in a direction that does not count.
    """
    a = _Side.of(people, side_a, score.wishes_counted)
    b = _Side.of(people, side_b, score.wishes_counted)
    width = people.teaches.shape[1]
    index = _Index.of(*_keys(b, score, width, turned=True))
    keys, owner = _keys(a, score, width, turned=False)
    order = np.argsort(owner, kind="stable")
    begin, end = index.ranges(keys[order])
    starts = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=len(a))))).astype(np.int64)
    hits = np.concatenate(([0], np.cumsum(end - begin)))[starts]
    counted = np.iinfo(np.int64).max if score.wishes_counted is None else score.wishes_counted

    def scored(first: int, last: int) -> tuple[Rows, Rows, Floats, Floats]:
        room = int(hits[last] - hits[first])
        ends = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
        benefits = np.empty(room), np.empty(room)
        found = _score(
            first, last, starts, begin, end, index.people,
            a.teaches.starts, a.teaches.skills, a.level,
            a.wants.starts, a.wants.skills, a.urgency, a.known,
            b.teaches.starts, b.teaches.skills, b.level,
            b.wants.starts, b.wants.skills, b.urgency, b.known,
            width, counted, score.a_receives, score.b_receives, *ends, *benefits,
        )  # fmt: skip
        return ends[0][:found], ends[1][:found], benefits[0][:found], benefits[1][:found]

    yield from in_order(scored, _blocks(hits))


def _blocks(hits: Rows) -> Iterator[tuple[int, int]]:
    """Cut side a so that no block has many more hits than `HITS_AT_ONCE`."""
    first, size = 0, len(hits) - 1
    while first < size:
        last = int(np.searchsorted(hits, hits[first] + HITS_AT_ONCE, side="right")) - 1
        last = min(max(last, first + 1), size)
        if hits[last] > hits[first]:
            yield first, last
        first = last


def _keys(
    side: _Side, score: Reciprocity | OneWay, width: int, *, turned: bool
) -> tuple[Rows, Rows]:
    """Return the keys under which people of side b are listed and those of side a look.

    Side b is `turned`: what it wants side a teaches.
    """
    met, meets = (side.wants, side.teaches) if turned else (side.teaches, side.wants)
    if score.needs_both:
        return _crossed(met.starts, met.skills, meets.starts, meets.skills, width)
    keys, owners = [], []
    for number, (lists, counts) in enumerate(((met, score.b_receives), (meets, score.a_receives))):
        if counts:
            keys.append(number * width + lists.skills.astype(np.int64))
            owners.append(np.repeat(np.arange(len(side)), np.diff(lists.starts)))
    return np.concatenate(keys), np.concatenate(owners)


@kernel
def _crossed(
    starts: Rows, skills: Places, other_starts: Rows, others: Places, width: int
) -> tuple[Rows, Rows]:
    """Return a key for each pair of a skill of the one list and one of the other, by person."""
    size = 0
    for person in range(len(starts) - 1):
        size += (starts[person + 1] - starts[person]) * (
            other_starts[person + 1] - other_starts[person]
        )
    keys, owners = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    place = 0
    for person in range(len(starts) - 1):
        for one in range(starts[person], starts[person + 1]):
            for other in range(other_starts[person], other_starts[person + 1]):
                keys[place] = skills[one] * width + others[other]
                owners[place] = person
                place += 1
    return keys, owners


@kernel
def _score(  # noqa: C901 - one thought, and calls between kernels would take arrays apart
    first: int,
    last: int,
    starts: Rows,
    begin: Rows,
    end: Rows,
    listed: Places,
    a_starts: Rows,
    a_skills: Places,
    a_level: Floats,
    a_wish_starts: Rows,
    a_wishes: Places,
    a_urgency: Floats,
    a_known: Floats,
    b_starts: Rows,
    b_skills: Places,
    b_level: Floats,
    b_wish_starts: Rows,
    b_wishes: Places,
    b_urgency: Floats,
    b_known: Floats,
    width: int,
    counted: int,
    a_receives: bool,
    b_receives: bool,
    found_a: Rows,
    found_b: Rows,
    a_benefit: Floats,
    b_benefit: Floats,
) -> int:
    """Score whom the people of side a from `first` to `last` meet; return how many pairs."""
    stamp = np.full(len(b_starts) - 1, -1, dtype=np.int32)
    offered, urgency_of = np.zeros(width), np.zeros(width)
    known = np.full(width, UNWANTED)
    terms = np.empty(16)
    count = 0
    for a in range(first, last):
        met = count
        for key in range(starts[a], starts[a + 1]):
            for place in range(begin[key], end[key]):
                b = listed[place]
                if stamp[b] != a:
                    stamp[b] = a
                    found_b[met] = b
                    met += 1
        if met == count:
            continue
        found_b[count:met].sort()
        for place in range(a_starts[a], a_starts[a + 1]):
            offered[a_skills[place]] = a_level[place]
        for place in range(a_wish_starts[a], a_wish_starts[a + 1]):
            urgency_of[a_wishes[place]] = a_urgency[place]
            known[a_wishes[place]] = a_known[place]
        for place in range(count, met):
            b = found_b[place]
            found_a[place] = a
            size = 0
            if b_receives:
                if len(terms) < b_wish_starts[b + 1] - b_wish_starts[b]:
                    terms = np.empty(2 * (b_wish_starts[b + 1] - b_wish_starts[b]))
                for wish in range(b_wish_starts[b], b_wish_starts[b + 1]):
                    gain = offered[b_wishes[wish]] - b_known[wish]
                    if gain > 0.0:
                        terms[size] = _rounded(b_urgency[wish] * gain)
                        size += 1
            b_benefit[place] = _total(terms, size, counted)
            size = 0
            if a_receives:
                if len(terms) < b_starts[b + 1] - b_starts[b]:
                    terms = np.empty(2 * (b_starts[b + 1] - b_starts[b]))
                for skill in range(b_starts[b], b_starts[b + 1]):
                    wanted = b_skills[skill]
                    gain = b_level[skill] - known[wanted]
                    if gain > 0.0:
                        terms[size] = _rounded(urgency_of[wanted] * gain)
                        size += 1
            a_benefit[place] = _total(terms, size, counted)
        for place in range(a_starts[a], a_starts[a + 1]):
            offered[a_skills[place]] = 0.0
        for place in range(a_wish_starts[a], a_wish_starts[a + 1]):
            known[a_wishes[place]] = UNWANTED
        count = met
    return count


@kernel
def _rounded(grains: float) -> float:
    """Round as `mentormatch.exchange.benefit.contribution` does.

    Adding what has no room for a fraction rounds to even, like rint, at a tenth of the time.
    """
    return grains + NO_FRACTION - NO_FRACTION


@kernel
def _total(terms: Floats, size: int, counted: int) -> float:
    """Add up the largest terms, whole numbers of grains; at most 1."""
    if size > counted:
        terms[:size].sort()
        # The largest are at the end.
        total = 0.0
        for place in range(size - counted, size):
            total += terms[place]
        return min(total / GRAIN, 1.0)
    total = 0.0
    for place in range(size):
        total += terms[place]
    return min(total / GRAIN, 1.0)
