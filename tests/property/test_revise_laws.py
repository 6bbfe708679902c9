"""Laws of revised matchings: what stays is untouched, and the rest is as good as it can be."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mentormatch as mm
from tests import oracles
from tests.property.test_match_laws import allowed_scores, pairs_of, sides_of, solved
from tests.strategies import (
    cohort_of,
    participants,
    pools,
    profiles,
    programs,
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


@given(
    people=profiles(most=10),
    program=programs() | pools(),
    data=st.data(),
    has_newcomer=st.booleans(),
    seed=st.integers(0, 3),
)
def test_a_revision_is_the_best_for_those_who_are_free_and_leaves_the_others_alone(
    people: People, program: mm.Program, data: st.DataObject, has_newcomer: bool, seed: int
) -> None:
    matching = solved(people, program, seed)
    what = data.draw(events(matching, people))
    now, cohort, joined = people, matching._attached().graph.people, []
    if has_newcomer:
        new = data.draw(participants("new")).model_copy(
            update={"roles": ("mentor", "mentee"), "manager_id": "p0"}
        )
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
        people = made_up(chance, 9)
        cohort = cohort_of(people)
        matching = mm.match(cohort, program, seed=case)
        ids = list(cohort.ids)
        left = [ids[chance.integers(2, 9)]]
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
    assert changed > 100  # or little was tried
