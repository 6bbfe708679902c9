"""Texts name people: by their names, and by their ids too where two people share a name."""

from typing import Any

import pytest
from hypothesis import given

import mentormatch as mm
from tests.property.test_match_laws import ANY, solved
from tests.strategies import profiles

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

SIDES = mm.Sides(by="rank", at_least=5)
PEOPLE: list[dict[str, Any]] = [
    {"id": "1", "name": "Ana Li", "rank": 6, "teaches": "leading", "wants": "sql"},
    {"id": "2", "name": "Bo Roe", "rank": 1, "teaches": "sql", "wants": "leading"},
    {"id": "3", "name": "Cy Ott", "rank": 1, "teaches": "sql", "wants": "leading; R"},
    {"id": "4", "name": "ana li", "rank": 1, "teaches": "sql", "wants": "leading; R; go"},
]


def matched() -> mm.Matching:
    return mm.match(mm.read_records(PEOPLE), mm.Program(format=mm.Pairs(sides=SIDES)))


def test_what_a_pair_would_change_is_told_by_name() -> None:
    why = matched().why_not("1", "4")
    assert why.text("coordinator") == (
        "Ana Li (1) and ana li (4) could be a pair. With them as one, the total would be 0.50 "
        "lower. These pairs would end: Ana Li (1) and Bo Roe (1.00). These would begin: Ana Li (1) "
        "and ana li (4) (0.50)."
    )
    assert [(one.a, one.b) for one in why.made] == [("1", "4")]


def test_partners_and_whom_they_have_are_told_by_name() -> None:
    text = matched().explain("2").text("coordinator")
    assert text.startswith("Bo Roe has Ana Li (1); together they score 1.00.")
    assert "Next best: Cy Ott (0.67; has nobody), ana li (4) (0.50; has nobody)." in (
        matched().explain("1").text("coordinator")
    )


def test_competitors_are_told_by_name_and_kept_by_id() -> None:
    why = matched().explain("3")
    assert (
        "2 must share 1 place: Cy Ott and Bo Roe, for whom there is nobody but Ana Li (1)."
    ) in why.text("coordinator")
    assert why.data["lacks"][0]["competitors"]["groups"] == (("3",), ("2",))


def test_what_if_is_told_by_name() -> None:
    assert matched().without("2").text() == (
        "The total would be 0.33 lower. Cy Ott would have a partner. Bo Roe would have none any "
        "more. These pairs would end: Ana Li (1) and Bo Roe (1.00). These pairs would begin: "
        "Ana Li (1) and Cy Ott (0.67)."
    )
    assert matched().with_rule(mm.Forbid([("1", "4")])).text() == (
        "As many would have a partner, and the same total."
    )


def test_tables_tell_two_of_a_name_apart() -> None:
    people = [*PEOPLE, {**PEOPLE[0], "id": "5", "name": "Di Orr"}]
    table = str(mm.match(mm.read_records(people), mm.Program(format=mm.Pairs(sides=SIDES))))
    assert "Ana Li  " in table
    people[2] = {**people[2], "name": "Ana Li"}
    table = str(mm.match(mm.read_records(people), mm.Program(format=mm.Pairs(sides=SIDES))))
    assert "Ana Li (1)  " in table
    assert "Ana Li (3)  " in table


@given(profiles(most=7), ANY)
def test_no_text_has_the_id_of_somebody_with_a_name_of_their_own(
    people: list[mm.Participant], program: mm.Program
) -> None:
    named = [one.model_copy(update={"name": f"Name{number}"}) for number, one in enumerate(people)]
    answer = solved(named, program)
    for one in named:
        for audience in ("participant", "coordinator", "auditor"):
            text = answer.explain(one.id).text(audience)
            assert not any(other.id in text for other in named)
