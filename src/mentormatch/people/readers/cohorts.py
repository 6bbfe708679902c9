"""From what a file says to a cohort: every fault of every person in one error."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.people.activity import Activity
from mentormatch.people.audit_only import audited_fields, kept_for_audit
from mentormatch.people.bulk import Bulk, read_plain_columns
from mentormatch.people.cells import id_text
from mentormatch.people.cohort import Cohort
from mentormatch.people.columns import gather
from mentormatch.people.confidential import HIDDEN, hide_fields, hide_people
from mentormatch.people.headings import Headings, match_headings, warn_of_misspelt
from mentormatch.people.kinds import kind_faults
from mentormatch.people.levels import Signs, split_list
from mentormatch.people.links import link
from mentormatch.people.organisation import Organisation
from mentormatch.people.profiles import ProfileReader
from mentormatch.people.reading import Reading
from mentormatch.people.replacements import Replacements
from mentormatch.people.summary import Account
from mentormatch.people.table import Table
from mentormatch.people.whole_names import with_whole_names

__all__ = ["read_table"]

Cells = Mapping[str, Sequence[object]]

#: Where something is wrong, blocks of so many rows are tried before rows are read one by one.
ROWS_AT_ONCE = 2_000


def read_table(table: Table, reading: Reading, organisation: Organisation | None) -> Cohort:
    """Read a table as profiles.

    Parameters
    ----------
    table
        What the file says.
    reading
        How it is to be read.
    organisation
        The whole reporting tree.

    Returns
    -------
    Cohort

    Raises
    ------
    ProfileErrors
        With every fault of the file, of its rows and of the ties between them.

    Warns
    -----
    ProfileWarning
        Once for each kind of doubt.

    Examples
    --------
    >>> table = Table(("id",), {"id": ("ana", "bo")}, (2, 3))
    >>> read_table(table, Reading(), None)
    Cohort(2 people, 0 skills)
    """
    table, reading, without = with_whole_names(table, reading)
    headings, faults = match_headings(table, reading.columns)
    faults = [*faults, *without]
    active = reading.active or table.active
    closed, unknown = audited_fields(
        reading.audit_only, headings, active, table.header_line, table.file
    )
    told = reading.model_copy(update={"active": active, "audit_only": tuple(closed)})
    try:
        return _cohort(table, headings, [*faults, *unknown], told, organisation)
    except ProfileErrors as error:
        shown = hide_fields(error.faults, closed)
        placed = [_placed(fault, table, headings) for fault in shown]
    # Outside of the handling, so that no context leads back to what is hidden.
    raise ProfileErrors(placed)


def _cohort(
    table: Table,
    headings: Headings,
    faults: list[Fault],
    reading: Reading,
    organisation: Organisation | None,
) -> Cohort:
    replacements = Replacements(reading.values, headings, table.header_line, reading.audit_only)
    activity = Activity(reading.active, headings, table.header_line, table.file)
    faults += [*table.faults, *replacements.faults, *activity.faults]
    faults += kind_faults(reading.types, headings, table.header_line, table.file)
    if "id" not in headings.fields:
        raise ProfileErrors(faults)
    cells = activity.kept(
        {
            field: replacements.column(field, table.cells[heading])
            for field, heading in headings.fields.items()
        }
    )
    read = None
    if not faults:
        read = read_plain_columns(cells, table.lines, headings.attributes, reading)
    if read is None:
        faults += _row_faults(cells, table.lines, headings.attributes, reading)
        if faults:
            # Without any, the ties are checked when the cohort is put together.
            faults += _tie_faults(cells, table, organisation, reading.signs)
            if not cells.keys().isdisjoint(HIDDEN):
                faults = hide_people(faults, _all_named(cells, reading.signs) | table.unread)
            raise ProfileErrors(faults)
        read = _row_by_row(cells, table.lines, headings.attributes, reading)
    account = _account(cells, read, headings, reading, table, replacements, activity)
    columns = kept_for_audit(read.columns, reading.audit_only)
    cohort = Cohort.assemble(columns, organisation, read.repeating, account)
    warn_of_misspelt(headings)
    replacements.warn_of_unused()
    activity.warn_of_unused()
    return cohort


def _row_faults(
    cells: Cells, lines: Sequence[int], attributes: Sequence[str], reading: Reading
) -> list[Fault]:
    """Return the faults of all rows; where many rows are plain, they have none."""
    reader = ProfileReader(reading)
    faults: list[Fault] = []
    for first in range(0, len(lines), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        part = {field: column[rows] for field, column in cells.items()}
        if read_plain_columns(part, lines[rows], attributes, reading) is None:
            faults += chain.from_iterable(
                reader.read(line, record)[1] for line, record in _records(part, lines[rows])
            )
    return faults


def _row_by_row(
    cells: Cells, lines: Sequence[int], attributes: Sequence[str], reading: Reading
) -> Bulk:
    reader = ProfileReader(reading)
    read = (reader.read(line, record)[0] for line, record in _records(cells, lines))
    people = [person for person in read if person is not None]
    columns, repeating = gather(people, lines, attributes)
    return Bulk(columns, reader.counts, tuple(dict.fromkeys([*reader.repeating, *repeating])))


def _placed(fault: Fault, table: Table, headings: Headings) -> Fault:
    """Let a fault name its file, and its row there, where people come from several files."""
    if fault.file is not None or table.file is None:
        return fault
    heading = headings.fields.get(fault.field)
    source = table.elsewhere.get(heading) if heading else None
    if source is None or fault.row is None or fault.row not in table.lines:
        return replace(fault, file=table.file)
    return replace(fault, file=source.file, row=source.lines[list(table.lines).index(fault.row)])


def _records(cells: Cells, lines: Sequence[int]) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the line of every record and its values by field."""
    for line, row in zip(lines, zip(*cells.values(), strict=True), strict=True):
        yield line, dict(zip(cells, row, strict=True))


def _tie_faults(
    cells: Cells, table: Table, organisation: Organisation | None, signs: Signs
) -> list[Fault]:
    """Check the ties between all people, those with other faults included.

    Whoever stands in a row that could not be read may well exist.
    """
    known = [
        (person, record, line)
        for line, record in _records(cells, table.lines)
        if (person := id_text(record["id"])) is not None
    ]
    try:
        link(
            [person for person, _, _ in known],
            [id_text(record.get("manager_id")) for _, record, _ in known],
            [() for _ in known],
            [_named(record.get("declines"), table.unread, signs) for _, record, _ in known],
            [() for _ in known],
            [line for _, _, line in known],
            organisation,
        )
    except ProfileErrors as error:
        return list(error.faults)
    return []


def _all_named(cells: Cells, signs: Signs) -> set[str]:
    """Return the ids of everybody, and of whoever else is named in confidence."""
    named = {id_text(person) or "" for person in cells["id"]}
    for field in HIDDEN:
        for cell in cells.get(field, ()):
            named.update(_named(cell, frozenset(), signs))
    return named


def _named(value: object, unread: frozenset[str], signs: Signs) -> list[str]:
    """Return the ids in a list of people, as far as they can be read and checked."""
    items = split_list(value, signs) if isinstance(value, str) else value
    found = [id_text(item) for item in items] if isinstance(items, list | tuple) else []
    return [person for person in found if person is not None and person not in unread]


def _account(
    cells: Cells,
    read: Bulk,
    headings: Headings,
    reading: Reading,
    table: Table,
    replacements: Replacements,
    activity: Activity,
) -> Account:
    """Say how the file was read, but not whether it has a column of declines."""
    open_fields = {
        field: heading for field, heading in headings.fields.items() if field != "declines"
    }
    counted = [field for field in open_fields if field not in reading.audit_only]
    blanks = {field: activity.blanks(field, cells[field]) for field in counted}
    return Account(
        scales=reading.scales,
        headings=tuple(open_fields.items()),
        blanks=tuple((field, count) for field, count in blanks.items() if count),
        listed=tuple((kind, count.listed) for kind, count in read.counts.items()),
        bare=tuple((kind, count.bare) for kind, count in read.counts.items()),
        short_rows=table.short,
        replaced=replacements.made,
        inactive=activity.inactive,
        notes=table.notes,
        frame=table.frame,
    )
