"""What somebody teaches, knows or wants to learn."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hr_system.base import Base

__all__ = ["Skill"]


class Skill(Base):
    """A skill of a person, with the level that they gave, as they wrote it."""

    __tablename__ = "skill"
    __table_args__ = (CheckConstraint("kind IN ('teaches', 'knows', 'wants')"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str | None]
