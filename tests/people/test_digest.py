"""A fingerprint of the people."""

import warnings
from typing import Any

import pytest

from mentormatch import Cohort, Organisation, Participant, ProfileWarning

ANA: dict[str, Any] = {
    "id": "ana",
    "department": "IT",
    "rank": 3,
    "teaches": {"SQL": 0.5},
    "knows": {"excel": 0.5},
    "wants": {"R": 1},
    "languages": ["English", "Hindi"],
    "past_partners": ["bo", "cy"],
    "site": "Oslo",
}
BO = Participant(id="bo", wants={"sql": 1})


def digest(*people: Participant, key: str = "key", **more: Any) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ProfileWarning)
        return Cohort.from_participants(people, **more).digest(key)


def test_it_is_the_same_on_every_machine() -> None:
    assert digest(Participant(id="ana")) == digest(Participant(id="ana"))
    assert digest(Participant(**ANA), BO) == (
        "517d294bb8ecc7f637f06481328fcb15575fb6e8ee743288b24939ae97de950c"
    )


def test_order_and_spelling_do_not_matter() -> None:
    same = {
        **ANA,
        "teaches": {" sql": 0.5},
        "languages": ["Hindi", "English"],
        "past_partners": ["cy", "bo"],
        "location": "",
    }
    assert digest(Participant(**ANA), BO) == digest(BO, Participant(**same))


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Ana"},
        {"department": "HR"},
        {"rank": 4},
        {"teaches": {"SQL": 0.6}},
        {"teaches": {"SQL": 0.5, "go": 1}},
        {"knows": {}},
        {"wants": {"R": 2}},
        {"capacity": 2},
        {"utc_offset": 1},
        {"languages": ["English"]},
        {"location": "Oslo"},
        {"past_partners": ["bo"]},
        {"site": "Rome"},
        {"floor": 3},
        {"manager_id": "bo"},
    ],
)
def test_whatever_changes_it_changes(changed: dict[str, Any]) -> None:
    assert digest(Participant(**ANA), BO) != digest(Participant(**{**ANA, **changed}), BO)


def test_the_key_changes_it_and_may_be_long() -> None:
    digests = {digest(BO, key=key) for key in ("", "a", "b", "k" * 65, "k" * 66)}
    assert len(digests) == 5


def test_who_declines_whom_is_left_out() -> None:
    shy = Participant(**{**ANA, "declines": ["bo"]})
    assert digest(shy, BO) == digest(Participant(**ANA), BO)


def test_managers_above_the_people_matter_and_others_do_not() -> None:
    def with_tree(**managers: str | None) -> str:
        tree = Organisation.from_managers(managers, managers.values())
        return digest(Participant(id="ana"), organisation=tree)

    one = with_tree(eve=None, di="eve", ana="di", zoe="eve")
    assert one == with_tree(yan="di", ana="di", di="eve", eve=None)
    assert one != with_tree(eve=None, di=None, ana="di")
