"""Which rows of a file are people who take part, as a reading declares with `active`."""

from collections.abc import Mapping, Sequence
from itertools import compress

from mentormatch.errors import Fault, listed, nearest
from mentormatch.people.cells import is_blank, plain_text
from mentormatch.people.doubts import counted, warn
from mentormatch.people.headings import Headings
from mentormatch.skills.vocabulary import key

__all__ = ["Activity"]

#: All that is read of a person who is not active: enough for the reporting tree.
KEPT = ("id", "name", "manager_id")


class Activity:
    """Tells active rows from others, and counts both.

    Parameters
    ----------
    active
        By field or heading, the values that make a row active.
    headings
        Which field has which heading.
    header_line, file
        Where the headings stand, for the faults.

    Attributes
    ----------
    faults : list of Fault
        One for every name in `active` that is neither a field nor a heading of the file.
    active : list of bool
        Which rows are active, once the columns are read.

    Examples
    --------
    >>> headings = Headings({"id": "id", "status": "Status"}, ("status",), ())
    >>> activity = Activity({"status": ["active"]}, headings, 1)
    >>> columns = {"id": ["ana", "bo"], "status": ["Active", "left"], "rank": [3, "?"]}
    >>> activity.kept(columns)
    {'id': ['ana', 'bo'], 'status': ['Active', None], 'rank': [3, None], 'capacity': [None, 0]}
    """

    def __init__(
        self,
        active: Mapping[str, Sequence[object]],
        headings: Headings,
        header_line: int | None,
        file: str | None = None,
    ) -> None:
        field_of = {heading: field for field, heading in headings.fields.items()}
        self.faults: list[Fault] = []
        self.active: list[bool] = []
        self._wanted: dict[str, dict[str, str]] = {}
        self._seen: set[tuple[str, str]] = set()
        for name, values in active.items():
            field = name if name in headings.fields else field_of.get(name)
            if field is None:
                known = dict.fromkeys([*headings.fields, *field_of])
                allowed = f"a field or a heading; {nearest(name, known)}"
                self.faults.append(Fault(header_line, None, "active", name, allowed, file))
            else:
                self._wanted[field] = {_text(value): str(value) for value in values}

    @property
    def inactive(self) -> int:
        """How many rows are not active."""
        return self.active.count(False)

    def kept(self, columns: Mapping[str, Sequence[object]]) -> dict[str, Sequence[object]]:
        """Return what is read of each row: all of it, or little of who is not active.

        Parameters
        ----------
        columns
            Cells by field.

        Returns
        -------
        dict
            The same columns when all rows are active. Otherwise there is nothing in inactive rows
            but the id, the name and the manager, and a capacity of 0.
        """
        self.active = [True] * len(columns["id"])
        for field, wanted in self._wanted.items():
            for row, cell in enumerate(columns[field]):
                said = _text(cell)
                self._seen.add((field, said))
                self.active[row] &= said in wanted
        if all(self.active):
            return dict(columns)
        kept: dict[str, Sequence[object]] = {
            field: cells if field in KEPT else self._without(cells, None)
            for field, cells in columns.items()
        }
        unknown = [None] * len(self.active)
        kept["capacity"] = self._without(columns.get("capacity", unknown), 0)
        return kept

    def _without(self, cells: Sequence[object], instead: object) -> list[object]:
        return [
            cell if active else instead for cell, active in zip(cells, self.active, strict=True)
        ]

    def blanks(self, field: str, cells: Sequence[object]) -> int:
        """Count the blanks of a column, as far as it is read.

        Parameters
        ----------
        field
            Its name.
        cells
            One per row.
        """
        if field in KEPT:
            return sum(map(is_blank, cells))
        return sum(map(is_blank, compress(cells, self.active)))

    def warn_of_unused(self) -> None:
        """Warn of values that no row has: one of them may be misspelt.

        Warns
        -----
        ProfileWarning
        """
        unused = [
            f"{field} {written!r}"
            for field, wanted in self._wanted.items()
            for text, written in wanted.items()
            if (field, text) not in self._seen
        ]
        if unused:
            values = counted(len(unused), "value in active is", "values in active are")
            warn(f"{values} in no row: {listed(unused)}")


def _text(value: object) -> str:
    """Return a value as it is compared: 1, 1.0 and "1" are one, and so are True and "true"."""
    if is_blank(value):
        return ""
    if isinstance(value, bool):
        return str(value).casefold()
    return key(plain_text(value) or "")
