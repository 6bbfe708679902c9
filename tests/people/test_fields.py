"""Columns as a rule needs them."""

from typing import Any

import numpy as np
import pytest

from mentormatch import Cohort, Participant, ProfileErrors, ProgramError, read_records


def cohort(**columns: list[Any]) -> Cohort:
    """People p0, p1, ... with these columns."""
    size = len(next(iter(columns.values())))
    return Cohort.from_participants(
        Participant.model_validate(
            {"id": f"p{row}", **{name: column[row] for name, column in columns.items()}}
        )
        for row in range(size)
    )


def test_numbers_are_read_from_numbers_and_from_text() -> None:
    people = cohort(years=["3", " 4.5 ", 5, None, "", "-1e2", 2.5])
    expected = [3, 4.5, 5, np.nan, np.nan, -100, 2.5]
    np.testing.assert_array_equal(people.numbers("years"), expected)
    assert people.numbers("years").dtype == np.float64


def test_everything_that_is_no_number_is_reported_at_once() -> None:
    values = ["3", "many", True, "nan", "inf", "1_000", "1e400", "9" * 400, "4"]
    with pytest.raises(ProfileErrors) as error:
        cohort(years=values).numbers("years")
    faults = error.value.faults
    assert [fault.row for fault in faults] == [2, 3, 4, 5, 6, 7, 8]
    assert {(fault.field, fault.allowed) for fault in faults} == {("years", "a number")}
    assert (faults[0].person, faults[0].value) == ("p1", "many")


def test_the_first_text_of_a_file_that_is_no_number_shows_the_way_out() -> None:
    records = [{"id": row, "years": said} for row, said in enumerate([True, "few", "many"])]
    with pytest.raises(ProfileErrors) as error:
        read_records(records).numbers("years")
    assert [fault.allowed for fault in error.value.faults] == [
        "a number",
        "a number; or say what a text stands for: values={'years': {'few': ...}}",
        "a number",
    ]
    with pytest.raises(ProfileErrors) as error:
        read_records([{"id": 1, "years": "x" * 41}]).numbers("years")
    assert error.value.faults[0].allowed.endswith("values={'years': {...: ...}}")


def test_the_numbers_of_every_profile_are_numbers() -> None:
    people = cohort(rank=[3, None], utc_offset=[None, 5.5], capacity=[0, 2])
    np.testing.assert_array_equal(people.numbers("rank"), [3, np.nan])
    np.testing.assert_array_equal(people.numbers("utc_offset"), [np.nan, 5.5])
    np.testing.assert_array_equal(people.numbers("capacity"), [0, 2])


def test_categories_are_compared_like_skills() -> None:
    people = cohort(department=["Sales", " sales", "IT", None, "Sales"])
    codes, labels = people.categories("department")
    assert codes.tolist() == [1, 1, 0, -1, 1]
    assert labels == ("IT", "Sales")


def test_a_number_is_the_same_category_however_it_is_written() -> None:
    codes, labels = cohort(floor=[3, "3", 3.0, 3.5, True, "true"]).categories("floor")
    assert labels == ("3", "3.5", "True")
    assert codes.tolist() == [0, 0, 0, 1, 2, 2]
    codes, labels = cohort(rank=[3, 3, None]).categories("rank")
    assert (codes.tolist(), labels) == ([0, 0, -1], ("3",))


def test_lists_are_read_from_lists_and_from_text() -> None:
    people = cohort(clubs=["Chess; choir", ["Choir", "choir "], None, ";", 7])
    matrix, labels = people.lists("clubs")
    assert labels == ("7", "Chess", "choir")
    assert matrix.toarray().tolist() == [[0, 1, 1], [0, 0, 1], [0, 0, 0], [0, 0, 0], [1, 0, 0]]
    assert matrix.dtype == np.int32
    assert cohort(rank=[3, None, 3]).lists("rank")[0].toarray().tolist() == [[1], [0], [1]]
    assert cohort(location=[None, None]).lists("location")[0].shape == (2, 0)


def test_values_that_are_lists_cannot_be_numbers_or_categories() -> None:
    people = cohort(clubs=[["Chess"], None], hobbies=["a; b", "c"])
    assert people.is_list("clubs")
    assert people.is_list("languages")
    assert not people.is_list("hobbies")
    for field in ("clubs", "languages"):
        with pytest.raises(ProgramError, match=f"'{field}' are lists, .* Share"):
            people.numbers(field)
        with pytest.raises(ProgramError, match=f"'{field}' are lists, .* Share"):
            people.categories(field)


@pytest.mark.parametrize("read", ["numbers", "categories", "lists", "is_list"])
def test_an_unknown_field_names_the_alternatives(read: str) -> None:
    people = cohort(site=["Oslo"])
    with pytest.raises(ProgramError, match=r"no field 'departement'; did you mean 'department'\?"):
        getattr(people, read)("departement")


def test_the_fields_are_those_of_every_profile_then_the_attributes() -> None:
    assert cohort(site=["Oslo"]).fields == (
        "department",
        "manager_id",
        "rank",
        "utc_offset",
        "languages",
        "location",
        "capacity",
        "site",
    )


def test_what_was_read_once_is_kept_and_cannot_be_changed() -> None:
    people = cohort(years=["3"], clubs=["a;b"])
    assert people.numbers("years") is people.numbers("years")
    assert people.lists("clubs") is people.lists("clubs")
    assert not people.numbers("years").flags.writeable
    assert not people.categories("years")[0].flags.writeable
    assert not people.lists("clubs")[0].data.flags.writeable
    assert not people.numbers("rank").flags.writeable


@pytest.mark.parametrize("field", ["rank", "desk"])
def test_numbers_whose_difference_would_be_infinite_are_faults(field: str) -> None:
    people = [
        Participant.model_validate({"id": name, field: number})
        for name, number in (("ana", 1.5e308), ("bo", -1.5e308), ("cy", 1e300))
    ]
    with pytest.raises(ProfileErrors) as error:
        Cohort.from_participants(people).numbers(field)
    assert [
        (fault.row, fault.person, fault.field, fault.value) for fault in error.value.faults
    ] == [
        (1, "ana", field, "1.5e+308"),
        (2, "bo", field, "-1.5e+308"),
    ]
    assert error.value.faults[0].allowed == "a number from -1e+300 to 1e+300"
