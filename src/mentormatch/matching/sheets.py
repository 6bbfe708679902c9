"""An answer as rows: what `print` and notebooks show, and what the CSV files hold."""

from collections.abc import Iterable, Mapping, Sequence

from mentormatch.exchange.layout import Layout
from mentormatch.matching.answer import Aside, Pair, Unmatched
from mentormatch.matching.rings import numbered
from mentormatch.matching.tables import csv_text
from mentormatch.people.called import called, shared_names

__all__ = ["pairs_csv", "sheet", "shown_pairs", "singles_csv"]

Names = tuple[str, str]


def shown_pairs(
    pairs: Iterable[Pair], sides: Names, layout: Layout
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return headings and cells of pairs for a reader: names, score and skills.

    Parameters
    ----------
    pairs
        The pairs to show.
    sides
        What the two sides are called.
    layout
        How people meet; arrows have the number of their ring in front.
    """
    pairs = tuple(pairs)
    names = _names(pairs)
    if layout == "arrows":
        return ("ring", *sides, "score", "teaches"), [
            (
                str(ring),
                names[pair.a],
                names[pair.b],
                f"{pair.score:5.2f}",
                ", ".join(pair.a_teaches),
            )
            for ring, _, pair in numbered(pairs)
        ]
    if any(pair.together for pair in pairs):
        return (*sides, "score", "learn together"), [
            (names[pair.a], names[pair.b], f"{pair.score:5.2f}", ", ".join(pair.together))
            for pair in pairs
        ]
    header = (*sides, "score", *(f"{side} teaches" for side in sides))
    return header, [
        (
            names[pair.a],
            names[pair.b],
            f"{pair.score:5.2f}",
            ", ".join(pair.a_teaches),
            ", ".join(pair.b_teaches),
        )
        for pair in pairs
    ]


def _names(pairs: Iterable[Pair]) -> Mapping[str, str]:
    """Return what to call everybody, by id: those who share a name have it with their ids."""
    known: dict[str, str] = {}
    for pair in pairs:
        known |= {pair.a: pair.a_name, pair.b: pair.b_name}
    shared = shared_names(known.values())
    return {person: called(person, name, shared) for person, name in known.items()}


def pairs_csv(
    pairs: Sequence[Pair],
    sides: Names,
    layout: Layout,
    *,
    spreadsheet_safe: bool = True,
    preferences: bool = False,
) -> str:
    """Return pairs as CSV: ids, names, score, shares of wishes met, and skills.

    Parameters
    ----------
    pairs
        The pairs, in the order of the lines.
    sides
        What the two sides are called; the headings begin with it.
    layout
        How people meet; arrows have the number of their ring in front, and their place there.
    spreadsheet_safe
        Write for spreadsheets: a byte-order mark in front, and an apostrophe before a cell that
        they would run as a formula.
    preferences
        Show of what a score is made up: what the two exchange, and what preferences add.
    """
    a, b = sides
    parts = ("reciprocity", "preference") if preferences else ()
    named = (a, f"{a} name", b, f"{b} name", "score", *parts)
    if layout == "arrows":
        rings = [
            (
                *(ring, place, *_start(pair, parts)),
                *(round(pair.b_benefit, 6), "; ".join(pair.a_teaches)),
            )
            for ring, place, pair in numbered(pairs)
        ]
        return sheet(
            ("ring", "position", *named, f"{b} wishes met", "teaches"), rings, spreadsheet_safe
        )
    if any(pair.together for pair in pairs):
        together = [(*_start(pair, parts), "; ".join(pair.together)) for pair in pairs]
        return sheet((*named, "learn together"), together, spreadsheet_safe)
    header = (*named, f"{a} wishes met", f"{b} wishes met", f"{a} teaches", f"{b} teaches")
    rows = [
        (
            *_start(pair, parts),
            round(pair.a_benefit, 6),
            round(pair.b_benefit, 6),
            "; ".join(pair.a_teaches),
            "; ".join(pair.b_teaches),
        )
        for pair in pairs
    ]
    return sheet(header, rows, spreadsheet_safe)


def _start(pair: Pair, parts: Sequence[str]) -> tuple[str | float, ...]:
    """Return the cells that a pair of any kind begins with."""
    return (
        *(pair.a, pair.a_name, pair.b, pair.b_name, round(pair.score, 6)),
        *(round(getattr(pair, part), 6) for part in parts),
    )


def singles_csv(
    unmatched: Iterable[Unmatched], aside: Iterable[Aside], *, spreadsheet_safe: bool = True
) -> str:
    """Return as CSV everybody without a partner, and why; the side is blank for who takes no part.

    Parameters
    ----------
    unmatched
        Who takes part.
    aside
        Who does not.
    spreadsheet_safe
        Write for spreadsheets: a byte-order mark in front, and an apostrophe before a cell that
        they would run as a formula.
    """
    rows = [
        *((one.id, one.name, one.side, one.reason) for one in unmatched),
        *((one.id, one.name, "", one.reason) for one in aside),
    ]
    return sheet(("id", "name", "side", "reason"), rows, spreadsheet_safe)


def sheet(
    header: Sequence[str], rows: Iterable[Sequence[str | float]], spreadsheet_safe: bool
) -> str:
    r"""Return rows as CSV, for spreadsheets or for programs.

    Parameters
    ----------
    header
        The headings.
    rows
        Cells.
    spreadsheet_safe
        As above.

    Examples
    --------
    >>> sheet(["id"], [["=1+1"]], False)
    'id\n=1+1\n'
    """
    # Without a byte-order mark spreadsheets take UTF-8 for something older and garble accents.
    mark = "\N{BYTE ORDER MARK}" if spreadsheet_safe else ""
    return mark + csv_text(header, rows, spreadsheet_safe=spreadsheet_safe)
