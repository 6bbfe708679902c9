"""Laws of programs in which people may have several partners, or must have some."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.assign import capacitated
from mentormatch.matching import scan
from mentormatch.matching.sides_proof import SidesCertificate
from tests.property.test_match_laws import allowed_scores, best_with_loads, is_spread
from tests.strategies import RULES, SIDES, cohort_of, loaded, profiles, spreads

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

People = list[mm.Participant]
Pair = tuple[str, str]

#: What people say of themselves: capacity and at_least.
SAID = st.sampled_from(
    ((None, None), (None, None), (1, None), (2, None), (3, 1), (None, 1), (2, 2))
)


@st.composite
def cases(draw: st.DrawFn, most: int = 6, promises: int = 2) -> tuple[People, mm.Program]:
    """People with numbers of their own, and a program that requires some of the pairs."""
    people = [
        one.model_copy(update=dict(zip(("capacity", "at_least"), draw(SAID), strict=True)))
        for one in draw(profiles(most=most))
    ]
    program = draw(loaded())
    pairs = sorted(scores_of(people, program))
    if pairs and promises:
        required = draw(st.lists(st.sampled_from(pairs), max_size=promises, unique=True))
        if required:
            rules = (*program.rules, mm.Require(required))
            program = program.model_copy(update={"rules": rules})
    return people, program


@st.composite
def crowds(draw: st.DrawFn, most: int = 6, promises: int = 1) -> tuple[People, mm.Program]:
    """People of few departments who nearly all have something to exchange, and partners counted."""
    size = draw(st.integers(3, most))
    mentors = draw(st.integers(1, min(3, size - 2)))
    levels = st.sampled_from((0.25, 0.5, 1.0))
    people = [
        mm.Participant(
            id=f"p{number}",
            rank=6 if number < mentors else 1,
            department=draw(st.sampled_from(("it", "hr"))),
            utc_offset=draw(st.sampled_from((0.0, 1.0))),
            teaches={("sql", "leading")[number < mentors]: draw(levels)},
            wants={("leading", "sql")[number < mentors]: 1.0, "drawing": draw(levels)},
        )
        for number in range(size)
    ]
    most_of = draw(st.sampled_from(((3, 1), (2, 2), (3, 2))))
    rules = draw(spreads(most_of).filter(bool))
    promised = draw(st.lists(st.just((people[0].id, people[-1].id)), max_size=promises))
    least: int | tuple[int, int] = (draw(st.sampled_from((0, 0, 1))), 0)
    program = mm.Program(
        format=mm.Pairs(sides=SIDES[0], capacity=most_of, at_least=least),
        rules=(*rules, *([mm.Require(promised)] if promised else ())),
        objective=draw(st.sampled_from(("people_then_score", "score"))),
    )
    return people, program


def scores_of(people: People, program: mm.Program) -> dict[Pair, float]:
    try:
        graph = mm.build_graph(cohort_of(people), program)
    except mm.ProgramError as error:
        assume("nobody is on side" not in str(error))
        assume("changes nothing" not in str(error))
        raise
    ends = zip(graph.a.tolist(), graph.b.tolist(), graph.score.tolist(), strict=True)
    return {(graph.a_ids[a], graph.b_ids[b]): score for a, b, score in ends}


def matched(people: People, program: mm.Program) -> mm.Matching | None:
    """The matching; None where people cannot have as many partners as they must."""
    try:
        return mm.match(cohort_of(people), program)
    except mm.InfeasibleError:
        return None


def proof_of(matching: mm.Matching) -> SidesCertificate:
    assert isinstance(matching.certificate, SidesCertificate)
    return matching.certificate


def promised(program: mm.Program) -> set[Pair]:
    return {pair for rule in program.rules if isinstance(rule, mm.Require) for pair in rule.pairs}


def limits(people: People, program: mm.Program) -> list[dict[str, tuple[int, int]]]:
    """The fewest and the most partners of everybody, on side a and on side b; by hand."""
    assert isinstance(program.format, mm.Pairs)
    tables = []
    for most, least in zip(program.format.most, program.format.least, strict=True):
        table = {}
        for one in people:
            may = most if one.capacity is None else one.capacity
            must = least if one.at_least is None else one.at_least
            if one.capacity is not None:
                must = min(must, may)
            table[one.id] = (must, max(may, must))
        tables.append(table)
    return tables


def is_within(pairs: Iterable[Pair], tables: list[dict[str, tuple[int, int]]], who: Any) -> bool:
    for side in (0, 1):
        loads = Counter(pair[side] for pair in pairs)
        for person in who[side]:
            least, most = tables[side][person]
            if not least <= loads[person] <= most:
                return False
    return True


def best_of_all(people: People, program: mm.Program) -> tuple[float, ...] | None:
    """What the best choice is worth, by trying all of them; None where none is allowed."""
    must, tables = promised(program), limits(people, program)
    rules = tuple(rule for rule in program.rules if not isinstance(rule, mm.Require))
    free_program = program.model_copy(update={"rules": rules})
    scores = scores_of(people, free_program)
    graph = mm.build_graph(cohort_of(people), free_program)
    free = sorted(set(scores) - must)
    assume(len(free) <= 12)
    best: tuple[float, ...] | None = None
    for size in range(len(free) + 1):
        for some in combinations(free, size):
            pairs = {*some, *must}
            if not is_within(pairs, tables, (graph.a_ids, graph.b_ids)):
                continue
            if not is_spread(pairs, people, program):
                continue
            served = sum(len({pair[side] for pair in pairs}) for side in (0, 1))
            total = math.fsum(scores[pair] for pair in pairs)
            found = (total,) if program.objective == "score" else (served, total)
            best = found if best is None else max(best, found)
    return best


@given(cases() | crowds())
def test_the_best_is_that_of_all_choices(case: tuple[People, mm.Program]) -> None:
    people, program = case
    best = best_of_all(people, program)
    matching = matched(people, program)
    if matching is None:
        assert best is None
        return
    worth: tuple[float, ...] = (matching.total,)
    if program.objective == "people_then_score":
        worth = (matching.certificate.people_served, matching.total)
    assert worth == best
    found = matching.certificate.verify(cohort_of(people), program)
    assert found.ok, found.violations


@given(crowds(most=12, promises=0))
def test_the_optimum_is_that_of_highs_where_partners_are_counted(
    case: tuple[People, mm.Program],
) -> None:
    people, program = case
    matching = matched(people, program)
    assume(matching is not None)
    assert matching is not None
    served, total = best_with_loads(people, allowed_scores(people, program), program)
    assert program.objective == "score" or matching.certificate.people_served == served
    assert matching.total == pytest.approx(total, abs=1e-6)
    found = matching.certificate.verify(cohort_of(people), program)
    assert found.ok, found.violations


@given(cases(most=9) | crowds(most=9))
def test_a_record_comes_back_whole_with_promises(case: tuple[People, mm.Program]) -> None:
    people, program = case
    matching = matched(people, program)
    if matching is None:
        return
    text = matching.to_json()
    again = mm.Matching.from_json(text).attach(cohort_of(people), program)
    assert again.to_json() == text
    assert str(again) == str(matching)


@given(cases(most=9) | crowds(most=9), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_pair_with_promises(
    case: tuple[People, mm.Program], random: Any
) -> None:
    people, program = case
    shuffled = list(people)
    random.shuffle(shuffled)
    before, after = matched(people, program), matched(shuffled, program)
    assert (before and before.to_records()) == (after and after.to_records())


@given(cases(most=9) | crowds(most=9), st.data())
def test_a_proof_with_any_price_of_a_load_changed_does_not_hold(
    case: tuple[People, mm.Program], data: st.DataObject
) -> None:
    people, program = case
    matching = matched(people, program)
    if matching is None:
        return
    proof = proof_of(matching)
    counts = ("count_",) * (program.objective == "people_then_score")
    prefix = data.draw(st.sampled_from(("", *counts)))
    towards = data.draw(st.sampled_from([-1.0, 1.0]))
    amount = towards * data.draw(st.sampled_from([2.0**-40, 0.25, 1.0, 1e9, math.inf, math.nan]))
    fields: dict[str, Any] = {}
    own = list(getattr(proof, f"{prefix}pair_prices"))
    bound = [(side, who) for side in (0, 1) for who in proof.minima[side]]
    spread = list(map(list, getattr(proof, f"{prefix}spread_prices")))
    paying = [(side, number) for side in (0, 1) for number in range(len(spread[side]))]
    if paying and (not (own or bound) or data.draw(st.booleans())):
        side, number = data.draw(st.sampled_from(paying))
        who, group, price = spread[side][number]
        spread[side][number] = (who, group, price + amount)
        fields[f"{prefix}spread_prices"] = tuple(map(tuple, spread))
    elif own and (not bound or data.draw(st.booleans())):
        number = data.draw(st.sampled_from(range(len(own))))
        a, b, price = own[number]
        own[number] = (a, b, price + amount)
        fields[f"{prefix}pair_prices"] = tuple(own)
    else:
        assume(bound)
        side, who = data.draw(st.sampled_from(bound))
        tables = [dict(table) for table in getattr(proof, f"{prefix}minimum_prices")]
        tables[side][who] = tables[side].get(who, 0.0) + amount
        fields[f"{prefix}minimum_prices"] = tuple(tables)
    assert not replace(proof, **fields).verify(cohort_of(people), program).ok


@given(cases(most=9) | crowds(most=9), st.data())
def test_a_proof_with_other_numbers_of_partners_does_not_hold(
    case: tuple[People, mm.Program], data: st.DataObject
) -> None:
    people, program = case
    matching = matched(people, program)
    if matching is None:
        return
    proof = proof_of(matching)
    name = data.draw(st.sampled_from(("capacities", "minima")))
    side = data.draw(st.sampled_from((0, 1)))
    tables = [dict(table) for table in getattr(proof, name)]
    who = data.draw(st.sampled_from(sorted(proof.prices[side])))
    tables[side][who] = data.draw(
        st.integers(-1, 9).filter(lambda number: number != tables[side].get(who)) | st.just(10**30)
    )
    fields: dict[str, Any] = {name: tuple(tables)}
    forged = replace(proof, **fields)
    assert not forged.verify(cohort_of(people), program).ok


@given(crowds(most=9), st.integers(0, 3))
def test_a_start_and_kernels_change_nothing_where_partners_are_counted(
    case: tuple[People, mm.Program], seed: int
) -> None:
    people, program = case
    try:
        expected = mm.match(cohort_of(people), program, seed=seed)
    except mm.InfeasibleError:
        return
    free = tuple(rule for rule in program.rules if not isinstance(rule, mm.Spread))
    start = mm.match(cohort_of(people), program.model_copy(update={"rules": free}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(capacitated, "FEW_PAIRS", -1)
        found = mm.match(cohort_of(people), program, seed=seed, start=start)
    assert found.to_records() == expected.to_records()
    assert found.certificate.verify(cohort_of(people), program).ok


@given(cases(most=9) | crowds(most=9), st.booleans())
def test_looking_for_suspects_comes_to_the_same(
    case: tuple[People, mm.Program], honest: bool
) -> None:
    people, program = case
    matching = matched(people, program)
    if matching is None:
        return
    proof = proof_of(matching)
    if not honest:
        halved = tuple({who: price / 2 for who, price in side.items()} for side in proof.prices)
        proof = replace(proof, prices=halved)
    slowly = proof.verify(cohort_of(people), program)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "FEW_CELLS", -1)
        quickly = proof.verify(cohort_of(people), program)
    assert str(slowly) == str(quickly)


@given(cases(most=9, promises=0), RULES, st.sampled_from(SIDES))
def test_more_places_never_make_it_worse(
    case: tuple[People, mm.Program], rules: list[Any], sides: mm.Sides
) -> None:
    people, program = case
    bound = program.model_copy(update={"rules": tuple(rules)})
    few = bound.model_copy(update={"format": mm.Pairs(sides=sides)})
    many = bound.model_copy(update={"format": mm.Pairs(sides=sides, capacity=2)})
    try:
        before = mm.match(cohort_of(people), few)
    except (mm.InfeasibleError, mm.ProgramError):
        return
    after = mm.match(cohort_of(people), many)
    if program.objective == "people_then_score":
        served = before.certificate.people_served, after.certificate.people_served
        assert served[0] <= served[1]
        assume(served[0] == served[1])
    assert before.total <= after.total
