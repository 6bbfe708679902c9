"""Why somebody has no partner, and what would change that."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.shared import SharedWishes
from mentormatch.exchange.shared_pairs import shared_pairs
from mentormatch.matching.answer import REASONS, Code, Unmatched
from mentormatch.matching.change import Change, is_solved_again, smallest_change
from mentormatch.matching.explanation import NAMED, Audience, Explanation, first_of, in_words
from mentormatch.matching.insight import Insight
from mentormatch.matching.sought import Sought
from mentormatch.matching.why_not import WhyNot, price_of
from mentormatch.people import Cohort

__all__ = ["Competitors", "Lack", "WhyNobody", "lacks_of", "why_nobody"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: What everybody without a partner is told: nobody can tell one cause from another.
TO_A_PARTICIPANT = (
    "You have no partner this time. Everybody's partners are chosen together, by what people can "
    "learn from each other and by the program's rules; to be left over says nothing about you."
)
#: Where others have, or rules take, all whom somebody could have.
LEFT_OVER = ("ruled_out", "role_ruled_out", "outcompeted", "too_dear", "no_ring")
#: Where each price is found by solving again: for how many of the best pairs.
MOST_SOLVED = 8


@dataclass(frozen=True, slots=True)
class Competitors:
    """People who compete for partners that are too few for them.

    Attributes
    ----------
    groups : tuple of tuple of str
        Ids of those who compete. Each group needs a partner for one of its people: whoever is alone
        in a group for themself; the others pair among themselves but for one. The group of the
        person whom it is about comes first.
    partners : tuple of str
        Ids of all the partners there are for them, beside their own group.
    places : int
        How many partners these can have together.
    names : mapping of str to str
        What texts call those whom they name: names, with ids where others have the same name.
    """

    groups: tuple[tuple[str, ...], ...]
    partners: tuple[str, ...]
    places: int
    names: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(
        cls,
        people: Cohort,
        groups: tuple[tuple[str, ...], ...],
        partners: tuple[str, ...],
        places: int,
    ) -> "Competitors":
        """Name those of whom there are texts.

        Parameters
        ----------
        people
            The cohort.
        groups, partners, places
            As the attributes.
        """
        alone = [group[:1] for group in groups if len(group) == 1]
        larger = [group[:NAMED] for group in groups if len(group) > 1]
        named = {one for part in (*alone[:NAMED], *larger[:NAMED]) for one in part}
        named.update(partners[:NAMED])
        names = {person: people.called(people.row(person)) for person in sorted(named)}
        return cls(groups, partners, places, names)

    def __str__(self) -> str:
        alone = [group[0] for group in self.groups if len(group) == 1]
        larger = [group for group in self.groups if len(group) > 1]
        who = [self._listed(alone)] if alone else []
        who += [
            f"one of {self._listed(group)} (who pair among themselves)" for group in larger[:NAMED]
        ]
        if len(larger) > NAMED:
            who.append(f"one of each of {len(larger) - NAMED} more groups")
        if not self.partners:
            return f"{_sentence(in_words(who))} is always left over."
        places = f"{self.places} place{'s' * (self.places != 1)}"
        return (
            f"{len(self.groups)} must share {places}: {in_words(who)}, "
            f"for whom there is nobody but {self._listed(self.partners)}."
        )

    def _listed(self, people: Sequence[str]) -> str:
        return first_of([self.names.get(person, person) for person in people])


@dataclass(frozen=True, slots=True)
class Lack:
    """Why somebody has no partner in one role.

    Attributes
    ----------
    side : str
        The role; ``""`` in one pool.
    code : str
        As `Unmatched.code`.
    rules : tuple of (str, int)
        Where rules forbid all there is, each of them and how many of the person's pairs it forbids.
    relaxed : tuple of str
        The smallest set of rules without which they would allow a pair. Whether its two people
        would be open to it is not told here: `Matching.without_rule` says what would come of it.
    competitors : Competitors or None
        Who competes for the same partners, where as many people as possible are served and
        nobody's partners have to be of different groups.
    cheapest : WhyNot or None
        Where only the total counts, what the best pair with them would cost. In rings, whatever
        counts, the best arrow by which they would teach, and so the cheapest way to bring them into
        a ring; `None` where no ring that is allowed has them in it, and where it was not looked
        for: in rings of a bounded length among more than a few people.
    change : Change or None
        The smallest change of their own profile with which they would have a partner whatever
        lots say; in rings of a bounded length it is looked for among a few people only.
    declined : bool
        For an auditor: whether every pair that could be, or could be made possible, is declined. In
        no text for others, and not in the data.
    """

    side: str
    code: Code
    rules: tuple[tuple[str, int], ...] = ()
    relaxed: tuple[str, ...] = ()
    competitors: Competitors | None = None
    cheapest: WhyNot | None = None
    change: Change | None = None
    declined: bool = field(default=False, repr=False)

    @property
    def data(self) -> Mapping[str, Any]:
        """Everything but declines, as plain values."""
        kept = asdict(self)
        del kept["declined"]
        kept["cheapest"] = None if self.cheapest is None else dict(self.cheapest.data)
        return kept

    def told(self, name: str, role: str, audience: Audience) -> str:
        """Return the reason in words, for a coordinator or an auditor.

        Parameters
        ----------
        name
            Whom it is about.
        role
            ``" as leader"``, where that has to be said.
        audience
            Who reads it.
        """
        parts = [f"{name} has no partner{role}: {self._reason()}."]
        if self.relaxed:
            forbids = [f"'{rule}' forbids {count:,}" for rule, count in self.rules]
            without = in_words([f"'{rule}'" for rule in self.relaxed])
            parts.append(f"{in_words(forbids)}. Without {without} the rules would allow a pair.")
        if self.competitors is not None:
            parts.append(str(self.competitors))
        if self.cheapest is not None:
            parts.append(self.cheapest.text(audience))
        if self.change is not None:
            parts.append(f"{_sentence(str(self.change))} would give {name} a partner.")
        if self.declined and audience == "auditor":
            parts.append("Every pair that could be is declined, by one or the other.")
        return " ".join(parts)

    def _reason(self) -> str:
        if self.code in ("outcompeted", "too_dear"):
            return "nobody who could be one is left for them"
        return REASONS[self.code]


@dataclass(frozen=True, slots=True)
class WhyNobody(Explanation):
    """Why somebody has no partner.

    Attributes
    ----------
    person, name : str
        Whom it is about.
    lacks : sequence of Lack
        The reason, exactly one for each role in which they take part; sought when it is looked at,
        as the text for the person has none.
    """

    person: str
    name: str
    lacks: Sequence[Lack]

    @property
    def code(self) -> str:
        """The reason in one word, as `Unmatched.code`; in their first role where they have two."""
        return self.lacks[0].code

    @property
    def data(self) -> Mapping[str, Any]:
        """Everything but declines, as plain values."""
        lacks = [dict(lack.data) for lack in self.lacks]
        return {"person": self.person, "name": self.name, "lacks": lacks}

    def _text(self, audience: Audience) -> str:
        if audience == "participant":
            return TO_A_PARTICIPANT
        roles = [f" as {lack.side}" if len(self.lacks) > 1 else "" for lack in self.lacks]
        told = zip(self.lacks, roles, strict=True)
        return " ".join(lack.told(self.name, role, audience) for lack, role in told)


def why_nobody(insight: Insight, row: int, unmatched: Sequence[Unmatched]) -> WhyNobody:
    """Explain why somebody has no partner.

    Parameters
    ----------
    insight
        The answer.
    row
        Who.
    unmatched
        What the answer says of them, for each role in which they have none.

    Raises
    ------
    ProgramError
        When the answer was stopped before it was proven best: reasons need the best.
    """
    people = insight.people
    if insight.solved.graph.layout != "arrows":
        insight.check_proven()  # now, and not when a reason is looked at
    lacks = Sought(partial(lacks_of, insight, row, unmatched))
    return WhyNobody(people.ids[row], people.called(row), lacks)


def lacks_of(insight: Insight, row: int, unmatched: Sequence[Unmatched]) -> tuple[Lack, ...]:
    """Return why somebody has no partner, for each role in which they have none.

    Parameters
    ----------
    insight, row, unmatched
        As for `why_nobody`.
    """
    if insight.solved.graph.layout == "arrows":
        return tuple(_lack_in_rings(insight, row, one) for one in unmatched)
    insight.check_proven()
    names = insight.solved.sides.names
    in_pool = insight.solved.graph.layout != "sides"
    return tuple(
        _lack(insight, row, 0 if in_pool else names.index(one.side), one) for one in unmatched
    )


def _lack(insight: Insight, row: int, side: int, unmatched: Unmatched) -> Lack:
    code, change = unmatched.code, smallest_change(insight, row, side)
    if code not in LEFT_OVER:
        return Lack(unmatched.side, code, change=change)
    if code == "ruled_out":
        rules, relaxed, declined = _forbidding(insight, row, [side])
        return Lack(unmatched.side, code, rules, relaxed, change=change, declined=declined)
    place = insight.place(side, row)
    own = insight.at(side, place)
    if insight.solved.graph.layout != "sides":
        own = np.concatenate((own, insight.at(1, place)))
    if not len(own):
        return Lack(unmatched.side, code, change=change, declined=True)
    competitors, cheapest = None, None
    asked = insight.solved.sides.capacities
    if insight.counts_people and (asked is None or asked.have_no_groups):
        competitors = _competitors(insight, place, side)
    else:
        cheapest = _cheapest(insight, own, row, side)
    return Lack(unmatched.side, code, (), (), competitors, cheapest, change)


def _lack_in_rings(insight: Insight, row: int, unmatched: Unmatched) -> Lack:
    """Return why somebody is in no ring."""
    code, graph = unmatched.code, insight.solved.graph
    # Of rings of any length that were stopped before they were proven best nothing is known.
    is_known = insight.solved.sides.bounds_rings or insight.solved.solution.is_optimal
    change = smallest_change(insight, row, 0) if is_known else None
    if code not in LEFT_OVER:
        return Lack(unmatched.side, code, change=change)
    if code == "role_ruled_out":
        closed = [side for side, rows in enumerate(graph.without_permission) if row in rows]
        rules, relaxed, declined = _forbidding(insight, row, closed)
        return Lack(unmatched.side, code, rules, relaxed, change=change, declined=declined)
    place = insight.place(0, row)
    teaches, learns = (insight.at(side, place) for side in (0, 1))
    if not (len(teaches) and len(learns)):
        return Lack(unmatched.side, code, change=change, declined=True)
    # Every ring of theirs has one arrow by which they teach.
    is_priced = is_known and (insight.has_chains or is_solved_again(insight))
    cheapest = _cheapest(insight, teaches, row, 0) if is_priced else None
    return Lack(unmatched.side, code, cheapest=cheapest, change=change)


def _forbidding(
    insight: Insight, row: int, sides: Sequence[int]
) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...], bool]:
    """Return how many pairs each rule forbids, the fewest that forbid one, and who cannot be had.

    In rings somebody may need a pair in each of two roles. What the rules would allow is a matter
    of the rules alone, so declines are not looked at: whoever compares what is said with and
    without one would learn of it. Whether every pair of a role is declined comes last.
    """
    names = [name for name, _ in insight.tests]
    counts = np.zeros(len(names), dtype=np.int64)
    ways: dict[frozenset[int], float] = {frozenset(): 0.0}  # what to drop, and what that allows
    declined = False
    for side in sides:
        rows_a, rows_b, scores = _exchanging(insight, row, side)
        broken = np.array([~test(rows_a, rows_b) for _, test in insight.tests])
        counts += broken.sum(axis=1)
        best: dict[frozenset[int], float] = {}
        declined |= bool(insight.people.are_declined(rows_a, rows_b).all())
        for pair in range(len(scores)):
            rules = frozenset(np.flatnonzero(broken[:, pair]).tolist())
            best[rules] = max(best.get(rules, 0.0), float(scores[pair]))
        ways = {one | other: ways[one] + best[other] for one in ways for other in best}
    fewest = min(ways, key=lambda rules: (len(rules), -ways[rules], sorted(rules)))
    told = zip(names, counts.tolist(), strict=True)
    return (
        tuple((name, count) for name, count in told if count),
        tuple(names[rule] for rule in sorted(fewest)),
        declined,
    )


def _exchanging(insight: Insight, row: int, side: int) -> tuple[Rows, Rows, Floats]:
    """Return the rows and scores of all pairs with somebody that exchange something."""
    people, graph = insight.people, insight.solved.graph
    if isinstance(graph.score_model, SharedWishes):
        blocks = list(shared_pairs(people, graph.side_a, graph.score_model))
        rows_a, rows_b = (
            graph.side_a[np.concatenate([getattr(block, name) for block in blocks])]
            for name in ("a", "b")
        )
        scores = np.concatenate([block.score for block in blocks])
        theirs = (rows_a == row) | (rows_b == row)
        rows_a, rows_b, scores = rows_a[theirs], rows_b[theirs], scores[theirs]
    else:
        gives, gets = (met.total for met in insight.exchanged(row, side))
        scores = graph.score_model.combine(*((gives, gets) if side else (gets, gives)))
        found = np.flatnonzero(scores)
        others, same = (graph.side_a if side else graph.side_b)[found], np.full(len(found), row)
        rows_a, rows_b = (others, same) if side else (same, others)
        scores = scores[found]
    if graph.layout == "pool":
        rows_a, rows_b = np.minimum(rows_a, rows_b), np.maximum(rows_a, rows_b)
    return rows_a, rows_b, scores


def _competitors(insight: Insight, place: int, side: int) -> Competitors:
    """Return who competes with somebody for the same partners."""
    graph, ids, by_id = insight.solved.graph, insight.people.ids, insight.by_id
    own, others = (graph.side_a, graph.side_b)[:: -1 if side else 1]
    found = insight.competing(side).around(place)
    places = len(found.partners)
    asked = insight.solved.sides.capacities
    if asked is not None:
        many = (asked.col_capacity, asked.row_capacity)[side]
        places = int(many[found.partners].sum())
    rows, sizes = own[found.members], np.diff(found.starts)
    group = np.repeat(np.arange(len(sizes)), sizes)
    first = np.minimum.reduceat(by_id[rows], found.starts[:-1])
    is_own = np.zeros(len(sizes), dtype=np.bool_)
    is_own[group[found.members == place]] = True
    order = np.lexsort((by_id[rows], first[group], -sizes[group], ~is_own[group]))
    named, ordered = [ids[row] for row in rows[order].tolist()], group[order]
    begin = np.flatnonzero(np.diff(ordered, prepend=-1)).tolist()
    parts = zip(begin, [*begin[1:], len(named)], strict=True)
    groups = tuple([tuple(named[first:last]) for first, last in parts])  # a list is quicker
    partners = others[found.partners]
    partners = partners[np.argsort(by_id[partners])].tolist()
    return Competitors.of(insight.people, groups, tuple([ids[row] for row in partners]), places)


def _cheapest(insight: Insight, pairs: Rows, row: int, side: int) -> WhyNot | None:
    """Return what the best of some allowed pairs of a single person would cost."""
    allowed = insight.allowed
    if insight.has_chains:
        worth, partners = insight.ends_of(row, side), (allowed.a, allowed.b)[1 - side]
        pairs = pairs[np.isfinite(worth.costs[partners[pairs]])]
        if not len(pairs):
            return None  # no ring has them in it
        people, scores = worth.losses(partners[pairs], allowed.score[pairs])
        least = np.flatnonzero(people == people.min())
        pairs = pairs[least[scores[least] == scores[least].min()]]
    elif insight.worth_in_pool is not None:
        place = insight.place(0, row)
        others = allowed.a[pairs] + allowed.b[pairs] - place
        least = insight.worth_in_pool.without(place).cheapest_of(others, allowed.score[pairs])
        ends = zip(allowed.a[pairs[least]].tolist(), allowed.b[pairs[least]].tolist(), strict=True)
        best = price_of(insight, *min(ends, key=lambda pair: insight.ids(*pair)))
        return best if best.loss else None
    else:
        pairs = pairs[np.argsort(-allowed.score[pairs], kind="stable")][:MOST_SOLVED]
    ends = zip(allowed.a[pairs].tolist(), allowed.b[pairs].tolist(), strict=True)
    found = [price_of(insight, *pair) for pair in ends]
    known = [(one.loss.people, one.loss.score, one.a, one.b, one) for one in found if one.loss]
    return min(known, key=lambda each: each[:4])[-1] if known else None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
