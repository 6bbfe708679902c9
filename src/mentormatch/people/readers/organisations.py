"""The reporting tree, from a file of its own."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.people.cells import id_text
from mentormatch.people.headings import (
    heading_of,
    speaks_of_fields,
    told_as,
    without_headings,
)
from mentormatch.people.organisation import Organisation
from mentormatch.people.readers.tables import AnyPath, csv_table
from mentormatch.people.reading import Reading
from mentormatch.people.table import Table

__all__ = ["read_organisation", "with_organisation"]

_FIELDS = ("id", "manager_id")


def read_organisation(
    path: AnyPath, *, columns: Mapping[str, str] | None = None, encoding: str = "utf-8"
) -> Organisation:
    r"""Read the whole reporting tree from a CSV with a line for everyone.

    Parameters
    ----------
    path
        The file; columns other than the id and the manager's id are left alone.
    columns
        Heading of ``"id"`` and ``"manager_id"``, when they are not called so.
    encoding
        How the file writes its characters.

    Returns
    -------
    Organisation

    Raises
    ------
    ProfileErrors
        With every fault of the file: blank and duplicate ids, cycles, what `read_csv` reports.
    OSError
        When the file cannot be opened.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "employees.csv"
    ...     _ = file.write_text("No,Boss\n1,\n2,1\n")
    ...     read_organisation(file, columns={"id": "No", "manager_id": "Boss"})
    Organisation(2 people)
    """
    return _tree(csv_table(path, encoding), columns or {})


def with_organisation(
    table: Table,
    reading: Reading,
    organisation: Organisation | AnyPath | None,
) -> tuple[Table, Reading, Organisation | None]:
    """Read the organisation beside the people, where it is given as a path.

    What `reading.columns` says of ``id`` and ``manager_id`` goes for every file that has the
    heading: for the people's, for the organisation's, or for both. A file that does not have it is
    matched by name; an entry that neither has is the people's fault.

    Parameters
    ----------
    table
        The people's file.
    reading
        How both files are to be read; of the organisation's, the id and the manager's id only.
    organisation
        The tree, the path of its CSV, or `None`.

    Returns
    -------
    table : Table
        With the faults of the organisation's file too: their fields name that file.
    reading : Reading
        With those columns that are meant for the people's file.
    organisation : Organisation or None
        `None` also when its file has faults.

    Raises
    ------
    OSError
        When the organisation's file cannot be opened.

    Examples
    --------
    >>> tree = Organisation.from_managers(["ana"], [None])
    >>> with_organisation(Table(("id",), {}, ()), Reading(), tree)[2]
    Organisation(1 person)
    """
    if organisation is None or isinstance(organisation, Organisation):
        return table, reading, organisation
    told = reading.columns
    name = Path(organisation).name
    told_people = told
    try:
        employees = csv_table(organisation, reading.encoding, reading.delimiter)
        told_tree = {
            field: told[field] for field in _FIELDS if told.get(field) in employees.headings
        }
        told_people = {
            field: heading
            for field, heading in told.items()
            if field not in told_tree or heading in table.headings
        }
        for_people = reading.model_copy(update={"columns": told_people})
        return table, for_people, _tree(employees, told_tree, name)
    except ProfileErrors as error:
        faults = (replace(fault, field=f"{fault.field} in {name}") for fault in error.faults)
        for_people = reading.model_copy(update={"columns": told_people})
        return replace(table, faults=(*table.faults, *faults)), for_people, None


def _tree(table: Table, columns: Mapping[str, str], name: str | None = None) -> Organisation:
    """Return the tree; `name` is that of a file which has other headings than the caller knew."""
    faults = list(table.faults)
    if not speaks_of_fields(table, columns):
        nothing = without_headings(table, columns)
        if name is not None:
            remedy = f"organisation=read_organisation({name!r}, columns={{...}})"
            nothing = replace(nothing, allowed=f"{nothing.allowed}, or {remedy}")
        raise ProfileErrors([*faults, nothing])
    headings = {
        field: heading_of(table, field, columns, faults, _other_remedy(name, field))
        for field in _FIELDS
    }
    own, above = headings["id"], headings["manager_id"]
    if own is None or above is None:
        raise ProfileErrors(faults)
    people = []
    cells = zip(table.lines, table.cells[own], table.cells[above], strict=True)
    for line, named, boss in cells:
        person = id_text(named)
        if person is None:
            allowed = "a text or a whole number, not blank"
            faults.append(Fault(line, None, "id", "", allowed))
        else:
            people.append((line, person, id_text(boss)))
    try:
        tree = Organisation.from_managers(
            [person for _, person, _ in people],
            [boss for _, _, boss in people],
            [line for line, _, _ in people],
        )
    except ProfileErrors as error:
        raise ProfileErrors([*faults, *error.faults]) from None
    if faults:
        raise ProfileErrors(faults)
    return tree


def _other_remedy(name: str | None, field: str) -> str:
    """Say how else a heading can be named: `columns` may already say what the people's is."""
    return (
        "" if name is None else f", or organisation=read_organisation({name!r}, {told_as(field)})"
    )
