"""A mentoring scheme that the firm offers, round after round."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hr_system.base import Base

__all__ = ["Enrolment", "Exemption", "Scheme"]


class Scheme(Base):
    """A scheme: what it is called, its program and how people are read for it, both as JSON."""

    __tablename__ = "scheme"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    program: Mapped[str]
    reading: Mapped[str]
    calibration: Mapped[str | None]  # what was last learned from feedback, with its evidence


class Exemption(Base):
    """A pair that a round has to have whatever the scheme's rules say, and why."""

    __tablename__ = "exemption"

    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    a_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    b_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    reason: Mapped[str]


class Enrolment(Base):
    """Somebody who asked to take part in a scheme."""

    __tablename__ = "enrolment"

    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
