"""Laws of floors: first the people, then the worst pair, then the total."""

import math
import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.matching.sides_proof import SidesCertificate
from tests import oracles
from tests.property.test_capacity_laws import crowds, matched
from tests.property.test_match_laws import allowed_scores, has_loads, is_spread, solved
from tests.strategies import buddies, cohort_of, loaded, pools, profiles, programs

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

People = list[mm.Participant]


def with_floor(program: mm.Program) -> mm.Program:
    return program.model_copy(update={"objective": "floor_then_score"})


FAIR = (programs() | loaded() | pools() | buddies()).map(with_floor)


def worst(matching: mm.Matching) -> float:
    return min((pair.score for pair in matching.pairs), default=math.inf)


def by_trying(scores: Any, best: Any) -> tuple[int, float, float]:
    """Pairs, floor and total: of all thresholds, the highest that leaves as many pairs."""
    most, _ = best(scores, "people_then_score")
    for level in sorted(set(scores[scores > 0].tolist()), reverse=True):
        pairs, total = best(np.where(scores >= level, scores, 0.0), "people_then_score")
        if pairs == most:
            return most, level, total
    return 0, math.inf, 0.0


@given(profiles(), FAIR)
def test_the_floor_is_that_of_trying_every_score(people: People, program: mm.Program) -> None:
    assume(not has_loads(program))
    scores = allowed_scores(people, program)
    matching = solved(people, program)
    two_sides = isinstance(program.format, mm.Pairs) and program.format.sides is not None
    best = oracles.best_by_scipy if two_sides else oracles.best_in_pool
    pairs, floor, total = by_trying(scores, best)
    assert len(matching.pairs) == pairs
    assert worst(matching) == pytest.approx(floor, abs=1e-10)
    assert matching.total == pytest.approx(total, abs=1e-9)


@given(profiles(most=12), FAIR)
def test_the_worst_pair_is_never_below_that_of_people_then_score(
    people: People, program: mm.Program
) -> None:
    fair = solved(people, program)
    other = solved(people, program.model_copy(update={"objective": "people_then_score"}))
    assert fair.certificate.people_served == other.certificate.people_served
    assert worst(fair) >= worst(other)
    assert fair.floor is not None
    assert fair.floor.score_given_up == pytest.approx(other.total - fair.total, abs=1e-10)
    assert fair.floor.score == (worst(fair) if fair.pairs else None)


@given(profiles(most=12), FAIR)
def test_a_floor_is_proven_and_recorded(people: People, program: mm.Program) -> None:
    cohort, matching = cohort_of(people), solved(people, program)
    found = matching.certificate.verify(cohort, program)
    assert found.ok, found.violations
    assert matching.status is mm.Status.OPTIMAL
    again = mm.Matching.from_json(matching.to_json()).attach(cohort, program)
    assert again.to_json() == matching.to_json()
    copied = pickle.loads(pickle.dumps(matching.certificate))
    assert copied.verify(cohort, program).ok


@given(crowds(most=9, promises=0))
def test_a_floor_is_proven_where_partners_are_counted(case: tuple[People, mm.Program]) -> None:
    people, other = case
    cohort, program = cohort_of(people), with_floor(other)
    matching, free = matched(people, program), matched(people, other)
    assume(matching is not None)
    assert matching is not None
    assert free is not None
    assert is_spread([(pair.a, pair.b) for pair in matching.pairs], people, program)
    found = matching.certificate.verify(cohort, program)
    assert found.ok, found.violations
    if other.objective == "people_then_score":
        assert worst(matching) >= worst(free)
        assert matching.certificate.people_served == free.certificate.people_served
    again = mm.Matching.from_json(matching.to_json()).attach(cohort, program)
    assert again.to_json() == matching.to_json()


@given(profiles(most=12), FAIR, st.sampled_from(["up", "down", "above"]))
def test_a_forged_floor_does_not_hold(people: People, program: mm.Program, change: str) -> None:
    proof = solved(people, program).certificate
    assume(proof.pairs)
    floor = proof.floor
    assert floor is not None
    assert floor.score is not None
    if change == "above":
        prices = tuple(dict.fromkeys(side, 0.0) for side in floor.above.prices)
        above = replace(floor.above, prices=prices)
        if isinstance(above, SidesCertificate):
            above = replace(above, spread_prices=((), ()))
        forged = replace(floor, above=above)
        worse = [pair for pair in proof.scores if pair > floor.score]
        assume(worse or sum(map(sum, (side.values() for side in floor.above.prices))) > 0)
        assume(worse)
    else:
        by = 2.0**-40 if change == "up" else -(2.0**-40)
        forged = replace(floor, score=floor.score + by, at_most=floor.score + by)
    assert not replace(proof, floor=forged).verify(cohort_of(people), program).ok


@given(profiles(most=12), FAIR, st.randoms(use_true_random=False))
def test_reordering_rows_changes_no_floor(people: People, program: mm.Program, random: Any) -> None:
    shuffled = list(people)
    random.shuffle(shuffled)
    before, after = solved(people, program), solved(shuffled, program)
    assert before.to_records() == after.to_records()
    assert before.floor is not None
    assert after.floor is not None
    assert before.floor.score == after.floor.score


def test_rings_have_no_floor() -> None:
    with pytest.raises(mm.ProgramError, match="rings have no floor"):
        mm.Program(format=mm.Rings(), objective="floor_then_score")


def test_a_pair_that_is_not_made_may_have_a_price_above_the_floor() -> None:
    people = mm.read_records(
        [
            {"id": "p0", "rank": 6},
            {"id": "p1", "rank": 1, "teaches": "python:1", "wants": "sql"},
            *({"id": f"p{number}", "rank": 1} for number in range(2, 8)),
            {"id": "p8", "rank": 4, "teaches": "sql:1", "wants": "sql; python"},
        ]
    )
    sides = mm.Sides(by="rank", at_least=4)
    program = mm.Program(format=mm.Pairs(sides=sides, capacity=2), objective="floor_then_score")
    matching = mm.match(people, program)
    found = matching.certificate.verify(people, program)
    assert found.ok, found.violations
