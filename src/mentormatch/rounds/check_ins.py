"""When pairs are asked how it goes, and what they are asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import index
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mentormatch.errors import ProgramError, nearest
from mentormatch.lazy_sequence import LazySequence
from mentormatch.matching.files import replace_files
from mentormatch.matching.matching import Matching
from mentormatch.rounds.calendar import Event, calendar_text, told_apart
from mentormatch.rounds.read_feedback import SAID

__all__ = ["QUESTIONS", "CheckIn", "CheckIns", "check_ins"]

#: What people are asked, by the field of feedback that holds the answer.
QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "met": "Have you met since you were last asked?",
        "hours": "For how many hours?",
        "fit": "How well do you two fit, from 1 (badly) to 5 (very well)?",
        "wishes_met": "Which of the skills that you wished for have you learned since?",
        "go_on": "Would you go on with this partner?",
    }
)

#: Days of a unit of time.
UNITS = {"d": 1, "w": 7}


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One person is asked about one partner, on one day.

    Attributes
    ----------
    date : datetime.date
        When.
    number : int
        Which time it is, from 1.
    a, b : str
        Ids of the pair, as in the matching.
    by : str
        Which of the two is asked.
    name, partner : str
        Their name, and that of the other.
    """

    date: date
    number: int
    a: str
    b: str
    by: str
    name: str
    partner: str


@dataclass(frozen=True, eq=False, repr=False)
class CheckIns(LazySequence[CheckIn]):
    """All check-ins of a program, by date, then pair by pair. Made by `check_ins`.

    Attributes
    ----------
    dates : tuple of datetime.date
        When people are asked.
    title : str
        What the program is called in calendars.
    questions : mapping
        What is asked, by the field of `read_feedback` that holds the answer.

    Examples
    --------
    >>> import datetime
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "leading"},
    ...         {"id": "bo", "teaches": "leading", "wants": "sql"},
    ...     ]
    ... )
    >>> plan = mm.check_ins(
    ...     mm.match(people, mm.Program()), every="4w", start=datetime.date(2026, 3, 2), times=3
    ... )
    >>> plan
    CheckIns(3 dates from 2026-03-02 to 2026-04-27, 2 people)
    >>> plan[0].partner, len(plan)
    ('bo', 6)
    """

    dates: tuple[date, ...]
    title: str
    questions: Mapping[str, str]
    _ends: tuple[tuple[str, str, str, str, str], ...]  # a, b, who is asked, both their names

    def __len__(self) -> int:
        return len(self.dates) * len(self._ends)

    def _at(self, place: int) -> CheckIn:
        time, end = divmod(place, len(self._ends))
        return CheckIn(self.dates[time], time + 1, *self._ends[end])

    def __repr__(self) -> str:
        if not len(self):
            return "CheckIns(nobody to ask)"
        people = len({by for _, _, by, _, _ in self._ends})
        dates = f"{len(self.dates):,} date{'s' * (len(self.dates) != 1)}"
        return f"CheckIns({dates} from {self.dates[0]} to {self.dates[-1]}, {people:,} people)"

    def to_records(self) -> list[dict[str, Any]]:
        """Return a plain dict for every check-in: a form that awaits its answers.

        Returns
        -------
        list of dict
            Date, number, pair, who is asked and about whom, and the text of each question under
            ``"questions"``, by field. With answers under the names of the fields, they are what
            `read_feedback` reads.
        """
        return [
            {
                "date": one.date.isoformat(),
                "number": one.number,
                "a": one.a,
                "b": one.b,
                "by": one.by,
                "name": one.name,
                "partner": one.partner,
                "questions": dict(self.questions),
            }
            for one in self
        ]

    def calendar(self, person: str | None = None, *, stamp: datetime | None = None) -> str:
        """Return check-ins as an iCalendar file (RFC 5545; extra ``calendar``).

        Parameters
        ----------
        person
            Whose calendar it is, by id: an event for each of their check-ins, with the name of the
            partner and the questions. It says nothing else, of nobody else. Without it, the
            calendar of a coordinator: an event for each date, with the number of pairs.
        stamp
            The moment at which the calendar is made, with its time zone; without it, the start of
            the first day. The same stamp gives the same text, and events keep their identity when
            they are made again, so that a calendar replaces them.

        Returns
        -------
        str
            With line ends as the standard has them; write it as it is, or call `write_calendar`.

        Raises
        ------
        ProgramError
            When nobody with a partner has this id.
        ValueError
            When the stamp has no time zone.
        MissingExtraError
            When icalendar is not installed.

        Examples
        --------
        >>> import datetime
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "name": "Ana", "teaches": "sql", "wants": "leading"},
        ...         {"id": "bo", "name": "Bo", "teaches": "leading", "wants": "sql"},
        ...     ]
        ... )
        >>> matching = mm.match(people, mm.Program())
        >>> plan = mm.check_ins(matching, start=datetime.date(2026, 3, 2), times=1)
        >>> [line for line in plan.calendar("ana").splitlines() if line.startswith("SUMMARY")]
        ['SUMMARY:Mentoring: how is it going with Bo?']
        """
        events = self._of_everybody() if person is None else self._of(person)
        if not events:
            known = dict.fromkeys(by for _, _, by, _, _ in self._ends)
            raise ProgramError(
                f"nobody with the id {person!r} is asked; {nearest(str(person), known)}"
                if person is not None
                else "there are no pairs, and so nobody is asked"
            )
        return calendar_text(events, self.title, stamp or self.dates[0])

    def write_calendar(
        self,
        path: str | PathLike[str],
        person: str | None = None,
        *,
        stamp: datetime | None = None,
    ) -> None:
        """Write an iCalendar file, whole or not at all.

        Parameters
        ----------
        path
            The file; one that exists is replaced once the new one is complete.
        person, stamp
            As for `calendar`.

        Raises
        ------
        OSError
            When the file cannot be written; what stood there before is still whole.
        ProgramError, ValueError, MissingExtraError
            As `calendar`.
        """
        replace_files([(Path(path), self.calendar(person, stamp=stamp))])

    def _of(self, person: str) -> list[Event]:
        """Return the events of one person's calendar."""
        asked = "\n".join(self.questions.values())
        return [
            Event(
                uid=told_apart(self.title, one.a, one.b, one.by, str(one.number)),
                day=one.date,
                summary=f"{self.title}: how is it going with {one.partner}?",
                description=asked,
            )
            for one in self._only(person)
        ]

    def _only(self, person: str) -> Iterator[CheckIn]:
        own = [end for end in self._ends if end[2] == person]
        for number, day in enumerate(self.dates, start=1):
            for end in own:
                yield CheckIn(day, number, *end)

    def _of_everybody(self) -> list[Event]:
        """Return the events of a coordinator's calendar."""
        pairs = len(self._ends) // 2
        return [
            Event(
                uid=told_apart(self.title, str(number)),
                day=day,
                summary=f"{self.title}: check-in {number} of {len(self.dates)}",
                description=f"{pairs:,} pair{'s are' if pairs != 1 else ' is'} asked.",
            )
            for number, day in enumerate(self.dates, start=1)
            if pairs
        ]


def check_ins(
    matching: Matching,
    *,
    start: date,
    every: str | timedelta = "4w",
    times: int = 3,
    title: str = "Mentoring",
    questions: Mapping[str, str] = QUESTIONS,
) -> CheckIns:
    """Plan when pairs are asked how it goes, and what.

    Parameters
    ----------
    matching
        The answer; one that was read from a record will do.
    start
        The first day on which people are asked.
    every
        How long until the next one: weeks or days, such as ``"4w"`` or ``"10d"``.
    times
        How many times they are asked, 1 or more.
    title
        What the program is called in calendars. Events are told apart by it: give each round of a
        program its own, such as ``"Mentoring, spring 2026"``.
    questions
        What people are asked, by the field of `read_feedback` that holds the answer: any of
        ``met``, ``hours``, ``fit``, ``wishes_met`` and ``go_on``.

    Returns
    -------
    CheckIns
        A sequence, with `to_records`, and `calendar` for an iCalendar file.

    Raises
    ------
    ProgramError
        When `every`, `times`, `title` or a field of `questions` is none, or dates run out.
    TypeError
        When `times` is no whole number.

    Examples
    --------
    >>> import datetime
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "leading"},
    ...         {"id": "bo", "teaches": "leading", "wants": "sql"},
    ...     ]
    ... )
    >>> plan = mm.check_ins(
    ...     mm.match(people, mm.Program()), start=datetime.date(2026, 3, 2), every="10d", times=2
    ... )
    >>> [one["date"] for one in plan.to_records() if one["by"] == "bo"]
    ['2026-03-02', '2026-03-12']
    """
    wrong = [
        f"questions has {field!r}, to which no answer could be read; {nearest(field, SAID)}"
        for field in questions
        if field not in SAID
    ]
    if not title.strip():
        wrong.append("title is blank; say what the program is called in calendars")
    if index(times) < 1:
        wrong.append(f"times is {times!r}; it must be 1 or more")
    between = _between(every)
    if between is None:
        wrong.append(f"every is {every!r}; give weeks or days, such as '4w' or '10d'")
    if wrong or between is None:
        raise ProgramError("\n".join(wrong))
    first = start.date() if isinstance(start, datetime) else start
    try:
        dates = tuple(first + number * between for number in range(times))
    except OverflowError:
        raise ProgramError(
            f"{times} check-ins every {every} from {first} on run out of dates; ask for fewer"
        ) from None
    ends = []
    for pair in matching.meetings:
        ends.append((pair.a, pair.b, pair.a, pair.a_name, pair.b_name))
        ends.append((pair.a, pair.b, pair.b, pair.b_name, pair.a_name))
    return CheckIns(dates, title, MappingProxyType(dict(questions)), tuple(ends))


def _between(every: str | timedelta) -> timedelta | None:
    """Return a time of whole days, 1 or more; `None` for anything else."""
    if isinstance(every, timedelta):
        return every if every.days >= 1 and every == timedelta(every.days) else None
    number, unit = every.strip()[:-1].strip(), every.strip()[-1:].lower()
    if unit not in UNITS or not (number.isascii() and number.isdigit() and len(number) < 6):
        return None
    days = int(number) * UNITS[unit]
    return timedelta(days) if days else None
