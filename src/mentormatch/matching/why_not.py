"""Why two people are no pair, and what it would cost if they were."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from mentormatch.matching.explanation import Audience, Explanation, in_words
from mentormatch.matching.insight import Insight, pairs_of
from mentormatch.matching.loss import NOTHING, Loss, between, compared, within
from mentormatch.people import Cohort

__all__ = ["Loss", "PairChange", "WhyNot", "price_of", "why_not"]

#: What every participant is told of every pair: nobody can tell one cause from another.
TO_A_PARTICIPANT = (
    "Everybody's partners are chosen together, so that as many people as possible have one and the "
    "pairs are as good as they can be for all; a pair that was not made says nothing about either "
    "person."
)


@dataclass(frozen=True, slots=True)
class PairChange:
    """A pair that would be given up, or made.

    Attributes
    ----------
    a, b : str
        Ids; in rings the first would teach the second.
    score : float
        What it is worth.
    names : tuple of str
        What texts call the two: names, with ids where others have the same name.
    is_arrow : bool
        Whether the first teaches the second, as in rings.
    """

    a: str
    b: str
    score: float
    names: tuple[str, str] = field(repr=False)
    is_arrow: bool = field(default=False, repr=False)

    @classmethod
    def of(
        cls, people: Cohort, pair: tuple[str, str], score: float, *, is_arrow: bool
    ) -> "PairChange":
        """Name the two of a pair.

        Parameters
        ----------
        people
            The cohort.
        pair, score
            Ids, and what the pair is worth.
        is_arrow
            Whether the first teaches the second, as in rings.
        """
        one, other = (people.called(people.row(person)) for person in pair)
        return cls(*pair, score, (one, other), is_arrow)

    def __str__(self) -> str:
        joined = "teaches" if self.is_arrow else "and"
        return f"{self.names[0]} {joined} {self.names[1]} ({self.score:.2f})"


@dataclass(frozen=True, slots=True)
class WhyNot(Explanation):
    """Why two people are no pair; in rings: why the first does not teach the second.

    Attributes
    ----------
    a, b : str
        Their ids.
    names : tuple of str
        What texts call them: names, with ids where others have the same name.
    broken : tuple of str
        All rules that forbid the pair.
    loss : Loss or None
        What the best matching with the pair loses; `None` where the pair is not allowed. Where the
        best is not known, as may be with rings of a bounded length, what the best that was found
        with it is worth less than the best found without that; that may be below 0.
    given_up, made : tuple of PairChange
        The pairs that would end and begin: what the former are worth less the latter is the loss.
    reason : str
        ``"paired"``, ``"same_side"``, ``"ruled_out"``, ``"not_open"`` (they have nothing to
        exchange, or one of them declines: which it is, is for an auditor), ``"as_good"``,
        ``"costs"``, ``"needed"``: with them as a pair, others could not have the partners whom
        the program requires, or as many as they must have; or ``"no_ring"``: no ring that is
        allowed has the first teach the second.
    declined : bool
        For an auditor; in no text for others, and not in the data.
    in_rings : bool
        Whether it is about who teaches whom in a ring.
    other_way : bool
        In rings, whether the second may teach the first where the first may not teach the second.
    between : tuple of (Loss, Loss), or None
        Where the loss is not known exactly, the least and the most that it can be, each number by
        itself, as far as that is proven.
    """

    a: str
    b: str
    names: tuple[str, str]
    broken: tuple[str, ...]
    loss: Loss | None
    given_up: tuple[PairChange, ...]
    made: tuple[PairChange, ...]
    reason: str
    declined: bool
    in_rings: bool = False
    other_way: bool = False
    between: tuple[Loss, Loss] | None = None

    @property
    def code(self) -> str:
        """What stands against the pair."""
        return self.reason

    @property
    def data(self) -> Mapping[str, Any]:
        """Everything but declines, as plain values."""
        kept = asdict(self)
        del kept["declined"]
        return kept

    def __repr__(self) -> str:
        return f"WhyNot({self.a!r}, {self.b!r}, {self.reason}, loss={self.loss})"

    def _text(self, audience: Audience) -> str:
        if audience == "participant":
            return TO_A_PARTICIPANT
        one, other = self.names
        are_one = f"{one} {'teaches' if self.in_rings else 'and'} {other}"
        if self.reason == "paired":
            return f"{are_one}." if self.in_rings else f"{are_one} are a pair."
        cannot, could = f"{one} and {other} cannot be a pair", f"{one} and {other} could be a pair"
        if self.in_rings:
            cannot, could = f"{one} cannot teach {other}", f"{one} could teach {other}"
        turned = f" {other} could teach {one}." if self.other_way else ""
        if self.reason == "ruled_out":
            rules = in_words([f"'{rule}'" for rule in self.broken])
            several = "s" if len(self.broken) > 1 else ""
            forbid = "forbid" if several else "forbids"
            return f"{cannot}: the rule{several} {rules} {forbid} it.{turned}"
        if self.reason == "same_side":
            why = "nobody teaches themself" if self.in_rings else "they are on the same side"
            return f"{cannot}: {why}."
        if self.reason == "not_open":
            return f"{self._not_open(audience, cannot)}{turned}"
        if self.reason == "no_ring":
            return f"{could}, but no ring that is allowed has that in it."
        if self.reason == "needed":
            return f"{could}, but then {self._needed()}."
        return f"{could}. {self._price()} {self._chain()}"

    def _not_open(self, audience: Audience, cannot: str) -> str:
        one, other = self.names
        if audience == "auditor":
            why = "they exchange nothing"
            if self.in_rings:
                why = f"{other} would learn nothing that counts"
            return f"{cannot}: {'one of them declines the other' if self.declined else why}."
        if self.in_rings:
            return f"That {one} teaches {other} is not open to the program."
        return f"{one} and {other} are no pair that is open to the program."

    def _needed(self) -> str:
        if self.in_rings:
            return "no rings hold all that the program requires"
        return "not everybody could have the partners that the program asks for"

    def _price(self) -> str:
        assert self.loss is not None  # of a pair that is allowed
        if self.reason == "as_good":
            # With rings of a bounded length there are no lots.
            lots = "" if self.in_rings else ": lots decided between the two ways"
            return f"That would be just as good{lots}."
        parts = []
        if self.loss.people:
            parts.append(f"{self._people(self.loss.people)} would {self._have()}")
        if self.loss.score:
            parts.append(f"the total would be {compared(self.loss.score)}")
        that = "that" if self.in_rings else "them as one"
        told = in_words(parts) or "nothing would be lost"
        if self.between is None:
            return f"With {that}, {told}."
        return f"With {that}, by the rings that were found, {told}. {self._range()}"

    def _range(self) -> str:
        """Say how far the loss is known."""
        assert self.between is not None
        least, most = self.between
        parts = []
        if most.people:
            few = f"from {least.people} to {self._people(most.people)}"
            if least.people == most.people:
                few = self._people(most.people)
            parts.append(f"{few} would {self._have()}")
        parts.append(f"the total would be {within(least.score, most.score)}")
        return (
            "Whether these are the best rings of that length is not proven; what is proven is that "
            f"{in_words(parts)}."
        )

    def _people(self, number: int) -> str:
        return f"{abs(number)} {'person' if abs(number) == 1 else 'people'} {_less(number)}"

    def _have(self) -> str:
        return "be in a ring" if self.in_rings else "have a partner"

    def _chain(self) -> str:
        joint = "; " if self.in_rings else ", "
        ended, begun = (joint.join(map(str, pairs)) for pairs in (self.given_up, self.made))
        if self.in_rings:
            given = f"What would end: {ended}." if ended else "Nothing would end."
            return f"{given} What would begin: {begun}."
        given = f"These pairs would end: {ended}." if ended else "No pair would end."
        return f"{given} These would begin: {begun}."


def _less(number: float) -> str:
    return "more" if number < 0 else "fewer"


@dataclass(frozen=True, slots=True)
class _Price:
    """What a pair costs, and what would change."""

    loss: Loss
    given_up: tuple[PairChange, ...] = ()
    made: tuple[PairChange, ...] = ()
    between: tuple[Loss, Loss] | None = None

    @property
    def reason(self) -> str:
        """What an allowed pair costs, in a word."""
        return "as_good" if self.loss == NOTHING and self.between is None else "costs"


def why_not(insight: Insight, one: int, other: int) -> WhyNot:
    """Explain why two people are no pair.

    Parameters
    ----------
    insight
        The answer.
    one, other
        Their rows; with sides in either order, in rings the teacher first.

    Raises
    ------
    ProgramError
        When the answer was stopped before it was proven best: a price needs the best. Rings of a
        bounded length are compared as far as they are proven.
    """
    insight.check_proven()
    people = insight.people
    rows = np.array([one]), np.array([other])
    broken = tuple(name for name, test in insight.tests if not test(*rows)[0])
    could_be = insight.as_pairs(one, other)
    in_rings = insight.solved.graph.layout == "arrows"
    price: _Price | None = None
    if insight.are_paired(one, other):
        reason, price = "paired", _Price(NOTHING)
    elif not could_be:
        reason = "same_side"
    elif broken:
        reason = "ruled_out"
    else:
        open_to_them = [pair for pair in could_be if insight.find(*pair) >= 0]
        found = (_price(insight, *pair) for pair in open_to_them)
        prices = [each for each in found if each is not None]
        price = min(prices, key=lambda each: (each.loss.people, each.loss.score), default=None)
        reason = price.reason if price else _impossible(insight) if open_to_them else "not_open"
    is_closed = reason in ("ruled_out", "not_open")
    turned = insight.as_pairs(other, one) if in_rings and is_closed else ()
    return _explained(
        insight,
        (one, other),
        reason,
        price,
        broken=broken,
        declined=bool(people.are_declined(*rows)[0]),
        other_way=any(insight.find(*pair) >= 0 for pair in turned),
    )


def price_of(insight: Insight, a: int, b: int) -> WhyNot:
    """Explain what an allowed pair costs that the answer does not hold.

    Parameters
    ----------
    insight
        The answer, which is proven best.
    a, b
        The pair, as positions on the two sides, or in the pool.
    """
    graph = insight.solved.graph
    price = _price(insight, a, b)
    reason = price.reason if price else _impossible(insight)
    return _explained(insight, (int(graph.side_a[a]), int(graph.side_b[b])), reason, price)


def _explained(
    insight: Insight,
    rows: tuple[int, int],
    reason: str,
    price: _Price | None,
    *,
    broken: tuple[str, ...] = (),
    declined: bool = False,
    other_way: bool = False,
) -> WhyNot:
    people, (one, other) = insight.people, rows
    return WhyNot(
        a=people.ids[one],
        b=people.ids[other],
        names=(people.called(one), people.called(other)),
        broken=broken,
        loss=price.loss if price else None,
        given_up=price.given_up if price else (),
        made=price.made if price else (),
        reason=reason,
        declined=declined,
        in_rings=insight.solved.graph.layout == "arrows",
        other_way=other_way,
        between=price.between if price else None,
    )


def _impossible(insight: Insight) -> str:
    """Return why an allowed pair cannot be made."""
    in_rings = insight.solved.graph.layout == "arrows"
    return "no_ring" if in_rings and not len(insight.required) else "needed"


def _price(insight: Insight, a: int, b: int) -> _Price | None:
    """Return what an allowed pair of positions costs, and what changes; None if it cannot be."""
    bounds = None
    in_rings = insight.solved.graph.layout == "arrows"
    if insight.has_chains:
        chain = insight.chains.forced(a, b, float(insight.allowed.score[insight.find(a, b)]))
        if chain.pairs_lost == math.inf:
            return None
        ended = [(row, col) for row, col, _ in chain.moves if col >= 0]
        begun = [(row, col) for row, _, col in chain.moves if col >= 0]
        if in_rings:  # whoever has themself is in none, and an arrow serves one person
            ended, begun = ([one for one in some if one[0] != one[1]] for some in (ended, begun))
        loss = Loss(int(chain.pairs_lost) * (1 if in_rings else 2), chain.score_lost)
    else:
        after = insight.solved_with(a, b)
        if after is None:
            return None
        before, then = insight.pairs, pairs_of(after)
        ended, begun = sorted(before - then), sorted(then - before)
        fewer = insight.served(before) - insight.served(then)
        scores = [-insight.score(*pair) for pair in begun]
        less = math.fsum([*(insight.score(*pair) for pair in ended), *scores])
        loss = Loss(fewer if insight.counts_people else 0, less)
        bounds = between(insight.solved.solution, after.solution)
    if in_rings:
        ended, begun = _in_turn(ended, a), _in_turn(begun, a)
    return _Price(loss, _changes(insight, ended), _changes(insight, begun), bounds)


def _in_turn(arrows: Sequence[tuple[int, int]], first: int) -> list[tuple[int, int]]:
    """Return arrows in the order in which one leads to the next, from somebody on.

    Examples
    --------
    >>> _in_turn([(0, 3), (1, 2), (2, 1), (3, 5)], 2)
    [(2, 1), (1, 2), (0, 3), (3, 5)]
    """
    teaches, ordered = dict(arrows), []
    begins = sorted(teaches.keys() - teaches.keys() & set(teaches.values())) + sorted(teaches)
    for teacher in (first, *begins):
        while teacher in teaches:
            learner = teaches.pop(teacher)
            ordered.append((teacher, learner))
            teacher = learner
    return ordered


def _changes(insight: Insight, pairs: Sequence[tuple[int, int]]) -> tuple[PairChange, ...]:
    people = insight.people
    is_arrow = insight.solved.graph.layout == "arrows"
    return tuple(
        PairChange.of(people, insight.ids(*pair), insight.score(*pair), is_arrow=is_arrow)
        for pair in pairs
    )
