"""No part of a program reads what is for the audit alone."""

import re
from typing import Any

import pytest

import mentormatch as mm

PEOPLE = mm.read_records(
    [
        {"id": "ana", "rank": 6, "site": "Oslo", "age": 50, "teaches": "leading", "wants": "sql"},
        {"id": "bo", "rank": 1, "site": "Pune", "age": 20, "teaches": "sql", "wants": "leading"},
    ],
    reading=mm.Reading(audit_only=("age",)),
)
SIDES = mm.Pairs(sides=mm.Sides(by="rank", at_least=5))


def anything(people: Any, rows_a: Any, rows_b: Any) -> Any:
    return rows_a == rows_a


RULES = (
    mm.Different("age"),
    mm.Same("age"),
    mm.Within("age", 5),
    mm.Apart("age", 5),
    mm.Share("age"),
    mm.Where("mine", anything, reads=["site", "age"]),
    mm.When({"age": 50}, mm.Different("site")),
    mm.When({"site": "Oslo", "age": 50}, mm.NotPairedBefore()),
    mm.When({"site": "Oslo"}, mm.Different("age")),
)


def refused(**parts: Any) -> str:
    program = mm.Program(**{"format": SIDES, **parts})
    with pytest.raises(mm.ProgramError) as error:
        mm.match(PEOPLE, program)
    with pytest.raises(mm.ProgramError):  # nor does whoever checks it
        mm.match(PEOPLE, mm.Program(format=SIDES)).certificate.verify(PEOPLE, program)
    return str(error.value)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_rule_that_names_it_is_refused_by_name_and_with_the_remedy(rule: Any) -> None:
    alone = "attribute 'age' is for the audit alone (audit_only), and nothing else reads it"
    assert refused(rules=[rule]).startswith(f"rule '{rule}': {alone}: leave it out of the program")
    preference = mm.Prefer(rule, 0.1)
    assert refused(preferences=[preference]).startswith(f"preference '{preference}': {alone}")


def test_no_partners_are_counted_by_it() -> None:
    rule = mm.Spread("age", missing="allow")
    assert refused(rules=[rule]).startswith(f"rule '{rule}': attribute 'age' is for the audit")


@pytest.mark.parametrize("sides", [mm.Sides(by="age", at_least=30), mm.Sides(by="age", a=[50])])
def test_no_side_is_made_by_it(sides: mm.Sides) -> None:
    text = refused(format=mm.Pairs(sides=sides))
    assert text.startswith("sides by 'age': attribute 'age' is for the audit alone")


def test_a_function_must_declare_what_it_reads() -> None:
    where = mm.Where("mine", anything)
    for rule in (where, mm.When({"site": "Oslo"}, where)):
        text = refused(rules=[rule])
        assert "for the audit alone (age), so a function must declare what it reads" in text
        assert "Where('mine', function, reads=" in text


def test_a_function_that_declares_what_it_reads_is_not_shown_it() -> None:
    def seeing(people: Any, rows_a: Any, rows_b: Any) -> Any:
        assert people.fields == ("site",)
        with pytest.raises(mm.ProgramError, match="does not declare"):
            people.numbers("age")
        for way in ("participant", "audited", "audit_only"):
            with pytest.raises(mm.ProgramError, match=f"asks for '{way}' of the people"):
                getattr(people, way)
        return anything(people, rows_a, rows_b)

    program = mm.Program(format=SIDES, rules=[mm.Where("mine", seeing, reads=["site"])])
    assert len(mm.match(PEOPLE, program).pairs) == 1


def test_every_part_that_reads_it_is_named_at_once() -> None:
    text = refused(rules=[mm.Different("age"), mm.Different("agee"), mm.Same("age")])
    assert len(re.findall("for the audit alone", text)) == 2
    assert "age" not in text.partition("Known: ")[2].partition("\n")[0].split(", ")
