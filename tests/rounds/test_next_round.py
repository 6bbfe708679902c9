"""From round to round: nobody meets a past partner, and who waited comes first."""

from typing import Any

import pytest

import mentormatch as mm
from mentormatch.synthetic import workforce

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

SIDES = mm.Pairs(sides=mm.Sides(by="rank", at_least=5))
PROGRAM = mm.Program(format=SIDES)
PEOPLE: list[dict[str, Any]] = [
    {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql; go"},
    {"id": "bo", "rank": 1, "teaches": "sql; go", "wants": "leading"},
    {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading"},
    {"id": "di", "rank": 1, "teaches": "go:2", "wants": "leading"},
]


def people(**changes: dict[str, Any]) -> mm.Cohort:
    return mm.read_records([{**one, **changes.get(one["id"], {})} for one in PEOPLE])


def past(*pairs: tuple[str, str], unmatched: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"pairs": [list(pair) for pair in pairs], "unmatched": list(unmatched)}


def waits(found: mm.NextRound) -> dict[str, float]:
    return dict(zip(found.people.ids, found.people.numbers("waited").tolist(), strict=True))


def test_everybody_has_their_turn() -> None:
    cohort, served = people(), []
    history: list[mm.Matching] = []
    for _ in range(3):
        found = mm.next_round(cohort, history).match(PROGRAM)
        assert found.status is mm.Status.OPTIMAL
        history.append(found.matching)
        served += [pair.b for pair in found.matching.pairs]
    assert sorted(served) == ["bo", "cy", "di"]
    last = mm.next_round(cohort, history).match(PROGRAM)
    assert not last.matching.pairs


def test_plain_data_says_what_a_matching_says() -> None:
    cohort = people()
    matching = mm.match(cohort, PROGRAM)
    record = mm.Matching.from_json(matching.to_json())
    plain = past(
        *[(pair.a, pair.b) for pair in matching.pairs],
        unmatched=tuple(one.id for one in matching.unmatched),
    )
    found = [mm.next_round(cohort, [one]) for one in (matching, record, plain)]
    assert len({one.people.digest("key") for one in found}) == 1
    assert {one.waited for one in found} == {("cy", "di")}


def test_past_partners_stay_apart_for_ever_or_for_some_rounds() -> None:
    history = [past(("ana", "bo")), past(("ana", "cy"))]
    cohort = people(ana={"past_partners": "di"})
    for rest, apart in ((None, "bo cy di"), (1, "cy di"), (0, "di"), (9, "bo cy di")):
        later = mm.next_round(cohort, history, rest=rest).people
        met = [
            one for one in ("bo", "cy", "di") if later.are_paired_before(0, later.row(one)).item()
        ]
        assert " ".join(met) == apart
    with pytest.raises(ValueError, match="rest is -1"):
        mm.next_round(cohort, history, rest=-1)


def test_rounds_in_a_row_are_counted_and_one_partner_ends_them() -> None:
    history = [
        past(("ana", "bo"), unmatched=("cy", "di")),
        past(("ana", "di"), unmatched=("bo", "cy")),
        past(unmatched=("bo", "cy", "gone")),
    ]
    assert waits(mm.next_round(people(), history)) == {"ana": 0, "bo": 2, "cy": 3, "di": 0}
    before = people(cy={"waited": 4}, bo={"waited": 4})
    assert waits(mm.next_round(before, history)) == {"ana": 0, "bo": 2, "cy": 7, "di": 0}
    assert waits(mm.next_round(before, [])) == {"ana": 0, "bo": 4, "cy": 4, "di": 0}


def test_all_rounds_at_once_lead_where_one_after_the_other_does() -> None:
    first = past(("ana", "bo"), unmatched=("cy", "di"))
    second = past(("ana", "cy"), unmatched=("bo", "di"))
    whole = mm.next_round(people(), [first, second])
    step = mm.next_round(mm.next_round(people(), [first]).people, [second])
    assert step.people.digest("key") == whole.people.digest("key")
    assert step.waited == whole.waited == ("bo", "di")
    assert waits(step) == {"ana": 0, "bo": 1, "cy": 0, "di": 2}


def test_who_is_declined_may_be_gone_where_the_organisation_knows_them() -> None:
    known = mm.read_records(PEOPLE[:2], organisation=people().organisation)
    later = mm.next_round(known, [], declines={"ana": ["cy"]}).people
    assert later.participant("ana").declines == ("cy",)
    with pytest.raises(mm.ProfileErrors, match="of these or of the organisation"):
        mm.next_round(mm.read_records(PEOPLE[:2]), [], declines={"ana": ["cy"]})


def test_who_has_somebody_in_one_of_two_roles_has_not_waited() -> None:
    history = [past(("ana", "bo"), unmatched=("ana", "cy"))]
    assert mm.next_round(people(), history).waited == ("cy",)


def test_the_joiner_of_a_trio_has_met_both() -> None:
    cohort = mm.read_records([{"id": one, "wants": "sql"} for one in ("ana", "bo", "cy")])
    matching = mm.match(cohort, mm.Program(format=mm.Buddies(allow_trio=True)))
    assert matching.trio is not None
    found = mm.next_round(cohort, [matching])
    assert found.people.are_paired_before([0, 0, 1], [1, 2, 2]).all()
    assert found.waited == ()


def test_wishes_that_were_met_are_known_and_teach_nobody_any_more() -> None:
    learned: dict[str, Any] = {"ana": ["SQL"], "bo": {"leading": 0.5}}
    found = mm.next_round(people(bo={"knows": "leading:4"}), [], learned=learned)
    ana, bo, *_ = found.people
    assert (ana.knows, bo.knows) == ({"sql": 1.0}, {"leading": 0.8})
    assert ana.wants == people().participant("ana").wants
    graph = mm.build_graph(found.people, PROGRAM)
    assert {one.id: one.learns for one in graph.partners("ana")} == {
        "bo": ("go",),
        "di": ("go",),
    }


def test_who_is_not_wanted_again_is_declined_and_wished_for_no_more() -> None:
    cohort = people(ana={"prefers": "bo; cy", "declines": "di"})
    found = mm.next_round(cohort, [], declines={"ana": ["bo"]})
    ana = found.people.participant("ana")
    assert (set(ana.declines), ana.prefers) == ({"di", "bo"}, ("cy",))
    assert found.match(PROGRAM).matching.pairs[0].b == "cy"


def test_the_rule_about_past_partners_is_added_once() -> None:
    found = mm.next_round(people(), [])
    with_rule = found.program(PROGRAM)
    assert with_rule.rules == (mm.NotPairedBefore(),)
    assert found.program(with_rule) is with_rule


def test_what_is_no_history_is_said_at_once() -> None:
    wrong: Any
    for wrong in (
        {"pairs": []},
        {"pairs": [["ana"]], "unmatched": []},
        {"pairs": [["ana", 7]], "unmatched": []},
        {"pairs": [], "unmatched": "ana"},
        ["ana"],
    ):
        with pytest.raises(mm.ProgramError, match="round 2 of the history is neither"):
            mm.next_round(people(), [past(), wrong])
    with pytest.raises(mm.ProfileErrors) as caught:
        mm.next_round(people(), [], learned={"ana": ["chess"], "bo": {"leading": 7.0}})
    assert [(fault.person, fault.field) for fault in caught.value.faults] == [
        ("ana", "learned"),
        ("bo", "learned: leading"),
    ]
    assert "Known: go, sql" in str(caught.value)
    with pytest.raises(mm.ProgramError, match="nobody has the id 'zoe'"):
        mm.next_round(people(), [], declines={"zoe": ["ana"]})


@pytest.mark.parametrize("format_", [mm.Pairs(), mm.Pairs(sides=mm.Sides(by="tenure", at_least=5))])
def test_over_four_rounds_nobody_meets_twice_and_who_waited_is_served_first(format_: Any) -> None:
    cohort = workforce(300, seed=9, skills=40)
    program = mm.Program(format=format_, rules=[mm.Different("department")])
    history: list[mm.Matching] = []
    met: set[frozenset[str]] = set()
    for number in range(4):
        step = mm.next_round(cohort, history)
        found = step.match(program, seed=number)
        assert found.status is mm.Status.OPTIMAL
        assert found.verify(step.people).ok
        pairs = {frozenset(pair) for pair in found.matching.certificate.pairs}
        assert not pairs & met
        met |= pairs
        single = {one.id for one in history[-1].unmatched} if history else set()
        assert set(step.waited) == single
        served = {person for pair in pairs for person in pair}
        assert found.served == len(single & served)
        history.append(found.matching)
    assert len(met) == sum(len(one.pairs) for one in history)
