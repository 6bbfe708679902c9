import numpy as np
import pytest

from mentormatch.exchange.shared import SharedWishes
from mentormatch.exchange.shared_pairs import shared_pairs
from mentormatch.matching import shared_recount as module
from mentormatch.matching.shared_recount import SharedRecount, shared_meetings
from tests.exchange.test_shared import people_of, random_people


@pytest.mark.parametrize("counted", [None, 1, 2])
def test_every_pair_of_the_search_and_no_other_in_blocks(
    monkeypatch: pytest.MonkeyPatch, counted: int | None
) -> None:
    rows = np.random.default_rng(1).permutation(80)[:60]
    people, score = random_people(80), SharedWishes(floor=0.2, wishes_counted=counted)
    monkeypatch.setattr(module, "MEETINGS_AT_ONCE", 100)
    monkeypatch.setattr(module, "PAIRS_AT_ONCE", 11)
    blocks = list(shared_meetings(people, rows))
    assert len(blocks) > 5
    numbers = np.concatenate(blocks)
    assert (np.diff(numbers) > 0).all()
    a, b = np.divmod(numbers, 60)
    recount = SharedRecount.of(people, score, rows)
    scores = recount.scores(a, b)
    assert np.array_equal(scores, recount.scores(b, a))
    (pairs,) = shared_pairs(people, rows, score)
    worth = scores > 0.0
    assert np.array_equal(a[worth], pairs.a)
    assert np.array_equal(b[worth], pairs.b)
    assert np.array_equal(scores[worth], pairs.score)


def test_nobody_and_nothing() -> None:
    people = people_of({"id": "ana", "wants": "sql"}, {"id": "bo"})
    nobody = np.empty(0, dtype=np.int64)
    assert list(shared_meetings(people, nobody)) == []
    recount = SharedRecount.of(people, SharedWishes(), np.arange(2))
    assert recount.scores(nobody, nobody).shape == (0,)
    assert recount.scores(np.array([0]), np.array([1])).tolist() == [0.0]


def test_each_term_is_rounded_once() -> None:
    """Three thirds, each rounded down, are less than one by a grain; the score is one."""
    people = people_of({"id": "ana", "wants": "a; b; c"}, {"id": "bo", "wants": "a; b; c"})
    recount = SharedRecount.of(people, SharedWishes(), np.arange(2))
    pair = np.array([0]), np.array([1])
    assert recount.overlaps(*pair).tolist() == [1.0 - 2.0**-50]
    assert recount.scores(*pair).tolist() == [1.0]
