"""Run a round and write it, whole or not at all."""

import logging
import warnings
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

import mentormatch as mm
from hr_system.database import PATIENCE, reading, writing
from hr_system.errors import NotNextError, OutdatedError
from hr_system.finding import Finding
from hr_system.inputs import Inputs
from hr_system.keeping import faults_of, keep, letters_of, make_sure, note
from hr_system.round import Round
from hr_system.scheme import Scheme

__all__ = ["run_round"]

logger = logging.getLogger("hr_system")


def run_round(path: Path, scheme_id: int, number: int, *, patience: float = PATIENCE) -> int:
    """Match the people of a scheme, verify the answer and write the round in one transaction.

    The lock is held while the round is written, not while people are matched: what was read for
    the matching is read again then, and has to be the same.

    Parameters
    ----------
    path
        The database.
    scheme_id, number
        Which round; it has to be the scheme's next.
    patience
        For how many seconds to wait until another process has written.

    Returns
    -------
    int
        How many pairs there are.

    Raises
    ------
    mentormatch.ProfileErrors
        When people's data have faults. They are written as findings, and nothing else is.
    mentormatch.ProgramError, mentormatch.InfeasibleError, pydantic.ValidationError
        When the scheme's program is none, or does not fit its people.
    NotNextError
        When the round has been run, also when another process did so meanwhile.
    OutdatedError
        When something it rests on changed meanwhile.
    UnprovenError
        When the answer is not proven to be the best.
    sqlalchemy.exc.OperationalError
        When another process writes for longer than `patience`.
    """
    with reading(path, patience=patience) as session:
        last = _last_before(session, scheme_id, number)
        inputs = Inputs.of_today(session, session.get_one(Scheme, scheme_id), number)
    try:
        matching, used, doubts = _matched(inputs, last, seed=number)
    except mm.ProfileErrors as error:
        with writing(path, patience=patience) as session:
            _check(session, scheme_id, number, inputs)
            note(session, scheme_id, faults_of(error))
        count = len(error.faults)
        logger.warning("scheme %d, round %d: faults in the data: %d", scheme_id, number, count)
        raise
    letters = letters_of(matching)
    with writing(path, patience=patience) as session:
        _check(session, scheme_id, number, inputs)
        keep(session, Round(scheme_id=scheme_id, number=number), used, matching, letters)
        note(session, scheme_id, (Finding(kind="doubt", text=text) for text in doubts))
    pairs = len(matching.meetings)
    logger.info("scheme %d, round %d: %d pairs written", scheme_id, number, pairs)
    return pairs


def _last_before(session: Session, scheme_id: int, number: int) -> Round | None:
    """Return the round before this one, as it was last repaired; the first has none."""
    rounds = select(Round).where(Round.scheme_id == scheme_id)
    newest = rounds.order_by(Round.number.desc(), Round.revision.desc())
    last = session.scalars(newest.limit(1)).first()
    next_number = last.number + 1 if last else 1
    if number != next_number:
        raise NotNextError(f"round {number} of scheme {scheme_id}: next is {next_number}")
    return last


def _check(session: Session, scheme_id: int, number: int, inputs: Inputs) -> None:
    """Make sure that nobody was quicker, and that what was found is about today's data."""
    _last_before(session, scheme_id, number)
    if Inputs.of_today(session, session.get_one(Scheme, scheme_id), number) != inputs:
        raise OutdatedError(f"the data of scheme {scheme_id} changed meanwhile")


def _matched(
    inputs: Inputs, last: Round | None, seed: int
) -> tuple[mm.Matching, Inputs, list[str]]:
    """Return the verified matching, what it was made from, and what is doubtful about the data."""
    program = inputs.to_program()
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always", mm.ProfileWarning)
        people = inputs.to_cohort()
    doubts = [str(one.message) for one in noted if one.category is mm.ProfileWarning]
    # One thread: there are several processes already.
    start = _start(last, program)
    if not _serves_first(program) or not people.numbers("waited").any():
        matching = mm.match(people, program, seed=seed, start=start, threads=1)
        make_sure(matching.certificate.verify(people, program))
        return matching, inputs, doubts
    served = mm.serve_first(people, program, seed=seed, start=start, threads=1)
    make_sure(served.verify(people))
    return served.matching, inputs.with_program(served.program, served.several), doubts


def _serves_first(program: mm.Program) -> bool:
    """Return whether who waited can come first in such a program."""
    return not isinstance(program.format, mm.Rings) and program.objective != "floor_then_score"


def _start(last: Round | None, program: mm.Program) -> mm.Matching | None:
    """Return the last answer to go on from: quicker, where many people stay on from year to year.

    A scheme may have changed its format since, and rings are always found anew.
    """
    if last is None or isinstance(program.format, mm.Rings):
        return None
    if mm.Program.model_validate_json(last.program).format != program.format:
        return None
    return mm.Matching.from_json(last.record)
