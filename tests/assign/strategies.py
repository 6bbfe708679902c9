"""Hypothesis strategies for small tables of scores, leaning towards the awkward ones."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from mentormatch.assign import Objective
from mentormatch.assign.problem import Problem

#: The objectives whose one proof covers all pairs; the floor has tests of its own.
WITHOUT_FLOOR = [Objective.SCORE, Objective.PEOPLE_THEN_SCORE]
objectives = st.sampled_from(WITHOUT_FLOOR)


@dataclass(frozen=True, eq=False)
class Table:
    """A dense table of scores and which of them are allowed."""

    scores: NDArray[np.float64]
    allowed: NDArray[np.bool_]

    @property
    def problem(self) -> Problem:
        return Problem.from_scores(self.scores, self.allowed)


#: Few values, so that many matchings are equally good.
coarse = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
#: What the rest of the library hands over: multiples of 2**-40 in [0, 1].
fine = st.integers(0, 2**40).map(lambda number: number * 2.0**-40)
whole = st.integers(0, 1000).map(float)
#: Any magnitude, so that sums are rounded and small scores drown beside large ones.
foreign = st.one_of(
    st.floats(0.0, 1.0),
    st.floats(1e-300, 1e300),
    st.sampled_from([0.0, 1e-300, 1e-9, 1.0, 1e9, 1e300, 5e-324]),
)


@st.composite
def tables(draw: st.DrawFn, values: st.SearchStrategy[float] | None = None, most: int = 5) -> Table:
    """Draw rectangular, empty, tied, disconnected, sparse and repetitive tables.

    By default their scores lie on the binary grid, so that every sum is exact.
    """
    n_rows, n_cols = draw(st.integers(0, most)), draw(st.integers(0, most))
    shape = (n_rows, n_cols)
    number = draw(st.sampled_from([coarse, coarse, fine, whole])) if values is None else values
    kind = draw(st.sampled_from(["free", "free", "equal", "zero", "repeated rows"]))
    cells = n_rows * n_cols
    if kind == "equal":
        scores = np.full(shape, draw(number))
    elif kind == "zero":
        scores = np.zeros(shape)
    else:
        scores = np.array(draw(st.lists(number, min_size=cells, max_size=cells))).reshape(shape)
    if kind == "repeated rows" and n_rows:
        scores = scores[
            draw(st.lists(st.integers(0, n_rows - 1), min_size=n_rows, max_size=n_rows))
        ]
    return Table(scores, draw(masks(shape)))


@st.composite
def masks(draw: st.DrawFn, shape: tuple[int, int]) -> NDArray[np.bool_]:
    kind = draw(st.sampled_from(["all", "some", "some", "blocks", "none"]))
    if kind == "all":
        return np.ones(shape, dtype=np.bool_)
    if kind == "none":
        return np.zeros(shape, dtype=np.bool_)
    if kind == "blocks":
        row_block = draw(st.lists(st.booleans(), min_size=shape[0], max_size=shape[0]))
        col_block = draw(st.lists(st.booleans(), min_size=shape[1], max_size=shape[1]))
        return np.equal.outer(np.array(row_block, np.bool_), np.array(col_block, np.bool_))
    cells = shape[0] * shape[1]
    flat = draw(st.lists(st.booleans(), min_size=cells, max_size=cells))
    return np.array(flat, dtype=np.bool_).reshape(shape)


def random_table(seed: int, shape: tuple[int, int], density: float, levels: int = 2**40) -> Table:
    """Return a larger table, for comparisons with other solvers; scores in steps of 1/levels."""
    rng = np.random.default_rng(seed)
    return Table(rng.integers(0, levels + 1, shape) / levels, rng.random(shape) < density)
