"""What somebody is told after a round."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hr_system.base import Base

__all__ = ["Letter"]


class Letter(Base):
    """The text for one of those who took part: why this partner, or that there is none."""

    __tablename__ = "letter"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    text: Mapped[str]
