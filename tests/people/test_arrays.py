"""A cohort from arrays."""

from typing import Any

import numpy as np
import pytest
from scipy.sparse import coo_array, csc_array, csr_array

from mentormatch import Cohort, Organisation, Participant, ProfileErrors

NOTHING = csr_array((2, 2))


def columns(**changed: Any) -> dict[str, Any]:
    """Two people and two skills, with some columns changed."""
    return {
        "ids": ["ana", "bo"],
        "skill_labels": ["sql", "R"],
        "teaches": NOTHING,
        "knows": NOTHING,
        "wants": NOTHING,
        **changed,
    }


def test_arrays_and_participants_give_the_same_people() -> None:
    people = Cohort.from_columns(
        ids=np.array(["ana", "bo", "cy"]),
        names=["Ana B.", "", None],
        skill_labels=["sql", "R", "excel"],
        teaches=coo_array(([0.5, 1.0, 0.0], ([0, 1, 2], [0, 1, 0])), shape=(3, 3)),
        knows=csc_array(([0.25], ([0], [2])), shape=(3, 3)),
        wants=csr_array(np.array([[0, 2.0, 0], [1.0, 0, 0], [0, 0, 0]])),
        department=np.array(["IT", "", " HR "]),
        manager_id=["cy", "cy", None],
        rank=[5, None, 2],
        utc_offset=np.array([5.5, np.nan, -3]),
        languages=[("English",), (), ["Hindi", "English"]],
        location=["Pune", None, "Oslo"],
        capacity=[2, None, 0],
        attributes={
            "years": np.array([1.5, np.nan, 3]),
            "badge": np.array([7, 8, 9]),
            "remote": np.array([True, False, True]),
            "site": [" Tower", "", None],
            "tags": [["a", "b"], None, ("c",)],
        },
    )
    expected = [
        Participant(
            id="ana",
            name="Ana B.",
            department="IT",
            manager_id="cy",
            rank=5,
            teaches={"sql": 0.5},
            knows={"excel": 0.25},
            wants={"R": 2},
            capacity=2,
            utc_offset=5.5,
            languages=["English"],
            location="Pune",
            years=1.5,
            badge=7,
            remote=True,
            site="Tower",
            tags=["a", "b"],
        ),
        Participant(
            id="bo", manager_id="cy", teaches={"R": 1}, wants={"sql": 1}, badge=8, remote=False
        ),
        Participant(
            id="cy",
            department="HR",
            rank=2,
            utc_offset=-3,
            languages=["Hindi", "English"],
            location="Oslo",
            capacity=0,
            years=3,
            badge=9,
            remote=True,
            tags=["c"],
        ),
    ]
    assert list(people) == expected
    other = Cohort.from_participants(expected)
    assert people.digest("key") == other.digest("key")
    assert people.skills == other.skills
    assert people.fields == (*other.fields[:7], "years", "badge", "remote", "site", "tags")
    assert people.is_list("tags")
    np.testing.assert_array_equal(people.numbers("years"), [1.5, np.nan, 3])
    assert people.teaches.nnz == 2


def test_what_is_left_out_is_blank() -> None:
    people = Cohort.from_columns(**columns())
    assert list(people) == [Participant(id="ana"), Participant(id="bo")]


def test_columns_of_skills_move_to_the_order_of_the_vocabulary() -> None:
    teaches = csr_array(np.array([[0.5, 0.25], [0.0, 1.0]]))
    people = Cohort.from_columns(**columns(skill_labels=["sql", "Ada"], teaches=teaches))
    assert people.skills.labels == ("Ada", "sql")
    assert people.teaches.toarray().tolist() == [[0.25, 0.5], [1.0, 0.0]]


def test_the_callers_arrays_are_left_alone() -> None:
    years, teaches = np.array([1.0, 2.0]), csr_array(np.array([[0.5, 0.0], [0.0, 1.0]]))
    people = Cohort.from_columns(**columns(teaches=teaches, rank=years, attributes={"y": years}))
    years[0] = 9
    teaches.data[0] = 0.1
    assert people.numbers("y").tolist() == people.numbers("rank").tolist() == [1.0, 2.0]
    assert people.teaches.data.tolist() == [0.5, 1.0]


def test_a_given_organisation_is_used() -> None:
    tree = Organisation.from_managers(["ana", "bo", "eve"], ["eve", "eve", None])
    people = Cohort.from_columns(**columns(organisation=tree))
    assert people.place.tolist() == [0, 1]


def test_everything_out_of_range_is_reported_at_once() -> None:
    with pytest.raises(ProfileErrors) as error:
        Cohort.from_columns(
            **columns(
                ids=["ana", ""],
                teaches=csr_array(np.array([[1.5, 0.0], [np.nan, 1.0]])),
                knows=csr_array(np.array([[-0.5, 0.0], [0.0, 0.0]])),
                wants=csr_array(np.array([[0.0, np.inf], [0.0, 99.0]])),
                rank=[np.inf, 1],
                utc_offset=[15, 14],
                capacity=[1.5, -1],
                attributes={"years": np.array([1.0, np.inf]), "site": [{"a": 1}, float("inf")]},
            )
        )
    faults = {(fault.row, fault.person, fault.field, fault.value) for fault in error.value.faults}
    assert faults == {
        (2, None, "id", ""),
        (1, "ana", "teaches", "sql: 1.5"),
        (2, None, "teaches", "sql: nan"),
        (1, "ana", "knows", "sql: -0.5"),
        (1, "ana", "wants", "R: inf"),
        (1, "ana", "rank", "inf"),
        (1, "ana", "utc_offset", "15"),
        (1, "ana", "capacity", "1.5"),
        (2, None, "capacity", "-1"),
        (2, None, "years", "inf"),
        (1, "ana", "site", "{'a': 1}"),
        (2, None, "site", "inf"),
    }


def test_duplicate_ids_are_faults() -> None:
    with pytest.raises(ProfileErrors) as error:
        Cohort.from_columns(**columns(ids=["ana", "ana"]))
    assert [(fault.row, fault.field) for fault in error.value.faults] == [(2, "id")]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"teaches": csr_array((2, 3))}, r"teaches has shape \(2, 3\).*\(2, 2\)"),
        ({"rank": [1]}, "rank has 1 values for 2 people"),
        ({"names": ["a", "b", "c"]}, "names has 3 values for 2 people"),
        ({"attributes": {"y": np.zeros(3)}}, "y has 3 values for 2 people"),
        ({"attributes": {"rank": [1, 2]}}, "'rank' is a field of every profile"),
        ({"skill_labels": ["sql", "SQL"]}, "name one skill twice"),
    ],
)
def test_columns_that_do_not_fit_are_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Cohort.from_columns(**columns(**changed))


def test_nobody_and_no_skills() -> None:
    empty = csr_array((0, 0))
    people = Cohort.from_columns(
        ids=[], skill_labels=[], teaches=empty, knows=empty, wants=empty, attributes={"y": []}
    )
    assert (len(people), people.fields[-1]) == (0, "y")
