from typing import Any

import pytest

import mentormatch as mm
from mentormatch.solving.sides import split


def sides(records: list[dict[str, Any]], **fields: Any) -> tuple[str, str, dict[str, str]]:
    people = mm.read_records([{"id": chr(97 + n), **record} for n, record in enumerate(records)])
    found = split(people, mm.Pairs(sides=mm.Sides(**fields)))
    return (
        "".join(people.ids[row] for row in found.a),
        "".join(people.ids[row] for row in found.b),
        {people.ids[row]: reason for row, reason in found.aside},
    )


RANKS: list[dict[str, Any]] = [{"rank": 7}, {"rank": 4}, {"rank": 5}, {"rank": ""}]
TEAMS: list[dict[str, Any]] = [
    {"team": "Red"},
    {"team": "blue"},
    {"team": " red "},
    {"team": ""},
    {"team": "green"},
]


def test_at_least_puts_the_number_itself_on_side_a() -> None:
    assert sides(RANKS, by="rank", at_least=5) == ("ac", "b", {"d": "rank is blank"})


def test_at_most_puts_the_number_itself_on_side_a() -> None:
    assert sides(RANKS, by="rank", at_most=5) == ("bc", "a", {"d": "rank is blank"})


def test_values_without_b_leave_everybody_else_on_side_b() -> None:
    assert sides(TEAMS, by="team", a=["red"]) == ("ac", "be", {"d": "team is blank"})


def test_values_with_b_leave_the_rest_aside() -> None:
    assert sides(TEAMS, by="team", a=["red"], b=["BLUE"]) == (
        "ac",
        "b",
        {"d": "team is blank", "e": "team 'green' is on neither side"},
    )


@pytest.mark.parametrize("value", [5, 5.0, "5"])
def test_numbers_are_values_too(value: Any) -> None:
    assert sides(RANKS, by="rank", a=[value], b=[4])[:2] == ("c", "b")


def test_a_number_written_in_two_ways_is_one_value() -> None:
    assert sides([{"size": "1.5"}, {"size": "2"}, {"size": 2.0}], by="size", a=[1.5], b=["2"]) == (
        "a",
        "bc",
        {},
    )


def test_codes_that_look_like_numbers_are_compared_to_the_letter() -> None:
    codes = ["1234567", "1234568", "0100", "100", "1e2", "7.0", "7"]
    records = [{"code": code} for code in codes]
    for letter, code in zip("abcdefg", codes, strict=True):
        on_a, on_b, _ = sides(records, by="code", a=[code])
        assert on_a == letter
        assert on_a + on_b == letter + "abcdefg".replace(letter, "")
    with pytest.raises(mm.ProgramError, match="nobody has the value '1234569'"):
        sides(records, by="code", a=["1234569"])


@pytest.mark.parametrize("value", [True, "true", "TRUE"])
def test_truth_values_are_values_too(value: Any) -> None:
    assert sides([{"mentor": True}, {"mentor": False}], by="mentor", a=[value])[:2] == ("a", "b")


def test_capacity_zero_takes_no_part() -> None:
    records = [*RANKS, {"rank": 6, "capacity": 0}]
    assert sides(records, by="rank", at_least=5)[2]["e"] == "capacity is 0"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"by": "teams", "a": ["red"]}, "'teams'.* did you mean 'team'"),
        ({"by": "team", "a": ["rod"]}, "nobody has the value 'rod'; did you mean 'Red'"),
        ({"by": "team", "a": ["red"], "b": ["blue", "x", "y"]}, "(?s)'x'.*'y'"),
        ({"by": "team", "a": ["red"], "b": ["blue", "RED"]}, "overlap: .* on both"),
        ({"by": "capacity", "at_least": 1, "names": ("up", "down")}, "nobody is on side 'down'"),
        (
            {"by": "team", "a": ["red"], "b": ["nobody"]},
            "sides by 'team': nobody has the value 'nobody'",
        ),
        ({"by": "capacity", "at_least": 2, "names": ("up", "down")}, "nobody is on side 'up'"),
    ],
)
def test_sides_that_do_not_fit_the_people(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(mm.ProgramError, match=message):
        sides(TEAMS, **fields)


def test_a_number_that_is_none_is_a_fault_for_everybody_at_once() -> None:
    with pytest.raises(mm.ProfileErrors) as error:
        sides([{"years": "3"}, {"years": "few"}, {"years": "many"}], by="years", at_least=3)
    assert [fault.value for fault in error.value.faults] == ["few", "many"]
    assert all(fault.allowed.endswith("for sides by 'years'") for fault in error.value.faults)


def test_whoever_is_missing_on_an_empty_side_is_counted_with_the_reason() -> None:
    records: list[dict[str, Any]] = [{"rank": 6, "capacity": 0}, {"rank": ""}, {"rank": 1}]
    with pytest.raises(mm.ProgramError) as error:
        sides(records, by="rank", at_least=5)
    assert "1 take no part (capacity is 0), 1 take no part (rank is blank)" in str(error.value)


ROLES: list[dict[str, Any]] = [
    {"roles": "Mentor"},
    {"roles": "mentee; mentor"},
    {"roles": "mentee"},
    {"roles": "guest; visitor"},
    {"roles": " ; "},
]


@pytest.mark.parametrize("listed", [False, True])
def test_whoever_has_both_values_in_a_list_is_on_both_sides(listed: bool) -> None:
    records = ROLES
    if listed:
        records = [{"roles": [*one["roles"].split(";")]} for one in ROLES]
    assert sides(records, by="roles", a=["mentor"], b=["Mentee"]) == (
        "ab",
        "bc",
        {"d": "roles 'guest; visitor' is on neither side", "e": "roles is blank"},
    )
    assert sides(records, by="roles", a=["mentor"])[:2] == ("ab", "bcd")


def test_a_value_with_a_semicolon_that_the_sides_name_is_one_value() -> None:
    records = [{"team": "R; D"}, {"team": "sales"}]
    assert sides(records, by="team", a=["r; d"]) == ("a", "b", {})
    assert sides(records, by="team", a=["R"], b=["D", "sales"]) == ("a", "ab", {})


def test_the_values_of_lists_are_named_when_one_is_unknown() -> None:
    with pytest.raises(mm.ProgramError, match=r"nobody has the value 'mentors'; did you mean 'M"):
        sides(ROLES, by="roles", a=["mentors"])


def test_lists_are_no_numbers() -> None:
    with pytest.raises(mm.ProgramError, match=r"sides by 'languages': the values .* are lists"):
        sides([{"languages": "en"}, {"languages": "hi"}], by="languages", at_least=3)


def test_without_sides_everybody_is_in_one_pool() -> None:
    people = mm.read_records([{"id": "ana"}, {"id": "bo", "capacity": 0}, {"id": "cy"}])
    found = split(people, mm.Pairs())
    assert found.a.tolist() == found.b.tolist() == found.taking_part.tolist() == [0, 2]
    assert found.aside == ((1, "capacity is 0"),)


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([{"id": "ana", "capacity": 0}], "of 1 people, 1 have the capacity 0"),
        ([{"id": "ana", "capacity": 2}, {"id": "bo"}], "capacity is above 1 for ana; set it to 1"),
        ([{"id": "ana", "at_least": 1}, {"id": "bo"}], "at_least is above 0 for ana; leave it out"),
    ],
)
def test_a_pool_that_cannot_be_is_refused(records: list[dict[str, Any]], message: str) -> None:
    people = mm.read_records(records)
    with pytest.raises(mm.ProgramError, match=message):
        split(people, mm.Pairs())
