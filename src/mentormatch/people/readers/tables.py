"""A CSV as a table: its characters, its delimiter, its rows, and what is wrong with them."""

import codecs
import csv
import io
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.people.cells import is_blank
from mentormatch.people.table import Table

__all__ = ["AnyPath", "csv_table", "table_of_rows"]

AnyPath = str | os.PathLike[str]

_DELIMITERS = ",;\t"
_REMEDY = 'save the file as "CSV UTF-8", or pass the encoding it has, such as encoding='
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def csv_table(path: AnyPath, encoding: str, delimiter: str | None = None) -> Table:
    r"""Read a CSV as a table.

    Parameters
    ----------
    path
        The file.
    encoding
        How it writes its characters; a byte-order mark is fine.
    delimiter
        What stands between two cells; `None` for what the header line has most of.

    Returns
    -------
    Table
        With the faults of its characters, quotes and rows.

    Raises
    ------
    ProfileErrors
        When there are no headings or no people to speak of.
    OSError
        When the file cannot be opened.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "people.csv"
    ...     _ = file.write_bytes(b"id;name\r\nana;Ana")
    ...     csv_table(file, "utf-8").cells
    {'id': ('ana',), 'name': ('Ana',)}
    """
    text, faults = _decoded(Path(path).read_bytes(), encoding)
    for line, written in enumerate(io.StringIO(text, newline=""), start=1):
        if "\0" in written:
            allowed = "text without it; export the file once more as CSV"
            faults.append(Fault(line, None, "text", "a NUL character", allowed))
    text = text.replace("\0", "").lstrip("\ufeff")
    delimiter = delimiter or _delimiter(text)
    return table_of_rows(_records(text, delimiter, faults), faults, delimiter)


def table_of_rows(
    records: Iterable[tuple[int, Sequence[object]]],
    faults: list[Fault],
    delimiter: str | None = None,
) -> Table:
    """Return rows of cells as a table, the first one being the headings.

    Parameters
    ----------
    records
        Line and cells of every row that has anything.
    faults
        What is wrong with them; it may grow while the rows are read.
    delimiter
        What stands between the cells; `None` where nothing needs to.

    Returns
    -------
    Table

    Raises
    ------
    ProfileErrors
        When there are no headings or no people to speak of.

    Examples
    --------
    >>> table_of_rows([(1, ["id", "rank"]), (3, ["ana", 2])], []).cells
    {'id': ('ana',), 'rank': (2,)}
    """
    remaining = iter(records)
    header_line, first = next(remaining, (1, ()))
    if not first:
        faults.append(_nothing("empty"))
        raise ProfileErrors(faults)
    headings = ["" if is_blank(cell) else str(cell).strip() for cell in first]
    rows: list[list[object]] = []
    lines = []
    unread: set[str] = set()
    nameless: set[int] = set()
    short = 0
    for line, cells in remaining:
        if len(cells) > len(headings):
            allowed = f"{len(headings)}, as in the header; put a cell that contains {delimiter!r} "
            allowed += "in quotes"
            faults.append(Fault(line, None, "number of cells", str(len(cells)), allowed))
            # Its cells have moved: a name that someone declines may stand under any heading.
            unread.update(str(cell).strip() for cell in cells)
            continue
        short += len(cells) < len(headings)
        rows.append([*cells, *[None] * (len(headings) - len(cells))])
        lines.append(line)
        nameless |= {i for i, cell in enumerate(cells) if not is_blank(cell)}
    nameless -= {i for i, heading in enumerate(headings) if heading}
    for place in sorted(nameless):
        allowed = f"a name for column {place + 1}, which has values"
        faults.append(Fault(header_line, None, "heading", "", allowed))
    if not rows and not faults:
        raise ProfileErrors([_nothing("a header and no people")])
    columns: Iterable[tuple[object, ...]] = (
        zip(*rows, strict=True) if rows else [()] * len(headings)
    )
    return Table(
        headings=tuple(heading for heading in headings if heading),
        cells={heading: cells for heading, cells in zip(headings, columns, strict=True) if heading},
        lines=tuple(lines),
        header_line=header_line,
        faults=tuple(faults),
        short=short,
        unread=frozenset(unread),
    )


def _nothing(found: str) -> Fault:
    return Fault(None, None, "content", found, "a header line, then one line per person")


def _decoded(data: bytes, encoding: str) -> tuple[str, list[Fault]]:
    """Return the text, and a fault for every line that is not written in this encoding."""
    wide = False  # lines of a wide encoding cannot be told apart before it is decoded
    try:
        wide = codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
        if data.startswith(_UTF_16) and not wide:
            raise ProfileErrors([_not_text(None, "UTF-16", encoding, "utf-16")])
        return data.decode(encoding), []
    except UnicodeError:
        lines, faults = ([], []) if wide else _decoded_lines(data, encoding)
    except (LookupError, ValueError):
        allowed = "one that Python knows, such as 'utf-8' or 'cp1252'"
        raise ProfileErrors([Fault(None, None, "encoding", encoding, allowed)]) from None
    if not faults:
        raise ProfileErrors([_not_text(None, "something else", encoding, "utf-8")])
    return "".join(lines), faults


def _decoded_lines(data: bytes, encoding: str) -> tuple[list[str], list[Fault]]:
    lines = []
    faults = []
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        try:
            lines.append(line.decode(encoding))
        except UnicodeError as error:
            # Only the byte is shown: the line may hold what is nobody's business. Most such
            # files come from older spreadsheets; read so, the other faults of the line show too.
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            faults.append(_not_text(number, f"byte 0x{line[start]:02X}", encoding, "cp1252"))
            lines.append(line.decode("latin-1"))
    return lines, faults


def _not_text(line: int | None, found: str, encoding: str, guess: str) -> Fault:
    return Fault(line, None, "encoding", found, f"{encoding} text; {_REMEDY}{guess!r}")


def _delimiter(text: str) -> str:
    """Return what the header line has most of, outside quotes."""
    header = text.lstrip().split("\n", 1)[0].split("\r", 1)[0]
    unquoted = "".join(header.split('"')[::2])
    counts = Counter(letter for letter in unquoted if letter in _DELIMITERS)
    return max(_DELIMITERS, key=lambda sign: counts[sign])  # a comma where there is none


def _records(text: str, delimiter: str, faults: list[Fault]) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the line and the cells of each record; blank lines are nothing."""
    # Strict, because otherwise a quote that is never closed swallows the rest in silence.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(_bad_cell(line, str(error)))
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _bad_cell(line: int, reason: str) -> Fault:
    if "limit" in reason:
        found = f"a cell of more than {csv.field_size_limit():,} characters"
    elif "end of data" in reason:
        found = "a quote that is never closed"
    else:
        found = "a quote in the middle of a cell"
    allowed = "a cell in quotes, with every quote inside it written twice"
    return Fault(line, None, "text", found, allowed)
