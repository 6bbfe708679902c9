"""How many partners people can have and must have."""

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.sparse import csr_array

from mentormatch import Cohort, Fault, Participant, ProfileErrors, Reading, read_records

AT_MOST = "at most their own capacity; lower this or raise that"
PEOPLE = [
    Participant(id="ana"),
    Participant(id="bo", capacity=3, at_least=2),
    Participant(id="cy", capacity=1),
    Participant(id="di", at_least=0),
    Participant(id="ed", capacity=0, at_least=2),
]


def faults_of(records: list[dict[str, Any]], **more: Any) -> tuple[Fault, ...]:
    with pytest.raises(ProfileErrors) as error:
        read_records(records, **more)
    return error.value.faults


def from_arrays(capacity: Any, at_least: Any) -> Cohort:
    count = len(at_least)
    none = csr_array((count, 0))
    return Cohort.from_columns(
        ids=range(count),
        skill_labels=[],
        teaches=none,
        knows=none,
        wants=none,
        capacity=capacity,
        at_least=at_least,
    )


def test_blank_says_nothing_and_one_is_said() -> None:
    people = Cohort.from_participants(PEOPLE)
    assert people.capacity.tolist() == [1, 3, 1, 1, 0]
    assert people.most_partners(otherwise=5).tolist() == [5, 3, 1, 5, 0]
    assert people.most_partners(otherwise=1).tolist() == people.capacity.tolist()
    assert people.least_partners(otherwise=1).tolist() == [1, 2, 1, 0, 0]
    assert people.least_partners(otherwise=0).tolist() == [0, 2, 0, 0, 0]
    assert people.least_partners(0).dtype == people.most_partners(1).dtype == np.int64
    assert people.numbers("capacity").tolist() == [1, 3, 1, 1, 0]
    assert list(people) == PEOPLE
    again = pickle.loads(pickle.dumps(people))
    assert again.most_partners(5).tolist() == [5, 3, 1, 5, 0]
    assert again.least_partners(1).tolist() == [1, 2, 1, 0, 0]


def test_nobody_has_no_numbers() -> None:
    people = Cohort.from_participants([])
    assert people.most_partners(2).shape == people.least_partners(2).shape == (0,)


def test_what_a_caller_is_given_changes_nothing() -> None:
    people = Cohort.from_participants(PEOPLE)
    people.most_partners(5)[:] = 9
    people.least_partners(5)[:] = 9
    assert people.most_partners(5).tolist() == [5, 3, 1, 5, 0]
    assert people.least_partners(1).tolist() == [1, 2, 1, 0, 0]


def test_the_digest_tells_a_blank_from_a_number() -> None:
    said: list[dict[str, Any]] = [{}, {"capacity": 1}, {"at_least": 0}, {"at_least": 1}]
    digests = {Cohort.from_participants([Participant(id="ana", **one)]).digest("k") for one in said}
    assert len(digests) == 4


def test_more_than_their_own_capacity_is_a_fault_of_whichever_way_it_is_read() -> None:
    records: list[dict[str, Any]] = [
        {"id": "ana", "capacity": 2, "at_least": 2},
        {"id": "bo", "capacity": 2, "at_least": "3"},
        {"id": "cy", "capacity": "many", "at_least": 3},
        {"id": "di", "at_least": 3},
        {"id": "ed", "capacity": 0, "at_least": 3},
    ]
    faults = faults_of(records)
    assert [(one.row, one.person, one.field, one.value) for one in faults] == [
        (2, "bo", "at_least", "3"),
        (3, "cy", "capacity", "many"),
    ]
    assert faults[0].allowed == AT_MOST
    with pytest.raises(ProfileErrors) as error:
        from_arrays([2, 2, None, 0], [2, 3, 3, 3])
    (fault,) = error.value.faults
    assert (fault.row, fault.person, fault.field) == (2, "1", "at_least")
    assert (fault.value, fault.allowed) == ("3", AT_MOST)
    with pytest.raises(ValidationError, match=AT_MOST):
        Participant(id="ana", capacity=2, at_least=3)


@pytest.mark.parametrize("value", ["many", -1, 1.5, True, 1_000_001, "1_0"], ids=str)
def test_what_is_no_number_of_partners_is_a_fault(value: Any) -> None:
    allowed = "a whole number from 0 to 1,000,000; blank for none"
    ways: list[Callable[[], Cohort]] = [
        lambda: read_records([{"id": 0, "at_least": value}]),
        lambda: from_arrays(None, [value]),
    ]
    for read in ways:
        with pytest.raises(ProfileErrors) as error:
            read()
        (fault,) = error.value.faults
        assert (fault.row, fault.person, fault.field) == (1, "0", "at_least")
        assert (fault.value, fault.allowed) == (str(value), allowed)


def test_numbers_may_be_written_as_files_and_arrays_do() -> None:
    people = from_arrays(["3", np.nan, 3.0, None], ["2", 2.0, None, ""])
    assert people.most_partners(9).tolist() == [3, 9, 3, 9]
    assert people.least_partners(8).tolist() == [2, 2, 8, 8]
    assert list(people) == [
        Participant(id="0", capacity=3, at_least=2),
        Participant(id="1", at_least=2),
        Participant(id="2", capacity=3),
        Participant(id="3"),
    ]


def test_who_is_not_active_must_have_nobody() -> None:
    people = read_records(
        [
            {"id": "ana", "status": "in", "at_least": 2},
            {"id": "bo", "status": "out", "at_least": 2},
            {"id": "cy", "status": "in"},
        ],
        reading=Reading(active={"status": ("in",)}),
    )
    assert people.most_partners(3).tolist() == [3, 0, 3]
    assert people.least_partners(1).tolist() == [2, 0, 1]


def test_a_heading_may_be_written_otherwise() -> None:
    people = read_records([{"ID": "ana", "At least": 1, "Min": 2}, {"ID": "bo", "At least": None}])
    assert people.least_partners(0).tolist() == [1, 0]
    people = read_records([{"id": "ana", "Min": 2}], columns={"at_least": "Min"})
    assert people.participant("ana").at_least == 2
