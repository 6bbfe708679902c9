"""Which heading of a file is which field of a profile."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from mentormatch.errors import Fault, listed, nearest
from mentormatch.people.cells import is_whole
from mentormatch.people.confidential import HIDDEN
from mentormatch.people.doubts import counted, warn
from mentormatch.people.participant import Participant
from mentormatch.people.table import Table
from mentormatch.skills.vocabulary import key

__all__ = [
    "CORE",
    "Headings",
    "heading_of",
    "match_headings",
    "speaks_of_fields",
    "spelt_as_field",
    "told_as",
    "warn_of_misspelt",
    "without_headings",
]

#: The fields of every profile.
CORE = tuple(Participant.model_fields)

#: No profile has as many; to compare them all with each other would take minutes.
MOST_HEADINGS = 10_000

_HIDES = {
    "declines": "people who must not be matched",
    "prefers": "people whom somebody wishes to be matched with",
}
_UNBROKEN = "a name without broken characters (half of a surrogate pair)"


@dataclass(frozen=True, slots=True)
class Headings:
    """What each heading means.

    Parameters
    ----------
    fields
        Heading of each field or attribute, by the name it has here.
    attributes
        Those that are attributes.
    misspelt
        Attributes whose name looks like a field: the name, the field.

    Examples
    --------
    >>> match_headings(Table(("ID", "Departmnt"), {}, ()))[0].misspelt
    (('Departmnt', 'department'),)
    """

    fields: Mapping[str, str]
    attributes: tuple[str, ...]
    misspelt: tuple[tuple[str, str], ...]


def match_headings(
    table: Table, columns: Mapping[str, str] | None = None
) -> tuple[Headings, list[Fault]]:
    """Match headings and fields: first as the caller says, then by name.

    Parameters
    ----------
    table
        The file.
    columns
        Our field to their heading; a name that is no field makes an attribute.

    Returns
    -------
    headings : Headings
    faults : list of Fault
        Headings that are missing, given twice, broken, could be meant for two fields, or look
        like a confidential one; only one when the first line does not seem to be headings.

    Notes
    -----
    Names match when they differ in case, spaces and hyphens only: "Manager ID" is `manager_id`.

    Examples
    --------
    >>> table = Table(("Employee No", "Manager ID", "Site"), {}, ())
    >>> headings, faults = match_headings(table, {"id": "Employee No"})
    >>> headings.fields
    {'id': 'Employee No', 'manager_id': 'Manager ID', 'Site': 'Site'}
    """
    if len(table.headings) > MOST_HEADINGS:
        found = f"{len(table.headings):,} columns"
        allowed = f"at most {MOST_HEADINGS:,}; export what the program needs"
        return Headings({}, (), ()), [Fault(table.header_line, None, "headings", found, allowed)]
    if not speaks_of_fields(table, columns or {}):
        return Headings({}, (), ()), [without_headings(table, columns or {})]
    fields, faults = _as_told(table, columns or {})
    taken = set(fields.values())
    free = [
        heading
        for heading in dict.fromkeys(table.headings)
        if heading not in taken and is_whole(heading)
    ]
    free = _by_name(table, fields, free, faults)
    for heading in free:
        if heading in fields:
            faults.append(_ambiguous(table, heading, heading, fields[heading]))
        elif not heading:
            faults.append(Fault(table.header_line, None, "heading", "", "a name for the column"))
        else:
            fields[heading] = heading
    if "id" not in fields and not (columns and "id" in columns):
        allowed = "a heading 'id', or the one that holds the ids: columns={\"id\": ...}"
        found = listed(table.headings) or "none"
        faults.append(Fault(table.header_line, None, "headings", found, allowed))
    attributes = tuple(field for field in fields if field not in CORE)
    misspelt = _misspelt(attributes, [field for field in CORE if field not in fields])
    alike = {
        name: "declines"
        for name in attributes
        if fields[name] == name and "declin" in spelt_as_field(name)
    }
    alike |= {name: field for name, field in misspelt if field in HIDDEN}
    faults += [_confidential(table, name, fields[name], field) for name, field in alike.items()]
    return Headings(fields, attributes, misspelt), faults


def speaks_of_fields(table: Table, columns: Mapping[str, str]) -> bool:
    """Tell whether at least one heading is a field's, by name or as the caller says.

    Otherwise the first line may be a person's, and nothing of it may be shown.

    Parameters
    ----------
    table
        The file.
    columns
        Our field to their heading.

    Returns
    -------
    bool

    Examples
    --------
    >>> [speaks_of_fields(Table((heading,), {}, ()), {"id": "No"}) for heading in ("ID", "No", "7")]
    [True, True, False]
    """
    told = set(columns.values())
    return any(heading in told or spelt_as_field(heading) in CORE for heading in table.headings)


def without_headings(table: Table, columns: Mapping[str, str]) -> Fault:
    """Say that a table has no heading that is a field's, without showing what it has.

    Parameters
    ----------
    table
        The file.
    columns
        Our field to their heading.

    Returns
    -------
    Fault

    Examples
    --------
    >>> print(without_headings(Table(("7", "Ana"), {}, (), header_line=1), {}))
    row 1: headings is '2, none of them known'; allowed: headings in the first line, among them \
'id' or the one that holds the ids: columns={"id": ...}
    """
    count = len(table.headings)
    found = f"{count}, none of them known" if count else "none"
    place = "as keys of every record" if table.header_line is None else "in the first line"
    allowed = f"headings {place}, among them 'id' or the one that holds the ids: "
    allowed += 'columns={"id": ...}'
    if columns:
        allowed += f"; columns names {listed(map(repr, columns.values()))}"
    return Fault(table.header_line, None, "headings", found, allowed)


def warn_of_misspelt(headings: Headings) -> None:
    """Warn of attributes that look like a field, whoever named them.

    Parameters
    ----------
    headings
        What each heading means.

    Warns
    -----
    ProfileWarning

    Examples
    --------
    >>> warn_of_misspelt(match_headings(Table(("ID", "Department"), {}, ()))[0])
    """
    if not headings.misspelt:
        return
    meant = {field: headings.fields[name] for name, field in headings.misspelt}
    own = sum(headings.fields[name] == name for name, _ in headings.misspelt)
    told = len(headings.misspelt) - own
    parts = [counted(own, "heading", "headings")] if own else []
    parts += [counted(told, "name in columns", "names in columns")] if told else []
    alike = "look like a field but are read as attributes"
    if len(headings.misspelt) == 1:
        alike = "looks like a field but is read as an attribute"
    warn(f"{' and '.join(parts)} {alike}; if the field is meant, say columns={meant}")


def spelt_as_field(heading: str) -> str:
    """Write a heading as fields are written.

    Parameters
    ----------
    heading
        As it stands in the file.

    Returns
    -------
    str

    Examples
    --------
    >>> spelt_as_field("Manager ID")
    'manager_id'
    """
    return key(heading).replace(" ", "_").replace("-", "_")


def told_as(field: str) -> str:
    """Return how a caller says which heading holds a field.

    Examples
    --------
    >>> told_as("id")
    "columns={'id': ...}"
    """
    return f"columns={{{field!r}: ...}}"


def heading_of(
    table: Table,
    field: str,
    columns: Mapping[str, str],
    faults: list[Fault],
    other: str = "",
) -> str | None:
    """Return the one heading that holds a field of a file that is not of profiles.

    Parameters
    ----------
    table
        The file.
    field
        Its name here.
    columns
        Our field to their heading; what is not in it is matched by name.
    faults
        Grows by one where no heading holds it, or several do.
    other
        Another remedy than `columns`.

    Returns
    -------
    str or None
        `None` with a fault.

    Examples
    --------
    >>> table = Table(("Pair A", "date"), {}, ())
    >>> heading_of(table, "a", {"a": "Pair A"}, []), heading_of(table, "date", {}, [])
    ('Pair A', 'date')
    """
    if field in columns:
        wanted = columns[field]
        found = [heading for heading in table.headings if heading == wanted]
    else:
        wanted = field
        found = [heading for heading in table.headings if spelt_as_field(heading) == field]
    if len(found) == 1:
        return found[0]
    remedy = told_as(field) + other
    if found:
        allowed, about = f"one column only; name it in {remedy}", "heading"
    else:
        allowed = f"a heading {wanted!r}, or {remedy}; {nearest(wanted, table.headings)}"
        about = "headings"
    said = listed(found or table.headings)
    faults.append(Fault(table.header_line, None, about, said, allowed))
    return None


def _as_told(table: Table, columns: Mapping[str, str]) -> tuple[dict[str, str], list[Fault]]:
    """Follow the caller's own mapping as far as it goes."""
    line = table.header_line
    fields: dict[str, str] = {}
    faults = [
        Fault(line, None, "heading", heading, "a name that only one column has")
        for heading, count in Counter(table.headings).items()
        if count > 1
    ]
    faults += [
        Fault(line, None, "heading", heading, _UNBROKEN)
        for heading in dict.fromkeys(table.headings)
        if not is_whole(heading)
    ]
    for field, heading in columns.items():
        used = [other for other, theirs in fields.items() if theirs == heading]
        if not is_whole(field):
            faults.append(Fault(line, None, "columns", field, _UNBROKEN))
        elif heading not in table.headings:
            allowed = f"a heading of the file; {nearest(str(heading), table.headings)}"
            faults.append(Fault(line, None, f"columns[{field!r}]", str(heading), allowed))
        elif used:
            allowed = f"another heading; this one is already {used[0]}"
            faults.append(Fault(line, None, f"columns[{field!r}]", heading, allowed))
        else:
            fields[field] = heading
    return fields, faults


def _by_name(
    table: Table, fields: dict[str, str], free: list[str], faults: list[Fault]
) -> list[str]:
    """Match what is spelt as a field, and return the headings that are left."""
    left = []
    for heading in free:
        field = spelt_as_field(heading)
        if field not in CORE:
            left.append(heading)
        elif field not in fields:
            fields[field] = heading
        elif heading != field and fields[field] not in free and field not in HIDDEN:
            left.append(heading)  # the caller named another column: this one is an attribute
        else:
            faults.append(_ambiguous(table, field, heading, fields[field]))
    return left


def _ambiguous(table: Table, field: str, heading: str, other: str) -> Fault:
    allowed = (
        f"a name that no other column has here; {other!r} is {field} already, so name this one "
        f"in columns, such as columns={{'other_{field}': {heading!r}}}"
    )
    return Fault(table.header_line, None, "heading", heading, allowed)


def _confidential(table: Table, name: str, heading: str, field: str) -> Fault:
    """Refuse to guess where a wrong guess would publish what people think of others."""
    allowed = (
        f"{field!r} for {_HIDES[field]}, which is kept confidential; anything "
        f"else under a name of its own, such as columns={{'note': {heading!r}}}"
    )
    field = "heading" if name == heading else f"columns[{name!r}]"
    return Fault(table.header_line, None, field, heading, allowed)


def _misspelt(names: Sequence[str], missing: Sequence[str]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for name in names:
        close = get_close_matches(spelt_as_field(name), missing, n=1, cutoff=0.8)
        pairs += [(name, field) for field in close]
    return tuple(pairs)
