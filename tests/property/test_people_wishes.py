"""Wishes about people are the same from every source and in every order, and in no text."""

import csv
import io
import json
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from mentormatch import (
    Cohort,
    Participant,
    ProfileErrors,
    ProfileWarning,
    read_csv,
    read_frame,
    read_joined,
    read_json,
    read_records,
    read_scim,
)
from mentormatch.people.levels import escaped
from mentormatch.people.readers import cohorts
from tests.people.strategies import NAMES
from tests.people.strategies import cohorts as some_people

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

SCHEMA = "urn:example:program:2.0:User"
NUMBERS = ("capacity", "at_least")


@st.composite
def wishers(draw: st.DrawFn) -> list[Participant]:
    """People who say whom they wish for and how many partners they can and must have, or not."""
    ids = draw(st.lists(NAMES | st.integers(1, 99).map(str), min_size=1, max_size=5, unique=True))
    people = []
    for person in ids:
        others = st.sampled_from([*(one for one in ids if one != person), "gone", "left"])
        capacity = draw(st.none() | st.integers(0, 4))
        least = draw(st.none() | st.integers(0, 4 if capacity in (None, 0) else capacity))
        wished = draw(st.lists(others, max_size=4, unique=True))
        people.append(Participant(id=person, prefers=wished, capacity=capacity, at_least=least))
    return people


def as_text(people: list[Participant]) -> list[dict[str, str]]:
    """Rows of a file; ids may have separators of their own."""
    return [
        {
            "id": one.id,
            "prefers": "; ".join(map(escaped, one.prefers)),
            **{name: "" if (n := getattr(one, name)) is None else str(n) for name in NUMBERS},
        }
        for one in people
    ]


def as_lists(people: list[Participant]) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "prefers": list(one.prefers), "capacity": one.capacity}
        | {"at_least": one.at_least}
        for one in people
    ]


def as_csv(rows: list[dict[str, str]], *fields: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fields, extrasaction="ignore", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def in_folder(read: Callable[[Path], Cohort]) -> Cohort:
    with tempfile.TemporaryDirectory() as folder:
        return read(Path(folder))


def from_csv(people: list[Participant]) -> Cohort:
    def read(folder: Path) -> Cohort:
        path = folder / "people.csv"
        path.write_text(as_csv(as_text(people), "id", "prefers", *NUMBERS), "utf-8", newline="")
        return read_csv(path)

    return in_folder(read)


def from_joined(people: list[Participant]) -> Cohort:
    def read(folder: Path) -> Cohort:
        paths = [folder / "people.csv", folder / "wishes.csv"]
        rows = as_text(people)
        paths[0].write_text(as_csv(rows, "id", *NUMBERS), "utf-8", newline="")
        paths[1].write_text(as_csv(rows[::-1], "prefers", "id"), "utf-8", newline="")
        return read_joined(paths)

    return in_folder(read)


def from_json(people: list[Participant]) -> Cohort:
    def read(folder: Path) -> Cohort:
        path = folder / "people.json"
        path.write_text(json.dumps(as_lists(people)), "utf-8")
        return read_json(path)

    return in_folder(read)


def from_arrays(people: list[Participant]) -> Cohort:
    none = csr_array((len(people), 0))
    return Cohort.from_columns(
        ids=[one.id for one in people],
        skill_labels=[],
        teaches=none,
        knows=none,
        wants=none,
        prefers=[one.prefers for one in people],
        capacity=[one.capacity for one in people],
        at_least=[one.at_least for one in people],
    )


def from_scim(people: list[Participant]) -> Cohort:
    def named(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "prefers": [{"value": one} for one in row["prefers"]]}

    users = [{"id": row["id"], SCHEMA: named(row)} for row in as_lists(people)]
    fields = ("prefers", *NUMBERS)
    columns = {field: f"{SCHEMA}:{field}" for field in fields}
    said = read_scim(users, columns=columns)
    keep = {"id", *fields}
    return Cohort.from_participants(Participant(**one.model_dump(include=keep)) for one in said)


def one_by_one(people: list[Participant]) -> Cohort:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cohorts, "read_plain_columns", lambda *_: None)
        return read_records(as_text(people))


SOURCES: list[Callable[[list[Participant]], Cohort]] = [
    from_csv,
    from_joined,
    from_json,
    from_arrays,
    from_scim,
    one_by_one,
    lambda people: read_records(as_text(people)),
    lambda people: read_records(as_lists(people)),
    lambda people: read_frame(pd.DataFrame(as_lists(people))),
    lambda people: read_frame(pl.DataFrame(as_lists(people), infer_schema_length=None)),
    lambda people: read_frame(pl.DataFrame(as_text(people))),
]


def places(people: Cohort) -> dict[tuple[str, str], int]:
    rows = np.arange(len(people))
    ranks = people.wish_ranks(rows[:, None], rows)
    a, b = np.nonzero(ranks)
    ids = people.ids
    return {(ids[i], ids[j]): int(ranks[i, j]) for i, j in zip(a, b, strict=True)}


@given(wishers(), st.sampled_from(SOURCES))
def test_every_source_gives_the_same_wishes_and_numbers(
    people: list[Participant], source: Callable[[list[Participant]], Cohort]
) -> None:
    found, expected = source(people), Cohort.from_participants(people)
    assert list(found) == people
    assert places(found) == places(expected)
    assert found.most_partners(7).tolist() == expected.most_partners(7).tolist()
    assert found.least_partners(7).tolist() == expected.least_partners(7).tolist()
    assert found.digest("key") == expected.digest("key")


@given(some_people(), st.randoms(use_true_random=False))
def test_places_are_those_of_the_lists_in_every_order_of_rows(
    people: list[Participant], chance: Any
) -> None:
    known = {one.id for one in people}
    expected = {
        (one.id, other): one.prefers.index(other) + 1
        for one in people
        for other in one.prefers
        if other in known
    }
    assert places(Cohort.from_participants(people)) == expected
    shuffled = list(people)
    chance.shuffle(shuffled)
    again = Cohort.from_participants(shuffled)
    assert places(again) == expected
    rows = np.array([again.row(one.id) for one in people], dtype=np.int64)
    one = Cohort.from_participants(people)
    for ask in (Cohort.most_partners, Cohort.least_partners):
        assert ask(again, 2)[rows].tolist() == ask(one, 2).tolist()
    assert again.digest("key") == one.digest("key")


@given(wishers(), st.integers(0, 5), st.integers(0, 5))
def test_numbers_of_partners_are_their_own_or_the_programs(
    people: list[Participant], most: int, least: int
) -> None:
    found = Cohort.from_participants(people)
    rows = zip(people, found.most_partners(most), found.least_partners(least), strict=True)
    for one, can, must in rows:
        assert can == (most if one.capacity is None else one.capacity)
        assert must == (
            0 if can == one.capacity == 0 else least if one.at_least is None else one.at_least
        )
        if one.capacity is not None and one.at_least is not None:
            assert must <= can


SECRETS = [f"SECRET{number}" for number in range(4)]
NAMED = st.lists(st.sampled_from([*SECRETS, "SECRET9"]), max_size=3)
MOVED = st.none() | st.sampled_from(SECRETS) | NAMED.map("; ".join) | NAMED.map(" / ".join)
HOSTILE = st.fixed_dictionaries(
    {"prefers": NAMED.map("; ".join) | NAMED | MOVED},
    optional={
        "rank": MOVED | st.just("boss"),
        "capacity": MOVED | st.sampled_from([0, 1]),
        "at_least": MOVED | st.just(2),
        "utc_offset": MOVED,
        "teaches": st.sampled_from([None, "sql:9", ":4"]),
        "declines": st.none() | st.sampled_from(SECRETS),
        "active": st.sampled_from(["yes", "no"]),
    },
)


def told(records: list[dict[str, Any]]) -> Iterator[tuple[str | None, str]]:
    """Yield everything that reading says: whom it is about, as far as it says so, and the words."""
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        try:
            people = read_records(records)
        except ProfileErrors as error:
            for fault in error.faults:
                yield fault.person, fault.value
                yield fault.person, fault.allowed
            return
    yield None, people.summary() + repr(people)
    for one in people:
        yield one.id, repr(one)
    for note in noted:
        assert note.category is ProfileWarning
        yield None, str(note.message)


@given(st.tuples(*[HOSTILE] * len(SECRETS)))
def test_no_text_names_whom_anybody_wishes_for(hostile: tuple[dict[str, Any], ...]) -> None:
    records = [{"id": person, **one} for person, one in zip(SECRETS, hostile, strict=True)]
    # Of somebody in no list and no row nobody can tell that the word is an id.
    secrets = [*SECRETS, *["SECRET9"] * any("SECRET9" in str(one["prefers"]) for one in records)]
    for person, words in told(records):
        if person is not None:  # their own id is no secret
            words = words.replace(person, "")
        assert not [secret for secret in secrets if secret in words]
