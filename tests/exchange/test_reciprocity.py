import json
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from mentormatch import OneWay, ProgramError, Reciprocity
from mentormatch.exchange.reciprocity import rounded
from mentormatch.exchange.scores import AnyScore, Score

HALF, ONE, NONE = np.array([0.5]), np.array([1.0]), np.array([0.0])


@pytest.mark.parametrize(
    ("mean", "expected"),
    [("harmonic", 2 / 3), ("geometric", 0.5**0.5), ("minimum", 0.5), ("arithmetic", 0.75)],
)
def test_the_four_means(mean: str, expected: float) -> None:
    score = Reciprocity(mean=mean).combine(HALF, ONE)  # type: ignore[arg-type]
    assert score[0] == pytest.approx(expected, abs=2.0**-41)


@pytest.mark.parametrize("mean", ["harmonic", "geometric", "minimum"])
def test_three_means_need_both_directions(mean: str) -> None:
    assert Reciprocity(mean=mean).combine(ONE, NONE)[0] == 0.0  # type: ignore[arg-type]


def test_the_arithmetic_mean_needs_one_direction() -> None:
    assert Reciprocity(mean="arithmetic").combine(ONE, NONE)[0] == 0.5


def test_scores_are_multiples_of_two_to_the_minus_forty() -> None:
    grid = np.random.default_rng(1).random((2, 1000))
    score = Reciprocity().combine(*grid) * 2.0**40
    assert np.array_equal(score, np.rint(score))
    assert np.array_equal(rounded(rounded(grid)), rounded(grid))


def test_a_pair_below_the_floor_scores_nothing() -> None:
    assert Reciprocity(floor=0.6).combine(HALF, ONE)[0] == 0.0
    assert Reciprocity(floor=0.5).combine(HALF, ONE)[0] > 0.0


def test_each_side_can_have_its_own_floor() -> None:
    model = Reciprocity(floor=(0.6, 0.0))
    assert model.combine(HALF, ONE)[0] == 0.0
    assert model.combine(ONE, HALF)[0] > 0.0


def test_the_floor_is_met_by_what_only_rounding_keeps_below_it() -> None:
    third = np.array([0.1 + 0.1 + 0.1])
    assert Reciprocity(floor=0.3).combine(third, third)[0] > 0.0
    assert Reciprocity(floor=0.1 * 3).combine(np.array([0.3]), ONE)[0] > 0.0


def test_one_way_looks_at_what_the_learning_side_receives() -> None:
    assert OneWay(teacher="b").combine(HALF, NONE)[0] == 0.5
    assert OneWay(teacher="a").combine(HALF, NONE)[0] == 0.0
    assert OneWay(teacher="b", floor=0.6).combine(HALF, ONE)[0] == 0.0


@pytest.mark.parametrize(
    ("mean", "expected"),
    [("harmonic", 4 / 7), ("geometric", 0.5**0.75), ("arithmetic", 0.625)],
)
def test_what_one_side_receives_can_count_three_times_as_much(mean: Any, expected: float) -> None:
    model = Reciprocity(mean=mean, weights=(1, 3))
    assert model.combine(ONE, HALF)[0] == pytest.approx(expected, abs=2.0**-41)
    assert model.combine(ONE, HALF) < model.combine(HALF, ONE)


def test_weights_that_differ_too_much_or_weigh_a_minimum_are_refused_together() -> None:
    with pytest.raises(ProgramError, match=r"(?s)score by 'one_way'.*a minimum has no weights"):
        Reciprocity(mean="minimum", weights=(1, 1001))
    with pytest.raises(ProgramError, match="1,000 times"):
        Reciprocity(weights=(1e308, 1e-308))
    assert Reciprocity(weights=(1, 1000)).combine(ONE, ONE)[0] == 1.0
    assert Reciprocity(weights=(1e308, 1e308)).combine(HALF, ONE) == Reciprocity().combine(
        HALF, ONE
    )
    assert Reciprocity(mean="minimum", weights=(2, 2)).combine(HALF, ONE)[0] == 0.5


def test_weights_that_say_nothing_leave_json_as_it_was() -> None:
    models = TypeAdapter(Score)
    assert json.loads(models.dump_json(Reciprocity(weights=(1, 1)))) == {
        "mean": "harmonic",
        "floor": 0.0,
        "wishes_counted": None,
        "kind": "reciprocity",
    }
    assert json.loads(models.dump_json(Reciprocity(weights=(1, 3))))["weights"] == [1.0, 3.0]


def test_a_score_model_survives_its_json() -> None:
    models = TypeAdapter(list[Score])
    given: list[AnyScore] = [
        Reciprocity(mean="minimum", floor=(0.1, 0.2), wishes_counted=3),
        OneWay(teacher="a"),
        Reciprocity(weights=(0.1, 0.7)),
        Reciprocity(weights=(2.0, 2.0)),
    ]
    text = models.dump_json(given)
    assert models.validate_json(text) == given
    assert json.loads(text)[1]["kind"] == "one_way"


@pytest.mark.parametrize(
    "fields",
    [
        {"mean": "median"},
        {"floor": -0.1},
        {"floor": 1.1},
        {"wishes_counted": 0},
        {"weights": (0.0, 1.0)},
        {"weights": (1.0, -1.0)},
        {"weights": (float("inf"), 1.0)},
        {"weights": (float("nan"), 1.0)},
        {"weights": (1.0,)},
        {"x": 1},
    ],
)
def test_a_score_model_refuses_what_it_does_not_know(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Reciprocity).validate_python(fields)
