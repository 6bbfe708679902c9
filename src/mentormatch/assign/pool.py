"""The best matching of one pool, with its proof: anyone may be paired with anyone.

1. *Double cover.* Each member is a row and a column, each pair is there both ways round, and the
   Hungarian method matches rows to columns. A member's price is the mean of the two it has. Whom
   the answer joins are pairs, paths and cycles, all tight; all but the odd cycles fall into pairs.
2. *Blossoms.* Of each odd cycle one member is left single with a price; trees from these few close
   the rest of the gap (`mentormatch.assign.alternating`).

References
----------
M. L. Balinski, "Integer programming: methods, uses, computation", Management Science 12 (1965):
the relaxed problem has half-integral answers. U. Derigs, A. Metz, "On the use of optimal
fractional matchings for solving the (integer) matching problem", Computing 36 (1986).
"""

import math
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.alternating import Closed, closed
from mentormatch.assign.count import most_people
from mentormatch.assign.cover import least_cover
from mentormatch.assign.floor import Between, given_up, narrowed, neediest
from mentormatch.assign.floor_proof import PoolFloor
from mentormatch.assign.grid import on_grid, power_of_two_from
from mentormatch.assign.heaviest import heaviest
from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.pool_problem import SPARE_BITS, PoolProblem, PoolSolution
from mentormatch.assign.problem import Heaviest, Objective, Prices, Problem
from mentormatch.assign.tutte_berge import count_proof
from mentormatch.progress import Progress, quiet

__all__ = ["double_cover", "halved", "heaviest_pool"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


def heaviest_pool(
    problem: PoolProblem,
    objective: Objective,
    start: PoolSolution | None = None,
    limits: Limits = NO_LIMITS,
    progress: Progress = quiet,
) -> PoolSolution:
    """Find the best matching of one pool, and prove it.

    Parameters
    ----------
    problem
        The allowed pairs and their scores.
    objective
        What the matching is to be best at.
    start
        An answer for the same members and other pairs or scores, from which a large problem goes
        on; the quicker the less there is to change.
    limits
        When to stop before. The prices cover all pairs whenever that is. The gap counts under
        `Objective.SCORE` only (beside lam any would be small), and ends the search for what odd
        cycles lose; what comes before it runs to its end or the deadline. Of a floor that was not
        found in time, `PoolFloor.at_most` says how high it might be.
    progress
        Told how far a large problem has come.

    Returns
    -------
    PoolSolution
        The same for the same input, in any process, unless the time was up.

    Raises
    ------
    ValueError
        If `start` has another number of members.
    MissingExtraError
        If the problem is too large for a dense table and the extra ``scale`` is not installed.

    Examples
    --------
    Four that would go in a ring; the best pair leaves two who may not be paired:

    >>> a, b = np.array([0, 0, 1, 2]), np.array([1, 2, 2, 3])
    >>> ring = PoolProblem(4, a, b, np.array([0.25, 0.5, 1.0, 0.25]))
    >>> heaviest_pool(ring, Objective.SCORE)
    PoolSolution(score: 1 pair worth 1, optimal)
    >>> heaviest_pool(ring, Objective.PEOPLE_THEN_SCORE)
    PoolSolution(people_then_score: 2 pairs worth 0.5, optimal)
    >>> heaviest_pool(ring, Objective.FLOOR_THEN_SCORE).floor.score
    0.25
    """
    if start is not None and len(start.prices) != problem.size:
        raise ValueError(f"start has {len(start.prices)} members, the problem has {problem.size}")
    double = double_cover(problem)
    found = None if start is None else (start.mate, start.prices)
    if objective is Objective.SCORE:
        weights, step = on_grid(double.scores, 0.0, SPARE_BITS)
        best = _heaviest(double, weights, found, limits, progress)
        return _solution(problem, objective, best, step=step)
    lam = 0.0 if start is None else start.lam
    free = _people_then_score(problem, double, found, lam, limits, progress)
    if objective is Objective.PEOPLE_THEN_SCORE:
        return free
    return _floor_then_score(problem, free, limits, progress)


def _people_then_score(
    problem: PoolProblem,
    double: Problem,
    start: tuple[Integers, Floats] | None,
    lam: float,
    limits: Limits,
    progress: Progress,
) -> PoolSolution:
    """Find the heaviest matching for scores + lam, lam doubled until it has as many pairs as any.

    Whether it has is for the count prices to say, so the search ends with the proof in hand, at the
    least lam that was tried at which a matching of the most pairs is a heaviest.
    """
    largest = float(problem.scores.max(initial=0.0))
    lam = max(lam, power_of_two_from(largest) if largest else 1.0)
    # A path to one more pair gives up fewer pairs than half the members, so it loses less than
    # that many times the largest score: a lam above that leaves no pair out.
    enough = largest * (problem.size // 2)
    until = Limits(deadline=limits.deadline)
    before = None
    while True:
        weights, step = on_grid(double.scores, lam, SPARE_BITS)
        found = _heaviest(double, weights, start, until, progress)
        counts = count_proof(double.starts, double.cols, found.mate)
        if counts is not None or lam > enough or limits.are_over:
            break
        start = found.mate, found.prices + lam / 2
        before, lam = found, 2 * lam
    if counts is None:
        # Each pair has an end in a cover of the rows and columns, both ways round.
        cover = least_cover(double, double.positions(found.mate))
        counts = (cover.row + cover.col) / 2, OddSets.none(problem.size)
    elif before is not None and not limits.are_over:
        # At the lam before, matchings of fewer pairs were among the heaviest. If this one is too,
        # only the order of the members decided against it: prices must not depend on that.
        weights, finer = on_grid(double.scores, lam / 2, SPARE_BITS)
        terms = [*before.prices.tolist(), *before.odd_sets.terms]
        chosen = weights[double.positions(found.mate)] / 2  # each pair is there twice
        if math.fsum([*terms, *(-chosen).tolist()]) == 0.0:
            lam, step = lam / 2, finer
            found = Closed(found.mate, before.prices, before.odd_sets, found.trees)
    return _solution(problem, Objective.PEOPLE_THEN_SCORE, found, lam, counts, step)


def _floor_then_score(
    problem: PoolProblem, free: PoolSolution, limits: Limits, progress: Progress
) -> PoolSolution:
    """Find the highest floor, given the best answer for people and then score, and the best there.

    As `mentormatch.assign.floor` does for two sides; only the proofs of a pool are others.
    """
    until = Limits(deadline=limits.deadline)

    def tried(
        score: float, mate: Integers
    ) -> tuple[Integers | None, tuple[Floats, OddSets] | None]:
        part = double_cover(problem.at_least(score))
        # Nearly always the double cover says already that there are fewer, and much sooner.
        cover = most_people(part, mate[:0]).prices
        if cover.total < 2 * len(free.a):
            return None, ((cover.row + cover.col) / 2, OddSets.none(problem.size))
        ones = np.ones_like(part.scores)
        # At prices of 1/2 each pair is tight, and only who is single has too high a one.
        start = mate, np.full(problem.size, 0.5)
        most = _heaviest(replace(part, scores=ones), ones, start, until, progress)
        if int((most.mate >= 0).sum()) == 2 * len(free.a):
            return most.mate, None
        return None, count_proof(part.starts, part.cols, most.mate)

    found = narrowed(problem.scores, _floor_bounds(problem, free), tried, until, progress)
    held = free
    if found.low > free.scores.min(initial=np.inf) and not limits.are_over:
        part = problem.at_least(found.low)
        start = free.mate, free.prices
        held = _people_then_score(part, double_cover(part), start, free.lam, until, progress)
    if len(held.a) < len(free.a) or held.scores.min(initial=np.inf) < found.low:
        # Cut short: the answer is what proved that the floor can be had.
        chosen = problem.positions(found.answer)
        held = replace(
            free, a=problem.a[chosen], b=problem.b[chosen], scores=problem.scores[chosen]
        )
    floor = PoolFloor(
        float(held.scores.min(initial=np.inf)),
        found.high,
        given_up(free.scores, held.scores),
        *found.proof,
    )
    return replace(
        held,
        objective=Objective.FLOOR_THEN_SCORE,
        count_prices=free.count_prices,
        count_sets=free.count_sets,
        floor=floor,
    )


def _floor_bounds(problem: PoolProblem, free: PoolSolution) -> Between[tuple[Floats, OddSets]]:
    """Return what is known of the floor before it is searched for."""
    low = float(free.scores.min(initial=np.inf))
    # Above the largest score there are no pairs.
    high = max(float(problem.scores.max(initial=0.0)), low)
    prices, sets = np.zeros(problem.size), OddSets.none(problem.size)
    counts = free.count_prices
    if counts is not None and free.count_sets is not None and free.most_pairs == len(free.a):
        # Less what sets cover, so that pairs within one may seem to have none.
        slack = counts[problem.a] + counts[problem.b] - 1.0
        needs = neediest(counts, (problem.a, problem.b), slack, problem.scores)
        if needs is not None:
            (high, prices), sets = needs, free.count_sets
    return Between(low, free.mate, high, (prices, sets))


def _solution(
    problem: PoolProblem,
    objective: Objective,
    found: Closed,
    lam: float = 0.0,
    counts: tuple[Floats, OddSets] | None = None,
    step: float = 0.0,
) -> PoolSolution:
    chosen = problem.positions(found.mate)
    count_prices, count_sets = counts or (None, None)
    return PoolSolution(
        objective=objective,
        a=problem.a[chosen],
        b=problem.b[chosen],
        scores=problem.scores[chosen],
        prices=found.prices,
        odd_sets=found.odd_sets,
        lam=lam,
        count_prices=count_prices,
        count_sets=count_sets,
        step=step,
    )


def double_cover(problem: PoolProblem) -> Problem:
    """Return each pair both ways round, sorted by row and then column.

    Examples
    --------
    >>> double = double_cover(PoolProblem(3, np.array([0]), np.array([2]), np.array([0.5])))
    >>> double.rows, double.cols
    (array([0, 2]), array([2, 0]))
    """
    rows = np.concatenate((problem.b, problem.a))
    # Pairs are in order, so that a stable sort by rows leaves columns in order, too; NumPy sorts
    # numbers of 16 bits much more quickly than larger ones.
    order = rows.astype(np.min_scalar_type(problem.size)).argsort(kind="stable")
    cols = np.concatenate((problem.a, problem.b))[order]
    scores = np.concatenate((problem.scores, problem.scores))[order]
    return Problem((problem.size, problem.size), rows[order], cols, scores)


def _heaviest(
    double: Problem,
    weights: Floats,
    start: tuple[Integers, Floats] | None,
    limits: Limits,
    progress: Progress,
) -> Closed:
    """Return a heaviest matching of the pool that a double cover is of."""
    begin = None
    if start is not None:
        mate, prices = start
        begin = Heaviest(double.positions(mate), Prices(prices, prices))
    until = Limits(deadline=limits.deadline)
    found = heaviest(double, weights, begin, until, progress)
    prices = (found.prices.row + found.prices.col) / 2
    mate = halved(double, found.chosen, prices)
    # Where the time is up pairs need not be tight, and no tree is grown from them.
    return closed(double.starts, double.cols, weights, mate, prices, limits, progress)


def halved(double: Problem, chosen: Integers, prices: Floats) -> Integers:
    """Return every second pair of the paths and cycles that a matching of the double cover is of.

    The end of an odd path stays single, which costs nothing, and of an odd cycle the member with
    the least price, which is where the least has to be made up for.

    Parameters
    ----------
    double
        Rows and columns are the same members.
    chosen : int64 array
        Positions of the pairs of its matching.
    prices : float64 array, shape (n_members,)
        What each member is worth.

    Returns
    -------
    int64 array, shape (n_members,)
        The partner of each member; -1 for none.

    Examples
    --------
    >>> ring = Problem.from_scores([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
    >>> halved(ring, ring.find(np.arange(3), np.array([1, 2, 0])), np.array([1.0, 0.5, 1.0]))
    array([ 2, -1,  0])
    """
    after = np.full(len(prices), -1)
    after[double.rows[chosen]] = double.cols[chosen]
    before = np.full(len(prices), -1)
    before[double.cols[chosen]] = double.rows[chosen]
    mate = np.where(after == before, after, -1)
    following, worth = after.tolist(), prices.tolist()
    left = (after >= 0) & (after != before)
    firsts = np.flatnonzero(left & (before < 0)).tolist()
    seen = np.zeros(len(prices), dtype=np.bool_)
    for first in [*firsts, *np.flatnonzero(left & (before >= 0)).tolist()]:
        if seen[first]:
            continue
        way, member = [first], following[first]
        while member not in (-1, first):
            way.append(member)
            member = following[member]
        seen[way] = True
        if member == first and len(way) % 2:
            cheapest = min(range(len(way)), key=lambda place: worth[way[place]])
            way = way[cheapest + 1 :] + way[: cheapest + 1]
        pairs = len(way) // 2 * 2
        mate[way[0:pairs:2]], mate[way[1:pairs:2]] = way[1:pairs:2], way[0:pairs:2]
    return mate
