"""An auditor verifies what is stored, and finds what was changed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hr_system import AuditError, demo, reading, run_round, verified, writing
from hr_system.decline import Decline, DeclineAtRound
from hr_system.person import Person
from hr_system.round import Round
from hr_system.scheme import Enrolment, Scheme
from hr_system.skill import Skill

SCHEME = 1


def the_round(session: Session) -> Round:
    return session.scalars(select(Round).where(Round.scheme_id == SCHEME)).one()


def test_a_round_is_verified_after_people_and_the_scheme_have_changed(firm: Path) -> None:
    run_round(firm, SCHEME, 1)
    with writing(firm) as session:
        session.execute(delete(Decline))
        session.execute(delete(Skill))
        session.execute(delete(Enrolment))
        for person in session.scalars(select(Person)):
            person.manager_id, person.grade = None, "trainee"
        session.get_one(Scheme, SCHEME).program = "{}"
    with reading(firm) as session:
        stored = len(the_round(session).partnerships)
    matching = verified(firm, SCHEME, 1)
    assert len(matching.pairs) == stored
    assert matching.audit().ranks.from_above > 0  # attached: the auditor can ask it anything


def a_score(session: Session) -> None:
    run = the_round(session)
    record = json.loads(run.record)
    record["pairs"][0]["score"] += 2**-40
    run.record = json.dumps(record)


def a_price(session: Session) -> None:
    run = the_round(session)
    record = json.loads(run.record)
    prices = record["certificate"]["prices"][0]
    prices[max(prices, key=prices.__getitem__)] /= 2
    run.record = json.dumps(record)


def a_pair_of_the_record(session: Session) -> None:
    run = the_round(session)
    record = json.loads(run.record)
    del record["pairs"][0]
    run.record = json.dumps(record)


def a_reason(session: Session) -> None:
    run = the_round(session)
    record = json.loads(run.record)
    record["unmatched"][0]["code"] = "no_ring"
    run.record = json.dumps(record)


def a_profile(session: Session) -> None:
    run = the_round(session)
    people = json.loads(run.people)
    people[0]["grade"] = "chief" if people[0]["grade"] != "chief" else "lead"
    run.people = json.dumps(people)


def a_profile_into_none(session: Session) -> None:
    run = the_round(session)
    people = json.loads(run.people)
    people[0]["grade"] = "boss"
    run.people = json.dumps(people)


def the_reporting_tree(session: Session) -> None:
    run = the_round(session)
    enrolled = {one["id"] for one in json.loads(run.people)}
    staff = json.loads(run.organisation)
    next(one for one in staff if one[0] in enrolled and one[1])[1] = None
    run.organisation = json.dumps(staff)


def the_past(session: Session) -> None:
    run = the_round(session)
    pair = run.partnerships[0]
    run.past = json.dumps(
        {**json.loads(run.past), "history": [{"pairs": [[pair.a_id, pair.b_id]], "unmatched": []}]}
    )


def the_program(session: Session) -> None:
    run = the_round(session)
    program = json.loads(run.program)
    program["rules"] = program["rules"][:-1]
    run.program = json.dumps(program)


def the_text_of_the_record(session: Session) -> None:
    run = the_round(session)
    run.record = run.record[:-40]


def a_pair_of_the_table(session: Session) -> None:
    run = the_round(session)
    session.delete(run.partnerships[0])


def a_letter(session: Session) -> None:
    the_round(session).letters[0].text += " Well done."


def a_decline_of_a_pair(session: Session) -> None:
    run = the_round(session)
    pair = run.partnerships[0]
    session.add(DeclineAtRound(round_id=run.id, person_id=pair.b_id, other_id=pair.a_id))


@pytest.mark.parametrize(
    "tamper_with",
    [
        a_score,
        a_price,
        a_pair_of_the_record,
        a_reason,
        a_profile,
        a_profile_into_none,
        the_reporting_tree,
        the_past,
        the_program,
        the_text_of_the_record,
        a_pair_of_the_table,
        a_letter,
        a_decline_of_a_pair,
    ],
)
def test_what_was_tampered_with_is_found(
    firm: Path, tamper_with: Callable[[Session], None]
) -> None:
    run_round(firm, SCHEME, 1)
    verified(firm, SCHEME, 1)
    with writing(firm) as session:
        tamper_with(session)
    with pytest.raises(AuditError, match="round 1 of scheme 1"):
        verified(firm, SCHEME, 1)


def test_another_firms_round_is_not_this_ones(firm: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    demo.establish(other, 120, seed=8)
    demo.mend(other)
    run_round(other, SCHEME, 1)
    run_round(firm, SCHEME, 1)
    with reading(other) as session:
        record = the_round(session).record
    with writing(firm) as session:
        the_round(session).record = record
    with pytest.raises(AuditError, match="not the people of the record"):
        verified(firm, SCHEME, 1)
