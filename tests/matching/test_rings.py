"""Rings as an answer: what is shown and written, why somebody is in none, and forged proofs."""

import copy
import json
import pickle
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import mentormatch as mm
from mentormatch.assign.limits import Limits
from mentormatch.matching.groups import OddSet
from mentormatch.matching.ring_proof import RingCertificate
from mentormatch.solving import in_rings

RECORDS: dict[str, dict[str, Any]] = {
    "ana": {"name": "Ana Silva", "teaches": "sql", "wants": "go", "department": "it"},
    "bo": {"teaches": "R", "wants": "sql", "department": "hr"},
    "cy": {"teaches": "go", "wants": "R", "department": "ops"},
    "di": {"teaches": "sewing", "wants": "chess", "department": "it"},
    "ed": {"teaches": "chess", "wants": "sewing; x", "department": "hr"},
    "flo": {"teaches": "y", "wants": "sewing; x", "department": "hr"},
    "gil": {"teaches": "R", "wants": "z", "department": "hr"},
    "hal": {"teaches": "y", "wants": "z", "department": "hr"},
    "ivy": {"capacity": 0, "teaches": "R", "wants": "go", "department": "hr"},
}
OUT_OF = {"flo": "no_learner", "gil": "no_teacher", "hal": "no_teacher"}
FREE = mm.Program(format=mm.Rings())
TWO, THREE = (mm.Program(format=mm.Rings(longest=longest)) for longest in (2, 3))
#: Of three who could all be paired one is left over: prices of people alone cannot prove that.
TRIO = mm.read_records(
    [
        {"id": "ana", "teaches": "sql", "wants": "R; go"},
        {"id": "bo", "teaches": "R", "wants": "sql; go"},
        {"id": "cy", "teaches": "go", "wants": "sql; R"},
    ]
)


def people(**changes: dict[str, Any]) -> mm.Cohort:
    return mm.read_records(
        [{"id": one, **record, **changes.get(one, {})} for one, record in RECORDS.items()]
    )


def rows(matching: mm.Matching) -> list[tuple[str, ...]]:
    return [ring.members for ring in matching.rings]


def test_print_lists_rings_in_order() -> None:
    assert str(mm.match(people(), FREE)) == (
        "ring  teacher    learner    score  teaches\n"
        "1     Ana Silva  bo          1.00  sql\n"
        "1     bo         cy          1.00  R\n"
        "1     cy         Ana Silva   1.00  go\n"
        "2     di         ed          0.50  sewing\n"
        "2     ed         di          1.00  chess\n"
        "\n"
        "2 rings of 5 people, 3 unmatched, 1 take no part; total 4.5000, proven optimal\n"
        "unmatched with nobody to learn what they teach: 1\n"
        "unmatched with nobody to teach them what they wish for: 2"
    )


def test_notebooks_show_the_same() -> None:
    html = mm.match(people(), FREE)._repr_html_()
    assert "2 rings of 5 people" in html
    assert "<tr><td>2</td><td>di</td><td>ed</td><td> 0.50</td><td>sewing</td></tr>" in html


def test_one_ring_and_none_are_said_in_so_many_words() -> None:
    assert repr(mm.match(TRIO, FREE)).startswith("Matching(1 ring of 3 people, 0 unmatched")
    nobody = mm.match(people(ana={"teaches": ""}, di={"teaches": ""}), FREE)
    assert nobody.rings == ()
    assert str(nobody).startswith("ring  teacher  learner  score  teaches\n\n0 rings of 0 people")


def test_a_ring_has_members_arrows_and_a_score() -> None:
    first, second = mm.match(people(), FREE).rings
    assert (first.members, first.score) == (("ana", "bo", "cy"), 3.0)
    assert (second.members, second.score) == (("di", "ed"), 1.5)
    arrow = second.arrows[0]
    assert (arrow.a, arrow.b, arrow.a_teaches, arrow.b_teaches) == ("di", "ed", ("sewing",), ())
    assert (arrow.score, arrow.a_benefit, arrow.b_benefit) == (0.5, 0.0, 0.5)
    with pytest.raises(FrozenInstanceError):
        first.score = 7.0  # type: ignore[misc]


def test_pairs_are_the_arrows_ring_by_ring() -> None:
    matching = mm.match(people(), FREE)
    arrows = [(pair.a, pair.b) for pair in matching.pairs]
    assert arrows == [("ana", "bo"), ("bo", "cy"), ("cy", "ana"), ("di", "ed"), ("ed", "di")]
    assert [record["b"] for record in matching.to_records()] == [b for _, b in arrows]


def test_csv_has_the_number_of_the_ring_and_the_place_in_it(tmp_path: Path) -> None:
    out = tmp_path / "rings.csv"
    mm.match(people(), FREE).to_csv(out, unmatched=tmp_path / "rest.csv", spreadsheet_safe=False)
    assert out.read_text().splitlines() == [
        "ring,position,teacher,teacher name,learner,learner name,score,learner wishes met,teaches",
        "1,1,ana,Ana Silva,bo,bo,1.0,1.0,sql",
        "1,2,bo,bo,cy,cy,1.0,1.0,R",
        "1,3,cy,cy,ana,Ana Silva,1.0,1.0,go",
        "2,1,di,di,ed,ed,0.5,0.5,sewing",
        "2,2,ed,ed,di,di,1.0,1.0,chess",
    ]
    assert "flo,flo,,nobody to learn what they teach" in (tmp_path / "rest.csv").read_text()


def test_other_formats_have_no_rings() -> None:
    matching = mm.match(TRIO, mm.Program())
    assert matching.pairs
    assert matching.rings == ()


@pytest.mark.parametrize("program", [FREE, THREE])
def test_whoever_is_in_no_ring_hears_which_role_they_lack(program: mm.Program) -> None:
    matching = mm.match(people(), program)
    assert {one.id: one.code for one in matching.unmatched} == OUT_OF
    assert {one.side for one in matching.unmatched} == {""}
    assert [one.reason for one in matching.taking_no_part] == ["capacity is 0"]


def test_the_rules_may_take_a_role_away() -> None:
    program = FREE.model_copy(update={"rules": (mm.Forbid([("di", "ed"), ("bo", "cy")]),)})
    codes = {one.id: one.code for one in mm.match(people(), program).unmatched}
    # Bo could only teach Cy. To Ana the rules leave both roles, and yet there is no ring.
    assert codes["bo"] == codes["ed"] == "role_ruled_out"
    assert codes["ana"] == "no_ring"
    assert mm.match(people(), program).removed == (("forbid 2 named pairs", 3),)


def test_a_rule_is_asked_of_the_teacher_and_the_learner() -> None:
    """Ana may not teach Bo; that Bo teaches Ana is another arrow."""
    asked: list[tuple[int, int]] = []

    def not_so(cohort: mm.Cohort, teachers: Any, learners: Any) -> Any:
        asked.extend(zip(teachers.tolist(), learners.tolist(), strict=True))
        return (teachers != 0) | (learners != 1)

    program = FREE.model_copy(update={"rules": (mm.Where("not so", not_so),)})
    both = mm.match(TRIO, FREE)
    matching = mm.match(TRIO, program)
    assert both.pairs
    assert rows(matching) == [("ana", "cy", "bo")]
    assert {(0, 1), (1, 0)} <= set(asked)
    assert matching.certificate.verify(TRIO, program).ok


def test_a_decline_binds_whichever_way_round() -> None:
    for who, whom in (("ana", "bo"), ("bo", "ana")):
        matching = mm.match(people(**{who: {"declines": whom}}), FREE)
        assert rows(matching) == [("di", "ed")]
        assert {one.id: one.code for one in matching.unmatched}["ana"] == "no_ring"


def test_the_graph_is_directed() -> None:
    graph = mm.build_graph(TRIO, FREE)
    assert repr(graph) == "ExchangeGraph(3 people, 6 arrows)"
    directed = graph.to_networkx()
    assert isinstance(directed, nx.DiGraph)
    assert directed.edges["ana", "bo"]["a_teaches"] == ("sql",)
    assert directed.edges["bo", "ana"]["a_teaches"] == ("R",)
    assert directed.nodes["ana"] == {"name": "ana"}
    partners = [(one.id, one.side, one.teaches, one.learns) for one in graph.partners("ana")]
    assert partners == [
        ("bo", "learner", ("sql",), ()),
        ("bo", "teacher", (), ("R",)),
        ("cy", "learner", ("sql",), ()),
        ("cy", "teacher", (), ("go",)),
    ]


def test_who_closes_the_ring_of_two_of_three_takes_a_group_to_prove() -> None:
    matching = mm.match(TRIO, TWO)
    proof = matching.certificate
    assert isinstance(proof, RingCertificate)
    assert [len(ring.members) for ring in matching.rings] == [2]
    assert proof.odd_sets == (OddSet(("ana", "bo", "cy"), None, 1.0 + 2 * proof.inflation),)
    assert proof.verify(TRIO, TWO).ok
    elsewhere = proof.verify(TRIO, FREE)
    assert "groups bound rings of two only, and here a ring may have more" in elsewhere.violations


@pytest.mark.parametrize("program", [FREE, TWO, THREE])
def test_a_record_comes_back_whole(program: mm.Program) -> None:
    for cohort in (people(), TRIO):
        found = mm.match(cohort, program)
        read = mm.Matching.from_json(found.to_json())
        assert (str(read), read.rings) == (str(found), found.rings)
        assert read.attach(cohort, program).to_json() == found.to_json()


@pytest.mark.parametrize("program", [FREE, TWO, THREE])
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_rings_can_be_copied_and_sent_to_other_processes(copied: Any, program: mm.Program) -> None:
    found = mm.match(TRIO, program)
    again = copied(found)
    assert (again.rings, again.to_json()) == (found.rings, found.to_json())
    assert again.certificate.verify(TRIO, program).ok


@pytest.mark.parametrize(
    ("way", "value"),
    [
        (("layout",), "pool"),
        (("layout",), "sides"),
        (("sides",), ["learner", "teacher"]),
        (("pairs", 0, "b"), "gil"),
        (("pairs", 0, "score"), 0.5),
        (("pairs", 1, "a_teaches"), ["x"]),
        (("unmatched", 0, "code"), "ruled_out"),
        (("certificate", "inflation"), 0.3),
        (("certificate", "prices", 0, "ana"), 9.0),
        (("certificate", "count_prices", 1, "hal"), 1.0),
        (
            ("certificate", "odd_sets"),
            [{"members": ["ana", "bo", "cy"], "around": None, "price": 1}],
        ),
        (("status",), "feasible"),
    ],
)
@pytest.mark.parametrize("program", [FREE, TWO, THREE])
def test_a_record_that_was_changed_is_refused(
    program: mm.Program, way: tuple[str | int, ...], value: Any
) -> None:
    cohort = people(cy={"teaches": "go; sql"})
    document = json.loads(mm.match(cohort, program).to_json())
    place = document
    for key in way[:-1]:
        place = place[key]
    assert place[way[-1]] != value
    place[way[-1]] = value
    with pytest.raises(mm.RecordError):
        mm.Matching.from_json(json.dumps(document)).attach(cohort, program)


def violations(program: mm.Program = FREE, **changes: Any) -> tuple[str, ...]:
    """What is said of a proof with some fields changed."""
    proof = mm.match(people(), program).certificate
    found = replace(proof, **changes).verify(people(), program)
    assert not found.ok
    return found.violations


def test_a_chain_is_no_ring() -> None:
    chain = violations(pairs=(("ana", "bo"), ("bo", "cy")), scores=(1.0, 1.0))
    assert "ana teaches, but is taught by nobody" in chain
    assert "cy is taught, but teaches nobody" in chain


def test_a_ring_that_is_too_long_is_named() -> None:
    proof = mm.match(people(), FREE).certificate
    found = proof.verify(people(), TWO)
    assert not found.feasible
    assert "the ring of ana has 3 people; 2 is the most" in found.violations


def test_nobody_is_in_two_rings() -> None:
    pairs = (("ana", "bo"), ("bo", "ana"), ("ana", "cy"), ("cy", "ana"))
    found = replace(mm.match(TRIO, FREE).certificate, pairs=pairs, scores=(0.5,) * 4)
    assert "ana is in 2 pairs" in found.verify(TRIO, FREE).violations


def changed(table: int, person: str, by: float, kind: str = "prices") -> dict[str, Any]:
    tables = [dict(one) for one in getattr(mm.match(people(), FREE).certificate, kind)]
    tables[table][person] += by
    return {kind: tuple(tables)}


def test_prices_may_be_negative_but_not_both_together() -> None:
    said = violations(**changed(1, "hal", -1.0))
    assert "the prices of hal add up to less than 0" in said
    said = violations(**changed(0, "hal", -1.0, "count_prices"))
    assert "the count prices of hal add up to less than 0" in said
    shifted = changed(0, "ana", 0.0)["prices"]
    moved = tuple(
        {one: price + by for one, price in table.items()}
        for table, by in zip(shifted, (8.0, -8.0), strict=True)
    )
    proof = replace(mm.match(people(), FREE).certificate, prices=moved)
    assert min(moved[1].values()) < 0.0
    assert proof.verify(people(), FREE).ok


def test_an_arrow_above_its_prices_is_named() -> None:
    tables = [dict.fromkeys(table, 0.0) for table in mm.match(people(), FREE).certificate.prices]
    assert "that ana teaches bo is worth more than their prices" in violations(prices=tuple(tables))
    assert "that ana teaches bo is worth more than their count prices" in violations(
        count_prices=tuple(tables)
    )
    assert "rings in which cy teaches ana are worth more than their prices" in violations(
        THREE, prices=tuple(tables)
    )


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -1.0, 2.0**-60, 4096.0])
def test_an_inflation_that_is_none_is_named(wrong: float) -> None:
    said = violations(inflation=wrong)
    assert f"the inflation is {wrong}, not a multiple of 2**-48 from 0 to 2048" in said


def test_groups_take_no_prices_of_learners_beside_them() -> None:
    proof = mm.match(TRIO, TWO).certificate
    moved = tuple(
        {one: price + by for one, price in table.items()}
        for table, by in zip(proof.prices, (1.0, -1.0), strict=True)
    )
    found = replace(proof, prices=moved).verify(TRIO, TWO)
    assert "the prices bound no rings" in found.violations


def test_whom_else_one_could_teach_is_told() -> None:
    assert "Next best: " in mm.match(people(), FREE).explain("cy").text("coordinator")


def test_preferences_count_for_each_arrow() -> None:
    """Of two who could close the ring, the one whom Ana would rather learn from."""
    records = [
        {"id": "ana", "teaches": "sql", "wants": "go", "department": "it"},
        {"id": "bo", "teaches": "go", "wants": "sql", "department": "it"},
        {"id": "cy", "teaches": "go", "wants": "sql", "department": "hr"},
    ]
    cohort = mm.read_records(records)
    rather = mm.Prefer(mm.Different("department"), weight=0.25)
    program = FREE.model_copy(update={"preferences": (rather,)})
    matching = mm.match(cohort, program)
    assert rows(matching) == [("ana", "cy")]
    assert [(arrow.score, arrow.preference) for arrow in matching.pairs] == [(1.25, 0.25)] * 2
    assert matching.certificate.verify(cohort, program).ok


def test_a_proof_of_another_format_proves_nothing_here() -> None:
    roles = mm.read_records(
        [{**record, "id": one, "roles": "x; y"} for one, record in RECORDS.items()]
    )
    sides = mm.Pairs(sides=mm.Sides(by="roles", a=["x"], b=["y"]))
    between = mm.Program(format=sides, score=mm.OneWay(teacher="a"))
    proof = mm.match(roles, between).certificate
    assert proof.verify(roles, between).ok
    said = proof.verify(roles, FREE).violations
    assert said == ("the certificate proves pairs by 'sides', the program makes them by 'arrows'",)
    said = mm.match(roles, FREE).certificate.verify(roles, between).violations
    assert "the certificate proves pairs by 'arrows', the program makes them by 'sides'" in said


def test_rings_take_no_start() -> None:
    before = mm.match(people(), FREE)
    with pytest.raises(
        mm.ProgramError, match="rings go on from no earlier answer: leave out start"
    ):
        mm.match(people(), FREE, start=before)
    with pytest.raises(mm.ProgramError, match="start is an answer by 'arrows' and this program is"):
        mm.match(people(), mm.Program(), start=before)


def test_too_many_people_for_rings_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_rings, "MOST_PEOPLE", 7)
    with pytest.raises(mm.ProgramError, match="rings among 8 people are more than the 7"):
        mm.match(people(), FREE)


def test_busy_people_are_refused() -> None:
    with pytest.raises(mm.ProgramError, match="capacity is above 1 for ana"):
        mm.match(people(ana={"capacity": 2}), FREE)


@pytest.mark.parametrize("program", [FREE, TWO, THREE])
def test_when_the_time_is_up_the_gap_is_told_and_holds(
    program: mm.Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort = mm.synthetic.workforce(60, skills=40)
    best = mm.match(cohort, program)
    assert best.certificate.verify(cohort, program).ok or program is THREE
    monkeypatch.setattr(Limits, "are_over", True)
    matching = mm.match(cohort, program, time_limit=3600.0)
    found = matching.certificate.verify(cohort, program)
    assert found.complete, found.violations
    assert found.feasible
    assert found.ok == (matching.status is mm.Status.OPTIMAL)
    people_left = int(matching.certificate.count_gap)
    assert len(matching.pairs) + people_left >= len(best.pairs)
    if people_left:
        noun = "person" if people_left == 1 else "people"
        assert f"at most {people_left} more {noun} possible; with as many people" in str(matching)
    again = mm.Matching.from_json(matching.to_json()).attach(cohort, program)
    assert again.to_json() == matching.to_json()
