"""Lines on two logarithmic scales: how times grow, each solver's name beside its line."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Line", "draw"]

#: Ours stands out, the floor is drawn in dashes below all, and the peers have colours in turn.
OURS, FLOOR = "#c0392b", "#7f8c8d"
PEERS = (
    "#1f4e79",
    "#2e86ab",
    "#3a7d44",
    "#8e44ad",
    "#b8860b",
    "#6b4226",
    "#4b5d67",
    "#00798c",
    "#c2185b",
)
#: Inches; names get the room of `NAMES` of the width, at the right.
SIZE, NAMES = (9.0, 5.6), 0.2
#: Points that a letter takes, in width and in height.
WIDE, HIGH = 6.5, 13.0
#: Points by which a name may stand above the end of its line.
LIFTS = (0.0, 4.0, -4.0, 8.0, -8.0, 12.0, -12.0, 18.0, -18.0)


@dataclass(frozen=True, slots=True)
class Line:
    """One solver's times.

    Parameters
    ----------
    name
        Written beside the line's end.
    x, y
        Points, all above 0.
    kind
        Whose times they are.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    kind: Literal["ours", "floor", "peer"] = "peer"


def draw(lines: Sequence[Line], labels: tuple[str, str], path: Path) -> None:
    """Draw lines into a file, whose ending says in which format.

    Parameters
    ----------
    lines
        What to draw.
    labels
        Of the two axes.
    path
        Where to write the picture.
    """
    # Imported here: the tests run without it.
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "mentormatch", "font.size": 10}):
        figure = Figure(figsize=SIZE)
        axes = figure.add_axes((0.09, 0.11, 0.89 - NAMES, 0.85))
        axes.set(xscale="log", yscale="log", xlabel=labels[0], ylabel=labels[1])
        axes.grid(which="major", color="#e5e7e9", linewidth=0.8)
        axes.spines[["top", "right"]].set_visible(False)
        colours = cycle(PEERS)
        painted = []
        for line in lines:
            colour = {"ours": OURS, "floor": FLOOR}.get(line.kind) or next(colours)
            width = 2.6 if line.kind == "ours" else 1.4
            dashes = "--" if line.kind == "floor" else "-"
            axes.plot(
                line.x, line.y, dashes, color=colour, linewidth=width, marker="o", markersize=4
            )
            painted.append((line, colour))
        _name(axes, painted)
        figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)


def _name(axes: Any, painted: Sequence[tuple[Line, str]]) -> None:
    """Write each name beside the end of its line, where no line and no other name passes."""
    axes.autoscale_view()
    points = 72.0 / axes.figure.dpi
    corners = [
        axes.transData.transform(np.column_stack((line.x, line.y))) * points for line, _ in painted
    ]
    taken = np.concatenate([_along(line) for line in corners])
    for (line, colour), corner in zip(painted, corners, strict=True):
        width = WIDE * len(line.name)
        places = [
            np.array([right, up]) for right in (8.0, -width / 2, -width - 8.0) for up in LIFTS
        ]
        boxes = [(corner[-1] + place, width) for place in places]
        free = [int(_inside(taken, *box).sum()) for box in boxes]
        best = int(np.argmin(free))
        left = boxes[best][0]
        for up in (-HIGH / 3, 0.0, HIGH / 3):
            name = left + np.array([(0.0, up), (width, up)])
            taken = np.concatenate((taken, _along(name)))
        axes.annotate(
            line.name,
            (line.x[-1], line.y[-1]),
            places[best].tolist(),
            textcoords="offset points",
            va="center",
            color=colour,
            fontweight="bold" if line.kind == "ours" else "normal",
        )


def _along(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points close to each other on a line through corners."""
    steps = np.linspace(0.0, 1.0, 200)[:, None]
    parts = [start + steps * (end - start) for start, end in pairwise(corners)]
    return np.concatenate((corners, *parts))


def _inside(
    points: NDArray[np.float64], left: NDArray[np.float64], width: float
) -> NDArray[np.bool_]:
    """Tell which points lie in the box of a name."""
    right, up = (points - left).T
    inside: NDArray[np.bool_] = (right >= -2.0) & (right <= width) & (abs(up) <= HIGH / 2)
    return inside
