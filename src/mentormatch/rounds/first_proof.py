"""Why no more of those who waited can be served: prices that count them and nobody else.

Every pair is worth as many as it serves of those who waited, 0, 1 or 2, and the prices of its two
people, with those of odd groups that hold both in one pool, are as much or more. So no matching
serves more of them than all prices add up to (weak duality).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, fsum, isfinite

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.pool_certificate import uncovered
from mentormatch.matching.checks import price_faults
from mentormatch.matching.groups import (
    OddSet,
    all_set_faults,
    at_places,
    place_of,
    set_terms,
)
from mentormatch.matching.preferred import Added
from mentormatch.matching.recount import Recount
from mentormatch.matching.scan import Uncovered, in_order, overpriced
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.solving.divided import divided
from mentormatch.solving.rules import required_pairs, rule_tests
from mentormatch.solving.sides import Split

__all__ = ["FirstProof"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: A price that covers any score.
ENOUGH = 2.0**12


@dataclass(frozen=True, eq=False)
class FirstProof:
    """Prices that prove how many of those who waited can be served at most.

    Attributes
    ----------
    by : str
        The attribute that says who waited.
    prices : tuple of mapping of str to float
        For either side, or for the one pool.
    odd_sets : tuple of OddSet
        Of one pool, groups that help to cover the pairs within them.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading", "waited": 1},
    ...         {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading", "waited": 2},
    ...     ]
    ... )
    >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    >>> proof = mm.serve_first(people, program).proof
    >>> proof.prices, proof.faults(people, program)
    (({'ana': 1.0}, {'bo': 0.0, 'cy': 0.0}), [])
    """

    by: str
    prices: tuple[Mapping[str, float], ...]
    odd_sets: tuple[OddSet, ...] = ()

    def faults(self, people: Cohort, program: Program) -> list[str]:
        """Say which prices are none, and which pairs serve more than theirs are.

        Parameters
        ----------
        people, program
            What the matching was made from. All pairs are looked at, starting from the profiles.
        """
        sides = divided(people, program)
        places = _places(people, sides)
        if len(self.prices) != len(places):
            return ["there is not one table of prices for either side"]
        faults = [
            fault
            for of_side, here in zip(self.prices, places, strict=True)
            for fault in price_faults(of_side, here, "price")
        ]
        faults += all_set_faults(self.odd_sets, (), places[0], counts=True)
        if len(places) > 1 and self.odd_sets:
            faults.append("between two sides there are no odd groups")
        if faults:
            return faults
        tests = rule_tests(people, program.rules, sides)
        required = required_pairs(people, program.rules, tests, sides)
        added = Added.of(people, program.preferences, sides.taking_part)
        recount = Recount.of(people, program.score, sides, tests, required, added)
        return overpriced(recount, self._claimed(people, sides, places), (places[0], places[-1]))

    def at_most(self, people: Cohort, program: Program) -> int:
        """Return how many of those who waited any matching can serve, by the prices.

        Parameters
        ----------
        people, program
            What the matching was made from.
        """
        sides = divided(people, program)
        places = _places(people, sides)
        asked = sides.capacities
        rooms = [np.ones(len(side), dtype=np.int64) for side in places]
        if asked is not None:
            rooms = [asked.row_capacity, asked.col_capacity]
        terms = set_terms(self.odd_sets)
        for price, room in zip(in_order(self.prices, places), rooms, strict=True):
            terms += (price * room).tolist()  # prices are halves of whole numbers
        total = fsum(terms)
        waited = int((people.numbers(self.by)[sides.taking_part] > 0.0).sum())
        return floor(total) if isfinite(total) else waited

    def _claimed(self, people: Cohort, sides: Split, places: Sequence[Sequence[str]]) -> "_Claimed":
        waited = (people.numbers(self.by) > 0.0).astype(np.float64)
        prices = in_order(self.prices, places)
        # A pair is covered where what is left of its prices, and a half of each, come to 1.
        left = [
            price - waited[rows] + 0.5
            for price, rows in zip(prices, (sides.a, sides.b), strict=False)
        ]
        sets = at_places(self.odd_sets, place_of(places[0]))
        return _Claimed(left[0], left[-1], sets if len(places) == 1 else None)


@dataclass(frozen=True, eq=False, slots=True)
class _Claimed:
    """The prices as count prices of pairs, which are to reach 1; scores are not asked."""

    of_a: Floats
    of_b: Floats
    sets: OddSets | None

    @property
    def prices(self) -> tuple[Floats, Floats]:
        return np.full(len(self.of_a), ENOUGH), np.full(len(self.of_b), ENOUGH)

    @property
    def counts(self) -> tuple[Floats, Floats]:
        return self.of_a, self.of_b

    @property
    def inflation(self) -> float:
        return 0.0

    def uncovered(self, a: Rows, b: Rows, scores: Floats) -> Uncovered:  # noqa: ARG002 - as said
        """Return no pair for its score, and those whose prices are too low for whom they serve."""
        none = np.zeros(len(a), dtype=np.bool_)
        if self.sets is None:
            return none, self.of_a[a] + self.of_b[b] < 1.0
        return none, uncovered(a, b, np.ones(len(a)), self.of_a, self.sets)


def _places(people: Cohort, sides: Split) -> list[list[str]]:
    """Return whom each table of prices is of, by position."""
    named = (sides.a,) if sides.layout == "pool" else (sides.a, sides.b)
    return [[people.ids[row] for row in rows] for rows in named]
