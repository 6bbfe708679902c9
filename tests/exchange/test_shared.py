from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

import mentormatch as mm
from mentormatch.exchange import shared_pairs as module
from mentormatch.exchange.shared import SharedWishes
from mentormatch.exchange.shared_pairs import shared_pairs, shared_skills
from tests import oracles


def people_of(*records: dict[str, Any]) -> mm.Cohort:
    return mm.read_records(records)


def found(people: mm.Cohort, score: SharedWishes | None = None) -> dict[tuple[str, str], float]:
    blocks = shared_pairs(people, np.arange(len(people)), score or SharedWishes())
    return {
        (people.ids[a], people.ids[b]): worth
        for block in blocks
        for a, b, worth in zip(block.a, block.b, block.score.tolist(), strict=True)
    }


def random_people(size: int, seed: int = 5) -> mm.Cohort:
    rng = np.random.default_rng(seed)
    skills = [f"s{number}" for number in range(12)]
    return people_of(
        *(
            {
                "id": f"p{number}",
                "teaches": [f"{s}:{rng.integers(1, 5)}" for s in rng.choice(skills, 2, False)],
                "knows": [f"{rng.choice(skills)}:2"],
                "wants": [f"{s}:{rng.integers(1, 4)}" for s in rng.choice(skills, 5, False)],
            }
            for number in range(size)
        )
    )


def test_the_same_wishes_with_the_same_priorities_are_worth_one() -> None:
    people = people_of(
        {"id": "ana", "wants": "sql:3; chess:1"}, {"id": "bo", "wants": "chess:1; sql:3"}
    )
    assert found(people) == {("ana", "bo"): 1.0}


def test_the_same_proportions_are_enough() -> None:
    people = people_of(
        {"id": "ana", "wants": "sql:3; chess:1"}, {"id": "bo", "wants": "chess:2; sql:6"}
    )
    assert found(people) == {("ana", "bo"): 1.0}


def test_each_skill_counts_as_much_as_it_does_to_whom_it_is_less() -> None:
    people = people_of(
        {"id": "ana", "wants": "sql:1; chess:1; R:2"}, {"id": "bo", "wants": "sql:6; R:1; go:1"}
    )
    assert found(people) == {("ana", "bo"): 1 / 4 + 1 / 8}


def test_without_a_common_wish_there_is_no_pair() -> None:
    people = people_of({"id": "ana", "wants": "sql"}, {"id": "bo", "wants": "R"}, {"id": "cy"})
    assert found(people) == {}


def test_what_one_of_the_two_teaches_is_not_learnt_together() -> None:
    """Not even if the teacher wants to know more of it: then one would teach the other."""
    people = people_of(
        {"id": "ana", "wants": "sql; chess", "teaches": "sql:1"}, {"id": "bo", "wants": "sql"}
    )
    assert found(people) == {}


def test_what_one_teaches_a_little_is_still_a_part_of_what_one_wants() -> None:
    people = people_of(
        {"id": "ana", "wants": "sql:3; chess:1", "teaches": "sql:1"}, {"id": "bo", "wants": "chess"}
    )
    assert found(people) == {("ana", "bo"): 0.25}


def test_what_one_knows_a_little_of_is_learnt_together() -> None:
    people = people_of(
        {"id": "ana", "wants": "sql", "knows": "sql:4"}, {"id": "bo", "wants": "sql"}
    )
    assert found(people) == {("ana", "bo"): 1.0}


def test_a_wish_already_met_leaves_the_sum() -> None:
    with pytest.warns(mm.ProfileWarning, match="already"):
        people = people_of(
            {"id": "ana", "knows": "sql", "wants": "sql; chess"},
            {"id": "bo", "wants": "chess"},
            {"id": "cy", "wants": "sql"},
        )
    assert found(people) == {("ana", "bo"): 1.0}


def test_with_a_taxonomy_teaching_a_narrower_skill_is_teaching() -> None:
    people = people_of(
        {"id": "ana", "wants": "Python", "teaches": "pandas:2"}, {"id": "bo", "wants": "Python"}
    )
    assert found(people) == {("ana", "bo"): 1.0}
    assert found(people.with_taxonomy(mm.Taxonomy.of([("pandas", "Python")]))) == {}


def test_wishes_counted_takes_the_largest_terms_against_the_heaviest() -> None:
    people = people_of(
        {"id": "ana", "wants": "sql:4; chess:2; R:2; go:1"},
        {"id": "bo", "wants": "sql:1; chess:1; R:1; poetry:1"},
    )
    assert found(people)["ana", "bo"] == pytest.approx(2 / 9 + 2 / 9 + 1 / 4)
    assert found(people, SharedWishes(wishes_counted=2))["ana", "bo"] == pytest.approx(
        1 / 2 + 1 / 3
    )
    assert found(people, SharedWishes(wishes_counted=9)) == found(people)


def test_an_honest_long_list_does_not_lose_when_wishes_are_counted() -> None:
    people = people_of(
        {"id": "short", "wants": "sql"}, {"id": "long", "wants": "sql; chess; pottery; sailing"}
    )
    assert found(people)["short", "long"] == 0.25
    assert found(people, SharedWishes(wishes_counted=1))["short", "long"] == 1.0


def test_many_wishes_add_up_to_exactly_one() -> None:
    wishes = [f"skill {number}:{number % 7 + 1}" for number in range(1, 50)]
    people = people_of({"id": "ana", "wants": wishes}, {"id": "bo", "wants": wishes})
    assert found(people) == {("ana", "bo"): 1.0}


def test_rounded_shares_never_add_up_to_more_than_one() -> None:
    """Each sixth is rounded up."""
    wishes = "a; b; c; d; e; f"
    people = people_of({"id": "ana", "wants": wishes}, {"id": "bo", "wants": wishes})
    (pairs,) = shared_pairs(people, np.arange(2), SharedWishes())
    assert pairs.a_benefit.tolist() == pairs.b_benefit.tolist() == [1.0]


def test_a_pair_below_the_floor_is_none_and_one_at_it_is() -> None:
    people = people_of(
        {"id": "ana", "wants": "sql:3; chess:3; R:4"},
        {"id": "bo", "wants": "sql:3; chess:3; go:4"},
        {"id": "cy", "wants": "R"},
    )
    assert found(people, SharedWishes(floor=0.6)) == {("ana", "bo"): pytest.approx(0.6)}
    assert found(people, SharedWishes(floor=0.61)) == {}


def test_a_pool_is_of_the_rows_that_are_given_in_their_order() -> None:
    people = people_of(*({"id": one, "wants": "sql"} for one in ("ana", "bo", "cy", "di")))
    (pairs,) = shared_pairs(people, np.array([3, 0, 2]), SharedWishes())
    assert np.column_stack((pairs.a, pairs.b)).tolist() == [[0, 1], [0, 2], [1, 2]]


@pytest.mark.parametrize("counted", [None, 1, 2])
def test_blocks_change_nothing_and_go_on_in_order(
    monkeypatch: pytest.MonkeyPatch, counted: int | None
) -> None:
    people, rows = random_people(60), np.arange(60)
    score = SharedWishes(wishes_counted=counted)
    (whole,) = shared_pairs(people, rows, score)
    monkeypatch.setattr(module, "TERMS_AT_ONCE", 50)
    blocks = list(shared_pairs(people, rows, score))
    assert len(blocks) > 5
    for name in ("a", "b", "score", "a_benefit", "b_benefit"):
        joined = np.concatenate([getattr(block, name) for block in blocks])
        assert np.array_equal(joined, getattr(whole, name))
    assert (np.diff(whole.a * 60 + whole.b) > 0).all()
    assert (whole.a < whole.b).all()
    assert np.array_equal(whole.a_benefit, whole.b_benefit)


@pytest.mark.parametrize("rows", [[], [1]])
def test_fewer_than_two_people_make_no_pair(rows: list[int]) -> None:
    people = people_of({"id": "ana", "wants": "sql"}, {"id": "bo", "wants": "sql"})
    assert list(shared_pairs(people, np.array(rows, dtype=np.int64), SharedWishes())) == []


def test_nobody_names_any_skill() -> None:
    people = people_of({"id": "ana"}, {"id": "bo"})
    assert found(people) == {}
    assert shared_skills(people, np.array([0]), np.array([1])) == [()]


def test_shared_skills_says_what_counts_most_first() -> None:
    people = people_of(
        {"id": "ana", "wants": "sql:1; chess:2; R:3; go:9"},
        {"id": "bo", "wants": "sql:5; chess:5; R:5", "teaches": "go"},
        {"id": "cy", "wants": "go; sql"},
    )
    skills = shared_skills(people, np.array([1, 0, 1]), np.array([0, 2, 2]))
    assert skills == [("R", "chess", "sql"), ("go", "sql"), ("sql",)]
    nobody = np.empty(0, dtype=np.int64)
    assert shared_skills(people, nobody, nobody) == []


def test_what_counts_most_is_said_of_the_wishes_that_count() -> None:
    """Of all of ana's many wishes each is small; beside her heaviest, bo's are."""
    many = [f"skill {number}" for number in range(14)]
    people = people_of(
        {"id": "ana", "wants": ["chess:5", "sql:4", *many]},
        {"id": "bo", "wants": "sql:10; chess:7"},
    )
    pair = np.array([0]), np.array([1])
    assert shared_skills(people, *pair) == [("chess", "sql")]
    assert shared_skills(people, *pair, wishes_counted=1) == [("sql", "chess")]


def test_shared_skills_are_those_that_the_score_adds_up() -> None:
    people = random_people(30)
    everybody = list(people)
    (pairs,) = shared_pairs(people, np.arange(30), SharedWishes())
    skills = shared_skills(people, pairs.a, pairs.b)
    for a, b, worth, names in zip(pairs.a, pairs.b, pairs.score, skills, strict=True):
        assert worth == pytest.approx(oracles.overlap(everybody[a], everybody[b]), abs=1e-12)
        common = set(everybody[a].wants) & set(everybody[b].wants)
        assert set(names) == common - set(everybody[a].teaches) - set(everybody[b].teaches)


def test_a_score_is_data() -> None:
    score = SharedWishes(floor=0.25, wishes_counted=3)
    adapter = TypeAdapter(SharedWishes)
    text = adapter.dump_json(score)
    assert text == b'{"floor":0.25,"wishes_counted":3,"kind":"shared_wishes"}'
    assert adapter.validate_json(text) == score


@pytest.mark.parametrize(
    "wrong", [{"floor": 1.5}, {"floor": np.nan}, {"wishes_counted": 0}, {"mean": "harmonic"}]
)
def test_a_score_refuses_what_makes_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(SharedWishes).validate_python(wrong)
