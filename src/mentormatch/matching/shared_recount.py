"""The overlap of two people's wishes, made again from the profiles.

What a proof about study buddies is checked against. It shares no code with the search for
candidates: who could share a wish is read off products of the sparse matrix of wishes, and each
overlap is written out wish by wish.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.wishes import Wishes, largest, looked_up
from mentormatch.people import Cohort

__all__ = ["SharedRecount", "shared_meetings"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: How many meetings of two wishes for the same skill are held in memory at a time.
MEETINGS_AT_ONCE = 1 << 21
#: How many pairs are scored at a time.
PAIRS_AT_ONCE = 1 << 18
#: Terms are multiples of one over this.
GRAIN = 2.0**50


@dataclass(frozen=True, eq=False, slots=True)
class SharedRecount:
    """Says of any pairs of one pool what they are worth. Made by `SharedRecount.of`.

    Attributes
    ----------
    score : SharedWishes
        How an overlap becomes a score.
    width : int
        How many skills there are.
    wishes : Wishes
        The open wishes of everybody in the pool.
    wanted : numpy.ndarray
        Position x width + skill of each of these wishes, ascending.
    taught : numpy.ndarray
        The same of everything that is taught.
    """

    score: SharedWishes
    width: int
    wishes: Wishes
    wanted: Rows
    taught: Rows

    @classmethod
    def of(cls, people: Cohort, score: SharedWishes, rows: Rows) -> "SharedRecount":
        """Read wishes and offers off the profiles.

        Parameters
        ----------
        people
            The cohort.
        score
            How an overlap becomes a score.
        rows
            Rows of the people of the pool, each once.

        Examples
        --------
        >>> from mentormatch import read_records
        >>> people = read_records(
        ...     [{"id": "ana", "wants": "sql; chess"}, {"id": "bo", "wants": "sql:3; R:1"}]
        ... )
        >>> recount = SharedRecount.of(people, SharedWishes(), np.arange(2))
        >>> recount.scores(np.array([0]), np.array([1]))
        array([0.5])
        """
        width = people.wants.shape[1]
        wishes = Wishes.of(people, rows, score.wishes_counted)
        learner = np.repeat(np.arange(len(rows)), np.diff(wishes.starts))
        offers = people.teaches[rows].tocoo()
        taught = np.sort(offers.row.astype(np.int64) * width + offers.col)
        return cls(score, width, wishes, learner * width + wishes.skill, taught)

    def scores(self, a: Rows, b: Rows) -> Floats:
        """Return what pairs are worth.

        Parameters
        ----------
        a, b
            Positions in the pool, shape (pairs,), either first.

        Returns
        -------
        numpy.ndarray
            Shape (pairs,), in [0, 1]. What rules say of a pair is not asked.
        """
        return self.score.scores(self.overlaps(a, b))

    def overlaps(self, a: Rows, b: Rows) -> Floats:
        """Return how much of their wishes pairs share, before it is rounded to a score.

        Parameters
        ----------
        a, b
            As for `scores`.

        Returns
        -------
        numpy.ndarray
            Shape (pairs,), in [0, 1], multiples of 2⁻⁵⁰.
        """
        parts = [
            self._overlaps(a[first : first + PAIRS_AT_ONCE], b[first : first + PAIRS_AT_ONCE])
            for first in range(0, len(a), PAIRS_AT_ONCE)
        ]
        return np.concatenate([np.zeros(0), *parts])

    def _overlaps(self, a: Rows, b: Rows) -> Floats:
        starts = self.wishes.starts
        lengths = starts[a + 1] - starts[a]
        pair = np.repeat(np.arange(len(a)), lengths)
        since = np.cumsum(lengths) - lengths
        wish = np.arange(len(pair)) + np.repeat(starts[a] - since, lengths)
        theirs = b[pair] * self.width + self.wishes.skill[wish]
        other = looked_up(self.wanted, self.wishes.weight, theirs)
        both = other > 0.0
        pair, wish, other, theirs = pair[both], wish[both], other[both], theirs[both]
        mine = a[pair] * self.width + self.wishes.skill[wish]
        terms = np.rint(np.minimum(self.wishes.weight[wish], other) * GRAIN) / GRAIN
        counts = (terms > 0.0) & ~self._is_taught(mine) & ~self._is_taught(theirs)
        pair, terms = pair[counts], terms[counts]
        kept = largest(pair, terms, self.score.wishes_counted)
        return np.minimum(np.bincount(pair[kept], terms[kept], minlength=len(a)), 1.0)

    def _is_taught(self, asked: Rows) -> NDArray[np.bool_]:
        return looked_up(self.taught, np.ones(len(self.taught)), asked) > 0.0


def shared_meetings(people: Cohort, rows: Rows) -> Iterator[Rows]:
    """Yield all pairs of one pool that want a skill in common, in blocks of people.

    Parameters
    ----------
    people
        The cohort.
    rows
        Rows of the people of the pool, each once.

    Yields
    ------
    numpy.ndarray
        Numbers of pairs, ascending throughout: the lower position, times the size of the pool,
        plus the higher one. All that could score above 0 are among them.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records(
    ...     [{"id": "ana", "wants": "sql"}, {"id": "bo", "wants": "R"}, {"id": "cy", "wants": "R"}]
    ... )
    >>> [block.tolist() for block in shared_meetings(people, np.arange(3))]
    [[5]]
    """
    wants = people.wants[rows]
    ones = np.ones(len(wants.indices), dtype=np.int32)
    wanted = csr_array((ones, wants.indices, wants.indptr), shape=wants.shape)
    learners = wanted.T.tocsr()
    interest = np.diff(learners.indptr)[wanted.indices].astype(np.int64)
    before = np.concatenate(([0], np.cumsum(interest)))[wanted.indptr]
    first, size = 0, len(rows)
    while first < size:
        last = int(np.searchsorted(before, before[first] + MEETINGS_AT_ONCE, side="right")) - 1
        last = min(max(last, first + 1), size)
        meet = (wanted[first:last] @ learners).tocoo()
        a, b = meet.row.astype(np.int64) + first, meet.col.astype(np.int64)
        once = a < b
        if once.any():
            yield np.sort(a[once] * size + b[once])
        first = last
