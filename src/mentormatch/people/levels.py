r"""Lists in a cell, and levels in text: ``sql:4; Code::Blocks; ISO 27001:2022``.

Items are separated by semicolons, and a number after the last colon of an item is a level, unless
a file has other signs (`Signs`). A backslash takes the meaning from the sign that follows: `\;`,
`\:` and `\\`; before anything else it is a letter like others. Signs and digits count in any width,
as Unicode's compatibility form (NFKC) has them: `sql：４` is `sql:4`. Names keep the spelling they
have.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

__all__ = [
    "SIGNS",
    "DoubtfulLevelError",
    "Signs",
    "escaped",
    "parse_level",
    "split_items",
    "split_list",
]

# Every character whose compatibility form is the sign; East Asian keyboards write the last.
_BACKSLASH = "\\"
_WIDTHS = {
    ";": ";\N{GREEK QUESTION MARK}\ufe14\ufe54\uff1b",
    ":": ":\ufe13\ufe55\uff1a",
    _BACKSLASH: "\\\ufe68\uff3c",
}
#: How far the full-width form of a sign is from its ASCII form.
_FULL_WIDTH = 0xFEE0
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_EDITION = re.compile(r"[0-9]{4,}")
_LIKE_A_NUMBER = tuple("0123456789+-\N{MINUS SIGN}.,")


class DoubtfulLevelError(ValueError):
    """An item that may carry a level or may not; the text says what is allowed instead."""


@dataclass(frozen=True)
class Signs:
    """The signs that take a cell apart.

    Parameters
    ----------
    items
        What stands between the items of a list.
    level
        What stands between a skill and its level.

    Examples
    --------
    >>> split_items("sql=4, R", Signs(",", "="))
    ['sql=4', 'R']
    """

    items: str = ";"
    level: str = ":"

    @cached_property
    def between(self) -> str:
        """Every width of the sign between items."""
        return _any_width(self.items)

    @cached_property
    def before_level(self) -> str:
        """Every width of the sign before a level."""
        return _any_width(self.level)

    @cached_property
    def unusual(self) -> str:
        """Backslashes, and every other width of the signs."""
        every = self.between + self.before_level + _WIDTHS[_BACKSLASH]
        return "".join(sign for sign in every if sign not in (self.items, self.level))

    @cached_property
    def sign(self) -> re.Pattern[str]:
        """One sign that has a meaning."""
        every = self.between + self.before_level + _WIDTHS[_BACKSLASH]
        return re.compile(f"([{re.escape(every)}])")

    @cached_property
    def escape(self) -> re.Pattern[str]:
        """A backslash and the sign that it takes the meaning from."""
        return re.compile(f"[{re.escape(_WIDTHS[_BACKSLASH])}]{self.sign.pattern}")


def _any_width(sign: str) -> str:
    full_width = chr(ord(sign) + _FULL_WIDTH) if sign.isascii() else ""
    return _WIDTHS.get(sign, sign + full_width)


#: Those of a file that declares no others.
SIGNS = Signs()


def split_items(text: str, signs: Signs = SIGNS) -> list[str]:
    r"""Split a cell at its semicolons and leave every escape as it is.

    Parameters
    ----------
    text
        The cell.
    signs
        What separates its items.

    Returns
    -------
    list of str
        The items without outer spaces, blank ones left out.

    Examples
    --------
    >>> split_items(r"sql:4; C++\:11;; a\;b")
    ['sql:4', 'C++\\:11', 'a\\;b']
    """
    cuts = pairwise([-1, *_signs(text, signs.between, signs), len(text)])
    items = (text[start + 1 : end].strip() for start, end in cuts)
    return [item for item in items if item]


def split_list(text: str, signs: Signs = SIGNS) -> tuple[str, ...]:
    r"""Split a cell that holds a plain list, such as languages.

    Parameters
    ----------
    text
        The cell, with `\;` for a semicolon that belongs to an item.
    signs
        What separates its items.

    Returns
    -------
    tuple of str
        The items, escapes resolved, blank ones left out.

    Examples
    --------
    >>> split_list(r"English; Norwegian\; Bokmål;")
    ('English', 'Norwegian; Bokmål')
    """
    return tuple(_resolved(item, signs) for item in split_items(text, signs))


def escaped(name: str) -> str:
    r"""Write a name so that it is read back as a name, whatever is in it.

    Parameters
    ----------
    name
        For instance the name of a skill.

    Returns
    -------
    str
        The name with a backslash before every semicolon, colon and backslash.

    Examples
    --------
    >>> escaped("C++:11")
    'C++\\:11'
    >>> split_list(escaped("a;b"))
    ('a;b',)
    """
    return SIGNS.sign.sub(r"\\\1", name)


def parse_level(
    item: str, accepts: Callable[[float], bool], words: str, signs: Signs = SIGNS
) -> tuple[str, float | None]:
    r"""Take one item of a list of skills apart.

    Parameters
    ----------
    item
        One item, escapes not resolved yet.
    accepts
        Whether a number is on the scale.
    words
        What the scale accepts, for the message: ``"a proficiency from 1 to 5"``.
    signs
        What separates the skill from its level.

    Returns
    -------
    skill : str
        Its name, escapes resolved.
    level : float or None
        The number after the last colon, on the file's scale; `None` when there is none.

    Raises
    ------
    DoubtfulLevelError
        When what follows the last colon looks like a number but is none on the scale, or when
        there is no name. Four digits or more that are no level belong to the name, as in
        ``ISO 27001:2022``.

    Examples
    --------
    >>> on_scale = lambda number: 1 <= number <= 5
    >>> parse_level("sql:4", on_scale, "a proficiency from 1 to 5")
    ('sql', 4.0)
    >>> parse_level("Code::Blocks", on_scale, "a proficiency from 1 to 5")
    ('Code::Blocks', None)
    >>> parse_level("C++:11", on_scale, "a proficiency from 1 to 5")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    mentormatch.people.levels.DoubtfulLevelError: a proficiency from 1 to 5 after the colon; or...
    """
    colons = _signs(item, signs.before_level, signs)
    if not colons:
        return _resolved(item, signs), None
    sign = "the colon" if signs.level == ":" else f"the sign {signs.level!r}"
    head, after = item[: colons[-1]].strip(), item[colons[-1] + 1 :]
    tail = unicodedata.normalize("NFKC", after).strip()
    if _NUMBER.fullmatch(tail) and accepts(float(tail)):
        if not head:
            raise DoubtfulLevelError(
                f"the name of a skill before {sign}, as in 'sql{signs.level}{tail}'"
            )
        return _resolved(head, signs), float(tail)
    is_edition = head and _EDITION.fullmatch(tail)
    if not is_edition and (not tail or tail.startswith(_LIKE_A_NUMBER)):
        remedy = f"{item[: colons[-1]]}\\{item[colons[-1] :]}"
        raise DoubtfulLevelError(
            f"{words} after {sign}; or, if {sign} belongs to the skill's name, write '{remedy}'"
        )
    return _resolved(item, signs), None


def _signs(text: str, wanted: str, signs: Signs) -> list[int]:
    """Return the places of the signs that no backslash precedes."""
    escapes = {match.end() - 1 for match in signs.escape.finditer(text)}
    return [place for place, letter in enumerate(text) if letter in wanted and place not in escapes]


def _resolved(text: str, signs: Signs) -> str:
    return signs.escape.sub(r"\1", text)
