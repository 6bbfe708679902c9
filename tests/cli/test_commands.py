import shlex
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from shutil import copy

import pytest
from typer.testing import CliRunner

from mentormatch.cli import app, main
from mentormatch.cli.commands import EXAMPLES
from tests.cli.running import PEOPLE

EXAMPLE_FILES = Path(__file__).resolve().parents[2] / "examples"


def test_nothing_at_all_is_a_request_for_help() -> None:
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 2
    assert "prove that no pairing is better" in result.output


def test_every_command_teaches_by_an_example_that_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in EXAMPLE_FILES.glob("p*.*"):
        copy(file, tmp_path)
    runner = CliRunner()
    commands = [command.name for command in app.registered_commands]
    assert commands == list(EXAMPLES)
    for command in commands:
        shown = runner.invoke(app, [str(command), "--help"], env={"COLUMNS": "400"}).stdout
        example = next(line for line in shown.splitlines() if "Example: " in line)
        words = shlex.split(example.partition("Example: mentormatch ")[2])
        result = runner.invoke(app, words)
        assert result.exit_code == 0, (command, result.output)


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
