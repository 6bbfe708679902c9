"""What one more pair loses: in numbers, between bounds where the best is not known, in words."""

from dataclasses import dataclass

from mentormatch.assign.ring_problem import RingSolution
from mentormatch.solving.solved import AnySolution

__all__ = ["NOTHING", "Loss", "between", "compared", "within"]


@dataclass(frozen=True, slots=True)
class Loss:
    """What the best matching with a pair has less than the best of all.

    Attributes
    ----------
    people : int
        People with a partner; 0 where they do not count.
    score : float
        The total; below 0 where fewer people come to a higher one.
    """

    people: int
    score: float


NOTHING = Loss(0, 0.0)


def between(best: AnySolution, forced: AnySolution) -> tuple[Loss, Loss] | None:
    """Return the least and the most that the best rings with an arrow lose; None if it is known.

    Parameters
    ----------
    best, forced
        The best rings that were found, and the best with the arrow, each with its prices.
    """
    if not isinstance(best, RingSolution) or not isinstance(forced, RingSolution):
        return None
    if best.is_optimal and forced.is_optimal:
        return None
    (few, many), (low, high) = _proven(best)
    (few_then, many_then), (low_then, high_then) = _proven(forced)
    most = Loss(many - few_then, high - low_then)
    least = Loss(max(few - many_then, 0), low - high_then)
    if not most.people:  # then the total decides
        least = Loss(0, max(least.score, 0.0))
    return least, most


def _proven(rings: RingSolution) -> tuple[tuple[int, int], tuple[float, float]]:
    """Return between which numbers of people, and which totals, the best rings are."""
    if rings.tail_count_prices is None:
        return (0, 0), (rings.value, rings.value + rings.gap)
    more = rings.count_gap
    # With more people the total may be any lower one; a higher one it is not.
    return (rings.people, rings.people + more), (
        0.0 if more else rings.value,
        rings.value + rings.gap,
    )


def compared(less: float) -> str:
    """Say how much lower a total is.

    Parameters
    ----------
    less
        By how much; below 0 for a higher one.

    Examples
    --------
    >>> compared(0.25), compared(-0.5), compared(0.0)
    ('0.25 lower', '0.50 higher', 'the same')
    """
    if not less:
        return "the same"
    return f"{abs(less):.2f} {'lower' if less > 0.0 else 'higher'}"


def within(least: float, most: float) -> str:
    """Say between what a total is lower.

    Parameters
    ----------
    least, most
        By how much.

    Examples
    --------
    >>> within(0.25, 0.5), within(-0.25, 0.5), within(-0.5, -0.25), within(0.5, 0.501)
    ('between 0.25 and 0.50 lower', 'between 0.25 higher and 0.50 lower', \
'between 0.25 and 0.50 higher', '0.50 lower')
    """
    few, many = compared(least), compared(most)
    if few == many:
        return many
    if least < 0.0 < most:
        return f"between {few} and {many}"
    small, large = sorted((abs(least), abs(most)))
    return f"between {small:.2f} and {large:.2f} {'lower' if most > 0.0 else 'higher'}"
