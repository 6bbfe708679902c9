"""One spelling per skill, whoever writes first."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from mentormatch.skills import Vocabulary, key
from tests.people.strategies import NAMES

WORDS = st.text("abc1+ .", min_size=1, max_size=8).filter(lambda word: bool(key(word)))


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert key(key(text)) == key(text)


@given(st.text())
def test_case_does_not_count(text: str) -> None:
    assert key(text.casefold()) == key(text)


@given(st.lists(NAMES, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_uses_decides_nothing(names: list[str], chance: object) -> None:
    shuffled = list(names)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    skills = Vocabulary.of(names)
    assert skills == Vocabulary.of(shuffled)
    assert [skills.index(label) for label in skills] == list(range(len(skills)))
    assert {key(name) for name in names} == {key(label) for label in skills}


@given(st.lists(WORDS, max_size=7))
def test_near_duplicates_are_those_that_a_look_at_every_pair_finds(words: list[str]) -> None:
    skills = Vocabulary.of(words)
    expected = [pair for pair in combinations(skills.labels, 2) if near(*map(key, pair))]
    assert list(skills.near_duplicates()) == expected


def near(one: str, other: str) -> bool:
    """Tell whether two keys are near, by trying every edit."""
    if [c for c in one if c in "1+"] != [c for c in other if c in "1+"]:
        return False
    bare = [[c for c in word if c.isalnum()] for word in (one, other)]
    if bare[0] == bare[1] != []:
        return True
    return min(len(one), len(other)) >= 5 and other in edits(one)


def edits(word: str) -> set[str]:
    """Every text one edit away."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    letters = "abc1+ ."
    return (
        {a + b[1:] for a, b in cuts if b}
        | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
        | {a + c + b[1:] for a, b in cuts if b for c in letters}
        | {a + c + b for a, b in cuts for c in letters}
    )
