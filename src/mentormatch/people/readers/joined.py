"""Several files about the same people, joined by their ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mentormatch.errors import Fault, ProfileErrors, ProgramError, listed
from mentormatch.people.cells import id_text
from mentormatch.people.cohort import Cohort
from mentormatch.people.confidential import HIDDEN
from mentormatch.people.doubts import counted, warn
from mentormatch.people.headings import spelt_as_field
from mentormatch.people.organisation import Organisation
from mentormatch.people.readers.cohorts import read_table
from mentormatch.people.readers.files import file_table
from mentormatch.people.readers.organisations import with_organisation
from mentormatch.people.readers.tables import AnyPath
from mentormatch.people.reading import Reading, declared
from mentormatch.people.replacements import Values
from mentormatch.people.scales import Scales
from mentormatch.people.table import Source, Table

__all__ = ["read_joined"]

#: What a file may have of its own; everything else is declared for all files together.
_OWN = ("columns", "delimiter", "encoding", "sheet")


@dataclass(frozen=True, slots=True)
class _File:
    """One of the files, its table, and which of its headings holds the ids."""

    name: str
    table: Table
    own: str


def read_joined(
    files: Sequence[AnyPath | tuple[AnyPath, Reading]],
    *,
    reading: Reading | None = None,
    columns: Mapping[str, str] | None = None,
    scales: Scales | None = None,
    values: Values | None = None,
    organisation: Organisation | AnyPath | None = None,
) -> Cohort:
    r"""Read people from several files: their profiles, their skills, a survey.

    The people are those of the first file. What the others say is put beside it by id; who is in
    one file only is told by a warning and in the summary.

    Parameters
    ----------
    files
        Paths of .csv, .json or .xlsx files, each with a column of ids. A file that differs from
        the others is a pair of its path and a `Reading` of its columns, delimiter, encoding or
        sheet.
    reading, columns, scales, values
        As for `read_csv`, for all files together: an entry of `columns` is for whichever file has
        the heading, and one of ``"id"`` for every file that has it.
    organisation
        As for `read_csv`.

    Returns
    -------
    Cohort

    Raises
    ------
    ProfileErrors
        With every fault of all files; each names its `file` and the row there.
    ProgramError
        When a file's own `Reading` declares what is for all of them.
    OSError
        When a file cannot be opened.

    Warns
    -----
    ProfileWarning
        Of ids that the first file does not have, and once for each kind of doubt: see
        `read_records`.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     people, skills = Path(folder) / "people.csv", Path(folder) / "skills.csv"
    ...     _ = people.write_text("id,department\nana,IT\nbo,HR\n")
    ...     _ = skills.write_text("No,teaches\nbo,sql:4\n")
    ...     read_joined([people, (skills, Reading(columns={"id": "No"}))]).participant("bo").teaches
    {'sql': 0.8}
    """
    told = declared(reading, columns=columns, scales=scales, values=values)
    if not files:
        raise ProgramError("there is no file to read; give the people's first")
    faults: list[Fault] = []
    known: list[_File] = []
    for number, entry in enumerate(files):
        path, own = entry if isinstance(entry, tuple) else (entry, None)
        found = _read(path, told, own, faults)
        if found is not None:
            known.append(found)
        elif number == 0:
            raise ProfileErrors(faults)
    table = _joined(known, faults, told)
    there = {heading for one in known for heading in one.table.headings}
    # The ids of later files are taken care of; what no file has is still a fault.
    told = told.model_copy(
        update={
            "columns": {
                field: heading
                for field, heading in told.columns.items()
                if field != "id" or heading in known[0].table.headings or heading not in there
            }
        }
    )
    return read_table(*with_organisation(table, told, organisation))


def _read(path: AnyPath, told: Reading, own: Reading | None, faults: list[Fault]) -> _File | None:
    """Read one file, its headings under our names where it has a reading of its own."""
    name = Path(path).name
    parts = {part: getattr(own or told, part) for part in _OWN}
    if own is not None and own != Reading(**parts):
        raise ProgramError(
            f"the reading of {name} declares more than columns, delimiter, encoding and sheet; "
            "declare the rest in reading=, for all files together"
        )
    try:
        table = file_table(path, told.model_copy(update=parts))
    except ProfileErrors as error:
        faults += [replace(fault, file=name) for fault in error.faults]
        return None
    faults += [replace(fault, file=name) for fault in table.faults]
    if own is not None:
        table = _under_our_names(table, own.columns, name, faults)
    ids = [heading for heading in table.headings if heading == told.columns.get("id")]
    ids = ids or [heading for heading in table.headings if spelt_as_field(heading) == "id"]
    if len(ids) != 1:
        allowed = "one heading 'id', or a Reading of its own that names it: columns={\"id\": ...}"
        said = listed(ids or table.headings)
        faults.append(Fault(table.header_line, None, "headings", said, allowed, name))
        return None
    return _File(name, table, ids[0])


def _under_our_names(
    table: Table, columns: Mapping[str, str], name: str, faults: list[Fault]
) -> Table:
    missing = [heading for heading in columns.values() if heading not in table.headings]
    for heading in missing:
        allowed = f"a heading of the file: {listed(table.headings)}"
        faults.append(Fault(table.header_line, None, "columns", heading, allowed, name))
    ours = {heading: field for field, heading in columns.items()}
    return replace(
        table,
        headings=tuple(ours.get(heading, heading) for heading in table.headings),
        cells={ours.get(heading, heading): cells for heading, cells in table.cells.items()},
    )


def _joined(files: Sequence[_File], faults: list[Fault], told: Reading) -> Table:
    """Put the columns of later files beside the first one's."""
    first = files[0]
    ids = [id_text(cell) for cell in first.table.cells[first.own]]
    cells = dict(first.table.cells)
    owner = dict.fromkeys(first.table.headings, first.name)
    elsewhere: dict[str, Source] = {}
    notes: list[str] = []
    for file in files[1:]:
        table = file.table
        rows, strays = _matched(file, ids, faults)
        without = [one for one, row in zip(ids, rows, strict=True) if row is None]
        notes += _told(file, strays, without, told)
        lines = [None if row is None else table.lines[row] for row in rows]
        for heading in table.headings:
            if heading == file.own:
                continue
            if heading in owner:
                faults.append(_twice(file, heading, owner[heading]))
                continue
            owner[heading] = file.name
            column = table.cells[heading]
            cells[heading] = [None if row is None else column[row] for row in rows]
            elsewhere[heading] = Source(file.name, lines)
    return replace(
        first.table,
        headings=tuple(owner),
        cells=cells,
        faults=tuple(faults),
        unread=frozenset().union(*(file.table.unread for file in files)),
        file=first.name,
        notes=tuple(notes),
        active={name: value for file in files for name, value in file.table.active.items()},
        elsewhere=elsewhere,
    )


def _matched(
    file: _File, ids: Sequence[str | None], faults: list[Fault]
) -> tuple[list[int | None], list[str]]:
    """Return each person's row in a later file, and its ids that are nobody's."""
    place = {person: row for row, person in enumerate(ids) if person is not None}
    rows: list[int | None] = [None] * len(ids)
    strays = []
    lines = file.table.lines
    for row, cell in enumerate(file.table.cells[file.own]):
        person = id_text(cell)
        if person is None:
            allowed = "a text or a whole number, not blank"
            faults.append(Fault(lines[row], None, "id", "", allowed, file.name))
        elif person not in place:
            strays.append(person)
        elif (other := rows[place[person]]) is not None:
            allowed = f"one row for each person; row {lines[other]} is theirs already"
            faults.append(Fault(lines[row], person, "id", person, allowed, file.name))
        else:
            rows[place[person]] = row
    return rows, strays


def _twice(file: _File, heading: str, other: str) -> Fault:
    allowed = (
        f"a heading that {other} does not have; call one of them otherwise with a Reading of its "
        f"own: columns={{'other_{heading}': {heading!r}}}"
    )
    return Fault(file.table.header_line, None, "heading", heading, allowed, file.name)


def _told(
    file: _File, strays: Sequence[str], without: Sequence[str | None], told: Reading
) -> list[str]:
    """Say who is in one file only; where it is in confidence who has any, not who they are."""
    notes = []
    confidential = {told.columns.get(field) for field in HIDDEN}
    confidential |= {*told.audit_only, *map(told.columns.get, told.audit_only)}
    secret = any(
        heading in confidential or spelt_as_field(heading) in HIDDEN
        for heading in file.table.headings
    )
    if strays:
        ids = counted(len(strays), "id", "ids")
        verb = "is" if len(strays) == 1 else "are"
        who = "" if secret else f": {listed(strays)}"
        note = f"{ids} of {file.name} {verb} not among the people, and left out{who}"
        warn(note)
        notes.append(note)
    missing = [person for person in without if person is not None]
    if missing and not secret:
        people = counted(len(missing), "person is", "people are")
        notes.append(f"{people} not in {file.name}: {listed(missing)}")
    return notes
