"""Two people whom a round brought together."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hr_system.base import Base

__all__ = ["Partnership"]


class Partnership(Base):
    """A pair of a round, for whoever asks the database; the record has all about it."""

    __tablename__ = "partnership"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    a_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    b_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    score: Mapped[float]
