"""The best matching that gives up only so many of some pairs, as an integer program.

One more constraint beside those of a matching takes away that prices alone prove the best (prices
of a bonus for each pair that stays reach only some of the numbers of changes), so it is branched
and bounded, by HiGHS.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from mentormatch.assign.problem import Objective

__all__ = ["FewChanges", "best_with_few_changes"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: In what units scores are counted, so that HiGHS's absolute tolerance of 1e-6 is a small part of
#: a step of 2**-40.
UNITS = 2.0**24
#: What HiGHS says of an answer that it has proven.
OPTIMAL = 0


@dataclass(frozen=True, eq=False, slots=True)
class FewChanges:
    """The pairs of such a matching.

    Attributes
    ----------
    chosen : numpy.ndarray
        Positions of the pairs, ascending.
    at_most : float
        By HiGHS's word, what no such matching is worth more than.
    """

    chosen: Integers
    at_most: float


def best_with_few_changes(
    ends: tuple[Integers, Integers],
    scores: Floats,
    is_established: Bools,
    most_ended: int,
    objective: Objective,
    must: Bools | None = None,
) -> FewChanges:
    """Find the best matching that is without only so many of the established pairs.

    Parameters
    ----------
    ends
        Members of each allowed pair, numbered over both sides, or in the pool; shape (pairs,) each.
        Those of established pairs have no member in common.
    scores
        What each pair is worth.
    is_established
        Which pairs are established.
    most_ended
        How many of these the matching may be without.
    objective
        Whether pairs come first.
    must
        Which pairs have to be chosen; none by default.

    Raises
    ------
    RuntimeError
        When HiGHS ends without an answer, which its limits do not allow for.

    Examples
    --------
    >>> ends = np.array([0, 0, 1]), np.array([2, 3, 2])
    >>> scores, there = np.array([0.5, 1.0, 1.0]), np.array([True, False, False])
    >>> for most in (0, 1):
    ...     best_with_few_changes(ends, scores, there, most, Objective.SCORE).chosen
    array([0])
    array([1, 2])
    """
    if not len(scores):
        return FewChanges(np.empty(0, dtype=np.int64), 0.0)
    pairs = np.arange(len(scores))
    least = np.zeros(len(scores)) if must is None else must.astype(np.float64)
    members = 1 + max(int(end.max()) for end in ends)
    at_ends = csr_array(
        (np.ones(2 * len(scores)), (np.concatenate(ends), np.tile(pairs, 2))),
        shape=(members, len(scores)),
    )
    stay = csr_array(is_established.astype(np.float64)[None, :])
    rows, low, high = [at_ends, stay], [np.zeros(members)], [np.ones(members)]
    low.append(np.array([np.count_nonzero(is_established) - most_ended], dtype=np.float64))
    high.append(np.array([np.inf]))
    if objective is not Objective.SCORE:
        chosen, _ = _solved(np.ones(len(scores)), least, rows, low, high)
        rows.append(csr_array(np.ones((1, len(scores)))))
        low.append(np.array([float(len(chosen))]))
        high.append(np.array([np.inf]))
    chosen, at_most = _solved(scores * UNITS, least, rows, low, high)
    return FewChanges(chosen, max(at_most / UNITS, float(scores[chosen].sum())))


def _solved(
    worth: Floats, least: Floats, rows: list[csr_array], low: list[Floats], high: list[Floats]
) -> tuple[Integers, float]:
    """Return the best pairs, and what none are worth more than."""
    # Imported here, and in the other functions that solve such programs: it takes a second.
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = milp(
        -worth,
        integrality=np.ones(len(worth), dtype=np.int64),
        bounds=Bounds(least, 1),
        constraints=LinearConstraint(vstack(rows), np.concatenate(low), np.concatenate(high)),
        options={"mip_rel_gap": 0.0},
    )
    if found.status != OPTIMAL or found.x is None:
        raise RuntimeError(f"HiGHS found no matching with few changes: {found.message}")
    return np.flatnonzero(found.x > 0.5), -float(found.mip_dual_bound)
