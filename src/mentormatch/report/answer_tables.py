"""An answer as tables of a page: who is paired with whom, who is not, and what rules forbid."""

from collections.abc import Sequence

from mentormatch.matching.answer import Pair
from mentormatch.matching.matching import Matching
from mentormatch.matching.rings import numbered
from mentormatch.report.grid import Column, Grid, Person

__all__ = ["others_of", "pairs_of", "rules_of"]


def pairs_of(matching: Matching) -> Grid:
    """Return everybody who meets somebody, and what they teach or learn together.

    Parameters
    ----------
    matching
        The answer.
    """
    meetings = matching.meetings
    columns = [*(Column(side, "person") for side in matching.sides), Column("score", "number")]
    rows: list[Sequence[object]]
    if matching.layout == "arrows":
        columns = [Column("ring", "number"), *columns, Column("teaches", "skills")]
        rows = [(f"{ring:,}", *_ends(pair), pair.a_teaches) for ring, _, pair in numbered(meetings)]
        return Grid("pairs-table", "Who teaches whom", columns, rows, "lessons", "pairs", header=1)
    if any(pair.together for pair in meetings):
        columns += [Column("learn together", "skills")]
        rows = [(*_ends(pair), pair.together) for pair in meetings]
    else:
        columns += [Column(f"{side} teaches", "skills") for side in matching.sides]
        rows = [(*_ends(pair), pair.a_teaches, pair.b_teaches) for pair in meetings]
    return Grid("pairs-table", f"All pairs: {len(rows):,}", columns, rows, "pairs", "pairs")


def _ends(pair: Pair) -> tuple[Person, Person, str]:
    return Person(pair.a, pair.a_name), Person(pair.b, pair.b_name), f"{pair.score:.2f}"


def others_of(matching: Matching) -> list[Grid]:
    """Return who takes part and has no partner, and who takes no part; each where there is anybody.

    Parameters
    ----------
    matching
        The answer.
    """
    found: list[Grid] = []
    who, why = Column("name", "person"), Column("reason")
    unmatched, aside = matching.unmatched, matching.taking_no_part
    rows: list[Sequence[object]]
    if unmatched:
        paired = {person for pair in matching.meetings for person in (pair.a, pair.b)}
        in_one_role = any(one.id in paired for one in unmatched)
        roles = ", or none in one of two roles" if in_one_role else ""
        caption = f"Take part and have no partner{roles}: {len(unmatched):,}"
        columns = [who, Column("as"), why]
        rows = [(Person(one.id, one.name), one.side, one.reason) for one in unmatched]
        if not any(one.side for one in unmatched):
            columns, rows = [who, why], [(row[0], row[2]) for row in rows]
        found.append(Grid("unmatched", caption, columns, rows, "people", "people"))
    if aside:
        caption = f"Take no part: {len(aside):,}"
        rows = [(Person(one.id, one.name), one.reason) for one in aside]
        found.append(Grid("aside", caption, [who, why], rows, "people", "people"))
    return found


def rules_of(matching: Matching) -> Grid:
    """Return every rule, and how many pairs with something to exchange it forbids.

    Parameters
    ----------
    matching
        The answer; where such pairs were not counted, the table is empty.
    """
    if not matching.removed:
        return Grid.empty()
    rows = [(rule, f"{count:,}") for rule, count in matching.removed]
    columns = (Column("rule"), Column("pairs forbidden", "number"))
    return Grid("rules", "Rules that every pair keeps", columns, rows, "rules", "plain")
