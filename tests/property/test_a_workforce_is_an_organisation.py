"""Laws of synthetic workforces, whatever their size, seed and number of skills."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.people import Cohort
from mentormatch.synthetic import workforce

SEEDS = st.integers(0, 2**64)
WORKFORCES = st.builds(workforce, st.integers(1, 400), seed=SEEDS, skills=st.integers(1, 300))


@given(WORKFORCES)
def test_the_reporting_lines_are_one_tree(people: Cohort) -> None:
    tree = people.organisation
    assert not tree.outside.any()
    assert sorted(tree.ids) == sorted(people.ids)
    heads = np.flatnonzero(tree.manager < 0)
    assert len(heads) == 1
    others = np.flatnonzero(tree.manager >= 0)
    assert tree.is_above(heads[0], others).all()


@given(WORKFORCES)
def test_managers_have_a_higher_rank(people: Cohort) -> None:
    row = {person: position for position, person in enumerate(people.ids)}
    rank = people.numbers("rank")
    codes, ids = people.categories("manager_id")
    reports = np.flatnonzero(codes >= 0)
    managers = np.array([row[ids[code]] for code in codes[reports]], dtype=np.int64)
    assert np.all(rank[managers] > rank[reports])
    spans = np.bincount(managers, minlength=1)
    assert np.all(spans <= 12)
    assert np.all((spans == 0) | (spans >= min(3, len(people) - 1)))


@given(st.integers(40, 400), SEEDS)
def test_a_third_to_a_half_are_of_rank_three_and_above(n: int, seed: int) -> None:
    rank = workforce(n, seed=seed).numbers("rank")
    assert 0.3 <= np.mean(rank >= 3) <= 0.5


@given(WORKFORCES)
def test_every_number_is_within_its_scale(people: Cohort) -> None:
    rank, offset = people.numbers("rank"), people.numbers("utc_offset")
    assert np.all((rank >= 1) & (rank <= 7) & (rank == np.floor(rank)))
    assert np.all((offset >= -12) & (offset <= 14) & (offset * 4 == np.floor(offset * 4)))
    assert np.all(people.numbers("tenure") >= 0)
    for matrix in (people.teaches, people.knows):
        assert np.all(np.isin(matrix.data, [0.2, 0.4, 0.6, 0.8, 1.0]))
    assert np.all(np.isin(people.wants.data, [1.0, 2.0, 3.0]))


@given(st.integers(1, 400), SEEDS, st.integers(1, 400))
def test_the_number_of_skills_is_the_one_asked_for(n: int, seed: int, skills: int) -> None:
    people = workforce(n, seed=seed, skills=skills)
    assert len(people.skills) == skills
    assert people.teaches.shape == people.wants.shape == (n, skills)


@given(st.integers(1, 60), SEEDS)
def test_the_same_seed_gives_the_same_people(n: int, seed: int) -> None:
    assert workforce(n, seed=seed).digest("key") == workforce(n, seed=seed).digest("key")


@given(st.integers(5, 60), st.integers(0, 2**32), st.integers(1, 2**32))
def test_another_seed_gives_other_people(n: int, seed: int, step: int) -> None:
    assert workforce(n, seed=seed).digest("key") != workforce(n, seed=seed + step).digest("key")


@given(st.integers(1, 400), SEEDS, st.integers(1, 300), st.integers(1, 300))
def test_skills_change_nothing_but_skills(n: int, seed: int, one: int, other: int) -> None:
    first, second = (workforce(n, seed=seed, skills=skills) for skills in (one, other))
    assert first.names == second.names
    for field in ("rank", "utc_offset", "tenure"):
        np.testing.assert_array_equal(first.numbers(field), second.numbers(field))
    assert first.categories("department")[1] == second.categories("department")[1]
