"""A number that answers suggest, with the interval in which the truth is likely to lie."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEVEL", "Estimate", "estimated", "mean_of", "variance_of_mean", "wilson"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: How sure an interval is of holding the truth.
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """What answers suggest, between two bounds that hold the truth in 95 of 100 such programs.

    The bounds are for chance alone. Where those who did not answer would have answered otherwise,
    no interval knows.

    Attributes
    ----------
    value : float
        What the answers say.
    low, high : float
        The bounds.
    answers : int
        How many answers it rests on.

    Examples
    --------
    >>> print(Estimate(0.75, 0.3006, 0.9544, 4))
    0.75 (0.30 to 0.95)
    """

    value: float
    low: float
    high: float
    answers: int

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"

    @property
    def percent(self) -> str:
        """The same as percentages.

        Examples
        --------
        >>> Estimate(0.75, 0.3006, 0.9544, 4).percent
        '75% (30% to 95%)'
        """
        return f"{self.value:.0%} ({self.low:.0%} to {self.high:.0%})"


def mean_of(values: Floats, clusters: Rows, low: float = 0.0, high: float = 1.0) -> Estimate | None:
    """Estimate a mean from answers of which some belong together.

    Parameters
    ----------
    values
        What each answer says, between `low` and `high`; shape (n,).
    clusters
        Number of the group of each: answers of one group are not independent.
    low, high
        The bounds of the scale.

    Returns
    -------
    Estimate or None
        `None` where there is no answer.

    Examples
    --------
    >>> print(mean_of(np.array([1.0, 0.0, 1.0, 1.0]), np.array([0, 1, 2, 3])))
    0.75 (0.13 to 0.98)
    >>> print(mean_of(np.array([5.0, 5.0, 5.0]), np.array([0, 1, 2]), 1.0, 5.0))
    5.00 (2.75 to 5.00)
    """
    if not len(values):
        return None
    variance, groups = variance_of_mean(values, clusters)
    return estimated(float(values.mean()), variance, groups, len(values), low, high)


def variance_of_mean(values: Floats, clusters: Rows) -> tuple[float, int]:
    """Return the variance of a mean of answers in groups, and how many groups there are.

    Parameters
    ----------
    values, clusters
        As for `mean_of`.

    Returns
    -------
    variance : float
        0 where there is one group only, of which it cannot be known.
    groups : int

    References
    ----------
    W. G. Cochran, "Sampling Techniques" (3rd ed., 1977), section 9A: the mean of clusters of
    unequal size, as a ratio of two means.
    """
    _, group = np.unique(clusters, return_inverse=True)
    sums = np.bincount(group, values - values.mean())
    groups = len(sums)
    if groups < 2:
        return 0.0, groups
    return float(groups / (groups - 1) * (sums**2).sum() / len(values) ** 2), groups


def estimated(
    value: float, variance: float, groups: int, answers: int, low: float, high: float
) -> Estimate:
    """Return an interval for a mean on a bounded scale, from its variance.

    The scale is moved to [0, 1], and Wilson's interval taken for as many independent yes-or-no
    answers as would have this variance. So it never leaves the scale, and is Student's where there
    are many answers. Where nothing varies, the answers of each group count as one yes or no: of all
    means on the scale, that of yes and no varies most.

    Parameters
    ----------
    value, variance
        The mean and its variance.
    groups
        How many independent groups they come from, 1 or more.
    answers
        How many answers.
    low, high
        The bounds of the scale.

    References
    ----------
    E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with small expected number
    of positive counts estimated from survey data", Survey Methodology 24 (1998): the number of
    independent answers. N. Dean and M. Pagano, "Evaluating confidence interval methods for binomial
    proportions in clustered surveys", Journal of Survey Statistics and Methodology 3 (2015): with
    Wilson's interval. R. Bhatia and C. Davis, "A better bound on the variance", The American
    Mathematical Monthly 107 (2000): why yes and no varies most.
    """
    # Imported here: its distributions would slow every import.
    from scipy.special import ndtri, stdtrit

    width = high - low
    rate = (value - low) / width
    scaled = variance / width**2
    if scaled <= 1e-24 or not 0.0 < rate < 1.0:  # rounding leaves a little of nothing
        alike, quantile = float(groups), float(ndtri((1.0 + LEVEL) / 2.0))
    else:
        alike = rate * (1.0 - rate) / scaled
        quantile = float(stdtrit(groups - 1, (1.0 + LEVEL) / 2.0))
    least, most = wilson(min(max(rate, 0.0), 1.0), alike, quantile)
    return Estimate(value, low + width * least, low + width * most, answers)


def wilson(rate: float, answers: float, quantile: float) -> tuple[float, float]:
    """Return the bounds of a rate.

    Parameters
    ----------
    rate
        In [0, 1].
    answers
        How many independent answers it comes from, above 0; need not be whole.
    quantile
        How many standard deviations are allowed for.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
    the American Statistical Association 22 (1927).

    Examples
    --------
    >>> low, high = wilson(0.75, 4, 1.959964)
    >>> round(low, 4), round(high, 4)
    (0.3006, 0.9544)
    """
    squared = quantile**2
    middle = (rate + squared / (2.0 * answers)) / (1.0 + squared / answers)
    spread = sqrt(rate * (1.0 - rate) / answers + squared / (4.0 * answers**2))
    half = quantile * spread / (1.0 + squared / answers)
    # The rate is between them, which rounding may miss where all answers are alike.
    return max(0.0, min(rate, middle - half)), min(1.0, max(rate, middle + half))
