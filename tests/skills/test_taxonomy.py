"""Broader and narrower skills: credit by the definition, circles refused."""

import pickle
from pathlib import Path

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mentormatch as mm
from mentormatch import ProfileErrors, ProfileWarning, ProgramError, Taxonomy, read_taxonomy
from mentormatch.skills.vocabulary import Vocabulary

CODE = Taxonomy.of([("pandas", "Python"), ("Python", "programming"), ("R", "programming")])
NAMES = "abcdefgh"


def slow_credit(graph: "networkx.DiGraph[str]", factor: float, taught: str, wished: str) -> float:
    """Return the credit as the definition has it, by networkx's own searches."""
    if taught == wished:
        return 1.0
    if taught not in graph or wished not in graph:
        return 0.0
    if networkx.has_path(graph, taught, wished):
        return 1.0
    if networkx.has_path(graph, wished, taught):
        steps: int = networkx.shortest_path_length(graph, wished, taught)
        return float(factor**steps)
    return 0.0


@st.composite
def links(draw: st.DrawFn) -> list[tuple[str, str]]:
    pairs = [(one, other) for i, one in enumerate(NAMES) for other in NAMES[:i]]
    return draw(st.lists(st.sampled_from(pairs), max_size=14))


@given(links(), st.sampled_from([0.0, 0.3, 0.5, 1.0]))
def test_credit_equals_the_definition_on_every_graph_without_circles(
    pairs: list[tuple[str, str]], factor: float
) -> None:
    taxonomy = Taxonomy.of(pairs, factor=factor)
    graph: networkx.DiGraph[str] = networkx.DiGraph(pairs)
    skills = Vocabulary.of(NAMES[1:])  # what nobody names still links the others
    credits = taxonomy.credits(skills).toarray()
    for i, taught in enumerate(NAMES[1:]):
        for j, wished in enumerate(NAMES[1:]):
            expected = slow_credit(graph, factor, taught, wished)
            assert credits[i, j] == expected
            assert taxonomy.credit(taught.upper(), wished) == expected


LEVELS = st.dictionaries(st.sampled_from(NAMES), st.integers(1, 5), max_size=4)


@given(links(), st.lists(st.tuples(LEVELS, LEVELS, LEVELS), min_size=1, max_size=4))
@pytest.mark.filterwarnings("ignore::mentormatch.ProfileWarning")
def test_folded_levels_equal_the_best_credited_ones(
    pairs: list[tuple[str, str]], people: list[tuple[dict[str, int], ...]]
) -> None:
    records = [
        {"id": number, "teaches": teaches, "knows": knows, "wants": wants}
        for number, (teaches, knows, wants) in enumerate(people)
    ]
    cohort = mm.read_records(records)
    folded = cohort.with_taxonomy(Taxonomy.of(pairs, factor=0.25))
    graph: networkx.DiGraph[str] = networkx.DiGraph(pairs)
    labels = cohort.skills.labels
    wished = {skill for _, _, wants in people for skill in wants}
    for name in ("teaches", "knows"):
        real = getattr(cohort, name).toarray()
        expected = np.zeros(real.shape)
        for i, s in np.ndindex(*real.shape):
            credited = [
                slow_credit(graph, 0.25, u, labels[s]) * real[i, k] for k, u in enumerate(labels)
            ]
            expected[i, s] = max(credited) if labels[s] in wished else real[i, s]
        assert np.array_equal(getattr(folded, name).toarray(), expected)
    assert list(folded) == list(cohort)


@given(links())
def test_a_taxonomy_survives_networkx(pairs: list[tuple[str, str]]) -> None:
    taxonomy = Taxonomy.of(pairs)
    assert Taxonomy.from_networkx(taxonomy.to_networkx()) == taxonomy


def test_nobody_has_credit_for_a_sibling() -> None:
    assert CODE.credit("R", "Python") == 0.0
    assert CODE.credit("R", "programming") == 1.0
    assert CODE.credit("programming", "R") == 0.5
    assert CODE.credit("pottery", "R") == 0.0
    assert repr(CODE) == "Taxonomy(3 links, factor=0.5)"


@pytest.mark.parametrize(
    ("pairs", "circle"),
    [
        ([("a", "A")], "a -> a"),
        ([("a", "b"), ("b", "c"), ("c", "a")], "a -> b -> c -> a"),
        ([("z", "a"), ("a", "b"), ("b", "a"), ("a", "top")], "a -> b -> a"),
    ],
)
def test_circles_are_refused_by_name(pairs: list[tuple[str, str]], circle: str) -> None:
    with pytest.raises(ProgramError, match=circle):
        Taxonomy.of(pairs)


def test_a_factor_is_a_share_and_a_link_has_two_ends() -> None:
    with pytest.raises(ProgramError, match=r"from 0 to 1"):
        Taxonomy.of([], factor=1.5)
    with pytest.raises(ProgramError, match="blank name"):
        Taxonomy.of([("a", " ")])


def test_a_pair_says_which_real_skill_met_which_wish() -> None:
    people = mm.read_records(
        [
            {"id": "ana", "rank": 6, "teaches": "leading", "wants": "Python:2; pandas:1; chess:1"},
            {"id": "bo", "rank": 1, "teaches": "pandas; chess", "wants": "leading"},
            {"id": "cy", "rank": 1, "teaches": "programming", "wants": "leading"},
        ]
    ).with_taxonomy(CODE)
    program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    matching = mm.match(people, program)
    assert matching.pairs[0].b_teaches == ("pandas (for Python)", "chess", "pandas")
    assert matching.certificate.verify(people, program).ok
    assert mm.Matching.from_json(matching.to_json()).attach(people, program).total
    edges = mm.build_graph(people, program).to_networkx().edges
    assert edges["ana", "cy"]["b_teaches"] == (
        "programming (for Python)",
        "programming (for pandas)",
    )
    text = people.summary()
    assert "taxonomy     3 links; a narrower skill meets a broader wish" in text
    assert pickle.loads(pickle.dumps(people)).teaches.nnz == people.teaches.nnz


def test_another_taxonomy_is_another_digest() -> None:
    people = mm.read_records([{"id": "ana", "teaches": "pandas"}])
    digests = {
        one.digest("secret")
        for one in (
            people,
            people.with_taxonomy(CODE),
            people.with_taxonomy(Taxonomy.of(CODE.links, factor=0.25)),
        )
    }
    assert len(digests) == 3


def test_what_one_has_counts_for_ones_own_wishes() -> None:
    people = mm.read_records([{"id": "ana", "knows": "pandas", "wants": "Python; R"}])
    with pytest.warns(ProfileWarning, match="1 more wish counts for nothing"):
        people.with_taxonomy(CODE)


def test_synonyms_go_under_a_taxonomy() -> None:
    people = mm.read_records([{"id": "ana", "teaches": "pd"}, {"id": "bo", "wants": "Python"}])
    people = people.with_taxonomy(CODE).with_synonyms(mm.Synonyms.of({"pandas": ["pd"]}))
    assert people.teaches.toarray()[0].tolist() == [1.0, 1.0]


def test_a_file_has_a_link_on_each_line(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.csv"
    path.write_text("Broader;Narrower\nPython;pandas\nprogramming;Python\nprogramming;R\n")
    assert read_taxonomy(path) == CODE
    path.write_text("broader,narrower\n,pandas\nPython,\n")
    with pytest.raises(ProfileErrors) as error:
        read_taxonomy(path, factor=0.1)
    assert [fault.field for fault in error.value.faults] == ["broader", "narrower"]


def test_nobody_at_all_may_have_a_taxonomy() -> None:
    people = mm.read_records([{"id": "ana"}]).with_taxonomy(CODE)
    assert people.teaches.shape == (1, 0)
