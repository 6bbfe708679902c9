"""Scores that cannot be used are refused by index, and nothing else is."""

import re

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from mentormatch.assign import solve_assignment
from mentormatch.assign.problem import Problem

nan, inf = np.nan, np.inf


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (nan, "is nan; a score must be a finite number, 0 or more"),
        (inf, "is inf; a score must be a finite number, 0 or more"),
        (-inf, "is -inf; a score must be a finite number, 0 or more"),
        (-0.5, "is -0.5; a score must be a finite number, 0 or more"),
        (1e305, "is 1e+305; sums of such numbers overflow: divide all scores by a common factor"),
    ],
)
def test_names_the_entry_that_is_no_score(value: float, said: str) -> None:
    dense = np.ones((4, 9))
    dense[3, 7] = value
    whole = f"^{re.escape(f'scores[3, 7] {said}')}$"
    with pytest.raises(ValueError, match=whole):
        solve_assignment(dense)
    with pytest.raises(ValueError, match=whole):
        solve_assignment(sparse.csc_array(dense))


def test_counts_the_entries_that_are_no_scores() -> None:
    with pytest.raises(ValueError, match=r"scores\[0, 1\] is nan; .* \(and 1 more such entry\)$"):
        solve_assignment([[1.0, nan], [nan, 1.0]])
    with pytest.raises(ValueError, match=r"scores\[0, 1\] is nan; .* \(and 2 more such entries\)$"):
        solve_assignment([[1.0, nan], [-1.0, nan]])


def test_does_not_look_at_scores_that_are_not_allowed() -> None:
    allowed = [[True, False], [False, False]]
    solution = solve_assignment([[1.0, nan], [inf, -3.0]], allowed=allowed)
    assert solution.value == 1.0


@pytest.mark.parametrize("scores", [[1.0, 2.0], 3.0, np.ones((2, 2, 2)), [], sparse.coo_array([1])])
def test_wants_two_dimensions(scores: object) -> None:
    with pytest.raises(ValueError, match="it takes two dimensions, rows and columns"):
        Problem.from_scores(scores)


@pytest.mark.parametrize(
    "scores",
    [
        np.ones((2, 2), dtype=np.complex128),
        [[None, 1.0]],
        [["a", "b"]],
        np.zeros((2, 2), dtype="datetime64[D]"),
        sparse.csr_array(np.ones((2, 2), dtype=np.complex128)),
    ],
)
def test_wants_real_numbers(scores: object) -> None:
    with pytest.raises(ValueError, match="it takes real numbers"):
        Problem.from_scores(scores)


def test_says_what_to_do_with_a_masked_array() -> None:
    masked = np.ma.masked_invalid([[1.0, nan]])
    with pytest.raises(ValueError, match=r"allowed=~numpy\.ma\.getmaskarray\(scores\)"):
        Problem.from_scores(masked)
    problem = Problem.from_scores(masked.data, allowed=~np.ma.getmaskarray(masked))
    assert problem.cols.tolist() == [0]


@pytest.mark.parametrize(
    ("allowed", "said"),
    [
        ([[1, 0], [0, 1]], "allowed holds int64; it takes booleans, True for allowed pairs"),
        ([[True, False]], "allowed has shape (1, 2), but scores has shape (2, 2)"),
        (True, "allowed has shape (), but scores has shape (2, 2)"),
    ],
)
def test_wants_a_mask_of_the_same_shape(allowed: object, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        Problem.from_scores(np.ones((2, 2)), allowed)  # type: ignore[arg-type]


def test_refuses_a_mask_beside_a_sparse_table() -> None:
    with pytest.raises(ValueError, match="store just the entries that are allowed"):
        Problem.from_scores(sparse.csr_array((2, 2)), allowed=np.ones((2, 2), dtype=np.bool_))


def duplicated_coo() -> sparse.coo_array:
    return sparse.coo_array(([1.0, 2.0, 3.0], ([0, 1, 1], [0, 1, 1])), shape=(2, 2))


def duplicated_csr() -> sparse.csr_array:
    return sparse.csr_array((np.array([1.0, 2.0, 3.0]), [0, 1, 1], [0, 1, 3]), shape=(2, 2))


@pytest.mark.parametrize("scores", [duplicated_coo(), duplicated_csr()])
def test_refuses_a_pair_with_two_scores(scores: sparse.sparray) -> None:
    with pytest.raises(ValueError, match=r"scores\[1, 1\] is given more than once"):
        Problem.from_scores(scores)


@pytest.mark.parametrize("form", ["bsr", "coo", "csc", "csr", "dia", "dok", "lil"])
@pytest.mark.parametrize("container", [sparse.coo_array, sparse.coo_matrix])
def test_reads_every_sparse_format(container: type, form: str) -> None:
    dense = np.array([[0.0, 2.0, 0.0], [1.0, 0.0, 3.0]])
    problem = Problem.from_scores(container(dense).asformat(form))
    stored = dict(
        zip(
            zip(problem.rows.tolist(), problem.cols.tolist(), strict=True),
            problem.scores.tolist(),
            strict=True,
        )
    )
    assert {pair: score for pair, score in stored.items() if score} == {
        (0, 1): 2.0,
        (1, 0): 1.0,
        (1, 2): 3.0,
    }


def test_a_stored_zero_is_allowed_and_an_absent_entry_is_not() -> None:
    entries = sparse.coo_array(([0.0, 1.0], ([0, 1], [1, 0])), shape=(2, 2))
    solution = solve_assignment(entries, objective="people_then_score")
    assert (solution.rows.tolist(), solution.cols.tolist()) == ([0, 1], [1, 0])


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.float16, np.float32, np.bool_])
def test_reads_every_kind_of_real_number(dtype: type) -> None:
    problem = Problem.from_scores(np.array([[1, 0], [0, 1]], dtype=dtype))
    assert problem.scores.dtype == np.float64
    assert problem.scores.tolist() == [1.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
@pytest.mark.parametrize("objective", ["score", "people_then_score"])
def test_either_side_may_be_empty(shape: tuple[int, int], objective: str) -> None:
    for scores in (np.empty(shape), sparse.csr_array(shape)):
        solution = solve_assignment(scores, objective=objective)
        assert (solution.value, solution.bound, len(solution.rows)) == (0.0, 0.0, 0)
        assert (len(solution.row_prices), len(solution.col_prices)) == shape
        assert solution.is_optimal


def unchanged(array: NDArray[np.float64]) -> tuple[bytes, bool]:
    return array.tobytes(), bool(array.flags.writeable)


def test_leaves_the_input_as_it_was() -> None:
    dense = np.array([[0.1, 0.7], [0.3, nan]])
    allowed = np.isfinite(dense)
    entries = duplicated_coo()
    entries.sum_duplicates()
    arrays = [dense, allowed, entries.data, entries.row, entries.col]
    before = [unchanged(array) for array in arrays]
    solve_assignment(dense, allowed=allowed)
    solution = solve_assignment(entries, objective="people_then_score")
    assert [unchanged(array) for array in arrays] == before
    dense[:] = entries.data[:] = 9.0
    assert solution.value == 6.0
