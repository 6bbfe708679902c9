"""The pictures: what stands in them can be read, by everybody, and drawing leaves no trace."""

import sys
from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_rgb

import mentormatch as mm
from mentormatch import report
from mentormatch.report import canvas
from tests.matching.examples import crowd
from tests.report.examples import FORMATS, example, hostile, small, trio, workforce
from tests.report.labels import outside, overlaps, texts_of

DRAWN: dict[str, Callable[..., Any]] = {
    "exchange": report.plot_exchange,
    "departments": report.plot_departments,
    "scores": report.plot_scores,
    "rings": report.plot_rings,
    "skills": report.plot_skills,
}
FOUND = {
    "exchange": report.exchange_found,
    "departments": report.departments_found,
    "scores": report.scores_found,
    "rings": report.rings_found,
    "skills": report.skills_found,
}
GROWTH = {
    "mentormatch": ([1_000, 10_000, 100_000, 1_000_000], [0.01, 0.12, 1.5, 18.0]),
    "OR-Tools": ([1_000, 10_000, 100_000], [0.02, 0.5, 12.0]),
    "SciPy": ([1_000, 10_000], [0.05, 6.0]),
    "networkx": ([1_000], [3.0]),
    "$floor$": ([1_000, 1_000_000], [0.009, 16.0]),
}


def luminance(colour: Any) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = np.array(to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one: Any, other: Any) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def is_legible(ax: Any) -> None:
    assert not overlaps(ax)
    assert not outside(ax)


#: The exchange graph differs by format, and the others little.
SHOWN = [
    *(("exchange", name) for name in FORMATS),
    *(
        (kind, name)
        for kind in ("departments", "scores", "skills")
        for name in ("two sides", "buddies")
    ),
    ("rings", "rings"),
    ("scores", "rings"),
]


@pytest.mark.parametrize(("kind", "name"), SHOWN)
def test_no_label_of_the_examples_overlaps_another(kind: str, name: str) -> None:
    ax = DRAWN[kind](example(name))
    is_legible(ax)
    assert report.finding_of(ax) == FOUND[kind](example(name))
    title = " ".join(ax.get_title(loc="left").split())
    assert title == report.finding_of(ax).title


@pytest.mark.parametrize("kind", ["exchange", "departments", "scores", "skills"])
def test_many_people_are_as_legible(kind: str) -> None:
    is_legible(DRAWN[kind](workforce(120)))


def test_a_trio_is_drawn_as_three_who_meet() -> None:
    ax = DRAWN["exchange"](trio())
    is_legible(ax)
    thick = [line for line in ax.lines if line.get_linewidth() > 2.0 and len(line.get_xdata())]
    assert len(thick) == 3


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(("exchange", name) for name in ("two sides", "one pool", "rings", "buddies")),
        *((kind, "one pool") for kind in ("departments", "scores", "skills")),
        ("rings", "rings"),
    ],
)
def test_hostile_names_are_drawn_as_they_are_written(kind: str, name: str) -> None:
    program = FORMATS[name].model_copy(update={"rules": ()})
    if name == "two sides":
        sides = mm.Sides(by="rank", at_least=5, names=("$lead$", "مبتدئ"))
        program = mm.Program(format=mm.Pairs(sides=sides))
    ax = DRAWN[kind](hostile(program))
    ax.get_figure(root=True).savefig(BytesIO(), format="png")  # a warning would be an error
    is_legible(ax)
    shown = "".join(text.get_text() for text in texts_of(ax))
    expected = {"departments": "$R\\&D$", "skills": "$sql$"}.get(kind, "$math$ \\frac{")
    assert expected in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_what_no_font_has_is_a_box_and_what_changes_others_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(canvas, "_font", lambda mark: "DejaVu Sans" if mark.isascii() else None)
    assert canvas.label("a王e\N{COMBINING ACUTE ACCENT}") == f"a{canvas.MISSING}e"


def test_a_long_text_is_cut_to_the_letters_it_may_take() -> None:
    narrow, wide = canvas.label("i" * 50, 10), canvas.label("W" * 50, 10)
    assert max(canvas.letters(wide), canvas.letters(narrow)) <= 10
    assert 3 < len(wide) < len(narrow) < 50
    assert wide[-1] == narrow[-1] == "…"
    assert canvas.label("abcde", 6) == "abcde"
    assert canvas.label("a\n  b") == "a b"


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("kind", DRAWN)
def test_nobody_and_one_pair_are_drawn_too(kind: str, count: int) -> None:
    for name in ("two sides", "one pool") if kind == "exchange" else ("rings",):
        program = FORMATS[name].model_copy(update={"rules": ()})
        is_legible(DRAWN[kind](small(count, program, department="IT")))


def test_several_matchings_and_growths_are_legible_and_named() -> None:
    one = example("two sides")
    many = {f"a set of rules with a long name, number {number}": one for number in range(8)}
    ax = report.plot_served(many)
    is_legible(ax)
    assert len(ax.texts) == 8
    grown = report.plot_growth(GROWTH, x="pairs", y="seconds")
    is_legible(grown)
    assert {text.get_text().split(" (")[0] for text in grown.texts} == {*GROWTH}
    assert grown.get_ylabel() == "seconds"
    for empty in (report.plot_served({}), report.plot_growth({})):
        is_legible(empty)


def test_a_ring_longer_than_a_page_is_drawn_as_far_as_it_goes() -> None:
    records = [{"id": f"p{n:02}", "teaches": f"s{n}", "wants": f"s{n - 1}"} for n in range(70)]
    records[0]["wants"] = "s69"
    matching = mm.match(mm.read_records(records), mm.Program(format=mm.Rings()))
    ax = DRAWN["rings"](matching)
    assert report.finding_of(ax).title == "1 ring of 70 people: everybody learns"
    assert "The first 60 arrows of the first are drawn" in report.finding_of(ax).text
    assert len(report.finding_of(ax).rows) == 70
    is_legible(ax)


def test_rings_beyond_a_page_are_in_the_table_alone() -> None:
    records = [
        {"id": f"p{n:02}", "teaches": f"s{n}", "wants": f"s{n + 1 - 2 * (n % 2)}"}
        for n in range(40)
    ]
    ax = DRAWN["rings"](mm.match(mm.read_records(records), mm.Program(format=mm.Rings())))
    assert "The first 12 are drawn" in report.finding_of(ax).text
    assert len(report.finding_of(ax).rows) == 40
    assert len([text for text in ax.texts if text.get_text().isdigit()]) == 12


def test_equal_scores_of_many_have_one_column_and_nobody_is_worst_off() -> None:
    ax = DRAWN["scores"](crowd(40))
    is_legible(ax)
    assert [bar.get_height() for bar in ax.patches] == [40]
    assert not ax.patches[0].get_hatch()


def test_a_narrow_range_has_ticks_between_powers_of_ten() -> None:
    ax: Any = report.plot_growth({"ours": ([10, 20, 40], [1.0, 2.1, 4.0])})
    ax.figure.draw_without_rendering()
    assert {"10", "20"} <= {text.get_text() for text in ax.get_xticklabels()}


def test_numbers_in_the_table_of_departments_are_those_of_the_finding() -> None:
    ax = DRAWN["departments"](example("rings"))
    names = [text.get_text() for text in ax.get_yticklabels()]
    shown = {
        (names[round(text.get_position()[1])], names[round(text.get_position()[0])]): int(
            text.get_text()
        )
        for text in ax.texts
    }
    assert shown == {row[:2]: row[2] for row in report.finding_of(ax).rows}


def test_more_groups_than_fit_are_drawn_as_one_and_none_is_lost() -> None:
    ax = DRAWN["departments"](workforce(120), attribute="location")
    found = report.finding_of(ax)
    places = {row[0] for row in found.rows} | {row[1] for row in found.rows}
    assert len(places) > 14 == len(ax.get_yticklabels())
    assert ax.get_yticklabels()[-1].get_text().endswith(" others")
    assert sum(int(text.get_text()) for text in ax.texts) == sum(int(row[2]) for row in found.rows)


def test_the_worst_off_are_marked_by_shape_and_by_tone() -> None:
    ax = DRAWN["scores"](example("two sides"))
    marked = [line for line in ax.lines if line.get_marker() == "D"]
    assert [line.get_xdata()[0] for line in marked] == [example("two sides").pairs[-1].score]
    assert "worst off" in ax.texts[-1].get_text()
    bars = DRAWN["scores"](workforce(120)).patches
    assert [bool(bar.get_hatch()) for bar in bars] == [True] + [False] * 19


def test_tones_are_told_apart_without_colour_and_texts_stand_out() -> None:
    assert contrast(canvas.DARK, canvas.LIGHT) >= 3.0
    assert contrast(canvas.DARK, "white") >= 4.5
    for text in (canvas.INK, canvas.QUIET):
        assert contrast(text, "white") >= 4.5
    ax = DRAWN["departments"](example("rings"))
    [image] = ax.images
    shades = image.cmap(image.norm(image.get_array()))[..., :3].reshape(-1, 3)
    assert min(contrast(canvas.INK, shade) for shade in shades) >= 4.5
    bars = DRAWN["skills"](example("two sides")).containers
    assert [bool(bar[0].get_hatch()) for bar in bars] == [True, False, False]
    tones = sorted(luminance(bar[0].get_facecolor()[:3]) for bar in bars)
    assert tones[1] - tones[0] > 0.3
    assert tones[2] - tones[1] > 0.3


def test_drawing_leaves_no_trace_in_the_callers_settings() -> None:
    before, shown = dict(mpl.rcParams), pyplot.get_fignums()
    report.plot_exchange(example("two sides"))
    report.plot_growth(GROWTH)
    assert dict(mpl.rcParams) == before
    assert pyplot.get_fignums() == shown


def test_axes_of_the_caller_are_drawn_on() -> None:
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(14, 5), layout="constrained")
    try:
        assert report.plot_scores(example("two sides"), ax=left) is left
        assert report.plot_skills(example("two sides"), ax=right) is right
        assert report.finding_of(left) != report.finding_of(right)
        assert not hasattr(left, "_repr_mimebundle_")  # pyplot shows it, and once is enough
    finally:
        pyplot.close(figure)


def test_a_circle_fits_into_small_axes() -> None:
    ax = mpl.figure.Figure(figsize=(9, 9), layout="constrained").add_subplot()
    DRAWN["exchange"](example("one pool"), ax=ax)
    is_legible(ax)


def test_other_axes_have_no_finding() -> None:
    with pytest.raises(ValueError, match="show no picture"):
        report.finding_of(mpl.figure.Figure().add_subplot())


def test_a_notebook_shows_the_picture_with_its_text_alternative() -> None:
    formatters = pytest.importorskip("IPython.core.formatters")
    ax = DRAWN["scores"](example("two sides"))
    data, about = formatters.DisplayFormatter().format(ax)
    assert b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == about["image/png"]["alt"] == report.finding_of(ax).text


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(mm.MissingExtraError, match=r"pictures need matplotlib: .*\[plot\]"):
        report.plot_scores(example("two sides"))
