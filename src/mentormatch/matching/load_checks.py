"""What can be wrong with the prices of pairs and of minima, in words."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from mentormatch.matching.checks import HUGE, IdPair, Partners
from mentormatch.solving.sides import Split

__all__ = ["PairPrice", "load_faults", "partners_by_id"]

#: Ids, side a first, and a price.
PairPrice = tuple[str, str, float]


def partners_by_id(sides: Split, ids: Sequence[Sequence[str]]) -> tuple[Partners, Partners]:
    """Return how many partners may be had by those who may have several, and must be had.

    Parameters
    ----------
    sides
        Who stands where.
    ids
        Their ids, by position.

    Returns
    -------
    most, least
        By id, for either side: of all whose capacity is above 1, and whose minimum is above 0.
    """
    asked = sides.capacities
    if asked is None:
        return ({}, {}), ({}, {})

    def table(side: int, numbers: Sequence[int], usual: int) -> dict[str, int]:
        return {who: n for who, n in zip(ids[side], numbers, strict=True) if n > usual}

    most = asked.row_capacity.tolist(), asked.col_capacity.tolist()
    least = asked.row_minimum.tolist(), asked.col_minimum.tolist()
    return (table(0, most[0], 1), table(1, most[1], 1)), (
        table(0, least[0], 0),
        table(1, least[1], 0),
    )


def load_faults(
    prices: Sequence[Mapping[str, float]],
    own: Sequence[PairPrice],
    minimum: Sequence[Mapping[str, float]],
    promised: set[IdPair],
    what: str,
) -> list[str]:
    """Say which prices of pairs and of minima are none, or are of nobody.

    Parameters
    ----------
    prices
        Prices by id, which have been found to be without fault.
    own
        Those of pairs.
    minimum
        Those of minima, by id.
    promised
        The pairs that must be made.
    what
        What these prices are called.

    Examples
    --------
    >>> load_faults([{"ana": 1.0}, {}], [("ana", "bo", 0.5)], [{"ana": -1.0}, {}], set(), "price")
    ['ana and bo have a price of their own, but are no pair', 'the minimum of ana has the price \
-1.0, which is not a finite number of 0 or more']
    """
    faults = [*_pair_faults(prices, own, promised, what)]
    if len(minimum) != len(prices):
        return [*faults, f"there is not one table of {what}s of minima for either side"]
    for of_side, less in zip(prices, minimum, strict=True):
        faults += _minimum_faults(of_side, less, what)
    return faults


def _pair_faults(
    prices: Sequence[Mapping[str, float]],
    own: Sequence[PairPrice],
    promised: set[IdPair],
    what: str,
) -> Iterator[str]:
    seen: set[IdPair] = set()
    for a, b, price in own:
        # That no pair but a chosen one needs a price is not asked: it makes a bound no lower.
        if not prices or a not in prices[0] or b not in prices[1]:
            yield f"{a} and {b} have a {what} of their own, but are no pair"
        if (a, b) in seen:
            yield f"{a} and {b} have two {what}s of their own"
        seen.add((a, b))
        if not -HUGE < price < HUGE or (price < 0.0 and (a, b) not in promised):
            yield (
                f"{a} and {b} have the {what} {price} of their own, which is not a finite number "
                "of 0 or more"
            )


def _minimum_faults(
    prices: Mapping[str, float], minimum: Mapping[str, float], what: str
) -> Iterator[str]:
    for person, less in minimum.items():
        if person not in prices:
            yield f"the minimum of {person} has a {what}, but nobody there has this id"
        elif not 0.0 <= less < HUGE:
            yield (
                f"the minimum of {person} has the {what} {less}, which is not a finite number of "
                "0 or more"
            )
        elif Fraction(prices[person] - less) != Fraction(prices[person]) - Fraction(less):
            yield f"the {what} of {person} and that of their minimum differ by too much"
