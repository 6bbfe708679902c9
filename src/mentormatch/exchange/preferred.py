"""A program's preferences, made ready for some people: what each pair gets for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.preferences import AnyPreference, RankedWishes, Stay, Waited
from mentormatch.exchange.reciprocity import rounded
from mentormatch.people import Cohort

__all__ = ["NO_PREFERENCES", "Preferred"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: What each pair of rows gets for one preference.
Points = Callable[[Rows, Rows], Floats]

#: For how many pairs preferences are asked at a time.
PAIRS_AT_ONCE = 1 << 18


@dataclass(frozen=True, eq=False, slots=True)
class Preferred:
    """What pairs get for preferences: multiples of 2⁻⁴⁰, so that sums of them are exact.

    Attributes
    ----------
    terms : tuple of functions
        One for each preference.
    most : float
        What no pair gets more than.
    each : numpy.ndarray or None
        What every pair of a person gets for them, by row: it is known before the pair is.
    """

    terms: tuple[Points, ...] = ()
    most: float = 0.0
    each: Floats | None = None

    @classmethod
    def of(cls, people: Cohort, preferences: Sequence[AnyPreference], asked: Rows) -> "Preferred":
        """Make preferences ready.

        Parameters
        ----------
        people
            The cohort.
        preferences
            What adds to the score.
        asked
            Rows of the people of whom there will be pairs.

        Examples
        --------
        >>> from mentormatch import Different, Prefer, read_records
        >>> people = read_records(
        ...     [{"id": "ana", "site": "Oslo"}, {"id": "bo", "site": "Pune", "prefers": "x; ana"}]
        ... )
        >>> rows = np.array([0, 1])
        >>> wanted = Prefer(Different("site"), weight=0.5), RankedWishes(weight=0.25)
        >>> preferred = Preferred.of(people, wanted, rows)
        >>> preferred.most, preferred.points(np.array([1.0]), np.array([0]), np.array([1]))
        (0.75, array([0.5625]))
        """
        terms = tuple(_term(people, one, asked) for one in preferences)
        each = None
        for one in preferences:
            if isinstance(one, Waited):  # once at most
                each = np.where(one.who(people), _grains(one.weight), 0.0)
        return cls(terms, sum(_most(one) for one in preferences), each)

    @classmethod
    def together(cls, parts: Sequence["Preferred"]) -> "Preferred":
        """Return what pairs get for all of several, of which one knows what people get at most."""
        terms = tuple(term for part in parts for term in part.terms)
        known = [part.each for part in parts if part.each is not None]
        return cls(terms, sum(part.most for part in parts), known[0] if known else None)

    def beyond(self, rows: Rows) -> Floats:
        """Return what the pairs of people get for them; 0 where nobody gets any.

        Parameters
        ----------
        rows
            Rows of the cohort.
        """
        return np.zeros(len(rows)) if self.each is None else self.each[rows]

    @property
    def most_of_pairs(self) -> float:
        """What no pair gets more than for what is not known of each of the two."""
        return self.most - (0.0 if self.each is None else 2.0 * float(self.each.max(initial=0.0)))

    def points(self, exchanged: Floats, rows_a: Rows, rows_b: Rows) -> Floats:
        """Return what each pair gets for all preferences together: nothing if nothing is exchanged.

        Parameters
        ----------
        exchanged
            What the two of each pair exchange, by the program's score; shape (pairs,).
        rows_a, rows_b
            Rows of the cohort, shape (pairs,).
        """
        points = np.zeros(len(rows_a))
        for first in range(0, len(rows_a) if self.terms else 0, PAIRS_AT_ONCE):
            part = slice(first, first + PAIRS_AT_ONCE)
            for term in self.terms:
                points[part] += term(rows_a[part], rows_b[part])
        points[exchanged == 0.0] = 0.0  # a pair that a rule requires
        return points


#: Those of a program that has none.
NO_PREFERENCES = Preferred()


def _term(people: Cohort, preference: AnyPreference, asked: Rows) -> Points:
    weight = preference.weight
    if isinstance(preference, RankedWishes):
        return lambda rows_a, rows_b: rounded(
            weight
            * (
                _worth(people.wish_ranks(rows_a, rows_b))
                + _worth(people.wish_ranks(rows_b, rows_a))
            )
            / 2.0
        )
    if isinstance(preference, Waited):
        each = np.where(preference.who(people), _grains(weight), 0.0)
        return lambda rows_a, rows_b: each[rows_a] + each[rows_b]
    asking = preference if isinstance(preference, Stay) else preference.rule
    test, grains = asking.test(people, asked), _grains(weight)
    return lambda rows_a, rows_b: np.where(test(rows_a, rows_b), grains, 0.0)


def _most(preference: AnyPreference) -> float:
    """Return what no pair gets more than for a preference."""
    people = 2 if isinstance(preference, Waited) else 1
    return people * _grains(preference.weight)


def _worth(ranks: Rows) -> Floats:
    """Return what wishes count: 1 / rank, and 0 for none."""
    worth = np.zeros(ranks.shape)
    np.divide(1.0, ranks, out=worth, where=ranks > 0)
    return worth


def _grains(weight: float) -> float:
    return float(rounded(np.array(weight)))
