"""A round of a scheme: what was decided, from what, and the proof."""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from hr_system.base import Base
from hr_system.letter import Letter
from hr_system.partnership import Partnership

__all__ = ["Round", "last_of"]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)  # SQLite keeps no time zone


class Round(Base):
    """One run of a scheme or a repair of it, written once and whole.

    `program`, `reading`, `people`, `organisation` and `past` are the inputs as they were, `record`
    is mentormatch's run record: together they are what an auditor needs. The declines of the time
    are kept apart, in `hr_system.decline.DeclineAtRound`.
    """

    __tablename__ = "round"
    # Whatever else goes wrong, no round is in the database twice.
    __table_args__ = (UniqueConstraint("scheme_id", "number", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    number: Mapped[int]
    revision: Mapped[int] = mapped_column(default=0)  # how often it has been repaired by then
    ran_at: Mapped[datetime] = mapped_column(default=_now)  # UTC
    program: Mapped[str]
    reading: Mapped[str]
    people: Mapped[str]
    organisation: Mapped[str]
    past: Mapped[str]
    record: Mapped[str]
    partnerships: Mapped[list[Partnership]] = relationship(
        order_by=[Partnership.a_id, Partnership.b_id]
    )
    letters: Mapped[list[Letter]] = relationship(order_by=Letter.person_id)


def last_of(session: Session, scheme_id: int, number: int) -> Round:
    """Return a round as it stands: as it was run, or as it was last repaired."""
    asked = select(Round).where(Round.scheme_id == scheme_id, Round.number == number)
    return session.scalars(asked.order_by(Round.revision.desc()).limit(1)).one()
