"""Rules about named pairs, about past partners, and rules written in Python."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, Protocol, cast

import numpy as np
from pydantic import AfterValidator, Field, SerializerFunctionWrapHandler, model_serializer
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema

from mentormatch.errors import ProgramError, listed, nearest
from mentormatch.exchange.rules.base import FROZEN, Bools, PairTest, Rows, known_fields
from mentormatch.exchange.rules.declared import DeclaredPeople
from mentormatch.people import Cohort
from mentormatch.people.links import PairSet

__all__ = ["Forbid", "IdPairs", "NotPairedBefore", "Require", "Where", "pair_test"]

IdPairs = Annotated[Sequence[tuple[str, str]], AfterValidator(tuple)]
#: One line, as it stands in sentences.
Reason = Annotated[str, Field(max_length=200), AfterValidator(lambda text: " ".join(text.split()))]


@dataclass(frozen=True, config=FROZEN)
class Forbid:
    """These pairs may not be, whichever way round.

    Parameters
    ----------
    pairs
        Pairs of ids.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana"}, {"id": "bo"}])
    >>> Forbid([("bo", "ana")]).test(people, np.array([0, 1]))(np.array([0]), np.array([1]))
    array([False])
    """

    pairs: IdPairs
    kind: Literal["forbid"] = Field(default="forbid", kw_only=True)

    def __str__(self) -> str:
        return f"forbid {len(self.pairs)} named pair{'s' * (len(self.pairs) != 1)}"

    def test(self, people: Cohort, asked: Rows) -> PairTest:  # noqa: ARG002 - the rules' protocol
        """Return the rule as a test on arrays of pairs of rows."""
        is_named = pair_test(self, people)
        return lambda rows_a, rows_b: ~is_named(rows_a, rows_b)


@dataclass(frozen=True, config=FROZEN)
class Require:
    """These pairs must be, even where they have nothing to exchange.

    Parameters
    ----------
    pairs
        Pairs of ids. Each pair's people are then open to nobody else, unless people may have
        several partners in this program, or must have some: a required pair then fills one of the
        places at either end, and others may fill the rest. In rings the first teaches the second:
        the first then teaches nobody else, and the second is taught by nobody else.
    override
        Why these pairs may be although another rule of the program forbids them. It passes rules
        that look at a pair alone, which are the organisation's; never what people declined, nor
        `Spread`, nor another `Require`. Coordinators and auditors read the reason.
    established
        Whether the pairs stay from an earlier answer: `Matching.revise` writes such a rule, and
        replaces it the next time. Of people on both sides each pair then fills the role that it
        is made in, and the other role stays open.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana"}, {"id": "bo"}, {"id": "cy"}])
    >>> only = Require([("ana", "bo")]).test(people, np.array([0, 1, 2]))
    >>> only(np.array([0, 0]), np.array([1, 2]))
    array([ True, False])
    >>> str(Require([("ana", "bo")], override="both asked for it"))
    'require 1 named pair, whatever other rules say: both asked for it'
    """

    pairs: IdPairs
    override: Reason = Field(default="", kw_only=True)
    established: bool = Field(default=False, kw_only=True)
    kind: Literal["require"] = Field(default="require", kw_only=True)

    def __str__(self) -> str:
        named = f"{len(self.pairs)} {'established' if self.established else 'named'} pair"
        what = f"{'keep' if self.established else 'require'} {named}{'s' * (len(self.pairs) != 1)}"
        return f"{what}, whatever other rules say: {self.override}" if self.override else what

    @model_serializer(mode="wrap")
    def _what_is_said(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what says nothing: programs and records of before have the same JSON."""
        said: dict[str, Any] = serialize(self)
        unsaid = {"override": "", "established": False}
        return {name: value for name, value in said.items() if unsaid.get(name) != value}

    def rows(self, people: Cohort) -> Rows:
        """Return the pairs as rows of the cohort, shape (pairs, 2)."""
        return _named_rows(self, people)

    def test(self, people: Cohort, asked: Rows) -> PairTest:  # noqa: ARG002 - the rules' protocol
        """Return the rule as a test on arrays of pairs of rows."""
        rows = self.rows(people)
        required = PairSet(rows, people=len(people))
        promised = np.zeros(len(people), dtype=np.bool_)
        promised[rows.ravel()] = True

        def keeps(rows_a: Rows, rows_b: Rows) -> Bools:
            return required.contains(rows_a, rows_b) | ~(promised[rows_a] | promised[rows_b])

        return keeps

    def test_of_arrows(self, people: Cohort) -> PairTest:
        """Return the rule as a test on arrays of teachers and of learners, for rings.

        Examples
        --------
        >>> from mentormatch import read_records
        >>> people = read_records([{"id": "ana"}, {"id": "bo"}, {"id": "cy"}])
        >>> only = Require([("ana", "bo")]).test_of_arrows(people)
        >>> only(np.array([0, 0, 1, 2]), np.array([1, 2, 0, 1]))
        array([ True, False,  True, False])
        """
        teachers, learners = self.rows(people).T
        codes = teachers * len(people) + learners
        teaches, learns = np.zeros((2, len(people)), dtype=np.bool_)
        teaches[teachers], learns[learners] = True, True

        def keeps(rows_a: Rows, rows_b: Rows) -> Bools:
            is_required = np.isin(rows_a * len(people) + rows_b, codes)
            return is_required | ~(teaches[rows_a] | learns[rows_b])

        return keeps


@dataclass(frozen=True, config=FROZEN)
class NotPairedBefore:
    """The two have not been partners before: neither names the other in `past_partners`.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana", "past_partners": "bo"}, {"id": "bo"}])
    >>> NotPairedBefore().test(people, np.array([0, 1]))(np.array([1]), np.array([0]))
    array([False])
    """

    kind: Literal["not_paired_before"] = Field(default="not_paired_before", kw_only=True)

    def __str__(self) -> str:
        return "not paired before"

    def test(self, people: Cohort, asked: Rows) -> PairTest:  # noqa: ARG002 - the rules' protocol
        """Return the rule as a test on arrays of pairs of rows."""
        return lambda rows_a, rows_b: ~people.are_paired_before(rows_a, rows_b)


@dataclass(frozen=True, config=FROZEN)
class Where:
    """A rule of the caller's own, written in Python.

    Parameters
    ----------
    name
        What JSON keeps of it; loading a program needs ``functions={name: function}``.
    function
        ``function(cohort, rows_a, rows_b)`` returns which pairs may be: a boolean array of the
        shape of `rows_a`. It must answer each pair alone, whatever pairs come with it.
    reads
        The attributes that the function reads. Where they are declared, it is given these and no
        others (see `DeclaredPeople`). A preference has to declare them, and so has a rule for
        people of whom some attributes are for the audit alone.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records([{"id": "ana", "desk": 3}, {"id": "bo", "desk": 4}])
    >>> def parity(cohort, rows_a, rows_b):
    ...     desk = cohort.numbers("desk")
    ...     return desk[rows_a] % 2 == desk[rows_b] % 2
    >>> Where("parity", parity).test(people, np.array([0, 1]))(np.array([0]), np.array([1]))
    array([False])
    """

    name: str
    function: SkipJsonSchema[Callable[[Cohort, Rows, Rows], Bools] | None] = Field(
        default=None, exclude=True, repr=False
    )
    reads: Annotated[Sequence[str], AfterValidator(tuple)] = Field(default=(), kw_only=True)
    kind: Literal["where"] = Field(default="where", kw_only=True)

    def __str__(self) -> str:
        return f"where {self.name}"

    def test(self, people: Cohort, asked: Rows) -> PairTest:  # noqa: ARG002 - the rules' protocol
        """Return the rule as a test on arrays of pairs of rows."""
        function = self.function
        if function is None:
            raise ProgramError(
                f"it has no function; load the program with functions={{{self.name!r}: function}}"
            )
        known_fields(people, *self.reads)
        if people.audit_only and not self.reads:
            # The whole cohort has profiles, in which everything stands.
            raise ProgramError(
                f"these people have attributes that are for the audit alone "
                f"({listed(sorted(people.audit_only))}), so a function must declare what it reads, "
                f'as in Where({self.name!r}, function, reads=["location"])'
            )
        given = people
        if self.reads:
            # To its function it is the cohort, of which a part is not to be read.
            given = cast(Cohort, DeclaredPeople(people, self.reads, f"rule '{self}'"))

        def ask(rows_a: Rows, rows_b: Rows) -> Bools:
            try:
                answer = np.asarray(function(given, rows_a, rows_b))
            except Exception as error:
                error.add_note(f"raised by the function of rule '{self}'")
                raise
            if answer.dtype != np.bool_ or answer.shape != rows_a.shape:
                raise ProgramError(
                    f"rule '{self}' returned {answer.dtype} of shape {answer.shape}; "
                    f"it must return bool of shape {rows_a.shape}"
                )
            return answer

        return ask


class _OfPairs(Protocol):
    """What names pairs of people by id."""

    @property
    def pairs(self) -> Sequence[tuple[str, str]]: ...


def pair_test(named: _OfPairs, people: Cohort) -> PairTest:
    """Return a test whether pairs of rows are among those that are named, whichever way round.

    Parameters
    ----------
    named
        A rule, or whatever else names pairs by id.
    people
        Whose rows are asked about.

    Raises
    ------
    ProgramError
        When ids are nobody's; all of them are named.
    """
    return PairSet(_named_rows(named, people), people=len(people)).contains


def _named_rows(rule: _OfPairs, people: Cohort) -> Rows:
    """Turn pairs of ids into rows; name every id that is nobody's."""
    row_of = {person: row for row, person in enumerate(people.ids)}
    unknown = dict.fromkeys(
        person for pair in rule.pairs for person in pair if person not in row_of
    )
    if unknown:
        raise ProgramError(
            "\n".join(
                f"nobody has the id {person!r}; {nearest(person, people.ids)}" for person in unknown
            )
        )
    alone = [a for a, b in rule.pairs if a == b]
    if alone:
        raise ProgramError(f"{alone[0]!r} cannot be paired with themself")
    pairs = [(row_of[a], row_of[b]) for a, b in rule.pairs]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
