"""All pairs beside their prices, and the chosen ones beside their scores.

Few pairs are all scored anew. Among many, a quick look at every pair says which could be worth more
than their prices at all (`mentormatch.matching.suspects`); these are scored, and no others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.certificate import falls_short
from mentormatch.matching.checks import DESCRIBED, IdPair
from mentormatch.matching.recount import Recount, meetings

__all__ = ["Claimed", "overpriced", "scores_of"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Ids on side a and on side b, by position.
Ids = tuple[Sequence[str], Sequence[str]]

#: Up to so many cells, side a x side b, scoring all pairs is as quick as loading numba.
FEW_CELLS = 1 << 20


@dataclass(frozen=True, eq=False, slots=True)
class Claimed:
    """What a certificate claims of everybody, by position on either side.

    Attributes
    ----------
    prices : tuple of numpy.ndarray
        Of side a and of side b.
    counts : tuple of numpy.ndarray, or None
        Their count prices; those of a pair must reach 1.
    inflation : float
        What is added to every score before the prices have to cover it.
    """

    prices: tuple[Floats, Floats]
    counts: tuple[Floats, Floats] | None
    inflation: float

    @classmethod
    def of(
        cls,
        ids: Ids,
        prices: Sequence[Mapping[str, float]],
        counts: Sequence[Mapping[str, float]] | None,
        inflation: float,
    ) -> "Claimed":
        """Put prices by id in the order of the sides; everybody has one."""
        return cls(
            _by_position(ids, prices),
            None if counts is None else _by_position(ids, counts),
            inflation,
        )


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
        for a, b, score in recount.allowed(pairs):
            excess = falls_short(
                claimed.prices[0][a], claimed.prices[1][b], score, claimed.inflation
            )
            uncovered = np.zeros(len(a), bool)
            if claimed.counts is not None:
                count_a, count_b = claimed.counts
                uncovered = falls_short(count_a[a], count_b[b], np.ones(len(a)), 0.0)
            exceeding += (
                f"{ids[0][a[pair]]} and {ids[1][b[pair]]} are worth more than their "
                f"{'count prices' if uncovered[pair] else 'prices'}"
                for pair in islice(np.flatnonzero(excess | uncovered), DESCRIBED - len(exceeding))
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
    numbers = [
        place_a[a] * len(place_b) + place_b[b] for a, b in pairs if a in place_a and b in place_b
    ]
    return {
        (ids[0][a], ids[1][b]): score
        for part in recount.allowed(np.unique(np.array(numbers, dtype=np.int64)))
        for a, b, score in zip(*(column.tolist() for column in part), strict=True)
    }


def _in_question(recount: Recount, claimed: Claimed) -> Iterator[Rows]:
    """Yield all pairs whose prices have to be compared with what they are worth, each once."""
    yield recount.required
    few = len(recount.sides.a) * len(recount.sides.b) <= FEW_CELLS
    if few or find_spec("numba") is None:
        found = meetings(recount.people, recount.score, recount.sides)
    else:
        # Imported here, and nowhere else: numba takes half a second to load.
        from mentormatch.matching.suspects import suspects

        found = suspects(recount, claimed.prices, claimed.counts, claimed.inflation)
    for pairs in found:
        yield np.setdiff1d(pairs, recount.required, assume_unique=True)


def _by_position(ids: Ids, prices: Sequence[Mapping[str, float]]) -> tuple[Floats, Floats]:
    a, b = (
        np.array([side[person] for person in people], dtype=np.float64)
        for people, side in zip(ids, prices, strict=True)
    )
    return a, b
