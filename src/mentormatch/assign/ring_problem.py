"""Rings: what their solvers are given, and what they return."""

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.capacities import keep_read_only
from mentormatch.assign.odd_sets import OddSets
from mentormatch.assign.problem import Objective, Status
from mentormatch.assign.reading import check_scores

__all__ = ["RingProblem", "RingSolution", "cycles"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]

#: Scores are multiples of this, so that no two totals differ by less.
UNIT = 2.0**-40
#: And at most so large, so that sums around a ring are exact.
LARGEST = 1024.0


@dataclass(frozen=True, eq=False)
class RingProblem:
    """People and the arrows between them, each with a score.

    The arrays are kept as read-only views and not copied.

    Parameters
    ----------
    size
        Number of people, 0 or more.
    tails, heads : int64 array, shape (n_arrows,)
        Who would teach whom: sorted by tail and then head, each arrow once, nobody to themself.
    scores : float64 array, shape (n_arrows,)
        What each arrow is worth: multiples of 2**-40 from 0 to 1024.
    required : int64 array, shape (n_required,)
        Positions of arrows that must be in a ring, each once. Their tails have no other arrow, and
        their heads none from anybody else.

    Raises
    ------
    ValueError
        If a score is out of range or off the grid, or the arrows are not as described.

    Examples
    --------
    >>> RingProblem(3, np.array([0, 1, 2]), np.array([1, 2, 0]), np.array([0.5, 0.25, 1.0]))
    RingProblem(3 people, 3 arrows)
    """

    size: int
    tails: Integers
    heads: Integers
    scores: Floats
    required: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64), kw_only=True)

    def __post_init__(self) -> None:
        keep_read_only(self, "tails", "heads", "scores", "required")
        check_scores((self.size, self.size), self.tails, self.heads, self.scores)
        itself = self.tails == self.heads
        if itself.any():
            raise ValueError(
                f"person {self.tails[itself.argmax()]} has an arrow to themself; leave it out: "
                "whoever is in no ring needs none"
            )
        off = (np.floor(self.scores / UNIT) * UNIT != self.scores) | (self.scores > LARGEST)
        if off.any():
            at = int(off.argmax())
            raise ValueError(
                f"scores[{self.tails[at]}, {self.heads[at]}] is {self.scores[at]}; the scores of "
                "arrows are multiples of 2**-40 and at most 1024: divide them by a common factor "
                "where they are larger, and round them"
            )
        for ends in (self.tails, self.heads):
            others = np.isin(ends, ends[self.required])
            if np.count_nonzero(others) != len(self.required):
                raise ValueError(
                    "the tail or head of a required arrow has another arrow as well; leave all "
                    "others of its tail, and to its head, out"
                )

    @classmethod
    def from_scores(cls, scores: NDArray[np.float64], allowed: NDArray[np.bool_]) -> Self:
        """Read a square table; its diagonal is not looked at.

        Parameters
        ----------
        scores : float64 array, shape (size, size)
            What it is worth that the row teaches the column.
        allowed : boolean array, shape (size, size)
            Which arrows there are.

        Raises
        ------
        ValueError
            If the tables are not square and of one shape, or as for `RingProblem`.

        Examples
        --------
        >>> RingProblem.from_scores(np.ones((2, 2)), np.ones((2, 2), dtype=bool))
        RingProblem(2 people, 2 arrows)
        """
        if scores.shape != allowed.shape or scores.shape != (len(scores),) * 2:
            raise ValueError(
                f"scores has shape {scores.shape} and allowed {allowed.shape}; both must have one "
                "row and one column for each person"
            )
        tails, heads = np.nonzero(allowed & ~np.eye(len(scores), dtype=np.bool_))
        return cls(len(scores), tails, heads, scores[tails, heads])

    @cached_property
    def starts(self) -> Integers:
        """Where each person's arrows begin, and at last where they end; shape (size + 1,)."""
        return np.searchsorted(self.tails, np.arange(self.size + 1)).astype(np.int64)

    def find(self, tails: Integers, heads: Integers) -> Integers:
        """Return the positions of some arrows, -1 for those that there are not.

        Parameters
        ----------
        tails, heads : int64 array, shape (n,)
            People of this problem.

        Examples
        --------
        >>> problem = RingProblem(2, np.array([1]), np.array([0]), np.array([0.5]))
        >>> problem.find(np.array([0, 1]), np.array([1, 0]))
        array([-1,  0])
        """
        if not len(self.tails):
            return np.full(len(tails), -1, dtype=np.int64)
        keys = tails * self.size + heads
        places = np.minimum(np.searchsorted(self._keys, keys), len(self.tails) - 1)
        return np.where(self._keys[places] == keys, places, -1)

    @cached_property
    def must(self) -> Booleans:
        """Who must be in a ring: the ends of required arrows; shape (size,)."""
        must = np.zeros(self.size, dtype=np.bool_)
        must[self.tails[self.required]] = must[self.heads[self.required]] = True
        return must

    @cached_property
    def _keys(self) -> Integers:
        return self.tails * self.size + self.heads

    def __repr__(self) -> str:
        return f"RingProblem({self.size} people, {len(self.tails)} arrows)"


@dataclass(frozen=True, eq=False)
class RingSolution:
    """Rings with the prices that prove how good they are.

    Everybody has two prices, as a tail and as a head, that add up to 0 or more, or to any number
    where a required arrow says that they are in a ring. They are for
    `scores + lam`, and each ring of at most `longest` people costs what it is worth or more: the
    tail prices and head prices of its members. Where `longest` is `None` each arrow does, which
    is the stronger. So no rings with as many people (with `lam` 0: no rings at all) are worth more
    than all prices together less `lam` for each person.

    Parameters
    ----------
    objective
        What the rings are best at.
    longest
        How many people a ring may have; `None` for any number.
    starts : int64 array, shape (n_rings + 1,)
        Where each ring begins among the members, and at last where the last one ends.
    members : int64 array, shape (n_people,)
        Each teaches the next, and the last of a ring the first, who has the smallest number of
        them; rings are sorted by their first.
    scores : float64 array, shape (n_people,)
        What each member's arrow to the next is worth.
    tail_prices, head_prices : float64 array, shape (size,)
        What each person is worth as a tail and as a head.
    lam
        What one more person in a ring counts beside the scores; 0 under `Objective.SCORE`.
    tail_count_prices, head_count_prices : float64 array, or None under `Objective.SCORE`
        Such prices with every score 1: no rings have more people than they add up to.
    odd_sets, count_sets
        With rings of two, sets of an odd number of people whose prices help to cover the rings
        within them, as in `PoolSolution`, and those that go with the count prices; the head prices
        are 0 then. `None` otherwise.
    is_searched
        With rings of a bounded length, whether nothing better exists by the prices or, where a gap
        is left, because an integer program of all rings that could be part of anything better
        found nothing. The latter is HiGHS's word, good to a millionth part of the gap or so, and
        no proof that can be checked.

    Examples
    --------
    >>> from mentormatch.assign.rings import solve_rings
    >>> problem = RingProblem.from_scores(np.ones((3, 3)), np.eye(3, k=1, dtype=bool))
    >>> solve_rings(problem)
    RingSolution(score: 0 rings of 0 people worth 0, optimal)
    """

    objective: Objective
    longest: int | None
    starts: Integers
    members: Integers
    scores: Floats
    tail_prices: Floats
    head_prices: Floats
    lam: float = 0.0
    tail_count_prices: Floats | None = None
    head_count_prices: Floats | None = None
    odd_sets: OddSets | None = None
    count_sets: OddSets | None = None
    is_searched: bool = False

    def __post_init__(self) -> None:
        keep_read_only(self, "starts", "members", "scores", "tail_prices", "head_prices")
        if self.tail_count_prices is not None:
            keep_read_only(self, "tail_count_prices", "head_count_prices")

    @property
    def people(self) -> int:
        """How many people are in a ring."""
        return len(self.members)

    @property
    def next_members(self) -> Integers:
        """Whom each of `members` teaches."""
        return followers(self.starts, self.members)

    @cached_property
    def value(self) -> float:
        """The sum of the scores, rounded once."""
        return math.fsum(self.scores.tolist())

    @property
    def bound(self) -> float:
        """No rings of as many people (under `Objective.SCORE`: none at all) are worth more."""
        return self.value + self.gap

    @cached_property
    def gap(self) -> float:
        """What better rings might gain: a multiple of 2**-40, as all totals are.

        Under `Objective.PEOPLE_THEN_SCORE` better rings of as many people; whether there are
        rings of more is what `count_gap` says.
        """
        prices = _costs(self.tail_prices, self.head_prices, self.odd_sets)
        paid = [*(-self.scores).tolist(), *[-self.lam] * self.people]
        return math.floor(math.fsum(prices + paid) / UNIT) * UNIT

    @cached_property
    def count_gap(self) -> int:
        """How many more people rings could have at most, where they count; else 0."""
        if self.tail_count_prices is None or self.head_count_prices is None:
            return 0
        prices = _costs(self.tail_count_prices, self.head_count_prices, self.count_sets)
        return math.floor(math.fsum(prices)) - self.people

    @property
    def is_optimal(self) -> bool:
        """Whether the prices prove that no rings are better."""
        return self.gap <= 0.0 and self.count_gap <= 0

    @property
    def status(self) -> Status:
        """`Status.OPTIMAL` where that is proven, otherwise `Status.FEASIBLE`."""
        return Status.OPTIMAL if self.is_optimal else Status.FEASIBLE

    def __repr__(self) -> str:
        count = len(self.starts) - 1
        rings = f"{count} ring{'s' * (count != 1)} of {self.people} people"
        return f"RingSolution({self.objective}: {rings} worth {self.value:g}, {self.status})"


def _costs(tail: Floats, head: Floats, sets: OddSets | None) -> list[float]:
    """Return what adds up to the bound that prices give."""
    return [*tail.tolist(), *head.tolist(), *(sets.terms if sets else ())]


def followers(starts: Integers, members: Integers) -> Integers:
    """Return who comes after each member of the rings, the first after the last.

    Examples
    --------
    >>> followers(np.array([0, 2, 5]), np.array([0, 3, 1, 4, 2]))
    array([3, 0, 4, 2, 1])
    """
    after = np.roll(members, -1)
    after[starts[1:] - 1] = members[starts[:-1]]
    return after


def cycles(after: Integers) -> tuple[Integers, Integers]:
    """List the rings of people of whom each teaches another.

    Parameters
    ----------
    after : int64 array, shape (size,)
        Whom everybody teaches, -1 for whoever is in no ring.

    Returns
    -------
    starts, members : int64 array
        As in `RingSolution`.

    Examples
    --------
    >>> cycles(np.array([3, 4, -1, 0, 1]))
    (array([0, 2, 4]), array([0, 3, 1, 4]))
    """
    teaches: list[int] = after.tolist()
    members: list[int] = []
    starts = [0]
    seen = [False] * len(teaches)
    for first, person in enumerate(teaches):
        if person < 0 or seen[first]:
            continue
        person = first
        while not seen[person]:
            seen[person] = True
            members.append(person)
            person = teaches[person]
        starts.append(len(members))
    return np.array(starts, dtype=np.int64), np.array(members, dtype=np.int64)
