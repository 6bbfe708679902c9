"""What was solved as the list of every reader, and lists as records and rows."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from mentormatch.matching.answer import Pair, PairSequence
from mentormatch.people import Cohort
from mentormatch.rounds.shortlist import Shortlist, Suggestion
from mentormatch.solving.solved import Solved

__all__ = ["HEADINGS", "cells", "lists_of", "records_of"]

#: The columns of `Shortlists.to_csv`.
HEADINGS = (
    *("reader", "reader name", "place", "suggested", "suggested name", "side", "score"),
    *("reader teaches", "reader learns", "wishes met", "their wishes met", "learn together"),
)


def lists_of(solved: Sequence[Solved], people: Cohort) -> Iterator[Shortlist]:
    """Yield the list of everybody who takes part, in the order of the people.

    Parameters
    ----------
    solved
        Readers and suggested people: a reads in the first, b in the second one.
    people
        Whose lists they are.
    """
    found: dict[str, list[Suggestion]] = defaultdict(list)
    on_lists: Counter[str] = Counter()
    at_most: Counter[str] = Counter()
    for reads, one in enumerate(solved):
        asked = one.sides.capacities
        assert asked is not None  # lists have places
        rows, places = (
            (one.sides.b, asked.col_capacity) if reads == 0 else (one.sides.a, asked.row_capacity)
        )
        for row, most in zip(rows.tolist(), places.tolist(), strict=True):
            at_most[people.ids[row]] += most
        side = one.sides.names[1 - reads] if len(solved) > 1 else ""
        placed: Counter[str] = Counter()
        for pair in PairSequence(one):  # the best first
            reader = (pair.a, pair.b)[reads]
            placed[reader] += 1
            suggestion = _suggestion(pair, reads, side, placed[reader])
            found[reader].append(suggestion)
            on_lists[suggestion.id] += 1
    for row in solved[0].sides.taking_part.tolist():
        person = people.ids[row]
        yield Shortlist(
            person,
            people.names[row],
            tuple(found[person]),
            on_lists[person],
            at_most[person],
        )


def _suggestion(pair: Pair, reads: int, side: str, place: int) -> Suggestion:
    """Return a pair as one of the two reads it: a where `reads` is 0, else b."""
    reader = pair.a_teaches, pair.a_benefit
    other = pair.b_teaches, pair.b_benefit
    if reads:
        reader, other = other, reader
    return Suggestion(
        id=(pair.b, pair.a)[reads],
        name=(pair.b_name, pair.a_name)[reads],
        side=side,
        place=place,
        score=pair.score,
        teaches=reader[0],
        learns=other[0],
        wishes_met=reader[1],
        their_wishes_met=other[1],
        together=pair.together,
    )


def records_of(shortlist: Shortlist) -> Iterator[dict[str, Any]]:
    """Yield a list as plain data, a dict for each suggestion.

    Parameters
    ----------
    shortlist
        One person's.
    """
    for one in shortlist.suggestions:
        yield {
            "reader": shortlist.person,
            "reader_name": shortlist.name,
            "place": one.place,
            "suggested": one.id,
            "suggested_name": one.name,
            "side": one.side,
            "score": one.score,
            "teaches": list(one.teaches),
            "learns": list(one.learns),
            "wishes_met": one.wishes_met,
            "their_wishes_met": one.their_wishes_met,
            "together": list(one.together),
        }


def cells(record: dict[str, Any]) -> list[str | float]:
    """Return a record as a row under `HEADINGS`.

    Parameters
    ----------
    record
        One of `records_of`.

    Examples
    --------
    >>> cells({"score": 1 / 3, "teaches": ["sql", "go"]})
    [0.333333, 'sql; go']
    """
    return [_cell(value) for value in record.values()]


def _cell(value: Any) -> str | float:
    if isinstance(value, list):
        return "; ".join(value)
    return round(value, 6) if isinstance(value, float) else value
