import copy
import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from tests.forging import leaves
from tests.matching.examples import PROGRAM, RECORDS, SIDES, crowd, matching, people

#: What the run says about itself and nobody can check afterwards; and what may be left out.
UNCHECKED = {"versions", "read", "gap", "count_gap"}

Path = tuple[str | int, ...]


def changed(document: Any, path: Path, value: Any) -> str:
    """The document as JSON with one value changed."""
    forged = copy.deepcopy(document)
    place = forged
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return json.dumps(forged)


def document(found: mm.Matching) -> Any:
    return json.loads(found.to_json())


def refused(
    text: str, match: str | None = None, program: mm.Program = PROGRAM, **changes: Any
) -> None:
    with pytest.raises(mm.RecordError, match=match):
        mm.Matching.from_json(text).attach(people(**changes), program)


RECORD = document(matching())
CLAIMS = [
    (path, value) for path, value in leaves(RECORD) if not UNCHECKED.intersection(map(str, path))
]


def test_a_record_says_what_it_is_and_how_it_was_made() -> None:
    assert list(RECORD)[:2] == ["record", "schema"]
    assert RECORD["record"] == "mentormatch.run"
    assert RECORD["schema"] == 1
    assert RECORD["versions"]["mentormatch"] == mm.__version__
    assert RECORD["versions"]["scipy"] == version("scipy")
    assert RECORD["people"]["count"] == 7
    assert RECORD["people"]["read"] == people().summary()
    assert RECORD["program"] == PROGRAM.model_dump(mode="json")
    assert RECORD["seed"] == 0
    assert [*map(set, RECORD["certificate"]["prices"])] == [{"ana", "bea"}, {"cy", "di", "ed"}]


def test_a_record_never_holds_a_decline() -> None:
    stranger = {"rank": "", "name": "Xanthippe"}
    found = matching(xanthippe=stranger, ana={"declines": "xanthippe; gus"})
    assert "declines" not in found.to_json()
    assert found.to_json() == matching(xanthippe=stranger).to_json()


def test_a_record_read_back_is_the_matching() -> None:
    found = matching()
    read = mm.Matching.from_json(found.to_json())
    assert read.to_records() == found.to_records()
    assert str(read) == str(found)
    assert read.unmatched == found.unmatched
    assert read.taking_no_part == found.taking_no_part
    assert read.removed == found.removed
    assert read.status is mm.Status.OPTIMAL
    assert mm.Matching.from_json(found.to_json().encode()).to_json() == found.to_json()


def test_attach_gives_everything_back() -> None:
    found = matching()
    again = mm.Matching.from_json(found.to_json()).attach(people(), PROGRAM)
    assert again.to_json() == found.to_json()
    assert again.certificate.verify(people(), PROGRAM).ok
    assert found.attach(people(), PROGRAM).to_json() == found.to_json()


def test_attach_does_not_mind_the_order_of_the_people() -> None:
    cohort = mm.read_records(
        [{"id": person, **record} for person, record in reversed(RECORDS.items())]
    )
    again = mm.Matching.from_json(matching().to_json()).attach(cohort, PROGRAM)
    assert again.to_records() == matching().to_records()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the text: Invalid JSON"),
        ("{", "the text: Invalid JSON"),
        ("[]", "the text: Input should be an object"),
        ("{}", "Field required; and [0-9]+ more"),
        (json.dumps(RECORD)[:-200], "Invalid JSON: EOF"),
        (changed(RECORD, ("record",), "mentormatch.people"), "record: Input should be 'mentorm"),
        (changed(RECORD, ("schema",), 2), "schema: Input should be 1"),
        (changed(RECORD, ("seed",), float("nan")), "seed: "),
        (changed(RECORD, ("seed",), 0.0), "seed: "),
        (changed(RECORD, ("seed",), "0"), "seed: "),
        (json.dumps(RECORD).replace('"seed": 0', '"seed": ' + "9" * 5000), "number out of range"),
        (changed(RECORD, ("pairs", 0, "score"), "1.0"), r"pairs\.0\.score: "),
        (changed(RECORD, ("pairs", 0, "declines"), "bo"), r"pairs\.0\.declines: "),
        (changed(RECORD, ("unmatched", 0, "age"), 60), r"unmatched\.0\.age: "),
        (changed(RECORD, ("note",), "hello"), "note: Extra inputs"),
        (changed(RECORD, ("status",), "best"), "status: Input should be 'optimal' or 'feasible'"),
    ],
)
def test_what_is_no_record_is_refused_with_the_place(text: str, says: str) -> None:
    with pytest.raises(mm.RecordError, match=says) as error:
        mm.Matching.from_json(text)
    assert "schema 1" in str(error.value)
    assert len(str(error.value)) < 600


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(mm.RecordError, match="Invalid JSON"):
        mm.Matching.from_json(b"\xff\xfe{")


@pytest.mark.parametrize(
    "changes",
    [
        {"zoe": {"rank": 1}},
        {"ana": {"name": "Anna Silva"}},
        {"ed": {"wants": "sql"}},
        {"gus": {"capacity": 1}},
        {"flo": {"department": "it"}},
    ],
)
def test_other_people_are_refused(changes: dict[str, Any]) -> None:
    refused(json.dumps(RECORD), "not the people of the record", **changes)


def test_another_seed_is_refused() -> None:
    refused(changed(RECORD, ("seed",), 1), "its seed was changed")


def test_another_number_of_people_is_refused() -> None:
    refused(changed(RECORD, ("people", "count"), 8), "not the people")


@pytest.mark.parametrize(
    "fields",
    [
        {"rules": []},
        {"objective": "score", "rules": PROGRAM.rules},
        {"preferences": [mm.RankedWishes(0.5)], "rules": PROGRAM.rules},
        {"score": mm.Reciprocity(floor=0.01), "rules": PROGRAM.rules},
    ],
)
def test_another_program_is_refused(fields: dict[str, Any]) -> None:
    refused(json.dumps(RECORD), "not the program of the record", mm.Program(format=SIDES, **fields))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("status",), "feasible", "its status"),
        (("gap",), 2.0**-40, "its gap"),
        (("count_gap",), 1.0, "its count_gap"),
        (("sides",), ["new", "leader"], "its sides"),
        (("removed", 0, 1), 7, "its removed"),
        (("pairs", 0, "a_name"), "Anna", "its pairs"),
        (("pairs", 0, "a_teaches"), [], "its pairs"),
        (("pairs", 0, "a_benefit"), 0.5, "its pairs"),
        (("pairs", 0, "preference"), 0.5, "its pairs"),
        (("pairs", 0, "score"), 0.5, "are scored 0.5"),
        (("pairs", 0, "b"), "ed", "not an allowed pair"),
        (("unmatched", 0, "code"), "too_dear", "its unmatched"),
        (("unmatched", 0, "name"), "Edward", "its unmatched"),
        (("unmatched",), [], "its unmatched"),
        (("taking_no_part", 0, "reason"), "on leave", "its taking_no_part"),
        (("certificate", "prices", 0, "ana"), 0.0, "worth more than their prices"),
        (("certificate", "prices", 0, "ana"), 9.0, "leave a gap"),
        (("certificate", "prices", 0, "ana"), float("inf"), "should be a finite number"),
        (("certificate", "count_prices"), None, "proves 'score'"),
        (("certificate", "inflation"), 4.0, "proof does not hold"),
    ],
)
def test_every_claim_is_checked(path: Path, value: Any, says: str) -> None:
    refused(changed(RECORD, path, value), says)


@given(st.sampled_from(CLAIMS), st.data())
def test_no_single_change_goes_unnoticed(claim: tuple[Path, Any], data: st.DataObject) -> None:
    path, value = claim
    others = (
        st.sampled_from(["", "ana", "ed", "optimal", "feasible", "zoe", "too_dear", "ruled_out"])
        | st.integers(-(2**70), 2**70)
        | st.floats()
        | st.none()
        | st.text(max_size=3)
    )
    other = data.draw(others.filter(lambda other: other != value), label=str(path))
    refused(changed(RECORD, path, other))


@given(st.sampled_from(CLAIMS))
def test_nothing_may_be_missing(claim: tuple[Path, Any]) -> None:
    path, _ = claim
    forged = copy.deepcopy(RECORD)
    place = forged
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    refused(json.dumps(forged))


FAIR = mm.Program(format=SIDES, rules=PROGRAM.rules, objective="floor_then_score")


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("score_given_up",), 0.5, "its floor costs 0.0 of the total, not 0.5"),
        (("above", "count_prices"), [], "count prices have no count prices of their own"),
        (("above", "inflation"), 2.0, "worth more than their count prices"),
    ],
)
def test_every_claim_of_a_floor_is_checked(path: Path, value: Any, says: str) -> None:
    record = document(mm.match(people(), FAIR))
    refused(changed(record, ("certificate", "floor", *path), value), says, FAIR)


def test_a_zero_with_a_sign_is_a_zero() -> None:
    found = mm.match(people(), FAIR)
    forged = changed(document(found), ("certificate", "floor", "score_given_up"), -0.0)
    assert str(mm.Matching.from_json(forged).attach(people(), FAIR)) == str(found)


def test_a_record_of_before_gaps_were_written_down_is_read() -> None:
    older = {name: value for name, value in RECORD.items() if name not in {"gap", "count_gap"}}
    again = mm.Matching.from_json(json.dumps(older)).attach(people(), PROGRAM)
    assert again.to_json() == matching().to_json()


def test_pairs_in_another_order_are_no_record_of_this_run() -> None:
    refused(changed(RECORD, ("pairs",), RECORD["pairs"][::-1]), "its pairs")


def test_equally_good_pairs_that_the_seed_did_not_draw_are_found() -> None:
    found = crowd(2)
    forged = document(found)
    partners = [pair["b"] for pair in forged["pairs"]]
    for pair, partner in zip(forged["pairs"], reversed(partners), strict=True):
        pair["b"] = pair["b_name"] = partner
    cohort = mm.read_records(
        [
            {"id": f"{side}{number:03}", "rank": rank, "teaches": teaches, "wants": wants}
            for side, rank, teaches, wants in (("a", 6, "x", "y"), ("b", 1, "y", "x"))
            for number in range(2)
        ]
    )
    program = mm.Program(format=SIDES)
    assert mm.Matching.from_json(found.to_json()).attach(cohort, program).pairs
    read = mm.Matching.from_json(json.dumps(forged))
    assert read.certificate.verify(cohort, program).ok
    with pytest.raises(mm.RecordError, match="the ones its seed draws"):
        read.attach(cohort, program)


@pytest.mark.parametrize("inflation", [1.0, 512.0, 1024.0, 2048.0, 4096.0])
def test_no_inflation_lets_a_friend_be_favoured_among_equals(inflation: float) -> None:
    cohort = mm.read_records(
        [
            {"id": "ana", "rank": 6, "teaches": "leading:4", "wants": "sql"},
            {"id": "bo", "rank": 1, "teaches": "sql:3", "wants": "leading"},
            {"id": "cy", "rank": 1, "teaches": "sql:3", "wants": "leading"},
        ]
    )
    program = mm.Program(format=SIDES)
    forged = document(mm.match(cohort, program))
    (pair,), (single,) = forged["pairs"], forged["unmatched"]
    pair["b"], single["id"] = single["id"], pair["b"]
    pair["b_name"], single["name"] = pair["b"], single["id"]
    forged["certificate"] = {
        "prices": [{"ana": inflation + pair["score"]}, {"bo": 0.0, "cy": 0.0}],
        "count_prices": [{"ana": 1.0}, {"bo": 0.0, "cy": 0.0}],
        "inflation": inflation,
        "floor": None,
    }
    with pytest.raises(mm.RecordError, match=r"the ones its seed draws|the inflation is"):
        mm.Matching.from_json(json.dumps(forged)).attach(cohort, program)


@pytest.mark.parametrize("code", ["zzz", "", None])
def test_a_reason_that_is_none_is_no_record(code: str | None) -> None:
    with pytest.raises(mm.RecordError, match=r"unmatched\.0\.code"):
        mm.Matching.from_json(changed(RECORD, ("unmatched", 0, "code"), code))


def test_a_decline_made_since_is_found_and_not_told() -> None:
    pair = RECORD["pairs"][0]
    refused(
        json.dumps(RECORD),
        f"{pair['a']} and {pair['b']} are not an allowed pair$",
        PROGRAM,
        **{pair["a"]: {"declines": pair["b"]}},
    )


def with_function(function: Callable[..., Any]) -> mm.Program:
    return mm.Program(format=SIDES, rules=[mm.Where("even", function)])


def test_a_rule_of_the_callers_own_is_kept_by_name() -> None:
    program = with_function(lambda cohort, a, b: (a + b) % 2 == 0)
    text = mm.match(people(), program).to_json()
    rule = {"name": "even", "reads": [], "kind": "where"}
    assert json.loads(text)["program"]["rules"] == [rule]
    read = mm.Matching.from_json(text)
    assert read.attach(people(), program).to_json() == text
    with pytest.raises(mm.ProgramError, match="needs its function"):
        mm.Program.model_validate(json.loads(text)["program"], context={"functions": {}})
    with pytest.raises(mm.RecordError, match="proof does not hold"):
        read.attach(people(), with_function(lambda cohort, a, b: (a + b) % 2 == 1))


def test_no_pairs_are_a_record_too() -> None:
    cohort = mm.read_records([{"id": "a", "rank": 6}, {"id": "b", "rank": 1}])
    for objective in ("score", "people_then_score"):
        program = mm.Program(format=SIDES, objective=objective)
        text = mm.match(cohort, program).to_json()
        assert mm.Matching.from_json(text).attach(cohort, program).to_json() == text
