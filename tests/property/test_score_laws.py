"""Laws of benefits and scores."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.exchange.benefit import benefit
from tests import oracles
from tests.strategies import LEVELS, MODELS, SKILLS, cohort_of, participants, profiles

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

UNIT = st.floats(0.0, 1.0)
MEANS = st.sampled_from(("harmonic", "geometric", "minimum", "arithmetic"))
WEIGHTED = st.sampled_from(("harmonic", "geometric", "arithmetic"))
#: Any two differ by less than 1,000 times.
WEIGHT = st.floats(0.04, 30.0)


def table(people: mm.Cohort, counted: int | None = None) -> Any:
    rows = np.arange(len(people))
    return benefit(people, rows, rows, wishes_counted=counted)


@given(profiles(), st.sampled_from((None, 1, 2, 3)))
def test_benefit_is_its_definition(people: list[mm.Participant], counted: int | None) -> None:
    expected = [[oracles.benefit(a, b, counted) for b in people] for a in people]
    assert table(cohort_of(people), counted) == pytest.approx(np.array(expected), abs=1e-12)


@given(profiles(), MODELS)
def test_score_is_its_definition(
    people: list[mm.Participant], model: mm.Reciprocity | mm.OneWay
) -> None:
    received = table(cohort_of(people), model.wishes_counted)
    scores = model.combine(received.T, received)
    expected = [[oracles.score(model, a, b) for b in people] for a in people]
    assert scores == pytest.approx(np.array(expected), abs=1e-11)


@given(WEIGHTED, WEIGHT, WEIGHT, UNIT, UNIT)
def test_a_weighted_mean_is_its_formula(mean: Any, v: float, w: float, x: float, y: float) -> None:
    found = mm.Reciprocity(mean=mean, weights=(v, w)).combine(np.array([x]), np.array([y]))[0]
    # Weights are told apart to 2**-20.
    assert found == pytest.approx(oracles.mean_of(mean, x, y, v, w), abs=2.0**-14)
    v, w = mm.Reciprocity(mean=mean, weights=(v, w)).balance
    assert found == pytest.approx(oracles.mean_of(mean, x, y, v, w), abs=1e-11)


@given(WEIGHTED, WEIGHT, WEIGHT, UNIT, UNIT)
def test_swapping_the_sides_and_the_weights_changes_no_bit(
    mean: Any, v: float, w: float, x: float, y: float
) -> None:
    one = mm.Reciprocity(mean=mean, weights=(v, w)).combine(np.array([x]), np.array([y]))
    other = mm.Reciprocity(mean=mean, weights=(w, v)).combine(np.array([y]), np.array([x]))
    assert one == other


@given(WEIGHTED, st.integers(1, 30), st.integers(1, 30), WEIGHT, UNIT, UNIT)
def test_scaling_both_weights_changes_no_bit(
    mean: Any, v: int, w: int, times: float, x: float, y: float
) -> None:
    one = mm.Reciprocity(mean=mean, weights=(v, w))
    other = mm.Reciprocity(mean=mean, weights=(v * times, w * times))
    assert one.combine(np.array([x]), np.array([y])) == other.combine(np.array([x]), np.array([y]))


@given(MEANS, WEIGHT, UNIT, UNIT)
def test_equal_weights_are_none_and_the_formulas_that_there_always_were(
    mean: Any, weight: float, x: float, y: float
) -> None:
    a, b = np.array([x]), np.array([y])
    with np.errstate(divide="ignore", over="ignore"):
        formulas = {
            "harmonic": 2.0 / (1.0 / a + 1.0 / b),
            "geometric": np.sqrt(a * b),
            "minimum": np.minimum(a, b),
            "arithmetic": (a + b) / 2.0,
        }
    expected = np.rint(formulas[mean] * 2.0**40) / 2.0**40
    assert mm.Reciprocity(mean=mean).combine(a, b) == expected
    assert mm.Reciprocity(mean=mean, weights=(weight, weight)).combine(a, b) == expected


@given(WEIGHTED, WEIGHT, WEIGHT, UNIT, UNIT, UNIT)
def test_a_weighted_mean_is_monotone_and_between_its_two_benefits(
    mean: Any, v: float, w: float, x: float, less: float, more: float
) -> None:
    model = mm.Reciprocity(mean=mean, weights=(v, w))
    low, high = sorted((less, more))
    for one, other in (((x, low), (x, high)), ((low, x), (high, x))):
        below, above = (
            model.combine(np.array(two[:1]), np.array(two[1:]))[0] for two in (one, other)
        )
        assert below <= above
        assert min(one) - 2.0**-40 <= below <= max(one) + 2.0**-40
        assert 0.0 <= below <= above <= 1.0


@given(MEANS, UNIT, UNIT)
def test_reciprocity_is_symmetric(mean: Any, x: float, y: float) -> None:
    model = mm.Reciprocity(mean=mean)
    assert model.combine(np.array([x]), np.array([y])) == model.combine(
        np.array([y]), np.array([x])
    )


@given(MEANS, UNIT, UNIT, UNIT)
def test_reciprocity_is_monotone(mean: Any, x: float, less: float, more: float) -> None:
    model = mm.Reciprocity(mean=mean)
    low, high = sorted((less, more))
    assert model.combine(np.array([x]), np.array([low])) <= model.combine(
        np.array([x]), np.array([high])
    )


@given(MEANS, UNIT, UNIT)
def test_reciprocity_is_between_its_two_benefits_and_in_the_unit_interval(
    mean: Any, x: float, y: float
) -> None:
    score = mm.Reciprocity(mean=mean).combine(np.array([x]), np.array([y]))[0]
    assert 0.0 <= score <= 1.0
    assert min(x, y) - 2.0**-40 <= score <= max(x, y) + 2.0**-40


@given(participants("ana"), participants("bo"), st.sampled_from(SKILLS), LEVELS)
def test_teaching_more_never_lowers_a_benefit(
    ana: mm.Participant, bo: mm.Participant, skill: str, level: float
) -> None:
    before = table(cohort_of([ana, bo]))[0, 1]
    more = {**ana.teaches, skill: max(level, ana.teaches.get(skill, 0.0))}
    after = table(cohort_of([ana.model_copy(update={"teaches": more}), bo]))[0, 1]
    assert after >= before


@given(profiles(least=3), st.data())
def test_swapping_two_peoples_ranks_changes_no_score(
    people: list[mm.Participant], data: st.DataObject
) -> None:
    i, j = data.draw(st.permutations(range(len(people))))[:2]
    swapped = list(people)
    swapped[i] = people[i].model_copy(update={"rank": people[j].rank})
    swapped[j] = people[j].model_copy(update={"rank": people[i].rank})
    assert np.array_equal(table(cohort_of(people)), table(cohort_of(swapped)))


@given(profiles())
def test_nothing_but_skills_enters_a_benefit(people: list[mm.Participant]) -> None:
    bare = [
        mm.Participant(id=one.id, teaches=one.teaches, knows=one.knows, wants=one.wants)
        for one in people
    ]
    assert np.array_equal(table(cohort_of(people)), table(cohort_of(bare)))


@given(profiles(), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_no_bit_of_a_benefit(
    people: list[mm.Participant], random: Any
) -> None:
    order = list(range(len(people)))
    random.shuffle(order)
    shuffled = table(cohort_of([people[i] for i in order]))
    assert np.array_equal(table(cohort_of(people))[np.ix_(order, order)], shuffled)
