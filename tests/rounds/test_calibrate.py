"""Learning from feedback, when there is something to learn."""

import re
from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import t

import mentormatch as mm
from mentormatch.rounds.calibrate import _evidence, _half, _relative, _Trial
from mentormatch.rounds.calibration import PreferenceWeight
from mentormatch.rounds.parts import Known, Variant, known_of
from mentormatch.rounds.prediction import area_under_curve
from mentormatch.rounds.weighing import Weighing, losses, weigh
from tests.rounds.hidden_truth import round_of
from tests.rounds.test_evaluate import everybody, matched, people_of

#: What pairs that somebody answered about are really worth.
Worth = Callable[[Known], np.ndarray[Any, Any]]

SINGLE = mm.Reciprocity(mean="minimum", wishes_counted=1)


def as_before(known: Known) -> Any:  # the program's own
    return known.exchanged(Variant(mm.Reciprocity())) + 0.05 * known.satisfied[:, 0]


def by_site(known: Known) -> Any:
    return known.exchanged(Variant(mm.Reciprocity())) + 0.4 * known.satisfied[:, 0]


def by_best_wish(known: Known) -> Any:
    return known.exchanged(Variant(SINGLE))


def told(matching: mm.Matching, worth: Worth, seed: int, spread: float = 0.7) -> mm.Feedback:
    """What people say of pairs that fit as they are worth, and by chance."""
    draw = np.random.default_rng(seed)
    program = matching._attached().program
    records = [
        {"a": pair.a, "b": pair.b, "by": by, "date": "2026-03-02", "fit": 3}
        for pair in matching.pairs
        for by in (pair.a, pair.b)
    ]
    asked = [(matching, mm.read_feedback(records))]
    worths = worth(known_of(asked, program.preferences, 0.75))
    shared = np.repeat(draw.standard_normal(len(matching.pairs)), 2)
    chance = spread * (shared + draw.standard_normal(len(records)))
    fits = np.clip(np.rint(3.5 + 4.0 * (worths - worths.mean()) + chance), 1, 5)
    return mm.read_feedback(
        [{**one, "fit": fit} for one, fit in zip(records, fits.tolist(), strict=True)]
    )


@cache
def learned(worth: Worth, seed: int = 0, pairs: int = 150) -> mm.Calibration:
    matching = round_of(pairs, seed)
    return mm.calibrate([(matching, told(matching, worth, seed))])


def foretold(program: mm.Program, worth: Worth, seed: int) -> float:
    """How well a program's scores tell good from poor fits of people it has not seen."""
    matching = round_of(150, seed)
    feedback = told(matching, worth, seed)
    assert isinstance(program.score, mm.Reciprocity)
    preferences = matching._attached().program.preferences
    known = known_of([(matching, feedback)], preferences, 0.75)
    weights = [one.weight for one in program.preferences] or [0.0]
    total = known.exchanged(Variant(program.score)) + known.satisfied @ np.array(weights)
    area = area_under_curve(total, known.good == 1.0, np.arange(len(total)))
    assert area is not None
    return area.value


@pytest.mark.parametrize("worth", [by_site, by_best_wish])
def test_what_there_is_to_learn_is_learned_and_holds_for_other_people(worth: Worth) -> None:
    found = learned(worth)
    assert found.learned
    gain = found.evidence.gain_low
    assert gain is not None
    assert gain > 0.0
    before = round_of(2)._attached().program
    after = found.program(before)
    assert foretold(after, worth, 77) > foretold(before, worth, 77) + 0.03
    if worth is by_best_wish:
        assert found.score == SINGLE
        assert found.weights[0].weight < 0.2
    else:
        assert found.score == before.score  # of which nothing was wrong
        assert found.weights[0].weight == pytest.approx(0.4, abs=0.2)


def test_where_the_score_is_right_already_nothing_is_learned() -> None:
    for seed in range(3):
        found = learned(as_before, seed)
        assert not found.learned
        assert "no score is surely better" in str(found)
        program = round_of(2)._attached().program
        assert found.program(program) == program


def test_where_data_are_thin_nothing_is_learned_and_the_text_says_how_many_it_takes() -> None:
    found = learned(by_site, pairs=15)
    assert not found.learned
    assert found.evidence.gain is None
    assert "it takes 30 good and 30 poor pairs to tell" in found.reason


def test_a_learned_program_is_matched_proven_and_verified_as_any_other() -> None:
    found = learned(by_site)
    people = mm.read_records(
        [
            {"id": "ana", "rank": 6, "site": "Oslo", "teaches": "leading", "wants": "sql:2; R:1"},
            {"id": "bo", "rank": 1, "site": "Oslo", "teaches": "sql; R:3", "wants": "leading"},
            {"id": "cy", "rank": 1, "site": "Pune", "teaches": "sql; R", "wants": "leading"},
        ]
    )
    given = round_of(2)._attached().program
    program = found.program(given.model_copy(update={"rules": ()}))
    matching = mm.match(people, program)
    [pair] = matching.pairs
    assert pair.b == "bo"
    assert pair.preference == np.rint(found.weights[0].weight * 2.0**40) / 2.0**40
    assert matching.certificate.verify(people, program).ok
    again = mm.Program.model_validate_json(program.model_dump_json())
    assert mm.Matching.from_json(matching.to_json()).attach(people, again).pairs[0] == pair


def test_who_was_served_first_and_which_pairs_stayed_is_nothing_to_learn() -> None:
    earlier = round_of(150)
    given = earlier._attached().program
    decided = (mm.Waited(weight=4), mm.Stay([("p0", "p150")], weight=0.5))
    asked = given.model_copy(update={"preferences": (decided[0], *given.preferences, decided[1])})
    people = earlier._attached().graph.people.noting("waited", {"p0": 1.0})
    found = mm.calibrate([(mm.match(people, asked), told(earlier, by_site, 0))])
    assert found.learned
    assert [one.preference for one in found.weights] == [str(one) for one in given.preferences]
    assert found.program(asked).preferences == (*found.program(given).preferences, *decided)


def test_a_calibration_survives_json_and_a_damaged_one_is_refused() -> None:
    found = learned(by_site)
    assert mm.Calibration.from_json(found.to_json()) == found
    whole = found.to_json()
    for damaged in ("{}", whole.replace('"mean"', '"men"'), whole[:-9], whole.replace("1", "2", 1)):
        with pytest.raises(mm.RecordError, match="not a whole calibration"):
            mm.Calibration.from_json(damaged)


def test_a_calibration_is_for_the_preferences_it_was_learned_for() -> None:
    found = learned(by_site)
    with pytest.raises(mm.ProgramError, match="in the same order"):
        found.program(mm.Program())


def test_the_same_feedback_teaches_the_same_and_nothing_about_anybody_enters() -> None:
    matching = round_of(150)
    feedback = told(matching, by_site, 0)
    found = mm.calibrate([(matching, feedback)])
    assert mm.calibrate([(matching, feedback)]) == found
    turned = mm.read_feedback(feedback.to_records()[::-1])
    assert mm.calibrate([(matching, turned)]) == found
    text = found.to_json() + str(found)
    assert "prefer same site" in text
    assert not re.search(r"\bp\d+\b|skill|Oslo|Pune", text)


def test_rounds_are_put_together_and_people_in_several_pairs_are_tested_apart() -> None:
    rounds = []
    for seed in range(2):
        matching = round_of(80, seed)  # of people who have the same ids each time
        rounds.append((matching, told(matching, by_site, seed)))
    found = mm.calibrate(rounds)
    assert found.evidence.rounds == 2
    assert (found.evidence.answers, found.evidence.people) == (320, 160)
    assert found.learned


def test_who_came_first_is_nothing_to_learn_and_is_left_as_it_is() -> None:
    plain = round_of(150)
    program = plain._attached().program
    order = mm.Waited(weight=4.0)
    stay = mm.Stay([("p0", "p150")], weight=0.5)
    given = program.model_copy(update={"preferences": (order, *program.preferences, stay)})
    people = plain._attached().graph.people
    waited = people.noting("waited", {f"p{n}": n % 2 for n in range(300)})
    served = mm.match(waited, given)
    assert max(pair.score for pair in served.pairs) > 4.0
    feedback = told(plain, by_site, 0)
    # An earlier round, of which nobody had waited, has no such attribute.
    found = mm.calibrate([(plain, feedback), (served, feedback)])
    twice = mm.calibrate([(plain, feedback), (plain, feedback)])
    assert found.learned
    assert found.score == twice.score
    [weight], [expected] = found.weights, twice.weights
    assert weight.preference == "prefer same site"
    assert weight.weight == pytest.approx(expected.weight)
    assert found.evidence.gain == pytest.approx(twice.evidence.gain)
    after = found.program(given).preferences
    assert set(after) - {order, stay} == set(found.program(program).preferences)
    assert {order, stay} < set(after)


def test_pairs_are_foretold_from_others_with_which_they_share_nobody() -> None:
    draw = np.random.default_rng(1)
    people = np.stack((draw.permutation(60), np.roll(np.arange(60), 1)), axis=1)
    people = people[people[:, 0] != people[:, 1]]
    size = len(people)
    known = Known(np.ones(size), people, np.ones((size, 0)), [])
    pair, _ = _evidence(known, 1)
    seen = np.zeros(size)
    trial = _Trial(known, pair, np.ones(0), Variant(mm.Reciprocity()), [], draw)
    for tested, rest in trial._parts():
        seen += tested
        assert rest.sum() > size / 2
        assert not set(people[tested].ravel()) & set(people[rest].ravel())
    assert (seen == 1.0).all()


@given(st.integers(0, 10_000))
def test_the_interval_of_a_gain_counts_every_two_answers_that_share_somebody(seed: int) -> None:
    draw = np.random.default_rng(seed)
    people = np.array([draw.choice(9, 2, replace=False) for _ in range(20)])
    errors = draw.standard_normal(20)
    shared = own = 0.0
    for one, other in product(range(20), repeat=2):
        both = len(set(people[one]) & set(people[other]))
        shared += errors[one] * errors[other] * (both > 0)
        own += errors[one] * errors[other] * (both == 2)
    pairs = len({frozenset(two) for two in people.tolist()})
    error = np.sqrt(max(shared, own) * pairs / (pairs - 1)) / 20
    assert _half(errors, people) == pytest.approx(t.ppf(0.975, pairs - 1) * error)


def test_what_cannot_be_learned_from_is_refused() -> None:
    with pytest.raises(mm.ProgramError, match="there are no rounds"):
        mm.calibrate([])
    people = mm.read_records([{"id": f"p{n}", "wants": "sql; chess"} for n in range(4)])
    buddies = mm.match(people, mm.Program(format=mm.Buddies()))
    with pytest.raises(mm.ProgramError, match="what buddies share"):
        mm.calibrate([(buddies, mm.read_feedback([]))])
    matching = matched(people_of(5))
    stored = mm.Matching.from_json(matching.to_json())
    with pytest.raises(mm.RecordError, match="attach it"):
        mm.calibrate([(stored, mm.read_feedback([]))])


def test_what_two_exchange_is_what_the_engine_says() -> None:
    own = mm.Reciprocity(wishes_counted=2, mean="geometric")
    matching = matched(people_of(5), score=own)
    known = known_of([(matching, mm.read_feedback(everybody(5, fit=4)))], (), 0.75)
    for variant in (*Variant(own).instead("mean"), *Variant(own).instead("directions")):
        again = matched(people_of(5), score=variant.score)
        scores = {pair.a: pair.score for pair in again.pairs}
        expected = [scores[pair.a] for pair in matching.pairs for _ in range(2)]
        assert known.exchanged(variant) == pytest.approx(expected, abs=1e-11)
    big = round_of(40)
    asked = [
        {"a": pair.a, "b": pair.b, "by": pair.a, "date": "2026-03-02", "fit": 4}
        for pair in big.pairs
    ]
    [preference] = big._attached().program.preferences
    known = known_of([(big, mm.read_feedback(asked))], [preference], 0.75)
    assert known.exchanged(Variant(mm.Reciprocity())) == pytest.approx(
        [pair.reciprocity for pair in big.pairs]
    )
    given = known.satisfied[:, 0] * preference.weight
    worth_something = np.array([pair.reciprocity > 0.0 for pair in big.pairs])
    added = np.array([pair.preference for pair in big.pairs])
    assert given[worth_something] == pytest.approx(added[worth_something])


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_weights_are_the_best_there_are_and_none_is_below_zero(seed: int, kinds: int) -> None:
    draw = np.random.default_rng(seed)
    parts = draw.random((60, kinds))
    good = (draw.random(60) < 0.5).astype(np.float64)
    found = weigh(parts, good)
    assert (found.weights >= 0.0).all()
    known = (parts - parts.mean(axis=0)) / parts.std(axis=0)

    def loss(at: Any) -> float:
        return float(losses(at[0] + known @ at[1:], good).sum() + (at[1:] ** 2).sum() / 2.0)

    bounds = [(None, None), *[(0.0, None)] * kinds]
    other = minimize(loss, np.zeros(1 + kinds), method="SLSQP", bounds=bounds)
    assert found.loss <= other.fun + 1e-4
    assert found.loss == pytest.approx(
        loss(
            np.array(
                [
                    found.base + parts.mean(axis=0) @ found.weights,
                    *(found.weights * parts.std(axis=0)),
                ]
            )
        )
    )


def test_what_preferences_are_worth_is_beside_an_exchange() -> None:
    def relative(*weights: float) -> list[float]:
        return list(_relative(Weighing(0.0, np.array(weights), 0.0)))

    assert relative(4.0, 1.0, 0.0) == [0.25, 0.0]
    assert relative(1.0, 3.0) == [1.0]  # no preference is worth more
    assert relative(0.0, 3.0, 0.0) == [1.0, 0.0]
    assert relative(1.0, 2.0**-41) == [0.0]


def test_a_preference_that_is_worth_nothing_is_left_out() -> None:
    program = round_of(2)._attached().program
    found = learned(by_site)
    weights = (PreferenceWeight(found.weights[0].preference, 0.0),)
    assert found.model_copy(update={"weights": weights}).program(program).preferences == ()


def test_answers_about_one_pair_leave_a_gain_open() -> None:
    assert _half(np.array([0.1, -0.1]), np.array([[0, 1], [1, 0]])) == float("inf")
