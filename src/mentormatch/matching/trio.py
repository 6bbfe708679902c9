"""Who of those left over joins a pair of buddies, by id, and the check of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from mentormatch.assign.trio_certificate import check_trio
from mentormatch.exchange.graph import ExchangeGraph
from mentormatch.exchange.taught import skills_together
from mentormatch.matching.answer import Pair
from mentormatch.matching.checks import IdPair
from mentormatch.matching.recount import Recount
from mentormatch.solving.solved import Solved

__all__ = ["Trio", "trio_faults", "trio_of"]

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trio:
    """Three who learn together: a pair of buddies, and one who would else be left over.

    Attributes
    ----------
    joiner : str
        Who joins.
    a, b : str
        The pair; a has the smaller id.
    score : float
        What the joiner and either of the two are worth together, added up.
    meetings : tuple of Pair
        The joiner with the one and with the other: what each is worth, and what they would learn.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "wants": "sql"},
    ...         {"id": "bo", "wants": "sql; R"},
    ...         {"id": "cy", "wants": "R; sql"},
    ...     ]
    ... )
    >>> mm.match(people, mm.Program(format=mm.Buddies(allow_trio=True))).trio
    Trio(joiner='ana', a='bo', b='cy', score=1.0)
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    joiner: str
    a: str
    b: str
    score: float
    meetings: tuple[Pair, Pair] = field(repr=False)


def trio_of(solved: Solved) -> Trio | None:
    """Return the trio of a solved program by id; `None` if there is none."""
    if solved.trio is None:
        return None
    graph, joiner = solved.graph, solved.trio.joiner
    a, b = sorted((solved.trio.a, solved.trio.b), key=graph.a_ids.__getitem__)
    ids = graph.a_ids[joiner], graph.a_ids[a], graph.a_ids[b]
    met = _meeting(graph, joiner, a), _meeting(graph, joiner, b)
    return Trio(*ids, solved.trio.score, met)


def _meeting(graph: ExchangeGraph, joiner: int, member: int) -> Pair:
    """Return what one who joins and a member of the pair have from each other, if anything."""
    people, ends = graph.people, (joiner, member)
    rows = graph.side_a[[joiner]], graph.side_a[[member]]
    [together] = skills_together(people, graph.score_model, *rows)
    edge = np.flatnonzero((graph.a == min(ends)) & (graph.b == max(ends)))
    shared, score, preference = (
        float(column[edge[0]]) if len(edge) else 0.0
        for column in (graph.a_benefit, graph.score, graph.preference)
    )
    return Pair(
        a=graph.a_ids[joiner],
        b=graph.a_ids[member],
        score=score,
        a_teaches=(),
        b_teaches=(),
        a_benefit=shared,
        b_benefit=shared,
        preference=preference,
        a_name=people.names[rows[0][0]],
        b_name=people.names[rows[1][0]],
        together=together,
    )


def trio_faults(
    recount: Recount, ids: Sequence[str], pairs: Sequence[IdPair], trio: Trio | None
) -> list[str]:
    """Say what is wrong with who joins which pair.

    Parameters
    ----------
    recount
        Says what pairs are worth, and which may be.
    ids
        Of everybody in the pool.
    pairs
        The chosen pairs, each allowed and nobody in two.
    trio
        What is claimed; `None` for nobody.
    """
    place = {person: position for position, person in enumerate(ids)}
    made = np.array([[place[one], place[other]] for one, other in pairs], dtype=np.int64)
    a, b = made.reshape(-1, 2).T
    claimed = None
    if trio is not None:
        if not {trio.joiner, trio.a, trio.b} <= place.keys():
            return ["the trio is not of people who take part"]
        claimed = place[trio.joiner], place[trio.a], place[trio.b]
    found = check_trio(
        np.setdiff1d(np.arange(len(ids)), made),
        a,
        b,
        claimed,
        0.0 if trio is None else trio.score,
        score_of=recount.worth,
        may_meet=recount.may_be,
    )
    if not found.valid:
        return ["the trio is none that may be, or is not worth what is claimed"]
    if found.better is not None:
        joiner, one, other = (ids[position] for position in found.better)
        return [f"{joiner} would be worth more with {one} and {other} than the trio there is"]
    return []
