"""The same people, some of whom name others than they did."""

import pytest

import mentormatch as mm

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")


def people() -> mm.Cohort:
    return mm.read_records(
        [
            {"id": "ana", "prefers": "bo", "past_partners": "cy"},
            {"id": "bo", "declines": "cy", "manager_id": "ana"},
            {"id": "cy", "manager_id": "bo", "teaches": "sql"},
        ]
    )


def test_lists_are_replaced_and_all_others_stay() -> None:
    before = people()
    later = before.naming(
        past_partners={"ana": ["bo", "gone"]}, declines={"cy": ["ana"]}, prefers={"bo": ["ana"]}
    )
    ana, bo, cy = later
    assert (ana.past_partners, ana.prefers) == (("bo", "gone"), ("bo",))
    assert (bo.declines, bo.prefers) == (("cy",), ("ana",))
    assert cy.declines == ("ana",)
    assert later.are_paired_before(0, [1, 2]).tolist() == [True, False]
    assert later.are_declined([0, 1, 0], [2, 2, 1]).tolist() == [True, True, False]
    assert later.wish_ranks([1, 0], [0, 1]).tolist() == [1, 1]
    assert before.are_paired_before(0, [1, 2]).tolist() == [False, True]


def test_ties_are_those_of_people_who_were_read_so() -> None:
    later = people().naming(prefers={"ana": ["cy", "bo"]}, declines={"bo": []})
    read = mm.read_records(
        [
            {"id": "ana", "prefers": "cy; bo", "past_partners": "cy"},
            {"id": "bo", "manager_id": "ana"},
            {"id": "cy", "manager_id": "bo", "teaches": "sql"},
        ]
    )
    assert later.digest("key") == read.digest("key")
    assert list(later) == list(read)
    assert later.organisation.ids == read.organisation.ids


def test_credit_of_a_taxonomy_stays() -> None:
    folded = people().with_taxonomy(mm.Taxonomy.of([("sql", "databases")]))
    later = folded.naming(prefers={"ana": ["cy"]})
    assert later.teaches.toarray().tolist() == folded.teaches.toarray().tolist()
    assert later.summary() == folded.summary()


def test_all_who_name_what_they_cannot_are_listed_at_once_and_nobody_they_name() -> None:
    with pytest.raises(mm.ProfileErrors) as caught:
        people().naming(
            past_partners={"ana": ["ana"]},
            declines={"bo": ["zoe"], "cy": ["cy"]},
            prefers={"bo": ["cy", "cy"]},
        )
    assert [(fault.person, fault.field, fault.value) for fault in caught.value.faults] == [
        ("ana", "past_partners", "ana"),
        ("bo", "confidential", "(hidden)"),
        ("bo", "prefers", "(hidden)"),
        ("cy", "confidential", "(hidden)"),
    ]
    with pytest.raises(mm.ProgramError, match="nobody has the id 'zoe'"):
        people().naming(prefers={"zoe": ["ana"]})


def test_who_is_of_the_organisation_may_be_declined() -> None:
    tree = mm.Organisation.from_managers(["ana", "boss"], ["boss", None])
    cohort = mm.Cohort.from_participants([mm.Participant(id="ana")], organisation=tree)
    assert cohort.naming(declines={"ana": ["boss"]}).participant("ana").declines == ("boss",)


def test_knowledge_goes_up_and_its_credit_is_folded_anew() -> None:
    cohort = mm.read_records(
        [
            {"id": "ana", "teaches": "python", "wants": "pandas; python"},
            {"id": "bo", "wants": "python; pandas", "knows": "python:2"},
        ]
    ).with_taxonomy(mm.Taxonomy.of([("pandas", "python")]))
    later = cohort.knowing({"bo": {"pandas": 1.0, "Python": 0.2}})
    bo = later.participant("bo")
    assert bo.knows == {"pandas": 1.0, "python": 0.4}
    python = later.skills.index("python")
    assert later.knows.toarray()[1, python] > cohort.knows.toarray()[1, python]


def test_what_is_noted_of_some_is_blank_for_the_others() -> None:
    cohort = people().noting("site", {"bo": "Oslo"})
    assert [one.attributes.get("site") for one in cohort] == [None, "Oslo", None]
    again = cohort.noting("site", {"ana": "Pune"})
    assert [one.attributes.get("site") for one in again] == ["Pune", "Oslo", None]
    with pytest.raises(mm.ProgramError, match="'rank' is no attribute"):
        cohort.noting("rank", {"ana": 3})
