"""What the solver of one pool is given, and what it returns."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.capacities import keep_read_only
from mentormatch.assign.floor_proof import PoolFloor
from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.problem import TOLERANCE, Objective, Proven
from mentormatch.assign.reading import check_scores

__all__ = ["SPARE_BITS", "PoolProblem", "PoolSolution"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

#: Scores leave so many bits of the grid to prices, which in a pool are halves of steps.
SPARE_BITS = 1


@dataclass(frozen=True, eq=False)
class PoolProblem:
    """One pool of members and the allowed pairs among them, each with a score.

    The arrays are kept as read-only views and not copied.

    Parameters
    ----------
    size
        Number of members; may be 0.
    a, b : int64 array, shape (n_pairs,)
        The two ends of each allowed pair, ``a < b``, sorted by `a` and then `b`, each pair once.
    scores : float64 array, shape (n_pairs,)
        What each pair is worth: finite, 0 or more, below 2**1000.

    Raises
    ------
    ValueError
        If a score is out of range, or the pairs are not as described.

    Examples
    --------
    >>> PoolProblem(3, np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([1.0, 0.5, 0.25]))
    PoolProblem(3 members, 3 allowed pairs)
    """

    size: int
    a: Integers
    b: Integers
    scores: Floats

    def __post_init__(self) -> None:
        check_scores((self.size, self.size), self.a, self.b, self.scores)
        turned = self.a >= self.b
        if turned.any():
            first = int(turned.argmax())
            raise ValueError(
                f"pair ({self.a[first]}, {self.b[first]}): the first of a pair must be the smaller "
                f"number of two; {int(turned.sum())} of {len(turned)} pairs are not so"
            )
        keep_read_only(self, "a", "b", "scores")

    def at_least(self, score: float) -> Self:
        """Return the problem without the pairs that are worth less than a score.

        Parameters
        ----------
        score
            Such as the floor of an answer, as for `mentormatch.assign.Problem.at_least`.

        Examples
        --------
        >>> problem = PoolProblem(3, np.array([0, 0]), np.array([1, 2]), np.array([1.0, 0.5]))
        >>> problem.at_least(0.75)
        PoolProblem(3 members, 1 allowed pairs)
        """
        kept = np.flatnonzero(self.scores >= score)
        return replace(self, a=self.a[kept], b=self.b[kept], scores=self.scores[kept])

    def positions(self, mate: Integers) -> Integers:
        """Return the positions of the pairs that a matching has.

        Parameters
        ----------
        mate : int64 array, shape (n_members,)
            The partner of each member, or -1 for none.

        Returns
        -------
        int64 array
            Ascending; partners whose pair is not allowed are not among them.

        Examples
        --------
        >>> problem = PoolProblem(3, np.array([0, 0]), np.array([1, 2]), np.array([1.0, 0.5]))
        >>> problem.positions(np.array([2, -1, 0]))
        array([1])
        """
        return np.flatnonzero(mate[self.a] == self.b)

    def __repr__(self) -> str:
        return f"PoolProblem({self.size} members, {len(self.a)} allowed pairs)"


@dataclass(frozen=True, eq=False)
class PoolSolution(Proven):
    """A matching of one pool with the prices that prove how good it is.

    The prices are for `scores + lam`: those of the two ends and of all odd sets that hold both add
    up to `score + lam` or more for every allowed pair, and none is negative. So no matching of as
    many pairs is worth more than `bound`; with `lam` 0, no matching at all.

    Parameters
    ----------
    objective
        What the matching is best at.
    a, b : int64 array, shape (n_chosen,)
        The chosen pairs, ``a < b``, by `a`.
    scores : float64 array, shape (n_chosen,)
        What each chosen pair is worth.
    prices : float64 array, shape (n_members,)
        What each member is worth.
    odd_sets
        Sets of an odd number of members, and what each is worth.
    lam
        What serving one more pair counts beside the scores; 0 under `Objective.SCORE`.
    count_prices : float64 array, shape (n_members,), or None under `Objective.SCORE`
        Prices as above for the same pairs with every score 1, in halves: no matching has more pairs
        than they cost (Tutte and Berge's theorem).
    count_sets
        The odd sets that go with them.
    step
        The step of the binary grid that the scores were rounded up to before solving; 0 when they
        lay on it already, as multiples of 2**-40 up to 1 do, and every number here is exact.
    floor
        Under `Objective.FLOOR_THEN_SCORE`, what the worst pair is worth and the proof that it can
        be no more. The prices then cover only the pairs that are worth as much, the count prices
        all.

    Examples
    --------
    >>> from mentormatch.assign.pool import heaviest_pool
    >>> triangle = PoolProblem(3, np.array([0, 0, 1]), np.array([1, 2, 2]), np.ones(3))
    >>> solution = heaviest_pool(triangle, Objective.SCORE)
    >>> solution.value, solution.bound, solution.gap, solution.status.value
    (1.0, 1.0, 0.0, 'optimal')
    >>> solution.odd_sets
    OddSets(1 set of 3 members)
    """

    objective: Objective
    a: Integers
    b: Integers
    scores: Floats
    prices: Floats
    odd_sets: OddSets
    lam: float = 0.0
    count_prices: Floats | None = None
    count_sets: OddSets | None = None
    step: float = 0.0
    floor: PoolFloor | None = None

    def __post_init__(self) -> None:
        keep_read_only(self, "a", "b", "scores", "prices")
        if self.count_prices is not None:
            keep_read_only(self, "count_prices")

    @cached_property
    def mate(self) -> Integers:
        """The partner of each member, -1 for none; shape (n_members,)."""
        mate = np.full(len(self.prices), -1)
        mate[self.a], mate[self.b] = self.b, self.a
        return mate

    @property
    def people(self) -> int:
        """How many members have a partner."""
        return 2 * len(self.a)

    @property
    def most_people(self) -> int:
        """No matching serves more members, where they count; else how many it serves."""
        return 2 * self.most_pairs

    @property
    def most_pairs(self) -> int:
        """No matching has more pairs, where they count; else how many it has."""
        if self.count_prices is None or self.count_sets is None:
            return len(self.a)
        return math.floor(math.fsum([*self.count_prices.tolist(), *self.count_sets.terms]))

    @cached_property
    def is_optimal(self) -> bool:
        """Whether the prices prove that no matching is better.

        The gap has to be 0 or, where the scores had to be rounded, one `step` for each chosen pair
        and `TOLERANCE` of the bound at most; where people count, the count prices must allow no
        more pairs as well, and those above a floor fewer.
        """
        if self.most_pairs != len(self.a) or not self._is_floor_proven:
            return False
        return self.gap <= min(self.step * len(self.a), TOLERANCE * abs(self.bound))

    @property
    def _is_floor_proven(self) -> bool:
        """Whether there are fewer pairs above the floor; no floor needs no proof."""
        if self.floor is None:
            return self.objective is not Objective.FLOOR_THEN_SCORE
        fewer = self.floor.pairs_above < len(self.a)
        # Where no pair can be had there is no worst one.
        return self.floor.is_proven(self.scores) and (fewer or not len(self.a))

    def _terms(self) -> Sequence[float]:
        return [*self.prices.tolist(), *self.odd_sets.terms, -self.lam * len(self.a)]

    def __repr__(self) -> str:
        count = len(self.a)
        pairs = f"{count} pair{'s' * (count != 1)}"
        return f"PoolSolution({self.objective}: {pairs} worth {self.value:g}, {self.status})"
