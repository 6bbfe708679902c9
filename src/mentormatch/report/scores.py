"""How the scores of an answer spread, and who is worst off."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mentormatch.matching.audit import spread_of
from mentormatch.matching.audit_parts import Spread
from mentormatch.matching.matching import Matching
from mentormatch.report.canvas import DARK, FAINT, HATCH, INK, LIGHT, QUIET, drawing, label, no_axes
from mentormatch.report.finding import Cell, Finding

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
    if not len(matching.pairs):
        return Finding(NO_PAIRS, f"{NO_PAIRS}.", (*matching.sides, "score"), ())
    solved = matching._attached()
    spread, scores = spread_of(solved), solved.chosen[2]
    noun = "arrows" if matching.layout == "arrows" else "pairs"
    title = _title(matching, spread, int(np.count_nonzero(scores == spread.least)), noun)
    text = f"{title}. "
    if spread.least < spread.most:
        text += (
            f"The middle half lies between {spread.lower:.2f} and {spread.upper:.2f}, the best "
            f"has {spread.most:.2f}. The worst off are marked. "
        )
    if len(scores) <= MOST:
        text += f"A line for each of the {noun}, the best on top."
        return Finding(title, text, (*matching.sides, "score"), _lines(matching))
    text += f"Columns count the {noun} by score; a line stands at the middle score."
    return Finding(title, text, ("from", "to", noun), _classes(scores))


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
        scores = [float(row[2]) for row in finding.rows]
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
        joint = "to" if matching.layout == "arrows" else "and"
        names = [[label(str(name), 20) for name in row[:2]] for row in finding.rows]
        ax.set_yticks(height, [label(f"{one} {joint} {other}") for one, other in names])
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
    spread = spread_of(matching._attached())
    with drawing(finding, ax, (8.0, 4.0)) as ax:
        wide = np.maximum(high - low, 0.01)
        bars = ax.bar((low + high) / 2, counts, wide, color=DARK, edgecolor="white")
        ax.axvline(spread.median, color=INK, linestyle="--", linewidth=1.4)
        top = 1.25 * counts.max()
        if len(bars) > 1:
            bars[0].set(facecolor=LIGHT, hatch=HATCH, edgecolor=INK)
            line = {"arrowstyle": "-", "color": QUIET, "linewidth": 0.8, "relpos": (0.0, 0.0)}
            bar = ((low[0] + high[0]) / 2, counts[0])
            worst = f"worst off: {spread.least:.2f}"
            ax.annotate(worst, bar, (low[0], top), va="top", arrowprops=line)
        else:
            ax.set_xlim(low[0] - 0.1, high[0] + 0.1)
        # A line lower, so that the two never meet.
        middle = f"middle: {spread.median:.2f}"
        ax.annotate(
            middle, (spread.median, top), (4.0, -16.0), textcoords="offset points", va="top"
        )
        ax.locator_params(axis="y", integer=True)
        ax.set(xlabel="score", ylabel=finding.columns[2], ylim=(0.0, top))
    return ax


def _title(matching: Matching, spread: Spread, worst_off: int, noun: str) -> str:
    """Say what half of the pairs have, and who has the least."""
    worst, pairs = " and ".join(_called(matching, spread.worst_off).values()), len(matching.pairs)
    if pairs == 1:
        return f"The one pair scores {spread.least:.2f}: {worst}"
    if worst_off == pairs:
        return f"All {pairs:,} {noun} score the same: {spread.least:.2f}"
    least = f"worst off, with {spread.least:.2f}, are "
    least += worst if worst_off == 1 else f"{worst_off:,} {noun}, such as {worst}"
    return f"Half of the {pairs:,} {noun} score {spread.median:.2f} or more; {least}"


def _classes(scores: NDArray[np.float64]) -> tuple[tuple[Cell, ...], ...]:
    """Count scores in classes of equal width, or in the one class there is."""
    least, most = float(scores.min()), float(scores.max())
    if least == most:
        return ((least, most, len(scores)),)
    counts, edges = np.histogram(scores, bins=CLASSES)
    return tuple(zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True))


def _lines(matching: Matching) -> tuple[tuple[Cell, ...], ...]:
    """Return a row for each pair, the best first."""
    pairs = sorted(matching.pairs, key=lambda pair: (-pair.score, pair.a, pair.b))
    called = _called(matching, [one for pair in pairs for one in (pair.a, pair.b)])
    return tuple((called[pair.a], called[pair.b], pair.score) for pair in pairs)


def _called(matching: Matching, ids: Iterable[str]) -> dict[str, str]:
    """Return by id what some people are called."""
    people = matching._attached().graph.people
    return {one: people.called(people.row(one)) for one in ids}
