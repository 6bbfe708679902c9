"""What the figures share: people as circles, pairs as lines, and the colours of both."""

from collections.abc import Mapping, Sequence
from io import StringIO

from IPython.display import SVG
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = [
    "BLUE",
    "GREY",
    "ORANGE",
    "Place",
    "arrow",
    "canvas",
    "line",
    "note",
    "people",
    "shown",
]

Place = tuple[float, float]

#: Told apart by those who do not tell red from green, and in print.
BLUE, ORANGE, GREY = "#1b5e7a", "#c8553d", "#9aa3a8"


def canvas(
    width: float, height: float, panels: int = 1, titles: Sequence[str] = ()
) -> tuple[Figure, Sequence[Axes]]:
    """Return a figure with empty panels beside each other, without axes.

    Parameters
    ----------
    width, height
        In inches.
    panels
        How many.
    titles
        What stands above each.
    """
    figure = Figure(figsize=(width, height))
    figure.subplots_adjust(left=0.02, right=0.98, bottom=0.02, top=0.9 if titles else 0.98)
    axes = [figure.add_subplot(1, panels, number + 1) for number in range(panels)]
    for number, panel in enumerate(axes):
        panel.set_axis_off()
        panel.margins(0.14, 0.3)
        if titles:
            panel.set_title(titles[number], fontsize=10)
    return figure, axes


def people(
    panel: Axes,
    places: Mapping[str, Place],
    prices: Mapping[str, str] | None = None,
    side: float = -1.0,
) -> None:
    """Draw people as circles with their names, and a price below each, or above where side is 1."""
    for name, (x, y) in places.items():
        panel.plot([x], [y], "o", ms=30, color="white", mec=BLUE, mew=1.5, zorder=3)
        panel.text(x, y, name, ha="center", va="center", fontsize=9, zorder=4)
        if prices and name in prices:
            panel.annotate(
                prices[name],
                (x, y),
                (0, 25 * side),
                textcoords="offset points",
                ha="center",
                va="center",
                fontsize=9,
                color=ORANGE,
                zorder=4,
            )


def line(
    panel: Axes, start: Place, end: Place, text: str = "", *, chosen: bool = False, at: float = 0.5
) -> None:
    """Draw a pair, thick where it is chosen, with a text on the line."""
    panel.plot(
        [start[0], end[0]],
        [start[1], end[1]],
        color=BLUE if chosen else GREY,
        lw=3.5 if chosen else 1.2,
        ls="-" if chosen else "--",
        zorder=1,
    )
    if text:
        note(panel, _between(start, end, at), text)


def arrow(panel: Axes, start: Place, end: Place, text: str = "", color: str = BLUE) -> None:
    """Draw who teaches whom."""
    panel.annotate(
        "",
        end,
        start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": color,
            "lw": 1.8,
            "shrinkA": 17,
            "shrinkB": 17,
            "connectionstyle": "arc3,rad=0.18",
        },
    )
    if text:
        note(panel, _between(start, end, 0.5), text)


def note(panel: Axes, place: Place, text: str, color: str = "black") -> None:
    """Write a text on white, so that a line does not run through it."""
    panel.text(
        *place,
        text,
        ha="center",
        va="center",
        fontsize=9,
        color=color,
        zorder=2,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )


def shown(figure: Figure) -> SVG:
    """Return a figure as the page has it."""
    text = StringIO()
    # Without a date, the same numbers make the same file.
    figure.savefig(text, format="svg", metadata={"Date": None})
    return SVG(text.getvalue())


def _between(start: Place, end: Place, at: float) -> Place:
    return start[0] + at * (end[0] - start[0]), start[1] + at * (end[1] - start[1])
