import json
import re
import stat
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

import mentormatch as mm
from mentormatch.assign.limits import Limits
from mentormatch.cli import app
from tests.cli.running import PEOPLE, PROGRAM, names, run, write_program


def test_a_match_is_written_and_told(folder: Path) -> None:
    result = run()
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout == (
        "up   down               score  up teaches  down teaches\n"
        "Ana  Bo [bold]B[/bold]   1.00  leading     sql\n"
        "\n"
        "1 pair, 1 unmatched, 1 take no part; total 1.0000, proven optimal\n"
        "unmatched with nobody to learn what they teach: 1\n"
        "\n"
        "pairs in pairs.csv, people without a partner in pairs.unmatched.csv\n"
    )
    assert names(folder) == ["pairs.csv", "pairs.unmatched.csv"]
    assert (folder / "pairs.csv").read_text().splitlines()[1].startswith("ana,Ana,bo,")
    assert (folder / "pairs.unmatched.csv").read_text().splitlines()[1:] == [
        "cy,Cy,down,nobody to learn what they teach",
        "di,Di,,rank is blank",
    ]


SEVERAL = """\
id,rank,teaches,wants,capacity,at_least
ana,6,leading,sql,3,
bo,6,leading,sql,,1
cy,1,sql,leading,,
di,2,sql,leading,,
ed,2,sql,leading,,
flo,2,sql,leading,,
"""


def test_a_mentor_of_three_is_written_and_told(folder: Path) -> None:
    (folder / "people.csv").write_text(SEVERAL)
    result = run("--record", "run.json")
    assert result.exit_code == 0, result.output
    assert "4 pairs of 6 people, 0 unmatched, 0 take no part; total 4.0000" in result.stdout
    lines = (folder / "pairs.csv").read_text().splitlines()[1:]
    assert [line.split(",")[0] for line in lines].count("ana") == 3
    assert mm.Matching.from_json((folder / "run.json").read_bytes()).status is mm.Status.OPTIMAL


def test_mentees_of_different_departments_are_written_and_told(folder: Path) -> None:
    first, *rows = SEVERAL.splitlines()
    ends = ("", "", "IT", "IT", "HR", "HR")
    departments = (f"{row},{end}" for row, end in zip(rows, ends, strict=True))
    (folder / "people.csv").write_text("\n".join((f"{first},department", *departments)))
    rule = {"kind": "spread", "attribute": "department", "side": "a"}
    write_program(folder, rules=[rule])
    result = run("--record", "run.json")
    assert result.exit_code == 0, result.output
    assert "3 pairs of 5 people, 1 unmatched, 0 take no part; total 3.0000" in result.stdout
    lines = (folder / "pairs.csv").read_text().splitlines()[1:]
    assert [line.split(",")[0] for line in lines].count("ana") == 2
    assert mm.Matching.from_json((folder / "run.json").read_bytes()).status is mm.Status.OPTIMAL
    write_program(folder, rules=[rule | {"side": "b"}])
    assert run().exit_code == 3
    write_program(folder, rules=[rule | {"side": "c"}])
    result = run()
    assert result.exit_code == 3
    assert "rules.0.spread.side" in result.stderr


def test_too_few_places_stop_with_their_own_code(folder: Path) -> None:
    (folder / "people.csv").write_text(SEVERAL.replace("bo,6,leading,sql,,1", "bo,6,x,y,,"))
    write_program(folder, format={**PROGRAM["format"], "capacity": [3, 1], "at_least": [0, 1]})
    result = run()
    assert result.exit_code == 4
    assert "as 'down', cy, di, ed, flo must have 4 partners in all and can have 3" in result.stderr
    assert names(folder) == []


@pytest.mark.parametrize(
    ("format_", "header", "row"),
    [
        ({"kind": "pairs"}, "person,person name,partner,partner name", "ana,ana,bo,bo"),
        ({"kind": "buddies"}, "person,person name,buddy,buddy name", "ana,ana,cy,cy"),
    ],
)
def test_one_pool_and_buddies_are_written(
    folder: Path, format_: dict[str, Any], header: str, row: str
) -> None:
    (folder / "people.csv").write_text(
        "id,teaches,wants\nana,sql,go; chess\nbo,go,sql\ncy,R,chess; go\n"
    )
    (folder / "program.json").write_text(json.dumps({"format": format_}))
    result = run()
    assert result.exit_code == 0, result.stderr
    lines = (folder / "pairs.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith(header)
    assert lines[1].startswith(row)


@pytest.mark.parametrize(
    ("longest", "rings"),
    [(None, ["1,1,ana,", "1,2,bo,", "1,3,cy,"]), (3, ["1,1,ana,", "1,2,bo,", "1,3,cy,"]), (2, [])],
)
def test_rings_are_written_in_order(folder: Path, longest: int | None, rings: list[str]) -> None:
    (folder / "people.csv").write_text(
        "id,teaches,wants\nana,sql,go\nbo,R,sql\ncy,go,R\ndi,chess,go\n"
    )
    write_program(folder, format={"kind": "rings", "longest": longest})
    result = run("--record", "run.json")
    assert result.exit_code == 0, result.stderr
    assert f"{len(rings) // 3} ring{'s' * (not rings)} of {len(rings)} people" in result.stdout
    lines = (folder / "pairs.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("ring,position,teacher,teacher name,learner,")
    assert [line[: len(ring)] for line, ring in zip(lines[1:], rings, strict=True)] == rings
    assert "di,di,,nobody to learn what they teach" in (folder / "pairs.unmatched.csv").read_text(
        encoding="utf-8-sig"
    )
    program = mm.Program.model_validate_json((folder / "program.json").read_text())
    cohort = mm.read_csv(folder / "people.csv")
    read = mm.Matching.from_json((folder / "run.json").read_text())
    assert len(read.attach(cohort, program).pairs) == len(rings)


@pytest.mark.parametrize(
    ("out", "unmatched"),
    [("x.tar.csv", "x.tar.unmatched.csv"), ("x", "x.unmatched"), (".x", ".x.unmatched")],
)
def test_the_file_of_unmatched_people_goes_beside(folder: Path, out: str, unmatched: str) -> None:
    assert run(out=out).exit_code == 0
    assert names(folder) == sorted([out, unmatched])


def test_the_record_can_be_attached(folder: Path) -> None:
    result = run("--record", "run.json", "--seed", "7")
    assert result.exit_code == 0
    program = mm.Program.model_validate_json((folder / "program.json").read_text())
    read = mm.Matching.from_json((folder / "run.json").read_text())
    assert read.seed == 7
    assert read.attach(mm.read_csv("people.csv"), program).pairs[0].a == "ana"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--program", "nowhere.json"], "nowhere.json"),
        (["--organisation", "nowhere.csv"], "nowhere.csv"),
        (["--columns", "id"], "'id' is not FIELD=HEADING"),
        (["--columns", "=x"], "'=x' is not FIELD=HEADING"),
        (["--columns", "id= "], "'id= ' is not FIELD=HEADING"),
        (["--columns", "id=a", "--columns", "id=b"], "'id' is given twice"),
        (["--seed", "x"], "--seed"),
        (["--out", "."], "--out"),
        (["--out", "people.csv"], "people.csv would be written over PEOPLE"),
        (["--record", "program.json"], "program.json would be written over --program"),
        (["--record", "./pairs.csv"], "pairs.csv would be written over --out"),
        (["--record", "pairs.unmatched.csv"], "would be written over the unmatched people"),
        (["--colour"], "--colour"),
    ],
)
def test_bad_usage_is_2_and_writes_nothing(folder: Path, arguments: list[str], says: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""
    assert names(folder) == []
    assert (folder / "people.csv").read_text() == PEOPLE


def test_people_who_are_nowhere_are_bad_usage(folder: Path) -> None:
    assert run(people="nowhere.csv").exit_code == 2
    assert names(folder) == []


def test_help_tells_the_exit_codes() -> None:
    result = CliRunner().invoke(app, ["match", "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    for words in ("0 matched", "2 bad usage", "3 bad people", "4 the program", "5 the answer"):
        assert words in result.stdout


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("people.csv", "", "1 fault in the profiles:\n"),
        ("people.csv", "id,rank\nana,boss\nana,6\n", "faults in the profiles:\n"),
        ("program.json", "{", "program.json: the text: Invalid JSON: EOF"),
        ("program.json", "[]", "program.json: the text: Input should be an object\n"),
        ("program.json", '{"x": 1}', "program.json: x: Extra inputs are not permitted\n"),
        ("program.json", '{"rules": [{"kind": "diferent"}]}', "did you mean 'different'"),
        (
            "program.json",
            '{"format": {"kind": "pairs"}, "score": {"kind": "one_way"}}',
            "in one pool",
        ),
        ("program.json", '{"format": {"kind": "pairs", "sides": {"by": "x", "a": ["y"]}}}', "'x'"),
    ],
)
def test_bad_people_and_bad_programs_are_3(folder: Path, file: str, text: str, says: str) -> None:
    (folder / file).write_text(text)
    result = run()
    assert result.exit_code == 3
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert names(folder) == []


def test_people_in_broken_json_are_3(folder: Path) -> None:
    (folder / "people.json").write_text("[{]")
    result = run(people="people.json")
    assert result.exit_code == 3
    assert "JSON" in result.stderr


def test_requirements_that_contradict_each_other_are_4(folder: Path) -> None:
    write_program(folder, rules=[{"kind": "require", "pairs": [["bo", "cy"]]}])
    result = run()
    assert result.exit_code == 4
    assert result.stderr.startswith("required pair 'bo' and 'cy' cannot be made")
    assert names(folder) == []


def test_an_answer_that_fails_its_verification_is_5_and_not_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = mm.Verification(False, False, True, 1.0, 0.5, 0.5, ("one is wrong", "two as well"))
    monkeypatch.setattr(mm.Certificate, "verify", lambda *_: refusal)
    result = run()
    assert result.exit_code == 5
    assert result.stderr == (
        "the answer failed its verification; nothing was written:\none is wrong\ntwo as well\n"
    )
    assert names(folder) == []


def test_an_answer_before_its_time_is_written_with_its_gap(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mentormatch.solving.two_sides.MOST_HELD", -1)
    monkeypatch.setattr(Limits, "are_over", True)
    result = run("--gap", "0.5", "--time-limit", "60")
    assert result.exit_code == 0
    assert "at most 3 more pairs possible" in result.stdout
    assert names(folder) == ["pairs.csv", "pairs.unmatched.csv"]


@pytest.mark.parametrize("option", [("--gap", "1"), ("--gap", "-0.1"), ("--time-limit", "0")])
def test_limits_out_of_range_are_bad_usage(folder: Path, option: tuple[str, str]) -> None:
    result = run(*option)
    assert result.exit_code == 2
    assert option[0] in result.stderr
    assert names(folder) == []


def test_a_file_that_cannot_be_written_is_1_and_leaves_the_others_alone(folder: Path) -> None:
    (folder / "pairs.csv").write_text("old")
    result = run("--record", "nowhere/run.json")
    assert result.exit_code == 1
    assert result.stderr == "cannot write nowhere/run.json: No such file or directory\n"
    assert (folder / "pairs.csv").read_text() == "old"
    assert names(folder) == ["pairs.csv"]


def test_long_errors_are_not_wrapped(folder: Path) -> None:
    person = "x" * 300
    write_program(folder, rules=[{"kind": "forbid", "pairs": [["ana", person]]}])
    result = CliRunner().invoke(
        app,
        ["match", "people.csv", "--program", "program.json", "--out", "p.csv"],
        env={"COLUMNS": "40"},
    )
    assert result.exit_code == 3
    assert f"nobody has the id '{person}'" in result.stderr


def test_nothing_that_people_wrote_is_obeyed(folder: Path) -> None:
    (folder / "people.csv").write_text(
        PEOPLE.replace("ana,Ana", "\x1b[31m[red]ana,\x1b[31m[red]Ana").replace(",6,", ",six,")
    )
    result = run()
    assert result.exit_code == 3
    assert "[31m[red]ana" in result.stderr
    assert "\x1b" not in result.output


def test_permissions_of_an_old_file_are_kept(folder: Path) -> None:
    (folder / "pairs.csv").write_text("old")
    (folder / "pairs.csv").chmod(0o640)
    assert run().exit_code == 0
    assert stat.S_IMODE((folder / "pairs.csv").stat().st_mode) == 0o640
    assert re.match("\ufeffup,up name,down,", (folder / "pairs.csv").read_text(encoding="utf-8"))


@pytest.mark.parametrize("is_there", [True, False])
def test_whoever_sits_at_a_terminal_sees_how_far_it_has_come(
    folder: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    asked = []
    match = mm.match

    def spied(*arguments: Any, **options: Any) -> mm.Matching:
        asked.append(options["progress"])
        return match(*arguments, **options)

    monkeypatch.setattr(mm, "match", spied)
    terminal = SimpleNamespace(isatty=lambda: is_there)
    monkeypatch.setattr("mentormatch.cli.match.sys", SimpleNamespace(stderr=terminal))
    assert run().exit_code == 0
    assert asked == [is_there]


def test_a_page_is_written_with_the_other_files(folder: Path) -> None:
    result = run("--report", "page.html")
    assert result.exit_code == 0, result.output
    assert result.stdout.endswith(
        "pairs in pairs.csv, people without a partner in pairs.unmatched.csv, a page of both in "
        "page.html\n"
    )
    assert names(folder) == ["page.html", "pairs.csv", "pairs.unmatched.csv"]
    told = (folder / "page.html").read_text(encoding="utf-8")
    assert told.startswith("<!DOCTYPE html>\n")
    assert "<bdi>Bo [bold]B[/bold]</bdi>" in told


def test_a_page_that_cannot_be_written_leaves_the_other_files_alone(folder: Path) -> None:
    (folder / "pairs.csv").write_text("old")
    assert run("--report", "nowhere/page.html").exit_code == 1
    assert (folder / "pairs.csv").read_text() == "old"
    assert names(folder) == ["pairs.csv"]


@pytest.mark.parametrize("report", ["people.csv", "pairs.csv", "pairs.unmatched.csv"])
def test_a_page_is_not_written_over_another_file(folder: Path, report: str) -> None:
    result = run("--report", report)
    assert result.exit_code == 2
    assert "would be written over" in result.stderr
    assert names(folder) == []


def test_a_page_without_its_extra_stops_before_anybody_is_matched(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.setattr(mm, "match", lambda *_, **__: pytest.fail("it was matched"))
    result = run("--report", "page.html")
    assert result.exit_code == 3
    assert result.stderr == "pages need jinja2: pip install 'mentormatch-engine[report]'\n"
    assert names(folder) == []


def test_the_help_teaches_the_exit_codes() -> None:
    shown = CliRunner().invoke(app, ["match", "--help"]).stdout
    assert "Exit codes: 0 matched" in shown
    assert "\\b" not in shown


def test_outputs_are_not_written_over_any_input(folder: Path) -> None:
    (folder / "skills.csv").write_text("id\nana\n")
    result = run("--join", "skills.csv", out="skills.csv")
    assert result.exit_code == 2
    assert "skills.csv would be written over --join" in result.stderr
