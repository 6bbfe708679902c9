"""One score for what two peers both want to learn and neither can already teach.

Study buddies exchange nothing; they learn the same things together. What a wish counts is its share
of all open wishes of its owner, and a pair is worth what the shares of both have in common.

References
----------
M. J. Swain, D. H. Ballard, "Color indexing", International Journal of Computer Vision 7 (1991),
pp. 11-32: the intersection of two histograms.
"""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from mentormatch.exchange.reciprocity import rounded

__all__ = ["SharedWishes"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, config=ConfigDict(extra="forbid", defer_build=True))
class SharedWishes:
    """How much two people want to learn the same things, which neither of them can teach.

    ``overlap(i, j) = Σ_s min(p_i[s], p_j[s])`` over the skills s that both want and neither
    teaches, at any level. ``p_i[s]`` is the share of i's priority for s in the priorities of all
    open wishes of i: those for skills that i does not have in full. It is 1 where both want the
    same things with the same priorities and teach none of them, and 0 where they share no wish.

    Parameters
    ----------
    floor
        The overlap that a pair must at least have, in [0, 1]; a pair below it scores 0.
    wishes_counted
        How many of the wishes that a pair shares count, those with the largest terms. Shares are
        then of a person's so many heaviest wishes. `None` counts all.

    Notes
    -----
    A wish for something that its owner teaches a little, and would learn in full, is open: it is
    part of the whole that shares are of, but buddies do not count it, as one of them would teach.
    With a taxonomy, to teach something near a skill is to teach it (`Cohort.with_taxonomy`).

    Without such wishes and with every wish counted, the overlap is one less half the sum of all
    differences between the two people's shares (their total variation distance).

    Examples
    --------
    >>> SharedWishes(floor=0.25).scores(np.array([0.125, 0.5]))
    array([0. , 0.5])
    """

    floor: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)] = 0.0
    wishes_counted: Annotated[int, Field(ge=1)] | None = None
    kind: Literal["shared_wishes"] = Field(default="shared_wishes", kw_only=True)

    @property
    def a_receives(self) -> bool:
        """Whether what the first of two receives counts: what they share does."""
        return True

    @property
    def b_receives(self) -> bool:
        """Whether what the second of two receives counts: what they share does."""
        return True

    def combine(self, a_benefit: Floats, b_benefit: Floats) -> Floats:
        """Return the scores of pairs from what each of the two shares with the other.

        Parameters
        ----------
        a_benefit, b_benefit
            Overlaps, which are the same either way; any shape.
        """
        return self.scores(np.minimum(a_benefit, b_benefit))

    def scores(self, overlaps: Floats) -> Floats:
        """Return the scores of pairs from how much of their wishes they share.

        Parameters
        ----------
        overlaps
            In [0, 1]; any shape.

        Returns
        -------
        numpy.ndarray
            Scores in [0, 1], multiples of 2⁻⁴⁰.
        """
        scores = rounded(overlaps)
        # Both rounded, so that an overlap of 0.3 + 0.3 reaches a floor of 0.6.
        return np.where(scores >= rounded(np.array(self.floor)), scores, 0.0)
