"""Which peers share wishes: pairs of one pool, streamed in bounded memory.

Every share of a wish is rounded once, to a multiple of 2⁻⁵⁰. The smaller of two shares is then such
a multiple too, and sums of them are exact in float64: an overlap does not depend on the order of
the skills, of the people or of who adds it up.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.exchange.benefit import GRAIN, OpenWishes
from mentormatch.exchange.candidates import ScoredPairs
from mentormatch.exchange.shared import SharedWishes
from mentormatch.people import Cohort

__all__ = ["overlap", "shared_pairs", "shared_skills"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: How many (person, person, skill) terms are held in memory at a time.
TERMS_AT_ONCE = 1 << 20


def shared_pairs(people: Cohort, rows: Rows, score: SharedWishes) -> Iterator[ScoredPairs]:
    """Yield every pair of one pool whose score is above 0, in blocks of people.

    Parameters
    ----------
    people
        The cohort.
    rows
        Rows of the people of the pool, each once.
    score
        How the overlap becomes a score.

    Yields
    ------
    ScoredPairs
        Positions among `rows`, a below b, each pair once, ordered by a and then b throughout. Both
        benefits are the overlap. No block has many more than `TERMS_AT_ONCE` shared wishes, or
        than those of one person with everybody.

    Notes
    -----
    Whoever wants a skill meets all who stand behind them in the list of that skill. The meetings
    of a block are sorted by pair and added up.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records(
    ...     [
    ...         {"id": "ana", "wants": "sql; chess"},
    ...         {"id": "bo", "wants": "sql:3; pottery:1"},
    ...         {"id": "cy", "wants": "pottery"},
    ...     ]
    ... )
    >>> for pairs in shared_pairs(people, np.arange(3), SharedWishes()):
    ...     print(pairs.a, pairs.b, pairs.score)
    [0 1] [1 2] [0.5  0.25]
    """
    shares = _shares(people, rows, score.wishes_counted)
    person = np.repeat(np.arange(len(rows)), np.diff(shares.indptr))
    # The same wishes skill by skill, in the order of the people, and where each wish stands there.
    order = np.argsort(shares.indices, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    listed, listed_share = person[order], shares.data[order]
    ends = np.cumsum(np.bincount(shares.indices, minlength=shares.shape[1]))
    behind = ends[shares.indices] - place - 1
    for first, last in _blocks(shares.indptr, behind):
        wish = np.repeat(np.arange(first, last), behind[first:last])
        before = np.cumsum(behind[first:last]) - behind[first:last]
        step = np.arange(len(wish)) - np.repeat(before, behind[first:last])
        met = place[wish] + 1 + step
        terms = np.minimum(shares.data[wish], listed_share[met])
        pairs, overlaps = _added(
            person[wish] * len(rows) + listed[met], terms, score.wishes_counted
        )
        scores = score.scores(overlaps)
        worth = scores > 0.0
        if worth.any():
            a, b = np.divmod(pairs[worth], len(rows))
            yield ScoredPairs(a, b, scores[worth], overlaps[worth], overlaps[worth])


def overlap(people: Cohort, one: int, other: int, score: SharedWishes) -> float:
    """Return how much two people share of their wishes, by their rows.

    Parameters
    ----------
    people
        The cohort.
    one, other
        Rows.
    score
        Says how many wishes count; its floor plays no part.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana", "wants": "sql; R"}, {"id": "bo", "wants": "R"}])
    >>> overlap(people, 0, 1, SharedWishes())
    0.5
    """
    any_overlap = SharedWishes(wishes_counted=score.wishes_counted)
    found = [block.a_benefit for block in shared_pairs(people, np.array([one, other]), any_overlap)]
    return float(found[0][0]) if found and len(found[0]) else 0.0


def shared_skills(
    people: Cohort, rows_a: Rows, rows_b: Rows, wishes_counted: int | None = None
) -> list[tuple[str, ...]]:
    """Return, for each pair, the skills that both would learn together, what counts most first.

    Parameters
    ----------
    people
        The cohort.
    rows_a, rows_b
        Rows of the two people of each pair, both of shape (pairs,).
    wishes_counted
        As the score has it: shares, and so what counts most, may depend on it. All that is shared
        is listed, even if fewer wishes count.

    Returns
    -------
    list of tuple of str
        Labels of the vocabulary.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records(
    ...     [
    ...         {"id": "ana", "wants": "sql:1; chess:2; R"},
    ...         {"id": "bo", "wants": "SQL:3; Chess:3; R:1", "teaches": "R:1"},
    ...     ]
    ... )
    >>> shared_skills(people, np.array([0]), np.array([1]))
    [('Chess', 'SQL')]
    """
    ends = np.concatenate((rows_a, rows_b))
    distinct, position = np.unique(ends, return_inverse=True)
    shares = _shares(people, distinct, wishes_counted)
    a, b = np.split(position, 2)
    # Nothing is negative, so that what only one of them wants is a minimum of 0, and is not stored.
    common = shares[a].minimum(shares[b]).tocsr()
    pair = np.repeat(np.arange(len(a)), np.diff(common.indptr))
    order = np.lexsort((common.indices, -common.data, pair))
    labels = [people.skills.labels[skill] for skill in common.indices[order].tolist()]
    return [tuple(labels[start:end]) for start, end in pairwise(common.indptr.tolist())]


def _shares(people: Cohort, rows: Rows, wishes_counted: int | None) -> "csr_array[np.float64]":
    """Return what each person's wishes count, in grains, without those for what they teach."""
    width = people.wants.shape[1]
    wishes = OpenWishes.of(people, rows, wishes_counted)
    skill = np.repeat(np.arange(width), np.diff(wishes.starts))
    taught = people.teaches[rows]
    teacher = np.repeat(np.arange(len(rows)), np.diff(taught.indptr))
    is_taught = np.isin(wishes.learner * width + skill, teacher * width + taught.indices)
    grains = np.rint(wishes.weight * GRAIN)
    kept = ~is_taught & (grains > 0.0)
    entries = grains[kept], (wishes.learner[kept], skill[kept])
    return csr_array(entries, shape=(len(rows), width))


def _blocks(starts: NDArray[np.integer], behind: Rows) -> Iterator[tuple[int, int]]:
    """Cut the wishes between people, so that no block has many more meetings than may be held."""
    before = np.concatenate(([0], np.cumsum(behind)))[starts]
    first, size = 0, len(starts) - 1
    while first < size:
        last = int(np.searchsorted(before, before[first] + TERMS_AT_ONCE, side="right")) - 1
        last = min(max(last, first + 1), size)
        if before[last] > before[first]:
            yield int(starts[first]), int(starts[last])
        first = last


def _added(pairs: Rows, terms: Floats, counted: int | None) -> tuple[Rows, Floats]:
    """Return each pair once, ascending, and its overlap: its largest `counted` terms."""
    order = np.argsort(pairs)
    pairs, terms = pairs[order], terms[order]
    starts = np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1]))
    if counted is not None:
        sizes = np.diff(np.append(starts, len(pairs)))
        # Few pairs have more terms than count, and only these are sorted once more.
        many = np.flatnonzero(np.repeat(sizes > counted, sizes))
        rank = (np.arange(len(pairs)) - np.repeat(starts, sizes))[many]
        falling = terms[many[np.lexsort((-terms[many], pairs[many]))]]
        terms[many] = np.where(rank < counted, falling, 0.0)
    return pairs[starts], np.minimum(np.add.reduceat(terms, starts) / GRAIN, 1.0)
