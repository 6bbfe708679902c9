"""Laws of matchings and their proofs."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.assign import Objective, Problem, capacitated, heaviest, pricing
from mentormatch.assign.capacities import Capacities
from mentormatch.assign.limits import Limits
from mentormatch.exchange import candidates, source
from mentormatch.matching.scan import named
from mentormatch.matching.sides_proof import SidesCertificate
from mentormatch.solving import two_sides
from tests import oracles
from tests.assign.capacity_oracles import highs_worth
from tests.assign.ring_cases import best_rings
from tests.assign.strategies import Table
from tests.assign.test_pricing import is_over
from tests.strategies import (
    FUNCTIONS,
    RULES,
    buddies,
    cohort_of,
    loaded,
    pools,
    profiles,
    programs,
    reciprocities,
    rings,
)

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

People = list[mm.Participant]

#: Programs of pairs.
PAIRS = programs() | loaded() | pools() | buddies()
#: Programs of every format for which the best answer is found and proven.
ANY = PAIRS | rings()


def solved(people: People, program: mm.Program, seed: int = 0) -> mm.Matching:
    """The matching, or no example where the program does not fit these people."""
    try:
        return mm.match(cohort_of(people), program, seed=seed)
    except mm.ProgramError as error:
        assume("nobody is on side" not in str(error))
        raise
    except mm.InfeasibleError as error:
        assume("at_least asks for too much" not in str(error))
        raise


def worth(matching: mm.Matching, program: mm.Program) -> tuple[float, ...]:
    if program.objective == "score":
        return (matching.total,)
    return (matching.certificate.people_served, matching.total)


def worth_of(people: People, program: mm.Program) -> tuple[float, ...]:
    """What the best matching is worth: less than anything where nobody can have what they must."""
    try:
        return worth(mm.match(cohort_of(people), program), program)
    except mm.InfeasibleError:
        return ()


def pairs_of(matching: mm.Matching) -> set[tuple[str, str]]:
    return {(pair.a, pair.b) for pair in matching.pairs}


def allowed_scores(people: People, program: mm.Program) -> Any:
    """Scores of all pairs by the slow definitions; rules by the library, the rest by hand."""
    cohort = cohort_of(people)
    rows = np.arange(len(people))
    tests = [rule.test(cohort, rows) for rule in program.rules]
    row = {one.id: number for number, one in enumerate(people)}

    def may_be(a: mm.Participant, b: mm.Participant) -> bool:
        pair = np.array([row[a.id]]), np.array([row[b.id]])
        declined = b.id in a.declines or a.id in b.declines
        return a.id != b.id and not declined and all(bool(test(*pair)[0]) for test in tests)

    def satisfied(one: Any, a: mm.Participant, b: mm.Participant) -> float:
        if isinstance(one, mm.RankedWishes):
            return oracles.wished(a, b)
        if isinstance(one, mm.Waited):
            return sum(person.attributes[one.by] != 0 for person in (a, b))
        pair = np.array([row[a.id]]), np.array([row[b.id]])
        rule = one if isinstance(one, mm.Stay) else one.rule
        return float(rule.test(cohort, rows)(*pair)[0])

    def preference(a: mm.Participant, b: mm.Participant) -> float:
        return sum(one.weight * satisfied(one, a, b) for one in program.preferences)

    side_a, side_b = sides_of(people, program)
    scores = oracles.table(cohort, side_a, side_b, program.score, may_be)
    scores[scores < oracles.HAIR] = 0.0  # what rounds to nothing is no pair
    return scores + (scores > 0.0) * [[preference(a, b) for b in side_b] for a in side_a]


def sides_of(people: People, program: mm.Program) -> tuple[People, People]:
    """Who is on either side of the programs of `programs`."""
    sides = program.format.sides if isinstance(program.format, mm.Pairs) else None
    if sides is None:
        return people, people
    if sides.by == "rank":
        senior = [(one.rank or 0) >= 4 for one in people]
        return (
            [one for one, is_a in zip(people, senior, strict=True) if is_a],
            [one for one, is_a in zip(people, senior, strict=True) if not is_a],
        )
    roles = [(one, one.model_dump()["roles"]) for one in people]
    return [one for one, has in roles if "mentor" in has], [
        one for one, has in roles if "mentee" in has
    ]


def has_loads(program: mm.Program) -> bool:
    """Whether somebody may have several partners, or must have one."""
    format_ = program.format
    return isinstance(format_, mm.Pairs) and (format_.most, format_.least) != ((1, 1), (0, 0))


def counted(program: mm.Program) -> Iterator[tuple[int, mm.Spread]]:
    """The sides whose partners are counted, and by which rule."""
    for rule in program.rules:
        if isinstance(rule, mm.Spread):
            yield from ((side, rule) for side in (0, 1) if rule.counts_for[side])


def is_spread(pairs: Iterable[tuple[str, str]], people: People, program: mm.Program) -> bool:
    """Whether nobody has more partners with the same value than a rule allows; by hand."""
    profile = {one.id: one for one in people}
    made = list(pairs)
    for side, rule in counted(program):
        alike = Counter(
            (pair[side], getattr(profile[pair[1 - side]], rule.attribute)) for pair in made
        )
        if max(alike.values(), default=0) > rule.at_most:
            return False
    return True


def best_with_loads(people: People, scores: Any, program: mm.Program) -> tuple[int, float]:
    """Number of people served, if they count, and total of the best matching, by HiGHS."""
    assert isinstance(program.format, mm.Pairs)
    sides = sides_of(people, program)
    most: list[Any] = [None, None]
    groups: list[Any] = [None, None]
    for side, rule in counted(program):
        values = [getattr(one, rule.attribute) for one in sides[1 - side]]
        most[side] = rule.at_most
        groups[1 - side] = [values.index(value) for value in values]
    numbers = *program.format.most, *program.format.least, *most, *groups
    capacities = Capacities.of(scores.shape, *numbers)
    problem = Problem.from_scores(scores, scores > 0.0, capacities)
    found = highs_worth(problem, Objective(program.objective))
    assert found is not None
    return found


def scores_of(people: People, program: mm.Program) -> dict[tuple[str, str], float]:
    """The scores of the allowed pairs, by id."""
    graph = mm.build_graph(cohort_of(people), program)
    return {
        named((graph.a_ids, graph.b_ids), a, b, graph.layout): float(score)
        for a, b, score in zip(graph.a, graph.b, graph.score, strict=True)
    }


@given(profiles(), ANY)
def test_the_optimum_is_brute_forces(people: People, program: mm.Program) -> None:
    scores = allowed_scores(people, program)
    matching = solved(people, program)
    few = np.count_nonzero(scores) <= 20
    if has_loads(program):
        people_served, total = best_with_loads(people, scores, program)
        assert program.objective == "score" or matching.certificate.people_served == people_served
        assert matching.total == pytest.approx(total, abs=1e-6)
        return
    best = oracles.best_by_brute_force if few else oracles.best_by_scipy
    if matching.layout == "pool":
        best = oracles.best_in_pool
    if isinstance(program.format, mm.Rings):
        is_bounded = program.format.longest == 2
        best = oracles.best_in_rings_of_two if is_bounded else oracles.best_in_rings
    size, total = best(scores, program.objective)
    assert matching.total == pytest.approx(total, abs=1e-10)
    if program.objective == "people_then_score":
        assert len(matching.pairs) == size


@given(profiles(most=8), rings((3, 4)))
def test_bounded_rings_are_brute_forces(people: People, program: mm.Program) -> None:
    assert isinstance(program.format, mm.Rings)
    scores = allowed_scores(people, program)
    scores[scores < 2.0**-41] = 0.0
    objective = Objective(program.objective)
    size, total = best_rings(Table(scores, scores > 0.0), objective, program.format.longest)
    matching = solved(people, program)
    assert matching.total == pytest.approx(total, abs=1e-6)
    assert len(matching.pairs) == size or objective is Objective.SCORE
    assert max((len(ring.members) for ring in matching.rings), default=0) <= (
        program.format.longest or 0
    )


@given(profiles(most=8), rings((3, 4)))
def test_a_proof_of_bounded_rings_holds_with_its_gap(people: People, program: mm.Program) -> None:
    cohort, matching = cohort_of(people), solved(people, program)
    found = matching.certificate.verify(cohort, program)
    assert found.complete
    assert found.feasible
    assert found.ok == (matching.status is mm.Status.OPTIMAL)
    assert found.bound == matching.total + matching.gap
    again = mm.Matching.from_json(matching.to_json()).attach(cohort, program)
    assert again.to_json() == matching.to_json()
    assert again.rings == matching.rings
    shuffled = solved(people[::-1], program)
    assert shuffled.rings == matching.rings
    assert shuffled.certificate.prices == matching.certificate.prices


@given(profiles(most=10), rings((None, 2, 3)))
def test_rings_close_and_hold_nobody_twice(people: People, program: mm.Program) -> None:
    matching = solved(people, program)
    scores = scores_of(people, program)
    members = [person for ring in matching.rings for person in ring.members]
    assert len(set(members)) == len(members) == len(matching.pairs)
    assert sorted(members + [one.id for one in matching.unmatched]) == sorted(
        one.id for one in people
    )
    for ring in matching.rings:
        following = (*ring.members[1:], ring.members[0])
        assert [arrow.a for arrow in ring.arrows] == list(ring.members)
        assert [arrow.b for arrow in ring.arrows] == list(following)
        assert ring.members[0] == min(ring.members)
        assert [arrow.score for arrow in ring.arrows] == [
            scores[pair] for pair in zip(ring.members, following, strict=True)
        ]


@given(profiles(most=14), ANY)
def test_every_matching_carries_a_proof_that_holds(people: People, program: mm.Program) -> None:
    matching = solved(people, program)
    found = matching.certificate.verify(cohort_of(people), program)
    assert found.ok, found.violations
    assert found.complete
    assert found.feasible
    assert found.gap == 0.0
    assert matching.status is mm.Status.OPTIMAL


@given(profiles(), ANY, st.data())
def test_a_proof_with_any_price_changed_does_not_hold(
    people: People, program: mm.Program, data: st.DataObject
) -> None:
    matching = solved(people, program)
    proof = matching.certificate
    kind = data.draw(st.sampled_from(["prices", "count_prices"]))
    sides = getattr(proof, kind)
    assume(sides)
    side = data.draw(st.sampled_from(range(len(sides))))
    person = data.draw(st.sampled_from(sorted(sides[side])))
    amounts = [2.0**-40, 0.25, 1.0, 1e9, float("nan")]
    if matching.layout == "arrows" and kind == "count_prices":
        amounts = amounts[2:]  # a part of a person more is nobody more: that proof holds
    amount = data.draw(st.sampled_from(amounts))
    sign = data.draw(st.sampled_from([1.0, -1.0]))
    changed = [dict(prices) for prices in sides]
    changed[side][person] += sign * amount
    fields: dict[str, Any] = {kind: tuple(changed)}
    forged = replace(proof, **fields)
    assert not forged.verify(cohort_of(people), program).ok


@given(profiles(), ANY, st.data())
def test_a_proof_with_any_pair_changed_does_not_hold(
    people: People, program: mm.Program, data: st.DataObject
) -> None:
    proof = solved(people, program).certificate
    assume(proof.pairs)
    number = data.draw(st.integers(0, len(proof.pairs) - 1))
    a, b = proof.pairs[number]
    other = data.draw(st.sampled_from([one.id for one in people if one.id not in {a, b}] + ["zoe"]))
    scores = list(proof.scores)
    pairs = list(proof.pairs)
    change = data.draw(st.sampled_from(["swap", "drop", "double", "score", "turn"]))
    if change == "swap":
        pairs[number] = (a, other)
    elif change == "drop":
        del pairs[number], scores[number]
        assume(program.objective == "people_then_score" or proof.scores[number] > 0.0)
    elif change == "double":
        pairs.append(pairs[number])
        scores.append(scores[number])
    elif change == "turn":
        pairs[number] = (b, a)
    else:
        scores[number] += 2.0**-40
    # An equally good partner is no forgery of the proof, only of the lottery.
    worths = scores_of(people, program)
    ends = [[pair[side] for pair in pairs] for side in (0, 1)]
    if len(proof.prices) == 1:
        ends = [ends[0] + ends[1]]
    several = proof.capacities if isinstance(proof, SidesCertificate) else ({}, {})
    honest = len(set(pairs)) == len(pairs) and all(
        worths.get(pair) == score for pair, score in zip(pairs, scores, strict=True)
    )
    for side, most in zip(ends, several, strict=False):
        honest = honest and all(n <= most.get(who, 1) for who, n in Counter(side).items())
    honest = honest and is_spread(pairs, people, program)
    assume(not honest or len(pairs) < len(proof.pairs))
    forged = replace(proof, pairs=tuple(pairs), scores=tuple(scores))
    assert not forged.verify(cohort_of(people), program).ok


@given(profiles(most=12), ANY, st.randoms(use_true_random=False))
def test_reordering_rows_changes_nothing(people: People, program: mm.Program, random: Any) -> None:
    shuffled = list(people)
    random.shuffle(shuffled)
    before, after = solved(people, program), solved(shuffled, program)
    assert before.to_records() == after.to_records()
    assert before.unmatched == after.unmatched
    # With capacities the prices are as good, but depend on who bids first.
    if not has_loads(program):
        assert before.certificate.prices == after.certificate.prices
    assert before.certificate.bound == after.certificate.bound


@given(profiles(most=12), ANY)
def test_changing_names_changes_nothing(people: People, program: mm.Program) -> None:
    renamed = [one.model_copy(update={"name": f"Aaron {one.id[::-1]}"}) for one in people]
    assert pairs_of(solved(people, program)) == pairs_of(solved(renamed, program))


@given(profiles(most=12), reciprocities(), RULES)
def test_swapping_the_sides_with_their_weights_and_floors_changes_no_score(
    people: People, score: mm.Reciprocity, rules: list[Any]
) -> None:
    floors = score.floor if isinstance(score.floor, tuple) else (score.floor, score.floor)
    turned = replace(score, weights=score.weights[::-1], floor=floors[::-1])
    seniors_first, juniors_first = (
        scores_of(people, mm.Program(format=mm.Pairs(sides=sides), score=model, rules=rules))
        for model, sides in (
            (score, mm.Sides(by="rank", at_least=4)),
            (turned, mm.Sides(by="rank", at_most=3)),
        )
    )
    assert seniors_first == {(a, b): score for (b, a), score in juniors_first.items()}


@given(profiles(most=12), ANY)
def test_changing_ids_changes_neither_people_served_nor_total(
    people: People, program: mm.Program
) -> None:
    assume(not any(isinstance(rule, mm.Forbid) for rule in program.rules))
    new = {one.id: f"zz{number * 7919 % 101}-{one.id}" for number, one in enumerate(people)}
    renamed = [
        one.model_copy(
            update={
                "id": new[one.id],
                "manager_id": new.get(one.manager_id or ""),
                "past_partners": tuple(new[other] for other in one.past_partners),
                "declines": tuple(new[other] for other in one.declines),
                "prefers": tuple(new[other] for other in one.prefers),
            }
        )
        for one in people
    ]
    assert worth(solved(people, program), program) == worth(solved(renamed, program), program)


@given(profiles(most=12), ANY, RULES)
def test_a_rule_never_raises_the_objective(
    people: People, program: mm.Program, more: list[Any]
) -> None:
    bound = program.model_copy(update={"rules": (*program.rules, *more)})
    assert worth_of(people, bound) <= worth(solved(people, program), program)


@given(profiles(most=12), PAIRS, st.data())
def test_requiring_a_pair_that_could_be_never_raises_the_objective(
    people: People, program: mm.Program, data: st.DataObject
) -> None:
    # A pair with nothing to exchange is no pair until a rule requires it: that one may add people.
    edges = sorted(scores_of(people, program))
    assume(edges)
    pair = data.draw(st.sampled_from(edges))
    bound = program.model_copy(update={"rules": (*program.rules, mm.Require([pair]))})
    after = solved(people, bound)
    assert set(pair) in [{one.a, one.b} for one in after.pairs]
    assert worth(after, bound) <= worth(solved(people, program), program)


@given(profiles(most=12), ANY, st.data())
def test_a_decline_binds_and_never_raises_the_objective(
    people: People, program: mm.Program, data: st.DataObject
) -> None:
    before = solved(people, program)
    assume(before.pairs)
    pair = data.draw(st.sampled_from(list(before.pairs)))
    who, whom = data.draw(st.permutations([pair.a, pair.b]))
    declining = [
        one.model_copy(update={"declines": (*one.declines, whom)}) if one.id == who else one
        for one in people
    ]
    after = solved(declining, program)
    assert worth_of(declining, program) <= worth(before, program)
    assert not {(pair.a, pair.b), (pair.b, pair.a)} & pairs_of(after)


@given(profiles(most=12), programs() | pools() | loaded(), st.integers(0, 3))
def test_the_way_of_solving_changes_nothing(people: People, program: mm.Program, seed: int) -> None:
    table = solved(people, program, seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heaviest, "FEW_CELLS", -1)
        patch.setattr(candidates, "FEW_CELLS", -1)
        patch.setattr(capacitated, "FEW_PAIRS", -1)
        kernels = solved(people, program, seed)
    assert table.to_records() == kernels.to_records()
    assert table.unmatched == kernels.unmatched
    assert table.removed == kernels.removed
    assert kernels.certificate.verify(cohort_of(people), program).ok


# Where people have capacities no pairs are priced: all are held, or refused.
@given(
    profiles(most=12),
    programs() | pools(),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from([1, 2, 9]),
)
def test_pricing_pairs_changes_nothing(
    people: People, program: mm.Program, seed: int, kernels: bool, few: int
) -> None:
    held = solved(people, program, seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(two_sides, "MOST_HELD", -1)
        for name in ("AT_A_GLANCE", "AT_A_LOOK"):
            patch.setattr(pricing, name, few)
        patch.setattr(source, "FEW", few)
        if kernels:
            patch.setattr(heaviest, "FEW_CELLS", -1)
        found = solved(people, program, seed)
        again = mm.Matching.from_json(found.to_json()).attach(cohort_of(people), program)
    assert found.to_records() == held.to_records() == again.to_records()
    assert found.unmatched == held.unmatched == again.unmatched
    assert found.certificate.verify(cohort_of(people), program).ok


@given(profiles(most=12), programs() | pools() | loaded(), st.booleans(), st.data())
def test_a_start_changes_nothing(
    people: People, program: mm.Program, is_priced: bool, data: st.DataObject
) -> None:
    expected = solved(people, program)
    # Some took no part then, some taught other things.
    changes = data.draw(
        st.lists(st.sampled_from(["none", "away", "other"]), min_size=len(people), max_size=12)
    )
    updates: dict[str, dict[str, Any]] = {
        "none": {},
        "away": {"capacity": 0},
        "other": {"teaches": people[0].teaches},
    }
    others = [
        one.model_copy(update=updates[change]) for one, change in zip(people, changes, strict=False)
    ]
    objective = data.draw(st.sampled_from(["score", "people_then_score"]))
    try:
        start = solved(others, program.model_copy(update={"objective": objective}))
    except mm.InfeasibleError:
        return  # what the program requires could not be made then
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heaviest, "FEW_CELLS", -1)
        if is_priced:
            patch.setattr(two_sides, "MOST_HELD", -1)
        found = mm.match(cohort_of(people), program, start=start)
    assert found.to_records() == expected.to_records()
    assert found.unmatched == expected.unmatched


@given(
    profiles(most=12),
    programs() | pools() | loaded(),
    st.integers(0, 9),
    st.sampled_from([0.0, 0.2, 0.9]),
)
def test_an_answer_before_its_time_says_how_good_it_is(
    people: People, program: mm.Program, patience: int, gap: float
) -> None:
    cohort, best = cohort_of(people), solved(people, program)
    asked = iter(range(patience))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(two_sides, "MOST_HELD", -1)
        patch.setattr(heaviest, "FEW_CELLS", -1)
        for name in ("AT_A_GLANCE", "AT_A_LOOK"):
            patch.setattr(pricing, name, 1)
        patch.setattr(Limits, "are_over", property(lambda one: is_over(one, asked)))
        found = mm.match(cohort, program, gap=gap, time_limit=3600.0)
        patch.undo()
        patch.setattr(two_sides, "MOST_HELD", -1)
        again = mm.Matching.from_json(found.to_json()).attach(cohort, program)
    checked = found.certificate.verify(cohort, program)
    assert checked.complete
    assert checked.feasible
    assert (checked.ok, found.gap == 0.0) == (found.status is mm.Status.OPTIMAL,) * 2 or (
        found.certificate.count_gap
    )
    assert again.to_json() == found.to_json()
    if found.status is mm.Status.OPTIMAL:
        assert worth(found, program) == worth(best, program)


@given(profiles(most=12), ANY, st.integers(1, 5))
def test_a_seed_decides_between_equals_only(people: People, program: mm.Program, seed: int) -> None:
    assert worth(solved(people, program), program) == worth(
        solved(people, program, seed=seed), program
    )


@given(ANY)
def test_a_program_survives_its_json(program: mm.Program) -> None:
    text = program.model_dump_json()
    assert mm.Program.model_validate_json(text, functions=FUNCTIONS) == program


@given(profiles(most=10), ANY)
def test_a_record_survives_its_json_and_comes_back_whole(
    people: People, program: mm.Program
) -> None:
    matching = solved(people, program)
    text = matching.to_json()
    read = mm.Matching.from_json(text)
    assert read.to_json() == text
    assert str(read) == str(matching)
    again = read.attach(cohort_of(people), program)
    assert again.to_records() == matching.to_records()
    assert again.to_json() == text
