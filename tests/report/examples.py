"""Answers to draw: the example people in every format, and what is hard to draw."""

from functools import cache
from pathlib import Path
from typing import Any

import mentormatch as mm

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SIDES = mm.Sides(by="rank", at_least=5, names=("leader", "newcomer"))
BOTH = mm.Reciprocity(mean="arithmetic")

FORMATS: dict[str, mm.Program] = {
    "two sides": mm.Program.model_validate_json((EXAMPLES / "program.json").read_text("utf-8")),
    "one way": mm.Program(format=mm.Pairs(sides=SIDES), score=mm.OneWay(teacher="b")),
    "capacities": mm.Program(format=mm.Pairs(sides=SIDES, capacity=(3, 2)), score=BOTH),
    "one pool": mm.Program(rules=[mm.Different("department")]),
    "rings": mm.Program(format=mm.Rings()),
    "buddies": mm.Program(format=mm.Buddies(allow_trio=True)),
}

NAMES = (
    "\N{GRINNING FACE} Zoë \N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}",
    "مريم الخطيب",
    "דוד כהן",
    "$math$ \\frac{1}{2} $x_",
    "王小明",
    "नेहा शर्मा",
    "A" * 120,
    "<b>&amp;",
    "a\nb\x1b[31m\u202e",
    "",
    "Ana",
    "Ana",
)
DEPARTMENTS = ("", "$R\\&D$", "\N{GRINNING FACE}", "محاسبة", "very " * 30, "A", "B", "王")
SKILLS = ("$sql$", "لغة", "x" * 80, "\N{GRINNING FACE}")


@cache
def people() -> mm.Cohort:
    return mm.read_csv(EXAMPLES / "people.csv")


@cache
def example(name: str) -> mm.Matching:
    return mm.match(people(), FORMATS[name])


@cache
def workforce(size: int) -> mm.Matching:
    rules = [mm.Different("department"), mm.NoReportingLine()]
    format_ = mm.Pairs(sides=mm.Sides(by="rank", at_least=3), capacity=(2, 1))
    return mm.match(mm.synthetic.workforce(size, seed=7), mm.Program(format=format_, rules=rules))


def trio() -> mm.Matching:
    """Three buddies, of whom two are of one department."""
    records = [
        {"id": "ana", "department": "IT", "wants": "sql"},
        {"id": "bo", "department": "Sales", "wants": "sql; R"},
        {"id": "cy", "department": "IT", "wants": "R; sql"},
    ]
    return mm.match(mm.read_records(records), FORMATS["buddies"])


def hostile(program: mm.Program) -> mm.Matching:
    """People whose names, departments and skills nobody planned for."""
    records = [
        {
            "id": f"id{number}",
            "name": name,
            "department": DEPARTMENTS[number % len(DEPARTMENTS)],
            "rank": 6 if number % 2 else 1,
            "teaches": [SKILLS[number % 4], ("go", "R")[number % 2]],
            "wants": [SKILLS[(number + 1) % 4], ("R", "go")[number % 2]],
        }
        for number, name in enumerate(NAMES)
    ]
    return mm.match(mm.read_records(records), program)


def small(count: int, program: mm.Program, **fields: Any) -> mm.Matching:
    """No people who could meet (`count` 1), or two who teach each other (2)."""
    ana = {"id": "ana", "rank": 6, "teaches": "x", "wants": "y", **fields}
    bo = {"id": "bo", "rank": 1, "teaches": "y", "wants": "x" if count == 2 else "z", **fields}
    return mm.match(mm.read_records([ana, bo]), program)
