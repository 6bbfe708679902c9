"""Repair a published round: somebody left, joined, or rejected a partner."""

import logging
from pathlib import Path

from sqlalchemy.orm import Session

import mentormatch as mm
from hr_system.database import reading, writing
from hr_system.deciding import proposal_of
from hr_system.errors import OutdatedError
from hr_system.inputs import Inputs
from hr_system.keeping import faults_of, keep, letters_of, make_sure, note
from hr_system.round import Round, last_of
from hr_system.scheme import Scheme

__all__ = ["repair"]

logger = logging.getLogger("hr_system")


def repair(
    path: Path,
    scheme_id: int,
    number: int,
    *,
    changes: int | None = None,
    override: str = "",
) -> dict[str, str]:
    """Bring a round up to what people, declines and decisions are now, and write it as a revision.

    Published pairs stay. What the scheme's program has become since counts from the next round on.

    Parameters
    ----------
    path
        The database.
    scheme_id, number
        Which round.
    changes
        How many people at most who could keep their partner may get another; nobody without it.
    override
        Why published pairs stay that a rule forbids by now; without a reason they end.

    Returns
    -------
    dict
        By id, what those are to be told whom it concerns. Where that is nobody, nothing is written.

    Raises
    ------
    mentormatch.ProfileErrors
        When people's data have faults by now. They are written as findings, and nothing else is.
    mentormatch.ProgramError, mentormatch.InfeasibleError
        As `mm.Matching.revise`.
    OutdatedError
        When something it rests on changed meanwhile.
    UnprovenError
        When the answer is not proven to be the best.
    """
    with reading(path) as session:
        run = last_of(session, scheme_id, number)
        before = Inputs.of_round(session, run)
        today, proposal = _today(session, run)
    earlier, program = before.to_cohort(), before.to_program()
    try:
        people = today.with_program(program, before.several).to_cohort()
    except mm.ProfileErrors as error:
        with writing(path) as session:
            note(session, scheme_id, faults_of(error))
        raise
    then, now = _taking_part(earlier, program), _taking_part(people, program)
    revision = (
        mm.Matching.from_json(run.record)
        .attach(earlier, program)
        .revise(
            people,
            left=then - now,
            joined=now - then,
            proposal=proposal,
            changes=changes,
            override=override,
        )
    )
    logger.info("scheme %d, round %d: %s", scheme_id, number, revision.headline)
    if not revision.changes:
        return {}
    make_sure(revision.matching.certificate.verify(revision.people, revision.program))
    used = today.with_program(revision.program, before.several)
    letters = letters_of(revision.matching)
    with writing(path) as session:
        last = last_of(session, scheme_id, number)
        if last.revision != run.revision or _today(session, last) != (today, proposal):
            raise OutdatedError(f"the data of scheme {scheme_id} changed meanwhile")
        new = Round(scheme_id=scheme_id, number=number, revision=run.revision + 1)
        keep(session, new, used, revision.matching, letters)
    return {change.id: change.text() for change in revision.changes}


def _today(session: Session, run: Round) -> tuple[Inputs, mm.Proposal]:
    """Return what is known now, and what was decided about the pairs."""
    scheme = session.get_one(Scheme, run.scheme_id)
    return Inputs.of_today(session, scheme, run.number), proposal_of(session, run)


def _taking_part(people: mm.Cohort, program: mm.Program) -> set[str]:
    """Return who takes part by a program's format: they are active, on a side and have the time."""
    graph = mm.build_graph(people, mm.Program(format=program.format, score=program.score))
    return {*graph.a_ids, *graph.b_ids}
