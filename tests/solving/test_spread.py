"""Partners of different groups: what programs ask for, its proof, and what is refused."""

import json
from dataclasses import replace
from typing import Any

import pytest

import mentormatch as mm
from mentormatch.matching.sides_proof import SidesCertificate
from mentormatch.solving.divided import divided

SIDES = mm.Sides(by="rank", at_least=5, names=("mentor", "mentee"))
MENTEE = {"rank": 1, "teaches": "R", "wants": "sql; go"}
RECORDS: dict[str, dict[str, Any]] = {
    "ana": {"rank": 6, "department": "IT", "teaches": "sql; go", "wants": "R"},
    "bo": {"rank": 6, "department": "HR", "teaches": "sql", "wants": "R"},
    "m0": {"department": "IT", **MENTEE},
    "m1": {"department": " it ", **MENTEE},
    "m2": {"department": "IT", **MENTEE},
    "m3": {"department": "HR", **MENTEE},
}
SPREAD = mm.Spread("department", side="a")


def people(**changes: dict[str, Any]) -> mm.Cohort:
    return mm.read_records(
        [{"id": one, **record, **changes.get(one, {})} for one, record in RECORDS.items()]
    )


def program(*rules: Any, objective: Any = "people_then_score", **format_: Any) -> mm.Program:
    wanted = {"sides": SIDES, "capacity": (3, 1), **format_}
    return mm.Program(format=mm.Pairs(**wanted), rules=rules or (SPREAD,), objective=objective)


def matched(asked: mm.Program, **changes: dict[str, Any]) -> mm.Matching:
    """The matching, its proof checked and its record read again."""
    cohort = people(**changes)
    matching = mm.match(cohort, asked)
    found = matching.certificate.verify(cohort, asked)
    assert found.ok, found.violations
    assert matching.status is mm.Status.OPTIMAL
    again = mm.Matching.from_json(matching.to_json()).attach(cohort, asked)
    assert again.to_json() == matching.to_json()
    return matching


def proof_of(matching: mm.Matching) -> SidesCertificate:
    assert isinstance(matching.certificate, SidesCertificate)
    return matching.certificate


def pairs_of(matching: mm.Matching) -> set[tuple[str, str]]:
    return {(pair.a, pair.b) for pair in matching.pairs}


def partners(matching: mm.Matching, person: str) -> list[str]:
    """The departments of somebody's partners."""
    return sorted(
        RECORDS[b]["department"].strip().upper() for a, b in pairs_of(matching) if a == person
    )


@pytest.mark.parametrize("objective", ["people_then_score", "score", "floor_then_score"])
def test_partners_come_from_different_departments(objective: str) -> None:
    matching = matched(program(objective=objective))
    assert partners(matching, "ana") in (["HR", "IT"], ["IT"])
    assert partners(matching, "bo") in (["HR", "IT"], ["IT"])
    assert len(matching.pairs) == 3
    free = mm.match(people(), program(mm.NotPairedBefore(), objective=objective))
    assert len(free.pairs) == 4


def test_two_of_a_department_may_be_more_than_one() -> None:
    assert len(matched(program(mm.Spread("department", 2, side="a"))).pairs) == 4


def test_either_side_may_be_counted() -> None:
    """Mentees with two mentors have them from IT and HR; both mentors may have mentees of one."""
    counted = mm.Spread("department", side="b")
    both = matched(program(counted, capacity=(4, 2)))
    assert len(both.pairs) == 8
    alike = matched(program(counted, capacity=(4, 2)), bo={"department": "IT"})
    assert len(alike.pairs) == 4
    assert proof_of(alike).most_of_one == (None, 1)
    assert any(proof_of(alike).spread_prices[1])


def test_either_side_may_be_counted_by_an_attribute_of_its_own() -> None:
    rules = mm.Spread("department", side="a"), mm.Spread("rank", side="b")
    matching = matched(program(*rules, capacity=(4, 2)))
    assert len(matching.pairs) == 3
    assert divided(people(), program(*rules, capacity=(4, 2))).groups == (("HR", "IT"), ("1", "6"))


def test_the_price_of_a_group_is_in_proof_and_record() -> None:
    asked = program(objective="score")
    matching = matched(asked)
    proof = proof_of(matching)
    assert proof.most_of_one == (1, None)
    [(who, group, price)] = [one for one in proof.spread_prices[0] if one[0] == "ana"]
    assert (who, group) == ("ana", "IT")
    assert price > 0.0
    kept = json.loads(matching.to_json())["certificate"]
    assert kept["most_of_one"] == [1, None]
    assert ["ana", "IT", price] in kept["spread_prices"][0]
    without = replace(proof, spread_prices=((), ()))
    says = "; ".join(without.verify(people(), asked).violations)
    assert "ana and m0 are worth more than their prices" in says


def test_a_blank_is_asked_about_or_no_group() -> None:
    with pytest.raises(mm.ProgramError, match=r'blank for 1 of 4 people: m1.*"allow"$'):
        mm.match(people(m1={"department": ""}), program())
    # Nobody counts the mentors of mentees.
    matched(program(), bo={"department": ""})
    allowing = mm.Spread("department", missing="allow", side="a")
    blank = {"department": ""}
    matching = matched(program(allowing), m0=blank, m1=blank)
    assert len(matching.pairs) == 4


def test_complaints_come_with_those_of_other_rules() -> None:
    with pytest.raises(mm.ProgramError) as error:
        mm.match(people(), program(mm.Same("sit"), mm.Spread("dpartment")))
    assert "no attribute 'sit'" in str(error.value)
    assert "did you mean 'department'?" in str(error.value)
    with pytest.raises(mm.ProgramError, match="languages"):
        mm.match(people(), program(mm.Spread("languages", missing="allow")))


@pytest.mark.parametrize(
    ("asked", "changes"),
    [
        ({"capacity": 1}, {}),
        ({"capacity": (1, 3)}, {}),
        ({}, {"ana": {"capacity": 1}, "bo": {"capacity": 1}}),
    ],
)
def test_a_rule_that_could_change_nothing_is_refused(
    asked: dict[str, Any], changes: dict[str, Any]
) -> None:
    with pytest.raises(mm.ProgramError) as error:
        mm.match(people(**changes), program(**asked))
    assert str(error.value) == (
        "rule 'at most 1 partner of the same department, for side a' changes nothing: there nobody "
        "may have more than 1 partner; raise the capacity, or take the rule out"
    )
    matched(program(**asked), **{**changes, "bo": {"capacity": 2}})


def test_a_capacity_of_a_profile_is_enough() -> None:
    matching = matched(program(capacity=1), ana={"capacity": 4})
    assert len(matching.pairs) == 3


def test_one_partner_is_all_there_is() -> None:
    alone = mm.read_records(
        [{"id": one, **RECORDS[one]} for one in ("ana", "bo", "m0")],
    )
    asked = program(mm.Spread("department", side="a"))
    matching = mm.match(alone, asked)
    assert matching.certificate.verify(alone, asked).ok
    assert len(matching.pairs) == 1


def test_other_formats_and_a_second_count_are_refused() -> None:
    for format_ in (mm.Pairs(), mm.Rings(), mm.Buddies()):
        with pytest.raises(mm.ProgramError, match="only between two sides may anybody have sev"):
            mm.Program(format=format_, rules=[SPREAD])
        unchecked = mm.Program(format=format_).model_copy(update={"rules": (SPREAD,)})
        with pytest.raises(mm.ProgramError, match="only between two sides may anybody have sev"):
            mm.match(people(), unchecked)
    with pytest.raises(mm.ProgramError, match="for side a partners are counted in 2 ways"):
        program(SPREAD, mm.Spread("location"))
    with pytest.raises(mm.ProgramError, match="keep one 'spread' for each side"):
        program(mm.Spread("location", side="b"), mm.Spread("location"))


def test_it_is_no_preference_and_has_no_condition() -> None:
    for rule in (SPREAD, {"kind": "spread", "attribute": "department"}):
        with pytest.raises(mm.ProgramError, match="cannot be a preference: 'spread'"):
            mm.Prefer(rule, 0.1)  # type: ignore[arg-type]
        with pytest.raises(mm.ProgramError, match="'when' cannot hold this rule: 'spread'"):
            mm.When({"rank": 6}, rule)  # type: ignore[arg-type]
    with pytest.raises(mm.ProgramError, match="'when' cannot hold"):
        mm.Prefer(mm.When({"rank": 6}, SPREAD), 0.1)  # type: ignore[arg-type]


def test_a_shortage_names_people_and_groups() -> None:
    changes: dict[str, dict[str, Any]] = {"m3": {"department": "IT"}, "bo": {"at_least": 2}}
    with pytest.raises(mm.InfeasibleError) as error:
        mm.match(people(**changes), program())
    assert str(error.value) == (
        "at_least asks for too much: as 'mentor', bo must have 2 partners in all and can have 1 at "
        "most, 1 too few; lower at_least for them, raise at_most of 'spread' (bo with IT would "
        "need more), or allow more pairs"
    )


def test_a_promised_partner_counts() -> None:
    asked = program(SPREAD, mm.Require([("bo", "m1"), ("bo", "m3")]))
    matching = matched(asked)
    assert {("bo", "m1"), ("bo", "m3")} <= pairs_of(matching)
    assert len(matching.pairs) == 3


def test_nobody_is_promised_to_too_many_of_a_group() -> None:
    asked = program(SPREAD, mm.Require([("bo", "m1"), ("bo", "m0"), ("bo", "m3")]))
    with pytest.raises(mm.InfeasibleError) as error:
        mm.match(people(), asked)
    assert str(error.value) == (
        "'require' promises 'bo' to m0, m1, who are all of 'IT': that breaks the rule 'at most 1 "
        "partner of the same department, for side a'; keep fewer of the pairs, or raise its at_most"
    )


def test_why_not_tells_what_another_partner_of_the_group_costs() -> None:
    matching = matched(program())
    [mine] = [b for a, b in pairs_of(matching) if a == "ana" and b != "m3"]
    other = next(one for one in ("m0", "m1", "m2") if one != mine)
    why = matching.why_not("ana", other)
    assert why.loss is not None
    ended = {(pair.a, pair.b) for pair in why.given_up}
    assert ("ana", mine) in ended
    promised = matched(program(SPREAD, mm.Require([("ana", mine)])))
    assert promised.why_not("ana", other).code == "needed"
    assert "the same department" in matching.explain("ana").text("participant")


def test_the_graph_keeps_every_pair() -> None:
    graph = mm.build_graph(people(), program())
    assert graph.removed == ((str(SPREAD), 0),)
    assert len(graph.a) == 8


def forged(asked: mm.Program, **changes: Any) -> str:
    found = replace(proof_of(matched(asked)), **changes).verify(people(), asked)
    assert not found.ok
    return "; ".join(found.violations)


def test_partners_of_one_group_in_a_proof_are_named() -> None:
    alike = tuple(("ana", f"m{number}") for number in range(3))
    says = forged(program(), pairs=alike, scores=(1.0,) * 3)
    assert "ana has 3 partners of IT, and may have 1" in says


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("most_of_one", (2, None), "of one group is not what the program says"),
        ("most_of_one", (1, 1), "of one group is not what the program says"),
        ("most_of_one", (-(10**30), None), "of one group is not what the program says"),
        ("spread_prices", ((),), "not one table of prices of groups for either side"),
        ("spread_prices", ((("zoe", "IT", 1.0),), ()), "zoe has a price of partners of IT, but no"),
        ("spread_prices", ((("m0", "IT", 1.0),), ()), "m0 has a price of partners of IT, but no"),
        ("spread_prices", ((("ana", "PR", 1.0),), ()), "but by these nobody there counts partners"),
        ("spread_prices", ((), (("m0", "IT", 1.0),)), "but by these nobody there counts partners"),
        ("spread_prices", ((("ana", "IT", -1.0),), ()), "ana has the price -1.0 of partners of IT"),
        ("spread_prices", ((("ana", "IT", 1.0),) * 2, ()), "ana has two prices of partners of IT"),
        (
            "count_spread_prices",
            ((("ana", "IT", float("nan")),), ()),
            "ana has the count price nan",
        ),
        ("spread_prices", ((("ana", "IT", 1e9),), ()), "the prices leave a gap of"),
        ("count_spread_prices", ((("ana", "IT", 0.5),), ()), "count prices"),
    ],
)
def test_a_forged_price_of_a_group_is_named(name: str, value: Any, says: str) -> None:
    assert says in forged(program(), **{name: value})


def test_other_groups_are_other_people() -> None:
    proof = proof_of(matched(program(objective="score")))
    asked = program(objective="score")
    assert proof.verify(people(), asked).ok
    assert not proof.verify(people(m2={"department": "PR"}), asked).ok
    assert not proof.verify(people(), program(mm.NotPairedBefore(), objective="score")).ok
    two = program(mm.Spread("department", 2, side="a"), objective="score")
    assert not proof.verify(people(), two).ok


def test_it_is_read_from_json() -> None:
    asked = program(mm.Spread("department", 2, missing="allow", side="b"), capacity=3)
    data = json.loads(asked.model_dump_json())["rules"]
    assert data == [
        {
            "attribute": "department",
            "at_most": 2,
            "missing": "allow",
            "side": "b",
            "kind": "spread",
        }
    ]
    assert mm.Program.model_validate_json(asked.model_dump_json()) == asked


def test_a_shortage_beside_promises_names_the_same() -> None:
    asked = program(SPREAD, mm.Require([("bo", "m0")]))
    with pytest.raises(mm.InfeasibleError) as error:
        mm.match(people(bo={"at_least": 3}), asked)
    assert "bo must have 3 partners in all and can have 2 at most, 1 too few" in str(error.value)
    assert "raise at_most of 'spread' (bo with IT would need more)" in str(error.value)
