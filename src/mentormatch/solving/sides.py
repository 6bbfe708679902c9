"""Who stands where, and who takes no part and why."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.capacities import Capacities
from mentormatch.errors import ProgramError, listed, nearest
from mentormatch.exchange.layout import Layout
from mentormatch.people import Cohort
from mentormatch.people.named_values import NamedValues
from mentormatch.program import Buddies, Format, Pairs, Rings, Sides
from mentormatch.solving.complaints import needed_by
from mentormatch.solving.hours import pairs_in_hours

__all__ = ["Split", "partners_asked", "split"]

Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Split:
    """The two sides of a program, or its one pool, which is both; likewise whoever may be in rings.

    Attributes
    ----------
    a, b : numpy.ndarray
        Rows of the people on either side; somebody in both roles is on both.
    aside : tuple of (int, str)
        Rows of the people who take no part, each with the reason.
    names : tuple of str
        What the sides are called, or the two people of a pair out of one pool.
    layout : str
        How people can meet: between ``"sides"``, in one ``"pool"`` or by ``"arrows"``.
    capacities : Capacities or None
        How many partners everybody on either side may have, and must have, by position; somebody
        on both sides may have, and must have, as many on each. `None` where that is one at most.
    longest : int or None
        How many people a ring may have, if that is bounded.
    groups : tuple of tuple of str
        What the groups are called by which the capacities of side a, and of side b, count partners.
    """

    a: Rows
    b: Rows
    aside: tuple[tuple[int, str], ...]
    names: tuple[str, str]
    layout: Layout = "sides"
    capacities: Capacities | None = None
    longest: int | None = None
    groups: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def bounds_rings(self) -> bool:
        """Whether there could be rings that are too long."""
        return self.longest is not None and self.longest < len(self.a)

    @property
    def taking_part(self) -> Rows:
        """Rows of everybody on a side, each once, ascending."""
        return np.union1d(self.a, self.b)


def split(people: Cohort, format_: Format) -> Split:
    """Divide people into the two sides of a program, or gather its one pool, or its rings'.

    Raises
    ------
    ProgramError
        For an unknown attribute or value, a side with nobody on it, a pool of nobody, or somebody
        in a pool who may have several partners or must have one.
    ProfileErrors
        Where sides split a number and somebody's value is none; all of them at once.
    """
    if isinstance(format_, Rings):
        gathered = _one_pool(people, format_, ("teacher", "learner"), "rings")
        return replace(gathered, layout="arrows", longest=format_.longest)
    if not isinstance(format_, Pairs) or format_.sides is None:
        names = ("person", "buddy" if isinstance(format_, Buddies) else "partner")
        return _one_pool(people, format_, names)
    return _two_sides(people, format_, format_.sides)


def _one_pool(
    people: Cohort, format_: Format, names: tuple[str, str], where: str = "one pool"
) -> Split:
    idle = _idle(people, format_, people.capacity > 0)
    rows = np.delete(np.arange(len(people)), list(idle))
    if not len(rows):
        counted = isinstance(format_, Pairs) and format_.hours_per_pair is not None
        raise ProgramError(
            f"nobody takes part: of {len(people)} people, {len(idle)} have the capacity 0"
            f"{', or too few hours for a pair' * counted}. Raise it for whoever should take part"
        )
    _one_partner_at_most(people, rows, where)
    return Split(rows, rows, tuple(idle.items()), names, "pool")


def _two_sides(people: Cohort, format_: Pairs, sides: Sides) -> Split:
    if sides.by not in people.fields and sides.by not in people.audit_only:
        raise ProgramError(
            f"sides by {sides.by!r}: these people have no such attribute; "
            f"{nearest(sides.by, people.fields)}"
        )
    with needed_by(f"sides by {sides.by!r}"):
        on_a, on_b, reason = (_by_number if sides.a is None else _by_value)(people, sides)
    idle = _idle(people, format_, (on_a | on_b) & (people.capacity > 0))
    has_time = np.ones(len(people), dtype=np.bool_)
    has_time[list(idle)] = False
    a, b = np.flatnonzero(on_a & has_time), np.flatnonzero(on_b & has_time)
    aside = tuple(
        (row, idle[row] if row in idle else reason(row))
        for row in np.flatnonzero(~(on_a | on_b) | ~has_time).tolist()
    )
    _nobody_missing(people, sides, a, b, aside)
    return Split(a, b, aside, sides.names, capacities=_capacities(people, format_, a, b))


def _idle(people: Cohort, format_: Format, asked: Bools) -> dict[int, str]:
    """Return who has no time for anybody, and why, by row; hours are asked of some only."""
    idle = dict.fromkeys(np.flatnonzero(people.capacity == 0).tolist(), "capacity is 0")
    rows = np.flatnonzero(asked)
    short = rows[pairs_in_hours(people, format_, rows) == 0]
    if len(short):
        assert isinstance(format_, Pairs)  # no other format counts hours
        hours, each = people.numbers(format_.hours), format_.hours_per_pair
        for row in short.tolist():
            idle[row] = f"{format_.hours} are {hours[row]:g}, and a pair takes {each:g}"
    return dict(sorted(idle.items()))


def _capacities(people: Cohort, format_: Pairs, a: Rows, b: Rows) -> Capacities | None:
    """Return how many partners everybody may have, and must have; None for one at most."""
    (a_most, a_least), (b_most, b_least) = partners_asked(people, format_, a, b)
    found = Capacities.of((len(a), len(b)), a_most, b_most, a_least, b_least)
    return None if found.are_ones else found


def partners_asked(
    people: Cohort, format_: Pairs, a: Rows, b: Rows
) -> tuple[tuple[Rows, Rows], tuple[Rows, Rows]]:
    """Return how many partners are asked for, whether there are so many people or not.

    A person's own number stands, and a number of the program's gives way to it.

    Parameters
    ----------
    people, format_
        Whose profiles, and the program's own numbers.
    a, b
        Rows of the people on either side.

    Returns
    -------
    of_a, of_b : tuple of array
        The most and the fewest for each person there.
    """
    limits = []
    for rows, most, least in zip((a, b), format_.most, format_.least, strict=True):
        may, must = people.most_partners(most)[rows], people.least_partners(least)[rows]
        says_most = people.most_partners(-1)[rows] >= 0
        must = np.where(says_most, np.minimum(must, may), must)
        room = pairs_in_hours(people, format_, rows)
        says_least = people.least_partners(-1)[rows] >= 0
        must = np.where(says_least, must, np.minimum(must, room))
        _hours_for_minima(people, format_, rows[must > room])
        limits.append((np.minimum(np.maximum(may, must), room), must))
    _hours_for_both_roles(people, format_, (a, b), (limits[0][0], limits[1][0]))
    return limits[0], limits[1]


def _hours_for_minima(people: Cohort, format_: Pairs, short: Rows) -> None:
    """Raise if some must have more partners, by their profiles, than they have hours for."""
    if len(short):
        raise ProgramError(
            f"at_least asks for more partners than there are {format_.hours} for, at "
            f"{format_.hours_per_pair:g} each, of {listed(people.ids[row] for row in short)}; "
            "lower it for them, or raise their hours"
        )


def _hours_for_both_roles(
    people: Cohort, format_: Pairs, sides: tuple[Rows, Rows], most: tuple[Rows, Rows]
) -> None:
    """Raise if somebody is on both sides and has no hours for all partners of both roles."""
    both = np.intersect1d(*sides)
    if format_.hours_per_pair is None or not len(both):
        return
    on_a, on_b = (numbers[np.isin(rows, both)] for rows, numbers in zip(sides, most, strict=True))
    short = both[on_a + on_b > pairs_in_hours(people, format_, both)]
    if len(short):
        raise ProgramError(
            f"these are on both sides and have {format_.hours} for fewer partners than both roles "
            f"allow together: {listed(people.ids[row] for row in short)}; give them one role, or "
            "lower their capacity, which is that of each role"
        )


def _by_number(people: Cohort, sides: Sides) -> tuple[Bools, Bools, Callable[[int], str]]:
    values = people.numbers(sides.by)
    known = ~np.isnan(values)
    least = -np.inf if sides.at_least is None else sides.at_least
    most = np.inf if sides.at_most is None else sides.at_most
    on_a = known & (values >= least) & (values <= most)
    return on_a, known & ~on_a, lambda _: f"{sides.by} is blank"


def _by_value(people: Cohort, sides: Sides) -> tuple[Bools, Bools, Callable[[int], str]]:
    named_a, named_b = sides.a or (), sides.b or ()
    values = NamedValues.of(people, sides.by, (*named_a, *named_b))
    codes, labels = values.codes((*named_a, *named_b)), values.labels
    a, b = codes[: len(named_a)], codes[len(named_a) :]
    if set(a) & set(b):
        shared = listed(labels[code] for code in sorted(set(a) & set(b)))
        raise ProgramError(f"they overlap: {shared} on both; name each value once")
    other = [code for code in range(len(labels)) if code not in set(a)]
    on_a = values.who_has(a)
    on_b = values.who_has(other if sides.b is None else b)

    def reason(row: int) -> str:
        entries = values.entries
        has = [labels[code] for code in entries.indices[slice(*entries.indptr[row : row + 2])]]
        if not has:
            return f"{sides.by} is blank"
        return f"{sides.by} {'; '.join(has)!r} is on neither side"

    return on_a, on_b, reason


def _nobody_missing(
    people: Cohort, sides: Sides, a: Rows, b: Rows, aside: tuple[tuple[int, str], ...]
) -> None:
    empty = [name for name, rows in zip(sides.names, (a, b), strict=True) if not len(rows)]
    if empty:
        reasons = Counter(reason for _, reason in aside)
        others = "".join(f", {count} take no part ({why})" for why, count in reasons.items())
        raise ProgramError(
            f"sides by {sides.by!r}: nobody is on side {' or '.join(map(repr, empty))}; people: "
            f"{len(people)}, on side {sides.names[0]!r} {len(a)}, on side {sides.names[1]!r} "
            f"{len(b)}{others}. Move the line between the sides, or fill in what is missing"
        )


def _one_partner_at_most(people: Cohort, taking_part: Rows, where: str) -> None:
    busy = taking_part[people.capacity[taking_part] > 1]
    bound = taking_part[people.least_partners(0)[taking_part] > 0]
    faults = []
    if len(busy):
        faults.append(
            f"in {where} everybody has one partner at most, but capacity is above 1 for "
            f"{listed(people.ids[row] for row in busy)}; set it to 1, or name two sides"
        )
    if len(bound):
        faults.append(
            f"in {where} nobody can be sure of a partner, but at_least is above 0 for "
            f"{listed(people.ids[row] for row in bound)}; leave it out, or name two sides"
        )
    if faults:
        raise ProgramError("\n".join(faults))
