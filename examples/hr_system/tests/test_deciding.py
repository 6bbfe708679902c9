"""A round is a proposal until it is published: pair by pair, by whom and when."""

import json
import logging
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import mentormatch as mm
from hr_system import decide, decisions, reading, reject, repair, run_round, verified, writing
from hr_system.decline import Decline
from hr_system.letter import Letter
from hr_system.partnership import Partnership
from hr_system.round import last_of
from hr_system.suggestion import Wish

Tables = dict[str, list[tuple[Any, ...]]]
SCHEME = 1
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)


def pairs_of(path: Path) -> list[tuple[str, str]]:
    with reading(path) as session:
        return [(one.a_id, one.b_id) for one in last_of(session, SCHEME, 1).partnerships]


def letters_of(path: Path) -> dict[str, str]:
    with reading(path) as session:
        return {one.person_id: one.text for one in last_of(session, SCHEME, 1).letters}


def test_what_was_decided_is_kept_pair_by_pair_and_survives_json(published: Path) -> None:
    first, second, *rest = pairs_of(published)
    decide(published, SCHEME, 1, [first, second, *rest], "approved", by="Vera", at=NOON)
    decide(published, SCHEME, 1, [second[::-1]], "locked", by="Vera", at=NOON)
    reject(published, SCHEME, 1, first[1], first[0], at=NOON)
    kept = decisions(published, SCHEME, 1, "auditor")
    assert kept.having("approved") == tuple(rest)
    assert (kept.having("locked"), kept.having("rejected")) == ((second,), (first,))
    assert [(one.by, one.at) for one in kept.decisions[-2:]] == [("Vera", NOON), (first[1], NOON)]
    assert mm.Proposal.from_json(kept.to_json()) == kept


def test_of_pairs_that_are_none_nothing_is_decided(published: Path) -> None:
    (a, b), (c, d), *_ = pairs_of(published)
    with pytest.raises(mm.ProgramError, match=f"{a} and {d}"):
        decide(published, SCHEME, 1, [(a, b), (a, d)], "approved", by="Vera")
    with pytest.raises(mm.ProgramError):
        reject(published, SCHEME, 1, c, b)
    assert not decisions(published, SCHEME, 1, "auditor").decisions
    with reading(published) as session:
        assert session.get(Decline, (c, b)) is None


def test_who_reads_no_confidential_table_can_tell_a_rejection_from_nothing(
    published: Path, dump_open: Callable[[Path], Tables], caplog: pytest.LogCaptureFixture
) -> None:
    first, *_ = pairs_of(published)
    decide(published, SCHEME, 1, [first], "approved", by="Vera", at=NOON)
    before = dump_open(published), decisions(published, SCHEME, 1, "coordinator")
    caplog.set_level(logging.DEBUG)
    reject(published, SCHEME, 1, *first)
    assert dump_open(published) == before[0]
    assert decisions(published, SCHEME, 1, "coordinator") == before[1]
    assert decisions(published, SCHEME, 1, "auditor").status(*first) == "rejected"
    assert not caplog.records


def test_a_repair_after_a_rejection_tells_nobody_whose_it_was_and_others_read_what_they_read(
    firm: Path, run_once: Path, dump_open: Callable[[Path], Tables]
) -> None:
    a, b = pairs_of(run_once)[0]
    with writing(firm) as session:
        session.add(Wish(scheme_id=SCHEME, person_id=a, other_id=b, place=1))  # which they regret
    run_round(firm, SCHEME, 1)
    published, copy = firm, Path(shutil.copy(firm, firm.with_name("other.sqlite")))
    assert (a, b) in pairs_of(published)
    before = letters_of(published)
    told = []
    for path, who, other in ((published, a, b), (copy, b, a)):
        reject(path, SCHEME, 1, who, other, at=NOON)
        told.append(repair(path, SCHEME, 1))
    assert (a, b) not in pairs_of(published)
    assert told[0] == told[1]
    assert {a, b} <= told[0].keys()
    assert dump_open(published) == dump_open(copy)
    for person, text in letters_of(published).items():
        assert person in told[0] or text == before[person]
    read = json.dumps([told[0], dump_open(published)], default=str)
    assert "reject" not in read
    assert "declin" not in read
    verified(published, SCHEME, 1)


def test_a_coordinator_who_knows_of_no_rejection_overrules_none(published: Path) -> None:
    first, *_ = pairs_of(published)
    reject(published, SCHEME, 1, *first)
    decide(published, SCHEME, 1, [first], "approved", by="Vera")
    assert decisions(published, SCHEME, 1, "coordinator").status(*first) == "approved"
    assert decisions(published, SCHEME, 1, "auditor").status(*first) == "rejected"
    repair(published, SCHEME, 1)
    assert first not in pairs_of(published)


def test_a_rejection_binds_the_rounds_that_follow(published: Path) -> None:
    first, *_ = pairs_of(published)
    reject(published, SCHEME, 1, *first)
    repair(published, SCHEME, 1)
    run_round(published, SCHEME, 2)
    with reading(published) as session:
        run = last_of(session, SCHEME, 2)
        later = {frozenset((one.a_id, one.b_id)) for one in run.partnerships}
        met = select(Partnership).where(Partnership.round_id != run.id)
        earlier = {frozenset((one.a_id, one.b_id)) for one in session.scalars(met)}
        assert session.scalars(select(Letter).where(Letter.round_id == run.id)).all()
    assert later
    assert frozenset(first) not in later
    assert not later & earlier
    verified(published, SCHEME, 2)
