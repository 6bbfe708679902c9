"""What a pair that was not made would cost, and what is said about it."""

import math
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.matching.why_not import TO_A_PARTICIPANT, Loss
from mentormatch.solving import two_sides
from tests.property.test_match_laws import solved, worth
from tests.strategies import cohort_of, loaded, pools, profiles, programs

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

People = list[mm.Participant]

SIDES = mm.Sides(by="rank", at_least=5)
PEOPLE: list[dict[str, Any]] = [
    {"id": "ana", "rank": 6, "team": "x", "teaches": "leading", "wants": "sql"},
    {"id": "bo", "rank": 1, "team": "x", "teaches": "sql", "wants": "leading"},
    {"id": "cy", "rank": 1, "team": "y", "teaches": "sql", "wants": "leading; R"},
    {"id": "di", "rank": 7, "team": "y", "teaches": "R", "wants": "sql"},
    {"id": "ed", "rank": 7, "team": "z", "teaches": "chess", "wants": "sql"},
]


def matched(*rules: Any, **changes: Any) -> mm.Matching:
    people = [{**one, **changes.get(one["id"], {})} for one in PEOPLE]
    program = mm.Program(format=mm.Pairs(sides=SIDES), rules=rules)
    return mm.match(mm.read_records(people), program)


def test_the_code_says_what_stands_against_a_pair() -> None:
    answer = matched(mm.Different("team"))
    assert answer.why_not("ana", "bo").code == "ruled_out"
    assert answer.why_not("ana", "bo").broken == ("different team",)
    assert answer.why_not("ana", "di").code == "same_side"
    assert answer.why_not("bo", "ed").code == "not_open"
    assert matched().why_not("bo", "ana").code == "paired"
    assert matched().why_not("bo", "ana").loss == Loss(0, 0.0)


def test_a_chain_is_told_to_a_coordinator() -> None:
    why = matched().why_not("ana", "cy")
    assert why.loss == Loss(2, 1.0)
    assert why.text("coordinator").startswith("ana and cy could be a pair. With them as one, ")
    assert {(pair.a, pair.b) for pair in why.made} == {("ana", "cy")}


def test_a_participant_hears_the_same_sentence_whatever_the_cause() -> None:
    answer = matched(mm.Different("team"), cy={"declines": "ed"})
    texts = {
        answer.why_not(*pair).text() for pair in combinations([one["id"] for one in PEOPLE], 2)
    }
    assert texts == {TO_A_PARTICIPANT}


def test_only_an_auditor_is_told_of_a_decline() -> None:
    declined = matched(cy={"declines": "di"}).why_not("cy", "di")
    nothing = matched(cy={"teaches": "chess"}).why_not("cy", "di")
    assert declined.text("coordinator") == nothing.text("coordinator")
    assert declined.data == nothing.data
    assert repr(declined) == repr(nothing)
    assert "declines" in declined.text("auditor")
    assert "exchange nothing" in nothing.text("auditor")


def test_an_unknown_audience_or_person_is_refused() -> None:
    answer = matched()
    with pytest.raises(ValueError, match="participant, coordinator, auditor"):
        answer.why_not("ana", "cy").text("boss")  # type: ignore[arg-type]
    with pytest.raises(mm.ProgramError, match="did you mean"):
        answer.why_not("ana", "cyy")
    with pytest.raises(mm.ProgramError, match="takes no part"):
        matched(ed={"rank": ""}).explain("ed")


def test_an_answer_that_is_not_proven_best_knows_no_prices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mentormatch.assign.problem.Solution.is_optimal", False)
    with pytest.raises(mm.ProgramError, match="stopped before it was proven"):
        matched().why_not("ana", "cy")


def test_with_a_floor_and_several_partners_no_price_is_known() -> None:
    program = mm.Program(
        format=mm.Pairs(sides=SIDES, capacity=(2, 1)), objective="floor_then_score"
    )
    matching = mm.match(mm.read_records(PEOPLE), program)
    made = {(pair.a, pair.b) for pair in matching.pairs}
    a, b = next(pair for pair in (("ana", "cy"), ("di", "cy")) if pair not in made)
    with pytest.raises(mm.ProgramError, match="not known under 'floor_then_score'"):
        matching.why_not(a, b)


@given(profiles(most=7), programs() | loaded() | pools(), st.booleans())
def test_a_loss_is_the_difference_of_two_independent_solves(
    people: People, program: mm.Program, is_priced: bool
) -> None:
    cohort, best = cohort_of(people), solved(people, program)
    with pytest.MonkeyPatch.context() as patch:
        if is_priced:
            patch.setattr(two_sides, "MOST_HELD", -1)
            best = solved(people, program)
        graph = mm.build_graph(cohort, program)
        for a, b in zip(graph.a.tolist(), graph.b.tolist(), strict=True):
            why = best.why_not(graph.a_ids[a], graph.b_ids[b])
            required = mm.Require([(graph.a_ids[a], graph.b_ids[b])])
            if why.loss is None:
                assert why.code == "needed"
                bound = program.model_copy(update={"rules": (*program.rules, required)})
                with pytest.raises(mm.InfeasibleError, match="at_least asks for too much"):
                    mm.match(cohort, bound)
                continue
            if graph.overlap:  # a pair may be made either way round; a rule takes the first
                continue
            with_it = solved(
                people, program.model_copy(update={"rules": (*program.rules, required)})
            )
            before, after = worth(best, program), worth(with_it, program)
            assert why.loss.score == pytest.approx(best.total - with_it.total, abs=1e-9)
            if program.objective != "score":
                assert why.loss.people == before[0] - after[0]
            changed = [pair.score for pair in why.given_up] + [-pair.score for pair in why.made]
            assert math.fsum(changed) == pytest.approx(why.loss.score, abs=1e-9)
