"""The check of a proof, which shares no code with the solvers: sums and comparisons only."""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.problem import TOLERANCE, Objective, Problem

__all__ = ["Checked", "check", "falls_short", "rounding"]

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
        Every chosen pair is allowed, and nobody is in two.
    feasible
        The prices bound every matching: none is negative, and no pair is worth more than its
        two prices.
    covered
        The count prices bound the number of pairs: none is negative, and those of every allowed
        pair add up to 1 or more. True where the objective asks for no count prices.
    gap
        Bound less value, summed exactly and rounded once.
    count_gap
        The count prices added up, less the number of chosen pairs; 0 without count prices.
    violations : int64 array, shape (n, 2)
        Row and column of the allowed pairs that the prices or the count prices do not cover.
    ok
        All of it holds and the gaps are closed: the matching is proven best.

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
        Prices for `scores + lam`.
    objective
        What the matching is claimed to be best at.
    lam
        What one more pair counts; it must be 0 under `Objective.SCORE`.
    row_count_prices, col_count_prices : float64 array, optional
        Prices for the same pairs with every score 1; `Objective.PEOPLE_THEN_SCORE` needs them and
        `Objective.SCORE` takes none.

    Returns
    -------
    Checked
        `ok` if the proof holds. Wrong numbers of any kind, NaN included, make it fail, not raise.

    Raises
    ------
    ValueError
        If an array has not the length that the problem gives it, or count prices are missing
        or too many.

    Examples
    --------
    >>> from mentormatch.assign.solve import solve
    >>> problem = Problem.from_scores([[10.0, 9.0], [9.0, 1.0]])
    >>> s = solve(problem, Objective.SCORE)
    >>> check(problem, s.rows, s.cols, s.row_prices, s.col_prices, objective=s.objective).ok
    True
    """
    counted = _lengths_checked(
        problem, objective, row_prices, col_prices, row_count_prices, col_count_prices
    )
    valid, value = _matching(problem, rows, cols)
    lam_fits = lam == 0 if counted is None else 0 <= lam < TOO_LARGE
    usable = lam_fits and _are_prices(row_prices, col_prices)
    over = _uncovered(problem, row_prices, col_prices, problem.scores, lam)
    feasible = usable and not over.any()
    terms = [*row_prices.tolist(), *col_prices.tolist(), *[-lam] * len(rows)]
    gap = math.fsum([*terms, *(-value).tolist()]) if usable else math.nan
    covered, count_gap = True, 0.0
    if counted is not None:
        uncovered = _uncovered(problem, *counted, np.ones_like(problem.scores))
        count_usable = _are_prices(*counted)
        covered = count_usable and not uncovered.any()
        count_terms = [*counted[0].tolist(), *counted[1].tolist(), -len(rows)]
        count_gap = math.fsum(count_terms) if count_usable else math.nan
        over |= uncovered
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
        ok=valid and feasible and covered and proven,
    )


def _lengths_checked(
    problem: Problem,
    objective: Objective,
    row_prices: Floats,
    col_prices: Floats,
    row_count_prices: Floats | None,
    col_count_prices: Floats | None,
) -> tuple[Floats, Floats] | None:
    n_rows, n_cols = problem.shape
    for name, prices, length in (
        ("row_prices", row_prices, n_rows),
        ("col_prices", col_prices, n_cols),
        ("row_count_prices", row_count_prices, n_rows),
        ("col_count_prices", col_count_prices, n_cols),
    ):
        if prices is not None and prices.shape != (length,):
            raise ValueError(f"{name} has shape {prices.shape}; this problem takes ({length},)")
    if (objective is Objective.SCORE) != (row_count_prices is None and col_count_prices is None):
        raise ValueError(
            f"count prices go with {Objective.PEOPLE_THEN_SCORE}, and only with it; "
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
    partner = np.full(n_rows, -1, dtype=np.int64)
    partner[rows[inside]] = cols[inside]
    scores = problem.scores[partner[problem.rows] == problem.cols]
    nobody_twice = len(np.unique(rows)) == len(rows) and len(np.unique(cols)) == len(cols)
    return nobody_twice and len(scores) == len(rows), scores


def _are_prices(*sides: Floats) -> bool:
    return all(bool(((side >= 0) & (side < TOO_LARGE)).all()) for side in sides)


def _uncovered(
    problem: Problem, row_prices: Floats, col_prices: Floats, worth: Floats, lam: float = 0.0
) -> NDArray[np.bool_]:
    left, right = row_prices[problem.rows], col_prices[problem.cols]
    return falls_short(left, right, worth, lam)


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
