"""People from JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from mentormatch import Fault, Organisation, Participant, ProfileErrors, Scales, read_json

PEOPLE = [
    {
        "id": 1,
        "teaches": {"sql": 4, "R": None},
        "knows": ["excel:2.5", "word", " "],
        "wants": "leading:3; go",
        "rank": 3,
        "languages": ["English"],
        "declines": [2],
        "clubs": ["Chess"],
        "remote": True,
        "years": 3,
    },
    {"id": "2", "department": "", "manager_id": 1, "location": None},
]


def write(folder: Path, content: object) -> Path:
    path = folder / "people.json"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(
            content if isinstance(content, str) else json.dumps(content), encoding="utf-8"
        )
    return path


def faults_of(folder: Path, content: object, **more: Any) -> tuple[Fault, ...]:
    with pytest.raises(ProfileErrors) as error:
        read_json(write(folder, content), **more)
    return error.value.faults


@pytest.mark.parametrize("content", [PEOPLE, {"participants": PEOPLE, "version": 1}])
def test_every_way_to_write_a_profile(tmp_path: Path, content: object) -> None:
    people = read_json(write(tmp_path, content))
    assert list(people) == [
        Participant(
            id="1",
            teaches={"sql": 0.8, "R": 1},
            knows={"excel": 0.5, "word": 1},
            wants={"leading": 3, "go": 1},
            rank=3,
            languages=["English"],
            declines=["2"],
            clubs=["Chess"],
            remote=True,
            years=3,
        ),
        Participant(id="2", manager_id="1"),
    ]
    assert people.lines.tolist() == [1, 2]
    assert people.is_list("clubs")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_fine(tmp_path: Path, encoding: str) -> None:
    people = read_json(write(tmp_path, json.dumps(PEOPLE).encode(encoding)))
    assert people.ids == ("1", "2")


def test_columns_scales_values_and_organisation(tmp_path: Path) -> None:
    tree = Organisation.from_managers(["1", "2"], [None, "1"])
    people = read_json(
        write(tmp_path, [{"No": 2, "grade": "none", "skills": {"sql": 8}}]),
        columns={"id": "No", "rank": "grade", "teaches": "skills"},
        scales=Scales(proficiency=(0, 10)),
        values={"grade": {"None": None}},
        organisation=tree,
    )
    assert list(people) == [Participant(id="2", teaches={"sql": 0.8})]
    assert people.place.tolist() == [1]


def test_all_faults_at_once(tmp_path: Path) -> None:
    content = """[
        {"id": "ana", "teaches": {"sql": 9, "R": true, "go": "x"}, "rank": NaN, "site": {"a": 1}},
        {"id": null, "teaches": 4, "wants": [1], "name": ["x"], "capacity": true},
        {"id": "cy", "declines": "secret", "years": Infinity, "languages": 3, "knows": {" ": 1}},
        {"id": "di", "declines": -Infinity}
    ]"""
    said = {(one.row, one.person, one.field, one.value) for one in faults_of(tmp_path, content)}
    assert said == {
        (1, "ana", "teaches", "sql: 9"),
        (1, "ana", "teaches", "R: True"),
        (1, "ana", "teaches", "go: x"),
        (1, "ana", "rank", "NaN"),
        (1, "ana", "site", "{'a': 1}"),
        (2, None, "id", ""),
        (2, None, "teaches", "4"),
        (2, None, "wants", "[1]"),
        (2, None, "name", "['x']"),
        (2, None, "capacity", "True"),
        (3, "cy", "confidential", "(hidden)"),
        (3, "cy", "years", "Infinity"),
        (3, "cy", "languages", "3"),
        (3, "cy", "knows", "{' ': 1}"),
        (4, "di", "confidential", "(hidden)"),
    }


@pytest.mark.parametrize(
    ("content", "row", "value"),
    [
        ("[\n{]", 2, "Expecting property name enclosed in double quotes"),
        ("", 1, "Expecting value"),
        ("{}", None, "no list of people"),
        ("3", None, "no list of people"),
        ('{"participants": {}}', None, "no list of people"),
        ("[]", None, "empty"),
        ('[{"id": "ana"}, "bo"]', 2, "str"),
        (b'[{"id": "zo\xe9"}]', None, "text in another encoding than UTF-8"),
        ("[" * 200_000, None, "lists within lists without end"),
        ('[{"id": ' + "1" * 5_000 + "}]", None, "a number with thousands of digits"),
    ],
)
def test_files_that_are_no_people(
    tmp_path: Path, content: object, row: int | None, value: str
) -> None:
    (fault,) = faults_of(tmp_path, content)
    assert (fault.row, fault.field, fault.value) == (row, "content", value)


def test_keys_that_stand_twice_are_faults(tmp_path: Path) -> None:
    content = '[{"id": "a"}, {"id": "b", "id": "c", "teaches": {"sql": 1, "sql": 2}}, 3]'
    said = [(one.row, one.field, one.value) for one in faults_of(tmp_path, content)]
    assert said == [(2, "key", "id"), (2, "key", "one of an inner object"), (3, "content", "int")]
    secret = '[{"id": "a", "declines": {"SECRET1": {"SECRET2": 1, "SECRET2": 2}, "SECRET1": {}}}]'
    assert "SECRET" not in repr(faults_of(tmp_path, secret))
    twice = '{"participants": [{"id": "a"}], "participants": [{"id": "b"}]}'
    said = [(one.row, one.field, one.value) for one in faults_of(tmp_path, twice)]
    assert said == [(None, "key", "participants")]


def test_a_repeated_key_is_found_at_any_depth_that_python_reads(tmp_path: Path) -> None:
    deep = 900
    content = '[{"id": "a", "x": ' + '{"k": ' * deep + '{"l": 1, "l": 2}' + "}" * deep + "}]"
    said = [(one.row, one.field) for one in faults_of(tmp_path, content)]
    assert said == [(1, "key"), (1, "x")]
