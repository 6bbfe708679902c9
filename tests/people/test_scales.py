"""Which way the numbers of a file run."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from mentormatch import ProgramError, Scales


def test_proficiency_is_divided_by_the_top() -> None:
    scale = Scales(proficiency=(0, 10)).proficiency_scale()
    assert [scale.stored(number) for number in (10, 5, 1)] == [1.0, 0.5, 0.1]
    assert [scale.accepts(number) for number in (0, 0.1, 10, 10.1, -1)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert scale.words == "a proficiency above 0, up to 10"
    assert scale.direction == "0 to 10, higher is better; stored as number / 10"


def test_priority_may_run_either_way() -> None:
    up = Scales().priority_scale()
    assert (up.stored(7), up.accepts(0), up.accepts(10)) == (7, False, True)
    down = Scales(priority=(10, 1)).priority_scale()
    assert [down.stored(number) for number in (1, 2, 10)] == [1.0, 0.5, 0.1]
    assert [down.accepts(number) for number in (0.5, 1, 10, 11)] == [False, True, True, False]
    assert down.direction == "10 to 1, 1 is the first wish; stored as 1 / number"
    assert down.words == "a priority from 1 (the first wish) to 10"


@pytest.mark.parametrize(
    ("rank", "value", "stored"),
    [
        (None, "7", 7.0),
        (None, -3.5, -3.5),
        (None, "boss", None),
        (None, "nan", None),
        (None, True, None),
        ((1, 7), "7", 7.0),
        ((1, 7), 8, None),
        ((4, 0), 0, 4.0),
        ((4, 0), "4", 0.0),
        ((4, 0), 5, None),
        ((4, 0), -1, None),
        (("AA", "Grade 7", "SCS1"), " grade  7", 2.0),
        (("AA", "Grade 7", "SCS1"), "SCS2", None),
        (("1", "2"), 2, 2.0),
    ],
)
def test_ranks(rank: Any, value: object, stored: float | None) -> None:
    assert Scales(rank=rank).rank_scale().read(value) == stored


@pytest.mark.parametrize(
    ("rank", "words", "direction"),
    [
        (None, "a number", "any number, higher is more senior"),
        ((1, 7), "a number from 1 to 7", "1 to 7, higher is more senior"),
        (
            (4, 0),
            "a number from 0 to 4",
            "4 to 0, 0 is the most senior; stored as 4 - number, so 4 is the most senior",
        ),
        (
            ("AA", "AO", "EO"),
            "one of AA, AO, EO",
            "3 grades from AA to EO, stored as 1 to 3, higher is more senior",
        ),
    ],
)
def test_the_direction_of_ranks_is_said_in_words(rank: Any, words: str, direction: str) -> None:
    scale = Scales(rank=rank).rank_scale()
    assert (scale.words, scale.direction) == (words, direction)


@pytest.mark.parametrize(
    "given",
    [
        {"proficiency": (5, 1)},
        {"proficiency": (-1, 5)},
        {"proficiency": (0, 0)},
        {"proficiency": (1, float("inf"))},
        {"proficiency": (float("nan"), 5)},
        {"priority": (1, 1)},
        {"priority": (10, 0)},
        {"priority": (-1, 1)},
        {"priority": (0, 1e300)},
        {"priority": (1e300, 1)},
        {"rank": (3, 3)},
        {"rank": (1, float("inf"))},
        {"rank": ("AA",)},
        {"rank": ("AA", "aa")},
        {"rank": ("AA", " ")},
        {"rank": ()},
    ],
)
def test_a_scale_that_contradicts_itself_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ProgramError):
        Scales(**given)


@pytest.mark.parametrize("given", [{"ranks": (1, 7)}, {"proficiency": 5}, {"rank": "AA"}])
def test_what_is_no_scale_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Scales(**given)


@pytest.mark.parametrize("rank", [None, (1, 7), (4, 0), ("AA", "AO")])
def test_scales_survive_their_json(rank: Any) -> None:
    scales = Scales(proficiency=(1, 10), priority=(10, 1), rank=rank)
    plain = TypeAdapter(Scales)
    assert plain.validate_json(plain.dump_json(scales)) == scales
