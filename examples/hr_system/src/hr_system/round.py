"""A round of a scheme: what was decided, from what, and the proof."""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hr_system.base import Base
from hr_system.letter import Letter
from hr_system.partnership import Partnership

__all__ = ["Round"]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)  # SQLite keeps no time zone


class Round(Base):
    """One run of a scheme, written once and whole.

    `program`, `reading`, `people` and `organisation` are the inputs as they were, `record` is
    mentormatch's run record: together they are what an auditor needs. The declines of the time are
    kept apart, in `hr_system.decline.DeclineAtRound`.
    """

    __tablename__ = "round"
    # Whatever else goes wrong, no round is in the database twice.
    __table_args__ = (UniqueConstraint("scheme_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    number: Mapped[int]
    ran_at: Mapped[datetime] = mapped_column(default=_now)  # UTC
    program: Mapped[str]
    reading: Mapped[str]
    people: Mapped[str]
    organisation: Mapped[str]
    record: Mapped[str]
    partnerships: Mapped[list[Partnership]] = relationship(
        order_by=[Partnership.a_id, Partnership.b_id]
    )
    letters: Mapped[list[Letter]] = relationship(order_by=Letter.person_id)
