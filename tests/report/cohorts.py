"""Answers that pages and letters are made of."""

from typing import Any
from warnings import catch_warnings, simplefilter

import mentormatch as mm

#: What people may be called who mean no good, or whose language is another.
HOSTILE = (
    "<script>alert(1)</script>",
    "</style><script>alert(2)</script>",
    '"><img src=x onerror=alert(3)>',
    "javascript:alert(4)",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp; <!-- ]]>",
    "=cmd|' /C calc'!A0",
    "\u202eevil\u202c \u2066left",
    "\x1b[31mred\x1b[0m\x00\x9b",
    "line\nbreak\r\ttab\u2028",
    "שרה محمد",
    "می\u200cخواهم",
    "👨\u200d👩\u200d👧 family",
    "$\\frac{1}{2}$ %d ${x}",
    "名前" * 200,
    "x" * 10_000,
)
SIDES = mm.Pairs(sides=mm.Sides(by="rank", at_least=5, names=("leader", "newcomer")))


def hostile(**program: Any) -> mm.Matching:
    """Everybody and everything is called something hostile."""
    leaders = [
        {
            "id": f"a{number} {text}",
            "name": text,
            "rank": 6,
            "department": text[:300],
            "teaches": {f"{number} {text}"[:300]: 5},
            "wants": {f"t{number} {text}"[:300]: 1},
        }
        for number, text in enumerate(HOSTILE)
    ]
    others = [
        {
            "id": f"b{number}",
            "name": text,
            "rank": 1,
            "department": f"{number}",
            "teaches": leaders[number]["wants"],
            "wants": leaders[number]["teaches"],
        }
        for number, text in enumerate(HOSTILE)
    ]
    lonely = [{"id": f"c{n}", "name": text, "rank": 1} for n, text in enumerate(HOSTILE)]
    aside = [{"id": f"d{n}", "name": text, "rank": ""} for n, text in enumerate(HOSTILE)]
    with catch_warnings():
        simplefilter("ignore", mm.ProfileWarning)  # that skills look alike is meant
        people = mm.read_records([*leaders, *others, *lonely, *aside])
    return mm.match(people, mm.Program(format=SIDES, **program))


PEOPLE: dict[str, dict[str, Any]] = {
    "ana": {"name": "Ana", "rank": 6, "department": "IT", "teaches": "leading", "wants": "sql"},
    "bea": {"name": "Bea", "rank": 5, "department": "HR", "teaches": "hiring", "wants": "R"},
    "cy": {"name": "Cy", "rank": 2, "department": "Law", "teaches": "sql", "wants": "leading"},
    "di": {"name": "Di", "rank": 1, "department": "Law", "teaches": "R; sql", "wants": "hiring"},
    "ed": {"name": "Ed", "rank": 1, "department": "HR", "teaches": "R", "wants": "hiring; go"},
    "flo": {"name": "Flo", "rank": 1, "department": "IT"},
    "gus": {"name": "Gus", "rank": 7, "capacity": 0, "teaches": "sql", "wants": "leading"},
}
PROGRAM = mm.Program(format=SIDES, rules=[mm.Different("department"), mm.Forbid([("ana", "di")])])


def cohort(reading: mm.Reading | None = None, /, **changes: dict[str, Any]) -> mm.Cohort:
    """Seven people, some of them changed, and how they are to be read if that is said."""
    records = [{"id": one, **told, **changes.get(one, {})} for one, told in PEOPLE.items()]
    return mm.read_records(records, reading=reading)


def answer(
    program: mm.Program = PROGRAM, reading: mm.Reading | None = None, /, **changes: dict[str, Any]
) -> mm.Matching:
    """The answer for those people."""
    return mm.match(cohort(reading, **changes), program)


def of_every_format() -> dict[str, mm.Matching]:
    """A small answer of each way to meet, one of several partners, and one of nobody."""
    people = mm.read_records(
        [
            {"id": "ana", "name": "Ana", "teaches": "sql", "wants": "go; chess"},
            {"id": "bo", "name": "Bo", "teaches": "R", "wants": "sql; chess"},
            {"id": "cy", "name": "Cy", "teaches": "go", "wants": "R; chess"},
            {"id": "di", "name": "Di", "teaches": "sql", "wants": "R"},
            {"id": "ed", "name": "Ed", "teaches": "R", "wants": "sql"},
        ]
    )
    several = mm.read_records(
        [
            {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql", "capacity": 3},
            *({"id": who, "rank": 1, "teaches": "sql", "wants": "leading"} for who in "xyz"),
        ]
    )
    roles = mm.read_records(
        [
            {"id": "ana", "role": "mentor; mentee", "teaches": "a", "wants": "b"},
            {"id": "bo", "role": "mentee", "teaches": "b", "wants": "a"},
        ]
    )
    both = mm.Sides(by="role", a=["mentor"], b=["mentee"], names=("mentor", "mentee"))
    return {
        "sides": answer(),
        "pool": mm.match(people, mm.Program()),
        "rings": mm.match(people, mm.Program(format=mm.Rings())),
        "buddies": mm.match(people, mm.Program(format=mm.Buddies(allow_trio=True))),
        "several": mm.match(several, mm.Program(format=SIDES)),
        "roles": mm.match(roles, mm.Program(format=mm.Pairs(sides=both))),
        "one way": mm.match(
            cohort(), mm.Program(format=SIDES, score=mm.OneWay(teacher="b"), objective="score")
        ),
        "floor": answer(mm.Program(format=SIDES, objective="floor_then_score")),
        "nobody": mm.match(
            mm.read_records([{"id": who, "teaches": "x", "wants": "y"} for who in "ab"]),
            mm.Program(),
        ),
    }
