"""Everything that decides a round, as texts: to be matched, compared and kept."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Self

from sqlalchemy import select, union
from sqlalchemy.orm import Session, selectinload

import mentormatch as mm
from hr_system.answer import Answer
from hr_system.decline import Decline, DeclineAtRound
from hr_system.partnership import Partnership
from hr_system.person import Person
from hr_system.round import Round
from hr_system.scheme import Enrolment, Exemption, Scheme
from hr_system.skill import Skill
from hr_system.suggestion import Wish

__all__ = ["Inputs"]


@dataclass(frozen=True)
class Inputs:
    """What a round is made from.

    Parameters
    ----------
    program, reading
        The scheme's, as JSON, the program with the exemptions of the round; of a round that has
        been run, the program that the record is of.
    people
        A record for each who is enrolled, as a JSON list; nobody's declines are in it.
    organisation
        Id and manager of everybody in the firm, as a JSON list.
    past
        The scheme's earlier rounds and what was learned in them, as `mm.next_round` takes them, and
        what `several` returns.
    declines
        Who declines whom, of those enrolled; confidential.
    """

    program: str
    reading: str
    people: str
    organisation: str
    past: str
    declines: frozenset[tuple[str, str]] = field(repr=False)

    @classmethod
    def of_today(cls, session: Session, scheme: Scheme, number: int) -> Self:
        """Read the tables as they are now, for a round of a scheme."""
        enrolled = select(Enrolment.person_id).where(Enrolment.scheme_id == scheme.id)
        people = session.scalars(
            select(Person)
            .where(Person.id.in_(enrolled))
            .order_by(Person.id)
            .options(selectinload(Person.skills))
        )
        partners, wishes = _past_partners(session, scheme), _wishes(session, scheme)
        records = [
            {
                **one.record(),
                "past_partners": partners.get(one.id, []),
                "prefers": wishes.get(one.id, []),
            }
            for one in people
        ]
        staff = session.execute(select(Person.id, Person.manager_id).order_by(Person.id))
        declines = session.execute(
            select(Decline.person_id, Decline.other_id).where(Decline.person_id.in_(enrolled))
        )
        return cls(
            program=_with_exemptions(session, scheme, number),
            reading=scheme.reading,
            people=json.dumps(records),
            organisation=json.dumps([list(one) for one in staff]),
            past=json.dumps(
                {
                    "history": _history(session, scheme, number),
                    "learned": _learned(session, scheme, number),
                    "several": [],
                }
            ),
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
            past=run.past,
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
        staff, past = json.loads(self.organisation), json.loads(self.past)
        people = mm.read_records(
            [{**one, "declines": declined.get(one["id"], [])} for one in records],
            reading=mm.Reading.model_validate_json(self.reading),
            # Most managers take no part, and reporting lines go through them all the same.
            organisation=mm.Organisation.from_managers(
                [person for person, _ in staff], [manager for _, manager in staff]
            ),
        )
        people = mm.next_round(people, past["history"], learned=past["learned"]).people
        return people.noting("waited", dict.fromkeys(self.several, 0))

    @property
    def several(self) -> list[str]:
        """Who may have several partners, and so is not among those who waited."""
        several: list[str] = json.loads(self.past)["several"]
        return several

    def with_program(self, program: mm.Program, several: Iterable[str] = ()) -> Self:
        """Return what an answer is to be attached to: its program, and who has not waited."""
        past = {**json.loads(self.past), "several": list(several)}
        return replace(self, program=program.model_dump_json(), past=json.dumps(past))


def _with_exemptions(session: Session, scheme: Scheme, number: int) -> str:
    """Return the scheme's program with the pairs that this round has to have."""
    asked = (Exemption.scheme_id == scheme.id, Exemption.number == number)
    exemptions = session.scalars(select(Exemption).where(*asked).order_by(Exemption.a_id))
    required = [
        {"kind": "require", "pairs": [[one.a_id, one.b_id]], "override": one.reason}
        for one in exemptions
    ]
    if not required:
        return scheme.program
    program = json.loads(scheme.program)
    return json.dumps({**program, "rules": [*program.get("rules", []), *required]})


def _history(session: Session, scheme: Scheme, number: int) -> list[dict[str, object]]:
    """Return who met in each earlier round, repairs included, and who had nobody in the end."""
    earlier = (Round.scheme_id == scheme.id, Round.number < number)
    rounds = session.scalars(select(Round).where(*earlier).order_by(Round.number, Round.revision))
    pairs: dict[int, set[tuple[str, str]]] = {}
    alone: dict[int, list[str]] = {}
    for run in rounds:
        now = {(one.a_id, one.b_id) for one in run.partnerships}
        paired = {person for pair in now for person in pair}
        pairs.setdefault(run.number, set()).update(now)
        alone[run.number] = [one.person_id for one in run.letters if one.person_id not in paired]
    return [{"pairs": sorted(pairs[one]), "unmatched": alone[one]} for one in pairs]


def _learned(session: Session, scheme: Scheme, number: int) -> dict[str, list[str]]:
    """Return by person which of the wishes that they have today were met in earlier rounds."""
    said = select(Answer).where(Answer.scheme_id == scheme.id, Answer.number < number)
    met = {(one.by, skill) for one in session.scalars(said) for skill in one.wishes_met or ()}
    wishes = (
        select(Skill)
        .join(Enrolment, Enrolment.person_id == Skill.person_id)
        .where(Enrolment.scheme_id == scheme.id, Skill.kind == "wants")
    )
    learned: dict[str, list[str]] = {}
    for one in session.scalars(wishes.order_by(Skill.person_id, Skill.name)):
        if (one.person_id, one.name) in met:
            learned.setdefault(one.person_id, []).append(one.name)
    return learned


def _past_partners(session: Session, scheme: Scheme) -> dict[str, list[str]]:
    """Return whom everybody was paired with in other schemes; their own has its history."""
    others = select(Round.id).where(Round.scheme_id != scheme.id)
    pairs = union(
        select(Partnership.a_id, Partnership.b_id).where(Partnership.round_id.in_(others)),
        select(Partnership.b_id, Partnership.a_id).where(Partnership.round_id.in_(others)),
    )
    partners: dict[str, list[str]] = {}
    for one, other in sorted(tuple(pair) for pair in session.execute(pairs)):
        partners.setdefault(one, []).append(other)
    return partners


def _wishes(session: Session, scheme: Scheme) -> dict[str, list[str]]:
    """Return whom everybody would like as a partner in a scheme, the most wished first.

    A wish is spent once it was granted, for everybody: if it was for whoever rejects the partner
    alone, a missing wish would tell who did.
    """
    granted = {
        frozenset(pair) for pair in session.execute(select(Partnership.a_id, Partnership.b_id))
    }
    wishes: dict[str, list[str]] = {}
    asked = select(Wish).where(Wish.scheme_id == scheme.id)
    for one in session.scalars(asked.order_by(Wish.person_id, Wish.place)):
        if frozenset((one.person_id, one.other_id)) not in granted:
            wishes.setdefault(one.person_id, []).append(one.other_id)
    return wishes
