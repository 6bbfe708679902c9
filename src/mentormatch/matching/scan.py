"""All pairs beside their prices, and the chosen ones beside their scores.

Few pairs are all scored anew. Among many, a quick look at every pair says which could be worth more
than their prices at all (`mentormatch.matching.suspects`); these are scored, and no others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import chain, islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.layout import Layout
from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.checks import DESCRIBED, IdPair
from mentormatch.matching.recount import Recount, meetings
from mentormatch.matching.shared_recount import shared_meetings

__all__ = [
    "Claimed",
    "Uncovered",
    "WithFloor",
    "by_id",
    "in_order",
    "named",
    "overpriced",
    "scores_of",
]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Ids on side a and on side b, by position.
Ids = tuple[Sequence[str], Sequence[str]]

#: Up to so many cells, side a x side b, scoring all pairs is as quick as loading numba.
FEW_CELLS = 1 << 20


#: Which pairs are worth more than their prices, and which more than their count prices.
Uncovered = tuple[NDArray[np.bool_], NDArray[np.bool_]]


class Claimed(Protocol):
    """What a certificate claims of everybody, by position on either side."""

    @property
    def prices(self) -> tuple[Floats, Floats]:
        """Of side a and of side b."""

    @property
    def counts(self) -> tuple[Floats, Floats] | None:
        """Their count prices; those of a pair must reach 1."""

    @property
    def inflation(self) -> float:
        """What is added to every score before the prices have to cover it."""

    def uncovered(self, a: Rows, b: Rows, scores: Floats) -> Uncovered:
        """Return which pairs are worth more than all that covers them, and likewise for counts.

        Parameters
        ----------
        a, b, scores
            Positions on either side, and what the pairs are worth.
        """


@dataclass(frozen=True, eq=False, slots=True)
class WithFloor:
    """What a certificate with a floor claims of everybody.

    Attributes
    ----------
    claimed
        Without it.
    above
        Prices that cover each pair above the floor, for a score of 0 and an inflation of 1.
    score, at_most
        The floor, and how high it might be; `None` where there are no pairs.
    """

    claimed: Claimed
    above: Claimed
    score: float | None
    at_most: float | None

    @property
    def prices(self) -> tuple[Floats, Floats]:
        """As without a floor."""
        return self.claimed.prices

    @property
    def counts(self) -> tuple[Floats, Floats] | None:
        """As without a floor."""
        return self.claimed.counts

    @property
    def inflation(self) -> float:
        """As without a floor."""
        return self.claimed.inflation

    def uncovered(self, a: Rows, b: Rows, scores: Floats) -> Uncovered:
        """Return the same for pairs from the floor upwards, and counts of those above it, too."""
        excess, bare = self.claimed.uncovered(a, b, scores)
        if self.score is None or self.at_most is None:
            return excess, bare
        over, _ = self.above.uncovered(a, b, np.zeros(len(a)))
        return excess & (scores >= self.score), bare | (over & (scores > self.at_most))


def overpriced(recount: Recount, claimed: Claimed, ids: Ids) -> list[str]:
    """Say which allowed pairs are worth more than their prices.

    Parameters
    ----------
    recount
        Says which pairs are allowed, and what they are worth.
    claimed
        The prices.
    ids
        Who stands on either side.

    Returns
    -------
    list of str
        Those required first, then in the order of the sides; no more than are described.
    """
    exceeding: list[str] = []
    for pairs in _in_question(recount, claimed):
        for a, b, scores in recount.allowed(pairs):
            excess, bare = claimed.uncovered(a, b, scores)
            exceeding += (
                f"{ids[0][a[pair]]} and {ids[1][b[pair]]} are worth more than their "
                f"{'count prices' if bare[pair] else 'prices'}"
                for pair in islice(np.flatnonzero(excess | bare), DESCRIBED - len(exceeding))
            )
            if len(exceeding) == DESCRIBED:
                return exceeding
    return exceeding


def scores_of(recount: Recount, pairs: Sequence[IdPair], ids: Ids) -> dict[IdPair, float]:
    """Return the scores of those of some pairs that are allowed.

    Parameters
    ----------
    recount, ids
        As for `overpriced`.
    pairs
        By id, side a first.
    """
    place_a, place_b = ({person: place for place, person in enumerate(side)} for side in ids)
    places = [(place_a[a], place_b[b]) for a, b in pairs if a in place_a and b in place_b]
    layout = recount.sides.layout
    if layout == "pool":
        places = [(min(place), max(place)) for place in places]
    numbers = np.array([a * len(place_b) + b for a, b in places], dtype=np.int64)
    return {
        named(ids, a, b, layout): score
        for part in recount.allowed(np.unique(numbers))
        for a, b, score in zip(*(column.tolist() for column in part), strict=True)
    }


def named(ids: Ids, a: int, b: int, layout: Layout) -> IdPair:
    """Return a pair by id: side a first, in one pool the smaller id.

    Parameters
    ----------
    ids
        Who stands on either side.
    a, b
        Positions.
    layout
        How people meet.

    Examples
    --------
    >>> ids = ("zoe", "bo"), ("zoe", "bo")
    >>> named(ids, 0, 1, "pool"), named(ids, 0, 1, "sides")
    (('bo', 'zoe'), ('zoe', 'bo'))
    """
    one, other = ids[0][a], ids[1][b]
    return (other, one) if layout == "pool" and other < one else (one, other)


def _in_question(recount: Recount, claimed: Claimed) -> Iterator[Rows]:
    """Yield all pairs whose prices have to be compared with what they are worth, each once."""
    yield recount.required
    few = len(recount.sides.a) * len(recount.sides.b) <= FEW_CELLS
    if isinstance(recount.score, SharedWishes):
        found = shared_meetings(recount.people, recount.sides.a)
        if recount.sides.layout == "sides":  # everybody is on both, and each pair is two
            found = chain.from_iterable(map(partial(_both_ways, len(recount.sides.a)), found))
    elif few or find_spec("numba") is None or isinstance(claimed, WithFloor):
        # Of a floor, pairs that their prices cover are in question, too.
        found = meetings(recount.people, recount.score, recount.sides)
    else:
        # Imported here, and nowhere else: numba takes half a second to load.
        from mentormatch.matching.suspects import suspects

        found = suspects(recount, claimed.prices, claimed.counts, claimed.inflation)
    for pairs in found:
        yield np.setdiff1d(pairs, recount.required, assume_unique=True)


def _both_ways(size: int, pairs: Rows) -> tuple[Rows, Rows]:
    """Return numbers of pairs of a pool, and those of the same pairs turned round."""
    a, b = np.divmod(pairs, size)
    return pairs, b * size + a


def by_id(ids: Sequence[Sequence[str]], *prices: Floats) -> tuple[dict[str, float], ...]:
    """Return prices by position as a table by id for each side.

    Examples
    --------
    >>> by_id([["ana", "bo"]], np.array([0.5, 0.25]))
    ({'ana': 0.5, 'bo': 0.25},)
    """
    return tuple(
        dict(zip(people, side.tolist(), strict=True))
        for people, side in zip(ids, prices, strict=True)
    )


def in_order(
    prices: Sequence[Mapping[str, float]], ids: Sequence[Sequence[str]]
) -> tuple[Floats, ...]:
    """Return tables of prices by id by position on each side; everybody has one.

    Examples
    --------
    >>> in_order([{"bo": 0.25, "ana": 0.5}], [["ana", "bo"]])
    (array([0.5 , 0.25]),)
    """
    return tuple(
        np.array([side[person] for person in people], dtype=np.float64)
        for people, side in zip(ids, prices, strict=True)
    )
