"""How well scores foretell which pairs fit."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from mentormatch.rounds.estimate import LEVEL, Estimate, estimated, mean_of
from mentormatch.rounds.suppression import FEWEST

__all__ = ["ScoreClass", "area_under_curve", "score_classes", "slope_of"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: How many classes of scores are compared, at most.
CLASSES = 5


@dataclass(frozen=True, slots=True)
class ScoreClass:
    """Answers about pairs whose scores are near each other.

    Attributes
    ----------
    low, high : float
        The lowest and the highest score.
    score : float
        The mean of the scores.
    good : Estimate
        The share of answers that call the fit good.
    fit : Estimate
        The mean fit.
    """

    low: float
    high: float
    score: float
    good: Estimate
    fit: Estimate


def area_under_curve(scores: Floats, good: Bools, clusters: Rows) -> Estimate | None:
    """Estimate how often a pair that fits well has a higher score than one that does not.

    It is the area under the receiver operating characteristic: 1 where scores tell all good pairs
    from all others, 0.5 where they tell nothing. Equal scores count half.

    Parameters
    ----------
    scores
        Shape (n,).
    good
        Which answers call the fit good.
    clusters
        Number of the group of each: answers of one group are not independent.

    Returns
    -------
    Estimate or None
        `None` where all are good or none is.

    References
    ----------
    E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, "Comparing the areas under two or more
    correlated receiver operating characteristic curves", Biometrics 44 (1988): the part of each
    answer. N. A. Obuchowski, "Nonparametric analysis of clustered ROC curve data", Biometrics 53
    (1997): the variance of answers in groups.

    Examples
    --------
    >>> scores = np.array([0.2, 0.4, 0.6, 0.8])
    >>> area = area_under_curve(scores, scores > 0.5, np.arange(4))
    >>> area.value, area.high
    (1.0, 1.0)
    >>> area_under_curve(scores, scores > 0.0, np.arange(4)) is None
    True
    """
    yes, no = scores[good], scores[~good]
    if not len(yes) or not len(no):
        return None
    # What share of the other kind each answer is above or, of those that are poor, below.
    above = _share_below(yes, no)
    below = 1.0 - _share_below(no, yes)
    area = float(above.mean())
    _, group = np.unique(clusters, return_inverse=True)
    groups = int(group.max()) + 1
    sums_yes = np.bincount(group[good], above - area, minlength=groups)
    sums_no = np.bincount(group[~good], below - area, minlength=groups)
    of_yes = len(np.unique(group[good]))
    of_no = len(np.unique(group[~good]))
    fewest = min(of_yes, of_no)
    variance = 0.0
    if fewest > 1:
        each = of_yes / (of_yes - 1) * (sums_yes**2).sum() / len(yes) ** 2
        other = of_no / (of_no - 1) * (sums_no**2).sum() / len(no) ** 2
        both = groups / (groups - 1) * (sums_yes * sums_no).sum() / (len(yes) * len(no))
        variance = float(each + other + 2.0 * both)
    # Of so many good and poor ones an area varies no more than a rate of the fewer
    # (D. van Dantzig, "On the consistency and the power of Wilcoxon's two sample test", 1951).
    return estimated(area, max(variance, 0.0), fewest, len(scores), 0.0, 1.0)


def slope_of(scores: Floats, fits: Floats, clusters: Rows) -> Estimate | None:
    """Estimate how much higher the fit is where the score is higher by 1.

    Parameters
    ----------
    scores, fits
        Shape (n,).
    clusters
        Number of the group of each.

    Returns
    -------
    Estimate or None
        The slope of the least-squares line. `None` of fewer than three groups, or where all
        scores, or all but those of one group, are equal.

    References
    ----------
    R. M. Bell and D. F. McCaffrey, "Bias reduction in standard errors for linear regression with
    multi-stage samples", Survey Methodology 28 (2002): the jackknife that leaves out one group at
    a time, which is not too sure of itself where groups are few; with Student's quantile for their
    number less one.

    Examples
    --------
    >>> scores = np.array([0.0, 0.5, 1.0, 0.5])
    >>> slope_of(scores, 1.0 + 2.0 * scores, np.arange(4)).value
    2.0
    """
    from scipy.special import stdtrit  # see `estimated`

    _, group = np.unique(clusters, return_inverse=True)
    groups = int(group.max(initial=-1)) + 1
    if groups < 3:
        return None
    x, y = scores - scores.mean(), fits - fits.mean()  # so that the sums below lose no digits
    sums = np.array([np.bincount(group, part) for part in (np.ones(len(x)), x, y, x * x, x * y)])
    whole = sums.sum(axis=1, keepdims=True)
    slopes = _slopes(whole)
    without = _slopes(whole - sums)
    if not (np.isfinite(slopes).all() and np.isfinite(without).all()):
        return None
    slope = float(slopes[0])
    variance = (groups - 1) / groups * float(((without - slope) ** 2).sum())
    half = float(stdtrit(groups - 1, (1.0 + LEVEL) / 2.0)) * sqrt(variance)
    return Estimate(slope, slope - half, slope + half, len(scores))


def _slopes(sums: Floats) -> Floats:
    """Return slopes of least-squares lines from sums of 1, x, y, x² and xy; NaN where x is one."""
    count, x, y, xx, xy = sums
    squares = xx - x * x / np.maximum(count, 1.0)
    slopes = np.full(len(count), np.nan)
    products = xy - x * y / np.maximum(count, 1.0)
    np.divide(products, squares, out=slopes, where=squares > 1e-12)
    return slopes


def score_classes(
    scores: Floats,
    fits: Floats,
    good: Bools,
    clusters: Rows,
    people: Rows,
    scale: tuple[float, float],
) -> tuple[ScoreClass, ...]:
    """Divide answers into up to five classes by score, and say how well each class fits.

    Parameters
    ----------
    scores, fits, good, clusters
        Of each answer.
    people
        Who answered: a class has at least five of them.
    scale
        The bounds of the fit.

    Returns
    -------
    tuple of ScoreClass
        The lowest scores first; equal scores are in one class. None of fewer than five people.
    """
    order = np.argsort(scores, kind="stable")
    least = max(FEWEST, -(-len(scores) // CLASSES))
    classes: list[Rows] = []
    begin = 0
    for end in range(1, len(order) + 1):
        whole = end == len(order) or scores[order[end]] != scores[order[end - 1]]
        part = order[begin:end]
        if whole and len(part) >= least and len(np.unique(people[part])) >= FEWEST:
            classes.append(part)
            begin = end
    if begin < len(order) and classes:
        classes[-1] = np.concatenate((classes[-1], order[begin:]))
    found = []
    for part in classes:
        rate = mean_of(good[part].astype(np.float64), clusters[part])
        fit = mean_of(fits[part], clusters[part], *scale)
        assert rate is not None  # no class is empty
        assert fit is not None
        own = scores[part]
        found.append(ScoreClass(float(own.min()), float(own.max()), float(own.mean()), rate, fit))
    return tuple(found)


def _share_below(values: Floats, others: Floats) -> Floats:
    """Return which share of the others each value is above; equal ones count half."""
    ordered = np.sort(others)
    below = np.searchsorted(ordered, values, side="left")
    not_above = np.searchsorted(ordered, values, side="right")
    share: Floats = (below + not_above) / (2.0 * len(others))
    return share
