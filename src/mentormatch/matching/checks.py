"""What can be wrong with a proof, in words.

The words name people and numbers, never why a pair is not allowed: that may be a decline, which
is nobody else's business.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.certificate import falls_short
from mentormatch.people import Cohort

__all__ = ["DESCRIBED", "IdPair", "pair_faults", "price_faults", "scan"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
IdPair = tuple[str, str]

#: How many faults are described.
DESCRIBED = 20

#: Numbers beyond this could have no sum; honest ones are of the size of scores.
HUGE = 2.0**1000


def price_faults(prices: Mapping[str, float], everybody: Sequence[str], what: str) -> list[str]:
    """Say who has no price, a price too many, or one that is none.

    Parameters
    ----------
    prices
        Price by id.
    everybody
        Ids of all who take part.
    what
        What these prices are called.

    Examples
    --------
    >>> price_faults({"ana": -1.0}, ["ana", "bo"], "price")
    ['bo has no price', 'ana has the price -1.0, which is not a finite number of 0 or more']
    """
    here = set(everybody)
    return [
        *(f"{person} has no {what}" for person in everybody if person not in prices),
        *(f"{person} has a {what} but takes no part" for person in prices if person not in here),
        *(
            f"{person} has the {what} {price}, which is not a finite number of 0 or more"
            for person, price in prices.items()
            if not 0.0 <= price < HUGE
        ),
    ]


def pair_faults(
    pairs: Sequence[IdPair],
    scores: Sequence[float],
    allowed: Mapping[IdPair, float],
    promised: Iterable[IdPair],
) -> list[str]:
    """Say which pairs are not allowed, scored wrongly or missing, and who is in more than one.

    Parameters
    ----------
    pairs
        Ids, side a first.
    scores
        What each pair is said to be worth.
    allowed
        The allowed ones among the pairs, and what they are worth.
    promised
        Pairs that must be made.

    Examples
    --------
    >>> pair_faults([("ana", "bo")], [0.5], {}, [])
    ['ana and bo are not an allowed pair']
    """
    faults = []
    for pair, claimed in zip(pairs, scores, strict=True):
        if pair not in allowed:
            faults.append(f"{pair[0]} and {pair[1]} are not an allowed pair")
        elif allowed[pair] != claimed:
            faults.append(
                f"{pair[0]} and {pair[1]} are scored {claimed!r}; "
                f"their profiles give {allowed[pair]!r}"
            )
    made = set(pairs)
    faults += [f"{a} and {b} are required, but no pair" for a, b in promised if (a, b) not in made]
    for side in (0, 1):
        partners = Counter(pair[side] for pair in pairs)
        faults += [f"{person} is in {n} pairs" for person, n in partners.items() if n > 1]
    return faults


def scan(
    blocks: Iterable[tuple[Rows, Rows, Floats]],
    people: Cohort,
    pairs: Sequence[IdPair],
    prices: Sequence[Mapping[str, float]],
    count_prices: Sequence[Mapping[str, float]] | None,
    inflation: float,
) -> tuple[list[str], dict[IdPair, float]]:
    """Compare all allowed pairs with their prices.

    Parameters
    ----------
    blocks
        All allowed pairs: rows of the cohort on either side, and scores.
    people
        The cohort.
    pairs
        The chosen pairs.
    prices, count_prices
        For either side, by id; the count prices of a pair must reach 1.
    inflation
        What is added to every score before the prices have to cover it.

    Returns
    -------
    list of str
        The first pairs that are worth more than their prices.
    dict
        The scores of the chosen pairs that are allowed.
    """
    row_of = {person: row for row, person in enumerate(people.ids)}
    known = [(a, b) for a, b in pairs if a in row_of and b in row_of]
    chosen = np.array([row_of[a] * len(people) + row_of[b] for a, b in known], dtype=np.int64)
    price_a, price_b = (_by_row(side, people) for side in prices)
    counts = None if count_prices is None else [_by_row(side, people) for side in count_prices]
    exceeding: list[str] = []
    allowed: dict[IdPair, float] = {}
    for a, b, score in blocks:
        excess = falls_short(price_a[a], price_b[b], score, inflation)
        uncovered = np.zeros(len(a), bool)
        if counts is not None:
            uncovered = falls_short(counts[0][a], counts[1][b], np.ones(len(a)), 0.0)
        exceeding += (
            f"{people.ids[a[edge]]} and {people.ids[b[edge]]} are worth more than their "
            f"{'count prices' if uncovered[edge] else 'prices'}"
            for edge in islice(np.flatnonzero(excess | uncovered), DESCRIBED - len(exceeding))
        )
        for edge in np.flatnonzero(np.isin(a * len(people) + b, chosen)):
            allowed[people.ids[a[edge]], people.ids[b[edge]]] = float(score[edge])
    return exceeding, allowed


def _by_row(prices: Mapping[str, float], people: Cohort) -> Floats:
    return np.array([prices.get(person, 0.0) for person in people.ids])
