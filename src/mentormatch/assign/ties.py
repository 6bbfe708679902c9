"""Which of several best matchings it is to be: the one that a lottery over pairs favours.

Solvers, row orders and threads must not decide between equals. Every pair draws a number that
depends on nothing but a seed and the two identities, and of all best matchings the one with the
largest sum of draws is taken.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.problem import Problem, Solution
from mentormatch.assign.tight import Tight

__all__ = ["DRAW_BITS", "exchangeable", "settle", "tie_keys", "tie_weights"]

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
    MissingExtraError
        If more people are equally good than a dense table holds (or, with capacities, more than
        2**20 pairs) and the extra ``scale`` is not installed.

    Examples
    --------
    >>> from mentormatch.assign.solve import solve_assignment
    >>> scores = np.ones((2, 2))
    >>> draws = np.array([[0.25, 1.0], [0.5, 0.25]])
    >>> problem, solution = Problem.from_scores(scores), solve_assignment(scores)
    >>> settled = settle(problem, solution, lambda rows, cols: draws[rows, cols])
    >>> settled.rows, settled.cols, settled.value
    (array([0, 1]), array([1, 0]), 2.0)

    With capacities, who has how many partners is drawn as well, as long as it is as good:

    >>> asked = solve_assignment(scores, row_capacity=2, row_minimum=1)
    >>> problem = Problem.from_scores(scores, capacities=asked.capacities)
    >>> settled = settle(problem, asked, lambda rows, cols: draws[rows, cols])
    >>> settled.rows, settled.cols, settled.value
    (array([0, 1]), array([1, 0]), 2.0)
    """
    if not solution.is_optimal:
        return solution
    tight = Tight.of(problem, solution)
    free = tight.exchangeable()
    pairs = tight.origin >= 0
    if not (free & pairs).any():
        return solution
    positions = tight.origin[free & pairs]
    draws = np.zeros(len(free))
    draws[free & pairs] = weights(problem.rows[positions], problem.cols[positions])
    kept = tight.chosen[~free[tight.chosen]]
    drawn = tight.heaviest(np.flatnonzero(free), draws[free])
    chosen = tight.origin[np.concatenate([kept, drawn])]
    chosen = np.sort(chosen[chosen >= 0])
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
    tight = Tight.of(problem, solution)
    result = np.zeros(len(problem.rows), dtype=np.bool_)
    found = tight.origin[tight.exchangeable()]
    result[found[found >= 0]] = True
    return result
