import sys
from typing import Any

import pytest

import mentormatch as mm

SIDES = mm.Pairs(sides=mm.Sides(by="rank", at_least=5))


def people(**changes: dict[str, object]) -> mm.Cohort:
    records = {
        "ana": {"rank": 6, "department": "IT", "teaches": "leading", "wants": "sql"},
        "bea": {"rank": 5, "department": "HR", "teaches": "hiring", "wants": "sql"},
        "cy": {"rank": 2, "department": "IT", "teaches": "sql", "wants": "leading; hiring"},
        "di": {"rank": 1, "department": "HR", "teaches": "sql", "wants": "leading"},
    }
    return mm.read_records(
        [{"id": person, **record, **changes.get(person, {})} for person, record in records.items()]
    )


def pairs(cohort: mm.Cohort, **fields: Any) -> set[tuple[str, str]]:
    matching = mm.match(cohort, mm.Program(format=SIDES, **fields))
    found = matching.certificate.verify(cohort, mm.Program(format=SIDES, **fields))
    assert found.ok, found.violations
    return {(pair.a, pair.b) for pair in matching.pairs}


def test_everybody_served_before_the_best_total() -> None:
    assert pairs(people()) == {("ana", "di"), ("bea", "cy")}


def test_a_required_pair_is_made_even_if_it_costs_others() -> None:
    assert pairs(people(), rules=[mm.Require([("cy", "ana")])]) == {("ana", "cy")}


@pytest.mark.parametrize("objective", ["score", "people_then_score"])
def test_a_required_pair_is_made_at_score_zero(objective: str) -> None:
    cohort = people(bea={"teaches": ""})
    rules = [mm.Require([("bea", "di")])]
    assert pairs(cohort, rules=rules, objective=objective) == {("ana", "cy"), ("bea", "di")}


def test_a_required_pair_that_breaks_another_rule_is_named_with_it() -> None:
    rules = [
        mm.Require([("ana", "cy"), ("bea", "di")]),
        mm.Different("department"),
        mm.Forbid([("di", "bea")]),
    ]
    with pytest.raises(mm.ProgramError) as error:
        pairs(people(), rules=rules)
    lines = str(error.value).splitlines()
    assert len(lines) == 3
    assert "'ana' and 'cy' breaks the rule 'different department'" in lines[0]
    assert "forbid 1 named pair" in lines[2]


@pytest.mark.parametrize(
    ("changes", "pair"),
    [
        ({"ana": {"capacity": 0}}, ("ana", "cy")),
        ({}, ("ana", "bea")),
        ({"ana": {"declines": "cy"}}, ("ana", "cy")),
        ({"cy": {"declines": "ana"}}, ("ana", "cy")),
        ({"cy": {"rank": ""}}, ("ana", "cy")),
    ],
    ids=["takes no part", "same side", "declined", "was declined", "blank side"],
)
def test_a_required_pair_that_cannot_be_gives_one_text_for_every_cause(
    changes: dict[str, dict[str, object]], pair: tuple[str, str]
) -> None:
    with pytest.raises(mm.InfeasibleError) as error:
        pairs(people(**changes), rules=[mm.Require([pair])])
    assert str(error.value) == (
        f"required pair {pair[0]!r} and {pair[1]!r} cannot be made: both must take part, on "
        "opposite sides, and be open to the pair; take it out of 'require'"
    )


def test_nobody_can_be_promised_twice() -> None:
    with pytest.raises(mm.InfeasibleError, match="promises 'ana' to 2 people"):
        pairs(people(), rules=[mm.Require([("ana", "cy")]), mm.Require([("di", "ana")])])


def test_a_pair_required_twice_is_required_once() -> None:
    rules = [mm.Require([("ana", "cy"), ("cy", "ana")]), mm.Require([("ana", "cy")])]
    assert ("ana", "cy") in pairs(people(), rules=rules)


def test_complaints_of_all_rules_come_together() -> None:
    rules = [mm.Different("team"), mm.Within("utc_offset", 3), mm.Forbid([("zoe", "ana")])]
    with pytest.raises(mm.ProgramError) as error:
        mm.match(people(), mm.Program(format=SIDES, rules=rules))
    lines = str(error.value).splitlines()
    assert [
        bool(word in line) for word, line in zip(("team", "offset", "zoe"), lines, strict=True)
    ] == [True] * 3


def test_values_that_no_rule_can_read_come_together() -> None:
    cohort = people(ana={"desk": "left", "floor": "up"}, bea={"desk": "right"})
    rules = [
        mm.Within("desk", 1, missing="allow"),
        mm.Apart("floor", 1, missing="allow"),
        mm.Apart("desk", 1, missing="allow"),
    ]
    with pytest.raises(mm.ProfileErrors) as error:
        mm.match(cohort, mm.Program(format=SIDES, rules=rules))
    assert sorted(fault.value for fault in error.value.faults) == ["left", "right", "up"]


def test_a_function_of_the_callers_own_binds() -> None:
    def not_on_mondays(cohort: mm.Cohort, a: Any, b: Any) -> Any:
        return (cohort.numbers("rank")[a] + cohort.numbers("rank")[b]) % 2 == 0

    assert pairs(people(), rules=[mm.Where("parity", not_on_mondays)]) == {
        ("ana", "cy"),
        ("bea", "di"),
    } - {("bea", "di")}


def test_a_function_is_never_asked_about_no_pair() -> None:
    def highest(cohort: mm.Cohort, a: Any, b: Any) -> Any:
        return a <= a.max()

    cohort = people(ana={"wants": ""}, bea={"wants": ""})
    assert pairs(cohort, rules=[mm.Where("highest", highest)]) == set()
    assert pairs(people(), rules=[mm.Where("highest", highest)])


def test_one_way_counts_the_lessons_of_one_way_alone() -> None:
    program = mm.Program(format=SIDES, score=mm.OneWay(teacher="b"))
    for pair in mm.match(people(), program).pairs:
        assert (pair.a_benefit, pair.b_benefit) == (1.0, 0.0)
        assert (pair.a_teaches, pair.b_teaches) == ((), ("sql",))


def test_no_pair_at_all_is_an_answer() -> None:
    cohort = people(ana={"wants": ""}, bea={"wants": ""})
    matching = mm.match(cohort, mm.Program(format=SIDES))
    assert len(matching.pairs) == 0
    assert matching.status is mm.Status.OPTIMAL
    assert {one.code for one in matching.unmatched} == {"no_learner", "no_wishes"}


def test_the_documented_example_of_the_two_objectives() -> None:
    cohort = mm.read_records(
        [
            {"id": "a", "rank": 5, "teaches": "s1; s2", "wants": "t1; t2"},
            {"id": "b", "rank": 5, "teaches": "s1:1", "wants": "t1; x"},
            {"id": "c", "rank": 1, "teaches": "t1; t2", "wants": "s1; s2"},
            {"id": "d", "rank": 1, "teaches": "t2:1", "wants": "s2; y"},
        ]
    )
    assert pairs(cohort, objective="score") == {("a", "c")}
    assert pairs(cohort, objective="people_then_score") == {("a", "d"), ("b", "c")}


def test_more_people_than_scipy_can_hold_need_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentormatch.solving.two_sides.MOST_HELD", 3)
    assert mm.match(people(), mm.Program(format=SIDES)).status is mm.Status.OPTIMAL
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(mm.MissingExtraError, match=r"2 x 2 people need numba: .*\[scale\]"):
        mm.match(people(), mm.Program(format=SIDES))
