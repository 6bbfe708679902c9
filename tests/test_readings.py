"""Real exports are read by the readings in examples/, with no code."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import mentormatch as mm
from mentormatch.cli import app

READINGS = Path(__file__).resolve().parents[1] / "examples" / "readings"
NAMES = sorted(path.stem for path in READINGS.iterdir())


def read(folder: Path, name: str) -> mm.Cohort:
    reading = mm.Reading.model_validate_json((READINGS / f"{name}.json").read_bytes())
    return mm.read_csv(folder / f"{name}.csv", reading=reading)


@pytest.mark.parametrize("name", NAMES)
def test_every_export_is_read_from_the_command_line(name: str, shared_data: Path) -> None:
    arguments = [str(shared_data / f"{name}.csv"), "--reading", str(READINGS / f"{name}.json")]
    result = CliRunner().invoke(app, ["check", *arguments])
    assert result.exit_code == 0, result.output
    assert "columns      id <- " in result.stdout


def test_answers_of_developers_become_numbers(shared_data: Path) -> None:
    with pytest.warns(mm.ProfileWarning) as noted:
        people = read(shared_data, "stackoverflow_2024")
    assert any("years 'More than 50 years'" in str(one.message) for one in noted)
    years = people.numbers("years")
    assert len(people) == 590
    assert int(np.isnan(years).sum()) == 118
    assert int((years == 0.5).sum()) == 9


def test_grades_and_roles_of_civil_servants(shared_data: Path) -> None:
    mentors = read(shared_data, "civil_service_mentors")
    mentees = read(shared_data, "civil_service_mentees")
    assert (mentors.numbers("rank").min(), mentors.numbers("rank").max()) == (3.0, 11.0)
    assert (mentees.numbers("rank").min(), mentees.numbers("rank").max()) == (1.0, 9.0)
    assert mentors.lists("roles")[0].sum(axis=0).tolist() == [258, 500]
    assert mentees.lists("roles")[0].sum(axis=0).tolist() == [500, 242]


def test_a_level_of_the_organisation_becomes_a_rank(shared_data: Path) -> None:
    people = read(shared_data, "adventureworks_employees")
    assert people.participant("1").rank == 4.0
    assert people.numbers("rank").tolist().count(0.0) == 190


def test_developers_are_matched_with_no_code(shared_data: Path, tmp_path: Path) -> None:
    program = {
        "schema": 1,
        "format": {"kind": "pairs", "sides": {"by": "years", "at_least": 10}},
        "rules": [{"kind": "different", "attribute": "role", "missing": "forbid"}],
    }
    (tmp_path / "program.json").write_text(json.dumps(program))
    arguments = [
        *("match", str(shared_data / "stackoverflow_2024.csv")),
        *("--reading", str(READINGS / "stackoverflow_2024.json")),
        *("--program", str(tmp_path / "program.json"), "--out", str(tmp_path / "pairs.csv")),
    ]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "proven optimal" in result.stdout
