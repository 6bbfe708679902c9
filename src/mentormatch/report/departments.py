"""Who learns from where: the lessons between departments, or between any other groups."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.matching import Matching
from mentormatch.matching.received import lessons_of
from mentormatch.people.doubts import counted
from mentormatch.report.canvas import INK, drawing, label
from mentormatch.report.finding import Finding

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["departments_found", "plot_departments"]

#: Of more groups than this the smallest are drawn as one; the table has them all.
MOST = 14
#: One lesson alone is no finding.
FEWEST = 2
#: What stands for a blank value.
BLANK = "(blank)"


@dataclass(frozen=True, eq=False, slots=True)
class _Flow:
    """Lessons between groups: how many of row's people learn from one of column's."""

    attribute: str
    labels: tuple[str, ...]
    counts: NDArray[np.int64]
    together: bool

    @property
    def verb(self) -> str:
        return "learns with" if self.together else "learns from"


def departments_found(matching: Matching, attribute: str = "department") -> Finding:
    """Say which department learns most from which other one.

    Parameters
    ----------
    matching
        The answer.
    attribute
        By which groups to count; any attribute that rules may read.

    Returns
    -------
    Finding
        A row for each two groups between which there are lessons, or buddies. A lesson is one
        person who learns something from one other; buddies learn with each other.

    Raises
    ------
    ProgramError
        When there is no such attribute, or it is for the audit alone.
    RecordError
        When the matching was read from a record: `attach` it to its people first.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "department": "IT", "teaches": "sql", "wants": "leading"},
    ...         {"id": "bo", "department": "Sales", "teaches": "leading", "wants": "sql"},
    ...     ]
    ... )
    >>> found = mm.report.departments_found(mm.match(people, mm.Program()))
    >>> found.title
    '2 of 2 lessons go from one department to another, and no two stand out'
    >>> found.rows
    (('IT', 'Sales', 1), ('Sales', 'IT', 1))
    """
    return _found(_flow(matching, attribute))


def plot_departments(
    matching: Matching, attribute: str = "department", ax: "Axes | None" = None
) -> "Axes":
    """Draw who learns from where: a table of departments, the darker the more.

    Parameters
    ----------
    matching
        The answer.
    attribute
        By which groups to count.
    ax
        Axes to draw on; new ones without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    ProgramError, RecordError
        As `departments_found`.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "department": "IT", "teaches": "sql", "wants": "leading"},
    ...         {"id": "bo", "department": "Sales", "teaches": "leading", "wants": "sql"},
    ...     ]
    ... )
    >>> ax = mm.report.plot_departments(mm.match(people, mm.Program()))
    >>> mm.report.finding_of(ax).title
    '2 of 2 lessons go from one department to another, and no two stand out'
    """
    flow = _flow(matching, attribute)
    finding = _found(flow)
    labels, counts = _merged(flow)
    size = len(labels)
    with drawing(finding, ax, (max(6.0, 2.2 + 0.62 * size), 2.0 + 0.42 * size)) as ax:
        # Light shades of one colour: a copier keeps their order, and the numbers are read in them.
        top = max(int(counts.max(initial=0)), 1)
        ax.imshow(counts, cmap="Blues", vmin=0, vmax=2.2 * top, aspect="auto")
        for row, column in np.argwhere(counts).tolist():
            ax.text(column, row, f"{counts[row, column]:,}", ha="center", va="center", color=INK)
        ax.set_yticks(range(size), [label(name, 24) for name in labels])
        ax.set_xticks(range(size), [label(name, 24) for name in labels], rotation=90)
        ax.set(ylabel="who learns", xlabel="with whom" if flow.together else "from whom")
        ax.set_xticks(np.arange(size + 1) - 0.5, minor=True)
        ax.set_yticks(np.arange(size + 1) - 0.5, minor=True)
        ax.grid(which="minor", color="white", linewidth=1.5)
        ax.tick_params(which="both", length=0)
        ax.spines[:].set_visible(False)
    return ax


def _flow(matching: Matching, attribute: str) -> _Flow:
    solved = matching._attached()
    people, graph = solved.graph.people, solved.graph
    codes, names = people.categories(attribute)
    lessons = lessons_of(solved)
    taught = lessons.benefit > 0.0
    teacher, learner = lessons.teacher[taught], lessons.learner[taught]
    if solved.trio is not None:
        joiner, *pair = graph.side_a[[solved.trio.joiner, solved.trio.a, solved.trio.b]]
        teacher = np.concatenate((teacher, pair, [joiner, joiner]))
        learner = np.concatenate((learner, [joiner, joiner], pair))
    present = np.unique(codes[solved.sides.taking_part])
    # A blank is -1: it comes last.
    present = np.concatenate((present[present >= 0], present[present < 0]))
    place = np.zeros(len(names) + 1, dtype=np.int64)
    place[present] = np.arange(len(present))
    counts = np.zeros((len(present),) * 2, dtype=np.int64)
    np.add.at(counts, (place[codes[learner]], place[codes[teacher]]), 1)
    return _Flow(
        attribute=attribute,
        labels=tuple(names[code] if code >= 0 else BLANK for code in present.tolist()),
        counts=counts,
        together=isinstance(graph.score_model, SharedWishes),
    )


def _found(flow: _Flow) -> Finding:
    counts, labels = flow.counts, flow.labels
    cells = sorted(np.argwhere(counts).tolist(), key=lambda cell: -counts[tuple(cell)])
    rows = tuple((labels[one], labels[other], int(counts[one, other])) for one, other in cells)
    total, across = int(counts.sum()), int(counts.sum() - np.trace(counts))
    title, together = _title(flow), flow.together
    columns = ("who learns", "with whom" if together else "from whom", "lessons")
    if not rows:
        return Finding(title, f"{title}.", columns, ())
    whom = "whom they learn with" if together else "whom they learn from"
    groups = counted(len(labels), "group", "groups")
    most = "; ".join(f"{one} {flow.verb} {other}: {count:,}" for one, other, count in rows[:5])
    text = (
        f"{title}. A table of {groups} by {flow.attribute}: who learns in the rows, {whom} in the "
        f"columns, darker where there are more. Of {counted(total, 'lesson', 'lessons')}, "
        f"{across:,} join two of them. The most: {most}."
    )
    return Finding(title, text, columns, rows)


def _title(flow: _Flow) -> str:
    """Name the largest number of lessons that a group has from one other, more than from any."""
    counts, labels = flow.counts, flow.labels
    if not counts.any():
        return "Nobody learns from anybody"
    if len(labels) == 1:
        return f"All lessons stay within {labels[0]}: it is the only one"
    found = []
    for row, numbers in enumerate(counts):
        column = int(numbers.argmax())
        alone = np.count_nonzero(numbers == numbers[column]) == 1
        if column != row and alone and numbers[column] >= FEWEST:
            found.append((-int(numbers[column]), row, column))
    if not found:
        total, across = counts.sum(), counts.sum() - np.trace(counts)
        ways = f"go from one {flow.attribute} to another"
        return f"{across:,} of {total:,} lessons {ways}, and no two stand out"
    count, row, column = min(found)
    ways = "with" if flow.together else "from"
    most = f"{-count:,} of {counts[row].sum():,}"
    return f"{labels[row]} learns most {ways} {labels[column]}: {most}"


def _merged(flow: _Flow) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the groups to draw: the largest, and all others as one."""
    counts, size = flow.counts, len(flow.labels)
    if size <= MOST:
        return flow.labels, counts
    order = np.argsort(-(counts.sum(axis=0) + counts.sum(axis=1)), kind="stable")
    kept = np.sort(order[: MOST - 1])
    place = np.full(size, MOST - 1)
    place[kept] = np.arange(MOST - 1)
    merged = np.zeros((MOST, MOST), dtype=np.int64)
    np.add.at(merged, (place[:, None], place[None, :]), counts)
    return (*(flow.labels[one] for one in kept), f"{size - MOST + 1} others"), merged
