"""Files of comma, semicolon or tab separated values, as spreadsheets write them."""

from collections.abc import Mapping

from mentormatch.people.cohort import Cohort
from mentormatch.people.organisation import Organisation
from mentormatch.people.readers.cohorts import read_table
from mentormatch.people.readers.organisations import with_organisation
from mentormatch.people.readers.tables import AnyPath, csv_table
from mentormatch.people.reading import Reading, declared
from mentormatch.people.replacements import Values
from mentormatch.people.scales import Scales

__all__ = ["read_csv"]


def read_csv(
    path: AnyPath,
    *,
    reading: Reading | None = None,
    columns: Mapping[str, str] | None = None,
    scales: Scales | None = None,
    values: Values | None = None,
    organisation: Organisation | AnyPath | None = None,
    encoding: str | None = None,
) -> Cohort:
    r"""Read people from a CSV.

    The delimiter is a comma, a semicolon or a tab, whichever the header line has most of. A
    byte-order mark, any kind of line end and blank lines are fine.

    Parameters
    ----------
    path
        The file.
    reading
        How it is to be read, declared once; each of the following, where given, replaces what it
        says.
    columns
        Our field to their heading, such as ``{"id": "Employee No"}``; a name that is no field of
        `Participant` makes an attribute. Other headings are matched by name (case, spaces and
        hyphens do not count), and those that are no field become attributes.
    scales
        Which way the numbers run; `Scales()` when left out.
    values
        By field or heading, what a text stands for:
        ``{"years": {"Less than 1 year": 0.5}}``.
    organisation
        The whole reporting tree, or the path of a CSV that has it, when it is larger than the
        cohort. What ``columns`` says of ``id`` and ``manager_id`` goes for whichever of the two
        files has that heading; the encoding is the same. Read any other file with
        `read_organisation`.
    encoding
        How the file writes its characters; UTF-8 when nothing says otherwise.

    Returns
    -------
    Cohort
        One row per person; `summary()` says how the file was read.

    Raises
    ------
    ProfileErrors
        With every fault of the file; `row` is the line where the record starts.
    OSError
        When the file cannot be opened.

    Warns
    -----
    ProfileWarning
        Once for each kind of doubt: see `read_records`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "people.csv"
    ...     _ = file.write_text("id;teaches;wants\nana;sql:4;R\nbo;R:5;sql\n")
    ...     read_csv(file)
    Cohort(2 people, 2 skills)
    """
    told = declared(reading, columns=columns, scales=scales, values=values, encoding=encoding)
    table = csv_table(path, told.encoding, told.delimiter)
    return read_table(*with_organisation(table, told, organisation))
