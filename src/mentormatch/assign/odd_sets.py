"""Odd sets, one inside another or apart, each with a price: a pool's proof needs them, too.

Of 2k + 1 members at most k pairs can be made. So a price on an odd set may cover all pairs within
it and costs only k times as much (Edmonds 1965): what prices of single members alone cannot say.

Sets that never cross are a forest: each member has an innermost set, each set the one around it.
That is of the size of the pool however deep they are nested, where lists of members would not be.

References
----------
J. Edmonds, "Maximum matching and a polyhedron with 0,1-vertices", Journal of Research of the
National Bureau of Standards 69B (1965).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["OddSets"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

#: Halves of float64's bits: a product of such a half and a size is exact.
HALF_BITS = 26


@dataclass(frozen=True, eq=False)
class OddSets:
    """Sets of a pool's members, no two of which cross, and a price for each.

    Parameters
    ----------
    innermost : int64 array, shape (n_members,)
        The smallest set that each member is in; -1 for none.
    around : int64 array, shape (n_sets,)
        The smallest set around each set, which comes before it; -1 for none.
    prices : float64 array, shape (n_sets,)
        What each set is worth.

    Raises
    ------
    ValueError
        If a set is not among the sets, or comes before the one around it.

    Examples
    --------
    Members 1 to 3 in a set within that of 0 to 4; member 5 in none:

    >>> sets = OddSets(np.array([0, 1, 1, 1, 0, -1]), np.array([-1, 0]), np.array([0.5, 0.25]))
    >>> sets
    OddSets(2 sets of 5 members)
    >>> sets.sizes, sets.total
    (array([5, 3]), 1.25)
    """

    innermost: Integers
    around: Integers
    prices: Floats

    def __post_init__(self) -> None:
        count = len(self.around)
        if self.prices.shape != (count,):
            raise ValueError(f"{count} sets take as many prices; there are {len(self.prices)}")
        if ((self.innermost < -1) | (self.innermost >= count)).any():
            raise ValueError(f"innermost names a set that is none; there are {count}, from 0 on")
        if ((self.around < -1) | (self.around >= np.arange(count))).any():
            raise ValueError("a set comes before the one around it; list the outer sets first")
        for name in ("innermost", "around", "prices"):
            view = getattr(self, name).view()
            view.setflags(write=False)
            object.__setattr__(self, name, view)

    @classmethod
    def none(cls, size: int) -> Self:
        """Return no sets, of so many members.

        Examples
        --------
        >>> OddSets.none(7)
        OddSets(0 sets of 0 members)
        """
        return cls(np.full(size, -1), np.empty(0, dtype=np.int64), np.empty(0))

    def __len__(self) -> int:
        return len(self.around)

    @cached_property
    def sizes(self) -> Integers:
        """How many members each set has, those of the sets within it included."""
        counts = np.bincount(self.innermost[self.innermost >= 0], minlength=len(self)).tolist()
        for inner in range(len(self) - 1, -1, -1):
            outer = int(self.around[inner])
            if outer >= 0:
                counts[outer] += counts[inner]
        return np.array(counts, dtype=np.int64)

    @property
    def are_odd(self) -> bool:
        """Whether each set has an odd number of members, three or more."""
        return bool(((self.sizes % 2 == 1) & (self.sizes >= 3)).all())

    @property
    def terms(self) -> Sequence[float]:
        """Numbers that add up to what the sets cost: each price times the pairs that fit in."""
        pairs = self.sizes // 2
        mantissa, exponent = np.frexp(self.prices)
        high = np.ldexp(np.rint(np.ldexp(mantissa, HALF_BITS)), -HALF_BITS)
        # Each half times a size is exact, where the whole price times it may not be.
        parts = [np.ldexp(half * pairs, exponent) for half in (high, mantissa - high)]
        return [term for part in parts for term in part.tolist()]

    @property
    def total(self) -> float:
        """What the sets cost, rounded once."""
        return math.fsum(self.terms)

    def members(self, number: int) -> Integers:
        """Return the members of one set, ascending.

        Examples
        --------
        >>> sets = OddSets(np.array([0, 1, 1, 1, 0, -1]), np.array([-1, 0]), np.ones(2))
        >>> sets.members(0), sets.members(1)
        (array([0, 1, 2, 3, 4]), array([1, 2, 3]))
        """
        within = np.zeros(len(self) + 1, dtype=np.bool_)  # the last one: in none
        within[number] = True
        for inner in range(number + 1, len(self)):
            within[inner] = within[self.around[inner]]
        return np.flatnonzero(within[self.innermost])

    def common(self, a: Integers, b: Integers) -> Integers:
        """Return the smallest set that holds both ends of each pair; -1 where none does.

        Parameters
        ----------
        a, b : int64 array
            The two ends.

        Examples
        --------
        >>> sets = OddSets(np.array([0, 1, 1, 1, 0, -1]), np.array([-1, 0]), np.ones(2))
        >>> sets.common(np.array([1, 1, 1]), np.array([2, 4, 5]))
        array([ 1,  0, -1])
        """
        found = np.full(len(a), -1)
        # Most members are in no set at all, and of the others most are in sets far apart.
        left, right = self.innermost[a], self.innermost[b]
        asked = np.flatnonzero((left >= 0) & (right >= 0))
        left, right = left[asked], right[asked]
        while len(asked):
            left_first, right_first = self._firsts[left], self._firsts[right]
            met = left_first == right_first
            # Of two in one chain, the one that is listed first is around the other.
            found[asked[met]] = np.minimum(left, right)[met]
            # A chain that begins later than another holds no set around that one's.
            left = np.where(left_first > right_first, self.around[left_first], left)
            right = np.where(right_first > left_first, self.around[right_first], right)
            going_on = ~met & (left >= 0) & (right >= 0)
            asked, left, right = asked[going_on], left[going_on], right[going_on]
        return found

    def worth(self, a: Integers, b: Integers) -> Floats:
        """Return what all sets that hold both ends of each pair are worth together.

        Parameters
        ----------
        a, b : int64 array
            The two ends.

        Examples
        --------
        >>> sets = OddSets(np.array([0, 1, 1, 1, 0, -1]), np.array([-1, 0]), np.array([0.5, 0.25]))
        >>> sets.worth(np.array([1, 1, 1]), np.array([2, 4, 5]))
        array([0.75, 0.5 , 0.  ])
        """
        return self._through[self.common(a, b)]

    @cached_property
    def _through(self) -> Floats:
        """What each set and those around it are worth, and (last) none."""
        through = [0.0] * (len(self) + 1)
        for inner, (outer, price) in enumerate(
            zip(self.around.tolist(), self.prices.tolist(), strict=True)
        ):
            through[inner] = through[outer] + price
        return np.array(through)

    @cached_property
    def _firsts(self) -> Integers:
        """The outermost set of each one's chain: a chain goes on from a set to its largest within.

        From any set to the outermost around it there are as many chains at most as it takes to
        double its size to that of the pool, however deep sets are nested.
        """
        largest = [-1] * len(self)
        around, sizes = self.around.tolist(), self.sizes.tolist()
        for inner, outer in enumerate(around):
            if outer >= 0 and (largest[outer] < 0 or sizes[inner] > sizes[largest[outer]]):
                largest[outer] = inner
        firsts = list(range(len(self)))
        for inner, outer in enumerate(around):
            if outer >= 0 and largest[outer] == inner:
                firsts[inner] = firsts[outer]
        return np.array(firsts, dtype=np.int64)

    def __repr__(self) -> str:
        members = int((self.innermost >= 0).sum())
        count = len(self)
        return f"OddSets({count} set{'s' * (count != 1)} of {members} members)"
