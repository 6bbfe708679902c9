"""From one record of a file to one profile, with every fault of the record."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from mentormatch.errors import Fault
from mentormatch.people.cells import DIGITS, finite, is_blank, is_endless, is_whole, written
from mentormatch.people.confidential import HIDDEN
from mentormatch.people.kinds import ALLOWED, as_kind
from mentormatch.people.levels import (
    DoubtfulLevelError,
    Signs,
    parse_level,
    split_items,
    split_list,
)
from mentormatch.people.participant import AT_MOST_CAPACITY, MOST_PARTNERS, Participant
from mentormatch.people.reading import Reading
from mentormatch.people.scales import LevelScale
from mentormatch.people.wishes import WISHES

__all__ = ["LevelCount", "ProfileReader", "offset_hours"]

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*(?:(?P<sign>[+-]?)(?P<hours>\d{1,2})(?::(?P<rest>\d{2}))?)?")
_HOURS = "hours from -12 to 14, such as 5.5, +05:30 or UTC+2"
_WHOLE = f"a whole number from 0 to {MOST_PARTNERS:,}"
_PARTNERS = {"capacity": f"{_WHOLE}; blank for 1", "at_least": f"{_WHOLE}; blank for none"}
_ALLOWED = {
    "id": "a text or a whole number, not blank",
    "name": "a text without broken characters",
    "department": "a text without broken characters",
    "manager_id": "the id of their manager, or blank",
    "location": "a text without broken characters",
    "at_least": AT_MOST_CAPACITY,
    "prefers": f"{WISHES}; separated by semicolons",
    "utc_offset": _HOURS,
    "languages": "a list of texts, separated by semicolons",
    "past_partners": "ids of other people, separated by semicolons",
}


@dataclass(slots=True)
class LevelCount:
    """How many skills were listed, and how many of them without a number.

    Parameters
    ----------
    listed
        Skills in all lists.
    bare
        Those without a number.

    Examples
    --------
    >>> reader = ProfileReader(Reading())
    >>> _ = reader.read(2, {"id": "ana", "wants": "sql:4; R"})
    >>> reader.counts["wants"]
    LevelCount(listed=2, bare=1)
    """

    listed: int = 0
    bare: int = 0


@dataclass(frozen=True, slots=True)
class _Record:
    """One record while it is read, and what is wrong with it."""

    line: int
    values: Mapping[str, object]
    faults: list[Fault] = field(default_factory=list)

    @property
    def who(self) -> str | None:
        person = self.values.get("id")
        text = "" if is_blank(person) or is_endless(person) else written(person).strip()
        return text if text and is_whole(text) else None

    def refuse(self, name: str, value: object, allowed: str) -> None:
        if is_endless(value):
            allowed = f"a number of at most {DIGITS} digits"
        self.faults.append(Fault(self.line, self.who, name, written(value), allowed))


@dataclass(slots=True)
class ProfileReader:
    """Reads records one by one and keeps count of what it had to assume.

    Parameters
    ----------
    reading
        How the file is to be read.
    counts
        For teaches, knows and wants, how many skills came without a number.
    repeating
        Ids of people who list one skill twice.

    Examples
    --------
    >>> reader = ProfileReader(Reading(scales={"proficiency": (0, 10)}))
    >>> reader.read(2, {"id": "ana", "teaches": "sql:5"})[0].teaches
    {'sql': 0.5}
    """

    reading: Reading
    counts: dict[str, LevelCount] = field(
        default_factory=lambda: {kind: LevelCount() for kind in ("teaches", "knows", "wants")}
    )
    repeating: dict[str, None] = field(default_factory=dict)

    def read(
        self, line: int, values: Mapping[str, object]
    ) -> tuple[Participant | None, list[Fault]]:
        """Read one record.

        Parameters
        ----------
        line
            Where it stands.
        values
            By field or attribute.

        Returns
        -------
        participant : Participant or None
            `None` when there are faults.
        faults : list of Fault

        Examples
        --------
        >>> reader = ProfileReader(Reading())
        >>> ana, _ = reader.read(2, {"id": "ana", "teaches": "sql:4; R"})
        >>> ana.teaches
        {'sql': 0.8, 'R': 1.0}
        >>> print(*reader.read(3, {"id": "bo", "rank": "boss"})[1])
        row 3: bo: rank is 'boss'; allowed: a number
        """
        record = _Record(line, values)
        given: dict[str, Any] = dict(values)
        proficiency = self.reading.scales.proficiency_scale()
        given["teaches"] = self._levels(record, "teaches", proficiency)
        given["knows"] = self._levels(record, "knows", proficiency)
        given["wants"] = self._levels(record, "wants", self.reading.scales.priority_scale())
        given["rank"] = self._rank(record)
        given["utc_offset"] = _hours(record)
        for name, allowed in _PARTNERS.items():
            given[name] = _whole(record, name, allowed)
        for name in ("languages", "past_partners", "declines", "prefers"):
            if isinstance(given.get(name), str):
                given[name] = split_list(given[name], self.reading.signs)
        for name, kind in self.reading.types.items():
            if not is_blank(given.get(name)):
                given[name] = as_kind(given[name], kind, self.reading.signs)
                if given[name] is None:
                    record.refuse(name, values[name], ALLOWED[kind])
        try:
            person = Participant.model_validate(given)
        except ValidationError as error:
            _add_faults(record, error)
            return None, record.faults
        return (None if record.faults else person), record.faults

    def _levels(self, record: _Record, kind: str, scale: LevelScale) -> dict[str, float]:
        count = self.counts[kind]
        best: dict[str, float] = {}
        for skill, number in _items(record, kind, scale, self.reading.signs):
            count.listed += 1
            count.bare += number is None
            level = 1.0 if number is None else scale.stored(number)
            if skill in best:  # another spelling is for the cohort to find
                self.repeating[record.who or ""] = None
            best[skill] = max(level, best.get(skill, 0.0))
        return best

    def _rank(self, record: _Record) -> float | None:
        value = record.values.get("rank")
        if is_blank(value):
            return None
        scale = self.reading.scales.rank_scale()
        rank = scale.read(value)
        if rank is None:
            record.refuse("rank", value, scale.words)
        return rank


def _items(
    record: _Record, kind: str, scale: LevelScale, signs: Signs
) -> Iterator[tuple[str, float | None]]:
    """Yield each skill of a list and its number, whichever way the list is written."""
    value = record.values.get(kind)
    if isinstance(value, Mapping):
        for skill, level in value.items():
            number = finite(level)
            if is_blank(level) or (number is not None and scale.accepts(number)):
                yield written(skill), number
            else:
                record.refuse(
                    kind, f"{written(skill)}: {written(level)}", f"{scale.words}, or none"
                )
        return
    if isinstance(value, str):
        value = split_items(value, signs)
    if is_blank(value):
        return
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        record.refuse(kind, value, f"skills, each with {scale.words} or none, as in 'sql:4; R'")
        return
    for item in value:
        if item.strip():
            try:
                yield parse_level(item.strip(), scale.accepts, scale.words, signs)
            except DoubtfulLevelError as doubt:
                record.refuse(kind, item, str(doubt))


def _hours(record: _Record) -> float | None:
    value = record.values.get("utc_offset")
    if is_blank(value):
        return None
    hours = offset_hours(value)
    if hours is None:
        record.refuse("utc_offset", value, _HOURS)
    return hours


def offset_hours(value: object) -> float | None:
    """Read an offset from UTC that is not blank.

    Parameters
    ----------
    value
        A number of hours, or a text.

    Returns
    -------
    float or None
        Hours, from -12 to 14; `None` for what is no offset.

    Examples
    --------
    >>> offset_hours("UTC+5:30"), offset_hours(-3), offset_hours("15")
    (5.5, -3.0, None)
    """
    hours = finite(value)
    text = _OFFSET.fullmatch(value.strip().upper()) if isinstance(value, str) else None
    if hours is None and text:
        sign = -1 if text["sign"] == "-" else 1
        hours = sign * (int(text["hours"] or 0) + int(text["rest"] or 0) / 60)
    return hours if hours is not None and -12 <= hours <= 14 else None


def _whole(record: _Record, name: str, allowed: str) -> int | None:
    """Read a number of partners; spreadsheets and data frames write 3 as 3.0."""
    value = record.values.get(name)
    if is_blank(value):
        return None
    number = finite(value)
    if number is None or not 0 <= number <= MOST_PARTNERS or not number.is_integer():
        record.refuse(name, value, allowed)
        return None
    return int(number)


def _add_faults(record: _Record, error: ValidationError) -> None:
    """Say in words what the model says in its own terms, once for each field."""
    said = set()
    for detail in error.errors(include_url=False):
        name = str(detail["loc"][0]) if detail["loc"] else "content"
        if name in said:
            continue
        said.add(name)
        if name == "declines":
            allowed = "ids of other people, separated by semicolons"
            record.refuse("confidential", "(hidden)", allowed)
        else:
            value = "(hidden)" if name in HIDDEN else record.values.get(name)
            shown = "" if value is None else value
            record.refuse(name, shown, _ALLOWED.get(name, detail["msg"]))
