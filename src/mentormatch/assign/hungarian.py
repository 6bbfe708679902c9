"""The Hungarian method on sparse scores: bid, repair, and finish along shortest paths.

Every row has a profit and every column a price, none negative, that together cover each pair:
``profit[i] + price[j] >= weight``. A matching is heaviest if all its pairs are tight (covered with
nothing to spare) and whoever is left single has a price of 0 (Kuhn 1955).

1. *Bid.* The members of the smaller side, "rows" from here on, bid for the columns they gain most
   from, first come, first served, each by a little more than the column is worth to it beside its
   second choice (Bertsekas's auction, with "stay single" as everybody's second choice at least).
   That is quick and nearly right.
2. *Repair.* Profits are computed from the prices, pairs that are not tight are dropped, and free
   columns lower their prices until they are tight with some row or cost nothing.
3. *Finish.* From each single row that has a profit a shortest path (Dijkstra's) is looked for, to a
   free column or to a row that gives up its own with nothing lost; then likewise from each free
   column that has a price. Each path ends one wrong thing, and starts none.

Weights lie on a binary grid, so that every sum here is exact: nothing is ever nearly tight.

The work is bounded: bidding stops after `LOOKS_PER_PAIR` looks at each pair on average, and
there is one path at most for each row and column, each looking once at every pair: at worst
O((rows + columns) x pairs x log), where all paths are as long as the graph. Where bidding goes well
it leaves a few percent of the rows, and nearly all their paths have one step.

References
----------
H. W. Kuhn, "The Hungarian method for the assignment problem", Naval Research Logistics Quarterly 2
(1955). D. P. Bertsekas, "Auction algorithms for network flow problems", Computational Optimization
and Applications 1 (1992). R. Jonker, A. Volgenant, "A shortest augmenting path algorithm for dense
and sparse linear assignment problems", Computing 38 (1987).
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.problem import Heaviest, Prices, Problem
from mentormatch.jit import kernel
from mentormatch.progress import Progress, quiet

__all__ = ["sparse_heaviest"]

Integers: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float64]

#: Bidding looks at each pair at most this many times on average; the paths do what is left.
LOOKS_PER_PAIR = 60
#: An earlier answer is gone on from if it leaves so few wrong, or one for so many rows. Each takes
#: a path, and where prices are far off those are long: 25 s for 10,000 of them, of 100,000 rows
#: that bidding matched in half a second.
FEW_PATHS, PATHS_PER_ROW = 16, 10
#: A kernel returns after about so many looks at pairs, so that Ctrl-C and clocks are heeded.
LOOKS_AT_ONCE = 20_000_000


@dataclass(frozen=True, eq=False, slots=True)
class _Side:
    """One side's view of the pairs, and where it stands; the other side has another."""

    starts: Integers  # (n + 1,): where each one's pairs begin
    others: Places  # (n_pairs,): the other end of each pair
    weights: Floats  # (n_pairs,)
    price: Floats  # (n,)
    mate: Places  # (n,): -1 for none

    def __len__(self) -> int:
        return len(self.price)

    @property
    def with_pairs(self) -> int:
        """How many have a pair at all."""
        return int(np.count_nonzero(np.diff(self.starts)))


def sparse_heaviest(
    problem: Problem,
    weights: Floats,
    step: float,
    start: Heaviest | None = None,
    limits: Limits = NO_LIMITS,
    progress: Progress = quiet,
) -> Heaviest:
    """Find a matching of the largest total weight, and the prices that prove it.

    Parameters
    ----------
    problem
        The allowed pairs; its scores are not looked at.
    weights : float64 array, shape (n_pairs,)
        What each pair is worth: 0 or more, on one grid (`mentormatch.assign.grid.on_grid`).
    step
        By how much bids rise at least: on the grid, above 0; a thousandth of what tells the
        weights apart is quick.
    start
        An answer for other weights of the same pairs. Where it leaves too much to be put right,
        bidding from nothing is quicker, and is what is done.
    limits
        Once the time is up, or the prices add up to little enough more than the matching, the rest
        is left undone.
    progress
        Told how many rows have bid, and how many paths have been looked for.

    Returns
    -------
    Heaviest
        The same for the same input, in any process, unless the time was up. The prices cover all
        pairs in any case.

    Examples
    --------
    >>> problem = Problem.from_scores([[10.0, 9.0], [9.0, 1.0]])
    >>> found = sparse_heaviest(problem, problem.scores, 2.0**-7)
    >>> found.chosen, found.prices.total
    (array([1, 2]), 18.0)
    """
    n_rows, n_cols = problem.shape
    # Kernels are compiled for each type of array, and read-only ones are a type.
    starts, cols = problem.starts.copy(), problem.cols.astype(np.int32)
    weights = weights if weights.flags.writeable else weights.copy()
    row = _Side(starts, cols, weights, np.zeros(n_rows), _nobody(n_rows))
    turned = _turned(starts, cols, weights, n_cols)
    col = _Side(*turned, np.zeros(n_cols), _nobody(n_cols))
    # Of the larger side some stay single: were they to bid, they would go on until all prices are
    # so high that they give up, and each path would have to look for who gives up last.
    bidders, sought = (row, col) if row.with_pairs <= col.with_pairs else (col, row)
    if start is not None:
        row.mate[problem.rows[start.chosen]] = problem.cols[start.chosen]
        col.mate[problem.cols[start.chosen]] = problem.rows[start.chosen]
        row.price[:], col.price[:] = start.prices.row, start.prices.col
        _repair(*_arrays(bidders), *_arrays(sought))
    if start is None or _wrong(row) + _wrong(col) > max(FEW_PATHS, n_rows // PATHS_PER_ROW):
        for side in (row, col):
            side.mate[:], side.price[:] = -1, 0.0
        _bid_all(bidders, sought, step, limits, progress)
        _repair(*_arrays(bidders), *_arrays(sought))
    for side, other in ((bidders, sought), (sought, bidders)):
        _finish_all(side, other, limits, progress)
    return Heaviest(problem.positions(row.mate.astype(np.int64)), Prices(row.price, col.price))


def _nobody(size: int) -> Places:
    return np.full(size, -1, dtype=np.int32)


def _arrays(side: _Side) -> tuple[Integers, Places, Floats, Floats, Places]:
    return side.starts, side.others, side.weights, side.price, side.mate


def _wrong(side: _Side) -> int:
    """Count who is single and has a price."""
    return int(((side.mate < 0) & (side.price > 0.0)).sum())


def _bid_all(row: _Side, col: _Side, step: float, limits: Limits, progress: Progress) -> None:
    """Let rows bid until nobody is outbid, or they have looked at pairs often enough."""
    queue = np.arange(len(row), dtype=np.int32)
    state = np.array([0, len(row), 0], dtype=np.int64)  # first in the queue, how many, looks
    most = LOOKS_PER_PAIR * len(row.others)
    while state[1] and state[2] < most and not limits.are_over:
        progress("bidding", len(row) - int(state[1]), len(row))
        until = min(most, int(state[2]) + LOOKS_AT_ONCE)
        pairs = row.starts, row.others, row.weights
        _bid(*pairs, row.mate, col.price, col.mate, step, queue, state, until)


def _finish_all(side: _Side, other: _Side, limits: Limits, progress: Progress) -> None:
    """Make every single one of a side either matched or worth nothing."""
    sources = np.flatnonzero((side.mate < 0) & (side.price > 0.0))
    size = len(other)
    distance, parent = np.empty(size), np.empty(size, dtype=np.int32)
    stamp = np.zeros(size, dtype=np.int64)
    done = 0
    while done < len(sources) and not limits.are_over and not _is_enough(side, other, limits.gap):
        progress("finishing", done, len(sources))
        search = distance, parent, stamp, LOOKS_AT_ONCE
        done = _finish(*_arrays(side), other.price, other.mate, sources, done, *search)


def _is_enough(side: _Side, other: _Side, gap: float) -> bool:
    """Tell whether what the single ones are worth is a small enough part of what all are worth."""
    if not gap:
        return False
    single = sum(float(one.price[one.mate < 0].sum()) for one in (side, other))
    return single <= gap * float(side.price.sum() + other.price.sum())


@kernel
def _turned(
    starts: Integers, cols: Places, weights: Floats, n_cols: int
) -> tuple[Integers, Places, Floats]:
    """Return the same pairs listed by column."""
    ends = np.zeros(n_cols + 1, dtype=np.int64)
    for col in cols:
        ends[col + 1] += 1
    for col in range(n_cols):
        ends[col + 1] += ends[col]
    place = ends[:-1].copy()
    rows = np.empty(len(cols), dtype=np.int32)
    turned = np.empty(len(cols), dtype=np.float64)
    for row in range(len(starts) - 1):
        for pair in range(starts[row], starts[row + 1]):
            col = cols[pair]
            rows[place[col]] = row
            turned[place[col]] = weights[pair]
            place[col] += 1
    return ends, rows, turned


@kernel
def _bid(
    starts: Integers,
    cols: Places,
    weights: Floats,
    mate: Places,
    price: Floats,
    owner: Places,
    step: float,
    queue: Places,
    state: Integers,
    until: int,
) -> None:
    """Let the rows in the queue bid, until it is empty or enough pairs were looked at.

    A row never pays more than a column is worth to it. That bid may be less than a step above the
    price; it is the row's last for the column, so that bidding ends all the same.
    """
    first, waiting, looks = state
    size = len(queue)
    while waiting > 0 and looks < until:
        row = queue[first]
        first = first + 1 if first + 1 < size else 0
        waiting -= 1
        best, second, choice = 0.0, 0.0, -1
        for pair in range(starts[row], starts[row + 1]):
            gain = weights[pair] - price[cols[pair]]
            if gain > best:
                best, second, choice = gain, best, cols[pair]
            elif gain > second:
                second = gain
        looks += starts[row + 1] - starts[row] + 1
        if choice < 0:
            continue
        price[choice] += min(best - second + step, best)
        loser = owner[choice]
        owner[choice], mate[row] = row, choice
        if loser >= 0:
            mate[loser] = -1
            last = first + waiting
            queue[last if last < size else last - size] = loser
            waiting += 1
    state[0], state[1], state[2] = first, waiting, looks


@kernel
def _repair(
    starts: Integers,
    cols: Places,
    weights: Floats,
    profit: Floats,
    mate: Places,
    col_starts: Integers,
    rows: Places,
    col_weights: Floats,
    price: Floats,
    owner: Places,
) -> None:
    """Make profits and prices cover every pair, and keep the pairs that are tight."""
    for row in range(len(profit)):
        best = own = 0.0
        for pair in range(starts[row], starts[row + 1]):
            gain = weights[pair] - price[cols[pair]]
            best = max(best, gain)
            if cols[pair] == mate[row]:
                own = gain
        profit[row] = best
        if mate[row] >= 0 and own < best:
            owner[mate[row]] = -1
            mate[row] = -1
    for col in range(len(price)):
        if owner[col] >= 0 or price[col] == 0.0:
            continue
        best, choice = 0.0, -1
        for pair in range(col_starts[col], col_starts[col + 1]):
            gain = col_weights[pair] - profit[rows[pair]]
            # Of equal ones a free row is taken.
            if gain > best or (gain == best and choice >= 0 and mate[choice] >= 0):
                best, choice = gain, rows[pair]
        price[col] = best
        if choice >= 0 and mate[choice] < 0:
            owner[col], mate[choice] = choice, col


@kernel
def _finish(  # noqa: C901 - one thought, and calls between kernels would take arrays apart
    starts: Integers,
    others: Places,
    weights: Floats,
    profit: Floats,
    mate: Places,
    price: Floats,
    owner: Places,
    sources: Integers,
    done: int,
    distance: Floats,
    parent: Places,
    stamp: Integers,
    most: int,
) -> int:
    """Look for a shortest path from each source on; return how many sources are done.

    What one side calls profits and mates is the other's prices and owners: this serves both.
    """
    looks = 0
    keys, items = np.empty(64), np.empty(64, dtype=np.int32)  # the heap
    scanned = np.empty(64, dtype=np.int32)  # columns whose distance is final, in order
    while done < len(sources) and looks < most:
        source = sources[done]
        done += 1
        if mate[source] >= 0:
            continue
        # The shortest path so far is to leave the source itself single.
        bound, end, gives_up = profit[source], -1, -1
        count = held = 0
        row, far = source, 0.0
        while True:
            looks += starts[row + 1] - starts[row] + 1
            for pair in range(starts[row], starts[row + 1]):
                col = others[pair]
                # Below 0 only where weights are off the grid: that must not make paths of circles.
                length = far + max(0.0, profit[row] + price[col] - weights[pair])
                if length >= bound or (stamp[col] == done and distance[col] <= length):
                    continue
                stamp[col], distance[col], parent[col] = done, length, row
                if owner[col] < 0:
                    bound, end, gives_up = length, col, -1
                else:
                    if held == len(keys):
                        keys, items = np.append(keys, keys), np.append(items, items)
                    _push(keys, items, held, length, col)
                    held += 1
            # The next column, nearest first; what was reached again by a shorter way is skipped.
            col = -1
            while held > 0:
                near, candidate = keys[0], items[0]
                held -= 1
                _pop(keys, items, held)
                if near >= bound:
                    held = 0
                elif near == distance[candidate]:
                    col = candidate
                    break
            if col < 0:
                break
            if count == len(scanned):
                scanned = np.append(scanned, scanned)
            scanned[count] = col
            count += 1
            row, far = owner[col], distance[col]
            if far + profit[row] < bound:
                bound, end, gives_up = far + profit[row], col, row
        profit[source] -= bound
        for place in range(count):
            col = scanned[place]
            gain = bound - distance[col]
            price[col] += gain
            profit[owner[col]] -= gain
        if end < 0:
            continue
        if gives_up >= 0:
            mate[gives_up] = -1
        col = end
        while True:
            row = parent[col]
            before = mate[row]
            mate[row], owner[col] = col, row
            if row == source:
                break
            col = before
    return done


@kernel
def _push(keys: Floats, items: Places, place: int, key: float, item: int) -> None:
    """Add to a binary heap of `place` entries."""
    while place > 0:
        above = (place - 1) >> 1
        if keys[above] <= key:
            break
        keys[place], items[place] = keys[above], items[above]
        place = above
    keys[place], items[place] = key, item


@kernel
def _pop(keys: Floats, items: Places, size: int) -> None:
    """Take the least entry off a binary heap, which leaves `size`."""
    key, item = keys[size], items[size]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[place], items[place] = keys[below], items[below]
        place = below
    keys[place], items[place] = key, item
