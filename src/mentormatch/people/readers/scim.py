"""Users as identity systems exchange them: SCIM 2.0 (RFC 7643 and 7644)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.people.cells import id_text, is_blank
from mentormatch.people.cohort import Cohort
from mentormatch.people.organisation import Organisation
from mentormatch.people.readers.cohorts import read_table
from mentormatch.people.readers.json import parsed
from mentormatch.people.readers.organisations import with_organisation
from mentormatch.people.readers.records import table_of
from mentormatch.people.readers.tables import AnyPath
from mentormatch.people.reading import Reading, declared
from mentormatch.people.replacements import Values
from mentormatch.people.scales import Scales
from mentormatch.people.table import Table

__all__ = ["is_scim", "read_scim", "scim_table"]

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"

#: All that is read of the core user, besides id, name and active; contact data and secrets are not.
CORE = ("userName", "externalId", "title", "userType", "preferredLanguage", "locale", "timezone")
_LISTS_OF_PEOPLE = ("past_partners", "declines", "prefers")
#: All that is read of the enterprise extension, besides the manager.
WORK = ("employeeNumber", "costCenter", "organization", "division", "department")


def read_scim(
    source: AnyPath | Mapping[str, Any] | Iterable[Mapping[str, Any]],
    *,
    reading: Reading | None = None,
    columns: Mapping[str, str] | None = None,
    scales: Scales | None = None,
    values: Values | None = None,
    organisation: Organisation | AnyPath | None = None,
) -> Cohort:
    """Read people from SCIM 2.0 users with the enterprise extension.

    Read are ``id``, ``displayName`` (or ``name``), ``userName``, ``externalId``, ``title``,
    ``userType``, ``preferredLanguage``, ``locale``, ``timezone``, the enterprise extension
    (``employeeNumber``, ``costCenter``, ``organization``, ``division``, ``department``,
    ``manager``), and what `columns` names of other extensions; addresses, phone numbers, photos
    and passwords are not. Whoever has ``active: false`` takes no part.

    Parameters
    ----------
    source
        The path of a JSON file, or what was parsed from it: a list of users, a list response, or
        a list of list responses, one for each page.
    columns
        As for `read_csv`; an attribute of an extension is named with its schema, such as
        ``{"teaches": "urn:example:skills:2.0:User:teaches"}``. Skills are text such as
        ``"sql:4; R"``, lists of such items, lists of ``{"value": "sql", "level": 4}`` or objects
        from skill to number; people, as in ``prefers``, are ids or lists of ``{"value": id}``.
        With ``{"id": "employeeNumber"}`` managers, whom SCIM names by its own ids, are translated,
        and other people are not.
    reading, scales, values, organisation
        As for `read_csv`. `active`, where `reading` declares it, takes the place of SCIM's own.

    Returns
    -------
    Cohort

    Raises
    ------
    ProfileErrors
        With every fault; `row` counts users from 1 over all pages. Also when a list response has
        fewer users than it says there are.
    OSError
        When the file cannot be opened.

    Warns
    -----
    ProfileWarning
        Once for each kind of doubt: see `read_records`.

    References
    ----------
    P. Hunt et al., "System for Cross-domain Identity Management: Core Schema", RFC 7643 (2015).

    Examples
    --------
    >>> enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    >>> skills = "urn:example:skills:2.0:User"
    >>> user = {
    ...     "id": "26118915",
    ...     "displayName": "Ana",
    ...     enterprise: {"department": "IT", "manager": {"value": "902c"}},
    ...     skills: {"teaches": ["sql:4"]},
    ... }
    >>> people = read_scim([user, {"id": "902c"}], columns={"teaches": f"{skills}:teaches"})
    >>> people.participant("26118915").manager_id, people.participant("26118915").teaches
    ('902c', {'sql': 0.8})
    """
    told = declared(reading, columns=columns, scales=scales, values=values)
    content: object = source
    if isinstance(source, str | PathLike):
        content = parsed(Path(source).read_bytes())
    return read_table(*with_organisation(scim_table(content, told), told, organisation))


def is_scim(content: object) -> bool:
    """Tell whether parsed JSON says of itself that it is SCIM.

    Parameters
    ----------
    content
        What was parsed.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_scim({"schemas": [LIST_RESPONSE]}), is_scim([{"schemas": [USER]}]), is_scim([{"id": 1}])
    (True, True, False)
    """
    first = content[0] if isinstance(content, list) and content else content
    schemas = _folded(first).get("schemas") if isinstance(first, Mapping) else None
    return isinstance(schemas, list) and any(one in (LIST_RESPONSE, USER) for one in schemas)


def scim_table(content: object, reading: Reading) -> Table:
    """Return users as a table, with a column for each attribute that is read.

    Parameters
    ----------
    content
        A list of users, a list response or a list of those.
    reading
        Which attributes of other extensions are wanted, and what the id is.

    Returns
    -------
    Table

    Raises
    ------
    ProfileErrors
        When there are no users, or fewer than a list response says.
    """
    users, faults = _users(content)
    wanted = {heading: field for field, heading in reading.columns.items() if ":" in heading}
    records: list[object] = []
    for row, user in enumerate(users, start=1):
        records.append(_record(row, user, wanted, faults) if isinstance(user, Mapping) else user)
    _name_managers(records, reading.columns.get("id", "id"))
    table = table_of(records)
    return replace(table, faults=(*table.faults, *faults), active={"active": (True,)})


def _users(content: object) -> tuple[list[object], list[Fault]]:
    """Return the users of all pages, and say when some are missing."""
    pages: Sequence[object] = [content] if isinstance(content, Mapping) else _listed(content)
    users: list[object] = []
    total = 0
    for page in pages:
        known = _folded(page) if isinstance(page, Mapping) else {}
        if "resources" not in known and "totalresults" not in known:
            users.append(page)
            continue
        resources = known.get("resources") or []
        if not isinstance(resources, list):
            allowed = "a list of users"
            raise ProfileErrors([Fault(None, None, "Resources", str(resources), allowed)])
        users += resources
        said = known.get("totalresults")
        total = max(total, said if isinstance(said, int) else 0)
    if total > len(users):
        found = f"{len(users)} of {total} users"
        allowed = "all pages of the list response, as a list"
        return users, [Fault(None, None, "content", found, allowed)]
    return users, []


def _listed(content: object) -> Sequence[object]:
    if isinstance(content, str) or not isinstance(content, Iterable):
        allowed = "a list of SCIM users or a list response"
        raise ProfileErrors([Fault(None, None, "content", type(content).__name__, allowed)])
    return list(content)


def _folded(found: Mapping[Any, Any]) -> dict[str, Any]:
    """Return an object by names in small letters: SCIM's are the same in any case (2.1)."""
    return {str(name).casefold(): value for name, value in found.items()}


def _record(
    row: int, user: Mapping[str, Any], wanted: Mapping[str, str], faults: list[Fault]
) -> dict[str, object]:
    known = _folded(user)
    work = known.get(ENTERPRISE.casefold())
    person = id_text(known.get("id"))
    work = _folded(_object(row, person, ENTERPRISE, work, faults))
    manager = _folded(_object(row, person, "manager", work.get("manager"), faults))
    active = known.get("active")
    record: dict[str, object] = {
        "id": known.get("id"),
        "name": _name(known),
        "manager_id": manager.get("value"),
        "active": True if is_blank(active) else active,
    }
    record |= {name: known.get(name.casefold()) for name in CORE}
    record |= {name: work.get(name.casefold()) for name in WORK}
    for heading, field in wanted.items():
        schema, _, name = heading.rpartition(":")
        extension = _object(row, person, schema, known.get(schema.casefold()), faults)
        read = _people if field in _LISTS_OF_PEOPLE else _skills
        record[heading] = read(_folded(extension).get(name.casefold()))
    return record


def _object(
    row: int, person: str | None, name: str, value: object, faults: list[Fault]
) -> Mapping[str, Any]:
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return value
    allowed = "an object, as RFC 7643 has it"
    faults.append(Fault(row, person, name, type(value).__name__, allowed))
    return {}


def _name(known: Mapping[str, Any]) -> object:
    shown, name = known.get("displayname"), known.get("name")
    if not is_blank(shown) or not isinstance(name, Mapping):
        return shown
    parts = _folded(name)
    if not is_blank(parts.get("formatted")):
        return parts["formatted"]
    return " ".join(str(parts[part]) for part in ("givenname", "familyname") if parts.get(part))


def _skills(value: Any) -> object:
    """Return SCIM's multi-valued attributes as a mapping from each value to its level."""
    if not _is_multi_valued(value):
        return value
    return {item.get("value"): item.get("level") for item in map(_folded, value)} or None


def _people(value: Any) -> object:
    """Return a multi-valued attribute that names people as a list of their ids, in its order."""
    if not _is_multi_valued(value):
        return value
    return [item.get("value") for item in map(_folded, value)]


def _is_multi_valued(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _name_managers(records: Sequence[object], heading: str) -> None:
    """Name managers by the heading that holds the ids; SCIM names them by its own."""
    if heading == "id":
        return
    people = [record for record in records if isinstance(record, dict)]
    called = {id_text(one.get("id")): one.get(heading) for one in people}
    for one in people:
        manager = id_text(one["manager_id"])
        one["manager_id"] = called.get(manager) or one["manager_id"]
        one["scim_id"] = one.pop("id", None)  # which is what `id` would be read from otherwise
