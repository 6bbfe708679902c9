"""Who has which of some values that a program names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.errors import ProgramError, nearest
from mentormatch.people.cohort import Cohort
from mentormatch.skills.vocabulary import key

__all__ = ["NamedValues"]


@dataclass(frozen=True, eq=False, slots=True)
class NamedValues:
    """A field of a cohort, to be compared with values that somebody wrote down.

    Made by `NamedValues.of`.

    Attributes
    ----------
    entries : csr_array of int32, shape (people, labels)
        Who has which values: several where the field is a list, else at most one.
    labels : tuple of str
        The values there are, in one spelling.
    """

    entries: "csr_array[np.int32]"
    labels: tuple[str, ...]

    @classmethod
    def of(cls, people: Cohort, field: str, named: Iterable[object]) -> "NamedValues":
        """Read a field.

        Text is a list where some of it has semicolons, as "mentor; mentee" has, unless a value
        with one is named.

        Parameters
        ----------
        people
            The cohort.
        field
            One of its fields.
        named
            The values that are written down.

        Examples
        --------
        >>> from mentormatch import read_records
        >>> people = read_records([{"id": "ana", "team": "Red; Blue"}, {"id": "bo", "team": "red"}])
        >>> values = NamedValues.of(people, "team", ["red"])
        >>> values.labels, values.who_has(values.codes(["RED"]))
        (('Blue', 'Red'), array([ True,  True]))
        """
        if not people.is_list(field):
            codes, labels = people.categories(field)
            has_lists = any(";" in label for label in labels)
            if not has_lists or any(";" in str(value) for value in named):
                known = codes >= 0
                ends = np.concatenate(([0], np.cumsum(known)))
                ones = np.ones(ends[-1], dtype=np.int32)
                shape = len(codes), len(labels)
                return cls(csr_array((ones, codes[known], ends), shape=shape), labels)
        return cls(*people.lists(field))

    def codes(self, values: Sequence[object]) -> list[int]:
        """Return the columns of values; 5.0 is 5, but "0100" is not 100.

        Parameters
        ----------
        values
            As they are written down.

        Raises
        ------
        ProgramError
            Naming every value that nobody has.
        """
        code_of = {key(label): code for code, label in enumerate(self.labels)}
        unknown = [str(value) for value in values if _spelled(value) not in code_of]
        if unknown:
            raise ProgramError(
                "\n".join(
                    f"nobody has the value {value!r}; {nearest(value, self.labels)}"
                    for value in unknown
                )
            )
        return [code_of[_spelled(value)] for value in values]

    def who_has(self, codes: list[int]) -> NDArray[np.bool_]:
        """Return for each person whether they have any of some values, given by column."""
        wanted = np.zeros(len(self.labels), dtype=np.int32)
        wanted[codes] = 1
        return np.asarray(self.entries @ wanted) > 0


def _spelled(value: object) -> str:
    """Return a value as the cohort's categories compare it."""
    return key(str(int(value) if isinstance(value, float) and value.is_integer() else value))
