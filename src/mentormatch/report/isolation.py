"""Names that keep their direction of writing to themselves, in texts and on pages."""

from unicodedata import bidirectional

from mentormatch.matching.tables import harmless

__all__ = ["ISOLATE", "ISOLATED", "apart", "plain"]

#: What stands between these is ordered by itself (Unicode Standard Annex 9, isolates).
ISOLATE, ISOLATED = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def apart(name: str) -> str:
    """Put marks around a name that keep what it does to the order of letters within it.

    Parameters
    ----------
    name
        Anything that somebody wrote. Marks of its own are taken out.
    """
    return f"{ISOLATE}{harmless(name, joined=True)}{ISOLATED}"


def plain(text: str) -> str:
    """Return a text for a reader, without the marks around names where it needs none.

    Parameters
    ----------
    text
        With names that are set `apart`.

    Examples
    --------
    >>> plain(f"{apart('Ana')} and {apart('Bo')}")
    'Ana and Bo'
    """
    if any(bidirectional(mark) in {"R", "AL", "AN"} for mark in text):
        return text
    return text.replace(ISOLATE, "").replace(ISOLATED, "")
