"""Who shares a skill with whom: pairs that exchange enough, without looking at all pairs.

Where both directions have to be above 0, a partner of somebody must want a skill they teach *and*
teach a skill they want. So each person of one side is listed under every pair (a skill wanted, a
skill taught), and those of the other look up the pairs (a skill taught, a skill wanted). Where one
direction is enough, people are listed under single skills.

Most who meet so are not worth enough to each other, and what is asked of a pair is known: the sum
of two prices, or to be among the best few. So a learner's wishes are put in an order, rarest skills
first, and each list in that of what its people can receive at the most, given that their wishes
before are not met: only the beginning of a list has to be read (as prefixes are in joins of similar
sets). What is left is decided by a few small numbers beside each name (`exchange/sketches.py`).
On 200,000 people that is twice as quick as adding up what everybody who meets receives.

References
----------
R. J. Bayardo, Y. Ma, R. Srikant, "Scaling up all pairs similarity search", WWW (2007).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.meeting import JITTER, MEANS, ULP, Weights, meet, receive
from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.exchange.sketches import Party, Profiles, Sketches, ends_of
from mentormatch.jit import in_order, kernel

__all__ = ["Met", "SkillIndex"]

Floats: TypeAlias = NDArray[np.float64]
Singles: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.int32]
Booleans: TypeAlias = NDArray[np.bool_]

#: Scores are rounded after they are compared here, by half a multiple of 2**-40.
MARGIN = 2.0**-39
#: How many entries of the index are looked at before pairs are handed on: of all pairs, or of the
#: best few of each person.
HITS_AT_ONCE, HITS_OF_FEW = 1 << 21, 1 << 24
#: More than there are of anything.
ALL = 2**62
#: How many people of a list a glance looks at, about.
GLANCE = 32
#: Into how many steps what people can receive is sorted: two to this power.
TOP_BITS = 16


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
class _Entries:
    """People of the side that is looked up, under keys made of skills."""

    keys: Rows  # distinct, ascending
    starts: Rows  # (keys + 1,)
    numbers: Singles  # of each entry, `Sketches.packed`
    bits: Places
    top: Singles  # what they get at most, falling under each key
    who: Places

    @classmethod
    def of(cls, sketches: Sketches, keys: Rows, owner: Rows, teach: Rows, wish: Rows) -> "_Entries":
        numbers, bits = sketches.packed(teach, wish, owner)
        top = np.minimum(np.ceil((numbers[0] + numbers[3]) * 2.0**TOP_BITS), 2**TOP_BITS)
        top += 1  # for what the sum has lost
        order = np.argsort(keys << (TOP_BITS + 1) | (2**TOP_BITS + 1 - top.astype(np.int64)))
        keys = keys[order]
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else keys
        top *= np.float32(2.0**-TOP_BITS)
        sorted_numbers, sorted_bits = np.empty_like(numbers), np.empty_like(bits)
        for array, into in ((numbers, sorted_numbers), (bits, sorted_bits)):
            for values, place in zip(array, into, strict=True):
                np.take(values, order, out=place)
        starts = np.append(starts, len(keys))
        who = owner[order].astype(np.int32)
        return cls(keys[starts[:-1]], starts, sorted_numbers, sorted_bits, top[order], who)

    def priced(self, prices: Floats) -> Singles:
        """Return each entry's price, less what decides between equals, rounded down."""
        lower = prices - (JITTER + np.abs(prices) * ULP)
        return lower.astype(np.float32)[self.who]

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
    weights: Weights  # of what rows, and columns, receive
    counted: int | None
    width: int  # how many skills there are
    rows: Party
    cols: Party
    entries: _Entries
    starts: Rows  # (rows + 1,): where each row's keys begin
    begin: Rows  # of each key, where the people under it begin and end
    end: Rows
    sketch: Singles  # of each key, `Sketches.packed`
    bits: Places
    receives: tuple[bool, bool]  # whether what rows, and columns, receive counts
    hits: Rows  # (rows + 1,): how many people stand under the keys of the rows before

    @classmethod
    def of(
        cls, rows: Party, cols: Party, width: int, score: Reciprocity | OneWay, *, turned: bool
    ) -> "SkillIndex":
        """List one side of a program by skill.

        Parameters
        ----------
        rows, cols
            Who looks people up, and who is listed.
        width
            How many skills there are.
        score
            Which directions count, and whether one is enough.
        turned
            Whether those who look up are side b of the score.
        """
        mine, theirs = score.a_receives, score.b_receives
        if turned:
            mine, theirs = theirs, mine
        listed = _keys(cols.profiles, width, score, receives=(theirs, mine), listed=True)
        entries = _Entries.of(cols.sketches, *listed)
        keys, owner, teach, wish = _keys(
            rows.profiles, width, score, receives=(mine, theirs), listed=False
        )
        begin, end = entries.ranges(keys)
        starts = ends_of(np.bincount(owner, minlength=len(rows)))
        sketch, bits = rows.sketches.packed(teach, wish, owner)
        mean, weights = _mean(score, turned)
        return cls(
            mean=mean,
            weights=weights,
            counted=score.wishes_counted,
            width=width,
            rows=rows,
            cols=cols,
            entries=entries,
            starts=starts,
            begin=begin,
            end=end,
            sketch=sketch,
            bits=bits,
            receives=(mine, theirs),
            hits=ends_of(end - begin)[starts],
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
        glance: int | None = None,
        threads: int | None = None,
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
        glance
            Which sample of each long list is enough, counted from 0; another one for each row.
            `None` for all of it.
        threads
            How many are at work; one for each processor by default.

        Yields
        ------
        Met
            Also pairs that miss their need by a little, or because a score has a floor or does not
            count all wishes: their exact scores are for the caller to say.
        """
        if open_prices is None or is_open is None:
            open_prices, is_open = prices, np.zeros(len(self.rows), dtype=np.bool_)
        asked = need - MARGIN, prices, open_prices, is_open
        priced = self.entries.priced(prices)
        opened = self.entries.priced(open_prices) if is_open.any() else priced
        hits = np.diff(self.hits)[rows]
        before = ends_of(hits)
        room = before if most is None else ends_of(np.minimum(hits, most))

        def found(first: int, last: int) -> Met:
            block = rows[first:last], room[first : last + 1]
            return self._found(*block, asked, (priced, opened), limited, glance)

        limited = most is not None
        at_once = HITS_OF_FEW if limited else HITS_AT_ONCE
        yield from in_order(found, _blocks(before, at_once), threads)

    def _found(
        self,
        rows: Rows,
        room: Rows,
        asked: tuple[Floats, Floats, Floats, Booleans],
        entry_prices: tuple[Singles, Singles],
        limited: bool,
        glance: int | None,
    ) -> Met:
        need, prices, open_prices, is_open = asked
        entries, depth = self.entries, ALL if glance is None else GLANCE
        room = room - room[0]
        size = int(room[-1])
        cols, excess = np.empty(size, dtype=np.int32), np.empty(size)
        count = np.zeros(len(rows), dtype=np.int64)
        cut = np.zeros(len(rows), dtype=np.bool_)
        meet(
            rows, self.starts, self.begin, self.end, self.sketch, self.bits,
            entries.numbers, entries.bits, entries.top, entries.who, entry_prices,
            *self.rows.cards, *self.cols.cards, self.receives, self.width, self.mean,
            self.weights, need, prices, open_prices, is_open, limited, depth, glance or 0,
            room, count, cut, cols, excess,
        )  # fmt: skip
        place = np.repeat(room[:-1] - ends_of(count)[:-1], count) + np.arange(count.sum())
        row, col = np.repeat(rows, count), cols[place].astype(np.int64)
        order = np.argsort(row * len(self.cols) + col)
        found = row[order], col[order]
        return Met(*found, *self.benefits(*found), rows[cut], excess[room[:-1][cut]])

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
        sides, ends = (self.rows.profiles, self.cols.profiles), (rows, cols)
        benefits = np.zeros(len(rows)), np.zeros(len(rows))
        for number, benefit in enumerate(benefits):
            learner, teacher = sides[number], sides[1 - number]
            if self.receives[number]:
                room_for_terms = np.empty(np.diff(learner.wish_starts).max(initial=0))
                receive(
                    ends[number], learner.wish_starts, learner.wanted, learner.urgency,
                    learner.known, ends[1 - number], teacher.teach_starts, teacher.taught,
                    teacher.level, self.counted or ALL, room_for_terms, benefit,
                )  # fmt: skip
        return benefits


def _mean(score: Reciprocity | OneWay, turned: bool) -> tuple[int, Weights]:
    """Return how kernels are told of a score: a place in MEANS, and weights of rows and columns."""
    weights: tuple[float, float] = (1.0, 1.0)
    mean: str = "one_way"
    if isinstance(score, Reciprocity):
        mean, weights = score.mean, score.balance
        if mean == "geometric" and not score.is_even:
            mean = "weighted_geometric"
    row, col = weights[::-1] if turned else weights
    return MEANS.index(mean), (np.float32(row), np.float32(col))


def _blocks(hits: Rows, at_once: int) -> Iterator[tuple[int, int]]:
    """Cut rows so that no block has many more hits than may be looked at at once."""
    first, size = 0, len(hits) - 1
    while first < size:
        last = int(np.searchsorted(hits, hits[first] + at_once, side="right")) - 1
        last = min(max(last, first + 1), size)
        if hits[last] > hits[first]:
            yield first, last
        first = last


def _keys(
    side: Profiles,
    width: int,
    score: Reciprocity | OneWay,
    *,
    receives: tuple[bool, bool],
    listed: bool,
) -> tuple[Rows, Rows, Rows, Rows]:
    """Return keys by person, whose they are, and the places of the skill taught and wanted, or -1.

    Who is `listed` stands under what they want first, who looks has what they teach first.
    Whether this side `receives`, and whether the other does, says which single skills count.
    """
    if score.needs_both:
        return _crossed(
            side.teach_starts, side.taught, side.wish_starts, side.wanted, width, listed
        )
    parts = []
    for is_wish in (listed, not listed):
        starts = side.wish_starts if is_wish else side.teach_starts
        skills = side.wanted if is_wish else side.taught
        if not receives[0 if is_wish else 1]:
            continue
        kind = width * (is_wish != listed)
        place, none = np.arange(len(skills)), np.full(len(skills), -1)
        owner = np.repeat(np.arange(len(side)), np.diff(starts))
        ends = (none, place) if is_wish else (place, none)
        parts.append((kind + skills.astype(np.int64), owner, *ends))
    keys, owner, teach, wish = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.argsort(owner, kind="stable")
    return keys[order], owner[order], teach[order], wish[order]


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
