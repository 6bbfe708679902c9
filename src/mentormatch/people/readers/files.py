"""Any file of people, by the ending of its name."""

from pathlib import Path

from mentormatch.people.cohort import Cohort
from mentormatch.people.organisation import Organisation
from mentormatch.people.readers.cohorts import read_table
from mentormatch.people.readers.excel import excel_table
from mentormatch.people.readers.json import json_table, parsed
from mentormatch.people.readers.organisations import with_organisation
from mentormatch.people.readers.scim import is_scim, scim_table
from mentormatch.people.readers.tables import AnyPath, csv_table
from mentormatch.people.reading import Reading
from mentormatch.people.table import Table

__all__ = ["file_table", "read_file"]

EXCEL = (".xlsx", ".xlsm")


def file_table(path: AnyPath, reading: Reading) -> Table:
    """Return a file as a table: JSON (SCIM where it says so), a spreadsheet, otherwise CSV.

    Parameters
    ----------
    path
        The file.
    reading
        How it is to be read.

    Returns
    -------
    Table

    Raises
    ------
    ProfileErrors
        When there is nothing to read.
    OSError
        When the file cannot be opened.
    """
    ending = Path(path).suffix.lower()
    if ending in EXCEL:
        return excel_table(path, reading.sheet)
    if ending != ".json":
        return csv_table(path, reading.encoding, reading.delimiter)
    content = parsed(Path(path).read_bytes())
    return scim_table(content, reading) if is_scim(content) else json_table(content)


def read_file(
    path: AnyPath,
    reading: Reading | None = None,
    *,
    organisation: Organisation | AnyPath | None = None,
) -> Cohort:
    """Read people from a file, by the ending of its name.

    Parameters
    ----------
    path
        The file: .json (SCIM where its schemas say so), .xlsx, otherwise CSV.
    reading
        How it is to be read; `None` when nothing about it is unusual.
    organisation
        As for `read_csv`.

    Returns
    -------
    Cohort

    Raises
    ------
    ProfileErrors
        With every fault of the file.
    MissingExtraError
        When the file is a spreadsheet and python-calamine is not installed.
    OSError
        When the file cannot be opened.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "people.json"
    ...     _ = file.write_text('[{"id": "ana"}]')
    ...     read_file(file)
    Cohort(1 person, 0 skills)
    """
    told = reading or Reading()
    return read_table(*with_organisation(file_table(path, told), told, organisation))
