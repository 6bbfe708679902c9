"""Where the texts of a picture stand, and which of them overlap."""

from itertools import combinations
from math import cos, radians, sin
from typing import Any

import numpy as np
from matplotlib.text import Text
from numpy.typing import NDArray

Box = NDArray[np.float64]

#: Texts may touch by so many pixels: their boxes have room around the letters.
TOUCH = 1.0


def texts_of(ax: Any) -> list[Any]:
    """All texts that are seen: names, ticks, titles and keys."""
    found = [*ax.texts, ax.title, ax._left_title, ax._right_title]
    legend = ax.get_legend()
    if legend is not None:
        found += legend.get_texts()
    if ax.axison:
        found += [ax.xaxis.label, ax.yaxis.label]
        frame = ax.get_window_extent().padded(1.0)
        for axis, side in ((ax.xaxis, "x"), (ax.yaxis, "y")):
            for tick in axis.get_major_ticks():
                place = getattr(tick.tick1line.get_window_extent(), f"{side}0")
                if getattr(frame, f"{side}0") <= place <= getattr(frame, f"{side}1"):
                    found.append(tick.label1)
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def _box(text: Any) -> Box:
    """The corners of a text alone: an annotation's own extent has its arrow too."""
    return np.array(Text.get_window_extent(text).corners())[[0, 1, 3, 2]]


def corners(text: Any) -> Box:
    """The four corners of a text, turned as it is."""
    turned = text.get_rotation()
    if text.get_rotation_mode() != "anchor":
        return _box(text)
    text.set_rotation(0.0)
    box = _box(text)
    text.set_rotation(turned)
    anchor = text.get_transform().transform(text.get_unitless_position())
    c, s = cos(radians(turned)), sin(radians(turned))
    turn = np.array([[c, -s], [s, c]])
    return np.asarray((box - anchor) @ turn.T + anchor)


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes overlap: no side of either has the other beyond it (separating axes)."""
    for box in (one, other):
        for side in (box[1] - box[0], box[2] - box[1]):
            normal = np.array([-side[1], side[0]]) / max(float(np.hypot(*side)), 1e-9)
            first, second = one @ normal, other @ normal
            if min(first.max(), second.max()) - max(first.min(), second.min()) <= TOUCH:
                return False
    return True


def overlaps(ax: Any) -> list[tuple[str, str]]:
    """Texts that overlap, two by two; the picture is laid out first."""
    ax.get_figure(root=True).draw_without_rendering()
    placed = [(text.get_text(), corners(text)) for text in texts_of(ax)]
    return [
        (one, other) for (one, here), (other, there) in combinations(placed, 2) if meet(here, there)
    ]


def outside(ax: Any) -> list[str]:
    """Texts that reach beyond the edge of the figure."""
    figure = ax.get_figure(root=True)
    low, high = figure.bbox.min - TOUCH, figure.bbox.max + TOUCH
    return [
        text.get_text()
        for text in texts_of(ax)
        if (corners(text) < low).any() or (corners(text) > high).any()
    ]
