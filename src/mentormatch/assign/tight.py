"""What the prices of a best matching leave open: all that are as good, and the heaviest of them.

By complementary slackness a choice of pairs is best if and only if

- of the pairs, those worth more than the prices of their ends are chosen, those worth less are not,
  and only of the others, the *tight* ones, some may be chosen and others not;
- everybody has as many partners as are worth their price. Where the first place is free and each
  later one costs the same (`mentormatch.assign.capacitated`), that is one number at most prices,
  and several at a price that is just the cost of the next place.

So all best choices are a flow in a network again, with least and most numbers for each node, and
whatever prices are optimal describe the same ones. Under `Objective.PEOPLE_THEN_SCORE` both hold
for the count prices as well. Where partners of one group are limited, it is the choices of the
problem in which these are apart (`mentormatch.assign.subdivision`).
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from mentormatch.assign.capacities import Capacities, LoadPrices
from mentormatch.assign.grid import on_grid
from mentormatch.assign.heaviest import heaviest
from mentormatch.assign.problem import Problem, Solution
from mentormatch.assign.subdivision import Subdivision

__all__ = ["Loads", "Tight"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Loads:
    """How many partners those of one side have, and may have in a best matching.

    Parameters
    ----------
    now, least, most : int64 array
        How many they have, and how many they have at least and at most in any best matching.

    Examples
    --------
    >>> one = np.array([1])
    >>> Loads(now=one, least=one, most=one).without(one)
    (array([0]), array([0]))
    """

    now: Integers
    least: Integers
    most: Integers

    def within(self, price: Floats, later: float, capacity: Integers, minimum: Integers) -> "Loads":
        """Return the same, where a price says how many are worth it.

        Parameters
        ----------
        price : float64 array
            What each place costs its owner, less what its minimum takes off.
        later
            How much a place after the first has to be worth.
        capacity, minimum : int64 array
            The most and the fewest there can be at any price.
        """
        first = np.maximum(minimum, np.minimum(capacity, 1))
        least = np.where(price > later, capacity, np.where(price > 0.0, first, minimum))
        most = np.where(price >= later, capacity, np.where(price >= 0.0, first, minimum))
        # What is chosen now is a best matching, though rounded prices may say that it just misses.
        return Loads(
            now=self.now,
            least=np.minimum(np.maximum(least, self.least), self.now),
            most=np.maximum(np.minimum(most, self.most), self.now),
        )

    def without(self, kept: Integers) -> tuple[Integers, Integers]:
        """Return the most and the least that are left where some of the pairs are kept."""
        return self.most - kept, (self.least - kept).clip(0)


@dataclass(frozen=True, eq=False, slots=True)
class Tight:
    """The best matchings of a problem.

    Parameters
    ----------
    problem
        The problem that was solved, subdivided if groups matter.
    origin : int64 array, shape (n_pairs,)
        The position of each of its pairs in the problem that was solved, -1 for what is no pair.
    chosen : int64 array
        Positions of the pairs of one best matching.
    pairs : int64 array
        Positions of the tight pairs.
    row, col
        How many partners rows and columns may have.

    Examples
    --------
    >>> from mentormatch.assign.solve import solve_assignment
    >>> problem = Problem.from_scores([[1.0, 1.0], [1.0, 0.0]])
    >>> tight = Tight.of(problem, solve_assignment([[1.0, 1.0], [1.0, 0.0]]))
    >>> tight.exchangeable().any(), tight.row.least
    (np.False_, array([1, 1]))
    """

    problem: Problem
    origin: Integers
    chosen: Integers
    pairs: Integers
    row: Loads
    col: Loads

    @classmethod
    def of(cls, problem: Problem, solution: Solution) -> "Tight":
        """Read what the prices of an optimal solution leave open.

        Examples
        --------
        >>> from mentormatch.assign.solve import solve_assignment
        >>> problem = Problem.from_scores([[1.0, 1.0]])
        >>> Tight.of(problem, solve_assignment([[1.0, 1.0]])).pairs
        array([0, 1])
        """
        origin = np.arange(len(problem.rows))
        if solution.floor is not None:
            # It is the best that pairs from the floor upwards can make.
            origin = np.flatnonzero(problem.scores >= solution.floor.score)
            problem = problem.at_least(solution.floor.score)
        chosen, layers = problem.find(solution.rows, solution.cols), _layers(problem, solution)
        if problem.capacities is not None and not problem.capacities.have_no_groups:
            divided = Subdivision.of(problem)
            problem, chosen = divided.problem, divided.chosen(chosen)
            origin = np.append(origin, -1)[divided.origin]
            layers = [layer.divided(divided) for layer in layers]
        asked = problem.capacities or Capacities.of(problem.shape)
        row = _counted(problem.rows[chosen], asked.row_capacity)
        col = _counted(problem.cols[chosen], asked.col_capacity)
        tight = np.ones(len(problem.rows), dtype=np.bool_)
        for layer in layers:
            tight &= layer.rows[problem.rows] + layer.cols[problem.cols] == layer.weights
            row = row.within(layer.rows, layer.later, asked.row_capacity, asked.row_minimum)
            col = col.within(layer.cols, layer.later, asked.col_capacity, asked.col_minimum)
        return cls(problem, origin, np.sort(chosen), np.flatnonzero(tight), row, col)

    def exchangeable(self) -> Booleans:
        """Return which tight pairs lie on a cycle of the digraph of possible exchanges.

        Two best matchings differ by cycles and paths along which pairs of one and of the other
        alternate. A path ends where somebody may have a partner more or less, so one more node, the
        hub, closes it to a cycle. Chosen pairs point from the column to the row, other tight ones
        from the row to the column: then every cycle is an exchange and every exchange is made of
        cycles, and a pair lies on one exactly if its ends are strongly connected.

        Returns
        -------
        boolean array, shape (n_pairs,)

        Examples
        --------
        >>> from mentormatch.assign.solve import solve_assignment
        >>> problem = Problem.from_scores([[1.0, 1.0]])
        >>> Tight.of(problem, solve_assignment([[1.0, 1.0]])).exchangeable()
        array([ True,  True])
        """
        # Imported here: csgraph would lengthen `import mentormatch`, and ties may never occur.
        from scipy.sparse.csgraph import connected_components

        n_rows, n_cols = self.problem.shape
        hub = n_rows + n_cols
        is_chosen = np.zeros(len(self.problem.rows), dtype=np.bool_)
        is_chosen[self.chosen] = True
        rows = self.problem.rows[self.pairs]
        cols = self.problem.cols[self.pairs] + n_rows
        backwards = is_chosen[self.pairs]
        row, col = self.row, self.col
        to_hub = np.concatenate(
            (np.flatnonzero(row.now > row.least), np.flatnonzero(col.now < col.most) + n_rows)
        )
        from_hub = np.concatenate(
            (np.flatnonzero(row.now < row.most), np.flatnonzero(col.now > col.least) + n_rows)
        )
        tails = (np.where(backwards, cols, rows), to_hub, np.full_like(from_hub, hub))
        heads = (np.where(backwards, rows, cols), np.full_like(to_hub, hub), from_hub)
        arcs = np.concatenate(tails), np.concatenate(heads)
        ones = np.ones(len(arcs[0]), dtype=np.int8)
        digraph = coo_array((ones, arcs), shape=(hub + 1, hub + 1)).tocsr()
        _, part = connected_components(digraph, directed=True, connection="strong")
        result = np.zeros(len(self.problem.rows), dtype=np.bool_)
        result[self.pairs[part[rows] == part[cols]]] = True
        return result

    def heaviest(self, pairs: Integers, draws: Floats) -> Integers:
        """Return which of the exchangeable pairs to choose: those of the largest total draw.

        Parameters
        ----------
        pairs : int64 array
            Positions of the exchangeable pairs; all others stay as they are.
        draws : float64 array, shape (n_pairs,)
            The number that each of them draws.

        Examples
        --------
        >>> from mentormatch.assign.solve import solve_assignment
        >>> problem = Problem.from_scores([[1.0, 1.0]])
        >>> tight = Tight.of(problem, solve_assignment([[1.0, 1.0]]))
        >>> tight.heaviest(np.array([0, 1]), np.array([0.25, 0.5]))
        array([1])
        """
        if self.problem.capacities is None:
            return self._heaviest_of_one_each(pairs, draws)
        kept = np.setdiff1d(self.chosen, pairs, assume_unique=True)
        rows, cols = self.problem.rows, self.problem.cols
        row_most, row_least = self.row.without(np.bincount(rows[kept], minlength=len(self.row.now)))
        col_most, col_least = self.col.without(np.bincount(cols[kept], minlength=len(self.col.now)))
        left = Capacities(row_most, col_most, row_least, col_least)
        problem = Problem(self.problem.shape, rows[pairs], cols[pairs], draws, capacities=left)
        return pairs[heaviest(problem, on_grid(draws)[0]).chosen]

    def _heaviest_of_one_each(self, pairs: Integers, draws: Floats) -> Integers:
        """Do so where everybody has one partner at most, by the solvers that are made for it.

        Of the matchings that serve everybody who must be served, the one of the largest total
        draw. There is one: the solution's own pairs.
        """
        shape, part = self.problem.shape, _connected(self.problem, pairs)
        rows, cols = self.problem.rows[pairs], self.problem.cols[pairs]
        served = (self.row.least[rows] + self.col.least[cols]).astype(np.float64)
        needed = np.zeros(part.max() + 1)
        for must, ends in ((self.row.least, rows), (self.col.least, cols)):
            _, first = np.unique(ends, return_index=True)
            needed += np.bincount(part[first], must[ends[first]], minlength=len(needed))
        # Serving one more counts for `bonus`. One above the length of the longest exchange is
        # surely enough, but the lower it is the more bits it leaves to the draws: each connected
        # part is settled with the lowest that serves all of it.
        bonus, settled = 1.0, [pairs[:0]]
        while len(pairs):
            weights, _ = on_grid(draws + bonus * served)
            problem = Problem(shape, self.problem.rows[pairs], self.problem.cols[pairs], draws)
            best = heaviest(problem, weights).chosen
            count = np.bincount(part[best], served[best], minlength=len(needed))
            is_served = (count == needed)[part]
            settled.append(pairs[best][is_served[best]])
            pairs, part = pairs[~is_served], part[~is_served]
            draws, served = draws[~is_served], served[~is_served]
            bonus *= 2
        return np.concatenate(settled)


def _counted(ends: Integers, capacity: Integers) -> Loads:
    """Return the loads of one side, of which nothing is known but how many places there are."""
    now = np.bincount(ends, minlength=len(capacity))
    return Loads(now, np.zeros_like(now), capacity)


@dataclass(frozen=True, eq=False, slots=True)
class _Layer:
    """What pairs are worth, what rows and columns charge, and what each later place costs."""

    weights: Floats
    rows: Floats
    cols: Floats
    loads: LoadPrices | None
    later: float

    @classmethod
    def of(
        cls, weights: Floats, rows: Floats, cols: Floats, loads: LoadPrices | None, later: float
    ) -> "_Layer":
        """Take what minima take off from what rows and columns charge for a place."""
        if loads is not None:
            rows, cols = rows - loads.row_minimum, cols - loads.col_minimum
        return cls(weights, rows, cols, loads, later)

    def divided(self, divided: Subdivision) -> "_Layer":
        """Return the same for the problem in which groups are apart."""
        prices = divided.prices(self.rows, self.cols, self.loads)
        return _Layer(divided.weights(self.weights), *prices, None, self.later)


def _layers(problem: Problem, solution: Solution) -> list[_Layer]:
    lam, rows, cols = solution.lam, solution.row_count_prices, solution.col_count_prices
    weights, _ = on_grid(problem.scores, lam)
    scored = solution.row_prices, solution.col_prices, solution.load_prices
    layers = [_Layer.of(weights, *scored, lam / 2)]
    if rows is not None and cols is not None:
        ones = np.ones_like(weights)
        layers.append(_Layer.of(ones, rows, cols, solution.count_load_prices, 0.5))
    return layers


def _connected(problem: Problem, pairs: Integers) -> Integers:
    """Return for each of some pairs the number of the connected part of their graph it is in."""
    from scipy.sparse.csgraph import connected_components  # imported here as above

    n_rows, n_cols = problem.shape
    rows, cols = problem.rows[pairs], problem.cols[pairs] + n_rows
    ones = np.ones(len(pairs), dtype=np.int8)
    graph = coo_array((ones, (rows, cols)), shape=(n_rows + n_cols,) * 2).tocsr()
    _, part = connected_components(graph, directed=False)
    return part[rows].astype(np.int64)
