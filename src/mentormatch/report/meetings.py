"""Who meets in an answer, who else could, and what they would teach each other."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.candidates import scored_pairs
from mentormatch.exchange.layout import Layout
from mentormatch.exchange.shared import SharedWishes
from mentormatch.exchange.shared_pairs import shared_pairs
from mentormatch.exchange.taught import skills_taught, skills_together
from mentormatch.solving.rules import rule_tests
from mentormatch.solving.solved import Solved

__all__ = ["PAIRS", "Meeting", "Meetings", "Place", "meetings_of"]

Rows: TypeAlias = NDArray[np.int64]
#: Somebody on one of two sides; everybody is on side 0 of a pool and of rings.
Place: TypeAlias = tuple[int, int]

#: With more people than this only the best pairs are drawn, so many of them.
MOST, PAIRS = 60, 20


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two people who are paired, or could be.

    Attributes
    ----------
    a, b : (int, int)
        Side and row of each; in rings a teaches b.
    chosen : bool
        Whether they are paired.
    a_teaches, b_teaches, together : tuple of str
        The skills, as in `Pair`.
    """

    a: Place
    b: Place
    chosen: bool
    a_teaches: tuple[str, ...]
    b_teaches: tuple[str, ...]
    together: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meetings:
    """People and who of them meets whom.

    Attributes
    ----------
    layout : str
        How people meet.
    sides : tuple of str
        What the two sides are called.
    called : dict
        Names by place: those who are paired in the order of the answer, then all others.
    meetings : tuple of Meeting
        The chosen ones in the order of the answer, then all others.
    is_whole : bool
        Whether everybody who takes part is there.
    both_learn : bool
        Whether the score counts what either of two learns.
    """

    layout: Layout
    sides: tuple[str, str]
    called: dict[Place, str]
    meetings: tuple[Meeting, ...]
    is_whole: bool
    both_learn: bool

    @property
    def chosen(self) -> tuple[Meeting, ...]:
        """The meetings that are."""
        return tuple(one for one in self.meetings if one.chosen)

    @property
    def single(self) -> tuple[Place, ...]:
        """Places of those who meet nobody."""
        paired = {place for one in self.chosen for place in (one.a, one.b)}
        return tuple(place for place in self.called if place not in paired)

    def is_one_way(self, one: Meeting) -> bool:
        """Tell whether only one of two would learn, where both should."""
        both = one.together or (one.a_teaches and one.b_teaches)
        return self.both_learn and not both


def meetings_of(solved: Solved) -> Meetings:
    """Return who meets in a small program and who could; of a large one those of the best pairs.

    Who could meet has something to exchange and keeps the rules. What people decline is not asked:
    two who could meet but for that are among them, so that nobody can read it off.
    """
    rows_a, rows_b, is_whole = _drawn(solved)
    chosen = _chosen(solved, rows_a, rows_b)
    possible = _possible(solved, rows_a, rows_b)
    pairs = np.array([*chosen, *sorted({*possible} - {*chosen})], dtype=np.int64).reshape(-1, 2)
    people, model = solved.graph.people, solved.graph.score_model
    taught = skills_taught(people, model, *pairs.T)
    together = skills_together(people, model, *pairs.T)
    second = int(solved.graph.layout == "sides")
    meetings = tuple(
        Meeting((0, a), (second, b), number < len(chosen), *skills)
        for number, ((a, b), *skills) in enumerate(
            zip(pairs.tolist(), *taught, together, strict=True)
        )
    )
    called = {row: people.called(row) for row in np.union1d(rows_a, rows_b).tolist()}
    places = [place for one in meetings if one.chosen for place in (one.a, one.b)]
    places += [
        (side, row) for side, rows in ((0, rows_a), (second, rows_b)) for row in rows.tolist()
    ]
    return Meetings(
        layout=solved.graph.layout,
        sides=solved.sides.names,
        called={place: called[place[1]] for place in dict.fromkeys(places)},
        meetings=meetings,
        is_whole=is_whole,
        both_learn=model.a_receives and model.b_receives,
    )


def _drawn(solved: Solved) -> tuple[Rows, Rows, bool]:
    """Return the rows of those on either side who are drawn, and whether that is everybody."""
    sides, graph = solved.sides, solved.graph
    if len(sides.taking_part) <= MOST:
        return sides.a, sides.b, True
    a, b, scores = solved.chosen
    best = np.argsort(-scores, kind="stable")[:PAIRS]
    rows_a, rows_b = np.unique(graph.side_a[a[best]]), np.unique(graph.side_b[b[best]])
    if graph.layout != "sides":
        rows_a = rows_b = np.union1d(rows_a, rows_b)
    return rows_a, rows_b, False


def _chosen(solved: Solved, rows_a: Rows, rows_b: Rows) -> list[tuple[int, int]]:
    """Return the chosen pairs of the people drawn: the best first, of rings arrow by arrow."""
    graph = solved.graph
    a, b, scores = solved.chosen
    order = np.arange(len(a)) if graph.layout == "arrows" else np.argsort(-scores, kind="stable")
    ends = [graph.side_a[a[order]], graph.side_b[b[order]]]
    if graph.layout == "sides":
        # Pairs of one person stand together, where the best of them would.
        _, first, who = np.unique(ends[0], return_index=True, return_inverse=True)
        order = np.argsort(first[who], kind="stable")
        ends = [end[order] for end in ends]
    inside = np.isin(ends[0], rows_a) & np.isin(ends[1], rows_b)
    pairs = list(zip(ends[0][inside].tolist(), ends[1][inside].tolist(), strict=True))
    if solved.trio is not None:
        joiner, *others = graph.side_a[[solved.trio.joiner, solved.trio.a, solved.trio.b]].tolist()
        place = next((n for n, pair in enumerate(pairs) if {*pair} == {*others}), None)
        if place is not None:
            met = [(min(joiner, other), max(joiner, other)) for other in others]
            pairs[place + 1 : place + 1] = met
    return pairs


def _possible(solved: Solved, rows_a: Rows, rows_b: Rows) -> list[tuple[int, int]]:
    """Return the pairs with something to exchange that the rules allow; declines are not asked."""
    people, model = solved.graph.people, solved.graph.score_model
    if isinstance(model, SharedWishes):
        blocks = shared_pairs(people, rows_a, model)
    else:
        blocks = scored_pairs(people, rows_a, rows_b, model, threads=1)
    tests = [test for _, test in rule_tests(people, solved.program.rules, solved.sides)]
    found = []
    for block in blocks:
        kept = block.where(block.a < block.b) if solved.graph.layout == "pool" else block
        a, b = rows_a[kept.a], rows_b[kept.b]
        allowed = np.ones(len(a), dtype=np.bool_)
        for test in tests:
            allowed &= test(a, b)
        found += list(zip(a[allowed].tolist(), b[allowed].tolist(), strict=True))
    return found
