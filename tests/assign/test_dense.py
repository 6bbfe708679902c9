"""The heaviest matching of a few pairs, and the limit of the table."""

import numpy as np
import pytest
from scipy import sparse

from mentormatch.assign import dense, solve_assignment
from mentormatch.assign.dense import heaviest_matching
from mentormatch.errors import ProgramError


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


def test_a_table_above_the_limit_is_refused_before_it_is_laid_out() -> None:
    assert dense.MOST_CELLS == 2**26
    with pytest.raises(ProgramError) as refusal:
        solve_assignment(sparse.eye_array(9000, format="csr"))
    assert str(refusal.value) == (
        "9000 by 9000 with 9000 allowed pairs is too large for this solver, which lays out a "
        "table of at most 67108864 cells; split the problem into parts"
    )


def test_the_limit_counts_only_rows_and_columns_with_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "MOST_CELLS", 4)
    table = np.zeros((10, 10), dtype=np.bool_)
    table[[2, 8], [3, 5]] = True
    assert solve_assignment(np.ones((10, 10)), allowed=table).value == 2.0
    table[9, 9] = True
    with pytest.raises(ProgramError, match="3 by 3 with 3 allowed pairs"):
        solve_assignment(np.ones((10, 10)), allowed=table)
