"""The check of a pool's proof, which shares no code with the solver: sums and comparisons only.

Why the prices bound every matching: its pairs are worth no more than the prices of their ends and
of the odd sets that hold both; an end is in one pair at most, and a set of 2k + 1 members holds k.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.certificate import Checked, falls_short, rounding
from mentormatch.assign.floor_proof import PoolFloor
from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.pool_problem import SPARE_BITS, PoolProblem
from mentormatch.assign.problem import TOLERANCE, Objective

__all__ = ["are_prices", "check_pool", "uncovered"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]

#: No honest price comes near this, and the sum of thousands of them would overflow.
TOO_LARGE = 2.0**1010


def check_pool(
    problem: PoolProblem,
    a: Integers,
    b: Integers,
    prices: Floats,
    odd_sets: OddSets,
    *,
    objective: Objective,
    lam: float = 0.0,
    count_prices: Floats | None = None,
    count_sets: OddSets | None = None,
    floor: PoolFloor | None = None,
) -> Checked:
    """Check a matching of one pool and its prices against every allowed pair.

    Every comparison is exact, however large `lam` is beside the scores. Nothing is forgiven where
    the scores and `lam` are multiples of 2**-51 of the power of two above the largest of them.
    Other scores are solved rounded up, so the gap may be one step of 2**-49 of that power for each
    chosen pair, and `TOLERANCE` of the bound at most.

    Parameters
    ----------
    problem
        The allowed pairs and their true scores.
    a, b : int64 array, shape (n_chosen,)
        The chosen pairs, ``a < b``.
    prices : float64 array, shape (n_members,)
        Prices for `scores + lam`; with a floor, of the pairs that are worth as much.
    odd_sets
        Sets with prices of their own.
    objective
        What the matching is claimed to be best at.
    lam
        What one more pair counts; it must be 0 under `Objective.SCORE`.
    count_prices : float64 array, shape (n_members,), optional
        Prices for all pairs with every score 1; `Objective.SCORE` takes none and all others need
        them.
    count_sets
        The odd sets that go with them.
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
        If an array or a family of sets has not the length that the problem gives it, or count
        prices or a floor are missing or too many.

    Examples
    --------
    >>> from mentormatch.assign.pool import heaviest_pool
    >>> triangle = PoolProblem(3, np.array([0, 0, 1]), np.array([1, 2, 2]), np.ones(3))
    >>> s = heaviest_pool(triangle, Objective.SCORE)
    >>> check_pool(triangle, s.a, s.b, s.prices, s.odd_sets, objective=s.objective).ok
    True
    """
    counts = count_prices, count_sets
    proofs = _proofs_checked(problem, objective, (prices, odd_sets), counts, floor)
    valid, value = _matching(problem, a, b)
    usable, *count_usable = [are_prices(*proof) for proof in proofs]
    usable = usable and (0 <= lam < TOO_LARGE if count_usable else lam == 0)
    within = problem.scores >= (-math.inf if floor is None else floor.score)
    over = uncovered(problem.a, problem.b, problem.scores, prices, odd_sets, lam) & within
    feasible = usable and not over.any()
    terms = [*_terms(*proofs[0]), *[-lam] * len(a)] if usable else []
    gap = math.fsum([*terms, *(-value).tolist()]) if usable else math.nan
    covered, count_gap = True, 0.0
    for proof in proofs[1:]:
        bare = uncovered(problem.a, problem.b, np.ones_like(problem.scores), *proof)
        covered = count_usable[0] and not bare.any()
        # Half a pair is none.
        count_terms = _terms(*proof) if count_usable[0] else [math.nan]
        count_gap = math.fsum([*count_terms, -len(a)])
        over |= bare
    highest = True
    if floor is not None:
        highest, bare = _is_highest(problem, floor, value)
        over |= bare
    forgiven = rounding(problem.scores[within], lam, SPARE_BITS) * len(a) if usable else 0.0
    if forgiven:
        forgiven = min(forgiven, TOLERANCE * abs(math.fsum(terms)))
    proven = abs(gap) <= forgiven and 0 <= count_gap < 1
    return Checked(
        valid=valid,
        feasible=feasible,
        covered=covered,
        gap=gap,
        count_gap=count_gap,
        violations=np.column_stack((problem.a[over], problem.b[over])),
        ok=valid and feasible and covered and highest and proven,
        highest=highest,
    )


def uncovered(
    a: Integers, b: Integers, scores: Floats, prices: Floats, odd_sets: OddSets, lam: float = 0.0
) -> Booleans:
    """Return which pairs are worth more than the prices of their ends and of the sets around both.

    For pairs of any order and number: all allowed pairs can be looked through in blocks.

    Parameters
    ----------
    a, b : int64 array, shape (n_pairs,)
        The two ends of each pair, either first.
    scores : float64 array, shape (n_pairs,)
        What each is worth.
    prices : float64 array, shape (n_members,)
        What each member is worth.
    odd_sets
        What sets of members are worth.
    lam
        What is added to each score.

    Returns
    -------
    boolean array, shape (n_pairs,)
        Exact: True where the prices fall short of `scores + lam` by however little, or are NaN.

    Examples
    --------
    >>> sets = OddSets(np.array([0, 0, 0, -1]), np.array([-1]), np.array([1.0]))
    >>> uncovered(np.array([0, 0]), np.array([1, 3]), np.ones(2), np.zeros(4), sets)
    array([False,  True])
    """
    due = _due(odd_sets, lam)[odd_sets.common(a, b)]
    return falls_short(prices[a], prices[b], scores, due)


def _due(odd_sets: OddSets, lam: float) -> Floats:
    """Return what is left of `lam`, within each set and (last) within none, for members to pay.

    Where float64 would have to round, rounded up: a proof may thus fail, but never by forgery pass.
    """
    due = [0.0] * len(odd_sets) + [lam]
    rest = zip(odd_sets.around.tolist(), odd_sets.prices.tolist(), strict=True)
    for number, (outer, price) in enumerate(rest):
        less = due[outer] - price
        if math.isfinite(less) and math.fsum([due[outer], -price, -less]) > 0.0:
            less = math.nextafter(less, math.inf)
        due[number] = less
    return np.array(due)


def _proofs_checked(
    problem: PoolProblem,
    objective: Objective,
    score: tuple[Floats, OddSets],
    count: tuple[Floats | None, OddSets | None],
    floor: PoolFloor | None,
) -> list[tuple[Floats, OddSets]]:
    """Return the one proof or the two that the objective asks for, each of the right length."""
    count_prices, count_sets = count
    proofs = [score]
    if objective is Objective.SCORE:
        if count_prices is not None or count_sets is not None:
            raise ValueError("count prices go with people_then_score or a floor, not with score")
    elif count_prices is None or count_sets is None:
        raise ValueError(f"{objective} needs count_prices and count_sets")
    else:
        proofs.append((count_prices, count_sets))
    if (objective is Objective.FLOOR_THEN_SCORE) != (floor is not None):
        raise ValueError(
            f"a floor goes with {Objective.FLOOR_THEN_SCORE}, and only with it; "
            f"the objective is {objective}"
        )
    lengths = [*proofs, *([(floor.count_prices, floor.count_sets)] if floor else [])]
    for name, (prices, odd_sets) in zip(("", "count ", "floor's count "), lengths, strict=False):
        for what, numbers in (("prices", prices), ("sets", odd_sets.innermost)):
            if numbers.shape != (problem.size,):
                raise ValueError(
                    f"the {name}{what} are of {numbers.shape} members; "
                    f"this problem has {problem.size}"
                )
    return proofs


def _matching(problem: PoolProblem, a: Integers, b: Integers) -> tuple[bool, Floats]:
    """Return whether the pairs are an allowed matching, and the scores of those that are."""
    inside = (a >= 0) & (a < problem.size) & (b >= 0) & (b < problem.size)
    mate = np.full(problem.size, -1)
    mate[a[inside]] = b[inside]
    scores = problem.scores[mate[problem.a] == problem.b]
    ends = np.concatenate((a, b))
    return len(np.unique(ends)) == len(ends) and len(scores) == len(a), scores


def _is_highest(problem: PoolProblem, floor: PoolFloor, chosen: Floats) -> tuple[bool, Booleans]:
    """Return whether a floor is that of the chosen scores and the highest, and what is not covered.

    Where no pair can be had, which the count prices have to prove, there is no worst one.
    """
    proof = floor.count_prices, floor.count_sets
    bare = uncovered(problem.a, problem.b, np.ones_like(problem.scores), *proof)
    # Where the floor is not a number all pairs have to be covered.
    bare &= ~(problem.scores <= floor.at_most)
    fewer = are_prices(*proof) and math.fsum([*_terms(*proof), -len(chosen)]) < 0.0
    is_proven = (fewer and not bare.any()) or not len(chosen)
    return bool(is_proven and floor.score == floor.at_most == chosen.min(initial=np.inf)), bare


def are_prices(prices: Floats, odd_sets: OddSets) -> bool:
    """Tell whether prices are 0 or more, not too large to be summed, and the sets odd ones.

    Parameters
    ----------
    prices : float64 array, shape (n_members,)
        What each member is worth.
    odd_sets
        What sets of members are worth.

    Examples
    --------
    >>> are_prices(np.ones(3), OddSets.none(3)), are_prices(np.full(3, np.nan), OddSets.none(3))
    (True, False)
    """
    worth = [prices, odd_sets.prices]
    if not (odd_sets.are_odd and all(bool((one >= 0).all()) for one in worth)):
        return False
    with np.errstate(over="ignore"):  # what overflows is too large
        worth[1] = odd_sets.prices * odd_sets.sizes
    return all(bool((one < TOO_LARGE).all()) for one in worth)


def _terms(prices: Floats, odd_sets: OddSets) -> list[float]:
    return [*prices.tolist(), *odd_sets.terms]
