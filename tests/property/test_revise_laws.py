"""Laws of revised matchings: what stays is untouched, and the rest is as good as it can be."""

from importlib.util import find_spec
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.solving import two_sides
from tests import oracles
from tests.property.test_match_laws import allowed_scores, pairs_of, sides_of, solved
from tests.strategies import (
    cohort_of,
    loaded,
    participants,
    pools,
    profiles,
    programs,
    rings,
)

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

People = list[mm.Participant]
IdPair = tuple[str, str]


def in_pool(program: mm.Program) -> bool:
    return isinstance(program.format, mm.Pairs) and program.format.sides is None


def best_of_the_free(
    people: People,
    program: mm.Program,
    kept: list[IdPair],
    left: set[str],
    rejected: set[frozenset[str]],
) -> tuple[int, float]:
    """How many pairs those without a partner can have, and what these are worth, by SciPy."""
    scores = allowed_scores(people, program)
    side_a, side_b = sides_of(people, program)
    ends: list[set[str]] = [{a for a, _ in kept}, {b for _, b in kept}]
    if in_pool(program):
        ends = [ends[0] | ends[1]] * 2
    for row, a in enumerate(side_a):
        for col, b in enumerate(side_b):
            taken = a.id in ends[0] or b.id in ends[1] or {a.id, b.id} & left
            if taken or frozenset((a.id, b.id)) in rejected:
                scores[row, col] = 0.0
    if in_pool(program):
        return oracles.best_in_pool(scores, program.objective)
    return oracles.best_by_scipy(scores, program.objective)


@st.composite
def events(draw: st.DrawFn, matching: mm.Matching, people: People) -> dict[str, list[Any]]:
    """Who leaves and which pairs are rejected, some of them pairs of the matching."""
    ids = [one.id for one in people]
    pairs = sorted(pairs_of(matching)) + list(combinations(ids, 2))
    return {
        "left": draw(st.lists(st.sampled_from(ids[2:]), max_size=2, unique=True))
        if len(ids) > 2
        else [],
        "reject": draw(st.lists(st.sampled_from(pairs), max_size=2, unique=True)),
    }


@st.composite
def newcomers(draw: st.DrawFn) -> mm.Participant:
    """Somebody who was not there before, on either side, with what programs ask of people."""
    known = {"roles": ("mentor", "mentee"), "manager_id": "p0"}
    waited = {"waited": draw(st.sampled_from((0, 1)))}
    return draw(participants("new")).model_copy(update=known | waited)


@given(
    people=profiles(most=10),
    program=programs() | pools(),
    data=st.data(),
    has_newcomer=st.booleans(),
    is_held=st.booleans(),
    seed=st.integers(0, 3),
)
def test_a_revision_is_the_best_for_those_who_are_free_and_leaves_the_others_alone(
    people: People,
    program: mm.Program,
    data: st.DataObject,
    has_newcomer: bool,
    is_held: bool,
    seed: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if not is_held and find_spec("numba"):
            patch.setattr(two_sides, "MOST_HELD", -1)
        check_revision(people, program, data, has_newcomer, seed)


def check_revision(
    people: People, program: mm.Program, data: st.DataObject, has_newcomer: bool, seed: int
) -> None:
    matching = solved(people, program, seed)
    what = data.draw(events(matching, people))
    now, cohort, joined = people, matching._attached().graph.people, []
    if has_newcomer:
        new = data.draw(newcomers())
        now, joined = [*people, new], ["new"]
        cohort = cohort_of(now)
    try:
        revision = matching.revise(cohort, joined=joined, left=what["left"], reject=what["reject"])
    except mm.ProgramError as error:
        assume("nobody is on side" not in str(error))
        raise
    left, rejected = set(what["left"]), {frozenset(pair) for pair in what["reject"]}
    kept = [(pair.a, pair.b) for pair in revision.kept]
    assert set(kept) == {
        pair
        for pair in pairs_of(matching)
        if not set(pair) & left and frozenset(pair) not in rejected
    }
    count, value = best_of_the_free(now, program, kept, left, rejected)
    if program.objective == "people_then_score":
        assert len(revision.begun) == count
    assert sum(pair.score for pair in revision.begun) == pytest.approx(value, abs=1e-9)
    # What stays is untouched, and the whole is one answer like any other.
    published = {(pair.a, pair.b): pair for pair in matching.pairs}
    assert all(published[pair.a, pair.b] == pair for pair in revision.kept)
    whole: mm.Matching = revision.matching
    assert pairs_of(whole) == {*kept, *((pair.a, pair.b) for pair in revision.begun)}
    assert whole.certificate.verify(revision.people, revision.program).ok
    record = mm.Matching.from_json(whole.to_json())
    assert record.attach(revision.people, revision.program).to_json() == whole.to_json()
    assert pairs_of(mm.match(revision.people, revision.program, seed=seed)) == pairs_of(whole)


def made_up(chance: np.random.Generator, size: int) -> People:
    """People of whom each teaches and wants some of six skills."""
    people = []
    for number in range(size):
        levels = chance.integers(1, 6, 6) / 5.0
        teaches, wants = chance.random((2, 6)) < 0.4
        people.append(
            mm.Participant(
                id=f"p{number}",
                rank=6 if number % 2 else 1,
                department=("it", "hr", "pr")[number % 3],
                teaches={f"s{skill}": levels[skill] for skill in np.flatnonzero(teaches).tolist()},
                wants={f"s{skill}": 1.0 for skill in np.flatnonzero(wants & ~teaches).tolist()},
            )
        )
    return people


@pytest.mark.parametrize("has_sides", [True, False])
def test_revisions_equal_an_independent_solve_in_a_thousand_random_cases(has_sides: bool) -> None:
    chance = np.random.default_rng(8 + has_sides)
    sides = mm.Sides(by="rank", at_least=4) if has_sides else None
    changed = 0
    for case in range(500):
        program = mm.Program(
            format=mm.Pairs(sides=sides),
            rules=[mm.Different("department")],
            objective=("people_then_score", "score")[case % 2],
        )
        people = made_up(chance, 7)
        cohort = cohort_of(people)
        matching = mm.match(cohort, program, seed=case)
        ids = list(cohort.ids)
        left = [ids[chance.integers(2, 7)]]
        pairs = sorted(pairs_of(matching)) or [("p0", "p1")]
        reject = [pairs[chance.integers(len(pairs))], ("p0", "p2")]
        revision = matching.revise(cohort, left=left, reject=reject)
        kept = [(pair.a, pair.b) for pair in revision.kept]
        rejected = {frozenset(pair) for pair in reject}
        assert set(kept) == {
            pair
            for pair in pairs_of(matching)
            if left[0] not in pair and frozenset(pair) not in rejected
        }
        count, value = best_of_the_free(people, program, kept, set(left), rejected)
        assert case % 2 or len(revision.begun) == count
        assert sum(pair.score for pair in revision.begun) == pytest.approx(value, abs=1e-9)
        changed += bool(revision.begun)
    assert changed > 50  # or little was tried


def best_with_bonus(
    people: People, program: mm.Program, published: set[IdPair], bonus: float
) -> tuple[int, float]:
    """The best matching by brute force, where each published pair counts so much more."""
    scores = allowed_scores(people, program)
    side_a, side_b = sides_of(people, program)
    for row, a in enumerate(side_a):
        for col, b in enumerate(side_b):
            is_published = (a.id, b.id) in published or (
                in_pool(program) and (b.id, a.id) in published
            )
            if is_published and scores[row, col]:
                scores[row, col] += bonus
    if in_pool(program):
        return oracles.best_in_pool(scores, program.objective)
    return oracles.best_by_brute_force(scores, program.objective)


@given(
    people=profiles(least=4, most=7),
    program=programs() | pools(),
    bonus=st.sampled_from((2.0**-40, 0.1, 0.5, 1.0)),
    data=st.data(),
)
def test_pairs_change_exactly_where_it_is_worth_what_staying_counts(
    people: People, program: mm.Program, bonus: float, data: st.DataObject
) -> None:
    matching = solved(people, program)
    new = data.draw(newcomers())
    now = [*people, new]
    revision = matching.revise(cohort_of(now), joined=["new"], stay=bonus)
    published = pairs_of(matching)
    count, value = best_with_bonus(now, program, published, bonus)
    whole: mm.Matching = revision.matching
    assert whole.total == pytest.approx(value, abs=1e-9)
    assert program.objective == "score" or len(whole.pairs) == count
    assert {(pair.a, pair.b) for pair in revision.kept} == published & pairs_of(whole)
    assert {(pair.a, pair.b) for pair in revision.begun} == pairs_of(whole) - published
    record = mm.Matching.from_json(whole.to_json())
    assert pairs_of(record.attach(revision.people, revision.program)) == pairs_of(whole)


@given(people=profiles(most=8), program=loaded() | rings(longest=(None, 2, 3)), data=st.data())
def test_in_other_formats_what_can_stay_stays_and_the_answer_is_proven(
    people: People, program: mm.Program, data: st.DataObject
) -> None:
    matching = solved(people, program)
    what = data.draw(events(matching, people))
    cohort = matching._attached().graph.people
    try:
        revision = matching.revise(cohort, left=what["left"], reject=what["reject"])
    except (mm.ProgramError, mm.InfeasibleError) as error:
        assume("nobody is on side" not in str(error))
        assume("at_least asks for too much" not in str(error))
        assume("changes nothing" not in str(error))
        raise
    lost = {frozenset(pair) for pair in what["reject"]}
    for pair in pairs_of(matching) - {(one.a, one.b) for one in revision.kept}:
        in_ring = [{*ring.members} for ring in matching.rings if pair[0] in ring.members]
        together = in_ring[0] if in_ring else {*pair}
        assert together & {*what["left"]} or any(one <= together for one in lost)
    whole: mm.Matching = revision.matching
    assert not any({*pair} & {*what["left"]} for pair in pairs_of(whole))
    assert not any(frozenset(pair) in lost for pair in pairs_of(whole))
    found = whole.certificate.verify(revision.people, revision.program)
    assert found.feasible
    assert found.ok or whole.layout == "arrows"


def best_with_few_ended(
    people: People, program: mm.Program, published: set[IdPair], most: int
) -> tuple[int, float]:
    """The best of all matchings that are without so many published pairs at most, by trying all."""
    scores = allowed_scores(people, program)
    side_a, side_b = sides_of(people, program)
    pooled = in_pool(program)
    edges = [
        ((a.id, b.id), scores[row, col])
        for row, a in enumerate(side_a)
        for col, b in enumerate(side_b)
        if scores[row, col] and (not pooled or row < col)
    ]
    counts = program.objective == "people_then_score"
    best = (0, -1.0) if counts else (-1.0, 0)
    for chosen in _matchings(edges, 0, pooled, frozenset()):
        pairs = {pair for pair, _ in chosen} | (
            {pair[::-1] for pair, _ in chosen} if pooled else set()
        )
        if len(published - pairs) <= most:
            total = sum(score for _, score in chosen)
            best = max(best, (len(chosen), total) if counts else (total, len(chosen)))
    return (int(best[0]), best[1]) if counts else (int(best[1]), best[0])


def _matchings(
    edges: list[tuple[IdPair, float]], first: int, pooled: bool, used: frozenset[Any]
) -> Any:
    yield []
    for number in range(first, len(edges)):
        (a, b), _ = edges[number]
        ends = {a, b} if pooled else {(0, a), (1, b)}
        if not ends & used:
            for rest in _matchings(edges, number + 1, pooled, used | ends):
                yield [edges[number], *rest]


@given(
    people=profiles(least=4, most=7),
    program=programs() | pools(),
    changes=st.integers(0, 6),
    data=st.data(),
)
def test_so_many_people_change_at_most_and_it_gains_what_it_can(
    people: People, program: mm.Program, changes: int, data: st.DataObject
) -> None:
    matching = solved(people, program)
    new = data.draw(newcomers())
    now = [*people, new]
    revision = matching.revise(cohort_of(now), joined=["new"], changes=changes)
    published = pairs_of(matching)
    assert len(revision.ended) <= changes // 2
    count, value = best_with_few_ended(now, program, published, changes // 2)
    whole: mm.Matching = revision.matching
    assert whole.total == pytest.approx(value, abs=1e-9)
    assert program.objective == "score" or len(whole.pairs) == count
    assert revision.at_most == pytest.approx(value, abs=1e-9)
    assert whole.certificate.verify(revision.people, revision.program).ok
    record = mm.Matching.from_json(whole.to_json())
    assert pairs_of(record.attach(revision.people, revision.program)) == pairs_of(whole)
    assert {(pair.a, pair.b) for pair in revision.kept} == published & pairs_of(whole)
    points = matching.frontier(cohort_of(now), joined=["new"])
    assert [point.changes for point in points] == sorted({point.changes for point in points})
    reached = [point for point in points if point.changes <= changes][-1]
    assert reached.score == pytest.approx(value, abs=1e-9)
    assert program.objective == "score" or reached.people == 2 * count
