"""Whether a round worked, what is learned, and the round after it."""

import json
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

import mentormatch as mm
from hr_system import (
    calibrate,
    check_ins,
    evaluate,
    reading,
    receive,
    repair,
    run_round,
    verified,
    writing,
)
from hr_system.inputs import Inputs
from hr_system.person import Person
from hr_system.round import Round, last_of
from hr_system.scheme import Scheme

SCHEME = 1


def answered(path: Path, number: int, fit: Callable[[int], int]) -> None:
    """Let everybody answer that they met and learned all that their partner teaches."""
    matching = verified(path, SCHEME, number)
    learns = {pair.a: pair.b_teaches for pair in matching.pairs}
    learns |= {pair.b: pair.a_teaches for pair in matching.pairs}
    forms = check_ins(path, SCHEME, number, times=1).to_records()
    said = [
        {**form, "met": True, "hours": 2, "fit": fit(place), "wishes_met": learns[form["by"]]}
        for place, form in enumerate(forms)
    ]
    receive(path, SCHEME, number, said)


def test_a_round_is_evaluated_from_what_the_database_has(published: Path) -> None:
    answered(published, 1, lambda place: 2 + place % 4)
    found = evaluate(published, SCHEME, 1, attributes=["department"])
    assert found.response.answered == found.response.asked > 10
    assert found.meeting.hours == 2.0
    assert "of wishes met" in found.sentence
    assert {group.attribute for group in found.groups} == {"department"}


def test_where_the_answers_cannot_tell_the_program_stays_and_the_evidence_is_kept(
    published: Path,
) -> None:
    answered(published, 1, lambda place: 2 + place % 4)
    with reading(published) as session:
        before = session.get_one(Scheme, SCHEME).program
    found = calibrate(published, SCHEME)
    assert not found.learned
    assert found.reason.startswith("Nothing is learned: it takes 30 good and 30 poor pairs to tell")
    with reading(published) as session:
        scheme = session.get_one(Scheme, SCHEME)
        assert scheme.calibration is not None
        assert mm.Calibration.from_json(scheme.calibration) == found
        assert mm.Program.model_validate_json(scheme.program) == (
            mm.Program.model_validate_json(before)
        )


def test_in_the_next_round_who_waited_comes_first_and_what_was_learned_is_known(
    published: Path,
) -> None:
    answered(published, 1, lambda _: 4)
    first = verified(published, SCHEME, 1)
    waited = {one.id for one in first.unmatched}
    run_round(published, SCHEME, 2)
    second = verified(published, SCHEME, 2)
    with reading(published) as session:
        run = last_of(session, SCHEME, 2)
        people = Inputs.of_round(session, run).to_cohort()
    assert {one for one in people.ids if people.numbers("waited")[people.row(one)]} == waited
    for pair in first.pairs:
        learned = dict.fromkeys(pair.a_teaches, 1.0)
        assert learned.items() <= people.participant(pair.b).knows.items()
    served = {one for pair in second.pairs for one in (pair.a, pair.b)} & waited
    with reading(published) as session:
        program = mm.Program.model_validate_json(session.get_one(Scheme, SCHEME).program)
    assert len(served) == mm.serve_first(people, program).at_most > 0


def test_rounds_in_which_who_waited_came_first_can_be_learned_from(published: Path) -> None:
    answered(published, 1, lambda place: 2 + place % 4)
    run_round(published, SCHEME, 2)
    answered(published, 2, lambda place: 2 + place % 4)
    assert calibrate(published, SCHEME).evidence.rounds == 2


def test_a_round_whose_people_may_have_several_partners_is_verified_too(published: Path) -> None:
    with writing(published) as session:
        scheme = session.get_one(Scheme, SCHEME)
        program = mm.Program.model_validate_json(scheme.program)
        sides = mm.Sides(by="rank", at_least=3, names=("leader", "junior"))
        wider = program.model_copy(update={"format": mm.Pairs(sides=sides, capacity=(1, 2))})
        scheme.program = wider.model_dump_json()
    run_round(published, SCHEME, 2)
    first = verified(published, SCHEME, 2)
    with writing(published) as session:
        session.get_one(Person, first.pairs[0].a).status = "left"
    assert repair(published, SCHEME, 2)
    assert verified(published, SCHEME, 2).total > 0
    with reading(published) as session:
        several = {
            json.dumps(json.loads(one)["several"])
            for one in session.scalars(
                select(Round.past).where(Round.scheme_id == SCHEME, Round.number == 2)
            )
        }
    assert len(several) == 1
    assert several != {"[]"}


def test_the_worst_pair_may_come_first_instead_of_who_waited(published: Path) -> None:
    with writing(published) as session:
        scheme = session.get_one(Scheme, SCHEME)
        program = mm.Program.model_validate_json(scheme.program)
        floor = program.model_copy(update={"objective": "floor_then_score"})
        scheme.program = floor.model_dump_json()
    assert run_round(published, SCHEME, 2) > 0
    verified(published, SCHEME, 2)
