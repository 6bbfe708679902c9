"""Where cells have moved, no fault shows who declines whom."""

from pathlib import Path
from typing import Any

import pytest

from mentormatch import Cohort, Fault, Participant, ProfileErrors, read_csv
from mentormatch.people.confidential import hide_people


def faults_of(folder: Path, content: str, **more: Any) -> tuple[Fault, ...]:
    path = folder / "people.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ProfileErrors) as error:
        read_csv(path, **more)
    return error.value.faults


def said(faults: tuple[Fault, ...]) -> list[tuple[int | None, str | None, str, str]]:
    return [(fault.row, fault.person, fault.field, fault.value) for fault in faults]


def test_of_a_row_with_too_many_cells_nothing_but_their_number_is_shown(tmp_path: Path) -> None:
    written = "declines,id,rank\nSECRET1,SECRET2,ana,3\n,bo,boss\n"
    faults = faults_of(tmp_path, written)
    assert said(faults) == [(2, None, "number of cells", "4"), (3, "bo", "rank", "boss")]
    assert "SECRET" not in repr(faults)


def test_whoever_stands_in_a_row_with_too_many_cells_may_be_declined(tmp_path: Path) -> None:
    written = "id,declines,rank\nana,bo,cy,3\nbo,ana,\ncy,zoe,\n"
    assert said(faults_of(tmp_path, written)) == [
        (2, None, "number of cells", "4"),
        (4, "cy", "confidential", "(hidden)"),
    ]


@pytest.mark.parametrize("moved", ["bo", " bo ", "bo, cy", "bo / cy", "bo cy", "Cy Ann, zoe"])
@pytest.mark.parametrize("field", ["rank", "utc_offset", "capacity"])
def test_a_list_without_quotes_is_not_shown_in_another_column(
    tmp_path: Path, field: str, moved: str
) -> None:
    written = f"id;declines;{field}\nana;bo;{moved}\nbo;;\ncy;;many\nCy Ann;;ana\n"
    faults = faults_of(tmp_path, written)
    assert said(faults) == [
        (2, "ana", field, "(hidden)"),
        (4, "cy", field, "many"),
        (5, "Cy Ann", field, "(hidden)"),
    ]
    assert "bo" not in str(faults[0])


def test_remedies_do_not_repeat_what_is_hidden(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, "id;declines;teaches\nana;u:16;u:17\nu:16;;\nu:17;;\n")
    assert fault.value == "(hidden)"
    assert fault.allowed == "a proficiency from 1 to 5 after the colon"


def test_a_moved_cell_is_hidden_from_the_rule_that_reads_it() -> None:
    people = [Participant(id="ana", declines=["bo"], desk="bo"), Participant(id="bo", desk="far")]
    with pytest.raises(ProfileErrors) as error:
        Cohort.from_participants(people).numbers("desk")
    assert [fault.value for fault in error.value.faults] == ["(hidden)", "far"]
    assert error.value.__context__ is None


def test_without_declines_everything_is_shown(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "id,rank\nana,bo\nbo,\n")[0].value == "bo"
    people = [Participant(id="ana", desk="bo"), Participant(id="bo")]
    with pytest.raises(ProfileErrors) as error:
        Cohort.from_participants(people).numbers("desk")
    assert error.value.faults[0].value == "bo"


def test_the_id_of_the_person_themselves_and_a_blank_one_are_no_secret() -> None:
    faults = [
        Fault(3, "ana", "id", "ana", "an id of their own"),
        Fault(4, None, "id", "", "a text"),
    ]
    assert hide_people(faults, {"ana", ""}) == faults
