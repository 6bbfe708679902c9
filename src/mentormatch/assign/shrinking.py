"""Blossoms again, from the odd sets of a proof: trees can then be grown from where it stands.

A proof names the members of odd sets and not the cycles that they were shrunk along. Any cycles
will do: the tight pairs within a set, the sets within it shrunk, form an odd graph all of which an
alternating tree from its base takes into one blossom.
"""

from collections.abc import Iterable
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.alternating import OUTSIDE, Pool, Tree
from mentormatch.assign.limits import NO_LIMITS
from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.problem import Problem

__all__ = ["Shrunk", "shrunk"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

#: Pairs that are tight now, and nothing that comes later.
NOW = 5e-324


class Shrunk(Pool):
    """A pool whose blossoms are those of a proof.

    Parameters
    ----------
    starts, others, weights, mate, prices
        As for `mentormatch.assign.alternating.Pool`.
    """

    def __init__(
        self, starts: Integers, others: Integers, weights: Floats, mate: Integers, prices: Floats
    ) -> None:
        super().__init__(starts, others, weights, mate, prices)
        #: What some members have in place of their own pairs.
        self.instead: dict[int, list[tuple[int, float]]] = {}

    def pairs(self, member: int) -> Iterable[tuple[int, float]]:
        """Return whom a member can have, and what each such pair is worth."""
        found = self.instead.get(member)
        return super().pairs(member) if found is None else found

    def copy(self) -> Self:
        """Return the same pool once more, to grow a tree in that leaves this one as it is."""
        pool = super().copy()
        pool.instead = {}
        return pool

    def shrink(self, nodes: list[int], tight: list[tuple[int, int]], price: float) -> int:
        """Make one blossom of all nodes of a set.

        Parameters
        ----------
        nodes
            All that is in the set.
        tight
            The tight pairs between them, both ways round.
        price
            What the set is worth.

        Returns
        -------
        int
            The new node; -1 where they cannot be shrunk to one.
        """
        blossoms, within = self.blossoms, set(nodes)
        bases = [
            base
            for base in map(blossoms.base, nodes)
            if self.mate[base] < 0 or self.node(self.mate[base]) not in within
        ]
        if len(bases) != 1:
            return -1
        [root] = bases
        members = [one for node in nodes for one in blossoms.members(node)]
        self.instead = {one: [] for one in members}
        for one, other in tight:
            # Outer sets cover these pairs as well; here they are what the two alone would cover.
            self.instead[one].append((other, self.price[one] + self.price[other]))
        partner, self.mate[root] = self.mate[root], -1  # outside, where the tree does not go
        tree = Tree(self, root, NOW, leaves=False)
        tree.search(NO_LIMITS)
        self.mate[root], self.instead = partner, {}
        node = tree.node(root)
        if blossoms.count(node) != len(members):
            return -1
        blossoms.price[node] = price
        for one in members:
            self.parity[one], self.outermost[one] = OUTSIDE, node
        return node


def shrunk(double: Problem, mate: Integers, prices: Floats, sets: OddSets) -> Shrunk | None:
    """Return a pool whose blossoms are the odd sets of a proof.

    Parameters
    ----------
    double
        The double cover of the pool, with what pairs are worth by the proof as scores.
    mate : int64 array, shape (n_members,)
        The partner of each member of a heaviest matching; -1 for none.
    prices : float64 array, shape (n_members,)
        What each member is worth.
    sets
        Odd sets that prove it together with the prices.

    Returns
    -------
    Shrunk or None
        None where the sets cannot be shrunk: by a proof that was not found here.

    Examples
    --------
    >>> triangle = Problem.from_scores([[0.0, 2.0, 2.0], [2.0, 0.0, 2.0], [2.0, 2.0, 0.0]])
    >>> sets = OddSets(np.zeros(3, dtype=np.int64), np.array([-1]), np.array([2.0]))
    >>> pool = shrunk(triangle, np.array([-1, 2, 1]), np.zeros(3), sets)
    >>> pool.blossoms.price
    {3: 2.0}
    """
    pool = Shrunk(double.starts, double.cols, double.scores, mate, prices)
    own: list[list[int]] = [[] for _ in range(len(sets))]
    inside = np.flatnonzero(sets.innermost >= 0)
    for member, number in zip(inside.tolist(), sets.innermost[inside].tolist(), strict=True):
        own[number].append(member)
    tight = _tight(double, prices, sets)
    for number in range(len(sets) - 1, -1, -1):  # those within others first
        node = pool.shrink(own[number], tight[number], float(sets.prices[number]))
        if node < 0:
            return None
        if sets.around[number] >= 0:
            own[sets.around[number]].append(node)
    return pool


def _tight(double: Problem, prices: Floats, sets: OddSets) -> list[list[tuple[int, int]]]:
    """Return, of each set, the tight pairs within it and not within a smaller one, both ways."""
    inside = sets.innermost >= 0
    some = np.flatnonzero(inside[double.rows] & inside[double.cols])
    a, b = double.rows[some], double.cols[some]
    common = sets.common(a, b)
    covered = prices[a] + prices[b] + sets.worth(a, b)
    kept = (common >= 0) & (covered == double.scores[some])
    found: list[list[tuple[int, int]]] = [[] for _ in range(len(sets))]
    for one, other, number in zip(
        a[kept].tolist(), b[kept].tolist(), common[kept].tolist(), strict=True
    ):
        found[number].append((one, other))
    return found
