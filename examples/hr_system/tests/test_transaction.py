"""A round is written whole, or nothing is."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import mentormatch as mm
from hr_system import OutdatedError, UnprovenError, run_round, writing
from hr_system.person import Person
from hr_system.round import Round
from hr_system.scheme import Scheme

Tables = dict[str, list[tuple[Any, ...]]]

SCHEME = 1
MATCH = mm.match


class InjectedError(Exception):
    """A fault of the test."""


def fail(*_: object, **__: object) -> NoReturn:
    raise InjectedError


def without_rules(people: mm.Cohort, program: mm.Program, **options: Any) -> mm.Matching:
    """Answer another question than the one that was asked, as a faulty solver might."""
    return MATCH(people, program.model_copy(update={"rules": ()}), **options)


@contextmanager
def when_half_is_written(do: Callable[[], None]) -> Iterator[None]:
    """Do something once the rows of the round, its pairs and its letters are in the transaction."""

    def act(session: Session, _: object) -> None:
        if any(isinstance(one, Round) for one in session.new):
            do()

    event.listen(Session, "after_flush", act)
    try:
        yield
    finally:
        event.remove(Session, "after_flush", act)


@pytest.fixture
def unchanged(firm: Path) -> Iterator[Path]:
    """The firm, whose database is the same after the test to the last byte."""
    before = firm.read_bytes()
    yield firm
    assert firm.read_bytes() == before
    assert [one.name for one in firm.parent.iterdir()] == [firm.name]


def test_nothing_is_written_when_the_matching_fails(unchanged: Path) -> None:
    with patch.object(mm, "match", fail), pytest.raises(InjectedError):
        run_round(unchanged, SCHEME, 1)


def test_nothing_is_written_when_the_verification_fails(unchanged: Path) -> None:
    with (
        patch.object(mm, "match", without_rules),
        pytest.raises(UnprovenError, match="are not an allowed pair"),
    ):
        run_round(unchanged, SCHEME, 1)


def test_nothing_is_written_when_the_letters_fail(unchanged: Path) -> None:
    with patch.object(mm.Matching, "explain", fail), pytest.raises(InjectedError):
        run_round(unchanged, SCHEME, 1)


def test_nothing_is_written_when_half_of_it_is_and_the_rest_fails(unchanged: Path) -> None:
    with when_half_is_written(fail), pytest.raises(InjectedError):
        run_round(unchanged, SCHEME, 1)


def test_nothing_is_written_when_somebody_else_writes_for_too_long(unchanged: Path) -> None:
    with writing(unchanged), pytest.raises(OperationalError, match="database is locked"):
        run_round(unchanged, SCHEME, 1, patience=0.05)


def test_nothing_is_written_for_a_scheme_whose_program_does_not_fit(firm: Path) -> None:
    with writing(firm) as session:
        program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="cohort", a=["x"], b=["y"])))
        session.get_one(Scheme, SCHEME).program = program.model_dump_json()
    before = firm.read_bytes()
    with pytest.raises(mm.ProgramError, match="cohort"):
        run_round(firm, SCHEME, 1)
    assert firm.read_bytes() == before


def run_and_be_killed(path: Path) -> None:
    with when_half_is_written(lambda: os.kill(os.getpid(), signal.SIGKILL)):
        run_round(path, SCHEME, 1)


def test_nothing_is_written_when_the_process_is_killed_and_the_round_can_be_run_again(
    firm: Path, dump: Callable[[Path], Tables]
) -> None:
    before = dump(firm)
    process = multiprocessing.get_context("spawn").Process(target=run_and_be_killed, args=(firm,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert dump(firm) == before
    assert run_round(firm, SCHEME, 1) > 0


def test_nothing_is_written_when_data_changed_while_people_were_matched(
    firm: Path, dump: Callable[[Path], Tables]
) -> None:
    after = []

    def match_slowly(*arguments: Any, **options: Any) -> mm.Matching:
        matching = MATCH(*arguments, **options)
        with writing(firm) as session:
            session.get_one(Person, matching.pairs[0].a).department = "Elsewhere"
        after.append(dump(firm))
        return matching

    with patch.object(mm, "match", match_slowly), pytest.raises(OutdatedError):
        run_round(firm, SCHEME, 1)
    assert [dump(firm)] == after
