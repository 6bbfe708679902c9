"""Whether the score foretold who would fit: good fits by score, with intervals."""

from typing import TYPE_CHECKING

from mentormatch.report.canvas import DARK, FAINT, INK, QUIET, drawing, no_axes
from mentormatch.report.finding import Finding
from mentormatch.rounds.evaluation import Evaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["evaluation_found", "plot_evaluation"]

COLUMNS = ("scores from", "to", "mean score", "good fits", "at least", "at most", "answers")
TOO_FEW = "Too few people say how they fit to tell whether the score foretells it"


def evaluation_found(evaluation: Evaluation) -> Finding:
    """Say whether pairs of higher scores fit better, by what people say.

    Parameters
    ----------
    evaluation
        What `mentormatch.evaluate` returned.

    Returns
    -------
    Finding
        A row for each class of scores: the share of answers that call the fit good, and its
        interval for 95 %. Nothing that is for an auditor alone is in it.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "leading"},
    ...         {"id": "bo", "teaches": "leading", "wants": "sql"},
    ...     ]
    ... )
    >>> evaluation = mm.evaluate(mm.match(people, mm.Program()), mm.read_feedback([]))
    >>> mm.report.evaluation_found(evaluation).title
    'Too few people say how they fit to tell whether the score foretells it'
    """
    told = evaluation.prediction
    if told.good is None or not told.classes:
        return Finding(TOO_FEW, f"{TOO_FEW}. {evaluation.sentence}", COLUMNS, ())
    rows = tuple(
        (
            one.low,
            one.high,
            one.score,
            one.good.value,
            one.good.low,
            one.good.high,
            one.good.answers,
        )
        for one in told.classes
    )
    title = _title(evaluation)
    each = "; ".join(
        f"scores from {one.low:.2f} to {one.high:.2f}: {one.good.percent}" for one in told.classes
    )
    text = (
        f"{title}. A point for each class of scores, the higher the more of its answers call the "
        f"fit good ({told.good_from:g} or more), with a line as long as its 95% interval; a dashed "
        f"line stands at the share of all answers, {told.good.value:.0%}. {each}. "
        f"{evaluation.sentence}"
    )
    return Finding(title, text, COLUMNS, rows)


def plot_evaluation(evaluation: Evaluation, ax: "Axes | None" = None) -> "Axes":
    """Draw how many fits are good by score, with intervals.

    Parameters
    ----------
    evaluation
        What `mentormatch.evaluate` returned.
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
    >>> people = mm.read_records(
    ...     [{"id": f"a{n}", "teaches": "sql", "wants": "leading"} for n in range(3)]
    ...     + [{"id": f"b{n}", "teaches": "leading", "wants": "sql"} for n in range(3)]
    ... )
    >>> matching = mm.match(people, mm.Program())
    >>> feedback = mm.read_feedback(
    ...     [
    ...         {"a": pair.a, "b": pair.b, "by": by, "date": "2026-03-02", "fit": 4}
    ...         for pair in matching.pairs
    ...         for by in (pair.a, pair.b)
    ...     ]
    ... )
    >>> ax = mm.report.plot_evaluation(mm.evaluate(matching, feedback))
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('score', 'answers that call the fit good')
    """
    finding, told = evaluation_found(evaluation), evaluation.prediction
    with drawing(finding, ax, (8.0, 4.0)) as ax:
        if not finding.rows or told.good is None:
            no_axes(ax, finding.title)
            return ax
        ax.axhline(told.good.value, color=QUIET, linestyle="--", linewidth=1.0, zorder=1)
        for one in told.classes:
            ax.plot([one.low, one.high], [one.good.value] * 2, color=FAINT, linewidth=3.0)
            ax.plot([one.score] * 2, [one.good.low, one.good.high], color=DARK, linewidth=1.6)
            ax.plot(
                [one.score],
                [one.good.value],
                marker="o",
                markersize=9.0,
                color=DARK,
                markeredgecolor=INK,
                linestyle="none",
            )
            ax.annotate(  # narrow, and above the line: scores of classes may be close together
                f"{one.good.value:.0%}\nof {one.good.answers:,}",
                (one.score, one.good.high),
                (0.0, 3.0),
                textcoords="offset points",
                ha="center",
            )
        ax.set(xlabel="score", ylabel="answers that call the fit good", ylim=(-0.04, 1.18))
        ax.set_yticks([0.0, 0.25, 0.5, 0.75, 1.0], ["0%", "25%", "50%", "75%", "100%"])
        ax.margins(x=0.14)
    return ax


def _title(evaluation: Evaluation) -> str:
    """Say whether the score foretells the fit, and of the lowest and the highest scores what."""
    told = evaluation.prediction
    first, last = told.classes[0], told.classes[-1]
    if told.area is None:
        every = "All" if told.good is not None and told.good.value else "No"
        return f"{every} answers call the fit good, whatever the score"
    ends = (
        f"{first.good.value:.0%} of fits are good at the lowest scores, {last.good.value:.0%} at "
        "the highest"
    )
    if len(told.classes) == 1:
        ends = f"{first.good.value:.0%} of all fits are good"
    if told.area.low > 0.5:
        return f"The score foretells the fit: {ends}"
    if told.area.high < 0.5:
        return f"The score misleads: {ends}"
    return f"Whether the score foretells the fit cannot be told yet: {ends}"
