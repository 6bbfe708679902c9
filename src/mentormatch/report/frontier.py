"""What it gains to let ever more people change: the total and the people served, by changes."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mentormatch.matching.few_changes import FrontierPoint
from mentormatch.report.canvas import (
    DARK,
    FAINT,
    FONT_SIZE,
    INK,
    LETTER,
    LIGHT,
    QUIET,
    drawing,
    letters,
    name_points,
    no_axes,
    width_of,
)
from mentormatch.report.finding import Finding

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["frontier_found", "plot_frontier"]

COLUMNS = ("people who change", "people with a partner", "total score", "gained")
#: So many points have large marks; more of them would hide the line.
LARGE = 30
#: So many points have each their tick.
FEW = 6

Points = Sequence[FrontierPoint]


def frontier_found(frontier: Iterable[FrontierPoint]) -> Finding:
    """Say what it gains to let people change, and how few of them bring half of it.

    Parameters
    ----------
    frontier
        What `Matching.frontier` returned.

    Returns
    -------
    Finding
        A row for each number of people who change that gains something over a smaller one. The
        last column is the total less that of the first row. Nobody is named.

    Examples
    --------
    >>> import mentormatch as mm
    >>> found = mm.report.frontier_found(
    ...     [
    ...         mm.FrontierPoint(0, 40, 12.5),
    ...         mm.FrontierPoint(2, 40, 13.75),
    ...         mm.FrontierPoint(8, 40, 14.5),
    ...     ]
    ... )
    >>> found.title
    'If 8 people change, the total rises by 2.00; 2 are enough for half of that'
    >>> found.rows[1]
    (2, 40, 13.75, 1.25)
    """
    points = tuple(frontier)
    rows = tuple(
        (one.changes, one.people, one.score, one.score - points[0].score) for one in points
    )
    title = _title(points)
    if len(points) < 2:
        return Finding(title, f"{title}. {_stand(points)}".rstrip(), COLUMNS, rows)
    first, last = points[0], points[-1]
    named = "; ".join(_told(points, place) for place in _named(points))
    text = (
        f"{title}. Steps of the total score that is gained, by how many people change; a point "
        f"for each of {len(points):,} numbers of them that gain more than a smaller one, from "
        f"{first.changes:,} to {last.changes:,}. The total is {first.score:.2f} at first and "
        f"{last.score:.2f} at last"
    )
    if first.people != last.people:
        text += f"; {first.people:,} people have a partner at first and {last.people:,} at last"
    if _served(points):
        text += ". Diamonds are where more have one, and how many stands on top where there is room"
    return Finding(title, f"{text}. {named}.", COLUMNS, rows)


def plot_frontier(frontier: Iterable[FrontierPoint], ax: "Axes | None" = None) -> "Axes":
    """Draw what it gains to let ever more people change.

    Parameters
    ----------
    frontier
        What `Matching.frontier` returned.
    ax
        Axes to draw on; new ones without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.

    Examples
    --------
    >>> import mentormatch as mm
    >>> ax = mm.report.plot_frontier(
    ...     [
    ...         mm.FrontierPoint(0, 40, 12.5),
    ...         mm.FrontierPoint(2, 40, 13.75),
    ...         mm.FrontierPoint(8, 40, 14.5),
    ...     ]
    ... )
    >>> ax.get_ylabel()
    'total score gained'
    """
    points = tuple(frontier)
    finding = frontier_found(points)
    with drawing(finding, ax, (8.0, 4.2 if len(points) > 1 else 1.4)) as ax:
        if len(points) < 2:
            no_axes(ax, _stand(points))
            return ax
        changes = [one.changes for one in points]
        gained = [one.score - points[0].score for one in points]
        served = _served(points)
        ax.axhline(0.0, color=QUIET, linestyle="--", linewidth=1.0, zorder=1)
        ax.plot(changes, gained, color=DARK, linewidth=1.8, drawstyle="steps-post", zorder=4)
        others = [place for place in range(len(points)) if place not in served]
        for some, marker, tone in ((others, "o", DARK), (served, "D", LIGHT)):
            ax.plot(
                [changes[place] for place in some],
                [gained[place] for place in some],
                marker=marker,
                markersize=7.0 if len(points) <= LARGE else 4.5,
                color=tone,
                markeredgecolor=INK,
                linestyle="none",
                zorder=5,
            )
        ax.set(xlabel="people who change partners", ylabel="total score gained")
        ax.margins(0.04, 0.1)
        ax.ticklabel_format(style="plain", useOffset=False)
        if len(points) > FEW:
            ax.locator_params(axis="x", integer=True)
        else:
            ax.set_xticks(changes)
        name_points(
            ax,
            [(_told(points, place), changes[place], gained[place]) for place in _named(points)],
        )
        if served:
            _people_on_top(ax, points, served)
    return ax


def _people_on_top(ax: Any, points: Points, served: Sequence[int]) -> None:
    """Write on top how many people have a partner from where on, as far as there is room."""
    low, high = ax.get_xlim()
    width = 72.0 * width_of(ax)
    shown: list[tuple[float, str, float]] = []
    for place in dict.fromkeys((served[-1], 0, *served[::-1])):
        text, x = f"{points[place].people:,}", float(points[place].changes)
        room = (letters(text) + 2.0) * LETTER * FONT_SIZE * (high - low) / width
        if all(2 * abs(x - other) >= room + taken for other, _, taken in shown):
            shown.append((x, text, room))
    for x, _, _ in shown:
        ax.axvline(x, color=FAINT, linewidth=0.8, zorder=0)
    top = ax.secondary_xaxis("top")
    top.set_xticks([x for x, _, _ in shown], [text for _, text, _ in shown])
    top.tick_params(length=0.0)
    top.spines["top"].set_visible(False)
    top.set_xlabel("people with a partner")


def _stand(points: Points) -> str:
    """Say how it stands where nobody changes."""
    return "".join(
        f"{one.people:,} people have a partner, and the total is {one.score:.2f}."
        for one in points[:1]
    )


def _served(points: Points) -> list[int]:
    """Return at which points more people have a partner than at the one before.

    Where the score comes first that number goes up and down, and says nothing point by point.
    """
    people = [one.people for one in points]
    rises = [place for place in range(1, len(people)) if people[place] > people[place - 1]]
    return rises if people == sorted(people) else []


def _half(points: Points) -> int:
    """Return the first point with half of all that is gained; 0 where that says nothing.

    Where people come first the total may fall for them, and where there are two points the first
    that gains anything gains all.
    """
    scores = [one.score for one in points]
    if scores != sorted(scores):
        return 0
    half = bisect_left(scores, (scores[0] + scores[-1]) / 2)
    return half if half < len(points) - 1 else 0


def _named(points: Points) -> list[int]:
    """Return the points that are named beside the picture."""
    return sorted({_half(points), *_served(points)[-1:], len(points) - 1} - {0})


def _told(points: Points, place: int) -> str:
    """Return what one point gains, in a few words."""
    one, more = points[place], points[place].people - points[0].people
    people = f", {abs(more):,} {'more' if more > 0 else 'fewer'} served" if more else ""
    gained = one.score - points[0].score
    return f"{one.changes:,} change: {'+' if gained >= 0 else '-'}{_amount(gained)}{people}"


def _title(points: Points) -> str:
    """Say what all changes gain, and how few serve most people or bring half of the total."""
    if not points:
        return "No changes are weighed"
    if len(points) == 1:
        return "No change of partners gains anything"
    first, last = points[0], points[-1]
    half, enough = points[_half(points)], [points[place] for place in _served(points)[-1:]]
    gained, more = last.score - first.score, last.people - first.people
    total = f"the total {'rises' if gained > 0 else 'falls'} by {_amount(gained)}"
    if not gained:
        total = "the total stays as it is"
    of_it = f"; {half.changes:,} are enough for half of that" if half is not first else ""
    if enough and enough != [last]:
        some = f"If {enough[0].changes:,} people change, {more:,} more have a partner"
        return f"{some}; if {last.changes:,} do, {total}{of_it}"
    people = f"{abs(more):,} {'more' if more > 0 else 'fewer'} have a partner and " if more else ""
    return f"If {last.changes:,} people change, {people}{total}{of_it}"


def _amount(gained: float) -> str:
    """Write how much it is, with as many digits as show it."""
    if abs(gained) >= 0.005 or not gained:
        return f"{abs(gained):.2f}"
    return np.format_float_positional(abs(gained), precision=1, fractional=False, trim="-")
