"""A round is repaired after it was published, and each revision can be verified."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import delete, select

import mentormatch as mm
from hr_system import OutdatedError, decide, reading, repair, run_round, verified, writing
from hr_system.decline import Decline
from hr_system.finding import Finding
from hr_system.person import Person
from hr_system.round import Round, last_of
from hr_system.scheme import Enrolment, Exemption, Scheme
from hr_system.skill import Skill

MENTORING, EXCHANGE = 1, 2


def pairs_of(path: Path, scheme: int = MENTORING, number: int = 1) -> set[tuple[str, str]]:
    with reading(path) as session:
        return {(one.a_id, one.b_id) for one in last_of(session, scheme, number).partnerships}


def leave(path: Path, person: str) -> None:
    with writing(path) as session:
        session.get_one(Person, person).status = "left"


def test_published_pairs_stay_when_somebody_leaves_and_somebody_joins(published: Path) -> None:
    before = pairs_of(published)
    a, b = min(before)
    leave(published, a)
    with writing(published) as session:
        wishes = [Skill(kind="wants", name=name) for name in ("Strategy", "Negotiation", "Hiring")]
        offers = session.scalars(select(Skill.name).where(Skill.kind == "wants").distinct())
        skills = [Skill(kind="teaches", name=name, level="5") for name in offers]
        new = Person(
            id="new", name="New", department="Archive", grade="trainee", utc_offset="1", hours=4
        )
        new.skills = [*skills, *(one for one in wishes if one.name not in {s.name for s in skills})]
        session.add_all([new, Enrolment(scheme_id=MENTORING, person_id="new")])
    told = repair(published, MENTORING, 1)
    after = pairs_of(published)
    assert before - after == {(a, b)}
    assert told[a] == "You take no part any more."
    assert "is no longer your partner." in told[b]
    assert {"new", a, b} <= told.keys()
    assert {one for pair in before & after for one in pair}.isdisjoint(told)
    assert verified(published, MENTORING, 1).total > 0
    assert repair(published, MENTORING, 1) == {}  # nothing has happened since
    with reading(published) as session:
        assert session.scalars(select(Round.revision)).all() == [0, 1]


def test_who_has_no_hours_left_takes_no_part_any_more(published: Path) -> None:
    a, b = min(pairs_of(published))
    with writing(published) as session:
        session.get_one(Person, a).hours = 1
    assert repair(published, MENTORING, 1)[a] == "You take no part any more."
    assert (a, b) not in pairs_of(published)


def test_a_repaired_round_is_repaired_again(published: Path) -> None:
    for _ in range(2):
        leave(published, min(pairs_of(published))[0])
        assert repair(published, MENTORING, 1)
        verified(published, MENTORING, 1)


def test_locked_pairs_stay_whatever_may_change(published: Path) -> None:
    before = sorted(pairs_of(published))
    decide(published, MENTORING, 1, before[1:], "locked", by="Vera")
    leave(published, before[0][0])
    repair(published, MENTORING, 1, changes=len(before))
    assert {*before[1:]} <= pairs_of(published)


def test_a_pair_that_a_rule_forbids_by_now_ends_or_stays_for_a_reason(published: Path) -> None:
    a, b = min(pairs_of(published))
    with writing(published) as session:
        session.get_one(Person, b).department = session.get_one(Person, a).department
    again = published.with_name("again.sqlite")
    again.write_bytes(published.read_bytes())
    repair(published, MENTORING, 1)
    assert (a, b) not in pairs_of(published)
    decide(again, MENTORING, 1, [(a, b)], "locked", by="Vera")
    repair(again, MENTORING, 1, override="they moved together")
    assert (a, b) in pairs_of(again)
    verified(again, MENTORING, 1)


def test_rings_are_repaired_too(firm: Path) -> None:
    run_round(firm, EXCHANGE, 1)
    gone = min(pairs_of(firm, EXCHANGE))[0]
    leave(firm, gone)
    assert gone in repair(firm, EXCHANGE, 1)
    assert gone not in {one for pair in pairs_of(firm, EXCHANGE) for one in pair}
    verified(firm, EXCHANGE, 1)


def test_faults_of_the_data_are_findings_and_the_round_stays_as_it_is(published: Path) -> None:
    before = pairs_of(published)
    a, _ = min(before)
    with writing(published) as session:
        session.get_one(Person, a).grade = "boss"
    with pytest.raises(mm.ProfileErrors):
        repair(published, MENTORING, 1)
    with reading(published) as session:
        [finding] = session.scalars(select(Finding))
        assert (finding.person_id, finding.kind) == (a, "fault")
    assert pairs_of(published) == before


def test_a_repair_of_what_changes_meanwhile_is_not_written(published: Path) -> None:
    first, second, *_ = sorted(pairs_of(published))
    leave(published, first[0])
    revise = mm.Matching.revise

    def revise_slowly(*arguments: Any, **options: Any) -> object:
        found = revise(*arguments, **options)
        leave(published, second[0])
        return found

    with patch.object(mm.Matching, "revise", revise_slowly), pytest.raises(OutdatedError):
        repair(published, MENTORING, 1)
    assert {first, second} <= pairs_of(published)


def test_an_exemption_passes_a_rule_with_its_reason_for_one_round_and_no_decline(
    firm: Path,
) -> None:
    with writing(firm) as session:
        session.execute(delete(Decline))
        scheme = session.get_one(Scheme, MENTORING)
        enrolled = select(Enrolment.person_id).where(Enrolment.scheme_id == MENTORING)
        people = session.scalars(select(Person).where(Person.id.in_(enrolled)).order_by(Person.id))
        leaders: list[Person] = []
        juniors: list[Person] = []
        for person in people:
            (juniors if person.grade in ("trainee", "associate") else leaders).append(person)
        a, b = next(
            (one.id, other.id)
            for one in leaders
            for other in juniors
            if one.department == other.department
        )
        reason = "both work on the new warehouse"
        session.add(Exemption(scheme_id=scheme.id, number=1, a_id=a, b_id=b, reason=reason))
    declined = firm.with_name("declined.sqlite")
    declined.write_bytes(firm.read_bytes())
    with writing(declined) as session:
        session.add(Decline(person_id=b, other_id=a))
    with pytest.raises(mm.InfeasibleError, match="both must take part"):
        run_round(declined, MENTORING, 1)
    run_round(firm, MENTORING, 1)
    assert (a, b) in pairs_of(firm)
    matching = verified(firm, MENTORING, 1)
    assert reason in matching.explain(a).text("coordinator")
    assert reason not in matching.explain(a).text()
    run_round(firm, MENTORING, 2)
    assert (a, b) not in pairs_of(firm, number=2)  # it was for one round
