"""Weekly slots: hours in common, whatever the clocks on the wall say."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.exchange.rules.reading import attributes_read
from mentormatch.exchange.rules.week import quarters

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: A Monday.
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)

SLOTS = st.builds(
    lambda day, begin, length: (day, begin, min(begin + length, 96)),
    st.integers(0, 6),
    st.integers(0, 95),
    st.integers(1, 96),
)
OFFSETS = st.integers(-48, 56).map(lambda quarter: quarter / 4)


def written(slot: tuple[int, int, int]) -> str:
    day, begin, end = slot
    return f"{DAYS[day]} {begin // 4:02}:{begin % 4 * 15:02}-{end // 4:02}:{end % 4 * 15:02}"


def moments(slots: list[tuple[int, int, int]], offset: float) -> set[tuple[int, int, int]]:
    """When somebody has time, as weekday, hour and minute in UTC: by the calendar's arithmetic."""
    zone = timezone(timedelta(hours=offset))
    found = set()
    for day, begin, end in slots:
        for quarter in range(begin, end):
            local = datetime(2026, 3, 2, tzinfo=zone) + timedelta(days=day, minutes=15 * quarter)
            there = local.astimezone(UTC)
            found.add((there.weekday(), there.hour, there.minute))
    return found


def shares(people: mm.Cohort, hours: int, **parts: Any) -> bool:
    rule = mm.Share("availability", hours, slots="week", **parts)
    test = rule.test(people, np.arange(len(people)))
    assert (
        test(np.array([1]), np.array([0])).tolist() == test(np.array([0]), np.array([1])).tolist()
    )
    return bool(test(np.array([0]), np.array([1]))[0])


def two(a: Any, b: Any, zone_a: Any = 0, zone_b: Any = 0, zone: str = "utc_offset") -> mm.Cohort:
    return mm.read_records(
        [
            {"id": "ana", "availability": a, zone: zone_a},
            {"id": "bo", "availability": b, zone: zone_b},
        ]
    )


@given(
    st.lists(SLOTS, min_size=1, max_size=4),
    st.lists(SLOTS, min_size=1, max_size=4),
    OFFSETS,
    OFFSETS,
    st.integers(1, 8),
)
def test_hours_in_common_are_those_of_the_calendar(
    a: list[tuple[int, int, int]],
    b: list[tuple[int, int, int]],
    zone_a: float,
    zone_b: float,
    hours: int,
) -> None:
    people = two("; ".join(map(written, a)), [*map(written, b)], zone_a, zone_b)
    common = moments(a, zone_a) & moments(b, zone_b)
    assert shares(people, hours) is (len(common) >= 4 * hours)


@pytest.mark.parametrize(
    ("slot", "first", "count"),
    [
        ("Mon 00:00-00:15", 0, 1),
        ("sunday 23-24", 668, 4),
        ("TUE 09:30 \N{EN DASH} 10:00", 134, 2),
        ("Mon-Fri 9-17", 36, 160),
        ("Fri - Mon 0-24", 0, 384),
        (" Wed 7:45-8 ", 223, 1),
    ],
)
def test_slots_are_read_as_people_write_them(slot: str, first: int, count: int) -> None:
    found = quarters(slot)
    assert found is not None
    assert (found[0], len(found)) == (first, count)


@pytest.mark.parametrize(
    "slot",
    [
        "Mon",
        "Mon 9",
        "Mon 9-9",
        "Mon 17-9",
        "Mon 9:10-10",
        "Mon 9-25",
        "Mon 9:60-11",
        "Mo 9-10",
        "Funday 9-10",
        "Mon 9-10 Tue",
        "9-10",
        "",
    ],
)
def test_what_is_no_slot_is_not_guessed(slot: str) -> None:
    assert quarters(slot) is None


def test_clocks_that_change_are_compared_as_of_a_day() -> None:
    people = two("Mon 15-16", "Mon 09:00-10:00", "Europe/Oslo", "America/New_York", "clock")
    # On 2 March Oslo is 6 hours ahead; from 8 to 29 March America alone has changed its clocks.
    assert shares(people, 1, zone="clock", on="2026-03-02")
    assert not shares(people, 1, zone="clock", on="2026-03-16")
    assert shares(people, 1, zone="clock", on="2026-04-06")
    with pytest.raises(mm.ProgramError, match="say for which day they are compared"):
        shares(people, 1, zone="clock")


def test_names_and_offsets_go_together() -> None:
    people = two("Mon 12-13", "Mon 17:45-18:45", "UTC", 5.75, "clock")
    assert shares(people, 1, zone="clock", on="2026-03-02")


def test_every_slot_and_zone_that_cannot_be_read_is_named() -> None:
    people = two("Mon 9-10; sometimes", "Tue 9-8", 0, 0.1)
    with pytest.raises(mm.ProfileErrors) as caught:
        mm.build_graph(
            people, mm.Program(rules=[mm.Share("availability", slots="week", missing="allow")])
        )
    assert [(one.row, one.person, one.field, one.value) for one in caught.value.faults] == [
        (1, "ana", "availability", "sometimes"),
        (2, "bo", "availability", "Tue 9-8"),
        (2, "bo", "utc_offset", "0.1"),
    ]
    assert "weekly slots such as 'Mon 09:00-11:00'" in str(caught.value)
    assert "for rule 'at least 1 hour of availability in common'" in str(caught.value)
    nowhere = two("Mon 9-10", "Mon 9-10", "Europe/Nowhere", "../etc", "clock")
    with pytest.raises(mm.ProfileErrors) as caught:
        shares(nowhere, 1, zone="clock", on="2026-03-02")
    assert [one.value for one in caught.value.faults] == ["Europe/Nowhere", "../etc"]


def test_who_has_no_slot_or_no_zone_is_settled_as_the_rule_says() -> None:
    people = two("Mon 9-10", "", 0, "")
    with pytest.raises(mm.ProgramError, match="availability or utc_offset is blank for 1 of 2"):
        shares(people, 1)
    assert shares(people, 1, missing="allow")
    assert not shares(people, 1, missing="forbid")


def test_slots_of_who_takes_no_part_are_not_read() -> None:
    people = mm.read_records(
        [
            {"id": "ana", "availability": "Mon 9-10", "utc_offset": 0},
            {"id": "bo", "availability": "Mon 9-10", "utc_offset": 0},
            {"id": "cy", "availability": "whenever", "capacity": 0},
        ]
    )
    program = mm.Program(rules=[mm.Share("availability", slots="week")])
    assert mm.build_graph(people, program).removed == (
        ("at least 1 hour of availability in common", 0),
    )


def test_the_rule_is_data_that_survives_json() -> None:
    rule = mm.Share("availability", 2, slots="week", zone="clock", on="2026-03-02")  # type: ignore[arg-type]  # as JSON has it
    program = mm.Program(rules=[rule])
    again = mm.Program.model_validate_json(program.model_dump_json())
    assert again == program
    assert attributes_read(rule) == ("availability", "clock")
    assert attributes_read(mm.Share("languages")) == ("languages",)
    old = '{"rules": [{"kind": "share", "attribute": "languages", "at_least": 1}]}'
    plain = mm.Program.model_validate_json(old)
    assert plain.rules == (mm.Share("languages"),)
    kept = {"attribute", "at_least", "missing", "kind"}
    assert set(plain.model_dump(mode="json")["rules"][0]) == kept
    with pytest.raises(mm.ProgramError, match="go with slots of a week"):
        mm.Share("languages", zone="clock")


def test_pairs_have_the_hours_that_they_need() -> None:
    people = mm.read_records(
        [
            {
                "id": "ana",
                "teaches": "a",
                "wants": "b",
                "utc_offset": 1,
                "availability": "Mon-Fri 9-12",
            },
            {
                "id": "bo",
                "teaches": "b",
                "wants": "a",
                "utc_offset": -8,
                "availability": "Mon-Fri 9-17",
            },
            {
                "id": "cy",
                "teaches": "b:3",
                "wants": "a",
                "utc_offset": 5.5,
                "availability": "Mon 13:30-15:30",
            },
        ]
    )
    program = mm.Program(rules=[mm.Share("availability", 2, slots="week")])
    matching = mm.match(people, program)
    assert [(pair.a, pair.b) for pair in matching.pairs] == [("ana", "cy")]
    assert matching.certificate.verify(people, program).ok
