"""The binary grid on which float64 sums are exact.

Sums and differences of multiples of one power of two are exact in float64 as long as they stay
below 2**53 of its steps. So the solvers work on multiples of `2**-50 * W`, with W the power of
two above the largest weight: what a shortest-path matching adds up stays below 8 W. Nothing then
needs a tolerance: a pair is tight or not, a gap is 0 or not.

Scores that are multiples of 2**-40 in [0, 1] lie on the grid as they are. Foreign scores are
rounded *up* to it, by less than a step, so that prices which cover the rounded scores cover the
true ones too, and the bound still holds.

Scores that are multiples of `2**-52 * W` are left alone as well: prices and their pairwise sums are
exact for them too. Should the matching's own longer sums round, its gap would not close and say so.
With scores on the 2**-40 grid, a lam of up to 2048 is exact in this way, also where preferences
make scores larger than 1, up to 2**10.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["on_grid", "power_of_two_from"]

Floats: TypeAlias = NDArray[np.float64]

#: Bits between the largest weight and a step; 53 less the three bits that sums may add.
BITS = 50
#: The same for scores that need no rounding: one bit is left, for the sum of two prices.
FINEST_BITS = 52
#: The smallest step there is: every float64 is a multiple of it.
SMALLEST = 2.0**-1074


def power_of_two_from(number: float) -> float:
    """Return the least power of two that is at least `number`, which is above 0.

    Examples
    --------
    >>> power_of_two_from(0.7), power_of_two_from(1.0), power_of_two_from(1.1)
    (1.0, 1.0, 2.0)
    """
    mantissa, exponent = math.frexp(number)
    return math.ldexp(1.0, exponent - (mantissa == 0.5))


def on_grid(scores: Floats, lam: float = 0.0, spare: int = 0) -> tuple[Floats, float]:
    """Return `scores + lam` on the grid, and the step to which the scores were rounded up.

    Parameters
    ----------
    scores : float64 array
        Finite, 0 or more.
    lam
        What is added to each: 0, or a power of two that is at least the largest score.
    spare
        How many bits are to be left for parts of a step, as the halves that prices in a pool are.

    Returns
    -------
    weights : float64 array
        Multiples of the step; at most one step above `scores + lam`.
    step : float
        0 when no score had to be rounded.

    Examples
    --------
    >>> on_grid(np.array([0.25, 1.0]), lam=1.0)
    (array([1.25, 2.  ]), 0.0)
    >>> weights, step = on_grid(np.array([1e-30, 1.0]))
    >>> weights[0] == step == 2.0**-49
    True
    """
    exponent = math.frexp(float(scores.max(initial=0.0)) + lam)[1] + spare
    smallest = math.ldexp(SMALLEST, spare)
    finest = max(math.ldexp(1.0, exponent - FINEST_BITS), smallest)
    if np.array_equal(np.floor(scores / finest) * finest, scores):
        return scores + lam, 0.0
    step = max(math.ldexp(1.0, exponent - BITS), smallest)
    # A score that vanishes beside a step still counts as one: rounding is never downwards.
    rounded = np.maximum(np.ceil(scores / step), scores > 0) * step
    return rounded + lam, step
