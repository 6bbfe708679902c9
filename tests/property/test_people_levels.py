"""Skills and levels survive being written as text."""

import contextlib
import warnings

from hypothesis import given
from hypothesis import strategies as st

from mentormatch import ProfileErrors, ProfileWarning, Scales, read_records
from mentormatch.people.levels import (
    DoubtfulLevelError,
    escaped,
    parse_level,
    split_items,
    split_list,
)
from tests.people.strategies import NAMES, TEXT

SCALE = Scales().proficiency_scale()
NUMBERS = st.none() | st.integers(1, 5) | st.sampled_from((1.5, 4.25))


@given(TEXT | st.text(";:\\ 4a9-", max_size=8))
def test_no_text_breaks_the_reading(text: str) -> None:
    for item in split_items(text):
        with contextlib.suppress(DoubtfulLevelError):
            skill, level = parse_level(item, SCALE.accepts, SCALE.words)
            assert skill
            assert level is None or SCALE.accepts(level)


@given(st.lists(st.tuples(NAMES, NUMBERS), max_size=4))
def test_an_escaped_list_is_read_back(skills: list[tuple[str, float | None]]) -> None:
    text = "; ".join(
        escaped(name) + ("" if level is None else f":{level}") for name, level in skills
    )
    found = [parse_level(item, SCALE.accepts, SCALE.words) for item in split_items(text)]
    assert found == skills


@given(st.lists(NAMES, max_size=4))
def test_a_plain_list_is_read_back(words: list[str]) -> None:
    assert split_list(";".join(escaped(word) for word in words)) == tuple(words)


@given(TEXT)
def test_what_the_message_proposes_is_accepted(text: str) -> None:
    try:
        parse_level(text.strip(), SCALE.accepts, SCALE.words)
    except DoubtfulLevelError as doubt:
        if "write '" in str(doubt):
            remedy = str(doubt).split("write '", 1)[1].removesuffix("'")
            assert parse_level(remedy, SCALE.accepts, SCALE.words)[1] is None


@given(st.lists(TEXT, min_size=1, max_size=3))
def test_reading_ends_in_people_or_in_faults(cells: list[str]) -> None:
    records = [{"id": number, "teaches": cell} for number, cell in enumerate(cells)]
    with contextlib.suppress(ProfileErrors), warnings.catch_warnings():
        warnings.simplefilter("ignore", ProfileWarning)
        assert len(read_records(records)) == len(cells)
