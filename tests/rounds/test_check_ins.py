"""Dates and questions, and calendars of them."""

import dataclasses
import datetime
import sys
from pathlib import Path
from typing import Any

import icalendar
import pytest

import mentormatch as mm
from mentormatch.rounds.check_ins import QUESTIONS

START = datetime.date(2026, 3, 2)
PEOPLE = [
    {"id": "ana", "name": "Ana, Dr.", "rank": 6, "teaches": "leading", "wants": "sql"},
    {"id": "bo", "name": "Bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    {"id": "cy", "name": "Cy", "rank": 7, "teaches": "leading", "wants": "sql"},
    {"id": "di", "name": "Di\nDi", "rank": 1, "teaches": "sql", "wants": "leading"},
]
PROGRAM = mm.Program(
    format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)),
    rules=[mm.Require([("ana", "bo"), ("cy", "di")])],
)


def matching(people: Any = PEOPLE, program: mm.Program = PROGRAM) -> mm.Matching:
    return mm.match(mm.read_records(people), program)


def plan(**how: Any) -> Any:
    return mm.check_ins(matching(), **{"start": START, **how})


def events(text: str) -> list[Any]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def test_everybody_is_asked_on_every_date_about_their_partner() -> None:
    found = plan(every="4w", times=3)
    assert found.dates == (START, datetime.date(2026, 3, 30), datetime.date(2026, 4, 27))
    assert len(found) == len(list(found)) == 12
    assert {(one.date, one.number) for one in found} == set(
        zip(found.dates, (1, 2, 3), strict=True)
    )
    assert {(one.by, one.partner) for one in found[:4]} == {
        ("ana", "Bo"),
        ("bo", "Ana, Dr."),
        ("cy", "Di\nDi"),
        ("di", "Cy"),
    }
    assert found[-1] == found[11]
    assert found[2:4] == (found[2], found[3])
    with pytest.raises(IndexError):
        found[12]


@pytest.mark.parametrize(
    ("every", "days"), [("2w", 14), ("10d", 10), (" 1 W ", 7), (datetime.timedelta(3), 3)]
)
def test_times_between_are_weeks_or_days(every: Any, days: int) -> None:
    first, second = plan(every=every, times=2).dates
    assert (second - first).days == days


def test_every_wrong_part_of_a_plan_is_told_at_once() -> None:
    with pytest.raises(mm.ProgramError) as error:
        plan(every="monthly", times=0, title=" ", questions={"mett": "?"})
    known = "did you mean 'met'? Known: met, hours, fit, wishes_met, go_on"
    assert str(error.value).splitlines() == [
        f"questions has 'mett', to which no answer could be read; {known}",
        "title is blank; say what the program is called in calendars",
        "times is 0; it must be 1 or more",
        "every is 'monthly'; give weeks or days, such as '4w' or '10d'",
    ]


@pytest.mark.parametrize("every", ["", "w", "0w", "-1w", "1.5w", "٣w", datetime.timedelta(hours=5)])
def test_what_is_no_time_between_is_refused(every: Any) -> None:
    with pytest.raises(mm.ProgramError, match="every is"):
        plan(every=every)


def test_dates_that_run_out_are_refused() -> None:
    with pytest.raises(mm.ProgramError, match="run out of dates"):
        plan(every="99999d", times=100)


def test_a_record_with_answers_is_feedback() -> None:
    forms = plan(times=1).to_records()
    assert forms[0]["questions"] == dict(QUESTIONS)
    answered = mm.read_feedback([{**form, "met": True, "fit": 4} for form in forms])
    found = mm.evaluate(matching(), answered)
    assert (found.response.answered, found.response.asked) == (4, 4)


def test_a_stored_matching_has_check_ins_too() -> None:
    stored = mm.Matching.from_json(matching().to_json())
    assert mm.check_ins(stored, start=START).to_records() == plan().to_records()


def test_a_calendar_of_one_person_has_their_events_alone() -> None:
    found = events(plan(title="Spring").calendar("ana"))
    assert [one["dtstart"].dt for one in found] == list(plan().dates)
    assert {str(one["summary"]) for one in found} == {"Spring: how is it going with Bo?"}
    assert {str(one["description"]) for one in found} == {"\n".join(QUESTIONS.values())}
    [other, *_] = events(plan().calendar("cy"))
    assert str(other["summary"]) == "Mentoring: how is it going with Di Di?"


def test_a_coordinators_calendar_has_an_event_a_date_and_no_names() -> None:
    text = plan().calendar()
    found = events(text)
    assert len(found) == 3
    assert str(found[0]["summary"]) == "Mentoring: check-in 1 of 3"
    assert str(found[0]["description"]) == "2 pairs are asked."
    assert "Ana" not in text


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert plan().calendar("ana") == plan().calendar("ana")
    assert "DTSTAMP:20260302T000000Z" in plan().calendar("ana")
    noon = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    assert "DTSTAMP:20260101T100000Z" in plan().calendar("ana", stamp=noon)
    with pytest.raises(ValueError, match="without a time zone"):
        plan().calendar("ana", stamp=noon.replace(tzinfo=None))


def test_an_event_that_moves_is_the_same_event_and_another_rounds_is_not() -> None:
    def uids(person: str | None, **how: Any) -> list[str]:
        return [str(one["uid"]) for one in events(plan(**how).calendar(person))]

    for person in ("ana", None):
        assert uids(person) == uids(person, start=START + datetime.timedelta(7))
        assert not set(uids(person)) & set(uids(person, title="Autumn"))
    every = [uid for person in ("ana", "bo", "cy", "di", None) for uid in uids(person)]
    assert len(set(every)) == len(every) == 15


def test_a_calendar_tells_what_nobody_may_know_to_nobody() -> None:
    declining = [{**PEOPLE[0], "declines": "di", "gender": "f", "notes": "secret"}, *PEOPLE[1:]]
    rules = (*PROGRAM.rules, mm.Forbid([("bo", "cy")]))
    other = matching(declining, PROGRAM.model_copy(update={"rules": rules}))
    for person in ("ana", "bo", "cy", "di", None):
        found = mm.check_ins(other, start=START).calendar(person)
        assert found == plan().calendar(person)
    # Nor of anybody but the partner.
    assert "Cy" not in plan().calendar("ana")
    assert "Di" not in plan().calendar("ana")


def test_whoever_is_not_asked_has_no_calendar() -> None:
    with pytest.raises(mm.ProgramError, match="nobody with the id 'anna' is asked; did you mean"):
        plan().calendar("anna")
    alone = matching(
        [{"id": "ana", "rank": 6}, {"id": "bo", "rank": 1}],
        PROGRAM.model_copy(update={"rules": ()}),
    )
    nobody = mm.check_ins(alone, start=START)
    assert repr(nobody) == "CheckIns(nobody to ask)"
    with pytest.raises(mm.ProgramError, match="there are no pairs"):
        nobody.calendar()


def test_a_calendar_is_written_whole(tmp_path: Path) -> None:
    file = tmp_path / "ana.ics"
    plan().write_calendar(file, "ana")
    assert file.read_bytes() == plan().calendar("ana").encode()
    assert b"\r\n" in file.read_bytes()


def test_a_plan_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        plan().title = "other"
    with pytest.raises(TypeError):
        plan().questions["met"] = "?"


def test_without_icalendar_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(mm.MissingExtraError, match=r"mentormatch-engine\[calendar\]"):
        plan().calendar("ana")
