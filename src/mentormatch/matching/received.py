"""Who learns from whom in an answer, and how much each person receives."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentormatch.solving.solved import Solved

__all__ = ["Lessons", "lessons_of"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Lessons:
    """The directions of the chosen pairs that count, one entry each.

    Attributes
    ----------
    teacher, learner : numpy.ndarray
        Rows of the cohort.
    benefit : numpy.ndarray
        The share of the learner's wishes that the teacher meets, in [0, 1].
    """

    teacher: Rows
    learner: Rows
    benefit: Floats

    def received(self, size: int) -> Floats:
        """Return what each of `size` rows receives from their best teacher; 0 without one."""
        most = np.zeros(size)
        np.maximum.at(most, self.learner, self.benefit)
        return most


def lessons_of(solved: Solved) -> Lessons:
    """Return who teaches whom in the chosen pairs, and what share of the wishes that meets.

    Parameters
    ----------
    solved
        Only directions that its score counts are lessons.
    """
    graph = solved.graph
    a, b, _ = solved.chosen
    width = len(graph.side_b)
    edges = np.searchsorted(graph.a * width + graph.b, a * width + b)
    rows_a, rows_b = graph.side_a[a], graph.side_b[b]
    ways = []
    if graph.score_model.a_receives:
        ways.append((rows_b, rows_a, graph.a_benefit[edges]))
    if graph.score_model.b_receives:
        ways.append((rows_a, rows_b, graph.b_benefit[edges]))
    teacher, learner, benefit = (np.concatenate(part) for part in zip(*ways, strict=True))
    return Lessons(teacher, learner, benefit)
