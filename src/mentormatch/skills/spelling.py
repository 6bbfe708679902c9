"""When two names look like one name, misspelt."""

from collections.abc import Iterator

__all__ = ["alike", "bare", "one_edit_apart", "shortened", "telling_signs"]


def telling_signs(name: str) -> str:
    """Return the characters that make two names mean different things: digits, `+` and `#`.

    Examples
    --------
    >>> telling_signs("c++ 11")
    '++11'
    """
    return "".join(letter for letter in name if letter.isdigit() or letter in "+#")


def bare(name: str) -> str:
    """Return a name without spaces and punctuation.

    Examples
    --------
    >>> bare("node.js")
    'nodejs'
    """
    return "".join(letter for letter in name if letter.isalnum())


def shortened(name: str) -> Iterator[str]:
    """Yield a name and all that it becomes when it lacks one letter.

    Words that are one edit apart have one of these in common: the deletion neighbourhood of Mor
    and Fraenkel, "A hash code method for detecting and correcting spelling errors" (1982).

    Examples
    --------
    >>> sorted(set(shortened("sql")))
    ['ql', 'sl', 'sq', 'sql']
    """
    yield name
    for cut in range(len(name)):
        yield name[:cut] + name[cut + 1 :]


def one_edit_apart(one: str, other: str) -> bool:
    """Tell whether one insertion, deletion, replacement or swap of neighbours makes them equal.

    Parameters
    ----------
    one, other
        Names whose lengths differ by one at most.

    Examples
    --------
    >>> one_edit_apart("sql", "slq"), one_edit_apart("sql", "sq"), one_edit_apart("sql", "xml")
    (True, True, False)
    """
    if len(one) > len(other):
        one, other = other, one
    same = 0
    while same < len(one) and one[same] == other[same]:
        same += 1
    if len(one) < len(other):
        return one[same:] == other[same + 1 :]
    swapped = one[same + 1 : same + 2] + one[same : same + 1]
    return one[same + 1 :] == other[same + 1 :] or (
        swapped == other[same : same + 2] and one[same + 2 :] == other[same + 2 :]
    )


def alike(one: str, other: str) -> bool:
    """Tell whether two names are one edit apart, or equal but for spaces and punctuation.

    Examples
    --------
    >>> alike("node js", "node.js"), alike("kubernets", "kubernetes"), alike("r", "sql")
    (True, True, False)
    """
    if bare(one) and bare(one) == bare(other):
        return True
    return abs(len(one) - len(other)) <= 1 and one_edit_apart(one, other)
