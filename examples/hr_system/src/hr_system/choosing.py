"""Where people choose: a few suggestions for everybody, and what they answer."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import delete, select

import mentormatch as mm
from hr_system.database import reading, writing
from hr_system.decline import Decline
from hr_system.errors import NotSuggestedError
from hr_system.inputs import Inputs
from hr_system.scheme import Scheme
from hr_system.suggestion import Suggestion, Wish

__all__ = ["choose", "suggest"]


def suggest(path: Path, scheme_id: int, number: int, *, k: int = 3) -> dict[str, str]:
    """Write a shortlist for everybody, in place of earlier ones, and return by id what they read.

    The lists are for all together: nobody is suggested too often, and no better lists exist.
    """
    with reading(path) as session:
        inputs = Inputs.of_today(session, session.get_one(Scheme, scheme_id), number)
    lists = mm.shortlists(inputs.to_cohort(), inputs.to_program(), k=k, seed=number).lists
    which = {"scheme_id": scheme_id, "number": number}
    with writing(path) as session:
        session.execute(delete(Suggestion).filter_by(**which))
        session.add_all(
            Suggestion(**which, person_id=one.person, other_id=suggested.id)
            for one in lists
            for suggested in one.suggestions
        )
    return {one.person: one.text() for one in lists}


def choose(
    path: Path,
    scheme_id: int,
    number: int,
    person: str,
    *,
    prefers: Sequence[str] = (),
    declines: Sequence[str] = (),
) -> None:
    """Write whom somebody would like, the most wished first, and whom not, in confidence.

    Raises
    ------
    NotSuggestedError
        When somebody of these is not on the person's shortlist. Nothing is written then.
    """
    with writing(path) as session:
        asked = {"scheme_id": scheme_id, "number": number, "person_id": person}
        suggested = session.scalars(select(Suggestion.other_id).filter_by(**asked))
        if not {*prefers, *declines} <= {*suggested} or {*prefers} & {*declines}:
            raise NotSuggestedError("choose people on your own shortlist, each in one way")
        own = {"scheme_id": scheme_id, "person_id": person}
        session.execute(delete(Wish).filter_by(**own))
        session.add_all(
            Wish(**own, other_id=other, place=place)
            for place, other in enumerate(dict.fromkeys(prefers), start=1)
        )
        for other in declines:
            session.merge(Decline(person_id=person, other_id=other))
