"""A matching as a proposal: what was decided about its pairs, by whom and when."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, Self, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from mentormatch.errors import ProgramError, RecordError, listed
from mentormatch.matching.record import in_words

__all__ = ["Decision", "PairStatus", "Proposal"]

#: Nothing decided yet; may be published; declined by one of the two; stays whatever may change.
PairStatus = Literal["proposed", "approved", "rejected", "locked"]


class _Part(BaseModel):
    # No message shows what was decided, whoever makes it.
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_by_alias=True,
        validate_by_name=True,
        hide_input_in_errors=True,
    )

    def __str__(self) -> str:
        return repr(self)


class Decision(_Part):
    """What somebody decided about a pair.

    Parameters
    ----------
    a, b
        Ids, as the pair has them.
    status
        ``"approved"``, ``"rejected"``, ``"locked"``, or ``"proposed"`` again.
    by
        Who decided.
    at
        When, with the time zone.
    """

    a: str
    b: str
    status: PairStatus
    by: str
    at: AwareDatetime

    def __repr__(self) -> str:
        return f"Decision(by={self.by!r}, at={self.at})"  # no log is to tell what was rejected

    def __repr_args__(self) -> Iterable[tuple[str, Any]]:
        """Return the same for rich and devtools, which print fields."""
        return ("by", self.by), ("at", self.at)


class Proposal(_Part):
    """The pairs of a matching with what was decided about them; `Matching.propose` makes it.

    It is plain data that does not change: each decision makes a new one, and JSON keeps all of
    them, in their order. That JSON says who rejected whom, so keep it as you keep declines, and
    give participants nothing of it.

    Parameters
    ----------
    pairs
        By id, as the matching has them.
    decisions
        One after the other; of a pair the last one holds.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> proposal = Proposal(pairs=[("ana", "bo"), ("cy", "di")])
    >>> noon = datetime(2027, 1, 4, 12, tzinfo=UTC)
    >>> proposal = proposal.decide([("ana", "bo")], "locked", by="hr", at=noon)
    >>> proposal, proposal.status("ana", "bo"), proposal.having("proposed")
    (Proposal(2 pairs, 1 decision), 'locked', (('cy', 'di'),))
    >>> Proposal.from_json(proposal.to_json()) == proposal
    True
    """

    record: Literal["mentormatch.proposal"] = "mentormatch.proposal"
    schema_version: Literal[1] = Field(default=1, alias="schema")
    pairs: tuple[tuple[str, str], ...]
    decisions: tuple[Decision, ...] = ()

    def __repr__(self) -> str:
        pairs, decisions = len(self.pairs), len(self.decisions)
        return (
            f"Proposal({pairs:,} pair{'s' * (pairs != 1)}, "
            f"{decisions:,} decision{'s' * (decisions != 1)})"
        )

    def __repr_args__(self) -> Iterable[tuple[str, Any]]:
        """Return how many there are for rich and devtools, which print fields."""
        return ("pairs", len(self.pairs)), ("decisions", len(self.decisions))

    def decide(
        self, pairs: Iterable[tuple[str, str]], status: PairStatus, *, by: str, at: AwareDatetime
    ) -> Self:
        """Return the proposal with one decision more about each of some pairs.

        Parameters
        ----------
        pairs
            By id, whichever comes first.
        status, by, at
            As for `Decision`.

        Raises
        ------
        ProgramError
            When the proposal has no such pair; all of them are named.
        ValueError
            When there is no such status, or the time has no zone.
        """
        if status not in get_args(PairStatus):
            raise ValueError(
                f"status is {status!r}; it must be one of {listed(get_args(PairStatus))}"
            )
        known = self._known
        asked = [(a, b) for a, b in pairs]
        unknown = [f"{a} and {b}" for a, b in asked if (a, b) not in known]
        if unknown:
            raise ProgramError(f"no pair of this proposal: {listed(unknown, most=len(unknown))}")
        more = [
            Decision(a=known[pair][0], b=known[pair][1], status=status, by=by, at=at)
            for pair in asked
        ]
        return self.model_copy(update={"decisions": (*self.decisions, *more)})

    def status(self, a: str, b: str) -> PairStatus:
        """Return what was decided last about a pair.

        Parameters
        ----------
        a, b
            Ids, in either order.

        Raises
        ------
        ProgramError
            When the proposal has no such pair.
        """
        if (a, b) not in self._known:
            raise ProgramError(f"no pair of this proposal: {a} and {b}")
        return self._last().get(self._known[a, b], "proposed")

    def having(self, status: PairStatus) -> Sequence[tuple[str, str]]:
        """Return the pairs of which that was decided last, in their order.

        Parameters
        ----------
        status
            ``"proposed"`` for those of which nothing was decided, too.
        """
        last = self._last()
        return tuple(pair for pair in self.pairs if last.get(pair, "proposed") == status)

    @property
    def _known(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Each pair by its ids; those as they stand go before those of another pair turned."""
        return {pair[::-1]: pair for pair in self.pairs} | {pair: pair for pair in self.pairs}

    def _last(self) -> dict[tuple[str, str], PairStatus]:
        return {(one.a, one.b): one.status for one in self.decisions}

    def to_json(self) -> str:
        """Return the proposal as JSON, with everything that was decided."""
        return self.model_dump_json(by_alias=True, indent=1)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a proposal from JSON.

        Parameters
        ----------
        text
            What `to_json` returned.

        Raises
        ------
        RecordError
            When it is none or is damaged; no value is shown.
        """
        try:
            read = cls.model_validate_json(text)
        except ValidationError as error:
            raise RecordError(f"not a whole proposal: {in_words(error)}") from None
        strange = {(one.a, one.b) for one in read.decisions} - {*read.pairs}
        if strange:
            raise RecordError(
                f"decisions about {len(strange)} pairs that the proposal does not have"
            )
        return read
