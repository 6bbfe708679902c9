"""The wishes a proof counts, gathered from the profiles once more.

Not by the code that the search for candidates uses: a mistake there must not repeat itself here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentormatch.people import Cohort

__all__ = ["Wishes", "largest", "looked_up"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Wishes:
    """The open wishes of some learners, one learner after the other.

    Attributes
    ----------
    starts : numpy.ndarray
        Shape (learners + 1,): where the wishes of each learner begin.
    skill : numpy.ndarray
        What is wanted.
    weight : numpy.ndarray
        The wish's share of the learner's counted wishes.
    known : numpy.ndarray
        What the learner has of the skill, in [0, 1).
    """

    starts: Rows
    skill: Rows
    weight: Floats
    known: Floats

    @classmethod
    def of(cls, people: Cohort, learners: Rows, counted: int | None) -> "Wishes":
        """Gather the open wishes of `learners`, rows of the cohort; the `counted` heaviest count.

        Examples
        --------
        >>> from mentormatch import read_records
        >>> people = read_records([{"id": "ana", "wants": "sql:3; excel:1", "knows": "sql:2"}])
        >>> wishes = Wishes.of(people, np.array([0]), None)
        >>> wishes.starts, wishes.weight, wishes.known
        (array([0, 2]), array([0.25, 0.75]), array([0. , 0.4]))
        """
        wanted, width = people.wants[learners], people.wants.shape[1]
        learner = np.repeat(np.arange(len(learners)), np.diff(wanted.indptr))
        skill, priority = wanted.indices.astype(np.int64), wanted.data
        has = people.knows[learners].maximum(people.teaches[learners]).tocoo()
        order = np.argsort(has.row.astype(np.int64) * width + has.col)
        keys = (has.row.astype(np.int64) * width + has.col)[order]
        known = looked_up(keys, has.data[order], learner * width + skill)
        still_open = known < 1.0
        learner, skill = learner[still_open], skill[still_open]
        priority, known = priority[still_open], known[still_open]
        kept = largest(learner, priority, counted)
        # Added one after the other, as everywhere: a total must not depend on who adds it up.
        total = np.bincount(learner[kept], priority[kept], minlength=len(learners))
        starts = np.zeros(len(learners) + 1, dtype=np.int64)
        np.cumsum(np.bincount(learner, minlength=len(learners)), out=starts[1:])
        return cls(starts, skill, priority / total[learner], known)


def largest(groups: Rows, values: Floats, counted: int | None) -> Rows:
    """Return which values are among the largest `counted` of their group; all without a limit.

    Examples
    --------
    >>> largest(np.array([0, 0, 1]), np.array([0.25, 0.5, 0.125]), 1)
    array([1, 2])
    """
    if counted is None:
        return np.arange(len(values))
    order = np.lexsort((-values, groups))
    starts = np.searchsorted(groups[order], groups[order], side="left")
    return order[np.arange(len(order)) - starts < counted]


def looked_up(keys: Rows, values: Floats, asked: Rows) -> Floats:
    """Return the value of each key that is asked for, 0 where there is none; keys ascend.

    Examples
    --------
    >>> looked_up(np.array([3, 5]), np.array([0.5, 1.0]), np.array([5, 4, 9]))
    array([1., 0., 0.])
    """
    place = np.searchsorted(keys, asked)
    found = np.zeros(len(asked))
    hit = np.flatnonzero(place < len(keys))
    hit = hit[keys[place[hit]] == asked[hit]]
    found[hit] = values[place[hit]]
    return found
