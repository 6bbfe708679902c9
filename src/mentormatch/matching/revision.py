"""The answer to what has happened since pairs were published: which stay, end and begin."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Generic, Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from mentormatch.lazy_sequence import LazySequence
from mentormatch.matching.answer import Pair
from mentormatch.matching.explanation import Audience, Explanation, in_words
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.solving.solved import Solved

__all__ = ["Ended", "KeptPairs", "PersonChange", "Revised", "Revision"]

Answer = TypeVar("Answer")
EndCode = Literal["left", "rule", "ring", "ended"]
ChangeCode = Literal["left", "joined", "changed", "gained", "lost"]

#: What every participant is told of a revision as a whole: it is the same whatever has happened.
TO_A_PARTICIPANT = (
    "Pairs that were published stay, unless somebody of theirs takes no part any more or the pair "
    "is no longer there. Everybody whose partner changes is told so themself."
)


class KeptPairs(LazySequence[Pair]):
    """Those of some pairs that stay, in their order.

    Parameters
    ----------
    pairs
        The pairs as they were published.
    places
        Which of them stay.
    """

    def __init__(self, pairs: Sequence[Pair], places: NDArray[np.int64]) -> None:
        self._pairs = pairs
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return f"<{len(self):,} pairs>"

    def _at(self, place: int) -> Pair:
        return self._pairs[int(self._places[place])]


@dataclass(frozen=True, slots=True)
class Ended:
    """A pair that is no longer there.

    Attributes
    ----------
    a, b, a_name, b_name : str
        Whose, in the order in which the pair was published.
    score : float
        What it was worth.
    code : str
        ``"left"`` where one of the two has left, ``"rule"`` where a rule forbids the pair now,
        ``"ring"`` where another arrow of the same ring has ended for one of these reasons, and
        ``"ended"`` for everything else, which is nobody's business.
    rules : tuple of str
        The rules that forbid it now.
    """

    a: str
    b: str
    a_name: str
    b_name: str
    score: float
    code: EndCode
    rules: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why, in words that follow the pair; empty where nothing is said."""
        if self.code == "rule":
            return f", against {in_words([repr(rule) for rule in self.rules])} now"
        return {"left": ", of whom somebody left", "ring": ", as their ring is open"}.get(
            self.code, ""
        )


@dataclass(frozen=True, slots=True)
class PersonChange(Explanation):
    """What changes for one person.

    Attributes
    ----------
    id, name : str
        Who.
    had, has : tuple of str
        Names of their partners who are so no longer, and of their new ones.
    said : str
        What they and their new partners exchange, in words for themself.
    what : str
        As `code`.
    """

    id: str
    name: str
    had: tuple[str, ...]
    has: tuple[str, ...]
    said: str
    what: ChangeCode

    @property
    def code(self) -> str:
        """``"left"``, ``"joined"``, ``"changed"``, ``"gained"`` or ``"lost"`` a partner."""
        return self.what

    @property
    def data(self) -> Mapping[str, Any]:
        """Everything as plain values."""
        return asdict(self)

    def _text(self, audience: Audience) -> str:
        had, has = in_words(self.had), in_words(self.has)
        are = "are" if len(self.had) > 1 else "is"
        if audience == "participant":
            if self.what == "left":
                return "You take no part any more."
            ended = [f"{had} {are} no longer your partner{'s' * (len(self.had) > 1)}."]
            none = [f"You have no {'new ' * bool(self.had)}partner so far."] * (not self.has)
            return " ".join([*(ended if self.had else []), *none, *([self.said] * bool(self.has))])
        if self.what == "left":
            return f"{self.name} left" + (f"; had {had}." if self.had else ".")
        parts = [f"had {had}"] * bool(self.had) + [f"has {has or 'nobody'} now"]
        joined = " joined," if self.what == "joined" else ""
        return f"{self.name}{joined} {', '.join(parts)}."


class Revised(Protocol):
    """What a revision is put together from when somebody asks for it."""

    @property
    def people(self) -> Cohort:
        """Who takes part now."""

    @property
    def program(self) -> Program:
        """What the new answer is the best matching of."""

    @property
    def solved(self) -> Solved:
        """That answer."""


@dataclass(frozen=True, eq=False, repr=False)
class Revision(Generic[Answer]):
    """Which pairs stay, end and begin after something has happened, and the whole answer.

    Attributes
    ----------
    kept : sequence of Pair
        The pairs that stay, exactly as they were published.
    ended : tuple of Ended
        Those that are no longer there.
    begun : tuple of Pair
        The new ones, best first.
    changes : tuple of PersonChange
        What that means for each person concerned, by id; ``.text()`` is for themself.
    left, joined : tuple of str
        Ids of those who take no part any more, and of those who are new.
    exceptions : tuple of str
        Pairs that stay though a rule forbids them now, with the reason, in words.
    at_most : float or None
        Where only so many people could change, what no other choice of pairs to give up leads to
        more than, as a total, by the word of HiGHS; else the certificate proves the answer.

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
    >>> revision = mm.match(people, program).revise(people, left=["bo"])
    >>> revision
    Revision(0 pairs stay, 1 ends, 1 begins)
    >>> print(revision.text("coordinator"))
    0 pairs stay as they are. Left: bo. Ended: ana and bo, of whom somebody left. Begun: ana and \
cy (0.89).
    >>> print(revision.changes[0].text())
    bo is no longer your partner. Your partner is cy. You teach cy leading. cy teaches you sql.
    >>> revision.matching.certificate.verify(revision.people, revision.program).ok
    True
    """

    kept: Sequence[Pair]
    ended: tuple[Ended, ...]
    begun: tuple[Pair, ...]
    changes: tuple[PersonChange, ...]
    left: tuple[str, ...]
    joined: tuple[str, ...]
    exceptions: tuple[str, ...]
    at_most: float | None
    _revised: Revised
    _answer: Callable[[Solved], Answer]

    @cached_property
    def matching(self) -> Answer:
        """All pairs of now with their proof, put together when it is first asked for.

        It is the best matching of `program` for `people`, and so its record is attached and
        verified as any other.
        """
        return self._answer(self._revised.solved)

    @property
    def people(self) -> Cohort:
        """Those who take part now: who left has no capacity, and declined pairs are bound.

        They are what the next step goes on from. What people declined after seeing their pair
        stands in no profile: enter it where your own data have declines.
        """
        return self._revised.people

    @property
    def program(self) -> Program:
        """The program with what it was restricted to: `Require` of the pairs that had to stay.

        Where established pairs could change (`stay`), they have a preference `Stay` instead.
        """
        return self._revised.program

    @property
    def score(self) -> float:
        """What the pairs that begin are worth, less what those that end were."""
        stays = [pair.score for pair in self.begun]
        return math.fsum([*stays, *(-pair.score for pair in self.ended)])

    def __repr__(self) -> str:
        return f"Revision({self.headline})"

    @property
    def headline(self) -> str:
        """How many pairs stay, end and begin: what a log may say."""
        kept, ended, begun = len(self.kept), len(self.ended), len(self.begun)
        return (
            f"{kept:,} pair{'s' * (kept != 1)} stay{'s' * (kept == 1)}, "
            f"{ended:,} end{'s' * (ended == 1)}, {begun:,} begin{'s' * (begun == 1)}"
        )

    def text(self, audience: Audience = "participant") -> str:
        """Return what has changed, in words.

        Parameters
        ----------
        audience
            Who reads it: a participant (then it names nobody), a coordinator or an auditor.

        Raises
        ------
        ValueError
            When there is no such audience.
        """
        return _Told(self).text(audience)


@dataclass(frozen=True, slots=True)
class _Told(Explanation):
    """A revision in words."""

    of: Revision[Any]

    @property
    def code(self) -> str:
        return "revised"

    @property
    def data(self) -> Mapping[str, Any]:
        return {"ended": self.of.ended, "begun": self.of.begun, "left": self.of.left}

    def _text(self, audience: Audience) -> str:
        if audience == "participant":
            return TO_A_PARTICIPANT
        kept = len(self.of.kept)
        be = "stays as it is" if kept == 1 else "stay as they are"
        names = {change.id: change.name for change in self.of.changes}
        ended = [f"{one.a_name} and {one.b_name}{one.reason}" for one in self.of.ended]
        begun = [f"{one.a_name} and {one.b_name} ({one.score:.2f})" for one in self.of.begun]
        lost = [change.name for change in self.of.changes if change.code == "lost"]
        parts = (
            ("Left", [names[person] for person in self.of.left]),
            ("Joined", [names[person] for person in self.of.joined]),
            ("Ended", ended),
            ("Begun", begun),
            ("Without a partner now", lost),
            ("Stay as exceptions", self.of.exceptions),
        )
        lists = [f"{what}: {'; '.join(some)}." for what, some in parts if some]
        return " ".join([f"{kept:,} pair{'s' * (kept != 1)} {be}.", *lists])
