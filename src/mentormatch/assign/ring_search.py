"""Which short rings are worth more than their prices: paths that gain at every step.

Of a ring that gains in all there is a place to begin from which every part of the way gains, too
(the "gain criterion" of Lin and Kernighan). So paths are grown arrow by arrow, from everybody at
once, and given up as soon as they lose; with good prices nearly all are given up at once.

References
----------
S. Lin, B. W. Kernighan, "An effective heuristic algorithm for the traveling-salesman problem",
Operations Research 21 (1973).
"""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.ring_problem import RingProblem

__all__ = ["rings_above"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

#: So many ways to go on are looked at at once.
AT_ONCE = 2**20


def rings_above(
    problem: RingProblem, gains: Floats, longest: int, floor: float
) -> Iterator[Integers]:
    """Find all rings whose arrows gain more than `floor` together.

    Parameters
    ----------
    problem
        The arrows; its scores are not looked at.
    gains : float64 array, shape (n_arrows,)
        On one grid, so that sums around a ring are exact.
    longest
        How many people a ring has at most, 2 or more.
    floor
        0 or less. The lower it is the more rings are found, and the more paths are walked.

    Yields
    ------
    int64 array, shape (n_rings, longest)
        Some of the rings, each from its smallest member on and filled up with -1. One may come
        several times, in different batches too. Batches with no rings in them come as well, about
        every `AT_ONCE` looks, so that clocks are heeded.

    Examples
    --------
    >>> tails, heads = np.array([0, 1, 1, 2]), np.array([1, 0, 2, 0])
    >>> problem = RingProblem(3, tails, heads, np.ones(4))
    >>> batches = rings_above(problem, np.array([1.0, -2.0, 0.5, -0.5]), 3, 0.0)
    >>> np.unique(np.concatenate(list(batches)), axis=0)
    array([[0, 1, 2]])
    """
    begins = np.flatnonzero(gains > floor / 2)
    paths = np.column_stack((problem.tails[begins], problem.heads[begins]))
    yield from _grown(problem, gains, longest, floor, paths, gains[begins])


def _grown(
    problem: RingProblem,
    gains: Floats,
    longest: int,
    floor: float,
    paths: Integers,
    gained: Floats,
) -> Iterator[Integers]:
    """Close some paths to rings, and grow them by one person each."""
    length = paths.shape[1]
    closing = problem.find(paths[:, -1], paths[:, 0])
    closed = closing >= 0
    closed[closed] = gained[closed] + gains[closing[closed]] > floor
    yield _filled(paths[closed], longest)
    if length == longest:
        return
    ways = problem.starts[paths[:, -1] + 1] - problem.starts[paths[:, -1]]
    ends = np.cumsum(ways)
    first = 0
    while first < len(paths):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + AT_ONCE, side="right")))
        some = slice(first, last)
        arrows = _all_ways(problem, paths[some], ways[some])
        path = np.repeat(np.arange(first, last), ways[some])
        gain = gained[path] + gains[arrows]
        # A ring of n people that gains more than the floor has a way round it on which its first
        # k arrows gain more than k/n of the floor.
        kept = gain > floor * length / (length + 1)
        arrows, path, gain = arrows[kept], path[kept], gain[kept]
        heads = problem.heads[arrows]
        new = (paths[path] != heads[:, np.newaxis]).all(axis=1)
        grown = np.column_stack((paths[path[new]], heads[new]))
        yield from _grown(problem, gains, longest, floor, grown, gain[new])
        first = last


def _all_ways(problem: RingProblem, paths: Integers, ways: Integers) -> Integers:
    """Return the arrows from the end of each path, one path after the other."""
    ends = np.cumsum(ways)
    shift = problem.starts[paths[:, -1]] - (ends - ways)
    places: Integers = np.arange(int(ways.sum())) + np.repeat(shift, ways)
    return places


def _filled(rings: Integers, longest: int) -> Integers:
    """Turn rings so that they begin at the smallest member, and fill them up with -1."""
    count, length = rings.shape
    filled = np.full((count, longest), -1, dtype=np.int64)
    turn = (rings.argmin(axis=1)[:, np.newaxis] + np.arange(length)) % length
    filled[:, :length] = np.take_along_axis(rings, turn, axis=1)
    return filled
