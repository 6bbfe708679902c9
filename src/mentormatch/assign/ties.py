"""Which of several best matchings it is to be: the one that a lottery over pairs favours.

Solvers, row orders and threads must not decide between equals. Every pair draws a number that
depends on nothing but a seed and the two identities, and of all best matchings the one with the
largest sum of draws is taken.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from mentormatch.assign.grid import on_grid
from mentormatch.assign.heaviest import heaviest
from mentormatch.assign.problem import Problem, Solution

__all__ = ["exchangeable", "settle", "tie_keys", "tie_weights"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]
Keys: TypeAlias = NDArray[np.uint64]

#: Bits of a draw. By the isolation lemma (Mulmuley, Vazirani, Vazirani 1987) two matchings share
#: the largest sum with a chance of at most one in 2**40 for each pair there is.
DRAW_BITS = 40


def tie_keys(seed: int, ids: Iterable[str], role: str = "") -> Keys:
    """Return a number for each identity that nobody can foresee without the seed.

    Parameters
    ----------
    seed
        Any whole number.
    ids
        The identities of the rows, or of the columns.
    role
        Up to 16 bytes; an identity that is a row and a column has another number in each role.

    Returns
    -------
    uint64 array, shape (n,)
        BLAKE2b of each id, keyed by the seed; the same on every machine.

    Examples
    --------
    >>> tie_keys(0, ["ana", "bo"]).dtype
    dtype('uint64')
    >>> bool(tie_keys(0, ["ana"]) == tie_keys(1, ["ana"]))
    False
    """
    key = hashlib.blake2b(str(int(seed)).encode(), digest_size=32).digest()
    keyed = hashlib.blake2b(digest_size=8, key=key, person=role.encode())
    digests = bytearray()
    for name in ids:
        one = keyed.copy()
        one.update(name.encode("utf-8", "surrogatepass"))
        digests += one.digest()
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def tie_weights(left: Keys, right: Keys) -> Floats:
    """Draw a number for each pair from the keys of its two ends, whichever comes first.

    Parameters
    ----------
    left, right : uint64 array, shape (n_pairs,)
        Keys of the two ends (`tie_keys`).

    Returns
    -------
    float64 array, shape (n_pairs,)
        Multiples of 2**-40 in (0, 1].

    References
    ----------
    G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA
    (2014): the finishing steps of SplitMix64.

    Examples
    --------
    >>> ana, bo = tie_keys(0, ["ana"]), tie_keys(0, ["bo"])
    >>> draw = tie_weights(ana, bo)
    >>> bool(0 < draw[0] <= 1), bool(draw == tie_weights(bo, ana))
    (True, True)
    """
    mixed = np.asarray(left, dtype=np.uint64) + np.asarray(right, dtype=np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    ticket = (mixed >> np.uint64(64 - DRAW_BITS)) + np.uint64(1)
    return ticket.astype(np.float64) * 2.0**-DRAW_BITS


def settle(
    problem: Problem, solution: Solution, weights: Callable[[Integers, Integers], Floats]
) -> Solution:
    """Return, of all the best matchings, the one of the largest total tie weight.

    The prices stay as they are: what is optimal for one best matching is so for all.

    Parameters
    ----------
    problem
        The problem that was solved.
    solution
        A best matching of it. One that is not proven optimal is returned unchanged, as its
        prices do not tell which others are as good.
    weights
        Called with the rows and columns of the pairs that may change, it returns their tie
        weights in (0, 1], multiples of 2**-40; `tie_weights` of the keys of their ends.

    Returns
    -------
    Solution
        The same for every order of the rows and columns, as long as the weights go with the
        identities. Scores off the binary grid count as rounded up to it (`Solution.step`).

    Raises
    ------
    ValueError
        If the problem has capacities, of which this knows nothing.
    MissingExtraError
        If more people are equally good than a dense table holds and the extra ``scale`` is not
        installed.

    Examples
    --------
    >>> from mentormatch.assign.solve import solve_assignment
    >>> scores = np.ones((2, 2))
    >>> draws = np.array([[0.25, 1.0], [0.5, 0.25]])
    >>> problem, solution = Problem.from_scores(scores), solve_assignment(scores)
    >>> settled = settle(problem, solution, lambda rows, cols: draws[rows, cols])
    >>> settled.rows, settled.cols, settled.value
    (array([0, 1]), array([1, 0]), 2.0)
    """
    if problem.capacities is not None:
        raise ValueError("lots are drawn among answers without capacities only; leave these as is")
    if not solution.is_optimal:
        return solution
    tight = _Tight.of(problem, solution)
    free = tight.exchangeable()
    if not free.any():
        return solution
    positions = np.flatnonzero(free)
    draws = weights(problem.rows[positions], problem.cols[positions])
    kept = tight.chosen[~free[tight.chosen]]
    drawn = tight.heaviest(positions, draws)
    chosen = np.sort(np.concatenate([kept, drawn]))
    return replace(
        solution,
        rows=problem.rows[chosen],
        cols=problem.cols[chosen],
        scores=problem.scores[chosen],
    )


def exchangeable(problem: Problem, solution: Solution) -> Booleans:
    """Return which pairs are in some of the best matchings but not in all of them.

    Parameters
    ----------
    problem
        The problem that was solved.
    solution
        An optimal solution of it.

    Returns
    -------
    boolean array, shape (n_pairs,)
        One for each allowed pair of the problem.

    Examples
    --------
    >>> from mentormatch.assign.solve import solve_assignment
    >>> scores = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    >>> problem, solution = Problem.from_scores(scores), solve_assignment(scores)
    >>> exchangeable(problem, solution).reshape(3, 3).astype(int)
    array([[1, 1, 0],
           [1, 1, 0],
           [0, 0, 0]])
    """
    return _Tight.of(problem, solution).exchangeable()


@dataclass(frozen=True, eq=False, slots=True)
class _Tight:
    """What complementary slackness leaves open.

    A matching is best if and only if all its pairs are tight, their prices adding up to no more
    than they are worth, and every row and column with a positive price is matched. Under
    `Objective.PEOPLE_THEN_SCORE` both hold for the count prices as well.
    """

    problem: Problem
    chosen: Integers  # positions of the pairs of the solution
    pairs: Integers  # positions of the tight pairs
    row_must: Booleans  # (n_rows,): has a positive price, so every best matching serves it
    col_must: Booleans

    @classmethod
    def of(cls, problem: Problem, solution: Solution) -> "_Tight":
        rows, cols = problem.rows, problem.cols
        weights, _ = on_grid(problem.scores, solution.lam)
        tight = solution.row_prices[rows] + solution.col_prices[cols] == weights
        row_must, col_must = solution.row_prices > 0, solution.col_prices > 0
        row_count, col_count = solution.row_count_prices, solution.col_count_prices
        if row_count is not None and col_count is not None:
            tight &= row_count[rows] + col_count[cols] == 1
            row_must |= row_count > 0
            col_must |= col_count > 0
        partner = np.full(problem.shape[0], -1, dtype=np.int64)
        partner[solution.rows] = solution.cols
        return cls(problem, problem.positions(partner), np.flatnonzero(tight), row_must, col_must)

    def exchangeable(self) -> Booleans:
        """Return which tight pairs lie on a cycle of the digraph of possible exchanges.

        Two best matchings differ by cycles and paths along which pairs of one and of the other
        alternate. A path ends where somebody may be left single, so one more node, "single",
        closes it to a cycle. Chosen pairs point from the column to the row, other tight ones from
        the row to the column: then every cycle is an exchange and every exchange is made of cycles,
        and a pair lies on one exactly if its ends are strongly connected.
        """
        # Imported here: csgraph would lengthen `import mentormatch`, and ties may never occur.
        from scipy.sparse.csgraph import connected_components

        n_rows, n_cols = self.problem.shape
        single = n_rows + n_cols
        is_chosen = np.zeros(len(self.problem.rows), dtype=np.bool_)
        is_chosen[self.chosen] = True
        rows = self.problem.rows[self.pairs]
        cols = self.problem.cols[self.pairs] + n_rows
        backwards = is_chosen[self.pairs]
        row_matched = np.zeros(n_rows, dtype=np.bool_)
        col_matched = np.zeros(n_cols, dtype=np.bool_)
        row_matched[self.problem.rows[self.chosen]] = True
        col_matched[self.problem.cols[self.chosen]] = True
        to_single = np.concatenate(
            (np.flatnonzero(row_matched & ~self.row_must), np.flatnonzero(~col_matched) + n_rows)
        )
        from_single = np.concatenate(
            (np.flatnonzero(~row_matched), np.flatnonzero(col_matched & ~self.col_must) + n_rows)
        )
        tails = (np.where(backwards, cols, rows), to_single, np.full_like(from_single, single))
        heads = (np.where(backwards, rows, cols), np.full_like(to_single, single), from_single)
        arcs = np.concatenate(tails), np.concatenate(heads)
        ones = np.ones(len(arcs[0]), dtype=np.int8)
        digraph = coo_array((ones, arcs), shape=(single + 1, single + 1)).tocsr()
        _, part = connected_components(digraph, directed=True, connection="strong")
        result = np.zeros(len(self.problem.rows), dtype=np.bool_)
        result[self.pairs[part[rows] == part[cols]]] = True
        return result

    def heaviest(self, pairs: Integers, draws: Floats) -> Integers:
        """Return which of some exchangeable pairs to choose.

        Of the matchings that serve everybody who must be served, the one of the largest total
        draw. There is one: the solution's own pairs.
        """
        shape, part = self.problem.shape, _connected(self.problem, pairs)
        rows, cols = self.problem.rows[pairs], self.problem.cols[pairs]
        served = self.row_must[rows].astype(np.float64) + self.col_must[cols]
        needed = np.zeros(part.max() + 1)
        for must, ends in ((self.row_must, rows), (self.col_must, cols)):
            _, first = np.unique(ends, return_index=True)
            needed += np.bincount(part[first], must[ends[first]], minlength=len(needed))
        # Serving one more counts for `bonus`. One above the length of the longest exchange is
        # surely enough, but the lower it is the more bits it leaves to the draws: each connected
        # part is settled with the lowest that serves all of it.
        bonus, settled = 1.0, [pairs[:0]]
        while len(pairs):
            weights, _ = on_grid(draws + bonus * served)
            problem = Problem(shape, self.problem.rows[pairs], self.problem.cols[pairs], draws)
            best = heaviest(problem, weights).chosen
            count = np.bincount(part[best], served[best], minlength=len(needed))
            is_served = (count == needed)[part]
            settled.append(pairs[best][is_served[best]])
            pairs, part = pairs[~is_served], part[~is_served]
            draws, served = draws[~is_served], served[~is_served]
            bonus *= 2
        return np.concatenate(settled)


def _connected(problem: Problem, pairs: Integers) -> Integers:
    """Return for each of some pairs the number of the connected part of their graph it is in."""
    from scipy.sparse.csgraph import connected_components  # imported here as above

    n_rows, n_cols = problem.shape
    rows, cols = problem.rows[pairs], problem.cols[pairs] + n_rows
    ones = np.ones(len(pairs), dtype=np.int8)
    graph = coo_array((ones, (rows, cols)), shape=(n_rows + n_cols,) * 2).tocsr()
    _, part = connected_components(graph, directed=False)
    return part[rows].astype(np.int64)
