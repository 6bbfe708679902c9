"""Columns of any kind, read as a rule needs them: as numbers, as categories or as lists."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.people.cells import finite, is_blank
from mentormatch.people.levels import split_list
from mentormatch.skills.vocabulary import Vocabulary, key

Column = Sequence[object] | NDArray[np.float64] | NDArray[np.int64]

#: What anyone measures is far below, and differences of two such numbers are still finite.
_MOST = 1e300

__all__ = ["as_categories", "as_lists", "as_numbers", "holds_lists"]


def holds_lists(column: Column) -> bool:
    """Tell whether a column's values are lists rather than single values.

    Parameters
    ----------
    column
        The column.

    Returns
    -------
    bool

    Examples
    --------
    >>> holds_lists([("English", "Polish"), None]), holds_lists(["English; Polish"])
    (True, False)
    """
    return not isinstance(column, np.ndarray) and any(isinstance(cell, tuple) for cell in column)


def as_numbers(
    column: Column,
    field: str,
    ids: Sequence[str],
    lines: Sequence[int] | NDArray[np.int64],
    remedy: bool = False,
) -> NDArray[np.float64]:
    """Read a column as numbers.

    Parameters
    ----------
    column
        Single values, one per person.
    field
        Its name, for the faults.
    ids, lines
        Id and line of each person, for the faults.
    remedy
        Whether the people came from a reader: the first fault of a text then says how to read
        that text as a number.

    Returns
    -------
    ndarray of float64, shape (people,)
        NaN where the value is blank.

    Raises
    ------
    ProfileErrors
        Listing every value that is no finite number, or too large to compare.

    Examples
    --------
    >>> as_numbers(["3", None, 4.5], "years", ["ana", "bo", "cy"], [2, 3, 4])
    array([3. , nan, 4.5])
    """
    faults: list[Fault] = []
    if isinstance(column, np.ndarray):
        numbers, column = column.astype(np.float64), ()
    else:
        numbers = np.full(len(column), np.nan)
    for row, cell in enumerate(column):
        if is_blank(cell):
            continue
        number = finite(cell)
        if number is None:
            allowed = "a number"
            if remedy and isinstance(cell, str):
                allowed, remedy = f"a number; {_said_as(field, cell)}", False
            faults.append(Fault(int(lines[row]), ids[row], field, str(cell), allowed))
        else:
            numbers[row] = number
    for row in np.flatnonzero(np.abs(numbers) > _MOST).tolist():
        allowed = f"a number from {-_MOST:g} to {_MOST:g}"
        faults.append(Fault(int(lines[row]), ids[row], field, f"{numbers[row]:g}", allowed))
    if faults:
        raise ProfileErrors(faults)
    return numbers


def as_categories(
    column: Column,
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Read a column as categories, compared like skills: case and spaces do not count.

    Parameters
    ----------
    column
        Single values, one per person.

    Returns
    -------
    codes : ndarray of int64, shape (people,)
        Index into the labels, -1 where the value is blank.
    labels : tuple of str
        Each category in its most frequent spelling, sorted.

    Examples
    --------
    >>> as_categories(["Sales", "IT", " sales", "Sales", None])
    (array([ 1,  0,  1,  1, -1]), ('IT', 'Sales'))
    """
    values = column.tolist() if isinstance(column, np.ndarray) else column
    texts = [None if is_blank(cell) else _text(cell) for cell in values]
    known = Vocabulary.of(text for text in texts if text is not None)
    code: dict[str | None, int] = {None: -1}
    for text in texts:
        if text not in code:
            code[text] = known.index(str(text))
    return np.fromiter((code[text] for text in texts), np.int64, len(texts)), known.labels


def as_lists(column: Column) -> tuple["csr_array[np.int32]", tuple[str, ...]]:
    """Read a column as lists: real ones, or text with semicolons.

    Parameters
    ----------
    column
        One list, text or blank per person.

    Returns
    -------
    entries : csr_array of int32, shape (people, distinct values)
        1 where the person's list has the value.
    labels : tuple of str
        Each value in one of its spellings, in the order of the columns.

    Examples
    --------
    >>> entries, labels = as_lists(["English; polish", ("Polish",), None])
    >>> labels
    ('English', 'Polish')
    >>> entries.toarray()
    array([[1, 1],
           [0, 1],
           [0, 0]], dtype=int32)
    """
    values = column.tolist() if isinstance(column, np.ndarray) else column
    cells = [(type(cell), cell) for cell in values]  # 1 and True are equal, but not the same text
    words = {cell: [word for word in _list(cell[1]) if key(word)] for cell in set(cells)}
    known = Vocabulary.of(word for found in words.values() for word in found)
    codes = {cell: sorted({known.index(word) for word in found}) for cell, found in words.items()}
    ends = np.cumsum([0, *(len(codes[cell]) for cell in cells)])
    columns = np.array([code for cell in cells for code in codes[cell]], dtype=np.int64)
    ones = np.ones(len(columns), dtype=np.int32)
    return csr_array((ones, columns, ends), shape=(len(cells), len(known))), known.labels


def _said_as(field: str, text: str) -> str:
    """Say how to have texts read as numbers, by example unless that is long."""
    example = repr(text) if len(text) <= 40 else "..."
    return f"or say what a text stands for: values={{{field!r}: {{{example}: ...}}}}"


def _text(cell: object) -> str:
    """Write a value so that 3, 3.0 and "3" are the same category."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _list(cell: object) -> tuple[str, ...]:
    if is_blank(cell):
        return ()
    return cell if isinstance(cell, tuple) else split_list(_text(cell))
