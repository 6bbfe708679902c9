"""Plain columns read all at once are the people that are read one by one."""

import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch import Cohort, ProfileErrors, ProfileWarning, Reading, Scales, read_records
from mentormatch.people.readers import cohorts
from tests.people.strategies import TEXT

SKILLS = st.lists(
    st.tuples(st.sampled_from(["sql", "SQL", "R", "C++", "a b", "x:y"]), st.integers(0, 6)),
    max_size=4,
).map(lambda items: "; ".join(f"{name}:{level}" if level else name for name, level in items))
RECORD = st.fixed_dictionaries(
    {"id": st.integers(1, 40)},
    optional={
        "name": st.sampled_from(["Ana", " Bo ", None, ""]) | TEXT,
        "department": st.sampled_from(["IT", "HR", 7, 7.5, None]),
        "manager_id": st.sampled_from([None, 1, "2", 3.0]),
        "rank": st.sampled_from([None, 3, "4", 2.5, float("nan"), "boss", True]),
        "teaches": SKILLS,
        "knows": SKILLS,
        "wants": SKILLS | st.lists(st.sampled_from(["sql:4", "R", "SQL", " "]), max_size=3),
        "capacity": st.sampled_from([None, 1, "2", 0, 1.5]),
        "at_least": st.sampled_from([None, "", 0, "1", 2.0, 3, -1, "many", True]),
        "utc_offset": st.sampled_from([None, 5.5, "-3", "UTC+2", 15]),
        "languages": st.sampled_from(["English; Polish", "English", None, "a\\;b", ["English"]]),
        "location": st.sampled_from(["Oslo", " Oslo", None]),
        "past_partners": st.sampled_from([None, "1; 2", "3", "", ["4", " 5 "], [6], 7]),
        "declines": st.sampled_from([None, "1", "2; 3", "", ["4", "4"], [5]]),
        "prefers": st.sampled_from(
            [None, "4; 5", "5;4", "2", "1; 1", "", [4, " 6 "], [6.0], [True], 7]
        ),
        "years": st.sampled_from([None, 3, 2.5, "7", True, "x"]),
    },
)
READINGS = st.sampled_from(
    [
        Reading(),
        Reading(list_separator=",", level_separator="="),
        Reading(scales=Scales(rank=(5, 0), priority=(10, 1))),
        Reading(scales=Scales(rank=("junior", "boss"))),
        Reading(
            values={"years": {"x": 1, "7": None}, "rank": {"Boss": 9}, "teaches": {"R": "S:2"}}
        ),
        Reading(types={"years": "number"}, values={"years": {"x": 0.5}}),
        Reading(types={"years": "yes/no"}),
        Reading(types={"years": "list"}, list_separator=","),
        Reading(types={"years": "text"}, active={"department": ("IT",)}),
    ]
)


def outcome(records: list[dict[str, Any]], reading: Reading) -> Any:
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        try:
            people = read_records(records, reading=reading)
        except ProfileErrors as error:
            return error.faults
    told = [str(one.message) for one in noted]
    return list(people), people.account, people.summary(), told, matrices(people)


def matrices(people: Cohort) -> list[Any]:
    return [one.toarray().tolist() for one in (people.teaches, people.knows, people.wants)]


@given(st.lists(RECORD, min_size=1, max_size=5, unique_by=lambda one: str(one["id"])), READINGS)
def test_both_ways_give_the_same_people_the_same_account_and_the_same_faults(
    records: list[dict[str, Any]], reading: Reading
) -> None:
    at_once = outcome(records, reading)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cohorts, "ROWS_AT_ONCE", 2)
        assert at_once == outcome(records, reading)
        patch.setattr(cohorts, "read_plain_columns", lambda *_: None)
        assert at_once == outcome(records, reading)


def test_plain_columns_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cohorts, "ProfileReader", None)
    records: list[dict[str, Any]] = [
        {"id": 1, "rank": "4", "teaches": "sql:4; R", "wants": "", "years": 2.5, "site": " Oslo"},
        {"id": "2", "manager_id": 1.0, "past_partners": "1", "languages": "English; Polish"},
        {"id": "3", "teaches": ["R:2", "sql"], "wants": "R; R:3", "utc_offset": "UTC+2"},
        {"id": "4", "languages": ["Polish"], "past_partners": ["1", "2"]},
        {"id": "5", "prefers": "3; 1", "capacity": 3, "at_least": "2"},
        {"id": "6", "prefers": [5, "gone"]},
    ]
    with pytest.warns(ProfileWarning, match="the same skill twice .*: 3"):
        people = read_records(records)
    assert people.participant("3").wants == {"R": 3.0}
    assert people.participant("1").teaches == {"sql": 0.8, "R": 1.0}
    assert people.participant("2").languages == ("English", "Polish")
    assert people.participant("5").prefers == ("3", "1")
    assert people.participant("6").prefers == ("5", "gone")
    assert people.least_partners(0).tolist() == [0, 0, 0, 0, 2, 0]
    graded = read_records([{"id": 1, "rank": "b"}], scales=Scales(rank=("a", "b")))
    assert graded.participant("1").rank == 2.0


def test_what_is_not_plain_is_read_one_by_one() -> None:
    for record in (
        {"teaches": "sq\ud800l"},
        {"rank": ["a"]},
        {"rank": "c"},
        {"languages": "\ud800"},
        {"past_partners": "1"},
        {"prefers": "1"},
        {"prefers": "2; 2"},
        {"prefers": "2", "declines": "2"},
        {"capacity": 1, "at_least": 2},
        {"years": ["x"]},
    ):
        with pytest.raises(ProfileErrors):
            read_records(
                [{"id": 1, **record}],
                reading=Reading(
                    scales=Scales(rank=("a", "b")),
                    types={"years": "number"} if "years" in record else {},
                ),
            )
    assert read_records([{"id": 1, "teaches": "sql;; R ;"}]).skills.labels == ("R", "sql")
