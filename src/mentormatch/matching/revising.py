"""Repairing a matching after pairs were published: somebody left, joined or declined a pair."""

import logging
from collections.abc import Iterable, Sequence
from functools import cached_property
from operator import index
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from mentormatch.errors import ProgramError
from mentormatch.exchange.preferences import Stay
from mentormatch.matching.answer import Pair, PairSequence
from mentormatch.matching.certificate import Certificate
from mentormatch.matching.established import Established, Now, without_established
from mentormatch.matching.explanation import in_words
from mentormatch.matching.few_changes import Changeable, FrontierPoint
from mentormatch.matching.happened import IdPairs, read_happened
from mentormatch.matching.proposal import Proposal
from mentormatch.matching.revision import (
    ChangeCode,
    Ended,
    KeptPairs,
    PersonChange,
    Revision,
)
from mentormatch.people import Cohort
from mentormatch.people.links import PairSet
from mentormatch.program import Program
from mentormatch.program.program import with_parts
from mentormatch.solving.free import (
    Ready,
    can_be_solved_apart,
    free_of,
    solve_free,
    solve_met,
    with_kept,
)
from mentormatch.solving.solve import solve
from mentormatch.solving.solved import Solved

__all__ = ["Revising"]

logger = logging.getLogger("mentormatch")

Bools = NDArray[np.bool_]
Rows = NDArray[np.int64]
#: The least that an established pair can count, and the most.
LEAST_STAY, MOST_STAY = 2.0**-40, 1.0


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
        proposal: Proposal | None = None,
        stay: float | None = None,
        changes: int | None = None,
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
            was none is bound as well. `Revision.people` keeps them; other people of a later step
            need them among their declines, or to be given them again. They may name who left.
        lock
            Established pairs that stay whatever `stay` or `changes` allows.
        proposal
            What was decided about the pairs (`propose`): those rejected last count among `reject`,
            those locked last among `lock`.
        stay
            Let established pairs change where that is worth it to the program: each that is kept
            counts so much more than its score, from 2⁻⁴⁰ to 1, as the nearest multiple of 2⁻⁴⁰.
            Everybody is solved for again, from the prices of this matching, and under objectives
            that count people these still come first. Without it no established pair changes.
        changes
            Let established pairs change as far as that concerns so many people at most who had a
            partner: both of each pair that is given up. Which ones gains most, no bonus for those
            that stay can say exactly, so HiGHS branches and bounds: `Revision.at_most` is by its
            word what no other choice is worth more than. With one partner each, between two sides
            or in one pool, and among so many allowed pairs as it can be asked about. Pairs that
            ended anyway do not count, and who had no partner may get one.
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
            people; when `changes` cannot be counted in this format, or among so many pairs.
        InfeasibleError
            When what is required or locked cannot be; for one who left as for one who declines.
        ProfileErrors
            As `match`.
        RecordError
            When the matching was read from a record: `attach` it to its people first.
        ValueError
            When `stay` or `changes` is out of range, or both are given.

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
        if changes is not None and (stay is not None or index(changes) < 0):
            raise ValueError("changes is a number of people, 0 or more, and goes without stay")
        begun: Sequence[Pair]
        reject, lock = self._decided(proposal, reject, lock)
        happened = {"left": left, "joined": joined, "reject": reject, "lock": lock}
        now = self._now(people, program, override, **happened)
        can_be_apart = can_be_solved_apart(now.program, now.sides)
        revised: _Apart | _Whole
        staying, at_most = now.kept, None
        if changes is not None:
            staying, at_most = Changeable.of(now).to_keep(index(changes))
        if stay is None and can_be_apart and now.promises_stay:
            revised = _Apart(now, staying)
            begun, again = now.compared(PairSequence(revised.found))
            kept = np.union1d(staying, again)
        else:
            revised = _Whole(now, staying, stay, self.certificate)
            begun, kept = now.compared(PairSequence(revised.solved))
        revision = _revision(now, kept, tuple(begun), revised, at_most, self._of)
        logger.info("%s", revision.headline)
        return revision

    def propose(self) -> Proposal:
        """Return the pairs as a proposal about which people decide before it is published.

        Examples
        --------
        >>> from datetime import UTC, datetime
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
        >>> noon = datetime(2027, 1, 4, 12, tzinfo=UTC)
        >>> said = matching.propose().decide([("ana", "bo")], "rejected", by="hr", at=noon)
        >>> [(pair.a, pair.b) for pair in matching.revise(people, proposal=said).begun]
        [('ana', 'cy')]
        """
        return Proposal(pairs=tuple((pair.a, pair.b) for pair in self.pairs))

    def _decided(
        self, proposal: Proposal | None, reject: IdPairs, lock: IdPairs
    ) -> tuple[IdPairs, IdPairs]:
        """Join what was decided about a proposal to what else has happened."""
        if proposal is None:
            return reject, lock
        if {*proposal.pairs} != {(pair.a, pair.b) for pair in self.pairs}:
            raise ProgramError("this proposal is of another matching; revise the one it is of")
        return [*reject, *proposal.having("rejected")], [*lock, *proposal.having("locked")]

    def frontier(
        self,
        people: Cohort,
        *,
        left: Iterable[str] = (),
        joined: Iterable[str] = (),
        reject: IdPairs = (),
        lock: IdPairs = (),
        program: Program | None = None,
        override: str = "",
    ) -> tuple[FrontierPoint, ...]:
        """Return what it gains to let ever more people change: ``revise(changes=...)`` at a look.

        Parameters
        ----------
        people, left, joined, reject, lock, program, override
            As for `revise`.

        Returns
        -------
        tuple of FrontierPoint
            From nobody who changes to as many as gain anything; a number of changes that gains no
            more than a smaller one is left out.

        Raises
        ------
        ProgramError, InfeasibleError, ProfileErrors, RecordError
            As `revise` with `changes`.

        Examples
        --------
        >>> import mentormatch as mm
        >>> records = [
        ...     {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        ...     {"id": "bo", "rank": 1, "teaches": "sql:4", "wants": "leading"},
        ...     {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading"},
        ... ]
        >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
        >>> matching = mm.match(mm.read_records(records[:2]), program)
        >>> for point in matching.frontier(mm.read_records(records), joined=["cy"]):
        ...     print(point.changes, point.people, round(point.score, 2))
        0 2 0.89
        2 2 1.0
        """
        happened = {"left": left, "joined": joined, "reject": reject, "lock": lock}
        now = self._now(people, program, override, **happened)
        return tuple(Changeable.of(now).frontier())

    def _now(self, people: Cohort, program: Program | None, override: str, **happened: Any) -> Now:
        """Read what has happened, and refuse what cannot be."""
        before, then = self._attached(), self._established_pairs
        is_same = people is before.graph.people and program is None
        base = then.program if program is None else without_established(program)
        earlier = before.graph.people, before.sides
        read = read_happened(*earlier, people, None if is_same else base, **happened)
        now = Now(before, then, read, base, is_same, " ".join(override.split()))
        now.check_promises()
        return now

    @cached_property
    def _established_pairs(self) -> "Established":
        return Established(self._attached(), self.pairs)


class _Apart:
    """An answer of kept pairs and those found among the rest, put together when it is asked for."""

    def __init__(self, now: Now, staying: Rows) -> None:
        self._now, self._staying = now, staying
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
            freed = np.unique(np.delete(now.ends, staying, axis=0))
            self.found = solve_met(happened.people, program, ready, now.sides, free, freed, seed)
        else:
            self.found = solve_free(now.people, program, free, seed)

    @property
    def _kept(self) -> tuple[Rows, Rows]:
        a, b = self._now.ends[self._staying].T
        return a, b

    @property
    def people(self) -> Cohort:
        return self._now.people

    @cached_property
    def program(self) -> Program:
        rules = self._now.requires(self._staying)
        return with_parts(self._now.program, rules=(*self._now.program.rules, *rules))

    @cached_property
    def solved(self) -> Solved:
        return with_kept(self.people, self.program, self._kept, self.found)


class _Whole:
    """An answer for which everybody was solved for again."""

    def __init__(
        self, now: Now, staying: Rows, stay: float | None, certificate: Certificate
    ) -> None:
        self.people = now.people
        required = staying
        preferences = now.program.preferences
        if stay is not None:
            required = np.unique(np.array([*now.locked, *now.reasons], dtype=np.int64))
            may = np.setdiff1d(now.to_count, required)
            preferences = (*preferences, *([Stay(now.ids(may), stay)] if len(may) else []))
        rules = (*now.program.rules, *now.requires(required))
        self.program = with_parts(now.program, rules=rules, preferences=preferences)
        goes_on = now.sides.layout != "arrows" and certificate.objective == self.program.objective
        start = certificate if goes_on else None
        self.solved = solve(self.people, self.program, now.before.seed, start=start)


def _revision(
    now: Now,
    kept: Rows,
    begun: tuple[Pair, ...],
    revised: "_Apart | _Whole",
    at_most: float | None,
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
        at_most=at_most,
        _revised=revised,
        _answer=answer,
    )


def _changes(now: Now, ended: Sequence[Ended], begun: Sequence[Pair]) -> tuple[PersonChange, ...]:
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
