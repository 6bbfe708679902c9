"""Blossoms: odd cycles of members, of cycles of members, and so on, each shrunk to one node.

A blossom of 2k + 1 members holds k pairs and leaves out one, its base; any of its members can be
the base, by shifting pairs along the cycles (Edmonds 1965). Nodes below the number of members are
the members themselves.

References
----------
J. Edmonds, "Paths, trees, and flowers", Canadian Journal of Mathematics 17 (1965).
"""

from copy import copy
from typing import Self

import numpy as np

from mentormatch.assign.odd_sets import OddSets

__all__ = ["Blossoms", "Link"]

#: Two members that are joined, each of another node.
Link = tuple[int, int]


class Blossoms:
    """The blossoms of a pool, and its pairs, which they shift.

    Parameters
    ----------
    mate
        The partner of each member, -1 for none; changed in place.

    Examples
    --------
    >>> mate = [-1, 2, 1]
    >>> blossoms = Blossoms(mate)
    >>> node = blossoms.form([0, 1, 2], [(0, 1), (1, 2), (2, 0)])
    >>> blossoms.base(node), sorted(blossoms.members(node))
    (0, [0, 1, 2])
    >>> blossoms.turn(node, 2)
    >>> blossoms.base(node), mate[:2]
    (2, [1, 0])
    """

    def __init__(self, mate: list[int]) -> None:
        self.size = len(mate)
        self.mate = mate
        #: Each blossom's nodes, the one with the base first, and the links from each to the next.
        self.cycle: dict[int, list[int]] = {}
        self.links: dict[int, list[Link]] = {}
        self.price: dict[int, float] = {}
        self._base: dict[int, int] = {}
        self._count: dict[int, int] = {}
        self._around: dict[int, int] = {}
        self._next = self.size

    def copy(self, mate: list[int]) -> Self:
        """Return the same blossoms once more, of pairs that are the same, too."""
        blossoms = copy(self)
        blossoms.mate = mate
        # Cycles and links take the place of others as a whole, so they may be shared.
        blossoms.cycle, blossoms.links = self.cycle.copy(), self.links.copy()
        blossoms.price, blossoms._base = self.price.copy(), self._base.copy()
        blossoms._count, blossoms._around = self._count.copy(), self._around.copy()
        return blossoms

    def base(self, node: int) -> int:
        """Return the member of a node that is not paired within it."""
        return node if node < self.size else self._base[node]

    def count(self, node: int) -> int:
        """Return how many members a node has."""
        return 1 if node < self.size else self._count[node]

    def members(self, node: int) -> list[int]:
        """Return all members of a node."""
        if node < self.size:
            return [node]
        found, waiting = [], [node]
        while waiting:
            node = waiting.pop()
            if node < self.size:
                found.append(node)
            else:
                waiting.extend(self.cycle[node])
        return found

    def form(self, cycle: list[int], links: list[Link]) -> int:
        """Shrink an odd cycle of nodes, the one that keeps its base first; return the new node."""
        node = self._next
        self._next += 1
        self.cycle[node], self.links[node] = cycle, links
        self._base[node], self.price[node] = self.base(cycle[0]), 0.0
        self._count[node] = sum(map(self.count, cycle))
        for inner in cycle:
            self._around[inner] = node
        return node

    def open(self, node: int) -> tuple[list[int], list[Link]]:
        """Undo an outermost blossom; return its cycle and links."""
        cycle = self.cycle.pop(node)
        for inner in cycle:
            del self._around[inner]
        del self._base[node], self._count[node], self.price[node]
        return cycle, self.links.pop(node)

    def turn(self, node: int, member: int) -> None:
        """Shift the pairs within a node so that a member of it is the base.

        Its partner is outside, or will be: that is for the caller to say.
        """
        waiting = [(node, member)]
        while waiting:
            node, member = waiting.pop()
            inner = member
            while inner != node:
                outer = self._around[inner]
                waiting += self._shift(outer, inner)
                self._base[outer] = member
                inner = outer

    def _shift(self, node: int, first: int) -> list[tuple[int, int]]:
        """Make a node of the cycle the one with the base.

        Returns the other nodes whose base changes with that, and their new bases.
        """
        cycle, links = self.cycle[node], self.links[node]
        place, size = cycle.index(first), len(cycle)
        # From the new base to the old one, the way that has an even number of links.
        paired = range(place + 1, size, 2) if place % 2 else range(place - 2, -1, -2)
        turned = []
        for one in paired:
            left, right = links[one]
            self.mate[left], self.mate[right] = right, left
            turned += [(cycle[one], left), (cycle[(one + 1) % size], right)]
        self.cycle[node] = cycle[place:] + cycle[:place]
        self.links[node] = links[place:] + links[:place]
        return turned

    def priced(self) -> OddSets:
        """Return the blossoms that have a price, as sets of members."""
        # A blossom is younger than those within it, and outer sets come first.
        nodes = [node for node in sorted(self.price, reverse=True) if self.price[node] > 0.0]
        number = {node: place for place, node in enumerate(nodes)}
        innermost = np.full(self.size, -1)
        around = np.full(len(nodes), -1)
        # From the outside in, through those without a price as well.
        holder: dict[int, int] = {}
        for node in sorted(self.cycle, reverse=True):
            outer = holder.get(self._around.get(node, -1), -1)
            holder[node] = number.get(node, outer)
            if node in number:
                around[number[node]] = outer
            for inner in self.cycle[node]:
                if inner < self.size:
                    innermost[inner] = holder[node]
        return OddSets(innermost, around, np.array([self.price[node] for node in nodes]))
