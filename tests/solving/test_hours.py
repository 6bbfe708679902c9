"""Hours: nobody has more partners than they have time for."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

import mentormatch as mm

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

SIDES = mm.Sides(by="rank", at_least=5, names=("mentor", "mentee"))


def busy(capacity: Any = (9, 1), **parts: Any) -> mm.Program:
    format_ = mm.Pairs(sides=SIDES, capacity=capacity, hours_per_pair=2, **parts)
    return mm.Program(format=format_)


def people(hours: object, least: object = "", mentees: int = 4, **own: Any) -> mm.Cohort:
    mentor = {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql", **own}
    return mm.read_records(
        [
            {**mentor, "hours": hours, "at_least": least},
            *(
                {"id": f"m{n}", "rank": 1, "teaches": "sql", "wants": "leading", "hours": 2}
                for n in range(mentees)
            ),
        ]
    )


@pytest.mark.parametrize(("hours", "most"), [(2, 1), (3.9, 1), (4, 2), ("6.5", 3), (100, 4)])
def test_there_are_as_many_pairs_as_there_are_hours_for(hours: object, most: int) -> None:
    matching = mm.match(people(hours), busy())
    assert len(matching.pairs) == most
    assert matching.certificate.verify(people(hours), busy()).ok


def test_hours_are_the_decimals_that_they_are_written_as() -> None:
    tenth = mm.Program(format=mm.Pairs(sides=SIDES, capacity=(9, 1), hours_per_pair=0.1))
    assert len(mm.match(people(0.3), tenth).pairs) == 3


def test_hours_cap_a_capacity_and_never_raise_one() -> None:
    assert len(mm.match(people(4, capacity=9), busy()).pairs) == 2
    assert len(mm.match(people(99, capacity=3), busy()).pairs) == 3
    assert len(mm.match(people(99), busy(capacity=1)).pairs) == 1


def test_who_has_too_few_hours_takes_no_part() -> None:
    cohort = people(4).noting("hours", {"m0": 1.5, "m1": 0})
    matching = mm.match(cohort, busy())
    assert [(one.id, one.reason) for one in matching.taking_no_part] == [
        ("m0", "hours are 1.5, and a pair takes 2"),
        ("m1", "hours are 0, and a pair takes 2"),
    ]
    assert {pair.b for pair in matching.pairs} == {"m2", "m3"}


def test_in_one_pool_hours_say_who_takes_part() -> None:
    program = mm.Program(format=mm.Pairs(hours_per_pair=2, hours="time"))
    cohort = mm.read_records(
        [
            {"id": "ana", "teaches": "sql", "wants": "R", "time": 2},
            {"id": "bo", "teaches": "R", "wants": "sql", "time": 8},
            {"id": "cy", "teaches": "R", "wants": "sql", "time": 1},
        ]
    )
    matching = mm.match(cohort, program)
    assert [(pair.a, pair.b) for pair in matching.pairs] == [("ana", "bo")]
    assert [one.id for one in matching.taking_no_part] == ["cy"]
    idle = cohort.noting("time", dict.fromkeys(cohort.ids, 0))
    with pytest.raises(mm.ProgramError, match="3 have the capacity 0, or too few hours for a pair"):
        mm.match(idle, program)


def test_missing_hours_are_all_named_with_row_and_remedy() -> None:
    cohort = people("").noting("hours", {"m1": -1})
    with pytest.raises(mm.ProfileErrors) as caught:
        mm.match(cohort, busy())
    assert [(fault.row, fault.person, fault.value) for fault in caught.value.faults] == [
        (1, "ana", ""),
        (3, "m1", "-1"),
    ]
    assert "a number of hours, 0 or more; or a capacity of 0" in str(caught.value)
    assert "for hours_per_pair=2" in str(caught.value)


def test_hours_of_people_who_take_no_part_are_not_asked_for() -> None:
    cohort = mm.read_records(
        [
            {"id": "ana", "rank": 6, "teaches": "a", "wants": "b", "hours": 2},
            {"id": "bo", "rank": 1, "teaches": "b", "wants": "a", "hours": 2},
            {"id": "cy", "rank": 1, "capacity": 0},
            {"id": "di"},
        ]
    )
    assert len(mm.match(cohort, busy()).pairs) == 1


def test_without_the_attribute_the_program_does_not_fit() -> None:
    cohort = mm.read_records([{"id": "ana", "rank": 6}, {"id": "bo", "rank": 1}])
    with pytest.raises(mm.ProgramError, match="hours_per_pair=2: no field 'hours'"):
        mm.match(cohort, busy())


def test_a_minimum_of_the_programs_gives_way_to_hours_and_ones_own_does_not() -> None:
    assert len(mm.match(people(4), busy(at_least=(3, 0))).pairs) == 2
    with pytest.raises(mm.ProgramError, match="than there are hours for, at 2 each, of ana"):
        mm.match(people(4, least=3), busy())


def test_hours_of_two_roles_are_not_spent_twice() -> None:
    roles = mm.Pairs(sides=mm.Sides(by="roles", a=["mentor"], b=["mentee"]), hours_per_pair=2)
    records: list[dict[str, Any]] = [
        {"id": "ana", "roles": "mentor; mentee", "teaches": "sql", "wants": "go", "hours": 4},
        {"id": "bo", "roles": "mentor", "teaches": "go", "wants": "sql", "hours": 2},
        {"id": "cy", "roles": "mentee", "teaches": "go", "wants": "sql", "hours": 2},
    ]
    assert len(mm.match(mm.read_records(records), mm.Program(format=roles)).pairs) == 2
    records[0]["hours"] = 3
    with pytest.raises(mm.ProgramError, match=r"for fewer partners than both roles .*: ana;"):
        mm.match(mm.read_records(records), mm.Program(format=roles))


def test_lists_too_go_by_hours() -> None:
    found = mm.shortlists(people(4), busy(), k=1)
    assert (found.of("ana").at_most, found.of("ana").on_lists) == (2, 2)


def test_hours_that_nothing_counts_are_refused() -> None:
    with pytest.raises(mm.ProgramError, match="nothing says how many a pair takes"):
        mm.Pairs(hours="time")
    with pytest.raises(ValidationError, match="greater than 0"):
        mm.Program.model_validate_json('{"format": {"kind": "pairs", "hours_per_pair": 0}}')


def test_records_and_programs_without_hours_are_what_they_were() -> None:
    cohort, program = people(4), mm.Program(format=mm.Pairs(sides=SIDES))
    record = json.loads(mm.match(cohort, program).to_json())
    assert set(record["program"]["format"]) == {"sides", "capacity", "at_least", "kind"}
    matching = mm.Matching.from_json(json.dumps(record))
    assert len(matching.attach(cohort, program).pairs) == 1
    with pytest.raises(mm.RecordError, match="not the program of the record"):
        matching.attach(cohort, busy())


def test_hours_survive_json() -> None:
    cohort = people(4)
    record = mm.match(cohort, busy()).to_json()
    again = mm.Program.model_validate_json(busy().model_dump_json())
    assert again == busy()
    assert len(mm.Matching.from_json(record).attach(cohort, again).pairs) == 2
