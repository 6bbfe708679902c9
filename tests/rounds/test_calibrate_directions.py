"""Learning how much each direction counts, and what the taxonomy's credit is worth."""

import json
from typing import Any

import numpy as np
import pytest

import mentormatch as mm
from mentormatch.rounds.calibration import TaxonomyCredit
from mentormatch.rounds.parts import Variant, known_of
from tests.rounds.test_calibrate import told

SIDES = mm.Pairs(sides=mm.Sides(by="rank", at_least=5, names=("leader", "newcomer")))
OWN = mm.Reciprocity()
ONE_IS_ENOUGH = mm.Reciprocity(mean="arithmetic")
NOTHING = TaxonomyCredit(None)
#: Something broad and something narrower.
PAINTING, CODING = ("painting", "watercolour"), ("coding", "Haskell")
TAXONOMY = mm.Taxonomy.of([PAINTING[::-1], CODING[::-1]])


def answered(people: mm.Cohort, truth: Variant, seed: int, own: mm.Reciprocity = OWN) -> Any:
    """Pairs that had to be, and what is said of them where a score is the truth."""
    half = len(people) // 2
    pairs = [(f"p{n}", f"p{half + n}") for n in range(half)]
    matching = mm.match(people, mm.Program(format=SIDES, score=own, rules=[mm.Require(pairs)]))
    return matching, told(matching, lambda known: known.exchanged(truth), seed, spread=0.35)


def apart(pairs: int, seed: int) -> mm.Cohort:
    """People of whom what the one learns says nothing of what the other does."""
    draw = np.random.default_rng(seed)
    return mm.read_records(
        [
            {"id": f"p{n}", "rank": rank, "teaches": f"{teaches}:{draw.integers(1, 6)}"}
            | {"wants": wants}
            for n in range(2 * pairs)
            for rank, teaches, wants in ((6, "a", "b") if n < pairs else (1, "b", "a"),)
        ]
    )


def related(pairs: int, seed: int) -> mm.Cohort:
    """People of whom many teach something broader or narrower than what is wanted."""
    draw = np.random.default_rng(seed)
    return mm.read_records(
        [
            {
                "id": f"p{n}",
                "rank": rank,
                "teaches": f"{draw.choice(teaches)}:{draw.integers(2, 6)}",
                "wants": str(draw.choice(wants)),
            }
            for n in range(2 * pairs)
            for rank, teaches, wants in (
                (6, PAINTING, CODING) if n < pairs else (1, CODING, PAINTING),
            )
        ]
    ).with_taxonomy(TAXONOMY)


@pytest.mark.parametrize("weights", [(1.0, 3.0), (3.0, 1.0)])
def test_that_one_direction_counts_thrice_is_learned_and_holds_for_other_people(
    weights: tuple[float, float],
) -> None:
    truth = Variant(mm.Reciprocity(weights=weights))
    found = mm.calibrate([answered(apart(300, 1), truth, 1001)])
    assert found.learned
    assert found.evidence.gain_low is not None
    assert found.evidence.gain_low > 0.0
    assert isinstance(found.score, mm.Reciprocity)
    assert found.score.weights == weights
    assert found.taxonomy is None
    others = answered(apart(300, 2), truth, 1002)
    known = known_of([others], (), 0.75)
    before, after = (
        np.corrcoef(known.exchanged(Variant(score)), known.good)[0, 1]
        for score in (OWN, found.score)
    )
    assert after > before + 0.03
    # A model like any other.
    people, program = apart(9, 3), found.program(mm.Program(format=SIDES))
    matching = mm.match(people, program)
    again = mm.Program.model_validate_json(program.model_dump_json())
    assert again == program
    stored = mm.Matching.from_json(matching.to_json()).attach(people, again)
    assert stored.to_records() == matching.to_records()
    assert not matching.certificate.verify(people, mm.Program(format=SIDES)).ok


@pytest.mark.parametrize("seed", range(2))
def test_where_both_count_the_same_no_weight_is_learned(seed: int) -> None:
    found = mm.calibrate([answered(apart(150, seed), Variant(OWN), 1000 + seed)])
    assert not found.learned
    assert found.score == OWN


def test_in_one_pool_no_direction_is_weighed() -> None:
    history = answered(apart(150, 1), Variant(mm.Reciprocity(weights=(1, 9))), 1001)
    pool = mm.Program(rules=history[0]._attached().program.rules)
    matching = mm.match(apart(150, 1), pool)
    assert isinstance(found := mm.calibrate([(matching, history[1])]).score, mm.Reciprocity)
    assert found.is_even
    # Nor where one of several rounds was a pool.
    assert isinstance(
        found := mm.calibrate([(matching, history[1]), history]).score, mm.Reciprocity
    )
    assert found.is_even


@pytest.mark.parametrize("credit", [NOTHING, TaxonomyCredit(1.0)])
def test_what_a_taxonomy_is_worth_is_learned(credit: TaxonomyCredit) -> None:
    people, truth = related(100, 1), Variant(ONE_IS_ENOUGH, credit)
    found = mm.calibrate([answered(people, truth, 1001, ONE_IS_ENOUGH)])
    assert found.learned
    assert found.evidence.gain_low is not None
    assert found.evidence.gain_low > 0.0
    assert found.taxonomy == credit
    assert str(credit) in str(found)
    assert mm.Calibration.from_json(found.to_json()) == found
    after = found.people(people)
    assert after.taxonomy == credit.given(TAXONOMY)
    named = sum(len(one.teaches) for one in people)
    assert (after.teaches.nnz == named) is (credit == NOTHING)
    bare = mm.read_records([{"id": "ana", "rank": 6}, {"id": "bo", "rank": 1}])
    if credit == NOTHING:
        assert found.people(bare).taxonomy is None
    else:
        with pytest.raises(mm.ProgramError, match=r"all the credit.*people\.with_taxonomy"):
            found.people(bare)


@pytest.mark.parametrize("seed", range(2))
def test_where_a_taxonomy_is_worth_what_it_is_nothing_is_learned(seed: int) -> None:
    people = related(100, seed)
    found = mm.calibrate([answered(people, Variant(ONE_IS_ENOUGH), 1000 + seed, ONE_IS_ENOUGH)])
    assert not found.learned
    assert found.taxonomy is None
    assert found.people(people) is people


def test_each_thing_to_learn_asks_for_ten_more_pairs_of_a_kind() -> None:
    for people, least in ((apart(8, 1), 20), (related(8, 1), 30)):
        found = mm.calibrate([answered(people, Variant(OWN), 1)])
        assert f"it takes {least} good and {least} poor pairs" in found.reason


def test_what_two_exchange_by_a_taxonomy_is_what_the_engine_says() -> None:
    people = related(30, 1)
    history = answered(people, Variant(OWN), 1)
    known = known_of([history], (), 0.75)
    for variant in Variant(OWN).instead("taxonomy"):
        other = people
        if variant.credit is not None:
            other = people.with_taxonomy(variant.credit.given(people.taxonomy))
        scores = {one.a: one.score for one in answered(other, Variant(OWN), 1)[0].pairs}
        expected = [scores[one.a] for one in history[0].pairs for _ in range(2)]
        assert known.exchanged(variant) == pytest.approx(expected, abs=1e-11)


def test_a_credit_says_what_it_is() -> None:
    assert [str(TaxonomyCredit(one)) for one in (None, 0.0, 0.25, 1.0)] == [
        "broader and narrower skills earn nothing",
        "a broader skill earns nothing",
        "each step from a broader skill to a narrower one leaves 0.25 of the credit",
        "a broader skill earns all the credit",
    ]


def test_a_calibration_of_before_is_still_read() -> None:
    found = mm.calibrate([answered(apart(3, 1), Variant(OWN), 1)])
    stored = json.loads(found.to_json())
    assert stored.pop("taxonomy") is None
    assert mm.Calibration.from_json(json.dumps(stored)) == found
