"""A trio: what the two functions promise beyond the laws."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mentormatch.assign import Objective
from mentormatch.assign import trio_certificate as checking
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_problem import PoolProblem
from mentormatch.assign.trio import Trio, best_trio
from mentormatch.assign.trio_certificate import TrioChecked, check_trio
from tests.assign.pools import Weighted, pool

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


def everybody(joiners: Integers, members: Integers) -> Booleans:
    return np.ones(len(joiners), dtype=np.bool_)


def nobody(joiners: Integers, members: Integers) -> Booleans:
    return np.zeros(len(joiners), dtype=np.bool_)


def lowest_first(joiners: Integers, a: Integers, b: Integers) -> Floats:
    return (-(joiners * 100 + a)).astype(np.float64)


def found(problem: PoolProblem, may_meet: object = everybody) -> Trio | None:
    solution = heaviest_pool(problem, Objective.PEOPLE_THEN_SCORE)
    assert callable(may_meet)
    return best_trio(problem, solution, may_meet, lowest_first)


#: Two pairs, 0-1 and 2-3, which are worth so much that nothing else is chosen.
PAIRS: Weighted = [(0, 1, 9.0), (2, 3, 9.0)]


def test_the_scores_with_both_members_are_added_up() -> None:
    problem = pool(5, [*PAIRS, (0, 4, 0.5), (2, 4, 0.375), (3, 4, 0.25)])
    assert found(problem) == Trio(joiner=4, a=2, b=3, score=0.625)


def test_one_member_who_shares_something_is_enough_if_the_other_may_be_met() -> None:
    problem = pool(5, [*PAIRS, (1, 4, 0.5)])
    assert found(problem) == Trio(joiner=4, a=0, b=1, score=0.5)
    assert found(problem, nobody) is None


def test_only_meetings_that_the_problem_does_not_allow_are_asked_about() -> None:
    asked: list[tuple[int, int]] = []

    def may_meet(joiners: Integers, members: Integers) -> Booleans:
        asked.extend(zip(joiners.tolist(), members.tolist(), strict=True))
        return nobody(joiners, members)

    problem = pool(5, [*PAIRS, (0, 4, 0.5), (2, 4, 0.125), (3, 4, 0.25)])
    assert found(problem, may_meet) == Trio(joiner=4, a=2, b=3, score=0.375)
    assert asked == [(4, 1)]


def test_a_pair_that_is_allowed_and_worth_nothing_is_no_reason_to_join() -> None:
    problem = pool(5, [*PAIRS, (0, 4, 0.0), (1, 4, 0.0)])
    assert found(problem) is None
    assert found(pool(5, [*PAIRS, (0, 4, 0.0), (1, 4, 0.25)]), nobody) == Trio(4, 0, 1, 0.25)


def test_of_several_left_over_one_joins() -> None:
    star: Weighted = [(0, 1, 1.0), (0, 2, 0.5), (1, 3, 0.75)]
    problem = pool(5, star)
    solution = heaviest_pool(problem, Objective.SCORE)
    assert solution.mate.tolist() == [2, 3, 0, 1, -1]
    problem = pool(6, [*star, (0, 4, 0.25), (3, 5, 0.125)])
    assert found(problem) == Trio(joiner=4, a=0, b=2, score=0.25)


def test_nobody_left_over_and_nobody_to_join() -> None:
    assert found(pool(4, PAIRS)) is None
    assert found(pool(3, [])) is None
    assert found(pool(0, [])) is None


def test_lots_decide_between_equals() -> None:
    problem = pool(5, [*PAIRS, (0, 4, 0.5), (3, 4, 0.5)])
    solution = heaviest_pool(problem, Objective.PEOPLE_THEN_SCORE)
    first = best_trio(problem, solution, everybody, lambda joiners, a, b: 1.0 / (a + 1))
    other = best_trio(problem, solution, everybody, lambda joiners, a, b: b / 1.0)
    assert first == Trio(4, 0, 1, 0.5)
    assert other == Trio(4, 2, 3, 0.5)


#: Of the check: what 4 and 5 are worth with each member of the pairs 0-1 and 2-3.
WORTH = {4: [0.5, 0.0, 0.25, 0.125], 5: [0.0, 0.0, 0.75, 0.0]}
SINGLE, ENDS = np.array([4, 5]), (np.array([0, 2]), np.array([1, 3]))


def worth_of(joiners: Integers, members: Integers) -> Floats:
    pairs = zip(joiners.tolist(), members.tolist(), strict=True)
    return np.array([WORTH[joiner][member] for joiner, member in pairs])


def not_5_with_3(joiners: Integers, members: Integers) -> Booleans:
    allowed: Booleans = (joiners != 5) | (members != 3)
    return allowed


def checked(
    trio: tuple[int, int, int] | None, score: float, may_meet: object = everybody
) -> TrioChecked:
    assert callable(may_meet)
    return check_trio(SINGLE, *ENDS, trio, score, score_of=worth_of, may_meet=may_meet)


@pytest.mark.parametrize("at_once", [1, 1 << 20])
def test_the_check_names_a_best_one(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(checking, "TRIOS_AT_ONCE", at_once)
    for single in (SINGLE, SINGLE[::-1]):
        found = check_trio(single, *ENDS, None, 0.0, score_of=worth_of, may_meet=everybody)
        assert found.better == (5, 2, 3)
    assert checked((5, 2, 3), 0.75).ok
    assert checked((5, 3, 2), 0.75).ok
    assert checked((4, 0, 1), 0.5) == TrioChecked(valid=True, better=(5, 2, 3))
    assert checked(None, 0.0) == TrioChecked(valid=True, better=(5, 2, 3))
    assert checked((4, 0, 1), 0.5, not_5_with_3).ok
    assert checked((4, 2, 3), 0.375, not_5_with_3).better == (4, 0, 1)
    assert checked(None, 0.0, nobody).ok


@pytest.mark.parametrize(
    ("trio", "score"),
    [
        ((5, 2, 3), 0.5),  # worth more than claimed
        ((5, 2, 3), 1.0),  # and less
        ((5, 2, 3), np.nan),
        ((5, 0, 1), 0.0),  # shares nothing with either
        ((4, 1, 2), 0.25),  # no pair
        ((2, 0, 1), 0.5),  # not left over
        ((9, 2, 3), 0.75),  # nobody
        ((5, -1, 3), 0.75),
        (None, 0.75),  # no trio, but a score
        (None, np.nan),
    ],
)
def test_a_trio_that_is_none_is_not_valid(trio: tuple[int, int, int] | None, score: float) -> None:
    found = checked(trio, score)
    assert not found.valid
    assert not found.ok
    assert found.better == (5, 2, 3)


def test_a_forbidden_trio_is_not_valid() -> None:
    found = checked((5, 2, 3), 0.75, not_5_with_3)
    assert found == TrioChecked(valid=False, better=(4, 0, 1))
