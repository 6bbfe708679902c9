"""Laws of run records: whatever is changed in one is found, or changes nothing."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from tests.forging import Change, by_kind, torn
from tests.property.formats import CASES, STOPPED, Case, answered, in_pieces, stopped
from tests.strategies import cohort_of

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

ANY = st.one_of(*CASES.values())

#: How the input was read, with which versions and by which solver: nothing can tell afterwards, and
#: nothing that is decided depends on it.
WORD_ALONE = ("versions", "people.read", "solver")
#: Prices are not unique. Others that cover every pair as well, and prove the same bound, are as
#: good a proof of the same: half a pair, or a part of a person, more makes no pair more possible.
PRICES = (
    "prices",
    "count_prices",
    "inflation",
    *("odd_sets", "count_odd_sets"),
    *("pair_prices", "count_pair_prices"),
    *("minimum_prices", "count_minimum_prices"),
    *("spread_prices", "count_spread_prices"),
)

ZERO = re.compile(r"-0\.0(?!\d)")


def told(matching: mm.Matching) -> list[Any]:
    """What can be seen of a matching without asking."""
    record = json.loads(matching.to_json())
    del record["certificate"]
    proof = matching.certificate
    numbers = proof.bound, proof.gap, proof.count_gap, proof.people_served, matching.status
    floor = matching.floor and (matching.floor.in_numbers, matching.floor.above.bound >= 0.0)
    meetings = tuple(matching.meetings)
    return [record, str(matching), matching._repr_html_(), meetings, numbers, floor]


def asked(matching: mm.Matching, ids: list[str]) -> list[Any]:
    """What can be asked of a matching about two people."""
    questions: list[Callable[[], Any]] = [
        lambda: matching.explain(ids[0]),
        lambda: matching.explain(ids[1]),
        lambda: matching.why_not(*ids),
        lambda: matching.firmness(*ids),
        matching.audit,
    ]
    answers: list[Any] = []
    for question in questions:
        try:
            answers.append(question())
        except (mm.ProgramError, mm.InfeasibleError) as error:
            answers.append(str(error))
    return answers


def is_a_word_alone(change: Change, status: mm.Status) -> bool:
    """Whether a change is of what nothing in the record, the people or the program can tell."""
    place = ".".join(map(str, change.path))
    if status is mm.Status.FEASIBLE and place == "certificate.floor.score_given_up":
        return True  # what the floor cost when the time was up
    return any(place == word or place.startswith(f"{word}.") for word in WORD_ALONE)


def check(matching: mm.Matching, cohort: mm.Cohort, program: mm.Program, change: Change) -> None:
    """See that one change is found, or makes no difference to anybody."""
    text = matching.to_json()
    try:
        again = mm.Matching.from_json(change.of(json.loads(text))).attach(cohort, program)
    except mm.RecordError:
        return
    if is_a_word_alone(change, matching.status):
        assert change.path[0] == "certificate" or again.to_json() == text, change
        return
    if differs(again, matching, cohort, program):
        assert change.path[0] == "certificate", change
        assert set(PRICES).intersection(change.path), change


def differs(
    again: mm.Matching, matching: mm.Matching, cohort: mm.Cohort, program: mm.Program
) -> bool:
    """Whether a proof is another, and as good; nothing else of two matchings may differ."""
    assert told(again) == told(matching)
    # Written in another way: a default left out, True for 1, 1.0 for 1, a zero with a sign.
    if ZERO.sub("0.0", again.to_json()) == matching.to_json():
        return False
    found = again.certificate.verify(cohort, program)
    assert found == matching.certificate.verify(cohort, program)
    ids = sorted(one.id for one in matching.unmatched) + [one.a for one in matching.pairs]
    assert asked(again, [ids[0], ids[-1]]) == asked(matching, [ids[0], ids[-1]])
    return True


def some_changes(data: st.DataObject, document: Any, most: int) -> list[Change]:
    """Changes of different kinds, so that many prices do not hide the one list of another kind."""
    kinds = by_kind(document)
    chosen = data.draw(st.lists(st.sampled_from(sorted(kinds)), max_size=most, unique=True))
    return [data.draw(st.sampled_from(kinds[kind])) for kind in chosen]


@given(ANY, st.integers(0, 3), st.data())
def test_a_change_of_a_record_is_found_or_makes_no_difference(
    case: Case, seed: int, data: st.DataObject
) -> None:
    people, program = case
    matching, cohort = answered(people, program, seed), cohort_of(people)
    for change in some_changes(data, json.loads(matching.to_json()), most=12):
        check(matching, cohort, program, change)


@given(STOPPED, st.integers(0, 9), st.data())
def test_a_change_of_the_record_of_a_stopped_answer_is_found_or_makes_no_difference(
    case: Case, patience: int, data: st.DataObject
) -> None:
    people, program = case
    with in_pieces():
        matching, cohort = stopped(people, program, patience), cohort_of(people)
        for change in some_changes(data, json.loads(matching.to_json()), most=3):
            check(matching, cohort, program, change)


@given(ANY, st.data())
def test_a_torn_record_is_none(case: Case, data: st.DataObject) -> None:
    people, program = case
    matching, cohort = answered(people, program), cohort_of(people)
    text = matching.to_json().encode()
    for _ in range(8):
        damaged = data.draw(torn(text))
        try:
            again = mm.Matching.from_json(damaged).attach(cohort, program)
        except mm.RecordError:
            continue
        differs(again, matching, cohort, program)


@given(ANY, st.data())
def test_attach_finds_changed_people(case: Case, data: st.DataObject) -> None:
    people, program = case
    read = mm.Matching.from_json(answered(people, program).to_json())
    number = data.draw(st.integers(0, len(people) - 1))
    one, another = people[number], people[number - 1]
    fields: dict[str, Any] = {
        "rank": (one.rank or 0) + 1,
        "department": "elsewhere",
        "teaches": {**one.teaches, "new skill": 0.5},
        "knows": {**one.knows, "new skill": 0.5},
        "wants": {**one.wants, "new wish": 1.0},
        "utc_offset": 7.25,
        "name": "somebody else",
        "languages": ("fr",),
        "location": "Mars",
        "capacity": 7 if one.capacity != 7 else 8,
        "at_least": 5 if one.at_least != 5 else 4,
        "manager_id": None if one.manager_id == another.id else another.id,
        "past_partners": (*one.past_partners, *{another.id}.difference(one.past_partners))[::-1],
        "roles": ("observer",),
    }
    name = data.draw(st.sampled_from(sorted(fields)))
    altered = one.model_copy(update={name: fields[name]})
    changed = [*people[:number], altered, *people[number + 1 :]]
    if altered == one:
        return
    with pytest.raises(mm.MentormatchError, match="people"):
        read.attach(cohort_of(changed), program)


LEADER: dict[str, Any] = {"rank": 6, "teaches": "leading", "wants": "sql"}
OTHER: dict[str, Any] = {"rank": 1, "teaches": "sql", "wants": "leading"}
HALF: dict[str, Any] = {**OTHER, "wants": "leading; R"}
SIDES = mm.Sides(by="rank", at_least=5)
#: Small runs whose proofs need what random ones seldom do, by the name of it.
NEEDED: dict[str, tuple[dict[str, dict[str, Any]], mm.Program]] = {
    "odd_sets": (
        {
            "ana": {"teaches": "sql", "wants": "R; go"},
            "bo": {"teaches": "R", "wants": "sql; go"},
            "cy": {"teaches": "go", "wants": "sql; R"},
        },
        mm.Program(objective="score"),
    ),
    "count_odd_sets": (
        {
            "ana": {"teaches": "sql", "wants": "R; go"},
            "bo": {"teaches": "R", "wants": "sql; go"},
            "cy": {"teaches": "go", "wants": "sql; R"},
        },
        mm.Program(),
    ),
    "pair_prices": (
        {"ana": LEADER, "bea": LEADER, "cy": OTHER, "di": HALF},
        mm.Program(
            format=mm.Pairs(sides=SIDES, capacity=2),
            rules=[mm.Require([("ana", "di")])],
            objective="score",
        ),
    ),
    "minimum_prices": (
        {"ana": LEADER, "bea": {**LEADER, "wants": "sql; go"}, "cy": OTHER},
        mm.Program(
            format=mm.Pairs(sides=SIDES, capacity=(2, 1), at_least=(0, 0)), objective="score"
        ),
    ),
    "spread_prices": (
        {
            "ana": LEADER,
            "bo": {**OTHER, "department": "it"},
            "cy": {**OTHER, "department": "it"},
            "di": {**HALF, "department": "hr"},
        },
        mm.Program(
            format=mm.Pairs(sides=SIDES, capacity=(2, 1)), rules=[mm.Spread("department", side="a")]
        ),
    ),
    "floor": (
        {"ana": LEADER, "bea": {**LEADER, "wants": "sql; go"}, "cy": OTHER, "di": HALF},
        mm.Program(format=mm.Pairs(sides=SIDES), objective="floor_then_score"),
    ),
}
NEEDED["minimum_prices"][0]["bea"]["at_least"] = 1


@pytest.mark.parametrize("name", NEEDED)
@given(data=st.data())
def test_a_change_of_a_proof_that_needs_more_than_prices_is_found(
    name: str, data: st.DataObject
) -> None:
    matching, cohort, kinds = run_of(name)
    kind = data.draw(st.sampled_from(sorted(kinds)))
    check(matching, cohort, NEEDED[name][1], data.draw(st.sampled_from(kinds[kind])))


@cache
def run_of(name: str) -> tuple[mm.Matching, mm.Cohort, dict[str, list[Change]]]:
    """One of the small runs, and all changes of its record."""
    profiles, program = NEEDED[name]
    cohort = mm.read_records([{"id": one, **profile} for one, profile in profiles.items()])
    matching = mm.match(cohort, program)
    document = json.loads(matching.to_json())
    assert any(document["certificate"][name])
    return matching, cohort, by_kind(document)
