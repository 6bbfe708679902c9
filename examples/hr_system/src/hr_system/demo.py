"""A made-up firm with two schemes, and what happens there between two rounds."""

import random
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

import mentormatch as mm
from hr_system.asking import check_ins
from hr_system.database import create, writing
from hr_system.decline import Decline
from hr_system.partnership import Partnership
from hr_system.person import Person
from hr_system.scheme import Enrolment, Scheme
from hr_system.skill import Skill

__all__ = ["READING", "SCHEMES", "answers", "establish", "mend", "move_on"]

#: By name the program of each scheme, and from which to which UTC offset it is offered.
SCHEMES = {
    "Reverse mentoring": (
        mm.Program(
            format=mm.Pairs(
                sides=mm.Sides(by="rank", at_least=3, names=("leader", "junior")), hours_per_pair=2
            ),
            rules=[
                mm.Different("department"),
                mm.NoReportingLine(),
                mm.NotPairedBefore(),
                mm.Share("availability", 2, slots="week", missing="allow"),
            ],
            preferences=[mm.RankedWishes(weight=0.1)],
        ),
        (-1, 3),
    ),
    "Skill exchange": (
        mm.Program(
            format=mm.Rings(),  # everybody teaches the next
            rules=[
                mm.Within("utc_offset", 4, period=24),
                mm.NoReportingLine(),
                mm.NotPairedBefore(),
            ],
        ),
        (-12, -2),
    ),
}
GRADES = ("trainee", "associate", "senior", "lead", "head", "director", "chief")
READING = mm.Reading(
    columns={"rank": "grade"},
    active={"status": ["active"]},
    scales=mm.Scales(rank=GRADES),
)


def establish(path: Path, count: int, seed: int) -> None:
    """Fill a new database: the staff, the schemes, and two of three people enrolled.

    One of them gave a level that is none, which is to be found.
    """
    create(path)
    staff = list(mm.synthetic.workforce(count, seed=seed, skills=60))
    with writing(path) as session:
        session.add_all(_person(one) for one in staff)
        for name, (program, (west, east)) in SCHEMES.items():
            scheme = Scheme(
                name=name, program=program.model_dump_json(), reading=READING.model_dump_json()
            )
            session.add(scheme)
            session.flush()
            offered = [one for one in staff if west <= (one.utc_offset or 0) <= east]
            enrolled = [one.id for number, one in enumerate(offered) if number % 3]
            session.add_all(Enrolment(scheme_id=scheme.id, person_id=one) for one in enrolled)
            declines = list(pairwise(enrolled))[::9]
            session.add_all(Decline(person_id=one, other_id=other) for one, other in declines)
        session.flush()
        _set_level(session, "expert")


def mend(path: Path) -> None:
    """Do what a clerk does who reads of the fault that `establish` left."""
    with writing(path) as session:
        _set_level(session, "5")


def move_on(path: Path) -> dict[str, tuple[str, str]]:
    """Let time pass: in each scheme somebody who had a partner leaves, and somebody joins.

    Returns
    -------
    dict
        By scheme the name of who left, and of who joined.
    """
    changes = {}
    with writing(path) as session:
        for scheme in session.scalars(select(Scheme).order_by(Scheme.id)):
            enrolled = select(Enrolment.person_id).where(Enrolment.scheme_id == scheme.id)
            paired = select(Person).join(Partnership, Partnership.b_id == Person.id)
            gone = _first(session, paired.where(Person.id.in_(enrolled)))
            anybody = select(Enrolment.person_id)
            new = _first(session, select(Person).where(Person.id.not_in(anybody)))
            gone.status = "left"
            session.add(Enrolment(scheme_id=scheme.id, person_id=new.id))
            changes[scheme.name] = gone.name, new.name
            session.flush()
    return changes


def answers(path: Path, scheme: int, number: int, seed: int) -> list[dict[str, object]]:
    """Return answers to the first check-in of a round, drawn at random: nobody has given them.

    Two of three people answer, and it does not depend on anything how well they fit.
    """
    chance = random.Random(seed)
    first = [one for one in check_ins(path, scheme, number).to_records() if one["number"] == 1]
    return [
        {**form, "met": True, "hours": chance.randint(1, 4), "fit": chance.randint(2, 5)}
        for form in first
        if chance.random() < 2 / 3
    ]


def _person(one: mm.Participant) -> Person:
    """Return a row for a made-up profile."""
    levels = {
        "teaches": {skill: f"{5 * level:g}" for skill, level in one.teaches.items()},
        "knows": {skill: f"{5 * level:g}" for skill, level in one.knows.items()},
        "wants": {skill: f"{level:g}" for skill, level in one.wants.items()},
    }
    return Person(
        id=one.id,
        name=one.name,
        department=one.department,
        grade=GRADES[int(one.rank or 1) - 1],
        location=one.location,
        utc_offset=f"{one.utc_offset:g}",
        hours=4,
        availability="Mon-Thu 09:00-12:00" if (one.rank or 1) >= 3 else "Wed-Fri 08:00-16:00",
        manager_id=one.manager_id,
        skills=[
            Skill(kind=kind, name=name, level=level)
            for kind, named in levels.items()
            for name, level in named.items()
        ],
    )


def _first(session: Session, people: Select[Person]) -> Person:
    return session.scalars(people.order_by(Person.id).limit(1)).one()


def _set_level(session: Session, level: str) -> None:
    """Change what the first of those enrolled says of the first skill that they teach."""
    offers = select(Skill).join(Enrolment, Enrolment.person_id == Skill.person_id)
    first = offers.where(Skill.kind == "teaches").order_by(Skill.person_id, Skill.name).limit(1)
    session.scalars(first).one().level = level
