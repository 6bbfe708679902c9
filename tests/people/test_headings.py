"""What the first line of a file may say."""

from pathlib import Path
from typing import Any

import pytest

from mentormatch import Fault, ProfileErrors, read_csv, read_organisation, read_records

HEADERLESS = "ana,Ana,SECRET1,3\nbo,Bo,SECRET1,SECRET1\n"


def write(folder: Path, content: str, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def faults_of(folder: Path, content: str, **more: Any) -> tuple[Fault, ...]:
    with pytest.raises(ProfileErrors) as error:
        read_csv(write(folder, content), **more)
    return error.value.faults


@pytest.mark.parametrize("columns", [None, {"id": "No"}, {"name": "Nom", "declines": "Not with"}])
@pytest.mark.parametrize("written", [HEADERLESS, "ana,SECRET1,SECRET1,6\nbo,,,3\n"])
def test_a_first_line_that_is_a_person_is_only_counted(
    tmp_path: Path, columns: dict[str, str] | None, written: str
) -> None:
    (fault,) = faults_of(tmp_path, written, columns=columns)
    assert (fault.row, fault.field, fault.value) == (1, "headings", "4, none of them known")
    assert fault.allowed.startswith("headings in the first line, among them 'id'")
    assert "SECRET" not in str(fault)
    for heading in (columns or {}).values():
        assert repr(heading) in fault.allowed


def test_an_organisation_without_headings_is_only_counted(tmp_path: Path) -> None:
    tree = write(tmp_path, HEADERLESS, "staff.csv")
    with pytest.raises(ProfileErrors) as error:
        read_organisation(tree)
    (fault,) = error.value.faults
    assert (fault.row, fault.field, fault.value) == (1, "headings", "4, none of them known")
    assert "SECRET" not in str(fault)
    (fault,) = faults_of(tmp_path, "id\nana\n", organisation=tree)
    assert (fault.field, fault.value) == ("headings in staff.csv", "4, none of them known")
    assert fault.allowed.endswith("organisation=read_organisation('staff.csv', columns={...})")
    assert "SECRET" not in str(fault)


def test_known_headings_are_named_when_there_is_one(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, "No,Office\n7,Oslo\n", columns={"id": "No", "site": "Ofice"})
    assert [fault.field for fault in faults] == ["columns['site']"]
    assert "did you mean 'Office'? Known: No, Office" in faults[0].allowed


@pytest.mark.parametrize(
    "heading", ["Declines (ids)", "Declined people", "Not with (declines)", "DECLINING", "declin"]
)
@pytest.mark.parametrize("beside", ["", ",declines"])
def test_a_heading_that_speaks_of_declining_is_refused(
    tmp_path: Path, heading: str, beside: str
) -> None:
    written = f"id,{heading}{beside}\nana,SECRET1\n"
    (fault,) = faults_of(tmp_path, written)
    assert (fault.row, fault.field, fault.value) == (1, "heading", heading)
    assert f"columns={{'note': {heading!r}}}" in fault.allowed
    assert "SECRET1" not in str(fault)
    people = read_csv(tmp_path / "people.csv", columns={"note": heading})
    assert people.participant("ana").attributes == {"note": "SECRET1"}


def test_half_a_character_in_a_heading_is_a_fault() -> None:
    for columns in (None, {"site": "\ud800"}):
        with pytest.raises(ProfileErrors) as error:
            read_records([{"id": "ana", "\ud800": 3}], columns=columns)
        (fault,) = error.value.faults
        assert (fault.field, fault.value) == ("heading", "\ud800")
        assert str(error.value).encode()  # a screen can show it


def test_half_a_character_in_a_name_of_columns_is_a_fault() -> None:
    with pytest.raises(ProfileErrors) as error:
        read_records([{"id": "ana", "Office": 3}], columns={"\ud800": "Office"})
    (fault,) = error.value.faults
    assert (fault.field, fault.value) == ("columns", "\ud800")
