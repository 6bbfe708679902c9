"""People but for what one of them says, against a cohort of the changed profiles."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.people.supposing import Addition
from tests.strategies import SKILLS, cohort_of, profiles

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

TAXONOMY = mm.Taxonomy.of([("sql", "python"), ("leading", "selling")])


@st.composite
def changes(draw: st.DrawFn) -> tuple[list[mm.Participant], int, str, str, float]:
    """People, whose list changes, which list, and what it has beside the rest."""
    people = draw(profiles(most=5))
    known = mm.Participant(id="all", teaches=dict.fromkeys(SKILLS, 0.1), capacity=0)
    row = draw(st.integers(0, len(people) - 1))
    kind = draw(st.sampled_from(("teaches", "wants")))
    return [*people, known], row, kind, draw(st.sampled_from(SKILLS)), draw(st.floats(0.01, 1.0))


def changed(people: list[mm.Participant], row: int, **update: Any) -> mm.Cohort:
    return cohort_of(
        [one.model_copy(update=update if place == row else {}) for place, one in enumerate(people)]
    )


def same(one: Any, other: Any) -> bool:
    return bool((one.toarray() == other.toarray()).all())


@given(changes(), st.booleans())
def test_supposing_is_the_cohort_of_the_changed_profile(case: Any, folds: bool) -> None:
    people, row, kind, skill, level = case
    lists = {kind: {**getattr(people[row], kind), skill: level}}
    asked, expected = cohort_of(people), changed(people, row, **lists)
    if folds:
        asked, expected = asked.with_taxonomy(TAXONOMY), expected.with_taxonomy(TAXONOMY)
    found = asked.supposing(row, Addition(kind, asked.skills.index(skill), level))
    assert found.has_taxonomy == folds
    for name in ("teaches", "knows", "wants"):
        assert same(getattr(found, name), getattr(expected, name))
    assert found.digest("key") == expected.digest("key")


@given(changes(), st.booleans())
def test_a_variant_is_the_row_of_the_changed_profile(case: Any, folds: bool) -> None:
    people, row, kind, skill, level = case
    # Everybody's skills are wished for, so that all credit counts.
    people = [*people, mm.Participant(id="wishes", wants=dict.fromkeys(SKILLS, 1.0))]
    lists = {kind: {**getattr(people[row], kind), skill: level}}
    asked, expected = cohort_of(people), changed(people, row, **lists)
    if folds:
        asked, expected = asked.with_taxonomy(TAXONOMY), expected.with_taxonomy(TAXONOMY)
    twice = np.array([asked.skills.index(skill)] * 2)
    found = asked.variants(row, kind, twice, level)
    for name in ("teaches", "knows", "wants"):
        whole = getattr(expected, name)
        assert same(getattr(found, name), whole[[row, row]])


@given(profiles(most=5), st.data())
def test_without_capacity_somebody_takes_no_part_and_all_else_stays(
    people: list[mm.Participant], data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(people) - 1))
    found = cohort_of(people).without_capacity(row)
    expected = changed(people, row, capacity=0)
    assert found.capacity.tolist() == expected.capacity.tolist()
    assert found.most_partners(3).tolist() == expected.most_partners(3).tolist()
    assert found.digest("key") == expected.digest("key")


def test_a_double_of_the_head_leaves_no_doubt_who_is_the_head() -> None:
    people = cohort_of([mm.Participant(id="ana"), mm.Participant(id="bo", manager_id="ana")])
    assert not len(people.with_double(0).reporting_doubts())


@given(profiles(most=5), st.data(), st.booleans())
def test_a_double_is_tied_to_others_as_whom_it_is_like(
    people: list[mm.Participant], data: st.DataObject, folds: bool
) -> None:
    row, asked = data.draw(st.integers(0, len(people) - 1)), cohort_of(people)
    if folds:
        asked = asked.with_taxonomy(TAXONOMY)
    twice, others = asked.with_double(row), np.delete(np.arange(len(people)), row)
    own, double = np.full(len(others), row), np.full(len(others), len(people))
    assert twice.ids[:-1] == asked.ids
    for name in ("teaches", "knows", "wants"):
        assert same(getattr(twice, name)[[row, len(people)]], getattr(asked, name)[[row, row]])
    for ties in ("are_paired_before", "are_declined", "wish_ranks"):
        known = getattr(twice, ties)
        assert (known(double, others) == getattr(asked, ties)(own, others)).all()
        assert (known(others, double) == getattr(asked, ties)(others, own)).all()
    assert twice.place[-1] == asked.place[row]
    assert set(twice.reporting_doubts()) - {len(people)} == set(asked.reporting_doubts())
