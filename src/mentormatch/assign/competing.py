"""Who competes with somebody who is single though as many as possible are served, and for whom.

On two sides these are the rows that an alternating path reaches from a single one: it wants a
column, all of whose places are taken by rows that want other columns, and so on. None of them is
free, or one more could be served. So there are fewer places than the rows need (Hall's condition).

In one pool those who compete fall into odd groups, each paired among itself but for one member, who
needs one of the partners that they all want (Gallai, Edmonds). There are more groups than partners.

References
----------
P. Hall, "On representatives of subsets", Journal of the London Mathematical Society 10 (1935).
L. Lovasz, M. D. Plummer, "Matching Theory" (1986), chapters 1 and 3.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.assign.pool_problem import PoolSolution

__all__ = ["Competition", "competing", "competing_in_pool"]

Integers: TypeAlias = NDArray[np.int64]
#: The two ends of pairs.
Ends: TypeAlias = tuple[Integers, Integers]


@dataclass(frozen=True, eq=False, slots=True)
class Competition:
    """Who competes for whom.

    Attributes
    ----------
    groups : tuple of int64 arrays
        Those who compete. Each group needs somebody for one of its members; on two sides everybody
        is a group of their own.
    partners : int64 array
        All whom any of them could have, beside those of their own group.
    """

    groups: tuple[Integers, ...]
    partners: Integers


def competing(single: int, shape: tuple[int, int], allowed: Ends, chosen: Ends) -> Competition:
    """Return the rows that compete with one that is single, and the columns they compete for.

    Parameters
    ----------
    single
        The row.
    shape
        Number of rows and of columns.
    allowed
        Rows and columns of all allowed pairs.
    chosen
        Those of a matching that serves as many as possible. Pairs that must be chosen are left out:
        nobody competes for their places.

    Examples
    --------
    >>> allowed, chosen = (np.array([0, 1, 2]), np.array([0, 0, 1])), (np.array([1]), np.array([0]))
    >>> competing(0, (3, 2), allowed, chosen)
    Competition(groups=(array([0]), array([1])), partners=array([0]))
    """
    wanted, holders = _listed(*allowed, shape), _listed(*chosen[::-1], shape[::-1])
    rows, cols = (np.zeros(size, dtype=np.bool_) for size in shape)
    rows[single] = True
    reached = np.array([single])
    while len(reached):
        new = np.unique(wanted[reached].indices)
        new = new[~cols[new]]
        cols[new] = True
        reached = np.unique(holders[new].indices)
        reached = reached[~rows[reached]]
        rows[reached] = True
    return Competition(tuple(np.flatnonzero(rows)[:, None]), np.flatnonzero(cols))


def competing_in_pool(single: int, allowed: Ends, solution: PoolSolution) -> Competition:
    """Return the odd groups that compete with the one of somebody who is single, and for whom.

    Parameters
    ----------
    single
        The member.
    allowed
        The two ends of all allowed pairs.
    solution
        A matching of as many pairs as possible, with the prices that prove it.

    Examples
    --------
    Three who can pair among themselves: one is left over.

    >>> from mentormatch.assign.pool import heaviest_pool
    >>> from mentormatch.assign.pool_problem import PoolProblem
    >>> from mentormatch.assign.problem import Objective
    >>> ends = np.array([0, 0, 1]), np.array([1, 2, 2])
    >>> solution = heaviest_pool(PoolProblem(3, *ends, np.ones(3)), Objective.PEOPLE_THEN_SCORE)
    >>> competing_in_pool(int(np.flatnonzero(solution.mate < 0)[0]), ends, solution).groups
    (array([0, 1, 2]),)
    """
    assert solution.count_prices is not None  # with as many pairs as possible
    assert solution.count_sets is not None
    size = len(solution.count_prices)
    both = np.concatenate(allowed), np.concatenate(allowed[::-1])
    known = _listed(*both, (size, size))
    innermost = solution.count_sets.innermost
    # Whoever is in no odd set is a group of their own, numbered after the sets.
    group = np.where(innermost < 0, len(solution.count_sets) + np.arange(size), innermost)
    wanted = solution.count_prices == 1.0
    seen, partners = {int(group[single])}, np.zeros(size, dtype=np.bool_)
    waiting = [int(group[single])]
    groups = []
    while waiting:
        members = np.flatnonzero(group == waiting.pop())
        groups.append(members)
        new = np.unique(known[members].indices)
        new = new[wanted[new] & ~partners[new]]
        partners[new] = True
        for other in group[solution.mate[new]].tolist():
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return Competition(tuple(groups), np.flatnonzero(partners))


def _listed(tails: Integers, heads: Integers, shape: tuple[int, int]) -> csr_array:
    """List the heads of each tail."""
    ones = np.ones(len(tails), dtype=np.int8)
    return csr_array((ones, (tails, heads)), shape=shape)
