"""The proof that no matching of a pool has more pairs: prices for pairs that are all worth 1.

From a matching of the most pairs the members fall into three parts (Gallai and Edmonds): those that
some such matching leaves single, their other neighbours, and the rest. The neighbours have a price
of 1 and the rest, who are all paired among themselves, one of 1/2; the first part falls into odd
sets that are joined to the neighbours only, and those of three and more have a price of 1. Together
that costs as much as there are pairs (Tutte and Berge).

References
----------
W. T. Tutte, "The factorization of linear graphs", Journal of the London Mathematical Society 22
(1947). C. Berge, "Sur le couplage maximum d'un graphe", Comptes rendus 247 (1958). J. Edmonds,
"Paths, trees, and flowers", Canadian Journal of Mathematics 17 (1965). L. Lovasz, M. D. Plummer,
"Matching Theory" (1986), chapter 3.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.odd_sets import OddSets

__all__ = ["count_proof"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

EVEN, ODD, OUTSIDE = 1, -1, 0


def count_proof(
    starts: Integers, others: Integers, mate: Integers
) -> tuple[Floats, OddSets] | None:
    """Return prices and odd sets that allow no more pairs than a matching has.

    Parameters
    ----------
    starts : int64 array, shape (n_members + 1,)
        Where each member's pairs begin among the others.
    others : int64 array, shape (2 * n_pairs,)
        The other end of each pair; each pair is there from both ends.
    mate : int64 array, shape (n_members,)
        The partner of each member; -1 for none.

    Returns
    -------
    prices : float64 array, shape (n_members,)
        0, 1/2 or 1.
    odd_sets
        Sets that have a price of 1.
    None
        Where there are matchings of more pairs.

    Examples
    --------
    A star of three rays, the first of them paired: its middle is whom all want.

    >>> starts, others = np.array([0, 3, 4, 5, 6]), np.array([1, 2, 3, 0, 0, 0])
    >>> prices, sets = count_proof(starts, others, np.array([1, 0, -1, -1]))
    >>> prices, sets
    (array([1., 0., 0., 0.]), OddSets(0 sets of 0 members))
    >>> count_proof(starts, others, np.full(4, -1)) is None
    True
    """
    forest = _Forest(starts, others, mate)
    if not forest.grow():
        return None
    parity = np.array(forest.parity, dtype=np.int64)
    prices = np.where(parity == ODD, 1.0, np.where(parity == EVEN, 0.0, 0.5))
    base = np.array([forest.find(member) for member in range(len(mate))], dtype=np.int64)
    members = np.bincount(base[parity == EVEN], minlength=len(mate))
    number = np.full(len(mate), -1)
    large = np.flatnonzero(members > 1)
    number[large] = np.arange(len(large))
    innermost = np.where(parity == EVEN, number[base], -1)
    return prices, OddSets(innermost, np.full(len(large), -1), np.ones(len(large)))


class _Forest:
    """Alternating trees from all single members at once, their odd cycles shrunk."""

    def __init__(self, starts: Integers, others: Integers, mate: Integers) -> None:
        self.starts: list[int] = starts.tolist()
        self.others = others
        self.mate: list[int] = mate.tolist()
        single = mate < 0
        self.parity: list[int] = np.where(single, EVEN, OUTSIDE).tolist()
        self.waiting: list[int] = np.flatnonzero(single).tolist()
        self.above = [-1] * len(mate)  # from whom an odd member was reached
        self._holder = list(range(len(mate)))  # towards the base of the blossom around each

    def find(self, member: int) -> int:
        """Return the base of the blossom that a member is in, or the member."""
        holder = self._holder
        while holder[member] != member:
            holder[member] = holder[holder[member]]
            member = holder[member]
        return member

    def grow(self) -> bool:
        """Grow all trees as far as they go; tell whether no two of them met."""
        parity = self.parity
        while self.waiting:
            member = self.waiting.pop()
            part = slice(self.starts[member], self.starts[member + 1])
            for other in self.others[part].tolist():
                if parity[other] == OUTSIDE:
                    partner = self.mate[other]
                    parity[other], parity[partner] = ODD, EVEN
                    self.above[other] = member
                    self.waiting.append(partner)
                elif parity[other] == EVEN:
                    left, right = self.find(member), self.find(other)
                    if left != right and not self._shrink(left, right):
                        return False
        return True

    def _shrink(self, left: int, right: int) -> bool:
        """Shrink the cycle that a pair of two bases closes, unless they are of two trees."""
        meeting = self._meeting(left, right)
        if meeting < 0:
            return False
        for base in (left, right):
            while base != meeting:
                odd = self.mate[base]
                after = self.find(self.above[odd])
                self._holder[base] = self._holder[odd] = meeting
                self.parity[odd] = EVEN
                self.waiting.append(odd)
                base = after
        return True

    def _meeting(self, left: int, right: int) -> int:
        """Return where the ways of two bases to their roots meet, -1 for nowhere.

        Steps alternate between the two, so that this takes no longer than the cycle is.
        """
        met = {left, right}
        heads = [left, right]
        side = 0
        while True:
            odd = self.mate[heads[side]]
            if odd >= 0:
                base = self.find(self.above[odd])
                if base in met:
                    return base
                met.add(base)
                heads[side] = base
            elif self.mate[heads[1 - side]] < 0:
                return -1
            side = 1 - side
