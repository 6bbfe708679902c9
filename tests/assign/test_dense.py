"""The heaviest matching of a few pairs."""

import numpy as np
import pytest

from mentormatch.assign.dense import heaviest_matching


def test_far_apart_rows_and_columns_make_a_small_table() -> None:
    rows, cols = np.array([10**6, 3, 10**6]), np.array([7, 10**6, 10**6])
    assert heaviest_matching(rows, cols, np.array([1.0, 5.0, 3.0])).tolist() == [0, 1]


def test_without_pairs_the_matching_is_empty() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert heaviest_matching(nothing, nothing, np.zeros(0)).tolist() == []


@pytest.mark.parametrize("swapped", [False, True])
def test_more_rows_than_columns_and_the_other_way_round(swapped: bool) -> None:
    rows, cols = np.array([0, 1, 2, 2]), np.array([0, 0, 0, 1])
    ends = (cols, rows) if swapped else (rows, cols)
    assert heaviest_matching(*ends, np.array([1.0, 4.0, 6.0, 3.0])).tolist() == [1, 3]
