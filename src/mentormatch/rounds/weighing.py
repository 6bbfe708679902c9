"""Weights that explain yes-or-no answers, and never count anything against anybody."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Weighing", "losses", "weigh"]

Floats = NDArray[np.float64]

#: How far weights are pulled to 0: as if each, of a part with standard deviation 1, was drawn from
#: a normal distribution of standard deviation 1 before anybody answered.
RIDGE = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Weighing:
    """How likely a good answer is: ``logit = base + Σ weight · part``, with no weight below 0.

    Attributes
    ----------
    base : float
        Where all parts are 0.
    weights : numpy.ndarray
        Of the parts, shape (k,).
    loss : float
        How surprising the answers are that it was made of, and how large the weights: what is made
        least.
    """

    base: float
    weights: Floats
    loss: float

    def logits(self, parts: Floats) -> Floats:
        """Return the logarithm of the odds of each answer, from parts of shape (n, k)."""
        odds: Floats = self.base + parts @ self.weights
        return odds


def weigh(parts: Floats, good: Floats) -> Weighing:
    """Fit weights to answers by penalised likelihood.

    Parameters
    ----------
    parts
        What may count, shape (n, k).
    good
        The answers, 0 or 1, shape (n,); both occur.

    Returns
    -------
    Weighing
        Its weights are 0 or more, so that more of any part is never worth less.

    References
    ----------
    A. E. Hoerl and R. W. Kennard, "Ridge regression", Technometrics 12 (1970); S. le Cessie and
    J. C. van Houwelingen, "Ridge estimators in logistic regression", Applied Statistics 41 (1992).
    Solved by the truncated Newton method with bounds of S. G. Nash (SIAM Journal on Numerical
    Analysis 21, 1984), as SciPy has it: the problem is convex, so there is one answer.

    Examples
    --------
    >>> parts = np.array([[0.0], [1.0], [0.0], [1.0]])
    >>> weigh(parts, np.array([0.0, 1.0, 1.0, 1.0])).weights.round(2)
    array([1.17])
    >>> weigh(parts, np.array([1.0, 0.0, 1.0, 0.0])).weights
    array([0.])
    """
    from scipy.optimize import minimize  # imported here, as in `assign/dense.py`
    from scipy.special import expit

    middle, spread = parts.mean(axis=0), parts.std(axis=0)
    spread = np.where(spread > 1e-12, spread, 1.0)  # a part that never differs gets no weight
    known = (parts - middle) / spread

    def loss(at: Floats) -> tuple[float, Floats]:
        base, weights = at[0], at[1:]
        logits = base + known @ weights
        missed = expit(logits) - good
        total = float(losses(logits, good).sum() + RIDGE * (weights**2).sum() / 2.0)
        return total, np.concatenate(([missed.sum()], known.T @ missed + RIDGE * weights))

    share = float(good.mean())
    start = np.zeros(1 + parts.shape[1])
    start[0] = np.log(share / (1.0 - share))
    bounds = [(None, None), *[(0.0, None)] * parts.shape[1]]
    # L-BFGS-B calls BLAS for its small matrices, whose threads wait for each other where other
    # processes are at work: sixty times as long on two busy cores.
    found = minimize(loss, start, jac=True, method="TNC", bounds=bounds)
    weights = found.x[1:] / spread
    return Weighing(float(found.x[0] - middle @ weights), weights, float(found.fun))


def losses(logits: Floats, good: Floats) -> Floats:
    """Return how surprising each answer is, in nats.

    Parameters
    ----------
    logits
        The logarithm of the odds of its being good.
    good
        Whether it is: 1 or 0.

    Examples
    --------
    >>> losses(np.array([0.0, 2.0]), np.array([1.0, 1.0])).round(3)
    array([0.693, 0.127])
    """
    surprise: Floats = np.logaddexp(0.0, logits) - good * logits
    return surprise
