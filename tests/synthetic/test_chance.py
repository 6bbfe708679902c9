"""The same chance everywhere, and in the right proportions."""

import numpy as np
import pytest

from mentormatch.synthetic.chance import Chance, pick, zipf


def test_the_stream_is_that_of_pcg64() -> None:
    # Written down once; these digits must never change.
    assert Chance(7).uniform(3).tolist() == [
        0.625095466604667,
        0.8972138009695755,
        0.7756856902451935,
    ]


def test_drawing_in_parts_is_drawing_at_once() -> None:
    parts = Chance(1)
    whole = Chance(1).uniform(10)
    np.testing.assert_array_equal(np.concatenate([parts.uniform(4), parts.uniform(6)]), whole)


def test_uniform_numbers_fill_the_unit_interval_evenly() -> None:
    drawn = Chance(3).uniform(100_000)
    assert drawn.min() >= 0.0
    assert drawn.max() < 1.0
    tenths = np.bincount((drawn * 10).astype(int), minlength=10)
    assert np.all(abs(tenths - 10_000) < 500)


def test_whole_numbers_take_every_value_below_the_bound() -> None:
    assert sorted(set(Chance(0).whole(1_000, below=7).tolist())) == list(range(7))


def test_an_order_takes_everything_once() -> None:
    order = Chance(0).order(1_000)
    assert sorted(order.tolist()) == list(range(1_000))
    assert order.tolist() != list(range(1_000))


def test_nothing_is_drawn_when_nothing_is_asked_for() -> None:
    assert Chance(0).uniform(0).shape == (0,)
    assert Chance(0).order(0).shape == (0,)


@pytest.mark.parametrize("count", [1, 2, 50])
def test_zipf_weights_fall_as_one_over_the_place(count: int) -> None:
    shares = np.diff(zipf(count), prepend=0.0)
    np.testing.assert_allclose(shares / shares[0], 1 / np.arange(1, count + 1))
    assert zipf(count)[-1] == 1.0


def test_what_is_picked_has_the_share_it_should() -> None:
    picked = np.bincount(pick(zipf(4), Chance(5).uniform(100_000))) / 100_000
    np.testing.assert_allclose(picked, np.array([12, 6, 4, 3]) / 25, atol=0.01)
