"""What an answer consists of: the pairs, and the people without one."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import pairwise
from math import fsum
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from mentormatch.assign.ring_problem import RingSolution
from mentormatch.exchange.graph import ExchangeGraph
from mentormatch.exchange.needs import are_met, are_of_use, have_wishes
from mentormatch.exchange.shared import SharedWishes
from mentormatch.exchange.taught import skills_taught, skills_together
from mentormatch.lazy_sequence import LazySequence
from mentormatch.matching.scan import named
from mentormatch.solving.solved import Solved

__all__ = [
    "Aside",
    "Pair",
    "PairSequence",
    "Unmatched",
    "aside_of",
    "unmatched_of",
]

Rows = NDArray[np.int64]
Code = Literal[
    "no_wishes",
    "no_buddy",
    "no_teacher",
    "no_learner",
    "never_both",
    "ruled_out",
    "role_ruled_out",
    "outcompeted",
    "too_dear",
    "no_ring",
]

#: Why somebody has no partner: a code that stays, and words that may be read out.
REASONS: dict[Code, str] = {
    "no_wishes": "no wish that is still open",
    "no_buddy": "nobody who wishes for the same and teaches none of it",
    "no_teacher": "nobody to teach them what they wish for",
    "no_learner": "nobody to learn what they teach",
    "never_both": "some who could teach and some who could learn, but nobody for enough of both",
    "ruled_out": "something to exchange, but the rules allow none of these pairs",
    "role_ruled_out": "some to teach and some to learn from, but the rules leave only one of these",
    "outcompeted": "too few partners for all: whoever takes one leaves another person without",
    "too_dear": "possible partners who are worth more to others",
    "no_ring": "a place in none of the best rings",
}

#: How a record is read back into these classes: as it was written, and with nothing added.
_AS_WRITTEN = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who are matched; in a ring, one who teaches the next.

    Attributes
    ----------
    a, b : str
        Their ids; a is on the first side, has the smaller id in one pool, or teaches in a ring.
    score : float
        What the pair is worth: `reciprocity` and `preference` together.
    a_teaches, b_teaches : tuple of str
        The skills each teaches the other, what counts most first.
    a_benefit, b_benefit : float
        The share of a's, and of b's, wishes that the other meets, in [0, 1]; 0 in a direction
        that the score does not count.
    preference : float
        What the program's preferences add to the score.
    a_name, b_name : str
        Their names.
    together : tuple of str
        Of buddies, the skills that both want to learn, what counts most first.

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
    >>> mm.match(people, program).pairs[0].b_teaches
    ('sql',)
    """

    __pydantic_config__: ClassVar[ConfigDict] = _AS_WRITTEN

    a: str
    b: str
    score: float
    a_teaches: tuple[str, ...]
    b_teaches: tuple[str, ...]
    a_benefit: float = field(repr=False)
    b_benefit: float = field(repr=False)
    preference: float = field(repr=False)
    a_name: str = field(repr=False)
    b_name: str = field(repr=False)
    together: tuple[str, ...] = field(default=(), repr=False)

    @property
    def reciprocity(self) -> float:
        """What the two exchange, by the program's score, in [0, 1]."""
        return self.score - self.preference  # exact: both are multiples of 2**-40

    def as_record(self) -> dict[str, Any]:
        """Return the pair as plain data; skills are lists."""
        record = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }
        return {**record, "reciprocity": self.reciprocity}


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Somebody who takes part and has no partner; who is on both sides may lack one on each.

    Attributes
    ----------
    id, name, side : str
        Who, and the name of the side on which they have none; ``""`` in one pool and in rings.
    code : str
        Why: ``"no_wishes"``, ``"no_teacher"``, ``"no_learner"`` or ``"never_both"`` (of buddies
        ``"no_wishes"`` or ``"no_buddy"``) where they
        have nothing to exchange, ``"ruled_out"`` where rules forbid all there is, and else
        ``"outcompeted"`` where people count (who is served in their stead cannot be served
        beside them) or ``"too_dear"`` where only the total counts. In rings ``"role_ruled_out"``
        where rules forbid all whom they could teach, or all from whom they could learn, and else
        ``"no_ring"``.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...         {"id": "cy", "rank": 1, "teaches": "sewing", "wants": "leading"},
    ...     ]
    ... )
    >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    >>> mm.match(people, program).unmatched
    (Unmatched(id='cy', name='cy', side='b', code='no_learner'),)
    """

    __pydantic_config__: ClassVar[ConfigDict] = _AS_WRITTEN

    id: str
    name: str
    side: str
    code: Code

    @property
    def reason(self) -> str:
        """The code in words."""
        return REASONS[self.code]


@dataclass(frozen=True, slots=True)
class Aside:
    """Somebody who takes no part, and why.

    Attributes
    ----------
    id, name : str
        Who.
    reason : str
        In words, such as ``"rank is blank"``.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...         {"id": "di", "teaches": "sewing", "wants": "leading"},
    ...     ]
    ... )
    >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    >>> mm.match(people, program).taking_no_part
    (Aside(id='di', name='di', reason='rank is blank'),)
    """

    __pydantic_config__: ClassVar[ConfigDict] = _AS_WRITTEN

    id: str
    name: str
    reason: str


class PairSequence(LazySequence[Pair]):
    """The pairs of a solved program, best first, or ring by ring; each made when it is asked for.

    Parameters
    ----------
    solved
        What they are read from.
    """

    def __init__(self, solved: Solved) -> None:
        self._solved = solved
        graph = solved.graph
        a, b, scores = solved.chosen
        ids = zip(a.tolist(), b.tolist(), strict=True)
        names = [named((graph.a_ids, graph.b_ids), *ends, graph.layout) for ends in ids]
        if isinstance(solved.solution, RingSolution):
            order = _ring_by_ring(solved.solution, graph.a_ids)
        else:
            keys = list(zip((-scores).tolist(), names, strict=True))
            order = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
        ends = graph.side_a[a[order]], graph.side_b[b[order]]
        # In one pool the smaller id comes first, whoever comes first in the rows.
        turned = [names[pair][0] != graph.a_ids[a[pair]] for pair in order.tolist()]
        self._turned = np.array(turned, dtype=np.bool_)
        self._rows_a = np.where(self._turned, *ends[::-1])
        self._rows_b = np.where(self._turned, *ends)
        self._edges = _edges(graph, a[order], b[order])

    @property
    def rows(self) -> tuple[Rows, Rows]:
        """Rows of the two people of every pair, in the order of the pairs."""
        return self._rows_a, self._rows_b

    def __len__(self) -> int:
        return len(self._edges)

    def __repr__(self) -> str:
        return f"<{len(self):,} pairs>"

    def _at(self, place: int) -> Pair:
        people, edge = self._solved.graph.people, self._edges[place]
        row_a, row_b = self._rows_a[place], self._rows_b[place]
        received = [self._solved.graph.a_benefit[edge], self._solved.graph.b_benefit[edge]]
        if self._turned[place]:
            received.reverse()
        a_teaches, b_teaches = self._taught
        return Pair(
            a=people.ids[row_a],
            b=people.ids[row_b],
            score=float(self._solved.graph.score[edge]),
            a_teaches=a_teaches[place],
            b_teaches=b_teaches[place],
            a_benefit=float(received[0]),
            b_benefit=float(received[1]),
            preference=float(self._solved.graph.preference[edge]),
            a_name=people.names[row_a],
            b_name=people.names[row_b],
            together=self._together[place],
        )

    @cached_property
    def _taught(self) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
        graph = self._solved.graph
        return skills_taught(graph.people, graph.score_model, self._rows_a, self._rows_b)

    @cached_property
    def _together(self) -> list[tuple[str, ...]]:
        graph = self._solved.graph
        return skills_together(graph.people, graph.score_model, self._rows_a, self._rows_b)


def unmatched_of(solved: Solved) -> tuple[Unmatched, ...]:
    """Return everybody who takes part and has no partner, by side and id."""
    graph, people = solved.graph, solved.graph.people
    if graph.layout == "arrows":
        return _in_no_ring(solved)
    a, b, _ = solved.chosen
    places = [(solved.sides.names[0], graph.side_a, a), (solved.sides.names[1], graph.side_b, b)]
    if graph.layout == "pool":
        joined = [] if solved.trio is None else [solved.trio.joiner]
        places = [("", graph.side_a, np.concatenate((a, b, np.array(joined, dtype=np.int64))))]
    otherwise: Code = "too_dear" if solved.program.objective == "score" else "outcompeted"
    single = []
    for number, (side, rows, used) in enumerate(places):
        no_permission = set(graph.without_permission[number].tolist())
        left = sorted(np.delete(rows, used).tolist(), key=people.ids.__getitem__)
        nothing = dict(_nothing_to_exchange(graph, number, left))
        for row in left:
            code = nothing.get(row, "ruled_out" if row in no_permission else otherwise)
            single.append(Unmatched(people.ids[row], people.names[row], side, code))
    return tuple(single)


def _nothing_to_exchange(
    graph: ExchangeGraph, side: int, left: Sequence[int]
) -> Iterator[tuple[int, Code]]:
    """Yield who of some people of a side has nothing to exchange, and what is missing first."""
    people, model = graph.people, graph.score_model
    rows = np.intersect1d(graph.without_exchange[side], left).astype(np.int64)
    others = (graph.side_b, graph.side_a)[side]
    learns, teaches = (model.a_receives, model.b_receives)[:: -1 if side else 1]
    checks: list[tuple[Code, NDArray[np.bool_]]] = []
    if isinstance(model, SharedWishes):
        checks.append(("no_wishes", ~have_wishes(people, rows)))
        checks.append(("no_buddy", np.ones(len(rows), dtype=np.bool_)))
        learns, teaches = False, False
    if learns:
        checks.append(("no_wishes", ~have_wishes(people, rows)))
        checks.append(("no_teacher", ~are_met(people, rows, others)))
    if teaches:
        checks.append(("no_learner", ~are_of_use(people, rows, others)))
    for place, row in enumerate(rows.tolist()):
        codes = [code for code, is_so in checks if is_so[place]]
        yield row, codes[0] if codes else "never_both"


def _in_no_ring(solved: Solved) -> tuple[Unmatched, ...]:
    """Return everybody who takes part and is in no ring, by id, and which role they lack."""
    graph, people = solved.graph, solved.graph.people
    forbidden = set(np.concatenate(graph.without_permission).tolist())
    left = sorted(np.delete(graph.side_a, solved.chosen[0]).tolist(), key=people.ids.__getitem__)
    nothing = {
        row: code for side in (0, 1) for row, code in _nothing_to_exchange(graph, side, left)
    }
    single = []
    for row in left:
        code = nothing.get(row, "role_ruled_out" if row in forbidden else "no_ring")
        single.append(Unmatched(people.ids[row], people.names[row], "", code))
    return tuple(single)


def aside_of(solved: Solved) -> tuple[Aside, ...]:
    """Return everybody who takes no part, by id."""
    people = solved.graph.people
    return tuple(
        sorted(
            (Aside(people.ids[row], people.names[row], why) for row, why in solved.sides.aside),
            key=lambda person: person.id,
        )
    )


def _ring_by_ring(solution: RingSolution, ids: Sequence[str]) -> Rows:
    """Return the order of a solution's arrows in an answer: the rings that are worth most first.

    Each ring begins with its smallest id.
    """
    starts, members = solution.starts.tolist(), solution.members.tolist()
    rings = []
    for begin, end in pairwise(starts):
        first = min(range(begin, end), key=lambda one: ids[members[one]])
        arrows = [*range(first, end), *range(begin, first)]
        rings.append((-fsum(solution.scores[begin:end].tolist()), ids[members[first]], arrows))
    return np.array([arrow for *_, arrows in sorted(rings) for arrow in arrows], dtype=np.int64)


def _edges(graph: ExchangeGraph, a: Rows, b: Rows) -> Rows:
    """Return chosen pairs as edges of the graph, which are ordered by a, then b."""
    width = len(graph.side_b)
    return np.searchsorted(graph.a * width + graph.b, a * width + b)
