"""How firm pairs are, against all best matchings one by one."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.assign import Problem, solve_assignment
from mentormatch.assign.chains import Chains
from tests.assign.test_chains import best, cases
from tests.property.test_match_laws import ANY, pairs_of, solved
from tests.strategies import buddies, cohort_of, pools, profiles, programs

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

People = list[mm.Participant]
Pairs = frozenset[tuple[str, str]]


def all_matchings(edges: list[tuple[str, str, float]], roles: bool) -> list[Any]:
    """Every set of pairs in which nobody is twice; on two sides, twice in one role."""

    def ends(edge: tuple[str, str, float]) -> set[Any]:
        return {("a", edge[0]), ("b", edge[1])} if roles else {edge[0], edge[1]}

    found = []
    for count in range(len(edges) + 1):
        some = [
            chosen
            for chosen in combinations(edges, count)
            if len(set().union(*map(ends, chosen))) == 2 * count
        ]
        if not some:
            break
        found += some
    return found


def best_matchings(people: People, program: mm.Program) -> tuple[set[Pairs], set[tuple[str, str]]]:
    graph = mm.build_graph(cohort_of(people), program)
    ends = zip(graph.a.tolist(), graph.b.tolist(), graph.score.tolist(), strict=True)
    edges = [(graph.a_ids[a], graph.b_ids[b], score) for a, b, score in ends]
    found = all_matchings(edges, graph.layout == "sides")
    counts = program.objective != "score"

    def worth(chosen: Any) -> tuple[int, float]:
        return len(chosen) * counts, sum(score for *_, score in chosen)

    most = max(map(worth, found))
    pairs = {frozenset((a, b) for a, b, _ in one) for one in found if worth(one) == most}
    return pairs, {(a, b) for a, b, _ in edges}


#: Profiles of whole levels, so that scores are often equal.
FLAT = st.lists(
    st.fixed_dictionaries(
        {
            "rank": st.sampled_from((1, 6)),
            "teaches": st.sampled_from(("sql", "leading", "sql; leading")),
            "wants": st.sampled_from(("sql", "leading", "sql; leading")),
            "department": st.sampled_from(("it", "hr")),
        }
    ),
    min_size=2,
    max_size=7,
)


@st.composite
def tied(draw: st.DrawFn) -> tuple[People, mm.Program]:
    """People of whom many are worth the same, and a program for one partner each."""
    records: list[dict[str, Any]] = [
        {"id": f"p{number}", **one} for number, one in enumerate(draw(FLAT))
    ]
    records[0]["rank"], records[1]["rank"] = 6, 1
    records[0].update(teaches="leading", wants="sql")
    return list(mm.read_records(records)), mm.Program(
        format=draw(st.sampled_from((mm.Pairs(), mm.Pairs(sides=mm.Sides(by="rank", at_least=5))))),
        rules=draw(st.sampled_from(((), (mm.Different("department"),)))),
        score=mm.Reciprocity(mean=draw(st.sampled_from(("harmonic", "arithmetic")))),
        objective=draw(st.sampled_from(("people_then_score", "score"))),
    )


def is_as_firm_as_all_best_ones_say(people: People, program: mm.Program) -> None:
    answer = solved(people, program)
    found, allowed = best_matchings(people, program)
    in_all = frozenset.intersection(*found)
    in_some = frozenset().union(*found)
    if len(allowed) > 12:
        allowed = {*in_some, *sorted(allowed)[:4]}
    ordered = {tuple(sorted(pair)) for pair in in_all}
    assert {tuple(sorted(pair)) for pair in answer.firm_pairs()} == ordered
    assert set(answer.firm_pairs()) <= pairs_of(answer)
    graph = answer._insight.solved.graph
    for pair in [] if graph.overlap else sorted(allowed):
        firm = answer.firmness(*pair)
        expected = "all" if pair in in_all else "some" if pair in in_some else "none"
        assert firm.code == expected
        if expected == "some":
            assert firm.may_fall == 0.0
        if expected == "none":
            assert firm.may_fall is None


@given(tied())
def test_a_pair_is_as_firm_as_all_the_best_matchings_say(case: tuple[People, mm.Program]) -> None:
    people, program = case
    if len(mm.build_graph(cohort_of(people), program)) <= 14:
        is_as_firm_as_all_best_ones_say(people, program)


@given(profiles(most=6), programs() | pools() | buddies())
def test_so_it_is_with_all_sorts_of_programs(people: People, program: mm.Program) -> None:
    solved(people, program)  # no example where it does not fit
    if len(mm.build_graph(cohort_of(people), program)) <= 14:
        is_as_firm_as_all_best_ones_say(people, program)


@given(cases())
def test_a_pair_without_which_the_best_is_worse_may_fall_by_the_difference(case: Any) -> None:
    scores, allowed, objective = case
    solution = solve_assignment(scores, allowed=allowed, objective=objective)
    chains = Chains(Problem.from_scores(scores, allowed), solution)
    whole = best(scores, allowed, objective)
    for row, col in zip(solution.rows.tolist(), solution.cols.tolist(), strict=True):
        fewer = allowed.copy()
        fewer[row, col] = False
        less = best(scores, fewer, objective)
        assert chains.without(row, col) == (whole[0] - less[0], whole[1] - less[1])
        lost, fall = chains.without(row, col)
        if not lost and 0.0 < fall <= scores[row, col]:
            # At the end of its fall there is a best matching without it; before, there is none.
            for part, is_there in ((0.5, False), (1.0, True)):
                lower = scores.copy()
                lower[row, col] -= part * fall
                ends = best(lower, allowed, objective), best(lower, fewer, objective)
                assert (ends[0] == ends[1]) == is_there


@given(profiles(most=5), ANY)
def test_firmness_answers_for_every_format(people: People, program: mm.Program) -> None:
    answer = solved(people, program)
    firm = answer.firm_pairs()
    assert set(firm) <= pairs_of(answer)
    for pair in sorted(pairs_of(answer)):
        found = answer.firmness(*pair)
        assert found.code in ("all", "some")
        assert (found.code == "all") >= (pair in firm)


def test_a_required_pair_stays_as_long_as_it_may_be() -> None:
    people = mm.read_records(
        [
            {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
            {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
            {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading"},
        ]
    )
    sides = mm.Sides(by="rank", at_least=5)
    program = mm.Program(format=mm.Pairs(sides=sides), rules=[mm.Require([("ana", "cy")])])
    answer = mm.match(people, program)
    assert answer.firm_pairs() == (("ana", "cy"),)
    assert answer.firmness("cy", "ana").may_fall is None
    assert answer.firmness("bo", "ana").code == "none"
    free = mm.match(people, mm.Program(format=mm.Pairs(sides=sides)))
    assert {free.firmness("ana", one).code for one in ("bo", "cy")} == {"some"}
