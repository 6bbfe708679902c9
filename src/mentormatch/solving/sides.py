"""Who stands where, and who takes no part and why."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentormatch.errors import ProgramError, listed, nearest
from mentormatch.exchange.layout import Layout
from mentormatch.people import Cohort
from mentormatch.people.named_values import NamedValues
from mentormatch.program import Format, Pairs, Sides
from mentormatch.solving.complaints import needed_by

__all__ = ["Split", "split"]

Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Split:
    """The two sides of a program, or its one pool, which is both.

    Attributes
    ----------
    a, b : numpy.ndarray
        Rows of the people on either side; somebody in both roles is on both.
    aside : tuple of (int, str)
        Rows of the people who take no part, each with the reason.
    names : tuple of str
        What the sides are called, or the two people of a pair out of one pool.
    layout : str
        How people can meet: between ``"sides"`` or in one ``"pool"``.
    """

    a: Rows
    b: Rows
    aside: tuple[tuple[int, str], ...]
    names: tuple[str, str]
    layout: Layout = "sides"

    @property
    def taking_part(self) -> Rows:
        """Rows of everybody on a side, each once, ascending."""
        return np.union1d(self.a, self.b)


def split(people: Cohort, format_: Format) -> Split:
    """Divide people into the two sides of a program, or gather its one pool.

    Raises
    ------
    ProgramError
        For an unknown attribute or value, a side with nobody on it, a pool of nobody, or somebody
        who takes part with a capacity above 1.
    ProfileErrors
        Where sides split a number and somebody's value is none; all of them at once.
    """
    if not isinstance(format_, Pairs) or format_.sides is None:
        return _one_pool(people)
    return _two_sides(people, format_.sides)


def _one_pool(people: Cohort) -> Split:
    idle = people.capacity == 0
    rows = np.flatnonzero(~idle)
    aside = tuple((row, "capacity is 0") for row in np.flatnonzero(idle).tolist())
    if not len(rows):
        raise ProgramError(
            f"nobody takes part: of {len(people)} people, {len(aside)} have the capacity 0. "
            "Raise it for whoever should take part"
        )
    _one_partner_each(people, rows)
    return Split(rows, rows, aside, ("person", "partner"), "pool")


def _two_sides(people: Cohort, sides: Sides) -> Split:
    if sides.by not in people.fields:
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
    found = Split(a, b, aside, sides.names)
    _one_partner_each(people, found.taking_part)
    return found


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


def _one_partner_each(people: Cohort, taking_part: Rows) -> None:
    busy = taking_part[people.capacity[taking_part] > 1]
    if len(busy):
        raise ProgramError(
            "one partner each is all that this version can give, but capacity is above 1 for "
            f"{listed(people.ids[row] for row in busy)}; set it to 1"
        )
