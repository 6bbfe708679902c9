"""The account that ``python -m hr_system`` prints."""

from pathlib import Path

import pytest

from hr_system.__main__ import main


def test_the_demo_runs_a_year_and_tells_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "demo.sqlite"
    assert main(["--database", str(path), "--people", "120"]) == 0
    told = capsys.readouterr().out
    # Two rounds and two repairs of the first, in both schemes.
    assert told.count("proven optimal), verified from the database") == 8
    assert told.count("hear of a change") == 4
    assert "drawn at random" in told
    assert told.count("answers came") == 2
    assert "Reverse mentoring: not run; 1 fault in the profiles" in told
    assert "allowed: a proficiency from 1 to 5, or none" in told
    assert "0 pairs of round 1 came again" in told
    assert "A letter: Your partner is " in told


def test_the_demo_writes_over_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "demo.sqlite"
    path.write_text("mine")
    with pytest.raises(SystemExit):
        main(["--database", str(path)])
    assert "is there already" in capsys.readouterr().err
    assert path.read_text() == "mine"
