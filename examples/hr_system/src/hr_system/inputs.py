"""Everything that decides a round, as texts: to be matched, compared and kept."""

import json
from dataclasses import dataclass, field
from typing import Self

from sqlalchemy import select, union
from sqlalchemy.orm import Session, selectinload

import mentormatch as mm
from hr_system.decline import Decline, DeclineAtRound
from hr_system.partnership import Partnership
from hr_system.person import Person
from hr_system.round import Round
from hr_system.scheme import Enrolment, Scheme

__all__ = ["Inputs"]


@dataclass(frozen=True)
class Inputs:
    """What a round is made from.

    Parameters
    ----------
    program, reading
        The scheme's, as JSON.
    people
        A record for each who is enrolled, as a JSON list; nobody's declines are in it.
    organisation
        Id and manager of everybody in the firm, as a JSON list.
    declines
        Who declines whom, of those enrolled; confidential.
    """

    program: str
    reading: str
    people: str
    organisation: str
    declines: frozenset[tuple[str, str]] = field(repr=False)

    @classmethod
    def of_today(cls, session: Session, scheme: Scheme) -> Self:
        """Read the tables as they are now."""
        enrolled = select(Enrolment.person_id).where(Enrolment.scheme_id == scheme.id)
        people = session.scalars(
            select(Person)
            .where(Person.id.in_(enrolled))
            .order_by(Person.id)
            .options(selectinload(Person.skills))
        )
        partners = _past_partners(session)
        records = [{**one.record(), "past_partners": partners.get(one.id, [])} for one in people]
        staff = session.execute(select(Person.id, Person.manager_id).order_by(Person.id))
        declines = session.execute(
            select(Decline.person_id, Decline.other_id).where(Decline.person_id.in_(enrolled))
        )
        return cls(
            program=scheme.program,
            reading=scheme.reading,
            people=json.dumps(records),
            organisation=json.dumps([list(one) for one in staff]),
            declines=frozenset((one, other) for one, other in declines),
        )

    @classmethod
    def of_round(cls, session: Session, run: Round) -> Self:
        """Read what a round was made from."""
        declines = session.execute(
            select(DeclineAtRound.person_id, DeclineAtRound.other_id).where(
                DeclineAtRound.round_id == run.id
            )
        )
        return cls(
            program=run.program,
            reading=run.reading,
            people=run.people,
            organisation=run.organisation,
            declines=frozenset((one, other) for one, other in declines),
        )

    def to_program(self) -> mm.Program:
        """Return the program; an error of it is pydantic's or mentormatch's own."""
        return mm.Program.model_validate_json(self.program)

    def to_cohort(self) -> mm.Cohort:
        """Return the people who are enrolled, or raise every fault of their data at once."""
        records = json.loads(self.people)
        declined: dict[str, list[str]] = {}
        for one, other in self.declines:
            declined.setdefault(one, []).append(other)
        staff = json.loads(self.organisation)
        return mm.read_records(
            [{**one, "declines": declined.get(one["id"], [])} for one in records],
            reading=mm.Reading.model_validate_json(self.reading),
            # Most managers take no part, and reporting lines go through them all the same.
            organisation=mm.Organisation.from_managers(
                [person for person, _ in staff], [manager for _, manager in staff]
            ),
        )


def _past_partners(session: Session) -> dict[str, list[str]]:
    """Return whom everybody was paired with before, in any scheme."""
    pairs = union(
        select(Partnership.a_id, Partnership.b_id), select(Partnership.b_id, Partnership.a_id)
    )
    partners: dict[str, list[str]] = {}
    for one, other in sorted(tuple(pair) for pair in session.execute(pairs)):
        partners.setdefault(one, []).append(other)
    return partners
