"""People from a CSV."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mentormatch import (
    Cohort,
    Fault,
    Organisation,
    Participant,
    ProfileErrors,
    ProfileWarning,
    Scales,
    read_csv,
    read_organisation,
)

TEXT = """id,name,department,manager_id,rank,teaches,knows,wants,capacity,utc_offset,languages,\
location,past_partners,declines,site
ana,Ana B.,IT,cy,6,sql:4;leading,excel:2.5,R:2,2,+05:30,English;Hindi,Pune,bo; gone,,Tower
bo,,,cy,,R:5,,sql,,,,,,ana,
cy,,,,7,,,,0,-3,,,,,Hall
"""


def write(folder: Path, content: str | bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def faults_of(folder: Path, content: str | bytes, **more: Any) -> tuple[Fault, ...]:
    with pytest.raises(ProfileErrors) as error:
        read_csv(write(folder, content), **more)
    return error.value.faults


def said(faults: tuple[Fault, ...]) -> list[tuple[int | None, str | None, str, str]]:
    return [(fault.row, fault.person, fault.field, fault.value) for fault in faults]


def test_every_field_is_read(tmp_path: Path) -> None:
    people = read_csv(write(tmp_path, TEXT))
    assert list(people) == [
        Participant(
            id="ana",
            name="Ana B.",
            department="IT",
            manager_id="cy",
            rank=6,
            teaches={"sql": 0.8, "leading": 1},
            knows={"excel": 0.5},
            wants={"R": 2},
            capacity=2,
            utc_offset=5.5,
            languages=["English", "Hindi"],
            location="Pune",
            past_partners=["bo", "gone"],
            site="Tower",
        ),
        Participant(id="bo", manager_id="cy", teaches={"R": 1}, wants={"sql": 1}, declines=["ana"]),
        Participant(id="cy", rank=7, capacity=0, utc_offset=-3, site="Hall"),
    ]
    assert people.lines.tolist() == [2, 3, 4]
    assert people.are_declined(0, 1)


@pytest.mark.parametrize(
    "written",
    [
        "\ufeff" + TEXT,
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "\r"),
        TEXT.replace("\n", "\n\n"),
        "\n\n" + TEXT,
        TEXT.rstrip("\n"),
        TEXT + ",,,\n",
        TEXT.replace(",", "\t"),
        TEXT.replace("id,name", '"id" , name').replace('"id" ,', '"id",'),
    ],
)
def test_the_same_people_in_another_dress(tmp_path: Path, written: str) -> None:
    people = read_csv(write(tmp_path, written))
    assert people.digest("key") == read_csv(write(tmp_path, TEXT, "plain.csv")).digest("key")


def test_semicolons_may_separate_the_cells(tmp_path: Path) -> None:
    written = 'id;teaches;"a, b"\nana;"sql:4;R";1,5\nbo;sql;\n'
    people = read_csv(write(tmp_path, written))
    assert people.participant("ana") == Participant.model_validate(
        {"id": "ana", "teaches": {"sql": 0.8, "R": 1}, "a, b": "1,5"}
    )


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8"])
def test_another_encoding_may_be_named(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "id,teaches\nzoé,café\n".encode(encoding))
    assert read_csv(path, encoding=encoding).participant("zoé").teaches == {"café": 1.0}


def test_lines_are_where_the_record_starts(tmp_path: Path) -> None:
    written = 'id,rank,note\nana,x,"two\nlines"\n\nbo,y,\n'
    assert said(faults_of(tmp_path, written)) == [
        (2, "ana", "rank", "x"),
        (5, "bo", "rank", "y"),
    ]


def test_the_callers_headings_and_attributes(tmp_path: Path) -> None:
    written = "Employee No,Full Name,MANAGER ID,utc-offset,Office,Team\n7,Ana,8,2,Oslo,\n8,Bo,,,,\n"
    people = read_csv(
        write(tmp_path, written),
        columns={"id": "Employee No", "name": "Full Name", "site": "Office"},
    )
    assert people.participant("7") == Participant(
        id="7", name="Ana", manager_id="8", utc_offset=2, site="Oslo"
    )
    # A column that is blank for everyone is still a column.
    assert people.fields[-2:] == ("site", "Team")
    assert people.categories("Team")[0].tolist() == [-1, -1]


def test_values_stand_for_others(tmp_path: Path) -> None:
    written = "id,How long,rank\nana,Less than 1 year,Partner\nbo,7,3\ncy,,\n"
    people = read_csv(
        write(tmp_path, written),
        columns={"years": "How long"},
        values={"How long": {"less than 1 YEAR": 0.5}, "rank": {"partner": 9}},
    )
    np.testing.assert_array_equal(people.numbers("years"), [0.5, 7, np.nan])
    np.testing.assert_array_equal(people.numbers("rank"), [9, 3, np.nan])


def test_scales_are_the_callers(tmp_path: Path) -> None:
    written = "id,rank,teaches,wants\nana,ao,sql:8,R:2\nbo,EO,,\n"
    scales = Scales(proficiency=(0, 10), priority=(5, 1), rank=("AA", "AO", "EO"))
    people = read_csv(write(tmp_path, written), scales=scales)
    assert people.participant("ana") == Participant(
        id="ana", rank=2, teaches={"sql": 0.8}, wants={"R": 0.5}
    )


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("+05:30", 5.5),
        ("-03:30", -3.5),
        ("UTC+2", 2),
        ("utc", 0),
        ("GMT-3", -3),
        ("UTC +05:45", 5.75),
        ("5.75", 5.75),
        ("-3", -3),
        ("14", 14),
        ("0", 0),
    ],
)
def test_offsets(tmp_path: Path, text: str, hours: float) -> None:
    people = read_csv(write(tmp_path, f"id,utc_offset\nana,{text}\n"))
    assert people.numbers("utc_offset").tolist() == [hours]


@pytest.mark.parametrize("text", ["15", "-12.5", "CET", "2 pm", "+5:3", "nan", "UTC+14:01"])
def test_what_is_no_offset(tmp_path: Path, text: str) -> None:
    (fault,) = faults_of(tmp_path, f"id,utc_offset\nana,{text}\n")
    assert (fault.field, fault.value) == ("utc_offset", text)
    assert fault.allowed == "hours from -12 to 14, such as 5.5, +05:30 or UTC+2"


def test_a_skill_twice_in_one_list_counts_once(tmp_path: Path) -> None:
    with pytest.warns(ProfileWarning, match="same skill twice.*: ana"):
        people = read_csv(write(tmp_path, "id,teaches\nana,sql:2;SQL:4;sql\n"))
    assert people.participant("ana").teaches == {"SQL": 1.0}


def test_a_heading_that_looks_misspelt_is_an_attribute_with_a_warning(tmp_path: Path) -> None:
    with pytest.warns(ProfileWarning, match="1 heading looks like a field but is read") as caught:
        people = read_csv(write(tmp_path, "id,Departmnt\nana,IT\n"))
    assert str(caught[0].message).endswith("say columns={'department': 'Departmnt'}")
    with pytest.warns(ProfileWarning, match="2 headings look like a field but are") as caught:
        read_csv(write(tmp_path, "id,Departmnt,Locations\nana,IT,Oslo\n", "two.csv"))
    assert len(caught) == 1
    assert people.participant("ana").attributes == {"Departmnt": "IT"}


def test_a_name_in_columns_that_looks_misspelt_makes_an_attribute_with_a_warning(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, "No,Offers,Wishes,Departmnt\nana,sql,R,IT\n")
    columns = {"id": "No", "teachs": "Offers", "want": "Wishes"}
    with pytest.warns(ProfileWarning, match="like a field but are read as attributes") as caught:
        people = read_csv(path, columns=columns)
    assert len(caught) == 1
    text = str(caught[0].message)
    assert text.startswith("1 heading and 2 names in columns look")
    # What the warning proposes is what was meant.
    meant = {"teaches": "Offers", "wants": "Wishes", "department": "Departmnt"}
    assert text.endswith(f"say columns={meant}")
    assert people.participant("ana").attributes["teachs"] == "sql"
    again = read_csv(path, columns={"id": "No", **meant})
    assert again.participant("ana").teaches == {"sql": 1}


def test_a_name_in_columns_that_looks_like_the_confidential_one_is_refused(tmp_path: Path) -> None:
    for name in ("declined", "Declines", "decline"):
        (fault,) = faults_of(tmp_path, "id,Not with\nana,secret\n", columns={name: "Not with"})
        assert (fault.row, fault.field, fault.value) == (1, f"columns[{name!r}]", "Not with")
        assert "secret" not in str(fault)
        assert "columns={'note': 'Not with'}" in fault.allowed


def test_a_heading_that_looks_like_the_confidential_one_is_refused(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, "id,Declined\nana,secret\n")
    assert (fault.row, fault.value) == (1, "Declined")
    assert "secret" not in str(fault)
    people = read_csv(tmp_path / "people.csv", columns={"my_declined": "Declined"})
    assert people.participant("ana").attributes == {"my_declined": "secret"}


def test_ties_are_resolved_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trees = []
    built = Organisation.from_managers

    def counted(*given: Any) -> Organisation:
        trees.append(given)
        return built(*given)

    monkeypatch.setattr(Organisation, "from_managers", counted)
    read_csv(write(tmp_path, "id,manager_id\nana,\nbo,ana\n"))
    assert len(trees) == 1


def test_digits_and_signs_count_in_any_width(tmp_path: Path) -> None:
    people = read_csv(write(tmp_path, "id,rank,teaches\nana,\uff15,sql\uff1a\uff14\uff1bR\n"))
    assert people.participant("ana") == Participant(id="ana", rank=5, teaches={"sql": 0.8, "R": 1})


# -- faults


def test_all_faults_of_all_kinds_at_once(tmp_path: Path) -> None:
    written = (
        "id,manager_id,rank,teaches,wants,capacity,utc_offset,declines\n"
        "ana,bo,boss,sql:9;R:0,sql:-1,,,secret\n"
        "bo,ana,3,,,2.5,99,ana\n"
        ",,x,,,,,\n"
        "ana,,,sql:,,-1,,\n"
        "di,di,,:4,,,,di\n"
        "ed,,,,,,,ana,one,two\n"
        "fay,,,,,,,ed;ana\n"
    )
    assert said(faults_of(tmp_path, written)) == [
        (2, "ana", "teaches", "sql:9"),
        (2, "ana", "teaches", "R:0"),
        (2, "ana", "wants", "sql:-1"),
        (2, "ana", "rank", "boss"),
        (2, "ana", "confidential", "(hidden)"),
        (2, "ana", "manager_id", "ana -> bo -> ana"),
        (3, "bo", "utc_offset", "99"),
        (3, "bo", "capacity", "2.5"),
        (4, None, "rank", "x"),
        (4, None, "id", ""),
        (5, "ana", "teaches", "sql:"),
        (5, "ana", "capacity", "-1"),
        (5, "ana", "id", "ana"),
        (6, "di", "teaches", ":4"),
        (6, "di", "confidential", "(hidden)"),
        (6, "di", "manager_id", "di -> di"),
        (7, None, "number of cells", "10"),
    ]


def test_no_error_shows_who_declines_whom(tmp_path: Path) -> None:
    written = "id,declines\nana,secret;ana\nbo,secret\n"
    with pytest.raises(ProfileErrors) as error:
        read_csv(write(tmp_path, written))
    assert "secret" not in str(error.value) + repr(error.value.faults)
    assert error.value.__cause__ is None
    assert error.value.__context__ is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", (None, "content", "empty")),
        ("\n \n\r\n", (None, "content", "empty")),
        ("\ufeff", (None, "content", "empty")),
        ("id,name\n", (None, "content", "a header and no people")),
        ("id,name\n,\n\n", (None, "content", "a header and no people")),
        ("name,rank\nana,3\n", (1, "headings", "name, rank")),
        ("id,rank,rank\nana,3,4\n", (1, "heading", "rank")),
        ("id,rank,Rank\nana,3,4\n", (1, "heading", "Rank")),
        ("id,Rank,rank\nana,3,4\n", (1, "heading", "rank")),
        ("id,declines,DECLINES\nana,,\n", (1, "heading", "DECLINES")),
        ("id,\nana,3\n", (1, "heading", "")),
        ("id,rank\nana,3,\n", (2, "number of cells", "3")),
        ('id,name\nana,"An\nbo,Bo\n', (2, "text", "a quote that is never closed")),
        ('id,name\nana,"A"n\nbo,Bo\n', (2, "text", "a quote in the middle of a cell")),
        ("id,name\nana,A\0n\nbo,Bo\n", (2, "text", "a NUL character")),
    ],
)
def test_files_that_are_no_table(
    tmp_path: Path, written: str, expected: tuple[int | None, str, str]
) -> None:
    (fault,) = faults_of(tmp_path, written)
    assert (fault.row, fault.field, fault.value) == expected


def test_a_blank_heading_without_values_is_nothing(tmp_path: Path) -> None:
    people = read_csv(write(tmp_path, "id,rank,,\nana,3,,\n"))
    assert list(people) == [Participant(id="ana", rank=3)]


def test_cells_that_are_too_long_for_a_csv_are_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, "id,name\nana," + "x" * 200_000 + "\nbo,Bo\n")
    assert (fault.row, fault.field) == (2, "text")
    assert fault.value == "a cell of more than 131,072 characters"


def test_a_missing_id_column_lists_the_headings_and_the_remedy(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, "Employee No,rank\n7,3\n")
    assert fault.value == "Employee No, rank"
    assert 'columns={"id": ...}' in fault.allowed


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"name": "Nmae"}, ("columns['name']", "Nmae", "did you mean 'Name'")),
        ({"id": "Employee"}, ("columns['id']", "Employee", "a heading of the file")),
        ({"name": "Name", "label": "Name"}, ("columns['label']", "Name", "already name")),
    ],
)
def test_columns_that_the_file_does_not_have(
    tmp_path: Path, columns: dict[str, str], expected: tuple[str, str, str]
) -> None:
    faults = faults_of(tmp_path, "id,Name\nana,Ana\n", columns=columns)
    (fault,) = [one for one in faults if one.field.startswith("columns")]
    assert (fault.row, fault.field, fault.value) == (1, *expected[:2])
    assert expected[2] in fault.allowed


@pytest.mark.parametrize(
    ("written", "columns"),
    [
        ("No,id\n7,x\n", {"id": "No"}),
        ("id,Manager ID,manager_id\nana,,\n", {}),
        ("id,Office,site\nana,Oslo,Rome\n", {"site": "Office"}),
        ("id,Not with,Declines\nana,,\n", {"declines": "Not with"}),
    ],
)
def test_two_columns_for_one_field(tmp_path: Path, written: str, columns: dict[str, str]) -> None:
    (fault,) = faults_of(tmp_path, written, columns=columns)
    assert (fault.row, fault.field) == (1, "heading")
    assert "columns={'other_" in fault.allowed


def test_a_column_beside_the_one_that_the_caller_named_is_an_attribute(tmp_path: Path) -> None:
    people = read_csv(write(tmp_path, "id,Level,Rank\nana,3,x\n"), columns={"rank": "Level"})
    assert people.participant("ana") == Participant.model_validate(
        {"id": "ana", "rank": 3, "Rank": "x"}
    )


def test_values_for_a_column_that_is_not_there(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, "id,years\nana,3\n", values={"yaers": {"many": 9}})
    assert (fault.row, fault.field, fault.value) == (1, "values", "yaers")
    assert "did you mean 'years'" in fault.allowed


def test_every_line_in_another_encoding_is_a_fault(tmp_path: Path) -> None:
    written = "id,name,rank\nana,Zoé,3\nbo,Bo,3\ncy,Åsa,x\n".encode("cp1252")
    faults = faults_of(tmp_path, written)
    assert said(faults) == [
        (2, None, "encoding", "byte 0xE9"),
        (4, None, "encoding", "byte 0xC5"),
        (4, "cy", "rank", "x"),
    ]
    assert "CSV UTF-8" in faults[0].allowed
    assert "encoding='cp1252'" in faults[0].allowed


@pytest.mark.parametrize(
    ("content", "encoding", "value"),
    [
        ("id\nana\n".encode("utf-16"), "utf-8", "UTF-16"),
        ("id\nana\n".encode("utf-16"), "cp1252", "UTF-16"),
        (b"\xff\xfei", "utf-16", "something else"),
        (b"id\nana\n", "latin-99", "latin-99"),
        (b"id\nana\n", "hex", "hex"),
        (b"id\nana\n", "a\0b", "a\0b"),
    ],
)
def test_encodings_that_do_not_fit(
    tmp_path: Path, content: bytes, encoding: str, value: str
) -> None:
    (fault,) = faults_of(tmp_path, content, encoding=encoding)
    assert (fault.row, fault.field, fault.value) == (None, "encoding", value)


def test_a_file_that_is_not_there_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_csv(tmp_path / "people.csv")


# -- the organisation


def test_the_organisation_may_be_a_file(tmp_path: Path) -> None:
    tree = write(tmp_path, "No,title,manager_id\n1,CEO,\n2,VP,1\n3,Dev,2\n", "staff.csv")
    people = read_csv(
        write(tmp_path, "No,rank\n3,1\n1,9\n"), columns={"id": "No"}, organisation=tree
    )
    assert isinstance(people.organisation, Organisation)
    assert people.organisation.is_above(people.place[1], people.place[0])
    assert people.reporting_doubts().tolist() == []


def test_the_organisation_may_have_its_own_headings(tmp_path: Path) -> None:
    tree = write(tmp_path, "id,manager_id\n1,\n2,1\n", "staff.csv")
    people = read_csv(write(tmp_path, "No\n2\n1\n"), columns={"id": "No"}, organisation=str(tree))
    assert people.place.tolist() == [1, 0]


def test_columns_go_for_whichever_file_has_the_heading(tmp_path: Path) -> None:
    tree = write(tmp_path, "employee_id,manager\nana,\nbo,ana\n", "staff.csv")
    path = write(tmp_path, "id,rank\nana,6\nbo,1\n")
    columns = {"id": "employee_id", "manager_id": "manager"}
    people = read_csv(path, columns=columns, organisation=tree)
    assert people.organisation.is_above(people.place[0], people.place[1])
    both = write(tmp_path, "employee_id,manager\nbo,ana\n", "both.csv")
    assert read_csv(both, columns=columns, organisation=tree).participant("bo").manager_id == "ana"
    # A heading that neither file has, or that only says something of people, is a fault.
    for name, heading in (("manager_id", "managr"), ("rank", "manager")):
        faults = faults_of(
            tmp_path, "id\nana\n", columns=columns | {name: heading}, organisation=tree
        )
        assert (1, None, f"columns[{name!r}]", heading) in said(faults)


def test_faults_of_the_organisation_name_its_file_beside_those_of_the_people(
    tmp_path: Path,
) -> None:
    tree = write(tmp_path, "id,manager_id\nana,bo\nbo,ana\n,ana\nana,\n", "staff.csv")
    faults = faults_of(tmp_path, "id,rank,declines\nana,6,\nbo,boss,gone\n", organisation=tree)
    assert said(faults) == [
        (2, "ana", "manager_id in staff.csv", "ana -> bo -> ana"),
        (3, "bo", "rank", "boss"),
        (3, "bo", "confidential", "(hidden)"),
        (4, None, "id in staff.csv", ""),
        (5, "ana", "id in staff.csv", "ana"),
    ]
    (fault,) = faults_of(tmp_path, "id\nana\n", organisation=write(tmp_path, "", "none.csv"))
    assert (fault.field, fault.value) == ("content in none.csv", "empty")


def test_an_organisation_with_other_headings_says_how_to_read_it(tmp_path: Path) -> None:
    tree = write(tmp_path, "employee_id,manager_id\nana,\n", "staff.csv")
    (fault,) = faults_of(tmp_path, "No\nana\n", columns={"id": "No"}, organisation=tree)
    assert (fault.row, fault.field) == (1, "headings in staff.csv")
    assert "organisation=read_organisation('staff.csv', columns={'id': ...})" in fault.allowed
    people = read_csv(
        tmp_path / "people.csv",
        columns={"id": "No"},
        organisation=read_organisation(tree, columns={"id": "employee_id"}),
    )
    assert people.place.tolist() == [0]


def test_the_organisation_has_the_encoding_of_the_people(tmp_path: Path) -> None:
    tree = write(tmp_path, "id,manager_id\nzoé,\nana,zoé\n".encode("cp1252"), "staff.csv")
    path = write(tmp_path, "id\nana\nzoé\n".encode("cp1252"))
    people = read_csv(path, organisation=tree, encoding="cp1252")
    assert people.organisation.is_above(people.place[1], people.place[0])


def test_contradictions_of_the_organisation_have_their_row(tmp_path: Path) -> None:
    tree = Organisation.from_managers(["1", "2", "3"], [None, "1", "1"])
    faults = faults_of(tmp_path, "id,manager_id\n2,3\n3,1\n", organisation=tree)
    assert said(faults) == [(2, "2", "manager_id", "3")]


# -- real files


def test_a_real_survey(shared_data: Path) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        people = read_csv(
            shared_data / "stackoverflow_2024.csv",
            columns={
                "id": "respondent",
                "teaches": "have_worked_with",
                "wants": "want_to_work_with",
            },
        )
    kinds = [str(one.message) for one in caught]
    assert len(kinds) == 2
    assert "7,708 wishes of 534 people" in kinds[0]
    assert (len(people), people.teaches.nnz, people.wants.nnz) == (590, 12_745, 10_103)
    codes, labels = people.categories("role")
    assert (codes == -1).sum() == 65
    assert "Developer, back-end" in labels
    with pytest.raises(ProfileErrors) as error:
        people.numbers("years_professional")
    assert [fault.value for fault in error.value.faults] == ["Less than 1 year"] * 9


def test_real_grades(shared_data: Path) -> None:
    grades = ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4")
    people: Cohort = read_csv(
        shared_data / "civil_service_mentors.csv",
        columns={"id": "email address", "rank": "grade"},
        scales=Scales(rank=grades),
    )
    assert set(people.numbers("rank")) <= set(range(1, 12))
    assert not np.isnan(people.numbers("rank")).any()
