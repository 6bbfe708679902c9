"""Warnings: one for each kind of doubt, the count first, then who."""

import warnings

import pytest

from mentormatch import Cohort, Organisation, Participant, ProfileWarning, read_records


def said(*people: Participant, organisation: Organisation | None = None) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Cohort.from_participants(people, organisation=organisation)
    assert {one.category for one in caught} <= {ProfileWarning}
    return [str(one.message) for one in caught]


def test_nothing_is_said_where_nothing_is_doubtful() -> None:
    assert said(Participant(id="ana", teaches={"sql": 1}, wants={"R": 1})) == []


def test_wishes_already_met() -> None:
    messages = said(
        Participant(id="ana", teaches={"sql": 1}, wants={"SQL": 1, "R": 1}),
        Participant(id="bo", knows={"R": 1, "sql": 1}, wants={"sql": 1, "R": 2}),
        Participant(id="cy", teaches={"R": 0.9}, wants={"R": 2}),
    )
    assert messages == [
        ("3 wishes of 2 people are for what they have in full already, and do not count: ana, bo")
    ]
    one = said(Participant(id="ana", teaches={"sql": 1}, wants={"sql": 1}))
    assert one[0].startswith("1 wish of 1 person is for ")


def test_the_same_skill_twice_in_one_list() -> None:
    messages = said(
        Participant(id="ana", teaches={"sql": 0.5, "SQL": 1}),
        Participant(id="bo", wants={"sql": 0.5, "SQL": 1}),
    )
    assert messages == [
        "2 people name the same skill twice in one list; the highest level counts: ana, bo"
    ]


def test_skills_that_look_like_one() -> None:
    messages = said(Participant(id="ana", teaches={"node.js": 1}, wants={"node js": 1}))
    assert messages == [
        (
            "1 pair of skills looks alike; each skill counts by itself until both are spelt the "
            "same: 'node js' and 'node.js'"
        )
    ]


def test_managers_outside_the_file() -> None:
    ana, bo = Participant(id="ana", manager_id="zoe"), Participant(id="bo", manager_id="yan")
    messages = said(ana, bo, Participant(id="cy", manager_id="zoe"))
    assert messages == [
        (
            "2 managers are not among the people, so reporting lines end there; give the whole "
            "tree as organisation=...: zoe, yan"
        )
    ]
    tree = Organisation.from_managers(["ana"], ["zoe"])
    assert said(ana, organisation=tree) == []


def test_long_lists_of_names_are_cut() -> None:
    many = [Participant(id=f"p{i}", teaches={"s": 1}, wants={"s": 1}) for i in range(25)]
    (message,) = said(*many)
    assert message.startswith("25 wishes of 25 people ")
    assert message.endswith("p18, p19 and 5 more")


def test_a_warning_points_at_the_callers_line() -> None:
    with pytest.warns(ProfileWarning) as caught:
        read_records([{"id": "ana", "manager_id": "zoe"}])
    assert caught[0].filename == __file__
