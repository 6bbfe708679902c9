"""What certain texts of a file stand for."""

import warnings
from typing import Any

import pytest

from mentormatch import Cohort, ProfileWarning, read_records

RECORDS: list[dict[str, object]] = [
    {"id": "ana", "years": "Less than 1 year", "role": "n/a"},
    {"id": "bo", "years": " less than 1 YEAR", "role": "Dev"},
    {"id": "cy", "years": 7},
]


def read(values: Any, records: list[dict[str, object]] = RECORDS) -> tuple[Cohort, list[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        people = read_records(records, values=values)
    return people, [str(one.message) for one in caught]


def test_what_was_replaced_is_counted_and_said() -> None:
    people, said = read({"years": {"less than 1 year": 0.5}, "role": {"N/A": ""}})
    assert people.numbers("years").tolist() == [0.5, 0.5, 7]
    assert people.categories("role")[0].tolist() == [-1, 0, -1]
    assert people.account is not None
    assert people.account.replaced == (
        ("years", "less than 1 year", 0.5, 2),
        ("role", "N/A", "", 1),
    )
    assert (
        "values       years: 'less than 1 year' read as 0.5, 2 times; role: 'N/A' read as blank, "
        "1 time" in people.summary()
    )
    assert said == []


def test_a_text_that_the_file_does_not_have_is_a_warning() -> None:
    with pytest.warns(ProfileWarning, match="1 entry of values matches no text.*: years 'many'"):
        people = read_records(RECORDS, values={"years": {"many": 9, "Less than 1 year": 0}})
    assert people.numbers("years").tolist() == [0, 0, 7]
    _, said = read({"years": {"many": 9, "7": 8}})
    assert said[0].startswith("2 entries of values match no text")
    assert "'7'" in said[0], "a number is no text"
    assert "many" not in people.summary()


def test_texts_may_be_given_as_the_numbers_they_are() -> None:
    people, _ = read({"years": {0: 1}}, [{"id": "ana", "years": "0"}])
    assert people.numbers("years").tolist() == [1]


def test_nothing_tells_of_declines() -> None:
    records: list[dict[str, object]] = [{"id": "ana", "declines": "Bob"}, {"id": "bo"}]
    people, said = read({"declines": {"Bob": "bo", "Zoe": "bo"}}, records)
    assert people.are_declined(0, 1)
    assert said == []
    assert people.account is not None
    assert people.account.replaced == ()
    assert "Bob" not in people.summary()
