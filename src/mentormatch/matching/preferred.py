"""What preferences add to pairs, worked out once more for the check of a proof.

In whole grains of 2⁻⁴⁰, and with none of the code by which scores were made.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.preferences import AnyPreference, Prefer, RankedWishes, Stay, Waited
from mentormatch.exchange.rules import PairTest
from mentormatch.people import Cohort

__all__ = ["Added"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: In how many grains a score of 1 is counted.
GRAINS = 2.0**40


@dataclass(frozen=True, eq=False, slots=True)
class Added:
    """What pairs of some people get for the preferences of a program. Made by `Added.of`.

    Attributes
    ----------
    most : float
        What no pair gets more than.
    """

    people: Cohort
    tests: tuple[tuple[int, PairTest], ...]  # what a rule is worth, in grains, and the rule
    wishes: tuple[float, ...]  # what two first wishes are worth, in grains
    waited: NDArray[np.int64]  # what a pair of each person gets for who waited, in grains
    most: float

    @classmethod
    def of(cls, people: Cohort, preferences: Sequence[AnyPreference], asked: Rows) -> "Added":
        """Read preferences; `asked` are the rows of the people of whom there will be pairs.

        Examples
        --------
        >>> from mentormatch import read_records
        >>> people = read_records([{"id": "ana"}, {"id": "bo", "prefers": "x; ana"}])
        >>> added = Added.of(people, [RankedWishes(weight=0.5)], np.array([0, 1]))
        >>> added.most, added.to(np.array([0]), np.array([1]))
        (0.5, array([0.125]))
        """
        wishes = [one for one in preferences if isinstance(one, RankedWishes)]
        rules = [
            (one.weight, one if isinstance(one, Stay) else one.rule)
            for one in preferences
            if isinstance(one, Prefer | Stay)
        ]
        waiting = [one for one in preferences if isinstance(one, Waited)]
        waited = np.zeros(len(people), dtype=np.int64)
        for one in waiting:
            waited[people.numbers(one.by) > 0.0] += round(one.weight * GRAINS)
        counted = (*preferences, *waiting)  # both of a pair may have waited
        most = sum(round(one.weight * GRAINS) for one in counted) / GRAINS
        tests = ((round(weight * GRAINS), rule.test(people, asked)) for weight, rule in rules)
        ranked = tuple(one.weight * GRAINS for one in wishes)
        return cls(people, tuple(tests), ranked, waited, most)

    def to_each(self, rows: Rows) -> Floats:
        """Return what every pair of some people gets for them, whoever the other is."""
        return self.waited[rows] / GRAINS

    @property
    def most_of_pairs(self) -> float:
        """What no pair gets more than beyond `to_each` of the two."""
        return self.most - 2.0 * int(self.waited.max(initial=0)) / GRAINS

    def to(self, rows_a: Rows, rows_b: Rows) -> Floats:
        """Return what is added to the score of each pair of rows."""
        grains = self.waited[rows_a] + self.waited[rows_b]
        for worth, test in self.tests:
            grains[test(rows_a, rows_b)] += worth
        for most in self.wishes:
            there = self.people.wish_ranks(rows_a, rows_b)
            back = self.people.wish_ranks(rows_b, rows_a)
            # No wish is as one of a rank beyond all others.
            parts = sum(1.0 / np.where(ranks > 0, ranks, np.inf) for ranks in (there, back))
            grains += np.rint(most * parts / 2.0).astype(np.int64)
        return grains / GRAINS
