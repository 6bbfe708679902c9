import json
import warnings
from pathlib import Path
from typing import Any

import pytest

import mentormatch as mm
from tests.cli.running import PEOPLE, PROGRAM, run, write_program


def test_people_may_be_json(folder: Path) -> None:
    cohort = [
        {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ]
    (folder / "people.json").write_text(json.dumps(cohort))
    result = run(people="people.json")
    assert result.exit_code == 0, result.stderr
    assert "1 pair, 0 unmatched" in result.stdout


def test_headings_may_be_named(folder: Path) -> None:
    (folder / "people.csv").write_text(PEOPLE.replace("id,name,rank", "No = Nr,name,Grade"))
    result = run("--columns", "id=No = Nr", "--columns", " rank = Grade ")
    assert result.exit_code == 0, result.stderr
    assert "1 pair, 1 unmatched" in result.stdout


def test_the_organisation_counts(folder: Path) -> None:
    (folder / "staff.csv").write_text("id,manager_id\nbo,cio\ncio,ana\nana,\ncy,ana\ndi,ana\n")
    (folder / "people.csv").write_text(
        "id,rank,manager_id,teaches,wants\nana,6,,leading,sql\nbo,1,cio,sql,leading\n"
    )
    write_program(folder, rules=[{"kind": "no_reporting_line"}])
    result = run("--organisation", "staff.csv")
    assert result.exit_code == 0, result.stderr
    assert "0 pairs, 2 unmatched" in result.stdout


def test_a_program_may_begin_with_a_byte_order_mark(folder: Path) -> None:
    (folder / "program.json").write_text(json.dumps(PROGRAM), encoding="utf-8-sig")
    assert run().exit_code == 0


def test_warnings_are_notes(folder: Path) -> None:
    (folder / "people.csv").write_text(
        PEOPLE.replace("bo,Bo [bold]B[/bold],1,sql", "bo,Bo,1,sql;sql")
    )
    result = run()
    assert result.exit_code == 0
    assert result.stderr.startswith("note: ")
    assert "bo" in result.stderr
    assert "\x1b" not in result.stderr


def test_other_warnings_are_notes_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def match(*arguments: Any, **options: Any) -> mm.Matching:
        warnings.warn("numbers are odd", RuntimeWarning, stacklevel=1)
        return honest(*arguments, **options)

    honest = mm.match
    monkeypatch.setattr(mm, "match", match)
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        result = run()
    assert result.exit_code == 0
    assert result.stderr == "note: numbers are odd\n"


def test_another_encoding_is_said_and_read(folder: Path) -> None:
    text = "id,name,rank,teaches,wants\nana,José,6,leading,sql\nbo,Zoë,1,sql,leading\n"
    (folder / "people.csv").write_text(text, encoding="cp1252")
    assert "cp1252" in run().stderr
    result = run("--encoding", "cp1252")
    assert result.exit_code == 0
    assert "José" in result.stdout


def test_files_are_joined_and_skills_are_known_by_other_names(folder: Path) -> None:
    (folder / "staff.csv").write_text("id,rank\nana,6\nbo,1\n")
    (folder / "skills.csv").write_text("No;teaches;wants\nana;leading;data\nbo;SQL;Lead\n")
    (folder / "synonyms.csv").write_text("skill,synonyms\nleading,lead\n")
    (folder / "taxonomy.csv").write_text("narrower,broader\nsql,data\n")
    (folder / "reading.json").write_text('{"columns": {"id": "No"}}')
    result = run(
        *("--join", "skills.csv", "--reading", "reading.json"),
        *("--synonyms", "synonyms.csv", "--taxonomy", "taxonomy.csv"),
        people="staff.csv",
    )
    assert result.exit_code == 0, result.output
    assert "SQL (for data)" in result.stdout
    assert "leading" in (folder / "pairs.csv").read_text()
