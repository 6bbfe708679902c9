"""The picture of what changes gain: it says what `revise` gives, and can be read."""

from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.colors import to_rgb

import mentormatch as mm
from mentormatch.report import finding_of, frontier_found, plot_frontier
from tests.report.examples import NAMES
from tests.report.labels import corners, meet, outside, overlaps

Point = mm.FrontierPoint
NOTHING = [Point(0, 40, 12.5)]
RISING = [Point(0, 40, 12.5), Point(2, 40, 13.75), Point(8, 40, 14.5)]
#: As of real people where serving most comes first: the total falls for two more of them.
SERVING = [
    Point(0, 144, 29.70),
    Point(2, 146, 30.19),
    Point(4, 148, 30.06),
    Point(6, 148, 30.52),
    Point(8, 150, 30.06),
    *(Point(changes, 150, 30.06 + 0.03 * changes) for changes in range(10, 56, 2)),
]
#: And where the score comes first: how many have a partner goes up and down.
SCORING = [Point(0, 142, 29.0), Point(4, 146, 30.0), Point(6, 144, 30.5), Point(8, 146, 31.0)]
HUNDRED = [Point(2 * n, 400, 100.0 + 12.0 * (1.0 - 0.96**n)) for n in range(101)]
EVER_MORE = [Point(2 * n, 4_000 + 2 * n, 100.0 + 0.4 * n) for n in range(101)]
TINY = [Point(0, 40, 12.5), Point(2, 40, 12.50001), Point(4, 40, 12.50003)]
ALL = {
    "nothing": NOTHING,
    "rising": RISING,
    "serving": SERVING,
    "scoring": SCORING,
    "hundred": HUNDRED,
    "ever more": EVER_MORE,
    "tiny": TINY,
}


def texts_on_top(ax: Any) -> list[Any]:
    """The numbers of people above the picture, and what they are."""
    return [
        text
        for top in ax.child_axes
        for text in (*top.get_xticklabels(), top.xaxis.label)
        if text.get_text()
    ]


def test_the_table_has_what_a_revision_with_so_many_changes_gives() -> None:
    cohort = mm.synthetic.workforce(120, seed=7)
    program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=3)))
    matching = mm.match(cohort, program)
    left = [pair.a for pair in matching.pairs[::8]]
    rows = frontier_found(matching.frontier(cohort, left=left)).rows
    assert len(rows) > 2
    for changes, served, total, gained in rows:
        whole: mm.Matching = matching.revise(cohort, left=left, changes=int(changes)).matching
        assert served == 2 * len(whole.pairs)
        assert total == pytest.approx(whole.total)
        assert gained == pytest.approx(whole.total - float(rows[0][2]))


@pytest.mark.parametrize("name", ["rising", "serving", "scoring", "hundred"])
def test_all_that_is_drawn_is_in_the_table(name: str) -> None:
    ax: Any = plot_frontier(iter(ALL[name]))
    found = finding_of(ax)
    assert found == frontier_found(ALL[name])
    expected = [(row[0], row[3]) for row in found.rows]
    marks = [
        point
        for line in ax.lines
        if line.get_marker() in ("o", "D")
        for point in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]
    assert sorted(marks) == expected
    [steps] = [line for line in ax.lines if line.get_drawstyle() == "steps-post"]
    assert list(zip(steps.get_xdata(), steps.get_ydata(), strict=True)) == expected
    assert all(text.get_text() in found.text for text in ax.texts)


@pytest.mark.parametrize(
    ("name", "is_small"), [*((name, False) for name in ALL), ("serving", True), ("ever more", True)]
)
def test_no_label_overlaps_another(name: str, is_small: bool) -> None:
    small = mpl.figure.Figure(figsize=(6.4, 3.6), layout="constrained")
    ax: Any = plot_frontier(ALL[name], small.add_subplot() if is_small else None)
    assert not overlaps(ax)
    assert not outside(ax)
    boxes = [corners(text) for text in texts_on_top(ax)]
    others = [corners(text) for text in (ax._left_title, *ax.texts, *ax.get_yticklabels())]
    for place, box in enumerate(boxes):
        assert not any(meet(box, other) for other in (*boxes[:place], *others))
    assert bool(boxes) == (name in ("serving", "ever more"))


def test_how_many_have_a_partner_stands_on_top_from_first_to_last() -> None:
    for points in (SERVING, EVER_MORE):
        numbers = [text.get_text() for text in texts_on_top(plot_frontier(points))][:-1]
        assert {f"{points[0].people:,}", f"{points[-1].people:,}"} <= {*numbers}
        assert {*numbers} <= {f"{one.people:,}" for one in points}
        assert len({*numbers}) == len(numbers)


@pytest.mark.parametrize(
    ("points", "title"),
    [
        ([], "No changes are weighed"),
        (NOTHING, "No change of partners gains anything"),
        (RISING, "If 8 people change, the total rises by 2.00; 2 are enough for half of that"),
        (RISING[:2], "If 2 people change, the total rises by 1.25"),
        (SERVING, "If 8 people change, 6 more have a partner; if 54 do, the total rises by 1.98"),
        (
            SERVING[:5],
            "If 8 people change, 6 more have a partner and the total rises by 0.36",
        ),
        (
            SCORING,
            (
                "If 8 people change, 4 more have a partner and the total rises by 2.00; 4 are "
                "enough for half of that"
            ),
        ),
        (
            [Point(0, 44, 12.0), Point(2, 42, 12.5)],
            "If 2 people change, 2 fewer have a partner and the total rises by 0.50",
        ),
        (
            [Point(0, 40, 12.5), Point(2, 42, 12.0)],
            "If 2 people change, 2 more have a partner and the total falls by 0.50",
        ),
        (TINY, "If 4 people change, the total rises by 0.00003"),
        (
            [Point(0, 40, 12.5), Point(2, 42, 12.5)],
            "If 2 people change, 2 more have a partner and the total stays as it is",
        ),
    ],
)
def test_the_title_says_what_it_gains(points: list[Point], title: str) -> None:
    found = frontier_found(points)
    assert found.title == title
    assert found.text.startswith(f"{title}.")
    assert found.text.endswith(".")


def test_half_of_the_gain_takes_what_no_smaller_number_of_changes_reaches() -> None:
    [half, _] = [text.get_text() for text in plot_frontier(HUNDRED).texts]
    gained = {one.changes: one.score - HUNDRED[0].score for one in HUNDRED}
    least = min(changes for changes, gain in gained.items() if gain >= gained[200] / 2)
    assert half == f"{least} change: +{gained[least]:.2f}"


def test_who_gains_a_partner_is_marked_by_shape_and_by_tone() -> None:
    ax: Any = plot_frontier(SERVING)
    tones = {
        line.get_marker(): max(to_rgb(line.get_markerfacecolor()))
        for line in ax.lines
        if line.get_marker() in ("o", "D")
    }
    assert tones["D"] - tones["o"] > 0.3
    [marked] = [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "D"]
    assert marked == [2, 4, 8]


def test_one_point_is_a_picture_that_says_how_it_stands() -> None:
    ax = plot_frontier(NOTHING)
    assert [text.get_text() for text in ax.texts] == [
        "40 people have a partner, and the total is 12.50."
    ]
    assert finding_of(ax).rows == ((0, 40, 12.5, 0.0),)
    assert finding_of(plot_frontier([])).rows == ()


def test_nobody_is_named_whatever_they_are_called() -> None:
    records = [
        {"id": f"{name} {n}", "name": name, "rank": 6 - n % 2 * 5}
        | {"teaches": {f"s{n % 2}": 5}, "wants": {f"s{1 - n % 2}": 1}}
        for n, name in enumerate(NAMES)
        if name
    ]
    matching = mm.match(mm.read_records(records[:4]), mm.Program())
    new = [str(one["id"]) for one in records[4:]]
    found = frontier_found(matching.frontier(mm.read_records(records), joined=new))
    assert found.rows
    assert not any(name in str(found) for name in NAMES if len(name) > 1)
