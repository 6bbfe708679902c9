"""Data frames of pandas, polars and pyarrow, column by column."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.extras import extra
from mentormatch.people.cohort import Cohort
from mentormatch.people.organisation import Organisation
from mentormatch.people.readers.cohorts import read_table
from mentormatch.people.readers.organisations import with_organisation
from mentormatch.people.readers.tables import AnyPath
from mentormatch.people.reading import Reading, declared
from mentormatch.people.replacements import Values
from mentormatch.people.scales import Scales
from mentormatch.people.table import Table

__all__ = ["frame_table", "read_frame"]

#: Python's own values, which need no second look.
_PLAIN = {bool, int, float, str, type(None)}
_INSIDE: Mapping[type, Callable[[Any], object]] = {
    Decimal: float,
    datetime: lambda value: value.isoformat(" "),
    date: lambda value: value.isoformat(),
    time: lambda value: value.isoformat(),
}


def read_frame(
    frame: Any,
    *,
    reading: Reading | None = None,
    columns: Mapping[str, str] | None = None,
    scales: Scales | None = None,
    values: Values | None = None,
    organisation: Organisation | AnyPath | None = None,
) -> Cohort:
    """Read people from a data frame of pandas, polars or pyarrow (extra ``frames``).

    Parameters
    ----------
    frame
        A `pandas.DataFrame`, `polars.DataFrame` or `pyarrow.Table`, one row per person; an index
        is left alone. Missing values of any kind are blank, dates become text (ISO 8601), and
        skills are text such as ``"sql:4; R"``, lists of such items or structures from skill to
        number.
    reading, columns, scales, values, organisation
        As for `read_csv`.

    Returns
    -------
    Cohort
        One row per row of the frame; `Matching.to_frame` gives back the same kind.

    Raises
    ------
    ProfileErrors
        With the faults that `read_csv` would report; `row` counts rows from 1.
    MissingExtraError
        When narwhals is not installed.
    TypeError
        When it is no such data frame.

    Warns
    -----
    ProfileWarning
        Once for each kind of doubt: see `read_records`.

    Examples
    --------
    >>> import pandas as pd
    >>> read_frame(pd.DataFrame({"id": ["ana", "bo"], "teaches": ["sql:4", None]}))
    Cohort(2 people, 1 skill)
    """
    told = declared(reading, columns=columns, scales=scales, values=values)
    return read_table(*with_organisation(frame_table(frame), told, organisation))


def frame_table(frame: Any) -> Table:
    """Return a data frame as a table.

    Parameters
    ----------
    frame
        As for `read_frame`.

    Returns
    -------
    Table
        Rows are counted from 1.

    Raises
    ------
    ProfileErrors
        When it is empty, or two columns have one name.
    MissingExtraError
        When narwhals is not installed.
    TypeError
        When it is no such data frame.

    Examples
    --------
    >>> import polars as pl
    >>> frame_table(pl.DataFrame({"id": [7, None]})).cells
    {'id': [7, None]}
    """
    narwhals = extra("narwhals.stable.v2", "frames", "data frames")
    lazy = hasattr(frame, "collect")
    names = [] if lazy else [str(name).strip() for name in _names(frame)]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        allowed = "a name that only one column has"
        raise ProfileErrors(Fault(None, None, "heading", name, allowed) for name in twice)
    try:
        known = narwhals.from_native(frame, eager_only=True)
    except TypeError:
        raise TypeError(
            f"a {type(frame).__name__} is no data frame that can be read; give a pandas or polars "
            "DataFrame or a pyarrow Table (of a lazy frame: .collect())"
        ) from None
    if not len(known):
        raise ProfileErrors([Fault(None, None, "content", "empty", "one row for each person")])
    cells = {
        name: _cells(known.get_column(column))
        for name, column in zip(names, known.columns, strict=True)
        if name
    }
    return Table(
        headings=tuple(cells),
        cells=cells,
        lines=range(1, len(known) + 1),
        frame=known.implementation.value,
    )


def _names(frame: Any) -> list[object]:
    """Return the names of the columns as they are, also where two are one."""
    names = getattr(frame, "column_names", None)  # pyarrow's
    return list(getattr(frame, "columns", ()) if names is None else names)


def _cells(column: Any) -> list[object]:
    """Return a column as Python's own values, `None` for missing ones."""
    cells: list[object] = column.to_list()
    if set(map(type, cells)) <= _PLAIN:
        return [None if cell != cell else cell for cell in cells]  # not a number
    missing = column.is_null().to_list()
    return [None if gone else _own(cell) for cell, gone in zip(cells, missing, strict=True)]


def _own(value: Any) -> object:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_own(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _own(level) for name, level in value.items() if level is not None}
    if isinstance(value, np.generic):
        return value.item()
    for kind, convert in _INSIDE.items():
        if isinstance(value, kind):
            return convert(value)
    return value
