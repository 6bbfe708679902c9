"""A program's rules, made ready for these people; every complaint at once."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mentormatch.errors import Fault, InfeasibleError, ProfileErrors, ProgramError, listed
from mentormatch.exchange.preferences import AnyPreference
from mentormatch.exchange.preferred import Preferred
from mentormatch.exchange.rules import PairTest, Require, Rule, Spread
from mentormatch.people import Cohort
from mentormatch.people.links import PairSet
from mentormatch.solving.complaints import needed_by
from mentormatch.solving.sides import Split

__all__ = ["preferred_of", "required_pairs", "rule_tests", "rules_broken"]

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
    about one direction only, and an established pair of two who are both on both sides is about
    one role only. A `Require` with an `override` lets its pairs pass all rules but others of its
    kind.

    Raises
    ------
    ProgramError
        With the complaints of all rules, a line each.
    ProfileErrors
        With all values that rules cannot read, where the program itself is in order.
    """
    passing = [rule for rule in rules if isinstance(rule, Require) and rule.override]
    made = _tests_alone(people, rules, sides)
    if not passing:
        return made
    excepted = _is_one_of(people, sides, _named_pairs(people, passing, sides))
    return tuple(
        (name, test if isinstance(rule, Require) else _unless(excepted, test))
        for rule, (name, test) in zip(rules, made, strict=True)
    )


def rules_broken(
    people: Cohort, rules: Sequence[Rule], sides: Split, rows: Rows
) -> tuple[tuple[str, ...], ...]:
    """Return, for each pair of rows, the rules in words that forbid it.

    Parameters
    ----------
    people, rules, sides
        As for `rule_tests`.
    rows
        Pairs of rows, that of side a, or of the teacher, first; shape (pairs, 2).
    """
    tests = rule_tests(people, rules, sides)
    breaks = [(name, ~test(rows[:, 0], rows[:, 1])) for name, test in tests]
    return tuple(tuple(name for name, of in breaks if of[pair]) for pair in range(len(rows)))


def _tests_alone(
    people: Cohort, rules: Sequence[Rule], sides: Split
) -> tuple[tuple[str, PairTest], ...]:
    """Return each rule's text and its test, as if no other rule excepted any pair."""

    def ready(rule: Rule) -> PairTest:
        if isinstance(rule, Require) and sides.capacities is None:
            if sides.layout == "arrows":
                return rule.test_of_arrows(people)
            if sides.layout == "sides" and rule.established:
                return Require(_by_side(people, rule, sides)).test_of_arrows(people)
        test = rule.test(people, _asked(rule, sides))
        is_open = isinstance(rule, Require) and sides.capacities is not None
        return _anything if is_open else test

    names = [str(rule) for rule in rules]
    named = [(f"rule '{name}'", rule) for name, rule in zip(names, rules, strict=True)]
    return tuple(zip(names, _made(named, ready), strict=True))


def _by_side(people: Cohort, rule: Require, sides: Split) -> list[tuple[str, str]]:
    """Return the pairs of a rule by id, side a first."""
    rows = _named_pairs(people, [rule], sides).tolist()
    return [(people.ids[a], people.ids[b]) for a, b in rows]


def _unless(excepted: PairTest, test: PairTest) -> PairTest:
    return lambda rows_a, rows_b: test(rows_a, rows_b) | excepted(rows_a, rows_b)


def _is_one_of(people: Cohort, sides: Split, rows: Rows) -> PairTest:
    """Return a test whether pairs are some pairs: this way round but in one pool."""
    if sides.layout == "pool":
        return PairSet(rows, len(people)).contains
    codes = rows[:, 0] * len(people) + rows[:, 1]
    return lambda rows_a, rows_b: np.isin(rows_a * len(people) + rows_b, codes)


def preferred_of(
    people: Cohort, preferences: Sequence[AnyPreference], taking_part: Rows
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
    requiring = [rule for rule in rules if isinstance(rule, Require)]
    if not requiring:
        return np.empty((0, 2), dtype=np.int64)
    rows = np.unique(_named_pairs(people, requiring, sides), axis=0)
    place_a, place_b = _places(people, sides)
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


def _named_pairs(people: Cohort, rules: Sequence[Require], sides: Split) -> Rows:
    """Return the pairs that rules name as rows: side a first, in one pool the first of the rows."""
    rows = np.concatenate([rule.rows(people) for rule in rules])
    if sides.layout == "pool":
        return np.sort(rows, axis=1)
    place_a, place_b = _places(people, sides)
    first, second = rows.T
    as_named = (place_a[first] >= 0) & (place_b[second] >= 0)
    turned = ~as_named & (place_b[first] >= 0) & (place_a[second] >= 0)
    return np.where(turned[:, None], rows[:, ::-1], rows)


def _places(people: Cohort, sides: Split) -> tuple[Rows, Rows]:
    """Return where everybody stands on side a and on side b; -1 for nowhere."""
    places = np.full((2, len(people)), -1, dtype=np.int64)
    places[0, sides.a] = np.arange(len(sides.a))
    places[1, sides.b] = np.arange(len(sides.b))
    return places[0], places[1]


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
        "drop one of the two, or give 'require' the reason for the exception: "
        'override="..."'
        for rule, (name, test) in zip(rules, tests, strict=True)
        if not isinstance(rule, Require)
        for a, b in rows[~test(rows[:, 0], rows[:, 1])]
    ]
    if broken:
        raise ProgramError("\n".join(broken))
