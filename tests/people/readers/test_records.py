"""People from dictionaries."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mentormatch import Organisation, Participant, ProfileErrors, read_records


def test_the_rows_of_a_data_frame(tmp_path: Path) -> None:
    nan = float("nan")
    people = read_records(
        [
            {"id": np.int64(1), "manager_id": nan, "rank": np.float64(3), "site": "Oslo"},
            {"id": np.int64(2), "manager_id": 1.0, "rank": nan, "site": nan, "teaches": nan},
        ]
    )
    assert list(people) == [
        Participant(id="1", rank=3, site="Oslo"),
        Participant(id="2", manager_id="1"),
    ]


def test_records_may_have_different_headings() -> None:
    people = read_records(iter([{"id": "ana", "a": 1}, {"id": "bo", " b ": 2.5}]))
    assert people.fields[-2:] == ("a", "b")
    assert people.participant("bo") == Participant(id="bo", b=2.5)
    assert people.account is not None
    assert dict(people.account.blanks) == {"a": 1, "b": 1}


def test_rows_count_from_one() -> None:
    with pytest.raises(ProfileErrors) as error:
        read_records([{"id": "ana"}, {"id": "ana"}, {"rank": 1}])
    assert [(one.row, one.field) for one in error.value.faults] == [(2, "id"), (3, "id")]


@pytest.mark.parametrize(
    ("records", "row", "value"),
    [([], None, "empty"), ([{"id": "ana"}, "bo"], 2, "str"), ([3], 1, "int")],
)
def test_what_is_no_record(records: list[Any], row: int | None, value: str) -> None:
    with pytest.raises(ProfileErrors) as error:
        read_records(records)
    (fault,) = error.value.faults
    assert (fault.row, fault.field, fault.value) == (row, "content", value)


def test_a_heading_without_a_name() -> None:
    with pytest.raises(ProfileErrors) as error:
        read_records([{"id": "ana", " ": 3}])
    (fault,) = error.value.faults
    assert (fault.row, fault.field, fault.value) == (None, "heading", "")


def test_a_list_with_several_faults_is_one_fault() -> None:
    with pytest.raises(ProfileErrors) as error:
        read_records([{"id": "ana", "past_partners": [True, 1.5], "declines": [True, 1.5]}])
    said = [(one.field, one.value) for one in error.value.faults]
    assert said == [("past_partners", "[True, 1.5]"), ("confidential", "(hidden)")]


def test_no_heading_for_the_id() -> None:
    with pytest.raises(ProfileErrors) as error:
        read_records([{}])
    (fault,) = error.value.faults
    assert (fault.row, fault.field, fault.value) == (None, "headings", "none")


def test_an_organisation_may_be_given_or_read(tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    path.write_text("id,manager_id\nana,\nbo,ana\n", encoding="utf-8")
    tree = Organisation.from_managers(["ana", "bo"], [None, "ana"])
    for organisation in (path, tree):
        people = read_records([{"id": "bo"}], organisation=organisation)
        assert people.place.tolist() == [1]


def test_a_cell_that_is_no_list_of_people() -> None:
    with pytest.raises(ProfileErrors) as error:
        read_records([{"id": "ana", "past_partners": 3, "manager_id": [1], "utc_offset": []}])
    said = [(one.field, one.value) for one in error.value.faults]
    assert said == [("utc_offset", "[]"), ("manager_id", "[1]"), ("past_partners", "3")]


@pytest.mark.parametrize("digits", [400, 5_000])
@pytest.mark.parametrize(
    "field",
    (
        "id name department manager_id rank capacity utc_offset location teaches languages "
        "past_partners desk"
    ).split(),
)
def test_a_number_of_too_many_digits_is_a_fault(field: str, digits: int) -> None:
    with pytest.raises(ProfileErrors) as error:
        read_records([{"id": "ana"} | {field: -(10**digits)}])
    (fault,) = error.value.faults
    assert (fault.row, fault.person) == (1, None if field == "id" else "ana")
    assert (fault.field, fault.value) == (field, "a number of more than 300 digits")
    assert fault.allowed == "a number of at most 300 digits"


@pytest.mark.parametrize("field", ["teaches", "languages", "past_partners", "desk"])
def test_a_number_of_too_many_digits_inside_a_list_is_a_fault(field: str) -> None:
    with pytest.raises(ProfileErrors) as error:
        read_records([{"id": "ana", field: ["sql", 10**5_000]}])
    (fault,) = error.value.faults
    assert (fault.field, fault.value) == (field, "a list that cannot be shown")


def test_a_number_of_too_many_digits_inside_a_mapping_is_a_fault() -> None:
    with pytest.raises(ProfileErrors) as error:
        read_records([{"id": "ana", "teaches": {"sql": 10**5_000, 10**5_000: 9}}])
    assert [fault.value for fault in error.value.faults] == [
        "sql: a number of more than 300 digits",
        "a number of more than 300 digits: 9",
    ]


def test_a_number_of_too_many_digits_that_is_declined_stays_hidden() -> None:
    for declines in (10**5_000, [10**5_000]):
        with pytest.raises(ProfileErrors) as error:
            read_records([{"id": "ana", "declines": declines}])
        (fault,) = error.value.faults
        assert (fault.field, fault.value) == ("confidential", "(hidden)")
