"""Whether anybody at all meets somebody's wishes, and whether somebody meets anybody's."""

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.benefit import possessed, row_of_each_entry
from mentormatch.people import Cohort

__all__ = ["are_met", "are_of_use", "have_wishes"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]


def have_wishes(people: Cohort, learners: Rows) -> Bools:
    """Return who has a wish that is still open.

    Parameters
    ----------
    people
        The cohort.
    learners
        Rows, shape (l,).

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana", "wants": "sql"}, {"id": "bo"}])
    >>> have_wishes(people, np.array([0, 1]))
    array([ True, False])
    """
    learner, _, _ = _open_wishes(people, learners)
    return _any(learner, np.ones(len(learner), dtype=np.bool_), len(learners))


def are_met(people: Cohort, learners: Rows, teachers: Rows) -> Bools:
    """Return who could learn a wished skill from somebody among the teachers.

    Parameters
    ----------
    people
        The cohort.
    learners, teachers
        Rows, shapes (l,) and (t,).

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records(
    ...     [{"id": "ana", "teaches": "sql:2"}, {"id": "bo", "wants": "sql", "knows": "sql:3"}]
    ... )
    >>> are_met(people, np.array([1]), np.array([0]))
    array([False])
    """
    offered = people.teaches[teachers]
    best = np.zeros(offered.shape[1])
    np.maximum.at(best, offered.indices, offered.data)
    learner, skill, known = _open_wishes(people, learners)
    return _any(learner, best[skill] > known, len(learners))


def are_of_use(people: Cohort, teachers: Rows, learners: Rows) -> Bools:
    """Return who could teach a wished skill to somebody among the learners.

    Parameters
    ----------
    people
        The cohort.
    teachers, learners
        Rows, shapes (t,) and (l,).

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana", "teaches": "sql; go"}, {"id": "bo", "wants": "go"}])
    >>> are_of_use(people, np.array([0, 1]), np.array([0, 1]))
    array([ True, False])
    """
    _, skill, known = _open_wishes(people, learners)
    least = np.full(people.wants.shape[1], np.inf)
    np.minimum.at(least, skill, known)
    offered = people.teaches[teachers]
    teacher = row_of_each_entry(offered)
    return _any(teacher, offered.data > least[offered.indices], len(teachers))


def _open_wishes(people: Cohort, learners: Rows) -> tuple[Rows, Rows, Floats]:
    """Return whose each open wish is, for what, and what the learner has of it."""
    wanted = people.wants[learners]
    learner = row_of_each_entry(wanted)
    known = possessed(people, learners[learner], wanted.indices)
    still_open = known < 1.0
    skill = wanted.indices.astype(np.int64)
    return learner[still_open], skill[still_open], known[still_open]


def _any(owner: Rows, is_so: Bools, size: int) -> Bools:
    found = np.zeros(size, dtype=np.bool_)
    found[owner[is_so]] = True
    return found
