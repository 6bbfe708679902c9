"""The answer: who is paired with whom, who is not, and the proof."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from os import PathLike
from pathlib import Path
from typing import Any, Self

from mentormatch.assign.problem import Status
from mentormatch.errors import RecordError
from mentormatch.exchange.layout import Layout
from mentormatch.matching.answer import (
    Aside,
    Pair,
    PairSequence,
    Unmatched,
    aside_of,
    unmatched_of,
)
from mentormatch.matching.audit import Audit, audit_of
from mentormatch.matching.certificate import Certificate
from mentormatch.matching.explanation import Explanation
from mentormatch.matching.files import replace_files
from mentormatch.matching.floor import Floor
from mentormatch.matching.frames import FrameKind, pairs_frame
from mentormatch.matching.pool_proof import PoolCertificate
from mentormatch.matching.proofs import certificate_of
from mentormatch.matching.questions import Questions
from mentormatch.matching.record import RunRecord, read_record, record_of, solved_again
from mentormatch.matching.revising import Revising
from mentormatch.matching.rings import Ring, rings_of
from mentormatch.matching.sheets import pairs_csv, shown_pairs, singles_csv
from mentormatch.matching.sides_proof import SidesCertificate
from mentormatch.matching.tables import html_table, text_table
from mentormatch.matching.trio import Trio
from mentormatch.matching.why import why
from mentormatch.matching.why_nobody import lacks_of, why_nobody
from mentormatch.matching.why_not import WhyNot, why_not
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.solving.solved import Solved

__all__ = ["Matching"]


#: Those who had partners to choose from need no line of their own under a table.
COMPETED = {"outcompeted", "too_dear", "no_ring"}

#: How many pairs `print` shows.
SHOWN = 20


@dataclass(frozen=True, eq=False, repr=False)
class Matching(Questions, Revising):
    """The best matching of a program, with its proof.

    Attributes
    ----------
    pairs : sequence of Pair
        Best first; of rings the arrows, ring by ring.
    unmatched : tuple of Unmatched
        Who takes part and has no partner, and why.
    taking_no_part : tuple of Aside
        Who does not take part, and why.
    removed : tuple of (str, int), or None
        For each rule, how many pairs with something to exchange it forbids; `None` where there are
        too many (2**26 cells of two sides, 2**28 of one pool) to ask every rule about each.
    certificate : Certificate
        Prices that prove that no matching is better.
    status : Status
        ``"optimal"`` when that is proven, else ``"feasible"``, with the `gap`.
    sides : tuple of str
        What the two sides are called.
    seed : int
        What decided between equally good answers.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...         {"id": "cy", "rank": 2, "teaches": "sewing", "wants": "leading"},
    ...     ]
    ... )
    >>> sides = mm.Sides(by="rank", at_least=5, names=("leader", "newcomer"))
    >>> program = mm.Program(format=mm.Pairs(sides=sides))
    >>> matching = mm.match(people, program)
    >>> print(matching)
    leader  newcomer  score  leader teaches  newcomer teaches
    ana     bo         1.00  leading         sql
    <BLANKLINE>
    1 pair, 1 unmatched, 0 take no part; total 1.0000, proven optimal
    unmatched with nobody to learn what they teach: 1
    >>> matching.to_records()[0]["b_teaches"]
    ['sql']
    >>> mm.Matching.from_json(matching.to_json()).attach(people, program)
    Matching(1 pair, 1 unmatched, 0 take no part; total 1.0000, proven optimal)
    """

    pairs: Sequence[Pair]
    unmatched: tuple[Unmatched, ...]
    taking_no_part: tuple[Aside, ...]
    removed: tuple[tuple[str, int], ...] | None
    certificate: Certificate
    status: Status
    sides: tuple[str, str]
    seed: int
    _solved: Solved | None = field(default=None)
    _record: RunRecord | None = field(default=None)

    @classmethod
    def _of(cls, solved: Solved) -> Self:
        proof = certificate_of(solved)
        return cls(
            pairs=PairSequence(solved),
            unmatched=unmatched_of(solved),
            taking_no_part=aside_of(solved),
            removed=solved.graph.removed,
            certificate=proof,
            status=proof.status,
            sides=solved.sides.names,
            seed=solved.seed,
            _solved=solved,
        )

    @property
    def trio(self) -> Trio | None:
        """Who of those left over joins a pair of buddies; `None` if nobody does."""
        return self.certificate.trio if isinstance(self.certificate, PoolCertificate) else None

    @property
    def floor(self) -> Floor[Certificate] | None:
        """What the worst pair is worth under ``floor_then_score``, and what that costs."""
        return self.certificate.floor

    @property
    def meetings(self) -> Sequence[Pair]:
        """All two people who meet: the pairs, and whom a trio of buddies brings together."""
        return self.pairs if self.trio is None else (*self.pairs, *self.trio.meetings)

    @property
    def rings(self) -> tuple[Ring, ...]:
        """The rings, those that are worth most first; none in other formats."""
        return rings_of(self.pairs) if self.layout == "arrows" else ()

    @property
    def layout(self) -> Layout:
        """How people meet: between ``"sides"``, in one ``"pool"`` or by ``"arrows"`` of rings."""
        return self.certificate.layout

    @property
    def total(self) -> float:
        """The sum of the pairs' scores."""
        return self.certificate.value

    @property
    def gap(self) -> float:
        """What a better matching could at most add to the total; 0 when proven optimal."""
        return self.certificate.gap

    def __getstate__(self) -> dict[str, Any]:
        # What questions came to know holds functions, which cannot be pickled: it is found anew.
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def __repr__(self) -> str:
        return f"Matching({self._headline()})"

    def __str__(self) -> str:
        table = text_table(*self._shown())
        hidden = len(self.pairs) - SHOWN
        more = f"... and {_count(hidden, 'more pair')}\n" if hidden > 0 else ""
        return "\n".join((f"{table}\n{more}", self._headline(), *self._reasons()))

    def _repr_html_(self) -> str:
        first = f" (the first {SHOWN} are shown)" if len(self.pairs) > SHOWN else ""
        return html_table(*self._shown(), "; ".join((self._headline() + first, *self._reasons())))

    def to_records(self) -> list[dict[str, Any]]:
        """Return a plain dict for every pair.

        Returns
        -------
        list of dict
            With the attributes of `Pair` as keys; skills are lists.
        """
        return [pair.as_record() for pair in self.pairs]

    def to_frame(self, kind: FrameKind | None = None) -> Any:
        """Return the pairs as a data frame (extra ``frames``), one row for each.

        Parameters
        ----------
        kind
            ``"pandas"``, ``"polars"`` or ``"pyarrow"``; without it, the kind that the people came
            in (`read_frame`).

        Returns
        -------
        pandas.DataFrame, polars.DataFrame or pyarrow.Table
            With the keys of `to_records` as columns; skills are lists.

        Raises
        ------
        MissingExtraError
            When the library of this kind is not installed.
        ValueError
            When the people came in no data frame and no kind is given.

        Examples
        --------
        >>> import mentormatch as mm
        >>> import polars as pl
        >>> people = mm.read_frame(
        ...     pl.DataFrame(
        ...         {
        ...             "id": ["ana", "bo"],
        ...             "rank": [6, 1],
        ...             "teaches": ["leading", "sql"],
        ...             "wants": ["sql", "leading"],
        ...         }
        ...     )
        ... )
        >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
        >>> mm.match(people, program).to_frame().select("a", "b", "score").rows()
        [('ana', 'bo', 1.0)]
        """
        account = self._solved.graph.people.account if self._solved else None
        return pairs_frame(self.pairs, kind or (account.frame if account else None))

    def to_csv(
        self,
        path: str | PathLike[str],
        *,
        unmatched: str | PathLike[str] | None = None,
        spreadsheet_safe: bool = True,
    ) -> None:
        """Write the pairs to a CSV file, whole or not at all.

        Where the program has preferences, what they add to a score stands apart from the rest.
        Scores and shares have six decimals here; the run record (`to_json`) has every digit.

        Parameters
        ----------
        path
            The file of pairs; one that exists is replaced once the new one is complete.
        unmatched
            A second file, for everybody without a partner and why.
        spreadsheet_safe
            Write for spreadsheets: a byte-order mark, so that they read accents as they are, and
            an apostrophe before a cell that they would run as a formula.

        Raises
        ------
        OSError
            When a file cannot be written; what stood there before is still whole.
        ValueError
            When both are one file.
        """
        pairs = pairs_csv(
            self.meetings,
            self.sides,
            self.layout,
            spreadsheet_safe=spreadsheet_safe,
            preferences=self._has_preferences,
        )
        files = [(Path(path), pairs)]
        if unmatched is not None:
            singles = singles_csv(
                self.unmatched, self.taking_no_part, spreadsheet_safe=spreadsheet_safe
            )
            files.append((Path(unmatched), singles))
        replace_files(files)

    def to_json(self) -> str:
        """Return the run record: what was decided, from what, and the proof.

        The record never holds a decline; a pickled matching does, as it carries its people: hand
        out the record instead. With the same people and program,
        ``Matching.from_json(text).attach(people, program)`` checks it and gives everything back.

        Returns
        -------
        str
            JSON with ``"record": "mentormatch.run"`` and a ``"schema"`` of its own.
        """
        return self._to_record().model_dump_json(indent=1)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a matching back from its run record.

        Parameters
        ----------
        text
            What `to_json` returned.

        Returns
        -------
        Matching
            As the record says; nothing is checked against the people before `attach`.

        Raises
        ------
        RecordError
            When it is no record, is damaged or of a schema that this version cannot read.
        """
        record = read_record(text)
        return cls(
            pairs=record.pairs,
            unmatched=record.unmatched,
            taking_no_part=record.taking_no_part,
            removed=record.removed,
            certificate=record.proof(),
            status=Status(record.status),
            sides=record.sides,
            seed=record.seed,
            _record=record,
        )

    def attach(self, people: Cohort, program: Program) -> Self:
        """Check a matching that was read from a record, and give it back whole.

        Parameters
        ----------
        people, program
            What the recorded run was made from.

        Returns
        -------
        Matching
            With the pairs, prices and reasons that `match` returned then.

        Raises
        ------
        RecordError
            When the people or the program differ, the proof fails, or anything else in the
            record is not what these people and this program give. How the input was read, with
            which versions and by which solver is the record's word alone, and of an answer that was
            stopped what its floor costs. Other prices that prove the same bound prove as much.
        ProgramError, InfeasibleError
            When people have declined a pair since that the program requires, or another program
            than the record's does not fit these people.
        """
        return self._of(solved_again(self._to_record(), people, program))

    def explain(self, person: str) -> Explanation:
        """Explain why somebody has the partner they have, or why they have none.

        Parameters
        ----------
        person
            Their id.

        Returns
        -------
        Explanation
            A code, data and texts for each audience: of a person with a partner a `Why`, else a
            `WhyNobody`. Who has a partner in one of two roles has a `Why` that says what it is
            with the other.

        Raises
        ------
        ProgramError
            When nobody has this id, or they take no part; or when they have no partner and the
            answer was stopped before it was proven best.
        RecordError
            When the matching was read from a record: `attach` it to its people first.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
        ...         {"id": "cy", "rank": 7, "teaches": "chess", "wants": "sql"},
        ...     ]
        ... )
        >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
        >>> matching = mm.match(people, program)
        >>> print(matching.explain("bo").text("coordinator"))
        bo has ana; together they score 1.00. bo teaches sql, all that was wished for. ana \
teaches leading, all that was wished for. Nobody else is possible.
        >>> print(matching.explain("cy").text("coordinator"))
        cy has no partner: nobody to learn what they teach.
        """
        insight = self._insight
        row = insight.row(person)
        unmatched = self._single.get(person, ())
        if insight.has(row):
            return why(insight, row, lacks_of(insight, row, unmatched) if unmatched else ())
        return why_nobody(insight, row, unmatched)

    def why_not(self, a: str, b: str) -> WhyNot:
        """Explain why two people are no pair, and what it would cost if they were.

        Parameters
        ----------
        a, b
            Their ids, in either order; in rings: why the first does not teach the second.

        Returns
        -------
        WhyNot
            Its `loss` is the exact difference to the best matching that holds the pair. With rings
            of a bounded length it is what was found, and `between` says how far it is proven.

        Raises
        ------
        ProgramError
            When nobody has such an id, they take no part, or the answer was stopped before it was
            proven best.
        RecordError
            When the matching was read from a record: `attach` it to its people first.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
        ...         {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading; R"},
        ...     ]
        ... )
        >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
        >>> why = mm.match(people, program).why_not("ana", "cy")
        >>> why.loss.people, round(why.loss.score, 2)
        (0, 0.33)
        >>> print(why.text("coordinator"))
        ana and cy could be a pair. With them as one, the total would be 0.33 lower. These pairs \
would end: ana and bo (1.00). These would begin: ana and cy (0.67).
        """
        insight = self._insight
        return why_not(insight, insight.row(a), insight.row(b))

    def audit(self, attributes: Sequence[str] = ()) -> Audit:
        """Look at the answer as a whole: who is better and who worse off, and what it joins.

        Parameters
        ----------
        attributes
            By which groups to compare people: any attribute. Those that a `Reading` declares
            ``audit_only`` are read here and nowhere else. Groups of fewer than five people are not
            told apart.

        Returns
        -------
        Audit
            ``print`` shows it to a coordinator, ``.text("auditor")`` with the groups.

        Raises
        ------
        ProgramError
            When nobody has such an attribute.
        RecordError
            When the matching was read from a record: `attach` it to its people first.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
        ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
        ...     ]
        ... )
        >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
        >>> mm.match(people, program).audit().ranks
        RankFlow(from_below=1, from_beside=0, from_above=1, unknown=0)
        """
        return audit_of(self._attached(), attributes)

    def _attached(self) -> Solved:
        if self._solved is None:
            raise RecordError(
                "this matching was read from a record, which has no profiles; attach it to its "
                "people and its program first: matching.attach(people, program)"
            )
        return self._solved

    @property
    def _has_preferences(self) -> bool:
        if self._solved is not None:
            return bool(self._solved.program.preferences)
        return bool(self._to_record().program.get("preferences"))

    def _to_record(self) -> RunRecord:
        if self._record is not None:
            return self._record
        assert self._solved is not None  # a matching is made from the one or the other
        return record_of(self._solved)

    def _shown(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        return shown_pairs(self.pairs[:SHOWN], self.sides, self.layout)

    def _headline(self) -> str:
        proof = "proven optimal"
        if self.status is Status.FEASIBLE:
            proof = f"at most {self.gap:.3g} below the best"
            if self.certificate.count_gap:
                proof = f"at most {self._could_be_more()}, {proof}"
        people = self.certificate.people_served
        of_people = f" of {people:,} people" if people != 2 * len(self.pairs) else ""
        served = f"{_count(len(self.pairs), 'pair')}{of_people}"
        if self.layout == "arrows":
            served = f"{_count(len(self.rings), 'ring')} of {people:,} people"
        return (
            f"{served}, {len(self.unmatched):,} unmatched, "
            f"{len(self.taking_no_part):,} take no part; total {self.total:.4f}, {proof}"
        )

    def _could_be_more(self) -> str:
        """Say how many more pairs may be possible, or people where they may be in several."""
        proof = self.certificate
        if self.layout == "arrows":
            more = int(proof.count_gap)
            noun = "person" if more == 1 else "people"
            return f"{more:,} more {noun} possible; with as many people"
        if isinstance(proof, SidesCertificate) and any(proof.capacities):
            return f"{int(2 * proof.count_gap):,} more served; with as many people"
        return f"{_count(int(proof.count_gap), 'more pair')} possible; with as many pairs"

    def _reasons(self) -> list[str]:
        more = []
        if self.floor is not None and self.floor.score is not None:
            more.append(
                f"worst pair {self.floor.score:.4f}, as good as it can be with as many people; "
                f"that costs {self.floor.score_given_up:.4f} of the total"
            )
        if self.trio is not None:
            more.append(f"{self.trio.joiner} joins {self.trio.a} and {self.trio.b}")
        counts = Counter(one.reason for one in self.unmatched if one.code not in COMPETED)
        return more + [f"unmatched with {reason}: {count:,}" for reason, count in counts.items()]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
