"""Names that a file has in parts: a first name and a last name, put together."""

from collections.abc import Sequence
from dataclasses import replace

from mentormatch.errors import Fault, nearest
from mentormatch.people.headings import speaks_of_fields, spelt_as_field
from mentormatch.people.reading import Reading
from mentormatch.people.table import Table

__all__ = ["with_whole_names"]


def with_whole_names(table: Table, reading: Reading) -> tuple[Table, Reading, list[Fault]]:
    """Put the parts of people's names together, as a column in place of theirs.

    Parameters
    ----------
    table
        What the file says.
    reading
        Its `name_from` has the headings of the parts, in the order in which they are said.

    Returns
    -------
    table, reading
        With one column for the name, under a heading that names the parts; as they were where the
        reading asks for nothing, or where a part is missing.
    faults : list of Fault
        Parts that the file does not have, or a name that it has as well.

    Examples
    --------
    >>> table = Table(("First", "Last"), {"First": ("Ana", "Bo"), "Last": ("Li", None)}, (2, 3))
    >>> whole, reading, _ = with_whole_names(table, Reading(name_from=["First", "Last"]))
    >>> whole.cells, dict(reading.columns)
    ({'First + Last': ('Ana Li', 'Bo')}, {'name': 'First + Last'})
    """
    parts = reading.name_from
    if not parts or not (speaks_of_fields(table, reading.columns) or {*parts} & {*table.headings}):
        return table, reading, []  # a first line that may be a person's is not looked into
    line = table.header_line
    faults = [
        Fault(line, None, "name_from", part, f"a heading; {nearest(part, table.headings)}")
        for part in parts
        if part not in table.headings
    ]
    faults += [
        Fault(line, None, "heading", heading, "no name of its own beside name_from; leave one out")
        for heading in table.headings
        if spelt_as_field(heading) == "name" and heading not in parts
    ]
    if faults:
        return table, reading, faults
    heading = " + ".join(parts)
    cells = {other: column for other, column in table.cells.items() if other not in parts}
    cells[heading] = tuple(
        _joined(said) for said in zip(*(table.cells[part] for part in parts), strict=True)
    )
    others = (other for other in table.headings if other not in parts)
    whole = replace(table, headings=(*others, heading), cells=cells)
    columns = {**reading.columns, "name": heading}
    return whole, reading.model_copy(update={"columns": columns}), []


def _joined(parts: Sequence[object]) -> str | None:
    said = (str(part).strip() for part in parts if part is not None)
    return " ".join(part for part in said if part) or None
