"""A file is read as its Reading declares, and a Reading is data."""

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from mentormatch import (
    Cohort,
    ProfileErrors,
    ProfileWarning,
    ProgramError,
    Reading,
    Scales,
    read_csv,
    read_json,
    read_records,
)


def read(text: str, tmp_path: Path, reading: Reading, **options: Any) -> Cohort:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding=reading.encoding)
    return read_csv(path, reading=reading, **options)


def faults(record: Mapping[str, object], **parts: Any) -> list[str]:
    with pytest.raises(ProfileErrors) as error:
        read_records([{"id": "ana", **record}], reading=Reading(**parts))
    return [f"{fault.field}: {fault.value}: {fault.allowed}" for fault in error.value.faults]


def test_a_reading_is_the_same_after_json() -> None:
    reading = Reading(
        columns={"id": "No", "team": "Team"},
        types={"team": "list"},
        values={"years": {"Less than 1 year": 0.5, "unknown": None}},
        active={"status": ("active", True)},
        scales=Scales(rank=("junior", "senior")),
        list_separator=",",
        level_separator="=",
        delimiter="\t",
        encoding="cp1252",
    )
    text = reading.model_dump_json()
    assert json.loads(text)["schema"] == 1
    assert Reading.model_validate_json(text) == reading
    assert "list_separator" in Reading.model_json_schema()["properties"]


def test_a_reading_does_not_change_and_has_no_other_parts() -> None:
    with pytest.raises(ValidationError):
        Reading().encoding = "cp1252"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="colums"):
        Reading.model_validate({"colums": {}})


@pytest.mark.parametrize(
    ("parts", "wrong"),
    [
        ({"list_separator": "a"}, "list_separator is 'a'"),
        ({"level_separator": " "}, "level_separator is ' '"),
        ({"delimiter": '"'}, "delimiter is"),
        ({"list_separator": "\t"}, "list_separator is"),
        ({"list_separator": ":"}, "both ':'"),
    ],
)
def test_a_separator_is_a_sign_of_its_own(parts: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ProgramError, match=wrong):
        Reading(**parts)


def test_delimiter_encoding_and_separators_are_honoured(tmp_path: Path) -> None:
    reading = Reading(delimiter="|", encoding="cp1252", list_separator=",", level_separator="=")
    people = read(
        "id|name|teaches|languages|past_partners\n"
        "ana|Zoé|sql=4, a;b:3|English, Polish|bo\nbo||R||\n",
        tmp_path,
        reading,
    )
    ana = people.participant("ana")
    assert ana.name == "Zoé"
    assert ana.teaches == {"sql": 0.8, "a;b:3": 1.0}
    assert ana.languages == ("English", "Polish")
    assert ana.past_partners == ("bo",)


def test_a_doubtful_level_names_the_sign_of_the_file() -> None:
    found = faults({"teaches": "sql=9"}, list_separator=",", level_separator="=")
    assert "after the sign '='; or, if the sign '=' belongs" in found[0]
    found = faults({"teaches": "=4"}, list_separator=",", level_separator="=")
    assert "before the sign '=', as in 'sql=4'" in found[0]


def test_declines_are_split_at_the_separator_and_stay_confidential() -> None:
    with pytest.raises(ProfileErrors) as error:
        read_records(
            [{"id": "ana", "rank": "?", "declines": "bo, zoe"}, {"id": "bo"}],
            reading=Reading(list_separator=","),
        )
    assert [fault.field for fault in error.value.faults] == ["rank", "confidential"]
    assert "zoe" not in str(error.value)


def test_types_make_values_of_one_kind() -> None:
    reading = Reading(
        types={"years": "number", "clubs": "list", "badge": "text", "remote": "yes/no"},
        values={"years": {"Less than 1 year": 0.5}},
        list_separator=",",
    )
    people = read_records(
        [
            {"id": "ana", "years": "Less than 1 year", "clubs": "Chess, Choir", "remote": "Yes"},
            {"id": "bo", "years": "7", "clubs": ["Chess", 7, ""], "badge": 12.0, "remote": False},
            {"id": "cy", "remote": 1},
        ],
        reading=reading,
    )
    assert [dict(person.attributes) for person in people] == [
        {"years": 0.5, "clubs": ("Chess", "Choir"), "remote": True},
        {"years": 7.0, "clubs": ("Chess", "7"), "badge": "12", "remote": False},
        {"remote": True},
    ]


def test_values_of_another_kind_are_faults_all_at_once() -> None:
    record = {"years": "many", "clubs": ["Chess", True], "badge": [], "remote": "maybe", "on": {}}
    kinds = {
        "years": "number",
        "clubs": "list",
        "badge": "text",
        "remote": "yes/no",
        "on": "yes/no",
    }
    found = faults(record, types=kinds)
    assert [line.split(":")[0] for line in found] == ["years", "clubs", "badge", "remote", "on"]
    assert "say what a text stands for, in values" in found[0]


def test_a_type_is_for_an_attribute_of_the_file() -> None:
    assert faults({}, types={"rank": "number", "yers": "number"}) == [
        "types: rank: an attribute; the fields of every profile have their kind",
        "types: yers: an attribute; Known: none",
    ]


def test_who_is_not_active_takes_no_part_but_stays_in_the_reporting_line() -> None:
    people = read_records(
        [
            {"id": "ana", "status": "active", "teaches": "sql"},
            {"id": "bo", "status": "left", "manager_id": "ana", "rank": "?", "teaches": "sql:99"},
            {"id": "cy", "status": " Active ", "manager_id": "bo", "wants": "sql"},
            {"id": "di", "manager_id": "bo"},
        ],
        reading=Reading(active={"status": ("active",)}),
    )
    assert people.capacity.tolist() == [1, 0, 1, 0]
    assert people.participant("bo").teaches == {}
    ana, cy = people.place[[people.row("ana"), people.row("cy")]]
    assert people.organisation.is_above(ana, cy)
    assert "no part      2 people not active" in people.summary()
    assert people.account is not None
    assert people.account.inactive == 2


def test_every_name_in_active_must_hold_and_may_be_a_heading() -> None:
    people = read_records(
        [
            {"id": "ana", "Employed": True, "Signed up": "1"},
            {"id": "bo", "Employed": "true", "Signed up": 0, "capacity": 1},
            {"id": "cy", "Employed": "TRUE", "Signed up": 1.0, "capacity": 0},
        ],
        reading=Reading(
            columns={"employed": "Employed"}, active={"Employed": [True], "Signed up": [1]}
        ),
    )
    assert people.capacity.tolist() == [1, 0, 0]
    assert "1 person not active, 1 person with capacity 0" in people.summary()


def test_active_names_what_the_file_has() -> None:
    assert faults({"state": "x"}, active={"status": ("active",)}) == [
        "active: status: a field or a heading; did you mean 'state'? Known: id, state"
    ]


def test_a_value_that_makes_nobody_active_is_asked_about() -> None:
    with pytest.warns(ProfileWarning, match="1 value in active is in no row: status 'actve'"):
        read_records(
            [{"id": "ana", "status": "active"}],
            reading=Reading(active={"status": ("active", "actve")}),
        )


def test_the_id_of_who_is_not_active_must_be_right() -> None:
    with pytest.raises(ProfileErrors, match="this one already"):
        read_records(
            [{"id": "ana", "on": "yes"}, {"id": "ana", "on": "no"}],
            reading=Reading(active={"on": ("yes",)}),
        )


def test_what_the_caller_says_apart_replaces_a_part(tmp_path: Path) -> None:
    reading = Reading(columns={"id": "No"}, scales=Scales(proficiency=(0, 10)))
    path = tmp_path / "people.json"
    path.write_text('[{"No": 1, "Number": 2, "teaches": "sql:5"}]')
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ProfileWarning)
        assert read_json(path, reading=reading).ids == ("1",)
        other = read_json(path, reading=reading, columns={"id": "Number"})
    assert other.ids == ("2",)
    assert other.participant("2").teaches == {"sql": 0.5}
