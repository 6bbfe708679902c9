"""The same people, but for what somebody teaches, wants, or has time for: what if it were so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from mentormatch.people.columns import UNSAID, Column, Columns, capacities
from mentormatch.people.folding import Folding
from mentormatch.people.links import Links
from mentormatch.people.summary import Account

__all__ = ["Addition", "ListName", "Supposing"]

Rows = NDArray[np.int64]
#: A list of skills in which somebody may have one more.
ListName = Literal["teaches", "wants"]


@dataclass(frozen=True, slots=True)
class Addition:
    """A skill that somebody could teach or want as well.

    Attributes
    ----------
    list : str
        Where it would stand: ``"teaches"`` or ``"wants"``.
    skill : int
        The skill, as a column of the cohort's matrices.
    level : float
        Proficiency, or priority; it takes the place of one that is there.
    """

    list: ListName
    skill: int
    level: float


class Supposing:
    """Makes cohorts that differ in what one person says; see `Cohort`."""

    __slots__ = ()

    _columns: Columns
    _links: Links
    _given: bool
    _account: Account | None
    _folding: Folding | None

    if TYPE_CHECKING:  # the cohort's own

        def __init__(
            self,
            columns: Columns,
            links: Links,
            given: bool,
            account: Account | None = None,
            folding: Folding | None = None,
        ) -> None: ...

    def supposing(self, row: int, addition: Addition) -> Self:
        """Return the same people, one of whom teaches or wants one skill more.

        Parameters
        ----------
        row
            Whose list.
        addition
            What it would have beside the rest.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = Cohort.from_participants([Participant(id="ana", teaches={"sql": 1})])
        >>> people.supposing(0, Addition("teaches", 0, 0.4)).teaches.toarray()
        array([[0.4]])
        """
        matrix = getattr(self._columns, addition.list)
        changed = _with(matrix[[row]], np.array([addition.skill]), addition.level)
        parts = [part for part in (matrix[:row], changed, matrix[row + 1 :]) if part.shape[0]]
        return self._but({addition.list: csr_array(vstack(parts, format="csr"))})

    def variants(self, row: int, name: ListName, skills: Rows, level: float) -> Self:
        """Return as many people as there are skills: one person, each time with another addition.

        They have the skills that they would have, and what they could teach each other means
        nothing. With a taxonomy, credit is given for every skill.

        Parameters
        ----------
        row
            Who.
        name
            Which of their lists would be longer.
        skills
            What it would have beside the rest, as columns of the cohort's matrices; one or more.
        level
            The proficiency, or priority, in [0, 1]; it takes the place of one that is there.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = Cohort.from_participants(
        ...     [Participant(id="ana", teaches={"sql": 1}), Participant(id="bo", wants={"R": 1})]
        ... )
        >>> people.variants(1, "teaches", np.array([0, 1]), 0.4).teaches.toarray()
        array([[0.4, 0. ],
               [0. , 0.4]])
        """
        columns, links = self._columns, self._links
        where, copies = np.full(len(skills), row), len(skills)
        lists = ("teaches", "knows", "wants")
        matrices = {one: getattr(columns, one)[where] for one in lists if one != name}
        matrices[name] = _with(getattr(columns, name)[[row]], skills, level)
        values: dict[str, Column] = {
            one: column[where] if isinstance(column, np.ndarray) else (column[row],) * copies
            for one, column in columns.values.items()
        }
        of_nobody = ((),) * copies
        copied = Columns(
            ids=tuple(str(number) for number in range(copies)),
            names=(columns.names[row],) * copies,
            lines=columns.lines[where],
            skills=columns.skills,
            values=values,
            past_partners=of_nobody,
            declines=of_nobody,
            prefers=of_nobody,
            most=columns.most[where],
            least=columns.least[where],
            audit_only=columns.audit_only,
            **matrices,
        )
        none, no_wish = np.empty((0, 2), dtype=np.int64), np.empty((0, 3), dtype=np.int64)
        place = links.place[where]
        tied = replace(links, place=place, past=none, declined=none, wished=no_wish, rejected=none)
        folding = self._folding
        if folding is not None:
            every = np.ones(len(columns.skills), dtype=np.bool_)
            folding = Folding.of(copied, folding.taxonomy, wished=every)
        return type(self)(copied, tied, self._given, None, folding)

    def without_capacity(self, row: int | NDArray[np.int64]) -> Self:
        """Return the same people, one of whom, or some, take no part.

        Everybody stays in the reporting tree: who has no time is their reports' manager still.

        Parameters
        ----------
        row
            Who; rows for several.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = Cohort.from_participants([Participant(id="ana"), Participant(id="bo")])
        >>> people.without_capacity(0).capacity
        array([0, 1])
        """
        most, least = self._columns.most.copy(), self._columns.least.copy()
        most[row], least[row] = 0, UNSAID
        values = {**self._columns.values, "capacity": capacities(most)}
        return self._but({"most": most, "least": least, "values": values})

    def with_declined(self, rows: NDArray[np.int64]) -> Self:
        """Return the same people, who may not be some pairs: one of the two declines the other.

        It stands in nobody's profile, so that nobody can tell which of the two it was.

        Parameters
        ----------
        rows
            Pairs of rows, shape (pairs, 2).

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = Cohort.from_participants([Participant(id="ana"), Participant(id="bo")])
        >>> people.with_declined(np.array([[0, 1]])).are_declined(1, 0)
        array(True)
        """
        links = replace(self._links, rejected=np.concatenate((self._links.rejected, rows)))
        return type(self)(self._columns, links, self._given, self._account, self._folding)

    def with_double(self, row: int) -> Self:
        """Return the same people and one more, who is like somebody and comes last.

        A double says the same, stands at the same place of the reporting tree, and whoever has
        been paired with one of them, declines or wishes for one, does so with both. They need not
        have a partner.

        Parameters
        ----------
        row
            Like whom.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = [Participant(id="ana", teaches={"sql": 1}), Participant(id="bo")]
        >>> twice = Cohort.from_participants(people).with_double(0)
        >>> twice.ids, twice.teaches.toarray()[2]
        (('ana', 'bo', 'ana (double)'), array([1.]))
        """
        columns, links = self._columns, self._links
        size = len(columns.ids)
        where = np.append(np.arange(size), row)
        person = f"{columns.ids[row]} (double)"
        while person in columns.ids:
            person += "'"
        arrays = ("lines", "teaches", "knows", "wants", "most", "least")
        lists = ("past_partners", "declines", "prefers")
        changes: dict[str, Any] = {name: getattr(columns, name)[where] for name in arrays}
        changes |= {name: (*(own := getattr(columns, name)), own[row]) for name in lists}
        changes["least"][size] = 0
        values: dict[str, Column] = {
            name: column[where] if isinstance(column, np.ndarray) else (*column, column[row])
            for name, column in columns.values.items()
        }
        ids, names = (*columns.ids, person), (*columns.names, columns.names[row])
        tied = replace(
            links,
            place=links.place[where],
            past=_doubled(links.past, row, size),
            declined=_doubled(links.declined, row, size),
            rejected=_doubled(links.rejected, row, size),
            wished=_doubled(links.wished, row, size),
        )
        doubled = replace(columns, ids=ids, names=names, values=values, **changes)
        folding = self._folding
        if folding is not None:
            folding = Folding.of(doubled, folding.taxonomy)
        return type(self)(doubled, tied, self._given, self._account, folding)

    def _but(self, changes: Mapping[str, Any]) -> Self:
        columns = replace(self._columns, **changes)
        folding = self._folding
        if folding is not None:
            folding = Folding.of(columns, folding.taxonomy)
        return type(self)(columns, self._links, self._given, self._account, folding)


def _with(one: "csr_array[np.float64]", skills: Rows, level: float) -> "csr_array[np.float64]":
    """Return a single row as often as there are skills, each with one entry more, or another."""
    copies, width = len(skills), one.shape[1]
    each = np.arange(copies)
    rows = np.concatenate((np.repeat(each, one.nnz), each))
    cols = np.concatenate((np.tile(one.indices, copies), skills))
    levels = np.concatenate((np.tile(one.data, copies), np.full(copies, level)))
    replaced = cols[: copies * one.nnz] == np.repeat(skills, one.nnz)
    kept = np.concatenate((~replaced, np.ones(copies, dtype=np.bool_)))
    changed = csr_array((levels[kept], (rows[kept], cols[kept])), shape=(copies, width))
    changed.sort_indices()
    return changed


def _doubled(ties: Rows, row: int, double: int) -> Rows:
    """Return ties, the first two columns of which are people, and those of a double as well."""
    again = ties[(ties[:, :2] == row).any(axis=1)].copy()
    again[:, :2][again[:, :2] == row] = double
    return np.concatenate((ties, again))
