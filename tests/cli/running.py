"""The commands as a shell calls them, in the current folder, and people and a program to match."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from mentormatch.cli import app

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


def write_program(folder: Path, **changes: Any) -> None:
    (folder / "program.json").write_text(json.dumps(PROGRAM | changes))


INPUTS = {"people.csv", "people.json", "program.json", "staff.csv"}


def run(*arguments: str, people: str = "people.csv", out: str = "pairs.csv") -> Result:
    """`mentormatch match` as a shell calls it, in the current folder."""
    options = [people, "--program", "program.json", "--out", out, *arguments]
    return call("match", *options)


def check(*arguments: str) -> Result:
    return call("check", *arguments)


def call(*arguments: str) -> Result:
    """Any command as a shell calls it, in the current folder."""
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "400", "NO_COLOR": "1"})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name not in INPUTS)
