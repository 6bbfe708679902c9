"""What a function that declares what it reads is given of the people."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from mentormatch.errors import ProgramError, listed
from mentormatch.people import Cohort

__all__ = ["DeclaredPeople"]

#: What reads an attribute of a cohort, by its name.
READING = ("numbers", "categories", "lists", "is_list")
#: What anybody may know: who is who, and what they teach and want.
OPEN = ("ids", "skills", "teaches", "knows", "wants")


class DeclaredPeople:
    """A cohort of which some attributes can be read, and no others.

    It has `ids`, `skills`, `teaches`, `knows` and `wants` of the cohort, and of the attributes that
    are declared `numbers`, `categories`, `lists` and `is_list`; `fields` are these attributes.

    Parameters
    ----------
    people
        The cohort.
    reads
        The attributes.
    who
        Who declared them, for errors.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana", "desk": 3, "rank": 7}])
    >>> DeclaredPeople(people, ["desk"], "rule 'where near'").numbers("desk")
    array([3.])
    """

    __slots__ = ("_people", "_who", "fields")

    def __init__(self, people: Cohort, reads: Sequence[str], who: str) -> None:
        self._people, self._who, self.fields = people, who, tuple(reads)

    def __len__(self) -> int:
        return len(self._people)

    def __getattr__(self, name: str) -> Any:
        if name in OPEN:
            return getattr(self._people, name)
        if name in READING:
            return partial(self._read, name)
        if name.startswith("_"):  # what Python itself asks about
            raise AttributeError(name)
        raise ProgramError(
            f"{self._who} asks for {name!r} of the people; a function that declares what it reads "
            f"has {listed((*OPEN, *READING))}, and no more"
        )

    def _read(self, how: str, field: str) -> Any:
        if field not in self.fields:
            raise ProgramError(
                f"{self._who} reads {field!r}, which it does not declare; it declares reads="
                f"{self.fields!r}"
            )
        return getattr(self._people, how)(field)
