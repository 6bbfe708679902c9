"""Values of attributes, read as the kind that a reading declares."""

from collections.abc import Iterable, Mapping
from typing import Literal

from mentormatch.errors import Fault, nearest
from mentormatch.people.cells import finite, is_blank, plain_text
from mentormatch.people.headings import CORE, Headings
from mentormatch.people.levels import Signs, split_list

__all__ = ["ALLOWED", "Kind", "as_kind", "kind_faults"]

#: What the values of an attribute are.
Kind = Literal["text", "number", "list", "yes/no"]

_TRUTH = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
#: What is allowed where a value is of another kind.
ALLOWED: Mapping[Kind, str] = {
    "text": "a text",
    "number": "a number; or say what a text stands for, in values",
    "list": "a list of texts",
    "yes/no": "yes or no, true or false, 1 or 0; or say what a text stands for, in values",
}


def as_kind(value: object, kind: Kind, signs: Signs) -> object:
    """Read a value as its kind.

    Parameters
    ----------
    value
        What stands there; not blank.
    kind
        What it should be.
    signs
        What separates the items of a list.

    Returns
    -------
    str, float, bool, tuple of str, or None
        `None` for a value of another kind.

    Examples
    --------
    >>> as_kind("2.5", "number", Signs()), as_kind("No", "yes/no", Signs())
    (2.5, False)
    >>> as_kind("Chess, Choir", "list", Signs(items=","))
    ('Chess', 'Choir')
    """
    if kind == "number":
        return finite(value)
    if kind == "text":
        return plain_text(value)
    if kind == "yes/no":
        if isinstance(value, bool):
            return value
        text = plain_text(value)
        return None if text is None else _TRUTH.get(text.casefold())
    if isinstance(value, list | tuple):
        items = [plain_text(item) for item in value if not is_blank(item)]
        return None if None in items else tuple(item for item in items if item)
    text = plain_text(value)
    return None if text is None else split_list(text, signs)


def kind_faults(
    types: Iterable[str], headings: Headings, header_line: int | None, file: str | None
) -> list[Fault]:
    """Return a fault for every declared type that is nobody's attribute.

    Parameters
    ----------
    types
        Names that have a type.
    headings
        What the file has.
    header_line, file
        Where the headings stand.

    Returns
    -------
    list of Fault

    Examples
    --------
    >>> print(*kind_faults(["rank"], Headings({"rank": "rank"}, (), ()), 1, None))
    row 1: types is 'rank'; allowed: an attribute; the fields of every profile have their kind
    """
    faults = []
    for name in types:
        if name in headings.attributes:
            continue
        allowed = f"an attribute; {nearest(name, headings.attributes)}"
        if name in CORE:
            allowed = "an attribute; the fields of every profile have their kind"
        faults.append(Fault(header_line, None, "types", name, allowed, file))
    return faults
