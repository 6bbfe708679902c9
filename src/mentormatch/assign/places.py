"""The places of rows and columns, and the loops that fill them: bid, repair and finish.

They are plain functions over `Side`, whose fields are arrays or lists. `compiled` gives them as
kernels over arrays (extra ``scale``), `PLAIN` as they are, over lists: they call nothing but what
Python has as well, and on small problems they are done before numba would have been loaded.
What they do is told in `mentormatch.assign.capacitated`.
"""

import math
from collections.abc import Callable
from functools import cache
from heapq import heappop, heappush, heapreplace
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.extras import extra

__all__ = ["PLAIN", "Kernels", "Real", "Side", "Whole", "compiled"]

#: Whole numbers and real ones: arrays for compiled kernels, lists for plain ones.
Whole: TypeAlias = NDArray[np.int64] | NDArray[np.int32] | list[int]
Real: TypeAlias = NDArray[np.float64] | list[float]


class Side(NamedTuple):
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


class Kernels(NamedTuple):
    """The loops over both sides, and how those have to be laid out for them."""

    laid: Callable[[Any], Any]  # makes of an array what the rest takes
    take: Callable[..., None]
    bid: Callable[..., None]
    repair: Callable[..., None]
    finish: Callable[..., bool]


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


def _sit(side: Side, who: int, pair: int) -> None:
    """Give a pair the next of somebody's places."""
    place = side.begins[who] + side.load[who]
    side.mates[place] = pair
    side.place[pair] = place
    side.load[who] += 1


def _leave(side: Side, who: int, pair: int) -> None:
    """Empty the place of a pair; the last pair moves there."""
    side.load[who] -= 1
    place = side.place[pair]
    last = side.mates[side.begins[who] + side.load[who]]
    side.mates[place] = last
    side.place[last] = place
    side.place[pair] = -1


def _take(row: Side, col: Side, chosen: Whole) -> None:
    """Choose pairs for which there is room."""
    for pair in chosen:
        twin = row.twins[pair]
        one, other = col.others[twin], row.others[pair]
        if row.load[one] < row.most[one] and col.load[other] < col.most[other]:
            _sit(row, one, pair)
            _sit(col, other, twin)


def _bid(  # noqa: C901 - one thought: bids, their places, and whom they drive out
    side: Side,
    other: Side,
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


def _repair(side: Side, other: Side, later: float) -> None:  # noqa: C901 - one thought
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
    side: Side,
    other: Side,
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


#: As Python runs them.
PLAIN = Kernels(np.ndarray.tolist, _take, _bid, _repair, _finish)


@cache
def compiled() -> Kernels:
    """Return the kernels as numba compiles them.

    Raises
    ------
    MissingExtraError
        If it is not installed.

    Examples
    --------
    >>> compiled().laid(np.array([1, 2]))
    array([1, 2])
    """
    extra("numba", "scale", "capacities in problems of this size")
    # Imported here, and nowhere else: numba takes half a second to load.
    from numba.extending import register_jitable

    from mentormatch.jit import kernel

    for called in (_wanted, _spare, _sit, _leave):
        register_jitable(called)
    return Kernels(_as_it_is, kernel(_take), kernel(_bid), kernel(_repair), kernel(_finish))


def _as_it_is(array: Any) -> Any:
    return array
