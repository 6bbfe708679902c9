"""Feedback in: every fault of every answer in one error."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from math import isfinite
from typing import Any

import numpy as np

from mentormatch.errors import Fault, ProfileErrors, ProgramError
from mentormatch.people.cells import finite, id_text, is_blank, written
from mentormatch.people.confidential import hide_fields
from mentormatch.people.headings import Headings, heading_of, spelt_as_field
from mentormatch.people.kinds import ALLOWED, as_kind
from mentormatch.people.levels import SIGNS, Signs
from mentormatch.people.readers.files import file_table
from mentormatch.people.readers.frames import frame_table
from mentormatch.people.readers.records import table_of
from mentormatch.people.readers.tables import AnyPath
from mentormatch.people.reading import Reading, declared
from mentormatch.people.replacements import Replacements, Values
from mentormatch.people.table import Table
from mentormatch.rounds.feedback import Feedback

__all__ = ["ABOUT", "read_feedback"]

#: What errors call it.
ABOUT = "the feedback"

#: What an answer cannot be without, and what it may say.
NEEDED = ("a", "b", "by", "date")
SAID = ("met", "hours", "fit", "wishes_met", "go_on")

#: Who would not go on with somebody says so in confidence: no message shows it.
HIDDEN = frozenset({"go_on"})

#: From a cell to its value; `None` for what is not allowed there.
Read = Callable[[object], Any]


def read_feedback(
    source: AnyPath | Iterable[Mapping[str, object]] | Any,
    *,
    reading: Reading | None = None,
    columns: Mapping[str, str] | None = None,
    values: Values | None = None,
    fit: tuple[float, float] = (1.0, 5.0),
) -> Feedback:
    """Read what people answered about their pairs.

    Parameters
    ----------
    source
        The path of a file (.json, .xlsx, otherwise CSV), a list of records, or a data frame of
        pandas, polars or pyarrow. A row for each answer: the pair (``a``, ``b``), ``by`` which of
        the two, the ``date`` (ISO 8601, such as 2026-03-02), and what they say, each of which may
        be blank: ``met`` (yes or no), ``hours``, ``fit``, ``wishes_met`` (the skills, separated
        by semicolons) and ``go_on`` (yes or no). Met, hours and wishes met count since the answer
        before. Other columns are left alone.
    reading
        How a file is to be read; its columns, values, list separator, delimiter, encoding and
        sheet count.
    columns
        Our field to their heading, such as ``{"by": "Answered by"}``. Other headings are matched by
        name (case, spaces and hyphens do not count).
    values
        By field, what a text stands for: ``{"fit": {"very good": 5}, "wishes_met": {"none": []}}``.
    fit
        The worst and the best number on the scale of ``fit``.

    Returns
    -------
    Feedback
        An answer each; none of an empty list or data frame.

    Raises
    ------
    ProfileErrors
        With every fault of every answer.
    ProgramError
        When the scale is none.
    MissingExtraError
        When the library that reads such a file or data frame is not installed.
    OSError
        When the file cannot be opened.
    TypeError
        When the source is none of these.

    Examples
    --------
    >>> feedback = read_feedback(
    ...     [
    ...         {"a": "ana", "b": "bo", "by": "ana", "date": "2026-03-02", "fit": "very good"},
    ...         {"a": "ana", "b": "bo", "by": "bo", "date": "2026-03-02", "fit": 3, "met": "yes"},
    ...     ],
    ...     values={"fit": {"very good": 5}},
    ... )
    >>> feedback.fit
    array([5., 3.])
    >>> read_feedback([{"a": "ana", "b": "bo", "by": "cy", "date": "2026-03-02", "fit": 7}])
    Traceback (most recent call last):
        ...
    mentormatch.errors.ProfileErrors: 2 faults in the feedback:
      row 1: cy: by is 'cy'; allowed: one of the pair, 'ana' or 'bo'
      row 1: cy: fit is '7'; allowed: a number from 1 to 5, the scale of this feedback (fit=...)
    """
    low, high = fit
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ProgramError(
            f"the scale of fit is {fit!r}; give its worst and its best number, such as fit=(1, 5)"
        )
    scale = float(low), float(high)
    told = declared(reading, columns=columns, values=values)
    try:
        table = _table(source, told)
    except ProfileErrors as error:
        raise ProfileErrors(map(_of_answers, error.faults), ABOUT) from None
    if table is None:
        nothing = Table((*NEEDED, *SAID), dict.fromkeys((*NEEDED, *SAID), ()), ())
        return _answers(nothing, Reading(), scale)
    return _answers(table, told, scale)


def _table(source: Any, reading: Reading) -> Table | None:
    """Return what is to be read as a table, or `None` where there is nothing in it."""
    if isinstance(source, str | os.PathLike):
        return file_table(source, reading)
    if hasattr(source, "columns") or hasattr(source, "column_names"):
        return frame_table(source) if len(source) else None
    records = list(source)
    return table_of(records) if records else None


def _of_answers(fault: Fault) -> Fault:
    """Return a fault of a file as a whole in the words of feedback."""
    allowed = fault.allowed.replace("person", "answer").replace("people", "answers")
    if fault.field == "content":
        return replace(fault, value=fault.value.replace("people", "answers"), allowed=allowed)
    return fault


def _answers(table: Table, reading: Reading, scale: tuple[float, float]) -> Feedback:
    faults = list(table.faults)
    cells = _columns(table, reading, faults)
    rows = [_Row(line, faults) for line in table.lines]
    ids: dict[str, list[str]] = {
        field: [row.id(field, cell) for row, cell in zip(rows, cells[field], strict=True)]
        for field in ("a", "b", "by")
    }
    for row, *said in zip(rows, ids["a"], ids["b"], ids["by"], strict=True):
        row.about(*said)
    kinds = _kinds(scale, reading.signs)
    found: dict[str, list[Any]] = {
        field: [
            row.value(field, cell, read, allowed)
            for row, cell in zip(rows, cells[field], strict=True)
        ]
        for field, (read, allowed) in kinds.items()
    }
    dates = np.array([found["date"]], dtype="datetime64[D]")[0]
    faults += _repeated(table.lines, ids, found["date"])
    if faults:
        raise ProfileErrors(hide_fields(faults, HIDDEN), ABOUT)
    numbers = {
        field: np.array([np.nan if one is None else float(one) for one in found[field]])
        for field in ("met", "hours", "fit", "go_on")
    }
    return Feedback(
        a=tuple(ids["a"]),
        b=tuple(ids["b"]),
        by=tuple(ids["by"]),
        dates=dates,
        wishes_met=tuple(found["wishes_met"]),
        fit_scale=scale,
        lines=tuple(table.lines),
        **numbers,
    )


class _Row:
    """Reads the cells of one answer, and gathers what is wrong with them."""

    __slots__ = ("faults", "line", "person")

    def __init__(self, line: int, faults: list[Fault]) -> None:
        self.line = line
        self.faults = faults
        self.person: str | None = None

    def id(self, field: str, cell: object) -> str:
        found = id_text(cell)
        if found is None:
            self.fault(field, cell, "the id of a person: a text or a whole number, not blank")
        return found or ""

    def about(self, a: str, b: str, by: str) -> None:
        self.person = by or None
        if a and a == b:
            self.fault("b", b, "the other person of the pair")
        elif by and a and b and by not in (a, b):
            self.fault("by", by, f"one of the pair, {a!r} or {b!r}")

    def value(self, field: str, cell: object, read: Read, allowed: str) -> Any:
        if is_blank(cell):
            if field in NEEDED:
                self.fault(field, "", allowed)
            return None
        found = read(cell)
        if found is None:
            self.fault(field, cell, allowed)
        return found

    def fault(self, field: str, cell: object, allowed: str) -> None:
        shown = "" if is_blank(cell) else written(cell)
        self.faults.append(Fault(self.line, self.person, field, shown, allowed))


def _columns(table: Table, reading: Reading, faults: list[Fault]) -> dict[str, Sequence[object]]:
    """Return the cells of each field, blank where there is no such column."""
    told = reading.columns
    for field in told.keys() - {*NEEDED, *SAID}:
        known = ", ".join((*NEEDED, *SAID))
        faults.append(Fault(table.header_line, None, "columns", field, f"one of {known}"))
    spelt = set(map(spelt_as_field, table.headings))
    asked = [field for field in (*NEEDED, *SAID) if field in {*NEEDED, *told, *spelt}]
    headings = {field: heading_of(table, field, told, faults) for field in asked}
    fields = {field: heading for field, heading in headings.items() if heading is not None}
    if len(fields) < len(asked):
        raise ProfileErrors(faults, ABOUT)  # rows would be at fault only for what is not found
    standing = Replacements(
        reading.values, Headings(fields, (), ()), table.header_line, hidden=HIDDEN
    )
    faults += standing.faults
    nothing: list[object] = [None] * len(table)
    cells = {
        field: standing.column(field, table.cells[fields[field]]) if field in fields else nothing
        for field in (*NEEDED, *SAID)
    }
    standing.warn_of_unused()
    return cells


def _kinds(scale: tuple[float, float], signs: Signs = SIGNS) -> dict[str, tuple[Read, str]]:
    """Return how each field but the ids is read, and what may stand there."""
    low, high = scale
    yes_no: tuple[Read, str] = lambda cell: as_kind(cell, "yes/no", signs), ALLOWED["yes/no"]

    def within(least: float, most: float) -> Read:
        def read(cell: object) -> float | None:
            number = finite(cell)
            return number if number is not None and least <= number <= most else None

        return read

    return {
        "date": (_date, "a date as in 2026-03-02 (ISO 8601)"),
        "met": yes_no,
        "hours": (within(0.0, float("inf")), "a number of hours, 0 or more"),
        "fit": (
            within(low, high),
            f"a number from {low:g} to {high:g}, the scale of this feedback (fit=...)",
        ),
        "wishes_met": (
            lambda cell: as_kind(cell, "list", signs),
            "the names of skills, or an empty list for none",
        ),
        "go_on": yes_no,
    }


def _date(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return datetime.fromisoformat(cell.strip()).date() if isinstance(cell, str) else None
    except ValueError:
        return None


def _repeated(
    lines: Sequence[int], ids: Mapping[str, Sequence[str]], dates: Sequence[date | None]
) -> list[Fault]:
    """Say which answers somebody has given already, about the same pair on the same day."""
    first: dict[tuple[str, str, str, date], int] = {}
    faults = []
    for line, a, b, by, day in zip(lines, ids["a"], ids["b"], ids["by"], dates, strict=True):
        if not (a and b and by) or day is None:
            continue
        before = first.setdefault((a, b, by, day), line)
        if before != line:
            allowed = (
                f"one answer a day about a pair; row {before} has one already, keep one of them"
            )
            faults.append(Fault(line, by, "date", day.isoformat(), allowed))
    return faults
