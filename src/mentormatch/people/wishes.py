"""Lists of the people whom somebody wishes to be matched with: what they may name."""

from collections.abc import Sequence
from typing import LiteralString

from mentormatch.people.cells import id_text, is_blank, is_whole

__all__ = ["WISHES", "are_muddled", "named_people"]

#: One text for every cause, so that it does not tell who declines anybody.
WISHES: LiteralString = (
    "ids of other people, the most wished first, each once, and none that must not be a partner"
)


def are_muddled(person: str | None, wished: Sequence[str], declined: Sequence[str]) -> bool:
    """Tell whether a list of wishes names its owner, somebody twice, or somebody declined.

    Parameters
    ----------
    person
        Whose it is.
    wished, declined
        Ids.

    Returns
    -------
    bool

    Examples
    --------
    >>> are_muddled("ana", ["bo", "cy"], ["di"]), are_muddled("ana", ["bo", "bo"], [])
    (False, True)
    """
    known = set(wished)
    return len(known) < len(wished) or person in known or not known.isdisjoint(declined)


def named_people(cell: object) -> tuple[str, ...] | None:
    """Read a value as a list of ids.

    Parameters
    ----------
    cell
        A list, or blank; ids are text or whole numbers, and blank ones are left out.

    Returns
    -------
    tuple of str, or None
        `None` for anything else.

    Examples
    --------
    >>> named_people([" ana", 7.0, ""]), named_people(None), named_people("ana")
    (('ana', '7'), (), None)
    """
    if is_blank(cell):
        return ()
    if not isinstance(cell, list | tuple):
        return None
    found = [id_text(item) for item in cell if not is_blank(item)]
    known = [person for person in found if person is not None and is_whole(person)]
    return tuple(known) if len(known) == len(found) else None
