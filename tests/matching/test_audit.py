"""The audit, against counting by hand."""

import json
from typing import Any

import pytest
from hypothesis import given

import mentormatch as mm
from mentormatch.exchange import source
from mentormatch.matching.audit_parts import FEWEST, Group
from mentormatch.solving import two_sides
from tests import oracles
from tests.property.test_match_laws import solved
from tests.strategies import cohort_of, pools, profiles, programs

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

SIDES = mm.Sides(by="rank", at_least=5)
PEOPLE = [
    {"id": "ana", "rank": 6, "department": "IT", "teaches": "leading", "wants": "sql; R"},
    {"id": "bo", "rank": 1, "department": "HR", "teaches": "sql", "wants": "leading"},
    {"id": "cy", "rank": 1, "department": "IT", "teaches": "sewing", "wants": "chess"},
]


def audit(*attributes: str, people: Any = PEOPLE, program: Any = None) -> Any:
    program = program or mm.Program(format=mm.Pairs(sides=SIDES))
    return mm.match(mm.read_records(people), program).audit(attributes)


def test_the_parts_of_a_small_answer() -> None:
    found = audit("department")
    assert found.spread.median == pytest.approx(2 / 3)
    assert found.spread.worst_off == ("ana", "bo")
    assert [(one.wishes, one.people, one.learning, one.benefit) for one in found.wishes] == [
        (1, 2, 1, 1.0),
        (2, 1, 1, 0.5),
    ]
    assert found.bridges.departments == ("HR", "IT")
    assert found.bridges.pairs == ((0, 1), (1, 0))
    assert (found.bridges.across, found.bridges.parts) == (1.0, 1)
    assert (found.ranks.from_below, found.ranks.from_above) == (1, 1)
    assert found.unwanted == ("sewing",)
    assert found.unoffered == ("R", "chess")


def test_groups_that_could_give_somebody_away_are_suppressed() -> None:
    few = audit("department").groups
    assert few == (
        Group("department", "HR", 1, None, None, None, None),
        Group("department", "IT", 2, None, None, None, None),
    )
    many = [{**one, "id": f"{one['id']}{number}"} for one in PEOPLE for number in range(FEWEST)]
    hr, it = audit("department", people=many).groups
    assert (hr.people, hr.rate, hr.benefit, hr.rate_ratio) == (5, 1.0, 1.0, 1.0)
    assert (it.people, it.rate, it.benefit, it.benefit_ratio) == (10, 0.5, 0.5, 0.5)


def test_sensitive_groups_are_for_the_auditor_alone() -> None:
    found = audit("gender", people=[{**one, "gender": "x"} for one in PEOPLE])
    assert "gender" in found.text("auditor")
    assert "gender" not in str(found)
    with pytest.raises(ValueError, match="'coordinator' or 'auditor'"):
        found.text("participant")


def test_an_audit_is_plain_data() -> None:
    data = json.loads(json.dumps(audit("department").to_dict()))
    assert data["ranks"]["from_below"] == 1
    assert data["groups"][0]["rate"] is None


def test_an_answer_without_pairs_has_an_audit() -> None:
    people = [{"id": "ana", "rank": 6}, {"id": "bo", "rank": 1}]
    found = audit(people=people)
    assert found.spread.worst_off == ()
    assert found.bridges is None
    assert "there are no pairs" in str(found)
    assert "nobody's is known" in str(found)


def test_where_one_of_a_pair_learns_nobody_is_better_off_with_another() -> None:
    program = mm.Program(format=mm.Pairs(sides=SIDES), score=mm.OneWay())
    assert audit(program=program).blocking is None


def test_a_record_must_be_attached_first() -> None:
    people, program = mm.read_records(PEOPLE), mm.Program(format=mm.Pairs(sides=SIDES))
    kept = mm.Matching.from_json(mm.match(people, program).to_json())
    with pytest.raises(mm.RecordError, match="attach it"):
        kept.audit()
    assert kept.attach(people, program).audit() == audit()


def both_gain(people: list[mm.Participant], matching: mm.Matching, program: Any) -> set[Any]:
    """Allowed pairs whose two people would both receive more, from the definitions."""
    received = {one.id: 0.0 for one in people}
    for pair in matching.pairs:
        received[pair.a] = max(received[pair.a], pair.a_benefit)
        received[pair.b] = max(received[pair.b], pair.b_benefit)
    graph = mm.build_graph(cohort_of(people), program)
    found = set()
    person = {one.id: one for one in people}
    for a, b in zip(graph.a.tolist(), graph.b.tolist(), strict=True):
        one, other = person[graph.a_ids[a]], person[graph.b_ids[b]]
        counted = program.score.wishes_counted
        gains = [
            oracles.benefit(other, one, counted) - received[one.id],
            oracles.benefit(one, other, counted) - received[other.id],
        ]
        if min(gains) > 1e-12:
            found.add(frozenset((one.id, other.id)))
    return found


@given(profiles(most=10), programs() | pools())
def test_blocking_pairs_are_those_who_would_both_gain(
    people: list[mm.Participant], program: mm.Program
) -> None:
    matching = solved(people, program)
    found = matching.audit().blocking
    if found is None:
        assert isinstance(program.score, mm.OneWay)
        return
    expected = both_gain(people, matching, program)
    assert set(map(frozenset, found.pairs)) == expected or len(expected) > 20


@given(profiles(most=10), programs())
def test_the_way_of_solving_changes_no_audit(
    people: list[mm.Participant], program: mm.Program
) -> None:
    held = solved(people, program).audit(["department"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(two_sides, "MOST_HELD", -1)
        patch.setattr(source, "FEW", 1)
        priced = solved(people, program).audit(["department"])
    assert held == priced


def test_departments_that_no_pair_joins_fall_apart() -> None:
    people = [
        {"id": "ana", "department": "A", "teaches": "sql", "wants": "R"},
        {"id": "bo", "department": "B", "teaches": "R", "wants": "sql"},
        {"id": "cy", "department": "C", "teaches": "sewing", "wants": "chess"},
        {"id": "di", "teaches": "chess", "wants": "sewing"},
    ]
    found = audit(people=people, program=mm.Program()).bridges
    assert found.departments == ("A", "B", "C")
    assert found.pairs == ((0, 1, 0), (1, 0, 0), (0, 0, 0))
    assert found.parts == 2
    assert "fall into 2 parts" in str(audit(people=people, program=mm.Program()))
