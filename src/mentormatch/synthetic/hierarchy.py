"""A reporting tree, level by level: who leads whom, in which department, at which rank."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mentormatch.synthetic.chance import Chance, pick, zipf

__all__ = ["Hierarchy"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

#: How many people report to one manager, at least and at most (fewer only if there are none).
LEAST_SPAN, MOST_SPAN = 3, 12

#: Managers have this many reports on average, or fewer, once there are managers of managers.
MEAN_SPAN = 9.0

#: First-line managers have this rank, theirs one more, and so on up to the highest.
MANAGER_RANK, HIGHEST_RANK = 4, 7

#: The share of all people who are to have a rank of `SENIOR_RANK` or more.
SENIOR_SHARE, SENIOR_RANK = 0.4, 3

#: A department has this many people on average at least, so a small firm has few of them.
LEAST_DEPARTMENT = 10


@dataclass(frozen=True, eq=False, slots=True)
class Hierarchy:
    """The people of an organisation from the top down: the head is the first.

    Parameters
    ----------
    manager
        Position of each one's manager, -1 for the head; int64, shape (n,).
    department
        Number of each one's department, the largest being 0; int64, shape (n,).
    rank
        From 1 to 7; int64, shape (n,).
    tenure
        Years in the organisation, in tenths; float64, shape (n,).

    Notes
    -----
    Everybody's manager has a higher rank, but for the executives of rank 7: from a few thousand
    people on, seven ranks are fewer than the levels of management.

    Examples
    --------
    >>> firm = Hierarchy.draw(5, departments=16, chance=Chance(0))
    >>> firm.manager, firm.rank
    (array([-1,  0,  0,  0,  0]), array([7, 2, 1, 2, 3]))
    """

    manager: Integers
    department: Integers
    rank: Integers
    tenure: Floats

    def __post_init__(self) -> None:
        for array in (self.manager, self.department, self.rank, self.tenure):
            array.setflags(write=False)

    @classmethod
    def draw(cls, count: int, departments: int, chance: Chance) -> "Hierarchy":
        """Draw an organisation.

        Parameters
        ----------
        count
            How many people; 1 or more.
        departments
            How many departments there are at most.
        chance
            Where the random numbers come from.

        Returns
        -------
        Hierarchy
        """
        sizes = _level_sizes(count)
        spans = [_spans(managers, reports, chance) for managers, reports in pairwise(sizes)]
        manager = np.concatenate([[-1], np.repeat(np.arange(count - sizes[-1]), _joined(spans))])
        departments = min(departments, 1 + count // LEAST_DEPARTMENT)
        height = np.repeat(np.arange(len(sizes))[::-1], sizes)
        tenure = _tenure(height, chance)
        return cls(
            manager=manager,
            department=_departments(sizes, spans, departments),
            rank=_ranks(height, tenure, chance),
            tenure=tenure,
        )

    def in_order(self, order: Integers) -> "Hierarchy":
        """Return the same organisation with its people in another order.

        Parameters
        ----------
        order
            Each position once; int64, shape (n,).

        Returns
        -------
        Hierarchy
            Whoever was at position ``order[i]`` is at `i`.
        """
        # One entry more than people: the manager of the head, -1, stays -1.
        place = np.full(len(order) + 1, -1)
        place[order] = np.arange(len(order))
        return Hierarchy(
            manager=place[self.manager[order]],
            department=self.department[order],
            rank=self.rank[order],
            tenure=self.tenure[order],
        )


def _level_sizes(count: int) -> list[int]:
    """Divide people into levels, the head first, each larger than the one above by one ratio."""
    if count <= 1 + MOST_SPAN:
        return [1] if count == 1 else [1, count - 1]
    levels = 3
    while _people(MEAN_SPAN, levels) < count:
        levels += 1
    low, high = 1.0, MEAN_SPAN
    for _ in range(60):  # halving: exact arithmetic would add nothing after the 53rd
        middle = (low + high) / 2
        low, high = (middle, high) if _people(middle, levels) < count else (low, middle)
    sizes = [1]
    size = 1.0
    for _ in range(levels - 2):
        size *= low
        sizes.append(int(size))
    return [*sizes, count - sum(sizes)]


def _people(ratio: float, levels: int) -> float:
    """Count the people of a tree in which everyone above the last level has `ratio` reports."""
    people = 1.0
    for _ in range(levels - 1):
        people = people * ratio + 1.0
    return people


def _spans(managers: int, reports: int, chance: Chance) -> Integers:
    """Draw how many of the `reports` each manager has; they are the next ones in line."""
    if managers == 1:
        return np.array([reports])
    # Everybody has the least; chance hands the rest out to the places left, first come.
    places = np.repeat(np.arange(managers), MOST_SPAN - LEAST_SPAN)
    taken = places[chance.order(len(places))[: reports - LEAST_SPAN * managers]]
    return LEAST_SPAN + np.bincount(taken, minlength=managers)


def _joined(arrays: list[Integers]) -> Integers:
    return np.concatenate([np.zeros(0, dtype=np.int64), *arrays])


def _departments(sizes: list[int], spans: list[Integers], departments: int) -> Integers:
    """Divide the lowest level by Zipf's law; a manager belongs with the middle one of the team.

    The departments lie side by side, so that only the teams at their borders, and those of
    executives, have people of several.
    """
    middles = (np.arange(sizes[-1]) + 0.5) / sizes[-1]
    levels = [pick(zipf(departments), middles)]
    for span in reversed(spans):
        levels.append(levels[-1][np.cumsum(span) - span + span // 2])
    return _joined(levels[::-1])


def _tenure(height: Integers, chance: Chance) -> Floats:
    """Draw years of service: most are new, few are old hands, managers have been here longer."""
    drawn = chance.uniform(len(height))
    years: Floats = np.floor(10.0 * (25.0 * drawn * drawn + 2.0 * height)) / 10.0
    return years


def _ranks(height: Integers, tenure: Floats, chance: Chance) -> Integers:
    """Rank managers by their height above the teams, and the others by tenure, more or less."""
    rank = np.minimum(MANAGER_RANK - 1 + height, HIGHEST_RANK)
    others = np.flatnonzero(height == 0)
    merit = tenure[others] + 10.0 * chance.uniform(len(others))
    best_first = others[np.argsort(-merit, kind="stable")]
    managers = len(height) - len(others)
    # A count, not a chance: the share holds for a firm of forty as for one of a million.
    seniors = max(0, int(SENIOR_SHARE * len(height) + 0.5) - managers)
    juniors = len(others) - seniors
    rank[best_first] = np.repeat([SENIOR_RANK, 2, 1], [seniors, (juniors + 1) // 2, juniors // 2])
    rank[0] = HIGHEST_RANK
    return rank
