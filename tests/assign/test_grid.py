"""The grid is as fine as exact sums allow, and rounding is never downwards."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign.grid import on_grid, power_of_two_from
from tests.assign.strategies import fine, foreign


@pytest.mark.parametrize(
    ("number", "power"),
    [(5e-324, 5e-324), (1e-300, 2.0**-996), (0.5, 0.5), (0.51, 1.0), (3.0, 4.0), (1024.0, 1024.0)],
)
def test_power_of_two_from(number: float, power: float) -> None:
    assert power_of_two_from(number) == power


@given(st.lists(fine), st.sampled_from([0.0, 1.0, 2.0, 64.0, 256.0]))
def test_scores_of_the_library_stay_as_they_are(scores: list[float], lam: float) -> None:
    weights, step = on_grid(np.array(scores), lam)
    assert step == 0
    assert [Fraction(weight) for weight in weights] == [Fraction(s) + Fraction(lam) for s in scores]


@given(st.lists(foreign, min_size=1), st.booleans())
def test_foreign_scores_are_rounded_up_by_less_than_a_step(
    scores: list[float], lifted: bool
) -> None:
    lam = power_of_two_from(max(scores)) if lifted and max(scores) else 0.0
    weights, step = on_grid(np.array(scores), lam)
    largest = max(scores) + lam
    assert 0 <= step <= max(largest * 2.0**-49, 5e-324)
    for score, weight in zip(scores, weights.tolist(), strict=True):
        excess = Fraction(weight) - Fraction(lam) - Fraction(score)
        assert 0 <= excess < step or (excess == 0 and step == 0)


@given(st.lists(foreign, min_size=2, max_size=8))
def test_sums_on_the_grid_are_exact(scores: list[float]) -> None:
    weights, _ = on_grid(np.array(scores))
    total, exact = 0.0, Fraction(0)
    for weight in weights.tolist()[:4]:  # sums stay below eight times the largest
        total, exact = total + weight, exact + Fraction(weight)
    assert Fraction(total) == exact
