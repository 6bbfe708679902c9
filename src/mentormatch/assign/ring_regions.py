"""Better rings, region by region: what is near each other is chosen anew, all else stays.

An integer program for thousands of rings takes HiGHS minutes; one for those among a hundred people
takes moments, and hardly ever leaves anything that is wrong there alone. ("Large neighbourhood
search".) So regions are cut out around whoever loses the most, one after the other, until none
brings anything; then larger ones.

References
----------
P. Shaw, "Using constraint programming and local search methods to solve vehicle routing problems",
CP (1998).
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.limits import Limits
from mentormatch.assign.ring_program import RingPrices, Rings, best_choice
from mentormatch.progress import Progress

__all__ = ["improved"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

#: How many people a region has, or a ring more; and among how many rings of each person it chooses.
REGIONS = (100, 30), (150, 30)
#: So many rings of each person, those that lose the least, say who is near.
NEAR = 5
#: HiGHS gives up on a region after so many nodes.
NODES = 50


def improved(
    rings: Rings,
    best: Rings,
    prices: RingPrices,
    by_people: bool,
    limits: Limits,
    progress: Progress,
) -> Rings:
    """Improve disjoint rings by choosing anew in one region after the other.

    Parameters
    ----------
    rings
        A list to choose from.
    best
        Disjoint rings, not necessarily of the list.
    prices
        By which no ring costs less than it is worth.
    by_people
        Whether there must not be fewer people in rings than before.
    limits
        When to stop.
    progress
        Told how many people have been in a region since rings last became better.

    Returns
    -------
    Rings
        Disjoint, of the list and of the earlier ones, and worth as much or more.
    """
    loss = rings.loss(prices)
    tight = rings.best_of_each(loss, NEAR)
    for people, count in REGIONS:
        some = rings.best_of_each(loss, count)
        best = _in_regions(people, some, tight, best, prices, by_people, limits, progress)
    return best


def _in_regions(
    people: int,
    rings: Rings,
    tight: Rings,
    best: Rings,
    prices: RingPrices,
    by_people: bool,
    limits: Limits,
    progress: Progress,
) -> Rings:
    """Go on with regions of so many people until none brings anything."""
    size = len(prices.tail)
    near = [tight.members[some] for some in tight.of_each(size)]
    listed = rings.of_each(size)
    done = np.zeros(size, dtype=np.bool_)  # whose region brought nothing
    while not done.all() and not limits.are_over:
        progress("choosing rings in regions", int(done.sum()), size)
        owner, lost = _losses(best, prices)
        seed = int(np.where(done, -1.0, lost).argmax())
        if lost[seed] <= 0.0:
            break
        region = _region(seed, people, owner, best.members, near)
        among = rings.some(np.unique(np.concatenate([listed[i] for i in region])))
        better = _anew(region, among, best, owner, prices, by_people, limits)
        if better is None:
            # Its neighbours are in much the same region as the seed.
            done[region[: len(region) // 5]] = True
            done[seed] = True
        else:
            best = better
            done[region] = False
    return best


def _losses(best: Rings, prices: RingPrices) -> tuple[Integers, Floats]:
    """Return which ring each person is in, -1 for none, and what they lose against the prices."""
    size = len(prices.tail)
    owner, lost = np.full(size, -1, dtype=np.int64), prices.person.copy()
    inside = best.members >= 0
    owner[best.members[inside]] = np.nonzero(inside)[0]
    shares = best.loss(prices) / np.maximum(best.lengths, 1)
    lost[owner >= 0] = shares[owner[owner >= 0]]
    return owner, lost


def _region(
    seed: int, people: int, owner: Integers, chosen: Integers, near: list[Integers]
) -> Integers:
    """Return people around somebody, nearest first, whole chosen rings of them.

    Who could well be in a ring with whom is near.
    """
    region: dict[int, None] = {}
    queue, seen = [seed], {seed}
    for person in queue:  # which grows
        if len(region) >= people:
            break
        ring = [person] if owner[person] < 0 else chosen[owner[person]].tolist()
        for member in ring:
            if member < 0:
                continue
            region[member] = None
            for other in near[member].ravel().tolist():
                if other >= 0 and other not in seen:
                    seen.add(other)
                    queue.append(other)
    return np.array(list(region), dtype=np.int64)


def _anew(
    region: Integers,
    rings: Rings,
    best: Rings,
    owner: Integers,
    prices: RingPrices,
    by_people: bool,
    limits: Limits,
) -> Rings | None:
    """Choose rings anew among the people of a region; `None` if that brings nothing."""
    place = np.full(len(owner) + 1, -1, dtype=np.int64)
    place[region] = np.arange(len(region))
    here = np.flatnonzero(((rings.members < 0) | (place[rings.members] >= 0)).all(axis=1))
    stays = np.ones(len(best), dtype=np.bool_)
    stays[owner[region[owner[region] >= 0]]] = False
    before = best.some(~stays)
    among = rings.some(here)
    local = RingPrices(prices.tail[region], prices.head[region], prices.lam, prices.must[region])
    renamed = Rings(place[among.members], among.worth)
    outside = len(region) - int(before.lengths.sum())
    loses = math.fsum(before.loss(prices).tolist())
    loses += math.fsum(prices.person[region[owner[region] < 0]].tolist())
    if loses <= 0.0:
        return None
    most = outside if by_people else None
    chosen, _ = best_choice(renamed, local, most, loses, limits, NODES)
    if chosen is None:
        return None
    after = among.some(chosen)
    people = [int(some.lengths.sum()) if by_people else 0 for some in (after, before)]
    worth = [math.fsum(some.worth.tolist()) for some in (after, before)]
    if (people[0], worth[0]) <= (people[1], worth[1]):
        return None
    rest = best.some(stays)
    return Rings(
        np.concatenate((rest.members, after.members)), np.concatenate((rest.worth, after.worth))
    )
