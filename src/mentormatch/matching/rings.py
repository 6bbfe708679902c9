"""Rings of an answer: who teaches whom, in order, until the last teaches the first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import fsum

from mentormatch.matching.answer import Pair

__all__ = ["Ring", "numbered", "rings_of"]


@dataclass(frozen=True, slots=True)
class Ring:
    """People of whom each teaches the next, and the last the first.

    Attributes
    ----------
    members : tuple of str
        Ids in order, from the smallest on.
    score : float
        What all of it is worth: the sum of the arrows' scores.
    arrows : tuple of Pair
        For each member one pair, in which they teach (`a`) and the next member learns (`b`).

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "go"},
    ...         {"id": "bo", "teaches": "R", "wants": "sql"},
    ...         {"id": "cy", "teaches": "go", "wants": "R"},
    ...     ]
    ... )
    >>> ring = mm.match(people, mm.Program(format=mm.Rings())).rings[0]
    >>> ring
    Ring(members=('ana', 'bo', 'cy'), score=3.0)
    >>> ring.arrows[2].a, ring.arrows[2].a_teaches, ring.arrows[2].b
    ('cy', ('go',), 'ana')
    """

    members: tuple[str, ...]
    score: float
    arrows: tuple[Pair, ...] = field(repr=False)


def numbered(arrows: Iterable[Pair]) -> Iterator[tuple[int, int, Pair]]:
    """Yield for each arrow the number of its ring and its place there, both from 1 on.

    Parameters
    ----------
    arrows
        Ring by ring, each in order.
    """
    ring, place, first = 0, 0, None
    for arrow in arrows:
        if first is None:
            ring, place, first = ring + 1, 0, arrow.a
        place += 1
        yield ring, place, arrow
        if arrow.b == first:
            first = None


def rings_of(arrows: Sequence[Pair]) -> tuple[Ring, ...]:
    """Return the rings that arrows make.

    Parameters
    ----------
    arrows
        Ring by ring, each in order.
    """
    rings: list[list[Pair]] = []
    for _, place, arrow in numbered(arrows):
        if place == 1:
            rings.append([])
        rings[-1].append(arrow)
    return tuple(
        Ring(
            members=tuple(arrow.a for arrow in ring),
            score=fsum(arrow.score for arrow in ring),
            arrows=tuple(ring),
        )
        for ring in rings
    )
