"""A file says the same in every dress."""

import contextlib
import csv
import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch import Cohort, Participant, ProfileErrors, read_csv, read_json
from mentormatch.people.levels import escaped
from tests.people.strategies import NAMES, TEXT, cohorts

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")


def read_back(content: bytes, **more: Any) -> Cohort:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people"
        path.write_bytes(content)
        return read_json(path) if more.pop("as_json", False) else read_csv(path, **more)


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\n") -> str:
    text = io.StringIO(newline="")
    # Quoted throughout, because not every Python's writer quotes a lone carriage return.
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows(rows)
    return text.getvalue()


@given(st.lists(st.tuples(TEXT, NAMES), min_size=1, max_size=4))
def test_hostile_text_comes_back_as_it_was(cells: list[tuple[str, str]]) -> None:
    rows = [(str(i), note, escaped(skill)) for i, (note, skill) in enumerate(cells)]
    people = read_back(as_csv([("id", "note", "teaches"), *rows]).encode())
    for person, (note, skill) in zip(people, cells, strict=True):
        assert person.attributes.get("note", "") == note.strip()
        (label,) = person.teaches
        assert people.skills.index(label) == people.skills.index(skill)


@given(
    st.lists(st.tuples(TEXT, NAMES), min_size=1, max_size=3),
    st.sampled_from(",;\t"),
    st.sampled_from(("\n", "\r\n")),
    st.sampled_from(("utf-8", "utf-8-sig")),
)
def test_delimiters_line_ends_and_marks_do_not_matter(
    cells: list[tuple[str, str]], delimiter: str, end: str, encoding: str
) -> None:
    rows = [("id", "note", "name"), *((str(i), *pair) for i, pair in enumerate(cells))]
    plain = read_back(as_csv(rows).encode())
    other = read_back(as_csv(rows, delimiter, end).encode(encoding))
    assert other.digest("key") == plain.digest("key")
    assert other.ids == plain.ids


@given(cohorts())
def test_profiles_come_back_from_json(people: list[Participant]) -> None:
    if not people:
        return
    # The scale of a file is 1 to 5, and of the priorities up to 10.
    content = [
        {
            **one.model_dump(mode="json"),
            "teaches": {skill: level * 5 for skill, level in one.teaches.items() if level >= 0.2},
            "knows": {skill: level * 5 for skill, level in one.knows.items() if level >= 0.2},
        }
        for one in people
    ]
    expected = [
        one.model_copy(
            update={
                "teaches": {s: level * 5 / 5 for s, level in one.teaches.items() if level >= 0.2},
                "knows": {s: level * 5 / 5 for s, level in one.knows.items() if level >= 0.2},
            }
        )
        for one in people
    ]
    found = read_back(json.dumps(content).encode(), as_json=True)
    assert list(found) == list(Cohort.from_participants(expected))


@given(st.binary(max_size=80) | TEXT.map(str.encode))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    for start, as_json in ((b"id,teaches\n", False), (b"", False), (b"", True)):
        with contextlib.suppress(ProfileErrors):
            assert len(read_back(start + content, as_json=as_json)) > 0
