"""How good the worst pair of an answer is, that it can be no better, and what that costs."""

from dataclasses import dataclass
from math import inf
from typing import Generic, TypeVar

__all__ = ["Floor"]

#: The certificate of the same kind that proves the count above a floor.
Above = TypeVar("Above")


@dataclass(frozen=True, eq=False, slots=True)
class Floor(Generic[Above]):
    """The floor of an answer under ``floor_then_score``.

    Attributes
    ----------
    score : float or None
        What the worst pair is worth; `None` where there are no pairs.
    at_most : float or None
        No answer that serves as many people has a worst pair above this. The same as `score` unless
        the search was stopped before.
    score_given_up : float
        By how much the total of ``people_then_score`` is higher, whose worst pair may be worse: the
        price of the floor. No price of the proof speaks of it: `Matching.attach` finds it again. Of
        an answer that was stopped it is the solver's word, by how much it was by then.
    above : Certificate
        Count prices that cover every pair worth more than `at_most`: its bound is how many pairs
        (half of how many people) these could serve, which is fewer than are served.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "R"},
    ...         {"id": "bo", "teaches": "R", "wants": "sql; go"},
    ...     ]
    ... )
    >>> fair = mm.match(people, mm.Program(objective="floor_then_score"))
    >>> round(fair.floor.score, 2), fair.floor.score_given_up
    (0.67, 0.0)
    """

    score: float | None
    at_most: float | None
    score_given_up: float
    above: Above

    @property
    def in_numbers(self) -> tuple[float, float, float]:
        """The three numbers, infinity standing for no pairs."""
        worst, most = (inf if one is None else one for one in (self.score, self.at_most))
        return worst, most, self.score_given_up

    def __repr__(self) -> str:
        return f"Floor(score={self.score}, score_given_up={self.score_given_up})"
