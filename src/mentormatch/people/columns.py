"""Profiles column by column, gathered from people or from arrays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.people.participant import Participant
from mentormatch.skills.vocabulary import Vocabulary

__all__ = ["FIELDS", "UNSAID", "Column", "Columns", "capacities", "gather", "sealed"]

#: The fields of every profile that a rule may read.
FIELDS = (
    "department",
    "manager_id",
    "rank",
    "utc_offset",
    "languages",
    "location",
    "capacity",
)
_NUMBERS = ("rank", "utc_offset")

#: Stands for a number of partners of which a profile says nothing.
UNSAID = -1

Matrix = TypeVar("Matrix", bound="csr_array[Any]")
Column = tuple[object, ...] | NDArray[np.float64] | NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Columns:
    """What n people said, column by column; nothing here relates one person to another.

    Parameters
    ----------
    ids, names
        Id and name of each person.
    lines
        Line of each in the file, or position from 1; int64, shape (n,).
    skills
        The skills that anyone names.
    teaches, knows, wants
        Levels; csr_array of float64, shape (n, skills), sorted, without stored zeros.
    values
        The fields that a rule may read, then the attributes: numbers as an array with NaN for
        blank, anything else as a tuple with `None` for blank.
    past_partners, declines, prefers
        Ids that each person named.
    most, least
        The capacity of each person and how many partners they must have at least, `UNSAID` where
        their profile does not say; int64, shape (n,).
    audit_only
        Attributes that an audit alone reads.

    Examples
    --------
    >>> gather([Participant(id="ana"), Participant(id="bo")])[0].lines
    array([1, 2])
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    lines: NDArray[np.int64]
    skills: Vocabulary
    teaches: "csr_array[np.float64]"
    knows: "csr_array[np.float64]"
    wants: "csr_array[np.float64]"
    values: Mapping[str, Column]
    past_partners: tuple[tuple[str, ...], ...]
    declines: tuple[tuple[str, ...], ...]
    prefers: tuple[tuple[str, ...], ...]
    most: NDArray[np.int64]
    least: NDArray[np.int64]
    audit_only: frozenset[str]

    def seal(self) -> None:
        """Make every array read-only.

        Examples
        --------
        >>> columns, _ = gather([Participant(id="ana")])
        >>> columns.seal()
        >>> columns.lines.flags.writeable
        False
        """
        for array in (self.lines, self.most, self.least):
            array.setflags(write=False)
        for matrix in (self.teaches, self.knows, self.wants):
            sealed(matrix)
        for column in self.values.values():
            if isinstance(column, np.ndarray):
                column.setflags(write=False)

    def texts(self, name: str) -> tuple[str | None, ...]:
        """Return a column of text.

        Parameters
        ----------
        name
            A key of `values` other than the numbers.

        Returns
        -------
        tuple of (str or None)

        Examples
        --------
        >>> gather([Participant(id="ana", location="Oslo")])[0].texts("location")
        ('Oslo',)
        """
        return cast(tuple[str | None, ...], self.values[name])

    def profile(self, row: int) -> Participant:
        """Return one person's profile.

        Parameters
        ----------
        row
            The person's row.

        Returns
        -------
        Participant

        Examples
        --------
        >>> gather([Participant(id="ana", rank=3)])[0].profile(0).rank
        3.0
        """
        given: dict[str, Any] = {name: self._cell(name, row) for name in self.values}
        for name in ("teaches", "knows", "wants"):
            matrix = getattr(self, name)
            cells = slice(matrix.indptr[row], matrix.indptr[row + 1])
            given[name] = {
                self.skills.labels[column]: level
                for column, level in zip(
                    matrix.indices[cells].tolist(), matrix.data[cells].tolist(), strict=True
                )
            }
        given |= {"id": self.ids[row], "name": self.names[row]}
        for name in ("past_partners", "declines", "prefers"):
            given[name] = getattr(self, name)[row]
        for name, said in (("capacity", self.most[row]), ("at_least", self.least[row])):
            given[name] = None if said == UNSAID else int(said)
        return Participant.model_validate(given)

    def _cell(self, name: str, row: int) -> object:
        column = self.values[name]
        if not isinstance(column, np.ndarray):
            return column[row]
        number = column[row].item()
        return None if number != number else number  # not a number is a blank


def gather(
    participants: Iterable[Participant],
    lines: Sequence[int] | None = None,
    attributes: Sequence[str] = (),
) -> tuple[Columns, tuple[str, ...]]:
    """Turn profiles into columns.

    Parameters
    ----------
    participants
        The people.
    lines
        Line of each in the file; positions from 1 when left out.
    attributes
        Attributes that are columns even if blank for everyone.

    Returns
    -------
    columns : Columns
    repeating : tuple of str
        Ids of people who list one skill twice, in two spellings; the highest level counts.

    Examples
    --------
    >>> columns, repeating = gather([Participant(id="ana", teaches={"SQL": 0.5, "sql": 1})])
    >>> columns.profile(0).teaches, repeating
    ({'SQL': 1.0}, ('ana',))
    """
    people = list(participants)
    skills = Vocabulary.of(
        skill
        for person in people
        for levels in (person.teaches, person.knows, person.wants)
        for skill in levels
    )
    repeating: dict[str, None] = {}
    matrices = {}
    for name in ("teaches", "knows", "wants"):
        matrices[name], again = _matrix([getattr(person, name) for person in people], skills)
        repeating |= dict.fromkeys(people[row].id for row in again)
    extras = dict.fromkeys(attributes)
    for person in people:
        extras |= dict.fromkeys(person.attributes)
    most = _said(person.capacity for person in people)
    values: dict[str, Column] = {}
    for name in FIELDS:
        cells = tuple(getattr(person, name) for person in people)
        # NumPy makes NaN of None.
        values[name] = np.array(cells, dtype=np.float64) if name in _NUMBERS else cells
    values["capacity"] = capacities(most)
    for name in extras:
        values[name] = tuple(person.attributes.get(name) for person in people)
    columns = Columns(
        ids=tuple(person.id for person in people),
        names=tuple(person.name for person in people),
        lines=np.array(lines if lines is not None else range(1, len(people) + 1), dtype=np.int64),
        skills=skills,
        values=values,
        past_partners=tuple(person.past_partners for person in people),
        declines=tuple(person.declines for person in people),
        prefers=tuple(person.prefers for person in people),
        most=most,
        least=_said(person.at_least for person in people),
        audit_only=frozenset(),  # until somebody says so: `kept_for_audit`
        **matrices,
    )
    return columns, tuple(repeating)


def capacities(most: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the capacities that rules read: 1 for whoever says nothing.

    Parameters
    ----------
    most
        As in `Columns`.

    Returns
    -------
    ndarray of int64, shape (n,)

    Examples
    --------
    >>> capacities(np.array([3, UNSAID, 0]))
    array([3, 1, 0])
    """
    return np.where(most == UNSAID, 1, most)


def sealed(matrix: Matrix) -> Matrix:
    """Make a sparse matrix read-only.

    Parameters
    ----------
    matrix
        In canonical form.

    Returns
    -------
    csr_array
        The same.

    Examples
    --------
    >>> sealed(csr_array(np.eye(2))).data.flags.writeable
    False
    """
    # Already so; but SciPy remembers that it looked, and never tries to sort in place again.
    matrix.sum_duplicates()
    for array in (matrix.data, matrix.indices, matrix.indptr):
        array.setflags(write=False)
    return matrix


def _said(numbers: Iterable[int | None]) -> NDArray[np.int64]:
    return np.array([UNSAID if one is None else one for one in numbers], dtype=np.int64)


def _matrix(
    people: list[dict[str, float]], skills: Vocabulary
) -> tuple["csr_array[np.float64]", list[int]]:
    """Return the levels as a matrix, and the rows that name one skill twice."""
    places: dict[str, int] = {}
    columns: list[int] = []
    data: list[float] = []
    ends = [0]
    again = []
    for row, levels in enumerate(people):
        best: dict[int, float] = {}
        for spelling, level in levels.items():
            if spelling not in places:
                places[spelling] = skills.index(spelling)
            best[places[spelling]] = max(level, best.get(places[spelling], 0.0))
        if len(best) < len(levels):
            again.append(row)
        columns += sorted(best)
        data += [best[place] for place in sorted(best)]
        ends.append(len(data))
    shape = (len(people), len(skills))
    parts = (np.array(data, dtype=np.float64), np.array(columns, dtype=np.int32), np.array(ends))
    return csr_array(parts, shape=shape), again
