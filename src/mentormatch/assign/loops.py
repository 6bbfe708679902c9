"""Rings of any length as what they are: an assignment in which whoever stays out has themself.

Whatever can be asked of an assignment can so be asked of rings. Loops are worth nothing, count
nothing and take no `lam`; prices are free in sign, and everybody is in a pair or has their loop.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.chains import Chains
from mentormatch.assign.problem import Objective, Problem, Solution
from mentormatch.assign.ring_problem import RingProblem, RingSolution
from mentormatch.assign.ties import exchangeable

__all__ = ["exchangeable_arrows", "ring_chains", "with_loops"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]


def with_loops(
    size: int, tails: Integers, heads: Integers, scores: Floats, loops: Booleans
) -> Problem:
    """Return arrows, and the loops of some people, as the pairs of an assignment.

    Parameters
    ----------
    size
        Number of people.
    tails, heads, scores
        The arrows, in any order.
    loops : boolean array, shape (size,)
        Who may stay out.

    Examples
    --------
    >>> everybody = np.ones(2, dtype=bool)
    >>> with_loops(2, np.array([0]), np.array([1]), np.array([0.5]), everybody).scores
    array([0. , 0.5, 0. ])
    """
    alone = np.flatnonzero(loops)
    rows, cols = np.append(tails, alone), np.append(heads, alone)
    order = np.lexsort((cols, rows))
    worth = np.append(scores, np.zeros(len(alone)))
    return Problem((size, size), rows[order], cols[order], worth[order])


def ring_chains(problem: RingProblem, solution: RingSolution) -> Chains:
    """Return what answers for any arrow what the best rings with it lose.

    Parameters
    ----------
    problem
        The arrows.
    solution
        The best rings of any length; its prices cover every arrow.

    Examples
    --------
    >>> from mentormatch.assign.rings import solve_rings
    >>> scores = np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 0.5], [0.5, 0.5, 0.0]])
    >>> problem = RingProblem.from_scores(scores, scores > 0)
    >>> ring_chains(problem, solve_rings(problem)).forced(0, 2, 0.5).moves
    ((0, 1, 2), (2, 2, 1))
    """
    after = np.arange(problem.size)
    after[solution.members] = solution.next_members
    worth = np.zeros(problem.size)
    worth[solution.members] = solution.scores
    arrows = problem.tails, problem.heads, problem.scores
    assigned = Solution(
        objective=solution.objective,
        rows=np.arange(problem.size),
        cols=after,
        scores=worth,
        row_prices=solution.tail_prices,
        col_prices=solution.head_prices,
        lam=solution.lam,
        row_count_prices=solution.tail_count_prices,
        col_count_prices=solution.head_count_prices,
    )
    return Chains(with_loops(problem.size, *arrows, ~problem.must), assigned, has_loops=True)


def exchangeable_arrows(problem: RingProblem, solution: RingSolution) -> Booleans:
    """Return which arrows are in some of the best rings but not in all of them.

    Parameters
    ----------
    problem
        The arrows.
    solution
        The best rings of any length; its prices cover every arrow.

    Returns
    -------
    boolean array, shape (n_arrows,)

    Examples
    --------
    >>> from mentormatch.assign.rings import solve_rings
    >>> problem = RingProblem.from_scores(np.ones((3, 3)), np.ones((3, 3), dtype=bool))
    >>> exchangeable_arrows(problem, solve_rings(problem)).all()
    np.True_
    """
    tails, heads, size = problem.tails, problem.heads, problem.size
    tail, head = solution.tail_prices, solution.head_prices
    tight = tail[tails] + head[heads] - problem.scores - solution.lam == 0.0
    alone = ~problem.must & (tail + head == 0.0)
    counts = solution.tail_count_prices, solution.head_count_prices
    if counts[0] is not None and counts[1] is not None:
        tight &= counts[0][tails] + counts[1][heads] == 1.0
        alone &= counts[0] + counts[1] == 0.0
    after = np.arange(size)
    after[solution.members] = solution.next_members
    # Of what is tight, whatever serves everybody is best, and nothing else: what it is worth is
    # of no matter any more.
    some = np.flatnonzero(tight)
    left = with_loops(size, tails[some], heads[some], np.ones(len(some)), alone)
    ones = np.ones(len(left.rows))
    alike = Problem(left.shape, left.rows, left.cols, ones)
    served = Solution(
        objective=Objective.SCORE,
        rows=np.arange(size),
        cols=after,
        scores=np.ones(size),
        row_prices=np.ones(size),
        col_prices=np.zeros(size),
    )
    open_ = exchangeable(alike, served)
    result = np.zeros(len(tails), dtype=np.bool_)
    found = problem.find(left.rows[open_], left.cols[open_])
    result[found[found >= 0]] = True
    return result
