"""A solved program: everything that an answer is made of."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.pool_problem import PoolSolution
from mentormatch.assign.problem import Solution
from mentormatch.assign.ring_problem import RingSolution
from mentormatch.assign.trio import Trio
from mentormatch.exchange.graph import ExchangeGraph
from mentormatch.program import Program
from mentormatch.solving.sides import Split

__all__ = ["AnySolution", "Solved", "Way"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: How an answer was found.
Way = Literal["table", "sparse", "priced", "places", "blossoms", "rings"]
#: What a solver returns, by position.
AnySolution: TypeAlias = Solution | PoolSolution | RingSolution


@dataclass(frozen=True, eq=False, slots=True)
class Solved:
    """Everything that solving came to know, by row; what an answer is made of.

    Attributes
    ----------
    program : Program
        What was asked for.
    sides : Split
        Who stood where.
    graph : ExchangeGraph
        The allowed pairs and their scores; where pairs are priced, those among which every best
        matching is.
    solution : Solution, PoolSolution or RingSolution
        The chosen pairs and the prices, by position on the sides, or in the pool.
    seed : int
        What decided between equally good answers.
    way : str
        By ``"table"``, by ``"sparse"`` kernels, or those with pairs ``"priced"``; where people have
        capacities by ``"places"``; in one pool by ``"blossoms"``; ``"rings"`` by their own.
    trio : Trio or None
        Who of those left over joins a pair of buddies, by position in the pool.
    """

    program: Program
    sides: Split
    graph: ExchangeGraph
    solution: AnySolution
    seed: int
    way: Way
    trio: Trio | None = None

    @property
    def chosen(self) -> tuple[Rows, Rows, Floats]:
        """The chosen pairs: positions on side a and on side b, and scores."""
        solution = self.solution
        if isinstance(solution, PoolSolution):
            return solution.a, solution.b, solution.scores
        if isinstance(solution, RingSolution):
            return solution.members, solution.next_members, solution.scores
        return solution.rows, solution.cols, solution.scores
