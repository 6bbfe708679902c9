from typing import Any

import numpy as np
import pytest

import mentormatch as mm
from mentormatch.exchange import benefit as module
from mentormatch.exchange.benefit import benefit, lessons


def people_of(*records: dict[str, Any]) -> mm.Cohort:
    return mm.read_records(records)


def one(people: mm.Cohort, teacher: int, learner: int, counted: int | None = None) -> float:
    table = benefit(people, np.array([teacher]), np.array([learner]), wishes_counted=counted)
    return float(table[0, 0])


def test_a_beginners_wish_is_met_as_far_as_the_teacher_is_proficient() -> None:
    people = people_of({"id": "ana", "teaches": "sql:3"}, {"id": "bo", "wants": "sql"})
    assert one(people, 0, 1) == pytest.approx(0.6)


def test_what_the_learner_knows_narrows_the_gap() -> None:
    people = people_of(
        {"id": "ana", "teaches": "sql:4"}, {"id": "bo", "knows": "sql:3", "wants": "sql"}
    )
    assert one(people, 0, 1) == pytest.approx((0.8 - 0.6) / 0.4)


def test_what_the_learner_teaches_counts_as_known() -> None:
    people = people_of(
        {"id": "ana", "teaches": "sql:5"},
        {"id": "bo", "teaches": "sql:4", "knows": "sql:1", "wants": "sql"},
        {"id": "cy", "teaches": "sql:3"},
    )
    assert one(people, 0, 1) == 1.0
    assert one(people, 2, 1) == 0.0


def test_heavier_wishes_count_more() -> None:
    people = people_of({"id": "ana", "teaches": "sql"}, {"id": "bo", "wants": "sql:3; pottery:1"})
    assert one(people, 0, 1) == 0.75


def test_a_wish_already_met_leaves_the_sum() -> None:
    with pytest.warns(mm.ProfileWarning, match="already"):
        people = people_of(
            {"id": "ana", "teaches": "excel"}, {"id": "bo", "knows": "sql", "wants": "sql; excel"}
        )
    assert one(people, 0, 1) == 1.0


def test_nobody_benefits_without_an_open_wish() -> None:
    with pytest.warns(mm.ProfileWarning, match="already"):
        people = people_of(
            {"id": "ana", "teaches": "sql"},
            {"id": "bo", "knows": "sql", "wants": "sql"},
            {"id": "cy"},
        )
    assert one(people, 0, 1) == one(people, 0, 2) == 0.0


def test_wishes_counted_takes_the_best_covered_against_the_heaviest() -> None:
    people = people_of(
        {"id": "ana", "teaches": "sql:5; excel:2; python:5"},
        {"id": "bo", "wants": "sql:1; excel:3; python:1; chess:2"},
    )
    assert one(people, 0, 1) == pytest.approx((1 + 3 * 0.4 + 1) / 7)
    assert one(people, 0, 1, counted=2) == pytest.approx((3 * 0.4 + 1) / (3 + 2))
    assert one(people, 0, 1, counted=9) == one(people, 0, 1)


def test_an_honest_long_list_does_not_lose_when_wishes_are_counted() -> None:
    people = people_of(
        {"id": "ana", "teaches": "sql"},
        {"id": "short", "wants": "sql"},
        {"id": "long", "wants": "sql; chess; pottery; sailing"},
    )
    assert one(people, 0, 2) == 0.25
    assert one(people, 0, 2, counted=1) == one(people, 0, 1, counted=1) == 1.0


def test_everything_met_is_exactly_one_whatever_the_priorities() -> None:
    wishes = [f"skill {number}:{number % 7 + 1}" for number in range(1, 50)]
    people = people_of(
        {"id": "ana", "teaches": [f"skill {number}" for number in range(1, 50)]},
        {"id": "bo", "wants": wishes},
    )
    assert one(people, 0, 1) == pytest.approx(1.0, abs=1e-13)
    assert one(people, 0, 1) <= 1.0


@pytest.mark.parametrize("counted", [None, 2])
def test_portions_of_teachers_change_nothing(
    monkeypatch: pytest.MonkeyPatch, counted: int | None
) -> None:
    rng = np.random.default_rng(5)
    skills = [f"s{number}" for number in range(12)]
    people = people_of(
        *(
            {
                "id": str(number),
                "teaches": [f"{s}:{rng.integers(1, 5)}" for s in rng.choice(skills, 4, False)],
                "knows": [f"{rng.choice(skills)}:2"],
                "wants": [f"{s}:{rng.integers(1, 4)}" for s in rng.choice(skills, 4, False)],
            }
            for number in range(40)
        )
    )
    rows = np.arange(40)
    whole = benefit(people, rows, rows, wishes_counted=counted)
    monkeypatch.setattr(module, "TERMS_AT_ONCE", 7)
    assert np.array_equal(benefit(people, rows, rows, wishes_counted=counted), whole)
    assert whole.any()


def test_no_teachers_and_no_learners() -> None:
    people = people_of({"id": "ana", "teaches": "sql"}, {"id": "bo", "wants": "sql"})
    nobody = np.empty(0, dtype=np.int64)
    assert benefit(people, nobody, np.array([1])).shape == (0, 1)
    assert benefit(people, np.array([0]), nobody).shape == (1, 0)


def test_lessons_lists_what_is_taught_and_nothing_else() -> None:
    people = people_of(
        {"id": "ana", "teaches": "sql:4; excel:2; chess"},
        {"id": "bo", "wants": "sql:1; excel:3; pottery", "knows": "excel:2"},
    )
    taught = lessons(people, np.array([0, 1]), np.array([1, 0]))
    assert [people.skills.labels[skill] for skill in taught.indices] == ["sql"]
    assert taught.indptr.tolist() == [0, 1, 1]
