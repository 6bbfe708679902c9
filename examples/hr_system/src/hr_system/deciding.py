"""Before a round is published: who decided what about its pairs, and when."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

import mentormatch as mm
from hr_system.database import reading, writing
from hr_system.decision import Decision
from hr_system.decline import Decline
from hr_system.round import Round, last_of

__all__ = ["decide", "decisions", "proposal_of", "reject"]


def decide(
    path: Path,
    scheme_id: int,
    number: int,
    pairs: Iterable[tuple[str, str]],
    status: Literal["approved", "locked", "proposed"],
    *,
    by: str,
    at: datetime | None = None,
) -> None:
    """Write what a coordinator decides about pairs of a round.

    Raises
    ------
    mentormatch.ProgramError
        When the round has no such pair; all of them are named, and nothing is written.
    """
    with writing(path) as session:
        _write(session, last_of(session, scheme_id, number), pairs, status, by, at)


def reject(
    path: Path, scheme_id: int, number: int, person: str, other: str, *, at: datetime | None = None
) -> None:
    """Write that somebody rejects a partner, in confidence: it is a decline from now on, too.

    Raises
    ------
    mentormatch.ProgramError
        When the two are no pair of this round.
    """
    with writing(path) as session:
        run = last_of(session, scheme_id, number)
        _write(session, run, [(person, other)], "rejected", person, at)
        session.merge(Decline(person_id=person, other_id=other))


def decisions(
    path: Path, scheme_id: int, number: int, audience: Literal["coordinator", "auditor"]
) -> mm.Proposal:
    """Return a round as a proposal, with what this reader may know of what was decided.

    A coordinator reads of no rejection: such a pair looks as it did before.
    """
    with reading(path) as session:
        proposal = proposal_of(session, last_of(session, scheme_id, number))
    if audience == "auditor":
        return proposal
    told = tuple(one for one in proposal.decisions if one.status != "rejected")
    return proposal.model_copy(update={"decisions": told})


def proposal_of(session: Session, run: Round) -> mm.Proposal:
    """Return a round's pairs with all that was decided about them, before its repairs, too.

    Rejections come last: a coordinator who knows of none must not overrule one.
    """
    pairs = [(one.a_id, one.b_id) for one in run.partnerships]
    asked = (Decision.scheme_id == run.scheme_id, Decision.number == run.number)
    order = Decision.status == "rejected", Decision.id
    return mm.Proposal(
        pairs=pairs,
        decisions=[
            mm.Decision(
                a=one.a, b=one.b, status=one.status, by=one.by, at=one.at.replace(tzinfo=UTC)
            )
            for one in session.scalars(select(Decision).where(*asked).order_by(*order))
            if (one.a, one.b) in set(pairs)
        ],
    )


def _write(
    session: Session,
    run: Round,
    pairs: Iterable[tuple[str, str]],
    status: Literal["approved", "locked", "proposed", "rejected"],
    by: str,
    at: datetime | None,
) -> None:
    before = proposal_of(session, run)
    after = before.decide(pairs, status, by=by, at=at or datetime.now(UTC))
    for one in after.decisions[len(before.decisions) :]:
        session.add(
            Decision(
                scheme_id=run.scheme_id,
                number=run.number,
                **one.model_dump(exclude={"at"}),
                at=one.at.astimezone(UTC).replace(tzinfo=None),  # SQLite keeps no time zone
            )
        )
