"""An answer as a whole: who is better and who worse off, and which parts of the house it joins."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from mentormatch.matching.audit_parts import (
    FEWEST,
    NAMED,
    Blocking,
    Bridges,
    Group,
    RankFlow,
    Spread,
    Wishing,
)
from mentormatch.matching.audit_words import (
    Passage,
    about_blocking,
    about_bridges,
    about_groups,
    about_ranks,
    about_scores,
    about_skills,
    about_wishes,
)
from mentormatch.matching.received import Lessons, lessons_of
from mentormatch.matching.scan import named
from mentormatch.people import Cohort
from mentormatch.solving.solved import Solved
from mentormatch.solving.two_sides import all_allowed

__all__ = ["Audit", "audit_of", "bridges_of", "spread_of"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

#: Who reads an audit.
Reader: TypeAlias = Literal["coordinator", "auditor"]
#: What is for an auditor alone.
PRIVATE = ("blocking", "groups")


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

    def to_dict(self, audience: Reader = "auditor") -> dict[str, Any]:
        """Return it as plain data, for JSON.

        Parameters
        ----------
        audience
            Who reads it, as in `text`: an auditor everything.
        """
        told = asdict(self)
        return told if audience == "auditor" else {k: told[k] for k in told if k not in PRIVATE}

    def text(self, audience: Reader = "coordinator") -> str:
        """Return the audit in words and tables.

        Parameters
        ----------
        audience
            Who reads it; no participant does. Groups of attributes are for an auditor, and so is
            who would both gain: a declined pair is not among these.
        """
        return "\n\n".join(map(str, self.passages(audience)))

    def passages(self, audience: Reader = "coordinator") -> tuple[Passage, ...]:
        """Return the same part by part, for pages that show tables as tables.

        Parameters
        ----------
        audience
            As in `text`.
        """
        if audience not in get_args(Reader):
            raise ValueError(
                f"audience is {audience!r}; an audit is for 'coordinator' or 'auditor', as it "
                "speaks of everybody"
            )
        is_auditor = audience == "auditor"
        return (
            about_scores(self.spread),
            *((about_blocking(self.blocking),) if is_auditor else ()),
            about_wishes(self.wishes),
            about_bridges(self.bridges),
            about_ranks(self.ranks),
            about_skills("offered, and wanted by nobody", self.unwanted),
            about_skills("wanted, and offered by nobody", self.unoffered),
            *(about_groups(self.groups) if is_auditor else ()),
        )

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
    named_pairs = tuple((a, b) for _, a, b in found)
    called = tuple((_called(graph.people, a), _called(graph.people, b)) for a, b in named_pairs)
    return Blocking(count, named_pairs, called)


def _called(people: Cohort, person: str) -> str:
    return people.called(people.row(person))


def spread_of(solved: Solved) -> Spread:
    """Return how the scores of an answer's pairs spread."""
    a, b, scores = solved.chosen
    if not len(scores):
        return Spread(0.0, 0.0, 0.0, 0.0, 0.0, (), ())
    graph = solved.graph
    worst = np.flatnonzero(scores == scores.min())
    ids = sorted(sorted((graph.a_ids[a[pair]], graph.b_ids[b[pair]])) for pair in worst.tolist())
    least, lower, median, upper, most = np.quantile(scores, (0.0, 0.25, 0.5, 0.75, 1.0)).tolist()
    worst_off = tuple(sorted(ids[0]))
    names = tuple(_called(graph.people, person) for person in worst_off)
    return Spread(least, lower, median, upper, most, worst_off, names)


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
