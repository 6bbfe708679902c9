"""Suggestions for programs in which people choose: as good as possible together, and proven."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from operator import index
from os import PathLike
from pathlib import Path
from typing import Any, Self

from mentormatch.assign.problem import Status
from mentormatch.errors import ProgramError
from mentormatch.matching.answer import Aside, aside_of
from mentormatch.matching.certificate import Certificate, Verification
from mentormatch.matching.checks import DESCRIBED
from mentormatch.matching.files import replace_files
from mentormatch.matching.proofs import certificate_of
from mentormatch.matching.sheets import sheet
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.progress import Progress, following
from mentormatch.rounds.answers import Choices, answered
from mentormatch.rounds.listing import HEADINGS, cells, lists_of, records_of
from mentormatch.rounds.shortlist import Shortlist
from mentormatch.solving.graph import graph_of
from mentormatch.solving.lists import for_lists, list_sides
from mentormatch.solving.several import solve_held
from mentormatch.solving.solved import Solved
from mentormatch.solving.task import Task
from mentormatch.solving.two_sides import MOST_PAIRS

__all__ = ["Shortlists", "shortlists"]


@dataclass(frozen=True, eq=False, repr=False)
class Shortlists:
    """A list of suggestions for everybody who takes part, made together, and the proof.

    Attributes
    ----------
    lists : tuple of Shortlist
        One for each reader, in the order of the people.
    k : int
        How many suggestions a list has at most, for each side on which its reader stands.
    exposure : float
        See `shortlists`.
    certificates : tuple of Certificate
        Prices that prove that no lists are better: of the lists that side a reads and of those that
        side b reads; one in one pool.
    taking_no_part : tuple of Aside
        Who has no list and is on none, and why.
    seed : int
        What decided between equally good lists. The same people, program and seed give the same
        lists again, so that answers can be read long after.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql; go"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...         {"id": "cy", "rank": 2, "teaches": "go", "wants": "leading"},
    ...     ]
    ... )
    >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    >>> found = mm.shortlists(people, program, k=2)
    >>> found
    Shortlists(3 lists of 2 at most, 4 suggestions, nobody without; proven optimal)
    >>> [(one["reader"], one["suggested"]) for one in found.to_records()]
    [('ana', 'bo'), ('ana', 'cy'), ('bo', 'ana'), ('cy', 'ana')]

    What people answer goes into the matching:

    >>> chosen = found.answered(people, {"ana": {"prefers": ["cy"]}, "bo": {"declines": ["ana"]}})
    >>> mm.match(chosen, program).pairs[0].b
    'cy'
    """

    lists: tuple[Shortlist, ...]
    k: int
    exposure: float
    certificates: tuple[Certificate, ...]
    taking_no_part: tuple[Aside, ...]
    seed: int

    @classmethod
    def _of(
        cls, solved: Sequence[Solved], people: Cohort, k: int, exposure: float, seed: int
    ) -> Self:
        aside = aside_of(solved[0])
        return cls(
            lists=tuple(lists_of(solved, people)),
            k=k,
            exposure=exposure,
            certificates=tuple(map(certificate_of, solved)),
            taking_no_part=aside,
            seed=seed,
        )

    @property
    def status(self) -> Status:
        """``"optimal"`` when that is proven, else ``"feasible"``, with the `gap`."""
        proven = all(proof.status is Status.OPTIMAL for proof in self.certificates)
        return Status.OPTIMAL if proven else Status.FEASIBLE

    @property
    def total(self) -> float:
        """The sum of the scores of all suggestions."""
        return fsum(proof.value for proof in self.certificates)

    @property
    def gap(self) -> float:
        """What better lists could at most add to the total; 0 when proven optimal."""
        return fsum(proof.gap for proof in self.certificates)

    def __len__(self) -> int:
        return len(self.lists)

    def __repr__(self) -> str:
        count = sum(len(one.suggestions) for one in self.lists)
        empty = sum(not one.suggestions for one in self.lists)
        proven = "proven optimal" if self.status is Status.OPTIMAL else f"gap {self.gap:.4f}"
        return (
            f"Shortlists({len(self):,} list{'s' * (len(self) != 1)} of {self.k} at most, "
            f"{count:,} suggestion{'s' * (count != 1)}, {empty or 'nobody'} without; {proven})"
        )

    def __iter__(self) -> Iterator[Shortlist]:
        return iter(self.lists)

    def _suggested(self) -> Iterator[tuple[str, str]]:
        """Yield every reader with everybody on their list."""
        for one in self.lists:
            yield from ((one.person, other.id) for other in one.suggestions)

    def _proven(self) -> Iterator[tuple[str, str]]:
        """Yield the same as the certificates have it: in the second one side b reads."""
        for reads, proof in enumerate(self.certificates):
            yield from ((pair[reads], pair[1 - reads]) for pair in proof.pairs)

    @cached_property
    def _by_id(self) -> dict[str, Shortlist]:
        return {one.person: one for one in self.lists}

    def of(self, person: str) -> Shortlist:
        """Return the list of one person.

        Parameters
        ----------
        person
            Their id.

        Raises
        ------
        ProgramError
            When nobody has this id, or they take no part.
        """
        try:
            return self._by_id[person]
        except KeyError:
            raise ProgramError(
                f"{person!r} has no shortlist: nobody who takes part has this id; see .lists and "
                ".taking_no_part"
            ) from None

    def to_records(self) -> list[dict[str, Any]]:
        """Return a plain dict for every suggestion, list by list; for whoever runs the program.

        Returns
        -------
        list of dict
            ``reader`` and ``reader_name``, ``suggested`` and ``suggested_name``, then the other
            attributes of `Suggestion`; skills are lists.
        """
        return [record for one in self.lists for record in records_of(one)]

    def to_csv(self, path: str | PathLike[str], *, spreadsheet_safe: bool = True) -> None:
        """Write all suggestions to a CSV file, whole or not at all; for whoever runs the program.

        Parameters
        ----------
        path
            The file; one that exists is replaced once the new one is complete.
        spreadsheet_safe
            Write for spreadsheets, as `Matching.to_csv` does.

        Raises
        ------
        OSError
            When the file cannot be written; what stood there before is still whole.
        """
        rows = [cells(record) for record in self.to_records()]
        replace_files([(Path(path), sheet(HEADINGS, rows, spreadsheet_safe))])

    def answered(self, people: Cohort, choices: Choices) -> Cohort:
        """Return the people with what they chose from their lists, as wishes and declines.

        Wishes count where the program's preferences hold `RankedWishes`; declines always bind, and
        are as confidential as any.

        Parameters
        ----------
        people
            Those for whom the lists were made.
        choices
            By id, ``{"prefers": [ids, the most wished first], "declines": [ids]}``; either may be
            missing, and so may whoever did not answer.

        Returns
        -------
        Cohort
            Whom somebody chose stands before whom they wished for earlier.

        Raises
        ------
        ProfileErrors
            Listing every answer of somebody without a list, or about somebody who is not on it.
        """
        suggested = {found.person: {one.id for one in found.suggestions} for found in self.lists}
        return answered(people, choices, suggested)

    def verify(self, people: Cohort, program: Program) -> Verification:
        """Check the lists and their proof against the profiles, without the solver.

        Parameters
        ----------
        people, program
            What the lists were made from.

        Returns
        -------
        Verification
            ``.ok`` is True only for lists that are proven best; the pairs it speaks of are reader
            and suggested, side a first.

        Raises
        ------
        ProgramError, InfeasibleError, ProfileErrors
            When the program does not fit these people at all.
        """
        sides = list_sides(people, program, self.k, self.exposure)
        asked = for_lists(program, len(sides) == 1)
        if len(self.certificates) != len(sides):
            raise ProgramError(
                "these lists were made for a program of another format; give the one they are of"
            )
        found = [
            proof.verify_between(people, asked, part)
            for proof, part in zip(self.certificates, sides, strict=True)
        ]
        violations = [text for one in found for text in one.violations]
        if Counter(self._suggested()) != Counter(self._proven()):
            violations.append("the lists hold other suggestions than those that are proven")
        return Verification(
            ok=not violations,
            complete=all(one.complete for one in found),
            feasible=all(one.feasible for one in found),
            bound=fsum(one.bound for one in found),
            value=self.total,
            gap=self.gap,
            violations=tuple(violations[:DESCRIBED]),
        )


def shortlists(
    people: Cohort,
    program: Program,
    k: int,
    exposure: float = 1.0,
    *,
    seed: int = 0,
    progress: Progress | bool | None = None,
    threads: int | None = None,
) -> Shortlists:
    """Suggest partners to everybody, for a program in which people choose.

    All lists are made together, by the program's objective: as many people as possible get a list
    and stand on one (under ``"floor_then_score"`` the worst suggestion is then as good as it can
    be), and the sum of the scores of all suggestions is as high as it can be.
    Between two sides both read: whom a is suggested and whom b is suggested are two such problems.
    In one pool everybody reads and is suggested; that somebody is suggested to another does not
    mean that the other is suggested to them. Rules and declines bind lists as they bind a matching;
    `Spread`, which is about the partners that somebody has in the end, does not. A pair that the
    program requires stands on both lists.

    Parameters
    ----------
    people
        Who takes part.
    program
        Format, score, rules and objective: pairs or buddies.
    k
        How many suggestions a list has at most. There are fewer where too few partners are allowed,
        or have places left.
    exposure
        How often somebody may be suggested: on ``floor(exposure * k * capacity)`` lists, `capacity`
        being how many partners they have room for (in one pool 1). With 1, nobody is suggested more
        often than they have room for, if each of k readers took one of their k suggestions; less
        spreads attention, more lets the best stand on more lists.
    seed
        Decides, together with the people's ids, between lists that are equally good.
    progress, threads
        As for `match`.

    Returns
    -------
    Shortlists

    Raises
    ------
    ProgramError
        For rings; when the program does not fit these people; when more pairs are allowed than can
        be held.
    ProfileErrors
        When a value that the program needs as a number is none; all such values at once.
    InfeasibleError
        When the program requires more pairs of somebody than lists have places.
    TypeError
        When `k` or the seed is no whole number.
    ValueError
        When `k` is below 1, or `exposure` so small that nobody could be suggested even once.

    Notes
    -----
    Each of these problems is a capacitated assignment of readers to suggested people in which each
    pair is used once at most: a reader has k places, whoever is suggested has as many as above. It
    is solved and proven as a matching of people with several partners is.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "teaches": "sql", "wants": "leading"},
    ...         {"id": "cy", "teaches": "sql:4", "wants": "leading"},
    ...     ]
    ... )
    >>> found = mm.shortlists(people, mm.Program(), k=1)
    >>> [(one.person, [other.id for other in one.suggestions]) for one in found]
    [('ana', ['bo']), ('bo', ['ana']), ('cy', [])]
    >>> found.of("cy").at_most, mm.shortlists(people, mm.Program(), k=1, exposure=2).of("cy").code
    (1, 'suggested')
    >>> found.verify(people, mm.Program()).ok
    True
    """
    sides = list_sides(people, program, k, exposure)
    asked = for_lists(program, len(sides) == 1)
    solved: list[Solved] = []
    with following(progress) as tell:
        for part in sides:
            task = Task(people, asked, part, index(seed), tell, threads=threads)
            # Both readings are of the same allowed pairs.
            graph = solved[0].graph if solved else graph_of(task, MOST_PAIRS)
            solved.append(solve_held(task, graph))
    return Shortlists._of(solved, people, k, exposure, seed)
