"""An earlier answer as a start: whoever is still there keeps their partner and their price."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.pool_problem import PoolSolution
from mentormatch.assign.problem import Objective, Solution
from mentormatch.exchange.layout import Layout
from mentormatch.people import Cohort
from mentormatch.solving.sides import Split

__all__ = ["Earlier", "begun", "begun_pool"]

Prices = Sequence[Mapping[str, float]]


class Earlier(Protocol):
    """What is to be known of an earlier answer, by id: its certificate."""

    @property
    def layout(self) -> Layout:
        """How people meet in it."""

    @property
    def objective(self) -> str:
        """What it was best at."""

    @property
    def pairs(self) -> Sequence[tuple[str, str]]:
        """Ids, side a first."""

    @property
    def scores(self) -> Sequence[float]:
        """One for each pair."""

    @property
    def prices(self) -> Prices:
        """By id, for either side, or for the one pool."""

    @property
    def count_prices(self) -> Prices | None:
        """Likewise, where pairs count."""

    @property
    def inflation(self) -> float:
        """What was added to each score."""


def begun(earlier: Earlier, people: Cohort, sides: Split) -> Solution:
    """Return an earlier answer by position on the sides; who is new is single and costs nothing.

    Parameters
    ----------
    earlier
        By id.
    people, sides
        Who takes part now. Pairs of which somebody no longer does, or has changed sides, are left
        out; whether the others are allowed is not looked at.
    """
    ids = [[people.ids[row] for row in rows] for rows in (sides.a, sides.b)]
    places = [{person: place for place, person in enumerate(side)} for side in ids]
    kept = [
        (places[0][a], places[1][b], score)
        for (a, b), score in zip(earlier.pairs, earlier.scores, strict=True)
        if a in places[0] and b in places[1]
    ]
    rows, cols, scores = np.array(sorted(kept), dtype=np.float64).reshape(-1, 3).T
    counts = earlier.count_prices
    row_counts, col_counts = (None, None) if counts is None else _priced(counts, ids)
    row_prices, col_prices = _priced(earlier.prices, ids)
    return Solution(
        objective=Objective(earlier.objective),
        rows=rows.astype(np.int64),
        cols=cols.astype(np.int64),
        scores=scores,
        row_prices=row_prices,
        col_prices=col_prices,
        lam=earlier.inflation,
        row_count_prices=row_counts,
        col_count_prices=col_counts,
    )


def begun_pool(earlier: Earlier, people: Cohort, sides: Split) -> PoolSolution:
    """Return an earlier answer for one pool by position in it; who is new is single.

    Parameters
    ----------
    earlier
        By id.
    people, sides
        Who takes part now. Whether pairs are still allowed is not looked at.
    """
    ids = [people.ids[row] for row in sides.a]
    place = {person: position for position, person in enumerate(ids)}
    kept = [
        (*sorted((place[a], place[b])), score)
        for (a, b), score in zip(earlier.pairs, earlier.scores, strict=True)
        if a in place and b in place
    ]
    a, b, scores = np.array(sorted(kept), dtype=np.float64).reshape(-1, 3).T
    return PoolSolution(
        objective=Objective(earlier.objective),
        a=a.astype(np.int64),
        b=b.astype(np.int64),
        scores=scores,
        prices=_priced(earlier.prices, [ids])[0],
        odd_sets=OddSets.none(len(ids)),
        lam=earlier.inflation,
    )


def _priced(prices: Prices, ids: Sequence[Sequence[str]]) -> list[NDArray[np.float64]]:
    return [
        np.array([side.get(person, 0.0) for person in here], dtype=np.float64)
        for side, here in zip(prices, ids, strict=True)
    ]
