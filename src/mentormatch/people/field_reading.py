"""The part of a cohort that reads a column as a rule needs it."""

from collections.abc import Callable
from itertools import chain
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.errors import ProfileErrors, ProgramError, nearest
from mentormatch.people.audit_only import refusal
from mentormatch.people.columns import Column, Columns, sealed
from mentormatch.people.confidential import hide_people
from mentormatch.people.fields import as_categories, as_lists, as_numbers, holds_lists
from mentormatch.people.summary import Account

__all__ = ["FieldReading"]

Known = TypeVar("Known")


class FieldReading:
    """Reads any field of a cohort as numbers, as categories or as lists; see `Cohort`."""

    __slots__ = ()

    _columns: Columns
    _account: Account | None
    _known: dict[tuple[str, str], Any]

    @property
    def fields(self) -> tuple[str, ...]:
        """Names that a rule may read: fields of every profile, then the attributes.

        Those that are for the audit alone are not among them.
        """
        return tuple(name for name in self._columns.values if name not in self.audit_only)

    @property
    def audit_only(self) -> frozenset[str]:
        """Attributes that an audit alone reads: no rule, side, preference or score can."""
        return self._columns.audit_only

    def numbers(self, field: str) -> NDArray[np.float64]:
        """Read a field as numbers.

        Parameters
        ----------
        field
            One of `fields`.

        Returns
        -------
        ndarray of float64, shape (n,)
            NaN where the value is blank.

        Raises
        ------
        ProfileErrors
            Listing every value that is no finite number, or is beyond 1e300 either way.
        ProgramError
            When there is no such field, it is for the audit alone, or its values are lists.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = [Participant(id="ana", years="7"), Participant(id="bo")]
        >>> Cohort.from_participants(people).numbers("years")
        array([ 7., nan])
        """
        column = self._column(field)
        _refuse_lists(field, column)

        def read() -> NDArray[np.float64]:
            columns, from_file = self._columns, self._account is not None
            try:
                numbers = as_numbers(column, field, columns.ids, columns.lines, from_file)
            except ProfileErrors as error:
                if not any(columns.declines) and not any(columns.prefers):
                    raise
                named = {*columns.ids, *chain.from_iterable(columns.prefers)}
                faults = hide_people(error.faults, named)
            else:
                numbers.setflags(write=False)
                return numbers
            # Outside of the handling, so that no context leads back to the values.
            raise ProfileErrors(faults)

        return self._remember("numbers", field, read)

    def categories(self, field: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        """Read a field as categories; case and spaces do not count.

        Parameters
        ----------
        field
            One of `fields`.

        Returns
        -------
        codes : ndarray of int64, shape (n,)
            Index into the labels, -1 where the value is blank.
        labels : tuple of str
            Each category in its most frequent spelling, sorted.

        Raises
        ------
        ProgramError
            When there is no such field, it is for the audit alone, or its values are lists.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = [Participant(id="ana", department="IT"), Participant(id="bo")]
        >>> Cohort.from_participants(people).categories("department")
        (array([ 0, -1]), ('IT',))
        """
        return self._categories(field, self._column(field))

    def audited(self, attribute: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        """Read a field as categories for an audit: any field, also one that is for it alone.

        Parameters
        ----------
        attribute
            One of `fields` or of `audit_only`.

        Returns
        -------
        codes, labels
            As `categories`.

        Raises
        ------
        ProgramError
            When there is no such field, or its values are lists.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> ana = Participant(id="ana", gender="f")
        >>> Cohort.from_participants([ana], audit_only=["gender"]).audited("gender")
        (array([0]), ('f',))
        """
        known = self._columns.values
        if attribute not in known:
            raise ProgramError(f"no field {attribute!r}; {nearest(attribute, known)}")
        return self._categories(attribute, known[attribute])

    def _categories(self, field: str, column: Column) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        _refuse_lists(field, column)

        def read() -> tuple[NDArray[np.int64], tuple[str, ...]]:
            codes, labels = as_categories(column)
            codes.setflags(write=False)
            return codes, labels

        return self._remember("categories", field, read)

    def lists(self, field: str) -> tuple["csr_array[np.int32]", tuple[str, ...]]:
        """Read a field as lists: real ones, or text with semicolons.

        Parameters
        ----------
        field
            One of `fields`.

        Returns
        -------
        entries : csr_array of int32, shape (n, distinct values)
            1 where a person's list has the value; case and spaces do not count. The row of
            someone whose list is blank is empty.
        labels : tuple of str
            Each value in one of its spellings, in the order of the columns.

        Raises
        ------
        ProgramError
            When there is no such field, or it is for the audit alone.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = [
        ...     Participant(id="ana", clubs="Chess; Choir"),
        ...     Participant(id="bo", clubs="choir"),
        ... ]
        >>> entries, labels = Cohort.from_participants(people).lists("clubs")
        >>> labels
        ('Chess', 'Choir')
        >>> entries.toarray()
        array([[1, 1],
               [0, 1]], dtype=int32)
        """
        column = self._column(field)

        def read() -> tuple["csr_array[np.int32]", tuple[str, ...]]:
            entries, labels = as_lists(column)
            return sealed(entries), labels

        return self._remember("lists", field, read)

    def is_list(self, field: str) -> bool:
        """Tell whether the values of a field are lists, as languages are.

        Parameters
        ----------
        field
            One of `fields`.

        Returns
        -------
        bool
            False for text with semicolons, which may be read either way.

        Raises
        ------
        ProgramError
            When there is no such field, or it is for the audit alone.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> Cohort.from_participants([Participant(id="ana", clubs=["Chess"])]).is_list("clubs")
        True
        """
        return _is_list(field, self._column(field))

    def _column(self, field: str) -> Column:
        if field in self.audit_only:
            raise ProgramError(refusal(field))
        try:
            return self._columns.values[field]
        except KeyError:
            raise ProgramError(f"no field {field!r}; {nearest(field, self.fields)}") from None

    def _remember(self, kind: str, field: str, read: Callable[[], Known]) -> Known:
        if (kind, field) not in self._known:
            self._known[kind, field] = read()
        known: Known = self._known[kind, field]
        return known


def _is_list(field: str, column: Column) -> bool:
    return field == "languages" or holds_lists(column)


def _refuse_lists(field: str, column: Column) -> None:
    if _is_list(field, column):
        raise ProgramError(
            f"the values of {field!r} are lists, which cannot be compared as single values; "
            "a rule can ask what two lists share with Share"
        )
