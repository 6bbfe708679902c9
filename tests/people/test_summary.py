"""What the profiles say and how they were read, in a few lines."""

import warnings
from pathlib import Path

import pytest

from mentormatch import (
    Cohort,
    Organisation,
    Participant,
    ProfileWarning,
    Scales,
    read_csv,
    read_records,
)

STOPS = (
    'a rule stops at a blank unless it says missing="allow" or "forbid", and whoever has a blank '
    "side takes no part"
)


def unwrapped(summary: str) -> list[str]:
    """Lines of a summary, those that go on joined to one."""
    whole = summary.replace("\n" + " " * 13, " ").splitlines()
    return [whole[0], *(f"{line[:13].strip()}: {line[13:]}" for line in whole[1:])]


def test_how_a_file_was_read(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "No,name,Manager ID,teaches,knows,wants,capacity,declines,site\n"
        "1,Ana,,sql:4;R;go,word:1,leading:2;sql,2,2,Oslo\n"
        "2,,1,leading,,leading,,,\n"
        "3,Cy,1,,sql:5,sql;R\n",
        encoding="utf-8",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ProfileWarning)
        people = read_csv(path, columns={"id": "No"})
    assert unwrapped(people.summary()) == [
        "3 people, 5 skills (4 offers, 2 known, 5 wishes)",
        (
            "columns: id <- 'No', name, manager_id <- 'Manager ID', teaches, knows, wants, "
            "capacity, site"
        ),
        (
            "proficiency: 1 to 5, higher is better; stored as number / 5; "
            "3 of 6 without a number read as 5"
        ),
        "priority: 0 to 10, higher is wished more; 4 of 5 without a number read as 1",
        "rank: not given",
        "blank: name 1 (read as the id), manager_id 1, teaches 1, knows 1, "
        "capacity 2 (read as 1), site 2; " + STOPS,
        "short rows: 1 row has fewer cells than the header; what is missing was read as blank",
        (
            "wishes met: 2 wishes of 2 people are for what they have in full already, and do not "
            "count; 1 person has no other wish"
        ),
        "managers: from the people themselves; 1 person names no manager",
    ]


def test_people_from_no_file() -> None:
    people = [
        Participant(id="ana", teaches={"sql": 1}, wants={"sql": 1}, rank=3, manager_id="zoe"),
        Participant(id="bo", capacity=0),
    ]
    with pytest.warns(ProfileWarning):
        cohort = Cohort.from_participants(people)
    assert unwrapped(cohort.summary()) == [
        "2 people, 1 skill (1 offer, 0 known, 1 wish)",
        "proficiency: up to 1, higher is better",
        "priority: higher is wished more",
        "rank: higher is more senior",
        "blank: manager_id 1, rank 1; " + STOPS,
        (
            "wishes met: 1 wish of 1 person is for what they have in full already, and does not "
            "count; 1 person has no other wish"
        ),
        "no part: 1 person with capacity 0",
        (
            "managers: from the people themselves; 1 person names no manager, "
            "1 person names one who is not among the people"
        ),
    ]


def test_past_partners_who_are_nobody_are_counted() -> None:
    ana = Participant(id="ana", past_partners=["bo", "gone", "left"])
    bo = Participant(id="bo", past_partners=["ana"])
    text = Cohort.from_participants([ana, bo]).summary()
    assert text.endswith("partners     2 of 4 past partners are not among these people")
    one = Participant(id="ana", past_partners=["gone"])
    text = Cohort.from_participants([one]).summary()
    assert text.endswith("partners     1 of 1 past partner is not among these people")
    assert "partners" not in Cohort.from_participants([bo, Participant(id="ana")]).summary()


@pytest.mark.parametrize(
    ("scales", "lines"),
    [
        (
            Scales(priority=(10, 1), rank=(4, 0)),
            [
                (
                    "priority     10 to 1, 1 is the first wish; stored as 1 / number; "
                    "1 of 1 without a number read as 1"
                ),
                (
                    "rank         4 to 0, 0 is the most senior; stored as 4 - number, "
                    "so 4 is the most senior"
                ),
            ],
        ),
        (
            Scales(proficiency=(0, 10), rank=("1", "2")),
            [
                "proficiency  0 to 10, higher is better; stored as number / 10",
                "rank         2 grades from 1 to 2, stored as 1 to 2, higher is more senior",
            ],
        ),
    ],
)
def test_the_direction_of_every_scale_is_said(scales: Scales, lines: list[str]) -> None:
    summary = read_records([{"id": "ana", "rank": 1, "wants": "R"}], scales=scales).summary()
    assert set(lines) <= set(summary.splitlines())


def test_a_given_organisation_is_counted() -> None:
    tree = Organisation.from_managers(["ana", "bo", "cy"], ["eve", "ana", "ana"])
    some = [Participant(id="ana"), Participant(id="bo")]
    text = Cohort.from_participants(some, organisation=tree).summary()
    assert text.endswith("managers     in an organisation of 3")
    more = [*some, Participant(id="stray")]
    text = Cohort.from_participants(more, organisation=tree).summary()
    assert text.endswith("managers     in an organisation of 3; 1 person is not in it")


def test_how_it_was_read_is_also_there_as_data() -> None:
    people = read_records([{"No": "ana", "teaches": "sql", "declines": ""}], columns={"id": "No"})
    reading = people.account
    assert reading is not None
    assert reading.scales == Scales()
    assert reading.headings == (("id", "No"), ("teaches", "teaches"))
    assert reading.blanks == ()
    assert reading.listed == (("teaches", 1), ("knows", 0), ("wants", 0))
    assert reading.bare == (("teaches", 1), ("knows", 0), ("wants", 0))
    assert reading.short_rows == 0


def test_no_line_of_a_summary_is_too_wide(shared_data: Path) -> None:
    with pytest.warns(ProfileWarning):
        people = read_csv(
            shared_data / "stackoverflow_2024.csv",
            columns={
                "id": "respondent",
                "teaches": "have_worked_with",
                "wants": "want_to_work_with",
            },
        )
    assert max(map(len, people.summary().splitlines())) <= 100
    blank = "blank: wants 21, role 65, years_professional 118, remote 81; " + STOPS
    assert blank in unwrapped(people.summary())
