"""Events as an iCalendar file, the same bytes each time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from mentormatch.extras import extra
from mentormatch.matching.tables import harmless

__all__ = ["Event", "calendar_text", "told_apart"]

#: What made the file, as the standard wants to know.
MAKER = "-//mentormatch//check-ins//EN"
#: Marks the identities of these events off from all others.
SPACE = uuid5(NAMESPACE_URL, "urn:mentormatch:check-in")


@dataclass(frozen=True, slots=True)
class Event:
    """One day of a calendar.

    Attributes
    ----------
    uid : str
        What tells it apart from all other events, now and later.
    day : datetime.date
        When.
    summary, description : str
        Its texts.
    """

    uid: str
    day: date
    summary: str
    description: str


def told_apart(*parts: str) -> str:
    """Return an identity that is the same whenever it is made of the same parts.

    References
    ----------
    K. Davis, B. Peabody and P. Leach, "Universally Unique IDentifiers (UUIDs)", RFC 9562 (2024),
    section 5.5.

    Examples
    --------
    >>> told_apart("spring", "ana") == told_apart("spring", "ana") != told_apart("springana")
    True
    """
    # With lengths, or two ways of cutting one text would be one event.
    return str(uuid5(SPACE, "".join(f"{len(part)}:{part}" for part in parts)))


def calendar_text(events: Sequence[Event], title: str, stamp: date | datetime) -> str:
    """Return events as an iCalendar file.

    Parameters
    ----------
    events
        In their order.
    title
        Of the calendar.
    stamp
        The moment at which it is made, with its time zone; a day stands for its start in UTC.

    Raises
    ------
    ValueError
        When the stamp has no time zone.
    MissingExtraError
        When icalendar is not installed.

    References
    ----------
    B. Desruisseaux, "Internet Calendaring and Scheduling Core Object Specification (iCalendar)",
    RFC 5545 (2009).
    """
    if not isinstance(stamp, datetime):
        stamp = datetime.combine(stamp, time(), UTC)
    if stamp.utcoffset() is None:
        raise ValueError(
            f"stamp is {stamp.isoformat()}, without a time zone; give one, such as "
            "datetime.now(datetime.UTC)"
        )
    icalendar = extra("icalendar", "calendar", "calendars")
    calendar = icalendar.Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", harmless(title))
    for event in events:
        entry = icalendar.Event()
        entry.add("uid", event.uid)
        entry.add("dtstamp", stamp.astimezone(UTC))
        entry.add("dtstart", event.day)
        entry.add("dtend", event.day + timedelta(1))
        entry.add("summary", harmless(event.summary))
        entry.add("description", "\n".join(map(harmless, event.description.splitlines())))
        entry.add("transp", "TRANSPARENT")  # nobody is busy all that day
        calendar.add_component(entry)
    text: str = calendar.to_ical().decode()
    return text
