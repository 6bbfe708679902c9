"""Ask pairs how it goes, and read what they answer."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

import mentormatch as mm
from hr_system.answer import Answer
from hr_system.auditing import verified
from hr_system.database import reading, writing
from hr_system.keeping import faults_of, note
from hr_system.round import Round, last_of
from hr_system.scheme import Scheme

__all__ = ["check_ins", "feedback_of", "receive"]


def check_ins(
    path: Path, scheme_id: int, number: int, *, every: str = "4w", times: int = 3
) -> mm.CheckIns:
    """Return when the pairs of a round are asked: forms, and a calendar for each person.

    They are not stored: the same round always has the same dates, and after a repair the pairs that
    stayed have the same events, so that a calendar replaces them.
    """
    with reading(path) as session:
        scheme, run = session.get_one(Scheme, scheme_id), last_of(session, scheme_id, number)
        first = session.scalars(select(Round.ran_at).filter_by(scheme_id=scheme_id, number=number))
        start = min(first).date()
    return mm.check_ins(
        mm.Matching.from_json(run.record),
        start=start,
        every=every,
        times=times,
        title=f"{scheme.name}, round {number}",
    )


def receive(
    path: Path, scheme_id: int, number: int, answers: Sequence[Mapping[str, object]]
) -> int:
    """Write what people answered, all of it or nothing.

    Whoever answers twice on one day about a pair corrects what they said first.

    Returns
    -------
    int
        How many answers there are.

    Raises
    ------
    mentormatch.ProfileErrors
        With every fault of every answer; they are written as findings, and nothing else is.
    """
    matching = verified(path, scheme_id, number)
    try:
        feedback = mm.read_feedback(answers)
        mm.evaluate(matching, feedback)  # refuses answers about pairs that are none
    except mm.ProfileErrors as error:
        with writing(path) as session:
            note(session, scheme_id, faults_of(error))
        raise
    with writing(path) as session:
        for one, day in zip(feedback.to_records(), feedback.dates.tolist(), strict=True):
            session.merge(Answer(scheme_id=scheme_id, number=number, **{**one, "date": day}))
        note(session, scheme_id, ())
    return len(feedback)


def feedback_of(session: Session, scheme_id: int, number: int) -> mm.Feedback:
    """Return all that was answered about a round."""
    said = session.scalars(select(Answer).filter_by(scheme_id=scheme_id, number=number))
    return mm.read_feedback([one.record() for one in said])
