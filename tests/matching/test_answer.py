from dataclasses import FrozenInstanceError, asdict

import pytest

import mentormatch as mm
from tests.matching.examples import PROGRAM, SIDES, crowd, matching, people


def test_a_pair_says_who_why_and_how_good() -> None:
    assert asdict(matching(di={"wants": ""}).pairs[0]) == {
        "a": "ana",
        "b": "cy",
        "score": 1.0,
        "a_teaches": ("hiring", "leading"),
        "b_teaches": ("sql",),
        "a_benefit": 1.0,
        "b_benefit": 1.0,
        "a_name": "Ana Silva",
        "b_name": "Cy Young",
        "preference": 0.0,
        "together": (),
    }


def test_what_counts_most_is_named_first() -> None:
    found = mm.match(people(cy={"wants": "leading:1; hiring:5"}, di={"wants": ""}), PROGRAM)
    assert found.pairs[0].a_teaches == ("hiring", "leading")
    found = mm.match(people(cy={"wants": "leading:5; hiring:1"}, di={"wants": ""}), PROGRAM)
    assert found.pairs[0].a_teaches == ("leading", "hiring")


def test_pairs_are_best_first_and_by_id_among_equals() -> None:
    scores = [pair.score for pair in matching().pairs]
    assert scores == sorted(scores, reverse=True)
    ids = [pair.a for pair in crowd(30).pairs]
    assert ids == sorted(ids)


def test_pairs_are_a_sequence() -> None:
    pairs = crowd(3).pairs
    assert len(pairs) == 3
    assert repr(pairs) == "<3 pairs>"
    assert pairs[-1] == pairs[2] == list(pairs)[2]
    assert pairs[1:] == (pairs[1], pairs[2])
    assert pairs[0] in pairs
    for outside in (3, -4):
        with pytest.raises(IndexError, match="of 3"):
            pairs[outside]


def test_a_pair_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        matching().pairs[0].a = "gus"  # type: ignore[misc]


def test_everybody_without_a_partner_is_given_the_reason() -> None:
    program = mm.Program(format=SIDES, rules=[mm.Different("team", missing="allow")])
    found = mm.match(
        people(
            hal={"rank": 1, "teaches": "sql", "wants": "hiring", "team": "x"},
            ana={"team": "x"},
            bea={"team": "x"},
            cy={"team": "y"},
        ),
        program,
    )
    codes = {one.id: (one.side, one.code) for one in found.unmatched}
    assert codes == {
        "ed": ("newcomer", "no_learner"),
        "hal": ("newcomer", "ruled_out"),
    }
    assert "the rules allow none" in found.unmatched[1].reason


def test_who_could_have_been_paired_is_told_apart() -> None:
    found = matching(hal={"rank": 1, "teaches": "sql", "wants": "hiring:1; drawing:9"})
    assert len(found.pairs) == 2
    assert {one.code for one in found.unmatched if one.id != "ed"} == {"outcompeted"}


def test_a_decline_is_no_rule_that_is_told() -> None:
    found = matching(cy={"declines": "ana; bea"})
    assert {one.id: one.code for one in found.unmatched}["cy"] == "outcompeted"


def test_who_takes_no_part_is_listed_by_id_with_the_reason() -> None:
    assert [(one.id, one.name, one.reason) for one in matching().taking_no_part] == [
        ("flo", "flo", "rank is blank"),
        ("gus", "gus", "capacity is 0"),
    ]


def test_one_direction_leaves_the_other_empty() -> None:
    program = mm.Program(format=SIDES, score=mm.OneWay(teacher="b"))
    pair = mm.match(people(), program).pairs[0]
    assert pair.a_teaches == ()
    assert pair.b_teaches == ("sql",)
