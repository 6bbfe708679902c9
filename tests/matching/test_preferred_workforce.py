"""Preferences among many people: priced or held, looked at or scored, all come to the same."""

from dataclasses import replace
from typing import Any

import pytest

import mentormatch as mm
from mentormatch.assign import heaviest, pricing
from mentormatch.exchange import index
from mentormatch.solving import two_sides
from mentormatch.synthetic import workforce
from tests.matching.examples import SIDES
from tests.matching.test_scan import alike

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")


@pytest.fixture(scope="module")
def people() -> mm.Cohort:
    return workforce(500, skills=60)


def program(weight: float, objective: Any) -> mm.Program:
    """A program whose preferences are large beside what is exchanged: the order turns over."""
    return mm.Program(
        format=SIDES,
        objective=objective,
        rules=[mm.Different("department")],
        preferences=[
            mm.Prefer(mm.Same("location", missing="forbid"), weight),
            mm.Prefer(mm.Within("utc_offset", 1, missing="forbid"), weight / 2),
        ],
    )


@pytest.mark.parametrize("objective", ["score", "people_then_score"])
@pytest.mark.parametrize("weight", [0.1, 1.0])
def test_pairs_that_only_preferences_make_good_are_found(
    people: mm.Cohort, weight: float, objective: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = program(weight, objective)
    held = mm.match(people, wanted)
    monkeypatch.setattr(two_sides, "MOST_HELD", -1)
    monkeypatch.setattr(heaviest, "FEW_CELLS", -1)
    for name in ("AT_A_GLANCE", "AT_A_LOOK"):
        monkeypatch.setattr(pricing, name, 2)
    priced = mm.match(people, wanted)
    assert priced.to_records() == held.to_records()
    assert alike(priced.certificate, people, wanted, tile=64, at_once=5000).ok


@pytest.mark.parametrize("objective", ["score", "people_then_score"])
def test_a_pair_that_only_preferences_make_worth_more_is_suspected(
    people: mm.Cohort, objective: Any
) -> None:
    wanted = program(1.0, objective)
    proof = mm.match(people, wanted).certificate
    # The least that is too little, for somebody in a pair that would be covered without them.
    preferred = [pair for pair in mm.match(people, wanted).pairs if pair.preference > 1.0]
    assert preferred
    for pair in preferred[:5]:
        (place, person), *_ = [
            (side, person)
            for side, person in enumerate((pair.a, pair.b))
            if proof.prices[side][person] > 0.0
        ]
        cheaper = [*proof.prices]
        cheaper[place] = {**cheaper[place], person: cheaper[place][person] - 2.0**-40}
        found = alike(replace(proof, prices=tuple(cheaper)), people, wanted, tile=64)
        assert f"{pair.a} and {pair.b} are worth more than their prices" in found.violations


@pytest.mark.parametrize("objective", ["score", "people_then_score"])
def test_an_answer_before_anything_was_looked_at_is_bounded_too(
    people: mm.Cohort, objective: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_sides, "MOST_HELD", -1)
    monkeypatch.setattr(index, "HITS_AT_ONCE", 1)  # a look is broken off after its first block
    monkeypatch.setattr(index, "HITS_OF_FEW", 1)
    wanted = program(1.0, objective)
    found = mm.match(people, wanted, time_limit=1e-9)
    assert found.status is mm.Status.FEASIBLE
    checked = found.certificate.verify(people, wanted)
    assert checked.complete
    assert checked.feasible
