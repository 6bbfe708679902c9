"""A matching that serves those who waited before anybody else, and the proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.capacities import Capacities
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_problem import PoolProblem
from mentormatch.assign.problem import Objective, Problem, Status
from mentormatch.assign.solve import solve as solve_problem
from mentormatch.errors import ProgramError
from mentormatch.exchange.graph import ExchangeGraph
from mentormatch.exchange.preferences import Waited
from mentormatch.matching.certificate import Verification
from mentormatch.matching.checks import DESCRIBED
from mentormatch.matching.groups import sets_by_id
from mentormatch.matching.match import match
from mentormatch.matching.matching import Matching
from mentormatch.matching.scan import by_id
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.rounds.first_proof import FirstProof
from mentormatch.solving.divided import divided
from mentormatch.solving.graph import graph_of
from mentormatch.solving.sides import Split
from mentormatch.solving.task import Task
from mentormatch.solving.two_sides import MOST_PAIRS

__all__ = ["FirstServed", "serve_first"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: What each of those who waited adds to a pair, until as many are served as can be.
WEIGHTS = (4.0, 32.0, 256.0)


@dataclass(frozen=True, eq=False)
class FirstServed:
    """A matching in which those who waited come first.

    Attributes
    ----------
    matching : Matching
        The matching, of `program`.
    program : Program
        What was asked for, with the preference `Waited` that was needed.
    people : Cohort
        Of whom it is a matching: yours, but that those of `several` have not waited.
    waited, served, at_most : int
        How many who take part have waited, how many of them have a partner, and how many any
        matching can serve. Somebody on both sides counts once for each role.
    several : tuple of str
        Ids of those who waited and may have several partners, and so are not among these.
    proof : FirstProof
        Prices that prove the latter.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...         {"id": "cy", "rank": 1, "teaches": "sql:2", "wants": "leading", "waited": 1},
    ...     ]
    ... )
    >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    >>> found = mm.serve_first(people, program)
    >>> found
    FirstServed(1 of 1 who waited, no more is possible; Matching(1 pair, 1 unmatched, 0 take no \
part; total 4.5714, proven optimal))
    >>> found.matching.pairs[0].b, found.verify(people).ok
    ('cy', True)
    """

    matching: Matching
    program: Program
    people: Cohort
    waited: int
    served: int
    at_most: int
    several: tuple[str, ...]
    proof: FirstProof

    @property
    def status(self) -> Status:
        """``"optimal"`` when both are proven: that no more who waited can be served, and the rest.

        The rest is what the program's objective says, among the matchings that serve as many.
        """
        both = self.served == self.at_most and self.matching.status is Status.OPTIMAL
        return Status.OPTIMAL if both else Status.FEASIBLE

    def __repr__(self) -> str:
        most = self.at_most
        more = "no more is possible" if self.served == most else f"{most} at most"
        beside = f", {len(self.several)} more may have several partners" * bool(self.several)
        return (
            f"FirstServed({self.served} of {self.waited} who waited, {more}{beside}; "
            f"{self.matching!r})"
        )

    def verify(self, people: Cohort) -> Verification:
        """Check from the profiles that no more who waited can be served, and the matching.

        Parameters
        ----------
        people
            Those that `serve_first` was given.

        Returns
        -------
        Verification
            As that of the matching's certificate; ``.ok`` holds for both.
        """
        people, several = _counted(people, self.program, self.proof.by)
        found = self.matching.certificate.verify(people, self.program)
        faults = self.proof.faults(people, self.program)
        violations = [*found.violations, *faults]
        if several != self.several:
            violations.append("others have waited and may have several partners than is claimed")
        served = _served(self.matching, people, self.proof.by)
        if served != self.served:
            violations.append(f"{served} of those who waited are served, not {self.served}")
        if not faults and self.proof.at_most(people, self.program) != served:
            violations.append("the prices leave it open whether more who waited can be served")
        return replace(found, ok=not violations, violations=tuple(violations[:DESCRIBED]))


def serve_first(
    people: Cohort, program: Program, *, by: str = "waited", **options: Any
) -> FirstServed:
    """Match so that as many as possible of those who waited have a partner, then as otherwise.

    Where people count, nobody else loses a place over it: whom a matching of pairs can serve are
    the independent sets of a matroid, so that as many people are served as without it, and as many
    who waited as can be, at once. Who is served may change, and what the pairs are worth.

    Parameters
    ----------
    people, program
        As for `match`. Pairs or buddies, by ``"people_then_score"`` or ``"score"``.
    by
        The attribute that says who waited: a number above 0.
    **options
        Passed on to `match`.

    Returns
    -------
    FirstServed
        Its `matching` is one of its `program`: yours, and the preference `Waited` with a weight at
        which as many are served as can be. So records, explanations and checks need to know no
        more; `Pair.preference` shows the weight, and `Pair.reciprocity` is what it always is.

    Raises
    ------
    ProgramError
        As `match`; when the program has a preference `Waited` already; when more pairs are allowed
        than can be held.

    Notes
    -----
    Who may have several partners is served as without it, even if they waited: each of their pairs
    would count, and not they themself.

    How many can be served is a matching problem of its own, in which each pair is worth as many as
    it serves of those who waited, solved and proven first. Then their weight is raised, up to 256,
    until so many are served; the answer says so if that is not enough, as minima, or spread
    partners, may keep it from.

    References
    ----------
    J. Edmonds, D. R. Fulkerson, "Transversals and matroid partition", Journal of Research of the
    National Bureau of Standards 69B (1965): the sets of people whom a matching can serve are the
    independent sets of a matroid.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "teaches": "sql", "wants": "leading"},
    ...         {"id": "cy", "teaches": "sql:2", "wants": "leading", "waited": 2},
    ...     ]
    ... )
    >>> found = mm.serve_first(people, mm.Program())
    >>> (found.served, found.at_most), found.matching.pairs[0].b
    ((1, 1), 'cy')
    """
    if any(isinstance(one, Waited) for one in program.preferences):
        raise ProgramError(
            "the program has the preference 'waited' already, whose weight is found here; take it "
            "out, or use match"
        )
    sides = divided(people, program)
    people, several = _counted(people, program, by)
    waited = people.numbers(by) > 0.0
    proof = _most_served(people, program, by, sides, waited)
    at_most = proof.at_most(people, program)
    matching, asked, served = _weighed(people, program, by, at_most, WEIGHTS, options)
    count = sum(int(waited[rows].sum()) for rows in _members(sides))
    return FirstServed(matching, asked, people, count, served, at_most, several, proof)


def _weighed(
    people: Cohort,
    program: Program,
    by: str,
    at_most: int,
    weights: Sequence[float],
    options: Mapping[str, Any],
) -> tuple[Matching, Program, int]:
    """Return the matching by the first weight that serves so many, its program, and how many."""
    first, *heavier = weights
    asked = _with_weight(program, by, first)
    matching = match(people, asked, **options)
    served = _served(matching, people, by)
    if served == at_most or not heavier:
        return matching, asked, served
    return _weighed(people, program, by, at_most, heavier, options)


def _with_weight(program: Program, by: str, weight: float) -> Program:
    """Return a program, checked anew, in which who waited adds so much to a pair."""
    preferences = (*program.preferences, Waited(by, weight=weight))
    parts = {name: getattr(program, name) for name in ("objective", "score", "format", "rules")}
    return Program(**parts, preferences=preferences)


def _members(sides: Split) -> Sequence[NDArray[np.int64]]:
    return (sides.a,) if sides.layout == "pool" else (sides.a, sides.b)


def _counted(people: Cohort, program: Program, by: str) -> tuple[Cohort, tuple[str, ...]]:
    """Return people of whom none who may have several partners has waited, and who of them had."""
    sides, waited = divided(people, program), people.numbers(by) > 0.0
    asked = sides.capacities
    if asked is None:
        return people, ()
    rows = [
        rows[waited[rows] & (room > 1)]
        for rows, room in ((sides.a, asked.row_capacity), (sides.b, asked.col_capacity))
    ]
    several = tuple(people.ids[row] for row in np.union1d(*rows).tolist())
    return (people.noting(by, dict.fromkeys(several, 0)) if several else people), several


def _served(matching: Matching, people: Cohort, by: str) -> int:
    """Return how many of those who waited have a partner."""
    waited = people.numbers(by) > 0.0
    rows = [people.row(person) for pair in matching.certificate.pairs for person in pair]
    return int(waited[rows].sum()) if rows else 0


def _most_served(
    people: Cohort, program: Program, by: str, sides: Split, waited: Bools
) -> FirstProof:
    """Return prices that add up to how many of those who waited can be served."""
    graph = graph_of(Task(people, program, sides), MOST_PAIRS)
    each = waited.astype(np.float64)
    serves = each[graph.side_a[graph.a]] + each[graph.side_b[graph.b]]
    kept = np.flatnonzero(serves)  # prices of 0 cover all others
    ends = graph.a[kept], graph.b[kept], serves[kept]
    if graph.layout == "pool":
        problem = PoolProblem(len(graph.side_a), *ends)
        found = heaviest_pool(problem, Objective.SCORE)
        ids = [graph.a_ids]
        return FirstProof(by, by_id(ids, found.prices), sets_by_id(graph.a_ids, found.odd_sets))
    return _between_sides(graph, sides, by, Problem(_shape(graph), *ends))


def _between_sides(graph: ExchangeGraph, sides: Split, by: str, problem: Problem) -> FirstProof:
    asked = sides.capacities
    if asked is not None:
        # Minima and groups can only make it fewer.
        asked = Capacities.of(_shape(graph), asked.row_capacity, asked.col_capacity)
    found = solve_problem(replace(problem, capacities=asked), Objective.SCORE)
    prices = found.row_prices.copy(), found.col_prices.copy()
    if asked is not None and found.load_prices is not None:
        # One of the two has room for one partner, who may as well pay what the pair costs.
        own = found.load_prices
        is_row = asked.row_capacity[own.rows] == 1
        np.add.at(prices[0], own.rows[is_row], own.pairs[is_row])
        np.add.at(prices[1], own.cols[~is_row], own.pairs[~is_row])
    return FirstProof(by, by_id((graph.a_ids, graph.b_ids), *prices))


def _shape(graph: ExchangeGraph) -> tuple[int, int]:
    return len(graph.side_a), len(graph.side_b)
