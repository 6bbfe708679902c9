"""The best matching of a pool of more pairs than memory holds, with its proof.

1. *Double cover.* Every pair is there both ways round, and pricing (`mentormatch.assign.pricing`)
   matches rows to columns: the best answer that may use halves of pairs, proven over all of them.
   A member's price is the mean of the two it has, which covers all pairs as well.
2. *Blossoms.* Of the pairs that were kept a pool is made, and solved from there
   (`mentormatch.assign.pool`). That changes something only where odd cycles were left.
3. *Looks.* Whose price has fallen since may have pairs that are worth more now, and who was in an
   odd set when last looked at may have pairs that only the set had covered. Their pairs are looked
   at again, those that are missed are added, and the pool is solved again from the double cover's
   answer. When none is missed, prices and odd sets prove the matching best of all.

The count of pairs is proven by the double cover's cover where that allows no more of them (half a
pair is none). That is so but where two odd sets or more are left that have no pairs outside; then
it takes Tutte and Berge's proof, and pairs that this does not cover are looked for likewise.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.grid import on_grid
from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.looks import SLACK, TimeIsUpError, joined, looked_through, no_pairs
from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.pool import halved, heaviest_pool
from mentormatch.assign.pool_problem import SPARE_BITS, PoolProblem, PoolSolution
from mentormatch.assign.pricing import priced
from mentormatch.assign.problem import Objective, Problem, Solution
from mentormatch.assign.source import Pairs, PairSource
from mentormatch.progress import Progress, quiet

__all__ = ["priced_pool", "tight_pool_pairs"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]

#: How many missed pairs of one member a look adds; who has more is looked at again.
AT_A_LOOK = 128


def priced_pool(
    source: PairSource,
    objective: Objective,
    progress: Progress = quiet,
    limits: Limits = NO_LIMITS,
    start: PoolSolution | None = None,
) -> tuple[PoolProblem, PoolSolution]:
    """Find the best matching of one pool among all pairs of a source, and prove it.

    Parameters
    ----------
    source
        The allowed pairs. Rows and columns are the same members; each pair is there both ways
        round, with one score, and nobody is paired with themselves.
    objective
        What the matching is to be best at.
    progress
        Told how many members of each look are done.
    limits
        When to stop before; the prices cover all pairs of the source then, too.
    start
        An answer to much the same pairs, from whose prices to begin.

    Returns
    -------
    problem : PoolProblem
        The pairs that were kept: where the answer is optimal, every one that may be in some best
        matching is among them.
    solution : PoolSolution
        The best matching of all pairs of the source, by prices that cover all of them.

    Raises
    ------
    ValueError
        If the source has not as many rows as columns, its required pairs are not all there both
        ways round, `start` has another number of members, or the objective is a floor, which takes
        all pairs at hand.
    """
    n_rows, n_cols = source.shape
    if n_rows != n_cols:
        raise ValueError(f"a pool's rows are its columns; the source has {n_rows} and {n_cols}")
    if start is not None and len(start.prices) != n_rows:
        raise ValueError(f"start has {len(start.prices)} members, the source has {n_rows}")
    rows, cols, _ = source.required()
    if not np.array_equal(np.sort(rows * n_rows + cols), np.sort(cols * n_rows + rows)):
        raise ValueError("a pool's required pairs have to be given both ways round")
    before = None if start is None else _both_ways(start)
    until = Limits(limits.gap / 2, limits.deadline)  # the other half is for odd cycles
    while True:
        double, relaxed = priced(source, objective, progress, until, before)
        problem, rounded = _rounded(double, relaxed)
        if limits.are_over or limits.allow(rounded):
            return _pool(problem), rounded
        if relaxed.is_optimal or not until.gap:
            break
        before, until = relaxed, Limits(deadline=limits.deadline)
    return _closed(source, problem, rounded, progress, limits)


def tight_pool_pairs(
    source: PairSource, solution: PoolSolution, progress: Progress = quiet
) -> PoolProblem:
    """Return the pairs of a source that may be in some best matching, given one and its prices.

    Parameters
    ----------
    source, progress
        As for `priced_pool`.
    solution
        Optimal among all pairs of the source.
    """
    chosen = solution.a, solution.b, solution.scores
    sure = joined(Problem(source.shape, *no_pairs()), [_one_way(*source.required()), chosen])
    nobody = np.zeros(source.shape[0], dtype=np.bool_)  # is unsure, and the counts are proven
    nothing = _Seen(np.full(source.shape[0], np.inf), nobody, solution.lam)
    return _pool(_Look.at(source, sure, solution, nobody, nothing, progress, NO_LIMITS).problem)


def _closed(
    source: PairSource,
    problem: Problem,
    rounded: PoolSolution,
    progress: Progress,
    limits: Limits,
) -> tuple[PoolProblem, PoolSolution]:
    """Close the gap that odd cycles leave, given the pairs kept and prices that cover all pairs."""
    # Each pair that is not kept misses these prices by something, however little.
    nobody = np.zeros(problem.shape[0], dtype=np.bool_)
    seen = _Seen(rounded.prices + SLACK / 2, nobody, rounded.lam)
    begin = rounded
    while True:
        solution = heaviest_pool(_pool(problem), rounded.objective, begin, limits, progress)
        solution, open_ = _counted(solution, rounded)
        look = _Look.at(source, problem, solution, open_, seen, progress, limits)
        problem, seen = look.problem, look.seen
        if look.is_whole and look.misses_nothing:
            return _pool(problem), solution
        # What was proven over all pairs before is so of every matching.
        proven = replace(rounded, a=solution.a, b=solution.b, scores=solution.scores)
        if look.is_whole:
            raised = look.covering(solution)
            proven = min(proven, raised, key=lambda one: (one.most_pairs, one.gap))
        if limits.are_over or limits.allow(proven):
            return _pool(problem), proven
        # The double cover's prices cover all that is added; no set of before has to be undone.
        begin = rounded if solution.lam == rounded.lam else solution


@dataclass(frozen=True, eq=False, slots=True)
class _Seen:
    """Prices under which pairs were looked for: every pair that is not kept misses them by SLACK.

    But for pairs of who is unsure: there they were covered by odd sets as well, or too many.
    """

    prices: Floats  # (n_members,)
    unsure: Booleans  # (n_members,)
    lam: float


@dataclass(frozen=True, eq=False, slots=True)
class _Look:
    """What became known by looking for pairs that are worth more than what covers them."""

    problem: Problem  # with what was found
    seen: _Seen
    short: Floats  # (n_members,): by how much the price of each is too low
    bare: Booleans  # (n_members,): who has pairs that the count prices do not cover
    is_whole: bool

    @classmethod
    def at(
        cls,
        source: PairSource,
        problem: Problem,
        solution: PoolSolution,
        is_open: Booleans,
        before: _Seen,
        progress: Progress,
        limits: Limits,
    ) -> "_Look":
        prices, lam = solution.prices, solution.lam
        fell = before.unsure | (before.prices - prices > SLACK / 2)
        fell |= is_open | (before.lam != lam)
        under = np.where(fell, prices, np.maximum(prices, before.prices))
        unsure = fell & (solution.odd_sets.innermost >= 0)
        short, bare = np.zeros_like(prices), np.zeros_like(fell)
        # Below every pair: who is open has to be covered by the other end's count price alone.
        outside = under
        if solution.count_prices is not None:
            outside = np.where(
                solution.count_prices < 1.0, under - 4.0 * (source.largest + lam), under
            )
        asked = under - (lam + SLACK), under, outside, is_open, None, None
        found: list[Pairs] = []
        is_whole = True
        try:
            who = np.flatnonzero(fell)
            for pairs, *_ in looked_through(source, 0, who, asked, progress, limits):
                found.append(_sifted(solution, under, is_open, pairs, (short, bare, unsure)))
        except TimeIsUpError:
            is_whole = False
        seen = _Seen(under, unsure, lam) if is_whole else before
        return cls(joined(problem, found), seen, short, bare, is_whole)

    @property
    def misses_nothing(self) -> bool:
        return not (self.short.any() or self.bare.any())

    def covering(self, solution: PoolSolution) -> PoolSolution:
        """Return a solution with prices raised until they cover all pairs of the source."""
        counts = solution.count_prices
        return replace(
            solution,
            prices=solution.prices + self.short,
            count_prices=None if counts is None else np.where(self.bare, 1.0, counts),
        )


def _sifted(
    solution: PoolSolution,
    under: Floats,
    is_open: Booleans,
    pairs: Pairs,
    told: tuple[Floats, Booleans, Booleans],
) -> Pairs:
    """Return which of the pairs that a look brought are worth keeping, and tell whose are missed.

    `told` is changed: who is short, who is bare, and who is unsure.
    """
    ones, others, scores = pairs
    short, bare, unsure = told
    weights, _ = on_grid(scores, solution.lam, SPARE_BITS)
    from_sets = solution.odd_sets.worth(ones, others)
    lacking = weights - (solution.prices[ones] + solution.prices[others] + from_sets)
    np.maximum.at(short, ones, lacking)
    is_bare = is_open[ones]
    if solution.count_prices is not None and solution.count_sets is not None:
        counts = solution.count_prices[ones] + solution.count_prices[others]
        is_bare &= counts + solution.count_sets.worth(ones, others) < 1.0
        bare[ones[is_bare]] = True
    missed = np.flatnonzero((lacking > 0.0) | is_bare)
    order = missed[np.lexsort((-lacking[missed], ones[missed]))]
    first = np.searchsorted(ones[order], ones[order])
    too_many = np.arange(len(order)) - first >= AT_A_LOOK
    unsure[ones[order[too_many]]] = True
    near = weights - (under[ones] + under[others] + from_sets) >= -SLACK
    near[missed] = False
    kept = np.concatenate((np.flatnonzero(near), order[~too_many]))
    return _one_way(ones[kept], others[kept], scores[kept])


def _counted(solution: PoolSolution, rounded: PoolSolution) -> tuple[PoolSolution, Booleans]:
    """Return a solution with count prices that ask for few looks, and for whose pairs they do.

    A pair that they do not cover has an end whose count price is 0.
    """
    counts, sets = solution.count_prices, solution.count_sets
    if counts is None or sets is None or rounded.most_pairs <= solution.most_pairs:
        counted = replace(
            solution, count_prices=rounded.count_prices, count_sets=rounded.count_sets
        )
        return counted, np.zeros(len(solution.prices), dtype=np.bool_)
    if len(sets):
        # Members of the largest set may have a half each instead, which costs half a pair more:
        # none. There may be so many that looking at all their pairs would be the most work.
        largest = int(sets.sizes.argmax())
        counts = np.where(sets.innermost == largest, 0.5, counts)
        kept = np.delete(np.arange(len(sets)), largest)
        number = np.full(len(sets) + 1, -1)
        number[kept] = np.arange(len(kept))
        sets = OddSets(number[sets.innermost], sets.around[kept], sets.prices[kept])
    return replace(solution, count_prices=counts, count_sets=sets), counts == 0.0


def _rounded(double: Problem, relaxed: Solution) -> tuple[Problem, PoolSolution]:
    """Return the pairs of a double cover one way round, and its answer without halves of pairs."""
    pairs = _one_way(double.rows, double.cols, double.scores)
    problem = joined(Problem(double.shape, *no_pairs()), [pairs])
    prices = (relaxed.row_prices + relaxed.col_prices) / 2
    mate = halved(double, double.find(relaxed.rows, relaxed.cols), prices)
    chosen = problem.positions(np.where(mate > np.arange(len(mate)), mate, -1))
    rows, cols = relaxed.row_count_prices, relaxed.col_count_prices
    counts = None if rows is None or cols is None else (rows + cols) / 2
    none = OddSets.none(len(prices))
    solution = PoolSolution(
        objective=relaxed.objective,
        a=problem.rows[chosen],
        b=problem.cols[chosen],
        scores=problem.scores[chosen],
        prices=prices,
        odd_sets=none,
        lam=relaxed.lam,
        count_prices=counts,
        count_sets=None if counts is None else none,
        step=relaxed.step,
    )
    return problem, solution


def _both_ways(solution: PoolSolution) -> Solution:
    """Return a pool's answer as one of its double cover, to begin with."""
    rows = np.concatenate((solution.a, solution.b))
    cols = np.concatenate((solution.b, solution.a))
    scores = np.concatenate((solution.scores, solution.scores))
    order, counts = np.argsort(rows), solution.count_prices
    return Solution(
        objective=solution.objective,
        rows=rows[order],
        cols=cols[order],
        scores=scores[order],
        row_prices=solution.prices,
        col_prices=solution.prices,
        lam=solution.lam,
        row_count_prices=None if counts is None else (counts >= 0.5).astype(np.float64),
        col_count_prices=None if counts is None else (counts >= 1.0).astype(np.float64),
    )


def _one_way(rows: Integers, cols: Integers, scores: Floats) -> Pairs:
    return np.minimum(rows, cols), np.maximum(rows, cols), scores


def _pool(problem: Problem) -> PoolProblem:
    return PoolProblem(problem.shape[0], problem.rows, problem.cols, problem.scores)
