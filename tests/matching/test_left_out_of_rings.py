"""Why somebody is in no ring: what would bring them into one, and what that would cost."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.matching import change as changes_of
from mentormatch.matching.why_nobody import TO_A_PARTICIPANT, Lack
from mentormatch.people.supposing import Addition
from tests.matching.test_ring_questions import (
    Packings,
    adds_up,
    all_packings,
    longest_of,
    unproven,
)
from tests.matching.test_rings import FREE, THREE, TWO, people
from tests.matching.test_why_nobody import LEVELS, lacks, nobody, with_skill

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

SKILLS = ("sql", "go", "R")
#: What is taught at which level, and wished for; a wish for what one teaches a little is one, too.
PROFILES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "teaches": st.dictionaries(
            st.sampled_from(SKILLS), st.sampled_from((0.4, 1.0)), min_size=1, max_size=2
        ),
        "wants": st.dictionaries(
            st.sampled_from(SKILLS), st.sampled_from((1.0, 2.0)), min_size=1, max_size=2
        ),
        "knows": st.dictionaries(st.sampled_from(SKILLS), st.sampled_from((0.6, 1.0)), max_size=1),
        "team": st.sampled_from(("x", "y")),
    }
)
#: Somebody who takes no part, so that every skill is one that somebody wishes for.
IDLE = mm.Participant(id="idle", wants=dict.fromkeys(SKILLS, 1.0), capacity=0, team="x")
TAXONOMY = mm.Taxonomy.of([("sql", "go")])


@st.composite
def persons(draw: st.DrawFn, most: int = 5) -> list[mm.Participant]:
    """Three people or more who could teach each other, some of whom decline or prefer some."""
    found, size = [], draw(st.integers(3, most))
    ids = [f"p{number}" for number in range(size)]
    for number, one in enumerate(ids):
        others = st.sampled_from([other for other in ids if other != one])
        ties = {
            "declines": tuple(draw(st.lists(others, max_size=1))) if number % 2 else (),
            "prefers": () if number % 2 else tuple(draw(st.lists(others, max_size=1))),
        }
        found.append(mm.Participant(id=one, **draw(PROFILES), **ties))
    return found


def programs(longest: tuple[int | None, ...] = (None,)) -> st.SearchStrategy[mm.Program]:
    return st.builds(
        mm.Program,
        format=st.builds(mm.Rings, longest=st.sampled_from(longest)),
        score=st.builds(
            mm.OneWay,
            teacher=st.just("a"),
            floor=st.sampled_from((0.0, 0.4)),
            wishes_counted=st.sampled_from((None, 1)),
        ),
        rules=st.sampled_from(((), (mm.Different("team"),))),
        preferences=st.sampled_from(
            ((), (mm.RankedWishes(weight=0.5),), (mm.Prefer(mm.Same("team"), weight=1.0),))
        ),
        objective=st.sampled_from(("people_then_score", "score")),
    )


def cohort_of(persons: list[mm.Participant], *, folds: bool = False) -> mm.Cohort:
    cohort = mm.Cohort.from_participants([*persons, IDLE])
    return cohort.with_taxonomy(TAXONOMY) if folds else cohort


def best_with(packings: Packings, person: str, *, inside: bool) -> tuple[int, float] | None:
    """What the best rings are worth that somebody is in, or of those that they are not in."""
    some = [
        worth for one, worth in packings.items() if inside == any(person in arrow for arrow in one)
    ]
    return max(some, default=None)


def smallest(
    persons: list[mm.Participant],
    program: mm.Program,
    person: str,
    *,
    folds: bool = False,
    must: frozenset[tuple[str, str]] = frozenset(),
) -> tuple[str, str, float] | None:
    """The smallest change by its definition, each one put to the test on all rings there are."""
    cohort = cohort_of(persons, folds=folds)
    row = cohort.row(person)
    taught, wanted, knows = (
        matrix[[row]].toarray()[0] for matrix in (cohort.teaches, cohort.wants, cohort.knows)
    )
    has = np.maximum(taught, knows)
    steps: list[tuple[str, float]] = [("teaches", level) for level in LEVELS]
    for kind, level in (*steps, ("wants", float(wanted.max(initial=0.0)) or 1.0)):
        found = []
        for place, skill in enumerate(cohort.skills.labels):
            if taught[place] < level if kind == "teaches" else not wanted[place] and has[place] < 1:
                changed = with_skill(persons, person, kind, skill, level)
                packings = all_packings(cohort_of(changed, folds=folds), program)
                packings = {one: worth for one, worth in packings.items() if must <= one}
                inside = best_with(packings, person, inside=True)
                outside = best_with(packings, person, inside=False)
                assert outside is not None
                if inside is not None and inside > outside:
                    found.append((-inside[0], -inside[1], skill))
        if found:
            return kind, min(found)[2], level
    return None


def named(lack: Lack) -> tuple[str, str, float] | None:
    change = lack.change
    return None if change is None else (change.list, change.skill, change.level)


@given(persons(), programs(), st.booleans())
def test_the_smallest_change_is_that_of_all_rings_there_are(
    persons: list[mm.Participant], program: mm.Program, folds: bool
) -> None:
    answer = mm.match(cohort_of(persons, folds=folds), program)
    for person, lack in lacks(answer, most=1):
        assert named(lack) == smallest(persons, program, person, folds=folds)


@given(persons(), programs((None, 2)))
def test_the_cheapest_way_in_costs_what_the_best_rings_with_them_do(
    persons: list[mm.Participant], program: mm.Program
) -> None:
    cohort = cohort_of(persons)
    answer, packings = mm.match(cohort, program), all_packings(cohort, program)
    best = max(packings.values())
    for person, lack in lacks(answer):
        inside = best_with(packings, person, inside=True)
        if lack.cheapest is None:
            assert inside is None  # and otherwise they would have a reason that names it
            continue
        assert inside is not None
        assert lack.cheapest.a == person
        assert lack.cheapest.loss is not None
        assert lack.cheapest.loss.people == best[0] - inside[0]
        assert lack.cheapest.loss.score == pytest.approx(best[1] - inside[1], abs=1e-9)
        adds_up(answer, lack.cheapest, (person, lack.cheapest.b))
        assert lack.cheapest == answer.why_not(person, lack.cheapest.b)


@given(persons(), programs((2, 3)))
def test_a_change_in_rings_of_a_bounded_length_is_as_good_as_it_says(
    persons: list[mm.Participant], program: mm.Program
) -> None:
    answer = mm.match(cohort_of(persons), program)
    for person, lack in lacks(answer, most=1):
        if lack.change is None:
            continue
        assert longest_of(program) is not None
        kind, skill, level = lack.change.list, lack.change.skill, lack.change.level
        changed = with_skill(persons, person, kind, skill, level)
        packings = all_packings(cohort_of(changed), program)
        inside, outside = (best_with(packings, person, inside=way) for way in (True, False))
        assert inside is not None
        assert outside is not None
        assert inside > outside


#: Two of whom the first has to teach the second, and who could be a ring or part of a longer one.
PROMISED = [
    mm.Participant(id="ua", teaches={"chess": 1, "go": 1}, wants={"sewing": 1, "sql": 1}, team="x"),
    mm.Participant(id="ub", teaches={"sewing": 1, "sql": 1}, wants={"chess": 1, "R": 1}, team="y"),
]


@given(persons(most=4), programs())
def test_with_required_arrows_the_smallest_change_is_exact_as_well(
    persons: list[mm.Participant], program: mm.Program
) -> None:
    rule, everybody = mm.Require([("ua", "ub")]), [*PROMISED, *persons]
    bound = program.model_copy(update={"rules": (*program.rules, rule)})
    answer, must = mm.match(cohort_of(everybody), bound), frozenset([("ua", "ub")])
    for person, lack in lacks(answer, most=1):
        assert named(lack) == smallest(everybody, bound, person, must=must)


#: Gil could teach in the place of Bo, but less.
GIL: dict[str, Any] = {"teaches": "R:3", "wants": "sql"}


def test_a_coordinator_hears_what_would_bring_somebody_in_and_what_it_would_cost() -> None:
    told = (
        "gil has no partner: a place in none of the best rings. gil could teach cy. With that, the "
        "total would be 0.40 lower. What would end: Ana Silva teaches bo (1.00); bo teaches cy "
        "(1.00). What would begin: gil teaches cy (0.60); Ana Silva teaches gil (1.00)."
    )
    longer = " Teaching sql at 1 of 5 would give gil a partner."  # in a ring of four
    for program, text in ((FREE, told + longer), (THREE, told)):
        why = nobody(mm.match(people(gil=GIL), program), "gil")
        assert why.code == "no_ring"
        cheapest = why.lacks[0].cheapest
        assert cheapest is not None
        assert (cheapest.a, cheapest.b, cheapest.in_rings) == ("gil", "cy", True)
        assert why.text("coordinator") == text
        assert why.text() == TO_A_PARTICIPANT
        assert why.data["lacks"][0]["cheapest"]["b"] == "cy"


def test_where_no_ring_has_them_in_it_there_is_no_price() -> None:
    # Gil could teach Cy, and Flo could teach Gil; but nobody teaches Flo what counts without Di.
    alone = people(gil={"teaches": "R", "wants": "y"}, di={"teaches": "sewing", "capacity": 0})
    lack = nobody(mm.match(alone, FREE), "gil").lacks[0]
    assert (lack.code, lack.cheapest) == ("no_ring", None)


def test_of_rings_of_any_length_that_were_stopped_nothing_is_said_of_the_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert nobody(mm.match(people(), FREE), "flo").lacks[0].change is not None
    monkeypatch.setattr("mentormatch.assign.ring_problem.RingSolution.is_optimal", False)
    lack = nobody(mm.match(people(gil=GIL), FREE), "flo").lacks[0]
    assert (lack.code, lack.change, lack.cheapest) == ("no_learner", None, None)


def test_a_change_is_named_only_where_no_better_rings_could_be_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert nobody(mm.match(people(), THREE), "flo").lacks[0].change is not None
    # If there might be rings of two people more, to have Flo in one as well is less than that.
    monkeypatch.setattr("mentormatch.assign.ring_problem.RingSolution.count_gap", 2)
    assert nobody(mm.match(people(), THREE), "flo").lacks[0].change is None


def test_in_rings_of_a_bounded_length_more_than_a_few_people_are_not_asked_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(changes_of, "MOST_IN_RINGS", 7)  # and eight take part
    for program, is_asked in ((THREE, False), (TWO, True), (FREE, True)):
        found = [lack for _, lack in lacks(mm.match(people(gil=GIL), program))]
        told = [lack for lack in found if lack.change is not None or lack.cheapest is not None]
        assert bool(told) == is_asked


def test_a_rule_that_is_a_function_is_asked_by_solving_again() -> None:
    rule = mm.Where("not so", lambda _, teachers, learners: teachers != learners)
    program = FREE.model_copy(update={"rules": (rule,)})
    assert nobody(mm.match(people(), program), "flo").lacks[0].change == changes_of.Change(
        "teaches", "sewing", 0.2, "1 of 5"
    )


@pytest.mark.parametrize("objective", ["people_then_score", "score"])
def test_among_more_people_the_named_change_brings_them_into_every_best_ring(
    objective: Any,
) -> None:
    program = FREE.model_copy(update={"objective": objective})
    cohort = mm.synthetic.workforce(80, skills=40)
    answer, asked = mm.match(cohort, program), 0
    for person, lack in lacks(answer):
        if lack.change is None:
            continue
        asked += 1
        skill = cohort.skills.labels.index(lack.change.skill)
        worth = []
        for level in (lack.change.level, lack.change.level - 0.2):
            addition = Addition(lack.change.list, skill, level)  # type: ignore[arg-type]
            then = mm.match(cohort.supposing(cohort.row(person), addition), program)
            served = then.certificate.people_served if objective != "score" else 0
            worth.append((served, then.total))
            if lack.change.list == "wants" or level < 0.3:
                break
        served = answer.certificate.people_served if objective != "score" else 0
        assert worth[0] > (served, answer.total)
        assert all(one == (served, answer.total) for one in worth[1:])
    assert asked > 3


@given(persons(most=4), programs((None, 2)), st.booleans())
def test_a_skill_is_worth_what_the_best_double_of_a_teacher_adds_to_all_rings_there_are(
    persons: list[mm.Participant], program: mm.Program, is_bound: bool
) -> None:
    # Nobody has wishes about a double.
    bare = [one.model_copy(update={"declines": (), "prefers": ()}) for one in persons]
    must: frozenset[tuple[str, str]] = frozenset()
    if is_bound:
        bare, must = [*PROMISED, *bare[:2]], frozenset([("ua", "ub")])
        rules = (*program.rules, mm.Require(sorted(must)))
        program = program.model_copy(update={"rules": rules})

    def best(everybody: list[mm.Participant]) -> tuple[int, float]:
        packings = all_packings(cohort_of(everybody), program)
        return max(worth for one, worth in packings.items() if must <= one)

    answer, before = mm.match(cohort_of(bare), program), best(bare)
    after = {one.id: best([*bare, one.model_copy(update={"id": "double"})]) for one in bare}
    gains = {one: (worth[0] - before[0], worth[1] - before[1]) for one, worth in after.items()}
    values = answer.skill_values()
    wished = {skill for one in bare for skill in one.wants}
    assert {one.skill for one in values} == {s for one in bare for s in one.teaches if s in wished}
    for value in values:
        most = max(gains[one.id] for one in bare if value.skill in one.teaches)
        assert (value.people, value.score) == pytest.approx(most, abs=1e-9)
        assert gains[value.like] == pytest.approx(most, abs=1e-9)


def test_what_a_teacher_is_worth_is_refused_where_the_best_rings_are_not_known() -> None:
    with pytest.raises(mm.ProgramError, match="these rings are not proven best, with one more"):
        unproven().skill_values()


@pytest.mark.parametrize(
    ("wants", "changes", "preferences"),
    [
        ("go:3; y:1", {}, ()),
        ("go", {"prefers": "tim"}, (mm.RankedWishes(weight=0.5),)),
    ],
)
def test_who_teaches_what_they_wished_for_may_be_taught_for_more(
    wants: str, changes: dict[str, Any], preferences: tuple[mm.RankedWishes, ...]
) -> None:
    """Vic would wish for nothing but go, and so be worth more to teach than Wes."""
    records = [
        {"id": "tim", "teaches": "go", "wants": "x"},
        {"id": "uma", "teaches": "x", "wants": "R"},
        {"id": "vic", "teaches": "R", "wants": "go; sql", **changes},
        {"id": "wes", "teaches": "R", "wants": wants},
    ]
    program = mm.Program(
        format=mm.Rings(),
        objective="score",
        rules=(mm.Forbid([("vic", "wes")]),),
        preferences=preferences,
    )
    [lack] = nobody(mm.match(mm.read_records(records), program), "vic").lacks
    assert lack.change == changes_of.Change("teaches", "sql", 1.0, "5 of 5")
