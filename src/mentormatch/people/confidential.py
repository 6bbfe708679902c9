"""Faults that show whom nobody declines or wishes for, even where cells have moved."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from mentormatch.errors import Fault
from mentormatch.people.levels import split_list

__all__ = ["HIDDEN", "hide_fields", "hide_people"]

#: The fields whose values no message shows, as nobody is to read what others think of them.
HIDDEN = ("declines", "prefers")

#: What people write between ids; an id may have spaces of its own, so they are tried apart.
_BETWEEN = re.compile(r"\s*[,;|/]\s*")


def hide_fields(faults: Iterable[Fault], fields: Collection[str]) -> list[Fault]:
    """Hide the values of some fields.

    Parameters
    ----------
    faults
        The faults of a file.
    fields
        Their names.

    Returns
    -------
    list of Fault

    Examples
    --------
    >>> print(*hide_fields([Fault(2, "ana", "age", "old", "a number")], {"age"}))
    row 2: ana: age is (hidden); allowed: a number
    """
    return [_hidden(fault) if fault.field in fields else fault for fault in faults]


def hide_people(faults: Iterable[Fault], ids: Collection[str]) -> list[Fault]:
    """Hide refused values that name people.

    A list without quotes moves into the columns beside it, and an id that stands where a number
    belongs may be that of someone whom the person declines or wishes for.

    Parameters
    ----------
    faults
        The faults of a file that has a column of declines or of wishes about people.
    ids
        The id of everybody who may be named in confidence; best as a set.

    Returns
    -------
    list of Fault
        With ``(hidden)`` for every value that is someone else's id or splits into such.

    Examples
    --------
    >>> fault = Fault(2, "ana", "rank", "bo", "a number")
    >>> print(*hide_people([fault], {"ana", "bo"}))
    row 2: ana: rank is (hidden); allowed: a number
    """
    return [_hidden(fault) if _names(fault, ids) else fault for fault in faults]


def _names(fault: Fault, ids: Collection[str]) -> bool:
    value = fault.value.strip()
    if fault.field.startswith("manager_id") and " -> " in value:
        return False  # managers in a circle, whom nobody could find without their ids
    parts = {value, *value.split(), *split_list(value), *_BETWEEN.split(value)}
    return any(part in ids for part in parts - {"", fault.person})


def _hidden(fault: Fault) -> Fault:
    allowed = fault.allowed
    # Some remedies repeat the value, with escapes, behind what is allowed in general.
    if fault.value.replace("\\", "") in allowed.replace("\\", ""):
        allowed = allowed.partition("; ")[0]
    return replace(fault, value="(hidden)", allowed=allowed)
