"""From the benefits of both directions to one score."""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

__all__ = ["OneWay", "Reciprocity", "rounded"]

Floats = NDArray[np.float64]
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]

#: Scores are multiples of 1 / GRAIN, so that sums, prices and ties are exact in float64.
GRAIN = 2.0**40


def rounded(values: Floats) -> Floats:
    """Round to multiples of 2⁻⁴⁰, once, where a score is made.

    Examples
    --------
    >>> rounded(np.array([1 / 3])) == np.rint(2.0**40 / 3) / 2.0**40
    array([ True])
    """
    grains: Floats = np.rint(values * GRAIN) / GRAIN
    return grains


@dataclass(frozen=True, config=ConfigDict(extra="forbid", defer_build=True))
class Reciprocity:
    """How much two people give each other: a mean of both benefits, whatever their ranks.

    Parameters
    ----------
    mean
        ``"harmonic"`` (the convention of reciprocal recommenders; Pizzato et al., *RECON*, 2010),
        ``"geometric"``, ``"minimum"``: all three are 0 unless both sides gain. ``"arithmetic"``:
        one side's gain is enough.
    floor
        The share of wishes that each side must at least have met, in [0, 1]; a pair gives both
        ends, (side a's, side b's), where they differ. A pair below it scores 0.
    wishes_counted
        How many of a person's best-covered wishes count; `None` counts all.

    Examples
    --------
    >>> Reciprocity().combine(np.array([0.5, 1.0]), np.array([1.0, 0.0])).round(3)
    array([0.667, 0.   ])
    """

    mean: Literal["harmonic", "geometric", "minimum", "arithmetic"] = "harmonic"
    floor: Share | tuple[Share, Share] = 0.0
    wishes_counted: Count | None = None
    kind: Literal["reciprocity"] = Field(default="reciprocity", kw_only=True)

    @property
    def a_receives(self) -> bool:
        """Whether what side a receives counts; it does."""
        return True

    @property
    def b_receives(self) -> bool:
        """Whether what side b receives counts; it does."""
        return True

    @property
    def needs_both(self) -> bool:
        """Whether a pair is worth nothing unless both sides receive something."""
        return self.mean != "arithmetic"

    def combine(self, a_benefit: Floats, b_benefit: Floats) -> Floats:
        """Return the scores of pairs from what each side receives.

        Every step is monotone in floating point too, so that more benefit is never a lower score.

        Parameters
        ----------
        a_benefit, b_benefit
            The shares of a's and of b's wishes that the other meets, in [0, 1]; any shape.

        Returns
        -------
        numpy.ndarray
            Scores in [0, 1], multiples of 2⁻⁴⁰.
        """
        if self.mean == "harmonic":
            with np.errstate(divide="ignore", over="ignore"):  # 1 / 0 is the infinity that is meant
                score = 2.0 / (1.0 / a_benefit + 1.0 / b_benefit)
        elif self.mean == "geometric":
            score = np.sqrt(a_benefit * b_benefit)
        elif self.mean == "minimum":
            score = np.minimum(a_benefit, b_benefit)
        else:
            score = (a_benefit + b_benefit) / 2.0
        a_floor, b_floor = self.floor if isinstance(self.floor, tuple) else (self.floor, self.floor)
        return np.where(
            _reaches(a_benefit, a_floor) & _reaches(b_benefit, b_floor), rounded(score), 0.0
        )


@dataclass(frozen=True, config=ConfigDict(extra="forbid", defer_build=True))
class OneWay:
    """How much one side gives the other: classic reverse mentoring, where one side only learns.

    Parameters
    ----------
    teacher
        The side that teaches, ``"a"`` or ``"b"``; with ``"b"`` side a learns.
    floor
        The share of the learner's wishes that must at least be met, in [0, 1].
    wishes_counted
        How many of the learner's best-covered wishes count; `None` counts all.

    Examples
    --------
    >>> OneWay(teacher="b").combine(np.array([0.25]), np.array([1.0]))
    array([0.25])
    """

    teacher: Literal["a", "b"] = "b"
    floor: Share = 0.0
    wishes_counted: Count | None = None
    kind: Literal["one_way"] = Field(default="one_way", kw_only=True)

    @property
    def a_receives(self) -> bool:
        """Whether side a learns, and so what it receives counts."""
        return self.teacher == "b"

    @property
    def b_receives(self) -> bool:
        """Whether side b learns, and so what it receives counts."""
        return self.teacher == "a"

    @property
    def needs_both(self) -> bool:
        """Whether both sides have to receive something; one is enough."""
        return False

    def combine(self, a_benefit: Floats, b_benefit: Floats) -> Floats:
        """Return the scores of pairs: what the learning side receives.

        Parameters
        ----------
        a_benefit, b_benefit
            The shares of a's and of b's wishes that the other meets, in [0, 1]; any shape.

        Returns
        -------
        numpy.ndarray
            Scores in [0, 1], multiples of 2⁻⁴⁰.
        """
        received = a_benefit if self.a_receives else b_benefit
        return np.where(_reaches(received, self.floor), rounded(received), 0.0)


def _reaches(benefits: Floats, floor: float) -> NDArray[np.bool_]:
    # Both rounded, so that a benefit of 0.3 + 0.3 reaches a floor of 0.6.
    reached: NDArray[np.bool_] = rounded(benefits) >= rounded(np.array(floor))
    return reached
