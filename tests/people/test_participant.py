"""One person's profile."""

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mentormatch import Participant, ProfileErrors, read_json


def test_a_profile_needs_an_id_and_nothing_else() -> None:
    ana = Participant(id=" ana ")
    assert (ana.id, ana.name) == ("ana", "ana")
    assert (ana.capacity, ana.at_least, ana.teaches, ana.languages) == (None, None, {}, ())
    assert (ana.department, ana.manager_id, ana.rank, ana.utc_offset) == (None,) * 4


@pytest.mark.parametrize("number", [7, 7.0, np.int64(7), np.float64(7)])
def test_whole_numbers_are_ids(number: Any) -> None:
    one = Participant(id=number, manager_id=number + 1, past_partners=[number + 2])
    assert (one.id, one.name, one.manager_id, one.past_partners) == ("7", "7", "8", ("9",))


def test_blank_values_are_not_given() -> None:
    ana = Participant(
        id="ana",
        name="",
        department=" ",
        manager_id="",
        rank=float("nan"),
        teaches=None,
        wants="",
        capacity=None,
        utc_offset="",
        languages=None,
        location=None,
        site="",
        floor=None,
    )
    assert ana == Participant(id="ana")
    assert dict(ana.attributes) == {}


@pytest.mark.parametrize(
    "given",
    [
        {"id": ""},
        {"id": "  "},
        {"id": None},
        {"id": True},
        {"id": 1.5},
        {"id": float("inf")},
        {"rank": float("inf")},
        {"rank": True},
        {"rank": "boss"},
        {"teaches": {"sql": 0}},
        {"teaches": {"sql": 1.01}},
        {"teaches": {"sql": True}},
        {"knows": {"sql": -0.5}},
        {"knows": {" ": 0.5}},
        {"wants": {"sql": 0}},
        {"wants": {"sql": float("inf")}},
        {"wants": {"sql": float("nan")}},
        {"wants": {"sql": 1_000_001}},
        {"department": True},
        {"department": float("inf")},
        {"location": ["Oslo"]},
        {"capacity": -1},
        {"capacity": 1.5},
        {"capacity": True},
        {"capacity": 10**30},
        {"utc_offset": 14.5},
        {"utc_offset": -13},
        {"languages": "English"},
        {"languages": 3},
        {"past_partners": ["x"]},
        {"declines": ["x"]},
        {"site": float("inf")},
        {"site": {"a": 1}},
        {"site": ["a", 1]},
        {"site": object()},
    ],
)
def test_what_is_not_allowed_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Participant(**{"id": "x", **given})


def test_what_is_no_mapping_is_refused() -> None:
    with pytest.raises(ValidationError):
        Participant.model_validate("ana")


def test_nothing_shows_declines() -> None:
    ana = Participant(id="ana", declines=["secret-bo"])
    assert "secret-bo" not in repr(ana) + str(ana)
    with pytest.raises(ValidationError) as error:
        Participant(id="ana", declines=["secret-bo", "ana"])
    assert "secret-bo" not in str(error.value)
    with pytest.raises(ValidationError) as error:
        Participant(id="ana", declines="secret-bo")
    assert "secret-bo" not in str(error.value)


def test_attributes_are_whatever_else_was_said() -> None:
    ana = Participant(id="ana", site=" Oslo ", years=np.int64(3), remote=True, clubs=["a", " "])
    assert dict(ana.attributes) == {"site": "Oslo", "years": 3, "remote": True, "clubs": ("a",)}
    assert type(ana.attributes["years"]) is int
    with pytest.raises(TypeError):
        ana.attributes["site"] = "Rome"  # type: ignore[index]


@pytest.mark.parametrize("name", ["copy", "attributes", "json", "model_dump", "self", "__class__"])
def test_an_attribute_may_be_called_anything(name: str) -> None:
    ana = Participant.model_validate({"id": "ana", name: "x"})
    assert dict(ana.attributes) == {name: "x"}
    assert Participant.model_validate_json(ana.model_dump_json()) == ana


def test_a_profile_is_frozen_and_survives_pickling_and_json() -> None:
    ana = Participant(id="ana", teaches={"sql": 0.5}, declines=["bo"], site="Oslo")
    with pytest.raises(ValidationError):
        ana.rank = 3  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(ana)) == ana
    assert Participant.model_validate_json(ana.model_dump_json()) == ana


def test_numbers_where_text_is_meant_become_text() -> None:
    ana = Participant(id="ana", name=7.0, department=12.0, location=np.int64(3), site=12.0)
    assert (ana.name, ana.department, ana.location) == ("7", "12", "3")
    assert Participant(id="ana", department=2.5).department == "2.5"


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "a\ud800"},
        {"name": "\udfff"},
        {"department": "\ud800"},
        {"teaches": {"\ud800": 1}},
        {"languages": ("\ud800",)},
        {"site": "\ud800"},
        {"sites": ["\ud800"]},
        {"declines": ("\ud800",)},
    ],
    ids=str,
)
def test_half_a_character_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="broken characters"):
        Participant(**{"id": "ana", **fields})


def test_half_a_character_in_json_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    path.write_text('[{"id": "ana", "name": "\\ud800"}]', encoding="utf-8")
    with pytest.raises(ProfileErrors, match=r"row 1: ana: name is .* broken characters"):
        read_json(path)


@pytest.mark.parametrize(
    "given",
    [
        {"declines": ["SECRET1", "ana"]},
        {"declines": "SECRET1"},
        {"declines": [["SECRET1"]]},
        {"declines": ["SECRET1"], "id": None},
        {"declines": ["SECRET1"], "rank": "SECRET1"},
        {"declines": {"SECRET1": 1}},
    ],
)
def test_an_error_holds_no_value(given: dict[str, Any]) -> None:
    text = json.dumps({"id": "ana"} | given)
    ways: list[Callable[[], Participant]] = [
        lambda: Participant(**({"id": "ana"} | given)),
        lambda: Participant.model_validate({"id": "ana"} | given),
        lambda: Participant.model_validate_json(text),
    ]
    for read in ways:
        with pytest.raises(ValidationError) as error:
            read()
        assert "SECRET1" not in repr(error.value.errors()) + error.value.json() + str(error.value)
        assert {detail["input"] for detail in error.value.errors()} == {"(hidden)"}
        assert error.value.__context__ is None


def test_an_error_keeps_its_places_kinds_and_words() -> None:
    with pytest.raises(ValidationError) as error:
        Participant.model_validate({"id": "ana", "teaches": {"sql": 2}, "rank": True})
    said = [(one["loc"], one["type"], one["msg"]) for one in error.value.errors()]
    assert said == [
        (("rank",), "profile", "a number"),
        (("teaches", "sql"), "less_than_equal", "Input should be less than or equal to 1"),
    ]


@pytest.mark.parametrize("field", ["id", "name", "manager_id", "rank", "capacity", "desk"])
def test_a_number_of_too_many_digits_is_refused(field: str) -> None:
    with pytest.raises(ValidationError, match="at most 300 digits"):
        Participant.model_validate({"id": "ana"} | {field: 10**5_000})
    with pytest.raises(ValidationError, match="at most 300 digits"):
        Participant.model_validate({"id": "ana", "languages": [10**5_000]})
