"""An audit in words, and in tables where numbers belong side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mentormatch.errors import listed
from mentormatch.matching.audit_parts import (
    NAMED,
    Blocking,
    Bridges,
    Group,
    RankFlow,
    Spread,
    Wishing,
)
from mentormatch.matching.tables import harmless, text_table

__all__ = [
    "Passage",
    "about_blocking",
    "about_bridges",
    "about_groups",
    "about_ranks",
    "about_scores",
    "about_skills",
    "about_wishes",
]

BLOCKING = "Better for both"


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an audit in words, with a table where numbers belong side by side.

    Attributes
    ----------
    about, text : str
        Of what it speaks, and what it says; the latter is ``""`` where the table says it all.
    header, rows : tuple
        The table; both empty where there is none.
    is_list : bool
        Whether the text lists what people wrote; else it is a sentence.
    """

    about: str
    text: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    is_list: bool = False

    def __str__(self) -> str:
        table = f"\n{text_table(self.header, self.rows)}" if self.header else ""
        return f"{self.about}: {self.text}".rstrip() + table


def about_scores(spread: Spread) -> Passage:
    """Say how the scores of the pairs spread, and who is worst off."""
    if not spread.worst_off:
        return Passage("Scores", "there are no pairs.")
    return Passage(
        "Scores",
        f"half of the pairs score {spread.median:.2f} or more; the middle half lies "
        f"between {spread.lower:.2f} and {spread.upper:.2f}, the best pair has {spread.most:.2f}. "
        f"Worst off, with {spread.least:.2f}: {harmless(' and '.join(spread.names))}.",
    )


def about_blocking(blocking: Blocking | None) -> Passage:
    """Say who would both gain with each other."""
    if blocking is None:
        return Passage(BLOCKING, "only one of a pair learns, so no two would both gain.")
    if not blocking.count:
        return Passage(
            "Better for both", "no two people would both receive more from each other than now."
        )
    pairs = harmless("; ".join(f"{a} and {b}" for a, b in blocking.names))
    more = blocking.count - len(blocking.pairs)
    return Passage(
        BLOCKING,
        f"{blocking.count:,} allowed pairs would give both people more than they "
        f"have now, at the cost of others. Where both would gain most: {pairs}"
        + (f"; and {more:,} more." if more else "."),
    )


def about_wishes(wishes: Sequence[Wishing]) -> Passage:
    """Say what share of their wishes people have met."""
    rows = tuple(
        (str(one.wishes), f"{one.people:,}", f"{one.learning:,}", _share(one.benefit))
        for one in wishes
    )
    header = ("wishes", "people", "of them learn", "wishes met, on average")
    return Passage("By number of wishes", "", header, rows)


def about_bridges(bridges: Bridges | None) -> Passage:
    """Say which departments the pairs join."""
    if bridges is None:
        return Passage("Departments", "nobody's is known.")
    parts = "all are joined" if bridges.parts == 1 else f"they fall into {bridges.parts} parts"
    told = f"{_share(bridges.across)} of the pairs join two of them; {parts}."
    if len(bridges.departments) > NAMED:
        return Passage("Departments", told)
    rows = tuple(
        (name, *(str(count) if count else "" for count in counts))
        for name, counts in zip(bridges.departments, bridges.pairs, strict=True)
    )
    return Passage("Departments", told, ("pairs", *bridges.departments), rows)


def about_ranks(ranks: RankFlow) -> Passage:
    """Say how many learn from below, beside and above."""
    unknown = f", {ranks.unknown:,} unknown" if ranks.unknown else ""
    return Passage(
        "Ranks",
        f"{ranks.from_below:,} learn from somebody below, {ranks.from_beside:,} from beside "
        f"and {ranks.from_above:,} from above them{unknown}.",
    )


def about_skills(what: str, skills: Sequence[str]) -> Passage:
    """List skills."""
    named = f"{harmless(listed(skills, NAMED)) or 'none'}."
    return Passage(f"Skills {what}", named, is_list=bool(skills))


def about_groups(groups: Sequence[Group]) -> Iterator[Passage]:
    """Compare the groups of each attribute."""
    for attribute in dict.fromkeys(group.attribute for group in groups):
        rows = tuple(
            (
                group.value or "(blank)",
                f"{group.people:,}",
                *(_share(share) for share in (group.rate, group.rate_ratio)),
                *(_share(share) for share in (group.benefit, group.benefit_ratio)),
            )
            for group in groups
            if group.attribute == attribute
        )
        header = (attribute, "people", "in a pair", "beside the best", "wishes met", "beside it")
        yield Passage(f"By {harmless(attribute)}", "", header, rows)


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"
