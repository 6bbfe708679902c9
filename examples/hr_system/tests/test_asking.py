"""Check-ins for calendars, and answers that come back."""

from pathlib import Path

import pytest
from sqlalchemy import select

import mentormatch as mm
from hr_system import check_ins, reading, receive, repair, writing
from hr_system.answer import Answer
from hr_system.finding import Finding
from hr_system.person import Person
from hr_system.round import last_of

SCHEME = 1


def events(calendar: str) -> set[str]:
    return {line for line in calendar.splitlines() if line.startswith("UID")}


def test_everybody_has_a_calendar_that_names_their_partner_and_nobody_else(published: Path) -> None:
    plan = check_ins(published, SCHEME, 1, times=3)
    with reading(published) as session:
        name_of = {one.id: one.name for one in session.scalars(select(Person))}
        run = last_of(session, SCHEME, 1)
        pair, day = run.partnerships[0], run.ran_at.date()
    calendar = plan.calendar(pair.a_id).replace("\r\n ", "")
    assert calendar.startswith("BEGIN:VCALENDAR")
    assert len(events(calendar)) == 3
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in calendar
    named = {one for one, name in name_of.items() if name in calendar}
    assert named == {pair.b_id}


def test_pairs_that_a_repair_leaves_have_the_same_events(published: Path) -> None:
    with reading(published) as session:
        first, second, *_ = last_of(session, SCHEME, 1).partnerships
    before = check_ins(published, SCHEME, 1).calendar(second.a_id)
    with writing(published) as session:
        session.get_one(Person, first.a_id).status = "left"
    repair(published, SCHEME, 1)
    assert check_ins(published, SCHEME, 1).calendar(second.a_id) == before
    with pytest.raises(mm.ProgramError, match=f"nobody with the id '{first.a_id}'"):
        check_ins(published, SCHEME, 1).calendar(first.a_id)


def answers(path: Path) -> list[dict[str, object]]:
    return [
        {**form, "met": "yes", "fit": 4, "go_on": "no"}
        for form in check_ins(path, SCHEME, 1, times=1).to_records()
    ]


def test_answers_are_kept_and_a_second_one_of_a_day_corrects_the_first(published: Path) -> None:
    said = answers(published)
    assert receive(published, SCHEME, 1, said) == len(said)
    assert receive(published, SCHEME, 1, [{**said[0], "fit": 2}]) == 1
    with reading(published) as session:
        kept = {(one.a, one.b, one.by): one for one in session.scalars(select(Answer))}
    assert len(kept) == len(said)
    for one in said:
        found = kept[one["a"], one["b"], one["by"]]  # type: ignore[index]
        assert (found.met, found.fit, found.go_on) == (True, 2 if one is said[0] else 4, False)


def test_every_fault_of_the_answers_is_a_finding_at_once_and_nothing_is_kept(
    published: Path,
) -> None:
    said = answers(published)
    said[0] |= {"fit": 9, "hours": -1}
    said[1] |= {"date": "soon"}
    said[2] |= {"by": "nobody", "go_on": "perhaps"}
    with pytest.raises(mm.ProfileErrors):
        receive(published, SCHEME, 1, said)
    with reading(published) as session:
        found = [(one.person_id, one.text) for one in session.scalars(select(Finding))]
        assert not session.scalars(select(Answer)).all()
    assert [one for one, _ in found] == [said[0]["by"], said[0]["by"], said[1]["by"], None, None]
    assert "1 to 5" in found[1][1] or "1 to 5" in found[0][1]
    assert "perhaps" not in str(found)  # who would not go on says so in confidence
    receive(published, SCHEME, 1, answers(published))
    with reading(published) as session:
        assert not session.scalars(select(Finding)).all()


def test_an_answer_about_a_pair_that_is_none_is_a_fault(published: Path) -> None:
    with reading(published) as session:
        first, second, *_ = last_of(session, SCHEME, 1).partnerships
    strange = {"a": first.a_id, "b": second.b_id, "by": first.a_id, "date": "2027-01-04"}
    with pytest.raises(mm.ProfileErrors, match="pair"):
        receive(published, SCHEME, 1, [strange])
    with reading(published) as session:
        [finding] = session.scalars(select(Finding))
        assert finding.person_id == first.a_id
