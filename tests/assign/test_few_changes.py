"""The best matching that gives up only so many established pairs."""

import numpy as np

from mentormatch.assign.few_changes import best_with_few_changes
from mentormatch.assign.problem import Objective

NOBODY = np.empty(0, dtype=np.int64)


def test_nobody_has_nothing_to_change() -> None:
    none = best_with_few_changes(
        (NOBODY, NOBODY), np.empty(0), np.empty(0, dtype=np.bool_), 0, Objective.SCORE
    )
    assert (len(none.chosen), none.at_most) == (0, 0.0)


def test_what_must_be_is_chosen_though_it_is_worth_less() -> None:
    ends = np.array([0, 0, 1]), np.array([2, 3, 3])
    scores, none = np.array([0.25, 1.0, 0.5]), np.zeros(3, dtype=np.bool_)
    free = best_with_few_changes(ends, scores, none, 0, Objective.SCORE)
    assert (free.chosen.tolist(), free.at_most) == ([1], 1.0)
    bound = best_with_few_changes(ends, scores, none, 0, Objective.SCORE, must=scores == 0.25)
    assert (bound.chosen.tolist(), bound.at_most) == ([0, 2], 0.75)
    first = best_with_few_changes(ends, scores, none, 0, Objective.PEOPLE_THEN_SCORE)
    assert first.chosen.tolist() == [0, 2]


def test_an_odd_ring_of_one_pool_is_no_half_matching() -> None:
    ends = np.array([0, 0, 1]), np.array([1, 2, 2])
    is_there = np.array([False, False, True])
    found = best_with_few_changes(ends, np.ones(3), is_there, 1, Objective.SCORE)
    assert (len(found.chosen), found.at_most) == (1, 1.0)
