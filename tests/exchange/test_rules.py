from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

import mentormatch as mm
from mentormatch.exchange.rules import Rule

ANY = TypeAdapter(Rule)


def allows(rule: Any, *records: dict[str, Any]) -> bool:
    """Whether a rule lets the first two people be a pair; it must say so both ways round."""
    people = mm.read_records(
        [{"id": str(number), **record} for number, record in enumerate(records)]
    )
    test = rule.test(people, np.arange(len(people)))
    there, back = test(np.array([0, 1]), np.array([1, 0]))
    assert there == back
    return bool(there)


@pytest.mark.parametrize(
    ("rule", "a", "b", "allowed"),
    [
        (mm.Different("department"), {"department": "IT"}, {"department": "HR"}, True),
        (mm.Different("department"), {"department": "IT"}, {"department": " it "}, False),
        (mm.Same("department"), {"department": "IT"}, {"department": "it"}, True),
        (mm.Same("department"), {"department": "IT"}, {"department": "HR"}, False),
        (mm.Same("floor"), {"floor": "3"}, {"floor": 3.0}, True),
        (mm.Within("utc_offset", 3), {"utc_offset": 1}, {"utc_offset": 4}, True),
        (mm.Within("utc_offset", 3), {"utc_offset": 1}, {"utc_offset": 4.5}, False),
        (mm.Within("utc_offset", 3), {"utc_offset": 12}, {"utc_offset": -11}, False),
        (mm.Within("utc_offset", 3, period=24), {"utc_offset": 12}, {"utc_offset": -11}, True),
        (mm.Within("shift", 1, period=7), {"shift": 15}, {"shift": 0}, True),
        (mm.Apart("years", 5), {"years": "12"}, {"years": "7"}, True),
        (mm.Apart("years", 5), {"years": "12"}, {"years": "8"}, False),
        (mm.Within("grade", 0.2), {"grade": 0.8}, {"grade": 0.6}, True),
        (mm.Within("grade", 0.2), {"grade": 0.8}, {"grade": 0.599}, False),
        (mm.Apart("grade", 0.2), {"grade": 0.7}, {"grade": 0.5}, True),
        (mm.Apart("grade", 0.2), {"grade": 0.7}, {"grade": 0.501}, False),
        (mm.Share("languages"), {"languages": "English; Hindi"}, {"languages": "hindi"}, True),
        (mm.Share("languages", 2), {"languages": "English; Hindi"}, {"languages": "hindi"}, False),
        (mm.Share("hobbies"), {"hobbies": "chess;go"}, {"hobbies": "sailing; GO"}, True),
        (mm.Forbid([("1", "0")]), {}, {}, False),
        (mm.Forbid([("1", "2")]), {}, {}, True),
        (mm.NotPairedBefore(), {"past_partners": "1"}, {}, False),
        (mm.NotPairedBefore(), {"past_partners": "2; gone"}, {}, True),
        (mm.Spread("department"), {"department": "IT"}, {"department": "it"}, True),
    ],
    ids=str,
)
def test_a_rule_on_two_people(
    rule: Any, a: dict[str, Any], b: dict[str, Any], allowed: bool
) -> None:
    assert (
        allows(rule, a, b, {}) is allowed if _indifferent(rule) else allows(rule, a, b) is allowed
    )


def _indifferent(rule: Any) -> bool:
    """Whether a third person without values may be there."""
    return isinstance(rule, mm.Forbid | mm.NotPairedBefore)


LINE: tuple[dict[str, Any], ...] = (
    {"manager_id": "1"},
    {"manager_id": "2"},
    {"manager_id": "3"},
    {},
    {"manager_id": "2"},
)


def reported(rule: Any, *pairs: tuple[int, int]) -> list[bool]:
    people = mm.read_records([{"id": str(n), **record} for n, record in enumerate(LINE)])
    a, b = np.array(pairs).T
    return list(rule.test(people, np.arange(5))(a, b))


def test_no_reporting_line_looks_all_the_way_up_and_down() -> None:
    rule = mm.NoReportingLine()
    assert reported(rule, (0, 1), (0, 3), (3, 0), (0, 4), (4, 1)) == [False] * 3 + [True] * 2


def test_no_reporting_line_within_levels() -> None:
    assert reported(mm.NoReportingLine(levels=1), (0, 1), (0, 2), (0, 3)) == [False, True, True]
    assert reported(mm.NoReportingLine(levels=2), (0, 1), (0, 2), (0, 3)) == [False, False, True]


def test_no_shared_manager() -> None:
    assert reported(mm.NoSharedManager(), (1, 4), (0, 1), (0, 3)) == [False, True, True]


def test_a_manager_outside_the_file_is_still_shared() -> None:
    with pytest.warns(mm.ProfileWarning, match="manager"):
        shares = allows(
            mm.NoSharedManager(missing="allow"), {"manager_id": "zoe"}, {"manager_id": "zoe"}
        )
    assert not shares


def test_managers_in_no_file_are_asked_about() -> None:
    with pytest.warns(mm.ProfileWarning, match="manager"):
        people = mm.read_records(
            [{"id": "ana", "manager_id": "zoe"}, {"id": "bo", "manager_id": "ana"}, {"id": "cy"}]
        )
    rows = np.arange(3)
    with pytest.raises(mm.ProgramError, match=r"beyond 1 of them: ana\."):
        mm.NoReportingLine().test(people, rows)
    allow = mm.NoReportingLine(missing="allow").test(people, rows)
    forbid = mm.NoReportingLine(missing="forbid").test(people, rows)
    near = mm.NoReportingLine(levels=2, missing="forbid").test(people, rows)
    pairs = np.array([0, 0, 1]), np.array([1, 2, 2])
    assert allow(*pairs).tolist() == [False, True, True]
    # cy may be above zoe, and so above ana at two levels and above bo at three.
    assert forbid(*pairs).tolist() == [False, False, False]
    assert near(*pairs).tolist() == [False, False, True]


def test_people_below_a_doubtful_manager_are_asked_about_by_the_managers_name() -> None:
    with pytest.warns(mm.ProfileWarning, match="manager"):
        people = mm.read_records(
            [{"id": "ana", "manager_id": "zoe"}, {"id": "bo", "manager_id": "ana"}, {"id": "cy"}]
        )
    with pytest.raises(mm.ProgramError, match=r"beyond 1 of them: ana\."):
        mm.NoReportingLine().test(people, np.array([1, 2]))
    # Nobody of ana's tree is asked about: her manager does not matter.
    assert mm.NoReportingLine().test(people, np.array([2]))(np.array([2]), np.array([2]))[0]


def test_within_one_tree_everything_is_known() -> None:
    with pytest.warns(mm.ProfileWarning, match="manager"):
        people = mm.read_records(
            [{"id": "ana", "manager_id": "zoe"}, {"id": "bo", "manager_id": "zoe"}]
        )
    assert mm.NoReportingLine(missing="forbid").test(people, np.arange(2))(
        np.array([0]), np.array([1])
    )[0]


def test_people_in_no_tree_are_in_doubt() -> None:
    organisation = mm.Organisation.from_managers(["ana", "bo"], [None, "ana"])
    people = mm.Cohort.from_participants(
        [mm.Participant(id="bo"), mm.Participant(id="cy")], organisation=organisation
    )
    pair = np.array([0]), np.array([1])
    for rule in (mm.NoReportingLine, mm.NoSharedManager):
        with pytest.raises(mm.ProgramError, match=r"beyond 1 of them: cy\."):
            rule().test(people, np.arange(2))
        assert rule(missing="allow").test(people, np.arange(2))(*pair)[0]
        assert not rule(missing="forbid").test(people, np.arange(2))(*pair)[0]


def test_several_people_without_a_manager_are_asked_about() -> None:
    people = mm.read_records([{"id": "ana"}, {"id": "bo"}])
    with pytest.raises(mm.ProgramError, match="ana, bo"):
        mm.NoReportingLine().test(people, np.arange(2))
    with pytest.raises(mm.ProgramError, match="ana, bo"):
        mm.NoSharedManager().test(people, np.arange(2))


@pytest.mark.parametrize(
    "make",
    [
        lambda missing: mm.Different("desk", missing=missing),
        lambda missing: mm.Same("desk", missing=missing),
        lambda missing: mm.Within("desk", 100, missing=missing),
        lambda missing: mm.Apart("desk", 0, missing=missing),
        lambda missing: mm.Share("desk", missing=missing),
    ],
    ids=["different", "same", "within", "apart", "share"],
)
def test_a_missing_value_is_a_question_unless_the_rule_answers(make: Callable[[str], Any]) -> None:
    records = [{"desk": "4"}, {"desk": ""}]
    with pytest.raises(mm.ProgramError, match=r"desk is blank for 1 of 2 people: 1\. .*missing="):
        allows(make("error"), *records)
    assert allows(make("allow"), *records)
    assert not allows(make("forbid"), *records)


def test_only_those_who_are_asked_about_need_a_value() -> None:
    people = mm.read_records([{"id": "ana", "desk": 1}, {"id": "bo", "desk": 2}, {"id": "cy"}])
    test = mm.Different("desk").test(people, np.array([0, 1]))
    assert test(np.array([0]), np.array([1]))[0]


def test_rules_that_differ_read_differently() -> None:
    assert str(mm.Within("utc_offset", 3)) != str(mm.Within("utc_offset", 3, period=24))


def test_an_unknown_attribute_names_the_alternatives() -> None:
    people = mm.read_records([{"id": "ana", "desk": 1}])
    with pytest.raises(mm.ProgramError, match="'desks'; did you mean 'desk'"):
        mm.Within("desks", 1).test(people, np.arange(1))


def test_a_value_that_is_no_number_is_a_fault_with_its_row() -> None:
    people = mm.read_records([{"id": "ana", "desk": "left"}, {"id": "bo", "desk": "right"}])
    with pytest.raises(mm.ProfileErrors) as error:
        mm.Within("desk", 1).test(people, np.arange(2))
    assert [(fault.row, fault.person, fault.value) for fault in error.value.faults] == [
        (1, "ana", "left"),
        (2, "bo", "right"),
    ]


@pytest.mark.parametrize("make", [mm.Forbid, mm.Require])
def test_pairs_of_unknown_people_are_all_named(make: Any) -> None:
    people = mm.read_records([{"id": "ana"}, {"id": "bo"}])
    with pytest.raises(mm.ProgramError, match=r"(?s)'anna'; did you mean 'ana'.*'zoe'"):
        make([("anna", "bo"), ("ana", "zoe")]).test(people, np.arange(2))
    with pytest.raises(mm.ProgramError, match="themself"):
        make([("ana", "ana")]).test(people, np.arange(2))


def test_where_asks_the_callers_function() -> None:
    people = mm.read_records([{"id": "ana"}, {"id": "bo"}, {"id": "cy"}])
    rule = mm.Where("neighbours", lambda cohort, a, b: abs(a - b) == 1)
    test = rule.test(people, np.arange(3))
    assert test(np.array([0, 0]), np.array([1, 2])).tolist() == [True, False]


def test_an_error_in_the_callers_function_names_the_rule() -> None:
    people = mm.read_records([{"id": "ana"}, {"id": "bo"}])

    def fails(cohort: mm.Cohort, a: Any, b: Any) -> Any:
        return 1 / 0

    test = mm.Where("odd", fails).test(people, np.arange(2))
    with pytest.raises(ZeroDivisionError) as error:
        test(np.array([0]), np.array([1]))
    assert error.value.__notes__ == ["raised by the function of rule 'where odd'"]


@pytest.mark.parametrize(
    "answer", [lambda a: a * 1.0, lambda a: np.array(True), lambda a: [True] * (len(a) + 1)]
)
def test_where_refuses_an_answer_of_the_wrong_kind(answer: Callable[[Any], Any]) -> None:
    people = mm.read_records([{"id": "ana"}, {"id": "bo"}])
    test = mm.Where("odd", lambda cohort, a, b: answer(a)).test(people, np.arange(2))
    with pytest.raises(mm.ProgramError, match="must return bool of shape"):
        test(np.array([0]), np.array([1]))


def test_where_without_its_function_says_how_to_load_it() -> None:
    people = mm.read_records([{"id": "ana"}])
    with pytest.raises(mm.ProgramError, match=r"functions=\{'odd': function\}"):
        mm.Where("odd").test(people, np.arange(1))


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "within", "attribute": "x", "at_most": -1},
        {"kind": "within", "attribute": "x", "at_most": 1, "period": 0},
        {"kind": "within", "attribute": "x", "at_most": float("nan")},
        {"kind": "share", "attribute": "x", "at_least": 0},
        {"kind": "no_reporting_line", "levels": 0},
        {"kind": "different", "attribute": "x", "missing": "ignore"},
        {"kind": "different", "atribute": "x"},
        {"kind": "forbid", "pairs": [["a"]]},
    ],
)
def test_a_rule_refuses_what_it_does_not_know(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ANY.validate_python(fields)
