"""The reporting tree from a file of its own."""

from pathlib import Path

import pytest

from mentormatch import Fault, ProfileErrors, read_organisation


def write(folder: Path, text: str) -> Path:
    path = folder / "staff.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(folder: Path, text: str, columns: dict[str, str] | None = None) -> list[Fault]:
    with pytest.raises(ProfileErrors) as error:
        read_organisation(write(folder, text), columns=columns)
    return list(error.value.faults)


def test_ids_and_managers_are_read_and_the_rest_left_alone(tmp_path: Path) -> None:
    tree = read_organisation(write(tmp_path, "Notes,ID,Manager ID,Notes2\nx,bo,ana,\n,ana,,y\n"))
    assert tree.ids == ("bo", "ana")
    assert tree.manager.tolist() == [1, -1]


def test_headings_may_be_named(tmp_path: Path) -> None:
    path = write(tmp_path, "id;No;Boss\nx;2;1\ny;1;\n")
    tree = read_organisation(path, columns={"id": "No", "manager_id": "Boss"})
    assert tree.ids == ("2", "1")


def test_another_encoding_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    path.write_bytes("id,manager_id\nzoé,\n".encode("cp1252"))
    assert read_organisation(path, encoding="cp1252").ids == ("zoé",)


def test_every_fault_at_once(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, "id,manager_id\nana,bo\nbo,ana\n,ana\nana,\ncy,,x\n")
    assert [(one.row, one.field) for one in faults] == [
        (2, "manager_id"),
        (4, "id"),
        (5, "id"),
        (6, "number of cells"),
    ]
    assert [one.field for one in faults_of(tmp_path, "id,manager_id\nana,\n,ana\n")] == ["id"]


@pytest.mark.parametrize(
    ("text", "columns", "field", "remedy"),
    [
        ("No,manager_id\n1,\n", None, "headings", "columns={'id': ...}"),
        ("id,boss\n1,\n", None, "headings", "columns={'manager_id': ...}"),
        ("id,Manager ID,manager-id\n1,,\n", None, "heading", "one column only"),
        ("id,manager_id\n1,\n", {"id": "No"}, "headings", "a heading 'No'"),
    ],
)
def test_headings_that_are_not_there(
    tmp_path: Path, text: str, columns: dict[str, str] | None, field: str, remedy: str
) -> None:
    (fault,) = faults_of(tmp_path, text, columns)
    assert (fault.row, fault.field) == (1, field)
    assert remedy in fault.allowed
