"""Demand and supply: how many want each skill, how many of them learn it, and how many teach it."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.benefit import lessons, row_of_each_entry
from mentormatch.exchange.shared import SharedWishes
from mentormatch.exchange.taught import skills_together
from mentormatch.matching.matching import Matching
from mentormatch.matching.received import lessons_of
from mentormatch.people.doubts import counted
from mentormatch.report.canvas import DARK, FAINT, HATCH, INK, LIGHT, drawing, label, no_axes
from mentormatch.report.finding import Finding
from mentormatch.solving.solved import Solved

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_skills", "skills_found"]

#: So many skills are drawn, those that are wanted most; the table has them all.
MOST = 20


def skills_found(matching: Matching) -> Finding:
    """Say which skill is wanted most beyond what is offered.

    Parameters
    ----------
    matching
        The answer.

    Returns
    -------
    Finding
        A row for each skill that somebody who takes part wants or teaches: how many want it, how
        many of these learn it in the answer (buddies: with somebody), and how many teach it.
        With a taxonomy, whoever can meet the wish teaches it.

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
    ...         {"id": "cy", "wants": "sql"},
    ...     ]
    ... )
    >>> found = mm.report.skills_found(mm.match(people, mm.Program()))
    >>> found.title
    'Most lacking is sql: wanted by 2 people, offered by 1'
    >>> found.rows
    (('sql', 2, 1, 1), ('leading', 1, 1, 1))
    """
    solved = matching._attached()
    people, rows = solved.graph.people, solved.sides.taking_part
    size = len(people.skills)
    wanted = np.bincount(people.wants[rows].indices, minlength=size)
    offered = np.bincount(people.teaches[rows].indices, minlength=size)
    learnt = _learnt(solved)
    named = np.flatnonzero(wanted + offered)
    labels = people.skills.labels
    order = sorted(named.tolist(), key=lambda one: (-wanted[one], -offered[one], labels[one]))
    numbers = [column.tolist() for column in (wanted, learnt, offered)]
    table = tuple((labels[one], *(column[one] for column in numbers)) for one in order)
    columns = ("skill", "want it", "of them learn it", "teach it")
    if not table:
        title = "Nobody who takes part wants or teaches anything"
        return Finding(title, f"{title}.", columns, ())
    title = _title(table)
    shown = min(len(table), MOST)
    lacking = int(((wanted > 0) & (offered == 0)).sum())
    unwanted = int(((wanted == 0) & (offered > 0)).sum())
    text = (
        f"{title}. Bars for {counted(shown, 'skill', 'skills')} of {len(table):,}, those that are "
        "wanted most: to the right how many want it, and the dark part of it how many of them "
        "learn it; to the left, hatched, how many teach it. "
        f"{counted(lacking, 'skill is', 'skills are')} wanted and taught by nobody, "
        f"{unwanted:,} taught and wanted by nobody."
    )
    return Finding(title, text, columns, table)


def plot_skills(matching: Matching, ax: "Axes | None" = None) -> "Axes":
    """Draw demand and supply of the skills that are wanted most.

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
        As `skills_found`.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "leading"},
    ...         {"id": "bo", "teaches": "leading", "wants": "sql"},
    ...     ]
    ... )
    >>> ax = mm.report.plot_skills(mm.match(people, mm.Program()))
    >>> [one.get_text() for one in ax.get_yticklabels()]
    ['leading', 'sql']
    """
    finding = skills_found(matching)
    shown = finding.rows[:MOST]
    with drawing(finding, ax, (8.0, 1.9 + 0.27 * len(shown))) as ax:
        if not shown:
            no_axes(ax, finding.title)
            return ax
        wanted, learnt, offered = (
            np.array([row[column] for row in shown], dtype=float) for column in (1, 2, 3)
        )
        height = np.arange(len(shown))[::-1]
        edge: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.6}
        ax.barh(height, -offered, color=LIGHT, hatch=HATCH, label="teach it", **edge)
        ax.barh(height, wanted, color="white", label="want it", **edge)
        ax.barh(height, learnt, color=DARK, label="of them learn it", **edge)
        for x, side in ((wanted, 1.0), (offered, -1.0)):
            for y, number in zip(height, x, strict=True):
                ax.annotate(
                    f"{number:,.0f}",
                    (side * number, y),
                    (side * 4.0, 0.0),
                    textcoords="offset points",
                    ha="left" if side > 0 else "right",
                    va="center",
                )
        ax.axvline(0.0, color=INK, linewidth=1.0)
        most = 1.15 * max(wanted.max(), offered.max())
        ax.set(xlim=(-most, most), ylim=(-0.7, len(shown) - 0.3), xticks=[])
        ax.set_xlabel("people: who teach it to the left, who want it to the right")
        ax.set_yticks(height, [label(str(row[0]), 32) for row in shown])
        ax.tick_params(axis="y", length=0)
        ax.spines[["left", "bottom"]].set_color(FAINT)
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.02 - 0.45 / len(shown)), ncols=3)
    return ax


def _title(table: tuple[tuple[str, int, int, int], ...]) -> str:
    """Name the skill of which most wishes exceed what is offered."""
    skill, wanted, _, offered = max(table, key=lambda row: row[1] - row[3])
    if wanted <= offered:
        return "No skill is wanted by more people than offer it"
    return (
        f"Most lacking is {skill}: wanted by {counted(wanted, 'person', 'people')}, "
        f"offered by {offered:,}"
    )


def _learnt(solved: Solved) -> NDArray[np.int64]:
    """Return for each skill how many learn it from, or as buddies with, somebody."""
    graph, size = solved.graph, len(solved.graph.people.skills)
    model = graph.score_model
    if isinstance(model, SharedWishes):
        ends = _buddies(solved)
        place = {label: number for number, label in enumerate(graph.people.skills.labels)}
        together = skills_together(graph.people, model, *ends)
        found = [
            (person, place[skill])
            for one, other, skills in zip(*(rows.tolist() for rows in ends), together, strict=True)
            for skill in skills
            for person in (one, other)
        ]
        learner, skills = np.array(found, dtype=np.int64).reshape(-1, 2).T
    else:
        given = lessons_of(solved)
        taught = lessons(graph.people, given.teacher, given.learner)
        learner = given.learner[row_of_each_entry(taught)]
        skills = taught.indices.astype(np.int64)
    # Who learns it from two has learnt it once.
    _, skills = np.unique(np.column_stack((learner, skills)), axis=0).reshape(-1, 2).T
    return np.bincount(skills, minlength=size)


def _buddies(solved: Solved) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of all two buddies who meet, a trio's included."""
    a, b, _ = solved.chosen
    if solved.trio is not None:
        a = np.append(a, [solved.trio.joiner] * 2)
        b = np.append(b, [solved.trio.a, solved.trio.b])
    return solved.graph.side_a[a], solved.graph.side_b[b]
