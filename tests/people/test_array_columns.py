"""What a cohort from arrays accepts is what a profile accepts."""

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from mentormatch import Cohort, Fault, Participant, ProfileErrors

HALF = "\ud800"
NOTHING = csr_array((2, 1))


def cohort(**columns: Any) -> Cohort:
    """Two people, ana and bo, with these columns."""
    given: dict[str, Any] = {"ids": ["ana", "bo"], "skill_labels": ["sql"]}
    given |= dict.fromkeys(("teaches", "knows", "wants"), NOTHING)
    return Cohort.from_columns(**{**given, **columns})


def faults_of(**columns: Any) -> tuple[Fault, ...]:
    with pytest.raises(ProfileErrors) as error:
        cohort(**columns)
    return error.value.faults


@pytest.mark.parametrize(
    ("field", "values", "allowed"),
    [
        ("ids", [1.5, "bo"], "a text or a whole number, not blank"),
        ("ids", [None, "bo"], "a text or a whole number, not blank"),
        ("ids", [HALF, "bo"], "text without broken characters"),
        ("names", [HALF, None], "text without broken characters"),
        ("names", [True, None], "a text"),
        ("department", [HALF, None], "text without broken characters"),
        ("department", [["IT"], None], "a text"),
        ("department", [float("inf"), None], "a text"),
        ("location", [HALF, None], "text without broken characters"),
        ("manager_id", [1.5, None], "the id of their manager, or blank"),
        ("manager_id", [True, None], "the id of their manager, or blank"),
        ("manager_id", [HALF, None], "text without broken characters"),
        ("rank", ["boss", 2], "a number"),
        ("rank", [True, 2], "a number"),
        ("rank", np.array([np.inf, 2]), "a number"),
        ("rank", ["1_000", 2], "a number"),
        ("utc_offset", ["15", None], "a number from -12 to 14"),
        ("capacity", ["many", 1], "a whole number from 0 to 1,000,000; blank for 1"),
        ("capacity", [1.5, 1], "a whole number from 0 to 1,000,000; blank for 1"),
        ("capacity", [True, 1], "a whole number from 0 to 1,000,000; blank for 1"),
        ("languages", ["English; Hindi", None], "a list of texts"),
        ("languages", [["English", 3], None], "a list of texts"),
        ("languages", [[["English"]], None], "a list of texts"),
        ("languages", [[HALF], None], "a list of texts, without broken characters"),
        ("languages", [3, None], "a list of texts"),
    ],
    ids=str,
)
def test_what_no_profile_accepts_is_a_fault(field: str, values: Any, allowed: str) -> None:
    (fault,) = faults_of(**{field: values})
    assert fault.row == 1
    assert fault.person == (None if field == "ids" else "ana")
    assert fault.field == {"ids": "id"}.get(field, field)
    assert fault.value == ("" if values[0] is None else str(values[0]))
    assert fault.allowed.startswith(allowed)
    str(fault).encode()  # can be shown, whatever was in the file


@pytest.mark.parametrize(
    "value", [HALF, [HALF], ["a", 1], {"a": 1}, float("inf"), object(), np.inf], ids=str
)
def test_attributes_that_no_profile_accepts_are_faults(value: Any) -> None:
    for other in ("text", 3):
        (fault,) = faults_of(attributes={"site": [other, value]})
        assert (fault.row, fault.person, fault.field) == (2, "bo", "site")


def test_blank_is_what_a_profile_has_then() -> None:
    blanks = [None, float("nan")]
    people = cohort(
        names=blanks,
        department=blanks,
        manager_id=blanks,
        rank=blanks,
        utc_offset=["", " "],
        languages=blanks,
        location=blanks,
        capacity=blanks,
        attributes={"site": blanks, "floor": ["", None]},
    )
    assert list(people) == [Participant(id="ana"), Participant(id="bo")]


def test_numbers_and_texts_may_be_written_either_way() -> None:
    people = cohort(
        ids=[7.0, np.int64(8)],
        names=[1, 2.0],
        department=[12.0, "x"],
        manager_id=[8.0, np.nan],
        rank=["3", np.float64(2)],
        utc_offset=[np.int64(1), "5.5"],
        capacity=["2", 0.0],
        languages=[[" English ", ""], []],
        attributes={"floor": [np.int64(3), np.float64(2.5)], "tags": [["a", " "], ("b",)]},
    )
    assert list(people) == [
        Participant(
            id="7",
            name="1",
            department="12",
            manager_id="8",
            rank=3,
            utc_offset=1,
            capacity=2,
            languages=["English"],
            floor=3,
            tags=["a"],
        ),
        Participant(
            id="8",
            name="2",
            department="x",
            rank=2,
            utc_offset=5.5,
            capacity=0,
            floor=2.5,
            tags=["b"],
        ),
    ]


@pytest.mark.parametrize("label", [HALF, 5, None])
def test_a_skill_needs_a_whole_name(label: Any) -> None:
    with pytest.raises(ValueError, match=r"skill_labels\[0\] is .* give text"):
        cohort(skill_labels=[label])


def test_a_priority_has_a_bound() -> None:
    most = csr_array(np.array([[1e6], [1.0]]))
    assert cohort(wants=most).wants.sum() == 1_000_001
    (fault,) = faults_of(wants=most * 2)
    assert (fault.field, fault.value) == ("wants", "sql: 2e+06")
    assert fault.allowed == "a priority above 0, up to 1,000,000"


@pytest.mark.parametrize("digits", [400, 5_000])
@pytest.mark.parametrize(
    "field", ["ids", "names", "department", "manager_id", "rank", "utc_offset", "capacity", "desk"]
)
def test_a_number_of_too_many_digits_is_a_fault(field: str, digits: int) -> None:
    values = [10**digits, 2]
    given = {"attributes": {"desk": values}} if field == "desk" else {field: values}
    (fault,) = faults_of(**given)
    assert (fault.row, fault.field) == (1, {"ids": "id"}.get(field, field))
    assert fault.value == "a number of more than 300 digits"
    assert fault.allowed == "a number of at most 300 digits"


def test_a_list_that_python_cannot_write_is_a_fault() -> None:
    (fault,) = faults_of(languages=[["English", 10**5_000], None])
    assert (fault.field, fault.value) == ("languages", "a list that cannot be shown")
