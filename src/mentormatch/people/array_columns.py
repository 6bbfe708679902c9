"""Single columns of arrays, each read at once: what is wrong is collected, person by person."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic_core import PydanticCustomError

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.people.cells import (
    DIGITS,
    finite,
    id_text,
    is_blank,
    is_endless,
    is_whole,
    plain_text,
    written,
)
from mentormatch.people.columns import UNSAID, Column
from mentormatch.people.confidential import HIDDEN
from mentormatch.people.participant import (
    AT_MOST_CAPACITY,
    MOST_PARTNERS,
    attribute_value,
)
from mentormatch.people.wishes import WISHES, are_muddled, named_people

__all__ = ["ColumnReader"]

_WHOLE = "text without broken characters (half of a surrogate pair)"
_TEXTS = {str, type(None)}
_NUMBERS = {int, float, type(None)}
Texts = tuple[str | None, ...]


class ColumnReader:
    """Reads the columns of n people one by one, and keeps every fault until the end.

    Columns of one plain type, as arrays and data frames give them, are read without a step per
    person where NumPy or Python can do that.

    Parameters
    ----------
    ids
        Id of each person; blank and broken ones are faults.
    hidden
        Further attributes whose values no fault shows.

    Attributes
    ----------
    known : tuple of str
        The ids as text, empty where they are at fault.

    Examples
    --------
    >>> reader = ColumnReader(["ana", 7])
    >>> reader.known, reader.texts("department", [12.0, None])
    (('ana', '7'), ('12', None))
    """

    def __init__(self, ids: Iterable[object], hidden: Collection[str] = ()) -> None:
        self._hidden = {*HIDDEN, *hidden}
        given = _plain(ids)
        self._faults: list[tuple[int, str, str, str]] = []
        self.known: tuple[str, ...] = ()
        allowed = "a text or a whole number, not blank"
        people = self._converted("id", given, id_text, allowed)
        for row, cell in enumerate(given):
            if people[row] is None and is_blank(cell):
                self.refuse(row, "id", "", allowed)
        self.known = tuple(person or "" for person in people)

    def refuse(self, row: int, field: str, value: object, allowed: str) -> None:
        """Note a fault.

        Parameters
        ----------
        row
            Row of the person.
        field, value, allowed
            As in `Fault`.

        Examples
        --------
        >>> ColumnReader(["ana"]).refuse(0, "rank", "boss", "a number")
        """
        if is_endless(value):
            allowed = f"a number of at most {DIGITS} digits"
        shown = "(hidden)" if field in self._hidden else written(value)
        self._faults.append((row, field, shown, allowed))

    def raise_faults(self) -> None:
        """End the reading.

        Raises
        ------
        ProfileErrors
            With every fault, when there is any.

        Examples
        --------
        >>> ColumnReader(["ana"]).raise_faults()
        """
        if self._faults:
            raise ProfileErrors(
                Fault(row + 1, self.known[row] or None, field, value, allowed)
                for row, field, value, allowed in self._faults
            )

    def texts(self, field: str, values: Iterable[object] | None) -> Texts:
        """Read a column of text; whole numbers become text.

        Parameters
        ----------
        field
            Its name.
        values
            One per person; `None` for a column that is not given.

        Returns
        -------
        tuple of (str or None)
            `None` for blank.

        Raises
        ------
        ValueError
            When there is not one value per person; so do the other columns.

        Examples
        --------
        >>> ColumnReader(["ana", "bo"]).texts("location", [" Oslo ", ""])
        ('Oslo', None)
        """
        return self._converted(field, self._cells(field, values), plain_text, "a text")

    def managers(self, values: Iterable[object] | None) -> Texts:
        """Read the column of managers' ids.

        Parameters
        ----------
        values
            One per person; `None` for a column that is not given.

        Returns
        -------
        tuple of (str or None)
            `None` for blank.

        Examples
        --------
        >>> ColumnReader(["ana", "bo"]).managers([7.0, None])
        ('7', None)
        """
        cells = self._cells("manager_id", values)
        return self._converted("manager_id", cells, id_text, "the id of their manager, or blank")

    def numbers(
        self,
        field: str,
        values: Iterable[object] | None,
        least: float = -np.inf,
        most: float = np.inf,
    ) -> NDArray[np.float64]:
        """Read a column of finite numbers.

        Parameters
        ----------
        field
            Its name.
        values
            One per person; `None` for a column that is not given.
        least, most
            What is accepted.

        Returns
        -------
        ndarray of float64, shape (n,)
            NaN for blank.

        Examples
        --------
        >>> ColumnReader(["ana", "bo"]).numbers("rank", ["3", None])
        array([ 3., nan])
        """
        cells = self._cells(field, values)
        numbers = _as_numbers(cells)
        allowed = "a number" if np.isinf(most) else f"a number from {least:g} to {most:g}"
        wrong = (numbers < least) | (numbers > most) | np.isinf(numbers)
        self._refuse_all(field, wrong, cells, allowed)
        return numbers

    def partners(
        self, capacity: Iterable[object] | None, at_least: Iterable[object] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Read the columns of how many partners people can have and must have.

        Parameters
        ----------
        capacity, at_least
            One per person; `None` for a column that is not given.

        Returns
        -------
        most, least : ndarray of int64, shape (n,)
            As in `Columns`, -1 for blank.

        Examples
        --------
        >>> ColumnReader(["ana", "bo"]).partners([2, None], None)
        (array([ 2, -1]), array([-1, -1]))
        """
        most = self._wholes("capacity", capacity, "1")
        least = self._wholes("at_least", at_least, "none")
        for row in np.flatnonzero((most > 0) & (least > most)).tolist():
            self.refuse(row, "at_least", int(least[row]), AT_MOST_CAPACITY)
        return most, least

    def _wholes(self, field: str, values: Iterable[object] | None, blank: str) -> NDArray[np.int64]:
        """Read numbers of partners; what is blank, or at fault, is unsaid."""
        cells = self._cells(field, values)
        numbers = _as_numbers(cells)
        right = (numbers >= 0) & (numbers <= MOST_PARTNERS) & (numbers == np.floor(numbers))
        allowed = f"a whole number from 0 to {MOST_PARTNERS:,}; blank for {blank}"
        self._refuse_all(field, ~(right | np.isnan(numbers)), cells, allowed)
        return np.where(right, numbers, UNSAID).astype(np.int64)

    def wishes(
        self, values: Iterable[object] | None, declines: Sequence[tuple[str, ...]]
    ) -> tuple[tuple[str, ...], ...]:
        """Read the column of wishes about people.

        Parameters
        ----------
        values
            One list of ids per person, the most wished first; `None` for a column that is not
            given.
        declines
            Ids that each person declines.

        Returns
        -------
        tuple of tuple of str

        Examples
        --------
        >>> ColumnReader(["ana", 7]).wishes([[7.0], None], [(), ()])
        (('7',), ())
        """
        lists = []
        for row, cell in enumerate(self._cells("prefers", values)):
            named = named_people(cell)
            if named is None or (named and are_muddled(self.known[row], named, declines[row])):
                self.refuse(row, "prefers", cell, WISHES)
            lists.append(named or ())
        return tuple(lists)

    def lists(self, field: str, values: Iterable[object] | None) -> tuple[tuple[str, ...], ...]:
        """Read a column of lists of text; blank is an empty list.

        Parameters
        ----------
        field
            Its name.
        values
            One list per person; `None` for a column that is not given.

        Returns
        -------
        tuple of tuple of str

        Examples
        --------
        >>> ColumnReader(["ana", "bo"]).lists("languages", [["English", " "], None])
        (('English',), ())
        """
        read: dict[tuple[object, ...], tuple[str, ...] | None] = {}  # most lists occur many times
        lists = []
        for row, cell in enumerate(self._cells(field, values)):
            words: tuple[str, ...] | None = ()
            if isinstance(cell, list | tuple):
                same = tuple(cell)
                try:
                    words = read[same] if same in read else read.setdefault(same, _words(same))
                except TypeError:  # something in it cannot be looked up, so it is no text
                    words = None
            elif not is_blank(cell):
                words = None
            if words is None:
                self.refuse(row, field, cell, "a list of texts, without broken characters")
            lists.append(words or ())
        return tuple(lists)

    def attribute(self, name: str, values: Iterable[object]) -> Column:
        """Read a further column, as `Participant` accepts attributes.

        Parameters
        ----------
        name
            Its name.
        values
            One per person.

        Returns
        -------
        ndarray or tuple
            An array, with NaN for blank, when the values are an array of numbers; otherwise a
            tuple, with `None` for blank.

        Examples
        --------
        >>> ColumnReader(["ana", "bo"]).attribute("site", [" Oslo ", ""])
        ('Oslo', None)
        """
        if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
            cells = self._cells(name, values)
            self._refuse_all(name, np.isinf(values), cells, "a finite number")
            return (
                values.astype(np.float64) if values.dtype.kind == "f" else values.astype(np.int64)
            )
        cells = self._cells(name, values)
        if set(map(type, cells)) <= _TEXTS:
            return self._converted(name, cells, plain_text, "a text")
        kept: list[object] = []
        for row, cell in enumerate(cells):
            value = cell.item() if isinstance(cell, np.generic) else cell
            kept.append(None)
            if not is_blank(value):
                try:
                    kept[row] = attribute_value(value)
                except PydanticCustomError as error:
                    self.refuse(row, name, cell, error.message())
        return tuple(kept)

    def _cells(self, field: str, values: Iterable[object] | None) -> list[object]:
        """Return the values, of which there must be one per person."""
        count = len(self.known)
        if values is None:
            return [None] * count
        found = _plain(values)
        if len(found) != count:
            raise ValueError(
                f"{field} has {len(found)} values for {count} people; give one for each"
            )
        return found

    def _converted(
        self,
        field: str,
        cells: Sequence[object],
        read: Callable[[object], str | None],
        allowed: str,
    ) -> Texts:
        """Return cells as whole texts, `None` for blank ones and for those at fault."""
        texts = [read(cell) or None for cell in cells]
        if not set(map(type, cells)) <= _TEXTS:
            for row, cell in enumerate(cells):
                if texts[row] is None and not is_blank(cell):
                    self.refuse(row, field, cell, allowed)
        if not is_whole("".join(filter(None, texts))):  # all at once, as hardly any text is not
            for row, text in enumerate(texts):
                if text is not None and not is_whole(text):
                    self.refuse(row, field, text, _WHOLE)
                    texts[row] = None
        return tuple(texts)

    def _refuse_all(
        self, field: str, wrong: ArrayLike, cells: Sequence[object], allowed: str
    ) -> None:
        for row in np.flatnonzero(wrong).tolist():
            self.refuse(row, field, cells[row], allowed)


def _plain(values: Any) -> list[object]:
    """Return Python's own values, whatever holds them."""
    return list(values.tolist() if isinstance(values, np.ndarray) else values)


def _as_numbers(cells: list[object]) -> NDArray[np.float64]:
    """Return cells as numbers: NaN for blank, infinity for what is no finite number."""
    if set(map(type, cells)) <= _NUMBERS:
        try:
            return np.array(cells, dtype=np.float64)  # NumPy makes NaN of None
        except OverflowError:  # a whole number beyond all floats
            pass
    plain = (cell.item() if isinstance(cell, np.generic) else cell for cell in cells)
    numbers = (np.nan if is_blank(cell) else finite(cell) for cell in plain)
    return np.array([np.inf if number is None else number for number in numbers])


def _words(cell: tuple[object, ...]) -> tuple[str, ...] | None:
    """Return a list's texts without blank ones; `None` when it holds anything else."""
    words = [word.strip() for word in cell if isinstance(word, str)]
    if len(words) < len(cell) or not is_whole("".join(words)):
        return None
    return tuple(word for word in words if word)
