"""All profiles, column-wise."""

import copy
import pickle
import warnings
from typing import Any

import numpy as np
import pytest

from mentormatch import (
    Cohort,
    Fault,
    Organisation,
    Participant,
    ProfileErrors,
    ProfileWarning,
    ProgramError,
)

ANA = Participant(
    id="ana",
    name="Ana B.",
    department="IT",
    manager_id="cy",
    rank=6,
    teaches={"SQL": 0.8, "leading": 1},
    knows={"excel": 0.5},
    wants={"R": 2},
    capacity=2,
    utc_offset=5.5,
    languages=["English", "Hindi"],
    location="Pune",
    past_partners=["bo", "gone"],
    site="Tower",
    tags=["a", "b"],
)
BO = Participant(id="bo", manager_id="cy", teaches={"R": 1}, wants={"SQL": 1}, declines=["ana"])
CY = Participant(id="cy", declines=["bo", "ana"], past_partners=["ana"])
PEOPLE = [ANA, BO, CY]


def faults_of(people: list[Participant], **more: Any) -> tuple[Fault, ...]:
    with pytest.raises(ProfileErrors) as error:
        Cohort.from_participants(people, **more)
    return error.value.faults


def test_people_and_rows() -> None:
    people = Cohort.from_participants(PEOPLE)
    assert len(people) == 3
    assert people.ids == ("ana", "bo", "cy")
    assert people.names == ("Ana B.", "bo", "cy")
    assert people.lines.tolist() == [1, 2, 3]
    assert people.capacity.tolist() == [2, 1, 1]
    assert people.row("cy") == 2
    assert repr(people) == "Cohort(3 people, 4 skills)"
    assert people.account is None


def test_levels_are_sparse_columns_in_the_order_of_the_vocabulary() -> None:
    people = Cohort.from_participants(PEOPLE)
    assert people.skills.labels == ("excel", "leading", "R", "SQL")
    assert people.teaches.toarray().tolist() == [[0, 1, 0, 0.8], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert people.knows.toarray().tolist() == [[0.5, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert people.wants.toarray().tolist() == [[0, 0, 2, 0], [0, 0, 0, 1], [0, 0, 0, 0]]
    for matrix in (people.teaches, people.knows, people.wants):
        assert matrix.has_sorted_indices
        assert matrix.dtype == np.float64
        with pytest.raises(ValueError, match="read-only"):
            matrix.data[:] = 0


def test_everyone_comes_back_as_they_were() -> None:
    people = Cohort.from_participants(PEOPLE)
    assert list(people) == PEOPLE
    assert people.participant("bo") == BO


def test_a_cohort_of_nobody() -> None:
    people = Cohort.from_participants([])
    assert (len(people), list(people), people.fields[0]) == (0, [], "department")
    assert people.reporting_doubts().tolist() == []
    assert people.are_declined([], []).tolist() == []
    assert people.summary().startswith("0 people, 0 skills")
    assert len(people.digest("key")) == 64


def test_an_unknown_person_is_an_error_that_guesses_who_was_meant() -> None:
    people = Cohort.from_participants(PEOPLE)
    with pytest.raises(ProgramError, match=r"nobody has the id 'anna'; did you mean 'ana'\?"):
        people.row("anna")
    with pytest.raises(ProgramError, match="nobody has the id 'anna'"):
        people.participant("anna")


def test_among_very_many_nobody_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentormatch.people.cohort.MOST_GUESSED", 2)
    with pytest.raises(ProgramError, match=r"nobody has the id 'anna'; see \.ids"):
        Cohort.from_participants(PEOPLE).row("anna")


def test_ties_between_people_hold_both_ways() -> None:
    people = Cohort.from_participants(PEOPLE)
    rows = np.arange(3)
    before = people.are_paired_before(rows[:, None], rows)
    assert before.tolist() == [[False, True, True], [True, False, False], [True, False, False]]
    declined = people.are_declined(rows[:, None], rows)
    assert declined.tolist() == [[False, True, True], [True, False, True], [True, True, False]]


def test_places_in_the_reporting_tree() -> None:
    people = Cohort.from_participants(PEOPLE)
    tree, place = people.organisation, people.place
    assert tree.is_above(place[2], place[:2]).tolist() == [True, True]
    assert people.reporting_doubts().tolist() == []


def test_a_skill_in_two_spellings_counts_once_at_its_highest() -> None:
    twice = Participant(id="ana", teaches={"SQL": 0.4, "sql": 0.6, " Sql ": 0.2})
    with pytest.warns(ProfileWarning, match="1 person names the same skill twice .*: ana"):
        people = Cohort.from_participants([twice])
    assert people.teaches.toarray().tolist() == [[0.6]]


def test_all_that_is_wrong_between_people_is_reported_at_once() -> None:
    people = [
        Participant(id="ana", manager_id="bo"),
        Participant(id="bo", manager_id="ana"),
        Participant(id="ana"),
        Participant(id="cy", declines=["secret"]),
        Participant(id="di", past_partners=["gone"]),
    ]
    faults = faults_of(people)
    assert [(fault.row, fault.person, fault.field) for fault in faults] == [
        (1, "ana", "manager_id"),
        (3, "ana", "id"),
        (4, "cy", "confidential"),
    ]
    assert faults[2].value == "(hidden)"


def test_nothing_shows_who_declines_whom() -> None:
    shy = [Participant(id="ana", declines=["bo"]), Participant(id="bo")]
    bold = [Participant(id="ana"), Participant(id="bo")]
    one, other = Cohort.from_participants(shy), Cohort.from_participants(bold)
    assert one.are_declined(0, 1)
    assert (repr(one), one.summary()) == (repr(other), other.summary())
    assert one.digest("key") == other.digest("key")
    assert "declines" not in one.fields
    error = ProfileErrors(faults_of([Participant(id="ana", declines=["secret"])]))
    assert "secret" not in str(error) + repr(error.faults)
    assert "decline" not in str(error)


def test_somebody_of_the_organisation_who_takes_no_part_can_be_declined() -> None:
    tree = Organisation.from_managers(["ana", "bo", "cy"], [None, "ana", "ana"])
    shy = [Participant(id="ana", declines=["cy", "bo"]), Participant(id="bo")]
    people = Cohort.from_participants(shy, organisation=tree)
    assert people.are_declined([0, 0], [1, 0]).tolist() == [True, False]
    bold = [Participant(id="ana"), Participant(id="bo")]
    assert people.digest("key") == Cohort.from_participants(bold, organisation=tree).digest("key")
    with pytest.raises(ProfileErrors) as error:
        Cohort.from_participants([Participant(id="ana", declines=["ci"])], organisation=tree)
    [fault] = error.value.faults
    assert (fault.value, fault.allowed) == (
        "(hidden)",
        "ids of people in this file or the organisation",
    )


def test_a_cohort_cannot_be_changed() -> None:
    people = Cohort.from_participants(PEOPLE)
    with pytest.raises(AttributeError, match="does not change"):
        people.ids = ()  # type: ignore[misc]
    with pytest.raises(AttributeError, match="does not change"):
        del people.ids
    for array in (people.lines, people.capacity, people.place):
        assert not array.flags.writeable
    people.participant("ana").teaches.clear()
    assert people.participant("ana") == ANA


def test_copies_and_pickles_are_equal() -> None:
    people = Cohort.from_participants(PEOPLE)
    assert copy.copy(people) is people
    assert copy.deepcopy({"people": people})["people"] is people
    again = pickle.loads(pickle.dumps(people))
    assert list(again) == PEOPLE
    assert again.are_declined(0, 1)
    assert again.digest("key") == people.digest("key")
    for array in (again.teaches.data, again.lines, again.capacity, again.place):
        assert not array.flags.writeable


# -- a given organisation


def company(**managers: str | None) -> Organisation:
    return Organisation.from_managers(managers, managers.values())


def test_a_given_organisation_reaches_beyond_the_cohort() -> None:
    tree = company(eve=None, di="eve", ana="di", bo="di")
    people = Cohort.from_participants(
        [Participant(id="ana"), Participant(id="eve")], organisation=tree
    )
    assert people.organisation is tree
    assert people.organisation.is_above(people.place[1], people.place[0])
    assert people.reporting_doubts().tolist() == []


def test_people_whom_the_organisation_does_not_list_are_attached_below_their_managers() -> None:
    tree = company(eve=None, di="eve")
    people = Cohort.from_participants(
        [
            Participant(id="new", manager_id="di"),
            Participant(id="newer", manager_id="new"),
            Participant(id="stray", manager_id="nobody"),
            Participant(id="alone"),
            Participant(id="eve"),
        ],
        organisation=tree,
    )
    place = people.place
    above = people.organisation.is_above(place[:, None], place)
    assert np.argwhere(above).tolist() == [[0, 1], [4, 0], [4, 1]]
    assert place[3] == -1
    assert people.reporting_doubts().tolist() == [2, 3]
    assert tree.ids == ("eve", "di")


def test_a_manager_whom_nobody_listed_may_sign_up() -> None:
    tree = company(ana="boss", bo="boss")
    people = [Participant(id="ana"), Participant(id="boss", manager_id="head")]
    found = Cohort.from_participants(people, organisation=tree)
    assert found.organisation.is_above(found.place[1], found.place[0])
    assert found.reporting_doubts().tolist() == [1]


def test_a_manager_who_is_not_the_organisations_is_a_fault() -> None:
    tree = company(eve=None, di="eve", ana="di")
    faults = faults_of(
        [
            Participant(id="ana", manager_id="eve"),
            Participant(id="eve", manager_id="di"),
            Participant(id="di", manager_id="eve"),
        ],
        organisation=tree,
    )
    assert [(fault.row, fault.person, fault.value) for fault in faults] == [
        (1, "ana", "eve"),
        (2, "eve", "di"),
    ]
    assert faults[0].allowed == ("the manager that the organisation names: 'di'; or leave it blank")
    assert "nobody above" in faults[1].allowed


def test_a_cycle_that_new_people_close_is_a_fault() -> None:
    people = [Participant(id="ana", manager_id="bo"), Participant(id="bo", manager_id="ana")]
    faults = faults_of(people, organisation=company(eve=None))
    assert [(fault.row, fault.value) for fault in faults] == [(1, "ana -> bo -> ana")]


def test_a_cycle_through_the_organisation_is_told_of_someone_in_the_file() -> None:
    tree = company(ana="zoe")
    people = [Participant(id="bo"), Participant(id="zoe", manager_id="ana")]
    (fault,) = faults_of(people, organisation=tree)
    assert (fault.row, fault.person, fault.value) == (2, "zoe", "zoe -> ana -> zoe")


def test_without_an_organisation_several_heads_are_doubtful_and_one_is_not() -> None:
    def doubts(**managers: str | None) -> list[int]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ProfileWarning)
            people = Cohort.from_participants(
                Participant(id=person, manager_id=boss) for person, boss in managers.items()
            )
        return [int(row) for row in people.reporting_doubts()]

    assert doubts(ana=None, bo="ana", cy="bo") == []
    assert doubts(ana=None, bo="ana", cy=None) == [0, 2]
    assert doubts(ana=None, bo="ana", cy="zoe") == [2]
    assert doubts(ana=None, bo="zoe", cy=None) == [0, 1, 2]
