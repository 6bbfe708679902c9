"""A program's rules, made ready for these people; every complaint at once."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mentormatch.errors import Fault, InfeasibleError, ProfileErrors, ProgramError, listed
from mentormatch.exchange.preferences import Preference
from mentormatch.exchange.preferred import Preferred
from mentormatch.exchange.rules import PairTest, Require, Rule, Spread
from mentormatch.people import Cohort
from mentormatch.solving.complaints import needed_by
from mentormatch.solving.sides import Split

__all__ = ["preferred_of", "required_pairs", "rule_tests"]

Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]
Asked = TypeVar("Asked")
Made = TypeVar("Made")


def rule_tests(
    people: Cohort, rules: Sequence[Rule], sides: Split
) -> tuple[tuple[str, PairTest], ...]:
    """Return each rule's text and its test on arrays of pairs of rows.

    Where somebody may have several partners, `Require` forbids nothing: whoever is promised is open
    to others as far as their places go, and it is for the solver to see to that. In rings it is
    about one direction only.

    Raises
    ------
    ProgramError
        With the complaints of all rules, a line each.
    ProfileErrors
        With all values that rules cannot read, where the program itself is in order.
    """

    def ready(rule: Rule) -> PairTest:
        if isinstance(rule, Require) and sides.layout == "arrows":
            return rule.test_of_arrows(people)
        test = rule.test(people, _asked(rule, sides))
        is_open = isinstance(rule, Require) and sides.capacities is not None
        return _anything if is_open else test

    names = [str(rule) for rule in rules]
    named = [(f"rule '{name}'", rule) for name, rule in zip(names, rules, strict=True)]
    made = _made(named, ready)
    return tuple(zip(names, made, strict=True))


def preferred_of(people: Cohort, preferences: Sequence[Preference], taking_part: Rows) -> Preferred:
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
    return Preferred.together(parts)


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

    Where both people are on both sides, as in rings, the one named first stands on side a; in one
    pool the first of the two in the order of the people does.

    Raises
    ------
    ProgramError
        When such a pair breaks another rule; all of them are named.
    InfeasibleError
        When such a pair cannot be made at all, or somebody is promised to more people than they
        can have as partners, or to more of one group.
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
    where = ", on opposite sides," if sides.layout == "sides" else ""
    impossible = [
        f"required pair {people.ids[a]!r} and {people.ids[b]!r} cannot be made: both must take "
        f"part{where} and be open to the pair; take it out of 'require'"
        for a, b in rows[~open_pair]
    ]
    impossible += _promised_too_often(people, sides, rows)
    if not impossible:
        impossible += _too_many_alike(people, rules, sides, positions)
    if impossible:
        raise InfeasibleError("\n".join(impossible))
    return positions


def _asked(rule: Rule, sides: Split) -> Rows:
    """Return the rows of the people whom a rule is asked about."""
    if not isinstance(rule, Spread):
        return sides.taking_part
    partners = zip((sides.b, sides.a), rule.counts_for, strict=True)
    return np.unique(np.concatenate([rows for rows, are_counted in partners if are_counted]))


def _anything(rows_a: Rows, rows_b: Rows) -> Bools:  # noqa: ARG001 - a test on arrays of pairs
    return np.ones(len(rows_a), dtype=np.bool_)


def _promised_too_often(people: Cohort, sides: Split, rows: Rows) -> Iterator[str]:
    """Say who is promised to more people than they can have as partners."""
    places = [("", rows.ravel())]
    if sides.layout != "pool":
        places = [(f" as {name!r}", rows[:, side]) for side, name in enumerate(sides.names)]
    can_have = np.ones((2, len(people)), dtype=np.int64)
    if sides.capacities is not None:
        can_have[0, sides.a] = sides.capacities.row_capacity
        can_have[1, sides.b] = sides.capacities.col_capacity
    for (role, ends), capacity in zip(places, can_have, strict=False):
        promised, times = np.unique(ends, return_counts=True)
        for row, count in zip(promised.tolist(), times.tolist(), strict=True):
            most = int(capacity[row])
            if count > most:
                yield (
                    f"'require' promises {people.ids[row]!r} to {count} people, who can have "
                    f"{most} partner{'s' * (most != 1)}{role}; keep "
                    f"{'one' if most == 1 else most} of the pairs"
                )


def _too_many_alike(
    people: Cohort, rules: Sequence[Rule], sides: Split, positions: Rows
) -> Iterator[str]:
    """Say who is promised to more people of one group than a `Spread` rule allows."""
    asked = sides.capacities
    if asked is None or asked.have_no_groups:
        return
    for side, counted in enumerate((asked.row_spread, asked.col_spread)):
        if counted is None:
            continue
        [name] = (str(one) for one in rules if isinstance(one, Spread) and one.counts_for[side])
        members, partners = (sides.a, sides.b)[side], (sides.b, sides.a)[side]
        groups = counted.groups[positions[:, 1 - side]]
        ends = np.column_stack((positions[:, side], groups))[groups >= 0]
        for (member, group), count in zip(
            *np.unique(ends, axis=0, return_counts=True), strict=True
        ):
            if count > counted.at_most[member]:
                alike = positions[(positions[:, side] == member) & (groups == group), 1 - side]
                whom = listed(people.ids[row] for row in partners[alike])
                yield (
                    f"'require' promises {people.ids[members[member]]!r} to {whom}, who are all of "
                    f"{sides.groups[side][group]!r}: that breaks the rule '{name}'; keep fewer of "
                    "the pairs, or raise its at_most"
                )


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
