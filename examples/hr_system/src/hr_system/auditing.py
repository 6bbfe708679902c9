"""Verify a stored round again, years later if need be, without the solver."""

from pathlib import Path

from pydantic import ValidationError

import mentormatch as mm
from hr_system.database import reading
from hr_system.errors import AuditError
from hr_system.inputs import Inputs
from hr_system.keeping import letters_of
from hr_system.round import last_of

__all__ = ["verified"]


def verified(path: Path, scheme_id: int, number: int) -> mm.Matching:
    """Return the matching of a stored round as it stands, once all about it has been checked.

    The record is held against the inputs that were kept with it: profiles, program, every pair,
    score and price. Then the pairs and letters in the tables are held against the record.

    Raises
    ------
    AuditError
        When something is not what the inputs give; the text says what.
    """
    with reading(path) as session:
        run = last_of(session, scheme_id, number)
        inputs = Inputs.of_round(session, run)
        pairs = {(one.a_id, one.b_id, one.score) for one in run.partnerships}
        letters = {one.person_id: one.text for one in run.letters}
    try:
        matching = mm.Matching.from_json(run.record).attach(inputs.to_cohort(), inputs.to_program())
    except (mm.MentormatchError, ValidationError, ValueError) as error:
        raise AuditError(f"round {number} of scheme {scheme_id}: {error}") from error
    if pairs != {(pair.a, pair.b, pair.score) for pair in matching.meetings}:
        raise AuditError(f"round {number} of scheme {scheme_id}: the pairs are not the record's")
    if letters != letters_of(matching):
        raise AuditError(f"round {number} of scheme {scheme_id}: the letters are not the record's")
    return matching
