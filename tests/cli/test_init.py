import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import mentormatch as mm
from mentormatch.cli import app


def test_init_writes_a_program_that_runs_as_its_guide_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = CliRunner().invoke(app, ["init", str(tmp_path / "new" / "folder")])
    assert result.exit_code == 0
    monkeypatch.chdir(tmp_path / "new" / "folder")
    guide = Path("GUIDE.md").read_text()
    commands = [line.split()[1:] for line in guide.splitlines() if line.startswith("    ment")]
    assert [command[0] for command in commands] == [
        "check",
        "match",
        "explain",
        "why-not",
        "audit",
        "verify",
    ]
    for command in commands:
        ran = CliRunner().invoke(app, command)
        assert ran.exit_code == 0, ran.output
        assert ran.stderr == ""
        assert ran.stdout.strip()
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
