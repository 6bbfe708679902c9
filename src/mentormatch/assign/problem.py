"""What a solver is given, and what it returns."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse

from mentormatch.assign.capacities import (
    Capacities,
    LoadPrices,
    bound_terms,
    keep_read_only,
)
from mentormatch.assign.floor_proof import Floor
from mentormatch.assign.reading import check_scores, dense_pairs, sparse_pairs

__all__ = ["Heaviest", "Objective", "Prices", "Problem", "Proven", "Solution", "Status"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


#: What foreign floats may leave open of a proof, relative to its bound.
TOLERANCE = 1e-12


class Objective(StrEnum):
    """What the best matching is best at.

    Examples
    --------
    >>> Objective("people_then_score") is Objective.PEOPLE_THEN_SCORE
    True
    """

    SCORE = "score"
    """The highest total score, however many pairs that takes."""
    PEOPLE_THEN_SCORE = "people_then_score"
    """As many people with a partner as possible and, among the matchings with that many, the
    highest total. Where nobody may have two partners, that is as many pairs as possible."""
    FLOOR_THEN_SCORE = "floor_then_score"
    """As many people with a partner as possible; among the matchings with that many, the highest
    score of the worst pair; among these, the highest total."""


class Status(StrEnum):
    """How much is known about an answer.

    Examples
    --------
    >>> str(Status.OPTIMAL)
    'optimal'
    """

    OPTIMAL = "optimal"
    """The prices prove that nothing better exists."""
    FEASIBLE = "feasible"
    """The matching is allowed; the prices prove how far from the best it can be at most."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Two sides and the allowed pairs between them, each with a score.

    The arrays are kept as read-only views and not copied.

    Parameters
    ----------
    shape
        Number of rows and of columns; either may be 0.
    rows, cols : int64 array, shape (n_pairs,)
        The allowed pairs, sorted by row and then column, each once.
    scores : float64 array, shape (n_pairs,)
        What each pair is worth: finite, 0 or more, below 2**1000.
    capacities
        How many pairs each row and column may, and must, be in; `None` where that is one at most.

    Raises
    ------
    ValueError
        If a score is out of range, or the pairs or the capacities are not as described.

    Examples
    --------
    >>> Problem((2, 2), np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([10.0, 1.0, 1.0]))
    Problem(2 rows, 2 columns, 3 allowed pairs)
    """

    shape: tuple[int, int]
    rows: Integers
    cols: Integers
    scores: Floats
    capacities: Capacities | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        keep_read_only(self, "rows", "cols", "scores")
        check_scores(self.shape, self.rows, self.cols, self.scores)
        if self.capacities is not None and self.capacities.shape != self.shape:
            raise ValueError(
                f"capacities have the shape {self.capacities.shape}, the scores {self.shape}"
            )

    @classmethod
    def from_scores(
        cls,
        scores: ArrayLike | Any,
        allowed: ArrayLike | None = None,
        capacities: Capacities | None = None,
    ) -> Self:
        """Read a table of scores; the table itself is neither kept nor changed.

        Parameters
        ----------
        scores
            A SciPy sparse array or matrix, where what is not stored is not allowed and a stored
            zero is; or a dense table of real numbers, shape (n_rows, n_cols).
        allowed : boolean array, shape (n_rows, n_cols), optional
            With a dense table, which pairs are allowed; all of them by default. Scores of pairs
            that are not allowed are not looked at.
        capacities
            As above.

        Raises
        ------
        ValueError
            If a score is NaN, infinite, negative or too large, a sparse entry is given twice, or
            a shape or type is wrong; the text names the entry.

        Examples
        --------
        >>> table = [[10.0, 1.0], [1.0, np.nan]]
        >>> Problem.from_scores(table, allowed=[[True, True], [True, False]])
        Problem(2 rows, 2 columns, 3 allowed pairs)
        """
        if issparse(scores):
            if allowed is not None:
                raise ValueError(
                    "allowed= goes with a dense table only; of a sparse one, store just the "
                    "entries that are allowed"
                )
            return cls(*sparse_pairs(scores), capacities=capacities)
        return cls(*dense_pairs(scores, allowed), capacities=capacities)

    @cached_property
    def starts(self) -> Integers:
        """Where each row's pairs begin, and at last where they end; shape (n_rows + 1,)."""
        return np.searchsorted(self.rows, np.arange(self.shape[0] + 1)).astype(np.int64)

    def find(self, rows: Integers, cols: Integers) -> Integers:
        """Return the positions of pairs.

        Parameters
        ----------
        rows, cols : int64 array, shape (n,)
            Rows and columns that there are.

        Returns
        -------
        int64 array, shape (n,)
            -1 for pairs that are not allowed.

        Examples
        --------
        >>> problem = Problem.from_scores([[3.0, 4.0]], [[False, True]])
        >>> problem.find(np.array([0, 0]), np.array([0, 1]))
        array([-1,  0])
        """
        width = self.shape[1]
        keys, sought = self.rows * width + self.cols, rows * width + cols
        if not len(keys):
            return np.full(len(sought), -1, dtype=np.int64)
        found = np.minimum(np.searchsorted(keys, sought), len(keys) - 1)
        return np.where(keys[found] == sought, found, -1)

    def at_least(self, score: float) -> Self:
        """Return the problem without the pairs that are worth less than a score.

        Parameters
        ----------
        score
            Such as the floor of an answer: the answer is then the best one for people and then
            score of what is left, by the prices it has.

        Examples
        --------
        >>> Problem.from_scores([[3.0, 4.0], [5.0, 6.0]]).at_least(4.0)
        Problem(2 rows, 2 columns, 3 allowed pairs)
        """
        kept = np.flatnonzero(self.scores >= score)
        return replace(self, rows=self.rows[kept], cols=self.cols[kept], scores=self.scores[kept])

    def positions(self, partner: Integers) -> Integers:
        """Return the positions of the pairs that join each row to its partner.

        Parameters
        ----------
        partner : int64 array, shape (n_rows,)
            A column for each row, or -1 for none.

        Returns
        -------
        int64 array
            Ascending; rows whose partner they are not allowed are not among them.

        Examples
        --------
        >>> Problem.from_scores([[3.0, 4.0], [5.0, 6.0]]).positions(np.array([1, -1]))
        array([1])
        """
        return np.flatnonzero(partner[self.rows] == self.cols)

    def __repr__(self) -> str:
        n_rows, n_cols = self.shape
        return f"Problem({n_rows} rows, {n_cols} columns, {len(self.rows)} allowed pairs)"


@dataclass(frozen=True, eq=False, slots=True)
class Prices:
    """What each row and each column is worth: the dual values of a matching.

    Parameters
    ----------
    row : float64 array, shape (n_rows,)
        0 or more.
    col : float64 array, shape (n_cols,)
        0 or more.

    Examples
    --------
    >>> Prices(row=np.array([1.0, 2.0]), col=np.array([0.5])).total
    3.5
    """

    row: Floats
    col: Floats

    def __post_init__(self) -> None:
        keep_read_only(self, "row", "col")

    @property
    def total(self) -> float:
        """The sum of all prices, rounded once: no matching is worth more."""
        return math.fsum(self.row.tolist() + self.col.tolist())


@dataclass(frozen=True, eq=False, slots=True)
class Heaviest:
    """A matching of the largest total weight, and the prices that prove it.

    Parameters
    ----------
    chosen : int64 array
        Positions of its pairs among the problem's, ascending.
    prices
        They add up to its weight.
    load_prices
        What else there is to pay where there are capacities.
    """

    chosen: Integers
    prices: Prices
    load_prices: LoadPrices | None = None

    def __post_init__(self) -> None:
        keep_read_only(self, "chosen")

    def bound(self, capacities: Capacities | None, lam: float) -> float:
        """Return the sum of all prices, rounded once: no matching is worth more.

        Parameters
        ----------
        capacities
            Those of the problem.
        lam
            What is added to each score; half of it is what a place after a first one costs.

        Examples
        --------
        >>> prices = Prices(row=np.array([3.0]), col=np.array([1.0, 0.5]))
        >>> capacities = Capacities.of((1, 2), row_capacity=2)
        >>> Heaviest(np.array([0, 1]), prices).bound(capacities, lam=2.0)
        6.5
        """
        if capacities is None:
            return self.prices.total
        row, col = self.prices.row, self.prices.col
        return math.fsum(bound_terms(row, col, capacities, self.load_prices, lam))


class Proven(ABC):
    """Chosen pairs with prices that prove how good they are, whatever the prices are of."""

    scores: Floats

    @cached_property
    def value(self) -> float:
        """The sum of the chosen scores, rounded once."""
        return math.fsum(self.scores.tolist())

    @cached_property
    def bound(self) -> float:
        """No matching of as many pairs (under `Objective.SCORE`: none at all) is worth more."""
        return math.fsum(self._terms())

    @cached_property
    def gap(self) -> float:
        """Bound less value, as one sum that is rounded once: what a better answer might gain."""
        return math.fsum([*self._terms(), *(-self.scores).tolist()])

    @property
    @abstractmethod
    def people(self) -> int:
        """How many have a partner."""

    @property
    @abstractmethod
    def most_people(self) -> int:
        """No matching serves more people, where they count; else how many it serves."""

    @property
    def status(self) -> Status:
        """`Status.OPTIMAL` where that is proven, otherwise `Status.FEASIBLE`."""
        return Status.OPTIMAL if self.is_optimal else Status.FEASIBLE

    @property
    @abstractmethod
    def is_optimal(self) -> bool:
        """Whether the prices prove that no matching is better."""

    @abstractmethod
    def _terms(self) -> Sequence[float]:
        """Return what adds up to the bound."""


@dataclass(frozen=True, eq=False)
class Solution(Proven):
    """A matching with the prices that prove how good it is.

    The prices are for `scores + lam`: `row_prices[i] + col_prices[j] >= score + lam` for every
    allowed pair, and none is negative, so that no matching of as many pairs is worth more than
    `bound` (weak duality; with `lam` 0, no matching at all).

    Parameters
    ----------
    objective
        What the matching is best at.
    rows, cols : int64 array, shape (n_chosen,)
        The chosen pairs, by row.
    scores : float64 array, shape (n_chosen,)
        What each chosen pair is worth.
    row_prices, col_prices : float64 array, shape (n_rows,) and (n_cols,)
        What each row and column is worth.
    lam
        What serving one more pair counts beside the scores; 0 under `Objective.SCORE`.
    row_count_prices, col_count_prices : float64 array, or None under `Objective.SCORE`
        A vertex cover, 0 or 1 each: every allowed pair has an end in it, so that no matching has
        more pairs than the cover has members (Koenig's theorem). With `capacities`, prices as
        the others are, for scores of 0 and a `lam` of 1: no matching serves more than twice as
        many people as they add up to.
    step
        The step of the binary grid that the scores were rounded up to before solving; 0 when they
        lay on it already, as multiples of 2**-40 up to 1 do, and every number here is exact.
    capacities
        How many pairs each row and column may, and must, be in; `None` where that is one at most,
        and there are no more prices than the above.
    load_prices, count_load_prices
        With `capacities`, the prices of pairs and of minima that the above go with. A pair is then
        covered by the price of each end, less that of its minimum, and its own; how they are added
        up says `mentormatch.assign.capacities.bound_terms`.
    floor
        Under `Objective.FLOOR_THEN_SCORE`, what the worst pair is worth and the proof that it can
        be no more. The prices then cover only the pairs that are worth as much, and no matching of
        as many people among these is worth more than `bound`; the count prices cover all pairs.

    Examples
    --------
    >>> from mentormatch.assign import solve_assignment
    >>> solution = solve_assignment([[10.0, 1.0], [1.0, 0.0]], objective="people_then_score")
    >>> solution.value, solution.bound, solution.gap, solution.status.value
    (10.0, 10.0, 0.0, 'optimal')
    """

    objective: Objective
    rows: Integers
    cols: Integers
    scores: Floats
    row_prices: Floats
    col_prices: Floats
    lam: float = 0.0
    row_count_prices: Floats | None = None
    col_count_prices: Floats | None = None
    step: float = 0.0
    capacities: Capacities | None = None
    load_prices: LoadPrices | None = None
    count_load_prices: LoadPrices | None = None
    floor: Floor | None = None

    def __post_init__(self) -> None:
        keep_read_only(self, "rows", "cols", "scores", "row_prices", "col_prices")
        if self.row_count_prices is not None:
            keep_read_only(self, "row_count_prices", "col_count_prices")

    @property
    def most_pairs(self) -> int:
        """No matching has more pairs, where they count; else how many it has."""
        if self.row_count_prices is None or self.col_count_prices is None or self.capacities:
            return len(self.rows)
        return int(Prices(self.row_count_prices, self.col_count_prices).total)

    @cached_property
    def people(self) -> int:
        """How many rows and columns have a partner."""
        if self.capacities is None:
            return 2 * len(self.rows)
        return len(np.unique(self.rows)) + len(np.unique(self.cols))

    @cached_property
    def most_people(self) -> int:
        """No matching serves more rows and columns, where they count; else how many it serves."""
        if self.capacities is None:
            return 2 * self.most_pairs
        if self.row_count_prices is None or self.col_count_prices is None:
            return self.people
        counts = self.row_count_prices, self.col_count_prices
        terms = bound_terms(*counts, self.capacities, self.count_load_prices, lam=1.0)
        return int(2 * math.fsum(terms))

    @cached_property
    def is_optimal(self) -> bool:
        """Whether the prices prove that no matching is better.

        The gap has to be 0 or, where the scores had to be rounded, one `step` for each chosen pair
        and `TOLERANCE` of the bound at most; where people count, the count prices must allow for no
        more of them as well, and those above a floor for fewer.
        """
        if self.most_people != self.people or not self._is_floor_proven:
            return False
        return self.gap <= min(self.step * len(self.rows), TOLERANCE * abs(self.bound))

    @property
    def _is_floor_proven(self) -> bool:
        """Whether the pairs above the floor serve fewer; no floor needs no proof."""
        if self.floor is None:
            return self.objective is not Objective.FLOOR_THEN_SCORE
        fewer = self.floor.people_above(self.capacities) < self.people
        # Where nobody can be served there is no worst pair.
        return self.floor.is_proven(self.scores) and (fewer or self.people == 0)

    def _terms(self) -> Sequence[float]:
        served = -self.lam / 2 * self.people  # exact: lam is a power of two
        if self.capacities is None:
            return [*self.row_prices.tolist(), *self.col_prices.tolist(), served]
        prices = self.row_prices, self.col_prices
        return [*bound_terms(*prices, self.capacities, self.load_prices, self.lam), served]

    def __repr__(self) -> str:
        count = len(self.rows)
        pairs = f"{count} pair{'s' * (count != 1)}"
        pairs += f" of {self.people} people" if self.capacities is not None else ""
        return f"Solution({self.objective}: {pairs} worth {self.value:g}, {self.status})"
