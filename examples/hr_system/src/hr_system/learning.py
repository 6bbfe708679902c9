"""Whether a round worked, and what should count how much."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

import mentormatch as mm
from hr_system.asking import feedback_of
from hr_system.auditing import verified
from hr_system.database import reading, writing
from hr_system.round import Round
from hr_system.scheme import Scheme

__all__ = ["calibrate", "evaluate"]


def evaluate(
    path: Path, scheme_id: int, number: int, *, attributes: Sequence[str] = ()
) -> mm.Evaluation:
    """Hold what people say of a round against what it promised, once it is verified.

    Answers about pairs that a repair has ended since do not count.
    """
    return mm.evaluate(*_told(path, scheme_id, number), attributes=attributes)


def calibrate(path: Path, scheme_id: int) -> mm.Calibration:
    """Let a scheme learn from all its rounds, for the next one, if the answers can tell.

    The scheme keeps the outcome with its evidence; its program changes only where something better
    is surely learned.
    """
    with reading(path) as session:
        numbers = session.scalars(select(Round.number).filter_by(scheme_id=scheme_id).distinct())
        told = [_told(path, scheme_id, number) for number in sorted(numbers)]
    found = mm.calibrate(told)
    with writing(path) as session:
        scheme = session.get_one(Scheme, scheme_id)
        program = mm.Program.model_validate_json(scheme.program)
        scheme.program = found.program(program).model_dump_json()
        scheme.calibration = found.to_json()
    return found


def _told(path: Path, scheme_id: int, number: int) -> tuple[mm.Matching, mm.Feedback]:
    """Return a round as it stands, and what was answered about its pairs."""
    matching = verified(path, scheme_id, number)
    with reading(path) as session:
        return matching, feedback_of(session, scheme_id, number).only(matching)
