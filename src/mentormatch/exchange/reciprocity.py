"""From the benefits of both directions to one score."""

from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer
from pydantic.dataclasses import dataclass

from mentormatch.errors import ProgramError

__all__ = ["OneWay", "Reciprocity", "rounded"]

Floats = NDArray[np.float64]
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
Weight = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]

#: Scores are multiples of 1 / GRAIN, so that sums, prices and ties are exact in float64.
GRAIN = 2.0**40
#: How finely the weights of the two directions are told apart.
WEIGHT_GRAIN = 2.0**20
#: How many times as much as the other a direction may count.
MOST_TIMES = 1000.0


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
    weights
        How much what side a receives counts in the mean, and what side b receives: both above 0.
        Only how many times one is the other matters, at most 1,000. Others than equal ones are for
        two named sides, and not for the minimum.

    Raises
    ------
    ProgramError
        When weights differ under the minimum, or by more than 1,000 times.

    Notes
    -----
    With weights v and w the means of x and y are ``(v + w) / (v / x + w / y)``,
    ``x ** (v / (v + w)) * y ** (w / (v + w))`` and ``(v * x + w * y) / (v + w)`` (G. H. Hardy,
    J. E. Littlewood and G. Pólya, *Inequalities*, 1934, section 2.2).

    Examples
    --------
    >>> Reciprocity().combine(np.array([0.5, 1.0]), np.array([1.0, 0.0])).round(3)
    array([0.667, 0.   ])
    >>> Reciprocity(weights=(1, 3)).combine(np.array([0.5, 1.0]), np.array([1.0, 0.5])).round(3)
    array([0.8  , 0.571])
    """

    mean: Literal["harmonic", "geometric", "minimum", "arithmetic"] = "harmonic"
    floor: Share | tuple[Share, Share] = 0.0
    wishes_counted: Count | None = None
    weights: tuple[Weight, Weight] = (1.0, 1.0)
    kind: Literal["reciprocity"] = Field(default="reciprocity", kw_only=True)

    def __post_init__(self) -> None:
        faults: list[str] = []
        given = f"the weights of the two directions are {self.weights[0]:g} and {self.weights[1]:g}"
        if max(self.weights) / min(self.weights) > MOST_TIMES:
            faults.append(
                f"{given}, and neither may count more than {MOST_TIMES:,.0f} times as much as the "
                "other; where one side's gain is all that counts, score by 'one_way'"
            )
        if self.mean == "minimum" and not self.is_even:
            faults.append(
                f"{given}, but a minimum has no weights: whoever gains less decides; leave them "
                "out, or take another mean"
            )
        if faults:
            raise ProgramError("\n".join(faults))

    @model_serializer(mode="wrap")
    def _as_before_there_were_weights(
        self, handler: SerializerFunctionWrapHandler
    ) -> dict[str, Any]:
        """Leave out weights that change nothing: programs and records stay what they were."""
        data: dict[str, Any] = handler(self)
        if self.weights == (1.0, 1.0):
            del data["weights"]
        return data

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

    @property
    def is_even(self) -> bool:
        """Whether both directions count the same."""
        return self.weights[0] == self.weights[1]

    @property
    def balance(self) -> tuple[float, float]:
        """The weights as the mean takes them: their sum is 2, both are multiples of 2⁻²⁰.

        So neither scaling both nor what that rounds off changes a score.

        Examples
        --------
        >>> Reciprocity(weights=(1, 3)).balance, Reciprocity(weights=(0.3, 0.1)).balance
        ((0.5, 1.5), (1.5, 0.5))
        """
        times = max(self.weights) / min(self.weights)
        less = float(np.rint(2.0 / (1.0 + times) * WEIGHT_GRAIN) / WEIGHT_GRAIN)
        return (less, 2.0 - less) if self.weights[0] < self.weights[1] else (2.0 - less, less)

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
        a_weight, b_weight = self.balance
        if self.mean == "harmonic":
            with np.errstate(divide="ignore", over="ignore"):  # 1 / 0 is the infinity that is meant
                score = 2.0 / (a_weight / a_benefit + b_weight / b_benefit)
        elif self.mean == "geometric":
            score = _geometric(a_benefit, b_benefit, a_weight / 2.0)
        elif self.mean == "minimum":
            score = np.minimum(a_benefit, b_benefit)
        else:
            score = (a_weight * a_benefit + b_weight * b_benefit) / 2.0
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


def _geometric(one: Floats, other: Floats, share: float) -> Floats:
    """Return ``one ** share * other ** (1 - share)``, by as many roots as the share has bits.

    Roots and products are rounded alike on every processor, and are monotone; powers are neither.
    """
    exact = Fraction(share)
    mean = other
    for place in range(exact.denominator.bit_length() - 1):
        mean = np.sqrt(mean * (one if exact.numerator >> place & 1 else other))
    return mean


def _reaches(benefits: Floats, floor: float) -> NDArray[np.bool_]:
    # Both rounded, so that a benefit of 0.3 + 0.3 reaches a floor of 0.6.
    reached: NDArray[np.bool_] = rounded(benefits) >= rounded(np.array(floor))
    return reached
