"""Weekly slots of people in their own time zones, as the quarters of an hour of one week in UTC."""

import re
from datetime import UTC, date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.errors import Fault, ProfileErrors, ProgramError
from mentormatch.exchange.rules.base import Bools, PairTest, Rows
from mentormatch.people import Cohort

__all__ = ["hours_in_common", "quarters", "week_of"]

#: Quarters of an hour in a day and in a week, which begins on Monday.
DAY, WEEK = 96, 672
#: How many pairs are compared at a time.
PAIRS_AT_ONCE = 1 << 16

#: What may stand there, for errors.
SLOTS = (
    "weekly slots such as 'Mon 09:00-11:00' or 'Mon-Fri 9-17', separated by semicolons; times on a "
    "quarter of an hour, and over midnight two slots"
)
ZONES = (
    "an offset from UTC in hours, in quarters, from -14 to 14, or the name of a time zone such as "
    "'Europe/Oslo' that this machine knows"
)

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = "|".join(f"{day[:3]}|{day}" for day in _DAYS)
_CLOCK = r"(\d{1,2})(?::(\d{2}))?"
_DASH = r"\s*[-\N{EN DASH}]\s*"
_SLOT = re.compile(rf"({_DAY})(?:{_DASH}({_DAY}))?\s+{_CLOCK}{_DASH}{_CLOCK}", re.IGNORECASE)

#: How many bits a byte has that are set.
_BITS = np.array([number.bit_count() for number in range(256)], dtype=np.uint8)


def quarters(slot: str) -> NDArray[np.int64] | None:
    """Return the quarters of an hour of a week that a slot takes, counted from Monday 00:00.

    Parameters
    ----------
    slot
        Such as ``"Mon 09:00-11:30"``, ``"Mon-Fri 9-17"`` or ``"Sunday 20:00-24:00"``: a day or a
        first and a last one, in English, and two times on a quarter of an hour, the later second.

    Returns
    -------
    numpy.ndarray or None
        `None` for what cannot be read so.

    Examples
    --------
    >>> quarters("Tue 09:00-10:00"), quarters("Tue 11-10")
    (array([132, 133, 134, 135]), None)
    """
    found = _SLOT.fullmatch(slot.strip())
    if found is None:
        return None
    first, last, *clock = found.groups()
    begin, end = (
        int(hour) * 60 + int(minute or 0)
        for hour, minute in zip(clock[::2], clock[1::2], strict=True)
    )
    minutes_read = all(int(minute or 0) < 60 for minute in clock[1::2])
    if not (minutes_read and begin < end <= 24 * 60 and begin % 15 == end % 15 == 0):
        return None
    start = _number(first)
    days = (start + np.arange((_number(last or first) - start) % 7 + 1)) % 7
    taken: NDArray[np.int64] = (
        days[:, np.newaxis] * DAY + np.arange(begin // 15, end // 15)
    ).ravel()
    return np.sort(taken)


def week_of(
    people: Cohort, attribute: str, zone: str, on: date | None, asked: Rows
) -> tuple[NDArray[np.uint8], Bools]:
    """Return when each person has time, as bits of the quarters of a week in UTC.

    Parameters
    ----------
    people
        The cohort.
    attribute, zone
        The attribute of their slots, and that of their time zones.
    on
        The day whose offset a named zone has.
    asked
        Rows of the people of whom it is asked.

    Returns
    -------
    bits : uint8 array, shape (n, 84)
    blank : bool array, shape (n,)
        Who has no slot, or no time zone.

    Raises
    ------
    ProfileErrors
        Listing every slot and every time zone of those asked about that cannot be read.
    ProgramError
        When zones are named, and no day is.
    """
    entries, slots = people.lists(attribute)
    codes, zones = people.categories(zone)
    taken = [quarters(slot) for slot in slots]
    offsets = [_offset(name, on) for name in zones]
    listed_by = {row: _own(entries, row) for row in asked.tolist()}
    faults = []
    for row, own in listed_by.items():
        fault = partial(Fault, int(people.lines[row]), people.ids[row])
        faults += [fault(attribute, slots[slot], SLOTS) for slot in own if taken[slot] is None]
        if codes[row] >= 0 and offsets[codes[row]] is None:
            faults.append(fault(zone, zones[codes[row]], ZONES))
    if faults:
        raise ProfileErrors(faults)
    if on is None and any(_is_named(zones[code]) for code in set(codes[asked].tolist()) - {-1}):
        raise ProgramError(
            f"{zone} names time zones, whose clocks change with the season: say for which day they "
            'are compared, as in on="2026-03-02"; or give offsets from UTC in hours'
        )
    free = np.zeros((len(people), WEEK), dtype=np.bool_)
    blank = (np.diff(entries.indptr) == 0) | (codes < 0)
    for row, own in listed_by.items():
        before = None if blank[row] else offsets[codes[row]]
        for slot in own:
            local = taken[slot]
            if before is not None and local is not None:
                free[row, (local - before) % WEEK] = True
    return np.packbits(free, axis=1), blank


def _own(entries: "csr_array[np.int32]", row: int) -> list[int]:
    """Return the slots of somebody, by number."""
    found: list[int] = entries.indices[slice(*entries.indptr[row : row + 2])].tolist()
    return found


def hours_in_common(bits: NDArray[np.uint8], at_least: int) -> PairTest:
    """Return a test of whether two people have so many hours of the week in common.

    Parameters
    ----------
    bits
        As `week_of` returns them.
    at_least
        Hours, which need not be in one piece.

    Examples
    --------
    >>> week = np.packbits(np.arange(WEEK) < np.array([[8], [4]]), axis=1)
    >>> [hours_in_common(week, hours)(np.array([0]), np.array([1])).item() for hours in (1, 2)]
    [True, False]
    """

    def share(rows_a: Rows, rows_b: Rows) -> Bools:
        common = np.zeros(len(rows_a), dtype=np.int64)
        for first in range(0, len(rows_a), PAIRS_AT_ONCE):
            part = slice(first, first + PAIRS_AT_ONCE)
            common[part] = _BITS[bits[rows_a[part]] & bits[rows_b[part]]].sum(axis=1)
        enough: Bools = common >= 4 * at_least
        return enough

    return share


def _number(day: str) -> int:
    return next(at for at, name in enumerate(_DAYS) if name.startswith(day.lower()))


def _is_named(zone: str) -> bool:
    try:
        float(zone)
    except ValueError:
        return True
    return False


def _offset(zone: str, on: date | None) -> int | None:
    """Return how many quarters of an hour a zone is before UTC; `None` if that cannot be read."""
    if not _is_named(zone):
        hours = float(zone)
        return round(hours * 4) if abs(hours) <= 14 and hours * 4 == round(hours * 4) else None
    try:
        noon = datetime.combine(on or date(2000, 1, 1), time(12), UTC)
        before = noon.astimezone(ZoneInfo(zone)).utcoffset()
    except (KeyError, ValueError, OSError):  # no name of a zone, or none that this machine knows
        return None
    assert before is not None  # a zone always says
    return round(before.total_seconds() / 900)
