"""Shortlists: as good as they can be together, nobody on too many, and nobody told too much."""

import csv
import math
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack

import mentormatch as mm
from mentormatch.matching.sides_proof import SidesCertificate
from mentormatch.synthetic import workforce
from tests.strategies import cohort_of, profiles

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

Floats = NDArray[np.float64]

SIDES = mm.Pairs(sides=mm.Sides(by="rank", at_least=5, names=("mentor", "mentee")))
ROLES = mm.Sides(by="roles", a=["mentor"], b=["mentee"], names=("mentor", "mentee"))
FORMATS: st.SearchStrategy[Any] = st.sampled_from(
    (
        SIDES,
        replace(SIDES, capacity=(2, 1)),
        mm.Pairs(sides=ROLES, capacity=2),
        mm.Pairs(),
        mm.Buddies(),
    )
)
OBJECTIVES = st.sampled_from(("score", "people_then_score"))

PEOPLE: list[dict[str, Any]] = [
    {"id": "ana", "name": "Ana", "rank": 6, "teaches": "leading", "wants": "sql; go"},
    {"id": "bea", "name": "Bea", "rank": 5, "teaches": "hiring", "wants": "sql"},
    {"id": "cy", "name": "Cy", "rank": 2, "teaches": "sql", "wants": "leading; hiring"},
    {"id": "di", "name": "Di", "rank": 1, "teaches": "go; sql:3", "wants": "leading"},
    {"id": "ed", "name": "Ed", "rank": 1, "teaches": "chess", "wants": "leading"},
    {"id": "flo", "rank": 1, "capacity": 0, "teaches": "sql", "wants": "leading"},
]


def people(**changes: dict[str, Any]) -> mm.Cohort:
    return mm.read_records([{**one, **changes.get(one["id"], {})} for one in PEOPLE])


def listed(found: mm.Shortlists) -> dict[str, list[str]]:
    return {one.person: [other.id for other in one.suggestions] for one in found}


def best(table: csr_array, row_places: Floats, col_places: Floats, objective: str) -> Floats:
    """The number of people served, where it counts, and the total of the best lists, by HiGHS."""
    pairs = table.tocoo()
    count, shape = len(pairs.data), pairs.shape
    ends = np.arange(count)
    rows = coo_array((np.ones(count), (pairs.row, ends)), shape=(shape[0], count))
    cols = coo_array((np.ones(count), (pairs.col, ends)), shape=(shape[1], count))
    by_person = vstack((rows, cols)).tocsr()
    people = sum(shape)
    places = np.concatenate((row_places, col_places))
    # One variable for each pair, and one for each person: whether they are in any.
    loads = csr_array(np.hstack((by_person.toarray(), np.zeros((people, people)))))
    served = csr_array(np.hstack((by_person.toarray(), -np.eye(people))))
    limits = [LinearConstraint(loads, -np.inf, places), LinearConstraint(served, 0.0, np.inf)]
    counted = np.concatenate((np.zeros(count), np.ones(people)))
    scores = np.concatenate((pairs.data, np.zeros(people)))
    most = 0.0
    if objective == "people_then_score":
        most = round(_highest(counted, limits))
        limits.append(LinearConstraint(counted[np.newaxis], most, np.inf))
    return np.array([most, _highest(scores, limits)])


def _highest(worth: Floats, limits: list[LinearConstraint]) -> float:
    whole = np.ones(len(worth), dtype=np.int64)
    found = milp(-worth, constraints=limits, bounds=Bounds(0, 1), integrality=whole)
    assert found.fun is not None
    return -found.fun


def expected(
    cohort: mm.Cohort, program: mm.Program, k: int, exposure: float
) -> tuple[list[Floats], dict[str, int]]:
    """What lists are worth at most, problem by problem, and how often each person may be listed."""
    graph = mm.build_graph(cohort, program)
    table = graph.to_scipy()
    rooms = []
    for side, ids in enumerate((graph.a_ids, graph.b_ids)):
        usual = program.format.most[side] if isinstance(program.format, mm.Pairs) else 1
        own = [cohort.participant(one).capacity for one in ids]
        rooms.append(np.array([usual if room is None else room for room in own]))
    most = [np.array([math.floor(round(exposure * k * one, 9)) for one in room]) for room in rooms]
    limits: dict[str, int] = {}
    if graph.layout == "pool":
        both = csr_array(table + table.T)
        limits = dict(zip(graph.a_ids, most[0].tolist(), strict=True))
        readers = np.full(len(graph.a_ids), k)
        return [best(both, readers, most[0], program.objective)], limits
    for ids, room in zip((graph.a_ids, graph.b_ids), most, strict=True):
        for one, times in zip(ids, room.tolist(), strict=True):
            limits[one] = limits.get(one, 0) + times
    a_reads = best(table, np.full(table.shape[0], k), most[1], program.objective)
    b_reads = best(table, most[0], np.full(table.shape[1], k), program.objective)
    return [a_reads, b_reads], limits


@given(
    profiles(least=2, most=7),
    FORMATS,
    OBJECTIVES,
    st.integers(1, 3),
    st.sampled_from((1.0, 1.5, 3.0)),
)
def test_lists_are_the_best_that_highs_finds(
    drawn: list[mm.Participant], format_: Any, objective: Any, k: int, exposure: float
) -> None:
    cohort = cohort_of(drawn)
    rules = [mm.NotPairedBefore()]
    program = mm.Program(
        format=format_,
        objective=objective,
        rules=rules,
        score=mm.SharedWishes() if isinstance(format_, mm.Buddies) else mm.Reciprocity(),
    )
    found = mm.shortlists(cohort, program, k, exposure)
    bests, limits = expected(cohort, program, k, exposure)
    assert len(found.certificates) == len(bests)
    for proof, (most, total) in zip(found.certificates, bests, strict=True):
        assert proof.value == pytest.approx(total, abs=1e-6)
        if objective == "people_then_score":
            assert proof.people_served == most
    assert found.status is mm.Status.OPTIMAL
    assert found.gap == 0.0
    assert found.verify(cohort, program).ok
    times = dict.fromkeys(limits, 0)
    for one in found.to_records():
        times[one["suggested"]] += 1
    assert all(times[one] <= limits[one] for one in limits)
    assert {one.person: one.on_lists for one in found} == times
    for own in found:
        roles = {other.side for other in own.suggestions}
        for role in roles:
            names = [other.id for other in own.suggestions if other.side == role]
            assert len(set(names)) == len(names) <= k
        rows = [cohort.row(other.id) for other in own.suggestions]
        assert not cohort.are_declined(cohort.row(own.person), rows).any()
        assert not cohort.are_paired_before(cohort.row(own.person), rows).any()


@given(profiles(least=3, most=7), FORMATS, st.randoms())
def test_nobody_can_tell_which_of_two_declined(
    drawn: list[mm.Participant], format_: Any, random: Any
) -> None:
    one, other = random.sample(range(len(drawn)), 2)
    open_ = [person.model_copy(update={"declines": (), "prefers": ()}) for person in drawn]
    texts = []
    for who, whom in ((one, other), (other, one)):
        declining = list(open_)
        declining[who] = open_[who].model_copy(update={"declines": (open_[whom].id,)})
        score = mm.SharedWishes() if isinstance(format_, mm.Buddies) else mm.Reciprocity()
        program = mm.Program(format=format_, score=score)
        found = mm.shortlists(cohort_of(declining), program, k=2)
        texts.append([one.text(audience) for one in found for audience in AUDIENCES])
    assert texts[0] == texts[1]


AUDIENCES: tuple[Any, ...] = ("participant", "coordinator", "auditor")


def test_everybody_reads_the_best_of_the_other_side_first() -> None:
    found = mm.shortlists(people(), mm.Program(format=SIDES), k=2)
    assert listed(found) == {
        "ana": ["di", "cy"],
        "bea": ["cy"],
        "cy": ["bea", "ana"],
        "di": ["ana"],
        "ed": [],
    }
    assert [one.place for one in found.of("ana").suggestions] == [1, 2]
    assert [(one.id, one.reason) for one in found.taking_no_part] == [("flo", "capacity is 0")]
    assert repr(found) == (
        "Shortlists(5 lists of 2 at most, 6 suggestions, 1 without; proven optimal)"
    )


def test_in_one_pool_lists_have_a_direction() -> None:
    cohort = mm.read_records(
        [
            {"id": "ana", "teaches": "leading", "wants": "sql"},
            {"id": "bo", "teaches": "sql", "wants": "leading"},
            {"id": "cy", "teaches": "sql:3", "wants": "leading"},
        ]
    )
    found = mm.shortlists(cohort, mm.Program(), k=1, exposure=2.0)
    assert listed(found) == {"ana": ["bo"], "bo": ["ana"], "cy": ["ana"]}
    assert len(found.certificates) == 1
    assert [one.on_lists for one in found] == [2, 1, 0]


@pytest.mark.parametrize("format_", [SIDES, mm.Pairs()])
def test_a_required_pair_is_on_both_lists(format_: Any) -> None:
    program = mm.Program(format=format_, rules=[mm.Require([("ed", "bea")])])
    found = mm.shortlists(people(), program, k=2)
    assert "bea" in listed(found)["ed"]
    assert "ed" in listed(found)["bea"]
    assert "2. Ed." in str(found.of("bea")) or "1. Ed." in str(found.of("bea"))
    assert found.verify(people(), program).ok


def test_a_forbidden_pair_is_on_no_list() -> None:
    program = mm.Program(format=SIDES, rules=[mm.Forbid([("ana", "di")])])
    lists = listed(mm.shortlists(people(), program, k=3))
    assert "di" not in lists["ana"]
    assert "ana" not in lists["di"]


def test_how_partners_are_spread_says_nothing_of_lists() -> None:
    cohort = people(cy={"site": "Oslo"}, di={"site": "Oslo"}, ana={"site": "Bonn", "capacity": 2})
    spread = mm.Spread("site", side="a")
    program = mm.Program(format=SIDES, rules=[spread])
    assert listed(mm.shortlists(cohort, program, k=2))["ana"] == ["di", "cy"]


def test_room_and_exposure_decide_on_how_many_lists_somebody_stands() -> None:
    def times(exposure: float, **own: Any) -> int:
        mentor = {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql", **own}
        mentees = [{"id": who, "rank": 1, "teaches": "sql", "wants": "leading"} for who in "uvwxyz"]
        found = mm.shortlists(
            mm.read_records([mentor, *mentees]), mm.Program(format=SIDES), 2, exposure
        )
        assert found.of("ana").on_lists == sum("ana" in names for names in listed(found).values())
        assert len(found.of("ana").suggestions) == 2
        return found.of("ana").on_lists

    assert times(1.0) == 2
    assert times(1.0, capacity=2) == 4
    assert times(0.75, capacity=2) == 3
    assert times(2.5) == 5
    assert times(9.0) == 6


def test_an_exposure_is_the_decimal_that_it_is_written_as() -> None:
    cohort = mm.read_records([{"id": f"p{number}"} for number in range(101)])
    found = mm.shortlists(cohort, mm.Program(), k=100, exposure=0.29)
    assert {one.at_most for one in found} == {29}


def test_who_is_on_both_sides_reads_two_lists() -> None:
    cohort = mm.read_records(
        [
            {"id": "ana", "roles": "mentor; mentee", "teaches": "sql", "wants": "go"},
            {"id": "bo", "roles": "mentor", "teaches": "go", "wants": "sql"},
            {"id": "cy", "roles": "mentee", "teaches": "go", "wants": "sql"},
        ],
        reading=mm.Reading(types={"roles": "list"}),
    )
    program = mm.Program(format=mm.Pairs(sides=ROLES))
    ana = mm.shortlists(cohort, program, k=2).of("ana")
    assert [(one.id, one.side, one.place) for one in ana.suggestions] == [
        ("cy", "mentee", 1),
        ("bo", "mentor", 1),
    ]
    assert "1. cy as mentee" in str(ana)


def test_a_participant_reads_their_own_list_and_nothing_else() -> None:
    found = mm.shortlists(people(), mm.Program(format=SIDES), k=2)
    text = found.of("ana").text()
    assert text == (
        "You could have as a partner, the best suggestion first:\n"
        "1. Di: you would teach Di leading; Di would teach you go and sql, which is 80% of your "
        "wishes.\n"
        "2. Cy: you would teach Cy leading; Cy would teach you sql, which is 50% of your wishes."
    )
    assert "list" not in text.replace("suggestion", "")
    assert found.of("ed").text() == "There is nobody to suggest this time."
    told = found.of("ana").text("coordinator")
    assert "Di, with a score of" in told
    assert told.endswith("Ana is on 2 lists of 2 at most.")


def test_buddies_are_told_what_they_would_learn_together() -> None:
    cohort = mm.read_records(
        [{"id": "ana", "wants": "sql"}, {"id": "bo", "wants": "sql; R"}, {"id": "cy", "wants": "R"}]
    )
    program = mm.Program(format=mm.Buddies())
    found = mm.shortlists(cohort, program, k=2)
    assert listed(found) == {"ana": ["bo"], "bo": ["ana", "cy"], "cy": ["bo"]}
    assert "1. bo: you both want to learn sql." in str(found.of("ana"))
    assert "both want to learn sql" in found.of("ana").text("auditor")
    assert found.verify(cohort, program).ok


def test_lists_are_written_for_spreadsheets(tmp_path: Path) -> None:
    cohort = people(di={"name": "=1+1"})
    found = mm.shortlists(cohort, mm.Program(format=SIDES), k=2)
    found.to_csv(tmp_path / "lists.csv")
    rows = list(csv.DictReader(StringIO((tmp_path / "lists.csv").read_text(encoding="utf-8-sig"))))
    assert len(rows) == len(found.to_records()) == 6
    assert rows[0]["reader"] == "ana"
    assert rows[0]["suggested name"] == "'=1+1"
    assert rows[0]["reader learns"] == "go; sql"


def test_answers_become_wishes_and_declines() -> None:
    cohort = people(ana={"prefers": "flo"}, cy={"declines": "flo"})
    found = mm.shortlists(cohort, mm.Program(format=SIDES), k=2)
    answers = {"ana": {"prefers": ["cy"]}, "cy": {"declines": ["bea"], "prefers": ["ana"]}}
    later = found.answered(cohort, answers)
    assert later.participant("ana").prefers == ("cy", "flo")
    assert set(later.participant("cy").declines) == {"flo", "bea"}
    wished = later.wish_ranks([0, 0], [later.row("cy"), later.row("flo")])
    assert wished.tolist() == [1, 2]
    program = mm.Program(format=SIDES, preferences=[mm.RankedWishes(weight=1.0)])
    matching = mm.match(later, program)
    assert {(pair.a, pair.b) for pair in matching.pairs} == {("ana", "cy")}
    assert cohort.participant("cy").declines == ("flo",)


def test_who_is_declined_after_all_is_wished_for_no_more() -> None:
    cohort = people(ana={"prefers": "cy; di"})
    found = mm.shortlists(cohort, mm.Program(format=SIDES), k=2)
    later = found.answered(cohort, {"ana": {"declines": ["cy"]}})
    assert later.participant("ana").prefers == ("di",)
    lists = listed(mm.shortlists(later, mm.Program(format=SIDES), k=2))
    assert "cy" not in lists["ana"]
    assert "ana" not in lists["cy"]


def test_every_wrong_answer_is_named_and_nobody_it_names() -> None:
    cohort = people()
    found = mm.shortlists(cohort, mm.Program(format=SIDES), k=2)
    with pytest.raises(mm.ProfileErrors) as caught:
        found.answered(
            cohort,
            {
                "zoe": {"prefers": ["ana"]},
                "ana": {"declines": ["bea"]},
                "bea": {"prefers": ["cy", "cy"]},
                "cy": {"prefers": ["ana"], "declines": ["ana"]},
                "di": {"wishes": ["ana"]},
                "ed": {"prefers": "ana"},
            },
        )
    faults = caught.value.faults
    assert [(fault.row, fault.person) for fault in faults] == [
        (1, None),
        (2, "ana"),
        (3, "bea"),
        (4, "cy"),
        (5, "di"),
        (6, "ed"),
    ]
    assert {fault.value for fault in faults} == {"zoe", "(hidden)", "wishes"}


def test_lists_are_the_same_again_with_the_same_seed() -> None:
    cohort = workforce(120, seed=3, skills=20)
    found = [mm.shortlists(cohort, mm.Program(), k=2, seed=seed).to_records() for seed in (1, 1, 2)]
    assert found[0] == found[1]


def test_forged_lists_are_found_out() -> None:
    cohort, program = people(), mm.Program(format=SIDES)
    found = mm.shortlists(cohort, program, k=2)
    proof = found.certificates[0]
    assert isinstance(proof, SidesCertificate)
    for forged in (
        replace(proof, pairs=proof.pairs[1:], scores=proof.scores[1:]),
        replace(proof, capacities=({}, {})),
        replace(proof, prices=(dict.fromkeys(proof.prices[0], 0.0), proof.prices[1])),
    ):
        wrong = replace(found, certificates=(forged, found.certificates[1]))
        assert not wrong.verify(cohort, program).ok
    assert not replace(found, k=1).verify(cohort, program).ok
    shorter = replace(found.lists[0], suggestions=found.lists[0].suggestions[1:])
    swapped = replace(found, lists=(shorter, *found.lists[1:]))
    assert swapped.verify(cohort, program).violations == (
        "the lists hold other suggestions than those that are proven",
    )
    with pytest.raises(mm.ProgramError, match="of another format"):
        found.verify(cohort, mm.Program())


def test_nobody_is_on_too_many_lists_of_a_workforce() -> None:
    cohort = workforce(1_500, seed=5, skills=150)
    program = mm.Program(rules=[mm.Different("department")])
    found = mm.shortlists(cohort, program, k=4, exposure=0.75)
    assert max(one.on_lists for one in found) == 3
    assert {one.at_most for one in found} == {3}
    assert max(len(one.suggestions) for one in found) == 4
    assert found.verify(cohort, program).ok


@pytest.mark.parametrize("format_", [SIDES, mm.Pairs()])
def test_with_a_floor_the_worst_suggestion_is_as_good_as_it_can_be(format_: Any) -> None:
    cohort = workforce(150, seed=4, skills=25)
    if isinstance(format_, mm.Pairs) and format_.sides:
        format_ = mm.Pairs(sides=mm.Sides(by="tenure", at_least=5))
    program = mm.Program(format=format_, objective="floor_then_score")
    found = mm.shortlists(cohort, program, k=2)
    assert found.verify(cohort, program).ok
    free = mm.shortlists(cohort, program.model_copy(update={"objective": "people_then_score"}), k=2)
    for proof, other in zip(found.certificates, free.certificates, strict=True):
        assert proof.people_served == other.people_served
        assert min(proof.scores) >= min(other.scores)


def test_what_cannot_be_asked_for_is_said() -> None:
    cohort = people()
    with pytest.raises(mm.ProgramError, match="in rings nobody chooses"):
        mm.shortlists(cohort, mm.Program(format=mm.Rings(), score=mm.OneWay(teacher="a")), k=2)
    with pytest.raises(ValueError, match="k is 0"):
        mm.shortlists(cohort, mm.Program(), k=0)
    with pytest.raises(ValueError, match=r"give an exposure of 0\.5 or more"):
        mm.shortlists(cohort, mm.Program(), k=2, exposure=0.4)
    with pytest.raises(ValueError, match="a number above 0"):
        mm.shortlists(cohort, mm.Program(), k=2, exposure=math.nan)
    with pytest.raises(mm.ProgramError, match="'flo' has no shortlist"):
        mm.shortlists(cohort, mm.Program(format=SIDES), k=2).of("flo")
