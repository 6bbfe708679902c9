"""What a matching must give up to hold one more pair, and who would change partners for it.

Two people who are to be a pair leave their partners, who look for others, and so on: a chain. It
ends with somebody who stays single, or with the other of the two who were left. Under the prices
of a best matching each step costs what its pair misses being worth its prices, and staying single
costs one's price. So what is lost at least is the length of a shortest path from the one who was
left to the other, along which "stay single" is a place like any other, and the prices say that no
matching with the pair is better than the one at its end. Of several shortest paths one is taken on
which the fewest change partners.

Where people count before scores, lengths are pairs lost first and score second; both sets of prices
are 0 on the pairs of the matching, so that both add up along a path, and neither is ever negative.

References
----------
E. W. Dijkstra, "A note on two problems in connexion with graphs", Numerische Mathematik 1 (1959).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.chain_search import shortest
from mentormatch.assign.ends import Gain
from mentormatch.assign.problem import Problem, Solution

__all__ = ["Chain", "Chains"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

#: The partner of whoever is single.
SINGLE = -1
#: Pairs that miss being worth their prices by no more are searched first.
NEAR = 2.0**-5
#: So few pairs are searched before numba has loaded.
FEW_PAIRS = 1 << 12


@dataclass(frozen=True, slots=True)
class Chain:
    """The best matching that holds a pair, as what changes.

    Attributes
    ----------
    pairs_lost : int or float
        How many pairs fewer there are; 0 unless pairs count. Infinite where no matching holds the
        pair, which takes loops that are missing.
    score_lost : float
        By how much the total is lower; below 0 where fewer pairs are worth more.
    moves : sequence of (int, int, int)
        Each row that changes its partner: its column before and after, -1 for none.
    """

    pairs_lost: float
    score_lost: float
    moves: Sequence[tuple[int, int, int]]


def _near(
    problem: Problem,
    solution: Solution,
    counts: tuple[Floats, Floats],
    counted: float,
    has_loops: bool,
) -> Problem:
    """Return the pairs that are nearly tight, and cost no pair."""
    rows, cols = problem.rows, problem.cols
    is_pair = (rows != cols) if has_loops else np.True_
    missing = solution.row_prices[rows] + solution.col_prices[cols] - problem.scores
    missing -= solution.lam * is_pair
    costs = counts[0][rows] + counts[1][cols] - counted * is_pair
    near = np.flatnonzero((missing <= NEAR) & (costs == 0.0))
    return Problem(problem.shape, rows[near], cols[near], problem.scores[near])


class Chains:
    """Answers for any pair what the best matching with it loses; made once for a solution.

    Parameters
    ----------
    problem
        All pairs that a best matching with some pair could hold.
    solution
        A best matching with its prices; everybody has one partner at most.
    has_loops
        Whether rows and columns are the same people, all of whom have a partner: whoever has
        themself is in no pair, and such a loop is worth nothing (`mentormatch.assign.loops`). The
        two prices of somebody who has a loop are then 0 or more together, and each of any sign.

    Examples
    --------
    >>> from mentormatch.assign import solve_assignment
    >>> scores = np.array([[1.0, 0.5], [0.75, 0.5]])
    >>> problem, solution = Problem.from_scores(scores), solve_assignment(scores)
    >>> Chains(problem, solution).forced(0, 1, 0.5)
    Chain(pairs_lost=0, score_lost=0.25, moves=((0, 0, 1), (1, 1, 0)))
    """

    def __init__(self, problem: Problem, solution: Solution, *, has_loops: bool = False) -> None:
        n_rows, n_cols = problem.shape
        self._col_of, self._row_of = np.full(n_rows, SINGLE), np.full(n_cols, SINGLE)
        self._col_of[solution.rows] = solution.cols
        self._row_of[solution.cols] = solution.rows
        self._problem, self._solution = problem, solution
        row_counts, col_counts = solution.row_count_prices, solution.col_count_prices
        self._counted = 1.0
        if row_counts is None or col_counts is None:
            self._counted, row_counts, col_counts = 0.0, np.zeros(n_rows), np.zeros(n_cols)
        self._counts = row_counts, col_counts
        self._shortest = shortest
        if len(problem.rows) > FEW_PAIRS and find_spec("numba"):
            # Imported here, and nowhere else: numba takes half a second to load.
            from mentormatch.assign import chain_kernel

            self._shortest = chain_kernel.shortest
        self._has_loops = has_loops
        self._near = _near(problem, solution, self._counts, self._counted, has_loops)

    def forced(self, row: int, col: int, score: float) -> Chain:
        """Return what the best matching with a pair loses.

        Parameters
        ----------
        row, col
            The pair; it need not be among the problem's.
        score
            What it is worth.
        """
        if self._col_of[row] == col:
            return Chain(0, 0.0, ())
        problem, solution = self._problem, self._solution
        counts, prices = self._counts, (solution.row_prices, solution.col_prices)
        left_row, left_col = int(self._row_of[col]), int(self._col_of[row])
        count, cost = 0.0, 0.0
        moves = [(row, left_col, col)]
        if left_row >= 0 or left_col >= 0:
            nodes = taken = np.empty(0, dtype=np.int64)
            for pairs in (self._near, problem):
                count, cost, nodes, taken = self._shortest(
                    *(pairs.starts, pairs.cols, pairs.scores, solution.lam, *prices, *counts),
                    *(self._counted, self._row_of, self._col_of, left_row, left_col, row, col),
                    self._has_loops,
                )
                if count == 0.0 and cost <= NEAR:
                    break  # any way along another pair would be longer
            if count == np.inf:
                return Chain(np.inf, 0.0, ())
            moves += self._moves(nodes[::-1].tolist(), taken[::-1].tolist(), left_row, col)
        pairs_lost = count + counts[0][row] + counts[1][col] - self._counted
        cost += prices[0][row] + prices[1][col] - score - solution.lam
        return Chain(int(pairs_lost), float(cost - solution.lam * pairs_lost), tuple(moves))

    def without(self, row: int, col: int) -> tuple[float, float]:
        """Return what the best matching without a chosen pair loses.

        The row that was left looks for another column, until somebody is single or has the column
        that was left: a shortest cycle through the pair.

        Parameters
        ----------
        row, col
            The pair.

        Returns
        -------
        pairs_lost, score_lost
            As of a `Chain`; infinite and 0 where all matchings hold the pair.

        Examples
        --------
        >>> from mentormatch.assign import solve_assignment
        >>> scores = np.array([[1.0, 0.5], [0.75, 0.5]])
        >>> problem, solution = Problem.from_scores(scores), solve_assignment(scores)
        >>> Chains(problem, solution).without(0, 0)
        (0, 0.25)
        """
        problem, solution = self._problem, self._solution
        prices = solution.row_prices, solution.col_prices
        count, cost, _, _ = self._shortest(
            *(problem.starts, problem.cols, problem.scores, solution.lam, *prices, *self._counts),
            *(self._counted, self._row_of, self._col_of, row, col, SINGLE, SINGLE),
            self._has_loops,
        )
        if count == np.inf:
            return np.inf, 0.0
        return int(count), float(cost - solution.lam * count)

    def gain_of_double(self, person: int) -> Gain:
        """Return what a double of somebody would add, where rows and columns are the same people.

        A double, who has the same pairs, takes the column of somebody, who looks for another, until
        one of them takes the double's. The person themself could begin, and the pair that has their
        column could end: so of all such ways the shortest is as long as theirs from their row to
        their column, and a double adds what it is shorter than their two prices.

        Parameters
        ----------
        person
            Who; they have a loop.

        Examples
        --------
        >>> from mentormatch.assign.loops import ring_chains
        >>> from mentormatch.assign.ring_problem import RingProblem
        >>> from mentormatch.assign.rings import solve_rings
        >>> scores = np.array([[0.0, 1.0, 1.0], [0.5, 0.0, 0.0], [0.75, 0.0, 0.0]])
        >>> problem = RingProblem.from_scores(scores, scores > 0)
        >>> ring_chains(problem, solve_rings(problem)).gain_of_double(0)
        Gain(pairs=0, score=1.5)
        """
        problem, solution = self._problem, self._solution
        counts, prices = self._counts, (solution.row_prices, solution.col_prices)
        count, cost = 0.0, 0.0
        if self._col_of[person] != person:
            for pairs in (self._near, problem):
                count, cost, _, _ = self._shortest(
                    *(pairs.starts, pairs.cols, pairs.scores, solution.lam, *prices, *counts),
                    *(self._counted, self._row_of, self._col_of, person, person, SINGLE, SINGLE),
                    self._has_loops,
                )
                if count == 0.0 and cost <= NEAR:
                    break  # any way along another pair would be longer
        more = counts[0][person] + counts[1][person] - count
        total = prices[0][person] + prices[1][person] - cost
        return Gain(int(more), float(total - solution.lam * more))

    def _moves(
        self, nodes: list[int], taken: list[int], left_row: int, col: int
    ) -> Iterator[tuple[int, int, int]]:
        """Yield who changes to what along a way, beginning with the row that was left."""
        single = len(self._col_of)
        had = col if left_row >= 0 else SINGLE
        for node, way in zip(nodes, taken[1:], strict=False):
            if node < single:
                yield node, had if node == left_row else int(self._col_of[node]), way
