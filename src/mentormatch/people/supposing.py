"""The same people, but for what somebody teaches, wants, or has time for: what if it were so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from mentormatch.people.columns import UNSAID, Column, Columns, capacities
from mentormatch.people.folding import Folding
from mentormatch.people.links import Links
from mentormatch.people.summary import Account

__all__ = ["Addition", "Supposing"]


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

    list: Literal["teaches", "wants"]
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
        changed = _with(matrix[[row]], [addition])
        parts = [part for part in (matrix[:row], changed, matrix[row + 1 :]) if part.shape[0]]
        return self._but({addition.list: csr_array(vstack(parts, format="csr"))})

    def variants(self, row: int, additions: Sequence[Addition]) -> Self:
        """Return as many people as there are additions: one person, each time with another one.

        They have the skills that they would have, and what they could teach each other means
        nothing. With a taxonomy, credit is given for every skill.

        Parameters
        ----------
        row
            Who.
        additions
            What their list would have beside the rest, all for one list; one or more.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = Cohort.from_participants(
        ...     [Participant(id="ana", teaches={"sql": 1}), Participant(id="bo", wants={"R": 1})]
        ... )
        >>> more = [Addition("teaches", 0, 0.4), Addition("teaches", 1, 1.0)]
        >>> people.variants(1, more).teaches.toarray()
        array([[0.4, 0. ],
               [0. , 1. ]])
        """
        columns, links = self._columns, self._links
        where, copies = np.full(len(additions), row), len(additions)
        matrices = {name: getattr(columns, name)[where] for name in ("teaches", "knows", "wants")}
        changed = additions[0].list
        matrices[changed] = _with(matrices[changed], additions)
        values: dict[str, Column] = {
            name: column[where] if isinstance(column, np.ndarray) else (column[row],) * copies
            for name, column in columns.values.items()
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
        tied = replace(links, place=links.place[where], past=none, declined=none, wished=no_wish)
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
        declined = np.concatenate((self._links.declined, rows))
        links = replace(self._links, declined=declined)
        return type(self)(self._columns, links, self._given, self._account, self._folding)

    def _but(self, changes: Mapping[str, Any]) -> Self:
        columns = replace(self._columns, **changes)
        folding = self._folding
        if folding is not None:
            folding = Folding.of(columns, folding.taxonomy)
        return type(self)(columns, self._links, self._given, self._account, folding)


def _with(
    matrix: "csr_array[np.float64]", additions: Sequence[Addition]
) -> "csr_array[np.float64]":
    """Return a matrix with one entry more, or another one, in each row."""
    rows, skills = np.arange(len(additions)), np.array([one.skill for one in additions])
    changed = matrix.tolil()
    changed[rows, skills] = np.array([one.level for one in additions])
    return csr_array(changed)
