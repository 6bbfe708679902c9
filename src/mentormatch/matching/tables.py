"""Rows as text: for terminals, notebooks and CSV files."""

import csv
from collections.abc import Iterable, Sequence
from html import escape
from io import StringIO
from unicodedata import combining, east_asian_width

__all__ = ["csv_text", "html_table", "text_table"]

#: A spreadsheet runs a cell that begins with one of these, in either width of the character.
_FORMULA_STARTS = tuple("=+-@\t\r\n|%＝＋－＠")

#: Cells longer than this are cut in a terminal, never in a file.
_WIDEST = 40


def text_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Align rows under a header, numbers included, for a terminal.

    Examples
    --------
    >>> print(text_table(["leader", "score"], [["Ana", "0.50"], ["Bo", "1.00"]]))
    leader  score
    Ana     0.50
    Bo      1.00
    """
    table = [[_one_line(cell) for cell in row] for row in (header, *rows)]
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in table
    )


def html_table(header: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """Return rows as an HTML table; every cell is escaped.

    Examples
    --------
    >>> html_table(["who"], [["<b>"]], "one person")
    '<table><caption>one person</caption><tr><th>who</th></tr><tr><td>&lt;b&gt;</td></tr></table>'
    """
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    return f"<table><caption>{escape(caption)}</caption><tr>{heads}</tr>{body}</table>"


def csv_text(
    header: Sequence[str], rows: Iterable[Sequence[str | float]], *, spreadsheet_safe: bool
) -> str:
    """Return rows as CSV; cells that a spreadsheet would run get an apostrophe in front.

    Examples
    --------
    >>> print(csv_text(["id"], [["=1+1"]], spreadsheet_safe=True), end="")
    id
    '=1+1
    """
    target = StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    for row in (header, *rows):
        writer.writerow([_defused(cell) if spreadsheet_safe else cell for cell in row])
    return target.getvalue()


def _width(text: str) -> int:
    """Return how many columns a terminal gives a text."""
    return sum(
        0 if combining(mark) else 2 if east_asian_width(mark) in "WF" else 1 for mark in text
    )


def _one_line(cell: str) -> str:
    """Make a cell safe for a terminal: no control characters, no line breaks, not too wide."""
    line = "".join(mark if mark.isprintable() else " " for mark in cell)
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 3]}..."


def _defused(cell: str | float) -> str | float:
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell
