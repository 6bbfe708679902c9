"""What is written of a round: whole or not at all, and about today's data."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import mentormatch as mm
from hr_system.decline import DeclineAtRound
from hr_system.errors import UnprovenError
from hr_system.finding import Finding
from hr_system.inputs import Inputs
from hr_system.letter import Letter
from hr_system.partnership import Partnership
from hr_system.person import Person
from hr_system.round import Round

__all__ = ["faults_of", "keep", "letters_of", "make_sure", "note"]


def make_sure(found: mm.Verification) -> None:
    """Let no answer pass that is not proven to be the best."""
    if not found.ok:
        raise UnprovenError("; ".join(found.violations) or f"gap {found.gap:.3g}")


def letters_of(matching: mm.Matching) -> dict[str, str]:
    """Return by id what everybody who takes part is told."""
    paired = {person for pair in matching.meetings for person in (pair.a, pair.b)}
    alone = {one.id for one in matching.unmatched}
    return {person: matching.explain(person).text() for person in sorted(paired | alone)}


def keep(
    session: Session,
    run: Round,
    inputs: Inputs,
    matching: mm.Matching,
    letters: Mapping[str, str],
) -> None:
    """Write a round with what it was made from, its pairs and its letters.

    Parameters
    ----------
    session
        It writes.
    run
        The round, which says which one it is.
    inputs
        What an auditor needs to attach the record to.
    matching, letters
        The answer, and what people are told of it.
    """
    run.program, run.reading, run.past = inputs.program, inputs.reading, inputs.past
    run.people, run.organisation = inputs.people, inputs.organisation
    run.record = matching.to_json()
    run.partnerships = [
        Partnership(a_id=pair.a, b_id=pair.b, score=pair.score) for pair in matching.meetings
    ]
    run.letters = [Letter(person_id=person, text=text) for person, text in letters.items()]
    session.add(run)
    session.flush()  # gives the round its id
    session.add_all(
        DeclineAtRound(round_id=run.id, person_id=one, other_id=other)
        for one, other in inputs.declines
    )


def note(session: Session, scheme_id: int, findings: Iterable[Finding]) -> None:
    """Write what the clerk should look at, in place of what was found at the last attempt."""
    session.execute(delete(Finding).where(Finding.scheme_id == scheme_id))
    staff = set(session.scalars(select(Person.id)))
    for finding in findings:
        finding.scheme_id = scheme_id
        if finding.person_id not in staff:  # the text has it
            finding.person_id = None
        session.add(finding)


def faults_of(error: mm.ProfileErrors) -> Iterable[Finding]:
    """Return a finding for each fault."""
    return (
        Finding(kind="fault", person_id=fault.person, text=fault.complaint)
        for fault in error.faults
    )
