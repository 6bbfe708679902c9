"""Run a round and write it, whole or not at all."""

import logging
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import mentormatch as mm
from hr_system.database import PATIENCE, reading, writing
from hr_system.decline import DeclineAtRound
from hr_system.errors import NotNextError, OutdatedError, UnprovenError
from hr_system.finding import Finding
from hr_system.inputs import Inputs
from hr_system.letter import Letter
from hr_system.partnership import Partnership
from hr_system.round import Round
from hr_system.scheme import Scheme

__all__ = ["letters_of", "run_round"]

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
        inputs = Inputs.of_today(session, session.get_one(Scheme, scheme_id))
    try:
        matching, doubts = _matched(inputs, last, seed=number)
    except mm.ProfileErrors as error:
        with writing(path, patience=patience) as session:
            _check(session, scheme_id, number, inputs)
            _note(session, scheme_id, _faults(error))
        count = len(error.faults)
        logger.warning("scheme %d, round %d: faults in the data: %d", scheme_id, number, count)
        raise
    letters = letters_of(matching)
    with writing(path, patience=patience) as session:
        _check(session, scheme_id, number, inputs)
        _write(session, scheme_id, number, inputs, matching, letters)
        _note(session, scheme_id, (Finding(kind="doubt", text=text) for text in doubts))
    pairs = len(matching.meetings)
    logger.info("scheme %d, round %d: %d pairs written", scheme_id, number, pairs)
    return pairs


def letters_of(matching: mm.Matching) -> dict[str, str]:
    """Return by id what everybody who takes part is told."""
    paired = {person for pair in matching.meetings for person in (pair.a, pair.b)}
    alone = {one.id for one in matching.unmatched}
    return {person: matching.explain(person).text() for person in sorted(paired | alone)}


def _last_before(session: Session, scheme_id: int, number: int) -> Round | None:
    """Return the round before this one; the first has none."""
    rounds = select(Round).where(Round.scheme_id == scheme_id).order_by(Round.number.desc())
    last = session.scalars(rounds.limit(1)).first()
    next_number = last.number + 1 if last else 1
    if number != next_number:
        raise NotNextError(f"round {number} of scheme {scheme_id}: next is {next_number}")
    return last


def _check(session: Session, scheme_id: int, number: int, inputs: Inputs) -> None:
    """Make sure that nobody was quicker, and that what was found is about today's data."""
    _last_before(session, scheme_id, number)
    if Inputs.of_today(session, session.get_one(Scheme, scheme_id)) != inputs:
        raise OutdatedError(f"the data of scheme {scheme_id} changed meanwhile")


def _matched(inputs: Inputs, last: Round | None, seed: int) -> tuple[mm.Matching, list[str]]:
    """Return the verified matching, and what is doubtful about the data."""
    program = inputs.to_program()
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always", mm.ProfileWarning)
        people = inputs.to_cohort()
    doubts = [str(one.message) for one in noted if one.category is mm.ProfileWarning]
    # One thread: there are several processes already.
    matching = mm.match(people, program, seed=seed, start=_start(last, program), threads=1)
    found = matching.certificate.verify(people, program)
    if not found.ok:
        raise UnprovenError("; ".join(found.violations) or f"gap {found.gap:.3g}")
    return matching, doubts


def _start(last: Round | None, program: mm.Program) -> mm.Matching | None:
    """Return the last answer to go on from: quicker, where many people stay on from year to year.

    A scheme may have changed its format since, and rings are always found anew.
    """
    if last is None or isinstance(program.format, mm.Rings):
        return None
    if mm.Program.model_validate_json(last.program).format != program.format:
        return None
    return mm.Matching.from_json(last.record)


def _write(
    session: Session,
    scheme_id: int,
    number: int,
    inputs: Inputs,
    matching: mm.Matching,
    letters: Mapping[str, str],
) -> None:
    run = Round(
        scheme_id=scheme_id,
        number=number,
        program=inputs.program,
        reading=inputs.reading,
        people=inputs.people,
        organisation=inputs.organisation,
        record=matching.to_json(),
        partnerships=[
            Partnership(a_id=pair.a, b_id=pair.b, score=pair.score) for pair in matching.meetings
        ],
        letters=[Letter(person_id=person, text=text) for person, text in letters.items()],
    )
    session.add(run)
    session.flush()  # gives the round its id
    session.add_all(
        DeclineAtRound(round_id=run.id, person_id=one, other_id=other)
        for one, other in inputs.declines
    )


def _note(session: Session, scheme_id: int, findings: Iterable[Finding]) -> None:
    """Write what the clerk should look at, in place of what was found at the last attempt."""
    session.execute(delete(Finding).where(Finding.scheme_id == scheme_id))
    for finding in findings:
        finding.scheme_id = scheme_id
        session.add(finding)


def _faults(error: mm.ProfileErrors) -> Iterable[Finding]:
    return (
        Finding(kind="fault", person_id=fault.person, text=fault.complaint)
        for fault in error.faults
    )
