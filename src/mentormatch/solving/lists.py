"""Who reads a list and who is suggested on it: the places that shortlists have to fill."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from operator import index

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.capacities import Capacities
from mentormatch.errors import ProgramError
from mentormatch.exchange.rules import Require, Spread
from mentormatch.people import Cohort
from mentormatch.program import Pairs, Program, Rings
from mentormatch.solving.sides import Split, partners_asked, split

__all__ = ["for_lists", "list_sides", "places_on_lists"]

Rows = NDArray[np.int64]

#: What the two ends of a suggestion are called where everybody reads and is suggested.
ENDS = ("reader", "suggested")


def list_sides(people: Cohort, program: Program, k: int, exposure: float) -> tuple[Split, ...]:
    """Divide people into those who read a list and those who are suggested, with their places.

    Parameters
    ----------
    people, program
        Who, and what they want.
    k
        How many suggestions a list has at most.
    exposure
        See `places_on_lists`.

    Returns
    -------
    tuple of Split
        Between two sides, one for the lists that side a reads and one for those of side b. In one
        pool a single one, in which everybody is on both sides and side a reads.

    Raises
    ------
    ProgramError
        For rings, and where the program does not fit these people.
    ValueError
        When `k` is below 1, or `exposure` so small that nobody might be suggested at all.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records([{"id": "ana"}, {"id": "bo"}, {"id": "cy"}])
    >>> [pool] = list_sides(people, mm.Program(), k=2, exposure=0.5)
    >>> pool.names, pool.capacities.row_capacity, pool.capacities.col_capacity
    (('reader', 'suggested'), array([2, 2, 2]), array([1, 1, 1]))
    """
    if isinstance(program.format, Rings):
        raise ProgramError(
            "in rings nobody chooses a partner, as a ring takes all who are in it; make shortlists "
            "for pairs or for buddies"
        )
    found = split(people, program.format)
    if found.layout == "pool":
        one = np.ones(len(found.a), dtype=np.int64)
        places = places_on_lists(one, k, exposure)
        return (replace(_between(found, k, places), layout="sides", names=ENDS),)
    assert isinstance(program.format, Pairs)  # nothing else has two sides
    (room_a, _), (room_b, _) = partners_asked(people, program.format, found.a, found.b)
    return (
        _between(found, k, places_on_lists(room_b, k, exposure)),
        _between(found, places_on_lists(room_a, k, exposure), k),
    )


def places_on_lists(room: Rows, k: int, exposure: float) -> Rows:
    """Return on how many lists people may be suggested: ``floor(exposure * k * room)``.

    Parameters
    ----------
    room
        How many partners each can have, shape (n,).
    k
        How many suggestions a list has.
    exposure
        1 suggests nobody more often than they have room for, if each of k readers took one of k;
        less spreads attention more evenly, more lets the best stand on more lists. It is taken as
        the decimal that it is written as: 0.29 of 100 is 29.

    Raises
    ------
    ValueError
        When `k` is below 1, or `exposure` so small that somebody could not be suggested at all.

    Examples
    --------
    >>> places_on_lists(np.array([1, 3]), k=5, exposure=0.5)
    array([2, 7])
    """
    if index(k) < 1:
        raise ValueError(f"k is {k}; a list has 1 suggestion or more")
    if not 0.0 < exposure < np.inf:
        raise ValueError(f"exposure is {exposure}; it must be a number above 0")
    times = Fraction(str(float(exposure))) * k
    if times < 1:
        raise ValueError(
            f"exposure is {exposure} and k is {k}: nobody with room for one partner could be "
            f"suggested even once; give an exposure of {1 / k:g} or more, or longer lists"
        )
    different, which = np.unique(room, return_inverse=True)
    # No list names anybody twice, so that more places than there are people are of no use.
    most = [min(int(times * one), 2**31) for one in different.tolist()]
    return np.array(most, dtype=np.int64)[which]


def for_lists(program: Program, layout_is_pool: bool) -> Program:
    """Return a program as it binds lists.

    `Spread` is about the partners that somebody has in the end, and so left out: a list is not yet
    partners. A pair that the program requires stands on the lists of both.

    Parameters
    ----------
    program
        What is wanted of the matching.
    layout_is_pool
        Whether everybody reads and is suggested, so that each required pair is two suggestions.

    Examples
    --------
    >>> import mentormatch as mm
    >>> [rule] = for_lists(mm.Program(rules=[mm.Require([("ana", "bo")])]), True).rules
    >>> rule.pairs
    (('ana', 'bo'), ('bo', 'ana'))
    """
    return program.model_copy(update={"rules": tuple(_rules(program, layout_is_pool))})


def _rules(program: Program, layout_is_pool: bool) -> Iterator[object]:
    for rule in program.rules:
        if isinstance(rule, Spread):
            continue
        if isinstance(rule, Require) and layout_is_pool:
            yield replace(rule, pairs=(*rule.pairs, *(pair[::-1] for pair in rule.pairs)))
        else:
            yield rule


def _between(sides: Split, row_places: Rows | int, col_places: Rows | int) -> Split:
    shape = len(sides.a), len(sides.b)
    return replace(sides, capacities=Capacities.of(shape, row_places, col_places))
