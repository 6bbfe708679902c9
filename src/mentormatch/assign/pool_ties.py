"""Which of several best matchings of a pool it is to be: the one that a lottery favours.

A matching is best if and only if all its pairs are tight (prices and odd sets add up to no more
than they are worth), every member with a price is matched, and every odd set with a price is full;
and, where pairs count, if it has as many as any. Let a pair count one for each of its ends that has
a price, and one for each priced set around both. Then of the matchings of tight pairs those are
best that count most. So one more pool is solved, in which what pairs count comes first and what
they draw second. Other prices and families of sets may prove the same; that does not matter, for
they have the same best matchings.

To be added up exactly beside what comes first, a draw is split: the highest bits decide, and where
sums of these are equal the next ones do, among what is still tight.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.grid import on_grid, power_of_two_from
from mentormatch.assign.pool import double_cover, heaviest_pool
from mentormatch.assign.pool_problem import SPARE_BITS, PoolProblem, PoolSolution
from mentormatch.assign.problem import Objective
from mentormatch.assign.ties import DRAW_BITS
from mentormatch.assign.tight import Loads, Tight

__all__ = ["settle_pool"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

#: Bits of a draw that decide first, second and third.
SPLIT = (14, 13, 13)
#: Whole numbers below this are exact with a spare bit.
EXACT = 2.0**51


def settle_pool(
    problem: PoolProblem, solution: PoolSolution, weights: Callable[[Integers, Integers], Floats]
) -> PoolSolution:
    """Return, of all the best matchings, the one that draws most.

    The prices and odd sets stay as they are: what proves one best matching proves all.

    Parameters
    ----------
    problem
        The pool that was solved, or at least those of its pairs that may be in a best matching.
    solution
        A best matching of it. One that is not proven optimal is returned unchanged, as its
        prices do not tell which others are as good.
    weights
        Called with the two ends of the pairs that may change, it returns their tie weights in
        (0, 1], multiples of 2**-40 (`mentormatch.assign.ties.tie_weights` of the keys of the ends).
        Sums of their highest 14 bits, rounded up, are compared first, then of the next 13, and of
        the last 13.

    Returns
    -------
    PoolSolution
        The same for every order of the members, whatever the prices and sets and however they were
        found, as long as the weights go with the identities; but for one chance in 2**40 for each
        pair that two matchings draw the same, and where more than 2**17 members or so could change
        partners together around odd sets that are nested as deep: there lots are not drawn.

    Raises
    ------
    MissingExtraError
        If more members are equally good than a dense table holds and the extra ``scale`` is not
        installed.

    Examples
    --------
    Any two of three can be paired; the lot says which:

    >>> triangle = PoolProblem(3, np.array([0, 0, 1]), np.array([1, 2, 2]), np.ones(3))
    >>> solution = heaviest_pool(triangle, Objective.SCORE)
    >>> settled = settle_pool(triangle, solution, lambda a, b: (a + b) / 4)
    >>> settled.a, settled.b, settled.value
    (array([1]), array([2]), 1.0)
    """
    if not solution.is_optimal:
        return solution
    if solution.floor is not None:
        problem = problem.at_least(solution.floor.score)  # of which it is the best
    worth, _ = on_grid(problem.scores, solution.lam, SPARE_BITS)
    which, counted = _tied(problem, worth, solution, solution.mate)
    if not len(which):
        return solution
    a, b, mate = problem.a[which], problem.b[which], solution.mate.copy()
    rounds = _split(weights(a, b))
    if solution.lam:
        # At this lam fewer pairs may weigh as much: no tie where pairs count.
        rounds = np.vstack((np.ones(len(a)), rounds))
    for number in range(len(rounds)):
        first = _outweighing(len(mate), counted, rounds[number])
        if not math.isfinite(first):
            return solution
        pool = PoolProblem(len(mate), a, b, first * counted + rounds[number])
        found = heaviest_pool(pool, Objective.SCORE)
        mate[a] = mate[b] = -1
        mate[found.a], mate[found.b] = found.b, found.a
        which, counted = _tied(pool, pool.scores, found, mate)
        if not len(which):
            break
        a, b, rounds = a[which], b[which], rounds[:, which]
    chosen = problem.positions(mate)
    return replace(
        solution, a=problem.a[chosen], b=problem.b[chosen], scores=problem.scores[chosen]
    )


def _tied(
    problem: PoolProblem, worth: Floats, solution: PoolSolution, mate: Integers
) -> tuple[Integers, Floats]:
    """Return the positions of pairs that may change, and how much each counts.

    Whatever tight pairs a best matching exchanges lies on cycles and paths along which pairs of one
    and of the other alternate. Those are looked for in the double cover, so a few may be
    among them that odd sets do not let change.
    """
    prices, sets = solution.prices, solution.odd_sets
    covered = prices[problem.a] + prices[problem.b] + sets.worth(problem.a, problem.b)
    tight = np.flatnonzero(covered == worth)
    a, b, must = problem.a[tight], problem.b[tight], prices > 0.0
    double = double_cover(PoolProblem(problem.size, a, b, worth[tight]))
    chosen, every = double.positions(mate), np.arange(len(double.rows))
    partners = Loads(now=(mate >= 0) * 1, least=must * 1, most=np.ones_like(mate))
    changing = Tight(double, every, chosen, every, partners, partners).exchangeable()
    # Turned round and read backwards the exchanges are the same: one way is enough.
    may = changing[double.find(a, b)]
    a, b = a[may], b[may]
    around = replace(sets, prices=np.ones(len(sets)))
    return tight[may], must[a].astype(np.float64) + must[b] + around.worth(a, b)


def _split(draws: Floats) -> Floats:
    """Return the bits of draws that decide first, second and so on, as whole numbers."""
    left, parts = np.ascontiguousarray(draws * 2.0**DRAW_BITS - 1.0), []
    unit = 2.0**DRAW_BITS
    for bits in SPLIT:
        unit /= 2.0**bits
        parts.append(np.floor(left / unit))
        left -= parts[-1] * unit
    parts[0] += 1.0  # a pair that costs nothing is better than none
    return np.array(parts)


def _outweighing(size: int, counted: Floats, numbers: Floats) -> float:
    """Return what makes one more that counts outweigh all numbers; infinity where float64 cannot.

    Strictly: what is best then is so only if it counts most.
    """
    most = float(numbers.max())
    first = power_of_two_from(most * (size // 2) + 1.0)
    return first if first * float(counted.max()) + most < EXACT else math.inf
