"""The organisation before there are people in it."""

import numpy as np
import pytest

from mentormatch.synthetic.chance import Chance
from mentormatch.synthetic.hierarchy import Hierarchy

SIZES = (*range(1, 130), 364, 365, 820, 821, 7_381, 7_382, 50_000)


def drawn(count: int, seed: int = 0) -> Hierarchy:
    return Hierarchy.draw(count, departments=16, chance=Chance(seed))


def spans(firm: Hierarchy) -> np.ndarray:
    return np.bincount(firm.manager[firm.manager >= 0])


@pytest.mark.parametrize("count", SIZES)
def test_one_head_and_every_manager_before_the_reports(count: int) -> None:
    firm = drawn(count)
    assert len(firm.manager) == count
    assert firm.manager[0] == -1
    assert np.all(firm.manager[1:] >= 0)
    assert np.all(firm.manager < np.arange(count))


@pytest.mark.parametrize("count", SIZES)
def test_managers_have_three_to_twelve_reports(count: int) -> None:
    span = spans(drawn(count))
    span = span[span > 0]
    assert np.all(span <= 12)
    assert np.all(span >= min(3, count - 1))


def test_spans_differ() -> None:
    assert len(set(spans(drawn(2_000)).tolist())) > 5


@pytest.mark.parametrize("count", [2, 40, 300, 2_000])
def test_managers_outrank_their_reports(count: int) -> None:
    firm = drawn(count)
    assert np.all(firm.rank[firm.manager[1:]] > firm.rank[1:])


def test_in_a_large_workforce_only_executives_report_to_their_equals() -> None:
    firm = drawn(200_000)
    manager, own = firm.rank[firm.manager[1:]], firm.rank[1:]
    assert np.all((manager > own) | ((manager == 7) & (own == 7)))
    assert np.mean(manager == own) < 0.001


@pytest.mark.parametrize("count", [40, 41, 100, 999, 50_000])
def test_four_in_ten_are_of_rank_three_and_above(count: int) -> None:
    rank = drawn(count).rank
    assert np.count_nonzero(rank >= 3) == pytest.approx(0.4 * count, abs=0.5)
    assert rank.min() == 1
    assert rank.max() == rank[0] == 7


def test_departments_have_zipf_sizes() -> None:
    sizes = np.bincount(drawn(20_000).department)
    expected = 1 / np.arange(1, 17)
    np.testing.assert_allclose(sizes / sizes.sum(), expected / expected.sum(), rtol=0.05)


@pytest.mark.parametrize(("count", "departments"), [(1, 1), (9, 1), (10, 2), (55, 6), (400, 16)])
def test_a_small_firm_has_few_departments_and_none_is_empty(count: int, departments: int) -> None:
    sizes = np.bincount(drawn(count).department)
    assert len(sizes) == departments
    assert np.all(sizes > 0)


def test_most_people_are_in_the_department_of_their_manager() -> None:
    firm = drawn(2_000)
    same = firm.department[firm.manager[1:]] == firm.department[1:]
    assert 0.9 < same.mean() < 1.0


def test_tenure_is_in_tenths_of_years_and_longer_with_rank() -> None:
    firm = drawn(20_000)
    assert np.all((firm.tenure >= 0) & (firm.tenure <= 45))
    np.testing.assert_allclose(firm.tenure * 10, np.round(firm.tenure * 10), atol=1e-9)
    below = [firm.tenure[firm.rank == rank].mean() for rank in (1, 2, 3)]
    managers = [firm.tenure[firm.rank == rank].mean() for rank in (4, 5, 6)]
    assert below == sorted(below)
    assert managers == sorted(managers)
    assert managers[0] > firm.tenure[firm.rank < 4].mean()
    assert np.median(firm.tenure) < firm.tenure.mean()


def test_another_order_is_the_same_organisation() -> None:
    firm = drawn(50)
    order = Chance(9).order(50)
    other = firm.in_order(order)
    np.testing.assert_array_equal(other.rank, firm.rank[order])
    np.testing.assert_array_equal(other.department, firm.department[order])
    np.testing.assert_array_equal(other.tenure, firm.tenure[order])
    bosses = np.where(other.manager >= 0, order[other.manager], -1)
    np.testing.assert_array_equal(bosses, firm.manager[order])
