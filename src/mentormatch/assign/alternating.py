"""The blossom phase: alternating trees that make a nearly heaviest matching of a pool a heaviest.

Prices, none negative, cover each pair: ``price[a] + price[b] + (prices of the blossoms around
both) >= weight``. A matching is heaviest if its pairs are tight (covered with nothing to spare),
each blossom with a price is full, and whoever is single has a price of 0. All of that holds to
begin with, but for a few single members with a price. From each of them a tree is grown:

* its members are *even* or *odd* by their steps from the root; prices of even ones fall and those
  of odd ones rise, so that the pairs of the tree stay tight, until something happens;
* a pair from an even member to one outside the tree gets tight: that one and its partner join the
  tree or, where it has no partner, the pairs along the path to it change over and the tree is done;
* a pair of two even members gets tight: the odd cycle that it closes is shrunk to a blossom, which
  is even, and whose price rises twice as fast as those of its members fall;
* the price of an odd blossom falls to 0: it is opened;
* the price of an even member falls to 0: the pairs along the path to it change over, it is left
  single at no loss, and the tree is done. The root itself is one such, so every tree has an end.

Each tree ends one wrong thing, and starts none. What it touches is all that it costs: prices of
members in the tree are kept as what they would be had the tree not grown (so that nothing changes
while it does), and the next event is the least of a heap. A vertex may be looked at once for each
blossom around it that is opened.

On integers all prices stay integers or halves, and blossoms' prices integers: from the root on,
tight pairs of integer weights carry its fraction to all even members alike. So everything here is
exact on a binary grid with one spare bit.

References
----------
J. Edmonds, "Maximum matching and a polyhedron with 0,1-vertices", Journal of Research of the
National Bureau of Standards 69B (1965). Z. Galil, S. Micali, H. Gabow, "An O(EV log V) algorithm
for finding a maximal weighted matching in general graphs", SIAM Journal on Computing 15 (1986):
prices kept aside while trees grow. U. Derigs, "Solving non-bipartite matching problems via shortest
path techniques", Annals of Operations Research 13 (1988): one tree at a time, started from the
fractional optimum.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import cycle
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.blossoms import Blossoms, Link
from mentormatch.assign.limits import Limits
from mentormatch.assign.odd_sets import OddSets
from mentormatch.progress import Progress

__all__ = ["EVEN", "ODD", "OUTSIDE", "Closed", "Pool", "Tree", "closed"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

EVEN, ODD, OUTSIDE = 1, -1, 0
#: After so many events of one tree the clock is looked at.
EVENTS_AT_ONCE = 4096


@dataclass(frozen=True, eq=False, slots=True)
class Closed:
    """A matching and its prices.

    Parameters
    ----------
    mate : int64 array, shape (n_members,)
        The partner of each member; -1 for none.
    prices : float64 array, shape (n_members,)
        0 or more.
    odd_sets
        Sets that have a price, too.
    trees
        How many trees were grown.
    """

    mate: Integers
    prices: Floats
    odd_sets: OddSets
    trees: int


def closed(
    starts: Integers,
    others: Integers,
    weights: Floats,
    mate: Integers,
    prices: Floats,
    limits: Limits,
    progress: Progress,
) -> Closed:
    """Make a matching heaviest, given prices that cover all pairs and are tight on its own.

    Parameters
    ----------
    starts : int64 array, shape (n_members + 1,)
        Where each member's pairs begin among the next two.
    others : int64 array, shape (2 * n_pairs,)
        The other end of each pair; each pair is there from both ends.
    weights : float64 array, shape (2 * n_pairs,)
        What it is worth, on a binary grid with a spare bit.
    mate : int64 array, shape (n_members,)
        The partner of each member; -1 for none.
    prices : float64 array, shape (n_members,)
        Multiples of half a step of the grid.
    limits
        When to stop before; the prices cover all pairs whenever that is.
    progress
        Told how many single members with a price are done.

    Examples
    --------
    Of three that are worth 2 to each other, one stays single; the set of the three has a price:

    >>> from mentormatch.assign.limits import NO_LIMITS
    >>> from mentormatch.progress import quiet
    >>> starts, others = np.array([0, 2, 4, 6]), np.array([1, 2, 0, 2, 0, 1])
    >>> triangle = starts, others, np.full(6, 2.0)
    >>> found = closed(*triangle, np.array([-1, 2, 1]), np.ones(3), NO_LIMITS, quiet)
    >>> found.prices, found.odd_sets.prices
    (array([0., 0., 0.]), array([2.]))
    """
    pool = Pool(starts, others, weights, mate, prices)
    sources = np.flatnonzero((mate < 0) & (prices > 0.0)).tolist()
    # What all prices cost, and how much of it is for single members: what a better answer may gain.
    bound, open_yet = float(prices.sum()), float(prices[sources].sum())
    trees = 0
    for place, source in enumerate(sources):
        if limits.are_over or (limits.gap and open_yet <= limits.gap * bound):
            break
        open_yet -= float(prices[source])
        if pool.mate[source] < 0:
            progress("closing odd cycles", place, len(sources))
            tree = Tree(pool, source)
            tree.grow(limits)
            bound -= tree.fallen  # a tree has one even member more than odd ones
            trees += 1
    after = np.array(pool.mate, dtype=np.int64), np.array(pool.price)
    return Closed(*after, pool.blossoms.priced(), trees)


class Pool:
    """The pairs, and where they stand between two trees.

    Parameters
    ----------
    starts, others, weights, mate, prices
        As for `closed`.
    """

    def __init__(
        self, starts: Integers, others: Integers, weights: Floats, mate: Integers, prices: Floats
    ) -> None:
        self.starts: list[int] = starts.tolist()
        self.others, self.weights = others, weights
        self.mate: list[int] = mate.tolist()
        self.price: list[float] = prices.tolist()
        self.blossoms = Blossoms(self.mate)
        #: The outermost node of each member, or a name that has been passed on to it since.
        self.outermost = list(range(len(mate)))
        self.named: dict[int, int] = {}
        #: Of the tree that grows: each member's parity and, in the tree, what its price would be at
        #: the root's start.
        self.parity = [OUTSIDE] * len(mate)
        self.level = [0.0] * len(mate)

    def node(self, member: int) -> int:
        """Return the outermost node of a member, but for blossoms of the tree that grows."""
        name = self.outermost[member]
        return self.named.get(name, name)

    def pairs(self, member: int) -> Iterable[tuple[int, float]]:
        """Return whom a member can have, and what each such pair is worth."""
        part = slice(self.starts[member], self.starts[member + 1])
        return zip(self.others[part].tolist(), self.weights[part].tolist(), strict=True)

    def copy(self) -> Self:
        """Return the same pool once more, to grow a tree in that leaves this one as it is."""
        pool = copy(self)
        pool.mate, pool.price = self.mate.copy(), self.price.copy()
        pool.blossoms = self.blossoms.copy(pool.mate)
        pool.outermost, pool.named = self.outermost.copy(), self.named.copy()
        pool.parity, pool.level = self.parity.copy(), self.level.copy()
        return pool


class Tree:
    """A tree from one single member that has a price.

    `fallen` is by how much even prices have fallen since its start.

    Parameters
    ----------
    pool
        Where it grows.
    root
        From whom.
    until
        How far even prices may fall at most; by default, until one of them is 0.
    leaves
        Whether an even member may be left single at no loss before; else prices may fall below 0.
        The root may not, where `until` is given.
    """

    def __init__(
        self, pool: Pool, root: int, until: float | None = None, *, leaves: bool = True
    ) -> None:
        self.pool, self.blossoms = pool, pool.blossoms
        self.fallen = 0.0
        self.parity: dict[int, int] = {}  # of nodes that are or were outermost
        self.level: dict[int, float] = {}  # of blossoms' prices
        self.entry: dict[int, Link] = {}  # from an even member into an odd node
        self.absorbed: dict[int, int] = {}  # by which blossom, since the start
        self.touched: list[int] = []
        self.nearest: dict[int, float] = {}  # when members outside are reached first
        self.events: list[tuple[float, int, int, float]] = []
        # The first even member whose price falls to 0, and when: nothing later matters.
        self.last, self.end = (pool.price[root], root) if until is None else (until, -1)
        self.leaves = leaves and until is None
        self._join_even([pool.node(root)])
        self.leaves = leaves

    def grow(self, limits: Limits) -> None:
        """Grow until the root is matched or single at no loss, or the time is up."""
        found = self.search(limits)
        if found is not None:
            member, other = found
            self._change_over(member, other)
            if other >= 0:
                self.blossoms.turn(self.node(other), other)
                self.pool.mate[other] = member
        self._settle()

    def search(self, limits: Limits) -> Link | None:
        """Grow until the root could be matched or single at no loss, or the time is up.

        Returns
        -------
        tuple of int, or None
            The tight pair of an even member and somebody single; or the even member whose price
            has fallen to 0, and -1. None when the time is up.
        """
        seen = 0
        while self.events and self.events[0][0] < self.last:
            seen += 1
            if seen % EVENTS_AT_ONCE == 0 and limits.are_over:
                return None
            self.fallen, member, other, weight = heappop(self.events)
            if member < 0:
                if self.parity.get(other) == ODD and other not in self.absorbed:
                    self._open(other)
            elif self._is_due(member, other, weight):
                if self.pool.parity[other] == OUTSIDE:
                    if not self._reached(member, other):
                        return member, other
                elif self.node(member) != self.node(other):
                    self._shrink(member, other)
        self.fallen = self.last
        return self.end, -1

    def _is_due(self, member: int, other: int, weight: float) -> bool:
        """Tell whether a pair is tight now: the event may be of a state that has passed."""
        parity = self.pool.parity[other]
        return parity != ODD and self._when(member, other, weight, parity) == self.fallen

    def _when(self, member: int, other: int, weight: float, parity: int) -> float:
        """Return how far even prices have fallen when a pair of an even member gets tight.

        In this order every sum that matters is exact.
        """
        spare = self.pool.level[member] - weight
        if parity == EVEN:
            return (spare + self.pool.level[other]) / 2
        return spare + self.pool.price[other]

    def node(self, member: int) -> int:
        """Return the outermost node that a member is in."""
        node = self.pool.node(member)
        absorbed = self.absorbed
        if node not in absorbed:
            return node
        passed = []
        while node in absorbed:
            passed.append(node)
            node = absorbed[node]
        for before in passed:
            absorbed[before] = node
        return node

    def _reached(self, member: int, other: int) -> bool:
        """Take a node outside the tree in; tell whether it has a partner who comes with it."""
        node = self.node(other)
        partner = self.pool.mate[self.blossoms.base(node)]
        if partner < 0:
            return False
        self._join_odd(node, (member, other))
        for one in self.blossoms.members(node):
            self.pool.parity[one] = ODD
            self.pool.level[one] = self.pool.price[one] - self.fallen
            self.touched.append(one)
        self._join_even([self.node(partner)])
        return True

    def _join_odd(self, node: int, entry: Link) -> None:
        self.parity[node], self.entry[node] = ODD, entry
        if node in self.blossoms.price:
            self.level[node] = self.blossoms.price[node] + 2 * self.fallen
            if self.level[node] / 2 < self.last:
                heappush(self.events, (self.level[node] / 2, -1, node, 0.0))

    def _join_even(self, nodes: Iterable[int]) -> None:
        """Make nodes even, whether they were odd or outside."""
        members = []
        for node in nodes:
            self.parity[node] = EVEN
            if node in self.blossoms.price:
                self.level[node] = self.blossoms.price[node] - 2 * self.fallen
            members += self.blossoms.members(node)
        self._make_even(members)

    def _make_even(self, members: list[int]) -> None:
        pool = self.pool
        for one in members:
            if pool.parity[one] == ODD:
                pool.level[one] += 2 * self.fallen
            else:
                pool.level[one] = pool.price[one] + self.fallen
                self.touched.append(one)
            pool.parity[one] = EVEN
            if self.leaves and pool.level[one] < self.last:
                self.last, self.end = pool.level[one], one
        for one in members:
            self._look(one)

    def _look(self, member: int) -> None:
        """Note when the pairs of an even member get tight."""
        parity, level, price = self.pool.parity, self.pool.level, self.pool.price
        own, base, last, events = self.node(member), level[member], self.last, self.events
        nearest = self.nearest
        for other, weight in self.pool.pairs(member):
            kind = parity[other]
            if kind == ODD:
                continue
            # As in `_when`, which would take as long again to call.
            if kind == EVEN:
                when = (base - weight + level[other]) / 2
                if when < last and self.node(other) != own:
                    heappush(events, (when, member, other, weight))
            else:
                when = base - weight + price[other]
                if when < nearest.get(other, last):
                    nearest[other] = when
                    heappush(events, (when, member, other, weight))

    def _shrink(self, member: int, other: int) -> None:
        """Make a blossom of the cycle that a tight pair of even members closes."""
        (left, left_links), (right, right_links) = self._trails(member, other)
        ring = [*reversed(left), *right[:-1]]
        links = [(inner, outer) for outer, inner in reversed(left_links)]
        links += [(member, other), *right_links]
        freed: list[int] = []
        for node in ring:
            if node in self.blossoms.price:
                self.blossoms.price[node] = self._price(node)
            if self.parity[node] == ODD:
                freed += self.blossoms.members(node)
        blossom = self.blossoms.form(ring, links)
        self.absorbed.update(dict.fromkeys(ring, blossom))
        self.parity[blossom], self.level[blossom] = EVEN, -2 * self.fallen
        self._make_even(freed)

    def _trails(
        self, member: int, other: int
    ) -> tuple[tuple[list[int], list[Link]], tuple[list[int], list[Link]]]:
        """Return the nodes from two even members to where their paths to the root meet, and links.

        Steps alternate between the two, so that this takes no longer than the cycle is.
        """
        trails = [self.node(member)], [self.node(other)]
        links: tuple[list[Link], list[Link]] = [], []
        met = {trails[0][0], trails[1][0]}
        for side in cycle((0, 1)):
            base = self.blossoms.base(trails[side][-1])
            partner = self.pool.mate[base]
            if partner < 0:
                continue  # at the root, where the other side will come to
            odd = self.node(partner)
            outer, inner = self.entry[odd]
            even = self.node(outer)
            trails[side].extend((odd, even))
            links[side].extend(((base, partner), (inner, outer)))
            if even in met:
                break
            met.add(even)
        meeting = trails[side][-1]
        left, right = (trail.index(meeting) for trail in trails)
        return (
            (trails[0][: left + 1], links[0][:left]),
            (trails[1][: right + 1], links[1][:right]),
        )

    def _open(self, blossom: int) -> None:
        """Open an odd blossom: the way through it stays in the tree, what is beside it leaves."""
        pool, entry = self.pool, self.entry[blossom]
        ring, links = self.blossoms.open(blossom)
        del self.parity[blossom]
        # The largest node takes over the name: however deep blossoms are nested, few are renamed.
        largest = max(ring, key=self.blossoms.count)
        pool.named[pool.outermost[entry[1]]] = largest
        for node in ring:
            if node != largest:
                for one in self.blossoms.members(node):
                    pool.outermost[one] = node
        place = ring.index(pool.node(entry[1]))
        # From where the tree enters to the base, the way that has an even number of links.
        if place % 2:
            way = [*ring[place:], ring[0]]
            entries = [entry, *links[place + 1 :: 2]]
        else:
            way = ring[place::-1]
            entries = [entry, *((links[one][1], links[one][0]) for one in range(place - 2, -1, -2))]
        for node, into in zip(way[::2], entries, strict=True):
            self._join_odd(node, into)
        beside = []
        for node in set(ring).difference(way):
            beside += self.blossoms.members(node)
        for one in beside:
            pool.price[one] = pool.level[one] + self.fallen
            pool.parity[one] = OUTSIDE
            self.nearest.pop(one, None)  # who was near to the price it came with
        self._join_even(way[1::2])
        for one in sorted(beside):
            for other, weight in pool.pairs(one):
                if pool.parity[other] == EVEN:
                    when = self._when(other, one, weight, OUTSIDE)
                    if when < self.nearest.get(one, self.last):
                        self.nearest[one] = when
                        heappush(self.events, (when, other, one, weight))

    def _change_over(self, member: int, partner: int) -> None:
        """Give an even member a new partner, or none, and change the pairs on its way to the root.

        The partner itself is not told.
        """
        mate = self.pool.mate
        while True:
            node = self.node(member)
            before = mate[self.blossoms.base(node)]
            self.blossoms.turn(node, member)
            mate[member] = partner
            if before < 0:
                return
            odd = self.node(before)
            outer, inner = self.entry[odd]
            self.blossoms.turn(odd, inner)
            mate[inner] = outer
            member, partner = outer, inner

    def _price(self, node: int) -> float:
        """Return what a blossom of the tree is worth now."""
        return self.level[node] + 2 * self.fallen * self.parity[node]

    def _settle(self) -> None:
        """Write prices down, and open the outermost blossoms that have none.

        Left as they are, these would be nested ever deeper where many pairs are tight.
        """
        pool, blossoms = self.pool, self.blossoms
        for one in self.touched:
            if pool.parity[one] != OUTSIDE:
                pool.price[one] = pool.level[one] - self.fallen * pool.parity[one]
                pool.parity[one] = OUTSIDE
        waiting = [node for node in self.parity if node not in self.absorbed]
        for node in waiting:
            if node in blossoms.price:
                blossoms.price[node] = self._price(node)
        while waiting:
            node = waiting.pop()
            if node in blossoms.price and blossoms.price[node] == 0.0:
                waiting += blossoms.open(node)[0]
            else:
                for one in blossoms.members(node):
                    pool.outermost[one] = node
