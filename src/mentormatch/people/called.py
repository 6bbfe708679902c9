"""What texts call people: by their names, and by their ids as well where names are shared."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from mentormatch.people.columns import Columns

__all__ = ["Called", "called", "shared_names"]


def called(person: str, name: str, shared: frozenset[str]) -> str:
    """Return what a text calls somebody.

    Parameters
    ----------
    person
        Their id.
    name
        Their name; it may be their id.
    shared
        Names that several people have, as `shared_names` returns them.

    Examples
    --------
    >>> shared = shared_names(["Ana Li", "Bo", "ana li"])
    >>> called("a1", "Ana Li", shared), called("b1", "Bo", shared)
    ('Ana Li (a1)', 'Bo')
    """
    return f"{name} ({person})" if _folded(name) in shared and name != person else name


def shared_names(names: Iterable[str]) -> frozenset[str]:
    """Return the names that come more than once, whatever their case and spaces.

    Parameters
    ----------
    names
        One for each person.
    """
    return frozenset(name for name, count in Counter(map(_folded, names)).items() if count > 1)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


class Called:
    """Names people for texts; see `Cohort`."""

    __slots__ = ()

    _columns: Columns
    _known: dict[tuple[str, str], Any]

    def called(self, row: int) -> str:
        """Return what texts call somebody: their name, and their id where others have the name.

        Parameters
        ----------
        row
            Who.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = [("a1", "Ana Li"), ("a2", "Ana Li"), ("b1", "Bo")]
        >>> cohort = Cohort.from_participants([Participant(id=i, name=n) for i, n in people])
        >>> [cohort.called(row) for row in range(3)]
        ['Ana Li (a1)', 'Ana Li (a2)', 'Bo']
        """
        columns = self._columns
        if ("called", "") not in self._known:
            self._known["called", ""] = shared_names(columns.names)
        return called(columns.ids[row], columns.names[row], self._known["called", ""])
