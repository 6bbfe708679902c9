"""Why somebody has no partner: each reason is put to the test by doing what it says."""

import pickle
from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.matching.why import Why
from mentormatch.matching.why_nobody import TO_A_PARTICIPANT, Lack, WhyNobody
from mentormatch.people.supposing import Addition, ListName
from mentormatch.solving import two_sides
from mentormatch.synthetic import workforce
from tests.property.test_match_laws import ANY, PAIRS, solved, worth_of
from tests.strategies import (
    SKILLS,
    cohort_of,
    loaded,
    pools,
    profiles,
    programs,
    rings,
)

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

People = list[mm.Participant]

LEVELS = (0.2, 0.4, 0.6, 0.8, 1.0)
SIDES = mm.Sides(by="rank", at_least=5, names=("leader", "newcomer"))
PEOPLE: list[dict[str, Any]] = [
    {"id": "ana", "rank": 6, "team": "x", "teaches": "leading", "wants": "sql"},
    {"id": "bo", "rank": 1, "team": "x", "teaches": "sql", "wants": "leading"},
    {"id": "cy", "rank": 1, "team": "y", "teaches": "sql", "wants": "leading; R"},
]


def matched(*rules: Any, **changes: Any) -> mm.Matching:
    objective = changes.pop("objective", "people_then_score")
    people = [{**one, **changes.get(one["id"], {})} for one in PEOPLE]
    program = mm.Program(format=mm.Pairs(sides=SIDES), rules=rules, objective=objective)
    return mm.match(mm.read_records(people), program)


def nobody(answer: mm.Matching, person: str) -> WhyNobody:
    why = answer.explain(person)
    assert isinstance(why, WhyNobody)
    return why


def lacks(answer: mm.Matching, most: int | None = None) -> list[tuple[str, Lack]]:
    """Who lacks a partner, once for each role, and why; of so many people at most."""
    found = []
    for person in list(dict.fromkeys(one.id for one in answer.unmatched))[:most]:
        why = answer.explain(person)
        assert isinstance(why, Why | WhyNobody)
        found += [(person, lack) for lack in why.lacks]
    return found


def spreads(program: mm.Program) -> bool:
    return any(rule.kind == "spread" for rule in program.rules)


def edges_of(people: People, program: mm.Program, person: str, side: str) -> list[tuple[str, str]]:
    """The allowed pairs of a person in a role; in one pool there is but one."""
    graph = mm.build_graph(cohort_of(people), program)
    ends = zip(graph.a.tolist(), graph.b.tolist(), strict=True)
    pairs = [(graph.a_ids[a], graph.b_ids[b]) for a, b in ends]
    places = {graph.sides[0]: (0,), graph.sides[1]: (1,)}.get(side, (0, 1)) if side else (0, 1)
    return [pair for pair in pairs if any(pair[place] == person for place in places)]


def roles_of(people: People, program: mm.Program, person: str) -> set[int]:
    """The roles, of teacher and learner, in which somebody has an allowed arrow."""
    graph = mm.build_graph(cohort_of(people), program)
    place = graph.a_ids.index(person)
    return {role for role, ends in enumerate((graph.a, graph.b)) if place in ends}


def without(people: People, program: mm.Program, person: str, side: str) -> mm.Program:
    """The program in which somebody can have nobody in a role."""
    row = [one.id for one in people].index(person)
    names = getattr(getattr(program.format, "sides", None), "names", ("", ""))

    def test(_: Any, rows_a: Any, rows_b: Any) -> Any:
        as_a, as_b = rows_a != row, rows_b != row
        return as_a & as_b if not side else as_a if side == names[0] else as_b

    rules = (*program.rules, mm.Where("not so", test))
    return program.model_copy(update={"rules": rules})


def with_skill(people: People, person: str, kind: str, skill: str, level: float) -> People:
    return [
        one.model_copy(update={kind: {**getattr(one, kind), skill: level}})
        if one.id == person
        else one
        for one in people
    ]


def is_always_served(people: People, program: mm.Program, person: str, side: str) -> bool:
    """Whether every best matching has somebody in a role: the best one without is worth less."""
    alone = without(people, program, person, side)
    return worth_of(people, program) > worth_of(people, alone)


def undeclined(people: People) -> People:
    """The people as if nobody had declined anybody."""
    return [one.model_copy(update={"declines": ()}) for one in people]


def test_somebody_ruled_out_is_told_by_which_rules() -> None:
    answer = matched(mm.Different("team"), cy={"team": "x"})
    why = nobody(answer, "cy")
    assert why.code == "ruled_out"
    assert why.lacks[0].rules == (("different team", 1),)
    assert why.lacks[0].relaxed == ("different team",)
    assert "Without 'different team' the rules would allow a pair." in why.text("coordinator")


def test_what_rules_would_allow_tells_of_no_decline() -> None:
    rule = mm.Different("team")
    free = nobody(matched(rule, cy={"team": "x"}), "cy")
    declined = nobody(matched(rule, cy={"team": "x", "declines": "ana"}), "cy")
    assert declined.text("coordinator") == free.text("coordinator")
    assert declined.data == free.data
    assert "Every pair that could be is declined" in declined.text("auditor")


def test_somebody_outcompeted_is_told_by_whom_and_for_whom() -> None:
    text = nobody(matched(), "cy").text("coordinator")
    assert "2 must share 1 place: cy and bo, for whom there is nobody but ana." in text


def test_where_only_the_total_counts_the_price_is_told() -> None:
    text = nobody(matched(objective="score"), "cy").text("coordinator")
    assert "ana and cy could be a pair. With them as one, the total would be 0.33 lower." in text


def test_a_change_of_their_own_profile_is_named() -> None:
    why = nobody(matched(cy={"teaches": "chess", "wants": "leading"}), "cy")
    assert why.code == "no_learner"
    assert why.lacks[0].change is None
    free = mm.match(
        mm.read_records([*PEOPLE[:2], {**PEOPLE[2], "teaches": ""}, {**PEOPLE[0], "id": "di"}]),
        mm.Program(format=mm.Pairs(sides=SIDES)),
    )
    text = nobody(free, "cy").text("coordinator")
    assert text.endswith("Teaching sql at 1 of 5 would give cy a partner.")


def test_a_participant_hears_one_sentence_whatever_the_cause() -> None:
    answers = [
        matched(mm.Different("team"), cy={"team": "x"}),
        matched(),
        matched(objective="score"),
        matched(cy={"teaches": "chess"}),
        matched(cy={"declines": "ana"}),
    ]
    assert {nobody(answer, "cy").text() for answer in answers} == {TO_A_PARTICIPANT}


def test_only_an_auditor_is_told_that_declines_are_the_cause() -> None:
    declined = nobody(matched(cy={"declines": "ana"}), "cy")
    assert declined.text("coordinator") == (
        "cy has no partner: nobody who could be one is left for them."
    )
    assert "declined" in declined.text("auditor")
    assert "declined" not in f"{declined.text('coordinator')}{declined!r}{declined.data}"


def test_who_has_a_partner_in_one_role_is_told_of_the_other() -> None:
    people = mm.read_records(
        [
            {"id": "ana", "roles": "mentor; mentee", "teaches": "sql", "wants": "R"},
            {"id": "bo", "roles": "mentee", "teaches": "R", "wants": "sql"},
        ]
    )
    sides = mm.Sides(by="roles", a=["mentor"], b=["mentee"], names=("mentor", "mentee"))
    why = mm.match(people, mm.Program(format=mm.Pairs(sides=sides))).explain("ana")
    assert why.code == "paired"
    assert "As mentee you have no partner this time." in why.text()
    assert "ana has no partner as mentee: nobody to teach them" in why.text("coordinator")
    assert why.data["lacks"][0]["code"] == "no_teacher"


def test_whoever_joins_a_pair_of_buddies_has_two_partners() -> None:
    people = mm.read_records([{"id": one, "wants": "sql"} for one in ("ana", "bo", "cy")])
    answer = mm.match(people, mm.Program(format=mm.Buddies(allow_trio=True)))
    for person in people.ids:
        why = answer.explain(person)
        assert isinstance(why, Why)
        assert {one.id for one in why.partners} == {*people.ids} - {person}


@given(profiles(most=7), ANY)
def test_everybody_without_a_partner_has_exactly_one_reason(
    people: People, program: mm.Program
) -> None:
    answer = solved(people, program)
    found = lacks(answer)
    told = [(person, lack.side, lack.code) for person, lack in found]
    assert Counter(told) == Counter((one.id, one.side, one.code) for one in answer.unmatched)
    for person, _ in found[:1]:
        for audience in ("participant", "coordinator", "auditor"):
            assert answer.explain(person).text(audience)


@given(profiles(most=7), rings())
def test_in_rings_the_named_rules_are_the_fewest_that_open_both_roles(
    people: People, program: mm.Program
) -> None:
    answer = solved(people, program)
    for person, lack in lacks(answer):
        if lack.code != "role_ruled_out":
            assert not lack.rules
            continue
        fewest = None
        for count in range(len(program.rules) + 1):
            for dropped in combinations(program.rules, count):
                rules = tuple(rule for rule in program.rules if rule not in dropped)
                fewer = program.model_copy(update={"rules": rules})
                is_open = roles_of(undeclined(people), fewer, person) == {0, 1}
                if is_open and fewest is None:
                    fewest = count
                if {str(rule) for rule in dropped} == set(lack.relaxed):
                    assert is_open
        assert len(lack.relaxed) == fewest


@given(profiles(most=7), PAIRS)
def test_the_named_rules_are_the_fewest_that_open_a_pair(
    people: People, program: mm.Program
) -> None:
    answer = solved(people, program)
    for person, lack in lacks(answer):
        if lack.code != "ruled_out":
            assert not lack.rules
            continue
        fewest = None
        for count in range(len(program.rules) + 1):
            for dropped in combinations(program.rules, count):
                rules = [rule for rule in program.rules if rule not in dropped]
                fewer = program.model_copy(update={"rules": tuple(rules)})
                is_open = bool(edges_of(undeclined(people), fewer, person, lack.side))
                if is_open and fewest is None:
                    fewest = count
                if {str(rule) for rule in dropped} == set(lack.relaxed):
                    assert is_open
        assert fewest is not None
        assert len(lack.relaxed) == fewest > 0
        without_any = program.model_copy(update={"rules": ()})
        assert lack.declined == (not edges_of(people, without_any, person, lack.side))


@given(profiles(most=9), PAIRS)
def test_competitors_have_nobody_but_too_few_partners(people: People, program: mm.Program) -> None:
    answer = solved(people, program)
    for person, lack in lacks(answer):
        if lack.competitors is None:
            has_pairs = bool(edges_of(people, program, person, lack.side))
            assert lack.code != "outcompeted" or not has_pairs or spreads(program)
            continue
        found, needed = lack.competitors, 0
        assert person in found.groups[0]
        format_ = program.format
        for group in found.groups:
            assert len(group) % 2 == 1
            theirs = {*group, *found.partners} if not lack.side else {*found.partners}
            for one in group:
                pairs = edges_of(people, program, one, lack.side)
                assert {end for pair in pairs for end in pair} - {one} <= theirs
            least = 1
            if isinstance(format_, mm.Pairs) and format_.sides is not None:
                least = max(1, format_.least[format_.sides.names.index(lack.side)])
            needed += least
        assert needed > found.places >= len(found.partners)


@given(profiles(most=6), programs() | pools() | loaded())
def test_the_cheapest_pair_is_the_best_that_the_program_could_require(
    people: People, program: mm.Program
) -> None:
    answer = solved(people, program.model_copy(update={"objective": "score"}))
    for person, lack in lacks(answer):
        pairs = edges_of(people, program, person, lack.side)
        if (
            lack.code != "too_dear"
            or not pairs
            or mm.build_graph(cohort_of(people), program).overlap
        ):
            continue
        totals: list[float] = []
        for pair in pairs:
            required = (*program.rules, mm.Require([pair]))
            asked = program.model_copy(update={"rules": required, "objective": "score"})
            totals += worth_of(people, asked)
        if lack.cheapest is None:
            assert not totals
            continue
        assert lack.cheapest.loss is not None
        assert lack.cheapest.loss.score == pytest.approx(answer.total - max(totals), abs=1e-9)


@given(profiles(most=6), ANY, st.booleans())
def test_the_named_change_gives_them_a_partner_in_every_best_matching(
    people: People, program: mm.Program, is_priced: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if is_priced:
            patch.setattr(two_sides, "MOST_HELD", -1)
        for person, lack in lacks(solved(people, program), most=2):
            if lack.change is not None:
                change = lack.change
                changed = with_skill(people, person, change.list, change.skill, change.level)
                assert is_always_served(changed, program, person, lack.side)


@given(profiles(most=5), programs() | pools())
def test_no_smaller_change_would_do(people: People, program: mm.Program) -> None:
    assume(not any(isinstance(rule, mm.Where) for rule in program.rules))
    known = {
        skill for one in people for kind in (one.teaches, one.wants, one.knows) for skill in kind
    }
    profile = {one.id: one for one in people}
    for person, lack in lacks(solved(people, program), most=1)[:1]:
        one = profile[person]
        levels: tuple[float, ...] = LEVELS
        if lack.change is not None and lack.change.list == "teaches":
            levels = tuple(level for level in LEVELS if level < lack.change.level)
        for skill in sorted(known):
            for level in levels:
                if level > one.teaches.get(skill, 0.0):
                    changed = with_skill(people, person, "teaches", skill, level)
                    assert not is_always_served(changed, program, person, lack.side)
            if lack.change is None and skill not in one.wants:
                most = max(one.wants.values(), default=1.0)
                changed = with_skill(people, person, "wants", skill, most)
                assert not is_always_served(changed, program, person, lack.side)


def smallest_by_solving(
    people: People, program: mm.Program, person: str, taxonomy: mm.Taxonomy | None
) -> tuple[str, str, float] | None:
    """The smallest change by its definition, each one put to the test by solving again."""

    def asked(people: People) -> mm.Cohort:
        cohort = cohort_of(people)
        return cohort if taxonomy is None else cohort.with_taxonomy(taxonomy)

    def worth(people: People) -> tuple[int, float]:
        answer = mm.match(asked(people), program)
        counts = program.objective != "score"
        return answer.certificate.people_served * counts, answer.total

    cohort, before = asked(people), worth(people)
    row = cohort.row(person)
    taught, wanted = (matrix[[row]].toarray()[0] for matrix in (cohort.teaches, cohort.wants))
    has = np.maximum(taught, cohort.knows[[row]].toarray()[0])
    steps: list[tuple[str, float]] = [("teaches", level) for level in LEVELS]
    for kind, level in (*steps, ("wants", wanted.max(initial=0.0) or 1.0)):
        found = []
        for place, skill in enumerate(cohort.skills.labels):
            if taught[place] < level if kind == "teaches" else not wanted[place] and has[place] < 1:
                people_then, score = worth(with_skill(people, person, kind, skill, float(level)))
                found.append((-people_then, -score, skill))
        if found and min(found)[:2] < (-before[0], -before[1]):
            return kind, min(found)[2], float(level)
    return None


@given(profiles(most=5), programs() | pools(), st.booleans())
def test_the_smallest_change_is_the_one_that_solving_again_finds(
    people: People, program: mm.Program, folds: bool
) -> None:
    assume(not any(isinstance(rule, mm.Where) for rule in program.rules))
    assume(not any("half" in str(one) for one in program.preferences))
    # With a taxonomy nobody can wish for what nobody wishes for: here somebody wishes for all.
    wishes = dict.fromkeys(SKILLS, 1.0)
    idle = people[1].model_copy(update={"id": "all", "wants": wishes, "capacity": 0})
    people = [*people, idle]
    taxonomy = mm.Taxonomy.of([("sql", "python"), ("leading", "selling")]) if folds else None
    cohort = cohort_of(people)
    answer = mm.match(cohort if taxonomy is None else cohort.with_taxonomy(taxonomy), program)
    roles = Counter(one for pair in answer.pairs for one in (pair.a, pair.b))
    roles.update(one.id for one in answer.unmatched)
    for person, lack in lacks(answer, most=1):
        if roles[person] > 1:  # what they gain in one role may be another's loss
            continue
        change = lack.change
        named = None if change is None else (change.list, change.skill, change.level)
        assert named == smallest_by_solving(people, program, person, taxonomy)


@pytest.mark.parametrize("objective", ["people_then_score", "score"])
def test_a_change_is_named_in_a_pool_of_any_size(objective: Any) -> None:
    people, program = workforce(500, seed=3, skills=30), mm.Program(objective=objective)
    answer = mm.match(people, program)
    before = (answer.certificate.people_served if objective != "score" else 0, answer.total)
    asked = [one for one in lacks(answer, most=4) if one[1].change is not None]
    assert len(asked) >= 3
    for person, lack in asked:
        change, row = lack.change, people.row(person)
        assert change is not None
        steps = [change.level - 0.2, change.level] if change.list == "teaches" else [change.level]
        name: ListName = "teaches" if change.list == "teaches" else "wants"
        for level in steps:
            skill = people.skills.labels.index(change.skill)
            if level <= people.teaches[[row]].toarray()[0][skill] and name == "teaches":
                continue
            again = mm.match(people.supposing(row, Addition(name, skill, level)), program)
            served = again.certificate.people_served if objective != "score" else 0
            assert ((served, again.total) > before) == (level == change.level)


def test_a_letter_to_somebody_without_a_partner_seeks_no_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = matched()
    [single] = answer.unmatched
    before = nobody(answer, single.id)

    def seek(*_: object) -> tuple[Lack, ...]:
        raise AssertionError("a reason was sought")

    monkeypatch.setattr("mentormatch.matching.why_nobody.lacks_of", seek)
    why = nobody(answer, single.id)
    assert why.text() == TO_A_PARTICIPANT
    with pytest.raises(AssertionError, match="a reason was sought"):
        why.text("coordinator")
    assert before.code == single.code  # what was asked for before is bound to the true search


def test_a_pickled_reason_is_whole_and_holds_no_profiles() -> None:
    answer = matched(ana={"declines": "bo"})
    [single] = answer.unmatched
    why = nobody(answer, single.id)
    pickled = pickle.dumps(why)
    assert pickle.loads(pickled) == why
    assert b"Cohort" not in pickled
