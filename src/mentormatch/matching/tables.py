"""Rows as text: for terminals, notebooks and CSV files."""

import csv
from collections.abc import Iterable, Sequence
from html import escape
from io import StringIO
from unicodedata import bidirectional, category, east_asian_width, normalize

__all__ = ["csv_text", "harmless", "html_table", "kept_apart", "text_table"]

#: A spreadsheet runs a cell that begins with one of these.
_FORMULA_STARTS = frozenset("=+-@|%")

#: Cells wider than this are cut in a terminal, and longer than this in a notebook; in no file.
_WIDEST, _LONGEST = 40, 200

#: Keeps a name that runs from right to left in its own cell of a line; has no width.
_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"


#: Joins what stands beside it, or keeps it apart, within one word or picture.
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"


def text_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Align rows under a header for a terminal.

    Parameters
    ----------
    header
        The headings.
    rows
        Cells of any text; what is longer than 40 columns is cut.

    Examples
    --------
    >>> print(text_table(["leader", "score"], [["Ana", "0.50"], ["Bo", "1.00"]]))
    leader  score
    Ana     0.50
    Bo      1.00
    """
    table = [[_cut(harmless(cell), _WIDEST) for cell in row] for row in (header, *rows)]
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(
            kept_apart(cell) + " " * (most - _width(cell))
            for cell, most in zip(row, widths, strict=True)
        ).rstrip()
        for row in table
    )


def html_table(header: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """Return rows as an HTML table; every cell is escaped.

    Parameters
    ----------
    header
        The headings.
    rows
        Cells of any text; what is longer than 200 characters is cut.
    caption
        What stands above.

    Examples
    --------
    >>> html_table(["who"], [["<b>"]], "one person")
    '<table><caption>one person</caption><tr><th>who</th></tr><tr><td>&lt;b&gt;</td></tr></table>'
    """

    def cells(row: Sequence[str], tag: str) -> str:
        texts = (escape(_cut(harmless(cell), _LONGEST)) for cell in row)
        return "<tr>" + "".join(f"<{tag}>{text}</{tag}>" for text in texts) + "</tr>"

    body = "".join(cells(row, "td") for row in rows)
    return f"<table><caption>{escape(caption)}</caption>{cells(header, 'th')}{body}</table>"


def csv_text(
    header: Sequence[str], rows: Iterable[Sequence[str | float]], *, spreadsheet_safe: bool
) -> str:
    """Return rows as CSV, a line each.

    Parameters
    ----------
    header
        The headings.
    rows
        Cells, kept to the letter.
    spreadsheet_safe
        Put an apostrophe before a cell that a spreadsheet would run as a formula.

    Examples
    --------
    >>> print(csv_text(["id"], [["=1+1"]], spreadsheet_safe=True), end="")
    id
    '=1+1
    """
    return "".join(
        _csv_line([_defused(cell) if spreadsheet_safe else cell for cell in row])
        for row in (header, *rows)
    )


def harmless(text: str, *, joined: bool = False) -> str:
    r"""Replace what could move the cursor, colour the rest or turn its direction.

    Control characters, line breaks and invisible format characters become a space each.

    Parameters
    ----------
    text
        What somebody wrote.
    joined
        Keep the joiners without which emoji of several people, and words in Persian or Malayalam,
        fall apart. Terminals do not agree on how wide these are, so they are for pages.

    Examples
    --------
    >>> harmless("Ana\x1b[31m\u202e!")
    'Ana [31m !'
    """
    kept = _JOINERS if joined else ""
    return "".join(mark if mark.isprintable() or mark in kept else " " for mark in text)


def _cut(line: str, most: int) -> str:
    if len(line) <= most and _width(line) <= most:
        return line
    end = most - 3
    while _width(line[:end]) > most - 3:
        end -= 1
    return f"{line[:end]}..."


def _width(line: str) -> int:
    """Return how many columns a terminal gives a line without control characters."""
    return sum(
        0 if category(mark) in {"Mn", "Me"} else 2 if east_asian_width(mark) in "WF" else 1
        for mark in line
    )


def kept_apart(cell: str) -> str:
    """Keep a reader from ordering a text and its neighbours as one text from right to left.

    Examples
    --------
    >>> kept_apart("Ana"), len(kept_apart("\N{HEBREW LETTER ALEF}"))
    ('Ana', 3)
    """
    if any(bidirectional(mark) in {"R", "AL", "AN"} for mark in cell):
        return f"{_LEFT_TO_RIGHT}{cell}{_LEFT_TO_RIGHT}"
    return cell


def _csv_line(cells: Sequence[str | float]) -> str:
    # Only with the line ends of RFC 4180 is a lone carriage return in a cell quoted on Python 3.11
    # and 3.12, so each line is written with them and then ended the plain way.
    line = StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().removesuffix("\r\n") + "\n"


def _defused(cell: str | float) -> str | float:
    """Put an apostrophe before a formula, in whatever width its first sign is written."""
    if not isinstance(cell, str):
        return cell
    first = normalize("NFKC", harmless(cell).lstrip()[:1])
    runs = first in _FORMULA_STARTS or cell.startswith(("\t", "\r", "\n"))
    return f"'{cell}" if runs else cell
