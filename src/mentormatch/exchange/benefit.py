"""The benefit of one direction: the share of a learner's wishes that a teacher can meet.

Every term of the sum is rounded once, to a multiple of 2⁻⁵⁰. Sums of such terms are exact in
float64, so a benefit does not depend on the order of the skills, of the people or of the
processor's instructions: whoever adds it up again gets the same bits.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.people import Cohort

__all__ = [
    "GRAIN",
    "OpenWishes",
    "benefit",
    "benefit_of_pairs",
    "contribution",
    "largest",
    "lessons",
    "possessed",
    "row_of_each_entry",
    "urgency",
]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: Terms are multiples of 1 / GRAIN; a benefit is at most 1, so that its sums are exact.
GRAIN = 2.0**50

#: Of so large a part of all rows, entries are looked up among the entries of all.
FEW = 16
#: How many (teacher, learner, skill) terms are held in memory at a time.
TERMS_AT_ONCE = 1 << 21


def contribution(weight: Floats, offered: Floats, known: Floats) -> Floats:
    """Return what one skill adds to a benefit: its weight times its coverage.

    The coverage is ``max(0, offered - known) / (1 - known)``: the part of the learner's
    remaining gap that the teacher can close.

    Parameters
    ----------
    weight
        The wish's share of all the learner's open wishes, in [0, 1].
    offered
        The teacher's proficiency, in [0, 1].
    known
        The learner's own, in [0, 1).

    Returns
    -------
    numpy.ndarray
        The products, broadcast, as multiples of 2⁻⁵⁰.

    Examples
    --------
    >>> contribution(np.array([0.5]), np.array([0.8]), np.array([0.6]))
    array([0.25])
    """
    # In this order, so that what depends on the wish alone can be worked out once.
    terms: Floats = np.rint(urgency(weight, known) * np.maximum(0.0, offered - known)) / GRAIN
    return terms


def urgency(weight: Floats, known: Floats) -> Floats:
    """Return what a wish gains from each unit of proficiency beyond the learner's, in grains.

    Parameters
    ----------
    weight
        The wish's share of all the learner's open wishes, in [0, 1].
    known
        What the learner has, in [0, 1).

    Examples
    --------
    >>> urgency(np.array([0.5]), np.array([0.6])) / GRAIN
    array([1.25])
    """
    return weight / (1.0 - known) * GRAIN


@dataclass(frozen=True, eq=False, slots=True)
class OpenWishes:
    """The wishes of some learners that are not met yet, listed skill by skill.

    Attributes
    ----------
    size : int
        Number of learners.
    starts : numpy.ndarray
        Shape (skills + 1,): the wishes for skill s are entries ``starts[s]`` to ``starts[s + 1]``.
    learner : numpy.ndarray
        Position of each wish's learner among the learners.
    weight : numpy.ndarray
        The wish's priority over the sum of the learner's counted priorities, in (0, 1].
    known : numpy.ndarray
        What the learner already has of the skill, in [0, 1).
    counted : int or None
        How many of the best-covered wishes count; `None` counts all.
    """

    size: int
    starts: Rows
    learner: Rows
    weight: Floats
    known: Floats
    counted: int | None

    @classmethod
    def of(cls, people: Cohort, learners: Rows, wishes_counted: int | None = None) -> "OpenWishes":
        """Gather the open wishes of `learners`, rows of the cohort."""
        wanted = people.wants[learners]
        learner = row_of_each_entry(wanted)
        # Of these people alone: of a few it is much quicker than of all.
        known = np.maximum(
            _entries_at(people.knows[learners], learner, wanted.indices),
            _entries_at(people.teaches[learners], learner, wanted.indices),
        )
        still_open = known < 1.0
        learner, known = learner[still_open], known[still_open]
        skill = wanted.indices[still_open].astype(np.int64)
        priority = wanted.data[still_open]
        weight = (
            priority / _counted_priority(learner, priority, len(learners), wishes_counted)[learner]
        )
        order = np.argsort(skill, kind="stable")
        starts = np.zeros(people.wants.shape[1] + 1, dtype=np.int64)
        np.cumsum(np.bincount(skill, minlength=people.wants.shape[1]), out=starts[1:])
        return cls(
            len(learners), starts, learner[order], weight[order], known[order], wishes_counted
        )

    @property
    def skills(self) -> Rows:
        """The skill of each wish."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def met_by(self, people: Cohort, teachers: Rows) -> Floats:
        """Return the benefit of every learner from every teacher.

        Parameters
        ----------
        people
            The cohort the learners are from.
        teachers
            Rows of the teachers, shape (t,).

        Returns
        -------
        numpy.ndarray
            Shape (t, learners), in [0, 1].
        """
        met = np.zeros((len(teachers), self.size))
        for first, last in self._portions(people, teachers):
            cells, terms = self._terms(people.teaches[teachers[first:last]])
            if self.counted is not None:
                cells, terms = largest(cells, terms, self.counted)
            shape = (last - first, self.size)
            sums = np.bincount(cells, terms, minlength=shape[0] * shape[1])
            met[first:last] = np.minimum(sums, 1.0).reshape(shape)
        return met

    def _portions(self, people: Cohort, teachers: Rows) -> Iterator[tuple[int, int]]:
        """Cut the teachers so that no portion has many more terms than `TERMS_AT_ONCE`."""
        offers = people.teaches[teachers]
        interest = np.diff(self.starts)[offers.indices]
        before = np.concatenate(([0], np.cumsum(interest)))[offers.indptr]
        first = 0
        while first < len(teachers):
            last = int(np.searchsorted(before, before[first] + TERMS_AT_ONCE, side="right")) - 1
            last = min(max(last, first + 1), len(teachers))
            yield first, last
            first = last

    def _terms(self, offers: csr_array) -> tuple[Rows, Floats]:
        """Return every positive term as (teacher x size + learner, contribution)."""
        count = np.diff(self.starts)[offers.indices]
        ends = np.cumsum(count)
        total = int(ends[-1]) if len(ends) else 0
        # The wishes for one skill lie side by side: count up from where each run begins.
        wish = np.arange(total) + np.repeat(self.starts[offers.indices] - (ends - count), count)
        terms = contribution(self.weight[wish], np.repeat(offers.data, count), self.known[wish])
        cells = np.repeat(row_of_each_entry(offers), count) * self.size + self.learner[wish]
        some = terms > 0.0
        return cells[some], terms[some]


def benefit(
    people: Cohort, teachers: Rows, learners: Rows, *, wishes_counted: int | None = None
) -> Floats:
    """Return the share of each learner's wishes that each teacher can meet.

    ``benefit(a→b) = Σ_s w_b[s] · coverage(a, b, s) / Σ_s w_b[s]`` over the skills b wants and does
    not have in full. With `wishes_counted` = m the m largest terms count, against the m heaviest
    wishes, so that an honest long list of wishes does not lose. Someone with no open wish has
    benefit 0 from everybody. Nothing but skills enters.

    Parameters
    ----------
    people
        The cohort.
    teachers
        Rows of the people who teach, shape (t,).
    learners
        Rows of the people who learn, shape (l,).
    wishes_counted
        How many wishes count; `None` counts all.

    Returns
    -------
    numpy.ndarray
        Shape (t, l), in [0, 1].

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql:4; excel"},
    ...         {"id": "bo", "wants": "sql:3; pottery:1", "knows": "sql:2"},
    ...     ]
    ... )
    >>> ana, bo = np.array([0]), np.array([1])
    >>> benefit(people, ana, bo).round(3)  # 3/4 of (0.8 - 0.4) / (1 - 0.4)
    array([[0.5]])
    """
    return OpenWishes.of(people, learners, wishes_counted).met_by(people, teachers)


def benefit_of_pairs(
    people: Cohort, teachers: Rows, learners: Rows, wishes_counted: int | None = None
) -> Floats:
    """Return the benefit of each learner from one teacher, for many pairs at once.

    Parameters
    ----------
    people
        The cohort.
    teachers, learners
        Rows of the people of each pair, both of shape (p,).
    wishes_counted
        As for `benefit`.

    Returns
    -------
    numpy.ndarray
        Shape (p,), in [0, 1]: what `benefit` has for the pair.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records(
    ...     [{"id": "ana", "teaches": "sql"}, {"id": "bo", "wants": "sql; pottery"}]
    ... )
    >>> benefit_of_pairs(people, np.array([0, 1]), np.array([1, 0]))
    array([0.5, 0. ])
    """
    wanted = people.wants[learners]
    pair = row_of_each_entry(wanted)
    known = possessed(people, learners[pair], wanted.indices)
    still_open = known < 1.0
    pair, known, priority = pair[still_open], known[still_open], wanted.data[still_open]
    weight = priority / _counted_priority(pair, priority, len(learners), wishes_counted)[pair]
    offered = _entries_at(people.teaches, teachers[pair], wanted.indices[still_open])
    terms = contribution(weight, offered, known)
    if wishes_counted is not None:
        pair, terms = largest(pair, terms, wishes_counted)
    sums: Floats = np.minimum(np.bincount(pair, terms, minlength=len(learners)), 1.0)
    return sums


def lessons(people: Cohort, teachers: Rows, learners: Rows) -> csr_array:
    """Return, for pairs of a teacher and a learner, which skills are taught.

    Parameters
    ----------
    people
        The cohort.
    teachers, learners
        Rows of the people of each pair, both of shape (p,).

    Returns
    -------
    scipy.sparse.csr_array
        Shape (p, skills): the priority of the wish times its coverage, where positive.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records(
    ...     [{"id": "ana", "teaches": "sql; excel"}, {"id": "bo", "wants": "SQL"}]
    ... )
    >>> taught = lessons(people, np.array([0]), np.array([1]))
    >>> [people.skills.labels[skill] for skill in taught.indices]
    ['SQL']
    """
    wanted = people.wants[learners]
    pair = row_of_each_entry(wanted)
    offered = _entries_at(people.teaches, teachers[pair], wanted.indices)
    known = possessed(people, learners[pair], wanted.indices)
    taught = (offered > known) & (known < 1.0)
    terms = contribution(wanted.data[taught], offered[taught], known[taught])
    return csr_array((terms, (pair[taught], wanted.indices[taught])), shape=wanted.shape)


def row_of_each_entry(matrix: csr_array) -> Rows:
    """Return the row of each stored entry of a matrix.

    Examples
    --------
    >>> row_of_each_entry(csr_array([[0.5, 0.25], [0.0, 1.0]]))
    array([0, 0, 1])
    """
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def _entries_at(matrix: csr_array, rows: Rows, columns: NDArray[np.integer]) -> Floats:
    """Return ``matrix[rows, columns]`` entry by entry, 0 where nothing is stored."""
    if len(rows) < matrix.shape[0] // FEW:
        matrix, rows = matrix[rows], np.arange(len(rows))
    width = matrix.shape[1]
    stored = row_of_each_entry(matrix) * width + matrix.indices  # ascending: indices are sorted
    asked = rows * width + columns
    place = np.searchsorted(stored, asked)
    found = np.zeros(len(asked))
    hit = place < len(stored)
    hit[hit] = stored[place[hit]] == asked[hit]
    found[hit] = matrix.data[place[hit]]
    return found


def possessed(people: Cohort, rows: Rows, skills: NDArray[np.integer]) -> Floats:
    """Return the larger of what each person knows and teaches of a skill.

    Parameters
    ----------
    people
        The cohort.
    rows, skills
        A person and a skill for each entry asked for; one shape.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana", "teaches": "sql:3", "knows": "sql:4"}])
    >>> possessed(people, np.array([0]), np.array([0]))
    array([0.8])
    """
    return np.maximum(
        _entries_at(people.knows, rows, skills), _entries_at(people.teaches, rows, skills)
    )


def _counted_priority(
    learner: Rows, priority: Floats, size: int, wishes_counted: int | None
) -> Floats:
    """Return the sum of each learner's priorities, or of the heaviest `wishes_counted`."""
    if wishes_counted is not None:
        learner, priority = largest(learner, priority, wishes_counted)
    # bincount adds one after the other, in the order of the skills: the same total everywhere.
    totals: Floats = np.bincount(learner, priority, minlength=size).astype(np.float64)
    return totals


def largest(groups: Rows, values: Floats, most: int) -> tuple[Rows, Floats]:
    """Keep the `most` largest values of every group.

    Parameters
    ----------
    groups, values
        The group of each value, and the value.
    most
        How many of each group.

    Examples
    --------
    >>> largest(np.array([0, 1, 0]), np.array([0.25, 0.5, 0.75]), 1)
    (array([0, 1]), array([0.75, 0.5 ]))
    """
    order = np.lexsort((-values, groups))
    groups, values = groups[order], values[order]
    first = np.searchsorted(groups, groups, side="left")
    kept = np.arange(len(groups)) - first < most
    return groups[kept], values[kept]
