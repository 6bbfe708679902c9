import json
import re
import stat
import subprocess
import sys
import warnings
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import mentormatch as mm
from mentormatch.assign.limits import Limits
from mentormatch.cli import app, main

PEOPLE = """\
id,name,rank,teaches,wants
ana,Ana,6,leading,sql
bo,Bo [bold]B[/bold],1,sql,leading
cy,Cy,2,sewing,leading
di,Di,,sql,leading
"""
PROGRAM: dict[str, Any] = {
    "schema": 1,
    "format": {"kind": "pairs", "sides": {"by": "rank", "at_least": 5, "names": ["up", "down"]}},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with people and a program that match."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text(PEOPLE)
    write_program(tmp_path)
    return tmp_path


def write_program(folder: Path, **changes: Any) -> None:
    (folder / "program.json").write_text(json.dumps(PROGRAM | changes))


def run(*arguments: str, people: str = "people.csv", out: str = "pairs.csv") -> Result:
    """`mentormatch match` as a shell calls it, in the current folder."""
    options = [people, "--program", "program.json", "--out", out, *arguments]
    return CliRunner().invoke(app, ["match", *options], env={"COLUMNS": "400", "NO_COLOR": "1"})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name not in INPUTS)


INPUTS = {"people.csv", "people.json", "program.json", "staff.csv"}


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


def test_too_few_places_stop_with_their_own_code(folder: Path) -> None:
    (folder / "people.csv").write_text(SEVERAL.replace("bo,6,leading,sql,,1", "bo,6,x,y,,"))
    write_program(folder, format={**PROGRAM["format"], "capacity": [3, 1], "at_least": [0, 1]})
    result = run()
    assert result.exit_code == 4
    assert "as 'down', cy, di, ed, flo must have 4 partners in all and can have 3" in result.stderr
    assert names(folder) == []


@pytest.mark.parametrize(
    ("out", "unmatched"),
    [("x.tar.csv", "x.tar.unmatched.csv"), ("x", "x.unmatched"), (".x", ".x.unmatched")],
)
def test_the_file_of_unmatched_people_goes_beside(folder: Path, out: str, unmatched: str) -> None:
    assert run(out=out).exit_code == 0
    assert names(folder) == sorted([out, unmatched])


def test_people_may_be_json(folder: Path) -> None:
    cohort = [
        {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ]
    (folder / "people.json").write_text(json.dumps(cohort))
    result = run(people="people.json")
    assert result.exit_code == 0, result.stderr
    assert "1 pair, 0 unmatched" in result.stdout


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


def test_the_record_can_be_attached(folder: Path) -> None:
    result = run("--record", "run.json", "--seed", "7")
    assert result.exit_code == 0
    program = mm.Program.model_validate_json((folder / "program.json").read_text())
    read = mm.Matching.from_json((folder / "run.json").read_text())
    assert read.seed == 7
    assert read.attach(mm.read_csv("people.csv"), program).pairs[0].a == "ana"


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


def test_nothing_at_all_is_a_request_for_help() -> None:
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 2
    assert "prove that no pairing is better" in result.output


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


def test_a_terminal_that_lacks_letters_does_not_end_the_run(folder: Path) -> None:
    (folder / "people.csv").write_text(PEOPLE.replace("Ana", "Łucja"), encoding="utf-8")
    command = [sys.executable, "-c", "from mentormatch.cli import main; main()", "match"]
    done = subprocess.run(
        [*command, "people.csv", "--program", "program.json", "--out", "pairs.csv"],
        capture_output=True,
        env={"PYTHONIOENCODING": "latin-1", "PATH": ""},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"?ucja" in done.stdout
    assert "Łucja" in (folder / "pairs.csv").read_text(encoding="utf-8")


def test_main_writes_to_whatever_stands_for_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["mentormatch", "--help"])
    for stream in (StringIO(), TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True)):
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(SystemExit) as left:
            main()
        assert left.value.code == 0
        stream.seek(0)
        assert "match" in stream.read()


def test_without_the_extra_its_name_is_told() -> None:
    script = """
import sys

class Blocked:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in {"typer", "click", "rich"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocked())
import mentormatch
import mentormatch.cli
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == (
        "mentormatch's command line needs typer: pip install 'mentormatch-engine[cli]'\n"
    )


def test_permissions_of_an_old_file_are_kept(folder: Path) -> None:
    (folder / "pairs.csv").write_text("old")
    (folder / "pairs.csv").chmod(0o640)
    assert run().exit_code == 0
    assert stat.S_IMODE((folder / "pairs.csv").stat().st_mode) == 0o640
    assert re.match("\ufeffup,up name,down,", (folder / "pairs.csv").read_text(encoding="utf-8"))


def test_another_encoding_is_said_and_read(folder: Path) -> None:
    text = "id,name,rank,teaches,wants\nana,José,6,leading,sql\nbo,Zoë,1,sql,leading\n"
    (folder / "people.csv").write_text(text, encoding="cp1252")
    assert "cp1252" in run().stderr
    result = run("--encoding", "cp1252")
    assert result.exit_code == 0
    assert "José" in result.stdout


def test_the_help_teaches_the_exit_codes() -> None:
    shown = CliRunner().invoke(app, ["match", "--help"]).stdout
    assert "Exit codes: 0 matched" in shown
    assert "\\b" not in shown


def check(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["check", *arguments], env={"COLUMNS": "400", "NO_COLOR": "1"})


def test_check_says_how_the_people_were_read(folder: Path) -> None:
    result = check("people.csv", "--program", "program.json")
    assert result.exit_code == 0
    assert result.stdout.startswith("4 people, 3 skills")
    assert result.stdout.endswith("program      1 allowed pairs with something to exchange\n")
    assert names(folder) == []


def test_check_lists_every_fault_and_nothing_that_a_terminal_obeys(folder: Path) -> None:
    rows = "".join(f"p{number}\x1b[31m,boss\n" for number in range(30))
    (folder / "staff.csv").write_text(f"id,rank\n{rows}")
    result = check("staff.csv")
    assert result.exit_code == 3
    assert result.stdout.startswith("30 faults in the profiles:\n  row 2: p0 [31m: rank is 'boss'")
    assert len(result.stdout.splitlines()) == 31
    assert "\x1b" not in result.stdout


def test_check_tells_what_a_program_lacks(folder: Path) -> None:
    write_program(folder, rules=[{"kind": "different", "attribute": "team"}])
    result = check("people.csv", "--program", "program.json")
    assert result.exit_code == 3
    assert "team" in result.stderr


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


def test_a_broken_reading_is_refused_by_its_name(folder: Path) -> None:
    (folder / "reading.json").write_text('{"colums": {}}')
    result = check("people.csv", "--reading", "reading.json")
    assert result.exit_code == 3
    assert result.stderr.startswith("reading.json: colums: Extra inputs")
    (folder / "reading.json").write_text("[" * 100_000)
    assert check("people.csv", "--reading", "reading.json").exit_code == 3
    (folder / "reading.json").write_text('{"list_separator": "a"}')
    result = check("people.csv", "--reading", "reading.json")
    assert (result.exit_code, "list_separator is 'a'" in result.stderr) == (3, True)


def test_outputs_are_not_written_over_any_input(folder: Path) -> None:
    (folder / "skills.csv").write_text("id\nana\n")
    result = run("--join", "skills.csv", out="skills.csv")
    assert result.exit_code == 2
    assert "skills.csv would be written over --join" in result.stderr


def test_init_writes_a_program_that_runs_as_its_guide_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = CliRunner().invoke(app, ["init", str(tmp_path / "new" / "folder")])
    assert result.exit_code == 0
    monkeypatch.chdir(tmp_path / "new" / "folder")
    guide = Path("GUIDE.md").read_text()
    commands = [line.split()[1:] for line in guide.splitlines() if line.startswith("    ment")]
    assert [command[0] for command in commands] == ["check", "match"]
    for command in commands:
        ran = CliRunner().invoke(app, command)
        assert ran.exit_code == 0, ran.output
        assert ran.stderr == ""
    entries = {name for line in guide.splitlines() for name in re.findall(r"^\| (.*?) \|", line)}
    told = set(re.findall(r"`(\w+)`", " ".join(entries)))
    assert told == set(mm.Reading.model_fields) - {"schema_version"}


def test_init_leaves_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("mine")
    result = CliRunner().invoke(app, ["init", str(tmp_path)])
    assert result.exit_code == 1
    assert "already there, and left as they are" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_init_needs_a_folder_that_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(app, ["init", str(tmp_path / "file" / "below")])
    assert result.exit_code == 1
    assert "cannot make" in result.stderr
