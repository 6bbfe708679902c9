"""Something about the data that the HR clerk should look at."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hr_system.base import Base

__all__ = ["Finding"]


class Finding(Base):
    """A fault of somebody's data, or a doubt about several people's, since the last attempt."""

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    text: Mapped[str]
