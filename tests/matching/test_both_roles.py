"""People who are on both sides: mentors who are mentees, too."""

from dataclasses import replace
from typing import Any

import networkx as nx
import pytest

import mentormatch as mm

PROGRAM = mm.Program(
    format=mm.Pairs(sides=mm.Sides(by="roles", a=["mentor"], names=("mentor", "mentee")))
)
BOTH = "mentor; mentee"


def cohort(**roles: str) -> mm.Cohort:
    """People who could all exchange something with each other, with these roles."""
    skills = [*"uvwxyz"[: len(roles)]]
    return mm.read_records(
        [
            {
                "id": person,
                "roles": role,
                "teaches": skills[number],
                "wants": "; ".join(skills[:number] + skills[number + 1 :]),
            }
            for number, (person, role) in enumerate(roles.items())
        ]
    )


def arrows(matching: mm.Matching) -> set[tuple[str, str]]:
    return {(pair.a, pair.b) for pair in matching.pairs}


def test_everybody_in_both_roles_has_a_partner_in_each_and_never_themself() -> None:
    people = cohort(ana=BOTH, bo=BOTH, cy=BOTH)
    matching = mm.match(people, PROGRAM)
    assert {a for a, _ in arrows(matching)} == {b for _, b in arrows(matching)} == set(people.ids)
    assert all(a != b for a, b in arrows(matching))
    assert matching.certificate.verify(people, PROGRAM).ok


def test_one_person_in_both_roles_has_nobody() -> None:
    matching = mm.match(cohort(ana=BOTH), PROGRAM)
    assert [(one.id, one.side, one.code) for one in matching.unmatched] == [
        ("ana", "mentor", "no_wishes"),
        ("ana", "mentee", "no_wishes"),
    ]


def test_the_reason_is_told_for_each_role() -> None:
    people = mm.read_records(
        [
            {"id": "ana", "roles": BOTH, "teaches": "x", "wants": "y"},
            {"id": "bo", "roles": "mentor", "teaches": "y", "wants": "x"},
        ]
    )
    matching = mm.match(people, PROGRAM)
    assert arrows(matching) == {("bo", "ana")}
    assert [(one.id, one.side, one.code) for one in matching.unmatched] == [
        ("ana", "mentor", "no_teacher")
    ]
    bound = PROGRAM.model_copy(update={"rules": (mm.Forbid([("bo", "ana")]),)})
    assert [(one.id, one.side, one.code) for one in mm.match(people, bound).unmatched] == [
        ("ana", "mentor", "no_teacher"),
        ("bo", "mentor", "ruled_out"),
        ("ana", "mentee", "ruled_out"),
    ]


def test_two_people_in_both_roles_may_be_two_pairs() -> None:
    people = cohort(ana=BOTH, bo=BOTH)
    matching = mm.match(people, PROGRAM)
    assert arrows(matching) == {("ana", "bo"), ("bo", "ana")}
    assert "2 pairs, 0 unmatched" in str(matching)
    read = mm.Matching.from_json(matching.to_json())
    assert read.attach(people, PROGRAM).to_records() == matching.to_records()


def test_a_proof_that_pairs_somebody_with_themself_does_not_hold() -> None:
    people = cohort(ana=BOTH, bo=BOTH)
    proof = mm.match(people, PROGRAM).certificate
    forged = replace(proof, pairs=(("ana", "ana"), ("bo", "bo")))
    found = forged.verify(people, PROGRAM)
    assert not found.feasible
    assert found.violations[0] == "ana and ana are not an allowed pair"


def test_nobody_has_two_partners_in_one_role() -> None:
    people = cohort(ana=BOTH, bo=BOTH, cy=BOTH)
    proof = mm.match(people, PROGRAM).certificate
    forged = replace(proof, pairs=(("ana", "bo"), ("ana", "cy"), ("bo", "ana")))
    assert "ana is in 2 pairs" in forged.verify(people, PROGRAM).violations


def test_prices_of_the_two_roles_are_told_apart() -> None:
    people = cohort(ana=BOTH, bo=BOTH, cy="mentor")
    proof = mm.match(people, PROGRAM).certificate
    assert [set(side) for side in proof.prices] == [{"ana", "bo", "cy"}, {"ana", "bo"}]
    turned = replace(proof, prices=proof.prices[::-1])
    assert "ana has a price but takes no part" not in turned.verify(people, PROGRAM).violations
    assert "cy has no price" in turned.verify(people, PROGRAM).violations


@pytest.mark.parametrize(
    ("required", "made"),
    [
        ([("ana", "bo")], {("ana", "bo")}),
        ([("bo", "ana")], {("bo", "ana")}),
        ([("ana", "bo"), ("bo", "ana")], {("ana", "bo"), ("bo", "ana")}),
        ([("cy", "ana")], {("ana", "cy")}),
    ],
)
def test_the_first_of_a_required_pair_is_on_the_first_side_where_both_could_be(
    required: list[tuple[str, str]], made: set[tuple[str, str]]
) -> None:
    people = cohort(ana=BOTH, bo=BOTH, cy="mentee")
    program = PROGRAM.model_copy(update={"rules": (mm.Require(required),)})
    matching = mm.match(people, program)
    assert made <= arrows(matching)
    assert matching.certificate.verify(people, program).ok


def test_two_required_partners_in_one_role_are_refused() -> None:
    people = cohort(ana=BOTH, bo=BOTH, cy=BOTH)
    program = PROGRAM.model_copy(update={"rules": (mm.Require([("ana", "bo"), ("ana", "cy")]),)})
    with pytest.raises(mm.InfeasibleError, match=r"'ana' to 2 people, .* 1 partner as 'mentor'"):
        mm.match(people, program)
    mm.match(people, program.model_copy(update={"rules": (mm.Require([("ana", "bo")]),)}))


def test_partners_come_with_the_side_on_which_they_would_stand() -> None:
    graph = mm.build_graph(cohort(ana=BOTH, bo=BOTH, cy="mentor"), PROGRAM)
    assert [(one.id, one.side) for one in graph.partners("ana")] == [
        ("bo", "mentee"),
        ("bo", "mentor"),
        ("cy", "mentor"),
    ]


def test_one_person_in_both_roles_is_two_nodes() -> None:
    people = cohort(ana=BOTH, bo=BOTH, cy="mentor")
    graph = mm.build_graph(people, PROGRAM).to_networkx()
    assert nx.is_bipartite(graph)
    assert ("mentor", "ana") in graph
    assert ("mentee", "ana") in graph
    assert not graph.has_edge(("mentor", "ana"), ("mentee", "ana"))
    assert graph.number_of_nodes() == 5
    assert graph.nodes["mentor", "cy"] == {"name": "cy", "bipartite": 0}


def test_equal_rings_are_decided_by_the_seed_not_by_the_order_of_rows() -> None:
    """Ana to Bo to Cy, or the other way round: draws that only saw two ids would tie."""
    roles = {"ana": BOTH, "bo": BOTH, "cy": BOTH}
    one_way = PROGRAM.model_copy(update={"score": mm.OneWay(teacher="a")})
    found = set()
    for seed in range(40):
        rings = set()
        for people in (cohort(**roles), _reordered(cohort(**roles))):
            rings.add(frozenset(arrows(mm.match(people, one_way, seed=seed))))
        assert len(rings) == 1
        found |= rings
    assert len(found) > 1


def _reordered(people: mm.Cohort) -> mm.Cohort:
    return mm.Cohort.from_participants(list(people)[::-1])


def test_files_and_tables_name_the_side_of_who_is_left_over(tmp_path: Any) -> None:
    matching = mm.match(cohort(ana=BOTH, bo="mentee"), PROGRAM)
    matching.to_csv(tmp_path / "pairs.csv", unmatched=tmp_path / "unmatched.csv")
    assert "ana,ana,mentee,nobody to teach them what they wish for" in (
        tmp_path / "unmatched.csv"
    ).read_text("utf-8")
