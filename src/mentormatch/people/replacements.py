"""What certain texts of a file stand for, as the caller says with `values`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from mentormatch.errors import Fault, listed, nearest
from mentormatch.people.confidential import HIDDEN
from mentormatch.people.doubts import counted, warn
from mentormatch.people.headings import Headings
from mentormatch.skills.vocabulary import key

__all__ = ["Replacements", "Values"]

#: By field or heading, then by text: what the text stands for.
Values = Mapping[str, Mapping[str, object]]


@dataclass(slots=True)
class _Meaning:
    """What one text of one field stands for, and how often it occurred."""

    text: str
    value: object
    count: int = 0


class Replacements:
    """Replaces texts, compared like skills, and counts how often.

    Parameters
    ----------
    values
        As the caller gave them.
    headings
        Which field has which heading.
    header_line
        Line of the headings, for the faults.
    hidden
        Further fields of which no text is shown.

    Attributes
    ----------
    faults : list of Fault
        One for every name in `values` that is neither a field nor a heading of the file.

    Examples
    --------
    >>> headings = Headings({"id": "id", "years": "How long"}, ("years",), ())
    >>> replacements = Replacements({"years": {"under 1": 0.5}}, headings, 1)
    >>> replacements.column("years", [" Under 1 ", 3])
    [0.5, 3]
    >>> replacements.made
    (('years', 'under 1', 0.5, 1),)
    """

    def __init__(
        self,
        values: Values,
        headings: Headings,
        header_line: int | None,
        hidden: Collection[str] = (),
    ) -> None:
        self._hidden = {*HIDDEN, *hidden}
        field_of = {heading: field for field, heading in headings.fields.items()}
        self.faults: list[Fault] = []
        self._meanings: dict[str, dict[str, _Meaning]] = {}
        for name, meanings in values.items():
            field = name if name in headings.fields else field_of.get(name)
            if field is None:
                known = dict.fromkeys([*headings.fields, *field_of])
                allowed = f"a field or a heading; {nearest(name, known)}"
                self.faults.append(Fault(header_line, None, "values", name, allowed))
                continue
            of_field = self._meanings.setdefault(field, {})
            for text, value in meanings.items():
                of_field[key(str(text))] = _Meaning(str(text), value)

    def column(self, field: str, cells: Sequence[object]) -> Sequence[object]:
        """Replace the texts of one column.

        Parameters
        ----------
        field
            Its name.
        cells
            One per record.

        Returns
        -------
        sequence
            The same cells where nothing stands for anything else.

        Examples
        --------
        >>> headings = Headings({"years": "How long"}, ("years",), ())
        >>> Replacements({"years": {"under 1": 0.5}}, headings, 1).column("years", ["Under 1", 3])
        [0.5, 3]
        """
        meanings = self._meanings.get(field)
        if meanings is None:
            return cells
        replaced = []
        for cell in cells:
            meaning = meanings.get(key(cell)) if isinstance(cell, str) else None
            if meaning is not None:
                meaning.count += 1
            replaced.append(cell if meaning is None else meaning.value)
        return replaced

    @property
    def made(self) -> tuple[tuple[str, str, object, int], ...]:
        """What was replaced: field, text, value and how often; nothing confidential."""
        return tuple(
            (field, meaning.text, meaning.value, meaning.count)
            for field, meaning in self._open()
            if meaning.count
        )

    def warn_of_unused(self) -> None:
        """Warn of texts that the file does not have; next month's file may, so it goes on.

        Warns
        -----
        ProfileWarning
        """
        unused = [f"{field} {one.text!r}" for field, one in self._open() if not one.count]
        if unused:
            entries = counted(len(unused), "entry of values matches", "entries of values match")
            warn(
                f"{entries} no text in the file, so nothing was replaced there; a text is the "
                f"whole value, case and spaces apart: {listed(unused)}"
            )

    def _open(self) -> list[tuple[str, _Meaning]]:
        return [
            (field, meaning)
            for field, meanings in self._meanings.items()
            if field not in self._hidden
            for meaning in meanings.values()
        ]
