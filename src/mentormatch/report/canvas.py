"""What pictures are drawn on: axes, fonts that have the letters, and tones that survive print."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any
from unicodedata import category

from mentormatch.extras import extra
from mentormatch.matching.tables import harmless, kept_apart
from mentormatch.report.finding import Finding

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "DARK",
    "FAINT",
    "FONT_SIZE",
    "HATCH",
    "INK",
    "LETTER",
    "LIGHT",
    "QUIET",
    "drawing",
    "finding_of",
    "label",
    "least_side",
    "letters",
    "name_points",
    "no_axes",
    "plain_ticks",
    "spread",
    "width_of",
]

#: Text, and lines that count; text beside it; lines behind it.
INK, QUIET, FAINT = "#1b1b1b", "#5c5c5c", "#c9c9c9"
#: The two tones of every picture: blue and orange, which nobody confuses, and dark and light, which
#: a copier keeps. The light one is hatched wherever it is an area.
DARK, LIGHT, HATCH = "#14507f", "#f2b35c", "////"

FONT_SIZE = 9.0  # points
#: Texts are texts: a name may hold dollars, and a tick is no formula.
STYLE = {
    "text.parse_math": False,
    "text.usetex": False,
    "text.color": INK,
    "font.size": FONT_SIZE,
    "axes.edgecolor": QUIET,
    "axes.facecolor": "white",
    "axes.labelcolor": INK,
    "axes.titlesize": 12.0,
    "axes.titleweight": "normal",  # not every font is there in bold, and matplotlib would tell
    "axes.unicode_minus": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "figure.facecolor": "white",
    "hatch.linewidth": 0.6,
    "hatch.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}
#: Below so wide a range powers of ten alone would be too few ticks.
FEW_DECADES = 100.0
#: Comes with matplotlib, and so is there on every machine.
FONT = "DejaVu Sans"
#: A letter of middling width, and how wide it is there as a part of the font's size.
MIDDLING, LETTER = "n", 0.634
#: Stands for what was cut off.
CUT = "\N{HORIZONTAL ELLIPSIS}"
#: Stands for a letter that no font of the machine has.
MISSING = "\N{WHITE VERTICAL RECTANGLE}"


@contextmanager
def drawing(finding: Finding, ax: "Axes | None", size: tuple[float, float]) -> Iterator["Axes"]:
    """Give axes to draw on, and put the finding's title above when that is done.

    Parameters
    ----------
    finding
        What is drawn: every text that stands in the picture is one of its texts, or part of one.
    ax
        Axes of the caller's, or `None` for a figure of their own. That is no pyplot figure: no
        window is opened, and there is none to close. A notebook shows it where the axes are the
        result of a cell.
    size
        Width and height of the figure of their own, in inches.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    matplotlib = extra("matplotlib", "plot", "pictures")
    with matplotlib.rc_context({**STYLE, "font.family": _families(finding)}):
        if ax is None:
            figure = extra("matplotlib.figure", "plot", "pictures").Figure
            ax = figure(figsize=size, layout="constrained").add_subplot()
            _shown_in_notebooks(ax)
        yield ax
        _title(ax, label(finding.title))
    _remember(ax, finding)


def finding_of(ax: "Axes") -> Finding:
    """Return what a picture says: its title, its text alternative and its data.

    Parameters
    ----------
    ax
        What a function of `mentormatch.report` drew on and returned.

    Raises
    ------
    ValueError
        When none has drawn on these axes.

    Examples
    --------
    >>> import mentormatch as mm
    >>> ax = mm.report.plot_growth({"ours": ([10, 100, 1000], [0.1, 1.0, 10.0])})
    >>> mm.report.finding_of(ax).title
    'ours grows nearly in proportion, with power 1.00'
    """
    found = getattr(ax, "mentormatch_finding", None)
    if not isinstance(found, Finding):
        raise ValueError("these axes show no picture of mentormatch.report; draw one on them first")
    return found


def label(text: str, most: int | None = None) -> str:
    """Return a text as a picture can show it.

    Letters that no installed font has become a rectangle each, so that drawing warns of nothing.

    Parameters
    ----------
    text
        Anything: it may come out of a profile.
    most
        How many letters of middling width it may take; the rest is cut, and the table has it
        whole.
    """
    shown = "".join(_drawable(mark) for mark in " ".join(harmless(text).split()))
    if most is None or letters(shown) <= most:
        return kept_apart(shown)
    room = most * _advance(MIDDLING) - _advance(CUT)
    # Added up once: a name may have as many letters as a book.
    end = sum(so_far <= room for so_far in accumulate(map(_advance, shown)))
    return kept_apart(f"{shown[:end].rstrip()}{CUT}")


def letters(text: str) -> float:
    """Return how wide a text is, in letters of middling width; 1 is `LETTER` of the font's size."""
    return sum(map(_advance, text)) / _advance(MIDDLING)


def least_side(ax: Any) -> float:
    """Return the smaller of the axes' width and height, in inches."""
    return min(_size(ax))


def width_of(ax: Any) -> float:
    """Return the axes' width, in inches."""
    return _size(ax)[0]


def no_axes(ax: "Axes", text: str = "") -> None:
    """Leave out ticks and frame, and say in the middle why there is nothing to see, if so."""
    ax.set_axis_off()
    if text:
        ax.text(
            0.5, 0.5, label(text), transform=ax.transAxes, ha="center", va="center", color=QUIET
        )


def name_points(ax: Any, points: Sequence[tuple[str, float, float]]) -> None:
    """Write what points are called beside the axes, one under the other, with a line to each.

    Parameters
    ----------
    ax
        Axes whose limits are set.
    points
        Name, x and y.
    """
    ax.autoscale_view()
    _lay_out(ax)
    heights = ax.transAxes.inverted().transform(
        ax.transData.transform([(x, y) for _, x, y in points])
    )[:, 1]
    line = 1.9 * FONT_SIZE * ax.get_figure(root=True).dpi / 72.0 / ax.get_window_extent().height
    line_to: dict[str, Any] = {"arrowstyle": "-", "color": FAINT, "linewidth": 0.8, "shrinkB": 6.0}
    line_to["relpos"] = (0.0, 0.5)  # from the left end of the name
    for (name, x, y), height in zip(points, spread(heights.tolist(), line), strict=True):
        ax.annotate(
            label(name, 36),
            (x, y),
            (1.04, height),
            textcoords="axes fraction",
            va="center",
            arrowprops=line_to,
        )


def plain_ticks(ax: "Axes") -> None:
    """Write the ticks of two logarithmic axes as plain numbers."""
    ticker = extra("matplotlib.ticker", "plot", "pictures")
    for axis in (ax.xaxis, ax.yaxis):
        low, high = axis.get_view_interval()
        if high < FEW_DECADES * low:
            axis.set_major_locator(ticker.LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter(ticker.FuncFormatter(lambda number, _: f"{number:,.10g}"))
        axis.set_minor_formatter(ticker.NullFormatter())


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Return places at least so far from one another, in the same order and near the given ones.

    Parameters
    ----------
    places
        Where things would stand.
    gap
        How far they must be apart.

    Examples
    --------
    >>> spread([3.0, 0.0, 3.0], 1.0)
    [2.5, 0.0, 3.5]
    """
    blocks: list[list[Any]] = []  # the middle of each block, and who is in it
    for one in sorted(range(len(places)), key=places.__getitem__):
        blocks.append([places[one], [one]])
        while len(blocks) > 1 and _touch(blocks[-2], blocks[-1], gap):
            (middle, before), (other, after) = blocks[-2:]
            total = middle * len(before) + other * len(after)
            blocks[-2:] = [[total / (len(before) + len(after)), before + after]]
    moved = list(places)
    for middle, members in blocks:
        for position, one in enumerate(members):
            moved[one] = middle + gap * (position - (len(members) - 1) / 2)
    return moved


def _touch(lower: list[Any], upper: list[Any], gap: float) -> bool:
    room = gap * (len(lower[1]) + len(upper[1])) / 2
    return bool(upper[0] - lower[0] < room)


def _lay_out(ax: Any) -> None:
    """Give axes the room that their labels leave, which else comes about in drawing."""
    figure = ax.get_figure(root=True)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)


def _size(ax: Any) -> tuple[float, float]:
    """Return the axes' width and height, in inches, with the room that their labels leave."""
    _lay_out(ax)
    width, height = ax.get_window_extent().size / ax.get_figure(root=True).dpi
    return float(width), float(height)


def _title(ax: Any, title: str) -> None:
    """Write a title in as many lines as the axes are wide."""
    _lay_out(ax)
    room = 0.92 * ax.get_window_extent().width  # letters are wider at other resolutions
    for length in range(120, 19, -4):
        text = ax.set_title("\n".join(wrap(title, length)), loc="left")
        if text.get_window_extent().width <= room:
            return


def _remember(ax: Any, finding: Finding) -> None:
    ax.mentormatch_finding = finding


def _shown_in_notebooks(ax: Any) -> None:
    """Let notebooks show the picture where the axes are a cell's result: pyplot does not know it.

    IPython looks methods of this name up on the object itself.
    """
    ax._repr_mimebundle_ = partial(_mimebundle, ax)


def _mimebundle(ax: Any, **_: object) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the picture and its text alternative, in place of it and as its description."""
    found, image = finding_of(ax), BytesIO()
    ax.figure.savefig(image, format="png")
    data = {"image/png": b64encode(image.getvalue()).decode(), "text/plain": found.text}
    return data, {"image/png": {"alt": found.text}}


def _families(finding: Finding) -> list[str]:
    """Return the fonts that have all letters of a finding between them."""
    texts = (finding.title, finding.text, *finding.columns)
    cells = (cell for row in finding.rows for cell in row if isinstance(cell, str))
    marks = {mark for text in (*texts, *cells) for mark in text if mark.isprintable()}
    return list(dict.fromkeys((FONT, *(font for font in map(_font, sorted(marks)) if font))))


def _drawable(mark: str) -> str:
    """Return a mark that some font has: itself, nothing for what only changes others, or a box."""
    if _font(mark) is not None:
        return mark
    return "" if category(mark).startswith("M") else MISSING


@lru_cache(maxsize=4096)
def _font(mark: str) -> str | None:
    """Return the family of an installed font that has a mark; `None` if none has."""
    manager = extra("matplotlib.font_manager", "plot", "pictures")
    for family, path in _fonts().items():
        if manager.get_font(path).get_char_index(ord(mark)):
            return family
    return None


@lru_cache(maxsize=4096)
def _advance(mark: str) -> float:
    """Return how far a mark moves the pen, in units of matplotlib's own."""
    manager = extra("matplotlib.font_manager", "plot", "pictures")
    font = manager.get_font(_fonts()[_font(mark) or FONT])
    font.set_size(100.0, 72.0)
    return float(font.load_char(ord(mark)).horiAdvance)


@lru_cache(maxsize=1)
def _fonts() -> dict[str, str]:
    """Return families and files of the upright fonts of the machine, matplotlib's own first."""
    manager = extra("matplotlib.font_manager", "plot", "pictures")
    found: dict[str, str] = {}
    for font in manager.fontManager.ttflist:
        # Fonts of pictures in colours have no outlines, and that of last resort has boxes alone.
        plain = font.style == "normal" and font.weight in (400, "normal", "regular")
        drawn = "Color" not in font.name and "Last Resort" not in font.name
        # The list is matplotlib's cache, and may be older than the machine's fonts.
        if plain and drawn and Path(font.fname).exists():
            found.setdefault(font.name, font.fname)
    order = sorted(found, key=lambda name: (name != FONT, "Sans" not in name, len(name), name))
    return {name: found[name] for name in order}
