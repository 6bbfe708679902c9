"""Several partners: what programs and people ask for, and what is said where it cannot be."""

import copy
import pickle
from dataclasses import replace
from typing import Any

import pytest

import mentormatch as mm
from mentormatch.assign.limits import Limits
from mentormatch.matching.sides_proof import SidesCertificate
from mentormatch.solving import several
from mentormatch.solving.sides import split

SIDES = mm.Sides(by="rank", at_least=5, names=("mentor", "mentee"))
RECORDS: dict[str, dict[str, Any]] = {
    "ana": {"rank": 6, "teaches": "sql; go", "wants": "R"},
    "bo": {"rank": 6, "teaches": "sql", "wants": "R"},
    "m0": {"rank": 1, "teaches": "R", "wants": "sql; go"},
    "m1": {"rank": 1, "teaches": "R", "wants": "sql; go"},
    "m2": {"rank": 1, "teaches": "R", "wants": "sql; go"},
    "m3": {"rank": 1, "teaches": "R", "wants": "sql; go"},
}


def people(**changes: dict[str, Any]) -> mm.Cohort:
    everybody = dict.fromkeys((*RECORDS, *changes))
    return mm.read_records(
        [{"id": one, **RECORDS.get(one, {}), **changes.get(one, {})} for one in everybody]
    )


def program(rules: Any = (), objective: Any = "people_then_score", **format_: Any) -> mm.Program:
    wanted = {"sides": SIDES, "capacity": (3, 1), **format_}
    return mm.Program(format=mm.Pairs(**wanted), rules=rules, objective=objective)


def matched(asked: mm.Program, **changes: dict[str, Any]) -> mm.Matching:
    """The matching, its proof checked."""
    matching = mm.match(people(**changes), asked)
    found = matching.certificate.verify(people(**changes), asked)
    assert found.ok, found.violations
    assert matching.status is mm.Status.OPTIMAL
    return matching


def loads(matching: mm.Matching, side: str = "a") -> dict[str, int]:
    ends = [getattr(pair, side) for pair in matching.pairs]
    return {person: ends.count(person) for person in sorted(set(ends))}


def proof_of(matching: mm.Matching) -> SidesCertificate:
    assert isinstance(matching.certificate, SidesCertificate)
    return matching.certificate


def test_a_mentor_has_three_mentees() -> None:
    matching = matched(program())
    assert loads(matching) == {"ana": 3, "bo": 1}
    assert "4 pairs of 6 people, 0 unmatched, 0 take no part; total 3.6667, proven" in str(matching)
    assert matching.unmatched == ()
    assert '"solver": "places"' in matching.to_json()


def test_people_count_and_not_pairs() -> None:
    """One mentee each is six people served; the best three alone would be pairs of five."""
    changes = {"bo": {"teaches": "go:2", "wants": "R; python; java"}}
    assert loads(matched(program(capacity=(4, 1)), **changes)) == {"ana": 3, "bo": 1}
    assert loads(matched(program(capacity=(4, 1), objective="score"), **changes)) == {"ana": 4}


def test_a_persons_own_number_wins_over_the_programs() -> None:
    assert loads(matched(program(), ana={"capacity": 1})) == {"ana": 1, "bo": 3}
    assert loads(matched(program(capacity=1), bo={"capacity": 2})) == {"ana": 1, "bo": 2}
    # What the program asks for gives way to what a person says, on either end.
    assert loads(matched(program(at_least=(2, 0)), ana={"capacity": 1})) == {"ana": 1, "bo": 3}
    assert loads(matched(program(capacity=1), bo={"at_least": 3})) == {"ana": 1, "bo": 3}
    assert loads(matched(program(at_least=(2, 0)), bo={"at_least": 0})) == {"ana": 3, "bo": 1}


def test_a_minimum_is_met_at_the_expense_of_the_total() -> None:
    matching = matched(program(at_least=(2, 0)))
    assert loads(matching) == {"ana": 2, "bo": 2}
    assert matching.total < matched(program()).total
    proof = proof_of(matching)
    assert proof.capacities == ({"ana": 3, "bo": 3}, {})
    assert proof.minima == ({"ana": 2, "bo": 2}, {})
    assert proof.minimum_prices[0]["bo"] > 0.0


def test_both_sides_may_have_several() -> None:
    matching = matched(program(capacity=(3, 2)))
    assert loads(matching) == {"ana": 3, "bo": 3}
    assert max(loads(matching, "b").values()) == 2


def test_nobody_asked_for_more_is_as_before() -> None:
    assert split(people(), mm.Pairs(sides=SIDES)).capacities is None
    assert split(people(ana={"capacity": 1}), mm.Pairs(sides=SIDES)).capacities is None
    found = split(people(ana={"at_least": 1}), mm.Pairs(sides=SIDES)).capacities
    assert found is not None
    assert found.row_minimum.tolist() == [1, 0]


def test_somebody_in_both_roles_has_as_many_in_each() -> None:
    both = "mentor; mentee"
    cohort = mm.read_records(
        [
            {"id": "ana", "roles": both, "capacity": 2, "teaches": "x", "wants": "y"},
            *({"id": f"y{n}", "roles": both, "teaches": "y", "wants": "x"} for n in range(2)),
        ]
    )
    sides = mm.Sides(by="roles", a=["mentor"], b=["mentee"], names=("mentor", "mentee"))
    asked = mm.Program(format=mm.Pairs(sides=sides))
    matching = mm.match(cohort, asked)
    assert matching.certificate.verify(cohort, asked).ok
    assert loads(matching) == {"ana": 2, "y0": 1, "y1": 1}
    assert loads(matching, "b") == {"ana": 2, "y0": 1, "y1": 1}


@pytest.mark.parametrize("objective", ["people_then_score", "score"])
def test_a_required_pair_fills_one_place_and_others_fill_the_rest(objective: str) -> None:
    asked = program([mm.Require([("m1", "bo")])], objective)
    matching = matched(asked)
    assert ("bo", "m1") in {(pair.a, pair.b) for pair in matching.pairs}
    assert loads(matching) == {"ana": 3, "bo": 1}
    again = mm.Matching.from_json(matching.to_json()).attach(people(), asked)
    assert again.to_json() == matching.to_json()


@pytest.mark.parametrize("objective", ["people_then_score", "score"])
def test_a_required_pair_is_made_at_score_zero_and_at_a_loss(objective: str) -> None:
    changes = {"m3": {"teaches": "", "wants": ""}}
    asked = program([mm.Require([("bo", "m3"), ("bo", "m2")])], objective, capacity=(2, 2))
    matching = matched(asked, **changes)
    assert {("bo", "m2"), ("bo", "m3")} <= {(pair.a, pair.b) for pair in matching.pairs}
    assert loads(matching) == {"ana": 2, "bo": 2}
    assert any(price < 0.0 for *_, price in proof_of(matching).pair_prices)


def test_nobody_is_promised_to_more_than_they_can_have() -> None:
    pairs = [("ana", "m0"), ("ana", "m1"), ("bo", "m0")]
    with pytest.raises(mm.InfeasibleError) as error:
        matched(program([mm.Require(pairs)], capacity=(2, 1)))
    assert str(error.value) == (
        "'require' promises 'm0' to 2 people, who can have 1 partner as 'mentee'; keep one of the "
        "pairs"
    )
    pairs = [("ana", f"m{number}") for number in range(3)]
    with pytest.raises(mm.InfeasibleError, match="can have 2 partners as 'mentor'; keep 2 of"):
        matched(program([mm.Require(pairs)], capacity=(2, 1)))


def test_a_shortage_names_whom_it_concerns_and_how_many_are_missing() -> None:
    with pytest.raises(mm.InfeasibleError) as error:
        matched(program(at_least=(3, 0)))
    assert str(error.value) == (
        "at_least asks for too much: as 'mentor', ana, bo must have 6 partners in all and can have "
        "4 at most, 2 too few; lower at_least for them, raise the capacity of m0, m1, m2, m3, or "
        "allow more pairs"
    )


def test_all_who_have_too_few_pairs_are_named_at_once() -> None:
    with pytest.raises(mm.InfeasibleError) as error:
        matched(program(at_least=1), bo={"wants": ""}, m0={"wants": ""}, m2={"teaches": "x"})
    mentor, mentee = str(error.value).splitlines()
    assert "as 'mentor', bo must have 1 partner in all and can have 0 at most, 1 too" in mentor
    assert "as 'mentee', m0, m2 must have 2 partners in all and can have 0 at most, 2" in mentee


def test_a_shortage_beside_required_pairs_names_people_alone() -> None:
    with pytest.raises(mm.InfeasibleError, match="as 'mentor', ana, bo must have 6 partners"):
        matched(program([mm.Require([("ana", "m0")])], at_least=(3, 0)))


@pytest.mark.parametrize(
    ("rules", "changes"),
    [
        ([mm.Forbid([("bo", "m0")])], {}),
        ([], {"m0": {"declines": "bo"}}),
        ([], {"bo": {"declines": "m0"}}),
        ([], {"m0": {"wants": "go"}}),
    ],
    ids=["forbidden", "declined", "was declined", "nothing to exchange"],
)
def test_a_shortage_does_not_tell_why(rules: Any, changes: dict[str, Any]) -> None:
    asked = program(rules, at_least=(0, 1))
    with pytest.raises(mm.InfeasibleError) as error:
        matched(asked, ana={"capacity": 0}, **changes)
    assert str(error.value) == (
        "at_least asks for too much: as 'mentee', m0 must have 1 partner in all and can have 0 at "
        "most, 1 too few; lower at_least for them, or allow more pairs"
    )


def test_more_pairs_than_can_be_held_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "MOST_PAIRS", 7)
    with pytest.raises(mm.ProgramError, match="more than 7 pairs are allowed between these 2 x 4"):
        matched(program())
    monkeypatch.setattr(several, "MOST_PAIRS", 8)
    matched(program())


def test_an_earlier_matching_is_a_start_with_and_without_promises() -> None:
    asked = program([mm.Require([("bo", "m1")])], capacity=(3, 2))
    expected = matched(asked)
    for start in (matched(program(capacity=1)), matched(program()), expected):
        assert mm.match(people(), asked, start=start).to_records() == expected.to_records()


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_proof_survives_copying(copied: Any) -> None:
    asked = program(at_least=(2, 0))
    again = copied(proof_of(matched(asked)))
    assert again.verify(people(), asked).ok
    with pytest.raises(TypeError):
        again.capacities[0]["ana"] = 9


def forged(asked: mm.Program, **changes: Any) -> tuple[str, ...]:
    proof = replace(proof_of(matched(asked)), **changes)
    found = proof.verify(people(), asked)
    assert not found.ok
    return found.violations


def test_who_is_in_too_many_pairs_or_in_too_few_is_named() -> None:
    asked = program(at_least=(1, 1))
    proof = proof_of(matched(asked))
    to_ana = tuple(("ana", f"m{number}") for number in range(4))
    says = forged(asked, pairs=to_ana, scores=(1.0,) * 4)
    assert "ana is in 4 pairs" in says
    assert "bo is in 0 pairs, and must be in 1" in says
    twice = (*proof.pairs[:-1], proof.pairs[0])
    says = forged(asked, pairs=twice, scores=(*proof.scores[:-1], proof.scores[0]))
    a, b = proof.pairs[0]
    assert f"{a} and {b} are a pair 2 times" in says


def test_prices_of_loads_that_are_none_are_named() -> None:
    asked = program(at_least=(2, 0))
    a, b = proof_of(matched(asked)).pairs[0]
    other = a, "zoe"
    for name, value, says in (
        ("pair_prices", ((a, b, -0.5),), f"{a} and {b} have the price -0.5 of their own"),
        ("pair_prices", ((a, b, 0.5),) * 2, f"{a} and {b} have two prices of their own"),
        ("count_pair_prices", ((*other, 0.5),), "have a count price of their own, but are no pair"),
        ("minimum_prices", ({"zoe": 0.5}, {}), "the minimum of zoe has a price, but nobody"),
        ("minimum_prices", ({"ana": -0.5}, {}), "the minimum of ana has the price -0.5"),
        ("minimum_prices", ({"ana": 1e-300}, {}), "and that of their minimum differ by too much"),
        ("count_minimum_prices", ({},), "not one table of count prices of minima"),
        ("capacities", ({"ana": 3}, {}), "the capacities are not what profiles and program say"),
        ("minima", ({}, {}), "the minima are not what profiles and program say"),
    ):
        found = forged(asked, **{name: value})
        assert says in "; ".join(found), found


def test_other_capacities_are_other_people() -> None:
    proof = proof_of(matched(program()))
    assert not proof.verify(people(ana={"capacity": 2}), program()).ok
    assert not proof.verify(people(), program(capacity=(2, 1))).ok
    assert not proof.verify(people(), program(at_least=(1, 0))).ok
    assert not proof.verify(people(), program(capacity=1)).ok


def test_an_answer_before_its_time_says_how_many_more_could_be_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Limits, "are_over", property(lambda one: bool(one.deadline)))
    found = mm.match(people(), program(), time_limit=3600.0)
    assert found.status is mm.Status.FEASIBLE
    assert found.certificate.count_gap == 3.0
    assert "at most 6 more served; with as many people, at most " in str(found)
