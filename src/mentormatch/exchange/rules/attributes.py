"""Rules that compare an attribute of the two people."""

from datetime import date
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, SerializerFunctionWrapHandler, model_serializer
from pydantic.dataclasses import dataclass

from mentormatch.errors import ProgramError
from mentormatch.exchange.rules.base import (
    FROZEN,
    Bools,
    Missing,
    PairTest,
    Rows,
    known_fields,
    settled,
)
from mentormatch.exchange.rules.week import hours_in_common, week_of
from mentormatch.people import Cohort

__all__ = ["Apart", "Different", "Same", "Share", "Within"]

Floats = NDArray[np.float64]
NotNegative = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]


@dataclass(frozen=True, config=FROZEN)
class Different:
    """The two people differ in an attribute, such as their department.

    Texts are compared without regard to case and spaces.

    Parameters
    ----------
    attribute
        What to compare.
    missing
        For people whose value is blank: ``"error"`` asks, ``"allow"``, ``"forbid"``.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana", "department": "IT"}, {"id": "bo", "department": "it"}])
    >>> Different("department").test(people, np.array([0, 1]))(np.array([0]), np.array([1]))
    array([False])
    """

    attribute: str
    missing: Missing = "error"
    kind: Literal["different"] = Field(default="different", kw_only=True)

    def __str__(self) -> str:
        return f"different {self.attribute}"

    def test(self, people: Cohort, asked: Rows) -> PairTest:
        """Return the rule as a test on arrays of pairs of rows."""
        return _compared(self, people, asked, equal=False)


@dataclass(frozen=True, config=FROZEN)
class Same:
    """The two people have an attribute in common, such as their location.

    Texts are compared without regard to case and spaces.

    Parameters
    ----------
    attribute
        What to compare.
    missing
        For people whose value is blank: ``"error"`` asks, ``"allow"``, ``"forbid"``.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana", "location": "Pune"}, {"id": "bo", "location": "Oslo"}])
    >>> Same("location").test(people, np.array([0, 1]))(np.array([0]), np.array([1]))
    array([False])
    """

    attribute: str
    missing: Missing = "error"
    kind: Literal["same"] = Field(default="same", kw_only=True)

    def __str__(self) -> str:
        return f"same {self.attribute}"

    def test(self, people: Cohort, asked: Rows) -> PairTest:
        """Return the rule as a test on arrays of pairs of rows."""
        return _compared(self, people, asked, equal=True)


@dataclass(frozen=True, config=FROZEN)
class Within:
    """Two numbers are close, such as the offsets of two time zones.

    Parameters
    ----------
    attribute
        A numeric attribute.
    at_most
        The largest difference allowed, in the attribute's own unit.
    period
        Where numbers run in a circle, its length: with ``period=24``, 23 and 1 are 2 apart.
    missing
        For people whose value is blank: ``"error"`` asks, ``"allow"``, ``"forbid"``.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana", "utc_offset": 12}, {"id": "bo", "utc_offset": -11}])
    >>> near = Within("utc_offset", 3, period=24)
    >>> near.test(people, np.array([0, 1]))(np.array([0]), np.array([1]))
    array([ True])
    """

    attribute: str
    at_most: NotNegative
    period: Positive | None = None
    missing: Missing = "error"
    kind: Literal["within"] = Field(default="within", kw_only=True)

    def __str__(self) -> str:
        circle = "" if self.period is None else f" (period {self.period:g})"
        return f"{self.attribute} within {self.at_most:g}{circle}"

    def test(self, people: Cohort, asked: Rows) -> PairTest:
        """Return the rule as a test on arrays of pairs of rows."""
        known_fields(people, self.attribute)
        values = people.numbers(self.attribute)

        def close(rows_a: Rows, rows_b: Rows) -> Bools:
            distance = np.abs(values[rows_a] - values[rows_b])
            if self.period is not None:
                distance = distance % self.period
                distance = np.minimum(distance, self.period - distance)
            close_enough: Bools = distance - _rounding(values, rows_a, rows_b) <= self.at_most
            return close_enough

        return _answered(self, people, asked, np.isnan(values), close)


@dataclass(frozen=True, config=FROZEN)
class Apart:
    """Two numbers are far from each other, such as years of experience.

    Parameters
    ----------
    attribute
        A numeric attribute.
    at_least
        The smallest difference allowed, in the attribute's own unit.
    missing
        For people whose value is blank: ``"error"`` asks, ``"allow"``, ``"forbid"``.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana", "years": 12}, {"id": "bo", "years": 11}])
    >>> Apart("years", 5).test(people, np.array([0, 1]))(np.array([0]), np.array([1]))
    array([False])
    """

    attribute: str
    at_least: NotNegative
    missing: Missing = "error"
    kind: Literal["apart"] = Field(default="apart", kw_only=True)

    def __str__(self) -> str:
        return f"{self.attribute} at least {self.at_least:g} apart"

    def test(self, people: Cohort, asked: Rows) -> PairTest:
        """Return the rule as a test on arrays of pairs of rows."""
        known_fields(people, self.attribute)
        values = people.numbers(self.attribute)

        def far(rows_a: Rows, rows_b: Rows) -> Bools:
            distance = np.abs(values[rows_a] - values[rows_b])
            far_enough: Bools = distance + _rounding(values, rows_a, rows_b) >= self.at_least
            return far_enough

        return _answered(self, people, asked, np.isnan(values), far)


@dataclass(frozen=True, config=FROZEN)
class Share:
    """The two people have entries of a list in common, such as a language, or hours of a week.

    Parameters
    ----------
    attribute
        A list attribute.
    at_least
        How many entries they must share; of slots, how many hours a week, which need not be in one
        piece.
    missing
        For people whose list is empty: ``"error"`` asks, ``"allow"``, ``"forbid"``. Of slots also
        for those whose time zone is blank.
    slots
        ``"week"``: the entries are times of a week, as in ``"Mon 09:00-11:00; Wed-Fri 14-16:30"``,
        by each person's own clock, and are compared in UTC.
    zone
        With slots, the attribute of the time zone: hours before UTC, such as 5.5, or a name of the
        IANA database, such as ``"Asia/Kolkata"``.
    on
        With slots, the day that says which offset a named zone has, as clocks change with the
        season and not everywhere at once: compare again when they do.

    Raises
    ------
    ProgramError
        For a zone or a day without slots.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records(
    ...     [{"id": "ana", "languages": "English; Hindi"}, {"id": "bo", "languages": "hindi"}]
    ... )
    >>> Share("languages").test(people, np.array([0, 1]))(np.array([0]), np.array([1]))
    array([ True])

    Morning in Oslo is afternoon in Pune:

    >>> people = read_records(
    ...     [
    ...         {"id": "ana", "utc_offset": 1, "availability": "Mon 09:00-12:00"},
    ...         {"id": "bo", "utc_offset": 5.5, "availability": "Mon-Wed 14:30-17:00"},
    ...     ]
    ... )
    >>> for hours in (2, 3):
    ...     test = Share("availability", hours, slots="week").test(people, np.array([0, 1]))
    ...     print(test(np.array([0]), np.array([1])))
    [ True]
    [False]
    """

    attribute: str
    at_least: Annotated[int, Field(ge=1)] = 1
    missing: Missing = "error"
    slots: Literal["week"] | None = Field(default=None, kw_only=True)
    zone: str = Field(default="utc_offset", kw_only=True)
    on: date | None = Field(default=None, kw_only=True)
    kind: Literal["share"] = Field(default="share", kw_only=True)

    def __post_init__(self) -> None:
        if self.slots is None and (self.zone != "utc_offset" or self.on is not None):
            raise ProgramError(
                f"rule '{self}': a time zone and a day go with slots of a week; say "
                'slots="week", or leave them out'
            )

    @model_serializer(mode="wrap")
    def _as_before_there_were_slots(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what goes with slots where there are none: programs stay what they were."""
        data: dict[str, Any] = handler(self)
        if self.slots is None:
            del data["slots"], data["zone"], data["on"]
        return data

    def __str__(self) -> str:
        if self.slots is not None:
            hours = f"{self.at_least} hour{'s' * (self.at_least != 1)}"
            return f"at least {hours} of {self.attribute} in common"
        return f"at least {self.at_least} of {self.attribute} in common"

    def test(self, people: Cohort, asked: Rows) -> PairTest:
        """Return the rule as a test on arrays of pairs of rows."""
        if self.slots is not None:
            known_fields(people, self.attribute, self.zone)
            bits, blank = week_of(people, self.attribute, self.zone, self.on, asked)
            what = f"{self.attribute} or {self.zone} is blank"
            test = hours_in_common(bits, self.at_least)
            return settled(what, people, asked, blank, self.missing, test)
        known_fields(people, self.attribute)
        entries, _ = people.lists(self.attribute)

        def overlap(rows_a: Rows, rows_b: Rows) -> Bools:
            common: Rows = np.asarray(entries[rows_a].multiply(entries[rows_b]).sum(axis=1))
            enough: Bools = common >= self.at_least
            return enough

        return _answered(self, people, asked, np.diff(entries.indptr) == 0, overlap)


def _rounding(values: Floats, rows_a: Rows, rows_b: Rows) -> Floats:
    """Return what rounding may do to a difference: 0.8 and 0.6 are 0.2 apart to people."""
    slack: Floats = 4.0 * np.spacing(np.maximum(np.abs(values[rows_a]), np.abs(values[rows_b])))
    return slack


def _compared(rule: Different | Same, people: Cohort, asked: Rows, *, equal: bool) -> PairTest:
    known_fields(people, rule.attribute)
    codes, _ = people.categories(rule.attribute)

    def compare(rows_a: Rows, rows_b: Rows) -> Bools:
        same: Bools = (codes[rows_a] == codes[rows_b]) == equal
        return same

    return _answered(rule, people, asked, codes < 0, compare)


def _answered(
    rule: Different | Same | Within | Apart | Share,
    people: Cohort,
    asked: Rows,
    blank: Bools,
    test: PairTest,
) -> PairTest:
    return settled(f"{rule.attribute} is blank", people, asked, blank, rule.missing, test)
