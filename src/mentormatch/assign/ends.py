"""What each row and column is worth to a best matching: the two ends of its price.

Prices are not unique. The highest one that is optimal is what the optimum loses without somebody,
the lowest what a double of them would add. Both follow from one tree of shortest paths: whoever
loses a partner looks for another one, who may be taken from somebody else, and so on, until
somebody is single (`mentormatch.assign.chains`). How dear that is, for everybody at once, are the
distances to being single.

Where people count before scores, lengths are pairs first and costs second. A path is shortest in
this order if no step of it leaves the shortest paths by pairs and, of these, it costs least: two
searches for distances, one after the other.

References
----------
E. W. Dijkstra, "A note on two problems in connexion with graphs", Numerische Mathematik 1 (1959).
L. S. Shapley, M. Shubik, "The assignment game I: the core", International Journal of Game Theory 1
(1971), for the two ends.
"""

from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.assign.capacities import keep_read_only
from mentormatch.assign.problem import Problem, Solution

__all__ = ["Ends", "Gain"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]
Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class Gain:
    """What a best matching gains: more pairs, or as many with a higher total.

    Attributes
    ----------
    pairs : int
        0 where pairs do not count.
    score : float
        It may be below 0 where there are more pairs.
    """

    pairs: int
    score: float

    @property
    def is_some(self) -> bool:
        """Whether anything is gained."""
        return self.pairs > 0 or (self.pairs == 0 and self.score > 0.0)


@dataclass(frozen=True, eq=False, slots=True)
class Ends:
    """What a best matching would lose without each column, which says what a new row would add.

    Parameters
    ----------
    pairs : float64 array, shape (n_cols,)
        By how many pairs a best matching without the column has fewer; 0 where they do not count.
    costs : float64 array, shape (n_cols,)
        By how much the total of scores, `lam` added to each, is lower.
    lam, counted
        What is added to the score of a pair; how much it counts, 1 or 0.

    Examples
    --------
    >>> from mentormatch.assign import solve_assignment
    >>> scores = np.array([[1.0, 0.5], [0.75, 0.0]])
    >>> problem, solution = Problem.from_scores(scores), solve_assignment(scores)
    >>> ends = Ends.of(problem, solution)
    >>> ends.costs
    array([0.75, 0.25])
    >>> ends.gain_of_rows(np.array([0, 0]), np.array([0, 1]), np.array([1.0, 0.5]), 1)
    [Gain(pairs=0, score=0.25)]
    """

    pairs: Floats
    costs: Floats
    lam: float
    counted: float

    def __post_init__(self) -> None:
        keep_read_only(self, "pairs", "costs")

    @classmethod
    def of(cls, problem: Problem, solution: Solution, *, turned: bool = False) -> "Ends":
        """Find what each column is worth.

        Parameters
        ----------
        problem
            All allowed pairs.
        solution
            A best matching of it with its prices; everybody has one partner at most.
        turned
            Whether it is the rows that are asked about: then what is said here of rows is true of
            columns, and the other way round.
        """
        sides = _either((problem.rows, problem.cols), turned)
        chosen = _either((solution.rows, solution.cols), turned)
        shape = _either(problem.shape, turned)
        prices = _either((solution.row_prices, solution.col_prices), turned)
        layers = [(problem.scores + solution.lam, *prices)]
        row_counts, col_counts = solution.row_count_prices, solution.col_count_prices
        if row_counts is not None and col_counts is not None:
            counts = _either((row_counts, col_counts), turned)
            layers.insert(0, (np.ones(len(problem.rows)), *counts))
        row_of = np.full(shape[1], -1)
        row_of[chosen[1]] = chosen[0]
        distances = _to_single(sides, shape[0], row_of, layers)
        lost = []
        for (_, _, price), distance in zip(layers, distances, strict=True):
            loss = np.zeros(shape[1])
            loss[chosen[1]] = distance[chosen[0]] + price[chosen[1]]
            lost.append(loss)
        pairs = lost[0] if len(layers) > 1 else np.zeros(shape[1])
        return cls(pairs, lost[-1], solution.lam, float(len(layers) - 1))

    def gain_of_rows(self, rows: Integers, cols: Integers, scores: Floats, size: int) -> list[Gain]:
        """Return what each of some new rows would add, if it alone were there as well.

        Parameters
        ----------
        rows, cols, scores
            The pairs that new rows may have.
        size
            How many new rows there are.
        """
        pairs = self.counted - self.pairs[cols]
        costs = scores + self.lam - self.costs[cols]
        most, best = np.zeros(size), np.full(size, -np.inf)
        np.maximum.at(most, rows, pairs)
        as_many = pairs == most[rows]
        np.maximum.at(best, rows[as_many], costs[as_many])
        # Whoever would add nothing can stay single, as long as there are no more pairs without.
        best = np.where(most > 0.0, best, best.clip(0.0))
        return [
            Gain(int(more), float(cost - self.lam * more))
            for more, cost in zip(most.tolist(), best.tolist(), strict=True)
        ]

    def may_gain(self, cols: Integers, scores: Floats) -> Booleans:
        """Return by which pairs a new row would add something.

        Parameters
        ----------
        cols, scores
            The column of each pair, and what it is worth.
        """
        pairs = self.counted - self.pairs[cols]
        gain: Booleans = (pairs > 0.0) | ((pairs == 0.0) & (scores + self.lam > self.costs[cols]))
        return gain

    def losses(self, cols: Integers, scores: Floats) -> tuple[Floats, Floats]:
        """Return what the best matching loses if a single row has to have a pair.

        Without a column no single row is worth more than with it, which is nothing: so the loss is
        that of the column, less what the pair is worth.

        Parameters
        ----------
        cols, scores
            The column of each pair, and what it is worth.

        Returns
        -------
        pairs, scores : float64 arrays
            Pairs that would be fewer, and the score that would be lower.
        """
        pairs = self.pairs[cols] - self.counted
        return pairs, self.costs[cols] - self.lam - scores - self.lam * pairs

    def gain_of_doubles(self, problem: Problem, *, turned: bool = False) -> list[Gain]:
        """Return what a double of each row would add: the lowest of its optimal prices.

        Parameters
        ----------
        problem
            The problem that was solved.
        turned
            As for `of`.
        """
        rows, cols = _either((problem.rows, problem.cols), turned)
        return self.gain_of_rows(rows, cols, problem.scores, problem.shape[int(turned)])


def _either(two: tuple[Each, Each], turned: bool) -> tuple[Each, Each]:
    return two[::-1] if turned else two


def _to_single(
    sides: tuple[Integers, Integers],
    n_rows: int,
    row_of: Integers,
    layers: list[tuple[Floats, Floats, Floats]],
) -> list[Floats]:
    """Return how dear it is at least, in each layer, that a row loses its column.

    Steps lead from a row to the one whose column it takes, or to being single: by a price, or by a
    column that is free. They are searched backwards, from being single, which comes after the rows.
    """
    # Imported here: csgraph would lengthen `import mentormatch`.
    from scipy.sparse.csgraph import dijkstra

    rows, cols = sides
    taken = row_of[cols]
    free, held = np.flatnonzero(taken < 0), np.flatnonzero((taken >= 0) & (taken != rows))
    distances: list[Floats] = []
    before = np.empty(0), np.empty(0)
    for weights, row_prices, col_prices in layers:
        lengths, alone = row_prices[rows] + col_prices[cols] - weights, row_prices.copy()
        if distances:  # what is shortest so far, and no more
            least, (steps, prices) = distances[-1], before
            free = free[least[rows[free]] == steps[free]]
            held = held[least[rows[held]] == steps[held] + least[taken[held]]]
            alone[least[:n_rows] != prices] = np.inf
        before = lengths, row_prices
        np.minimum.at(alone, rows[free], lengths[free])
        single = np.flatnonzero(alone < np.inf)
        heads = np.concatenate((taken[held], np.full(len(single), n_rows)))
        tails = np.concatenate((rows[held], single))
        entries = np.concatenate((lengths[held], alone[single])), (heads, tails)
        graph = csr_array(entries, shape=(n_rows + 1, n_rows + 1))
        distances.append(dijkstra(graph, indices=[n_rows])[0])
    return distances
