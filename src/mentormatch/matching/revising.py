"""Repairing a matching after pairs were published: somebody left, joined or declined a pair."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from mentormatch.errors import InfeasibleError, ProgramError
from mentormatch.exchange.preferences import Stay
from mentormatch.exchange.rules import Require, Rule
from mentormatch.matching.answer import Pair, PairSequence
from mentormatch.matching.certificate import Certificate
from mentormatch.matching.explanation import in_words
from mentormatch.matching.happened import Happened, IdPairs, read_happened
from mentormatch.matching.revision import (
    ChangeCode,
    EndCode,
    Ended,
    KeptPairs,
    PersonChange,
    Revision,
)
from mentormatch.people import Cohort
from mentormatch.people.links import PairSet
from mentormatch.program import Program
from mentormatch.program.program import with_parts
from mentormatch.solving.divided import divided
from mentormatch.solving.free import (
    Ready,
    can_be_solved_apart,
    free_of,
    solve_free,
    solve_met,
    with_kept,
)
from mentormatch.solving.rules import preferred_of, required_pairs, rule_tests, rules_broken
from mentormatch.solving.sides import Split
from mentormatch.solving.solve import solve
from mentormatch.solving.solved import Solved

__all__ = ["Revising"]

logger = logging.getLogger("mentormatch")

Bools = NDArray[np.bool_]
Rows = NDArray[np.int64]
#: The least that an established pair can count, and the most.
LEAST_STAY, MOST_STAY = 2.0**-40, 1.0
#: What forbids a pair of whom somebody stands elsewhere by now.
ON_OTHER_SIDES = "on two sides"


class Revising:
    """Revises a matching after its pairs were published; see `Matching`."""

    if TYPE_CHECKING:  # the matching's own
        certificate: Certificate
        pairs: Sequence[Pair]

        @classmethod
        def _of(cls, solved: Solved) -> Self: ...

        def _attached(self) -> Solved: ...

    def revise(
        self,
        people: Cohort,
        *,
        left: Iterable[str] = (),
        joined: Iterable[str] = (),
        reject: IdPairs = (),
        lock: IdPairs = (),
        stay: float | None = None,
        program: Program | None = None,
        override: str = "",
    ) -> Revision[Self]:
        """Repair the matching after its pairs were published.

        Pairs stay as they are, and those without a partner, newcomers among them, are paired as
        well as they can be: the answer is the best matching of the program with the established
        pairs required, and its certificate proves that. Which of two equally good answers it is
        the seed of this matching decides.

        Parameters
        ----------
        people
            Those of now: the same cohort where nobody joined and no profile has changed (then,
            with one partner for each, only the pairs of few people are looked at, which takes
            milliseconds), else a new one. Whoever left may be missing from it or not.
        left
            Ids of those who take no part any more.
        joined
            Ids of those who take part now and did not before. Together with `left` that has to be
            all by which the people of now differ from those of then.
        reject
            Pairs that people declined after seeing them. They bind as any decline does, and in
            confidence: the two are no pair any more, which is all that anything tells of it, and
            nobody can find out which of them it was. People are free for others then. A pair that
            was none is bound as well.
        lock
            Established pairs that stay whatever `stay` says.
        stay
            Let established pairs change where that is worth it to the program: each that is kept
            counts so much more than its score, from 2⁻⁴⁰ to 1, as the nearest multiple of 2⁻⁴⁰.
            Everybody is solved for again, from the prices of this matching, and under objectives
            that count people these still come first. Without it no established pair changes.
        program
            Another program, where rules have changed since; of the same format.
        override
            Why established pairs stay that a rule forbids by now. Without a reason they end, and
            `Ended.rules` says why. Declines always bind.

        Returns
        -------
        Revision
            Which pairs stay, end and begin, what that means for whom, and the whole new
            matching with its proof.

        Raises
        ------
        ProgramError
            When ids or people do not fit, with all discrepancies, or the program does not fit the
            people.
        InfeasibleError
            When what is required or locked cannot be; for one who left as for one who declines.
        ProfileErrors
            As `match`.
        RecordError
            When the matching was read from a record: `attach` it to its people first.
        ValueError
            When `stay` is out of range.

        Notes
        -----
        Where people may have several partners, in rings, with buddies and under
        ``"floor_then_score"`` the whole program is solved with the established pairs required,
        which takes as long as a match. In rings a ring that has lost an arrow ends as a whole,
        and its people are free; who joins a pair as the third of a trio is decided anew.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
        ...         {"id": "cy", "rank": 1, "teaches": "sql:4", "wants": "leading"},
        ...     ]
        ... )
        >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
        >>> matching = mm.match(people, program)
        >>> matching.revise(people, reject=[("bo", "ana")]).begun
        (Pair(a='ana', b='cy', score=0.8888888888886868, a_teaches=('leading',), \
b_teaches=('sql',)),)
        """
        if stay is not None and not LEAST_STAY <= stay <= MOST_STAY:
            raise ValueError(f"stay is {stay!r}; it must be from 2**-40 to 1, or None")
        before, then = self._attached(), self._established
        is_same = people is before.graph.people and program is None
        base = then.program if program is None else without_established(program)
        happened = read_happened(
            before.graph.people,
            before.sides,
            people,
            None if is_same else base,
            left=left,
            joined=joined,
            reject=reject,
            lock=lock,
        )
        now = _Now(before, then, happened, base, is_same, " ".join(override.split()))
        now.check_promises()
        apart = stay is None and can_be_solved_apart(base, now.sides)
        revised: _Apart | _Whole
        if apart:
            revised = _Apart(now)
            begun: Sequence[Pair] = PairSequence(revised.found)
            kept = now.kept
        else:
            revised = _Whole(now, stay, self.certificate)
            begun, kept = now.compared(PairSequence(revised.solved))
        revision = _revision(now, kept, tuple(begun), revised, self._of)
        logger.info("%s", revision.headline)
        return revision

    @cached_property
    def _established(self) -> "_Established":
        return _Established(self._attached(), self.pairs)


class _Established:
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
class _Now:
    """The established pairs beside the people and the program of now."""

    before: Solved
    then: _Established
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
    def reasons(self) -> dict[int, str]:
        """Why established pairs stay although a rule forbids them: of now, or of before."""
        found = {}
        for place, rules in self.broken.items():
            [ids] = self.ids(np.array([place]))
            reason = self.override or self.then.reasons.get(ids, "")
            if reason and rules != (ON_OTHER_SIDES,) and not self.is_rejected[place]:
                found[place] = reason
        return found

    @cached_property
    def in_open_rings(self) -> Bools:
        """Which arrows are in a ring of which another one has ended."""
        nothing = np.zeros(len(self.ends), dtype=np.bool_)
        if self.sides.layout != "arrows" or not len(self.ends):
            return nothing
        ended = self._is_ended
        # Arrows stand ring by ring, and a new ring begins where nobody was taught before.
        teachers, learners = self.then.pairs.rows
        ring = np.cumsum(np.append(True, teachers[1:] != learners[:-1])) - 1
        is_open = np.bincount(ring, ended) > 0
        return np.asarray(is_open[ring] & ~ended)

    @cached_property
    def _is_ended(self) -> Bools:
        forbidden: Bools = np.zeros(len(self.ends), dtype=np.bool_)
        forbidden[[place for place in self.broken if place not in self.reasons]] = True
        return self.has_left | self.is_rejected | forbidden

    @cached_property
    def kept(self) -> Rows:
        """Which established pairs can stay, ascending."""
        return np.flatnonzero(~(self._is_ended | self.in_open_rings))

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
        """Refuse what is required or locked and cannot be: in one text for every cause."""
        locked = self.locked
        impossible = [
            f"locked pair {a!r} and {b!r} cannot be kept: it must be a pair of this matching, both "
            "must take part and be open to it, and the rules must allow it; take it out of 'lock'"
            for (a, b), place in zip(self._lock_ids, locked, strict=True)
            if place < 0
        ]
        if impossible:
            raise InfeasibleError("\n".join(impossible))
        if any(isinstance(rule, Require) for rule in self.program.rules):
            sides = divided(self.people, self.program)
            tests = rule_tests(self.people, self.program.rules, sides)
            required_pairs(self.people, self.program.rules, tests, sides)

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
        if rules and (rules == (ON_OTHER_SIDES,) or not self.override):
            return "rule", rules
        return ("ring" if self.in_open_rings[place] else "ended"), ()


class _Apart:
    """An answer of kept pairs and those found among the rest, put together when it is asked for."""

    def __init__(self, now: _Now) -> None:
        self._now = now
        kept = self._kept
        happened, program = now.happened, now.program
        free = free_of(now.sides, kept, happened.gone, len(happened.people))
        seed = now.before.seed
        if now.is_same and now.before.solution.is_optimal:
            rejected = PairSet(happened.rejected, len(happened.people))
            ready = Ready(
                (*now.then.ready.tests, lambda a, b: ~rejected.contains(a, b)),
                now.then.ready.preferred,
            )
            freed = np.unique(now.ends[~np.isin(np.arange(len(now.ends)), now.kept)])
            self.found = solve_met(happened.people, program, ready, now.sides, free, freed, seed)
        else:
            self.found = solve_free(now.people, program, free, seed)

    @property
    def _kept(self) -> tuple[Rows, Rows]:
        a, b = self._now.ends[self._now.kept].T
        return a, b

    @property
    def people(self) -> Cohort:
        return self._now.people

    @cached_property
    def program(self) -> Program:
        rules = self._now.requires(self._now.kept)
        return with_parts(self._now.program, rules=(*self._now.program.rules, *rules))

    @cached_property
    def solved(self) -> Solved:
        return with_kept(self.people, self.program, self._kept, self.found)


class _Whole:
    """An answer for which everybody was solved for again."""

    def __init__(self, now: _Now, stay: float | None, certificate: Certificate) -> None:
        self.people = now.people
        required = now.kept
        preferences = now.program.preferences
        if stay is not None:
            required = np.unique(np.array([*now.locked, *now.reasons], dtype=np.int64))
            may = np.setdiff1d(now.kept, required)
            preferences = (*preferences, *([Stay(now.ids(may), stay)] if len(may) else []))
        rules = (*now.program.rules, *now.requires(required))
        self.program = with_parts(now.program, rules=rules, preferences=preferences)
        goes_on = now.sides.layout != "arrows" and certificate.objective == self.program.objective
        start = certificate if goes_on else None
        self.solved = solve(self.people, self.program, now.before.seed, start=start)


def _revision(
    now: _Now,
    kept: Rows,
    begun: tuple[Pair, ...],
    revised: "_Apart | _Whole",
    answer: Any,
) -> Revision[Any]:
    pairs = now.then.pairs
    stays = np.zeros(len(pairs), dtype=np.bool_)
    stays[kept] = True
    ended = []
    for place in np.flatnonzero(~stays).tolist():
        pair = pairs[place]
        code, rules = now.why_ended(place)
        ended.append(Ended(pair.a, pair.b, pair.a_name, pair.b_name, pair.score, code, rules))
    exceptions = [
        f"{pairs[place].a_name} and {pairs[place].b_name}, against "
        f"{in_words([repr(rule) for rule in now.broken[place]])}: {reason}"
        for place, reason in now.reasons.items()
    ]
    return Revision(
        kept=KeptPairs(pairs, kept),
        ended=tuple(ended),
        begun=begun,
        changes=_changes(now, ended, begun),
        left=now.happened.left,
        joined=now.happened.joined,
        exceptions=tuple(exceptions),
        _revised=revised,
        _answer=answer,
    )


def _changes(now: _Now, ended: Sequence[Ended], begun: Sequence[Pair]) -> tuple[PersonChange, ...]:
    """Return what ended and begun pairs mean for each person concerned, by id."""
    had: dict[str, list[str]] = {}
    has: dict[str, list[str]] = {}
    said: dict[str, list[str]] = {}
    for one in ended:
        had.setdefault(one.a, []).append(one.b_name)
        had.setdefault(one.b, []).append(one.a_name)
    for pair in begun:
        for own, partner, teaches, learns in (
            (pair.a, pair.b_name, pair.a_teaches, pair.b_teaches),
            (pair.b, pair.a_name, pair.b_teaches, pair.a_teaches),
        ):
            has.setdefault(own, []).append(partner)
            said.setdefault(own, []).append(_exchange(partner, teaches, learns, pair.together))
    left, joined = set(now.happened.left), set(now.happened.joined)
    people, earlier = now.happened.people, now.before.graph.people
    changes = []
    for person in sorted({*had, *has, *left, *joined}):
        what: ChangeCode = "changed"
        if person in left or person in joined:
            what = "left" if person in left else "joined"
        elif person not in had or person not in has:
            what = "gained" if person in has else "lost"
        cohort = people if people.has(person) else earlier
        changes.append(
            PersonChange(
                id=person,
                name=cohort.names[cohort.row(person)],
                had=tuple(had.get(person, ())),
                has=tuple(has.get(person, ())),
                said=" ".join(said.get(person, ())),
                what=what,
            )
        )
    return tuple(changes)


def _exchange(
    partner: str, teaches: Sequence[str], learns: Sequence[str], together: Sequence[str]
) -> str:
    parts = [f"Your partner is {partner}."]
    if together:
        parts = [f"Your buddy is {partner}: you both want to learn {', '.join(together)}."]
    if teaches:
        parts.append(f"You teach {partner} {', '.join(teaches)}.")
    if learns:
        parts.append(f"{partner} teaches you {', '.join(learns)}.")
    return " ".join(parts)
