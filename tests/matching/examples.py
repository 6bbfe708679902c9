"""A few people whose best matching is known, for the tests of the answer."""

from typing import Any

import mentormatch as mm

NAMES = ("leader", "newcomer")
SIDES = mm.Pairs(sides=mm.Sides(by="rank", at_least=5, names=NAMES))
PROGRAM = mm.Program(format=SIDES, rules=[mm.Different("department", missing="allow")])

RECORDS: dict[str, dict[str, Any]] = {
    "ana": {"rank": 6, "name": "Ana Silva", "teaches": "leading; hiring", "wants": "sql"},
    "bea": {"rank": 5, "name": "Bea Kurz", "teaches": "hiring", "wants": "sql; python"},
    "cy": {"rank": 2, "name": "Cy Young", "teaches": "sql", "wants": "leading; hiring"},
    "di": {"rank": 1, "name": "Di Ba", "teaches": "sql", "wants": "leading; drawing"},
    "ed": {"rank": 1, "teaches": "sewing", "wants": "leading"},
    "flo": {"rank": "", "teaches": "sql", "wants": "leading"},
    "gus": {"rank": 7, "capacity": 0, "teaches": "sql", "wants": "leading"},
}


def people(**changes: dict[str, Any]) -> mm.Cohort:
    """The cohort, with some fields of some people changed, and further people after them."""
    return mm.read_records(
        [
            {"id": person, **RECORDS.get(person, {}), **changes.get(person, {})}
            for person in dict.fromkeys((*RECORDS, *changes))
        ]
    )


def matching(**changes: dict[str, Any]) -> mm.Matching:
    """The matching of those people."""
    return mm.match(people(**changes), PROGRAM)


def of_two(a: dict[str, Any], b: dict[str, Any], names: tuple[str, str] = NAMES) -> mm.Matching:
    """A matching of one pair, who teach each other everything they wish for."""
    cohort = mm.read_records(
        [
            {"id": "a", "rank": 6, "teaches": "x", "wants": "y", **a},
            {"id": "b", "rank": 1, "teaches": "y", "wants": "x", **b},
        ]
    )
    sides = mm.Sides(by="rank", at_least=5, names=names)
    return mm.match(cohort, mm.Program(format=mm.Pairs(sides=sides)))


def crowd(size: int) -> mm.Matching:
    """A matching of `size` equal pairs."""
    leaders = [
        {"id": f"a{number:03}", "rank": 6, "teaches": "x", "wants": "y"} for number in range(size)
    ]
    others = [
        {"id": f"b{number:03}", "rank": 1, "teaches": "y", "wants": "x"} for number in range(size)
    ]
    return mm.match(mm.read_records([*leaders, *others]), mm.Program(format=SIDES))
