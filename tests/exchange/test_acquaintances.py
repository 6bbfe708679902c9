"""What one person exchanges with many, skill by skill, against the benefit of all pairs."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.exchange.acquaintances import Acquaintances, Met
from mentormatch.exchange.benefit import OpenWishes, benefit
from mentormatch.people import Cohort
from tests.strategies import SKILLS, cohort_of, profiles

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

COUNTED = st.sampled_from((None, 1, 2))


def given_by(people: Cohort, row: int, known: Acquaintances) -> Met:
    taught = people.teaches[[row]]
    skills = taught.indices.astype(np.int64)
    return known.met(skills, known.learning(skills, taught.data))


@given(profiles(), COUNTED, st.data())
def test_all_together_are_the_benefits_of_all_pairs(
    profiles: list[mm.Participant], counted: int | None, data: st.DataObject
) -> None:
    people, everybody = cohort_of(profiles), np.arange(len(profiles))
    row = data.draw(st.integers(0, len(profiles) - 1))
    known, one = Acquaintances.of(people, everybody, counted), np.array([row])
    gives = given_by(people, row, known)
    assert (gives.total == benefit(people, one, everybody, wishes_counted=counted)[0]).all()
    own = OpenWishes.of(people, one, counted)
    gets = known.met(own.skills, known.teaching(own.skills, own.weight, own.known))
    assert (gets.total == benefit(people, everybody, one, wishes_counted=counted)[:, 0]).all()


@given(profiles(), COUNTED, st.sampled_from(SKILLS), st.floats(0.01, 1.0), st.data())
def test_with_another_term_it_is_the_benefit_of_the_changed_profile(
    profiles: list[mm.Participant],
    counted: int | None,
    skill: str,
    level: float,
    data: st.DataObject,
) -> None:
    row = data.draw(st.integers(0, len(profiles) - 1))
    others = np.array(data.draw(st.lists(st.integers(0, len(profiles) - 1), min_size=1)))
    others = others[others != row]
    idle: dict[str, Any] = {"id": "all", "knows": dict.fromkeys(SKILLS, 0.1), "capacity": 0}
    profiles = [*profiles, mm.Participant(**idle)]
    people = cohort_of(profiles)
    own = profiles[row]
    level = max(level, own.teaches.get(skill, 0.0))
    better = own.model_copy(update={"teaches": {**own.teaches, skill: level}})
    changed = cohort_of([*profiles[:row], better, *profiles[row + 1 :]])
    known = Acquaintances.of(people, np.arange(len(profiles)), counted)
    number = np.array([people.skills.index(skill)])
    terms = known.learning(number, np.array([level]))
    # Each of the others may come several times; the terms are theirs each time.
    pair, place = np.nonzero(others[:, None] == terms.other[None, :])
    found = given_by(people, row, known).with_others(
        others, pair, np.full(len(pair), number[0]), terms.term[place]
    )
    expected = benefit(changed, np.array([row]), others, wishes_counted=counted)[0]
    assert (found == expected).all()
