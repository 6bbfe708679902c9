"""What it costs to bring somebody into a ring who is in none.

In rings of any length whoever stays out has themself (`mentormatch.assign.loops`). Let them teach
somebody instead: whoever taught that one looks for another to teach, who is taken from somebody
else, and so on, until one of them teaches the person, whose place is free. Under the prices of the
best rings each of these steps costs what its arrow misses being worth its prices. So one search for
shortest paths back from the person says of everybody what it costs at least that the person
teaches them; one search onwards says of everybody what it costs that they teach the person.

That is what `Ends` says of columns and of rows: with the person as a new row, everybody's worth as
somebody to teach, and as a new column, as somebody to learn from. What the person teaches, or
learns, need not be among the arrows.

References
----------
E. W. Dijkstra, "A note on two problems in connexion with graphs", Numerische Mathematik 1 (1959).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.assign.ends import Ends
from mentormatch.assign.loops import with_loops
from mentormatch.assign.ring_problem import RingProblem, RingSolution

__all__ = ["Joining"]

Integers: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.int32]  # as csgraph has them
Floats: TypeAlias = NDArray[np.float64]
Kind = TypeVar("Kind", np.int32, np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class _Layer:
    """What is added up, people or scores: what arrows are worth in it, and their prices."""

    prices: tuple[Floats, Floats]
    each: float  # of any arrow
    share: float  # of its score

    def missing(self, ends: tuple[Integers, Integers], scores: Floats, is_arrow: Floats) -> Floats:
        """Return what arrows and loops miss being worth their prices."""
        tail, head = self.prices
        worth = self.share * scores + self.each * is_arrow
        missing: Floats = tail[ends[0]] + head[ends[1]] - worth
        return missing


@dataclass(frozen=True, eq=False, slots=True)
class _Steps:
    """From whom to whom steps lead, ordered by the former, and their length in each layer."""

    starts: Places
    to: Places
    lengths: tuple[Floats, ...]

    @property
    def back(self) -> "_Steps":
        """The same steps from their ends."""
        size, places = len(self.starts) - 1, np.arange(len(self.to))
        turned = csr_array((places, self.to, self.starts), shape=(size, size)).tocsc()
        lengths = tuple(one[turned.data] for one in self.lengths)
        return _Steps(turned.indptr, turned.indices, lengths)

    def instead(self, person: int, to: Integers, lengths: tuple[Floats, ...]) -> "_Steps":
        """Return the same, but for the steps of one person."""
        first, last = self.starts[person : person + 2].tolist()
        starts = self.starts.copy()
        starts[person + 1 :] += len(to) - (last - first)

        def put(old: NDArray[Kind], new: NDArray[Kind]) -> NDArray[Kind]:
            return np.concatenate((old[:first], new, old[last:]))

        both = zip(self.lengths, lengths, strict=True)
        there = put(self.to, to.astype(np.int32))
        return _Steps(starts, there, tuple(put(old, new) for old, new in both))

    def distances(self, person: int) -> Iterator[Floats]:
        """Yield how far everybody is from somebody, in each layer along what is shortest so far."""
        # Imported here: csgraph would lengthen `import mentormatch`.
        from scipy.sparse.csgraph import dijkstra

        starts, to, lengths = self.starts, self.to, list(self.lengths)
        size = len(starts) - 1
        while lengths:
            length = lengths.pop(0)
            steps = csr_array((length, to, starts), shape=(size, size))
            least = dijkstra(steps, indices=[person])[0]
            yield least
            if lengths:
                kept = np.repeat(least, np.diff(starts)) + length == least[to]
                starts = np.append(np.int32(0), np.cumsum(kept, dtype=np.int32))[starts]
                to, lengths = to[kept], [one[kept] for one in lengths]


class Joining:
    """Answers for anybody who is in no ring what it takes to bring them into one.

    Made once for a solution.

    Parameters
    ----------
    problem
        The arrows.
    solution
        The best rings of any length; its prices cover every arrow.

    Examples
    --------
    >>> from mentormatch.assign.rings import solve_rings
    >>> scores = np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 0.0], [0.0, 0.25, 0.0]])
    >>> problem = RingProblem.from_scores(scores, scores > 0)
    >>> ends = Joining(problem, solve_rings(problem)).ends(2, 0)
    >>> ends.losses(np.array([1]), np.array([0.25]))  # 1.75 and not 2
    (array([0.]), array([0.25]))
    """

    def __init__(self, problem: RingProblem, solution: RingSolution) -> None:
        self._size, self._lam = problem.size, solution.lam
        self._layers = [_Layer((solution.tail_prices, solution.head_prices), solution.lam, 1.0)]
        tail, head = solution.tail_count_prices, solution.head_count_prices
        if tail is not None and head is not None:
            self._layers.insert(0, _Layer((tail, head), 1.0, 0.0))
        self._taught_by = np.arange(problem.size)  # oneself, if in no ring
        self._taught_by[solution.next_members] = solution.members
        arrows = problem.tails, problem.heads, problem.scores
        pairs = with_loops(problem.size, *arrows, ~problem.must)
        # Whoever looks for somebody takes them from whoever has them, who looks for another then.
        some = np.flatnonzero(self._taught_by[pairs.cols] != pairs.rows)
        ends = pairs.rows[some], pairs.cols[some]
        is_arrow = np.not_equal(*ends).astype(np.float64)
        lengths = [layer.missing(ends, pairs.scores[some], is_arrow) for layer in self._layers]
        starts = np.searchsorted(ends[0], np.arange(problem.size + 1)).astype(np.int32)
        to = self._taught_by[ends[1]].astype(np.int32)
        onwards = _Steps(starts, to, tuple(lengths))
        self._steps = onwards.back, onwards

    def ends(self, person: int, side: int, arrows: tuple[Integers, Floats] | None = None) -> Ends:
        """Return what everybody costs whom somebody would teach, or learn from.

        Parameters
        ----------
        person
            Who; they are in no ring.
        side
            0 for whom they would teach, as if that were their one arrow; 1 for whom they would
            learn from.
        arrows
            Those at their other end, where they are not those of the problem: from whom, or (with
            `side` 1) to whom, and what each is worth.

        Returns
        -------
        Ends
            With everybody as columns, and the person as the one row. What has no end is infinite,
            as whatever leads the person to themself.
        """
        steps = self._steps[side]
        if arrows is not None:
            others, scores = arrows
            same, ones = np.full(len(others), person), np.ones(len(others))
            ends = (same, others) if side else (others, same)
            lengths = [layer.missing(ends, scores, ones) for layer in self._layers]
            # Of these each way has exactly one, so that all may be longer, and none below 0.
            lower = [min(0.0, float(one.min(initial=0.0))) for one in lengths]
            to = self._taught_by[others] if side else others
            raised = tuple(one - less for one, less in zip(lengths, lower, strict=True))
            steps = steps.instead(person, to, raised)
        else:
            lower = [0.0] * len(self._layers)
        lost = []
        for layer, less, far in zip(self._layers, lower, steps.distances(person), strict=True):
            tail, head = layer.prices
            if side:
                costs = far + less + tail + head[person]
            else:
                costs = far[self._taught_by] + less + head + tail[person]
            costs[person] = np.inf
            lost.append(costs)
        counted = len(self._layers) - 1
        pairs = lost[0] if counted else np.zeros(self._size)
        return Ends(pairs, lost[-1], self._lam, float(counted))
