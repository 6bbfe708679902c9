"""Who teaches and who wants what, before any matching."""

import pytest

import mentormatch as mm
from mentormatch import Cohort, ProgramError

RECORDS: list[dict[str, object]] = [
    {"id": "ana", "name": "Ana", "teaches": "Kubernetes:3; pottery", "wants": "Docker:2"},
    {"id": "bo", "teaches": "kubernetes:5", "wants": "docker:9"},
    {"id": "cy", "teaches": "Kubernetes", "capacity": 0},
    {"id": "di", "teaches": "kubernets:4", "knows": "Docker"},
    {"id": "ed", "teaches": "containers", "wants": "pottery"},
]


@pytest.fixture
def plain() -> Cohort:
    with pytest.warns(mm.ProfileWarning, match="look alike|looks alike"):
        return mm.read_records(RECORDS)


@pytest.fixture
def people(plain: Cohort) -> Cohort:
    return plain.with_taxonomy(mm.Taxonomy.of([("Kubernetes", "containers")]))


def test_the_most_proficient_come_first_and_the_absent_are_left_out(people: Cohort) -> None:
    assert people.who_teaches("KUBERNETES") == (
        mm.Holder("bo", "bo", "Kubernetes", 1.0),
        mm.Holder("ana", "Ana", "Kubernetes", 0.6),
    )
    assert [one.id for one in people.who_wants("docker")] == ["bo", "ana"]
    assert people.who_wants("containers") == ()


def test_near_skills_are_relatives_and_look_alikes(people: Cohort, plain: Cohort) -> None:
    found = [(one.id, one.skill) for one in people.who_teaches("kubernetes", near=True)]
    assert found == [
        ("bo", "Kubernetes"),
        ("ana", "Kubernetes"),
        ("ed", "containers"),
        ("di", "kubernets"),
    ]
    assert [one.id for one in people.who_teaches("kubernetess", near=True)] == ["bo", "ana"]
    assert [one.id for one in plain.who_teaches("containers", near=True)] == ["ed"]


def test_a_skill_that_nobody_names_is_asked_about(people: Cohort) -> None:
    with pytest.raises(ProgramError, match="no skill 'potery'; did you mean 'pottery'"):
        people.who_teaches("potery")
    with pytest.raises(ProgramError, match="no skill 'sailing'"):
        people.who_wants("sailing", near=True)


def test_a_taxonomy_can_be_looked_at_and_taken_away(people: Cohort, plain: Cohort) -> None:
    assert plain.taxonomy is None
    assert people.taxonomy == mm.Taxonomy.of([("Kubernetes", "containers")])
    bare = people.with_taxonomy(None)
    assert not bare.has_taxonomy
    assert bare.digest("key") == plain.digest("key") != people.digest("key")
    assert (bare.teaches.toarray() == plain.teaches.toarray()).all()
