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
Singles: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.int32]
Booleans: TypeAlias = NDArray[np.bool_]

#: Beyond it float64 holds whole numbers only.
NO_FRACTION = 2.0**52
#: Scores are rounded after they are compared here, by half a multiple of 2**-40.
MARGIN = 2.0**-39
#: What decides between equals when the best few are kept: as much as sketches leave open.
JITTER = 2.0**-16
#: What the sketch of a pair may lose: 16 bits of it are surely right, of some 20.
LOOSE = np.float32(2.0**-16)
#: More than anybody lacks of a skill.
NEVER = 1e30
#: How many people's sums fit into the processor's nearest memory.
TILE = 1 << 15
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
        Rows that may have met more people who are worth enough; the best are here.
    over : numpy.ndarray
        By how much, at most, each row's others are worth more than they need to be.
    """

    rows: Rows
    cols: Rows
    row_benefit: Floats
    col_benefit: Floats
    cut: Rows
    over: Floats


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

    def sketched(self, teach: Rows, wish: Rows) -> Singles:
        """Return three small numbers that tell what a skill adds, of each pair of places.

        What the wish counts, the same for each unit of proficiency, and what the skill that is
        taught lacks to full proficiency. What is added is then ``share - rate * missing``, in which
        nothing cancels out, so that few bits are enough: `LOOSE` is more than ever gets lost. At
        place -1 nothing is added.
        """
        rate = _taken(self.urgency, wish) / GRAIN
        share = rate * (1.0 - _taken(self.known, wish))
        missing = np.append(1.0 - self.level, NEVER)[teach]
        return np.column_stack((share, rate, missing)).astype(np.float32)

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
    packed: Places  # (entries, 4): a person, ascending under each key, and three `_sketched`

    @classmethod
    def of(cls, side: _Side, keys: Rows, owner: Rows, teach: Rows, wish: Rows) -> "_Entries":
        order = np.lexsort((owner, keys))
        distinct, first = np.unique(keys[order], return_index=True)
        packed = np.empty((len(order), 4), dtype=np.int32)
        packed[:, 0] = owner[order]
        packed[:, 1:] = side.sketched(teach[order], wish[order]).view(np.int32)
        return cls(distinct, np.append(first, len(keys)), packed)

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
    order: Rows  # of the columns under their keys: shuffled, so that any tile is a sample of all
    entries: _Entries
    starts: Rows  # (rows + 1,): where each row's keys begin
    begin: Rows  # of each key, where the people under it begin and end
    end: Rows
    sketch: Singles  # (keys, 3): of the row's wish and of what it teaches
    receives: tuple[bool, bool]  # whether what rows, and columns, receive counts
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
        order = np.random.default_rng(0).permutation(len(cols))
        shuffled = np.argsort(order)
        their_keys, whose, *what = right.keys(width, score, receives=(theirs, mine), listed=True)
        entries = _Entries.of(right, their_keys, shuffled[whose], *what)
        keys, owner, teach, wish = left.keys(width, score, receives=(mine, theirs), listed=False)
        by_owner = np.argsort(owner, kind="stable")
        begin, end = entries.ranges(keys[by_owner])
        starts = _ends(np.bincount(owner, minlength=len(left)))
        mean = "one_way" if isinstance(score, OneWay) else score.mean
        return cls(
            mean=MEANS.index(mean),
            counted=counted,
            rows=left,
            cols=right,
            order=order,
            entries=entries,
            starts=starts,
            begin=begin,
            end=end,
            sketch=left.sketched(teach[by_owner], wish[by_owner]),
            receives=(mine, theirs),
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
        part: tuple[int, int] = (0, 1),
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
        part
            Which part of the columns is enough, such as (2, 8) for the third of eight, roughly;
            which columns these are differs from block to block of rows.

        Yields
        ------
        Met
            Also pairs that miss their need by `MARGIN`, or because a score has a floor or does not
            count all wishes: their exact scores are for the caller to say.
        """
        if open_prices is None or is_open is None:
            open_prices, is_open = prices, np.zeros(len(self.rows), dtype=np.bool_)
        asked = need - MARGIN, prices[self.order], open_prices[self.order], is_open
        hits = np.diff(self.hits)[rows]
        before = _ends(hits)
        room = before if most is None else _ends(np.minimum(hits, most))
        parts = max(1, min(part[1], -(-len(self.cols) // TILE)))

        def found(first: int, last: int, block: int) -> Met:
            tiles = TILE, (part[0] + block) % parts, parts
            return self._found(rows[first:last], room[first : last + 1], asked, tiles)

        at_once = HITS_AT_ONCE if most is None else HITS_OF_FEW
        blocks = enumerate(_blocks(before, at_once))
        yield from in_order(found, ((*ends, number) for number, ends in blocks))

    def _found(
        self,
        rows: Rows,
        room: Rows,
        asked: tuple[Floats, Floats, Floats, Booleans],
        tiles: tuple[int, int, int],
    ) -> Met:
        need, prices, open_prices, is_open = asked
        room = room - room[0]
        size = int(room[-1])
        cols, excess = np.empty(size, dtype=np.int32), np.empty(size)
        count = np.zeros(len(rows), dtype=np.int64)
        cut = np.zeros(len(rows), dtype=np.bool_)
        _meet(
            rows, self.starts, self.begin, self.end, self.sketch,
            self.entries.packed, self.entries.packed.view(np.float32), len(self.cols), *tiles,
            self.mean, need, prices, open_prices, is_open, room, count, cut, cols, excess,
        )  # fmt: skip
        place = np.repeat(room[:-1] - _ends(count)[:-1], count) + np.arange(count.sum())
        row, col = np.repeat(rows, count), self.order[cols[place]]
        order = np.argsort(row * len(self.cols) + col)
        met = row[order], col[order]
        return Met(*met, *self.benefits(*met), rows[cut], excess[room[:-1][cut]])

    @property
    def _most_wishes(self) -> int:
        return np.iinfo(np.int64).max if self.counted is None else self.counted

    def _room_for_terms(self) -> Floats:
        wishes = (np.diff(side.wish_starts).max(initial=0) for side in (self.rows, self.cols))
        return np.empty(max(wishes))

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
        sides, ends = (self.rows, self.cols), (rows, cols)
        benefits = np.zeros(len(rows)), np.zeros(len(rows))
        for number, benefit in enumerate(benefits):
            learner, teacher = sides[number], sides[1 - number]
            if self.receives[number]:
                _receive(
                    ends[number], learner.wish_starts, learner.wanted, learner.urgency,
                    learner.known, ends[1 - number], teacher.teach_starts, teacher.taught,
                    teacher.level, self._most_wishes, self._room_for_terms(), benefit,
                )  # fmt: skip
        return benefits


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
    sketch: Singles,
    person: Places,
    entries: Singles,
    width: int,
    size_of_tile: int,
    first_tile: int,
    step: int,
    mean: int,
    need: Floats,
    prices: Floats,
    open_prices: Floats,
    is_open: Booleans,
    room: Rows,
    count: Rows,
    cut: Booleans,
    cols: Places,
    excess: Floats,
) -> None:
    """Find the people under the keys of rows who may be worth what they need to be."""
    size = 0
    for row in rows:
        size += starts[row + 1] - starts[row]
    cursor = np.empty(size, dtype=np.int64)  # of each key of each row, how far its people are done
    size = 0
    for row in rows:
        for key in range(starts[row], starts[row + 1]):
            cursor[size] = begin[key]
            size += 1
    nothing = np.float32(0.0)
    sums = np.zeros((size_of_tile, 2), dtype=np.float32)  # what the row receives, what they receive
    for tile in range(first_tile * size_of_tile, width, step * size_of_tile):
        behind = tile + size_of_tile
        place = 0
        for at in range(len(rows)):
            row = rows[at]
            first, most = room[at], room[at + 1] - room[at]
            before = place - starts[row]
            for key in range(starts[row], starts[row + 1]):
                entry, last = cursor[before + key], end[key]
                if step > 1:
                    entry = cursor[before + key] = _from_tile(person, entry, last, tile)
                share, rate, missing = sketch[key, 0], sketch[key, 1], sketch[key, 2]
                while entry < last and person[entry, 0] < behind:
                    col = person[entry, 0] - tile
                    back = share - rate * entries[entry, 3] + LOOSE
                    there = entries[entry, 1] - entries[entry, 2] * missing + LOOSE
                    sums[col, 0] += max(back, nothing)
                    sums[col, 1] += max(there, nothing)
                    entry += 1
            asked, least = open_prices if is_open[row] else prices, need[row]
            for key in range(starts[row], starts[row + 1]):
                entry, last = cursor[place], end[key]
                while entry < last and person[entry, 0] < behind:
                    col = person[entry, 0] - tile
                    entry += 1
                    back, there = sums[col, 0], sums[col, 1]
                    if back + there <= nothing:
                        continue  # looked at under another key, or nothing
                    sums[col, 0] = sums[col, 1] = nothing
                    col += tile
                    lowest = least + asked[col]
                    is_full = count[at] == most
                    bar = lowest + (excess[first] if is_full else 0.0)
                    if not _reaches(mean, back, there, bar):
                        if is_full and not cut[at]:
                            cut[at] = _reaches(mean, back, there, lowest)
                        continue
                    over = _mean(mean, back, there) - lowest + _jitter(row, col)
                    if is_full:
                        cut[at] = True
                        if over > excess[first]:  # the least of them is kept at the front
                            excess[first], cols[first] = over, col
                            _sift(0, first, most, excess, cols)
                        continue
                    excess[first + count[at]], cols[first + count[at]] = over, col
                    count[at] += 1
                    if count[at] == most:
                        for start in range(most // 2 - 1, -1, -1):
                            _sift(start, first, most, excess, cols)
                cursor[place] = entry
                place += 1


@kernel
def _from_tile(person: Places, entry: int, last: int, tile: int) -> int:
    """Return the first entry of a person who is not before a tile."""
    while entry < last:
        middle = (entry + last) >> 1
        if person[middle, 0] < tile:
            entry = middle + 1
        else:
            last = middle
    return entry


@kernel
def _reaches(mean: int, one: float, other: float, least: float) -> bool:
    """Tell whether a mean of two sketches is at least so much, without dividing."""
    if least <= 0.0:
        return True
    one, other = min(one, 1.0), min(other, 1.0)
    if mean == 0:
        return 2.0 * one * other >= least * (one + other)
    if mean == 1:
        return one * other >= least * least
    if mean == 2:
        return min(one, other) >= least
    return one + other >= (2.0 * least if mean == 3 else least)


@kernel
def _sift(start: int, first: int, size: int, excess: Floats, cols: Places) -> None:
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
def _receive(
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
    terms: Floats,
    benefit: Floats,
) -> None:
    """Compute what learners receive from teachers, pair by pair."""
    for pair in range(len(learners)):
        benefit[pair] = _received(
            learners[pair], wish_starts, wanted, urgency, known,
            teachers[pair], teach_starts, taught, level, counted, terms,
        )  # fmt: skip


@kernel
def _received(
    learner: int,
    wish_starts: Rows,
    wanted: Places,
    urgency: Floats,
    known: Floats,
    teacher: int,
    teach_starts: Rows,
    taught: Places,
    level: Floats,
    counted: int,
    terms: Floats,
) -> float:
    """Return what a learner receives from a teacher, of at most so many wishes.

    Both lists are in the order of skills; `terms` has room for every wish of anybody.
    """
    size, total = 0, 0.0
    offer, last = teach_starts[teacher], teach_starts[teacher + 1]
    for place in range(wish_starts[learner], wish_starts[learner + 1]):
        while offer < last and taught[offer] < wanted[place]:
            offer += 1
        if offer < last and taught[offer] == wanted[place]:
            gain = level[offer] - known[place]
            if gain > 0.0:
                terms[size] = _rounded(urgency[place] * gain)
                total += terms[size]
                size += 1
    if size > counted:
        terms[:size].sort()
        for place in range(size - counted):
            total -= terms[place]
    return min(total / GRAIN, 1.0)


@kernel
def _rounded(grains: float) -> float:
    """Round as `mentormatch.exchange.benefit.contribution` does.

    Adding what has no room for a fraction rounds to even, like rint, at a tenth of the time.
    """
    return grains + NO_FRACTION - NO_FRACTION
