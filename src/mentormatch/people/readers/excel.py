"""Spreadsheets: one sheet, its first row with anything in it being the headings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from mentormatch.errors import Fault, ProfileErrors, listed, nearest
from mentormatch.extras import extra
from mentormatch.people.cells import is_blank
from mentormatch.people.cohort import Cohort
from mentormatch.people.organisation import Organisation
from mentormatch.people.readers.cohorts import read_table
from mentormatch.people.readers.organisations import with_organisation
from mentormatch.people.readers.tables import AnyPath, table_of_rows
from mentormatch.people.reading import Reading, declared
from mentormatch.people.replacements import Values
from mentormatch.people.scales import Scales
from mentormatch.people.table import Table

__all__ = ["excel_table", "read_excel"]

#: A million people with their skills take less, unpacked; a bomb takes more.
MOST_BYTES = 1 << 30

#: A sheet is laid out up to its last cell; a larger one has something standing far off the table.
MOST_CELLS = 100_000_000

_CHUNK = 1 << 20

#: The name of a cell in a sheet's XML, such as `r="B12"`.
_CELL = re.compile(rb'r="([A-Z]{1,3})([0-9]{1,7})"')
_LONGEST_NAME = 14


def read_excel(
    path: AnyPath,
    *,
    reading: Reading | None = None,
    columns: Mapping[str, str] | None = None,
    scales: Scales | None = None,
    values: Values | None = None,
    organisation: Organisation | AnyPath | None = None,
    sheet: str | None = None,
) -> Cohort:
    """Read people from a spreadsheet, .xlsx (extra ``excel``).

    Parameters
    ----------
    path
        The file. Formulas count as what they last gave, which is blank where they failed; dates
        become text (ISO 8601).
    reading, columns, scales, values, organisation
        As for `read_csv`.
    sheet
        Which sheet; without it, the only one that has anything.

    Returns
    -------
    Cohort
        One row per row that has anything; `summary()` says how they were read.

    Raises
    ------
    ProfileErrors
        With every fault of the sheet; `row` is the row's number in the spreadsheet.
    MissingExtraError
        When python-calamine is not installed.
    OSError
        When the file cannot be opened.

    Warns
    -----
    ProfileWarning
        Once for each kind of doubt: see `read_records`.

    Examples
    --------
    >>> import openpyxl
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     book = openpyxl.Workbook()
    ...     for row in (["id", "teaches"], ["ana", "sql:4"]):
    ...         book.active.append(row)
    ...     book.save(Path(folder) / "people.xlsx")
    ...     read_excel(Path(folder) / "people.xlsx")
    Cohort(1 person, 1 skill)
    """
    told = declared(reading, columns=columns, scales=scales, values=values, sheet=sheet)
    return read_table(*with_organisation(excel_table(path, told.sheet), told, organisation))


def excel_table(path: AnyPath, sheet: str | None = None) -> Table:
    """Return a sheet as a table.

    Parameters
    ----------
    path
        The file.
    sheet
        Which sheet; without it, the only one that has anything.

    Returns
    -------
    Table

    Raises
    ------
    ProfileErrors
        When it is no spreadsheet, is far larger inside than outside, or nothing says which sheet.
    MissingExtraError
        When python-calamine is not installed.
    OSError
        When the file cannot be opened.
    """
    calamine = extra("python_calamine", "excel", "spreadsheets")
    _refuse_bombs(Path(path))
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
    except (calamine.CalamineError, calamine.PasswordError) as error:
        raise ProfileErrors([_no_book(str(error))]) from None
    chosen = sheets[_chosen(sheets, sheet)]
    rows = []
    for line, row in enumerate(chosen.iter_rows(), start=1):
        own = [_own(cell) for cell in row]
        if not all(map(is_blank, own)):
            rows.append((line, own))
    return table_of_rows(rows, [])


def _refuse_bombs(path: Path) -> None:
    """Unpack everything once and keep nothing: what a file says of its size may be a lie."""
    total = 0
    try:
        with ZipFile(path) as packed:
            for member in packed.infolist():
                corner = _Corner()
                with packed.open(member) as inside:
                    while chunk := inside.read(_CHUNK):
                        total += len(chunk)
                        if total > MOST_BYTES:
                            size = f"more than {MOST_BYTES >> 20:,} MB when unpacked"
                            allowed = "less; save the table alone in a new file"
                            raise ProfileErrors([Fault(None, None, "content", size, allowed)])
                        corner.see(chunk)
                if member.filename.startswith("xl/worksheets/") and corner.cells > MOST_CELLS:
                    allowed = f"at most {MOST_CELLS:,}; delete what stands far off the table"
                    found = f"{corner.cells:,}"
                    raise ProfileErrors([Fault(None, None, "number of cells", found, allowed)])
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise ProfileErrors([_no_book(str(error))]) from None


@dataclass(slots=True)
class _Corner:
    """The outermost row and column of a sheet: readers lay out everything up to there."""

    row: int = 0
    column: int = 0
    rest: bytes = b""

    def see(self, chunk: bytes) -> None:
        """Look for the names of cells in a piece of the sheet."""
        for column, row in _CELL.findall(self.rest + chunk):
            self.row = max(self.row, int(row))
            self.column = max(self.column, _number(column))
        self.rest = chunk[-_LONGEST_NAME:]

    @property
    def cells(self) -> int:
        """How many cells there are up to the corner."""
        return self.row * self.column


def _number(column: bytes) -> int:
    """Return the number of a column: A is 1, Z is 26 and AA is 27."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _no_book(found: str) -> Fault:
    allowed = "a spreadsheet without a password; save it as Excel workbook (.xlsx) or as CSV"
    return Fault(None, None, "content", found, allowed)


def _chosen(sheets: Mapping[str, Any], sheet: str | None) -> str:
    if sheet is not None:
        if sheet not in sheets:
            allowed = f"a sheet of the file; {nearest(sheet, sheets)}"
            raise ProfileErrors([Fault(None, None, "sheet", sheet, allowed)])
        return sheet
    filled = [name for name, one in sheets.items() if one.height]
    if len(filled) > 1:
        allowed = f"one of them: sheet={filled[0]!r}"
        raise ProfileErrors([Fault(None, None, "sheet", listed(filled), allowed)])
    return (filled or list(sheets))[0]


def _own(cell: object) -> object:
    """Return a cell as a CSV would have it: of all numbers, spreadsheets know only floats."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return cell
