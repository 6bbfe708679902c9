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
        gathered = _one_pool(people, ("teacher", "learner"), "rings")
        return replace(gathered, layout="arrows", longest=format_.longest)
    if not isinstance(format_, Pairs) or format_.sides is None:
        names = ("person", "buddy" if isinstance(format_, Buddies) else "partner")
        return _one_pool(people, names)
    return _two_sides(people, format_, format_.sides)


def _one_pool(people: Cohort, names: tuple[str, str], where: str = "one pool") -> Split:
    idle = people.capacity == 0
    rows = np.flatnonzero(~idle)
    aside = tuple((row, "capacity is 0") for row in np.flatnonzero(idle).tolist())
    if not len(rows):
        raise ProgramError(
            f"nobody takes part: of {len(people)} people, {len(aside)} have the capacity 0. "
            "Raise it for whoever should take part"
        )
    _one_partner_at_most(people, rows, where)
    return Split(rows, rows, aside, names, "pool")


def _two_sides(people: Cohort, format_: Pairs, sides: Sides) -> Split:
    if sides.by not in people.fields and sides.by not in people.audit_only:
        raise ProgramError(
            f"sides by {sides.by!r}: these people have no such attribute; "
            f"{nearest(sides.by, people.fields)}"
        )
    with needed_by(f"sides by {sides.by!r}"):
        on_a, on_b, reason = (_by_number if sides.a is None else _by_value)(people, sides)
    idle = people.capacity == 0
    a, b = np.flatnonzero(on_a & ~idle), np.flatnonzero(on_b & ~idle)
    aside = tuple(
        (row, "capacity is 0" if idle[row] else reason(row))
        for row in np.flatnonzero(~(on_a | on_b) | idle).tolist()
    )
    _nobody_missing(people, sides, a, b, aside)
    return Split(a, b, aside, sides.names, capacities=_capacities(people, format_, a, b))


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
        limits.append((np.maximum(may, must), must))
    return limits[0], limits[1]


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
