"""Data frames and spreadsheets: their own ways to be blank, broken or far too large."""

import datetime
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import mentormatch as mm
from mentormatch import MissingExtraError, ProfileErrors, Reading, read_excel, read_frame
from mentormatch.people.readers import excel


def test_what_frames_call_missing_is_blank() -> None:
    frame = pd.DataFrame(
        {
            "id": [1.0, 2.0, 3.0],
            "department": pd.Categorical(["IT", None, "IT"]),
            "started": [pd.Timestamp("2026-01-02"), pd.NaT, None],
            "rank": pd.array([3, None, 5], dtype="Int64"),
            "site": [None, np.nan, pd.NA],
            "pay": [Decimal("2.5"), None, np.float32(3)],
            "day": [datetime.date(2026, 1, 2), None, datetime.time(9)],
        }
    )
    people = read_frame(frame)
    assert people.ids == ("1", "2", "3")
    assert [one.department for one in people] == ["IT", None, "IT"]
    assert [one.rank for one in people] == [3.0, None, 5.0]
    assert dict(people.participant("1").attributes) == {
        "started": "2026-01-02 00:00:00",
        "pay": 2.5,
        "day": "2026-01-02",
    }
    assert dict(people.participant("3").attributes) == {"pay": 3.0, "day": "09:00:00"}


def test_skills_may_be_lists_or_structures() -> None:
    frames: list[Any] = [
        pl.DataFrame({"id": ["a"], "teaches": [["sql:4", "R"]], "wants": [{"go": 3, "c": None}]}),
        pa.table({"id": ["a"], "teaches": [["sql:4", "R"]], "wants": [{"go": 3, "c": None}]}),
        pd.DataFrame({"id": ["a"], "teaches": [np.array(["sql:4", "R"])], "wants": [{"go": 3}]}),
    ]
    for frame in frames:
        people = read_frame(frame)
        assert people.participant("a").teaches == {"sql": 0.8, "R": 1.0}
        assert people.participant("a").wants == {"go": 3.0}


def test_frames_have_the_faults_of_a_csv(tmp_path: Path) -> None:
    text = "id,rank,teaches,capacity\nana,boss,sql:9,1.5\nana,2,:4,\n,x,,-1\n"
    path = tmp_path / "people.csv"
    path.write_text(text)
    expected = found(lambda: mm.read_csv(path))
    frame = pd.read_csv(path, dtype=str)
    for one in (frame, pl.from_pandas(frame), pa.Table.from_pandas(frame)):
        assert found(lambda one=one: read_frame(one)) == [
            (fault[0] - 1, *fault[1:]) for fault in expected
        ]


def found(read: Any) -> list[Any]:
    with pytest.raises(ProfileErrors) as error:
        read()
    return [
        (one.row, one.person, one.field, one.value, one.allowed)
        for one in error.value.faults
        if "row 2 has" not in one.allowed and "row 1 has" not in one.allowed
    ]


def test_frames_that_cannot_be_read_say_why() -> None:
    twice = pd.DataFrame([[1, 2]], columns=["id", "id"])
    with pytest.raises(ProfileErrors, match="a name that only one column has"):
        read_frame(twice)
    with pytest.raises(ProfileErrors, match="one row for each person"):
        read_frame(pl.DataFrame({"id": []}))
    with pytest.raises(TypeError, match="a dict is no data frame"):
        read_frame({"id": [1]})
    with pytest.raises(TypeError, match="collect"):
        read_frame(pl.LazyFrame({"id": [1]}))


def test_an_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = book(tmp_path, [["id"], ["ana"]])
    monkeypatch.setitem(sys.modules, "narwhals.stable.v2", None)
    with pytest.raises(MissingExtraError, match=r"mentormatch-engine\[frames\]"):
        read_frame(pd.DataFrame({"id": [1]}))
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtraError, match=r"mentormatch-engine\[excel\]"):
        read_excel(path)


def book(folder: Path, rows: list[list[Any]], **more: list[list[Any]]) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for name, others in more.items():
        sheet = made.create_sheet(name)
        for row in others:
            sheet.append(row)
    path = folder / "people.xlsx"
    made.save(path)
    return path


def test_a_sheet_is_read_with_its_own_row_numbers(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        [
            [],
            ["id", "rank", "started", "on"],
            ["ana", "boss", datetime.date(2026, 1, 2), True],
            [],
            [7, "?"],
        ],
    )
    with pytest.raises(ProfileErrors) as error:
        read_excel(path)
    assert [(one.row, one.person) for one in error.value.faults] == [(3, "ana"), (5, "7")]
    people = read_excel(path, values={"rank": {"boss": 9, "?": None}})
    assert dict(people.participant("ana").attributes) == {"started": "2026-01-02", "on": True}


def test_of_several_sheets_one_is_named(tmp_path: Path) -> None:
    path = book(tmp_path, [["id"], ["ana"]], second=[["id"], ["bo"]])
    with pytest.raises(ProfileErrors, match="one of them: sheet='Sheet'"):
        read_excel(path)
    assert read_excel(path, sheet="second").ids == ("bo",)
    assert read_excel(path, reading=Reading(sheet="Sheet")).ids == ("ana",)
    with pytest.raises(ProfileErrors, match="did you mean 'second'"):
        read_excel(path, sheet="secnd")


def test_a_cell_whose_formula_failed_is_blank(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(["id", "rank"])
    made.active.append(["ana", "#N/A"])
    made.active["B2"].data_type = "e"
    made.save(tmp_path / "people.xlsx")
    assert "blank        rank 1" in read_excel(tmp_path / "people.xlsx").summary()


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileErrors, match="content is 'empty'"):
        read_excel(book(tmp_path, []))


@pytest.mark.parametrize("content", [b"", b"id,rank\nana,1\n", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(content)
    with pytest.raises(ProfileErrors, match="save it as Excel workbook"):
        read_excel(path)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("hello.txt", "hello")
    with pytest.raises(ProfileErrors, match="save it as Excel workbook"):
        read_excel(path)


def test_a_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path, [["id"], ["ana"]])
    monkeypatch.setattr(excel, "MOST_BYTES", 2_000)
    with pytest.raises(ProfileErrors, match="when unpacked"):
        read_excel(path)
    monkeypatch.undo()
    monkeypatch.setattr(excel, "MOST_CELLS", 1)
    with pytest.raises(ProfileErrors, match="number of cells is '2'"):
        read_excel(path)


def test_a_duration_is_written_out_and_the_ending_tells_a_spreadsheet(tmp_path: Path) -> None:
    path = book(tmp_path, [["id", "worked"], ["ana", datetime.timedelta(hours=30)]])
    assert dict(mm.read_file(path).participant("ana").attributes) == {"worked": "1 day, 6:00:00"}


def test_what_a_frame_holds_and_nobody_can_read_is_a_fault() -> None:
    with pytest.raises(ProfileErrors, match="tag is "):
        read_frame(pd.DataFrame({"id": [1], "tag": [b"raw"]}))
