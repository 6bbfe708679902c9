import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.assign.limits import Limits
from tests.cli.running import call
from tests.cli.runs import FILES, write_run
from tests.matching.examples import PROGRAM, matching, people
from tests.matching.test_record import CLAIMS, RECORD, changed


@pytest.fixture(autouse=True)
def run_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_run(tmp_path)


def verify(*arguments: str) -> Any:
    return call("verify", *FILES, *arguments)


def remove_cy(folder: Path) -> None:
    lines = (folder / "people.csv").read_text().splitlines()
    (folder / "people.csv").write_text("\n".join(line for line in lines if line[:3] != "cy,"))


def test_an_honest_record_is_found_ok() -> None:
    result = verify()
    assert (result.exit_code, result.stderr) == (0, "")
    found = matching()
    assert result.stdout.splitlines() == [
        "people     7, with the profiles that the run was made from",
        "program    as in the record, at its word; rules: different department",
        f"pairs      2, all allowed and scored as recorded, total {found.total:.4f}",
        "others     1 without a partner, 2 who take no part, with their reasons",
        "lots       what the seed 0 draws from among equally good pairs",
        "proof      no matching that the program allows is better",
        "ok",
    ]


def test_json_says_the_same() -> None:
    told = json.loads(verify("--json").stdout)
    assert told == {
        "ok": True,
        "faults": [],
        "found": {
            "status": "optimal",
            "pairs": 2,
            "unmatched": 1,
            "taking_no_part": 2,
            "total": matching().total,
            "gap": 0.0,
        },
    }


def test_nobody_is_matched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def solve(*_: object, **__: object) -> None:
        raise AssertionError("solved")

    monkeypatch.setattr("mentormatch.matching.match.solve", solve)
    assert verify().exit_code == 0


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("pairs", 0, "score"), 0.5, "are scored 0.5; their profiles give"),
        (("pairs", 0, "b"), "ed", "are not an allowed pair"),
        (("pairs", 0, "a_name"), "Anna", "its pairs are not what these people give"),
        (("pairs",), RECORD["pairs"][:1], "leave a gap"),
        (("unmatched",), [], "its unmatched"),
        (("taking_no_part",), [], "its taking_no_part"),
        (("removed", 0, 1), 7, "its removed"),
        (("seed",), 1, "its seed was changed"),
        (("people", "count"), 6, "these are not the people"),
        (("status",), "feasible", "its status"),
        (("certificate", "prices", 0, "ana"), 9.0, "leave a gap"),
        (("certificate", "prices", 0, "ana"), 0.0, "worth more than their prices"),
        (("certificate", "count_prices", 0, "ana"), 0.0, "worth more than their count prices"),
        (("certificate", "prices", 1, "zoe"), 0.0, "zoe has a price but takes no part"),
    ],
)
def test_what_was_changed_is_found(path: Any, value: Any, says: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(changed(RECORD, path, value))
    result = verify()
    assert (result.exit_code, result.stdout) == (5, "")
    assert result.stderr.startswith("run.json does not hold:\n  ")
    assert says in result.stderr
    told = verify("--json")
    assert (told.exit_code, told.stderr) == (5, "")
    found = json.loads(told.stdout)
    assert (found["ok"], found["found"]) == (False, None)
    assert any(says in fault for fault in found["faults"])


def test_swapped_partners_are_found(tmp_path: Path) -> None:
    forged = json.loads(json.dumps(RECORD))
    first, second = forged["pairs"]
    for key in ("b", "b_name"):
        first[key], second[key] = second[key], first[key]
    (tmp_path / "run.json").write_text(json.dumps(forged))
    assert verify().exit_code == 5


def test_every_violation_has_a_line_of_its_own(tmp_path: Path) -> None:
    forged = json.loads(json.dumps(RECORD))
    for pair in forged["pairs"]:
        pair["score"] = 0.25
    (tmp_path / "run.json").write_text(json.dumps(forged))
    lines = verify().stderr.splitlines()
    assert lines[1] == "  the record's proof does not hold"
    assert sum("are scored 0.25; their profiles give" in line for line in lines) == 2


def test_a_removed_person_is_found(tmp_path: Path) -> None:
    remove_cy(tmp_path)
    result = verify()
    assert result.exit_code == 5
    assert "these are not the people of the record" in result.stderr
    assert "cy has a price but takes no part" in result.stderr


def test_people_whom_the_program_does_not_fit_are_found(tmp_path: Path) -> None:
    program = mm.Program(format=PROGRAM.format, rules=[mm.Require([("ana", "cy")])])
    (tmp_path / "run.json").write_text(mm.match(people(), program).to_json())
    assert verify().exit_code == 0
    remove_cy(tmp_path)
    result = verify()
    assert result.exit_code == 5
    assert "these are not the people of the record" in result.stderr
    assert "nobody has the id 'cy'" in result.stderr


def test_a_run_is_held_to_the_program_that_was_agreed_on(tmp_path: Path) -> None:
    assert "the one in program.json" in verify("--program", "program.json").stdout
    other = PROGRAM.model_copy(update={"rules": (mm.Different("department", missing="forbid"),)})
    (tmp_path / "program.json").write_text(other.model_dump_json())
    result = verify("--program", "program.json")
    assert result.exit_code == 5
    assert "this is not the program of the record" in result.stderr


def test_a_function_is_not_needed_where_the_program_is_given(tmp_path: Path) -> None:
    rule = mm.Where("even", lambda cohort, a, b: (a + b) % 2 == 0)
    program = mm.Program(format=PROGRAM.format, rules=[rule])
    (tmp_path / "run.json").write_text(mm.match(people(), program).to_json())
    result = verify("--program", "program.json")
    assert result.exit_code == 5
    assert "this is not the program of the record" in result.stderr


def test_an_answer_before_its_time_is_held_to_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mentormatch.solving.two_sides.MOST_HELD", -1)
    monkeypatch.setattr(Limits, "are_over", True)
    found = mm.match(people(), PROGRAM, gap=0.5)
    assert found.status is mm.Status.FEASIBLE
    (tmp_path / "run.json").write_text(found.to_json())
    result = verify()
    assert result.exit_code == 0, result.output
    assert "lots" not in result.stdout
    assert f"none that is better by more than {found.gap:.3g} in total" in result.stdout
    document = json.loads(found.to_json())
    document["unmatched"] = document["unmatched"][:-1]
    (tmp_path / "run.json").write_text(json.dumps(document))
    result = verify()
    assert result.exit_code == 5
    assert "gap" not in result.stderr


# A program that the record itself holds is taken at its word, unless one is given.
@given(st.sampled_from(CLAIMS), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_single_change_of_a_record_goes_unnoticed(
    claim: tuple[Any, Any], data: st.DataObject
) -> None:
    path, value = claim
    others = (
        st.sampled_from(["", "ana", "ed", "optimal", "feasible", "zoe", "too_dear"])
        | st.integers(-3, 9)
        | st.floats()
        | st.none()
    )
    other = data.draw(others.filter(lambda other: other != value), label=str(path))
    Path("forged.json").write_text(changed(RECORD, path, other))
    result = call("verify", "forged.json", "people.csv", "--program", "program.json")
    assert result.exit_code in {3, 5}
    assert isinstance(result.exception, SystemExit)
