"""What people say of their pairs: confidential, as it says who would not go on with whom."""

import datetime as dt

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hr_system.base import Base

__all__ = ["Answer"]


class Answer(Base):
    """An answer to a check-in; its columns are the fields that `mm.read_feedback` reads."""

    __tablename__ = "confidential_answer"

    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[str] = mapped_column("a_id", ForeignKey("person.id"), primary_key=True)
    b: Mapped[str] = mapped_column("b_id", ForeignKey("person.id"), primary_key=True)
    by: Mapped[str] = mapped_column("by_id", ForeignKey("person.id"), primary_key=True)
    date: Mapped[dt.date] = mapped_column(primary_key=True)
    met: Mapped[bool | None]
    hours: Mapped[float | None]
    fit: Mapped[float | None]
    wishes_met: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    go_on: Mapped[bool | None]

    def record(self) -> dict[str, object]:
        """Return what was answered, as mentormatch reads it."""
        fields = ("a", "b", "by", "date", "met", "hours", "fit", "wishes_met", "go_on")
        return {name: getattr(self, name) for name in fields}
