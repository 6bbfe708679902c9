import networkx as nx
import numpy as np
import pytest

import mentormatch as mm
from mentormatch.exchange import candidates

SIDES = mm.Pairs(sides=mm.Sides(by="rank", at_least=5))
PEOPLE = [
    {"id": "ana", "rank": 6, "department": "IT", "teaches": "leading", "wants": "sql"},
    {"id": "bea", "rank": 5, "department": "HR", "teaches": "hiring", "wants": "sql; chess"},
    {"id": "cy", "rank": 2, "department": "IT", "teaches": "sql:4", "wants": "leading; hiring"},
    {"id": "di", "rank": 1, "department": "HR", "teaches": "sewing", "wants": "leading"},
]


@pytest.fixture
def people() -> mm.Cohort:
    return mm.read_records(PEOPLE)


def test_edges_are_the_pairs_that_exchange_something(people: mm.Cohort) -> None:
    graph = mm.build_graph(people, mm.Program(format=SIDES))
    assert graph.a_ids == ("ana", "bea")
    assert graph.b_ids == ("cy", "di")
    assert len(graph) == 2
    assert graph.to_scipy().toarray() == pytest.approx(
        np.array([[2 * 0.8 * 0.5 / 1.3, 0.0], [2 * 0.4 * 0.5 / 0.9, 0.0]])
    )
    assert graph.a_benefit == pytest.approx([0.8, 0.4])
    assert graph.b_benefit == pytest.approx([0.5, 0.5])


def test_each_rule_counts_what_it_removes_alone(people: mm.Cohort) -> None:
    rules = [mm.Different("department"), mm.Forbid([("cy", "ana"), ("bea", "cy")])]
    graph = mm.build_graph(people, mm.Program(format=SIDES, rules=rules))
    assert graph.removed == (("different department", 1), ("forbid 2 named pairs", 2))
    assert len(graph) == 0


def test_who_has_nothing_to_exchange_and_whom_the_rules_leave_alone(people: mm.Cohort) -> None:
    rules = [mm.Different("department")]
    graph = mm.build_graph(people, mm.Program(format=SIDES, rules=rules))
    for named, expected in (
        (graph.without_exchange, [[], ["di"]]),
        (graph.without_permission, [["ana"], []]),
    ):
        assert [[people.ids[row] for row in rows] for rows in named] == expected


def test_to_networkx_has_sides_scores_and_lessons(people: mm.Cohort) -> None:
    graph = mm.build_graph(people, mm.Program(format=SIDES)).to_networkx()
    assert nx.is_bipartite(graph)
    assert dict(graph.nodes(data="bipartite")) == {"ana": 0, "bea": 0, "cy": 1, "di": 1}
    assert graph.edges["ana", "cy"]["a_teaches"] == ("leading",)
    assert graph.edges["ana", "cy"]["b_teaches"] == ("sql",)
    assert graph.edges["ana", "cy"]["score"] == pytest.approx(0.8 / 1.3)


def test_a_required_pair_is_an_edge_without_anything_to_exchange(people: mm.Cohort) -> None:
    rules = [mm.Require([("di", "bea")])]
    graph = mm.build_graph(people, mm.Program(format=SIDES, rules=rules))
    assert graph.to_scipy().toarray()[1].tolist() == [0.0, 0.0]
    assert graph.to_scipy().nnz == 2
    assert graph.to_networkx().edges["bea", "di"]["score"] == 0.0
    assert [rows.tolist() for rows in graph.without_exchange] == [[], []]


def test_declines_remove_pairs_and_show_in_no_count() -> None:
    declining = [{**PEOPLE[0], "declines": "cy"}, *PEOPLE[1:]]
    with_rules = mm.Program(format=SIDES, rules=[mm.Different("department", missing="allow")])
    free = mm.build_graph(mm.read_records(PEOPLE), mm.Program(format=SIDES))
    bound = mm.build_graph(mm.read_records(declining), mm.Program(format=SIDES))
    assert len(bound) == len(free) - 1
    for of_bound, of_free in zip(bound.without_permission, free.without_permission, strict=True):
        assert of_bound.tolist() == of_free.tolist()
    assert (
        mm.build_graph(mm.read_records(declining), with_rules).removed
        == mm.build_graph(mm.read_records(PEOPLE), with_rules).removed
    )


def test_blocks_of_people_change_nothing(
    monkeypatch: pytest.MonkeyPatch, people: mm.Cohort
) -> None:
    program = mm.Program(format=SIDES, score=mm.Reciprocity(mean="arithmetic"))
    whole = mm.build_graph(people, program)
    monkeypatch.setattr(candidates, "CELLS_AT_ONCE", 1)
    blocks = mm.build_graph(people, program)
    for name in ("a", "b", "score", "a_benefit", "b_benefit"):
        assert np.array_equal(getattr(whole, name), getattr(blocks, name))
    assert len(whole) == 3


def test_one_way_shows_the_lessons_of_its_direction_alone(people: mm.Cohort) -> None:
    program = mm.Program(format=SIDES, score=mm.OneWay(teacher="b"))
    graph = mm.build_graph(people, program).to_networkx()
    assert graph.edges["ana", "cy"]["a_teaches"] == ()
    assert graph.edges["ana", "cy"]["b_teaches"] == ("sql",)
    program = mm.Program(format=SIDES, score=mm.OneWay(teacher="a"))
    graph = mm.build_graph(people, program).to_networkx()
    assert graph.edges["ana", "cy"]["a_teaches"] == ("leading",)
    assert graph.edges["ana", "cy"]["b_teaches"] == ()


def test_a_graph_does_not_change(people: mm.Cohort) -> None:
    graph = mm.build_graph(people, mm.Program(format=SIDES))
    with pytest.raises(AttributeError):
        graph.score = graph.a_benefit  # type: ignore[misc]
    arrays = [getattr(graph, name) for name in ("side_a", "side_b", "a", "b", "score", "a_benefit")]
    for array in (*arrays, *graph.without_exchange, *graph.without_permission):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0
    graph.to_scipy().data[:] = 0.0  # a copy: the caller's own
    assert graph.score.all()


def test_repr_counts(people: mm.Cohort) -> None:
    assert repr(mm.build_graph(people, mm.Program(format=SIDES))) == (
        "ExchangeGraph(2 x 2 people, 2 pairs)"
    )


PROGRAM = mm.Program(
    format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)),
    score=mm.Reciprocity(mean="arithmetic"),
    rules=[mm.Forbid([("ana", "di")])],
)
RECORDS: list[dict[str, object]] = [
    {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    {"id": "cy", "rank": 1, "teaches": "sql:2.5", "wants": "chess"},
    {"id": "bo", "name": "Bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    {"id": "di", "rank": 1, "teaches": "sql", "wants": "leading"},
    {"id": "ed", "rank": 1, "teaches": "sql", "wants": "leading", "declines": "ana"},
    {"id": "fi", "rank": 1, "teaches": "sql:2.5"},
    {"id": "gus"},
    {"id": "hu", "rank": 1, "teaches": "sewing"},
]


def test_partners_are_the_allowed_ones_the_best_first() -> None:
    graph = mm.build_graph(mm.read_records(RECORDS), PROGRAM)
    assert graph.partners("ana") == (
        mm.Partner("bo", "Bo", 1.0, ("leading",), ("sql",), "b"),
        mm.Partner("cy", "cy", 0.25, (), ("sql",), "b"),
        mm.Partner("fi", "fi", 0.25, (), ("sql",), "b"),
    )
    assert [one.id for one in graph.partners("ana", k=2)] == ["bo", "cy"]
    assert graph.partners("bo") == (mm.Partner("ana", "ana", 1.0, ("sql",), ("leading",), "a"),)
    assert graph.partners("hu") == graph.partners("ed") == ()


def test_whoever_takes_no_part_has_no_partners() -> None:
    graph = mm.build_graph(mm.read_records(RECORDS), PROGRAM)
    with pytest.raises(mm.ProgramError, match="'gus' takes no part"):
        graph.partners("gus")
    with pytest.raises(mm.ProgramError, match="did you mean 'ana'"):
        graph.partners("anna")
