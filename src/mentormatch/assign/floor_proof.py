"""Floors: what the worst pair of an answer is worth, and the proof that it can be no more.

Any answer whose worst pair is worth more uses pairs above the floor only. So prices that cover
these, with every score 1, say how many people it can serve at most; if that is fewer, no answer
for as many people has a higher floor.

References
----------
R. Burkard, M. Dell'Amico, S. Martello, "Assignment Problems" (2012), chapter 6: the bottleneck
assignment problem.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.capacities import Capacities, LoadPrices, bound_terms, keep_read_only
from mentormatch.assign.odd_sets import OddSets

__all__ = ["Floor", "PoolFloor", "Worst"]

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Worst:
    """What the worst pair is worth, how much more it might be, and what that costs.

    Parameters
    ----------
    score
        What the worst of the chosen pairs is worth; infinity where none is chosen.
    at_most
        No answer that serves as many has a worst pair above this, as the count prices prove. Equal
        to `score` unless the time was up before.
    score_given_up
        By how much `Objective.PEOPLE_THEN_SCORE`, whose worst pair may be worse, reached a higher
        total, as one sum that is rounded once. Where the time was up, by how much it had by then.

    Examples
    --------
    >>> Worst(0.25, 0.5, 0.0).is_proven(np.array([0.5, 0.25]))
    False
    """

    score: float
    at_most: float
    score_given_up: float

    def is_proven(self, scores: Floats) -> bool:
        """Tell whether some chosen pairs have this floor, and no higher one can be had.

        Parameters
        ----------
        scores : float64 array, shape (n_chosen,)
            What they are worth.
        """
        return self.score == self.at_most == float(scores.min(initial=np.inf))


@dataclass(frozen=True, eq=False, slots=True)
class Floor(Worst):
    """The floor of an answer for two sides.

    Parameters
    ----------
    row_count_prices, col_count_prices : float64 array, shape (n_rows,) and (n_cols,)
        As those of `Solution`, but they cover only the pairs that are worth more than `at_most`.
    count_load_prices
        With capacities, what goes with them.

    Examples
    --------
    >>> from mentormatch.assign import solve_assignment
    >>> fair = solve_assignment([[1.0, 0.5], [0.75, 0.0]], objective="floor_then_score")
    >>> fair.floor.score, fair.floor.score_given_up
    (0.5, 0.0)
    >>> fair.floor.people_above(None), fair.people
    (2, 4)
    """

    row_count_prices: Floats
    col_count_prices: Floats
    count_load_prices: LoadPrices | None = None

    def __post_init__(self) -> None:
        keep_read_only(self, "row_count_prices", "col_count_prices")

    def people_above(self, capacities: Capacities | None) -> int:
        """Return the most people that pairs worth more than `at_most` serve, as far as is proven.

        Parameters
        ----------
        capacities
            Those of the problem. Where such pairs cannot meet the minima it is below 0.
        """
        counts = self.row_count_prices, self.col_count_prices
        if capacities is None:
            return 2 * math.floor(math.fsum(np.concatenate(counts).tolist()))
        terms = bound_terms(*counts, capacities, self.count_load_prices, lam=1.0)
        return math.floor(2 * math.fsum(terms))


@dataclass(frozen=True, eq=False, slots=True)
class PoolFloor(Worst):
    """The floor of an answer for one pool.

    Parameters
    ----------
    count_prices : float64 array, shape (n_members,)
        As those of `PoolSolution`, but they cover only the pairs that are worth more than
        `at_most`.
    count_sets
        The odd sets that go with them.

    Examples
    --------
    >>> PoolFloor(0.5, 0.5, 0.0, np.array([1.0, 0.5]), OddSets.none(2)).pairs_above
    1
    """

    count_prices: Floats
    count_sets: OddSets

    def __post_init__(self) -> None:
        keep_read_only(self, "count_prices")

    @property
    def pairs_above(self) -> int:
        """No more pairs can be had of those that are worth more than `at_most`."""
        return math.floor(math.fsum([*self.count_prices.tolist(), *self.count_sets.terms]))
