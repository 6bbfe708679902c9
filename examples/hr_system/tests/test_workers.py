"""Several processes on one database."""

import multiprocessing
import shutil
import threading
from collections.abc import Callable
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

import pytest
from sqlalchemy import func, select

import mentormatch as mm
from hr_system import NotNextError, reading, run_round, run_rounds, verified, writing
from hr_system.partnership import Partnership
from hr_system.person import Person
from hr_system.round import Round
from hr_system.scheme import Enrolment, Scheme
from hr_system.skill import Skill
from hr_system.workers import run_again

Tables = dict[str, list[tuple[Any, ...]]]

MENTORING, EXCHANGE = 1, 2
MATCH = mm.match
SPAWN, FORK = multiprocessing.get_context("spawn"), multiprocessing.get_context("fork")
Context = SpawnContext | ForkContext
WAIT = 120.0

# Python warns of every fork in a process with threads, and NumPy's linear algebra has some.
forks = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


def told(tables: Tables) -> Tables:
    """Call rounds by scheme and number: their ids are in the order in which workers finish."""
    names = {row[0]: row[1:3] for row in tables["round"]}
    by_round = ("partnership", "letter", "confidential_decline_at_round")
    named = {name: sorted((*names[row[0]], *row[1:]) for row in tables[name]) for name in by_round}
    return {**tables, **named, "round": sorted(row[1:] for row in tables["round"])}


@forks
@pytest.mark.parametrize("start_method", ["spawn", "fork"])
def test_workers_give_what_one_process_gives(
    founded: Path,
    tmp_path: Path,
    dump: Callable[[Path], Tables],
    start_method: Literal["spawn", "fork"],
) -> None:
    alone = Path(shutil.copy(founded, tmp_path / "alone.sqlite"))
    together = Path(shutil.copy(founded, tmp_path / "together.sqlite"))
    for number in (1, 2):
        rounds = [(scheme, number) for scheme in (MENTORING, EXCHANGE)]
        expected = {(scheme, number): run_round(alone, scheme, number) for scheme, _ in rounds}
        assert run_rounds(together, rounds, start_method=start_method) == expected
    assert len(dump(alone)["round"]) == 4
    assert told(dump(together)) == told(dump(alone))


def run_and_meet(path: Path, scheme: int, barrier: Barrier, results: "Queue[object]") -> None:
    """Run a round, but wait for the others once people are matched the first time."""
    have_met = False

    def match(*arguments: Any, **options: Any) -> mm.Matching:
        nonlocal have_met
        matching = MATCH(*arguments, **options)
        if not have_met:
            have_met = True
            barrier.wait(WAIT)
        return matching

    with patch.object(mm, "match", match):
        try:
            results.put(run_again(path, scheme, 1))
        except Exception as error:  # noqa: BLE001 - the test wants to see any
            results.put(error)


def race(path: Path, schemes: list[int], context: Context) -> list[object]:
    """Run the first rounds of some schemes in processes that write at the same time."""
    barrier, results = context.Barrier(len(schemes)), context.Queue()
    processes = [
        context.Process(target=run_and_meet, args=(path, scheme, barrier, results))
        for scheme in schemes
    ]
    for process in processes:
        process.start()
    found = [results.get(timeout=WAIT) for _ in processes]
    for process in processes:
        process.join()
    return found


@forks
@pytest.mark.parametrize("context", [SPAWN, FORK], ids=["spawn", "fork"])
def test_of_workers_who_run_the_same_round_one_writes_it(
    firm: Path, dump: Callable[[Path], Tables], context: Context
) -> None:
    found = race(firm, [MENTORING] * 3, context)
    assert sorted(type(one).__name__ for one in found) == ["NotNextError", "NotNextError", "int"]
    tables = dump(firm)
    assert len(tables["round"]) == 1
    [pairs] = [one for one in found if isinstance(one, int)]
    assert len(tables["partnership"]) == pairs
    verified(firm, MENTORING, 1)


@forks
def test_schemes_that_share_people_never_pair_the_same_two(firm: Path) -> None:
    with writing(firm) as session:
        other = Scheme(name="Again", **columns(session.get_one(Scheme, MENTORING)))
        session.add(other)
        session.flush()
        enrolled = session.scalars(select(Enrolment).where(Enrolment.scheme_id == MENTORING))
        session.add_all(
            Enrolment(scheme_id=other.id, person_id=one.person_id) for one in list(enrolled)
        )
        scheme = other.id
    found = race(firm, [MENTORING, scheme], FORK)
    assert all(isinstance(one, int) and one for one in found), found
    with reading(firm) as session:
        pairs = [frozenset((one.a_id, one.b_id)) for one in session.scalars(select(Partnership))]
    assert len(set(pairs)) == len(pairs) > 0


def columns(scheme: Scheme) -> dict[str, str]:
    return {"program": scheme.program, "reading": scheme.reading}


def test_a_round_that_cannot_be_run_stops_no_other(firm: Path) -> None:
    with writing(firm) as session:
        enrolled = select(Enrolment.person_id).where(Enrolment.scheme_id == MENTORING)
        person = session.scalars(select(Person).where(Person.id.in_(enrolled)).limit(1)).one()
        person.grade = "boss"
    rounds = [(MENTORING, 1), (EXCHANGE, 1), (EXCHANGE, 7)]
    done = run_rounds(firm, rounds, workers=3)
    error, pairs, not_next = (done[one] for one in rounds)
    assert isinstance(error, mm.ProfileErrors)
    assert [fault.value for fault in error.faults] == ["boss"]
    assert isinstance(pairs, int)
    assert isinstance(not_next, NotNextError)


def test_errors_of_a_program_come_back_from_a_worker(firm: Path) -> None:
    with writing(firm) as session:
        session.get_one(Scheme, MENTORING).program = '{"rules": 7}'
        session.get_one(Scheme, EXCHANGE).program = '{"format": {"kind": "party"}}'
    done = run_rounds(firm, [(MENTORING, 1), (EXCHANGE, 1)])
    assert "rules" in str(done[MENTORING, 1])
    assert isinstance(done[EXCHANGE, 1], mm.ProgramError)


def test_a_round_waits_until_somebody_else_has_written(firm: Path) -> None:
    locked, has_asked = threading.Event(), threading.Event()

    def write() -> None:
        with writing(firm) as session:
            session.add(Skill(person_id=first, kind="teaches", name="Chess", level="5"))
            session.flush()
            locked.set()
            has_asked.wait(WAIT)

    with reading(firm) as session:
        first = session.scalars(select(func.min(Person.id))).one()
        anybody = select(Enrolment.person_id).where(Enrolment.scheme_id == MENTORING)
        assert first not in set(session.scalars(anybody))
    other = threading.Thread(target=write)
    other.start()
    assert locked.wait(WAIT)

    def verify_then_ask(*arguments: Any, **options: Any) -> mm.Matching:
        matching = MATCH(*arguments, **options)
        threading.Timer(0.5, has_asked.set).start()  # by then the round wants to write
        return matching

    with patch.object(mm, "match", verify_then_ask):
        assert run_round(firm, MENTORING, 1) > 0
    other.join()
    with reading(firm) as session:
        assert session.get(Skill, (first, "teaches", "Chess")) is not None
        assert session.scalar(select(func.count(Round.id))) == 1
