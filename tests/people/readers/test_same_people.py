"""The same people are the same cohort and have the same matching, wherever they come from."""

import json
import warnings
from collections.abc import Callable, Iterator
from csv import DictReader
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import mentormatch as mm

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
SKILLS = "urn:example:params:scim:schemas:extension:program:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def rows() -> list[dict[str, Any]]:
    with (EXAMPLES / "people.csv").open(encoding="utf-8", newline="") as file:
        return list(DictReader(file))


def typed_rows() -> list[dict[str, Any]]:
    numbers = ("rank", "utc_offset", "capacity")
    return [
        {name: float(cell) if name in numbers else cell or None for name, cell in row.items()}
        for row in rows()
    ]


def from_csv(_: Path) -> mm.Cohort:
    return mm.read_csv(EXAMPLES / "people.csv")


def from_json(folder: Path) -> mm.Cohort:
    path = folder / "people.json"
    path.write_text(json.dumps(rows()))
    return mm.read_json(path)


def from_pandas(_: Path) -> mm.Cohort:
    return mm.read_frame(pd.DataFrame(typed_rows()))


def from_polars(_: Path) -> mm.Cohort:
    return mm.read_frame(pl.DataFrame(typed_rows(), infer_schema_length=None))


def from_pyarrow(_: Path) -> mm.Cohort:
    return mm.read_frame(pa.Table.from_pylist(typed_rows()))


def from_excel(folder: Path) -> mm.Cohort:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([])
    sheet.append(list(rows()[0]))
    for row in typed_rows():
        sheet.append(list(row.values()))
    book.create_sheet("empty")
    book.save(folder / "people.xlsx")
    return mm.read_excel(folder / "people.xlsx")


def from_scim(folder: Path) -> mm.Cohort:
    own = ("id", "name", "department", "manager_id")
    users = [
        {
            "ID": row["id"],
            "displayName": row["name"],
            "active": True,
            ENTERPRISE: {"department": row["department"], "manager": {"value": row["manager_id"]}},
            SKILLS: {name: cell for name, cell in row.items() if name not in own},
        }
        for row in rows()
    ]
    path = folder / "scim.json"
    path.write_text(json.dumps({"schemas": ["x"], "totalResults": 21, "Resources": users}))
    columns = {name: f"{SKILLS}:{name}" for name in rows()[0] if name not in own}
    return mm.read_scim(path, columns=columns)


def from_joined(folder: Path) -> mm.Cohort:
    frame = pd.DataFrame(rows())
    skills = ["teaches", "knows", "wants", "declines"]
    frame.drop(columns=skills).to_csv(folder / "people.csv", index=False)
    frame[["id", *skills]].sample(frac=1, random_state=0).to_csv(folder / "s.csv", index=False)
    return mm.read_joined([folder / "people.csv", folder / "s.csv"])


SOURCES = [
    from_csv,
    from_json,
    from_pandas,
    from_polars,
    from_pyarrow,
    from_excel,
    from_scim,
    from_joined,
]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mm.ProfileWarning)
        yield


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_every_source_gives_the_same_cohort_and_matching(
    source: Callable[[Path], mm.Cohort], tmp_path: Path
) -> None:
    people, expected = source(tmp_path), from_csv(tmp_path)
    core = set(mm.Participant.model_fields)
    for one, other in zip(people, expected, strict=True):
        assert one.model_dump(include=core) == other.model_dump(include=core)
    program = mm.Program.model_validate_json((EXAMPLES / "program.json").read_bytes())
    matching = mm.match(people, program)
    assert matching.to_records() == mm.match(expected, program).to_records()
    if source is not from_scim:  # whose users have attributes of their own
        assert people.digest("secret") == expected.digest("secret")


@pytest.mark.parametrize(
    ("source", "kind"),
    [(from_pandas, pd.DataFrame), (from_polars, pl.DataFrame), (from_pyarrow, pa.Table)],
)
def test_a_matching_goes_back_as_the_kind_of_frame_that_came(
    source: Callable[[Path], mm.Cohort], kind: type, tmp_path: Path
) -> None:
    people = source(tmp_path)
    program = mm.Program.model_validate_json((EXAMPLES / "program.json").read_bytes())
    matching = mm.match(people, program)
    frame = matching.to_frame()
    assert isinstance(frame, kind)
    given: Any = frame
    records = pl.from_pandas(given) if kind is pd.DataFrame else pl.DataFrame(given)
    assert records.to_dicts() == matching.to_records()
    again = mm.Matching.from_json(matching.to_json())
    with pytest.raises(ValueError, match="give 'pandas', 'polars' or 'pyarrow'"):
        again.to_frame()
    assert len(again.to_frame("pandas")) == len(matching.pairs)
    assert isinstance(again.attach(people, program).to_frame(), kind)


def test_no_pairs_are_an_empty_frame() -> None:
    program = mm.Program.model_validate_json((EXAMPLES / "program.json").read_bytes())
    people = mm.read_records(
        [
            {"id": "ana", "rank": 6, "department": "IT", "utc_offset": 0},
            {"id": "bo", "rank": 1, "department": "HR", "utc_offset": 0, "manager_id": "ana"},
        ]
    )
    matching = mm.match(people, program)
    assert matching.to_frame("polars").schema["a_teaches"] == pl.List(pl.String)
    assert matching.to_frame("pyarrow").num_rows == 0
