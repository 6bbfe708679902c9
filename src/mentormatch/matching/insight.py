"""What explanations of one answer share, each part made when it is first needed and kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.assign.chains import Chains
from mentormatch.assign.competing import Competing
from mentormatch.assign.ends import Ends
from mentormatch.assign.joining import Joining
from mentormatch.assign.loops import ring_chains
from mentormatch.assign.pool_ends import PoolEnds, PoolWorth
from mentormatch.assign.pool_problem import PoolProblem, PoolSolution
from mentormatch.assign.problem import Problem, Solution
from mentormatch.assign.ring_problem import RingProblem, RingSolution
from mentormatch.errors import InfeasibleError, ProgramError
from mentormatch.exchange.acquaintances import Acquaintances, Met
from mentormatch.exchange.benefit import OpenWishes
from mentormatch.exchange.candidates import ScoredPairs
from mentormatch.exchange.preferred import Preferred
from mentormatch.exchange.rules import PairTest, Require
from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.scan import named
from mentormatch.matching.trio import trio_of
from mentormatch.solving.in_rings import ring_problem_of
from mentormatch.solving.rules import preferred_of, required_pairs, rule_tests
from mentormatch.solving.solve import solve
from mentormatch.solving.solved import Solved
from mentormatch.solving.two_sides import all_allowed

__all__ = ["MOST_SEARCHED", "Insight", "Made", "pairs_of"]

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

#: So many allowed pairs can be held while decisions are explained.
MOST_HELD = 2**26
#: In one pool what people are worth is searched for among so many allowed pairs at most.
MOST_SEARCHED = 2**21


@dataclass(frozen=True, slots=True)
class Made:
    """A pair of the answer, seen from one of its two people.

    Attributes
    ----------
    partner : int
        The other's row.
    is_a : bool
        Whether this person comes first in the pair.
    score, received, given : float
        What the pair is worth, and the share of this person's, and the other's, wishes it meets.
    """

    partner: int
    is_a: bool
    score: float
    received: float
    given: float


def pairs_of(solved: Solved) -> frozenset[tuple[int, int]]:
    """Return the chosen pairs of a solved program, as positions.

    Parameters
    ----------
    solved
        The program.
    """
    a, b, _ = solved.chosen
    return frozenset(zip(a.tolist(), b.tolist(), strict=True))


class Insight:
    """Looks things up in a solved program.

    Parameters
    ----------
    solved
        The program.
    """

    def __init__(self, solved: Solved) -> None:
        self.solved = solved
        self.people = solved.graph.people

    def row(self, person: str) -> int:
        """Return the row of somebody who takes part.

        Parameters
        ----------
        person
            Their id.

        Raises
        ------
        ProgramError
            When nobody has this id, or they take no part.
        """
        row = self.people.row(person)
        graph = self.solved.graph
        if not ((graph.side_a == row).any() or (graph.side_b == row).any()):
            raise ProgramError(
                f"{person!r} takes no part in this program; matching.taking_no_part says why"
            )
        return row

    def check_proven(self) -> None:
        """Refuse to compare with a best matching that nobody knows.

        Raises
        ------
        ProgramError
                When the answer was stopped before it was proven best. Rings of a bounded length are
            compared as they are: of them it may be that nobody knows the best.
        """
        if not self.solved.solution.is_optimal and not self.solved.sides.bounds_rings:
            raise ProgramError(
                "this answer was stopped before it was proven best, so what another would cost is "
                "not known; match again without a gap or a time limit"
            )

    def made(self, row: int) -> Sequence[Made]:
        """Return the pairs of a person, in the order of the other's id; three of a trio are two."""
        a, b, scores = self._chosen
        graph = self.solved.graph
        found = []
        for pair in np.flatnonzero((a == row) | (b == row)).tolist():
            is_a = bool(a[pair] == row)
            edge = self._edges[pair]
            gets = float(graph.a_benefit[edge]), float(graph.b_benefit[edge])
            received, given = gets if is_a else gets[::-1]
            partner = int(b[pair] if is_a else a[pair])
            found.append(Made(partner, is_a, float(scores[pair]), received, given))
        found += self._joined(row)
        return sorted(found, key=lambda one: self.people.ids[one.partner])

    def _joined(self, row: int) -> Iterator[Made]:
        """Yield whom a trio brings together with a person."""
        trio = trio_of(self.solved)
        for pair in trio.meetings if trio else ():
            ends = self.people.row(pair.a), self.people.row(pair.b)
            if row in ends:
                is_a = row == ends[0]
                yield Made(ends[is_a], is_a, pair.score, pair.a_benefit, pair.b_benefit)

    def are_paired(self, one: int, other: int) -> bool:
        """Tell whether two people are a pair of the answer; in rings, the first teaches."""
        if self.solved.graph.layout == "arrows":
            return any(pair in self.pairs for pair in self.as_pairs(one, other))
        return other in {made.partner for made in self.made(one)}

    @cached_property
    def by_id(self) -> Rows:
        """The place of each row in the order of ids."""
        ids = self.people.ids
        place = np.empty(len(ids), dtype=np.int64)
        place[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        return place

    def has(self, row: int) -> tuple[str, ...]:
        """Return the ids of a person's partners."""
        return tuple(self.people.ids[one.partner] for one in self.made(row))

    @cached_property
    def tests(self) -> tuple[tuple[str, PairTest], ...]:
        """Each rule's text and its test."""
        sides = self.solved.sides
        return rule_tests(self.people, self.solved.program.rules, sides)

    @cached_property
    def allowed(self) -> ScoredPairs:
        """All allowed pairs, ordered by position on side a, then on side b.

        Raises
        ------
        ProgramError
            When there are too many to hold.
        """
        blocks, size = [], 0
        for block in all_allowed(self.solved):
            blocks.append(block)
            size += len(block.a)
            if size > MOST_HELD:
                raise ProgramError(
                    f"more than {MOST_HELD:,} pairs are allowed, which is more than can be held to "
                    "explain a decision; explain parts of the organisation apart"
                )
        if not blocks:  # nobody has anything to exchange
            nobody, nothing = np.empty(0, dtype=np.int64), np.empty(0)
            return ScoredPairs(nobody, nobody, nothing, nothing, nothing)
        columns = ("a", "b", "score", "a_benefit", "b_benefit")
        joined = ScoredPairs(
            *(np.concatenate([getattr(block, name) for block in blocks]) for name in columns)
        )
        if self.solved.way != "priced":
            return joined  # in order already
        return joined.where(np.lexsort((joined.b, joined.a)))

    @cached_property
    def chains(self) -> Chains:
        """What forcing a pair costs; see `has_chains`."""
        if isinstance(self.solved.solution, RingSolution):
            return ring_chains(self.ring_problem, self.solved.solution)
        return Chains(self.problem, self._of_sides)

    def ends_of(self, row: int, side: int) -> Ends:
        """What those are worth whom somebody could have who has nobody: on a side, or in rings."""
        if isinstance(self.solved.solution, RingSolution):
            return self.joining.ends(self.place(side, row), side)
        return self.ends(side)

    @cached_property
    def joining(self) -> Joining:
        """What it takes to bring people into rings of any length."""
        assert isinstance(self.solved.solution, RingSolution)  # of rings
        return Joining(self.ring_problem, self.solved.solution)

    def ends(self, side: int) -> Ends:
        """What the partners of those on a side are worth, which is what these would have to pay."""
        return self._worth_of_a if side else self._worth_of_b

    @cached_property
    def _worth_of_b(self) -> Ends:
        return Ends.of(self.problem, self._of_sides)

    @cached_property
    def _worth_of_a(self) -> Ends:
        return Ends.of(self.problem, self._of_sides, turned=True)

    def worth_to(self, row: int, side: int) -> Ends | PoolEnds:
        """Return what others are worth to somebody single on a side, or in the pool."""
        if self.worth_in_pool is None:
            return self.ends_of(row, side)
        return self.worth_in_pool.without(self.place(0, row))

    @cached_property
    def worth_in_pool(self) -> PoolWorth | None:
        """What members of one pool are worth, as far as prices say it of so many pairs."""
        solution, graph = self.solved.solution, self.solved.graph
        if not isinstance(solution, PoolSolution) or isinstance(graph.score_model, SharedWishes):
            return None
        pairs = self.allowed
        if len(pairs.a) > MOST_SEARCHED:
            return None
        problem = PoolProblem(len(graph.side_a), pairs.a, pairs.b, pairs.score)
        return PoolWorth.of(problem, solution)

    def acquaintances(self, side: int) -> Acquaintances:
        """Those whom people of a side can meet, by what they teach and wish for."""
        return self._side_a if side else self._side_b

    @cached_property
    def _side_a(self) -> Acquaintances:
        graph = self.solved.graph
        return Acquaintances.of(self.people, graph.side_a, graph.score_model.wishes_counted)

    @cached_property
    def _side_b(self) -> Acquaintances:
        graph = self.solved.graph
        return Acquaintances.of(self.people, graph.side_b, graph.score_model.wishes_counted)

    def exchanged(self, row: int, side: int) -> tuple[Met, Met]:
        """Return what somebody gives, and gets from, everybody whom their side can meet.

        Parameters
        ----------
        row, side
            Who, and on which side.
        """
        known, people = self.acquaintances(side), self.people
        taught = people.teaches[[row]]
        skills = taught.indices.astype(np.int64)
        gives = known.met(skills, known.learning(skills, taught.data))
        own = OpenWishes.of(people, np.array([row]), known.wishes.counted)
        gets = known.met(own.skills, known.teaching(own.skills, own.weight, own.known))
        return gives, gets

    def competing(self, side: int) -> Competing:
        """Who competes for the same partners, of those on a side, or in the pool."""
        return self._competing_b if side else self._competing_a

    @cached_property
    def _competing_a(self) -> Competing:
        solution, pairs = self.solved.solution, self.allowed
        if isinstance(solution, PoolSolution):
            return Competing.of_pool((pairs.a, pairs.b), solution)
        return Competing.of_sides(self._shape, (pairs.a, pairs.b), self._given_freely)

    @cached_property
    def _competing_b(self) -> Competing:
        pairs = self.allowed
        return Competing.of_sides(self._shape[::-1], (pairs.b, pairs.a), self._given_freely[::-1])

    @cached_property
    def _given_freely(self) -> tuple[Rows, Rows]:
        """The chosen pairs that no rule asked for."""
        solved = self.solved
        promised = required_pairs(self.people, solved.program.rules, self.tests, solved.sides)
        a, b, _ = solved.chosen
        width = len(solved.graph.side_b)
        free = ~np.isin(a * width + b, promised[:, 0] * width + promised[:, 1])
        return a[free], b[free]

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self.solved.graph.side_a), len(self.solved.graph.side_b)

    @cached_property
    def problem(self) -> Problem:
        """All allowed pairs between two sides, as the numbers that a solver is given."""
        pairs = self.allowed
        return Problem(self._shape, pairs.a, pairs.b, pairs.score)

    @cached_property
    def ring_problem(self) -> RingProblem:
        """All allowed arrows of rings, as the numbers that a solver is given."""
        graph = self.solved.graph
        return ring_problem_of(graph, self.required, np.arange(len(graph.side_a)))

    @cached_property
    def required(self) -> Rows:
        """The pairs that the program requires, as positions; shape (pairs, 2)."""
        solved = self.solved
        return required_pairs(self.people, solved.program.rules, self.tests, solved.sides)

    @property
    def _of_sides(self) -> Solution:
        solution = self.solved.solution
        assert isinstance(solution, Solution)  # of two sides
        return solution

    @cached_property
    def preferred(self) -> Preferred:
        """What preferences add to pairs."""
        sides, program = self.solved.sides, self.solved.program
        return preferred_of(self.people, program.preferences, sides.taking_part)

    def find(self, a: int, b: int) -> int:
        """Return where a pair of positions stands among the allowed ones; -1 if it does not."""
        pairs = self.allowed
        first, last = np.searchsorted(pairs.a, (a, a + 1))
        at = int(first + np.searchsorted(pairs.b[first:last], b))
        return at if at < last and pairs.b[at] == b else -1

    def at(self, side: int, place: int) -> Rows:
        """Return where the pairs of a position on a side stand among the allowed ones."""
        pairs = self.allowed
        if side:
            starts, order = self._by_b
            return order[starts[place] : starts[place + 1]]
        first, last = np.searchsorted(pairs.a, (place, place + 1))
        return np.arange(first, last)

    @cached_property
    def _by_b(self) -> tuple[Rows, Rows]:
        """Where the pairs of each position on side b begin, and the pairs in that order."""
        ends, size = self.allowed.b, self._shape[1]
        # A sparse matrix is turned in one pass; sorting takes many.
        places = np.arange(len(ends) + 1)
        table = csr_array((places[:-1], ends, places), shape=(len(ends), size)).tocsc()
        return table.indptr.astype(np.int64), table.data.astype(np.int64)

    def of(self, row: int) -> tuple[Rows, Rows, Floats]:
        """Return the allowed pairs of a person: rows of the two sides, and scores."""
        graph, pairs = self.solved.graph, self.allowed
        ends = [
            self.at(side, place) if (place := self.place(side, row)) >= 0 else np.empty(0, np.int64)
            for side in (0, 1)
        ]
        which = np.union1d(*ends)
        return graph.side_a[pairs.a[which]], graph.side_b[pairs.b[which]], pairs.score[which]

    def as_pairs(self, one: int, other: int) -> Sequence[tuple[int, int]]:
        """Return as which positions on the two sides two rows could be a pair: none, one or two.

        In rings the first teaches the second.
        """
        if self.solved.graph.layout == "arrows":
            return [(self.place(0, one), self.place(1, other))] if one != other else []
        places = (
            [self.place(0, one), self.place(1, other)],
            [
                self.place(0, other),
                self.place(1, one),
            ],
        )
        found = [(a, b) for a, b in places if a >= 0 and b >= 0]
        if self.solved.graph.layout == "pool":
            return [min(found)] if one != other else []
        return found

    def place(self, side: int, row: int) -> int:
        """Return where somebody stands on a side, 0 or 1; -1 if they do not."""
        graph = self.solved.graph
        [at] = np.nonzero((graph.side_a, graph.side_b)[side] == row)
        return int(at[0]) if len(at) else -1

    @property
    def has_chains(self) -> bool:
        """Whether prices alone say what forcing a pair costs, as in rings of any length."""
        if isinstance(self.solved.solution, RingSolution):
            return not self.solved.sides.bounds_rings
        return self.has_ends

    @property
    def has_ends(self) -> bool:
        """Whether prices say what people are worth: on two sides, with one partner each."""
        solution = self.solved.solution
        if not isinstance(solution, Solution):
            return False
        return solution.capacities is None and solution.floor is None

    @property
    def has_gains(self) -> bool:
        """Whether prices say what somebody who is single would add with other skills."""
        return self.has_chains or self.worth_in_pool is not None

    @property
    def counts_people(self) -> bool:
        """Whether people come first."""
        return self.solved.program.objective != "score"

    @cached_property
    def pairs(self) -> frozenset[tuple[int, int]]:
        """The chosen pairs, as positions."""
        return pairs_of(self.solved)

    def served(self, pairs: frozenset[tuple[int, int]]) -> int:
        """Return how many people some pairs give a partner; on two sides once for each role."""
        if self.solved.graph.layout != "sides":
            return len({place for pair in pairs for place in pair})
        return len({a for a, _ in pairs}) + len({b for _, b in pairs})

    def solved_with(self, a: int, b: int) -> Solved | None:
        """Return the best matching that holds one more pair, by solving again.

        None where whoever must have partners, or is promised to some, could not have them then.

        Raises
        ------
        ProgramError
            Where it cannot be solved with a pair that must be made.
        """
        program = self.solved.program
        if program.objective == "floor_then_score" and self.solved.sides.capacities is not None:
            raise ProgramError(
                "what another pair would cost is not known under 'floor_then_score' where people "
                "may have several partners; match by 'people_then_score' to compare"
            )
        required = Require([self.ids(a, b)])
        bound = program.model_copy(update={"rules": (*program.rules, required)})
        try:
            return solve(self.people, bound, self.solved.seed)
        except InfeasibleError:
            return None

    def ids(self, a: int, b: int) -> tuple[str, str]:
        """Return a pair of positions by id, as it is named everywhere."""
        graph = self.solved.graph
        return named((graph.a_ids, graph.b_ids), a, b, graph.layout)

    def score(self, a: int, b: int) -> float:
        """Return what an allowed pair of positions is worth; 0 if it is only a required one."""
        at = self.find(a, b)
        return float(self.allowed.score[at]) if at >= 0 else 0.0

    @cached_property
    def _chosen(self) -> tuple[Rows, Rows, Floats]:
        a, b, scores = self.solved.chosen
        return self.solved.graph.side_a[a], self.solved.graph.side_b[b], scores

    @cached_property
    def _edges(self) -> Rows:
        graph = self.solved.graph
        a, b, _ = self.solved.chosen
        width = len(graph.side_b)
        return np.searchsorted(graph.a * width + graph.b, a * width + b)
