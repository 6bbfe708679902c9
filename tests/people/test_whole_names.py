"""Names that a file has in parts."""

from pathlib import Path

import pytest

import mentormatch as mm

READING = mm.Reading(name_from=("First name", "Last name"))


def people(written: str, folder: Path, reading: mm.Reading = READING) -> mm.Cohort:
    file = folder / "people.csv"
    file.write_text(written, encoding="utf-8")
    return mm.read_csv(file, reading=reading)


def faults(written: str, folder: Path, reading: mm.Reading = READING) -> list[str]:
    with pytest.raises(mm.ProfileErrors) as error:
        people(written, folder, reading)
    return [str(fault) for fault in error.value.faults]


def test_parts_are_put_together_and_are_no_attributes(tmp_path: Path) -> None:
    read = people("id,Last name,First name,Site\n1,Li,Ana,x\n2,,Bo,y\n3,,,z\n", tmp_path)
    assert read.names == ("Ana Li", "Bo", "3")
    assert "Site" in read.fields
    assert not {"First name", "Last name", "First name + Last name"} & {*read.fields}
    assert "name <- 'First name + Last name'" in read.summary()


def test_a_part_that_is_missing_is_a_fault_beside_the_others(tmp_path: Path) -> None:
    told = faults("id,First nam,Last name,rank\n1,Ana,Li,high\n", tmp_path)
    assert told[0].startswith("row 1: name_from is 'First name'; allowed: a heading; ")
    assert "'First nam'" in told[0]
    assert told[1].startswith("row 2: 1: rank is 'high'")


def test_a_name_of_its_own_beside_the_parts_is_a_fault(tmp_path: Path) -> None:
    assert faults("id,Name,First name,Last name\n1,A,Ana,Li\n", tmp_path) == [
        "row 1: heading is 'Name'; allowed: no name of its own beside name_from; leave one out"
    ]


def test_a_part_may_be_headed_name(tmp_path: Path) -> None:
    read = people(
        "id,Name,Surname\n1,Ana,Li\n", tmp_path, mm.Reading(name_from=("Name", "Surname"))
    )
    assert read.names == ("Ana Li",)


def test_a_first_line_that_is_a_person_is_only_counted(tmp_path: Path) -> None:
    (told,) = faults("7,SECRET,SECRET2\n8,a,b\n", tmp_path)
    assert told.startswith("row 1: headings is '3, none of them known'")


def test_what_contradicts_itself_is_refused() -> None:
    with pytest.raises(mm.ProgramError, match="'name', and so does name_from"):
        mm.Reading(columns={"name": "Full name"}, name_from=("First", "Last"))
    with pytest.raises(mm.ProgramError, match="'First' twice"):
        mm.Reading(name_from=("First", "First"))


def test_a_reading_with_parts_survives_json() -> None:
    assert mm.Reading.model_validate_json(READING.model_dump_json()) == READING
