"""A round and the next one."""

import json
import logging
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import mentormatch as mm
from hr_system import NotNextError, create, demo, reading, run_round, verified, writing
from hr_system.finding import Finding
from hr_system.inputs import Inputs
from hr_system.person import Person
from hr_system.round import Round
from hr_system.scheme import Enrolment, Scheme
from hr_system.skill import Skill

MENTORING, EXCHANGE = 1, 2


def rounds(session: Session, scheme: int) -> list[Round]:
    asked = select(Round).where(Round.scheme_id == scheme).order_by(Round.number)
    return list(session.scalars(asked))


def partners(run: Round) -> set[frozenset[str]]:
    return {frozenset((one.a_id, one.b_id)) for one in run.partnerships}


@pytest.mark.parametrize("scheme", [MENTORING, EXCHANGE])
def test_a_first_round_is_written_whole(firm: Path, scheme: int) -> None:
    with reading(firm) as session:
        inputs = Inputs.of_today(session, session.get_one(Scheme, scheme), 1)
    pairs = run_round(firm, scheme, 1)
    with reading(firm) as session:
        [run] = rounds(session, scheme)
        assert Inputs.of_round(session, run) == inputs
        enrolled = select(Enrolment.person_id).where(Enrolment.scheme_id == scheme)
        assert [letter.person_id for letter in run.letters] == sorted(session.scalars(enrolled))
        assert len(run.partnerships) == pairs > 5
        letters = {letter.person_id: letter.text for letter in run.letters}
        name_of = {person.id: person.name for person in session.scalars(select(Person))}
        for one in run.partnerships:
            assert name_of[one.b_id] in letters[one.a_id]
        record = json.loads(run.record)
    assert record["status"] == "optimal"
    # The same as somebody finds who asks the library without any database.
    alone = mm.match(inputs.to_cohort(), inputs.to_program(), seed=1)
    assert json.loads(alone.to_json())["pairs"] == record["pairs"]


@pytest.mark.parametrize("scheme", [MENTORING, EXCHANGE])
def test_a_second_round_repeats_no_pair_and_knows_who_left_and_who_joined(
    firm: Path, scheme: int
) -> None:
    run_round(firm, scheme, 1)
    with writing(firm) as session:
        gone = rounds(session, scheme)[0].partnerships[0].a_id
        session.get_one(Person, gone).status = "left"
        offer = {"Machine learning": "5", "Coaching": "5", "Python": "5"}
        skills = [Skill(kind="teaches", name=name, level=level) for name, level in offer.items()]
        wishes = [Skill(kind="wants", name=name, level=None) for name in ("Strategy", "Writing")]
        new = Person(
            id="new",
            name="Newcomer",
            department="Archive",
            grade="trainee",
            utc_offset="-3",
            hours=4,
            skills=[*skills, *wishes],
        )
        session.add_all([new, Enrolment(scheme_id=scheme, person_id="new")])
    run_round(firm, scheme, 2)
    with reading(firm) as session:
        first, second = rounds(session, scheme)
        assert partners(second)
        assert not partners(first) & partners(second)
        told = {letter.person_id for letter in second.letters}
        assert "new" in told
        assert gone not in told
        record = json.loads(second.record)
    assert [one["id"] for one in record["taking_no_part"]] == [gone]
    assert verified(firm, scheme, 1).total > 0
    assert verified(firm, scheme, 2).total > 0


def test_an_earlier_answer_as_a_start_changes_nothing_in_the_next(firm: Path) -> None:
    run_round(firm, MENTORING, 1)
    run_round(firm, MENTORING, 2)
    with reading(firm) as session:
        run = rounds(session, MENTORING)[1]
        inputs, record = Inputs.of_round(session, run), json.loads(run.record)
    anew = mm.match(inputs.to_cohort(), inputs.to_program(), seed=2)
    assert json.loads(anew.to_json())["pairs"] == record["pairs"]


def test_a_scheme_may_change_its_format_between_rounds(firm: Path) -> None:
    run_round(firm, MENTORING, 1)
    with writing(firm) as session:
        pool = mm.Program(rules=[mm.NotPairedBefore()])
        session.get_one(Scheme, MENTORING).program = pool.model_dump_json()
    assert run_round(firm, MENTORING, 2) > 0
    assert verified(firm, MENTORING, 1).layout == "sides"
    assert verified(firm, MENTORING, 2).layout == "pool"


@pytest.mark.parametrize(("number", "following"), [(1, 2), (3, 2), (0, 2)])
def test_only_the_next_round_can_be_run(firm: Path, number: int, following: int) -> None:
    run_round(firm, MENTORING, 1)
    with pytest.raises(NotNextError, match=f"next is {following}"):
        run_round(firm, MENTORING, number)


def test_reporting_lines_go_through_managers_who_take_no_part(tmp_path: Path) -> None:
    path = tmp_path / "hr.sqlite"
    create(path)
    program = mm.Program(rules=[mm.NoReportingLine()])
    chain = [("head", "teaches"), ("middle", ""), ("report", "wants"), ("other", "wants")]
    above = {"middle": "head", "report": "middle"}
    with writing(path) as session:
        for person, kind in chain:
            kinds = {"teaches": ("sql", "R"), "wants": ("R", "sql")}.get(kind)
            skills = [
                Skill(kind=one, name=name)
                for one, name in zip(("teaches", "wants"), kinds or (), strict=False)
            ]
            manager = above.get(person)
            session.add(Person(id=person, name=person, manager_id=manager, skills=skills))
        session.add(
            Scheme(
                name="pool",
                program=program.model_dump_json(),
                reading=demo.READING.model_dump_json(),
            )
        )
        session.flush()
        enrolled = ("head", "report", "other")
        session.add_all(Enrolment(scheme_id=1, person_id=person) for person in enrolled)
    assert run_round(path, 1, 1) == 1
    with reading(path) as session:
        assert partners(rounds(session, 1)[0]) == {frozenset(("head", "other"))}


def test_the_log_counts_and_names_nobody(firm: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    run_round(firm, MENTORING, 1)
    with writing(firm) as session:
        people = [(one.id, one.name) for one in session.scalars(select(Person))]
        enrolled = select(Enrolment.person_id).where(Enrolment.scheme_id == MENTORING)
        session.get_one(Person, min(session.scalars(enrolled))).grade = "boss"
    with pytest.raises(mm.ProfileErrors):
        run_round(firm, MENTORING, 2)
    assert "pairs written" in caplog.text
    assert "faults in the data" in caplog.text
    assert not [one for pair in people for one in pair if one in caplog.text]


def test_a_doubt_is_for_the_clerk_and_stops_nothing(firm: Path) -> None:
    with writing(firm) as session:
        enrolled = select(Enrolment.person_id).where(Enrolment.scheme_id == MENTORING)
        person = min(session.scalars(enrolled))
        for kind, level in (("knows", "5"), ("wants", "1")):
            session.add(Skill(person_id=person, kind=kind, name="Chess", level=level))
    run_round(firm, MENTORING, 1)
    with reading(firm) as session:
        [doubt] = session.scalars(select(Finding).where(Finding.kind == "doubt"))
        assert person in doubt.text
        assert doubt.person_id is None
