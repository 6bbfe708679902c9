import copy
import json
import pickle
from typing import Any

import pytest
from pydantic import ValidationError

import mentormatch as mm

EVERYTHING = mm.Program(
    format=mm.Pairs(sides=mm.Sides(by="cohort", a=["x", 3], b=["y"], names=("new", "old"))),
    score=mm.OneWay(teacher="a", floor=0.1),
    objective="score",
    rules=[
        mm.Different("department"),
        mm.Same("location", missing="allow"),
        mm.NoReportingLine(levels=2),
        mm.NoSharedManager(missing="forbid"),
        mm.Within("utc_offset", 3, period=24),
        mm.Apart("rank", 2),
        mm.Share("languages", 2),
        mm.Forbid([("ana", "bo")]),
        mm.Require([("ana", "cy")]),
        mm.NotPairedBefore(),
        mm.Spread("department", 2, side="b"),
        mm.When({"external": True, "site": ["Oslo", 3]}, mm.Same("site"), who="both"),
    ],
    preferences=[
        mm.Prefer(mm.Different("location", missing="forbid"), 0.1),
        mm.Prefer(mm.When({"external": True}, mm.Same("site")), weight=0.25),
        mm.RankedWishes(weight=0.3),
    ],
)


FORMATS: list[dict[str, Any]] = [
    {},
    {"format": mm.Pairs(sides=mm.Sides(by="rank", at_least=5), capacity=(3, 1), at_least=(0, 1))},
    {"format": mm.Rings()},
    {"format": mm.Rings(longest=3), "objective": "score"},
    {"format": mm.Buddies(allow_trio=True), "objective": "floor_then_score"},
    {"score": mm.Reciprocity(floor=(0.1, 0.1)), "objective": "floor_then_score"},
]


@pytest.mark.parametrize("fields", FORMATS)
def test_every_format_survives_json(fields: dict[str, Any]) -> None:
    program = mm.Program(**fields)
    text = program.model_dump_json()
    assert mm.Program.model_validate_json(text) == program
    if "score" not in fields:  # the score of a format need not be named
        data = json.loads(text)
        del data["score"]
        assert mm.Program.model_validate_json(json.dumps(data)) == program


def test_json_schema_lists_every_format() -> None:
    schema = json.dumps(mm.Program.model_json_schema())
    for kind in ("pairs", "rings", "buddies", "shared_wishes", "prefer", "ranked_wishes"):
        assert f'"const": "{kind}"' in schema


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"score": mm.OneWay()}, "in one pool nobody is the teacher"),
        ({"score": mm.Reciprocity(floor=(0.1, 0.2))}, "give one floor"),
        ({"score": mm.Reciprocity(weights=(1, 3))}, "name two sides, or leave the weights out"),
        ({"format": mm.Rings(), "score": mm.Reciprocity(weights=(1, 3))}, "leave out the score"),
        ({"format": mm.Buddies(), "score": mm.Reciprocity(weights=(1, 3))}, "'shared_wishes'"),
        ({"format": mm.Rings(), "score": mm.Reciprocity()}, "leave out the score"),
        ({"format": mm.Rings(), "score": mm.OneWay(teacher="b")}, "with the teacher 'a'"),
        ({"format": mm.Rings(), "objective": "floor_then_score"}, "rings have no floor"),
        ({"format": mm.Buddies(), "score": mm.Reciprocity()}, "'shared_wishes'"),
        ({"rules": [mm.Spread("x")]}, "only between two sides may anybody have several"),
        ({"format": mm.Rings(), "rules": [mm.Spread("x")]}, "take it out, or name two sides"),
        ({"format": mm.Buddies(), "rules": [mm.Spread("x")]}, "take it out, or name two sides"),
    ],
)
def test_what_does_not_go_together_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(mm.ProgramError, match=message):
        mm.Program(**fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"capacity": 2}, "one pool, in which everybody has one partner"),
        ({"at_least": 1}, "one pool, in which everybody has one partner"),
        (
            {"sides": mm.Sides(by="rank", at_least=5), "capacity": (1, 3), "at_least": 2},
            "at_least is 2 and capacity 1 for side a",
        ),
    ],
)
def test_capacities_that_make_no_sense_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(mm.ProgramError, match=message):
        mm.Pairs(**fields)


def test_every_rule_survives_json() -> None:
    assert mm.Program.model_validate_json(EVERYTHING.model_dump_json()) == EVERYTHING


def test_json_has_the_documented_shape() -> None:
    program = mm.Program(
        format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)), rules=[mm.Different("department")]
    )
    data = json.loads(program.model_dump_json())
    assert data["schema"] == 1
    assert data["objective"] == "people_then_score"
    assert data["score"]["kind"] == "reciprocity"
    assert data["format"]["kind"] == "pairs"
    assert data["rules"] == [{"attribute": "department", "missing": "error", "kind": "different"}]


def test_everything_has_a_default() -> None:
    assert mm.Program() == mm.Program.model_validate_json("{}")
    assert mm.Program().score == mm.Reciprocity(mean="harmonic")


def test_json_schema_lists_every_kind_of_rule() -> None:
    schema = json.dumps(mm.Program.model_json_schema())
    for rule in (*EVERYTHING.rules, *EVERYTHING.preferences):
        assert f'"const": "{rule.kind}"' in schema


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"rules": [{"kind": "diferent"}]}', "rule 1 .*'diferent'; did you mean 'different'"),
        ('{"rules": [{"attribute": "x"}]}', "rule 1 has no kind"),
        (
            '{"rules": [{"kind": "when", "condition": {"x": 1}, "rule": {"kind": "sam"}}]}',
            "rule 1: the rule within .*'sam'; did you mean 'same'",
        ),
        (
            '{"rules": [{"kind": "when", "condition": {"x": 1}, "rule": {"attribute": "x"}}]}',
            "rule 1: the rule within has no kind",
        ),
        ('{"preferences": [{"kind": "prefers"}]}', "preference 1 .*; did you mean 'prefer'"),
        (
            (
                '{"preferences": [{"kind": "prefer", "weight": 1, "rule": {"kind": "when", '
                '"condition": {"x": 1}, "rule": {"kind": "sam"}}}]}'
            ),
            "preference 1: the rule within: the rule within .*'sam'; did you mean 'same'",
        ),
        ('{"score": {"kind": "one-way"}}', "score .*'one-way'; did you mean 'one_way'"),
        ('{"format": {"kind": "circles"}}', "format .*'circles'; Known: pairs"),
    ],
)
def test_an_unknown_kind_names_the_alternatives(text: str, message: str) -> None:
    with pytest.raises(mm.ProgramError, match=message):
        mm.Program.model_validate_json(text)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"schema": 2}',
        '{"objectiv": "score"}',
        '{"objective": "people"}',
        '{"rules": 3}',
        '{"rules": [{"kind": "different", "attribute": 3}]}',
        '{"rules": [{"kind": "when", "condition": {"x": null}, "rule": {"kind": "same"}}]}',
        '{"rules": [{"kind": "when", "condition": {"x": 1}, "rule": 3}]}',
        '{"rules": [{"kind": "when", "condition": {"x": 1}}]}',
        '{"preferences": [{"kind": "ranked_wishes"}]}',
        '{"preferences": [{"kind": "prefer", "weight": 0.1}]}',
        '{"preferences": [' + ", ".join(['{"kind": "ranked_wishes", "weight": 1}'] * 1001) + "]}",
    ],
)
def test_malformed_json_is_pydantics_error(text: str) -> None:
    with pytest.raises(ValidationError):
        mm.Program.model_validate_json(text)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "exactly one of .* got none"),
        ({"at_least": 5, "at_most": 3}, "got at_least and at_most"),
        ({"b": ["x"], "at_least": 1}, "goes with a="),
        ({"a": ["x", "y"], "b": ["y"]}, "overlap: .*'y'"),
        ({"a": ["x"], "names": ("same", "same")}, "two different"),
        ({"a": ["x"], "names": (" ", "b")}, "two different"),
        ({"a": ["x"], "names": ("a\n", "b")}, "two different"),
        ({"a": ["x"], "names": ("\ud800", "b")}, "two different"),
    ],
)
def test_sides_that_make_no_sense_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(mm.ProgramError, match=message):
        mm.Sides(by="cohort", **fields)


def test_where_keeps_its_name_and_needs_its_function() -> None:
    def nearby(cohort: mm.Cohort, a: Any, b: Any) -> Any:
        return a == b

    program = mm.Program(rules=[mm.Where("nearby", nearby)])
    text = program.model_dump_json()
    assert json.loads(text)["rules"] == [{"name": "nearby", "reads": [], "kind": "where"}]
    loaded = mm.Program.model_validate_json(text, functions={"nearby": nearby})
    assert loaded == program
    with pytest.raises(mm.ProgramError, match=r"functions=\{'nearby': function\}"):
        mm.Program.model_validate_json(text)
    with pytest.raises(mm.ProgramError, match="did you mean 'nearbi'"):
        mm.Program.model_validate_json(text, functions={"nearbi": nearby})


def test_where_within_when_needs_its_function_too() -> None:
    def nearby(cohort: mm.Cohort, a: Any, b: Any) -> Any:
        return a == b

    rule = mm.When({"site": "Oslo"}, mm.Where("nearby", nearby, reads=["desk"]))
    program = mm.Program(rules=[rule, mm.When({"site": "Rome"}, mm.Where("nearby", nearby))])
    text = program.model_dump_json()
    assert mm.Program.model_validate_json(text, functions={"nearby": nearby}) == program
    with pytest.raises(mm.ProgramError, match=r"functions=\{'nearby': function\}"):
        mm.Program.model_validate_json(text)
    other = mm.Where("nearby", lambda cohort, a, b: a < b)
    with pytest.raises(mm.ProgramError, match="'nearby'"):
        mm.Program(rules=[rule, other])


def test_a_preferred_function_is_told_from_a_rules() -> None:
    def nearby(cohort: mm.Cohort, a: Any, b: Any) -> Any:
        return a == b

    preference = mm.Prefer(mm.Where("nearby", nearby, reads=["desk"]), 0.5)
    program = mm.Program(preferences=[preference], rules=[mm.Where("nearby", nearby)])
    text = program.model_dump_json()
    assert mm.Program.model_validate_json(text, functions={"nearby": nearby}) == program
    with pytest.raises(mm.ProgramError, match=r"functions=\{'nearby': function\}"):
        mm.Program.model_validate_json(text)
    other = mm.Where("nearby", lambda cohort, a, b: a < b)
    with pytest.raises(mm.ProgramError, match="'nearby'"):
        mm.Program(preferences=[preference], rules=[other])


def test_preferences_have_the_documented_shape() -> None:
    program = mm.Program(preferences=[mm.Prefer(mm.NotPairedBefore(), 0.1), mm.RankedWishes(0.2)])
    assert json.loads(program.model_dump_json())["preferences"] == [
        {"rule": {"kind": "not_paired_before"}, "weight": 0.1, "kind": "prefer"},
        {"weight": 0.2, "kind": "ranked_wishes"},
    ]


def test_a_condition_is_written_in_one_way() -> None:
    inner = '{"kind": "not_paired_before"}'
    text = f'{{"rules": [{{"kind": "when", "condition": {{"x": true}}, "rule": {inner}}}]}}'
    rule = mm.Program.model_validate_json(text).rules[0]
    assert rule == mm.When({"x": True}, mm.NotPairedBefore())
    assert rule == mm.When({"x": [True]}, mm.NotPairedBefore())
    assert hash(rule) == hash(mm.When({"x": [True]}, mm.NotPairedBefore()))
    assert rule != mm.When({"x": True}, mm.NotPairedBefore(), who="both")
    dumped = json.loads(mm.Program(rules=[rule]).model_dump_json())["rules"][0]
    assert dumped["condition"] == {"x": [True]}
    assert dumped["rule"] == {"kind": "not_paired_before"}
    assert pickle.loads(pickle.dumps(rule)) == copy.deepcopy(rule) == rule


def test_two_functions_of_one_name_are_refused() -> None:
    rules = [mm.Where("f", lambda cohort, a, b: a == b), mm.Where("f", lambda cohort, a, b: a < b)]
    with pytest.raises(mm.ProgramError, match="'f'"):
        mm.Program(rules=rules)


def test_a_program_does_not_change() -> None:
    with pytest.raises(ValidationError):
        EVERYTHING.objective = "score"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        EVERYTHING.rules[0].attribute = "rank"  # type: ignore[union-attr, misc]
