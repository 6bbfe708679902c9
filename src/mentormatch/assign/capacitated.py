"""Matchings in which people may have several partners: bid, repair, finish along shortest paths.

Each row and each column has *places*, as many as its capacity, and is paired with one partner in
each place it fills. As many as its minimum have to be filled. Of the others, the first is free and
each later one costs `later`: that is how people are counted and not pairs, since a pair weighs
twice as much more as a place (`mentormatch.assign.solve`).

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

This generalises `mentormatch.assign.hungarian`, which is quicker where everybody has one place. The
kernels call nothing but what Python has as well. Small problems are solved by the very same
lines uncompiled, on lists, before numba would have been loaded.

References
----------
D. P. Bertsekas, D. A. Castanon, "The auction algorithm for transportation problems", Annals of
Operations Research 20 (1989). R. K. Ahuja, T. L. Magnanti, J. B. Orlin, "Network Flows" (1993).
P. Hall, "On representatives of subsets", Journal of the London Mathematical Society 10 (1935).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush, heapreplace
from importlib.util import find_spec
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.assign.capacities import Capacities, LoadPrices, ShortageError
from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.problem import Heaviest, Prices, Problem
from mentormatch.extras import extra
from mentormatch.progress import Progress, quiet

__all__ = ["FEW_PAIRS", "MOST_PAIRS", "heaviest_with_capacities"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
#: Whole numbers and real ones: arrays for compiled kernels, lists for plain ones.
Whole: TypeAlias = NDArray[np.int64] | NDArray[np.int32] | list[int]
Real: TypeAlias = NDArray[np.float64] | list[float]

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


class _Side(NamedTuple):
    """One side's view of the pairs, and where it stands; the other side has another."""

    starts: Whole  # (n + 1,): where each one's pairs begin
    others: Whole  # (n_pairs,): the other end of each pair
    weights: Real  # (n_pairs,)
    twins: Whole  # (n_pairs,): where the other side lists the same pair
    most: Whole  # (n,): how many places each one has
    least: Whole  # (n,): how many of them must be filled
    price: Real  # (n,)
    load: Whole  # (n,): how many are filled
    begins: Whole  # (n + 1,): where each one's places begin
    mates: Whole  # (n_places,): the pair in each filled place; the filled ones come first
    place: Whole  # (n_pairs,): where a chosen pair stands in `mates`, else -1
    near: Real  # (n,): how long the shortest path found to each one is,
    via: Whole  # (n,): by which pair it comes there (as the searching side lists it),
    stamp: Whole  # (n,): and which search that was


class _Kernels(NamedTuple):
    laid: Callable[[Any], Any]  # makes of an array what the rest takes
    take: Callable[..., None]
    bid: Callable[..., None]
    repair: Callable[..., None]
    finish: Callable[..., bool]
    looks: int  # bidding and finishing return after about so many


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
    capacities = problem.capacities or Capacities.of(problem.shape)
    takes_part = capacities.row_capacity[problem.rows] > 0
    takes_part &= capacities.col_capacity[problem.cols] > 0
    pairs = np.flatnonzero(takes_part)
    few = len(pairs) <= FEW_PAIRS or (len(pairs) <= MOST_PAIRS and find_spec("numba") is None)
    kernels = _plain() if few else _compiled()
    row, col = (
        _Side(*(kernels.laid(array) for array in side))
        for side in _sides(problem, capacities, pairs, weights)
    )
    work = _Work(row, col, later, kernels, limits, progress)
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

    row: _Side
    col: _Side
    later: float
    kernels: _Kernels
    limits: Limits
    progress: Progress

    @property
    def bidders_first(self) -> tuple[_Side, _Side]:
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
        self.kernels.take(self.row, self.col, chosen)
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
            until = min(most, int(state[2]) + self.kernels.looks)
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

    def _finish(self, side: _Side, other: _Side, must: bool, state: Whole) -> None:
        load = np.asarray(side.load)
        lacking = load < (np.asarray(side.least) if must else self._wanted(side))
        sources = self.kernels.laid(np.flatnonzero(lacking))
        state[0] = 0
        while state[0] < len(sources) and (must or not self._may_stop()):
            self.progress("finishing", int(state[0]), len(sources))
            places = side, other, self.later
            if self.kernels.finish(*places, sources, must, state, self.kernels.looks):
                raise self._shortage(side, other, state[1])

    def _may_stop(self) -> bool:
        """Tell whether time is up, or what places could still be filled is little enough worth."""
        if self.limits.are_over or not self.limits.gap:
            return self.limits.are_over
        total = left = 0.0
        for side in (self.row, self.col):
            price, most, load = (np.asarray(one) for one in (side.price, side.most, side.load))
            beyond = (price - self.later).clip(0.0)
            first = price.clip(0.0) * (most > 0)
            total += float((first + beyond * (most - 1).clip(0)).sum())
            left += float((first * (load == 0) + beyond * (most - load.clip(1)).clip(0)).sum())
        return left <= self.limits.gap * total

    def _shortage(self, side: _Side, other: _Side, search: int) -> ShortageError:
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

    def _wanted(self, side: _Side) -> Integers:
        """Return how many places each would fill at its price."""
        price, most, least = (np.asarray(one) for one in (side.price, side.most, side.least))
        wanted = np.where(price > self.later, most, np.minimum(most, price > 0.0))
        return _whole(np.maximum(wanted, least))


def _split(price: Floats, side: _Side, later: float) -> tuple[Floats, Floats]:
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
) -> tuple[_Side, _Side]:
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
) -> _Side:
    size, count = len(most), len(ends)
    degree = np.bincount(ends, minlength=size)
    begins = np.append(0, np.cumsum(np.minimum(most, degree)))
    return _Side(
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


def _wanted(price: float, most: int, least: int, later: float) -> int:
    """Return how many places somebody would fill at their price, which has to be paid for each."""
    if price > later:
        return max(most, least)
    if price > 0.0:
        return max(min(most, 1), least)
    return least


def _spare(price: float, number: int, least: int, later: float) -> float:
    """Return what the price of somebody leaves beyond the cost of their place of that number."""
    if number <= least:
        return math.inf
    return price if number == 1 else price - later


def _sit(side: _Side, who: int, pair: int) -> None:
    """Give a pair the next of somebody's places."""
    place = side.begins[who] + side.load[who]
    side.mates[place] = pair
    side.place[pair] = place
    side.load[who] += 1


def _leave(side: _Side, who: int, pair: int) -> None:
    """Empty the place of a pair; the last pair moves there."""
    side.load[who] -= 1
    place = side.place[pair]
    last = side.mates[side.begins[who] + side.load[who]]
    side.mates[place] = last
    side.place[last] = place
    side.place[pair] = -1


def _take(row: _Side, col: _Side, chosen: Integers) -> None:
    """Choose pairs for which there is room."""
    for pair in chosen:
        twin = row.twins[pair]
        one, other = col.others[twin], row.others[pair]
        if row.load[one] < row.most[one] and col.load[other] < col.most[other]:
            _sit(row, one, pair)
            _sit(col, other, twin)


def _bid(  # noqa: C901 - one thought: bids, their places, and whom they drive out
    side: _Side,
    other: _Side,
    later: float,
    step: float,
    bids: Real,
    queue: Whole,
    waits: Whole,
    state: Whole,
    until: int,
) -> None:
    """Let those in the queue bid, until it is empty or enough pairs were looked at.

    The bids that hold somebody's places are a heap, the least first, which is what their cheapest
    place costs when all are filled. Nobody bids more than a pair is worth to them.
    """
    first, waiting, looks = state[0], state[1], state[2]
    size = len(queue)
    best = [(0.0, 0)]
    while waiting > 0 and looks < until:
        who = queue[first]
        first = first + 1 if first + 1 < size else 0
        waiting -= 1
        waits[who] = 0
        looks += side.starts[who + 1] - side.starts[who] + 1
        # The best offers, as many as there are free places, and one more; the least one first.
        free = side.most[who] - side.load[who]
        floor = 0.0 if side.load[who] == 0 else later
        best.clear()
        worse = top = floor
        choice = -1
        for pair in range(side.starts[who], side.starts[who + 1]):
            gain = side.weights[pair] - other.price[side.others[pair]]
            if gain <= worse or side.place[pair] >= 0:
                continue
            if free == 1:  # as a rule: no heap is needed for one offer and the second best
                if gain > top:
                    worse, top, choice = top, gain, pair
                else:
                    worse = gain
                continue
            if len(best) <= free:
                heappush(best, (gain, pair))
            else:
                heapreplace(best, (gain, pair))
            if len(best) > free:
                worse = best[0][0]
        if choice >= 0:
            best.append((top, choice))
        second = worse if free == 1 else floor
        # Whoever fills a first place may take what would not be worth a later one.
        while len(best) > free or (len(best) > 1 and best[0][0] <= later):
            second = heappop(best)[0]
        if side.load[who] > 0 or len(best) > 1:
            floor = later
        second = max(second, floor)
        for gain, pair in best:
            twin = side.twins[pair]
            whom = side.others[pair]
            begin = other.begins[whom]
            bid = other.price[whom] + min(gain - second + step, gain - floor)
            load = other.load[whom]
            if load == 0 or (load < other.most[whom] and bids[begin] >= later):
                at = load
                load += 1
                other.load[whom] = load
                while at > 0 and bids[begin + ((at - 1) >> 1)] > bid:
                    above = (at - 1) >> 1
                    moved = other.mates[begin + above]
                    bids[begin + at], other.mates[begin + at] = bids[begin + above], moved
                    other.place[moved] = begin + at
                    at = above
            else:
                beaten = other.mates[begin]
                loser = other.others[beaten]
                other.place[beaten] = -1
                _leave(side, loser, other.twins[beaten])
                if waits[loser] == 0:
                    waits[loser] = 1
                    last = first + waiting
                    queue[last if last < size else last - size] = loser
                    waiting += 1
                at = 0
                while 2 * at + 1 < load:
                    below = 2 * at + 1
                    if below + 1 < load and bids[begin + below + 1] < bids[begin + below]:
                        below += 1
                    if bids[begin + below] >= bid:
                        break
                    moved = other.mates[begin + below]
                    bids[begin + at], other.mates[begin + at] = bids[begin + below], moved
                    other.place[moved] = begin + at
                    at = below
            bids[begin + at] = bid
            other.mates[begin + at] = twin
            other.place[twin] = begin + at
            _sit(side, who, pair)
            cheapest = bids[begin]
            other.price[whom] = cheapest if load == other.most[whom] else min(cheapest, later)
    state[0], state[1], state[2] = first, waiting, looks


def _repair(side: _Side, other: _Side, later: float) -> None:  # noqa: C901 - one thought
    """Make prices cover all pairs that are not chosen, and drop chosen ones that do not fit."""
    for who in range(len(other.price)):
        floor = 0.0 if other.load[who] <= 1 else later
        if other.load[who] > other.least[who]:
            other.price[who] = max(other.price[who], floor)
    for who in range(len(side.price)):
        best, lowest = -math.inf, math.inf
        for pair in range(side.starts[who], side.starts[who + 1]):
            gain = side.weights[pair] - other.price[side.others[pair]]
            if side.place[pair] < 0:
                best = max(best, gain)
            else:
                lowest = min(lowest, gain)
        load = side.load[who]
        floor = 0.0 if load <= 1 else later
        if 0 < load <= side.least[who]:
            floor = min(0.0, lowest)  # whatever it costs
        price = max(best, floor)
        begin = side.begins[who]
        for place in range(begin + load - 1, begin - 1, -1):
            pair = side.mates[place]
            if side.weights[pair] - other.price[side.others[pair]] < price:
                _leave(side, who, pair)
                _leave(other, side.others[pair], side.twins[pair])
        # A price that all places are filled at may be as high as the pairs allow.
        full = 0 < load == side.load[who] == side.most[who]
        side.price[who] = max(price, lowest) if full else price
    for who in range(len(other.price)):
        wanted = _wanted(other.price[who], other.most[who], other.least[who], later)
        if other.load[who] >= wanted:
            continue
        price = 0.0 if other.load[who] == 0 else later
        for pair in range(other.starts[who], other.starts[who + 1]):
            if other.place[pair] < 0:
                price = max(price, other.weights[pair] - side.price[other.others[pair]])
        if price > other.price[who]:
            continue
        other.price[who] = price
        for pair in range(other.starts[who], other.starts[who + 1]):
            whom = other.others[pair]
            if (
                other.load[who] < wanted
                and other.place[pair] < 0
                and other.weights[pair] - side.price[whom] == price
                and side.load[whom]
                < _wanted(side.price[whom], side.most[whom], side.least[whom], later)
            ):
                _sit(other, who, pair)
                _sit(side, whom, other.twins[pair])


def _finish(  # noqa: C901 - one thought: a search, its prices and its path
    side: _Side,
    other: _Side,
    later: float,
    sources: Whole,
    must: bool,
    state: Whole,
    most: int,
) -> bool:
    """Look for shortest paths from each source; tell whether one finds none and must.

    A path goes by a pair that is not chosen, and back by one that is, and so on. It ends at
    somebody on the other side who fills one place more, or on the source's side who fills one less;
    the source itself may be the one, at a lower price.
    """
    looks = 0
    # Of the nodes 2 i and 2 i + 1 are i of the source's side and of the other.
    # What is no further than the node it is reached from is ready, and needs no heap.
    heap, ready, scanned = [(0.0, 0)], [0], [0]
    while state[0] < len(sources) and looks < most:
        source = sources[state[0]]
        wanted = _wanted(side.price[source], side.most[source], side.least[source], later)
        if side.load[source] >= (side.least[source] if must else wanted):
            state[0] += 1
            continue
        state[1] += 1
        search = state[1]
        # The shortest path so far is that the source itself fills no more places.
        bound = _spare(side.price[source], wanted, side.least[source], later)
        end, beyond = source, False
        side.near[source], side.stamp[source] = 0.0, search
        heap.clear()
        scanned.clear()
        ready.clear()
        ready.append(2 * source)
        far = 0.0
        while len(ready) + len(heap) > 0:
            if len(ready) > 0:
                reached = ready.pop()
            else:
                far, reached = heappop(heap)
            if far >= bound:
                break
            node = reached >> 1
            if far > (side.near[node] if reached & 1 == 0 else other.near[node]):
                continue  # reached again by a shorter way
            scanned.append(reached)
            if reached & 1 == 0:
                looks += side.starts[node + 1] - side.starts[node] + 1
                price = side.price[node]
                for pair in range(side.starts[node], side.starts[node + 1]):
                    whom = side.others[pair]
                    # Below 0 only where weights are off the grid.
                    length = far + max(0.0, price + other.price[whom] - side.weights[pair])
                    if (
                        length >= bound
                        or side.place[pair] >= 0
                        or (other.stamp[whom] == search and other.near[whom] <= length)
                    ):
                        continue
                    other.stamp[whom], other.near[whom], other.via[whom] = search, length, pair
                    if other.load[whom] < other.most[whom]:
                        number = other.load[whom] + 1
                        spare = _spare(other.price[whom], number, other.least[whom], later)
                        if length + max(0.0, -spare) < bound:
                            bound, end, beyond = length + max(0.0, -spare), whom, True
                    if length == far:
                        ready.append(2 * whom + 1)
                    elif length < bound:
                        heappush(heap, (length, 2 * whom + 1))
            else:
                looks += other.load[node] + 1
                price = other.price[node]
                for place in range(other.begins[node], other.begins[node] + other.load[node]):
                    pair = other.mates[place]
                    who = other.others[pair]
                    length = far + max(0.0, other.weights[pair] - price - side.price[who])
                    if length >= bound or (side.stamp[who] == search and side.near[who] <= length):
                        continue
                    side.stamp[who], side.near[who] = search, length
                    side.via[who] = other.twins[pair]
                    number = max(
                        side.load[who],
                        _wanted(side.price[who], side.most[who], side.least[who], later),
                    )
                    spare = max(0.0, _spare(side.price[who], number, side.least[who], later))
                    if length + spare < bound:
                        bound, end, beyond = length + spare, who, False
                    if length == far:
                        ready.append(2 * who)
                    elif length < bound:
                        heappush(heap, (length, 2 * who))
        if bound == math.inf:
            return True
        for reached in scanned:
            node = reached >> 1
            if reached & 1 == 0:
                side.price[node] -= bound - side.near[node]
            else:
                other.price[node] += bound - other.near[node]
        # First whoever loses a pair loses it, so that there is a place for the new one.
        node, across = end, beyond
        while across or node != source:
            pair = other.via[node] if across else side.via[node]
            if across:
                node = other.others[side.twins[pair]]
            else:
                _leave(side, node, pair)
                node = side.others[pair]
                _leave(other, node, side.twins[pair])
            across = not across
        node, across = end, beyond
        while across or node != source:
            pair = other.via[node] if across else side.via[node]
            if across:
                _sit(other, node, side.twins[pair])
                node = other.others[side.twins[pair]]
                _sit(side, node, pair)
            else:
                node = side.others[pair]
            across = not across
    return False


def _plain() -> _Kernels:
    """Return the kernels as Python runs them, on lists."""
    return _Kernels(np.ndarray.tolist, _take, _bid, _repair, _finish, PLAIN_LOOKS_AT_ONCE)


@cache
def _compiled() -> _Kernels:
    """Return the kernels as numba compiles them, on arrays."""
    extra("numba", "scale", "capacities in problems of this size")
    # Imported here, and nowhere else: numba takes half a second to load.
    from numba.extending import register_jitable

    from mentormatch.jit import kernel

    for called in (_wanted, _spare, _sit, _leave):
        register_jitable(called)
    kernels = kernel(_take), kernel(_bid), kernel(_repair), kernel(_finish)
    return _Kernels(lambda array: array, *kernels, LOOKS_AT_ONCE)
