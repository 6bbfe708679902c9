"""Groups of an odd number of people: the proofs of one pool, and of rings of two, need them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from pydantic import ConfigDict

from mentormatch.assign.odd_sets import OddSets
from mentormatch.matching.checks import HUGE

__all__ = ["OddSet", "all_set_faults", "at_places", "place_of", "set_terms", "sets_by_id"]


@dataclass(frozen=True, slots=True)
class OddSet:
    """A group of an odd number of people, 2k + 1, among whom k pairs can be made at most.

    Attributes
    ----------
    members : tuple of str
        Ids of those who are in no smaller group within this one.
    around : int or None
        The number of the smallest group around this one, counted from 0; it is listed before.
    price : float
        What the group is worth: it covers all pairs within, and costs k times as much.

    Examples
    --------
    >>> OddSet(members=("ana", "bo", "cy"), around=None, price=0.5)
    OddSet(members=('ana', 'bo', 'cy'), around=None, price=0.5)
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    members: tuple[str, ...]
    around: int | None
    price: float


def place_of(ids: Sequence[str]) -> dict[str, int]:
    """Return the position of everybody.

    Parameters
    ----------
    ids
        Who, by position.
    """
    return {person: place for place, person in enumerate(ids)}


def sets_by_id(ids: Sequence[str], sets: OddSets) -> tuple[OddSet, ...]:
    """Return sets of positions by id.

    Parameters
    ----------
    ids
        Who, by position.
    sets
        The sets.
    """
    inside = np.flatnonzero(sets.innermost >= 0)
    members: list[list[str]] = [[] for _ in range(len(sets))]
    for member, number in zip(inside.tolist(), sets.innermost[inside].tolist(), strict=True):
        members[number].append(ids[member])
    return tuple(
        OddSet(tuple(sorted(own)), None if around < 0 else around, price)
        for own, around, price in zip(
            members, sets.around.tolist(), sets.prices.tolist(), strict=True
        )
    )


def at_places(sets: Sequence[OddSet], place: dict[str, int]) -> OddSets:
    """Return sets as numbers.

    Parameters
    ----------
    sets
        Found to be without fault.
    place
        The position of everybody.
    """
    innermost = np.full(len(place), -1)
    for number, one in enumerate(sets):
        innermost[[place[person] for person in one.members]] = number
    around = [-1 if one.around is None else one.around for one in sets]
    prices = np.array([one.price for one in sets], dtype=np.float64)
    return OddSets(innermost, np.array(around, dtype=np.int64), prices)


def _sizes(sets: Sequence[OddSet]) -> list[int]:
    """Return how many people each set has, those of the sets within it included."""
    sizes = [len(one.members) for one in sets]
    for number in range(len(sets) - 1, -1, -1):
        around = sets[number].around
        if around is not None and 0 <= around < number:
            sizes[around] += sizes[number]
    return sizes


def set_terms(sets: Sequence[OddSet]) -> list[float]:
    """Return numbers that add up to what sets cost, the price of each once for every pair in it.

    Parameters
    ----------
    sets
        With any prices, forged ones included.

    Examples
    --------
    >>> sum(set_terms([OddSet(members=("a", "b", "c", "d", "e"), around=None, price=0.5)]))
    1.0
    """
    places = np.array([size // 2 for size in _sizes(sets)], dtype=np.int64)
    prices = np.array([one.price for one in sets], dtype=np.float64)
    if not np.isfinite(prices).all():
        return [one.price for one in sets]
    # Halves of a price, each short enough for its product with a whole number to be exact.
    mantissa, exponent = np.frexp(prices)
    high = np.ldexp(np.rint(np.ldexp(mantissa, 26)), -26)
    with np.errstate(over="ignore"):  # forged; an infinity proves nothing
        parts = [np.ldexp(half * places, exponent) for half in (high, mantissa - high)]
    return [term for part in parts for term in part.tolist()]


def all_set_faults(
    sets: Sequence[OddSet], count_sets: Sequence[OddSet], people: Sequence[str], counts: bool
) -> list[str]:
    """Say what is wrong with the sets of a proof before anything is covered by them.

    Parameters
    ----------
    sets, count_sets
        Those that go with the prices, and with the count prices.
    people
        Who may be in them.
    counts
        Whether there are count prices.

    Examples
    --------
    >>> all_set_faults([OddSet(("ana", "bo"), None, 1.0)], [], ["ana", "bo"], False)
    ['group 0 has 2 people, which is no odd number from 3 on']
    """
    everybody = set(people)
    faults = _set_faults(sets, everybody, "group")
    faults += _set_faults(count_sets, everybody, "count group")
    if count_sets and not counts:
        faults.append("without count prices there can be no count groups")
    return faults


def _set_faults(sets: Sequence[OddSet], everybody: set[str], what: str) -> list[str]:
    listed = Counter(person for one in sets for person in one.members)
    faults = [f"{person} is in no pool, but in a {what}" for person in listed.keys() - everybody]
    faults += [
        f"{person} is in {n} {what}s, none within another" for person, n in listed.items() if n > 1
    ]
    for number, (one, size) in enumerate(zip(sets, _sizes(sets), strict=True)):
        if one.around is not None and not 0 <= one.around < number:
            faults.append(f"{what} {number} names as the one around it one that is not before it")
        if size % 2 == 0 or size < 3:
            faults.append(f"{what} {number} has {size} people, which is no odd number from 3 on")
        if not 0.0 <= one.price < HUGE:
            faults.append(
                f"{what} {number} has the price {one.price}, which is not one of 0 or more"
            )
    return faults
