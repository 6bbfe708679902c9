"""Rules for some pairs and not for others."""

from typing import Any

import numpy as np
import pytest

import mentormatch as mm


def allowed(rule: Any, records: list[dict[str, Any]]) -> Any:
    """Which pairs a rule allows, as a table; it must say so both ways round."""
    people = mm.read_records([{"id": str(n), **record} for n, record in enumerate(records)])
    rows = np.arange(len(people))
    a, b = (side.ravel() for side in np.meshgrid(rows, rows, indexing="ij"))
    table = rule.test(people, rows)(a, b).reshape(len(rows), len(rows))
    assert np.array_equal(table, table.T)
    return table


def pairs(table: Any) -> set[tuple[int, int]]:
    """The forbidden pairs."""
    return {(int(a), int(b)) for a, b in zip(*np.nonzero(~table), strict=True) if a < b}


PEOPLE: list[dict[str, Any]] = [
    {"external": True, "department": "IT", "site": "Oslo"},
    {"external": True, "department": "IT", "site": "Rome"},
    {"external": False, "department": "IT", "site": "Oslo"},
    {"external": None, "department": "it", "site": "Rome"},
    {"external": False, "department": "HR", "site": "Oslo"},
]


def test_people_from_outside_meet_another_department() -> None:
    rule = mm.When({"external": True}, mm.Different("department"))
    assert pairs(allowed(rule, PEOPLE)) == {(0, 1), (0, 2), (0, 3), (1, 2), (1, 3)}


def test_who_both_concerns_pairs_of_two_who_match() -> None:
    rule = mm.When({"external": True}, mm.Different("department"), who="both")
    assert pairs(allowed(rule, PEOPLE)) == {(0, 1)}


def test_learning_from_juniors_is_for_who_has_opted_in() -> None:
    people: list[dict[str, Any]] = [
        {"rank": 6, "from_juniors": "yes"},
        {"rank": 6, "from_juniors": "no"},
        {"rank": 1, "from_juniors": "no"},
        {"rank": 5, "from_juniors": ""},
    ]
    rule = mm.When({"from_juniors": ["no"]}, mm.Within("rank", 2))
    assert pairs(allowed(rule, people)) == {(0, 2), (1, 2), (2, 3)}


def test_a_department_has_a_rule_of_its_own() -> None:
    rule = mm.When({"department": "HR"}, mm.Same("site"))
    assert pairs(allowed(rule, PEOPLE)) == {(1, 4), (3, 4)}


def test_several_attributes_must_all_match_and_one_value_of_each_is_enough() -> None:
    rule = mm.When(
        {"site": ["rome", " OSLO"], "department": "it"}, mm.Same("external", missing="allow")
    )
    assert pairs(allowed(rule, PEOPLE)) == {(0, 2), (0, 4), (1, 2), (1, 4)}


def test_a_list_matches_by_any_of_its_entries() -> None:
    people: list[dict[str, Any]] = [{"clubs": "chess; go"}, {"clubs": "choir"}, {"clubs": ""}]
    rule = mm.When({"clubs": "Go"}, mm.Forbid([("0", "1"), ("1", "2")]))
    assert pairs(allowed(rule, people)) == {(0, 1)}


@pytest.mark.parametrize("value", [3, 3.0, "3"])
def test_numbers_are_values_too(value: Any) -> None:
    rule = mm.When({"floor": value}, mm.Same("floor"))
    assert pairs(allowed(rule, [{"floor": "3"}, {"floor": 3.0}, {"floor": 4}])) == {(0, 2), (1, 2)}


def test_only_those_who_can_be_in_such_a_pair_are_asked_about() -> None:
    people = [{**PEOPLE[0], "desk": 1}, {**PEOPLE[1], "desk": 1}, *PEOPLE[2:]]
    both = mm.When({"external": True}, mm.Different("desk"), who="both")
    assert pairs(allowed(both, people)) == {(0, 1)}
    with pytest.raises(mm.ProgramError, match="desk is blank for 3 of 5 people: 2, 3, 4"):
        allowed(mm.When({"external": True}, mm.Different("desk")), people)
    cohort = mm.read_records([{"id": str(n), **record} for n, record in enumerate(people)])
    nobody = mm.When({"external": True}, mm.Different("desk")).test(cohort, np.array([2, 3, 4]))
    assert nobody(np.array([2, 3]), np.array([3, 4])).all()


def test_unknown_attributes_and_values_name_the_alternatives() -> None:
    with pytest.raises(mm.ProgramError, match=r"(?s)'extern'; did you mean 'external'.*'sites'"):
        allowed(mm.When({"extern": True, "sites": "Oslo"}, mm.Same("site")), PEOPLE)
    with pytest.raises(
        mm.ProgramError, match=r"(?s)'site': nobody has the value 'Olso'; did you mean 'Oslo'.*'HT'"
    ):
        allowed(mm.When({"site": "Olso", "department": "HT"}, mm.Same("site")), PEOPLE)


def test_a_condition_without_values_is_refused() -> None:
    conditions: list[dict[str, list[str]]] = [{}, {"site": []}]
    for condition in conditions:
        with pytest.raises(mm.ProgramError, match="an attribute and its values"):
            mm.When(condition, mm.Same("site"))


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (mm.Require([("a", "b")]), "pairs that must be made"),
        (mm.When({"x": 1}, mm.Same("x")), "name all attributes in one"),
        ({"kind": "require", "pairs": []}, "pairs that must be made"),
    ],
)
def test_what_cannot_depend_on_a_condition_says_why(rule: Any, why: str) -> None:
    with pytest.raises(mm.ProgramError, match=why):
        mm.When({"site": "Oslo"}, rule)


def test_a_rule_reads_aloud() -> None:
    rule = mm.When({"site": ["Oslo", "Rome"], "external": True}, mm.Same("site"), who="both")
    assert str(rule) == "same site, when both have site Oslo or Rome and external True"


def test_a_conditional_rule_counts_what_it_removes() -> None:
    people = mm.read_records(
        [
            {"id": "ana", "rank": 6, "external": "yes", "teaches": "x", "wants": "y"},
            {"id": "bea", "rank": 6, "external": "no", "teaches": "x", "wants": "y"},
            {"id": "cy", "rank": 1, "external": "no", "teaches": "y", "wants": "x"},
        ]
    )
    program = mm.Program(
        format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)),
        rules=[mm.When({"external": "yes"}, mm.Within("rank", 2))],
    )
    matching = mm.match(people, program)
    assert [(pair.a, pair.b) for pair in matching.pairs] == [("bea", "cy")]
    assert matching.removed == (("rank within 2, when either has external yes", 1),)


DESKS = [{"id": "ana", "desk": 1, "rank": 6}, {"id": "bo", "desk": 2, "rank": 1}]


def asked_of(look: Any, reads: Any) -> Any:
    def function(people: mm.Cohort, a: Any, b: Any) -> Any:
        look(people)
        return a < b

    people = mm.read_records(DESKS)
    test = mm.Where("mine", function, reads=reads).test(people, np.arange(2))
    return test(np.array([0]), np.array([1]))


def test_a_function_is_given_what_it_declares_and_no_more() -> None:
    def declared(people: Any) -> None:
        assert people.fields == ("desk",)
        assert people.numbers("desk").tolist() == [1.0, 2.0]
        assert people.categories("desk")[1] == ("1", "2")
        assert not people.is_list("desk")
        assert people.lists("desk")[1] == ("1", "2")
        assert people.ids == ("ana", "bo")
        assert len(people) == 2
        assert people.wants.shape == (2, 0)
        assert not hasattr(people, "__array__")

    assert asked_of(declared, ["desk"])[0]
    for look, named in (
        (lambda people: people.numbers("rank"), "'where mine' reads 'rank'.*reads=.'desk'"),
        (lambda people: people.participant("ana"), "'where mine' asks for 'participant'"),
        (lambda people: people.organisation, "'where mine' asks for 'organisation'"),
    ):
        with pytest.raises(mm.ProgramError, match=named):
            asked_of(look, ["desk"])


def test_a_function_that_declares_nothing_is_given_the_cohort() -> None:
    assert asked_of(lambda people: people.participant("ana"), [])[0]


def test_what_a_function_declares_must_be_there() -> None:
    with pytest.raises(mm.ProgramError, match=r"(?s)'desks'; did you mean 'desk'.*'flor'"):
        asked_of(lambda people: None, ["desks", "flor"])
