"""Established pairs beside the people and the program of now: which can stay, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentormatch.errors import InfeasibleError, ProgramError
from mentormatch.exchange.preferences import Stay
from mentormatch.exchange.rules import Require, Rule
from mentormatch.matching.answer import Pair, PairSequence
from mentormatch.matching.happened import Happened
from mentormatch.matching.revision import EndCode
from mentormatch.people import Cohort
from mentormatch.people.links import PairSet
from mentormatch.program import Program
from mentormatch.program.program import with_parts
from mentormatch.solving.divided import divided
from mentormatch.solving.free import Ready
from mentormatch.solving.rules import preferred_of, required_pairs, rule_tests, rules_broken
from mentormatch.solving.sides import Split
from mentormatch.solving.solved import Solved

__all__ = ["Established", "Now", "without_established"]

Bools = NDArray[np.bool_]
Rows = NDArray[np.int64]
#: What forbids a pair of whom somebody stands elsewhere by now.
ON_OTHER_SIDES = "on two sides"


class Established:
    """The pairs that were published, and the program that they would be free in."""

    def __init__(self, solved: Solved, pairs: Sequence[Pair]) -> None:
        assert isinstance(pairs, PairSequence)  # of a matching with its people
        self.solved, self.pairs = solved, pairs
        self.program = without_established(solved.program)
        self.reasons = {
            pair: rule.override
            for rule in solved.program.rules
            if isinstance(rule, Require) and rule.established and rule.override
            for pair in rule.pairs
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.solved, self.pairs)  # rules made ready are functions

    @cached_property
    def ready(self) -> Ready:
        """The program's rules and preferences for the people of then."""
        solved, program = self.solved, self.program
        people, sides = solved.graph.people, solved.sides
        tests = rule_tests(people, program.rules, sides)
        return Ready(
            tuple(test for _, test in tests),
            preferred_of(people, program.preferences, sides.taking_part),
        )


def without_established(program: Program) -> Program:
    """Return a program without what an earlier revision restricted it to.

    Parameters
    ----------
    program
        The program of a matching, revised or not.
    """
    rules = tuple(
        rule for rule in program.rules if not (isinstance(rule, Require) and rule.established)
    )
    preferences = tuple(one for one in program.preferences if not isinstance(one, Stay))
    if len(rules) == len(program.rules) and len(preferences) == len(program.preferences):
        return program
    return with_parts(program, rules=rules, preferences=preferences)


@dataclass(frozen=True, eq=False)
class Now:
    """The established pairs beside the people and the program of now."""

    before: Solved
    then: Established
    happened: Happened
    program: Program
    is_same: bool
    override: str

    @cached_property
    def people(self) -> Cohort:
        """The people of now; who left has no capacity, and rejected pairs are declined."""
        people = self.happened.people
        if len(self.happened.gone):
            people = people.without_capacity(self.happened.gone)
        if len(self.happened.rejected):
            people = people.with_declined(self.happened.rejected)
        return people

    @cached_property
    def sides(self) -> Split:
        """Where everybody stands; those who left may be among them while nothing else changed."""
        sides = self.before.sides if self.is_same else divided(self.people, self.program)
        if sides.layout != self.before.sides.layout:
            raise ProgramError(
                f"the matching is by {self.before.sides.layout!r} and the program by "
                f"{sides.layout!r}: revise goes on with the same format"
            )
        return sides

    @cached_property
    def ends(self) -> Rows:
        """Rows of every established pair, as it was published, -1 for who is not there."""
        rows = np.column_stack(self.then.pairs.rows)
        people, earlier = self.happened.people, self.before.graph.people
        if people is earlier:
            return rows
        row_now = [people.row(one) if people.has(one) else -1 for one in earlier.ids]
        return np.array(row_now, dtype=np.int64)[rows]

    @cached_property
    def has_left(self) -> Bools:
        """Which established pairs somebody has left, or whose people meet no more as they did."""
        is_gone = np.zeros(len(self.happened.people) + 1, dtype=np.bool_)
        is_gone[self.happened.gone] = is_gone[-1] = True
        has_left = is_gone[self.ends].any(axis=1)
        return np.asarray(has_left, dtype=np.bool_)

    @cached_property
    def is_rejected(self) -> Bools:
        """Which established pairs are declined by now."""
        ends, people = self.ends, self.happened.people
        rejected = PairSet(self.happened.rejected, len(people)).contains(*ends.T)
        if self.is_same:
            return np.asarray(rejected & ~self.has_left)
        return np.asarray((rejected | people.are_declined(*ends.T)) & ~self.has_left)

    @cached_property
    def broken(self) -> dict[int, tuple[str, ...]]:
        """The rules that forbid established pairs by now; of pairs on which nobody left."""
        if self.is_same and not self.then.reasons:
            return {}
        here, sides = np.flatnonzero(~self.has_left), self.sides
        rows = self.ends[here]
        if sides.layout == "pool":
            rows = np.sort(rows, axis=1)
        found = rules_broken(self.people, self.program.rules, sides, rows)
        stand = np.zeros((2, len(self.people)), dtype=np.bool_)
        stand[0, sides.a] = stand[1, sides.b] = True
        do_meet = stand[0, rows[:, 0]] & stand[1, rows[:, 1]]
        return {
            place: rules if meets else (ON_OTHER_SIDES,)
            for place, rules, meets in zip(here.tolist(), found, do_meet.tolist(), strict=True)
            if rules or not meets
        }

    @cached_property
    def _excepted(self) -> dict[int, str]:
        """Why established pairs may be although a rule forbids them, whoever declines them."""
        found = {}
        for place, rules in self.broken.items():
            [ids] = self.ids(np.array([place]))
            reason = self.override or self.then.reasons.get(ids, "")
            if reason and rules != (ON_OTHER_SIDES,):
                found[place] = reason
        return found

    @cached_property
    def reasons(self) -> dict[int, str]:
        """Why established pairs stay although a rule forbids them: of now, or of before."""
        excepted = self._excepted.items()
        return {place: reason for place, reason in excepted if not self.is_rejected[place]}

    def _in_open_rings(self, ended: Bools) -> Bools:
        """Return which arrows are in a ring of which another one has ended."""
        nothing = np.zeros(len(self.ends), dtype=np.bool_)
        if self.sides.layout != "arrows" or not len(self.ends):
            return nothing
        # Arrows stand ring by ring, and a new ring begins where nobody was taught before.
        teachers, learners = self.then.pairs.rows
        ring = np.cumsum(np.append(True, teachers[1:] != learners[:-1])) - 1
        is_open = np.bincount(ring, ended) > 0
        return np.asarray(is_open[ring] & ~ended)

    @cached_property
    def _is_openly_ended(self) -> Bools:
        """Which established pairs have ended for a reason that anybody may read."""
        forbidden: Bools = np.zeros(len(self.ends), dtype=np.bool_)
        forbidden[[place for place in self.broken if place not in self._excepted]] = True
        return self.has_left | forbidden

    @cached_property
    def _are_openly_opened(self) -> Bools:
        """Which arrows are in a ring of which another one has ended for such a reason."""
        return self._in_open_rings(self._is_openly_ended)

    @cached_property
    def kept(self) -> Rows:
        """Which established pairs can stay, ascending."""
        ended = self._is_openly_ended | self.is_rejected
        return np.flatnonzero(~(ended | self._in_open_rings(ended)))

    @cached_property
    def to_count(self) -> Rows:
        """Which established pairs count more where they may change, ascending.

        Those that were declined are among them: they are in no answer, and whoever reads the
        program that is kept with it cannot tell that they could not be.
        """
        return np.flatnonzero(~(self._is_openly_ended | self._are_openly_opened))

    def ids(self, places: Rows) -> list[tuple[str, str]]:
        """Return established pairs by id."""
        ids = self.happened.people.ids
        return [(ids[a], ids[b]) for a, b in self.ends[places].tolist()]

    def requires(self, places: Rows) -> list[Rule]:
        """Return the rules that make established pairs stay."""
        by_reason: dict[str, list[int]] = {"": []}
        for place in places.tolist():
            by_reason.setdefault(self.reasons.get(place, ""), []).append(place)
        return [
            Require(self.ids(np.array(some)), override=why, established=True)
            for why, some in by_reason.items()
            if some
        ]

    def check_promises(self) -> None:
        """Refuse what is required or locked and cannot be, in one text for every cause.

        Where nobody of a side is left, that is refused as by a match.
        """
        locked = self.locked
        impossible = [
            f"locked pair {a!r} and {b!r} cannot be kept: it must be a pair of this matching, both "
            "must take part and be open to it, and the rules must allow it; take it out of 'lock'"
            for (a, b), place in zip(self._lock_ids, locked, strict=True)
            if place < 0
        ]
        if impossible:
            raise InfeasibleError("\n".join(impossible))
        gone, sides = self.happened.gone, self.sides
        if self.is_same and any(np.isin(gone, of).sum() == len(of) for of in (sides.a, sides.b)):
            divided(self.people, self.program)  # which says who is missing
        if any(isinstance(rule, Require) for rule in self.program.rules):
            sides = divided(self.people, self.program)
            tests = rule_tests(self.people, self.program.rules, sides)
            required_pairs(self.people, self.program.rules, tests, sides)

    @cached_property
    def promises_stay(self) -> bool:
        """Whether all pairs that the program itself requires are established ones that can stay."""
        rules = [rule for rule in self.program.rules if isinstance(rule, Require)]
        if not rules:
            return True
        rows = np.concatenate([rule.rows(self.people) for rule in rules])
        ends = self.ends[self.kept]
        return bool(PairSet(ends, len(self.people)).contains(*rows.T).all())

    @property
    def _lock_ids(self) -> list[tuple[str, str]]:
        ids = self.happened.people.ids
        return [(ids[a], ids[b]) for a, b in self.happened.locked.tolist()]

    @cached_property
    def locked(self) -> list[int]:
        """Where the locked pairs stand among the established ones; -1 for those that cannot."""
        if not len(self.happened.locked):
            return []
        place = {}
        for one, (a, b) in zip(self.kept.tolist(), self.ends[self.kept].tolist(), strict=True):
            place[a, b] = one
            if self.sides.layout != "arrows":
                place.setdefault((b, a), one)
        return [place.get((a, b), -1) for a, b in self.happened.locked.tolist()]

    def compared(self, after: PairSequence) -> tuple[Sequence[Pair], Rows]:
        """Return the pairs of an answer that are new, and which of the established it has."""
        rows, size = np.column_stack(after.rows), len(self.people)
        codes = rows[:, 0] * size + rows[:, 1]
        here = np.flatnonzero(~self.has_left)
        earlier = self.ends[here, 0] * size + self.ends[here, 1]
        new = np.flatnonzero(~np.isin(codes, earlier)).tolist()
        return [after[place] for place in new], here[np.isin(earlier, codes)]

    def why_ended(self, place: int) -> tuple[EndCode, tuple[str, ...]]:
        """Return why an established pair ended: a code, and rules."""
        if self.has_left[place]:
            return "left", ()
        rules = self.broken.get(place, ())
        if rules and place not in self._excepted:
            return "rule", rules
        return ("ring" if self._are_openly_opened[place] else "ended"), ()
