"""Laws of the wishes that two peers share."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.exchange.shared import SharedWishes
from mentormatch.exchange.shared_pairs import shared_pairs, shared_skills
from mentormatch.matching.shared_recount import SharedRecount, shared_meetings
from tests import oracles
from tests.strategies import LEVELS, PRIORITIES, SKILLS, cohort_of, participants, profiles

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

SCORES = st.builds(
    SharedWishes,
    floor=st.sampled_from((0.0, 0.1, 0.3, 1.0)),
    wishes_counted=st.sampled_from((None, 1, 2, 3)),
)
COUNTED = st.sampled_from((None, 1, 2, 3))
#: What adding the same priorities in another order may change.
HAIR = 2.0**-39


def table(people: list[mm.Participant], score: SharedWishes | None = None) -> Any:
    """Scores of all ordered pairs, as the search finds them."""
    cohort, size = cohort_of(people), len(people)
    scores = np.zeros((size, size))
    for pairs in shared_pairs(cohort, np.arange(size), score or SharedWishes()):
        assert (scores[pairs.a, pairs.b] == 0.0).all()  # each once
        scores[pairs.a, pairs.b] = scores[pairs.b, pairs.a] = pairs.score
    return scores


def overlap(ana: mm.Participant, bo: mm.Participant, counted: int | None = None) -> float:
    return float(table([ana, bo], SharedWishes(wishes_counted=counted))[0, 1])


@given(profiles(), COUNTED)
def test_the_overlap_is_its_definition(people: list[mm.Participant], counted: int | None) -> None:
    expected = np.array([[oracles.overlap(a, b, counted) for b in people] for a in people])
    np.fill_diagonal(expected, 0.0)  # nobody is their own buddy
    found = table(people, SharedWishes(wishes_counted=counted))
    assert found == pytest.approx(expected, abs=1e-11)


@given(profiles(), SCORES, st.randoms(use_true_random=False))
def test_the_recomputation_is_the_same_to_the_bit(
    people: list[mm.Participant], score: SharedWishes, random: Any
) -> None:
    cohort = cohort_of(people)
    rows = np.array(random.sample(range(len(people)), random.randint(0, len(people))))
    rows = rows.astype(np.int64)
    recount, size = SharedRecount.of(cohort, score, rows), len(rows)
    a, b = np.triu_indices(size, 1)
    scores, overlaps = recount.scores(a, b), recount.overlaps(a, b)
    found = [
        pair
        for block in shared_pairs(cohort, rows, score)
        for pair in zip(block.a, block.b, block.score, block.a_benefit, strict=True)
    ]
    worth = scores > 0.0
    assert found == list(zip(a[worth], b[worth], scores[worth], overlaps[worth], strict=True))
    numbers = np.concatenate([np.zeros(0, dtype=np.int64), *shared_meetings(cohort, rows)])
    assert np.isin(a[worth] * size + b[worth], numbers).all()


@given(profiles(), SCORES)
def test_scores_are_in_the_unit_interval_on_the_grid_and_reach_the_floor(
    people: list[mm.Participant], score: SharedWishes
) -> None:
    found = table(people, score)
    assert ((found >= 0.0) & (found <= 1.0)).all()
    assert np.array_equal(found * 2.0**40, np.rint(found * 2.0**40))
    assert (found[found > 0.0] >= score.floor - HAIR).all()


@given(profiles(), SCORES, st.randoms(use_true_random=False))
def test_the_order_of_people_and_skills_changes_no_bit(
    people: list[mm.Participant], score: SharedWishes, random: Any
) -> None:
    order = list(range(len(people)))
    random.shuffle(order)
    turned = [
        people[place].model_copy(
            update={
                field: dict(reversed(getattr(people[place], field).items()))
                for field in ("teaches", "knows", "wants")
            }
        )
        for place in order
    ]
    assert np.array_equal(table(people, score)[np.ix_(order, order)], table(turned, score))


@given(profiles(), SCORES)
def test_nothing_but_skills_enters(people: list[mm.Participant], score: SharedWishes) -> None:
    """Neither rank nor department, nor who reports to whom."""
    bare = [
        mm.Participant(id=one.id, teaches=one.teaches, knows=one.knows, wants=one.wants)
        for one in people
    ]
    assert np.array_equal(table(people, score), table(bare, score))


@given(participants("ana"), COUNTED)
def test_who_wants_the_same_shares_everything_that_is_not_taught(
    ana: mm.Participant, counted: int | None
) -> None:
    ana = ana.model_copy(update={"teaches": {}})
    twin = ana.model_copy(update={"id": "twin"})
    has_wish = any(ana.knows.get(skill, 0.0) < 1.0 for skill in ana.wants)
    # Shares so small that they are rounded away do not occur here.
    assert overlap(ana, twin, counted) == float(has_wish)


@given(participants("ana"), participants("bo"), st.sampled_from(SKILLS), LEVELS, COUNTED)
def test_teaching_one_skill_fewer_never_lowers_an_overlap(
    ana: mm.Participant, bo: mm.Participant, skill: str, level: float, counted: int | None
) -> None:
    """As long as the wish for it stays open or closed as it was."""
    assume(level < 1.0)
    with_it = ana.model_copy(update={"teaches": {**ana.teaches, skill: level}})
    less = {one: much for one, much in ana.teaches.items() if one != skill}
    without = ana.model_copy(update={"teaches": less})
    assert overlap(without, bo, counted) >= overlap(with_it, bo, counted)


@given(participants("ana"), participants("bo"), st.permutations(SKILLS), PRIORITIES, COUNTED)
def test_more_in_common_is_never_less(
    ana: mm.Participant, bo: mm.Participant, skills: list[str], much: float, counted: int | None
) -> None:
    """One wish that only ana has is exchanged for one that only bo has, of the same priority."""
    gone, new = skills[:2]
    others = [{s: w for s, w in one.wants.items() if s not in (gone, new)} for one in (ana, bo)]
    bo = bo.model_copy(update={"wants": {**others[1], new: bo.wants.get(new, 1.0)}})
    bare = ana.model_copy(update={"knows": {}, "teaches": {}})  # so that both wishes are open
    before = bare.model_copy(update={"wants": {**others[0], gone: much}})
    after = bare.model_copy(update={"wants": {**others[0], new: much}})
    assert overlap(after, bo, counted) >= overlap(before, bo, counted) - HAIR


@given(participants("ana"), participants("bo"), st.sampled_from(SKILLS), PRIORITIES, COUNTED)
def test_a_wish_that_the_other_does_not_share_never_raises_an_overlap(
    ana: mm.Participant, bo: mm.Participant, skill: str, much: float, counted: int | None
) -> None:
    bo = bo.model_copy(update={"wants": {s: w for s, w in bo.wants.items() if s != skill}})
    less = {one: priority for one, priority in ana.wants.items() if one != skill}
    before = ana.model_copy(update={"wants": less})
    after = ana.model_copy(update={"wants": {**less, skill: much}})
    assert overlap(after, bo, counted) <= overlap(before, bo, counted) + HAIR


@given(profiles(), COUNTED)
def test_the_skills_of_a_pair_are_there_exactly_if_it_is_worth_something(
    people: list[mm.Participant], counted: int | None
) -> None:
    a, b = np.triu_indices(len(people), 1)
    skills = shared_skills(cohort_of(people), a, b, counted)
    found = table(people, SharedWishes(wishes_counted=counted))[a, b]
    assert [bool(names) for names in skills] == (found > 0.0).tolist()
    turned = shared_skills(cohort_of(people), b, a, counted)
    assert turned == skills
