"""The check of a proof about rings, which shares no code with the solvers.

Prices that cover every arrow are checked arrow by arrow. Where rings are bounded in length, prices
may cover the rings and not their arrows. Then a shortest-path method (Bellman and Ford's, a fixed
number of rounds) looks from everybody with an uncovered arrow for closed walks of so many arrows
that are worth more than they cost. A walk may meet somebody twice, but falls apart into rings of no
more arrows there: if every ring is covered so is every walk, and the other way round. So
this is exact, and takes no list of rings: as many looks as there are pairs of such a person and
an arrow within reach, for each length.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.certificate import falls_short
from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.pool_certificate import are_prices, uncovered
from mentormatch.assign.problem import Objective
from mentormatch.assign.ring_problem import RingProblem

__all__ = ["RingsChecked", "check_rings"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Sides: TypeAlias = tuple[Floats, Floats]

#: All totals are multiples of this.
UNIT = 2.0**-40
#: Prices of rings that do not cover every arrow are multiples of this, to be summed as integers.
FINEST = 2.0**-48
#: Below every walk.
NOWHERE = np.iinfo(np.int64).min
#: No honest price comes near this, and the sum of thousands of them would overflow.
TOO_LARGE = 2.0**1010
#: So many places are held for the walks from some people at once.
PLACES = 2**22


@dataclass(frozen=True, eq=False, slots=True)
class RingsChecked:
    """What the check of rings and their prices found.

    Parameters
    ----------
    valid
        Every ring is made of arrows, has 2 people or more and not too many, nobody is twice in any,
        and no required arrow is missing.
    feasible
        The prices bound all rings: the two of nobody who may be in none add up to less than 0, and
        every ring (with rings of any length: every arrow) costs what it is worth or more.
    covered
        So do the count prices, with every score 1. True where the objective asks for none.
    gap
        Bound less value, as the multiple of 2**-40 it cannot exceed.
    count_gap
        How many more people the count prices leave room for; 0 without.
    violations : int64 array, shape (n, 2)
        Tail and head of arrows that are not covered, where rings may have any length; else of the
        last arrows of walks that are worth more than they cost.
    ok
        All of it holds and the gaps are closed: the rings are proven best.

    Examples
    --------
    >>> problem = RingProblem.from_scores(np.ones((2, 2)), np.ones((2, 2), dtype=bool))
    >>> prices = np.array([1.0, 0.5]), np.zeros(2)
    >>> rings = np.array([0, 2]), np.array([0, 1])
    >>> found = check_rings(problem, *rings, *prices, objective=Objective.SCORE, longest=None)
    >>> found.ok, found.violations.tolist()
    (False, [[1, 0]])
    """

    valid: bool
    feasible: bool
    covered: bool
    gap: float
    count_gap: float
    violations: Integers
    ok: bool


def check_rings(
    problem: RingProblem,
    starts: Integers,
    members: Integers,
    tail_prices: Floats,
    head_prices: Floats,
    *,
    objective: Objective,
    longest: int | None,
    lam: float = 0.0,
    tail_count_prices: Floats | None = None,
    head_count_prices: Floats | None = None,
    odd_sets: OddSets | None = None,
    count_sets: OddSets | None = None,
) -> RingsChecked:
    """Check rings and their prices against every arrow, or every ring of a bounded length.

    Every comparison is exact, and nothing is forgiven.

    Parameters
    ----------
    problem
        The arrows and their scores.
    starts, members
        The rings, as in `RingSolution`; their order does not matter.
    tail_prices, head_prices : float64 array, shape (size,)
        Prices for `scores + lam`.
    objective
        What the rings are claimed to be best at.
    longest
        How many people a ring may have; `None` for any number.
    lam
        What one more person counts; it must be 0 under `Objective.SCORE`.
    tail_count_prices, head_count_prices : float64 array, optional
        Prices for the same arrows with every score 1; `Objective.PEOPLE_THEN_SCORE` needs them and
        `Objective.SCORE` takes none.
    odd_sets, count_sets
        With rings of two, sets whose prices help to cover the rings within them, and those that go
        with the count prices. The head prices beside them must be 0.

    Returns
    -------
    RingsChecked
        `ok` if the proof holds. Wrong numbers of any kind, NaN included, make it fail, not raise.

    Raises
    ------
    ValueError
        If an array has not the length that the problem gives it, count prices are missing
        or too many, or there are odd sets for longer rings.

    Examples
    --------
    >>> problem = RingProblem.from_scores(np.ones((2, 2)), np.ones((2, 2), dtype=bool))
    >>> prices = np.ones(2), np.zeros(2)
    >>> rings = np.array([0, 2]), np.array([0, 1])
    >>> check_rings(problem, *rings, *prices, objective=Objective.SCORE, longest=None).ok
    True
    """
    sides = tail_prices, head_prices
    counts = _lengths_checked(problem, objective, sides, (tail_count_prices, head_count_prices))
    valid, value = _rings(problem, starts, members, longest)
    lam_fits = lam == 0 if counts is None else 0 <= lam < TOO_LARGE
    _sets_checked(problem, longest, (odd_sets, count_sets))
    due = lam if lam_fits else 0.0
    usable, over = _uncovered(problem, sides, odd_sets, problem.scores, due, longest)
    feasible = lam_fits and usable and not len(over)
    terms = [*[-lam] * len(members), *(-value).tolist()]
    gap = math.nan
    if usable and lam_fits:
        gap = _rounded([*_costs(sides, odd_sets), *terms], UNIT)
    covered, count_gap = True, 0.0
    if counts is not None:
        count_usable, uncovered = _uncovered(
            problem, counts, count_sets, np.ones_like(problem.scores), 0.0, longest
        )
        covered = count_usable and not len(uncovered)
        count_gap = math.nan
        if count_usable:
            count_gap = _rounded([*_costs(counts, count_sets), -len(members)], 1.0)
        over = np.concatenate((over, uncovered))
    return RingsChecked(
        valid=valid,
        feasible=feasible,
        covered=covered,
        gap=gap,
        count_gap=count_gap,
        violations=np.unique(over, axis=0),
        ok=valid and feasible and covered and gap == 0 and count_gap == 0,
    )


def _lengths_checked(
    problem: RingProblem,
    objective: Objective,
    sides: Sides,
    counts: tuple[Floats | None, Floats | None],
) -> Sides | None:
    if objective is Objective.FLOOR_THEN_SCORE:
        raise ValueError(f"rings have no proof for {objective}")
    names = "tail_prices", "head_prices", "tail_count_prices", "head_count_prices"
    for name, prices in zip(names, (*sides, *counts), strict=True):
        if prices is not None and prices.shape != (problem.size,):
            raise ValueError(
                f"{name} has shape {prices.shape}; this problem takes ({problem.size},)"
            )
    tail, head = counts
    if (objective is Objective.SCORE) != (tail is None and head is None):
        raise ValueError(
            f"count prices go with {Objective.PEOPLE_THEN_SCORE}, and only with it; "
            f"the objective is {objective}"
        )
    if tail is None and head is None:
        return None
    if tail is None or head is None:
        raise ValueError("count prices are needed for the tails and for the heads")
    return tail, head


def _sets_checked(
    problem: RingProblem, longest: int | None, sets: tuple[OddSets | None, OddSets | None]
) -> None:
    for one in sets:
        if one is not None and longest != 2:
            raise ValueError(f"odd sets bound rings of two; longest is {longest}")
        if one is not None and one.innermost.shape != (problem.size,):
            raise ValueError(
                f"the odd sets are of {len(one.innermost)} people; this problem has {problem.size}"
            )


def _rings(
    problem: RingProblem, starts: Integers, members: Integers, longest: int | None
) -> tuple[bool, Floats]:
    """Return whether the rings are allowed, and the scores of those arrows that there are."""
    nothing = np.zeros(0)
    sizes = np.diff(starts)
    is_cut = len(starts) > 0 and starts[0] == 0 and starts[-1] == len(members)
    if not is_cut or (sizes < 2).any() or (longest is not None and (sizes > longest).any()):
        return False, nothing
    if ((members < 0) | (members >= problem.size)).any():
        return False, nothing
    after = np.empty_like(members)
    after[:-1] = members[1:]
    after[starts[1:] - 1] = members[starts[:-1]]
    teaches = np.full(problem.size, -1, dtype=np.int64)
    teaches[members] = after
    scores = problem.scores[teaches[problem.tails] == problem.heads]
    nobody_twice = len(np.unique(members)) == len(members)
    required = problem.required
    holds_all = bool((teaches[problem.tails[required]] == problem.heads[required]).all())
    return nobody_twice and holds_all and len(scores) == len(members), scores


def _uncovered(
    problem: RingProblem,
    sides: Sides,
    sets: OddSets | None,
    worth: Floats,
    lam: float,
    longest: int | None,
) -> tuple[bool, Integers]:
    """Return whether the prices are prices at all, and what they do not cover."""
    nothing = np.zeros((0, 2), dtype=np.int64)
    tail, head = sides
    zeros = np.zeros(problem.size)
    if not all(bool((np.abs(side) < TOO_LARGE).all()) for side in sides):
        return False, nothing
    if falls_short(tail, head, zeros, 0.0)[~problem.must].any():
        return False, nothing
    if sets is not None:
        if head.any() or not are_prices(tail, sets):
            return False, nothing
        return True, _pairs(problem, tail, sets, worth, lam)
    over = falls_short(tail[problem.tails], head[problem.heads], worth, lam)
    arrows = np.column_stack((problem.tails[over], problem.heads[over]))
    if longest is None or not over.any():
        return True, arrows
    gains = _in_units(problem, sides, worth, lam, longest)
    if gains is None:
        return True, arrows
    return True, _walks(problem, gains, longest)


def _pairs(
    problem: RingProblem, prices: Floats, sets: OddSets, worth: Floats, lam: float
) -> Integers:
    """Return rings of two that are worth more than their people and the sets around both."""
    there = problem.tails * problem.size + problem.heads
    back = problem.heads * problem.size + problem.tails
    _, one, other = np.intersect1d(there, back, assume_unique=True, return_indices=True)
    once = problem.tails[one] < problem.heads[one]
    one, other = one[once], other[once]
    a, b = problem.tails[one], problem.heads[one]
    over = uncovered(a, b, worth[one] + worth[other], prices, sets, 2 * lam)
    return np.column_stack((a[over], b[over]))


def _costs(sides: Sides, sets: OddSets | None) -> list[float]:
    """Return what adds up to the bound that prices give."""
    return [*sides[0].tolist(), *sides[1].tolist(), *(sets.terms if sets else ())]


def _in_units(
    problem: RingProblem, sides: Sides, worth: Floats, lam: float, longest: int
) -> Integers | None:
    """Return what each arrow is worth beyond its prices, if walks of it can be summed exactly."""
    tail, head = sides
    largest = max(float(np.abs(one).max(initial=lam)) for one in (tail, head, worth))
    numbers = [one / FINEST for one in (tail, head, worth, np.array([lam]))]
    if 4 * longest * largest >= 2.0**62 * FINEST:
        return None
    if any((np.floor(one) != one).any() for one in numbers):
        return None
    tails, heads, scores, lams = (one.astype(np.int64) for one in numbers)
    gains: Integers = scores + lams[0] - tails[problem.tails] - heads[problem.heads]
    return gains


def _walks(problem: RingProblem, gains: Integers, longest: int) -> Integers:
    """Return the last arrows of closed walks of at most `longest` arrows that gain.

    Every one of them has an arrow that gains, so it is enough to begin at the tails of those.
    """
    starts = np.searchsorted(problem.tails, np.arange(problem.size + 1))
    keys = problem.tails * problem.size + problem.heads
    roots = np.unique(problem.tails[gains > 0])
    at_once = max(1, PLACES // max(1, problem.size, len(keys)))
    found = [np.zeros((0, 2), dtype=np.int64)]
    for first in range(0, len(roots), at_once):
        some = roots[first : first + at_once]
        which, people = np.arange(len(some)), some  # walks: from whom, and where they have come to
        far = np.zeros(len(some), dtype=np.int64)
        for _ in range(longest - 1):
            which, people, far = _walked(problem, gains, starts, which, people, far, len(some))
            back = np.searchsorted(keys, people * problem.size + some[which])
            back = np.minimum(back, len(keys) - 1)
            closes = (problem.tails[back] == people) & (problem.heads[back] == some[which])
            ends = np.flatnonzero(closes)
            gaining = ends[far[ends] + gains[back[ends]] > 0]
            found.append(np.column_stack((people[gaining], some[which[gaining]])))
    return np.unique(np.concatenate(found), axis=0)


def _walked(
    problem: RingProblem,
    gains: Integers,
    starts: Integers,
    which: Integers,
    people: Integers,
    far: Integers,
    n_roots: int,
) -> tuple[Integers, Integers, Integers]:
    """Go one arrow on from each place, and keep the best way to each."""
    ways = starts[people + 1] - starts[people]
    before = np.cumsum(ways) - ways
    arrows = np.arange(int(ways.sum())) + np.repeat(starts[people] - before, ways)
    best = np.full(n_roots * problem.size, NOWHERE)
    places = np.repeat(which, ways) * problem.size + problem.heads[arrows]
    np.maximum.at(best, places, np.repeat(far, ways) + gains[arrows])
    reached = np.flatnonzero(best > NOWHERE)
    return reached // problem.size, reached % problem.size, best[reached]


def _rounded(terms: list[float], unit: float) -> float:
    """Return the largest multiple of a unit that a sum reaches."""
    return math.floor(math.fsum(terms) / unit) * unit
