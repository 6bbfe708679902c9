"""What the commands print for participants, with and without a decline, whatever the format."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import call, run

PEOPLE = """\
id,rank,teaches,wants,declines
ana,6,leading; chess,sql,{declines}
bea,5,leading; sewing,sql; chess,
cy,1,sql; sewing,leading,
di,2,sql,leading; chess,
ed,1,sql:2,leading; drawing,
"""
SIDES = {"by": "rank", "at_least": 5}
FORMATS: dict[str, dict[str, Any]] = {
    "two sides": {"format": {"kind": "pairs", "sides": SIDES}},
    "several partners": {"format": {"kind": "pairs", "sides": SIDES, "capacity": [2, 1]}},
    "floor": {"format": {"kind": "pairs", "sides": SIDES}, "objective": "floor_then_score"},
    "one pool": {"format": {"kind": "pairs"}},
    "buddies": {"format": {"kind": "buddies", "allow_trio": True}},
    "rings": {"format": {"kind": "rings"}},
    "bounded rings": {"format": {"kind": "rings", "longest": 3}},
}


def printed(folder: Path, declines: str) -> list[str]:
    """All that participants are shown of a run, and what its check says."""
    (folder / "people.csv").write_text(PEOPLE.format(declines=declines))
    outputs = [run("--record", "run.json")]
    outputs.append(call("verify", "run.json", "people.csv"))
    for option in ((), ("--json",)):
        outputs += [
            call("explain", "run.json", "people.csv", one, *option) for one in ("bea", "ed")
        ]
        outputs += [
            call("why-not", "run.json", "people.csv", *pair, *option)
            for pair in (("bea", "ed"), ("ana", "ed"), ("cy", "ed"))
        ]
    return [f"{one.exit_code}\n{one.stdout}\n{one.stderr}" for one in outputs]


@pytest.mark.parametrize("name", FORMATS)
def test_a_decline_changes_nothing_that_is_printed_for_participants(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "program.json").write_text(json.dumps({"schema": 1, **FORMATS[name]}))
    free = printed(tmp_path, "")
    files = (tmp_path / "pairs.csv").read_bytes()
    assert free[0].startswith("0\n")
    assert printed(tmp_path, "ed") == free
    assert (tmp_path / "pairs.csv").read_bytes() == files
