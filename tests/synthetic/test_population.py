"""Workforces as their users see them."""

import json
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import numpy as np
import pytest

import mentormatch as mm
from mentormatch.people import Cohort
from mentormatch.synthetic import workforce

#: Of the people of `workforce(200, seed=7)`; if they change, the changelog has to say so.
GOLDEN = "e2709eb5daae17c9599953f09c5592ba"


@pytest.fixture(scope="module")
def people() -> Cohort:
    return workforce(3_000, seed=1)


def correlation(one: Any, other: Any) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def entries(matrix: Any) -> tuple[Any, Any, Any]:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return rows, matrix.indices, matrix.data


def fingerprint(people: Cohort) -> str:
    """What the people are, spelt out, so that it is fixed by nothing but them."""
    rows = [
        [
            *(person.id, person.name, person.department, person.manager_id, person.rank),
            *(person.location, person.utc_offset, person.languages, person.capacity),
            *(person.teaches, person.knows, person.wants, dict(person.attributes)),
        ]
        for person in people
    ]
    return blake2b(json.dumps(rows, sort_keys=True).encode(), digest_size=16).hexdigest()


def test_the_same_seed_gives_the_same_people_on_every_machine() -> None:
    assert fingerprint(workforce(200, seed=7)) == GOLDEN


def test_ids_count_from_one_and_names_are_those_of_people(people: Cohort) -> None:
    assert people.ids[0] == "p0000001"
    assert people.ids[-1] == "p0003000"
    assert all(" " in name for name in people.names)


def test_everybody_has_every_field_and_one_place(people: Cohort) -> None:
    assert set(people.capacity.tolist()) == {1}
    for field in ("rank", "utc_offset", "tenure"):
        assert np.all(np.isfinite(people.numbers(field)))
    for field in ("department", "location", "region"):
        assert np.all(people.categories(field)[0] >= 0)
    assert np.all(np.diff(people.lists("languages")[0].indptr) > 0)
    assert np.count_nonzero(people.categories("manager_id")[0] < 0) == 1
    assert len(people.reporting_doubts()) == 0


def test_rows_are_in_no_order_of_rank_department_or_tenure(people: Cohort) -> None:
    for field in ("rank", "tenure"):
        assert abs(correlation(np.arange(len(people)), people.numbers(field))) < 0.1
    departments = people.categories("department")[0]
    assert abs(correlation(departments[1:], departments[:-1])) < 0.1


def test_people_teach_four_skills_and_want_three_and_a_few_none(people: Cohort) -> None:
    offers = np.diff(people.teaches.indptr)
    wishes = np.diff(people.wants.indptr)
    assert 3.5 < offers.mean() < 4.5
    assert 2.7 < wishes.mean() < 3.5
    assert 0.01 < np.mean(offers == 0) < 0.06
    assert 0.02 < np.mean(wishes == 0) < 0.08


def test_proficiency_is_in_fifths_and_grows_with_tenure(people: Cohort) -> None:
    rows, _, levels = entries(people.teaches)
    assert set(levels.tolist()) == {0.2, 0.4, 0.6, 0.8, 1.0}
    tenure = people.numbers("tenure")[rows]
    assert correlation(levels, tenure) > 0.3
    # Each skill that many teach, too: it is not that old hands teach other things.
    labels = people.skills.labels
    process = people.teaches.indices == labels.index("Process design")
    assert correlation(levels[process], tenure[process]) > 0.3


def test_new_technology_is_not_learnt_by_sitting_there(people: Cohort) -> None:
    rows, skills, levels = entries(people.teaches)
    chosen = skills == people.skills.index("Machine learning")
    assert abs(correlation(levels[chosen], people.numbers("tenure")[rows][chosen])) < 0.2


def test_priorities_are_one_two_or_three(people: Cohort) -> None:
    assert set(people.wants.data.tolist()) == {1.0, 2.0, 3.0}


def test_nobody_has_one_skill_twice_or_wants_what_they_have_in_full(people: Cohort) -> None:
    teaches, knows, wants = (m.toarray() for m in (people.teaches, people.knows, people.wants))
    assert not np.any((teaches > 0) & (knows > 0))
    assert not np.any((np.maximum(teaches, knows) == 1.0) & (wants > 0))
    assert np.any((teaches > 0) & (wants > 0))


def test_skills_are_of_zipf_popularity(people: Cohort) -> None:
    uses = np.sort(np.bincount(people.teaches.indices, minlength=len(people.skills)))[::-1]
    assert uses[:20].sum() > 0.4 * uses.sum()  # a tenth of the skills
    assert uses[100:].sum() < 0.2 * uses.sum()


def share_of_own(people: Cohort, matrix: Any) -> Any:
    """How popular each named skill is as an offer in the own department, beside all of them."""
    departments = people.categories("department")[0]
    sizes = np.bincount(departments)
    member = np.arange(len(sizes))[:, np.newaxis] == departments
    offered = (member.astype(float) @ people.teaches.astype(bool).astype(float).toarray()).T / sizes
    rows, skills, _ = entries(matrix)
    return offered[skills, departments[rows]] / np.maximum(offered[skills].max(axis=1), 1e-9)


def test_offers_are_at_home_and_wishes_reach_outside(people: Cohort) -> None:
    # Skills that are as popular in the own department as in any.
    assert np.mean(share_of_own(people, people.teaches) == 1.0) > 0.4
    assert np.mean(share_of_own(people, people.wants) == 1.0) < 0.25


@pytest.mark.parametrize(
    ("skill", "from_seniors"),
    [
        ("Machine learning", False),
        ("Prompt writing", False),
        ("Coaching", True),
        ("Strategy", True),
    ],
)
def test_each_side_has_something_for_the_other(
    people: Cohort, skill: str, from_seniors: bool
) -> None:
    column = people.skills.index(skill)
    rank = people.numbers("rank")
    teachers = rank[entries(people.teaches)[0][people.teaches.indices == column]].mean()
    learners = rank[entries(people.wants)[0][people.wants.indices == column]].mean()
    assert (teachers - learners if from_seniors else learners - teachers) > 0.5


def test_a_realistic_program_leaves_most_people_with_candidates() -> None:
    people = workforce(2_000)
    program = mm.Program(
        format=mm.Pairs(sides=mm.Sides(by="rank", at_least=3)),
        rules=[
            mm.Different("department"),
            mm.NoReportingLine(),
            mm.Within("utc_offset", 3, period=24),
        ],
    )
    graph = mm.build_graph(people, program)
    without = sum(map(len, (*graph.without_exchange, *graph.without_permission)))
    assert without < 0.2 * len(people)
    assert len(graph) > 5 * len(people)


def test_one_person_is_a_workforce() -> None:
    [person] = workforce(1)
    assert (person.manager_id, person.rank, person.department) == (None, 7, "Operations")


def test_profiles_hold_everything(people: Cohort) -> None:
    again = Cohort.from_participants(list(people))
    assert again.digest("key") == people.digest("key")


def test_fewer_skills_than_homes_for_them() -> None:
    people = workforce(300, skills=2)
    assert people.skills.labels == ("Machine learning", "Public speaking")
    assert people.teaches.nnz > 300


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"n": 0}, "n is 0; it must be a whole number of 1 or more"),
        ({"n": 2.5}, "n is 2.5"),
        ({"n": "many"}, "n is 'many'"),
        ({"n": 5, "skills": 0}, "skills is 0"),
        ({"n": 5, "seed": -1}, "seed is -1; it must be a whole number of 0 or more"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        workforce(**given)


def test_numpy_integers_are_whole_numbers() -> None:
    whole: Callable[[int], Any] = np.int64
    assert workforce(whole(10), seed=whole(10)).digest("key") == workforce(10, seed=10).digest(
        "key"
    )
