"""Laws of preferences."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch.matching.scan import named
from tests.property.test_match_laws import ANY, solved
from tests.strategies import PREFERENCES, SIDES, cohort_of, profiles

pytestmark = pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")

People = list[mm.Participant]


def graph_of(people: People, program: mm.Program) -> mm.ExchangeGraph:
    return mm.build_graph(cohort_of(people), program)


def not_by_rank(program: mm.Program) -> mm.Program:
    """The program with no rules, and with sides that do not look at ranks where it has any."""
    format_ = program.format
    if isinstance(format_, mm.Pairs):
        format_ = mm.Pairs(sides=format_.sides and SIDES[1])
    return program.model_copy(update={"format": format_, "rules": ()})


def without(program: mm.Program) -> mm.Program:
    return program.model_copy(update={"preferences": ()})


@given(profiles(most=12), ANY, PREFERENCES)
def test_a_preference_never_changes_which_pairs_are_allowed(
    people: People, program: mm.Program, preferences: list[Any]
) -> None:
    preferring = program.model_copy(update={"preferences": tuple(preferences)})
    bare, graph = graph_of(people, without(program)), graph_of(people, preferring)
    assert np.array_equal(graph.a, bare.a)
    assert np.array_equal(graph.b, bare.b)
    assert np.array_equal(graph.score - graph.preference, bare.score)
    assert graph.removed == bare.removed
    for name in ("without_exchange", "without_permission"):
        for side in (0, 1):
            assert np.array_equal(getattr(graph, name)[side], getattr(bare, name)[side])


@given(profiles(most=12), ANY)
def test_preferences_cost_no_more_exchange_than_they_give(
    people: People, program: mm.Program
) -> None:
    """So a tiny weight decides between equals, and costs nothing that could be noticed."""
    bare, found = solved(people, without(program)), solved(people, program)
    exchanged = sum(pair.reciprocity for pair in found.pairs)
    preferred = sum(pair.preference for pair in found.pairs)
    assert exchanged + preferred == found.total
    if program.objective == "people_then_score":
        assert len(found.pairs) == len(bare.pairs)
    assert exchanged <= bare.total
    assert 0.0 <= found.total - bare.total <= preferred


@given(profiles(most=12), ANY, st.data())
def test_swapping_two_peoples_ranks_never_changes_a_score(
    people: People, program: mm.Program, data: st.DataObject
) -> None:
    program = not_by_rank(program)
    one, other = data.draw(st.lists(st.sampled_from(range(len(people))), min_size=2, max_size=2))
    swapped = list(people)
    swapped[one] = people[one].model_copy(update={"rank": people[other].rank})
    swapped[other] = people[other].model_copy(update={"rank": people[one].rank})
    before, after = graph_of(people, program), graph_of(swapped, program)
    for name in ("a", "b", "score", "preference"):
        assert np.array_equal(getattr(before, name), getattr(after, name))


@given(profiles(most=12), ANY)
def test_a_pair_shows_its_preference_as_the_graph_has_it(
    people: People, program: mm.Program
) -> None:
    found = solved(people, program)
    graph = graph_of(people, program)
    worth = {
        named((graph.a_ids, graph.b_ids), a, b, graph.layout): (score - preference, preference)
        for a, b, score, preference in zip(
            graph.a, graph.b, graph.score, graph.preference, strict=True
        )
    }
    for pair in found.pairs:
        assert worth[pair.a, pair.b] == (pair.reciprocity, pair.preference)
    again = mm.Matching.from_json(found.to_json())
    assert again.to_records() == found.to_records()
