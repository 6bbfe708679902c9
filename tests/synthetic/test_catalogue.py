"""The skills there are."""

import numpy as np
import pytest

from mentormatch.skills.vocabulary import Vocabulary
from mentormatch.synthetic.catalogue import Catalogue
from mentormatch.synthetic.chance import Chance
from mentormatch.synthetic.skill_names import COMMON, DEPARTMENTS


@pytest.mark.parametrize("skills", [1, 2, 19, 20, 200, 1_500, 6_000])
def test_every_skill_is_another_one_and_none_looks_like_a_misspelling(skills: int) -> None:
    catalogue = Catalogue.of(skills, departments=16)
    vocabulary = Vocabulary.of(catalogue.labels)
    assert len(catalogue.labels) == len(vocabulary) == skills
    assert vocabulary.near_duplicates() == ()


def test_names_are_plain_then_in_settings_then_numbered() -> None:
    catalogue = Catalogue.of(19 * 180, departments=16)
    legal = catalogue.labels[catalogue.starts[-4] : catalogue.starts[-3]]
    assert legal[0] == "Contract drafting"
    assert legal[8] == "Contract drafting for retail"
    assert legal[8 * 17] == "Contract drafting 2"
    assert legal[8 * 18] == "Contract drafting for retail 2"


def test_skills_are_divided_among_the_homes() -> None:
    counts = np.diff(Catalogue.of(200, departments=16).starts)
    assert counts.tolist() == [11] * 10 + [10] * 9
    assert len(counts) == len(COMMON) + len(DEPARTMENTS)


@pytest.mark.parametrize("skills", [1, 4, 5, 200])
def test_drawn_skills_are_of_their_home_or_everyday_ones(skills: int) -> None:
    catalogue = Catalogue.of(skills, departments=2)
    home = Chance(1).whole(5_000, below=5)
    skill = catalogue.draw(home, Chance(2).uniform(5_000))
    found = np.searchsorted(catalogue.starts, skill, side="right") - 1
    stocked = np.diff(catalogue.starts) > 0
    np.testing.assert_array_equal(found, np.where(stocked[home], home, 0))
    assert set(skill.tolist()) == set(range(skills))


def test_the_largest_number_drawn_stays_at_home() -> None:
    catalogue = Catalogue.of(100, departments=2)
    home = np.arange(5)
    skill = catalogue.draw(home, np.full(5, 1.0 - 2.0**-53))
    np.testing.assert_array_equal(skill, catalogue.starts[1:] - 1)


def test_the_first_skills_of_a_home_are_the_popular_ones() -> None:
    catalogue = Catalogue.of(50, departments=2)
    drawn = catalogue.draw(np.full(60_000, 3), Chance(4).uniform(60_000)) - catalogue.starts[3]
    uses = np.bincount(drawn)
    np.testing.assert_allclose(uses[0] / uses[:4], [1, 2, 3, 4], rtol=0.1)
