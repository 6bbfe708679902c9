"""Lists in a cell and levels in text."""

from unicodedata import normalize

import pytest

from mentormatch import Scales
from mentormatch.people.levels import (
    DoubtfulLevelError,
    escaped,
    parse_level,
    split_items,
    split_list,
)

PROFICIENCY = Scales().proficiency_scale()


def parsed(item: str) -> tuple[str, float | None]:
    return parse_level(item, PROFICIENCY.accepts, PROFICIENCY.words)


@pytest.mark.parametrize(
    ("item", "skill", "level"),
    [
        ("sql", "sql", None),
        ("sql:4", "sql", 4.0),
        ("sql : 4", "sql", 4.0),
        ("sql:4.5", "sql", 4.5),
        ("sql:+4", "sql", 4.0),
        ("sql:1", "sql", 1.0),
        ("sql:5.0", "sql", 5.0),
        ("Code::Blocks", "Code::Blocks", None),
        ("Code::Blocks:3", "Code::Blocks", 3.0),
        ("sql:high", "sql:high", None),
        ("ISO 27001:2022", "ISO 27001:2022", None),
        ("ISO 8601:2004", "ISO 8601:2004", None),
        ("ISO 27001:2022:3", "ISO 27001:2022", 3.0),
        (r"C++\:11", "C++:11", None),
        (r"C++\:11:4", "C++:11", 4.0),
        (r"a\;b:2", "a;b", 2.0),
        (r"a\\:2", "a\\", 2.0),
        (r"C:\work", r"C:\work", None),
        ("https://example.org", "https://example.org", None),
        (":smile", ":smile", None),
        ("sql:\uff14", "sql", 4.0),  # a wide four
        ("sql\uff1a\uff14", "sql", 4.0),  # after a wide colon
        ("C++\\\uff1a\uff11\uff11", "C++\uff1a\uff11\uff11", None),
        ("C++\uff3c\uff1a11", "C++\uff1a11", None),  # behind a wide backslash
    ],
)
def test_levels_are_told_from_names(item: str, skill: str, level: float | None) -> None:
    assert parsed(item) == (skill, level)


@pytest.mark.parametrize(
    "item",
    [
        "sql:9",
        "sql:0",
        "sql:-1",
        "sql:\N{MINUS SIGN}1",
        "sql:0.5",
        "C++:11",
        "sql:4,5",
        "sql:,5",
        "sql:.1",
        "x:3D",
        "sql:",
        "sql :",
        "sql:1e0",
        ":2022",
        ":",
        "sql:\uff19",
        "sql\uff1a9",
    ],
)
def test_what_could_be_either_is_a_doubt_that_shows_the_escape(item: str) -> None:
    with pytest.raises(DoubtfulLevelError) as doubt:
        parsed(item)
    assert "a proficiency from 1 to 5 after the colon" in str(doubt.value)
    # What the message proposes is read as the name.
    remedy = str(doubt.value).split("write '")[1].removesuffix("'")
    assert parsed(remedy) == (item, None)


def test_a_level_without_a_skill_is_a_doubt() -> None:
    with pytest.raises(DoubtfulLevelError, match="the name of a skill before the colon"):
        parsed(":4")


def test_four_digits_are_a_level_where_the_scale_has_them() -> None:
    assert parse_level("chess:2022", lambda number: number <= 3000, "") == ("chess", 2022.0)


def test_blank_items_are_nothing() -> None:
    assert split_items(" ; sql:4 ;; R; ") == ["sql:4", "R"]
    assert split_items("") == []
    assert split_list(r"a\;b; c\:d ;e\\;f\g") == ("a;b", "c:d", "e\\", r"f\g")


def test_every_sign_counts_in_any_width() -> None:
    for sign in (";", ":", "\\"):
        wide = [one for one in map(chr, range(0x11_0000)) if normalize("NFKC", one) == sign]
        assert len(wide) > 2
        for one in wide:
            assert escaped(one) == f"\\{one}"
            assert split_list(escaped(f"a{one}b")) == (f"a{one}b",)
            if sign == ";":
                assert split_items(f"a{one}b") == ["a", "b"]
            if sign == ":":
                assert parsed(f"a{one}3") == ("a", 3.0)


def test_an_escaped_backslash_does_not_escape_the_sign_after_it() -> None:
    assert split_list(r"a\\;b") == ("a\\", "b")
    assert escaped("a\\;b:c") == r"a\\\;b\:c"
