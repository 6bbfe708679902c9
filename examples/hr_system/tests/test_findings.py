"""Faults of people's data, for the HR clerk."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select

import mentormatch as mm
from hr_system import OutdatedError, reading, run_round, writing
from hr_system.finding import Finding
from hr_system.person import Person
from hr_system.round import Round
from hr_system.scheme import Enrolment
from hr_system.skill import Skill

SCHEME = 1


def found(path: Path) -> list[tuple[str | None, str]]:
    with reading(path) as session:
        rows = session.scalars(select(Finding).order_by(Finding.person_id, Finding.text))
        return [(one.person_id, one.text) for one in rows]


def test_every_fault_is_reported_for_its_person_at_once_and_gone_when_mended(firm: Path) -> None:
    with writing(firm) as session:
        enrolled = select(Enrolment.person_id).where(Enrolment.scheme_id == SCHEME)
        ana, bo, *_ = sorted(session.scalars(enrolled))
        session.get_one(Person, ana).grade = "boss"
        session.get_one(Person, bo).utc_offset = "somewhere"
        session.add(Skill(person_id=bo, kind="wants", name="Chess", level="very much"))
    with pytest.raises(mm.ProfileErrors):
        run_round(firm, SCHEME, 1)
    (first, grade), (second, offset), (third, level) = found(firm)
    assert (first, second, third) == (ana, bo, bo)
    assert grade.startswith("rank is 'boss'; allowed: one of trainee, associate, ")
    assert offset.startswith("utc_offset is 'somewhere'; allowed: hours from -12 to 14")
    assert level == "wants is 'Chess: very much'; allowed: a priority above 0, up to 10, or none"
    with reading(firm) as session:
        assert not list(session.scalars(select(Round)))
    with writing(firm) as session:
        session.get_one(Person, ana).grade = "chief"
        session.get_one(Person, bo).utc_offset = "+02:00"
        session.get_one(Skill, (bo, "wants", "Chess")).level = "9"
    assert run_round(firm, SCHEME, 1) > 0
    assert found(firm) == []


def test_what_was_mended_while_it_was_read_is_no_finding(firm: Path) -> None:
    read_records = mm.read_records
    with writing(firm) as session:
        enrolled = select(Enrolment.person_id).where(Enrolment.scheme_id == SCHEME)
        person = min(session.scalars(enrolled))
        session.get_one(Person, person).grade = "boss"

    def read_slowly(*people: Any, **declared: Any) -> mm.Cohort:
        with writing(firm) as session:
            session.get_one(Person, person).grade = "chief"
        return read_records(*people, **declared)

    with patch.object(mm, "read_records", read_slowly), pytest.raises(OutdatedError):
        run_round(firm, SCHEME, 1)
    assert found(firm) == []
    assert run_round(firm, SCHEME, 1) > 0


def test_managers_in_a_circle_are_a_fault_of_one_of_them(firm: Path) -> None:
    with writing(firm) as session:
        person = session.scalars(select(Person).where(Person.manager_id.is_not(None))).first()
        assert person is not None
        assert person.manager_id is not None
        session.get_one(Person, person.manager_id).manager_id = person.id
    with pytest.raises(mm.ProfileErrors):
        run_round(firm, SCHEME, 1)
    [(_, text)] = found(firm)
    assert "manager_id is" in text


def test_a_scheme_in_which_nobody_is_enrolled_is_told_to_nobody_in_particular(firm: Path) -> None:
    with writing(firm) as session:
        for one in session.scalars(select(Enrolment).where(Enrolment.scheme_id == SCHEME)):
            session.delete(one)
    with pytest.raises(mm.ProfileErrors):
        run_round(firm, SCHEME, 1)
    assert found(firm) == [(None, "content is 'empty'; allowed: one record for each person")]
