"""Matchings in which people may have several partners: bid, repair, finish along shortest paths.

Each row and each column has *places*, as many as its capacity, and is paired with one partner in
each place it fills. As many as its minimum have to be filled. Of the others, the first is free and
each later one costs `later`. That is how people are counted and not pairs: twice `later` is added
to each score, and whoever is served already pays their half of it back.

Rows and columns have prices; a pair that is not chosen is worth no more than the two prices of its
ends, and one that is chosen no less. Who fills a place has a price of what it costs at least, and
who leaves one empty a price of what it would cost at most. Then nothing is heavier: these are
the conditions under which a flow of least cost cannot be bettered, with the places as arcs from one
more node, the hub (Ahuja, Magnanti, Orlin 1993, chapter 9).

1. *Bid.* The members of the side with fewer places bid for those of the other, each of them for as
   many at once as it has places left (Bertsekas and Castanon's auction of similar objects: the
   cheapest place is what is bid for).
2. *Repair.* Prices are computed anew, and pairs that do not fit them are dropped.
3. *Finish.* From whoever would fill more places at their price, a shortest path (Dijkstra's) leads
   to somebody who has a place left or gives one up, or to a lower price. Whoever lacks what they
   have to have goes first; if no path leads anywhere, those it has come to have too few partners
   (Hall's theorem), and are named.

Where nobody may have too many partners of one group, it is first done without minding groups, and
then gone on from there in a problem in which parts of people stand for those (see
`mentormatch.assign.subdivision`).

This generalises `mentormatch.assign.hungarian`, which is quicker where everybody has one place. The
loops are in `mentormatch.assign.places`. The work is bounded as it is there: bidding stops after
so many looks, and then there is one path at most for each place that is left to fill, each
looking once at every pair.

References
----------
D. P. Bertsekas, D. A. Castanon, "The auction algorithm for transportation problems", Annals of
Operations Research 20 (1989). R. K. Ahuja, T. L. Magnanti, J. B. Orlin, "Network Flows" (1993).
P. Hall, "On representatives of subsets", Journal of the London Mathematical Society 10 (1935).
"""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.assign.capacities import Capacities, LoadPrices
from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.places import PLAIN, Kernels, Side, Whole, compiled
from mentormatch.assign.problem import Heaviest, Prices, Problem
from mentormatch.assign.shortage import ShortageError
from mentormatch.assign.subdivision import Subdivision
from mentormatch.progress import Progress, quiet

__all__ = ["FEW_PAIRS", "MOST_PAIRS", "heaviest_with_capacities"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

#: Up to so many pairs plain Python is done before numba is loaded.
FEW_PAIRS = 2**14
#: With so many plain Python takes a minute at worst; with more, numba is asked for.
MOST_PAIRS = 2**20
#: As in `mentormatch.assign.hungarian`: bidding looks at each pair so often at most on average,
#: an earlier answer is gone on from if it leaves so few places wrong, and a kernel returns after
#: so many looks, plain ones after fewer.
LOOKS_PER_PAIR = 60
FEW_PATHS, PATHS_PER_ROW = 16, 10
LOOKS_AT_ONCE, PLAIN_LOOKS_AT_ONCE = 20_000_000, 200_000
#: Who bids for several places on average may look so many times as often, at most: otherwise the
#: last paths of a balanced market, which are long, took 15 s where bidding on takes 2.
MOST_AGAIN = 8


def heaviest_with_capacities(
    problem: Problem,
    weights: Floats,
    later: float,
    step: float | None,
    start: Heaviest | None = None,
    limits: Limits = NO_LIMITS,
    progress: Progress = quiet,
) -> Heaviest:
    """Find the choice of pairs of the largest weight, less `later` for each place after a first.

    Parameters
    ----------
    problem
        The allowed pairs and the capacities; its scores are not looked at.
    weights : float64 array, shape (n_pairs,)
        What each pair is worth: 0 or more, on one grid (`mentormatch.assign.grid.on_grid`).
    later
        What each filled place of a row or column costs but for its first: 0 or more, on the grid.
    step
        By how much bids rise at least: on the grid, above 0; `None` never to bid where there is a
        start.
    start
        An answer for other weights, capacities or `later`. Where it leaves too much to be put
        right, bidding from nothing is quicker, and is what is done.
    limits
        Once the time is up, or the prices add up to little enough more than the choice, the rest is
        left undone. Minima are met first, however long that takes.
    progress
        Told how many rows have bid, and how many paths have been looked for.

    Returns
    -------
    Heaviest
        Its prices bound every choice, whenever that is.

    Raises
    ------
    ShortageError
        If the minima cannot be met.
    MissingExtraError
        If there are more than `MOST_PAIRS` pairs and the extra ``scale`` is not installed.

    Examples
    --------
    >>> limits = Capacities.of((2, 2), row_capacity=[2, 1])
    >>> problem = Problem.from_scores([[10.0, 9.0], [9.0, 1.0]], capacities=limits)
    >>> found = heaviest_with_capacities(problem, problem.scores, 0.0, 2.0**-7)
    >>> found.chosen, found.prices.row, found.prices.col
    (array([0, 1]), array([1., 0.]), array([9., 8.]))
    """
    found = _without_groups(problem, weights, later, step, start, limits, progress)
    if problem.capacities is None or problem.capacities.have_no_groups:
        return found
    divided = Subdivision.of(problem)
    if divided.is_kept(found.chosen):
        return found
    # What minds no groups is soon found and a good start: bidding knows nothing of minima.
    start, worth = divided.start(found, weights), divided.weights(weights)
    try:
        again = _without_groups(divided.problem, worth, later, None, start, limits, progress)
    except ShortageError as error:
        raise divided.shortage(error) from None
    return divided.whole_again(again)


def _without_groups(
    problem: Problem,
    weights: Floats,
    later: float,
    step: float | None,
    start: Heaviest | None,
    limits: Limits,
    progress: Progress,
) -> Heaviest:
    """Do so where it does not matter what groups partners are in."""
    capacities = problem.capacities or Capacities.of(problem.shape)
    takes_part = capacities.row_capacity[problem.rows] > 0
    takes_part &= capacities.col_capacity[problem.cols] > 0
    pairs = np.flatnonzero(takes_part)
    few = len(pairs) <= FEW_PAIRS or (len(pairs) <= MOST_PAIRS and find_spec("numba") is None)
    kernels = PLAIN if few else compiled()
    row, col = (
        Side(*(kernels.laid(array) for array in side))
        for side in _sides(problem, capacities, pairs, weights)
    )
    looks = PLAIN_LOOKS_AT_ONCE if few else LOOKS_AT_ONCE
    work = _Work(row, col, later, kernels, looks, limits, progress)
    if start is not None:
        work.go_on_from(start, np.flatnonzero(np.isin(pairs, start.chosen, assume_unique=True)))
    few_paths = max(FEW_PATHS, problem.shape[0] // PATHS_PER_ROW)
    if step is not None and (start is None or work.wrong() > few_paths):
        work.begin_anew(step)
    work.finish()
    return work.result(pairs)


@dataclass(frozen=True, slots=True)
class _Work:
    """A problem under way: both sides, and what drives the kernels over them."""

    row: Side
    col: Side
    later: float
    kernels: Kernels
    looks: int  # after about so many they return
    limits: Limits
    progress: Progress

    @property
    def bidders_first(self) -> tuple[Side, Side]:
        """Both sides, that with fewer places first.

        Of the other some places stay empty: were they bid for by all who have one, prices would
        rise until so many gave up.
        """
        few_rows = len(self.row.mates) <= len(self.col.mates)
        return (self.row, self.col) if few_rows else (self.col, self.row)

    def go_on_from(self, start: Heaviest, chosen: Integers) -> None:
        """Take over as much of an earlier answer as there is room for."""
        less = start.load_prices
        self.row.price[:] = (start.prices.row - (less.row_minimum if less else 0.0)).tolist()
        self.col.price[:] = (start.prices.col - (less.col_minimum if less else 0.0)).tolist()
        self.kernels.take(self.row, self.col, self.kernels.laid(chosen))
        self.kernels.repair(*self.bidders_first, self.later)

    def wrong(self) -> int:
        """Count who would fill more places at their price than they do."""
        return sum(
            int((np.asarray(side.load) < self._wanted(side)).sum()) for side in (self.row, self.col)
        )

    def begin_anew(self, step: float) -> None:
        """Let the side with fewer places bid from nothing, until it has looked often enough."""
        side, other = self.bidders_first
        for one in (side, other):
            size, count = len(one.price), len(one.place)
            one.price[:], one.load[:], one.place[:] = [0.0] * size, [0] * size, [-1] * count
        size, laid = len(side.price), self.kernels.laid
        bids = laid(np.zeros(len(other.mates)))
        queue, waits = laid(np.arange(size)), laid(np.ones(size, dtype=np.int64))
        state = laid(np.array([0, size, 0]))  # first in the queue, how many, looks
        # Who loses one of several places looks at all pairs again.
        again = min(max(1, len(side.mates) // max(1, size)), MOST_AGAIN)
        most = LOOKS_PER_PAIR * again * len(side.others)
        while state[1] and state[2] < most and not self.limits.are_over:
            self.progress("bidding", size - int(state[1]), size)
            until = min(most, int(state[2]) + self.looks)
            self.kernels.bid(side, other, self.later, step, bids, queue, waits, state, until)
        self.kernels.repair(side, other, self.later)

    def finish(self) -> None:
        """Fill the places that must be filled, then those that would be at their price.

        Raises
        ------
        ShortageError
            If some that must be filled cannot be.
        """
        state = self.kernels.laid(np.array([0, 0]))  # sources done, searches
        sides = self.bidders_first
        for must in (True, False):
            for side, other in (sides, sides[::-1]):
                self._finish(side, other, must, state)

    def _finish(self, side: Side, other: Side, must: bool, state: Whole) -> None:
        load = np.asarray(side.load)
        lacking = load < (np.asarray(side.least) if must else self._wanted(side))
        sources = self.kernels.laid(np.flatnonzero(lacking))
        state[0] = 0
        while state[0] < len(sources) and (must or not self._may_stop()):
            self.progress("finishing", int(state[0]), len(sources))
            places = side, other, self.later
            if self.kernels.finish(*places, sources, must, state, self.looks):
                raise self._shortage(side, other, state[1])

    def _may_stop(self) -> bool:
        """Tell whether time is up, or what places could still be filled is little enough worth."""
        if self.limits.are_over or not self.limits.gap:
            return self.limits.are_over
        value = float(np.asarray(self.row.weights)[_whole(self.row.place) >= 0].sum())
        left = 0.0
        for side in (self.row, self.col):
            price, most, load = (np.asarray(one) for one in (side.price, side.most, side.load))
            value -= self.later * float((load - 1).clip(0).sum())
            left += float((price.clip(0.0) * ((load == 0) & (most > 0))).sum())
            left += float(((price - self.later).clip(0.0) * (most - load.clip(1)).clip(0)).sum())
        return left <= self.limits.gap * (value + left)

    def _shortage(self, side: Side, other: Side, search: int) -> ShortageError:
        """Name whom the last search came to: nobody there has a place too many or too few."""
        members = np.flatnonzero(_whole(side.stamp) == search)
        partners = np.flatnonzero(_whole(other.stamp) == search)
        ends = _whole(other.others)[_whole(side.twins)]  # of each pair, as the side lists it
        elsewhere = np.isin(ends, members) & ~np.isin(_whole(side.others), partners)
        available = int(np.asarray(other.most)[partners].sum()) + int(elsewhere.sum())
        needed = int(np.asarray(side.least)[members].sum())
        name = "row" if side is self.row else "col"
        return ShortageError(name, members, partners, needed, available)

    def result(self, pairs: Integers) -> Heaviest:
        """Return what was chosen; a price takes up what the one pair of its owner is worth more."""
        own = np.flatnonzero(_whole(self.row.place) >= 0)
        cols = _whole(self.row.others)[own]
        rows = _whole(self.col.others)[_whole(self.row.twins)[own]]
        row, col = np.array(self.row.price), np.array(self.col.price)
        for price, ends, side in ((col, cols, self.col), (row, rows, self.row)):
            one = np.asarray(side.most)[ends] == 1
            beyond = np.asarray(self.row.weights)[own] - row[rows] - col[cols]
            price[ends[one]] += beyond[one]
        beyond = np.asarray(self.row.weights)[own] - row[rows] - col[cols]
        over = beyond > 0.0
        row, row_minimum = _split(row, self.row, self.later)
        col, col_minimum = _split(col, self.col, self.later)
        more = LoadPrices(rows[over], cols[over], beyond[over], row_minimum, col_minimum)
        return Heaviest(pairs[own], Prices(row, col), more)

    def _wanted(self, side: Side) -> Integers:
        """Return how many places each would fill at its price."""
        price, most, least = (np.asarray(one) for one in (side.price, side.most, side.least))
        wanted = np.where(price > self.later, most, np.minimum(most, price > 0.0))
        return _whole(np.maximum(wanted, least))


def _split(price: Floats, side: Side, later: float) -> tuple[Floats, Floats]:
    """Return the price of each, 0 or more, and what their minimum takes off it.

    Who must have several partners has to pay `later` for the further ones in any case: below it, it
    is the minimum that takes the rest off.
    """
    floor = np.where(_whole(side.least) > 1, later, 0.0)
    return np.maximum(price, floor), np.where(floor > price, floor - price, 0.0)


def _whole(numbers: Whole) -> Integers:
    """Return an array of what a kernel worked on; an empty list does not tell its type."""
    return np.asarray(numbers, dtype=np.int64)


def _sides(
    problem: Problem, capacities: Capacities, pairs: Integers, weights: Floats
) -> tuple[Side, Side]:
    """Return both sides' views of some pairs, with nobody paired and every price 0."""
    rows, cols = problem.rows[pairs], problem.cols[pairs]
    # SciPy's change of format takes a tenth of the time of a sort.
    starts = np.append(0, np.cumsum(np.bincount(rows, minlength=problem.shape[0])))
    listed = csr_array((np.arange(len(pairs)), cols, starts), shape=problem.shape)
    turned = listed.tocsc().data
    back = np.empty_like(turned)
    back[turned] = np.arange(len(turned))
    row = rows, cols, weights[pairs], back
    col = cols[turned], rows[turned], weights[pairs][turned], turned
    return (
        _side(*row, capacities.row_capacity, capacities.row_minimum),
        _side(*col, capacities.col_capacity, capacities.col_minimum),
    )


def _side(
    ends: Integers,
    others: Integers,
    weights: Floats,
    twins: Integers,
    most: Integers,
    least: Integers,
) -> Side:
    size, count = len(most), len(ends)
    degree = np.bincount(ends, minlength=size)
    begins = np.append(0, np.cumsum(np.minimum(most, degree)))
    return Side(
        starts=np.append(0, np.cumsum(degree)),
        others=others.astype(np.int32),
        weights=weights,
        twins=twins.astype(np.int32),
        most=most.copy(),  # kernels are compiled for each type of array, and read-only ones are one
        least=least.copy(),
        price=np.zeros(size),
        load=np.zeros(size, dtype=np.int64),
        begins=begins,
        mates=np.zeros(begins[-1], dtype=np.int32),
        place=np.full(count, -1, dtype=np.int32),
        near=np.zeros(size),
        via=np.zeros(size, dtype=np.int32),
        stamp=np.zeros(size, dtype=np.int64),
    )
