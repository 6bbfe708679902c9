"""Who shares a skill with whom: pairs that exchange something, without looking at all pairs.

Where both directions have to be above 0, a partner of somebody must want a skill they teach *and*
teach a skill they want. So each person of one side is listed under every pair (a skill wanted, a
skill taught), and those of the other look up the pairs (a skill taught, a skill wanted). Where one
direction is enough, people are listed under single skills.

Whoever meets is scored as by `mentormatch.exchange.benefit`, to the same bits: an entry of the
index says what one skill adds, and the terms of a benefit are whole grains, which add up to the
same in any order. So nobody's profile is ever opened, and what is read lies side by side. People
are taken a tile at a time, so that the sums of a tile stay in the processor's nearest memory; at a
million people that is twice as quick.

Kernels of the extra ``scale``.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.benefit import GRAIN, OpenWishes, urgency
from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.jit import in_order, kernel
from mentormatch.people import Cohort

__all__ = ["Met", "SkillIndex"]

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.int32]
Booleans: TypeAlias = NDArray[np.bool_]

#: Beyond it float64 holds whole numbers only.
NO_FRACTION = 2.0**52
#: Scores are rounded after they are compared here, by half a multiple of 2**-40.
MARGIN = 2.0**-39
#: What decides between equals when the best few are kept; scores are multiples of 2**-40.
JITTER = 2.0**-41
#: How many people's sums fit into the processor's nearest memory.
TILE = 1 << 14
#: How many entries of the index are looked at before pairs are handed on: of all pairs, or of the
#: best few of each person.
HITS_AT_ONCE, HITS_OF_FEW = 1 << 21, 1 << 24

#: Numbers of the means, in which kernels are told of them.
MEANS = ("harmonic", "geometric", "minimum", "arithmetic", "one_way")


@dataclass(frozen=True, eq=False, slots=True)
class Met:
    """Pairs that an index found, by position on the two sides.

    Attributes
    ----------
    rows, cols : numpy.ndarray
        Who met, ordered by row, then column.
    row_benefit, col_benefit : numpy.ndarray
        What each receives; 0 in a direction that does not count.
    cut : numpy.ndarray
        Rows that met more people than were asked for; the best are here.
    """

    rows: Rows
    cols: Rows
    row_benefit: Floats
    col_benefit: Floats
    cut: Rows


@dataclass(frozen=True, eq=False, slots=True)
class _Side:
    """The profiles of one side, by position, one after the other."""

    teach_starts: Rows  # (people + 1,)
    taught: Places
    level: Floats  # of each skill taught
    wish_starts: Rows  # (people + 1,)
    wanted: Places
    urgency: Floats  # of each open wish
    known: Floats  # what the learner has of it

    @classmethod
    def of(cls, people: Cohort, rows: Rows, counted: int | None) -> "_Side":
        offers = people.teaches[rows]
        wishes = OpenWishes.of(people, rows, counted)
        order = np.argsort(wishes.learner, kind="stable")
        skill = np.repeat(np.arange(len(wishes.starts) - 1), np.diff(wishes.starts))
        return cls(
            offers.indptr.astype(np.int64),
            offers.indices.astype(np.int32),
            offers.data.astype(np.float64),
            _ends(np.bincount(wishes.learner, minlength=len(rows))),
            skill[order].astype(np.int32),
            urgency(wishes.weight[order], wishes.known[order]),
            wishes.known[order],
        )

    def __len__(self) -> int:
        return len(self.wish_starts) - 1

    def keys(
        self, width: int, score: Reciprocity | OneWay, *, receives: tuple[bool, bool], listed: bool
    ) -> tuple[Rows, Rows, Rows, Rows]:
        """Return keys, whose they are, and the places of the skill taught and wanted, or -1.

        Who is `listed` stands under what they want first, who looks has what they teach first.
        Whether this side `receives`, and whether the other does, says which single skills count.
        """
        if score.needs_both:
            return _crossed(
                self.teach_starts, self.taught, self.wish_starts, self.wanted, width, listed
            )
        parts = []
        for is_wish in (listed, not listed):
            starts = self.wish_starts if is_wish else self.teach_starts
            skills = self.wanted if is_wish else self.taught
            if not receives[0 if is_wish else 1]:
                continue
            kind = width * (is_wish != listed)
            place, none = np.arange(len(skills)), np.full(len(skills), -1)
            owner = np.repeat(np.arange(len(self)), np.diff(starts))
            ends = (none, place) if is_wish else (place, none)
            parts.append((kind + skills.astype(np.int64), owner, *ends))
        keys, owner, teach, wish = (np.concatenate(part) for part in zip(*parts, strict=True))
        return keys, owner, teach, wish


@dataclass(frozen=True, eq=False, slots=True)
class _Entries:
    """People of the side that is looked up, under keys made of skills."""

    keys: Rows  # distinct, ascending
    starts: Rows  # (keys + 1,)
    person: Places  # ascending under each key
    urgency: Floats  # of their wish
    known: Floats  # what they have of it
    level: Floats  # of what they teach

    @classmethod
    def of(cls, side: _Side, keys: Rows, owner: Rows, teach: Rows, wish: Rows) -> "_Entries":
        order = np.lexsort((owner, keys))
        distinct, first = np.unique(keys[order], return_index=True)
        teach, wish = teach[order], wish[order]
        return cls(
            distinct,
            np.append(first, len(keys)),
            owner[order].astype(np.int32),
            _taken(side.urgency, wish),
            _taken(side.known, wish),
            _taken(side.level, teach),
        )

    def ranges(self, keys: Rows) -> tuple[Rows, Rows]:
        """Return where the people under each key begin and end."""
        if not len(self.keys):
            return np.zeros_like(keys), np.zeros_like(keys)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found = self.keys[place] == keys
        begin = np.where(found, self.starts[place], 0)
        return begin, np.where(found, self.starts[place + 1], begin)


@dataclass(frozen=True, eq=False, slots=True)
class SkillIndex:
    """One side of a program, listed by skill for the other to look up.

    Made by `SkillIndex.of`. The side that looks up are the rows, the side that is listed the
    columns; either side of a program may be either.
    """

    mean: int  # a place in MEANS
    counted: int | None
    rows: _Side
    cols: _Side
    entries: _Entries
    starts: Rows  # (rows + 1,): where each row's keys begin
    begin: Rows  # of each key, where the people under it begin and end
    end: Rows
    teach: Rows  # the row's skill taught that the key has, as a place in its side, or -1
    wish: Rows
    hits: Rows  # (rows + 1,): how many people stand under the keys of the rows before

    @classmethod
    def of(
        cls, people: Cohort, rows: Rows, cols: Rows, score: Reciprocity | OneWay, *, turned: bool
    ) -> "SkillIndex":
        """List one side of a program by skill.

        Parameters
        ----------
        people
            The cohort.
        rows, cols
            Rows of the cohort: the people who look up, and those who are listed.
        score
            Which directions count, and whether one is enough.
        turned
            Whether those who look up are side b of the score.
        """
        mine, theirs = score.a_receives, score.b_receives
        if turned:
            mine, theirs = theirs, mine
        counted, width = score.wishes_counted, people.teaches.shape[1]
        left, right = _Side.of(people, rows, counted), _Side.of(people, cols, counted)
        entries = _Entries.of(
            right, *right.keys(width, score, receives=(theirs, mine), listed=True)
        )
        keys, owner, teach, wish = left.keys(width, score, receives=(mine, theirs), listed=False)
        order = np.argsort(owner, kind="stable")
        begin, end = entries.ranges(keys[order])
        starts = _ends(np.bincount(owner, minlength=len(left)))
        mean = "one_way" if isinstance(score, OneWay) else score.mean
        return cls(
            mean=MEANS.index(mean),
            counted=counted,
            rows=left,
            cols=right,
            entries=entries,
            starts=starts,
            begin=begin,
            end=end,
            teach=teach[order],
            wish=wish[order],
            hits=_ends(end - begin)[starts],
        )

    def met(
        self,
        rows: Rows,
        need: Floats,
        prices: Floats,
        open_prices: Floats | None = None,
        is_open: Booleans | None = None,
        most: int | None = None,
        *,
        any_pairs: bool = False,
    ) -> Iterator[Met]:
        """Yield the pairs that are worth what they need to be, in blocks of rows.

        Parameters
        ----------
        rows
            Which rows to look up, ascending.
        need : float64 array, shape (rows of the index,)
            What a pair must be worth at least, before the column's price is added.
        prices : float64 array, shape (columns,)
            What it must be worth in addition.
        open_prices, is_open
            Other prices, for rows where the second is True.
        most
            How many pairs are wanted for each row, those that are worth most beyond their need;
            `None` for all. Of equals each row has others, so that not all ask for the same few.
        any_pairs
            Whether it need not be the best: a row that has met enough looks no further.

        Yields
        ------
        Met
            Also pairs that miss their need by `MARGIN`, or because a score has a floor or does not
            count all wishes: their exact scores are for the caller to say.
        """
        if open_prices is None or is_open is None:
            open_prices, is_open = prices, np.zeros(len(self.rows), dtype=np.bool_)
        hits = np.diff(self.hits)[rows]
        before = _ends(hits)
        room = before if most is None else _ends(np.minimum(hits, most))
        least = need - MARGIN

        def found(first: int, last: int) -> Met:
            return self._found(
                rows[first:last],
                room[first : last + 1],
                least,
                prices,
                open_prices,
                is_open,
                any_pairs,
            )

        at_once = HITS_AT_ONCE if most is None else HITS_OF_FEW
        yield from in_order(found, _blocks(before, at_once))

    def _found(
        self,
        rows: Rows,
        room: Rows,
        need: Floats,
        prices: Floats,
        open_prices: Floats,
        is_open: Booleans,
        any_pairs: bool,
    ) -> Met:
        room = room - room[0]
        size = int(room[-1])
        cols, excess = np.empty(size, dtype=np.int32), np.empty(size)
        benefits = np.empty(size), np.empty(size)
        count = np.zeros(len(rows), dtype=np.int64)
        cut = np.zeros(len(rows), dtype=np.bool_)
        entries = self.entries
        _meet(
            rows, self.starts, self.begin, self.end, self.teach, self.wish,
            self.rows.teach_starts, self.rows.level, self.rows.urgency, self.rows.known,
            entries.person, entries.urgency, entries.known, entries.level,
            len(self.cols), self.mean,
            need, prices, open_prices, is_open, any_pairs,
            room, count, cut, cols, excess, *benefits,
        )  # fmt: skip
        place = np.repeat(room[:-1] - _ends(count)[:-1], count) + np.arange(count.sum())
        row = np.repeat(rows, count)
        order = np.lexsort((cols[place], row))
        place = place[order]
        met = row, cols[place].astype(np.int64)
        if self.counted is None:
            exact = benefits[0][place], benefits[1][place]
        else:
            exact = self.benefits(*met)
        return Met(*met, *exact, rows[cut])

    def benefits(self, rows: Rows, cols: Rows) -> tuple[Floats, Floats]:
        """Return what the two people of each pair receive, one by one.

        Parameters
        ----------
        rows, cols
            Any pairs, by position.

        Returns
        -------
        row_benefit, col_benefit : float64 arrays, shape (pairs,)
            0 in a direction that does not count.
        """
        one_way = self.mean == MEANS.index("one_way")
        receives = (
            not one_way or bool((self.wish >= 0).any()),
            not one_way or bool((self.teach >= 0).any()),
        )
        most = np.iinfo(np.int64).max if self.counted is None else self.counted
        sides, ends = (self.rows, self.cols), (rows, cols)
        row_benefit, col_benefit = np.zeros(len(rows)), np.zeros(len(rows))
        for number, benefit in enumerate((row_benefit, col_benefit)):
            learner, teacher = sides[number], sides[1 - number]
            if receives[number]:
                _count_largest(
                    ends[number], learner.wish_starts, learner.wanted, learner.urgency,
                    learner.known, ends[1 - number], teacher.teach_starts, teacher.taught,
                    teacher.level, most, benefit,
                )  # fmt: skip
        return row_benefit, col_benefit


def _ends(counts: Rows) -> Rows:
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)


def _taken(values: Floats, places: Rows) -> Floats:
    """Return values at some places; 0 at place -1."""
    return np.append(values, 0.0)[places]


def _blocks(hits: Rows, at_once: int) -> Iterator[tuple[int, int]]:
    """Cut rows so that no block has many more hits than may be looked at at once."""
    first, size = 0, len(hits) - 1
    while first < size:
        last = int(np.searchsorted(hits, hits[first] + at_once, side="right")) - 1
        last = min(max(last, first + 1), size)
        if hits[last] > hits[first]:
            yield first, last
        first = last


@kernel
def _crossed(
    teach_starts: Rows, taught: Places, wish_starts: Rows, wanted: Places, width: int, listed: bool
) -> tuple[Rows, Rows, Rows, Rows]:
    """Return a key for each pair of a skill taught and one wanted, by person."""
    size = 0
    people = len(teach_starts) - 1
    for person in range(people):
        size += (teach_starts[person + 1] - teach_starts[person]) * (
            wish_starts[person + 1] - wish_starts[person]
        )
    keys, owners = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    teach, wish = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    place = 0
    for person in range(people):
        for one in range(teach_starts[person], teach_starts[person + 1]):
            for other in range(wish_starts[person], wish_starts[person + 1]):
                if listed:
                    keys[place] = wanted[other] * np.int64(width) + taught[one]
                else:
                    keys[place] = taught[one] * np.int64(width) + wanted[other]
                owners[place], teach[place], wish[place] = person, one, other
                place += 1
    return keys, owners, teach, wish


@kernel
def _meet(  # noqa: C901 - one thought, and calls between kernels would take arrays apart
    rows: Rows,
    starts: Rows,
    begin: Rows,
    end: Rows,
    teach: Rows,
    wish: Rows,
    teach_starts: Rows,
    row_level: Floats,
    row_urgency: Floats,
    row_known: Floats,
    person: Places,
    urgency: Floats,
    known: Floats,
    level: Floats,
    width: int,
    mean: int,
    need: Floats,
    prices: Floats,
    open_prices: Floats,
    is_open: Booleans,
    any_pairs: bool,
    room: Rows,
    count: Rows,
    cut: Booleans,
    cols: Places,
    excess: Floats,
    row_benefit: Floats,
    col_benefit: Floats,
) -> None:
    """Add up what rows and the people under their keys give each other, tile by tile."""
    size = 0
    for row in rows:
        size += starts[row + 1] - starts[row]
    cursor = np.empty(size, dtype=np.int64)  # of each key of each row, how far its people are done
    size = 0
    for row in rows:
        for key in range(starts[row], starts[row + 1]):
            cursor[size] = begin[key]
            size += 1
    # Of each person of the tile: the first and the last skill of the row that met a wish of theirs
    # (a number that says for whom it was), what the row receives, what
    # they receive. A pair that shares several skills both ways meets under each pair of these:
    # what a skill adds counts once.
    sums = np.empty((TILE, 4))
    touched = np.empty(TILE, dtype=np.int32)
    for tile in range(0, width, TILE):
        sums[:, 0] = -1.0
        place = 0
        for at in range(len(rows)):
            row = rows[at]
            if any_pairs and cut[at]:
                place += starts[row + 1] - starts[row]
                continue
            base = np.float64(teach_starts[row] + row)  # another for each row, ascending
            met = 0
            for key in range(starts[row], starts[row + 1]):
                entry, last = cursor[place], end[key]
                gives, gets = teach[key] >= 0, wish[key] >= 0
                given = np.float64(teach[key] + row) if gives else base
                offered = row_level[teach[key]] if gives else 0.0
                own, has = 0.0, 0.0
                if gets:
                    own, has = row_urgency[wish[key]], row_known[wish[key]]
                while entry < last and person[entry] < tile + TILE:
                    col = person[entry] - tile
                    if sums[col, 0] < base:
                        touched[met] = col
                        met += 1
                        sums[col, 0], sums[col, 1] = given, -1.0
                        sums[col, 2] = sums[col, 3] = 0.0
                    if gives and sums[col, 1] != given:
                        sums[col, 1] = given
                        gain = offered - known[entry]
                        if gain > 0.0:
                            sums[col, 3] += _rounded(urgency[entry] * gain)
                    if gets and (not gives or sums[col, 0] == given):
                        gain = level[entry] - has
                        if gain > 0.0:
                            sums[col, 2] += _rounded(own * gain)
                    entry += 1
                cursor[place] = entry
                place += 1
            first, least = room[at], need[row]
            most = room[at + 1] - first
            for number in range(met):
                col = touched[number]
                gets_back = min(sums[col, 2] / GRAIN, 1.0)
                gets_there = min(sums[col, 3] / GRAIN, 1.0)
                worth = _mean(mean, gets_back, gets_there)
                if worth <= 0.0:
                    continue
                price = open_prices[tile + col] if is_open[row] else prices[tile + col]
                over = worth - least - price
                if over < 0.0:
                    continue
                if count[at] == most and over + JITTER <= excess[first]:
                    cut[at] = True
                    continue
                over += _jitter(row, tile + col)
                if count[at] < most:
                    spot = first + count[at]
                    count[at] += 1
                    sifts = count[at] == most
                else:
                    cut[at] = True
                    if over <= excess[first]:
                        continue
                    spot, sifts = first, False
                excess[spot], cols[spot] = over, tile + col
                row_benefit[spot], col_benefit[spot] = gets_back, gets_there
                if sifts:  # full: from here on the least of them is kept at the front
                    for start in range(most // 2 - 1, -1, -1):
                        _sift(start, first, most, excess, cols, row_benefit, col_benefit)
                elif spot == first and count[at] == most:
                    _sift(0, first, most, excess, cols, row_benefit, col_benefit)


@kernel
def _sift(
    start: int,
    first: int,
    size: int,
    excess: Floats,
    cols: Places,
    row_benefit: Floats,
    col_benefit: Floats,
) -> None:
    """Let an entry of a binary heap, least first, sink to its place."""
    place = start
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and excess[first + below + 1] < excess[first + below]:
            below += 1
        one, other = first + place, first + below
        if excess[other] >= excess[one]:
            break
        excess[one], excess[other] = excess[other], excess[one]
        cols[one], cols[other] = cols[other], cols[one]
        row_benefit[one], row_benefit[other] = row_benefit[other], row_benefit[one]
        col_benefit[one], col_benefit[other] = col_benefit[other], col_benefit[one]
        place = below


@kernel
def _jitter(row: int, col: int) -> float:
    """Return a number in [0, JITTER) for a pair, well spread over the columns of a row."""
    mixed = ((row * 1000003 + col * 7919) & 0x7FFFFFFF) * 2654435761
    return float((mixed >> 11) & 0xFFFFF) * (JITTER * 2.0**-20)


@kernel
def _mean(mean: int, one: float, other: float) -> float:
    """Return a mean of two benefits, to a few bits of what `Reciprocity.combine` makes of them."""
    if mean == 4:
        return one + other
    if mean == 3:
        return (one + other) / 2.0
    if one <= 0.0 or other <= 0.0:
        return 0.0
    if mean == 2:
        return min(one, other)
    if mean == 1:
        return math.sqrt(one) * math.sqrt(other)
    return 2.0 * one * other / (one + other)


@kernel
def _count_largest(
    learners: Rows,
    wish_starts: Rows,
    wanted: Places,
    urgency: Floats,
    known: Floats,
    teachers: Rows,
    teach_starts: Rows,
    taught: Places,
    level: Floats,
    counted: int,
    benefit: Floats,
) -> None:
    """Compute what learners receive from teachers if only the largest terms count."""
    terms = np.empty(16)
    for pair in range(len(learners)):
        learner, teacher = learners[pair], teachers[pair]
        wishes = wish_starts[learner + 1] - wish_starts[learner]
        if wishes > len(terms):
            terms = np.empty(2 * wishes)
        size = 0
        # Both lists are in the order of skills.
        offer, last = teach_starts[teacher], teach_starts[teacher + 1]
        for place in range(wish_starts[learner], wish_starts[learner + 1]):
            while offer < last and taught[offer] < wanted[place]:
                offer += 1
            if offer < last and taught[offer] == wanted[place]:
                gain = level[offer] - known[place]
                if gain > 0.0:
                    terms[size] = _rounded(urgency[place] * gain)
                    size += 1
        if size > counted:
            terms[:size].sort()
        total = 0.0
        for place in range(max(0, size - counted), size):
            total += terms[place]
        benefit[pair] = min(total / GRAIN, 1.0)


@kernel
def _rounded(grains: float) -> float:
    """Round as `mentormatch.exchange.benefit.contribution` does.

    Adding what has no room for a fraction rounds to even, like rint, at a tenth of the time.
    """
    return grains + NO_FRACTION - NO_FRACTION
