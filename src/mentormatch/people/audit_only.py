"""Attributes that are for the audit alone: which they are, and how everything else is refused."""

from collections.abc import Iterable
from dataclasses import replace

from mentormatch.errors import Fault, ProgramError, nearest
from mentormatch.people.columns import Columns
from mentormatch.people.headings import CORE, Headings

__all__ = ["audited_fields", "kept_for_audit", "refusal"]

_CORE = "the fields of every profile are for rules and texts"


def refusal(field: str) -> str:
    """Say why an attribute is not read, and who may read it.

    Parameters
    ----------
    field
        Its name.

    Returns
    -------
    str

    Examples
    --------
    >>> print(refusal("gender"))
    attribute 'gender' is for the audit alone (audit_only), and nothing else reads it: leave it \
out of the program; matching.audit(['gender']) compares its groups
    """
    return (
        f"attribute {field!r} is for the audit alone (audit_only), and nothing else reads it: "
        f"leave it out of the program; matching.audit([{field!r}]) compares its groups"
    )


def audited_fields(
    names: Iterable[str],
    headings: Headings,
    active: Iterable[str] = (),
    header_line: int | None = None,
    file: str | None = None,
) -> tuple[frozenset[str], list[Fault]]:
    """Find the attributes of a file that a reading declares for the audit alone.

    Parameters
    ----------
    names
        What it declares: attributes, or their headings.
    headings
        What the file has.
    active
        By which fields or headings rows are active; whoever takes part is decided by those.
    header_line, file
        Where the headings stand, for the faults.

    Returns
    -------
    fields : frozenset of str
        The attributes; all there are where it is not clear which were meant, so that no fault
        shows the value of one.
    faults : list of Fault
        One for every name that is no attribute, and that decides who is active.

    Examples
    --------
    >>> headings = Headings({"id": "No", "gender": "Sex"}, ("gender",), ())
    >>> audited_fields(["Sex"], headings)
    (frozenset({'gender'}), [])
    >>> fields, faults = audited_fields(["gendr"], headings)
    >>> print(*faults)
    the file: audit_only is 'gendr'; allowed: an attribute or its heading; did you mean 'gender'? \
Known: gender, Sex
    """
    field_of = {heading: field for field, heading in headings.fields.items()}
    own = headings.attributes
    known = dict.fromkeys([*own, *(headings.fields[attribute] for attribute in own)])
    fields: set[str] = set()
    faults = []
    for name in dict.fromkeys(names):
        field = name if name in headings.fields or name in CORE else field_of.get(name, name)
        if field in own:
            fields.add(field)
            continue
        allowed = f"an attribute or its heading; {nearest(name, known)}"
        if field in CORE:
            heading = headings.fields.get(field, field)
            allowed = f"an attribute: {_CORE}; read the column under another name, such as "
            allowed += f"columns={{'own_{field}': {heading!r}}}, if it is for the audit alone"
        faults.append(Fault(header_line, None, "audit_only", name, allowed, file))
    faults += [
        Fault(header_line, None, "active", name, "what is not for the audit alone", file)
        for name in active
        if (name if name in headings.fields else field_of.get(name)) in fields
    ]
    unclear = any(fault.field == "audit_only" for fault in faults)
    return frozenset(own if unclear else fields), faults


def kept_for_audit(columns: Columns, names: Iterable[str]) -> Columns:
    """Return columns of which some attributes are for the audit alone.

    Parameters
    ----------
    columns
        The people.
    names
        Names of attributes.

    Returns
    -------
    Columns

    Raises
    ------
    ProgramError
        Naming all that are no attributes.

    Examples
    --------
    >>> from mentormatch.people.columns import gather
    >>> from mentormatch.people.participant import Participant
    >>> columns, _ = gather([Participant(id="ana", gender="f")])
    >>> kept_for_audit(columns, ["gender"]).audit_only
    frozenset({'gender'})
    """
    told = sorted(set(names))
    attributes = [name for name in columns.values if name not in CORE]
    wrong = [
        f"audit_only has {name!r}, which is no attribute: "
        + (_CORE if name in CORE else nearest(name, attributes))
        for name in told
        if name not in attributes
    ]
    if wrong:
        raise ProgramError("\n".join(wrong))
    return replace(columns, audit_only=frozenset(told))
