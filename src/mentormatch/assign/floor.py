"""The highest floor: the score of the worst pair at which as many people are served as can be.

Whether the pairs of some score and above serve as many is a question about numbers of people only,
and the answer changes once from yes to no as that score rises. So the floor is searched for by
halving the scores that are left (Garfinkel's threshold algorithm). It starts between two bounds:

* below, the worst pair of the best answer for people and then score;
* above, what the neediest of those whom every such answer serves, those with a count price, can
  have at best. Above that they need less of a price, and then all prices together prove that fewer
  are served.

The answer is then the best for people and then score of the pairs from the floor upwards.

References
----------
R. S. Garfinkel, "An improved algorithm for the bottleneck assignment problem", Operations Research
19 (1971).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.capacities import Capacities, LoadPrices, SpreadPrices
from mentormatch.assign.count import most_people, served
from mentormatch.assign.floor_proof import Floor
from mentormatch.assign.limits import Limits
from mentormatch.assign.problem import Heaviest, Objective, Prices, Problem, Solution
from mentormatch.assign.shortage import ShortageError
from mentormatch.progress import Progress

__all__ = ["Between", "floor_between", "given_up", "narrowed", "neediest", "with_floor"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Proof = TypeVar("Proof")


@dataclass(frozen=True, eq=False, slots=True)
class Between(Generic[Proof]):
    """Two scores between which the highest floor is, and why; they meet where it is found.

    Parameters
    ----------
    low
        Pairs that are worth this and more serve as many as all pairs do.
    answer : int64 array
        These do: positions of pairs, or partners.
    high
        Pairs that are worth more than this do not.
    proof
        As these count prices say.
    """

    low: float
    answer: Integers
    high: float
    proof: Proof


def narrowed(
    scores: Floats,
    between: Between[Proof],
    tried: Callable[[float, Integers], tuple[Integers | None, Proof | None]],
    limits: Limits,
    progress: Progress,
) -> Between[Proof]:
    """Halve the scores between two bounds until one is left, or the time is up.

    Parameters
    ----------
    scores : float64 array
        What all pairs are worth.
    between
        Where to begin.
    tried
        Called with a score and the answer so far, it returns an answer of pairs worth that and
        more for as many people, or the proof that there is none, or neither if the time was up.
    limits
        When to stop before.
    progress
        Told how many scores are ruled out.

    Examples
    --------
    >>> from mentormatch.assign.limits import NO_LIMITS
    >>> from mentormatch.progress import quiet
    >>> def tried(score, answer):
    ...     return (answer, None) if score <= 3.0 else (None, f"not at {score}")
    >>> found = narrowed(
    ...     np.arange(9.0), Between(0.0, np.array([0]), 8.0, ""), tried, NO_LIMITS, quiet
    ... )
    >>> found.low, found.high, found.proof
    (3.0, 3.0, 'not at 4.0')
    """
    levels = np.unique(scores[(scores >= between.low) & (scores <= between.high)])
    count = len(levels)
    # The upper bound is met as a rule, so it is tried first.
    middle = count - 1
    while len(levels) > 1 and not limits.are_over:
        progress("looking for the floor", count - len(levels), count)
        score = float(levels[middle])
        answer, proof = tried(score, between.answer)
        if answer is not None:
            levels = levels[middle:]
            between = replace(between, low=score, answer=answer)
        elif proof is not None:
            levels = levels[:middle]
            between = replace(between, high=float(levels[-1]), proof=proof)
        else:
            break
        middle = len(levels) // 2
    return between


def neediest(
    prices: Floats, ends: tuple[Integers, Integers], slack: Floats, scores: Floats
) -> tuple[float, Floats] | None:
    """Bound the floor by the one of those with a count price whose best pair is worth the least.

    Answers that serve as many as can be use only pairs without slack, so the best of these counts.

    Parameters
    ----------
    prices : float64 array, shape (n,)
        Count prices of rows and columns, or of members, by which nothing serves more than is
        served.
    ends : tuple of int64 array, shape (n_pairs,)
        The one and the other end of each pair.
    slack : float64 array, shape (n_pairs,)
        What the prices of the two are more than is needed; 0 or less where there may be none.
    scores : float64 array, shape (n_pairs,)
        What the pairs are worth.

    Returns
    -------
    high : float
        No floor is above this.
    prices : float64 array, shape (n,)
        A lower price of that one, which is enough for pairs worth more, and those of the others.
    None
        Where nobody has a price.

    Examples
    --------
    Two rows have one column only, and it is in the cover with the third row:

    >>> ends = np.array([0, 1, 2, 2]), np.array([3, 3, 3, 4])
    >>> prices, scores = np.array([0.0, 0.0, 1.0, 1.0, 0.0]), np.array([0.75, 0.5, 1.0, 0.25])
    >>> neediest(prices, ends, np.array([0.0, 0.0, 1.0, 0.0]), scores)
    (0.25, array([0., 0., 0., 1., 0.]))
    """
    needed = np.flatnonzero(prices > 0.0)
    if not len(needed):
        return None
    best = np.full(len(prices), -np.inf)
    tight = slack <= 0.0
    for end in ends:
        np.maximum.at(best, end[tight], scores[tight])
    one = needed[best[needed].argmin()]
    high = float(best[one])
    above = ((ends[0] == one) | (ends[1] == one)) & (scores > high)
    prices = prices.copy()
    prices[one] -= slack[above].min(initial=prices[one])
    return high, prices


def floor_between(
    problem: Problem, free: Solution, limits: Limits, progress: Progress
) -> Between[Heaviest]:
    """Find the highest floor of two sides.

    Parameters
    ----------
    problem
        All pairs.
    free
        The best answer for people and then score.
    limits
        When to stop before.
    progress
        Told how far it has come.

    Examples
    --------
    >>> from mentormatch.assign.limits import NO_LIMITS
    >>> from mentormatch.assign.solve import solve
    >>> from mentormatch.progress import quiet
    >>> problem = Problem.from_scores([[1.0, 0.25], [0.25, 0.0]])
    >>> free = solve(problem, Objective.PEOPLE_THEN_SCORE)
    >>> floor_between(problem, free, NO_LIMITS, quiet).low
    0.25
    """
    until = Limits(deadline=limits.deadline)

    def tried(score: float, answer: Integers) -> tuple[Integers | None, Heaviest | None]:
        part, kept = problem.at_least(score), np.flatnonzero(problem.scores >= score)
        start = np.searchsorted(kept, answer[problem.scores[answer] >= score])
        try:
            found = most_people(part, start, until, progress)
        except ShortageError as shortage:
            return None, _short(part, shortage)
        if served(part, found.chosen) == wanted:
            return kept[found.chosen], None
        is_proven = found.bound(problem.capacities, lam=1.0) < wanted
        return None, found if is_proven else None

    chosen = problem.find(free.rows, free.cols)
    wanted = served(problem, chosen)
    return narrowed(problem.scores, _bounds(problem, free, chosen), tried, until, progress)


def with_floor(
    problem: Problem, free: Solution, held: Solution, found: Between[Heaviest]
) -> Solution:
    """Return the answer with its floor, and what that costs.

    Parameters
    ----------
    problem
        All pairs.
    free
        The best answer for people and then score.
    held
        The same of the pairs from the floor upwards. Where it was cut short, and so serves fewer or
        has a worse pair, what proved that the floor can be had is the answer, at `free`'s prices.
    found
        Where the floor is.
    """
    if held.people < free.people or held.scores.min(initial=np.inf) < found.low:
        answer = found.answer
        held = replace(
            free,
            rows=problem.rows[answer],
            cols=problem.cols[answer],
            scores=problem.scores[answer],
        )
    floor = Floor(
        score=float(held.scores.min(initial=np.inf)),
        at_most=found.high,
        score_given_up=given_up(free.scores, held.scores),
        row_count_prices=found.proof.prices.row,
        col_count_prices=found.proof.prices.col,
        count_load_prices=found.proof.load_prices,
    )
    return replace(
        held,
        objective=Objective.FLOOR_THEN_SCORE,
        row_count_prices=free.row_count_prices,
        col_count_prices=free.col_count_prices,
        count_load_prices=free.count_load_prices,
        floor=floor,
    )


def given_up(free: Floats, held: Floats) -> float:
    """Return what a floor costs: by how much the total is lower, as one sum that is rounded once.

    Parameters
    ----------
    free : float64 array, shape (n_free,)
        Scores of the pairs without a floor. If the time was up they may come to less.
    held : float64 array, shape (n_held,)
        Scores of the pairs with it.

    Examples
    --------
    >>> given_up(np.array([1.0, 0.25]), np.array([0.5, 0.5]))
    0.25
    """
    return max(0.0, math.fsum([*free.tolist(), *(-held).tolist()]))


def _bounds(problem: Problem, free: Solution, chosen: Integers) -> Between[Heaviest]:
    """Return what is known of the floor before it is searched for."""
    n_rows, nothing = problem.shape[0], np.zeros(0, dtype=np.int64)
    low = float(free.scores.min(initial=np.inf))
    # Above the largest score there are no pairs, and nobody is served by none.
    high = max(float(problem.scores.max(initial=0.0)), low)
    prices, loads = np.zeros(sum(problem.shape)), None
    row, col, more = free.row_count_prices, free.col_count_prices, free.count_load_prices
    if row is not None and col is not None and free.most_people == free.people:
        pairs, counts = np.flatnonzero(_takes_part(problem)), np.append(row, col)
        ends = problem.rows[pairs], problem.cols[pairs] + n_rows
        # Who takes no part needs no price.
        counts[np.isin(np.arange(len(counts)), np.append(*ends), invert=True)] = 0.0
        net = counts - np.append(more.row_minimum, more.col_minimum) if more else counts
        slack = net[ends[0]] + net[ends[1]] - 1.0
        if more is not None:
            slack += more.of_groups(problem.capacities, problem.rows[pairs], problem.cols[pairs])
        needs = neediest(counts, ends, slack, problem.scores[pairs])
        if needs is not None:
            (high, prices), loads = needs, more
    proof = Heaviest(nothing, Prices(prices[:n_rows], prices[n_rows:]), loads)
    return Between(low, chosen, high, proof)


def _takes_part(problem: Problem) -> NDArray[np.bool_]:
    """Return which pairs are of two who may have a partner at all."""
    asked = problem.capacities or Capacities.of(problem.shape)
    return (asked.row_capacity[problem.rows] > 0) & (asked.col_capacity[problem.cols] > 0)


def _short(problem: Problem, shortage: ShortageError) -> Heaviest:
    """Return count prices that allow nothing, since Hall's condition says that minima are not met.

    Each place that is wanted of those with the minima brings as much as each partner they could
    have costs, or each that there may be of a group; there are too few of these, so the sum falls
    below 0 if that is large enough.
    """
    sides = ("row", 0), ("col", 1)
    much = float(sum(problem.shape))
    prices = [np.full(size, 0.5) for size in problem.shape]
    minima = [np.zeros(size) for size in problem.shape]
    nothing = np.zeros(0, dtype=np.int64)
    is_member, is_partner = (np.zeros(len(problem.rows), dtype=np.bool_) for _ in range(2))
    for (name, side), ends in zip(sides, (problem.rows, problem.cols), strict=True):
        if name == shortage.side:
            minima[side][shortage.members] = much
            is_member = minima[side][ends] > 0.0
        else:
            prices[side][shortage.partners] += much
            is_partner = prices[side][ends] > 0.5
    of_rows, of_cols = (
        SpreadPrices(full[:, 0], full[:, 1], np.full(len(full), much)) if len(full) else None
        for full in (shortage.row_groups, shortage.col_groups)
    )
    loads = LoadPrices(nothing, nothing, np.zeros(0), minima[0], minima[1], of_rows, of_cols)
    own = is_member & ~is_partner & _takes_part(problem)
    own &= loads.of_groups(problem.capacities, problem.rows, problem.cols) == 0.0
    dear = np.full(int(own.sum()), much)
    loads = replace(loads, rows=problem.rows[own], cols=problem.cols[own], pairs=dear)
    return Heaviest(nothing, Prices(*prices), loads)
