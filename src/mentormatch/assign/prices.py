"""From a heaviest matching to the prices that prove it: shortest paths, swept in price order."""

from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.problem import Prices, Problem

__all__ = ["least_prices"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

#: While that many rows wait to bid, letting all bid at once is quicker than one after the other:
#: one bid takes as long as a round over so many pairs.
PAIRS_PER_BID = 256
#: Where prices build up along longer chains than that, bids one after the other are quicker.
MOST_ROUNDS = 8


def least_prices(problem: Problem, weights: Floats, chosen: Integers) -> Prices:
    """Return prices that cover every allowed pair, the least ones for the columns.

    Every pair is covered, `row[i] + col[j] >= weight`, and no price is negative, whatever the
    matching. If it is a heaviest one, the prices add up to its weight, which proves it; and they
    are the same for every heaviest matching, the column prices being the least of all the
    optimal ones (Demange and Gale). If it is not, they add up to more.

    The prices are the least that satisfy `col[k] >= weight[i, k] - profit[i]` for every pair,
    where the profit of a row is its own pair's weight less the price of its column, and 0 for a
    row without a pair: lengths of longest paths from "stay single" along rows that outbid each
    other for columns.

    Parameters
    ----------
    problem
        The allowed pairs; its scores are not looked at.
    weights : float64 array, shape (n_pairs,)
        0 or more, on one grid (`mentormatch.assign.grid.on_grid`): nothing here forgives rounding.
    chosen : int64 array
        Positions of the pairs of a matching.

    References
    ----------
    R. K. Ahuja, T. L. Magnanti, J. B. Orlin, "Network Flows" (1993), chapter 5: shortest paths by
    label correction.
    G. Demange, D. Gale, "The strategy structure of two-sided matching markets", Econometrica 53
    (1985): why there are least prices.

    Examples
    --------
    >>> problem = Problem.from_scores([[10.0, 9.0], [9.0, 1.0]])
    >>> prices = least_prices(problem, problem.scores, chosen=np.array([1, 2]))
    >>> prices.row, prices.col
    (array([9., 8.]), array([1., 0.]))
    """
    bidding = _Bidding.begin(problem, weights, chosen)
    outbid = bidding.outbid()
    for _ in range(MOST_ROUNDS):
        if PAIRS_PER_BID * int(outbid.sum()) <= len(weights) or not bidding.within_limits:
            break
        outbid = bidding.round()
    # Each sweep does at least what one round of Bellman and Ford does, and a longest path visits
    # a row at most once: more sweeps than rows mean that the matching is not a heaviest one.
    for _ in range(problem.shape[0]):
        if not outbid.any() or not bidding.within_limits:
            break
        outbid = bidding.sweep(outbid)
    row_prices = _best_offers(problem, weights - bidding.price[problem.cols])
    return Prices(row=row_prices, col=bidding.price)


def _best_offers(problem: Problem, offers: Floats) -> Floats:
    """Return the largest offer of each row, 0 for a row that has none above 0."""
    best = np.zeros(problem.shape[0])
    np.maximum.at(best, problem.rows, offers)
    return best


@dataclass(slots=True)
class _Bidding:
    """The state of the search: column prices that only ever rise, and what they leave the rows."""

    problem: Problem
    weights: Floats
    owner: Integers  # (n_cols,): the row matched to each column, -1 for none
    worth: Floats  # (n_rows,): the weight of each row's pair, 0 for none
    limit: Floats  # (n_cols,): the weight of each column's pair: no price may exceed it
    profit: Floats  # (n_rows,): worth less the price of the row's column
    price: Floats  # (n_cols,)
    within_limits: bool = True

    @classmethod
    def begin(cls, problem: Problem, weights: Floats, chosen: Integers) -> Self:
        n_rows, n_cols = problem.shape
        rows, cols = problem.rows[chosen], problem.cols[chosen]
        owner = np.full(n_cols, -1, dtype=np.int64)
        owner[cols] = rows
        worth, limit = np.zeros(n_rows), np.zeros(n_cols)
        worth[rows] = limit[cols] = weights[chosen]
        return cls(problem, weights, owner, worth, limit, worth.copy(), np.zeros(n_cols))

    def outbid(self) -> NDArray[np.bool_]:
        """Tell which rows would rather have another column than their own."""
        offers = self.weights - self.price[self.problem.cols]
        return _best_offers(self.problem, offers) > self.profit

    def round(self) -> NDArray[np.bool_]:
        """Let all rows bid at once, as Bellman and Ford do; return who has to bid again."""
        raised = self.price.copy()
        np.maximum.at(raised, self.problem.cols, self.weights - self.profit[self.problem.rows])
        if (raised > self.limit).any():
            # As in `_bid`: a column was taken from its owner, for more weight.
            self.within_limits = False
            return np.zeros(len(self.profit), dtype=np.bool_)
        self.price = raised
        owned = self.owner >= 0
        self.profit[self.owner[owned]] = self.worth[self.owner[owned]] - raised[owned]
        return self.outbid()

    def sweep(self, outbid: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Let each waiting row bid once, cheapest column first; return who has to bid again.

        The order is what makes this quick. Prices build up along chains, cheap columns first (the
        chain of an assortative matching is the whole side), so that a row usually bids when
        its own price is final, as in Dijkstra's method; plain rounds of Bellman and Ford took one
        round for each link. Measured on random, low-rank, product and distance scores: 2 to 36
        sweeps for 2,000 rows, 2 to 10 bids for each row, less time than the matching itself.
        """
        waiting = np.where(outbid, self.worth - self.profit, np.inf)  # the price of each's column
        done = np.zeros(len(outbid), dtype=np.bool_)
        again = np.zeros(len(outbid), dtype=np.bool_)
        while self.within_limits:
            row = int(waiting.argmin())
            if waiting[row] == np.inf:
                break
            waiting[row] = np.inf
            done[row] = True
            raised = self._bid(row)
            losers: Integers = self.owner[raised]
            late = done[losers]
            again[losers[late]] = True
            waiting[losers[~late]] = self.price[raised[~late]]
        return again

    def _bid(self, row: int) -> Integers:
        """Raise the columns that the row would rather have than its own; return which."""
        pairs = slice(self.problem.starts[row], self.problem.starts[row + 1])
        cols = self.problem.cols[pairs]
        offers = self.weights[pairs] - self.profit[row]
        better = offers > self.price[cols]
        raised: Integers = cols[better]
        offered = offers[better]
        if (offered > self.limit[raised]).any():
            # Somebody could take the column and leave its owner single, for more weight.
            self.within_limits = False
            return raised[:0]
        self.price[raised] = offered
        losers = self.owner[raised]
        self.profit[losers] = self.worth[losers] - offered
        return raised
