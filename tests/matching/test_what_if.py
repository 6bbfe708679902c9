"""What would be different, against matching anew; and which skills to recruit for."""

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.matching import insight, skill_values
from mentormatch.matching.what_if import WhatIf
from tests.property.test_match_laws import ANY, pairs_of, solved, worth
from tests.strategies import cohort_of, loaded, pools, profiles, programs

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

People = list[mm.Participant]

SIDES = mm.Sides(by="rank", at_least=5)


def is_the_difference(before: mm.Matching, what: WhatIf[mm.Matching], after: mm.Matching) -> None:
    """The same answer as a new match, and every difference to the one before."""
    assert what.matching.total == after.total
    assert what.matching.status is after.status
    assert what.is_exact == (before.status is after.status is mm.Status.OPTIMAL)
    assert pairs_of(what.matching) == pairs_of(after)
    assert what.people == after.certificate.people_served - before.certificate.people_served
    assert what.score == pytest.approx(after.total - before.total, abs=1e-9)
    ended, begun = ({(one.a, one.b) for one in part} for part in (what.ended, what.begun))
    assert (ended, begun) == (
        pairs_of(before) - pairs_of(after),
        pairs_of(after) - pairs_of(before),
    )
    changed = [one.score for one in what.begun] + [-one.score for one in what.ended]
    assert math.fsum(changed) == pytest.approx(what.score, abs=1e-9)
    had, have = ({one for pair in pairs_of(answer) for one in pair} for answer in (before, after))
    assert (set(what.gained), set(what.lost)) == (have - had, had - have)


def again(people: People, program: mm.Program) -> mm.Matching | str:
    try:
        return mm.match(cohort_of(people), program)
    except (mm.ProgramError, mm.InfeasibleError) as error:
        return str(error)


@given(profiles(most=7), ANY, st.data())
def test_without_somebody_is_the_match_in_which_they_take_no_part(
    people: People, program: mm.Program, data: st.DataObject
) -> None:
    before = solved(people, program)
    place = data.draw(st.integers(0, len(people) - 1))
    person = people[place].id
    fewer = [one.model_copy(update={"capacity": 0}) if one.id == person else one for one in people]
    after = again(fewer, program)
    if isinstance(after, str):
        with pytest.raises((mm.ProgramError, mm.InfeasibleError)) as error:
            before.without(person)
        assert str(error.value) == after
        return
    is_the_difference(before, before.without(person), after)


@given(profiles(most=7), ANY)
def test_each_rule_costs_the_difference_to_the_match_without_it(
    people: People, program: mm.Program
) -> None:
    before = solved(people, program)
    prices = before.rule_prices()
    assert [price.rule for price in prices] == [str(rule) for rule in program.rules]
    for place, price in enumerate(prices):
        rules = (*program.rules[:place], *program.rules[place + 1 :])
        fewer = program.model_copy(update={"rules": rules})
        after = again(people, fewer)
        assert isinstance(after, mm.Matching)
        is_the_difference(before, before.without_rule(program.rules[place]), after)
        assert price.people == after.certificate.people_served - before.certificate.people_served
        assert price.score == pytest.approx(after.total - before.total, abs=1e-9)
        assert worth(after, program) >= worth(before, program)
        gained = before.without_rule(program.rules[place]).matching.with_rule(program.rules[place])
        assert worth(gained.matching, program) == worth(before, program)


@given(profiles(most=7), ANY)
def test_with_a_pair_is_the_match_that_requires_it(people: People, program: mm.Program) -> None:
    before = solved(people, program)
    graph = mm.build_graph(cohort_of(people), program)
    for a, b in list(zip(graph.a.tolist(), graph.b.tolist(), strict=True))[:2]:
        pair = graph.a_ids[a], graph.b_ids[b]
        required = (*program.rules, mm.Require([pair]))
        after = again(people, program.model_copy(update={"rules": required}))
        if isinstance(after, str):
            with pytest.raises((mm.ProgramError, mm.InfeasibleError)):
                before.with_pair(*pair)
            continue
        what = before.with_pair(*pair)
        is_the_difference(before, what, after)
        made = pairs_of(what.matching)
        assert pair in made or (what.matching.layout != "arrows" and pair[::-1] in made)


@given(profiles(most=6), programs() | pools() | loaded())
def test_a_skill_is_worth_what_the_best_double_of_a_teacher_adds(
    people: People, program: mm.Program
) -> None:
    # A double has nobody's wishes about them, and no managers or past: so nobody has any here.
    nobody: dict[str, Any] = {"past_partners": (), "declines": (), "prefers": ()}
    bare = [one.model_copy(update={**nobody, "manager_id": None}) for one in people]
    rules = tuple(rule for rule in program.rules if isinstance(rule, mm.Different | mm.Same))
    assume(program.objective != "floor_then_score")
    format_ = program.format
    assume(isinstance(format_, mm.Pairs))
    assert isinstance(format_, mm.Pairs)  # for mypy
    if format_.sides is not None:  # with nobody on both, who would be there twice
        sides = mm.Sides(by="rank", at_least=4)
        format_ = mm.Pairs(sides=sides, capacity=format_.capacity, at_least=format_.at_least)
    program = program.model_copy(update={"rules": rules, "format": format_})
    found = again(bare, program)
    assume(isinstance(found, mm.Matching))
    before = solved(bare, program)
    values = before.skill_values()
    counts = program.objective != "score"
    graph = before._insight.solved.graph
    model = program.score
    teach = {
        *(graph.a_ids if model.b_receives else ()),
        *(graph.b_ids if model.a_receives else ()),
    }

    def gained(person: mm.Participant) -> tuple[float, float]:
        changes = {"id": "double", "name": "double", "at_least": 0}
        double = person.model_copy(update=changes)
        after = again([*bare, double], program)
        assert isinstance(after, mm.Matching)
        more = after.certificate.people_served - before.certificate.people_served
        return (more if counts else 0, after.total - before.total)

    gains = {one.id: gained(one) for one in bare if one.id in teach}
    for value in values:
        best = max(gains[one.id] for one in bare if one.id in teach and value.skill in one.teaches)
        assert (value.people, value.score) == pytest.approx(best, abs=1e-9)
        assert gains[value.like] == pytest.approx(best, abs=1e-9)
    order = [(-one.people, -one.score) for one in values]
    assert order == sorted(order)


def test_a_double_keeps_what_rules_and_people_say_of_whom_it_is_like() -> None:
    records: list[dict[str, Any]] = [
        {"id": "ana", "teaches": "leading", "wants": "sql"},
        {"id": "bo", "teaches": "sql", "wants": "leading"},
        {"id": "cy", "teaches": "sql", "wants": "leading"},
    ]

    def like_ana(*rules: Any, **changes: Any) -> int:
        people = mm.read_records([records[0], records[1], {**records[2], **changes}])
        values = mm.match(people, mm.Program(rules=rules)).skill_values()
        return next(one.people for one in values if one.skill == "leading")

    assert like_ana() == 2
    assert like_ana(mm.Forbid([("cy", "ana")])) == 0
    assert like_ana(declines="ana") == 0
    assert like_ana(mm.NotPairedBefore(), past_partners="ana") == 0


def test_what_cannot_be_answered_is_refused_by_name() -> None:
    records = [
        {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ]
    people = mm.read_records(records)
    buddies = mm.match(people, mm.Program(format=mm.Buddies()))
    with pytest.raises(mm.ProgramError, match="buddies learn together"):
        buddies.skill_values()
    floor = mm.match(people, mm.Program(objective="floor_then_score"))
    with pytest.raises(mm.ProgramError, match="match by 'people_then_score' to ask"):
        floor.skill_values()
    three = mm.read_records([*records, {**records[1], "id": "cy"}])
    several = mm.match(three, mm.Program(format=mm.Pairs(sides=SIDES, capacity=2)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(skill_values, "MOST_DOUBLED", 1)
        with pytest.raises(mm.ProgramError, match="and 3 take part: ask about a part of them"):
            several.skill_values()
    answer = mm.match(people, mm.Program())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(insight, "MOST_SEARCHED", 0)
        patch.setattr(skill_values, "MOST_DOUBLED", 1)
        with pytest.raises(mm.ProgramError, match="one pool of up to 2,097,152 allowed pairs"):
            answer.skill_values()
    with pytest.raises(mm.ProgramError, match="no rule 'same team'; its rules are: none"):
        answer.without_rule("same team")
    with pytest.raises(mm.RecordError, match="attach it"):
        mm.Matching.from_json(answer.to_json()).without("ana")


def test_somebody_who_leaves_stays_the_manager_of_others() -> None:
    records: list[dict[str, Any]] = [
        {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        {"id": "bo", "rank": 5, "manager_id": "ana", "teaches": "leading", "wants": "sql"},
        {"id": "cy", "rank": 1, "manager_id": "bo", "teaches": "sql", "wants": "leading"},
        {"id": "di", "rank": 7, "manager_id": "ana", "teaches": "leading", "wants": "sql; R"},
    ]
    program = mm.Program(format=mm.Pairs(sides=SIDES), rules=[mm.NoReportingLine()])
    answer = mm.match(mm.read_records(records), program)
    assert pairs_of(answer) == {("di", "cy")}
    assert answer.without("bo").score == 0.0  # ana is above cy still
    assert answer.without("di").people == -2
