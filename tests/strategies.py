"""Made-up people and programs for the laws."""

from typing import Any

from hypothesis import strategies as st

import mentormatch as mm

SKILLS = ("sql", "python", "leading", "selling", "drawing")
DEPARTMENTS = ("it", "sales", "hr")
LEVELS = st.sampled_from((0.2, 0.4, 0.6, 0.8, 1.0)) | st.floats(0.01, 1.0)
PRIORITIES = st.sampled_from((1.0, 2.0, 3.0)) | st.floats(0.01, 10.0)


def skills_with(levels: st.SearchStrategy[float], most: int = 4) -> st.SearchStrategy[Any]:
    """Dictionaries of a few skills."""
    return st.dictionaries(st.sampled_from(SKILLS), levels, max_size=most)


@st.composite
def participants(draw: st.DrawFn, person: str = "ana", rank: int | None = None) -> mm.Participant:
    """One profile with skills, without any tie to others."""
    return mm.Participant(
        id=person,
        rank=draw(st.integers(1, 7)) if rank is None else rank,
        department=draw(st.sampled_from(DEPARTMENTS)),
        utc_offset=draw(st.sampled_from((-8.0, 0.0, 1.0, 5.5, 12.0))),
        languages=tuple(draw(st.lists(st.sampled_from(("en", "hi", "pt")), min_size=1))),
        teaches=draw(skills_with(LEVELS)),
        knows=draw(skills_with(LEVELS, most=2)),
        wants=draw(skills_with(PRIORITIES)),
    )


@st.composite
def profiles(draw: st.DrawFn, least: int = 2, most: int = 9) -> list[mm.Participant]:
    """People with a reporting tree, past partners and declines; the first two on either side.

    By rank everybody is on one side, by roles some are on both.
    """
    size = draw(st.integers(least, most))
    ids = [f"p{number}" for number in range(size)]
    people = []
    for number, person in enumerate(ids):
        one = draw(participants(person, rank=(6, 1)[number] if number < 2 else None))
        others = [other for other in ids if other != person]
        roles = draw(st.sampled_from((("mentor",), ("mentee",), ("mentor", "mentee"))))
        people.append(
            one.model_copy(
                update={
                    "roles": (*roles, ("mentor", "mentee")[number]) if number < 2 else roles,
                    "waited": draw(st.sampled_from((0, 0, 1, 3))),
                    "manager_id": draw(st.sampled_from(ids[:number])) if number else None,
                    "past_partners": tuple(draw(st.lists(st.sampled_from(others), max_size=1))),
                    "declines": (
                        declines := tuple(draw(st.lists(st.sampled_from(others), max_size=1)))
                    ),
                    "prefers": tuple(
                        one
                        for one in draw(st.lists(st.sampled_from(others), max_size=3, unique=True))
                        if one not in declines
                    ),
                }
            )
        )
    return people


def cohort_of(people: list[mm.Participant]) -> mm.Cohort:
    """A cohort of profiles, without the notes on how they were read."""
    return mm.Cohort.from_participants(people)


#: Exact on the grid on which weights are told apart.
WEIGHTS = st.sampled_from(((1.0, 1.0), (1.0, 1.0), (1.0, 3.0), (5.0, 3.0), (3.0, 125.0)))


def reciprocities() -> st.SearchStrategy[mm.Reciprocity]:
    """Scores of two sides in both directions."""
    rest: dict[str, st.SearchStrategy[Any]] = {
        "floor": st.sampled_from((0.0, 0.1, (0.0, 0.3))),
        "wishes_counted": st.sampled_from((None, 1, 2)),
    }
    weighted = st.sampled_from(("harmonic", "geometric", "arithmetic"))
    return st.builds(mm.Reciprocity, mean=weighted, weights=WEIGHTS, **rest) | st.builds(
        mm.Reciprocity, mean=st.just("minimum"), **rest
    )


MODELS: st.SearchStrategy[mm.Reciprocity | mm.OneWay] = reciprocities() | st.builds(
    mm.OneWay,
    teacher=st.sampled_from(("a", "b")),
    floor=st.sampled_from((0.0, 0.2)),
    wishes_counted=st.sampled_from((None, 1)),
)


def _neighbours(cohort: mm.Cohort, a: Any, b: Any) -> Any:
    """A rule of the caller's own: ranks at most four apart."""
    rank = cohort.numbers("rank")
    return abs(rank[a] - rank[b]) <= 4


def _same_half(cohort: Any, a: Any, b: Any) -> Any:
    """Another one: both on the same half of the globe."""
    east = cohort.numbers("utc_offset") > 0.0
    return east[a] == east[b]


FUNCTIONS = {"neighbours": _neighbours, "same half": _same_half}

RULES = st.lists(
    st.sampled_from(
        (
            mm.Different("department"),
            mm.Same("department"),
            mm.NoReportingLine(),
            mm.NoReportingLine(levels=1),
            mm.NoSharedManager(),
            mm.Within("utc_offset", 3, period=24),
            mm.Apart("rank", 2),
            mm.Share("languages", 1),
            mm.NotPairedBefore(),
            mm.Forbid([("p0", "p1")]),
            mm.Where("neighbours", _neighbours),
            mm.When({"roles": "mentor"}, mm.Apart("rank", 2), who="both"),
            mm.When({"roles": ["Mentee"]}, mm.Different("department")),
        )
    ),
    max_size=3,
    unique=True,
)

PREFERENCES = st.lists(
    st.sampled_from(
        (
            mm.Prefer(mm.Different("department"), 0.1),
            mm.Prefer(mm.Same("department"), 2.0**-40),
            mm.Prefer(mm.Share("languages"), 1.0),
            mm.Prefer(mm.Within("utc_offset", 3, period=24), 0.25),
            mm.Prefer(mm.NotPairedBefore(), 0.3),
            mm.Prefer(mm.When({"roles": "mentor"}, mm.Same("department"), who="both"), 0.5),
            mm.Prefer(mm.Where("same half", _same_half, reads=["utc_offset"]), 0.7),
            mm.RankedWishes(0.1),
            mm.RankedWishes(1.0),
            mm.Waited(weight=0.5),
        )
    ),
    max_size=2,
    unique=True,
)


SIDES = (
    mm.Sides(by="rank", at_least=4, names=("senior", "junior")),
    mm.Sides(by="roles", a=["mentor"], b=["mentee"], names=("mentor", "mentee")),
)


@st.composite
def programs(draw: st.DrawFn) -> mm.Program:
    """Programs with two sides over the ranks or the roles of `profiles`."""
    return mm.Program(
        format=mm.Pairs(sides=draw(st.sampled_from(SIDES))),
        score=draw(MODELS),
        rules=draw(RULES),
        preferences=draw(PREFERENCES),
        objective=draw(st.sampled_from(("people_then_score", "score"))),
    )


CAPACITIES: tuple[int | tuple[int, int], ...] = (1, 2, (3, 1), (1, 2), (2, 3))
MINIMA: tuple[int | tuple[int, int], ...] = (0, 0, 0, (1, 0), (0, 1))
SPREADS: tuple[tuple[mm.Spread, ...], ...] = (
    (mm.Spread("department"),),
    (mm.Spread("department", side="a"),),
    (mm.Spread("utc_offset", side="b"),),
    (mm.Spread("department", 2),),
    (mm.Spread("utc_offset", side="a"), mm.Spread("department", side="b")),
)


@st.composite
def spreads(draw: st.DrawFn, most: tuple[int, int]) -> tuple[mm.Spread, ...]:
    """Rules that somebody's partners differ, for sides on which so many are possible."""
    sensible = [
        rules
        for rules in SPREADS
        if all(
            any(
                may > one.at_most
                for may, counts in zip(most, one.counts_for, strict=True)
                if counts
            )
            for one in rules
        )
    ]
    return draw(st.sampled_from([(), *sensible]))


@st.composite
def loaded(draw: st.DrawFn) -> mm.Program:
    """Programs of `programs` in which people may have several partners, or must have one.

    In some of them partners of one group are counted.
    """
    program = draw(programs())
    format_ = mm.Pairs(
        sides=getattr(program.format, "sides", None),
        capacity=draw(st.sampled_from(CAPACITIES)),
        at_least=draw(st.sampled_from(MINIMA)),
    )
    rules = (*program.rules, *draw(spreads(format_.most)))
    return program.model_copy(update={"format": format_, "rules": rules})


@st.composite
def buddies(draw: st.DrawFn) -> mm.Program:
    """Programs of buddies."""
    return mm.Program(
        format=mm.Buddies(allow_trio=draw(st.booleans())),
        score=mm.SharedWishes(
            floor=draw(st.sampled_from((0.0, 0.1))),
            wishes_counted=draw(st.sampled_from((None, 1, 2))),
        ),
        rules=draw(RULES),
        preferences=draw(PREFERENCES),
        objective=draw(st.sampled_from(("people_then_score", "score"))),
    )


@st.composite
def pools(draw: st.DrawFn) -> mm.Program:
    """Programs with one pool of everybody."""
    return mm.Program(
        score=draw(
            st.builds(
                mm.Reciprocity,
                mean=st.sampled_from(("harmonic", "geometric", "minimum", "arithmetic")),
                floor=st.sampled_from((0.0, 0.1)),
                wishes_counted=st.sampled_from((None, 1, 2)),
            )
        ),
        rules=draw(RULES),
        preferences=draw(PREFERENCES),
        objective=draw(st.sampled_from(("people_then_score", "score"))),
    )


@st.composite
def rings(draw: st.DrawFn, longest: tuple[int | None, ...] = (None, 2)) -> mm.Program:
    """Programs of rings; those of any length and of two are always proven best."""
    return mm.Program(
        format=mm.Rings(longest=draw(st.sampled_from(longest))),
        score=draw(
            st.builds(
                mm.OneWay,
                teacher=st.just("a"),
                floor=st.sampled_from((0.0, 0.2)),
                wishes_counted=st.sampled_from((None, 1)),
            )
        ),
        rules=draw(RULES),
        objective=draw(st.sampled_from(("people_then_score", "score"))),
    )
