"""The check of a pool's proof names what is wrong with it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign import Objective
from mentormatch.assign.certificate import Checked
from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_certificate import check_pool, uncovered
from tests.assign.pools import pool, random_pool
from tests.assign.strategies import objectives

#: A triangle and someone whom one of it may have, too.
PROBLEM = pool(4, [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0), (2, 3, 0.5)])


def one_set(price: float, innermost: tuple[int, ...] = (0, 0, 0, -1)) -> OddSets:
    return OddSets(np.array(innermost), np.array([-1]), np.array([price]))


PROOF: dict[str, Any] = {
    "a": np.array([0, 2]),
    "b": np.array([1, 3]),
    "prices": np.array([0.75, 0.75, 0.75, 0.75]),
    "odd_sets": one_set(0.5),
    "objective": Objective.PEOPLE_THEN_SCORE,
    "lam": 1.0,
    "count_prices": np.full(4, 0.5),
    "count_sets": OddSets.none(4),
}


def checked(**changes: Any) -> Checked:
    return check_pool(PROBLEM, **{**PROOF, **changes})


def test_a_proof_holds() -> None:
    found = checked()
    assert (found.valid, found.feasible, found.covered, found.ok) == (True, True, True, True)
    assert (found.gap, found.count_gap, found.violations.tolist()) == (0.0, 0.0, [])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([0, 0], [1, 2]),  # somebody twice
        ([0, 1], [1, 2]),  # somebody twice, as the one end and the other
        ([0, 0], [3, 1]),  # no such pair
        ([1, 3], [0, 2]),  # the wrong way round
        ([0, -1], [1, 2]),  # nobody
        ([0, 2], [1, 9]),
    ],
)
def test_a_matching_that_is_none_is_not_valid(a: list[int], b: list[int]) -> None:
    found = checked(a=np.array(a), b=np.array(b))
    assert not found.valid
    assert not found.ok
    assert found.feasible


def test_pairs_above_their_prices_are_named() -> None:
    found = checked(odd_sets=one_set(0.25))
    assert (found.feasible, found.covered, found.ok) == (False, True, False)
    assert found.violations.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert found.gap == -0.25


def test_a_set_covers_only_whom_it_holds() -> None:
    found = checked(odd_sets=one_set(0.5, (0, 0, -1, 0)))
    assert found.violations.tolist() == [[0, 2], [1, 2]]


@pytest.mark.parametrize("innermost", [(0, 0, 0, 0), (0, 0, -1, -1), (-1, 0, -1, -1)])
def test_sets_that_are_not_odd_or_too_small_bound_nothing(innermost: tuple[int, ...]) -> None:
    found = checked(odd_sets=one_set(0.5, innermost))
    assert not found.feasible
    assert not found.ok
    assert not checked(count_sets=one_set(0.5, innermost)).covered


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, -1.0, 1.7e308])
def test_numbers_that_are_no_prices_prove_nothing(wrong: float) -> None:
    for name in ("prices", "count_prices"):
        prices = PROOF[name].copy()
        prices[1] = wrong
        found = checked(**{name: prices})
        assert not found.ok
        assert not (found.covered if "count" in name else found.feasible)
    for name in ("odd_sets", "count_sets"):
        found = checked(**{name: one_set(wrong)})
        assert not found.ok
        assert not (found.covered if "count" in name else found.feasible)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -1.0, 0.5, 2.0, 1.7e308])
def test_a_wrong_lam_proves_nothing(wrong: float) -> None:
    assert not checked(lam=wrong).ok


def test_under_score_lam_must_be_zero_and_there_are_no_count_prices() -> None:
    score: dict[str, Any] = {
        "objective": Objective.SCORE,
        "count_prices": None,
        "count_sets": None,
        "prices": np.array([0.25, 0.25, 0.25, 0.25]),
    }
    assert checked(**score, lam=0.0).ok
    found = checked(**score, lam=1.0)
    assert not found.ok
    assert not found.feasible
    with pytest.raises(ValueError, match="count prices go with people_then_score or a floor"):
        checked(objective=Objective.SCORE)
    with pytest.raises(ValueError, match="needs count_prices and count_sets"):
        checked(count_sets=None)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("prices", np.zeros(3)),
        ("odd_sets", OddSets.none(3)),
        ("count_prices", np.zeros(5)),
        ("count_sets", OddSets.none(5)),
    ],
)
def test_proofs_of_other_members_are_refused(name: str, short: Any) -> None:
    with pytest.raises(ValueError, match=r"members; this problem has 4"):
        checked(**{name: short})


def test_count_prices_that_allow_one_pair_more_prove_nothing() -> None:
    found = checked(count_prices=np.ones(4))
    assert (found.covered, found.count_gap, found.ok) == (True, 2.0, False)


def test_a_huge_lam_hides_nothing() -> None:
    """Beside 2**60 the scores vanish in float64, and with them what tells good from best."""
    huge = 2.0**60
    problem = pool(3, [(0, 1, 0.75), (0, 2, 0.5), (1, 2, 0.25)])
    forged: dict[str, Any] = {
        "objective": Objective.PEOPLE_THEN_SCORE,
        "lam": huge,
        "count_prices": np.zeros(3),
        "count_sets": one_set(1.0, (0, 0, 0)),
    }
    prices = np.array([0.25, 0.0, 0.0])
    found = check_pool(
        problem, np.array([1]), np.array([2]), prices, one_set(huge, (0, 0, 0)), **forged
    )
    assert not found.feasible
    assert not found.ok


def test_sums_of_sets_are_never_rounded_in_favour_of_a_proof() -> None:
    """A small price within a huge one is lost in float64; alone it is not."""
    nested = OddSets(np.array([1, 1, 1, 0, 0]), np.array([-1, 0]), np.array([2.0**60, 0.5]))
    a, b = np.array([0, 0]), np.array([1, 3])
    short = uncovered(a, b, np.array([0.5, 0.5]), np.zeros(5), nested, lam=2.0**60)
    assert short.tolist() == [False, True]
    short = uncovered(a, b, np.array([0.75, 0.0]), np.zeros(5), nested, lam=2.0**60)
    assert short.tolist() == [True, False]
    # 2**60 less 100 lies between two float64s; 28 are left to pay of it, though to the nearest 0.
    prices = np.array([100.0, 2.0**60 - 128.0])
    outer = OddSets(nested.innermost, nested.around, prices)
    assert uncovered(a[:1], b[:1], np.zeros(1), np.zeros(5), outer, lam=2.0**60).all()


@given(st.integers(0, 2**32), objectives)
def test_blocks_in_any_order_say_what_the_whole_says(seed: int, objective: Objective) -> None:
    problem = random_pool(seed, most=30)
    solution = heaviest_pool(problem, objective)
    rng = np.random.default_rng(seed)
    prices = solution.prices - (rng.random(problem.size) < 0.2) * 2.0**-40
    proof = prices, solution.odd_sets, solution.lam
    whole = uncovered(problem.a, problem.b, problem.scores, *proof)
    order = rng.permutation(len(problem.a))
    for block in np.array_split(order, 3):
        part = uncovered(problem.b[block], problem.a[block], problem.scores[block], *proof)
        assert np.array_equal(part, whole[block])
    lowered = prices < solution.prices
    assert not (whole & ~(lowered[problem.a] | lowered[problem.b])).any()
