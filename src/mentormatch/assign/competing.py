"""Who competes with somebody who is single though as many as possible are served, and for whom.

On two sides these are the rows that an alternating path reaches from a single one: it wants a
column, all of whose places are taken by rows that want other columns, and so on. None of them is
free, or one more could be served. So there are fewer places than the rows need (Hall's condition).

In one pool those who compete fall into odd groups, each paired among itself but for one member, who
needs one of the partners that they all want (Gallai, Edmonds). There are more groups than partners.

Who reaches each other competes for the same. So these are found once, for everybody (Tarjan), and
what is left to search for one of them is a graph of few nodes.

References
----------
R. Tarjan, "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1 (1972).
P. Hall, "On representatives of subsets", Journal of the London Mathematical Society 10 (1935).
L. Lovasz, M. D. Plummer, "Matching Theory" (1986), chapters 1 and 3.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.assign.pool_problem import PoolSolution

__all__ = ["Competing", "Competition"]

Integers: TypeAlias = NDArray[np.int64]
#: The two ends of pairs.
Ends: TypeAlias = tuple[Integers, Integers]


@dataclass(frozen=True, eq=False, slots=True)
class Competition:
    """Who competes for whom.

    Attributes
    ----------
    members : int64 array
        Those who compete, group by group. Each group needs somebody for one of its members; on two
        sides everybody is a group of their own.
    starts : int64 array
        Where each group begins, and the last one ends.
    partners : int64 array
        All whom any of them could have, beside those of their own group.
    """

    members: Integers
    starts: Integers
    partners: Integers

    @property
    def groups(self) -> list[Integers]:
        """The members of each group."""
        return np.split(self.members, self.starts[1:-1])


class Competing:
    """Says of anybody who is single who competes with them; made once for a matching.

    Parameters
    ----------
    group : int64 array
        The group of each of those who compete.
    n_partners : int
        How many may be competed for.
    wants : pair of int64 arrays
        Groups, and partners whom one of their members could have.
    holds : pair of int64 arrays
        Partners, and the groups that have them.

    Examples
    --------
    >>> allowed, chosen = (np.array([0, 1, 2]), np.array([0, 0, 1])), (np.array([1]), np.array([0]))
    >>> found = Competing.of_sides((3, 2), allowed, chosen).around(0)
    >>> found.groups, found.partners
    ([array([0]), array([1])], array([0]))
    """

    def __init__(self, group: Integers, n_partners: int, wants: Ends, holds: Ends) -> None:
        # Imported here: csgraph would lengthen `import mentormatch`.
        from scipy.sparse.csgraph import connected_components

        self._group = group
        self._n_groups = n_groups = int(group.max(initial=-1)) + 1
        self._by_group = _by_number(group, n_groups)
        tails = np.concatenate((wants[0], n_groups + holds[0]))
        heads = np.concatenate((n_groups + wants[1], holds[1]))
        size = n_groups + n_partners
        graph = _listed(tails, heads, (size, size))
        count, part = connected_components(graph, directed=True, connection="strong")
        self._part = part.astype(np.int64)
        tails, heads = self._part[tails], self._part[heads]
        apart = np.unique(tails[tails != heads] * count + heads[tails != heads])
        tails, heads = np.divmod(apart, max(1, count))
        self._parts = _listed(tails, heads, (count, count))
        self._by_part = _by_number(self._part, count)

    @classmethod
    def of_sides(cls, shape: tuple[int, int], allowed: Ends, chosen: Ends) -> "Competing":
        """Prepare the rows of two sides, which compete for columns.

        Parameters
        ----------
        shape
            Number of rows and of columns.
        allowed
            Rows and columns of all allowed pairs.
        chosen
            Those of a matching that serves as many as possible. Pairs that must be chosen are left
            out: nobody competes for their places.
        """
        return cls(np.arange(shape[0]), shape[1], allowed, chosen[::-1])

    @classmethod
    def of_pool(cls, allowed: Ends, solution: PoolSolution) -> "Competing":
        """Prepare one pool, in which odd groups compete.

        Parameters
        ----------
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
        >>> problem = PoolProblem(3, *ends, np.ones(3))
        >>> solution = heaviest_pool(problem, Objective.PEOPLE_THEN_SCORE)
        >>> Competing.of_pool(ends, solution).around(
        ...     int(np.flatnonzero(solution.mate < 0)[0])
        ... ).members
        array([0, 1, 2])
        """
        assert solution.count_prices is not None  # with as many pairs as possible
        assert solution.count_sets is not None
        size = len(solution.count_prices)
        innermost = solution.count_sets.innermost
        # Whoever is in no odd set is a group of their own, numbered after the sets.
        group = np.where(innermost < 0, len(solution.count_sets) + np.arange(size), innermost)
        wanted = solution.count_prices == 1.0
        who, whom = np.concatenate(allowed), np.concatenate(allowed[::-1])
        some = wanted[whom]
        partners = np.flatnonzero(wanted & (solution.mate >= 0))
        holds = partners, group[solution.mate[partners]]
        return cls(group, size, (group[who[some]], whom[some]), holds)

    def around(self, single: int) -> Competition:
        """Return who competes with somebody who is single, and for whom.

        Parameters
        ----------
        single
            A row, or a member of the pool.
        """
        from scipy.sparse.csgraph import breadth_first_order

        first = int(self._part[self._group[single]])
        reached = breadth_first_order(self._parts, first, return_predecessors=False)
        nodes = np.sort(self._by_part[reached].indices)
        groups, partners = np.split(nodes, [np.searchsorted(nodes, self._n_groups)])
        found = self._by_group[groups]
        members, starts = (part.astype(np.int64) for part in (found.indices, found.indptr))
        return Competition(members, starts, partners.astype(np.int64) - self._n_groups)


def _by_number(numbers: Integers, size: int) -> csr_array:
    """List who has each number."""
    return _listed(numbers, np.arange(len(numbers)), (size, len(numbers)))


def _listed(tails: Integers, heads: Integers, shape: tuple[int, int]) -> csr_array:
    """List the heads of each tail."""
    ones = np.ones(len(tails), dtype=np.int8)
    return csr_array((ones, (tails, heads)), shape=shape)
