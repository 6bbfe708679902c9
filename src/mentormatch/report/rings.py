"""Rings: who teaches the next what, line by line, and back to the first."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mentormatch.matching.matching import Matching
from mentormatch.matching.rings import Ring
from mentormatch.people.called import called, shared_names
from mentormatch.people.doubts import counted
from mentormatch.report.canvas import DARK, INK, QUIET, drawing, label, no_axes
from mentormatch.report.finding import Cell, Finding

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_rings", "rings_found"]

#: So many people stand in a line, and so many lines are drawn: those of the best rings.
IN_LINE, LINES = 5, 12


def rings_found(matching: Matching) -> Finding:
    """Say how many rings there are, and how long they are.

    Parameters
    ----------
    matching
        The answer.

    Returns
    -------
    Finding
        A row for each person in a ring, in its order: whom they teach, and what. In other formats
        there is none.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "go"},
    ...         {"id": "bo", "teaches": "R", "wants": "sql"},
    ...         {"id": "cy", "teaches": "go", "wants": "R"},
    ...     ]
    ... )
    >>> found = mm.report.rings_found(mm.match(people, mm.Program(format=mm.Rings())))
    >>> found.title
    '1 ring of 3 people: everybody learns'
    >>> found.rows[0]
    (1, 'ana', 'bo', 'sql')
    """
    rings = matching.rings
    columns = ("ring", "teaches", "learns", "skills")
    if not rings:
        title = "There are no rings"
        why = "nobody is in one" if matching.layout == "arrows" else "the program makes pairs"
        return Finding(title, f"{title}: {why}.", columns, ())
    title = _title(matching, rings)
    sizes = Counter(len(ring.members) for ring in rings)
    lengths = ", ".join(f"{sizes[size]:,} of {size:,}" for size in sorted(sizes))
    shown = _shown(rings)
    drawn = "All are" if len(shown) == len(rings) else f"The first {len(shown):,} are"
    if len(shown[0].arrows) > LINES * IN_LINE:
        drawn = f"The first {LINES * IN_LINE:,} arrows of the first are"
    text = (
        f"{title}. Rings by how many people they have: {lengths}. {drawn} drawn, a line or more "
        "for each: an arrow goes from who teaches to who learns, with the skills above it. At the "
        "end stands the first person again, as a hollow dot."
    )
    called = _called(matching)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (number, called[arrow.a], called[arrow.b], ", ".join(arrow.a_teaches))
        for number, ring in enumerate(rings, 1)
        for arrow in ring.arrows
    )
    return Finding(title, text, columns, rows)


def plot_rings(matching: Matching, ax: "Axes | None" = None) -> "Axes":
    """Draw the rings of an answer, those that are worth most first.

    Parameters
    ----------
    matching
        The answer.
    ax
        Axes to draw on; new ones without it.

    Returns
    -------
    matplotlib.axes.Axes
        Of other formats than rings, axes that say there are none.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "go"},
    ...         {"id": "bo", "teaches": "go", "wants": "sql"},
    ...     ]
    ... )
    >>> ax = mm.report.plot_rings(mm.match(people, mm.Program(format=mm.Rings())))
    >>> ax.get_title(loc="left")
    '1 ring of 2 people: everybody learns'
    """
    finding, shown = rings_found(matching), _shown(matching.rings)
    called = _called(matching) if shown else {}
    lines = sum(map(_lines_of, shown))
    with drawing(finding, ax, (10.0, 0.9 + 0.72 * max(lines, 1))) as ax:
        no_axes(ax, "" if shown else finding.text)
        top = 0
        for number, ring in enumerate(shown, 1):
            ax.text(-0.6, top, str(number), va="center", ha="right", fontsize=11.0)
            _draw(ax, ring, called, top)
            top += _lines_of(ring)
        if shown:
            ax.set(xlim=(-0.8, IN_LINE + 0.5), ylim=(top - 0.4, -0.6))
    return ax


def _draw(ax: "Axes", ring: Ring, called: dict[str, str], top: int) -> None:
    """Draw a ring from a line downwards, a few arrows in each.

    Who begins a further line, and the first person at the end, is there again: a hollow dot.
    """
    arrow = {"arrowstyle": "-|>", "color": DARK, "linewidth": 1.4, "shrinkA": 6.0, "shrinkB": 6.0}
    drawn = ring.arrows[: LINES * IN_LINE]
    for place, lesson in enumerate(drawn):
        x, y = place % IN_LINE, top + place // IN_LINE
        _person(ax, x, y, called[lesson.a], is_new=x > 0 or not place)
        ax.annotate("", (x + 1, y), (x, y), arrowprops=arrow)
        skills = label(", ".join(lesson.a_teaches), 17)
        ax.annotate(
            skills, (x + 0.5, y), (0.0, 4.0), textcoords="offset points", ha="center", color=QUIET
        )
        if x == IN_LINE - 1 or place == len(drawn) - 1:
            _person(ax, x + 1, y, called[lesson.b], is_new=False)


def _person(ax: "Axes", x: int, y: float, name: str, *, is_new: bool) -> None:
    colour = DARK if is_new else "white"
    ax.plot([x], [y], marker="o", markersize=7.0, color=colour, markeredgecolor=INK)
    below = (0.0, -8.0)
    ax.annotate(label(name, 19), (x, y), below, textcoords="offset points", ha="center", va="top")


def _shown(rings: Sequence[Ring]) -> Sequence[Ring]:
    """Return the first rings, as far as there are lines for them; the first one always."""
    lines = 0
    for number, ring in enumerate(rings):
        lines += _lines_of(ring)
        if lines > LINES and number:
            return rings[:number]
    return rings


def _lines_of(ring: Ring) -> int:
    return min(-(-len(ring.arrows) // IN_LINE), LINES)


def _called(matching: Matching) -> dict[str, str]:
    """Return by id what everybody in a ring is called."""
    ids, names = zip(*((one.a, one.a_name) for one in matching.pairs), strict=True)
    others = [one.name for one in matching.unmatched]
    others += [one.name for one in matching.taking_no_part]
    shared = shared_names((*names, *others))
    return {one: called(one, name, shared) for one, name in zip(ids, names, strict=True)}


def _title(matching: Matching, rings: Sequence[Ring]) -> str:
    sizes = [len(ring.members) for ring in rings]
    people, all_of_them = sum(sizes), sum(sizes) + len(matching.unmatched)
    between = f"{min(sizes):,}" if min(sizes) == max(sizes) else f"{min(sizes):,} to {max(sizes):,}"
    learn = "everybody learns" if people == all_of_them else f"{people:,} of {all_of_them:,} learn"
    return f"{counted(len(rings), 'ring', 'rings')} of {between} people: {learn}"
