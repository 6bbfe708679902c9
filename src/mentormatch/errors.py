"""Everything that can go wrong, as one tree of exceptions that carry their causes as data.

None of these derives from `ValueError`, so that pydantic passes them on as they are when one is
raised while a program is being validated.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = [
    "Fault",
    "InfeasibleError",
    "MentormatchError",
    "MissingExtraError",
    "ProfileErrors",
    "ProfileWarning",
    "ProgramError",
    "RecordError",
    "listed",
    "nearest",
]

#: How many faults or people a text lists before it counts the rest.
SHOWN = 20


class MentormatchError(Exception):
    """The root of every error that mentormatch raises on purpose.

    Examples
    --------
    >>> import mentormatch as mm
    >>> try:
    ...     mm.match(mm.read_records([{"id": "ana", "capacity": 0}]), mm.Program())
    ... except mm.MentormatchError as error:
    ...     print(type(error).__name__)
    ProgramError
    """


class ProgramError(MentormatchError):
    """The program asks for something that these people, or this version, cannot give.

    Examples
    --------
    >>> import mentormatch as mm
    >>> mm.Sides(by="rank")
    Traceback (most recent call last):
    ...
    mentormatch.errors.ProgramError: sides by 'rank' need exactly one of a=[values], \
at_least=number and at_most=number; got none
    """


class InfeasibleError(MentormatchError):
    """What the program requires contradicts itself: no matching can satisfy it.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records([{"id": "ana", "rank": 6}, {"id": "bo"}, {"id": "cy", "rank": 1}])
    >>> program = mm.Program(
    ...     format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)),
    ...     rules=[mm.Require([("ana", "bo")])],
    ... )
    >>> mm.match(people, program)
    Traceback (most recent call last):
    ...
    mentormatch.errors.InfeasibleError: required pair 'ana' and 'bo' cannot be made: both must \
take part, on opposite sides, and be open to the pair; take it out of 'require'
    """


class RecordError(MentormatchError):
    """A stored run cannot be read, or does not belong to these people or this program.

    Examples
    --------
    >>> import mentormatch as mm
    >>> try:
    ...     mm.Matching.from_json("{}")
    ... except mm.RecordError as error:
    ...     print(str(error)[:48])
    not a whole record of the kind 'mentormatch.run'
    """


class MissingExtraError(MentormatchError):
    """A library is missing that only some uses need; the text says what to install.

    Examples
    --------
    >>> raise MissingExtraError("data frames need narwhals")
    Traceback (most recent call last):
    ...
    mentormatch.errors.MissingExtraError: data frames need narwhals
    """


class ProfileWarning(UserWarning):
    """Something in the profiles was read in a way that the caller may not have meant.

    Examples
    --------
    >>> import warnings
    >>> import mentormatch as mm
    >>> with warnings.catch_warnings(record=True) as noted:
    ...     warnings.simplefilter("always", mm.ProfileWarning)
    ...     people = mm.read_records([{"id": "ana", "knows": "sql", "wants": "sql"}])
    >>> noted[0].category.__name__
    'ProfileWarning'
    """


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one person's profile.

    Parameters
    ----------
    row
        Line in the file, the header being 1; in a list of records the position, from 1. `None`
        when the fault belongs to the whole file.
    person
        Id of the person, as far as it is known.
    field
        What is wrong; `"confidential"` for what must not be named.
    value
        What stands there; `"(hidden)"` for what must not be shown.
    allowed
        What may stand there, in words: the remedy.
    file
        Name of the file, where people are read from several.

    Examples
    --------
    >>> print(Fault(row=3, person="ana", field="rank", value="boss", allowed="a number"))
    row 3: ana: rank is 'boss'; allowed: a number
    """

    row: int | None
    person: str | None
    field: str
    value: str
    allowed: str
    file: str | None = None

    def __str__(self) -> str:
        where = self.file or "the file"
        if self.row is not None:
            where = f"{self.file} row {self.row}" if self.file else f"row {self.row}"
        who = f" {_encodable(self.person)}:" if self.person else ""
        return f"{_encodable(where)}:{who} {self.complaint}"

    @property
    def complaint(self) -> str:
        """What is wrong and the remedy, without row and person.

        For a system that keeps people in tables, where a row's number tells nobody anything.

        Examples
        --------
        >>> Fault(row=3, person="ana", field="rank", value="boss", allowed="a number").complaint
        "rank is 'boss'; allowed: a number"
        """
        shown = self.value if self.value == "(hidden)" else repr(_shortened(self.value))
        return _encodable(f"{self.field} is {shown}; allowed: {self.allowed}")


class ProfileErrors(MentormatchError):
    """Every fault that was found in the people's profiles, reported at once.

    Parameters
    ----------
    faults
        What is wrong.
    about
        In what, where it is something else that people filled in.

    Attributes
    ----------
    faults : tuple of Fault
        All of them, in the order of their rows; the text shows the first twenty.

    Examples
    --------
    >>> error = ProfileErrors([Fault(3, "ana", "rank", "boss", "a number")])
    >>> print(error)
    1 fault in the profiles:
      row 3: ana: rank is 'boss'; allowed: a number
    """

    def __init__(self, faults: Iterable[Fault], about: str = "the profiles") -> None:
        self.about = about
        self.faults: tuple[Fault, ...] = tuple(sorted(faults, key=lambda fault: fault.row or 0))
        count = len(self.faults)
        lines = [f"{count} fault{'s' * (count != 1)} in {about}:"]
        lines += [f"  {fault}" for fault in self.faults[:SHOWN]]
        if count > SHOWN:
            lines.append(f"  ... and {count - SHOWN} more (all in .faults)")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type["ProfileErrors"], tuple[tuple[Fault, ...], str]]:
        return type(self), (self.faults, self.about)  # so that it crosses process boundaries whole


def listed(names: Iterable[str], most: int = SHOWN) -> str:
    """Join names for a sentence: the first `most`, then how many more.

    Examples
    --------
    >>> listed(["ana", "bo", "cy"], most=2)
    'ana, bo and 1 more'
    """
    known = list(names)
    shown = ", ".join(known[:most])
    return shown if len(known) <= most else f"{shown} and {len(known) - most} more"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the remedy for an unknown word: the likeliest one meant, then all that are known.

    Examples
    --------
    >>> nearest("departement", ["department", "rank"])
    "did you mean 'department'? Known: department, rank"
    """
    words = [str(item) for item in known]
    folded = {item.casefold(): item for item in reversed(words)}
    close = get_close_matches(word.casefold(), folded, n=1)
    guess = f"did you mean {folded[close[0]]!r}? " if close else ""
    return f"{guess}Known: {listed(words) or 'none'}"


def _encodable(text: str) -> str:
    # Halves of characters would stop a screen or a file from showing any of it.
    return text.encode(errors="backslashreplace").decode()


def _shortened(text: str, most: int = 80) -> str:
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"
