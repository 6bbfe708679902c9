"""Which established pairs to keep where only so many people may change, and what that gains."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.few_changes import FewChanges, best_with_few_changes
from mentormatch.assign.problem import Objective
from mentormatch.errors import ProgramError
from mentormatch.exchange.graph import ExchangeGraph, exchange_graph
from mentormatch.matching.established import Now
from mentormatch.program.program import with_rules
from mentormatch.solving.divided import divided
from mentormatch.solving.free import can_be_solved_apart
from mentormatch.solving.rules import preferred_of, required_pairs, rule_tests

__all__ = ["Changeable", "FrontierPoint"]

Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: About so many allowed pairs HiGHS is asked: those of some 800 people in one pool took a minute.
MOST_PAIRS = 30_000


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """What so many changes are worth.

    Attributes
    ----------
    changes : int
        How many people who had a partner change: two for each pair that is given up.
    people : int
        How many people have a partner then, once for each role.
    score : float
        The total then.
    """

    changes: int
    people: int
    score: float


@dataclass(frozen=True, eq=False, slots=True)
class Changeable:
    """Everybody's allowed pairs, of which some are established. Made by `Changeable.of`.

    Attributes
    ----------
    kept : numpy.ndarray
        Which of the published pairs can stay, ascending.
    edges : numpy.ndarray
        The edges of the graph that they are.
    """

    graph: ExchangeGraph
    objective: Objective
    kept: Rows
    edges: Rows
    must: Bools

    @classmethod
    def of(cls, now: Now) -> "Changeable":
        """Gather all allowed pairs.

        Parameters
        ----------
        now
            The established pairs beside the people of now.

        Raises
        ------
        ProgramError
            When changes cannot be counted in this format, or too many pairs are allowed.
        """
        if not can_be_solved_apart(now.program, now.sides):
            raise ProgramError(
                "changes= counts people with one partner each, between two sides or in one pool "
                "and without a floor; let pairs change with stay= here"
            )
        cohort = now.people
        fixed = np.unique(np.array([*now.locked, *now.reasons], dtype=np.int64))
        program = with_rules(now.program, (*now.program.rules, *now.requires(fixed)))
        sides = divided(cohort, program)
        tests = rule_tests(cohort, program.rules, sides)
        required = required_pairs(cohort, program.rules, tests, sides)
        places = np.full((2, len(cohort)), -1, dtype=np.int64)
        places[0, sides.a], places[1, sides.b] = np.arange(len(sides.a)), np.arange(len(sides.b))
        a, b = now.ends[now.kept].T
        kept = np.column_stack((places[0, a], places[1, b]))
        if sides.layout == "pool":
            kept = np.sort(kept, axis=1)
        graph = exchange_graph(
            cohort,
            *(sides.a, sides.b, sides.names, program.score, tests),
            required=np.concatenate((required, kept)),
            layout=sides.layout,
            preferred=preferred_of(cohort, program.preferences, sides.taking_part),
        )
        if len(graph) > MOST_PAIRS:
            raise ProgramError(
                f"changes= is exact among {MOST_PAIRS:,} allowed pairs at most, and here are more; "
                "let pairs change with stay=, or revise parts of the people apart"
            )
        width = len(graph.side_b)
        codes = graph.a * width + graph.b
        edges = np.searchsorted(codes, kept[:, 0] * width + kept[:, 1])
        must = np.isin(codes, required[:, 0] * width + required[:, 1])
        return cls(graph, Objective(program.objective), now.kept, edges, must)

    def best(self, most_ended: int) -> FewChanges:
        """Return the best matching that gives up so many of the established pairs at most."""
        graph = self.graph
        others = graph.b if graph.layout == "pool" else len(graph.side_a) + graph.b
        is_established = np.zeros(len(graph), dtype=np.bool_)
        is_established[self.edges] = True
        pairs = (graph.a, others), graph.score, is_established
        return best_with_few_changes(*pairs, most_ended, self.objective, self.must)

    def to_keep(self, people: int) -> tuple[Rows, float]:
        """Choose the pairs that stay, so that the whole is worth most.

        Parameters
        ----------
        people
            How many who could stay with their partner may change: two for each pair.

        Returns
        -------
        staying : numpy.ndarray
            Which of the published pairs, ascending.
        at_most : float
            What no choice is worth more than, by HiGHS's word.
        """
        found = self.best(people // 2)
        return self.kept[np.isin(self.edges, found.chosen)], found.at_most

    def frontier(self) -> Iterator[FrontierPoint]:
        """Yield what changes are worth, from none to as many as gain anything."""
        all_there_is = self._point(0, self.best(len(self.edges)))
        last = None
        for ended in range(len(self.edges) + 1):
            point = self._point(2 * ended, self.best(ended))
            if last is None or self._worth(point) > self._worth(last):
                yield point
                last = point
            if self._worth(point) >= self._worth(all_there_is):
                return

    def _point(self, changes: int, found: FewChanges) -> FrontierPoint:
        total = math.fsum(self.graph.score[found.chosen].tolist())
        return FrontierPoint(changes, 2 * len(found.chosen), total)

    def _worth(self, point: FrontierPoint) -> tuple[int, float]:
        return (0 if self.objective is Objective.SCORE else point.people), point.score
