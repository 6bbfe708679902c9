"""An answer as a whole: who is better and who worse off, and which parts of the house it joins."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from mentormatch.errors import listed
from mentormatch.matching.received import Lessons, lessons_of
from mentormatch.matching.scan import named
from mentormatch.matching.tables import harmless, text_table
from mentormatch.people import Cohort
from mentormatch.solving.solved import Solved
from mentormatch.solving.two_sides import all_allowed

__all__ = [
    "Audit",
    "Blocking",
    "Bridges",
    "Group",
    "RankFlow",
    "Spread",
    "Wishing",
    "audit_of",
    "bridges_of",
    "spread_of",
]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: A group of fewer people than this could give somebody away.
FEWEST = 5
#: How many pairs, people and skills are named before the rest is counted.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Blocking:
    """Allowed pairs whose two people would both receive more from each other than they do now.

    Attributes
    ----------
    count : int
        How many there are.
    pairs : tuple of (str, str)
        The first twenty by how much the one who gains less would gain, most first.

    References
    ----------
    D. Gale and L. S. Shapley, "College admissions and the stability of marriage", The American
    Mathematical Monthly 69 (1962).
    """

    count: int
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """How the scores of the pairs spread.

    Attributes
    ----------
    least, lower, median, upper, most : float
        Of all pairs, in quarters; 0 where there are none.
    worst_off : tuple of str
        Ids of the people in the pair of the least score.
    """

    least: float
    lower: float
    median: float
    upper: float
    most: float
    worst_off: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wishing:
    """People with so many wishes, and what share of them is met.

    Attributes
    ----------
    wishes : int
        How many skills they want.
    people, learning : int
        How many such people take part, and how many of them receive anything.
    benefit : float
        The mean share of wishes met, of those who learn; 0 where nobody does.
    """

    wishes: int
    people: int
    learning: int
    benefit: float


@dataclass(frozen=True, slots=True)
class Group:
    """People with one value of an attribute, beside the group that is best off.

    Attributes
    ----------
    attribute, value : str
        Such as ``"department"`` and ``"IT"``; ``""`` for those whose value is blank.
    people : int
        How many take part.
    rate, benefit : float or None
        The share of them with a partner, and the mean share of wishes met of those who are in a
        pair and learn; `None` in a group of fewer than five people, which could give them away.
    rate_ratio, benefit_ratio : float or None
        Beside the largest of the attribute's groups; likewise.
    """

    attribute: str
    value: str
    people: int
    rate: float | None
    benefit: float | None
    rate_ratio: float | None
    benefit_ratio: float | None


@dataclass(frozen=True, slots=True)
class Bridges:
    """How pairs join the departments: mentoring up is meant to.

    Attributes
    ----------
    departments : tuple of str
        Of the people who take part; a blank one is left out.
    pairs : tuple of tuple of int
        For each two departments how many pairs there are; the same either way round.
    across : float
        The share of pairs between two departments; 0 where there are none.
    parts : int
        Into how many parts the departments fall that no pair joins.
    """

    departments: tuple[str, ...]
    pairs: tuple[tuple[int, ...], ...]
    across: float
    parts: int


@dataclass(frozen=True, slots=True)
class RankFlow:
    """How many learn from somebody of lower, of equal and of higher rank.

    Attributes
    ----------
    from_below, from_beside, from_above, unknown : int
        Lessons; the last where a rank is blank.
    """

    from_below: int
    from_beside: int
    from_above: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What can be said of an answer as a whole.

    Attributes
    ----------
    blocking : Blocking or None
        `None` where only one of a pair learns: nobody is better off with another.
    spread : Spread
        Of the scores.
    wishes : tuple of Wishing
        By number of wishes.
    groups : tuple of Group
        Of the attributes asked for.
    bridges : Bridges or None
        `None` where nobody's department is known.
    ranks : RankFlow
        Who learns from whom.
    unwanted, unoffered : tuple of str
        Skills that are offered and that nobody wants, and that are wanted and nobody offers.
    """

    blocking: Blocking | None
    spread: Spread
    wishes: tuple[Wishing, ...]
    groups: tuple[Group, ...]
    bridges: Bridges | None
    ranks: RankFlow
    unwanted: tuple[str, ...]
    unoffered: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, for JSON."""
        return asdict(self)

    def text(self, audience: Literal["coordinator", "auditor"] = "coordinator") -> str:
        """Return the audit in words and tables.

        Parameters
        ----------
        audience
            Who reads it; no participant does. Groups of attributes are for an auditor.
        """
        if audience not in ("coordinator", "auditor"):
            raise ValueError(
                f"audience is {audience!r}; an audit is for 'coordinator' or 'auditor', as it "
                "speaks of everybody"
            )
        parts = [
            _spread_text(self.spread),
            _blocking_text(self.blocking),
            _wishes_text(self.wishes),
            _bridges_text(self.bridges),
            _ranks_text(self.ranks),
            _skills_text("offered, and wanted by nobody", self.unwanted),
            _skills_text("wanted, and offered by nobody", self.unoffered),
        ]
        if audience == "auditor":
            parts += _group_texts(self.groups)
        return "\n\n".join(parts)

    def __str__(self) -> str:
        return self.text()


def audit_of(solved: Solved, attributes: Sequence[str] = ()) -> Audit:
    """Look at an answer as a whole.

    Parameters
    ----------
    solved
        The answer.
    attributes
        By which groups to compare people; any attribute of theirs, sensitive ones included.

    Raises
    ------
    ProgramError
        When nobody has such an attribute.
    """
    people, rows = solved.graph.people, solved.sides.taking_part
    lessons = lessons_of(solved)
    received = lessons.received(len(people))
    paired = np.zeros(len(people), dtype=np.bool_)
    paired[np.concatenate((lessons.teacher, lessons.learner))] = True
    return Audit(
        blocking=_blocking(solved, received),
        spread=spread_of(solved),
        wishes=_wishes(people, rows, received),
        groups=tuple(
            group
            for attribute in attributes
            for group in _groups(people, rows, attribute, paired, received)
        ),
        bridges=bridges_of(people, rows, *_ends(solved)),
        ranks=_ranks(people, lessons),
        unwanted=_only(people, rows, "teaches", "wants"),
        unoffered=_only(people, rows, "wants", "teaches"),
    )


def _blocking(solved: Solved, received: Floats) -> Blocking | None:
    graph = solved.graph
    if not (graph.score_model.a_receives and graph.score_model.b_receives):
        return None
    count = 0
    found: list[tuple[float, str, str]] = []
    for pairs in all_allowed(solved):
        rows_a, rows_b = graph.side_a[pairs.a], graph.side_b[pairs.b]
        gain = np.minimum(pairs.a_benefit - received[rows_a], pairs.b_benefit - received[rows_b])
        better = np.flatnonzero(gain > 0.0)
        count += len(better)
        # All who gain as much as the last one kept, so that ids decide and not the order of rows.
        kept = better
        if len(better) > NAMED:
            kept = better[gain[better] >= np.partition(gain[better], -NAMED)[-NAMED]]
        ids = graph.people.ids
        ends = zip(rows_a[kept].tolist(), rows_b[kept].tolist(), strict=True)
        found += [
            (-amount, *named((ids, ids), a, b, graph.layout))
            for (a, b), amount in zip(ends, gain[kept].tolist(), strict=True)
        ]
        found = sorted(found)[:NAMED]
    return Blocking(count, tuple((a, b) for _, a, b in found))


def spread_of(solved: Solved) -> Spread:
    """Return how the scores of an answer's pairs spread."""
    a, b, scores = solved.chosen
    if not len(scores):
        return Spread(0.0, 0.0, 0.0, 0.0, 0.0, ())
    graph = solved.graph
    worst = np.flatnonzero(scores == scores.min())
    ids = sorted(sorted((graph.a_ids[a[pair]], graph.b_ids[b[pair]])) for pair in worst.tolist())
    least, lower, median, upper, most = np.quantile(scores, (0.0, 0.25, 0.5, 0.75, 1.0)).tolist()
    return Spread(least, lower, median, upper, most, tuple(sorted(ids[0])))


def _wishes(people: Cohort, rows: Rows, received: Floats) -> tuple[Wishing, ...]:
    wishes = np.diff(people.wants.indptr)[rows]
    met = received[rows]
    found = []
    for number in np.unique(wishes).tolist():
        of_them = met[wishes == number]
        learning = of_them[of_them > 0.0]
        mean = float(learning.mean()) if len(learning) else 0.0
        found.append(Wishing(number, len(of_them), len(learning), mean))
    return tuple(found)


def _groups(
    people: Cohort, rows: Rows, attribute: str, paired: NDArray[np.bool_], received: Floats
) -> list[Group]:
    codes, labels = people.audited(attribute)
    sizes: list[tuple[str, int]] = []
    rates: list[float | None] = []
    benefits: list[float | None] = []
    for code, label in (*enumerate(labels), (-1, "")):
        members = rows[codes[rows] == code]
        if not len(members):
            continue
        learning = received[members][received[members] > 0.0]
        shown = len(members) >= FEWEST
        sizes.append((label, len(members)))
        rates.append(float(paired[members].mean()) if shown else None)
        # The mean of a few who learn could give them away, too.
        benefits.append(float(learning.mean()) if len(learning) >= FEWEST else None)
    beside = zip(sizes, rates, benefits, _ratios(rates), _ratios(benefits), strict=True)
    return [Group(attribute, *size, *numbers) for size, *numbers in beside]


def _ratios(numbers: Sequence[float | None]) -> list[float | None]:
    """Return each number beside the largest; `None` where that is 0 or the number hidden."""
    most = max((number for number in numbers if number is not None), default=0.0)
    return [None if number is None or not most else number / most for number in numbers]


def _ends(solved: Solved) -> tuple[Rows, Rows]:
    """Return the rows of the two people of each chosen pair."""
    a, b, _ = solved.chosen
    return solved.graph.side_a[a], solved.graph.side_b[b]


def bridges_of(people: Cohort, taking_part: Rows, rows_a: Rows, rows_b: Rows) -> Bridges | None:
    """Return how some pairs join the departments of all who take part.

    Parameters
    ----------
    people
        The cohort.
    taking_part
        Rows of those whose departments there are.
    rows_a, rows_b
        Rows of the people of each pair.
    """
    codes, labels = people.categories("department")
    present = np.unique(codes[taking_part])
    present = present[present >= 0]
    if not len(present):
        return None
    ends = codes[rows_a], codes[rows_b]
    known = (ends[0] >= 0) & (ends[1] >= 0)
    one, other = (np.searchsorted(present, end[known]) for end in ends)
    shape = (len(present),) * 2
    met = coo_array((np.ones(len(one), dtype=np.int64), (one, other)), shape=shape).toarray()
    both = met + met.T - np.diag(np.diag(met))
    # Imported here, as in `assign/ties.py`: it would take a tenth of a second from every start.
    from scipy.sparse.csgraph import connected_components

    parts, _ = connected_components(both, directed=False)
    across = float((one != other).mean()) if len(one) else 0.0
    return Bridges(
        departments=tuple(labels[code] for code in present.tolist()),
        pairs=tuple(map(tuple, both.tolist())),
        across=across,
        parts=int(parts),
    )


def _ranks(people: Cohort, lessons: Lessons) -> RankFlow:
    rank = people.numbers("rank")
    higher = rank[lessons.teacher] - rank[lessons.learner]
    return RankFlow(
        from_below=int((higher < 0).sum()),
        from_beside=int((higher == 0).sum()),
        from_above=int((higher > 0).sum()),
        unknown=int(np.isnan(higher).sum()),
    )


def _only(people: Cohort, rows: Rows, given: str, lacking: str) -> tuple[str, ...]:
    """Return the skills that some of the people list in one way and nobody in the other."""
    here, there = (getattr(people, kind)[rows] for kind in (given, lacking))
    some = np.setdiff1d(here.indices, there.indices)
    return tuple(sorted(people.skills.labels[skill] for skill in some.tolist()))


def _spread_text(spread: Spread) -> str:
    if not spread.worst_off:
        return "Scores: there are no pairs."
    return (
        f"Scores: half of the pairs score {spread.median:.2f} or more; the middle half lies "
        f"between {spread.lower:.2f} and {spread.upper:.2f}, the best pair has {spread.most:.2f}. "
        f"Worst off, with {spread.least:.2f}: {harmless(' and '.join(spread.worst_off))}."
    )


def _blocking_text(blocking: Blocking | None) -> str:
    if blocking is None:
        return "Better for both: only one of a pair learns, so no two would both gain."
    if not blocking.count:
        return "Better for both: no two people would both receive more from each other than now."
    pairs = harmless("; ".join(f"{a} and {b}" for a, b in blocking.pairs))
    more = blocking.count - len(blocking.pairs)
    return (
        f"Better for both: {blocking.count:,} allowed pairs would give both people more than they "
        f"have now, at the cost of others. Where both would gain most: {pairs}"
        + (f"; and {more:,} more." if more else ".")
    )


def _wishes_text(wishes: Sequence[Wishing]) -> str:
    rows = [
        (str(one.wishes), f"{one.people:,}", f"{one.learning:,}", _share(one.benefit))
        for one in wishes
    ]
    table = text_table(("wishes", "people", "of them learn", "wishes met, on average"), rows)
    return f"By number of wishes:\n{table}"


def _bridges_text(bridges: Bridges | None) -> str:
    if bridges is None:
        return "Departments: nobody's is known."
    parts = "all are joined" if bridges.parts == 1 else f"they fall into {bridges.parts} parts"
    rows = [
        (name, *(str(count) if count else "" for count in counts))
        for name, counts in zip(bridges.departments, bridges.pairs, strict=True)
    ]
    table = text_table(("pairs", *bridges.departments), rows) if len(rows) <= NAMED else ""
    return f"Departments: {_share(bridges.across)} of the pairs join two of them; {parts}." + (
        f"\n{table}" if table else ""
    )


def _ranks_text(ranks: RankFlow) -> str:
    unknown = f", {ranks.unknown:,} unknown" if ranks.unknown else ""
    return (
        f"Ranks: {ranks.from_below:,} learn from somebody below, {ranks.from_beside:,} from beside "
        f"and {ranks.from_above:,} from above them{unknown}."
    )


def _skills_text(what: str, skills: Sequence[str]) -> str:
    return f"Skills {what}: {harmless(listed(skills, NAMED)) or 'none'}."


def _group_texts(groups: Sequence[Group]) -> list[str]:
    texts = []
    for attribute in dict.fromkeys(group.attribute for group in groups):
        rows = [
            (
                group.value or "(blank)",
                f"{group.people:,}",
                *(_share(share) for share in (group.rate, group.rate_ratio)),
                *(_share(share) for share in (group.benefit, group.benefit_ratio)),
            )
            for group in groups
            if group.attribute == attribute
        ]
        header = (attribute, "people", "in a pair", "beside the best", "wishes met", "beside it")
        texts.append(f"By {harmless(attribute)}:\n{text_table(header, rows)}")
    return texts


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"
