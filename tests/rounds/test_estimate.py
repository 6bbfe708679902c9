"""Intervals, against SciPy, against brute force, and at their ends."""

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm, t

from mentormatch.rounds.estimate import mean_of, variance_of_mean, wilson
from mentormatch.rounds.prediction import area_under_curve, score_classes, slope_of

ANSWERS = st.lists(
    st.tuples(
        st.sampled_from((0.0, 0.25, 0.5, 0.75, 1.0)),
        st.booleans(),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=14,
)


@pytest.mark.parametrize(("yes", "of"), [(0, 1), (1, 1), (3, 4), (50, 120), (7, 7)])
def test_the_bounds_of_a_rate_are_wilsons(yes: int, of: int) -> None:
    expected = binomtest(yes, of).proportion_ci(method="wilson")
    found = wilson(yes / of, of, float(norm.ppf(0.975)))
    assert found == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_where_all_answers_are_alike_the_bounds_hold_the_rate_to_the_last_digit(
    rate: float,
) -> None:
    for answers in range(1, 60):
        low, high = wilson(rate, answers, float(norm.ppf(0.975)))
        assert low <= rate <= high


def test_the_variance_of_independent_answers_is_the_usual_one() -> None:
    values = np.array([0.1, 0.4, 0.2, 0.9, 0.5])
    variance, groups = variance_of_mean(values, np.arange(5))
    assert variance == pytest.approx(values.var(ddof=1) / 5)
    assert groups == 5


def test_answers_that_repeat_each_other_make_nothing_surer() -> None:
    values, groups = np.array([0.1, 0.4, 0.2, 0.9, 0.5]), np.arange(5)
    once = mean_of(values, groups)
    twice = mean_of(np.repeat(values, 2), np.repeat(groups, 2))
    assert once is not None
    assert twice is not None
    assert (twice.low, twice.high) == pytest.approx((once.low, once.high))


def test_one_answer_and_equal_answers_leave_much_open() -> None:
    one = mean_of(np.array([4.0]), np.array([0]), 1.0, 5.0)
    alike = mean_of(np.full(20, 4.0), np.arange(20), 1.0, 5.0)
    assert one is not None
    assert alike is not None
    assert 1.0 <= one.low < alike.low < 4.0 < alike.high < one.high <= 5.0
    # As Wilson's for as many answers of yes and no.
    assert alike.low == pytest.approx(1.0 + 4.0 * wilson(0.75, 20, float(norm.ppf(0.975)))[0])


def test_no_answer_is_no_estimate() -> None:
    assert mean_of(np.array([]), np.array([], dtype=np.int64)) is None


@given(ANSWERS)
def test_an_interval_holds_its_value_and_stays_on_the_scale(answers: Any) -> None:
    values, good, clusters = map(np.array, zip(*answers, strict=True))
    mean = mean_of(1.0 + 4.0 * values, clusters, 1.0, 5.0)
    area = area_under_curve(values, good, clusters)
    for one, low, high in ((mean, 1.0, 5.0), (area, 0.0, 1.0)):
        if one is not None:
            assert low <= one.low <= one.value + 1e-12
            assert one.value - 1e-12 <= one.high <= high


@given(ANSWERS)
def test_the_area_is_that_of_comparing_every_two_answers(answers: Any) -> None:
    scores, good, clusters = map(np.array, zip(*answers, strict=True))
    found = area_under_curve(scores, good, clusters)
    wins = [
        1.0 if one > other else 0.5 if one == other else 0.0
        for one, other in product(scores[good].tolist(), scores[~good].tolist())
    ]
    if not wins:
        assert found is None
    else:
        assert found is not None
        assert found.value == pytest.approx(sum(wins) / len(wins))


@given(ANSWERS)
def test_turning_scores_round_turns_the_area_round(answers: Any) -> None:
    scores, good, clusters = map(np.array, zip(*answers, strict=True))
    found, turned = (area_under_curve(sign * scores, good, clusters) for sign in (1.0, -1.0))
    if found is not None and turned is not None:
        ends = (1.0 - turned.value, 1.0 - turned.high, 1.0 - turned.low)
        assert (found.value, found.low, found.high) == pytest.approx(ends)


def test_the_variance_of_an_area_of_independent_answers_is_delongs() -> None:
    draw = np.random.default_rng(3)
    scores, good = draw.random(40), draw.random(40) < 0.4
    yes, no = scores[good], scores[~good]
    wins = (yes[:, None] > no) + 0.5 * (yes[:, None] == no)
    variance = wins.mean(axis=1).var(ddof=1) / len(yes) + wins.mean(axis=0).var(ddof=1) / len(no)
    found = area_under_curve(scores, good, np.arange(40))
    assert found is not None
    area = float(wins.mean())
    quantile = float(t.ppf(0.975, min(len(yes), len(no)) - 1))
    expected = wilson(area, area * (1.0 - area) / float(variance), quantile)
    assert (found.low, found.high) == pytest.approx(expected)


def test_the_variance_of_an_area_of_answers_in_groups_is_obuchowskis() -> None:
    draw = np.random.default_rng(4)
    scores, clusters = np.repeat(draw.random(30), 2), np.repeat(np.arange(30), 2)
    good = draw.random(60) < 0.3 + 0.4 * scores
    yes, no = np.flatnonzero(good), np.flatnonzero(~good)
    wins = (scores[yes][:, None] > scores[no]) + 0.5 * (scores[yes][:, None] == scores[no])
    area = float(wins.mean())
    of_yes = dict(zip(yes.tolist(), (wins.mean(axis=1) - area).tolist(), strict=True))
    of_no = dict(zip(no.tolist(), (wins.mean(axis=0) - area).tolist(), strict=True))
    sums = [
        [sum(part.get(one, 0.0) for one in (2 * group, 2 * group + 1)) for group in range(30)]
        for part in (of_yes, of_no)
    ]
    with_yes, with_no = (len({int(one) // 2 for one in part}) for part in (yes, no))
    variance = (
        with_yes / (with_yes - 1) * sum(one**2 for one in sums[0]) / len(yes) ** 2
        + with_no / (with_no - 1) * sum(one**2 for one in sums[1]) / len(no) ** 2
        + 2 * 30 / 29 * sum(a * b for a, b in zip(*sums, strict=True)) / (len(yes) * len(no))
    )
    quantile = float(t.ppf(0.975, min(with_yes, with_no) - 1))
    found = area_under_curve(scores, good, clusters)
    assert found is not None
    expected = wilson(area, area * (1.0 - area) / variance, quantile)
    assert (found.low, found.high) == pytest.approx(expected)


def test_a_slope_is_the_least_squares_line_and_its_error_the_jackknife() -> None:
    draw = np.random.default_rng(5)
    scores, clusters = draw.random(12), np.repeat(np.arange(6), 2)
    fits = 1.0 + 2.0 * scores + draw.normal(size=12)
    found = slope_of(scores, fits, clusters)
    assert found is not None
    slope = float(np.polyfit(scores, fits, 1)[0])
    without = [
        float(np.polyfit(scores[clusters != one], fits[clusters != one], 1)[0]) for one in range(6)
    ]
    error = np.sqrt(5 / 6 * sum((one - slope) ** 2 for one in without))
    half = float(t.ppf(0.975, 5)) * error
    assert (found.value, found.low, found.high) == pytest.approx(
        (slope, slope - half, slope + half)
    )


def test_there_is_no_slope_where_scores_do_not_differ() -> None:
    same, fits = np.full(6, 0.5), np.arange(6.0)
    assert slope_of(same, fits, np.arange(6)) is None
    # Only one pair is different: without it nothing is known.
    assert slope_of(np.array([0.5, 0.5, 0.5, 0.9]), np.arange(4.0), np.arange(4)) is None
    assert slope_of(np.array([0.1, 0.9]), np.arange(2.0), np.arange(2)) is None


@given(st.lists(st.sampled_from((0.1, 0.2, 0.3, 0.4, 0.5, 0.6)), max_size=60))
def test_classes_of_scores_have_five_people_and_no_score_is_in_two(scores: list[float]) -> None:
    size = len(scores)
    found = score_classes(
        np.array(scores),
        np.full(size, 3.0),
        np.zeros(size, dtype=np.bool_),
        np.arange(size),
        np.arange(size),
        (1.0, 5.0),
    )
    assert len(found) <= 5
    assert bool(found) == (size >= 5)
    assert sum(one.fit.answers for one in found) == (size if found else 0)
    assert all(one.fit.answers >= 5 for one in found)
    for before, after in pairwise(found):
        assert before.high < after.low
