"""What adds to scores, what it adds, and what may not."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

import mentormatch as mm
from mentormatch.exchange import preferred
from mentormatch.exchange.preferred import Preferred
from mentormatch.matching.preferred import Added

SIDES = mm.Pairs(sides=mm.Sides(by="rank", at_least=5))
GRAIN = 2.0**-40

PEOPLE: list[dict[str, Any]] = [
    {"id": "ana", "rank": 6, "site": "Oslo", "teaches": "leading", "wants": "sql; go"},
    {"id": "bea", "rank": 5, "site": "Rome", "teaches": "hiring", "wants": "sql"},
    {"id": "cy", "rank": 2, "site": "oslo", "teaches": "sql", "wants": "leading; hiring"},
    {"id": "di", "rank": 1, "site": "Rome", "teaches": "sewing", "wants": "leading"},
]


def points(people: mm.Cohort, *preferences: Any) -> Any:
    """What each pair gets, as a table: by the solver's code and by the check's, to the bit."""
    rows = np.arange(len(people))
    a, b = (side.ravel() for side in np.meshgrid(rows, rows, indexing="ij"))
    made, checked = Preferred.of(people, preferences, rows), Added.of(people, preferences, rows)
    found = made.points(np.ones(len(a)), a, b)
    assert np.array_equal(found, checked.to(a, b))
    assert made.most == checked.most >= found.max()
    return found.reshape(len(rows), len(rows))


def test_a_satisfied_rule_adds_its_weight_on_the_grid() -> None:
    table = points(mm.read_records(PEOPLE), mm.Prefer(mm.Different("site"), 0.1))
    weight = np.rint(0.1 / GRAIN) * GRAIN
    assert weight != 0.1
    assert table.tolist() == [
        [0.0, weight, 0.0, weight],
        [weight, 0.0, weight, 0.0],
        [0.0, weight, 0.0, weight],
        [weight, 0.0, weight, 0.0],
    ]


def test_preferences_add_up_exactly() -> None:
    people = mm.read_records(PEOPLE)
    wanted = [mm.Prefer(mm.Different("site"), weight) for weight in (0.1, 0.2, 0.3, 1.0, GRAIN)]
    together = points(people, *wanted)
    assert np.array_equal(together, sum(points(people, one) for one in wanted[::-1]))


def test_blocks_of_pairs_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    people = mm.read_records(PEOPLE)
    wanted = [mm.Prefer(mm.Different("site"), 0.1), mm.Prefer(mm.Apart("rank_of_site", 1), 0.3)]
    people = mm.read_records([{**one, "rank_of_site": n} for n, one in enumerate(PEOPLE)])
    whole = points(people, *wanted)
    monkeypatch.setattr(preferred, "PAIRS_AT_ONCE", 3)
    assert np.array_equal(whole, points(people, *wanted))


def test_a_pair_that_a_condition_does_not_concern_satisfies_it() -> None:
    rule = mm.When({"site": "Rome"}, mm.Forbid([]))
    with pytest.raises(mm.ProgramError, match="'forbid'"):
        mm.Prefer(rule, 0.5)
    table = points(
        mm.read_records(PEOPLE), mm.Prefer(mm.When({"site": "Rome"}, mm.Same("site")), 0.5)
    )
    assert table[0].tolist() == [0.5, 0.0, 0.5, 0.0]
    assert table[1, 3] == 0.5


def test_wishes_count_one_over_their_rank_and_the_mean_of_both_ways() -> None:
    people = mm.read_records(
        [
            {"id": "ana", "prefers": "bo; cy; di"},
            {"id": "bo", "prefers": "ana"},
            {"id": "cy", "prefers": "gone; ana"},
            {"id": "di"},
        ]
    )
    table = points(people, mm.RankedWishes(weight=0.6))
    assert np.array_equal(table, table.T)
    assert table[0].tolist() == [
        np.rint(share * 0.6 / GRAIN) * GRAIN for share in (0.0, 1.0, 0.5, (1 / 3) / 2)
    ]
    assert not table[1:, 1:].any()


@pytest.mark.parametrize("weight", [0.0, -0.1, 1.5, float("nan"), float("inf"), GRAIN / 2])
def test_weights_lie_between_a_grain_and_one(weight: float) -> None:
    with pytest.raises(ValidationError):
        mm.Prefer(mm.Same("site"), weight)
    with pytest.raises(ValidationError):
        mm.RankedWishes(weight)


def function(people: Any, a: Any, b: Any) -> Any:
    return a < b


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (mm.Require([("a", "b")]), "'require' names pairs that must be made"),
        (mm.Forbid([("a", "b")]), "'forbid' names pairs that may not be"),
        (mm.When({"site": "Oslo"}, mm.Forbid([("a", "b")])), "'forbid' names pairs"),
        (mm.Apart("rank", 2), "'prefer rank at least 2 apart' reads rank: no score depends on how"),
        (mm.Within("rank", 2), "reads rank"),
        (mm.Same("rank"), "reads rank"),
        (mm.Different("rank"), "reads rank"),
        (mm.Different("manager_id"), "reads manager_id"),
        (mm.NoReportingLine(), "reads manager_id"),
        (mm.NoSharedManager(), "reads manager_id"),
        (mm.When({"rank": 7}, mm.Same("site")), "reads rank"),
        (mm.When({"manager_id": "ana"}, mm.Apart("rank", 2)), "reads manager_id, rank:"),
        (mm.When({"site": "Oslo"}, mm.NoReportingLine()), "reads manager_id"),
        (mm.Where("mine", function), r"'where mine' must declare .*reads=\[\"location\"\]"),
        (mm.When({"site": "Oslo"}, mm.Where("mine", function)), "'where mine' must declare"),
        (mm.Where("mine", function, reads=["site", "rank"]), "reads rank"),
    ],
    ids=str,
)
def test_what_cannot_be_a_preference_says_why(rule: Any, why: str) -> None:
    with pytest.raises(mm.ProgramError, match=why):
        mm.Prefer(rule, 0.5)
    data = mm.Program(rules=[rule]).model_dump(mode="json")["rules"][0]
    with pytest.raises(mm.ProgramError, match=why):
        mm.Program.model_validate({"preferences": [{"kind": "prefer", "weight": 1, "rule": data}]})


def test_a_preferred_function_sees_what_it_declares_and_no_more() -> None:
    def peeking(people: mm.Cohort, a: Any, b: Any) -> Any:
        return people.numbers("rank")[a] > people.numbers("rank")[b]

    peeks = mm.Prefer(mm.Where("peeking", peeking, reads=["site"]), 1.0)
    program = mm.Program(format=SIDES, preferences=[peeks])
    with pytest.raises(mm.ProgramError, match="'where peeking' reads 'rank'"):
        mm.match(mm.read_records(PEOPLE), program)


def test_complaints_of_all_preferences_come_at_once() -> None:
    people = mm.read_records([{**PEOPLE[0], "desk": ""}, *PEOPLE[1:]])
    wanted = [mm.Prefer(mm.Same("sit"), 0.1), mm.Prefer(mm.Same("desk"), 0.1), mm.RankedWishes(0.1)]
    with pytest.raises(
        mm.ProgramError,
        match=r"(?s)preference 'prefer same sit': .*'site'.*'prefer same desk': desk is blank",
    ):
        mm.match(people, mm.Program(format=SIDES, preferences=wanted))


def test_an_edge_has_its_preference_apart_from_what_is_exchanged() -> None:
    people = mm.read_records(PEOPLE)
    bare = mm.build_graph(people, mm.Program(format=SIDES))
    graph = mm.build_graph(
        people, mm.Program(format=SIDES, preferences=[mm.Prefer(mm.Same("site"), 0.25)])
    )
    assert graph.preference.tolist() == [0.25, 0.0]
    assert np.array_equal(graph.score - graph.preference, bare.score)
    assert not bare.preference.any()
    assert not graph.preference.flags.writeable
    edges = graph.to_networkx().edges
    assert edges["ana", "cy"]["preference"] == 0.25
    assert edges["ana", "cy"]["score"] == 0.25 + bare.score[0]
    assert graph.partners("cy", k=1)[0].score == 0.25 + bare.score[0]


def test_nothing_to_exchange_is_no_edge_whatever_is_preferred() -> None:
    people = mm.read_records(PEOPLE)
    preferences = [mm.Prefer(mm.NotPairedBefore(), 1.0)]
    graph = mm.build_graph(people, mm.Program(format=SIDES, preferences=preferences))
    assert [(graph.a_ids[a], graph.b_ids[b]) for a, b in zip(graph.a, graph.b, strict=True)] == [
        ("ana", "cy"),
        ("bea", "cy"),
    ]


@pytest.mark.parametrize("held", [True, False])
def test_a_required_pair_without_exchange_gets_no_preferences(
    held: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not held:
        monkeypatch.setattr("mentormatch.solving.two_sides.MOST_HELD", -1)
    people = mm.read_records(PEOPLE)
    program = mm.Program(
        format=SIDES,
        rules=[mm.Require([("bea", "di")])],
        preferences=[mm.Prefer(mm.Same("site"), 0.25)],
    )
    found = mm.match(people, program)
    made = {(pair.a, pair.b): (pair.reciprocity, pair.preference) for pair in found.pairs}
    assert made["bea", "di"] == (0.0, 0.0)
    assert made["ana", "cy"][1] == 0.25
    assert found.certificate.verify(people, program).ok


def test_a_proof_for_other_preferences_does_not_hold() -> None:
    people = mm.read_records(PEOPLE)
    program = mm.Program(format=SIDES, preferences=[mm.Prefer(mm.Same("site"), 0.25)])
    proof = mm.match(people, program).certificate
    assert proof.verify(people, program).ok
    other = mm.Program(format=SIDES, preferences=[mm.Prefer(mm.Same("site"), 0.25 + GRAIN)])
    found = proof.verify(people, other)
    assert not found.ok
    assert "ana and cy are worth more than their prices" in found.violations
