"""A decline binds, and nobody can tell it from anything that they read."""

import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from hr_system import reading, run_round, verified, writing
from hr_system.decline import Decline, DeclineAtRound
from hr_system.letter import Letter
from hr_system.person import Person
from hr_system.round import Round
from hr_system.scheme import Enrolment

Tables = dict[str, list[tuple[Any, ...]]]
SCHEME = 1


@pytest.fixture
def open_firm(firm: Path) -> Path:
    """A firm in which nobody declines anybody."""
    with writing(firm) as session:
        session.execute(delete(Decline))
    return firm


def decline(path: Path, *pairs: tuple[str, str]) -> Path:
    """Return a copy of a firm in which somebody declines somebody."""
    copy = Path(shutil.copy(path, path.with_name("declined.sqlite")))
    with writing(copy) as session:
        session.add_all(Decline(person_id=one, other_id=other) for one, other in pairs)
    return copy


def test_a_decline_of_who_would_be_no_partner_anyway_changes_nothing(
    open_firm: Path, dump_open: Callable[[Path], Tables], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with reading(open_firm) as session:
        enrolled = select(Enrolment.person_id).where(Enrolment.scheme_id == SCHEME)
        leaders = select(Person.id).where(Person.id.in_(enrolled), Person.grade == "lead")
        ana, bo, *_ = session.scalars(leaders)
        outside = session.scalars(select(Person.id).where(Person.id.not_in(enrolled))).first()
        assert outside is not None
    # The second of the two is not in the scheme at all.
    copy = decline(open_firm, (ana, bo), (bo, outside))
    logs = []
    for path in (open_firm, copy):
        caplog.clear()
        run_round(path, SCHEME, 1)
        logs.append([(one.name, one.getMessage()) for one in caplog.records])
    assert dump_open(copy) == dump_open(open_firm)
    assert logs[0] == logs[1]
    assert logs[0]
    verified(copy, SCHEME, 1)


def test_a_decline_of_a_partner_changes_pairs_and_tells_nobody(
    open_firm: Path, dump_open: Callable[[Path], Tables]
) -> None:
    before = Path(shutil.copy(open_firm, open_firm.with_name("before.sqlite")))
    run_round(before, SCHEME, 1)
    with reading(before) as session:
        first = session.scalars(select(Round)).one()
        declined = first.partnerships[0]
        copy = decline(open_firm, (declined.b_id, declined.a_id))
        run_round(copy, SCHEME, 1)
        with reading(copy) as other:
            second = other.scalars(select(Round)).one()
            pairs = [{(one.a_id, one.b_id) for one in run.partnerships} for run in (first, second)]
            assert pairs[0] - pairs[1] >= {(declined.a_id, declined.b_id)}
            # What the round was made from reads the same, and so does all that is counted of it.
            for name in ("program", "reading", "people", "organisation"):
                assert getattr(first, name) == getattr(second, name)
            records = [json.loads(run.record) for run in (first, second)]
            for name in ("program", "people", "removed", "status", "taking_no_part", "versions"):
                assert records[0][name] == records[1][name]
            letters = [{one.person_id: one.text for one in run.letters} for run in (first, second)]
    # Whoever kept their partner, or has none as before, reads the same letter.
    partner = [dict(one) | {b: a for a, b in one} for one in pairs]
    same = [one for one in letters[0] if partner[0].get(one) == partner[1].get(one)]
    assert same
    assert all(letters[0][one] == letters[1][one] for one in same)
    # Who lost their partner, and got no other, reads what everybody reads who has none.
    alone = {letters[1][one] for one in letters[1] if one not in partner[1]}
    assert len(alone) == 1
    assert "declin" not in json.dumps(dump_open(copy), default=str)
    verified(copy, SCHEME, 1)


def test_a_round_is_verified_by_the_declines_of_its_time(open_firm: Path) -> None:
    before = Path(shutil.copy(open_firm, open_firm.with_name("before.sqlite")))
    run_round(before, SCHEME, 1)
    with reading(before) as session:
        pair = session.scalars(select(Round)).one().partnerships[0]
    copy = decline(open_firm, (pair.a_id, pair.b_id))
    run_round(copy, SCHEME, 1)
    with writing(copy) as session:
        session.execute(delete(Decline))
    verified(copy, SCHEME, 1)
    with reading(copy) as session:
        kept = session.execute(select(DeclineAtRound.person_id, DeclineAtRound.other_id))
        assert [tuple(one) for one in kept] == [(pair.a_id, pair.b_id)]


def test_no_error_of_the_database_shows_a_row(open_firm: Path) -> None:
    with reading(open_firm) as session:
        person = session.scalars(select(Person.id)).first()
    values = {"person_id": person, "other_id": person}
    with pytest.raises(IntegrityError) as error, writing(open_firm) as session:
        session.execute(insert(Decline), [values])
    assert str(person) not in str(error.value)


def test_no_relationship_leads_to_a_decline() -> None:
    for table in (Person, Round, Letter, Enrolment):
        assert not {"Decline", "DeclineAtRound"} & {
            one.mapper.class_.__name__ for one in table.__mapper__.relationships
        }
