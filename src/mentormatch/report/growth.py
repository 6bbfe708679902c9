"""How a cost grows with the size of a problem: lines on two logarithmic scales."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from mentormatch.report.canvas import DARK, INK, LIGHT, drawing, name_points, no_axes, plain_ticks
from mentormatch.report.finding import Cell, Finding

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["growth_found", "plot_growth"]

MARKERS, DASHES = "osD^vP*X", ("-", "--", "-.", ":")
#: An exponent that differs from 1 by less is nearly in proportion.
NEARLY = 0.05

Line = tuple[Sequence[float], Sequence[float]]


def growth_found(lines: Mapping[str, Line], x: str = "people", y: str = "seconds") -> Finding:
    """Say with which power of its size something grows.

    Parameters
    ----------
    lines
        By what is measured: sizes, and what each took; both above 0.
    x, y
        What sizes and costs are counted in.

    Returns
    -------
    Finding
        A row for each point, with the exponent of its line: the slope of the least squares line
        through the logarithms.

    Raises
    ------
    ValueError
        When a line has not as many costs as sizes, or one of them is not above 0.

    Examples
    --------
    >>> import mentormatch as mm
    >>> found = mm.report.growth_found({"ours": ([10, 100, 1000], [0.1, 3.2, 100.0])})
    >>> found.title
    'ours grows with power 1.50'
    >>> found.rows[0]
    ('ours', 10, 0.1, '1.50')
    """
    columns = ("line", x, y, "exponent")
    _checked(lines)
    powers = {name: _exponent(*line) for name, line in lines.items()}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (str(name), _number(size), _number(cost), "" if power is None else f"{power:.2f}")
        for (name, (sizes, costs)), power in zip(lines.items(), powers.values(), strict=True)
        for size, cost in zip(sizes, costs, strict=True)
    )
    if not rows:
        title = "Nothing is measured"
        return Finding(title, f"{title}.", columns, ())
    known = {name: power for name, power in powers.items() if power is not None}
    title = _title(known)
    ends = "; ".join(
        f"{name}: {costs[0]:.3g} at {sizes[0]:,.10g} to {costs[-1]:.3g} at {sizes[-1]:,.10g}"
        + (f", exponent {known[name]:.2f}" if name in known else "")
        for name, (sizes, costs) in lines.items()
        if len(sizes)
    )
    text = f"{title}. Lines of {y} against {x}, both axes logarithmic. {ends}."
    return Finding(title, text, columns, rows)


def plot_growth(
    lines: Mapping[str, Line], ax: "Axes | None" = None, *, x: str = "people", y: str = "seconds"
) -> "Axes":
    """Draw how something grows, on two logarithmic scales, with the exponent of each line.

    Parameters
    ----------
    lines
        By what is measured: sizes, and what each took; both above 0.
    ax
        Axes to draw on; new ones without it.
    x, y
        What sizes and costs are counted in.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    ValueError
        As `growth_found`.

    Examples
    --------
    >>> import mentormatch as mm
    >>> ax = mm.report.plot_growth({"ours": ([10, 100, 1000], [0.1, 3.2, 100.0])})
    >>> ax.get_xscale(), ax.get_xlabel()
    ('log', 'people')
    """
    finding = growth_found(lines, x, y)
    with drawing(finding, ax, (8.0, 4.6)) as ax:
        if not finding.rows:
            no_axes(ax, finding.title)
            return ax
        ax.set(xscale="log", yscale="log", xlabel=x, ylabel=y)
        drawn = [(name, line) for name, line in lines.items() if len(line[0])]
        for place, (_, (sizes, costs)) in enumerate(drawn):
            ax.plot(
                sizes,
                costs,
                linestyle=DASHES[place % len(DASHES)],
                marker=MARKERS[place % len(MARKERS)],
                markersize=6.0,
                color=(DARK, LIGHT)[place % 2],
                markeredgecolor=INK,
                linewidth=1.8,
            )
        ax.grid(which="major", color="#ececec")
        plain_ticks(ax)
        exponents = {str(row[0]): row[3] for row in finding.rows}
        ends = [
            (f"{name} (n^{exponents[name]})" if exponents[name] else name, sizes[-1], costs[-1])
            for name, (sizes, costs) in drawn
        ]
        name_points(ax, ends)
    return ax


def _checked(lines: Mapping[str, Line]) -> None:
    faults = []
    for name, (sizes, costs) in lines.items():
        if len(sizes) != len(costs):
            faults.append(f"{name!r} has {len(sizes)} sizes and {len(costs)} costs")
        if not all(isfinite(number) and number > 0 for number in (*sizes, *costs)):
            faults.append(f"{name!r} has numbers that are not above 0, and so have no logarithm")
    if faults:
        raise ValueError("; ".join(faults))


def _exponent(sizes: Sequence[float], costs: Sequence[float]) -> float | None:
    """Return the slope through the logarithms; `None` for fewer than two sizes."""
    if len(set(sizes)) < 2:
        return None
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def _number(number: float) -> Cell:
    return int(number) if float(number).is_integer() else float(number)


def _title(powers: Mapping[str, float]) -> str:
    if not powers:
        return "One size alone says nothing of growth"
    slow, fast = (choose(powers, key=powers.__getitem__) for choose in (min, max))
    if len(powers) > 1:
        least, most = powers[slow], powers[fast]
        return f"{slow} grows most slowly, with power {least:.2f}; {fast} fastest, with {most:.2f}"
    nearly = "nearly in proportion, " if abs(powers[slow] - 1.0) < NEARLY else ""
    return f"{slow} grows {nearly}with power {powers[slow]:.2f}"
