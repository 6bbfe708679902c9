"""The exchange graph of a small program: who could teach whom, and which pairs were chosen."""

from typing import TYPE_CHECKING

from mentormatch.matching.matching import Matching
from mentormatch.people.doubts import counted
from mentormatch.report.canvas import drawing
from mentormatch.report.exchange_drawing import circle, circle_size, columns_size, two_columns
from mentormatch.report.finding import Finding
from mentormatch.report.meetings import PAIRS, Meeting, Meetings, meetings_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["exchange_found", "plot_exchange"]


def exchange_found(matching: Matching) -> Finding:
    """Say how many of the possible pairs were chosen, and what each would teach.

    Possible is what has something to exchange and keeps the program's rules; what people decline
    is neither asked nor shown.

    Parameters
    ----------
    matching
        The answer.

    Returns
    -------
    Finding
        A row for each possible pair: who, whether it is chosen, and the skills. Of more than sixty
        people only those of the twenty best pairs.

    Raises
    ------
    RecordError
        When the matching was read from a record: `attach` it to its people first.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...         {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading; R"},
    ...     ]
    ... )
    >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    >>> found = mm.report.exchange_found(mm.match(people, program))
    >>> found.title
    '1 of 2 possible pairs is chosen: 2 of 3 people have a partner'
    >>> found.rows[0]
    ('ana', 'bo', 'yes', 'leading', 'sql')
    """
    return _found(matching, meetings_of(matching._attached()))


def plot_exchange(matching: Matching, ax: "Axes | None" = None) -> "Axes":
    """Draw the exchange graph of a small program: two columns, or a circle for a pool and rings.

    Chosen pairs are thick, with what they teach; possible ones are thin, and dashed where only one
    would teach.

    Parameters
    ----------
    matching
        The answer. Of more than sixty people only those of the twenty best pairs are drawn.
    ax
        Axes to draw on; new ones without it. A circle with its names takes seven inches.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    RecordError
        As `exchange_found`.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...     ]
    ... )
    >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    >>> ax = mm.report.plot_exchange(mm.match(people, program))
    >>> ax.get_title(loc="left")
    'The one possible pair is chosen: 2 of 2 people have a partner'
    """
    meetings = meetings_of(matching._attached())
    finding = _found(matching, meetings)
    in_columns = meetings.layout == "sides"
    size = columns_size(meetings) if in_columns else circle_size(meetings)
    with drawing(finding, ax, size) as ax:
        (two_columns if in_columns else circle)(ax, meetings)
    return ax


def _found(matching: Matching, meetings: Meetings) -> Finding:
    a, b = meetings.sides
    columns: tuple[str, ...] = (a, b, "chosen", f"{a} teaches", f"{b} teaches")
    if any(one.together for one in meetings.meetings):
        columns = (a, b, "chosen", "learn together")
    elif meetings.layout == "arrows":
        columns = (a, b, "chosen", "teaches")
    rows = tuple(
        (
            meetings.called[one.a],
            meetings.called[one.b],
            "yes" if one.chosen else "no",
            *(", ".join(skills) for skills in _skills(one)[: len(columns) - 3]),
        )
        for one in meetings.meetings
    )
    title, noun = _title(matching, meetings), _noun(meetings)
    where = "Names around a circle, those who meet beside each other"
    if meetings.layout == "sides":
        where = f"Two columns of names, {a} on the left and {b} on the right"
    text = (
        f"{title}. {where}. Thick lines join the chosen {noun}s, with the skills that are "
        f"exchanged; thin lines join others who could be one under the rules, dashed where only "
        "one of the two would learn."
    )
    if not meetings.is_whole:
        text += f" Only the people of the {PAIRS} best {noun}s are drawn."
    return Finding(title, text, columns, rows)


def _skills(one: Meeting) -> tuple[tuple[str, ...], ...]:
    return (one.together,) if one.together else (one.a_teaches, one.b_teaches)


def _noun(meetings: Meetings) -> str:
    return "arrow" if meetings.layout == "arrows" else "pair"


def _title(matching: Matching, meetings: Meetings) -> str:
    noun = _noun(meetings)
    if not meetings.is_whole:
        total = len(matching.pairs)
        if not total:
            return f"No {noun} is chosen"
        best = min(PAIRS, total)
        return f"The {best:,} best of {total:,} {noun}s, and whom else their people could meet"
    chosen, possible = len(meetings.chosen), len(meetings.meetings)
    people = {row for _, row in meetings.called}
    served = {row for _, row in {*meetings.called} - {*meetings.single}}
    have = f"{len(served):,} of {counted(len(people), 'person has', 'people have')} a partner"
    if not possible:
        return f"No {noun} is possible: nobody has a partner"
    if possible == 1 == chosen:
        return f"The one possible {noun} is chosen: {have}"
    if chosen == possible:
        return f"All {possible:,} possible {noun}s are chosen: {have}"
    verb = "is" if chosen == 1 else "are"
    return f"{chosen:,} of {possible:,} possible {noun}s {verb} chosen: {have}"
