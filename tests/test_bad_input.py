"""What happens with bad programs, scores and files, end to end, by public names only."""

import errno
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.sparse import coo_array, csr_array

import mentormatch as mm
from mentormatch.assign import solve_assignment

RECORDS: list[dict[str, Any]] = [
    {"id": "ana", "rank": 6, "team": "red", "teaches": "leading", "wants": "sql"},
    {"id": "bo", "rank": 1, "team": "blue", "teaches": "sql", "wants": "leading"},
    {"id": "cy", "rank": 2, "team": "blue", "teaches": "sql", "wants": "leading"},
]
BY_RANK: dict[str, Any] = {"by": "rank", "at_least": 5}


def program(sides: dict[str, Any] | None = BY_RANK, **fields: Any) -> dict[str, Any]:
    return {"format": {"kind": "pairs", "sides": sides}, **fields}


def run(document: dict[str, Any], records: list[dict[str, Any]] = RECORDS) -> mm.Matching:
    return mm.match(mm.read_records(records), mm.Program.model_validate(document))


# ---------------------------------------------------------------- programs


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (
            program(rules=[{"kind": "diferent", "attribute": "team"}]),
            ["rule 1", "'diferent'", "did you mean 'different'", "not_paired_before"],
        ),
        (
            program(rules=[{"kind": "different", "attribute": "taem"}]),
            ["different taem", "did you mean 'team'", "Known: "],
        ),
        (
            program(rules=[{"kind": "within", "attribute": "rnk", "at_most": 1}]),
            ["did you mean 'rank'"],
        ),
        (program({"by": "rnk", "at_least": 5}), ["sides by 'rnk'", "did you mean 'rank'"]),
        (program({"by": "team", "a": ["rad"]}), ["'rad'", "did you mean 'red'", "blue"]),
        (
            program(BY_RANK | {"at_least": 9, "names": ["boss", "other"]}),
            ["nobody is on side 'boss'", "on side 'other' 3"],
        ),
        (program({"by": "team", "a": ["red"], "b": ["red"]}), ["overlap", "'red'"]),
        (program({"by": "team", "a": ["red"], "b": ["RED "]}), ["overlap", "red"]),
        (
            program(
                rules=[
                    {"kind": "require", "pairs": [["ana", "bo"]]},
                    {"kind": "same", "attribute": "team"},
                ]
            ),
            ["required pair 'ana' and 'bo'", "breaks the rule 'same team'", "drop one"],
        ),
        (
            program(rules=[{"kind": "require", "pairs": [["ana", "boo"]]}]),
            ["nobody has the id 'boo'", "did you mean 'bo'"],
        ),
        ({"score": {"kind": "one_way"}}, ["in one pool"]),
    ],
)
def test_a_program_that_cannot_be_is_named_with_the_alternatives(
    document: dict[str, Any], says: list[str]
) -> None:
    with pytest.raises(mm.ProgramError) as error:
        run(document)
    for words in says:
        assert words in str(error.value)


def test_fields_of_the_wrong_type_stay_pydantics_error() -> None:
    for document in (
        program(objective="fun"),
        program(rules=[{"kind": "within", "attribute": "rank"}]),
        program(BY_RANK | {"colour": "red"}),
    ):
        with pytest.raises(ValidationError):
            run(document)
    with pytest.raises(ValidationError, match="Invalid JSON"):
        mm.Program.model_validate_json('{"schema": 1,}')


def test_a_blank_that_a_rule_asks_for_is_an_error_unless_the_rule_says_what_then() -> None:
    records = [*RECORDS, {"id": "di", "rank": 1, "teaches": "sql", "wants": "leading"}]
    rule = {"kind": "different", "attribute": "team"}
    with pytest.raises(mm.ProgramError, match="di"):
        run(program(rules=[rule]), records)
    assert len(run(program(rules=[rule | {"missing": "allow"}]), records).pairs) == 1
    forbidden = run(program(rules=[rule | {"missing": "forbid"}]), records)
    assert {one.id: one.code for one in forbidden.unmatched}["di"] == "ruled_out"


def test_managers_nobody_listed_are_an_error_under_a_reporting_rule() -> None:
    records = [{**RECORDS[0], "manager_id": "zoe"}, {**RECORDS[1], "manager_id": "ana"}]
    rule = {"kind": "no_reporting_line"}
    with pytest.warns(mm.ProfileWarning, match="1 .*zoe"):
        people = mm.read_records(records)
    with pytest.raises(mm.ProgramError, match="ana"):
        mm.match(people, mm.Program.model_validate(program(rules=[rule])))
    allowed = mm.Program.model_validate(program(rules=[rule | {"missing": "allow"}]))
    assert len(mm.match(people, allowed).pairs) == 0


def test_requirements_nobody_can_meet_are_infeasible() -> None:
    pairs = [["ana", "bo"], ["ana", "cy"]]
    with pytest.raises(mm.InfeasibleError, match="promises 'ana' to 2 people"):
        run(program(rules=[{"kind": "require", "pairs": pairs}]))


def test_a_decline_behind_a_refusal_is_never_told() -> None:
    rules = [{"kind": "require", "pairs": [["ana", "bo"]]}]
    declining = [{**RECORDS[0], "declines": "bo"}, *RECORDS[1:]]
    with pytest.raises(mm.InfeasibleError) as error:
        run(program(rules=rules), declining)
    assert "declin" not in str(error.value)
    same_side = [{**RECORDS[0]}, {**RECORDS[1], "rank": 7}, RECORDS[2]]
    with pytest.raises(mm.InfeasibleError) as other:
        run(program(rules=rules), same_side)
    assert str(error.value) == str(other.value)


def test_a_capacity_above_one_in_a_pool_names_the_person() -> None:
    with pytest.raises(mm.ProgramError, match="capacity is above 1 for cy"):
        run(program(sides=None), [*RECORDS[:2], {**RECORDS[2], "capacity": 2}])


def test_values_that_are_no_numbers_are_faults_all_at_once() -> None:
    records = [{**one, "desk": desk} for one, desk in zip(RECORDS, ["x", "3", "y"], strict=True)]
    with pytest.raises(mm.ProfileErrors) as error:
        run(program(rules=[{"kind": "within", "attribute": "desk", "at_most": 1}]), records)
    assert [(fault.row, fault.person, fault.value) for fault in error.value.faults] == [
        (1, "ana", "x"),
        (3, "cy", "y"),
    ]


def test_what_is_merely_doubtful_warns_once_and_goes_on() -> None:
    records = [{**one, "wants": f"{one['wants']}; {one['teaches']}"} for one in RECORDS]
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        matching = run(program(), records)
    assert len(matching.pairs) == 1
    assert [warning.category for warning in noted] == [mm.ProfileWarning]
    assert "ana, bo, cy" in str(noted[0].message)


# ---------------------------------------------------------------- the engine


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -0.5])
def test_scores_that_are_no_scores_are_named_by_their_place(value: float) -> None:
    scores = np.ones((3, 4))
    scores[1, 2] = value
    with pytest.raises(ValueError, match=r"(?s)1.*2"):
        solve_assignment(scores)
    with pytest.raises(ValueError, match=r"(?s)1.*2"):
        solve_assignment(csr_array(scores))
    allowed = np.ones((3, 4), dtype=bool)
    allowed[1, 2] = False
    assert solve_assignment(scores, allowed=allowed).value == 3.0


def test_an_entry_given_twice_is_named() -> None:
    with pytest.raises(ValueError, match=r"(?s)0.*1"):
        solve_assignment(coo_array(([0.5, 0.25], ([0, 0], [1, 1])), shape=(2, 2)))


@pytest.mark.parametrize(
    ("scores", "allowed"),
    [
        (np.ones(3), None),
        (np.ones((2, 2, 2)), None),
        (np.ones((2, 3)), np.ones((3, 2), dtype=bool)),
        (csr_array(np.ones((2, 2))), np.ones((2, 2), dtype=bool)),
        ([["a", "b"]], None),
    ],
)
def test_wrong_shapes_and_types_are_refused(scores: Any, allowed: Any) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        solve_assignment(scores, allowed=allowed)


def test_scores_are_not_changed_by_a_refusal() -> None:
    scores = np.array([[1.0, np.nan]])
    with pytest.raises(ValueError, match=r"NaN|nan"):
        solve_assignment(scores)
    assert scores[0, 0] == 1.0
    assert scores.flags.writeable


def test_the_documented_two_objectives() -> None:
    scores, allowed = [[10, 1], [1, 0]], [[True, True], [True, False]]
    assert len(solve_assignment(scores, allowed=allowed, objective="people_then_score").rows) == 2
    assert len(solve_assignment(scores, allowed=allowed, objective="score").rows) == 1


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("number", [1, 2])
def test_when_the_disk_fills_the_old_files_are_whole(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    matching = run(program())
    pairs, singles = tmp_path / "pairs.csv", tmp_path / "singles.csv"
    matching.to_csv(pairs, unmatched=singles)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    calls = 0
    synchronised = os.fsync

    def full(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        synchronised(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    other = run(program(), [*RECORDS[:2], {**RECORDS[2], "name": "Cyril"}])
    with pytest.raises(OSError, match="No space left") as error:
        other.to_csv(pairs, unmatched=singles)
    assert error.value.filename == str((pairs, singles)[number - 1])
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"record": "mentormatch.run", "schema": 99}'])
def test_damaged_records_are_refused(text: str) -> None:
    with pytest.raises(mm.RecordError, match="not a whole record"):
        mm.Matching.from_json(text)
