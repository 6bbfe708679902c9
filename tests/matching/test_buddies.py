"""Buddies: what they learn together, and who joins a pair."""

import csv
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import mentormatch as mm
from mentormatch.matching.pool_proof import PoolCertificate
from tests.property.test_match_laws import solved
from tests.strategies import buddies, cohort_of, profiles

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

PEOPLE: list[dict[str, Any]] = [
    {"id": "ana", "name": "Ana", "wants": "sql"},
    {"id": "bo", "wants": "sql; R"},
    {"id": "cy", "wants": "R; sql"},
    {"id": "di", "wants": "chess"},
    {"id": "ed", "teaches": "go"},
]
TRIO = mm.Program(format=mm.Buddies(allow_trio=True))


def matched(program: mm.Program = TRIO, **changes: Any) -> tuple[mm.Cohort, mm.Matching]:
    people = mm.read_records([{**one, **changes.get(one["id"], {})} for one in PEOPLE])
    return people, mm.match(people, program)


def test_buddies_want_the_same_and_one_joins_them() -> None:
    _, matching = matched()
    assert [(pair.a, pair.b, pair.together) for pair in matching.pairs] == [
        ("bo", "cy", ("R", "sql"))
    ]
    trio = matching.trio
    assert trio is not None
    assert (trio.joiner, trio.a, trio.b, trio.score) == ("ana", "bo", "cy", 1.0)
    assert [(pair.score, pair.together) for pair in trio.meetings] == [(0.5, ("sql",))] * 2
    assert {one.id: one.code for one in matching.unmatched} == {
        "di": "no_buddy",
        "ed": "no_wishes",
    }
    assert "ana joins bo and cy" in str(matching)


def test_without_leave_nobody_joins() -> None:
    _, matching = matched(mm.Program(format=mm.Buddies()))
    assert matching.trio is None
    assert {one.id for one in matching.unmatched} == {"ana", "di", "ed"}


def test_who_may_not_meet_both_does_not_join() -> None:
    people, matching = matched(bo={"declines": "ana"})
    assert matching.trio is None
    assert matching.certificate.verify(people, TRIO).ok


def test_a_forged_trio_is_found() -> None:
    people, matching = matched()
    proof, trio = matching.certificate, matching.trio
    assert isinstance(proof, PoolCertificate)
    assert trio is not None
    for forged in (
        None,
        replace(trio, score=0.5),
        replace(trio, joiner="di"),
        replace(trio, joiner="zoe"),
        replace(trio, a="ed"),
    ):
        assert not replace(proof, trio=forged).verify(people, TRIO).ok
    plain = mm.Program(format=mm.Buddies())
    assert not proof.verify(people, plain).ok


def test_a_record_keeps_the_trio() -> None:
    people, matching = matched()
    again = mm.Matching.from_json(matching.to_json()).attach(people, TRIO)
    assert again.trio == matching.trio
    forged = json.loads(matching.to_json())
    forged["trio"]["joiner"] = "di"
    with pytest.raises(mm.RecordError):
        mm.Matching.from_json(json.dumps(forged)).attach(people, TRIO)


def test_files_list_everybody_who_meets(tmp_path: Path) -> None:
    _, matching = matched()
    matching.to_csv(tmp_path / "pairs.csv", spreadsheet_safe=False)
    rows = list(csv.reader(StringIO((tmp_path / "pairs.csv").read_text("utf-8"))))
    assert rows == [
        ["person", "person name", "buddy", "buddy name", "score", "learn together"],
        ["bo", "bo", "cy", "cy", "1.0", "R; sql"],
        ["ana", "Ana", "bo", "bo", "0.5", "sql"],
        ["ana", "Ana", "cy", "cy", "0.5", "sql"],
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"format": mm.Buddies(), "score": mm.Reciprocity()}, "'shared_wishes'"),
        ({"score": mm.SharedWishes()}, "'shared_wishes'"),
    ],
)
def test_scores_of_other_formats_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(mm.ProgramError, match=message):
        mm.Program(**fields)


@given(profiles(), buddies())
def test_an_odd_one_is_left_over_only_if_nobody_may_take_them(
    people: list[mm.Participant], program: mm.Program
) -> None:
    program = program.model_copy(update={"format": mm.Buddies(allow_trio=True)})
    matching = solved(people, program)
    assert matching.certificate.verify(cohort_of(people), program).ok
    graph = mm.build_graph(cohort_of(people), program)
    edges = {
        frozenset((graph.a_ids[a], graph.b_ids[b]))
        for a, b in zip(graph.a.tolist(), graph.b.tolist(), strict=True)
    }
    if matching.trio is None:
        for one in matching.unmatched:
            for pair in matching.pairs:
                assert not {frozenset((one.id, pair.a)), frozenset((one.id, pair.b))} <= edges


def test_an_explanation_speaks_of_what_is_learned_together() -> None:
    _, matching = matched()
    assert matching.explain("bo").text() == (
        "A buddy of yours is Ana: you both want to learn sql. "
        "A buddy of yours is cy: you both want to learn R and sql."
    )
    assert "Both want to learn sql." in matching.explain("ana").text("coordinator")
