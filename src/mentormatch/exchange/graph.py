"""The exchange graph: the allowed, scored pairs, one node per person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.errors import ProgramError
from mentormatch.exchange.benefit import benefit_of_pairs
from mentormatch.exchange.candidates import ScoredPairs, scored_pairs
from mentormatch.exchange.layout import Layout
from mentormatch.exchange.preferred import NO_PREFERENCES, Preferred
from mentormatch.exchange.rules import PairTest
from mentormatch.exchange.scores import AnyScore
from mentormatch.exchange.shared import SharedWishes
from mentormatch.exchange.shared_pairs import overlap, shared_pairs
from mentormatch.exchange.taught import skills_taught
from mentormatch.people import Cohort
from mentormatch.progress import Progress, quiet

if TYPE_CHECKING:
    import networkx

__all__ = ["ExchangeGraph", "Partner", "exchange_graph", "named_pairs"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Rule = tuple[str, PairTest]


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody with whom a person could be paired.

    Attributes
    ----------
    id, name : str
        Who.
    score : float
        What the pair is worth, preferences included.
    teaches, learns : tuple of str
        The skills that the person would teach them, and learn from them, what counts most first.
    side : str
        The name of the side on which they would stand.

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
    >>> mm.build_graph(people, program).partners("bo", k=5)
    (Partner(id='ana', name='ana', score=1.0, teaches=('sql',), learns=('leading',)),)
    """

    id: str
    name: str
    score: float
    teaches: tuple[str, ...]
    learns: tuple[str, ...]
    side: str = field(repr=False)


@dataclass(frozen=True, eq=False)
class ExchangeGraph:
    """Who could be paired with whom, how good that would be, and what the rules took away.

    Attributes
    ----------
    people : Cohort
        The people the rows belong to.
    score_model : Reciprocity, OneWay or SharedWishes
        How the scores were made.
    sides : tuple of str
        What the two sides are called.
    side_a, side_b : numpy.ndarray
        Rows of the people on either side; somebody in both roles is on both, and in one pool, or
        where rings are made, everybody is.
    a, b : numpy.ndarray
        One entry per edge: positions on side a and on side b, ordered by a, then b. In one pool
        each pair is one edge, and a is less than b; an arrow goes from a, who teaches, to b.
    score : numpy.ndarray
        One entry per edge: what the two exchange, in [0, 1] and 0 only for pairs that a rule
        requires, and what preferences add to it.
    preference : numpy.ndarray
        One entry per edge: what preferences add. ``score - preference`` is exact.
    a_benefit, b_benefit : numpy.ndarray
        One entry per edge: the share of a's, and of b's, wishes that the other meets; 0 in a
        direction that the score does not count.
    removed : tuple of (str, int), or None
        For each rule, how many pairs with something to exchange it forbids. A pair that two rules
        forbid counts with both. `None` where there were too many to ask every rule about each.
    without_exchange : tuple of numpy.ndarray
        Rows of the people on side a, and of those on side b, who have nothing to exchange with
        anybody on the other side.
    without_permission : tuple of numpy.ndarray
        Likewise of those who have, but every such pair is forbidden by the program's rules.
    layout : str
        ``"sides"``, one ``"pool"``, or ``"arrows"`` of which rings are made.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...         {"id": "cy", "rank": 2, "teaches": "sql:4", "wants": "chess"},
    ...     ]
    ... )
    >>> program = mm.Program(
    ...     format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)),
    ...     score=mm.Reciprocity(mean="arithmetic"),
    ... )
    >>> graph = mm.build_graph(people, program)
    >>> graph
    ExchangeGraph(1 x 2 people, 2 pairs)
    >>> graph.b_ids, graph.to_scipy().toarray().round(2)
    (('bo', 'cy'), array([[1. , 0.4]]))
    >>> graph.to_networkx().edges["ana", "cy"]["b_teaches"]
    ('sql',)
    """

    people: Cohort
    score_model: AnyScore
    sides: tuple[str, str]
    side_a: Rows
    side_b: Rows
    a: Rows
    b: Rows
    score: Floats
    preference: Floats
    a_benefit: Floats
    b_benefit: Floats
    removed: tuple[tuple[str, int], ...] | None
    without_exchange: tuple[Rows, Rows]
    without_permission: tuple[Rows, Rows]
    layout: Layout = "sides"

    def __post_init__(self) -> None:
        arrays = (*vars(self).values(), *self.without_exchange, *self.without_permission)
        for value in arrays:
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def __len__(self) -> int:
        return len(self.score)

    def __repr__(self) -> str:
        size = f"{len(self.side_a):,}"
        if self.layout == "sides":
            size += f" x {len(self.side_b):,}"
        edges = "arrows" if self.layout == "arrows" else "pairs"
        return f"ExchangeGraph({size} people, {len(self):,} {edges})"

    @cached_property
    def a_ids(self) -> tuple[str, ...]:
        """Ids of the people on side a, in the order of `a`'s positions."""
        return tuple(self.people.ids[row] for row in self.side_a)

    @cached_property
    def b_ids(self) -> tuple[str, ...]:
        """Ids of the people on side b, in the order of `b`'s positions."""
        return tuple(self.people.ids[row] for row in self.side_b)

    @cached_property
    def overlap(self) -> bool:
        """Whether somebody is on both of two sides, and so twice in the graph."""
        return self.layout == "sides" and bool(np.isin(self.side_a, self.side_b).any())

    def partners(self, person: str, k: int | None = None) -> tuple[Partner, ...]:
        """Return whom a person could be paired with, the best first.

        Parameters
        ----------
        person
            Their id.
        k
            How many; `None` for all.

        Returns
        -------
        tuple of Partner
            Only pairs that are allowed; of equal ones the smaller id comes first. Who is on both
            sides has partners in both roles; where rings are made, `Partner.side` tells the
            learners from the teachers.

        Raises
        ------
        ProgramError
            When nobody has this id, or the person takes no part.
        """
        row = self.people.row(person)
        on_a, on_b = np.flatnonzero(self.side_a == row), np.flatnonzero(self.side_b == row)
        if not len(on_a) and not len(on_b):
            raise ProgramError(f"{person!r} takes no part in this program; there are no partners")
        edges = np.flatnonzero(np.isin(self.a, on_a) | np.isin(self.b, on_b))
        rows_a, rows_b = self.side_a[self.a[edges]], self.side_b[self.b[edges]]
        a_teaches, b_teaches = skills_taught(self.people, self.score_model, rows_a, rows_b)
        found = []
        for edge, a, b, from_a, from_b in zip(
            edges, rows_a.tolist(), rows_b.tolist(), a_teaches, b_teaches, strict=True
        ):
            is_a = a == row  # nobody is paired with themself
            other, teaches, learns = (b, from_a, from_b) if is_a else (a, from_b, from_a)
            ids, names = self.people.ids, self.people.names
            score, side = float(self.score[edge]), self.sides[is_a]
            found.append(Partner(ids[other], names[other], score, teaches, learns, side))
        return tuple(sorted(found, key=lambda one: (-one.score, one.id, one.side))[:k])

    def to_scipy(self) -> csr_array:
        """Return the scores as a sparse array; what is not stored is no edge.

        Returns
        -------
        scipy.sparse.csr_array
            Shape (side a, side b), a copy.
        """
        shape = (len(self.side_a), len(self.side_b))
        return csr_array((self.score.copy(), (self.a, self.b)), shape=shape)

    def to_networkx(self) -> "networkx.Graph[str | tuple[str, str]]":
        """Return a networkx graph of ids, bipartite where there are two sides, directed for rings.

        Where somebody is on both sides, every node is a tuple instead, the name of the side and
        the id: one person is then two nodes. Nodes carry ``name`` and, with sides, ``bipartite``
        (0 for side a, 1 for side b); edges carry ``score``, ``preference``, ``a_benefit``,
        ``b_benefit`` and the skills taught each way, ``a_teaches``, ``b_teaches``. For rings, they
        go from who teaches to who learns.

        Returns
        -------
        networkx.Graph
            A `networkx.DiGraph` for rings.
        """
        import networkx  # Imported here: it would triple the time that importing the library takes.

        kind = networkx.DiGraph if self.layout == "arrows" else networkx.Graph
        graph: networkx.Graph[str | tuple[str, str]] = kind()
        nodes: list[Sequence[str | tuple[str, str]]] = [self.a_ids, self.b_ids]
        if self.overlap:
            nodes = [
                [(side, person) for person in ids]
                for side, ids in zip(self.sides, (self.a_ids, self.b_ids), strict=True)
            ]
        for side, rows in enumerate((self.side_a, self.side_b)):
            where = {"bipartite": side} if self.layout == "sides" else {}
            for node, row in zip(nodes[side], rows, strict=True):
                graph.add_node(node, name=self.people.names[row], **where)
        rows_a, rows_b = self.side_a[self.a], self.side_b[self.b]
        a_teaches, b_teaches = skills_taught(self.people, self.score_model, rows_a, rows_b)
        for edge, (a, b) in enumerate(zip(self.a, self.b, strict=True)):
            graph.add_edge(
                nodes[0][a],
                nodes[1][b],
                score=float(self.score[edge]),
                preference=float(self.preference[edge]),
                a_benefit=float(self.a_benefit[edge]),
                b_benefit=float(self.b_benefit[edge]),
                a_teaches=a_teaches[edge],
                b_teaches=b_teaches[edge],
            )
        return graph


def exchange_graph(
    people: Cohort,
    side_a: Rows,
    side_b: Rows,
    sides: tuple[str, str],
    score: AnyScore,
    rules: Sequence[Rule],
    required: Rows,
    progress: Progress = quiet,
    threads: int | None = None,
    layout: Layout = "sides",
    preferred: Preferred = NO_PREFERENCES,
    most: int | None = None,
) -> ExchangeGraph:
    """Score all pairs of two sides, a pool or rings, and keep what rules and people allow.

    Nobody is paired with themself: what somebody teaches they have, so that they meet no wish of
    their own and the score of such a pair is 0.

    Parameters
    ----------
    people
        The cohort.
    side_a, side_b
        Rows of the people on either side; the same for one pool and for rings.
    sides
        What the two sides are called.
    score
        How the two benefits become one number.
    rules
        Each rule's text and its test.
    required
        Pairs (position on a, position on b) that are edges even at score 0, shape (pairs, 2).
    progress
        Told how many people of side a are done.
    threads
        How many look people up; one for each processor by default.
    layout
        How people can meet.
    preferred
        What preferences add to the score of an edge.
    most
        How many pairs can be held.

    Raises
    ------
    ProgramError
        When there are more.
    """
    held = 0
    counts = np.zeros(len(rules), dtype=np.int64)
    in_pool = layout == "pool"
    exchanging, permitted = (
        _marks(len(side_a), len(side_b), shared=in_pool) for _ in ("exchanging", "permitted")
    )
    kept: dict[str, list[NDArray[Any]]] = {field.name: [] for field in fields(ScoredPairs)}
    both_ways = layout == "sides" and isinstance(score, SharedWishes)
    for found in _scored(people, side_a, side_b, score, threads, both_ways=both_ways):
        block = found.where(found.a < found.b) if in_pool else found
        rows_a, rows_b = side_a[block.a], side_b[block.b]
        allowed = np.ones(len(rows_a), dtype=np.bool_)
        for number, (_, test) in enumerate(rules):
            passed = test(rows_a, rows_b)
            counts[number] += np.count_nonzero(~passed)
            allowed &= passed
        for side, places in enumerate((block.a, block.b)):
            exchanging[side][places] = True
            permitted[side][places[allowed]] = True
        # Declines come last and are counted nowhere: nobody may read them off a number.
        allowed &= ~people.are_declined(rows_a, rows_b)
        for name, column in kept.items():
            column.append(getattr(block, name)[allowed])
        held += int(np.count_nonzero(allowed))
        if most is not None and held > most:
            raise ProgramError(
                f"more than {most:,} pairs are allowed between these {len(side_a):,} x "
                f"{len(side_b):,} people, which is all that can be held where people may have "
                "several partners, or must have one, or a floor is asked for; give the score a "
                "floor, add rules, or match parts of the organisation apart"
            )
        progress("scoring", int(found.a[-1]) + 1, len(side_a))
    required_a, required_b = side_a[required[:, 0]], side_b[required[:, 1]]
    named = named_pairs(people, required_a, required_b, required, score)
    edges = _with_required(kept, named, len(side_b), in_order=not both_ways)
    preference = preferred.points(edges.score, side_a[edges.a], side_b[edges.b])
    without_exchange, without_permission = [], []
    for side, ends in enumerate(required.T):
        permitted[side][ends] = True
        exchanging[side][ends] = True
    for side, rows in enumerate((side_a, side_b)):
        without_exchange.append(rows[~exchanging[side]])
        without_permission.append(rows[exchanging[side] & ~permitted[side]])
    return ExchangeGraph(
        people=people,
        score_model=score,
        sides=sides,
        side_a=side_a,
        side_b=side_b,
        a=edges.a,
        b=edges.b,
        score=edges.score + preference,
        preference=preference,
        a_benefit=edges.a_benefit,
        b_benefit=edges.b_benefit,
        removed=tuple((name, int(count)) for (name, _), count in zip(rules, counts, strict=True)),
        without_exchange=(without_exchange[0], without_exchange[1]),
        without_permission=(without_permission[0], without_permission[1]),
        layout=layout,
    )


def _scored(
    people: Cohort,
    side_a: Rows,
    side_b: Rows,
    score: AnyScore,
    threads: int | None,
    *,
    both_ways: bool,
) -> Iterator[ScoredPairs]:
    if not isinstance(score, SharedWishes):
        yield from scored_pairs(people, side_a, side_b, score, threads)
        return
    for pairs in shared_pairs(people, side_a, score):
        yield pairs
        if both_ways:  # everybody is on either side, and each pair is two
            yield replace(pairs, a=pairs.b, b=pairs.a)


def _marks(n_a: int, n_b: int, *, shared: bool) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return one mark for each person of either side, not set; of a pool both sides share them."""
    of_a = np.zeros(n_a, dtype=np.bool_)
    return of_a, of_a if shared else np.zeros(n_b, dtype=np.bool_)


def _with_required(
    kept: dict[str, list[NDArray[Any]]], required: ScoredPairs, width: int, *, in_order: bool
) -> ScoredPairs:
    """Join the blocks, which are used up, and add the required pairs that score nothing."""
    joined = {}
    for name, column in kept.items():
        joined[name] = np.concatenate([*column, getattr(required, name)])
        column.clear()  # so that no more than one column is held twice
    edges = ScoredPairs(**joined)
    if in_order and not len(required.a):
        return edges  # block after block
    # The first of equal keys is kept: a required pair that scores is in its block already.
    _, order = np.unique(edges.a * width + edges.b, return_index=True)
    return edges.where(order)


def named_pairs(
    people: Cohort, rows_a: Rows, rows_b: Rows, pairs: Rows, score: AnyScore
) -> ScoredPairs:
    """Score pairs by name, whether they exchange anything or not.

    Parameters
    ----------
    people
        The cohort.
    rows_a, rows_b
        Rows of the people of each pair.
    pairs
        Their positions, shape (pairs, 2).
    score
        How the two benefits become one number.
    """
    a_benefit, b_benefit = np.zeros((2, len(pairs)))
    if isinstance(score, SharedWishes):
        ends = zip(rows_a.tolist(), rows_b.tolist(), strict=True)
        a_benefit[:] = b_benefit[:] = [overlap(people, *both, score) for both in ends]
    else:
        counted = score.wishes_counted
        if score.a_receives:
            a_benefit = benefit_of_pairs(people, rows_b, rows_a, counted)
        if score.b_receives:
            b_benefit = benefit_of_pairs(people, rows_a, rows_b, counted)
    scores = score.combine(a_benefit, b_benefit)
    return ScoredPairs(pairs[:, 0], pairs[:, 1], scores, a_benefit, b_benefit)
