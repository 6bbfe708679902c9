"""People served against score: what different objectives or rules give the same people."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mentormatch.errors import ProgramError, listed
from mentormatch.matching.matching import Matching
from mentormatch.people.doubts import counted
from mentormatch.report.canvas import DARK, INK, LIGHT, drawing, name_points, no_axes
from mentormatch.report.finding import Finding

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_served", "served_found"]

#: So many are named in the title.
NAMED = 2
MARKERS = "osD^vP*X<>"


def served_found(matchings: Mapping[str, Matching]) -> Finding:
    """Say which of several matchings serves most people, and which has the highest total.

    Parameters
    ----------
    matchings
        Answers for the same people, by what they are called: of several objectives, or rules.

    Returns
    -------
    Finding
        A row for each matching: how many people have a partner, and the total score. Totals of
        different scores (`Program.score`) are different measures.

    Raises
    ------
    ProgramError
        When they are not of the same people.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "leading"},
    ...         {"id": "bo", "teaches": "leading", "wants": "sql"},
    ...     ]
    ... )
    >>> found = mm.report.served_found(
    ...     {
    ...         "people first": mm.match(people, mm.Program()),
    ...         "score": mm.match(people, mm.Program(objective="score")),
    ...     }
    ... )
    >>> found.title
    '“people first”, “score” serve 2 people with a total of 1.00'
    """
    columns = ("matching", "people served", "total score")
    if not matchings:
        title = "There are no matchings to compare"
        return Finding(title, f"{title}.", columns, ())
    _same_people(matchings)
    rows = tuple(
        (str(name), int(one.certificate.people_served), float(one.total))
        for name, one in matchings.items()
    )
    title = _title(rows)
    each = "; ".join(f"{name}: {people:,} people, {total:.2f}" for name, people, total in rows)
    text = (
        f"{title}. A point for each of {counted(len(rows), 'matching', 'matchings')}, the more to "
        f"the right the more people have a partner, the higher the larger the total score. {each}."
    )
    return Finding(title, text, columns, rows)


def plot_served(matchings: Mapping[str, Matching], ax: "Axes | None" = None) -> "Axes":
    """Draw people served against the total score, a point for each matching.

    Parameters
    ----------
    matchings
        Answers for the same people, by what they are called.
    ax
        Axes to draw on; new ones without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    ProgramError
        As `served_found`.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "leading"},
    ...         {"id": "bo", "teaches": "leading", "wants": "sql"},
    ...     ]
    ... )
    >>> ax = mm.report.plot_served({"all rules": mm.match(people, mm.Program())})
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('people with a partner', 'total score')
    """
    finding = served_found(matchings)
    with drawing(finding, ax, (8.0, max(3.6, 1.6 + 0.24 * len(finding.rows)))) as ax:
        if not finding.rows:
            no_axes(ax, finding.title)
            return ax
        names, served, totals = zip(*finding.rows, strict=True)
        for place, (people, total) in enumerate(zip(served, totals, strict=True)):
            ax.plot(
                [people],
                [total],
                marker=MARKERS[place % len(MARKERS)],
                markersize=9.0,
                color=(DARK, LIGHT)[place % 2],
                markeredgecolor=INK,
                linestyle="none",
            )
        ax.set(xlabel="people with a partner", ylabel="total score")
        ax.margins(0.12)
        ax.locator_params(axis="x", integer=True, nbins=6, min_n_ticks=1)
        ax.grid(color="#ececec")
        ax.set_axisbelow(True)
        name_points(ax, list(zip(names, served, totals, strict=True)))
    return ax


def _title(rows: tuple[tuple[str, int, float], ...]) -> str:
    """Say what serving most people costs, beside the highest total."""
    widest = max(rows, key=lambda row: (row[1], row[2]))
    best = max(rows, key=lambda row: (row[2], row[1]))
    if widest[1:] != best[1:]:
        more, less = counted(widest[1] - best[1], "person", "people"), best[2] - widest[2]
        return f"“{widest[0]}” serves {more} more than “{best[0]}”, for {less:.2f} less in total"
    alike = [f"“{name}”" for name, *numbers in rows if tuple(numbers) == best[1:]]
    served, total = counted(best[1], "person", "people"), f"{best[2]:.2f}"
    if len(alike) == len(rows):
        serve = "serves" if len(alike) == 1 else "serve"
        return f"{listed(alike, NAMED)} {serve} {served} with a total of {total}"
    return f"Most people, {best[1]:,}, and the highest total, {total}, have {listed(alike, NAMED)}"


def _same_people(matchings: Mapping[str, Matching]) -> None:
    everybody = {name: _everybody(one) for name, one in matchings.items()}
    first, *others = everybody
    for name in others:
        if everybody[name] != everybody[first]:
            different = len(everybody[name] ^ everybody[first])
            raise ProgramError(
                f"matchings are compared that are not of the same people: {first!r} and {name!r} "
                f"differ in {counted(different, 'person', 'people')}; match the same cohort with "
                "each program"
            )


def _everybody(matching: Matching) -> set[str]:
    """Return the ids of all whom an answer speaks of."""
    singles = (one.id for part in (matching.unmatched, matching.taking_no_part) for one in part)
    return {*singles, *(one for pair in matching.meetings for one in (pair.a, pair.b))}
