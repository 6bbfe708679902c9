"""Looking people up by their skills finds the pairs that looking at everybody finds."""

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.exchange import candidates, index
from mentormatch.exchange.meeting import JITTER
from mentormatch.exchange.sketches import Party
from mentormatch.synthetic import workforce
from tests.strategies import MODELS, cohort_of, profiles

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")


def found(people: mm.Cohort, model: Any, *, few: int, at_once: int = 1 << 22) -> list[Any]:
    """All scored pairs of a cohort, everybody being on both sides."""
    rows = np.arange(len(people))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "FEW_CELLS", few)
        patch.setattr(index, "HITS_AT_ONCE", at_once)
        blocks = list(candidates.scored_pairs(people, rows, rows[::-1], model))
    names = ("a", "b", "score", "a_benefit", "b_benefit")
    return [np.concatenate([getattr(one, name) for one in blocks] or [[]]) for name in names]


def looked_up(people: mm.Cohort, model: Any, *, turned: bool) -> index.SkillIndex:
    """Everybody, for everybody to look up."""
    rows, width = np.arange(len(people)), people.teaches.shape[1]
    parties = Party.both(people, rows, rows, model.wishes_counted)
    return index.SkillIndex.of(*parties, width, model, turned=turned)


@given(profiles(most=9), MODELS, st.sampled_from([1, 5, 1 << 22]))
def test_the_index_finds_every_pair_with_the_same_bits(
    people: list[mm.Participant], model: Any, at_once: int
) -> None:
    cohort = cohort_of(people)
    for one, other in zip(
        found(cohort, model, few=1 << 20),
        found(cohort, model, few=-1, at_once=at_once),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("mean", ["harmonic", "arithmetic"])
@pytest.mark.parametrize("counted", [None, 1, 2])
def test_a_workforce_is_scored_alike(mean: Any, counted: int | None) -> None:
    people = workforce(700, skills=90)
    model = mm.Reciprocity(mean=mean, wishes_counted=counted)
    for one, other in zip(
        found(people, model, few=1 << 20), found(people, model, few=-1, at_once=5000), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_long_lists_of_skills_have_room() -> None:
    skills = [f"s{number}" for number in range(40)]
    one, other = "; ".join(skills), "; ".join(f"{skill}!" for skill in skills)
    people = mm.read_records(
        [
            {"id": "ana", "teaches": one, "wants": other},
            {"id": "bo", "teaches": other, "wants": one},
            {"id": "cy"},
        ]
    )
    a, b, score, *_ = found(people, mm.Reciprocity(), few=-1)
    assert list(zip(a.tolist(), b.tolist(), score.tolist(), strict=True)) == [
        (0, 1, 1.0),
        (1, 2, 1.0),
    ]


def test_people_who_share_nothing_are_no_pairs() -> None:
    people = mm.read_records([{"id": "ana", "teaches": "x"}, {"id": "bo"}])
    assert [len(one) for one in found(people, mm.OneWay(teacher="a"), few=-1)] == [0] * 5
    assert [len(one) for one in found(people, mm.Reciprocity(), few=-1)] == [0] * 5


@given(
    profiles(most=9),
    MODELS,
    st.booleans(),
    st.integers(1, 3),
    st.data(),
)
def test_prices_say_which_pairs_are_met(
    people: list[mm.Participant],
    model: Any,
    turned: bool,
    most: int,
    data: st.DataObject,
) -> None:
    cohort = cohort_of(people)
    size = len(cohort)
    eighths = st.lists(st.integers(0, 8).map(lambda n: n / 8), min_size=size, max_size=size)
    need, prices, open_prices = (np.array(data.draw(eighths)) for _ in range(3))
    is_open = np.array(data.draw(eighths)) > 0.5
    asked = np.flatnonzero(np.array(data.draw(eighths)) > 0.2)
    skills = looked_up(cohort, model, turned=turned)
    a, b, score, a_benefit, b_benefit = found(cohort, model, few=1 << 20)
    a, b = a.astype(np.int64), size - 1 - b.astype(np.int64)  # `found` lists side b backwards
    here, there = (b, a) if turned else (a, b)
    over = score - need[here] - np.where(is_open[here], open_prices[there], prices[there])
    expected = {
        (i, j): over[k] for k, (i, j) in enumerate(zip(here, there, strict=True)) if i in asked
    }
    sure = {pair for pair, value in expected.items() if value >= 0.0}
    places = zip(here.tolist(), there.tolist(), strict=True)
    exact = dict(zip(places, zip(a_benefit, b_benefit, strict=True), strict=True))

    def met(most: int | None) -> tuple[set[Any], dict[int, float]]:
        pairs: set[Any] = set()
        cut: dict[int, float] = {}
        conditions = need, prices, open_prices, is_open
        for one in skills.met(asked, *conditions, most):
            both = (
                (one.col_benefit, one.row_benefit) if turned else (one.row_benefit, one.col_benefit)
            )
            places = zip(one.rows.tolist(), one.cols.tolist(), strict=True)
            for pair, benefits in zip(places, zip(*both, strict=True), strict=True):
                assert exact.get(pair, benefits) == benefits
                assert pair not in pairs
                pairs.add(pair)
            cut |= dict(zip(one.cut.tolist(), one.over.tolist(), strict=True))
        return pairs, cut

    pairs, nobody = met(None)
    few, cut = met(most)
    assert sure <= pairs
    assert not nobody
    assert few <= pairs
    for row in asked.tolist():
        own = {pair for pair in pairs if pair[0] == row}
        kept = {pair for pair in few if pair[0] == row}
        assert len(kept) == min(len(own), most)
        left_out = max((expected.get(pair, -1.0) for pair in own - kept), default=-1.0)
        if left_out >= 0.0:
            assert cut[row] >= left_out
        if model.wishes_counted is None and not getattr(model, "floor", 0.0):
            least = min((expected.get(pair, 0.0) for pair in kept), default=np.inf)
            assert left_out <= least + 2 * JITTER


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    "model",
    [
        mm.Reciprocity(),
        mm.Reciprocity(mean="geometric"),
        mm.Reciprocity(mean="minimum"),
        mm.Reciprocity(mean="arithmetic"),
        mm.Reciprocity(wishes_counted=2),
        mm.Reciprocity(weights=(1, 3)),
        mm.Reciprocity(mean="geometric", weights=(9, 2)),
        mm.Reciprocity(mean="arithmetic", weights=(1, 40)),
        mm.OneWay(teacher="b"),
    ],
    ids=str,
)
def test_of_a_workforce_nobody_is_missed_who_is_worth_enough(model: Any, turned: bool) -> None:
    people, size = workforce(700, skills=90), 700
    rows = np.arange(size)
    a, b, score, *_ = (one.astype(np.float64) for one in found(people, model, few=1 << 20))
    a, b = a.astype(np.int64), size - 1 - b.astype(np.int64)
    chance = np.random.default_rng(0)
    for most in (None, 8):
        need, prices = chance.uniform(0.0, 0.8, size), chance.uniform(0.0, 0.2, size)
        here, there = (b, a) if turned else (a, b)
        over = score - need[here] - prices[there]
        enough = over >= 0.0
        places = zip(here[enough].tolist(), there[enough].tolist(), strict=True)
        wanted = dict(zip(places, over[enough].tolist(), strict=True))
        skills = looked_up(people, model, turned=turned)
        pairs: set[Any] = set()
        at_most: dict[int, float] = {}
        for one in skills.met(rows, need, prices, most=most):
            pairs |= set(zip(one.rows.tolist(), one.cols.tolist(), strict=True))
            at_most |= dict(zip(one.cut.tolist(), one.over.tolist(), strict=True))
        missed = {pair: value for pair, value in wanted.items() if pair not in pairs}
        assert len(wanted) > 1000
        assert most is not None or not missed
        assert all(value <= at_most[pair[0]] for pair, value in missed.items())


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    "model",
    [
        mm.Reciprocity(),
        mm.Reciprocity(mean="geometric"),
        mm.Reciprocity(weights=(1000, 1)),
        mm.Reciprocity(weights=(1, 1000)),
        mm.Reciprocity(mean="geometric", weights=(1, 1000)),
        mm.Reciprocity(mean="arithmetic", weights=(1, 1000)),
    ],
    ids=str,
)
def test_a_tiny_benefit_is_met_where_a_mean_makes_much_of_it(model: Any, turned: bool) -> None:
    """Single precision loses much of what is left of two levels that are nearly the same."""
    chance = np.random.default_rng(0)
    people = []
    for number in range(60):
        known, gain = chance.uniform(0.01, 0.7), 2.0 ** -chance.uniform(2, 38)
        own = [f"{number} {nth}" for nth in range(chance.integers(1, 30))]
        much, little = {f"all {number}": 1.0}, dict.fromkeys(own, known)
        wishes = dict.fromkeys(own, 1.0)
        people.append(mm.Participant(id=f"a{number}", teaches=much, wants=wishes, knows=little))
        more = dict.fromkeys(own, known + gain)
        people.append(mm.Participant(id=f"b{number}", teaches=more, wants=much))
    cohort, size = cohort_of(people), len(people)
    a, b, score, *_ = found(cohort, model, few=1 << 20)
    there = size - 1 - b.astype(np.int64)  # `found` lists side b backwards
    rows, cols = (there, a.astype(np.int64)) if turned else (a.astype(np.int64), there)
    need = np.zeros(size)
    need[rows] = score
    met = list(looked_up(cohort, model, turned=turned).met(np.arange(size), need, np.zeros(size)))
    assert len(rows) == size  # everybody looks their only partner up
    assert {
        pair for one in met for pair in zip(one.rows.tolist(), one.cols.tolist(), strict=True)
    } == set(zip(rows.tolist(), cols.tolist(), strict=True))


INTERPRETED = """
import warnings
import mentormatch as mm
from mentormatch.exchange import index
from mentormatch.synthetic import workforce
from tests.exchange.test_index import found, looked_up
import numpy as np

warnings.simplefilter("ignore", mm.ProfileWarning)
people = workforce(60, skills=9)
for model in (
    mm.Reciprocity(),
    mm.Reciprocity(mean="arithmetic", wishes_counted=1),
    mm.OneWay(teacher="a"),
    mm.OneWay(teacher="b"),
):
    table, indexed = found(people, model, few=1 << 20), found(people, model, few=-1, at_once=50)
    assert all(np.array_equal(one, other) for one, other in zip(table, indexed, strict=True))
few = np.full(60, 0.2), np.full(60, 0.1)
for model in (
    mm.Reciprocity(weights=(3, 1)),
    mm.Reciprocity(mean="geometric", weights=(1, 3)),
    mm.Reciprocity(mean="geometric"),
    mm.Reciprocity(mean="minimum"),
    mm.Reciprocity(mean="arithmetic"),
    mm.OneWay(teacher="b"),
):
    skills = looked_up(people, model, turned=False)
    rows = np.arange(60)
    every = {pair for one in skills.met(rows, *few) for pair in zip(one.rows, one.cols)}
    is_open = rows % 2 == 0
    best = list(skills.met(rows, *few, few[1] - 0.1, is_open, most=2))
    glance = list(skills.met(rows, *few, most=2, glance=1))
    assert every
    assert all(np.bincount(one.rows).max() <= 2 for one in best + glance)
    assert {pair for one in glance for pair in zip(one.rows, one.cols)} <= every
many = "; ".join(f"s{number}" for number in range(40))
people = mm.read_records([{"id": "ana", "teaches": many}, {"id": "bo", "wants": many}])
assert len(found(people, mm.OneWay(teacher="a"), few=-1)[0]) == 1
people = mm.read_records([{"id": "ana", "wants": many}, {"id": "bo", "teaches": many}])
assert len(found(people, mm.OneWay(teacher="b"), few=-1)[0]) == 1
print("interpreted")
"""


def test_kernels_are_right_without_the_compiler_too() -> None:
    """In a process of its own, so that measuring coverage sees the lines of the kernels."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", INTERPRETED], env=environment, capture_output=True, text=True
    )
    assert done.stdout == "interpreted\n", done.stderr
