"""The check of a proof, which shares no code with the solvers: sums and comparisons only."""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.capacities import Capacities, LoadPrices, Spread, SpreadPrices
from mentormatch.assign.floor_proof import Floor
from mentormatch.assign.problem import TOLERANCE, Objective, Problem

__all__ = ["Checked", "check", "covers", "falls_short", "later_places", "rounding", "times"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

#: No honest price comes near this, and the sum of thousands of them would overflow.
TOO_LARGE = 2.0**1010


@dataclass(frozen=True, eq=False, slots=True)
class Checked:
    """What the check of a matching and its prices found.

    Parameters
    ----------
    valid
        Every chosen pair is allowed, and nobody is in two; with capacities, nobody in more, or in
        fewer, than they say, nor in more with partners of one group.
    feasible
        The prices bound every matching: none is negative, and no pair is worth more than its
        two prices (and with capacities its own and those of groups, less those of minima).
    covered
        The count prices bound the number of pairs: none is negative, and those of every allowed
        pair add up to 1 or more. True where the objective asks for no count prices.
    gap
        Bound less value, summed exactly and rounded once.
    count_gap
        The count prices added up, less the number of chosen pairs or, with capacities, half the
        number of people in them; 0 without count prices.
    violations : int64 array, shape (n, 2)
        Row and column of the allowed pairs that the prices or the count prices do not cover; with
        a floor, each of those that it has to.
    ok
        All of it holds and the gaps are closed: the matching is proven best.
    highest
        The worst pair is worth the floor, and pairs above that serve fewer people by count prices
        that cover these. True where the objective asks for no floor.

    Examples
    --------
    >>> problem = Problem.from_scores([[1.0]])
    >>> one = np.array([0])
    >>> found = check(
    ...     problem, one, one, np.array([0.5]), np.array([0.25]), objective=Objective.SCORE
    ... )
    >>> found.ok, found.feasible, found.violations.tolist()
    (False, False, [[0, 0]])
    """

    valid: bool
    feasible: bool
    covered: bool
    gap: float
    count_gap: float
    violations: Integers
    ok: bool
    highest: bool = True


def check(
    problem: Problem,
    rows: Integers,
    cols: Integers,
    row_prices: Floats,
    col_prices: Floats,
    *,
    objective: Objective,
    lam: float = 0.0,
    row_count_prices: Floats | None = None,
    col_count_prices: Floats | None = None,
    load_prices: LoadPrices | None = None,
    count_load_prices: LoadPrices | None = None,
    floor: Floor | None = None,
) -> Checked:
    """Check a matching and its prices against every allowed pair.

    Every comparison is exact, however large `lam` is beside the scores. Nothing is forgiven where
    the scores and `lam` are multiples of 2**-52 of the power of two above the largest of them.
    Other scores are solved rounded up, so the gap may be one step of 2**-50 of that power for each
    chosen pair, and `TOLERANCE` of the bound at most.

    Parameters
    ----------
    problem
        The allowed pairs and their true scores.
    rows, cols : int64 array, shape (n_chosen,)
        The chosen pairs.
    row_prices, col_prices : float64 array, shape (n_rows,) and (n_cols,)
        Prices for `scores + lam`; with a floor, of the pairs that are worth as much.
    objective
        What the matching is claimed to be best at.
    lam
        What one more pair counts; it must be 0 under `Objective.SCORE`.
    row_count_prices, col_count_prices : float64 array, optional
        Prices for all pairs with every score 1; `Objective.SCORE` takes none and all others need
        them.
    load_prices, count_load_prices
        Where the problem has capacities, what goes with the prices and the count prices.
    floor
        What the worst pair is worth and why no more; for `Objective.FLOOR_THEN_SCORE`, which needs
        it. What it costs against another objective is not asked.

    Returns
    -------
    Checked
        `ok` if the proof holds. Wrong numbers of any kind, NaN included, make it fail, not raise.

    Raises
    ------
    ValueError
        If an array has not the length that the problem gives it, count prices or a floor are
        missing or too many, or there are prices of loads and no capacities.

    Examples
    --------
    >>> from mentormatch.assign.solve import solve
    >>> problem = Problem.from_scores([[10.0, 9.0], [9.0, 1.0]])
    >>> s = solve(problem, Objective.SCORE)
    >>> check(problem, s.rows, s.cols, s.row_prices, s.col_prices, objective=s.objective).ok
    True
    """
    counted = _lengths_checked(
        problem, objective, row_prices, col_prices, row_count_prices, col_count_prices, floor
    )
    scored = _Layer.of(problem, row_prices, col_prices, load_prices)
    valid, value = _matching(problem, rows, cols)
    served = _half_the_people(problem, rows, cols)
    lam_fits = lam == 0 if counted is None else 0 <= lam < TOO_LARGE
    usable = lam_fits and scored.is_usable
    within = problem.scores >= (-math.inf if floor is None else floor.score)
    over = scored.uncovered(problem.scores, lam) & within
    feasible = usable and not over.any()
    terms = [*scored.terms(lam), -lam * served] if usable else []
    gap = math.fsum([*terms, *(-value).tolist()]) if usable else math.nan
    covered, count_gap = True, 0.0
    if counted is not None:
        count = _Layer.of(problem, *counted, count_load_prices)
        uncovered = count.uncovered(np.zeros_like(problem.scores), 1.0)
        covered = count.is_usable and not uncovered.any()
        count_gap = math.fsum([*count.terms(1.0), -served]) if count.is_usable else math.nan
        over |= uncovered
    highest = True
    if floor is not None:
        highest, uncovered = _is_highest(problem, floor, value, served)
        over |= uncovered
    # Of all scores, since the answer may be that of all pairs, rounded on their grid.
    forgiven = rounding(problem.scores, lam) * len(rows) if usable else 0.0
    if forgiven:
        forgiven = min(forgiven, TOLERANCE * abs(math.fsum(terms)))
    proven = abs(gap) <= forgiven and count_gap == 0
    return Checked(
        valid=valid,
        feasible=feasible,
        covered=covered,
        gap=gap,
        count_gap=count_gap,
        violations=np.column_stack((problem.rows[over], problem.cols[over])),
        ok=valid and feasible and covered and highest and proven,
        highest=highest,
    )


def _lengths_checked(
    problem: Problem,
    objective: Objective,
    row_prices: Floats,
    col_prices: Floats,
    row_count_prices: Floats | None,
    col_count_prices: Floats | None,
    floor: Floor | None,
) -> tuple[Floats, Floats] | None:
    n_rows, n_cols = problem.shape
    if (objective is Objective.FLOOR_THEN_SCORE) != (floor is not None):
        raise ValueError(
            f"a floor goes with {Objective.FLOOR_THEN_SCORE}, and only with it; "
            f"the objective is {objective}"
        )
    above = (None, None) if floor is None else (floor.row_count_prices, floor.col_count_prices)
    for name, prices, length in (
        ("row_prices", row_prices, n_rows),
        ("col_prices", col_prices, n_cols),
        ("row_count_prices", row_count_prices, n_rows),
        ("col_count_prices", col_count_prices, n_cols),
        ("row_count_prices of the floor", above[0], n_rows),
        ("col_count_prices of the floor", above[1], n_cols),
    ):
        if prices is not None and prices.shape != (length,):
            raise ValueError(f"{name} has shape {prices.shape}; this problem takes ({length},)")
    if (objective is Objective.SCORE) != (row_count_prices is None and col_count_prices is None):
        raise ValueError(
            f"count prices go with {Objective.PEOPLE_THEN_SCORE} or a floor, and only with these; "
            f"the objective is {objective}"
        )
    if row_count_prices is None and col_count_prices is None:
        return None
    if row_count_prices is None or col_count_prices is None:
        raise ValueError("count prices are needed for the rows and for the columns")
    return row_count_prices, col_count_prices


def _matching(problem: Problem, rows: Integers, cols: Integers) -> tuple[bool, Floats]:
    """Return whether the pairs are an allowed matching, and the scores of those that are."""
    n_rows, n_cols = problem.shape
    inside = (rows >= 0) & (rows < n_rows) & (cols >= 0) & (cols < n_cols)
    chosen = np.unique(problem.find(rows[inside], cols[inside]))
    chosen = chosen[chosen >= 0]
    valid = len(chosen) == len(rows)
    asked = problem.capacities or Capacities.of(problem.shape)
    for ends, most, least in (
        (problem.rows, asked.row_capacity, asked.row_minimum),
        (problem.cols, asked.col_capacity, asked.col_minimum),
    ):
        load = np.bincount(ends[chosen], minlength=len(most))
        valid = valid and bool(((load <= most) & (load >= least)).all())
    for spread, members, partners in (
        (asked.row_spread, problem.rows, problem.cols),
        (asked.col_spread, problem.cols, problem.rows),
    ):
        if spread is not None:
            valid = valid and spread.is_kept(members[chosen], partners[chosen])
    return valid, problem.scores[chosen]


def _is_highest(
    problem: Problem, floor: Floor, chosen: Floats, served: float
) -> tuple[bool, NDArray[np.bool_]]:
    """Return whether a floor is that of the chosen scores and the highest, and what is not covered.

    Where nobody is served, which the count prices have to prove, there is no worst pair.
    """
    prices = floor.row_count_prices, floor.col_count_prices
    above = _Layer.of(problem, *prices, floor.count_load_prices)
    uncovered = above.uncovered(np.zeros_like(problem.scores), 1.0)
    # Where the floor is not a number all pairs have to be covered.
    uncovered &= ~(problem.scores <= floor.at_most)
    fewer = above.is_usable and math.fsum([*above.terms(1.0), -served]) < 0.0
    is_proven = (fewer and not uncovered.any()) or not len(chosen)
    return bool(is_proven and floor.score == floor.at_most == chosen.min(initial=np.inf)), uncovered


def _half_the_people(problem: Problem, rows: Integers, cols: Integers) -> float:
    if problem.capacities is None:
        return len(rows)
    return (len(np.unique(rows)) + len(np.unique(cols))) / 2


@dataclass(frozen=True, eq=False)
class _Layer:
    """Prices of one kind, for the scores or for the count, and what they cover and add up to."""

    problem: Problem
    row: Floats
    col: Floats
    loads: LoadPrices | None

    @classmethod
    def of(cls, problem: Problem, row: Floats, col: Floats, loads: LoadPrices | None) -> "_Layer":
        if loads is None:
            return cls(problem, row, col, None)
        if problem.capacities is None:
            raise ValueError("the problem has no capacities, so there can be no prices of loads")
        lengths = len(loads.row_minimum), len(loads.col_minimum)
        if lengths != problem.shape or not len(loads.rows) == len(loads.cols) == len(loads.pairs):
            raise ValueError("the prices of loads have not one length for each side and for pairs")
        for asked, spread in (
            (problem.capacities.row_spread, loads.row_spread),
            (problem.capacities.col_spread, loads.col_spread),
        ):
            if spread is None:
                continue
            if asked is None:
                raise ValueError("the problem has no such groups, so there can be no prices of any")
            if not len(spread.members) == len(spread.groups) == len(spread.prices):
                raise ValueError("the prices of groups differ in length")
        return cls(problem, row, col, loads)

    @property
    def is_usable(self) -> bool:
        """Whether all prices are, and those of minima come off the others without rounding."""
        sides = [self.row, self.col]
        if self.loads is not None:
            sides += [self.loads.pairs, self.loads.row_minimum, self.loads.col_minimum]
            sides += [spread.prices for _, spread, _, _ in self._spreads()]
        most = 1 if self.problem.capacities is None else max(*self.problem.shape, 1)
        limit = TOO_LARGE / most
        are_prices = all(bool(((side >= 0) & (side < limit)).all()) for side in sides)
        return are_prices and not any(error.any() for _, error in self._net())

    def _spreads(self) -> list[tuple[Spread, SpreadPrices, Integers, Integers]]:
        """Return what is asked of groups, at what prices, and each pair's asking end and other."""
        asked, loads, pairs = self.problem.capacities, self.loads, self.problem
        if asked is None or loads is None:
            return []
        found = []
        if asked.row_spread is not None and loads.row_spread is not None:
            found.append((asked.row_spread, loads.row_spread, pairs.rows, pairs.cols))
        if asked.col_spread is not None and loads.col_spread is not None:
            found.append((asked.col_spread, loads.col_spread, pairs.cols, pairs.rows))
        return found

    def _net(self) -> list[tuple[Floats, Floats]]:
        """Return what rows and columns cover: their prices less those of their minima."""
        if self.loads is None:
            return [(self.row, np.zeros_like(self.row)), (self.col, np.zeros_like(self.col))]
        with np.errstate(invalid="ignore", over="ignore"):  # forged infinities cover nothing
            return [
                _with_error(self.row, -self.loads.row_minimum),
                _with_error(self.col, -self.loads.col_minimum),
            ]

    def uncovered(self, worth: Floats, lam: float) -> NDArray[np.bool_]:
        """Return which allowed pairs are worth more, with `lam`, than their prices."""
        problem = self.problem
        (row, _), (col, _) = self._net()
        left, right = row[problem.rows], col[problem.cols]
        inexact = np.zeros(len(left), dtype=np.bool_)
        with np.errstate(invalid="ignore", over="ignore"):  # forged infinities cover nothing
            for spread in self._spreads():
                left, error = _with_error(left, _of_pairs(*spread))
                inexact |= error != 0
        over = falls_short(left, right, worth, lam)
        if problem.capacities is None:
            return over
        # Who takes no part is in no pair.
        over &= problem.capacities.row_capacity[problem.rows] > 0
        over &= problem.capacities.col_capacity[problem.cols] > 0
        if self.loads is not None:
            inside = (self.loads.rows >= 0) & (self.loads.rows < problem.shape[0])
            inside &= (self.loads.cols >= 0) & (self.loads.cols < problem.shape[1])
            found = problem.find(self.loads.rows[inside], self.loads.cols[inside])
            for pair, own in zip(found.tolist(), self.loads.pairs[inside].tolist(), strict=True):
                if pair >= 0 and over[pair]:
                    over[pair] = not covers(left[pair], right[pair], own, -worth[pair], -lam)
        # Honest prices are on a grid, and those of groups come on top without rounding.
        return over | inexact

    def terms(self, lam: float) -> list[float]:
        """Return numbers that add up to what no matching is worth more than.

        Somebody's first pair pays their price, and each further one half of `lam` less, but nothing
        at least. What comes off for a minimum comes back for each pair that it asks for.
        """
        terms = [*self.row.tolist(), *self.col.tolist()]
        asked = self.problem.capacities
        if asked is None:
            return terms
        terms = [*self.row[asked.row_capacity > 0].tolist()]
        terms += self.col[asked.col_capacity > 0].tolist()
        terms += later_places(self.row, asked.row_capacity, lam)
        terms += later_places(self.col, asked.col_capacity, lam)
        if self.loads is not None:
            terms += self.loads.pairs.tolist()
            terms += times(-self.loads.row_minimum, asked.row_minimum)
            terms += times(-self.loads.col_minimum, asked.col_minimum)
        for spread, paid, _, _ in self._spreads():
            inside = (paid.members >= 0) & (paid.members < len(spread.at_most))
            terms += times(paid.prices[inside], spread.at_most[paid.members[inside]])
        return terms


def _of_pairs(asked: Spread, spread: SpreadPrices, members: Integers, partners: Integers) -> Floats:
    """Return what each pair pays for its partner's group; of a group priced twice, one price."""
    own = np.zeros(len(members))
    priced = dict(
        zip(
            zip(spread.members.tolist(), spread.groups.tolist(), strict=True),
            spread.prices.tolist(),
            strict=True,
        )
    )
    groups = asked.groups[partners]
    for pair in np.flatnonzero(np.isin(members, spread.members) & (groups >= 0)).tolist():
        own[pair] = priced.get((int(members[pair]), int(groups[pair])), 0.0)
    return own


def later_places(prices: Floats, most: Integers, lam: float) -> list[float]:
    """Return numbers that add up to what places after the first cost, exactly.

    Parameters
    ----------
    prices : float64 array, shape (n,)
        What somebody's first place costs.
    most : int64 array, shape (n,)
        How many places each has.
    lam
        Half of it comes off for each later place, which serves nobody anew; none costs less than 0.

    Examples
    --------
    >>> sum(later_places(np.array([3.0, 0.25]), np.array([3, 2]), lam=2.0))
    4.0
    """
    terms: list[float] = []
    pays = (prices > lam / 2) & (most > 1)
    for part in _with_error(prices[pays], np.full(np.count_nonzero(pays), -lam / 2)):
        terms += times(part, most[pays] - 1)
    return terms


def covers(*terms: float) -> bool:
    """Tell whether numbers add up to 0 or more; not-a-numbers and infinities cover nothing.

    Examples
    --------
    >>> covers(2.0**60, 0.25, -(2.0**60), -0.5)
    False
    """
    return all(map(math.isfinite, terms)) and math.fsum(terms) >= 0


def times(amounts: Floats, counts: Integers) -> list[float]:
    """Return numbers that add up to the products, exactly: counts are below 2**26 by far.

    Examples
    --------
    >>> times(np.array([0.5, 3.0]), np.array([4, 0]))
    [2.0, 0.0, 0.0, 0.0]
    """
    high, exponent = np.frexp(amounts)
    high = np.ldexp(np.trunc(np.ldexp(high, 26)), exponent - 26)
    return [*(high * counts).tolist(), *((amounts - high) * counts).tolist()]


def falls_short(
    left: Floats, right: Floats, worth: Floats, lam: float | Floats
) -> NDArray[np.bool_]:
    """Return where ``left + right < worth + lam``, exactly, whatever float64 would round.

    A large `lam` makes both sums lose what tells them apart; a forger could live on that. So each
    sum is taken with its rounding error (`_with_error`), and these decide where the sums tie.

    Parameters
    ----------
    left, right : float64 array
        The two prices of each pair.
    worth : float64 array
        What each pair is worth.
    lam
        What is added to it; the same for all, or one for each pair.

    Returns
    -------
    boolean array
        True with a NaN, where nothing is known.

    Examples
    --------
    >>> falls_short(np.array([2.0**60]), np.array([0.25]), np.array([0.5]), lam=2.0**60)
    array([ True])
    """
    with np.errstate(invalid="ignore", over="ignore"):  # forged infinities cover nothing
        prices, prices_error = _with_error(left, right)
        due, due_error = _with_error(worth, np.full_like(worth, lam))
        covered: NDArray[np.bool_] = (prices - due) + (prices_error - due_error) >= 0
    return ~covered


def _with_error(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return a sum as float64 rounds it, and what the rounding took away, exactly.

    D. E. Knuth, "The Art of Computer Programming", volume 2, section 4.2.2, theorem B.
    """
    total = a + b
    part = total - a
    error: Floats = (a - (total - part)) + (b - part)
    return total, error


def rounding(scores: Floats, lam: float, spare: int = 0) -> float:
    """Return by how much each score may have been rounded up: 0 for those that need not be.

    Parameters
    ----------
    scores : float64 array
        The true scores.
    lam
        What was added to each.
    spare
        How many bits the solver left for parts of a step.

    Examples
    --------
    >>> rounding(np.array([0.25, 1.0]), lam=1.0), rounding(np.array([1e-30, 1.0]), lam=0.0)
    (0.0, 1.7763568394002505e-15)
    """
    exponent = math.frexp(float(scores.max(initial=0.0)) + lam)[1] + spare
    smallest = math.ldexp(1.0, spare - 1074)
    finest = max(math.ldexp(1.0, exponent - 52), smallest)
    exact = (np.floor(scores / finest) * finest == scores).all()
    return 0.0 if exact else max(math.ldexp(1.0, exponent - 50), smallest)
