"""SCIM 2.0 users: what is read, what is not, and what is missing."""

import json
from csv import DictReader
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mentormatch import ProfileErrors, Reading, read_csv, read_file, read_scim

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SKILLS = "urn:example:skills:2.0:User"


def user(person: str, manager: str | None = None, **more: Any) -> dict[str, Any]:
    work = {"employeeNumber": f"E{person}", "department": "IT", "division": "North"}
    if manager:
        work["manager"] = {"value": manager, "displayName": "Boss"}  # type: ignore[assignment]
    return {"id": person, ENTERPRISE: work, **more}


def test_users_become_people_and_contact_data_does_not() -> None:
    ana = user("1", "2", name={"givenName": "Ana", "familyName": "Diaz"}, title="Analyst")
    ana |= {"password": "secret", "phoneNumbers": [{"value": "+47"}], "userName": "ana@x"}
    people = read_scim([ana, user("2", name={"formatted": "Bo B."}, active=False)])
    one = people.participant("1")
    assert (one.name, one.department, one.manager_id) == ("Ana Diaz", "IT", "2")
    assert dict(one.attributes) == {
        "active": True,
        "userName": "ana@x",
        "title": "Analyst",
        "employeeNumber": "E1",
        "division": "North",
    }
    assert people.participant("2").name == "Bo B."
    assert people.capacity.tolist() == [1, 0]


def test_names_of_attributes_are_the_same_in_any_case() -> None:
    people = read_scim(
        [{"ID": "1", "DisplayName": "Ana", ENTERPRISE.upper(): {"DEPARTMENT": "IT"}}]
    )
    assert people.participant("1").department == "IT"


@pytest.mark.parametrize(
    "taught",
    [
        "sql:4; R",
        ["sql:4", "R"],
        [{"value": "sql", "level": 4}, {"value": "R"}],
        {"sql": 4, "R": None},
    ],
)
def test_skills_come_from_an_extension(taught: object) -> None:
    people = read_scim(
        [user("1") | {SKILLS: {"Teaches": taught}}], columns={"teaches": f"{SKILLS}:teaches"}
    )
    assert people.participant("1").teaches == {"sql": 0.8, "R": 1.0}


def test_managers_are_translated_when_something_else_is_the_id() -> None:
    users = [user("1", "2"), user("2"), user("3", "99")]
    with pytest.warns(UserWarning, match="1 manager is not among the people"):
        people = read_scim(users, columns={"id": "employeeNumber"})
    assert people.ids == ("E1", "E2", "E3")
    assert [one.manager_id for one in people] == ["E2", None, "99"]


def test_a_missing_page_is_a_fault() -> None:
    page = {"schemas": [LIST], "totalResults": 2, "Resources": [user("1")]}
    with pytest.raises(ProfileErrors, match=r"1 of 2 users.*all pages"):
        read_scim(page)
    assert len(read_scim([page, page | {"Resources": [user("2")]}])) == 2


def test_every_fault_is_reported_with_the_position_of_its_user() -> None:
    users = [user("1") | {ENTERPRISE: "IT"}, user("2", manager="2"), "x", user("2")]
    users[1][ENTERPRISE]["manager"] = "1"  # type: ignore[index]
    with pytest.raises(ProfileErrors) as error:
        read_scim(users)  # type: ignore[arg-type]
    found = [(one.row, one.field) for one in error.value.faults]
    assert found == [(1, ENTERPRISE), (2, "manager"), (3, "content"), (4, "id")]


@pytest.mark.parametrize("content", ["5", '"x"', '{"Resources": 5}', "[]", "{"])
def test_what_is_no_list_of_users_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    path.write_text(content)
    with pytest.raises(ProfileErrors):
        read_scim(path)


def test_a_reading_may_say_who_is_active() -> None:
    users = [user("1", active=False), user("2", title="left")]
    people = read_scim(users, reading=Reading(active={"active": (True, False)}))
    assert people.capacity.tolist() == [1, 1]


def test_a_list_response_gives_the_same_tree_as_the_csv(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "adventureworks_employees.csv"
    with path.open(encoding="utf-8", newline="") as file:
        users = [
            {
                "id": row["employee_id"],
                "title": row["title"],
                ENTERPRISE: {
                    "department": row["department"],
                    **({"manager": {"value": row["manager_id"]}} if row["manager_id"] else {}),
                },
            }
            for row in DictReader(file)
        ]
    target = tmp_path / "scim.json"
    target.write_text(json.dumps({"schemas": [LIST], "totalResults": 290, "Resources": users}))
    people = read_file(target, Reading())
    expected = read_csv(path, columns={"id": "employee_id"})
    assert len(people) == 290
    assert people.ids == expected.ids
    rows = np.arange(290)
    above = people.organisation.is_above(people.place[rows][:, None], people.place[rows])
    same = expected.organisation.is_above(expected.place[rows][:, None], expected.place[rows])
    assert np.array_equal(above, same)
    assert [one.department for one in people] == [one.department for one in expected]
