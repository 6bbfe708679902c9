"""Whom people wish for: in which place, from which source, and in no text."""

import copy
import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from pydantic import ValidationError
from scipy.sparse import csr_array

from mentormatch import (
    Cohort,
    Fault,
    Participant,
    ProfileErrors,
    ProfileWarning,
    Reading,
    Synonyms,
    read_csv,
    read_excel,
    read_joined,
    read_records,
    read_scim,
)

ANA = Participant(id="ana", prefers=["cy", "gone", "bo"])
BO = Participant(id="bo", prefers=["ana"], declines=["cy"])
CY = Participant(id="cy")
PLACES = [[0, 3, 1], [1, 0, 0], [0, 0, 0]]
ALLOWED = (
    "ids of other people, the most wished first, each once, and none that must not be a partner"
)


def places(people: Cohort) -> list[list[int]]:
    rows = np.arange(len(people))
    found: list[list[int]] = people.wish_ranks(rows[:, None], rows).tolist()
    return found


def faults_of(records: list[dict[str, Any]], **more: Any) -> tuple[Fault, ...]:
    with pytest.raises(ProfileErrors) as error:
        read_records(records, **more)
    assert error.value.__context__ is None
    return error.value.faults


def nothing(people: int) -> dict[str, Any]:
    empty = csr_array((people, 1))
    return {"skill_labels": ["sql"], "teaches": empty, "knows": empty, "wants": empty}


def test_a_wish_has_its_place_in_the_list_and_goes_one_way() -> None:
    people = Cohort.from_participants([ANA, BO, CY])
    assert places(people) == PLACES
    ranks = people.wish_ranks(0, [1, 2])
    assert (ranks.tolist(), ranks.dtype) == ([3, 1], np.dtype(np.int64))
    assert people.wish_ranks(0, 2) == 1
    assert people.wish_ranks([], []).shape == (0,)


def test_without_wishes_nobody_is_wished_for() -> None:
    people = Cohort.from_participants([CY, Participant(id="di")])
    ranks = people.wish_ranks([[0], [1]], [0, 1])
    assert (ranks.tolist(), ranks.dtype) == ([[0, 0], [0, 0]], np.dtype(np.int64))


def test_wishes_survive_copies_pickles_and_other_names_of_skills() -> None:
    people = Cohort.from_participants([ANA, BO, CY])
    others = (
        copy.deepcopy(people),
        pickle.loads(pickle.dumps(people)),
        people.with_synonyms(Synonyms.of({"sql": ["SQL language"]})),
        Cohort.from_participants(list(people)),
    )
    for other in others:
        assert places(other) == PLACES
        assert other.participant("ana").prefers == ("cy", "gone", "bo")


def test_arrays_have_wishes() -> None:
    people = Cohort.from_columns(
        ids=["ana", 7, "cy"], prefers=[["cy", 7.0], None, ("ana", " ")], **nothing(3)
    )
    assert [one.prefers for one in people] == [("cy", "7"), (), ("ana",)]
    assert places(people) == [[0, 2, 1], [0, 0, 0], [1, 0, 0]]


@pytest.mark.parametrize(
    "wished",
    [["SECRET1", "SECRET1"], ["SECRET1", "ana"], "SECRET1", [["SECRET1"]], {"SECRET1": 1}, 7],
    ids=str,
)
def test_what_is_no_list_of_other_people_is_a_hidden_fault(wished: Any) -> None:
    with pytest.raises(ProfileErrors) as error:
        Cohort.from_columns(ids=["ana", "SECRET1"], prefers=[wished, None], **nothing(2))
    (fault,) = error.value.faults
    assert (fault.row, fault.person, fault.field) == (1, "ana", "prefers")
    assert (fault.value, fault.allowed) == ("(hidden)", ALLOWED)
    with pytest.raises(ValidationError) as refused:
        Participant(id="ana", prefers=wished)
    assert "SECRET" not in str(refused.value) + repr(refused.value.errors())
    records = [{"id": "ana", "prefers": wished}, {"id": "SECRET1"}]
    if wished != "SECRET1":  # which is a list of one, in a file
        (fault,) = faults_of(records)
        assert (fault.row, fault.person, fault.field) == (1, "ana", "prefers")
        assert (fault.value, fault.allowed) == ("(hidden)", f"{ALLOWED}; separated by semicolons")


def test_to_wish_for_somebody_declined_is_refused_like_any_other_list() -> None:
    torn = {"id": "ana", "prefers": "bo; cy", "declines": "cy"}
    (fault,) = faults_of([torn, {"id": "bo"}, {"id": "cy"}])
    (other,) = faults_of([{"id": "ana", "prefers": "bo; bo"}, {"id": "bo"}])
    assert fault == other  # so that it does not tell who declines anybody
    with pytest.raises(ValidationError, match="none that must not be a partner"):
        Participant(id="ana", prefers=["cy"], declines=["cy"])


def test_everything_that_is_wrong_with_wishes_is_reported_at_once() -> None:
    faults = faults_of(
        [
            {"id": "ana", "prefers": "bo; bo", "rank": "boss"},
            {"id": "bo", "prefers": ["bo"]},
            {"id": "cy", "prefers": 3, "declines": "zoe"},
        ]
    )
    assert [(fault.row, fault.field) for fault in faults] == [
        (1, "rank"),
        (1, "prefers"),
        (2, "prefers"),
        (3, "prefers"),
        (3, "confidential"),
    ]


def test_nothing_shows_wishes() -> None:
    ana = Participant(id="ana", prefers=["SECRET1"])
    people = Cohort.from_participants([ana, Participant(id="SECRET2")])
    assert "SECRET1" not in repr(ana) + str(ana) + repr(people) + people.summary()
    assert "prefers" not in people.fields


def test_wished_people_who_are_gone_are_counted() -> None:
    text = Cohort.from_participants([ANA, BO, CY]).summary()
    assert text.endswith("prefers      1 of 4 wished people is not among these people")
    gone = Cohort.from_participants([Participant(id="ana", prefers=["x"])]).summary()
    assert gone.endswith("prefers      1 of 1 wished person is not among these people")


def test_the_digest_knows_wishes_and_their_order() -> None:
    def digest(**more: Any) -> str:
        return Cohort.from_participants([Participant(id="ana", **more), BO, CY]).digest("key")

    found = {digest(), digest(prefers=["bo", "cy"]), digest(prefers=["cy", "bo"])}
    assert len(found) == 3


@pytest.mark.parametrize("heading", ["Prefer", "preferes", "Prefers "])
def test_a_heading_that_is_nearly_the_one_of_wishes_is_not_published(heading: str) -> None:
    records = [{"id": "ana", heading: "SECRET1"}]
    if heading.strip().casefold() == "prefers":
        assert read_records(records).participant("ana").prefers == ("SECRET1",)
        return
    (fault,) = faults_of(records)
    assert (fault.field, fault.value) == ("heading", heading)
    assert fault.allowed.startswith("'prefers' for people whom somebody wishes to be matched with")
    assert "SECRET" not in str(fault)
    people = read_records(records, columns={"note": heading})
    assert dict(people.participant("ana").attributes) == {"note": "SECRET1"}


def test_a_second_column_of_wishes_is_refused() -> None:
    records = [{"id": "ana", "Likes": "bo", "Prefers": "SECRET1"}]
    (fault,) = faults_of(records, columns={"prefers": "Likes"})
    assert (fault.field, fault.value) == ("heading", "Prefers")


def test_other_preferences_are_attributes() -> None:
    people = read_records([{"id": "ana", "preferred_language": "no", "preferences": "mornings"}])
    assert set(people.participant("ana").attributes) == {"preferred_language", "preferences"}


def test_texts_that_stand_for_wishes_are_in_no_summary_and_no_warning() -> None:
    values = {"prefers": {"the boss": "SECRET1", "SECRET2": None}}
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        people = read_records([{"id": "ana", "prefers": "The Boss"}], values=values)
    assert people.participant("ana").prefers == ("SECRET1",)
    assert people.account is not None
    assert people.account.replaced == ()
    assert not noted
    assert "boss" not in people.summary()


def test_a_moved_cell_hides_whoever_is_wished_for(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,prefers,rank\nana,gone;bo,\nbo,,gone\ncy,,ana / bo\ndi,,many\n")
    with pytest.raises(ProfileErrors) as error:
        read_csv(path)
    assert [(fault.row, fault.value) for fault in error.value.faults] == [
        (3, "(hidden)"),
        (4, "(hidden)"),
        (5, "many"),
    ]


def test_a_moved_cell_is_hidden_from_the_rule_that_reads_it() -> None:
    people = [Participant(id="ana", prefers=["gone"], desk="gone"), Participant(id="bo", desk="x")]
    with pytest.raises(ProfileErrors) as error:
        Cohort.from_participants(people).numbers("desk")
    assert [fault.value for fault in error.value.faults] == ["(hidden)", "x"]


def test_a_file_of_wishes_tells_nobody_who_is_in_it(tmp_path: Path) -> None:
    paths = [tmp_path / "people.csv", tmp_path / "list.csv"]
    paths[0].write_text("id\nana\nbo\n")
    paths[1].write_text("id,Wished\nana,bo\nzoe,ana\n")
    reading = Reading(columns={"prefers": "Wished"})
    with pytest.warns(ProfileWarning) as noted:
        people = read_joined(paths, reading=reading)
    told = " ".join([people.summary(), *(str(one.message) for one in noted)])
    assert "zoe" not in told
    assert "bo" not in told
    assert places(people) == [[0, 1], [0, 0]]


def test_a_spreadsheet_has_wishes_and_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["id", "Prefers", "capacity", "At least"], [1, "3; 2", 3, 2], [2, "1"], [3]):
        book.active.append(row)
    book.save(tmp_path / "people.xlsx")
    people = read_excel(tmp_path / "people.xlsx")
    assert places(people) == [[0, 2, 1], [1, 0, 0], [0, 0, 0]]
    assert people.most_partners(9).tolist() == [3, 9, 9]
    assert people.least_partners(0).tolist() == [2, 0, 0]


@pytest.mark.parametrize("wished", ["2; 3", ["2", "3"], [{"value": "2"}, {"Value": 3}]], ids=str)
@pytest.mark.parametrize("field", ["prefers", "declines", "past_partners"])
def test_scim_names_people_in_an_extension(field: str, wished: object) -> None:
    schema = "urn:example:skills:2.0:User"
    users: list[dict[str, Any]] = [{"id": "1", schema: {"Named": wished}}, {"id": "2"}, {"id": "3"}]
    people = read_scim(users, columns={field: f"{schema}:named"})
    assert getattr(people.participant("1"), field) == ("2", "3")


def test_who_is_not_active_wishes_for_nobody_and_may_be_wished_for() -> None:
    people = read_records(
        [
            {"id": "ana", "status": "in", "prefers": "bo"},
            {"id": "bo", "status": "out", "prefers": "ana; ana"},
        ],
        reading=Reading(active={"status": ("in",)}),
    )
    assert places(people) == [[0, 1], [0, 0]]
