"""Which way a problem is solved, and what is loaded for it."""

import subprocess
import sys

import numpy as np
import pytest

from mentormatch import MissingExtraError
from mentormatch.assign import heaviest as choosing
from mentormatch.assign.heaviest import heaviest, is_dense
from mentormatch.assign.problem import Problem


def large(size: int) -> Problem:
    """Too many rows and columns for a small table, and few pairs."""
    places = np.arange(size)
    return Problem((size, size), places, places, np.full(size, 0.5))


def test_a_large_problem_is_solved_as_it_is() -> None:
    problem = large(9_000)
    assert not is_dense(problem)
    assert len(heaviest(problem, problem.scores).chosen) == 9_000


def test_only_rows_and_columns_with_pairs_make_a_problem_large() -> None:
    problem = Problem((10**6, 10**6), np.array([7, 10**5]), np.array([3, 3]), np.ones(2))
    assert is_dense(problem)


def test_without_numba_scipy_serves_to_a_stated_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(choosing, "find_spec", lambda _: None)
    middling = large(2_000)
    assert is_dense(middling)
    assert len(heaviest(middling, middling.scores).chosen) == 2_000
    with pytest.raises(MissingExtraError, match=r"problems of this size need numba: .*\[scale\]"):
        heaviest(large(9_000), np.ones(9_000))


def test_a_small_problem_never_loads_numba() -> None:
    code = (
        "import sys, numpy; from mentormatch.assign import solve_assignment;"
        "solve_assignment(numpy.ones((500, 500)), objective='people_then_score');"
        "print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
