"""How the scores of an answer spread, and who is worst off."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from mentormatch.matching.audit import spread_of
from mentormatch.matching.matching import Matching
from mentormatch.report.canvas import DARK, FAINT, HATCH, INK, LIGHT, QUIET, drawing, label, no_axes
from mentormatch.report.finding import Cell, Finding, names_told_apart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_scores", "scores_found"]

#: So many pairs have a line each; more are counted in classes.
MOST = 30
#: Classes of equal width.
CLASSES = 20
NO_PAIRS = "There are no pairs, and so no scores"


def scores_found(matching: Matching) -> Finding:
    """Say how the scores of the pairs spread, and who has the least.

    Parameters
    ----------
    matching
        The answer.

    Returns
    -------
    Finding
        A row for each pair; of more than thirty a row for each class of scores.

    Raises
    ------
    RecordError
        When the matching was read from a record: `attach` it to its people first.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "leading"},
    ...         {"id": "bo", "teaches": "leading", "wants": "sql"},
    ...     ]
    ... )
    >>> mm.report.scores_found(mm.match(people, mm.Program())).title
    'The one pair scores 1.00: ana and bo'
    """
    pairs = matching.pairs
    if not len(pairs):
        return Finding(NO_PAIRS, f"{NO_PAIRS}.", ("pair", "score"), ())
    solved = matching._attached()
    spread, scores = spread_of(solved), solved.chosen[2]
    worst = " and ".join(_called(matching, spread.worst_off).values())
    arrows = matching.layout == "arrows"
    noun = "arrows" if arrows else "pairs"
    alike = int(np.count_nonzero(scores == scores.min()))
    title = (
        f"Half of the {len(pairs):,} {noun} score {spread.median:.2f} or more; worst off, with "
        f"{spread.least:.2f}, are "
        + (worst if alike == 1 else f"{alike:,} {noun}, such as {worst}")
    )
    if len(pairs) == 1:
        title = f"The one pair scores {spread.least:.2f}: {worst}"
    elif alike == len(pairs):
        title = f"All {len(pairs):,} {noun} score the same: {spread.least:.2f}"
    text = (
        f"{title}. The middle half lies between {spread.lower:.2f} and {spread.upper:.2f}, the "
        f"best has {spread.most:.2f}. "
    )
    if len(pairs) <= MOST:
        text += f"A line for each of the {noun}, the best on top; the worst off are marked."
        return Finding(title, text, ("pair", "score"), _lines(matching))
    text += (
        f"Columns count the {noun} by score, in {CLASSES} classes; the class of the worst off is "
        "marked, and a line stands at the middle score."
    )
    counts, edges = np.histogram(scores, bins=CLASSES)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (float(low), float(high), int(count))
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    )
    return Finding(title, text, ("from", "to", noun), rows)


def plot_scores(matching: Matching, ax: "Axes | None" = None) -> "Axes":
    """Draw how the scores spread, with the worst off marked.

    Parameters
    ----------
    matching
        The answer.
    ax
        Axes to draw on; new ones without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    RecordError
        As `scores_found`.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "leading"},
    ...         {"id": "bo", "teaches": "leading", "wants": "sql"},
    ...     ]
    ... )
    >>> ax = mm.report.plot_scores(mm.match(people, mm.Program()))
    >>> ax.get_xlabel()
    'score'
    """
    finding = scores_found(matching)
    if len(matching.pairs) > MOST:
        return _columns(matching, finding, ax)
    with drawing(finding, ax, (8.0, 1.4 + 0.27 * len(finding.rows))) as ax:
        if not finding.rows:
            no_axes(ax, finding.title)
            return ax
        scores = [float(row[1]) for row in finding.rows]
        height = range(len(scores))[::-1]
        for y, score in zip(height, scores, strict=True):
            worst = score == min(scores) != max(scores)
            ax.plot([0.0, score], [y, y], color=FAINT, linewidth=3.0, zorder=1)
            ax.plot(
                [score],
                [y],
                marker="D" if worst else "o",
                markersize=8.0,
                color=LIGHT if worst else DARK,
                markeredgecolor=INK,
                linestyle="none",
            )
            ax.annotate(
                f"{score:.2f}{'  worst off' if worst else ''}",
                (score, y),
                (9.0, 0.0),
                textcoords="offset points",
                va="center",
            )
        ax.set_yticks(height, [label(str(row[0]), 44) for row in finding.rows])
        ax.tick_params(axis="y", length=0)
        ax.set(
            xlabel="score", xlim=(0.0, 1.2 * max(max(scores), 0.05)), ylim=(-0.7, height[0] + 0.7)
        )
    return ax


def _columns(matching: Matching, finding: Finding, ax: "Axes | None") -> "Axes":
    """Draw many scores as columns."""
    low, high, counts = (
        np.array(column, dtype=float) for column in zip(*finding.rows, strict=True)
    )
    with drawing(finding, ax, (8.0, 4.0)) as ax:
        bars = ax.bar(low, counts, high - low, align="edge", color=DARK, edgecolor="white")
        bars[0].set(facecolor=LIGHT, hatch=HATCH, edgecolor=INK)
        spread = spread_of(matching._attached())
        ax.axvline(spread.median, color=INK, linestyle="--", linewidth=1.4)
        top = 1.25 * counts.max()
        ax.annotate(
            f"worst off: {spread.least:.2f}",
            ((low[0] + high[0]) / 2, counts[0]),
            (low[0], top),
            va="top",
            arrowprops={"arrowstyle": "-", "color": QUIET, "linewidth": 0.8, "relpos": (0.0, 0.0)},
        )
        # A line lower, so that the two never meet.
        middle = f"middle: {spread.median:.2f}"
        ax.annotate(
            middle, (spread.median, top), (4.0, -16.0), textcoords="offset points", va="top"
        )
        ax.locator_params(axis="y", integer=True)
        ax.set(xlabel="score", ylabel=finding.columns[2], ylim=(0.0, top))
    return ax


def _lines(matching: Matching) -> tuple[tuple[Cell, ...], ...]:
    """Return a row for each pair, the best first."""
    pairs = sorted(matching.pairs, key=lambda pair: (-pair.score, pair.a, pair.b))
    called = _called(matching, [one for pair in pairs for one in (pair.a, pair.b)])
    joint = " to " if matching.layout == "arrows" else " and "
    return tuple((f"{called[pair.a]}{joint}{called[pair.b]}", pair.score) for pair in pairs)


def _called(matching: Matching, ids: Iterable[str]) -> dict[str, str]:
    """Return by id what some people are called."""
    people, each = matching._attached().graph.people, tuple(dict.fromkeys(ids))
    return names_told_apart(each, [people.names[people.row(one)] for one in each], people.names)
