"""Those who waited are served before anybody else, and it is proven."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.rounds.first_proof import FirstProof
from mentormatch.solving import two_sides
from mentormatch.synthetic import workforce
from tests.strategies import cohort_of, profiles

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

SIDES = mm.Pairs(sides=mm.Sides(by="rank", at_least=5, names=("mentor", "mentee")))
ROLES = mm.Sides(by="roles", a=["mentor"], b=["mentee"])
FORMATS: st.SearchStrategy[Any] = st.sampled_from(
    (SIDES, mm.Pairs(sides=ROLES), mm.Pairs(), mm.Buddies())
)
OBJECTIVES = st.sampled_from(("score", "people_then_score"))
SUM = mm.Reciprocity(mean="arithmetic")


def program_of(format_: Any, objective: Any = "people_then_score", **parts: Any) -> mm.Program:
    score = mm.SharedWishes() if isinstance(format_, mm.Buddies) else SUM
    return mm.Program(format=format_, objective=objective, score=score, **parts)


def matchings(
    pairs: list[tuple[Any, Any, float]], room: dict[Any, int]
) -> Iterator[list[tuple[Any, Any, float]]]:
    """Every choice of pairs in which nobody is in more than they have room for."""
    if not pairs:
        yield []
        return
    (a, b, score), rest = pairs[0], pairs[1:]
    yield from matchings(rest, room)
    if room[a] and room[b]:
        less = {**room, a: room[a] - 1, b: room[b] - 1}
        for others in matchings(rest, less):
            yield [(a, b, score), *others]


def best(
    cohort: mm.Cohort, program: mm.Program, waited: set[str], mentors: int = 1
) -> tuple[float, ...]:
    """How many who waited, how many people where they count, and the total: by trying all."""
    graph = mm.build_graph(cohort, program)
    roles = ("a", "a" if graph.layout == "pool" else "b")
    pairs = [
        ((roles[0], graph.a_ids[a]), (roles[1], graph.b_ids[b]), float(score))
        for a, b, score in zip(graph.a, graph.b, graph.score, strict=True)
    ]
    room = {(roles[1], one): 1 for one in graph.b_ids}
    room |= {(roles[0], one): mentors for one in graph.a_ids}

    def worth(chosen: list[tuple[Any, Any, float]]) -> tuple[float, ...]:
        served = {end for a, b, _ in chosen for end in (a, b)}
        first = sum(person in waited for _, person in served)
        people = len(served) if program.objective == "people_then_score" else 0
        return first, people, sum(score for *_, score in chosen)

    return max(map(worth, matchings(pairs, room)))


@given(profiles(least=2, most=6), FORMATS, OBJECTIVES, st.sets(st.integers(0, 5)))
def test_who_waited_comes_first_then_people_then_the_total(
    drawn: list[mm.Participant], format_: Any, objective: Any, who: set[int]
) -> None:
    waited = {f"p{number}" for number in who}
    cohort = cohort_of(
        [one.model_copy(update={"waited": 1 if one.id in waited else 0}) for one in drawn]
    )
    program = program_of(format_, objective)
    found = mm.serve_first(cohort, program)
    first, people, total = best(cohort, program, waited)
    assert found.served == found.at_most == first
    assert found.status is mm.Status.OPTIMAL
    if objective == "people_then_score":
        assert found.matching.certificate.people_served == people
    exchanged = sum(pair.reciprocity for pair in found.matching.pairs)
    assert exchanged == pytest.approx(total, abs=1e-9)
    assert found.verify(cohort).ok


@given(profiles(least=2, most=6), st.sets(st.integers(0, 5)))
def test_where_mentors_have_several_mentees_the_same_holds(
    drawn: list[mm.Participant], who: set[int]
) -> None:
    waited = {one.id for one in drawn if one.rank is not None and one.rank < 5} & {
        f"p{number}" for number in who
    }
    cohort = cohort_of([one.model_copy(update={"waited": int(one.id in waited)}) for one in drawn])
    several = replace(SIDES, capacity=(2, 1))
    program = program_of(several)
    found = mm.serve_first(cohort, program)
    first, people, total = best(cohort, program, waited, mentors=2)
    assert found.served == found.at_most == first
    assert found.matching.certificate.people_served == people
    exchanged = sum(pair.reciprocity for pair in found.matching.pairs)
    assert exchanged == pytest.approx(total, abs=1e-9)
    assert found.verify(cohort).ok


def three(**cy: Any) -> mm.Cohort:
    return mm.read_records(
        [
            {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
            {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading", "waited": ""},
            {"id": "cy", "rank": 1, "teaches": "sql:1", "wants": "leading", **cy},
        ]
    )


def test_a_weak_pair_that_waited_beats_a_strong_one_that_did_not() -> None:
    program = mm.Program(format=SIDES)
    cohort = three(waited=1)
    assert mm.match(cohort, program).pairs[0].b == "bo"
    found = mm.serve_first(cohort, program)
    assert found.matching.pairs[0].b == "cy"
    assert (found.waited, found.served, found.at_most) == (1, 1, 1)
    assert "1 of 1 who waited, no more is possible" in repr(found)


def test_how_long_somebody_waited_does_not_matter() -> None:
    cohort = mm.read_records(
        [
            {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
            {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading", "waited": 1},
            {"id": "cy", "rank": 1, "teaches": "sql:1", "wants": "leading", "waited": 9},
        ]
    )
    assert mm.serve_first(cohort, mm.Program(format=SIDES)).matching.pairs[0].b == "bo"


def test_the_answer_is_a_matching_like_any_other() -> None:
    cohort = three(waited=1)
    found = mm.serve_first(cohort, mm.Program(format=SIDES))
    again = mm.Program.model_validate_json(found.program.model_dump_json())
    assert again == found.program
    record = mm.Matching.from_json(found.matching.to_json())
    assert record.attach(cohort, again).to_records() == found.matching.to_records()
    pair = found.matching.pairs[0]
    assert (pair.preference, pair.score) == (4.0, 4.0 + pair.reciprocity)
    text = found.matching.explain("cy").text()
    assert "waited" not in text


def test_a_forged_proof_is_found_out() -> None:
    cohort = three(waited=1)
    found = mm.serve_first(cohort, mm.Program(format=SIDES))
    assert found.verify(cohort).ok
    first, second = found.proof.prices
    prices: tuple[Any, ...]
    for prices in (
        (dict.fromkeys(first, 0.0), dict.fromkeys(second, 0.0)),
        (dict.fromkeys(first, 2.0), second),
        (dict.fromkeys(first, -1.0), dict.fromkeys(second, 2.0)),
        (first,),
        (first, {}),
    ):
        assert not replace(found, proof=FirstProof("waited", prices)).verify(cohort).ok
    assert not replace(found, served=0).verify(cohort).ok
    plain = mm.match(cohort, mm.Program(format=SIDES))
    assert not replace(found, matching=plain).verify(cohort).ok


def test_in_one_pool_an_odd_group_is_part_of_the_proof() -> None:
    cohort = mm.read_records(
        [
            {"id": "ana", "teaches": "sql", "wants": "R; go", "waited": 1},
            {"id": "bo", "teaches": "R", "wants": "sql; go", "waited": 1},
            {"id": "cy", "teaches": "go", "wants": "sql; R", "waited": 1},
        ]
    )
    found = mm.serve_first(cohort, mm.Program())
    assert (found.served, found.at_most, found.waited) == (2, 2, 3)
    assert found.proof.odd_sets
    assert found.verify(cohort).ok
    bare = replace(found, proof=replace(found.proof, odd_sets=()))
    assert not bare.verify(cohort).ok


@pytest.mark.parametrize("format_", [SIDES, mm.Pairs()])
def test_many_people_are_served_first_as_few_are(
    format_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba")
    base = workforce(700, seed=11, skills=60)
    rng = np.random.default_rng(3)
    chosen = [one for one in base.ids if rng.random() < 0.3]
    cohort = cohort_of(
        [one.model_copy(update={"waited": int(one.id in set(chosen))}) for one in base]
    )
    program = program_of(format_ if format_ == mm.Pairs() else BY_TENURE)
    held = mm.serve_first(cohort, program)
    assert held.status is mm.Status.OPTIMAL
    plain = mm.match(cohort, program)
    assert held.matching.certificate.people_served == plain.certificate.people_served
    assert held.served >= sum(
        one in set(chosen) for pair in plain.pairs for one in (pair.a, pair.b)
    )
    monkeypatch.setattr(two_sides, "MOST_HELD", -1)
    priced = mm.serve_first(cohort, program)
    assert priced.matching.to_records() == held.matching.to_records()
    monkeypatch.setattr("mentormatch.matching.scan.FEW_CELLS", -1)
    assert priced.verify(cohort).ok
    first, *others = priced.proof.prices
    one = next(one for one, price in first.items() if price > 0.0)
    forged = FirstProof("waited", ({**first, one: 0.0}, *others), priced.proof.odd_sets)
    assert not replace(priced, proof=forged).verify(cohort).ok


BY_TENURE = mm.Pairs(sides=mm.Sides(by="tenure", at_least=5.0))


def test_a_required_pair_is_made_whoever_waited() -> None:
    cohort = three(waited=1)
    program = mm.Program(format=SIDES, rules=[mm.Require([("ana", "bo")])])
    found = mm.serve_first(cohort, program)
    assert (found.served, found.at_most) == (0, 0)
    assert found.matching.pairs[0].b == "bo"
    assert found.verify(cohort).ok


def test_where_a_minimum_stands_in_the_way_it_is_not_called_proven() -> None:
    sides = mm.Pairs(sides=mm.Sides(by="rank", at_least=5), capacity=1)
    cohort = mm.read_records(
        [
            {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
            {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading", "at_least": 1},
            {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading", "waited": 1},
        ]
    )
    found = mm.serve_first(cohort, mm.Program(format=sides))
    assert (found.served, found.at_most) == (0, 1)
    assert found.status is mm.Status.FEASIBLE
    assert "0 of 1 who waited, 1 at most" in repr(found)
    checked = found.verify(cohort)
    assert checked.violations == ("the prices leave it open whether more who waited can be served",)


def test_what_does_not_go_together_is_said() -> None:
    waited = mm.Waited(weight=4)
    with pytest.raises(mm.ProgramError, match="take out 'waited', or the floor"):
        mm.Program(objective="floor_then_score", preferences=[waited])
    with pytest.raises(mm.ProgramError, match="in rings everybody stands in two arrows"):
        mm.Program(format=mm.Rings(), preferences=[waited])
    with pytest.raises(mm.ProgramError, match="keep one 'waited'"):
        mm.Program(preferences=[waited, waited])
    with pytest.raises(mm.ProgramError, match="499 other preferences at most"):
        mm.Program(preferences=[waited, *[mm.RankedWishes(weight=1.0)] * 500])
    with pytest.raises(mm.ProgramError, match="reads rank: no score depends"):
        mm.Waited("rank", weight=1)
    with pytest.raises(mm.ProgramError, match="has the preference 'waited' already"):
        mm.serve_first(three(waited=1), mm.Program(preferences=[waited]))
    with pytest.raises(mm.ProgramError, match="no field 'patience'"):
        mm.serve_first(three(waited=1), mm.Program(), by="patience")


def test_who_may_have_several_partners_is_not_counted_and_said() -> None:
    records: list[dict[str, Any]] = [
        {"id": "x", "rank": 7, "teaches": "leading", "wants": "sql", "capacity": 2, "waited": 3},
        {"id": "y", "rank": 7, "teaches": "leading", "wants": "sql; go"},
        {"id": "bo", "rank": 1, "teaches": "sql; go", "wants": "leading"},
        {"id": "cy", "rank": 1, "teaches": "sql:1", "wants": "leading", "waited": 1},
    ]
    cohort = mm.read_records(records)
    found = mm.serve_first(cohort, mm.Program(format=SIDES))
    assert (found.waited, found.served, found.several) == (1, 1, ("x",))
    assert "1 more may have several partners" in repr(found)
    assert {pair.preference for pair in found.matching.pairs} == {0.0, 4.0}
    assert found.verify(cohort).ok
    assert not replace(found, several=()).verify(cohort).ok
    record = mm.Matching.from_json(found.matching.to_json())
    assert record.attach(found.people, found.program).pairs
