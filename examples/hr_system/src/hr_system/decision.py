"""What was decided about a pair: confidential, as whoever rejects somebody declines them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hr_system.base import Base

__all__ = ["Decision"]


class Decision(Base):
    """One decision about a pair of a round; of a pair the last one holds."""

    __tablename__ = "confidential_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    number: Mapped[int]
    a: Mapped[str] = mapped_column("a_id", ForeignKey("person.id"))
    b: Mapped[str] = mapped_column("b_id", ForeignKey("person.id"))
    status: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]  # UTC
