"""How good an answer has to be, and until when it may be looked for."""

import math
from dataclasses import dataclass
from time import monotonic
from typing import Self

from mentormatch.assign.problem import Proven

__all__ = ["NO_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop before the best answer is proven.

    Attributes
    ----------
    gap : float
        Of the bound, in [0, 1): an answer that is proven to miss it by no more is good enough.
    deadline : float
        On `time.monotonic`; from then on the best answer so far is the answer.
    """

    gap: float = 0.0
    deadline: float = math.inf

    @classmethod
    def of(cls, gap: float, time_limit: float | None) -> Self:
        """Check what a caller asks for.

        Parameters
        ----------
        gap
            As above.
        time_limit
            Seconds from now on, above 0; `None` for no limit.

        Raises
        ------
        ValueError
            When a number is out of range.

        Examples
        --------
        >>> Limits.of(0.01, None)
        Limits(gap=0.01, deadline=inf)
        >>> Limits.of(0.0, -1.0)
        Traceback (most recent call last):
            ...
        ValueError: time_limit is -1.0; it must be a number of seconds above 0, or None
        """
        if not 0.0 <= gap < 1.0:
            raise ValueError(f"gap is {gap!r}; it must be at least 0 and below 1, as 0.01 for 1 %")
        if time_limit is None:
            return cls(float(gap))
        if not time_limit > 0.0:
            raise ValueError(
                f"time_limit is {time_limit!r}; it must be a number of seconds above 0, or None"
            )
        return cls(float(gap), monotonic() + time_limit)

    @property
    def are_over(self) -> bool:
        """Whether the time is up."""
        return self.deadline < math.inf and monotonic() >= self.deadline

    def allow(self, solution: Proven) -> bool:
        """Tell whether an answer is good enough: in its worth and, where they count, in people.

        Parameters
        ----------
        solution
            Whose prices cover all pairs.
        """
        most = solution.most_people
        return (
            solution.gap <= self.gap * solution.bound
            and (most - solution.people) <= self.gap * most
        )


NO_LIMITS = Limits()
