"""Somebody who works here, or did."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hr_system.base import Base
from hr_system.skill import Skill

__all__ = ["Person"]


class Person(Base):
    """One of the staff, as other systems filled the table in: what is wrong, mentormatch tells."""

    __tablename__ = "person"
    # Ids are compared as they are here, and mentormatch reads them without spaces around them.
    __table_args__ = (CheckConstraint("id = trim(id) AND id <> ''"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    department: Mapped[str | None]
    grade: Mapped[str | None]
    location: Mapped[str | None]
    utc_offset: Mapped[str | None]
    hours: Mapped[float | None]
    availability: Mapped[str | None]
    manager_id: Mapped[str | None] = mapped_column(
        ForeignKey("person.id", deferrable=True, initially="DEFERRED")  # staff come in any order
    )
    status: Mapped[str] = mapped_column(default="active")
    skills: Mapped[list[Skill]] = relationship(order_by=[Skill.kind, Skill.name])

    def record(self) -> dict[str, object]:
        """Return what a round may know of this person.

        The keys are our columns; how they are to be read, a scheme's reading says. The manager is
        not among them: the whole reporting tree is given as the organisation.
        """
        return {
            "id": self.id,
            "name": self.name,
            "department": self.department,
            "grade": self.grade,
            "location": self.location,
            "utc_offset": self.utc_offset,
            "hours": self.hours,
            "availability": self.availability,
            "status": self.status,
            **{
                kind: {skill.name: skill.level for skill in self.skills if skill.kind == kind}
                for kind in ("teaches", "knows", "wants")
            },
        }
