"""Blossoms again, from the odd sets of a proof: trees can then be grown from where it stands.

A proof names the members of odd sets and not the cycles that they were shrunk along. Any cycles
will do: the tight pairs within a set, the sets within it shrunk, form an odd graph all of which an
alternating tree from its base takes into one blossom.
"""

from collections.abc import Iterable
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.alternating import Pool, Tree
from mentormatch.assign.blossoms import Blossoms, Link
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
        #: What some members have beside their own pairs.
        self.more: dict[int, list[tuple[int, float]]] = {}

    def pairs(self, member: int) -> Iterable[tuple[int, float]]:
        """Return whom a member can have, and what each such pair is worth."""
        found, own = self.more.get(member), super().pairs(member)
        return own if found is None else [*own, *found]

    def copy(self) -> Self:
        """Return the same pool once more, to grow a tree in that leaves this one as it is."""
        pool = super().copy()
        pool.more = {}
        return pool


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
    holder: dict[int, int] = {}
    for number in range(len(sets) - 1, -1, -1):  # those within others first
        node = _shrink(pool.blossoms, own[number], tight[number], holder)
        if node < 0:
            return None
        pool.blossoms.price[node] = float(sets.prices[number])
        around = int(sets.around[number])
        if around >= 0:
            own[around].append(node)
        else:
            for one in pool.blossoms.members(node):
                pool.outermost[one] = node
    return pool


def _tight(double: Problem, prices: Floats, sets: OddSets) -> list[list[Link]]:
    """Return, of each set, the tight pairs within it and not within a smaller one, both ways."""
    inside = sets.innermost >= 0
    some = np.flatnonzero(inside[double.rows] & inside[double.cols])
    a, b = double.rows[some], double.cols[some]
    common = sets.common(a, b)
    covered = prices[a] + prices[b] + sets.worth(a, b)
    kept = (common >= 0) & (covered == double.scores[some])
    found: list[list[Link]] = [[] for _ in range(len(sets))]
    for one, other, number in zip(
        a[kept].tolist(), b[kept].tolist(), common[kept].tolist(), strict=True
    ):
        found[number].append((one, other))
    return found


def _shrink(blossoms: Blossoms, nodes: list[int], tight: list[Link], holder: dict[int, int]) -> int:
    """Make one blossom of all nodes of a set; return it, or -1 where that is not possible.

    They are shrunk as members of a small pool of their own, in which all their pairs are tight.
    """
    size = len(nodes)
    place = {node: at for at, node in enumerate(nodes)}

    def at(member: int) -> int:
        """Return the place of the node that a member is in; -1 if it is not in the set."""
        passed = []
        while member in holder:
            passed.append(member)
            member = holder[member]
        holder.update(dict.fromkeys(passed, member))
        return place.get(member, -1)

    links = {(at(one), at(other)): (one, other) for one, other in sorted(tight)}
    ends = np.array(sorted(links), dtype=np.int64).reshape(-1, 2)
    starts = np.searchsorted(ends[:, 0], np.arange(size + 1))
    partners = [blossoms.mate[blossoms.base(node)] for node in nodes]
    mate = np.array([at(one) if one >= 0 else -1 for one in partners], dtype=np.int64)
    roots = np.flatnonzero(mate < 0).tolist()
    if len(roots) != 1:
        return -1
    small = Pool(starts, ends[:, 1], np.zeros(len(ends)), mate, np.zeros(size))
    tree = Tree(small, roots[0], NOW, leaves=False)
    tree.search(NO_LIMITS)
    if small.blossoms.count(tree.node(roots[0])) != size:
        return -1
    for node in sorted(small.blossoms.cycle):  # those within others first
        ring = [nodes[one] for one in small.blossoms.cycle[node]]
        nodes.append(blossoms.form(ring, [links[link] for link in small.blossoms.links[node]]))
        holder.update(dict.fromkeys(ring, nodes[-1]))
    return nodes[-1]
