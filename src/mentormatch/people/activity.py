"""Which rows of a file are people who take part, as a reading declares with `active`."""

from collections.abc import Mapping, Sequence

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
    inactive : int
        How many rows were not active.

    Examples
    --------
    >>> headings = Headings({"id": "id", "status": "Status"}, ("status",), ())
    >>> activity = Activity({"status": ["active"]}, headings, 1)
    >>> activity.kept({"id": "ana", "status": "Active"})
    {'id': 'ana', 'status': 'Active'}
    >>> activity.kept({"id": "bo", "status": "left", "rank": "?"})
    {'id': 'bo', 'capacity': 0}
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
        self.inactive = 0
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

    def kept(self, record: dict[str, object]) -> dict[str, object]:
        """Return what is read of one record: all of it, or little of who is not active.

        Parameters
        ----------
        record
            Values by field.

        Returns
        -------
        dict
            The same record when it is active; otherwise the id, the name and the manager, with
            capacity 0.
        """
        active = True
        for field, wanted in self._wanted.items():
            said = _text(record.get(field))
            self._seen.add((field, said))
            active &= said in wanted
        if active:
            return record
        self.inactive += 1
        return {field: record[field] for field in KEPT if field in record} | {"capacity": 0}

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
