"""One spelling per skill."""

import copy
import pickle

import pytest

from mentormatch import ProgramError
from mentormatch.skills import Vocabulary, key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SQL", " sql "),
        ("Public  Speaking", "public\tspeaking"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER C}++", "c++"),
        ("STRASSE", "straße"),
        ("caf\N{LATIN SMALL LETTER E WITH ACUTE}", "cafe\N{COMBINING ACUTE ACCENT}"),
        ("\N{LATIN SMALL LIGATURE FI}nance", "FINANCE"),
        ("a\N{NO-BREAK SPACE}b", "a b"),
    ],
)
def test_spellings_of_one_skill_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("C", "C++"), ("C#", "C"), ("node.js", "node js")])
def test_signs_tell_skills_apart(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_the_most_frequent_spelling_is_the_label_and_ties_go_to_the_smallest() -> None:
    assert Vocabulary.of(["sql", "SQL", "sql", "Sql"]).labels == ("sql",)
    assert Vocabulary.of(["sql", "Sql", "SQL"]).labels == ("SQL",)
    assert Vocabulary.of(["big  data", "Big Data", " big data"]).labels == ("big data",)


def test_labels_are_sorted_by_key_and_found_in_any_spelling() -> None:
    skills = Vocabulary.of(["Zig", "ada", "Rust"])
    assert tuple(skills) == ("ada", "Rust", "Zig")
    assert [skills.index(text) for text in ("ADA", " rust", "zig")] == [0, 1, 2]
    assert len(skills) == 3
    assert "RUST" in skills
    assert "Perl" not in skills
    assert 3 not in skills


def test_an_unknown_skill_says_which_was_meant() -> None:
    with pytest.raises(ProgramError, match=r"no skill 'pyton'; did you mean 'Python'\?"):
        Vocabulary.of(["Python", "SQL"]).index("pyton")


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (("b", "a"), "out of order"),
        (("sql", "SQL"), "second spelling"),
        ((" ", "a"), "blank name"),
    ],
)
def test_labels_that_are_no_vocabulary_are_refused(labels: tuple[str, ...], words: str) -> None:
    with pytest.raises(ProgramError, match=words):
        Vocabulary(labels)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kubernetes", "Kubernets"),  # a letter too few
        ("Kubernetes", "Kubernettes"),  # a letter too many
        ("Kubernetes", "Kubernates"),  # another letter
        ("Kubernetes", "Kuberntees"),  # two letters swapped
        ("kubernetes", "Xubernetes"),  # at the front
        ("kubernetes", "kubernetez"),  # at the end
        ("kubernetse", "kubernetes"),  # swapped at the end
        ("node js", "Node.js"),
        ("e-mail", "email"),
        ("git hub", "github"),
    ],
)
def test_likely_misspellings_are_near(one: str, other: str) -> None:
    near = Vocabulary.of([one, other]).near_duplicates()
    assert [set(pair) for pair in near] == [{one, other}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C++", "C"),
        ("C", "C#"),
        ("objective-c++", "objective-c"),
        ("python 2", "python 3"),
        ("windows 10", "windows 1"),
        ("Ruby", "Rust"),
        ("Ruby", "Rubi"),  # too short to tell
        ("Kubernetes", "Kubernxxes"),  # two letters
        ("abcde", "bacdf"),  # a swap and another letter
        ("abcdef", "abcdfx"),
        ("painting", "paintings at"),
        ("+++", "---"),
    ],
)
def test_different_things_are_not_near(one: str, other: str) -> None:
    assert Vocabulary.of([one, other]).near_duplicates() == ()


def test_near_duplicates_of_many_numbered_skills_take_no_time() -> None:
    # Fails by taking minutes if names that differ in a digit are ever compared.
    assert Vocabulary.of(f"skill number {i:05d}" for i in range(5_000)).near_duplicates() == ()


def test_a_vocabulary_survives_copies_and_compares_by_value() -> None:
    skills = Vocabulary.of(["SQL", "ada"])
    again = pickle.loads(pickle.dumps(skills))
    assert again == skills == copy.deepcopy(skills)
    assert again.index("sql") == 1
    assert skills != Vocabulary.of(["SQL"])
    with pytest.raises(AttributeError):
        skills.labels = ()  # type: ignore[misc]


def test_sentences_and_series_are_no_misspellings() -> None:
    essay = "I would like to learn how to speak in front of many people without fear "
    assert Vocabulary.of([essay * 500 + "a", essay * 500 + "b"]).near_duplicates() == ()
    series = [f"module {letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    assert Vocabulary.of(series).near_duplicates() == ()
    assert len(Vocabulary.of(series[:2]).near_duplicates()) == 1
