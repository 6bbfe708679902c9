"""Who must not be paired with whom: confidential, and read for a round or its audit only.

Nothing has a relationship to these tables, so that no query brings them along. Where the database
has roles, give the right to read them to the role that runs and audits rounds, and to no other.
"""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hr_system.base import Base

__all__ = ["Decline", "DeclineAtRound"]


class Decline(Base):
    """Somebody who does not want to be paired with somebody else, as things stand today."""

    __tablename__ = "confidential_decline"
    __table_args__ = (CheckConstraint("person_id <> other_id"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)


class DeclineAtRound(Base):
    """A decline as it stood when a round was run: without it, nobody could verify the round."""

    __tablename__ = "confidential_decline_at_round"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
