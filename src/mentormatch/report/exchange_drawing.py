"""The exchange graph drawn: as two columns of names, or as a circle of them."""

from math import cos, degrees, pi, sin
from typing import TYPE_CHECKING, Any

from mentormatch.report.canvas import (
    DARK,
    FAINT,
    INK,
    LETTER,
    LIGHT,
    QUIET,
    label,
    least_side,
    letters,
    no_axes,
    spread,
)
from mentormatch.report.meetings import Meeting, Meetings, Place

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["circle", "circle_size", "columns_size", "two_columns"]

#: Points of the letters around a circle.
SMALL = 8.0
PAIRED: dict[str, Any] = {"marker": "o", "color": DARK, "markeredgecolor": INK, "markersize": 6.5}
ALONE: dict[str, Any] = {**PAIRED, "marker": "s", "color": LIGHT}


def columns_size(meetings: Meetings) -> tuple[float, float]:
    """Return width and height, in inches, of a figure for two columns."""
    singles = [side for side, _ in meetings.single]
    lines = max(len(meetings.chosen), 1) + max(singles.count(0), singles.count(1))
    return 10.0, 1.7 + 0.34 * lines


def two_columns(ax: "Axes", meetings: Meetings) -> None:
    """Draw two columns, with a line of its own for each chosen pair.

    Parameters
    ----------
    ax
        Where.
    meetings
        Of two sides.
    """
    height = _heights(meetings)
    for one in meetings.meetings:
        if not one.chosen:
            ends = [height[one.a], height[one.b]]
            ax.plot([0.0, 1.0], ends, **_thin(meetings.is_one_way(one)))
    for line, one in enumerate(meetings.chosen):
        bend = [height[one.a], line, line, height[one.b]]
        ax.plot([0.0, 0.2, 0.8, 1.0], bend, color=DARK, linewidth=2.4, zorder=2)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        middle: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8.0, "bbox": box}
        ax.text(0.5, line, _exchange(one), zorder=3, **middle)
    singles = {*meetings.single}
    for place, name in meetings.called.items():
        x, y = place[0], height[place]
        ax.plot([x], [y], zorder=4, **(ALONE if place in singles else PAIRED))
        ax.annotate(
            label(name, 26),
            (x, y),
            (9.0 if x else -9.0, 0.0),
            textcoords="offset points",
            ha="left" if x else "right",
            va="center",
            color=QUIET if place in singles else INK,
        )
    for x, name in enumerate(meetings.sides):
        ax.text(x, -1.1, label(name, 26), ha="center", va="center", fontsize=10.0)
    _key(ax, meetings)
    no_axes(ax)
    ax.set(xlim=(-0.05, 1.05), ylim=(max(height.values(), default=0.0) + 0.8, -1.6))


def _heights(meetings: Meetings) -> dict[Place, float]:
    """Return on which line everybody stands: amid their pairs, or below all, without a partner."""
    lines: dict[Place, list[int]] = {}
    for line, one in enumerate(meetings.chosen):
        lines.setdefault(one.a, []).append(line)
        lines.setdefault(one.b, []).append(line)
    height: dict[Place, float] = {}
    for side in (0, 1):
        paired = [place for place in lines if place[0] == side]
        amid = [sum(lines[place]) / len(lines[place]) for place in paired]
        height.update(zip(paired, spread(amid, 1.0), strict=True))
        single = [place for place in meetings.single if place[0] == side]
        height.update((place, len(meetings.chosen) + 0.5 + n) for n, place in enumerate(single))
    return height


def circle_size(meetings: Meetings) -> tuple[float, float]:
    """Return width and height, in inches, of a figure for a circle."""
    wide = 2.0 * (_radius(meetings) + _reach(meetings))
    return wide, wide + 0.8  # title and key


def circle(ax: "Axes", meetings: Meetings) -> None:
    """Draw a circle of people, those who meet beside each other.

    Parameters
    ----------
    ax
        Where.
    meetings
        Of a pool, or of rings.
    """
    step = 2 * pi / max(len(meetings.called), 1)
    angle = {place: pi / 2 - step * (n + 0.5) for n, place in enumerate(meetings.called)}
    for one in meetings.meetings:
        a, b = ((cos(angle[place]), sin(angle[place])) for place in (one.a, one.b))
        if one.chosen and meetings.layout == "arrows":
            style = {"arrowstyle": "-|>", "color": DARK, "linewidth": 2.0, "shrinkB": 5.0}
            ax.annotate("", b, a, arrowprops=style)
        elif one.chosen:
            ax.plot(*zip(a, b, strict=True), color=DARK, linewidth=2.8, zorder=2)
        else:
            ax.plot(*zip(a, b, strict=True), **_thin(meetings.is_one_way(one)))
    singles = {*meetings.single}
    for place, text in _texts(meetings).items():
        _around(ax, angle[place], text, alone=place in singles)
    _key(ax, meetings)
    no_axes(ax)
    # The circle takes what the texts leave of the axes, be they ours or not. At first it is small
    # enough for them to fit in: else the layout would make room for them.
    ax.set(xlim=(-4.0, 4.0), ylim=(-4.0, 4.0))
    side = 0.95 * least_side(ax)
    edge = side / max(side - 2.0 * _reach(meetings), side / 4.0)
    ax.set(xlim=(-edge, edge), ylim=(-edge, edge), aspect="equal")


def _radius(meetings: Meetings) -> float:
    """Return the radius in inches of a circle on which lines of text do not touch."""
    return max(1.4, 0.034 * len(meetings.called))


def _reach(meetings: Meetings) -> float:
    """Return how far in inches the longest text reaches out from the circle."""
    longest = max(map(letters, _texts(meetings).values()), default=0.0)
    return 0.2 + longest * LETTER * SMALL / 72.0


def _texts(meetings: Meetings) -> dict[Place, str]:
    """Return everybody's name and what they teach, or learn with a buddy."""
    skills: dict[Place, list[str]] = {}
    for one in meetings.chosen:
        skills.setdefault(one.a, []).extend(one.together or one.a_teaches)
        skills.setdefault(one.b, []).extend(one.together or one.b_teaches)
    texts = {}
    for place, name in meetings.called.items():
        listed = ", ".join(dict.fromkeys(skills.get(place, ())))
        called = label(name, 20)
        texts[place] = label(f"{called}: {listed}", 36) if listed else called
    return texts


def _around(ax: "Axes", angle: float, text: str, *, alone: bool) -> None:
    """Write somebody on the circle."""
    x, y = cos(angle), sin(angle)
    ax.plot([x], [y], zorder=4, **(ALONE if alone else PAIRED))
    to_the_left = x < -1e-9
    ax.annotate(
        text,
        (x, y),
        (8.0 * x, 8.0 * y),
        textcoords="offset points",
        rotation=degrees(angle) + (180.0 if to_the_left else 0.0),
        rotation_mode="anchor",
        ha="right" if to_the_left else "left",
        va="center",
        fontsize=SMALL,
        color=QUIET if alone else INK,
    )


def _thin(is_one_way: bool) -> dict[str, Any]:
    dash = (0, (4, 3)) if is_one_way else "-"
    return {"color": FAINT, "linewidth": 0.9, "linestyle": dash, "zorder": 1}


def _key(ax: "Axes", meetings: Meetings) -> None:
    """Say below what lines and dots mean."""
    noun = "arrow" if meetings.layout == "arrows" else "pair"
    thin = {meetings.is_one_way(one) for one in meetings.meetings if not one.chosen}
    if meetings.chosen:
        ax.plot([], [], color=DARK, linewidth=2.6, label=f"chosen {noun}")
    if False in thin:
        ax.plot([], [], label=f"possible {noun}", **_thin(False))
    if True in thin:
        ax.plot([], [], label="possible, only one would learn", **_thin(True))
    if meetings.single:
        ax.plot([], [], linestyle="none", label="no partner", **ALONE)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=4, frameon=False)


def _exchange(one: Meeting) -> str:
    """Write what a chosen pair exchanges, with arrows from who teaches to who learns."""
    if one.together:
        return label(", ".join(one.together), 50)
    parts = []
    if one.a_teaches:
        parts.append(f"{label(', '.join(one.a_teaches), 34)} \N{RIGHTWARDS ARROW}")
    if one.b_teaches:
        parts.append(f"\N{LEFTWARDS ARROW} {label(', '.join(one.b_teaches), 34)}")
    return "    ".join(parts) or "nothing"
