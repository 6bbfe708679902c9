"""Several files about the same people: each fault with its file and row, nobody lost in silence."""

from pathlib import Path

import pytest

from mentormatch import ProfileErrors, ProfileWarning, ProgramError, Reading, read_joined


def files(folder: Path, **texts: str) -> list[Path]:
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text)
    return paths


def faults(error: "pytest.ExceptionInfo[ProfileErrors]") -> list[tuple[object, ...]]:
    return [(one.file, one.row, one.person, one.field) for one in error.value.faults]


def test_columns_of_all_files_stand_beside_each_other(tmp_path: Path) -> None:
    paths = files(
        tmp_path,
        people="id,department\nana,IT\nbo,HR\n7,IT\n",
        skills="ID;teaches\nbo;sql:4\n7;R\n",
        survey="id,wants,years\nana,sql,3\n",
    )
    people = read_joined(paths)
    assert people.participant("bo").teaches == {"sql": 0.8}
    assert people.participant("ana").wants == {"sql": 1.0}
    assert dict(people.participant("ana").attributes) == {"years": "3"}
    assert people.participant("bo").department == "HR"
    text = people.summary()
    assert "files        1 person is not in skills.csv: ana" in text
    assert "2 people are not in survey.csv: bo, 7" in text


def test_each_fault_has_its_file_and_row(tmp_path: Path) -> None:
    paths = files(
        tmp_path,
        people="id,rank,manager_id\nana,boss,bo\nbo,1,ana\n",
        skills="id,teaches\n\nbo,sql:9\nana,R\nbo,R\n,R\n",
    )
    paths[1].write_text(paths[1].read_text() + "cy,1,2\n")
    with pytest.raises(ProfileErrors) as error:
        read_joined(paths)
    assert sorted(map(str, faults(error))) == sorted(
        map(
            str,
            [
                ("people.csv", 2, "ana", "rank"),
                ("people.csv", 2, "ana", "manager_id"),
                ("skills.csv", 3, "bo", "teaches"),
                ("skills.csv", 5, "bo", "id"),
                ("skills.csv", 6, None, "id"),
                ("skills.csv", 7, None, "number of cells"),
            ],
        )
    )
    assert "skills.csv row 3: bo: teaches is 'sql:9'" in str(error.value)


def test_ids_that_the_people_do_not_have_are_listed(tmp_path: Path) -> None:
    paths = files(tmp_path, people="id\nana\n", skills="id,teaches\nana,R\nzoe,sql\n")
    with pytest.warns(ProfileWarning, match=r"1 id of skills.csv is not among the people.*: zoe"):
        people = read_joined(paths)
    assert "1 id of skills.csv is not among the people, and left out: zoe" in people.summary()


def test_a_file_of_declines_tells_nobody_who_is_in_it(tmp_path: Path) -> None:
    paths = files(tmp_path, people="id\nana\nbo\n", no="id,declines\nana,bo\nzoe,ana\n")
    with pytest.warns(ProfileWarning) as noted:
        people = read_joined(paths)
    told = " ".join([people.summary(), *(str(one.message) for one in noted)])
    assert "zoe" not in told
    assert "bo" not in told.replace("csv", "")
    assert people.are_declined(0, 1)


def test_a_file_may_have_a_reading_of_its_own(tmp_path: Path) -> None:
    people, skills = files(tmp_path, people="No,Team\n1,IT\n", skills="Nr|Kann\n1|sql\n")
    own = Reading(columns={"id": "Nr", "teaches": "Kann"}, delimiter="|")
    cohort = read_joined([people, (skills, own)], columns={"id": "No", "department": "Team"})
    assert cohort.participant("1").teaches == {"sql": 1.0}
    assert cohort.participant("1").department == "IT"
    with pytest.raises(ProgramError, match="declares more than columns"):
        read_joined([people, (skills, Reading(values={"x": {"a": 1}}))], columns={"id": "No"})
    with pytest.raises(ProfileErrors, match="a heading of the file: Nr, Kann"):
        read_joined(
            [
                (people, Reading(columns={"id": "No"})),
                (skills, own.model_copy(update={"columns": {"id": "Nr", "teaches": "Can"}})),
            ]
        )


def test_one_entry_for_the_id_goes_for_every_file_that_has_it(tmp_path: Path) -> None:
    paths = files(tmp_path, people="id\n1\n", skills="No,teaches\n1,sql\n")
    assert read_joined(paths, columns={"id": "No"}).participant("1").teaches == {"sql": 1.0}
    with pytest.raises(ProfileErrors, match="one heading 'id'"):
        read_joined(paths)
    with pytest.raises(ProfileErrors, match="a heading of the file"):
        read_joined(files(tmp_path, people="id\n1\n"), columns={"wants": "Wish"})


def test_a_heading_in_two_files_is_asked_about(tmp_path: Path) -> None:
    paths = files(tmp_path, people="id,site\n1,Oslo\n", skills="id,site\n1,Rome\n")
    with pytest.raises(ProfileErrors, match="call one of them otherwise") as error:
        read_joined(paths)
    assert faults(error) == [("skills.csv", 1, None, "heading")]


def test_a_file_that_cannot_be_read_does_not_hide_the_faults_of_the_others(tmp_path: Path) -> None:
    paths = files(tmp_path, people="id,rank\n1,?\n", empty="")
    with pytest.raises(ProfileErrors) as error:
        read_joined(paths)
    assert faults(error) == [("empty.csv", None, None, "content"), ("people.csv", 2, "1", "rank")]
    with pytest.raises(ProfileErrors, match=r"empty\.csv: content"):
        read_joined(paths[::-1])
    with pytest.raises(ProgramError, match="no file to read"):
        read_joined([])
