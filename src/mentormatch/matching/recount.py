"""Every allowed pair and its score, made again from the profiles in plain blocks.

What a proof is checked against. It shares no code with the solver and none with the search for
candidates: who could exchange something is read off products of the sparse skill matrices, and
the benefit of each such pair is written out wish by wish.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.exchange.benefit import contribution
from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.exchange.rules import PairTest
from mentormatch.people import Cohort
from mentormatch.solving.sides import Split

__all__ = ["allowed_pairs"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: How many meetings of a skill offered and a wish for it are held in memory at a time.
MEETINGS_AT_ONCE = 1 << 21
#: How many cells of a dense block, people of side a by skills.
CELLS_AT_ONCE = 1 << 22


@dataclass(frozen=True, eq=False, slots=True)
class _Wishes:
    """The open wishes of some learners, one learner after the other."""

    starts: Rows  # (learners + 1,)
    skill: Rows
    weight: Floats  # share of the learner's counted wishes
    known: Floats  # what the learner has of the skill

    @classmethod
    def of(cls, people: Cohort, learners: Rows, counted: int | None) -> "_Wishes":
        wanted, width = people.wants[learners], people.wants.shape[1]
        learner = np.repeat(np.arange(len(learners)), np.diff(wanted.indptr))
        skill, priority = wanted.indices.astype(np.int64), wanted.data
        has = people.knows[learners].maximum(people.teaches[learners]).tocoo()
        order = np.argsort(has.row.astype(np.int64) * width + has.col)
        keys = (has.row.astype(np.int64) * width + has.col)[order]
        known = _looked_up(keys, has.data[order], learner * width + skill)
        still_open = known < 1.0
        learner, skill = learner[still_open], skill[still_open]
        priority, known = priority[still_open], known[still_open]
        kept = _largest(learner, priority, counted)
        # Added one after the other, as everywhere: a total must not depend on who adds it up.
        total = np.bincount(learner[kept], priority[kept], minlength=len(learners))
        starts = np.zeros(len(learners) + 1, dtype=np.int64)
        np.cumsum(np.bincount(learner, minlength=len(learners)), out=starts[1:])
        return cls(starts, skill, priority / total[learner], known)


def allowed_pairs(
    people: Cohort,
    score: Reciprocity | OneWay,
    sides: Split,
    tests: Sequence[tuple[str, PairTest]],
    required: Rows,
) -> Iterator[tuple[Rows, Rows, Floats]]:
    """Yield the rows and the scores of all allowed pairs, straight from the profiles.

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

    Yields
    ------
    rows_a, rows_b, scores
        One block of pairs: rows of the cohort, and what each pair is worth.
    """
    counted, count = score.wishes_counted, len(sides.b)
    must = np.unique(required[:, 0] * count + required[:, 1])
    wishes_a, wishes_b = (_Wishes.of(people, rows, counted) for rows in (sides.a, sides.b))
    for first, last in _blocks(people, sides):
        i, j = _meeting(people, score, sides.a[first:last], sides.b)
        here = must[(must >= first * count) & (must < last * count)]
        cells = np.union1d(i * count + j, here - first * count)
        i, j = cells // count, cells % count
        b_benefit = _received_by_b(people, sides.a[first:last], wishes_b, i, j, counted)
        a_benefit = _received_by_a(people, sides.b, wishes_a, first, last, i, j, counted)
        scores = score.combine(a_benefit, b_benefit)
        worth = scores > 0.0
        worth[np.searchsorted(cells, here - first * count)] = True
        if not worth.any():
            continue
        rows_a, rows_b = sides.a[first + i[worth]], sides.b[j[worth]]
        allowed = ~people.are_declined(rows_a, rows_b)
        for _, test in tests:
            allowed &= test(rows_a, rows_b)
        yield rows_a[allowed], rows_b[allowed], scores[worth][allowed]


def _blocks(people: Cohort, sides: Split) -> Iterator[tuple[int, int]]:
    """Cut side a so that no block has many more meetings than `MEETINGS_AT_ONCE`."""
    width = people.teaches.shape[1]
    offers, wants = people.teaches[sides.a], people.wants[sides.a]
    wanted = np.bincount(people.wants[sides.b].indices, minlength=width)
    offered = np.bincount(people.teaches[sides.b].indices, minlength=width)
    before = _summed(wanted[offers.indices])[offers.indptr]
    before = before + _summed(offered[wants.indices])[wants.indptr]
    most = max(1, CELLS_AT_ONCE // max(1, width))
    first = 0
    while first < len(sides.a):
        last = int(np.searchsorted(before, before[first] + MEETINGS_AT_ONCE, side="right")) - 1
        last = min(max(last, first + 1), first + most, len(sides.a))
        yield first, last
        first = last


def _meeting(
    people: Cohort, score: Reciprocity | OneWay, rows_a: Rows, rows_b: Rows
) -> tuple[Rows, Rows]:
    """Return who of a block shares a skill with whom, in the directions that count."""
    b_learns = _pattern(people.teaches[rows_a]) @ _pattern(people.wants[rows_b]).T
    a_learns = _pattern(people.wants[rows_a]) @ _pattern(people.teaches[rows_b]).T
    if score.needs_both:
        shared = b_learns.multiply(a_learns)
    else:
        shared = b_learns * score.b_receives + a_learns * score.a_receives
    i, j = shared.nonzero()
    return i.astype(np.int64), j.astype(np.int64)


def _received_by_b(
    people: Cohort, teachers: Rows, wishes: _Wishes, i: Rows, j: Rows, counted: int | None
) -> Floats:
    """Return what learner j receives from teacher i of a block, for each pair."""
    offers = people.teaches[teachers].toarray()
    pair, wish = _expanded(wishes.starts, j)
    offered = offers[i[pair], wishes.skill[wish]]
    terms = contribution(wishes.weight[wish], offered, wishes.known[wish])
    return _added(pair, terms, len(i), counted)


def _received_by_a(
    people: Cohort,
    teachers: Rows,
    wishes: _Wishes,
    first: int,
    last: int,
    i: Rows,
    j: Rows,
    counted: int | None,
) -> Floats:
    """Return what learner i of a block receives from teacher j, for each pair."""
    own = slice(*wishes.starts[[first, last]])
    learner = np.repeat(np.arange(last - first), np.diff(wishes.starts[first : last + 1]))
    weight, known = np.zeros((2, last - first, people.wants.shape[1]))
    weight[learner, wishes.skill[own]] = wishes.weight[own]
    known[learner, wishes.skill[own]] = wishes.known[own]
    offers = people.teaches[teachers]
    pair, entry = _expanded(offers.indptr, j)
    skill = offers.indices[entry]
    place = i[pair], skill
    terms = contribution(weight[place], offers.data[entry], known[place])
    return _added(pair, terms, len(i), counted)


def _expanded(starts: NDArray[np.integer], chosen: Rows) -> tuple[Rows, Rows]:
    """Return every entry of the chosen rows, and which of them it belongs to."""
    lengths = np.diff(starts)[chosen]
    owner = np.repeat(np.arange(len(chosen)), lengths)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return owner, starts[chosen][owner] + within


def _added(pair: Rows, terms: Floats, count: int, counted: int | None) -> Floats:
    some = terms > 0.0
    pair, terms = pair[some], terms[some]
    kept = _largest(pair, terms, counted)
    return np.minimum(np.bincount(pair[kept], terms[kept], minlength=count), 1.0)


def _largest(groups: Rows, values: Floats, counted: int | None) -> Rows:
    """Return which values are among the largest `counted` of their group; all without a limit."""
    if counted is None:
        return np.arange(len(values))
    order = np.lexsort((-values, groups))
    starts = np.searchsorted(groups[order], groups[order], side="left")
    return order[np.arange(len(order)) - starts < counted]


def _looked_up(keys: Rows, values: Floats, asked: Rows) -> Floats:
    """Return the value of each key that is asked for, 0 where there is none."""
    place = np.searchsorted(keys, asked)
    found = np.zeros(len(asked))
    hit = np.flatnonzero(place < len(keys))
    hit = hit[keys[place[hit]] == asked[hit]]
    found[hit] = values[place[hit]]
    return found


def _pattern(matrix: csr_array) -> "csr_array[np.int32]":
    ones = np.ones(len(matrix.data), dtype=np.int32)
    return csr_array((ones, matrix.indices, matrix.indptr), shape=matrix.shape)


def _summed(values: NDArray[np.integer]) -> Rows:
    return np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
