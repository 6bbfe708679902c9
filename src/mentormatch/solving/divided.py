"""A program's people where they stand, with what its rules ask of somebody's several partners."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.capacities import Spread as Counted
from mentormatch.errors import ProgramError
from mentormatch.exchange.rules import Spread
from mentormatch.people import Cohort
from mentormatch.program import Pairs, Program
from mentormatch.program.combinations import check_combination
from mentormatch.solving.rules import rule_tests
from mentormatch.solving.sides import Split, partners_asked, split

__all__ = ["divided"]

Rows = NDArray[np.int64]


def divided(people: Cohort, program: Program) -> Split:
    """Divide people as the program's format says, and count their partners as its rules say.

    Parameters
    ----------
    people, program
        Who, and what they want.

    Raises
    ------
    ProgramError, ProfileErrors
        As `mentormatch.solving.sides.split`; and where partners are to be counted, with the
        complaints of all rules, or because nobody may have so many that it would matter.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "department": "IT"},
    ...         *({"id": who, "rank": 1, "department": "HR"} for who in "xy"),
    ...     ]
    ... )
    >>> format_ = mm.Pairs(sides=mm.Sides(by="rank", at_least=5), capacity=2)
    >>> spread = mm.Spread("department", side="a")
    >>> found = divided(people, mm.Program(format=format_, rules=[spread]))
    >>> found.capacities.row_spread, found.groups
    (Spread(groups=array([0, 0]), at_most=array([1])), (('HR', 'IT'), ()))
    """
    sides = split(people, program.format)
    spreads = [rule for rule in program.rules if isinstance(rule, Spread)]
    if not spreads:
        return sides
    # A copy of a program may have been given its rules unchecked.
    check_combination(program.format, program.score, program.rules, program.objective)
    rule_tests(people, program.rules, sides)  # which complains for all rules at once
    _somebody_concerned(people, program, spreads, sides)
    if sides.capacities is None:
        return sides  # few people: nobody could have two partners
    by_row, by_col = (
        next((rule for rule in spreads if rule.counts_for[side]), None) for side in (0, 1)
    )
    row_spread, row_labels = _counted(people, by_row, sides.a, sides.b)
    col_spread, col_labels = _counted(people, by_col, sides.b, sides.a)
    capacities = replace(sides.capacities, row_spread=row_spread, col_spread=col_spread)
    return replace(sides, capacities=capacities, groups=(row_labels, col_labels))


def _counted(
    people: Cohort, rule: Spread | None, members: Rows, partners: Rows
) -> tuple[Counted | None, tuple[str, ...]]:
    """Return how partners are counted for the members of one side, and what groups are called."""
    if rule is None:
        return None, ()
    codes, labels = rule.groups(people)
    most = min(rule.at_most, len(partners))
    return Counted(codes[partners], np.full(len(members), most, dtype=np.int64)), labels


def _somebody_concerned(
    people: Cohort, program: Program, spreads: Sequence[Spread], sides: Split
) -> None:
    """Raise if a rule counts the partners of people none of whom may have more than it allows."""
    assert isinstance(program.format, Pairs)  # others were refused
    limits = partners_asked(people, program.format, sides.a, sides.b)
    idle = []
    for rule in spreads:
        most = [may for (may, _), counts in zip(limits, rule.counts_for, strict=True) if counts]
        if not any((may > rule.at_most).any() for may in most):
            idle.append(
                f"rule '{rule}' changes nothing: there nobody may have more than {rule.at_most} "
                f"partner{'s' * (rule.at_most != 1)}; raise the capacity, or take the rule out"
            )
    if idle:
        raise ProgramError("\n".join(idle))
