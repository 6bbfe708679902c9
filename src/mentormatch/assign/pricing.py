"""The best matching of more pairs than memory holds: solve a few, look at all, add what was missed.

A matching that is best for some of the allowed pairs is best for all of them if its prices cover
all of them. So a core is solved, and every pair is looked at, streamed and forgotten, for those
that are worth more than the prices of their two ends; they join the core, and the solver goes on
from its last prices. When there are none left, the prices prove the matching best of all: nothing
is estimated. (Column generation; on assignment problems, "price and reprice".)

Looking at everybody is dear, so more than the prices ask for is kept: every pair within `SLACK` of
being covered exactly. As long as neither end's price has since fallen by half of that, no pair that
was not kept can have become worth more than its prices, and neither end needs to be looked at
again. What is kept at last holds every pair that any best matching could have.

References
----------
A. Volgenant, "Linear and semi-assignment problems: a core oriented approach", Computers &
Operations Research 23 (1996).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.grid import on_grid
from mentormatch.assign.heaviest import heaviest
from mentormatch.assign.problem import Heaviest, Objective, Prices, Problem, Solution
from mentormatch.assign.solve import solve
from mentormatch.progress import Progress, quiet

__all__ = ["PairSource", "priced", "tight_pairs"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]
#: Rows, columns and scores of some pairs.
Pairs: TypeAlias = tuple[Integers, Integers, Floats]
#: What a source answers, for some rows or columns: `PairSource.above`.
Look: TypeAlias = tuple[Pairs, Integers, Floats]
#: What is asked of a source: `PairSource.above` from `need` on.
Asked: TypeAlias = tuple[Floats, Floats, Floats, Booleans, int | None]

#: How many pairs of each row the core begins with, and of how many before rules are asked.
BEST, FOUND = 10, 24
#: How many pairs of one row or column a look at it brings, before rules are asked.
AT_A_LOOK = 64
#: Pairs are kept that miss being worth more than their prices by no more than this.
SLACK = 0.01


class PairSource(Protocol):
    """All allowed pairs of two sides, which can be looked through but need not be held."""

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""

    def required(self) -> Pairs:
        """Return the pairs that are allowed whatever their score; all others score above 0."""

    def effort(self, side: int) -> Integers:
        """Return how much work looking at each row (side 0) or column (side 1) is."""

    def above(
        self,
        side: int,
        who: Integers,
        need: Floats,
        prices: Floats,
        open_prices: Floats,
        is_open: Booleans,
        most: int | None,
    ) -> Iterator[Look]:
        """Look at rows or columns for pairs that are worth what they need to be.

        Parameters
        ----------
        side
            0 to look at rows, 1 to look at columns.
        who
            Which, ascending.
        need : float64 array, one for each of that side
            What a pair must score at least, before the other end's price is added.
        prices : float64 array, one for each of the other side
            What it must score in addition.
        open_prices, is_open
            Other prices, for those of the side where the second is True.
        most
            How many to consider of each, best beyond their need first; `None` for all.

        Yields
        ------
        pairs
            Allowed ones; their scores lie in [0, 1], on multiples of 2**-40. Among them may be
            some that miss their need by a little.
        cut
            Whom of `who` more pairs may be worth enough than were considered.
        over : float64 array, one for each of `cut`
            By how much those are worth more than they need to be, at most.
        """


@dataclass(frozen=True, eq=False, slots=True)
class _Seen:
    """Prices under which pairs were looked for: every pair that is not kept misses them by SLACK.

    And has an end in the cover. Who has more pairs than a look brought has seen a higher price.
    """

    prices: tuple[Floats, Floats]
    cover: tuple[Booleans, Booleans]
    lam: float

    @classmethod
    def nothing(cls, shape: tuple[int, int]) -> "_Seen":
        rows, cols = (np.full(size, np.inf) for size in shape)
        return cls((rows, cols), (rows > 0.0, cols > 0.0), 0.0)


def priced(
    source: PairSource, objective: Objective, progress: Progress = quiet
) -> tuple[Problem, Solution]:
    """Find the best matching of all pairs of a source, and prove it.

    Parameters
    ----------
    source
        The allowed pairs.
    objective
        What the matching is to be best at.
    progress
        Told how many rows and columns of each look are done.

    Returns
    -------
    problem : Problem
        The pairs that were kept: a core, and every pair that may be in some best matching.
    solution : Solution
        The best matching of all pairs of the source, by prices that cover all of them.
    """
    problem, core = _core(source, objective, progress)
    solution = solve(problem, objective, core)
    seen = _Seen.nothing(source.shape)
    while True:
        seen, who = _to_see(source, seen, solution)
        more, seen = _looked(source, solution, seen, who, progress)
        missed = sum(int(_is_missed(solution, *pairs).sum()) for pairs in more)
        problem = _joined(problem, more)
        if not missed:
            return problem, solution
        prices = Prices(solution.row_prices, solution.col_prices)
        start = _carried(problem, solution.rows, solution.cols, prices)
        solution = solve(problem, objective, start, solution.lam)


def tight_pairs(source: PairSource, solution: Solution, progress: Progress = quiet) -> Problem:
    """Return the pairs of a source that may be in some best matching, given one and its prices.

    Parameters
    ----------
    source
        The allowed pairs.
    solution
        Optimal among all of them.
    progress
        As for `priced`.
    """
    seen, who = _to_see(source, _Seen.nothing(source.shape), solution)
    more, _ = _looked(source, solution, seen, who, progress)
    chosen = solution.rows, solution.cols, solution.scores
    return _joined(Problem(source.shape, *_no_pairs()), [source.required(), chosen, *more])


def _core(source: PairSource, objective: Objective, progress: Progress) -> tuple[Problem, Heaviest]:
    """Return the best pairs of everybody on the shorter side, and a heaviest matching of them."""
    shape = source.shape
    side = int(shape[1] < shape[0])
    everybody, nobody = np.arange(shape[side]), np.zeros(shape[side], dtype=np.bool_)
    free = np.zeros(shape[1 - side])
    asked = np.zeros(shape[side]), free, free, nobody, FOUND
    best = [_best(pairs, side) for pairs, *_ in _all(source, side, everybody, asked, progress)]
    problem = _joined(Problem(shape, *_no_pairs()), [source.required(), *best])
    lam = 0.0 if objective is Objective.SCORE else 1.0
    return problem, heaviest(problem, on_grid(problem.scores, lam)[0])


def _to_see(
    source: PairSource, seen: _Seen, solution: Solution
) -> tuple[_Seen, tuple[Integers, Integers]]:
    """Return the prices to look for pairs under, and which rows and columns to look at.

    Those whose price fell too far since, or who left the cover; or one side altogether, where that
    is less work.
    """
    prices = solution.row_prices, solution.col_prices
    cover = _cover(solution)
    fell = [
        (seen.prices[side] - prices[side] >= SLACK / 2)
        | (seen.cover[side] & ~cover[side])
        | (seen.lam != solution.lam)
        for side in (0, 1)
    ]
    effort = [source.effort(side) for side in (0, 1)]
    who = np.flatnonzero(fell[0]), np.flatnonzero(fell[1])
    shorter = int(source.shape[1] < source.shape[0])
    if sum(effort[side][fell[side]].sum() for side in (0, 1)) > effort[shorter].sum():
        everybody, nobody = np.arange(source.shape[shorter]), who[0][:0]
        who = (nobody, everybody) if shorter else (everybody, nobody)
    kept = [
        np.where(fell[side], prices[side], np.maximum(prices[side], seen.prices[side]))
        for side in (0, 1)
    ]
    return _Seen((kept[0], kept[1]), cover, solution.lam), who


def _looked(
    source: PairSource,
    solution: Solution,
    seen: _Seen,
    who: tuple[Integers, Integers],
    progress: Progress,
) -> tuple[list[Pairs], _Seen]:
    """Return the pairs of some rows and columns that are worth keeping, and what then was seen."""
    found: list[Pairs] = []
    prices = solution.row_prices, solution.col_prices
    for side in (0, 1):
        own, other = seen.prices[side], seen.prices[1 - side]
        # Below every pair: outside the cover each one counts.
        outside = np.where(seen.cover[1 - side], other, other - 4.0 * (1.0 + seen.lam))
        asked = own - (seen.lam + SLACK), other, outside, ~seen.cover[side]
        few, all_there_are = (*asked, AT_A_LOOK), (*asked, None)
        looked_under, missed = own.copy(), [who[side][:0]]
        for pairs, cut, over in _all(source, side, who[side], few, progress):
            found.append(pairs)
            missed.append((pairs[1] if side else pairs[0])[_is_missed(solution, *pairs)])
            own[cut] += over  # what a look left out is worth no more than that beyond its need
        unclear = who[side][(own - prices[side])[who[side]] >= SLACK / 2]
        rest = np.setdiff1d(unclear, np.concatenate(missed))
        for pairs, *_ in _all(source, side, rest, all_there_are, progress):
            found.append(pairs)
        own[rest] = looked_under[rest]
    return found, seen


def _all(
    source: PairSource,
    side: int,
    who: Integers,
    asked: Asked,
    progress: Progress,
) -> Iterator[Look]:
    """Yield what a look at some rows or columns brings, and tell how many of them are done."""
    if not len(who):
        return
    progress("looking at pairs", 0, len(who))
    for pairs, cut, over in source.above(side, who, *asked):
        if len(pairs[side]):
            done = int(np.searchsorted(who, pairs[side].max())) + 1
            progress("looking at pairs", done, len(who))
        yield pairs, cut, over


def _cover(solution: Solution) -> tuple[Booleans, Booleans]:
    """Return who is in the cover; everybody where pairs are not counted."""
    rows, cols = solution.row_count_prices, solution.col_count_prices
    if rows is None or cols is None:
        rows, cols = np.ones_like(solution.row_prices), np.ones_like(solution.col_prices)
    return rows > 0.0, cols > 0.0


def _is_missed(solution: Solution, rows: Integers, cols: Integers, scores: Floats) -> Booleans:
    """Tell which pairs are worth more than their prices, or have no end in the cover."""
    weights, _ = on_grid(scores, solution.lam)
    in_cover = _cover(solution)
    short = solution.row_prices[rows] + solution.col_prices[cols] < weights
    return short | ~(in_cover[0][rows] | in_cover[1][cols])


def _carried(problem: Problem, rows: Integers, cols: Integers, prices: Prices) -> Heaviest:
    """Return a matching, and its prices, as a start for a problem that has its pairs."""
    partner = np.full(problem.shape[0], -1, dtype=np.int64)
    partner[rows] = cols
    return Heaviest(problem.positions(partner), prices)


def _best(pairs: Pairs, side: int) -> Pairs:
    """Return the best pairs of each row or column; of equals each has others.

    Else all would ask for the same few.
    """
    rows, cols, scores = pairs
    ends = pairs[side]
    lot = ((rows * 1000003 + cols * 7919) & 0x7FFFFFFF) * 2654435761 & 0x7FFFFFFF
    order = np.lexsort((lot, -scores, ends))
    begins = np.searchsorted(ends[order], ends[order])
    kept = np.sort(order[np.arange(len(order)) - begins < BEST])
    return rows[kept], cols[kept], scores[kept]


def _no_pairs() -> Pairs:
    return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)


def _joined(problem: Problem, more: list[Pairs]) -> Problem:
    """Return a problem with more pairs, each once."""
    width = problem.shape[1]
    held = problem.rows, problem.cols, problem.scores
    rows, cols, scores = (np.concatenate(part) for part in zip(held, *more, strict=True))
    keys = rows * width + cols
    order = np.argsort(keys, kind="stable")  # which merges what is in order already
    keys = keys[order]
    order = order[np.append(True, keys[1:] != keys[:-1])] if len(keys) else order
    return Problem(problem.shape, rows[order], cols[order], scores[order])
