"""A program's rules, made ready for these people; every complaint at once."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mentormatch.errors import Fault, InfeasibleError, ProfileErrors, ProgramError
from mentormatch.exchange.preferences import Prefer, RankedWishes
from mentormatch.exchange.preferred import Preferred
from mentormatch.exchange.rules import PairTest, Require, Rule
from mentormatch.people import Cohort
from mentormatch.solving.complaints import needed_by
from mentormatch.solving.sides import Split

__all__ = ["preferred_of", "required_pairs", "rule_tests"]

Rows = NDArray[np.int64]
Asked = TypeVar("Asked")
Made = TypeVar("Made")


def rule_tests(
    people: Cohort, rules: Sequence[Rule], taking_part: Rows
) -> tuple[tuple[str, PairTest], ...]:
    """Return each rule's text and its test on arrays of pairs of rows.

    Raises
    ------
    ProgramError
        With the complaints of all rules, a line each.
    ProfileErrors
        With all values that rules cannot read, where the program itself is in order.
    """
    names = [str(rule) for rule in rules]
    made = _made(
        [(f"rule '{name}'", rule) for name, rule in zip(names, rules, strict=True)],
        lambda rule: rule.test(people, taking_part),
    )
    return tuple(zip(names, made, strict=True))


def preferred_of(
    people: Cohort, preferences: Sequence[Prefer | RankedWishes], taking_part: Rows
) -> Preferred:
    """Return preferences made ready for these people.

    Raises
    ------
    ProgramError, ProfileErrors
        As `rule_tests`.
    """
    parts = _made(
        [(f"preference '{one}'", one) for one in preferences],
        lambda one: Preferred.of(people, [one], taking_part),
    )
    terms = tuple(term for part in parts for term in part.terms)
    return Preferred(terms, sum(part.most for part in parts))


def _made(named: Sequence[tuple[str, Asked]], make: Callable[[Asked], Made]) -> list[Made]:
    """Make each part of a program ready; raise with the complaints of all, which name the parts."""
    made: list[Made] = []
    complaints: list[str] = []
    faults: dict[tuple[int | None, str], Fault] = {}  # the first for each value
    for name, part in named:
        try:
            with needed_by(name):
                made.append(make(part))
        except ProgramError as error:
            complaints.append(str(error))
        except ProfileErrors as error:
            for fault in error.faults:
                faults.setdefault((fault.row, fault.field), fault)
    if complaints:
        raise ProgramError("\n".join(complaints))
    if faults:
        raise ProfileErrors(faults.values())
    return made


def required_pairs(
    people: Cohort,
    rules: Sequence[Rule],
    tests: Sequence[tuple[str, PairTest]],
    sides: Split,
) -> Rows:
    """Return the pairs that `Require` rules ask for, as positions on the two sides, or in the pool.

    Where both people are on both sides, the one named first stands on side a; in one pool the
    first of the two in the order of the people does.

    Raises
    ------
    ProgramError
        When such a pair breaks another rule; all of them are named.
    InfeasibleError
        When such a pair cannot be made at all, or somebody is promised to two people.
    """
    named = [rule.rows(people) for rule in rules if isinstance(rule, Require)]
    if not named:
        return np.empty((0, 2), dtype=np.int64)
    rows = np.concatenate(named)
    in_pool = sides.layout == "pool"
    if in_pool:
        rows = np.sort(rows, axis=1)
    place_a, place_b = np.full((2, len(people)), -1, dtype=np.int64)
    place_a[sides.a] = np.arange(len(sides.a))
    place_b[sides.b] = np.arange(len(sides.b))
    first, second = rows.T
    as_named = (place_a[first] >= 0) & (place_b[second] >= 0)
    turned = ~as_named & (place_b[first] >= 0) & (place_a[second] >= 0)
    rows = np.unique(np.where(turned[:, None], rows[:, ::-1], rows), axis=0)
    _keep_the_rules(people, rules, tests, rows)
    positions: Rows = np.column_stack((place_a[rows[:, 0]], place_b[rows[:, 1]]))
    # One text for every cause: a refusal must not tell who has declined whom.
    open_pair = (positions >= 0).all(axis=1) & ~people.are_declined(rows[:, 0], rows[:, 1])
    where = "" if in_pool else ", on opposite sides,"
    impossible = [
        f"required pair {people.ids[a]!r} and {people.ids[b]!r} cannot be made: both must take "
        f"part{where} and be open to the pair; take it out of 'require'"
        for a, b in rows[~open_pair]
    ]
    places = [("", rows.ravel())]
    if not in_pool:
        places = [(f" as {name!r}", rows[:, side]) for side, name in enumerate(sides.names)]
    for role, ends in places:
        promised, times = np.unique(ends, return_counts=True)
        impossible += [
            f"'require' promises {people.ids[row]!r} to {count} people, who can have 1 partner"
            f"{role}; keep one of the pairs"
            for row, count in zip(promised, times, strict=True)
            if count > 1
        ]
    if impossible:
        raise InfeasibleError("\n".join(impossible))
    return positions


def _keep_the_rules(
    people: Cohort,
    rules: Sequence[Rule],
    tests: Sequence[tuple[str, PairTest]],
    rows: Rows,
) -> None:
    broken = [
        f"required pair {people.ids[a]!r} and {people.ids[b]!r} breaks the rule '{name}'; "
        "drop one of the two"
        for rule, (name, test) in zip(rules, tests, strict=True)
        if not isinstance(rule, Require)
        for a, b in rows[~test(rows[:, 0], rows[:, 1])]
    ]
    if broken:
        raise ProgramError("\n".join(broken))
