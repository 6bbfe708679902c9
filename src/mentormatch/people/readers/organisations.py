"""The reporting tree, from a file of its own."""

from collections.abc import Mapping

from mentormatch.errors import Fault, ProfileErrors, listed, nearest
from mentormatch.people.cells import id_text
from mentormatch.people.headings import Table, spelt_as_field
from mentormatch.people.organisation import Organisation
from mentormatch.people.readers.tables import AnyPath, csv_table

__all__ = ["organisation_at", "read_organisation"]

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


def organisation_at(
    organisation: Organisation | AnyPath | None,
    columns: Mapping[str, str] | None,
    encoding: str = "utf-8",
) -> Organisation | None:
    """Return the organisation, read from its file where a path is given.

    Parameters
    ----------
    organisation
        The tree, the path of its CSV, or `None`.
    columns
        Our field to the heading in the people's file, followed where this file has it too.
    encoding
        How the file writes its characters.

    Returns
    -------
    Organisation or None

    Examples
    --------
    >>> organisation_at(Organisation.from_managers(["ana"], [None]), None)
    Organisation(1 person)
    """
    if organisation is None or isinstance(organisation, Organisation):
        return organisation
    table = csv_table(organisation, encoding)
    known = {field: theirs for field, theirs in (columns or {}).items() if theirs in table.headings}
    return _tree(table, {field: known[field] for field in _FIELDS if field in known})


def _tree(table: Table, columns: Mapping[str, str]) -> Organisation:
    faults = list(table.faults)
    headings = {field: _heading(table, field, columns, faults) for field in _FIELDS}
    own, above = headings["id"], headings["manager_id"]
    if own is None or above is None:
        raise ProfileErrors(faults)
    people = []
    for line, cells in table.rows:
        person = id_text(cells.get(own))
        if person is None:
            allowed = "a text or a whole number, not blank"
            faults.append(Fault(line, None, "id", "", allowed))
        else:
            people.append((line, person, id_text(cells.get(above))))
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


def _heading(
    table: Table, field: str, columns: Mapping[str, str], faults: list[Fault]
) -> str | None:
    """Return the one heading that holds a field; None, with a fault, when there is no such."""
    line = table.header_line
    if field in columns:
        found = [heading for heading in table.headings if heading == columns[field]]
        wanted = columns[field]
    else:
        found = [heading for heading in table.headings if spelt_as_field(heading) == field]
        wanted = field
    if len(found) == 1:
        return found[0]
    if found:
        allowed = f"one column only; name it in columns={{{field!r}: ...}}"
        faults.append(Fault(line, None, "heading", listed(found), allowed))
    else:
        allowed = f"a heading {wanted!r}, or columns={{{field!r}: ...}}; "
        allowed += nearest(wanted, table.headings)
        faults.append(Fault(line, None, "headings", listed(table.headings), allowed))
    return None
