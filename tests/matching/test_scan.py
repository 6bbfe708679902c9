"""A quick look at every pair and scoring every pair come to the same verdict, word for word."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.matching import scan, suspects
from mentormatch.synthetic import workforce
from tests.matching.examples import SIDES
from tests.strategies import MODELS, cohort_of, profiles, programs

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

MANY = 1 << 62
PRICES = st.sampled_from([0.0, 2.0**-40, 0.125, 0.25, 0.5, 0.75, 1.0, 1.25, 2.0, 1e300])
COUNTS = st.sampled_from([0.0, 0.5, 1.0 - 2.0**-53, 1.0, 7.0])

Proof = mm.Certificate
Verdict = mm.Verification


def scored(proof: Proof, people: mm.Cohort, program: mm.Program) -> Verdict:
    """What scoring every pair finds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "FEW_CELLS", MANY)
        return proof.verify(people, program)


def looked_at(
    proof: Proof,
    people: mm.Cohort,
    program: mm.Program,
    tile: int = suspects.TILE,
    at_once: int = suspects.MEETINGS_AT_ONCE,
) -> Verdict:
    """What a look at every pair finds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "FEW_CELLS", -1)
        patch.setattr(suspects, "TILE", tile)
        patch.setattr(suspects, "MEETINGS_AT_ONCE", at_once)
        return proof.verify(people, program)


def alike(proof: Proof, people: mm.Cohort, program: mm.Program, **sizes: int) -> Verdict:
    """The verdict of both; compared as text, since a sum of forged prices may be NaN."""
    found = looked_at(proof, people, program, **sizes)
    assert repr(found) == repr(scored(proof, people, program))
    return found


def solved(people: mm.Cohort, program: mm.Program) -> Proof:
    """An honest proof, or no example where the program does not fit these people."""
    try:
        return mm.match(people, program).certificate
    except mm.ProgramError as error:
        assume("nobody is on side" not in str(error))
        raise


def drawn(data: st.DataObject, sides: Any, values: st.SearchStrategy[float]) -> Any:
    return tuple({person: data.draw(values) for person in side} for side in sides)


@given(profiles(most=12), programs(), st.sampled_from([1, 2, 3, 1 << 12]), st.sampled_from([1, 9]))
def test_an_honest_proof_holds_both_ways(
    profiles: list[mm.Participant], program: mm.Program, tile: int, at_once: int
) -> None:
    people = cohort_of(profiles)
    proof = solved(people, program)
    assert alike(proof, people, program, tile=tile, at_once=at_once).ok


@given(profiles(most=12), programs(), st.sampled_from([2, 1 << 12]), st.data())
def test_any_prices_get_the_same_verdict_and_the_same_words(
    profiles: list[mm.Participant], program: mm.Program, tile: int, data: st.DataObject
) -> None:
    people = cohort_of(profiles)
    proof = solved(people, program)
    counts = proof.count_prices
    values = data.draw(
        st.sampled_from([PRICES, st.just(1e300)])
    )  # the latter leave it to the counts
    forged = replace(
        proof,
        prices=drawn(data, proof.prices, values),
        count_prices=None if counts is None else drawn(data, counts, COUNTS),
        inflation=data.draw(st.sampled_from([0.0, 1.0, 2.0, 2048.0])) if counts else 0.0,
    )
    alike(forged, people, program, tile=tile)


@given(profiles(most=12), programs(), st.data())
def test_a_price_that_is_too_low_by_the_least_is_found_both_ways(
    profiles: list[mm.Participant], program: mm.Program, data: st.DataObject
) -> None:
    people = cohort_of(profiles)
    proof = solved(people, program)
    assume(proof.pairs)
    pair = data.draw(st.sampled_from(proof.pairs))
    # The prices of a pair that is made are what it is worth: not the least may be missing.
    side = data.draw(st.sampled_from([0, 1]))
    prices = [dict(one) for one in proof.prices]
    assume(prices[side][pair[side]] > 0.0)
    prices[side][pair[side]] -= 2.0**-40
    found = alike(replace(proof, prices=tuple(prices)), people, program)
    assert f"{pair[0]} and {pair[1]} are worth more than their prices" in found.violations


@given(profiles(most=9), MODELS, st.booleans())
def test_a_required_pair_is_held_to_its_prices_even_at_score_0(
    profiles: list[mm.Participant], model: Any, dear: bool
) -> None:
    people = cohort_of([one.model_copy(update={"declines": ()}) for one in profiles])
    rules = [mm.Require([("p0", "p1")])]
    program = mm.Program(
        format=mm.Pairs(sides=mm.Sides(by="rank", at_least=4)), score=model, rules=rules
    )
    proof = mm.match(people, program).certificate
    assert ("p0", "p1") in proof.pairs
    assert alike(proof, people, program).ok
    assert proof.count_prices is not None
    prices = [
        {**side, person: 0.0} for side, person in zip(proof.prices, ("p0", "p1"), strict=True)
    ]
    counts = [
        {**side, person: 0.0} for side, person in zip(proof.count_prices, ("p0", "p1"), strict=True)
    ]
    forged = replace(
        proof, prices=tuple(prices), count_prices=proof.count_prices if dear else tuple(counts)
    )
    texts = alike(forged, people, program).violations
    what = "prices" if dear else "count prices"
    assert texts.count(f"p0 and p1 are worth more than their {what}") == 1


@given(st.floats(0.01, 0.99), st.integers(20, 36), st.integers(1, 60))
def test_the_least_benefit_is_seen_where_nothing_covers_it(
    known: float, bits: int, wishes: int
) -> None:
    """A benefit that single precision cannot tell from none."""
    skills = [f"s{number}" for number in range(wishes)]
    people = cohort_of(
        [
            mm.Participant(
                id="a",
                rank=6,
                teaches=dict.fromkeys(skills, known + 2.0**-bits),
                wants={"y": 1.0},
            ),
            mm.Participant(
                id="b",
                rank=1,
                teaches={"y": 1.0},
                wants=dict.fromkeys(skills, 1.0),
                knows=dict.fromkeys(skills, known),
            ),
        ]
    )
    program = mm.Program(format=SIDES, objective="score")
    proof = mm.match(people, program).certificate
    assert proof.pairs
    free = tuple(dict.fromkeys(side, 0.0) for side in proof.prices)
    assert not alike(replace(proof, prices=free), people, program).complete


@pytest.mark.parametrize(
    "score",
    [
        mm.Reciprocity(),
        mm.Reciprocity(mean="geometric", wishes_counted=1),
        mm.Reciprocity(mean="minimum", floor=0.2),
        mm.Reciprocity(mean="arithmetic", wishes_counted=2),
        mm.Reciprocity(weights=(1, 3)),
        mm.Reciprocity(mean="geometric", weights=(7, 1)),
        mm.Reciprocity(mean="arithmetic", weights=(3, 1)),
        mm.OneWay(teacher="a"),
        mm.OneWay(teacher="b", wishes_counted=2),
    ],
)
def test_a_workforce_is_looked_at_alike(score: Any) -> None:
    people = workforce(700, skills=90)
    program = mm.Program(
        format=mm.Pairs(sides=mm.Sides(by="rank", at_least=3)),
        score=score,
        rules=[mm.Different("department"), mm.NoReportingLine()],
    )
    proof = mm.match(people, program).certificate
    assert alike(proof, people, program, tile=100, at_once=5000).ok
    for place, side in enumerate(proof.prices):
        person = max(side, key=side.__getitem__)
        cheaper = [*proof.prices]
        cheaper[place] = {**side, person: side[person] / 2}
        assert not alike(replace(proof, prices=tuple(cheaper)), people, program, tile=64).complete
    free = tuple(dict.fromkeys(side, 0.0) for side in proof.prices)
    found = alike(replace(proof, prices=free), people, program, tile=100, at_once=5000)
    assert len(found.violations) == 20


def asked_of_rules(
    verified: Callable[..., Verdict], proof: Proof, people: mm.Cohort, rules: list[Any]
) -> int:
    """How many pairs a rule was asked about, the proof being an honest one."""
    asked: list[int] = []

    def counting(cohort: mm.Cohort, a: Any, b: Any) -> Any:
        asked.append(len(a))
        return np.ones(len(a), dtype=bool)

    program = mm.Program(format=SIDES, rules=[mm.Where("counting", counting), *rules])
    assert verified(proof, people, program).ok
    return sum(asked)


def test_rules_are_asked_about_few_pairs() -> None:
    people = workforce(700, skills=90)
    proof = mm.match(people, mm.Program(format=SIDES)).certificate
    few = asked_of_rules(looked_at, proof, people, [])
    assert 10 * few < asked_of_rules(scored, proof, people, [])


def test_without_numba_all_pairs_are_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    people = workforce(700, skills=90)
    program = mm.Program(format=SIDES)
    proof = mm.match(people, program).certificate
    monkeypatch.setattr(scan, "FEW_CELLS", -1)
    monkeypatch.setattr(scan, "find_spec", lambda name: None)
    monkeypatch.setitem(sys.modules, "mentormatch.matching.suspects", None)
    assert proof.verify(people, program).ok


def in_a_process_of_its_own(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


SMALL = """
import sys
import mentormatch as mm
from tests.matching.examples import PROGRAM, matching, people

assert matching().certificate.verify(people(), PROGRAM).ok
print("numba" in sys.modules)
"""


def test_a_small_proof_loads_no_compiler() -> None:
    assert in_a_process_of_its_own(SMALL) == "False\n"


INTERPRETED = """
import warnings
from dataclasses import replace
import mentormatch as mm
from mentormatch.synthetic import workforce
from tests.matching.examples import SIDES
from tests.matching.test_scan import alike

warnings.simplefilter("ignore", mm.ProfileWarning)
people = workforce(60, skills=9)
for score in (
    mm.Reciprocity(),
    mm.Reciprocity(mean="geometric", wishes_counted=1),
    mm.Reciprocity(mean="minimum"),
    mm.Reciprocity(mean="arithmetic"),
    mm.Reciprocity(mean="geometric", weights=(1, 3)),
    mm.OneWay(teacher="a"),
    mm.OneWay(teacher="b"),
):
    program = mm.Program(format=SIDES, score=score)
    proof = mm.match(people, program).certificate
    assert alike(proof, people, program, tile=7, at_once=100).ok
    free = tuple(dict.fromkeys(side, 0.0) for side in proof.prices)
    assert not alike(replace(proof, prices=free), people, program, tile=7).ok
print("interpreted")
"""


def test_kernels_are_right_without_the_compiler_too() -> None:
    """So that measuring coverage sees the lines of the kernels."""
    assert in_a_process_of_its_own(INTERPRETED, NUMBA_DISABLE_JIT="1") == "interpreted\n"
