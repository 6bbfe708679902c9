"""What a matching loses to hold one more pair, against solving twice."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linear_sum_assignment

from mentormatch.assign import Problem, Solution, chains, solve_assignment
from mentormatch.assign.chains import Chain, Chains

#: More than any total: pairs come first.
BONUS = 64.0

SCORES = st.sampled_from((0.0, 0.25, 0.5, 0.75, 1.0)) | st.integers(0, 2**40).map(
    lambda grains: grains * 2.0**-40
)


#: Where row 2 takes column 0, the row that had it may take a column from row 3 or a free one.
TWO_WAYS = ((1, 0, 1, 1), (0, 0, 0, 0), (1, 1, 0, 1), (1, 1, 1, 1))


@st.composite
def cases(
    draw: st.DrawFn, most: int = 6, scores: st.SearchStrategy[float] = SCORES
) -> tuple[Any, Any, str]:
    """A table of scores, which pairs are allowed, and the objective."""
    shape = draw(st.tuples(st.integers(1, most), st.integers(1, most)))
    return (
        draw(arrays(np.float64, shape, elements=scores)),
        draw(arrays(np.bool_, shape)),
        draw(st.sampled_from(("score", "people_then_score"))),
    )


def best(scores: Any, allowed: Any, objective: str, *forced: int) -> tuple[int, float]:
    """Pairs (0 where they do not count) and total of the best matching that holds a pair."""
    weights = np.where(allowed, scores + BONUS * (objective != "score"), 0.0)
    total = 0.0
    if forced:
        row, col = forced
        total += weights[row, col]
        weights = np.delete(np.delete(weights, row, 0), col, 1)
    total += weights[linear_sum_assignment(weights, maximize=True)].sum()
    pairs = int(total // BONUS) if objective != "score" else 0
    return pairs, total - BONUS * pairs


def after(solution: Solution, n_rows: int, chain: Chain) -> Any:
    """The column of each row once the chain's people have changed."""
    column = np.full(n_rows, -1)
    column[solution.rows] = solution.cols
    changed = column.copy()
    for row, before, then in chain.moves:
        assert column[row] == before
        changed[row] = then
    return changed


@pytest.mark.parametrize("few", [-1, 1 << 12])
@given(cases())
def test_a_loss_is_the_difference_of_two_solves(few: int, case: tuple[Any, Any, str]) -> None:
    scores, allowed, objective = case
    solution = solve_assignment(scores, allowed=allowed, objective=objective)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chains, "FEW_PAIRS", few)
        answers = Chains(Problem.from_scores(scores, allowed), solution)
    pairs, total = best(scores, allowed, objective)
    for row, col in product(*map(range, scores.shape)):
        if not allowed[row, col]:
            continue
        chain = answers.forced(row, col, scores[row, col])
        fewer, less = best(scores, allowed, objective, row, col)
        assert chain.pairs_lost == pairs - fewer
        assert chain.score_lost == pytest.approx(total - less, abs=1e-10)


@given(cases())
def test_a_chain_adds_up_to_the_loss(case: tuple[Any, Any, str]) -> None:
    scores, allowed, objective = case
    solution = solve_assignment(scores, allowed=allowed, objective=objective)
    answers = Chains(Problem.from_scores(scores, allowed), solution)
    for row, col in zip(*np.nonzero(allowed), strict=True):
        chain = answers.forced(int(row), int(col), scores[row, col])
        changed = after(solution, len(scores), chain)
        made = np.flatnonzero(changed >= 0)
        assert changed[row] == col
        assert allowed[made, changed[made]].all()
        assert len(set(changed[made])) == len(made)
        assert scores[made, changed[made]].sum() == pytest.approx(solution.value - chain.score_lost)
        if objective != "score":
            assert len(made) == len(solution.rows) - chain.pairs_lost


def matchings(allowed: Any, row: int = 0) -> Any:
    """Every matching, as the column of each row from one on."""
    if row == len(allowed):
        yield ()
        return
    for rest in matchings(allowed, row + 1):
        yield (-1, *rest)
        for col in np.flatnonzero(allowed[row]).tolist():
            if col not in rest:
                yield (col, *rest)


@given(cases(most=5, scores=st.sampled_from((0.5, 1.0))))
@example((np.ones((4, 4)), np.array(TWO_WAYS, dtype=np.bool_), "score"))
def test_no_chain_as_good_has_fewer_people(case: tuple[Any, Any, str]) -> None:
    scores, allowed, objective = case
    solution = solve_assignment(scores, allowed=allowed, objective=objective)
    answers = Chains(Problem.from_scores(scores, allowed), solution)
    column = np.full(len(scores), -1)
    column[solution.rows] = solution.cols
    every = np.array(list(matchings(allowed)))
    rows = np.arange(len(scores))
    worth = np.where(every >= 0, scores[rows, every] + BONUS * (objective != "score"), 0.0).sum(1)
    changed = (every != column).sum(axis=1)
    for row, col in zip(*np.nonzero(allowed), strict=True):
        with_it = every[:, row] == col
        best_with = worth[with_it].max()
        fewest = changed[with_it & (worth == best_with)].min()
        assert len(answers.forced(int(row), int(col), scores[row, col]).moves) == fewest


def test_a_pair_of_the_matching_loses_nothing() -> None:
    scores = np.array([[1.0, 0.5], [0.5, 1.0]])
    answers = Chains(Problem.from_scores(scores), solve_assignment(scores))
    assert answers.forced(1, 1, 1.0) == Chain(0, 0.0, ())
