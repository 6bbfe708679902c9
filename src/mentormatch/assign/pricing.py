"""The best matching of more pairs than memory holds: solve a few, look at all, add what was missed.

A matching that is best for some of the allowed pairs is best for all of them if its prices cover
all of them. So a core is solved, and every pair is looked at, streamed and forgotten, for those
that are worth more than the prices of their two ends; they join the core, and the solver goes on
from its last prices. When there are none left, the prices prove the matching best of all: nothing
is estimated. (Column generation; on assignment problems, "price and reprice".)

Looking at everybody is dear, so more than the prices ask for is kept: pairs within `SLACK` of being
covered exactly, and after the last look all that are within half of it. As long as neither end's
price has since fallen by half of that, no pair that was not kept can have become worth more than
its prices, and neither end needs to be looked at again. What is kept at last holds every pair that
any best matching could have.

References
----------
A. Volgenant, "Linear and semi-assignment problems: a core oriented approach", Computers &
Operations Research 23 (1996).
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.grid import on_grid
from mentormatch.assign.limits import NO_LIMITS, Limits
from mentormatch.assign.looks import SLACK, TimeIsUpError, joined, looked_through, no_pairs
from mentormatch.assign.problem import Objective, Problem, Solution
from mentormatch.assign.solve import carried, estimate, solve
from mentormatch.assign.source import Pairs, PairSource
from mentormatch.progress import Progress, quiet

__all__ = ["priced", "tight_pairs"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]
#: How often samples of all pairs are looked at for a core, and how many of them are brought for
#: each row and column, before rules are asked.
GLANCES, AT_A_GLANCE = 4, 16
#: By how much pairs of the core miss their prices at the most.
NEAR = 2.0**-4
#: How many pairs of one row or column a look at it brings, before rules are asked.
AT_A_LOOK = 128
#: Who has more pairs than a look brings is looked at whole if that is so small a part of the work.
SMALL = 1 / 16


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

    @property
    def is_nothing(self) -> bool:
        """Whether some pairs were never looked for."""
        return any(bool((side == np.inf).any()) for side in self.prices)


@dataclass(frozen=True, eq=False, slots=True)
class _Look:
    """What became known by looking for pairs that are worth more than some prices."""

    problem: Problem  # with what was found
    missed: list[Pairs]  # what is worth more than its prices, or has no end in the cover
    seen: _Seen  # by this look or, where it was broken off, by those before
    is_whole: bool

    @classmethod
    def at(
        cls,
        source: PairSource,
        problem: Problem,
        solution: Solution,
        before: _Seen,
        progress: Progress,
        limits: Limits,
    ) -> "_Look":
        seen, who = _to_see(source, before, solution)
        found: list[Pairs] = []
        is_whole = True
        try:
            _looked(source, solution, seen, who, found, progress, limits)
        except TimeIsUpError:
            seen, is_whole = before, False
        missed = []
        for pairs in found:
            which = np.flatnonzero(_is_missed(solution, *pairs))
            if len(which):
                rows, cols, scores = pairs
                missed.append((rows[which], cols[which], scores[which]))
        return cls(joined(problem, found), missed, seen, is_whole)


def priced(
    source: PairSource,
    objective: Objective,
    progress: Progress = quiet,
    limits: Limits = NO_LIMITS,
    start: Solution | None = None,
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
    limits
        When to stop before; the prices cover all pairs of the source then, too.
    start
        An answer to much the same pairs, from whose prices to begin. Its pairs that are still
        allowed are found again where they are worth their prices.

    Returns
    -------
    problem : Problem
        The pairs that were kept: a core, and every pair that may be in some best matching.
    solution : Solution
        The best matching of all pairs of the source, by prices that cover all of them.

    Raises
    ------
    ValueError
        If the objective is a floor, which takes all pairs at hand.
    """
    if objective is Objective.FLOOR_THEN_SCORE:
        raise ValueError(
            f"{objective} takes all pairs at hand, and these are more than are held at once: "
            f"ask for {Objective.PEOPLE_THEN_SCORE}, or for fewer pairs"
        )
    seen = _Seen.nothing(source.shape)
    if start is not None and start.objective is not objective:
        start = None
    is_estimate = start is None
    if start is None:
        problem, solution = _core(source, objective, progress, limits)
    else:
        required = joined(Problem(source.shape, *no_pairs()), [source.required()])
        look = _Look.at(source, required, start, seen, progress, limits)
        problem, seen = look.problem, look.seen
        solution = solve(problem, objective, carried(problem, start), start.lam, limits, progress)
    while True:
        look = _Look.at(source, problem, solution, seen, progress, limits)
        problem, seen = look.problem, look.seen
        if look.is_whole and not look.missed and not is_estimate:
            return problem, solution
        proven = _covering(source, solution, look)
        if limits.are_over or limits.allow(proven):
            return problem, proven
        again = carried(problem, solution)
        solution = solve(problem, objective, again, solution.lam, limits, progress)
        is_estimate = False


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
    chosen = solution.rows, solution.cols, solution.scores
    sure = joined(Problem(source.shape, *no_pairs()), [source.required(), chosen])
    nothing = _Seen.nothing(source.shape)
    return _Look.at(source, sure, solution, nothing, progress, NO_LIMITS).problem


def _core(
    source: PairSource, objective: Objective, progress: Progress, limits: Limits
) -> tuple[Problem, Solution]:
    """Return pairs that are good for everybody on either side, and an answer to begin with.

    Each glance takes a sample of all pairs and brings what is worth more than the prices to which
    those before have led, so that these are nearly right before anything is looked at whole.
    """
    shape = source.shape
    problem = joined(Problem(shape, *no_pairs()), [source.required()])
    solution = estimate(problem, objective, limits=limits, progress=progress)
    for glance in range(GLANCES):
        before = solution if glance else None
        with suppress(TimeIsUpError):
            problem = joined(problem, _glanced(source, before, glance, progress, limits))
        again = carried(problem, solution)
        solution = estimate(problem, objective, again, limits, progress)
        if limits.are_over:
            break
    return joined(_near(problem, solution), [source.required()]), solution


def _glanced(
    source: PairSource, solution: Solution | None, glance: int, progress: Progress, limits: Limits
) -> list[Pairs]:
    """Return good pairs of a sample; at first, when anything is, the shorter side is enough."""
    shape, found = source.shape, []
    prices: tuple[Floats, Floats] = np.zeros(shape[0]), np.zeros(shape[1])
    lam, sides = 0.0, [int(shape[1] < shape[0])]
    if solution is not None:
        prices, lam, sides = (solution.row_prices, solution.col_prices), solution.lam, [0, 1]
    for side in sides:
        need, other = prices[side] - lam, prices[1 - side]
        everybody, nobody = np.arange(shape[side]), np.zeros(shape[side], dtype=np.bool_)
        asked = need, other, other, nobody, AT_A_GLANCE, glance
        found += [
            pairs for pairs, *_ in looked_through(source, side, everybody, asked, progress, limits)
        ]
    return found


def _near(problem: Problem, solution: Solution) -> Problem:
    """Return the pairs that do not miss their prices by much."""
    prices = solution.row_prices[problem.rows] + solution.col_prices[problem.cols]
    near = np.flatnonzero(prices - (problem.scores + solution.lam) < NEAR)
    return Problem(problem.shape, problem.rows[near], problem.cols[near], problem.scores[near])


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
    found: list[Pairs],
    progress: Progress,
    limits: Limits,
) -> None:
    """Find the pairs of some rows and columns that are worth keeping, and raise what was seen.

    Where not all pairs of somebody that are worth keeping were considered, their others are known
    to miss a higher price.
    """
    prices = solution.row_prices, solution.col_prices
    looked_under = seen.prices[0].copy(), seen.prices[1].copy()
    for most in (AT_A_LOOK, None):
        for side in (0, 1):
            other = looked_under[1 - side]
            # Below every pair: outside the cover each one counts.
            below = 4.0 * (source.largest + seen.lam)
            outside = np.where(seen.cover[1 - side], other, other - below)
            need = looked_under[side] - (seen.lam + SLACK)
            asked = need, other, outside, ~seen.cover[side], most, None
            own = seen.prices[side]
            own[who[side]] = looked_under[side][who[side]]
            for pairs, cut, over in looked_through(
                source, side, who[side], asked, progress, limits
            ):
                found.append(pairs)
                own[cut] += over  # what a look left out is worth no more than that beyond its need
        who = tuple(
            one[(seen.prices[side] - prices[side])[one] >= SLACK / 2]
            for side, one in enumerate(who)
        )
        effort = [source.effort(side) for side in (0, 1)]
        rest = sum(int(effort[side][one].sum()) for side, one in enumerate(who))
        if rest > SMALL * effort[0].sum() and any(
            bool(_is_missed(solution, *pairs).any()) for pairs in found
        ):
            return  # whoever has more will be looked at again, under other prices


def _covering(source: PairSource, solution: Solution, look: _Look) -> Solution:
    """Return a matching with prices raised until they cover all pairs of the source.

    Pairs that are not kept are covered by the prices under which they were last looked for, where
    they ever were; else by the largest score there may be.
    """
    lam, seen = solution.lam, look.seen
    prices = [solution.row_prices.copy(), solution.col_prices.copy()]
    counts = [one.astype(np.float64) for one in _cover(solution)]
    if seen.is_nothing:
        side = int(source.shape[1] < source.shape[0])
        prices[side] = np.maximum(prices[side], source.largest + lam)
        counts[side][:] = 1.0
    else:
        for side, lam_since in ((0, lam - seen.lam), (1, 0.0)):
            fell = seen.prices[side] + (lam_since - SLACK / 2) - prices[side]
            prices[side] += np.ceil(np.maximum(fell, 0.0) * 2.0**40) * 2.0**-40
            counts[side] = np.maximum(counts[side], seen.cover[side])
    for rows, cols, scores in look.missed:
        short = scores + lam - prices[0][rows] - prices[1][cols]
        raised = np.zeros_like(prices[0])
        np.maximum.at(raised, rows, short)
        prices[0] += raised
        uncovered = (counts[0][rows] == 0.0) & (counts[1][cols] == 0.0)
        counts[0][rows[uncovered]] = 1.0
    counted = solution.row_count_prices is not None
    return replace(
        solution,
        row_prices=prices[0],
        col_prices=prices[1],
        row_count_prices=counts[0] if counted else None,
        col_count_prices=counts[1] if counted else None,
    )


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
