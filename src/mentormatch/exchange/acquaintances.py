"""What one person exchanges with each of many: looked up skill by skill.

Everybody of a side is listed under what they teach and under what they wish for, once. What one
person then exchanges with all of them takes as long as there are people who share a skill with
them, and what a change of their profile makes of it takes as long as the skills that it changes.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.benefit import OpenWishes, contribution, largest
from mentormatch.people import Cohort

__all__ = ["Acquaintances", "Met", "Terms"]

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Terms:
    """What single skills add to benefits.

    Attributes
    ----------
    asked : int64 array
        The skill asked about, by its place among them.
    other : int64 array
        With whom.
    term : float64 array
        What it adds to the learner's benefit, above 0.
    """

    asked: Rows
    other: Rows
    term: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Acquaintances:
    """People listed by what they teach and by what they wish for.

    Attributes
    ----------
    size : int
        How many they are.
    wishes : OpenWishes
        Their open wishes.
    starts : int64 array
        Shape (skills + 1,): who teaches skill s stands from ``starts[s]`` to ``starts[s + 1]``.
    teacher : int64 array
        The position of each teacher.
    level : float64 array
        How well they teach it.
    """

    size: int
    wishes: OpenWishes
    starts: Rows
    teacher: Rows
    level: Floats

    @classmethod
    def of(cls, people: Cohort, rows: Rows, wishes_counted: int | None) -> "Acquaintances":
        """List people.

        Parameters
        ----------
        people
            The cohort.
        rows
            Their rows; positions are counted in this order.
        wishes_counted
            How many wishes of anybody count; `None` counts all.

        Examples
        --------
        >>> from mentormatch import read_records
        >>> people = read_records(
        ...     [{"id": "ana", "teaches": "sql:4"}, {"id": "bo", "wants": "sql; R"}]
        ... )
        >>> known = Acquaintances.of(people, np.array([1]), None)
        >>> known.learning(np.array([0]), np.array([0.8])).term
        array([0.4])
        """
        wishes = OpenWishes.of(people, rows, wishes_counted)
        taught = people.teaches[rows].tocsc()
        starts, teacher = taught.indptr.astype(np.int64), taught.indices.astype(np.int64)
        return cls(len(rows), wishes, starts, teacher, taught.data)

    def learning(self, skills: Rows, levels: Floats) -> Terms:
        """Return what they learn from a teacher, skill by skill.

        Parameters
        ----------
        skills, levels
            What is taught, and how well; a skill may come several times.
        """
        wishes = self.wishes
        asked, wish = _runs(wishes.starts, skills)
        terms = contribution(wishes.weight[wish], levels[asked], wishes.known[wish])
        some = terms > 0.0
        return Terms(asked[some], wishes.learner[wish[some]], terms[some])

    def teaching(self, skills: Rows, weights: Floats, known: Floats) -> Terms:
        """Return what they teach a learner, skill by skill.

        Parameters
        ----------
        skills, weights, known
            What is wished for, how much each wish counts of all, and what is known already.
        """
        asked, place = _runs(self.starts, skills)
        terms = contribution(weights[asked], self.level[place], known[asked])
        some = terms > 0.0
        return Terms(asked[some], self.teacher[place[some]], terms[some])

    def met(self, skills: Rows, terms: Terms) -> "Met":
        """Add terms up, for each of the people.

        Parameters
        ----------
        skills
            The skills that were asked about, each once.
        terms
            What they add.
        """
        order = np.argsort(terms.other, kind="stable")
        starts = np.zeros(self.size + 1, dtype=np.int64)
        np.cumsum(np.bincount(terms.other, minlength=self.size), out=starts[1:])
        counted = self.wishes.counted
        total = _total(terms.other, terms.term, self.size, counted)
        return Met(starts, skills[terms.asked[order]], terms.term[order], total, counted)


@dataclass(frozen=True, eq=False, slots=True)
class Met:
    """The share of wishes that is met between one person and each of many, in one direction.

    Attributes
    ----------
    starts : int64 array
        The skills exchanged with the person at position p are entries ``starts[p]`` to
        ``starts[p + 1]``.
    skill : int64 array
        Which.
    term : float64 array
        What each adds.
    total : float64 array, shape (size,)
        The benefit, in [0, 1].
    counted : int or None
        How many of the best-covered wishes count; `None` counts all.
    """

    starts: Rows
    skill: Rows
    term: Floats
    total: Floats
    counted: int | None = field(default=None)

    def with_others(self, people: Rows, pair: Rows, skills: Rows, terms: Floats) -> Floats:
        """Return what benefits would be if some terms were others.

        Parameters
        ----------
        people
            With whom, one for each benefit that is asked for; they may come several times.
        pair, skills, terms
            For which of these a skill adds what, beside the rest or in place of what it did.

        Returns
        -------
        float64 array, shape (len(people),)
        """
        each, place = _runs(self.starts, people)
        width = int(max(skills.max(initial=0), self.skill.max(initial=0))) + 1
        replaced = np.isin(each * width + self.skill[place], pair * width + skills)
        each = np.concatenate((each[~replaced], pair))
        values = np.concatenate((self.term[place[~replaced]], terms))
        return _total(each, values, len(people), self.counted)


def _total(group: Rows, terms: Floats, size: int, counted: int | None) -> Floats:
    """Add up the terms of each group that count."""
    if counted is not None:
        group, terms = largest(group, terms, counted)
    return np.minimum(np.bincount(group, terms, minlength=size), 1.0)


def _runs(starts: Rows, which: Rows) -> tuple[Rows, Rows]:
    """Return the entries of some runs one after the other: whose each is, and where it stands."""
    count = starts[which + 1] - starts[which]
    ends = np.cumsum(count)
    total = int(ends[-1]) if len(ends) else 0
    return (
        np.repeat(np.arange(len(which)), count),
        np.arange(total) + np.repeat(starts[which] - (ends - count), count),
    )
