"""Why two people are no pair, and what it would cost if they were."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from mentormatch.matching.explanation import Audience, Explanation, in_words
from mentormatch.matching.insight import Insight
from mentormatch.people import Cohort

_Price = tuple["Loss", tuple["PairChange", ...], tuple["PairChange", ...]]

__all__ = ["Loss", "PairChange", "WhyNot", "price_of", "why_not"]

#: What every participant is told of every pair: nobody can tell one cause from another.
TO_A_PARTICIPANT = (
    "Everybody's partners are chosen together, so that as many people as possible have one and the "
    "pairs are as good as they can be for all; a pair that was not made says nothing about either "
    "person."
)


@dataclass(frozen=True, slots=True)
class Loss:
    """What the best matching with a pair has less than the best of all.

    Attributes
    ----------
    people : int
        People with a partner; 0 where they do not count.
    score : float
        The total; below 0 where fewer people come to a higher one.
    """

    people: int
    score: float


@dataclass(frozen=True, slots=True)
class PairChange:
    """A pair that would be given up, or made.

    Attributes
    ----------
    a, b : str
        Ids.
    score : float
        What it is worth.
    names : tuple of str
        What texts call the two: names, with ids where others have the same name.
    """

    a: str
    b: str
    score: float
    names: tuple[str, str] = field(repr=False)

    @classmethod
    def of(cls, people: Cohort, pair: tuple[str, str], score: float) -> "PairChange":
        """Name the two of a pair.

        Parameters
        ----------
        people
            The cohort.
        pair, score
            Ids, and what the pair is worth.
        """
        one, other = (people.called(people.row(person)) for person in pair)
        return cls(*pair, score, (one, other))

    def __str__(self) -> str:
        return f"{self.names[0]} and {self.names[1]} ({self.score:.2f})"


@dataclass(frozen=True, slots=True)
class WhyNot(Explanation):
    """Why two people are no pair.

    Attributes
    ----------
    a, b : str
        Their ids.
    names : tuple of str
        What texts call them: names, with ids where others have the same name.
    broken : tuple of str
        All rules that forbid the pair.
    loss : Loss or None
        What the best matching with the pair loses; `None` where the pair is not allowed.
    given_up, made : tuple of PairChange
        The pairs that would end and begin: what the former are worth less the latter is the loss.
    reason : str
        ``"paired"``, ``"same_side"``, ``"ruled_out"``, ``"not_open"`` (they have nothing to
        exchange, or one of them declines: which it is, is for an auditor), ``"as_good"``,
        ``"costs"``, or ``"needed"``: with them as a pair, others could not have the partners whom
        the program requires, or as many as they must have.
    declined : bool
        For an auditor; in no text for others, and not in the data.
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
        if self.reason == "paired":
            return f"{one} and {other} are a pair."
        if self.reason == "ruled_out":
            rules = in_words([f"'{rule}'" for rule in self.broken])
            several = "s" if len(self.broken) > 1 else ""
            forbid = "forbid" if several else "forbids"
            return f"{one} and {other} cannot be a pair: the rule{several} {rules} {forbid} it."
        if self.reason == "same_side":
            return f"{one} and {other} cannot be a pair: they are on the same side."
        if self.reason == "not_open":
            return self._not_open(audience)
        if self.reason == "needed":
            return (
                f"{one} and {other} could be a pair, but then not everybody could have the "
                "partners that the program asks for."
            )
        return f"{one} and {other} could be a pair. {self._price()} {self._chain()}"

    def _not_open(self, audience: Audience) -> str:
        one, other = self.names
        if audience == "auditor":
            why = "one of them declines the other" if self.declined else "they exchange nothing"
            return f"{one} and {other} cannot be a pair: {why}."
        return f"{one} and {other} are no pair that is open to the program."

    def _price(self) -> str:
        assert self.loss is not None  # of a pair that is allowed
        if self.reason == "as_good":
            return "That would be just as good: lots decided between the two ways."
        parts = []
        if self.loss.people:
            parts.append(f"{self.loss.people} people fewer would have a partner")
        if self.loss.score > 0.0:
            parts.append(f"the total would be {self.loss.score:.2f} lower")
        elif self.loss.score < 0.0:
            parts.append(f"the total would be {-self.loss.score:.2f} higher")
        return f"With them as one, {in_words(parts)}."

    def _chain(self) -> str:
        ended, begun = (", ".join(map(str, pairs)) for pairs in (self.given_up, self.made))
        given = f"These pairs would end: {ended}." if ended else "No pair would end."
        return f"{given} These would begin: {begun}."


def why_not(insight: Insight, one: int, other: int) -> WhyNot:
    """Explain why two people are no pair.

    Parameters
    ----------
    insight
        The answer.
    one, other
        Their rows; with sides in either order.

    Raises
    ------
    ProgramError
        When the answer was stopped before it was proven best: a price needs the best. Of rings it
        is not known.
    """
    insight.check_proven()
    people = insight.people
    rows = np.array([one]), np.array([other])
    broken = tuple(name for name, test in insight.tests if not test(*rows)[0])
    could_be = insight.as_pairs(one, other)
    price: _Price | None = None
    if other in {made.partner for made in insight.made(one)}:
        reason, price = "paired", (Loss(0, 0.0), (), ())
    elif not could_be:
        reason = "same_side"
    elif broken:
        reason = "ruled_out"
    else:
        open_to_them = [pair for pair in could_be if insight.find(*pair) >= 0]
        found = (_price(insight, *pair) for pair in open_to_them)
        prices = [each for each in found if each is not None]
        price = min(prices, key=lambda each: (each[0].people, each[0].score), default=None)
        reason = "costs" if price else "needed" if open_to_them else "not_open"
        if price is not None and price[0] == Loss(0, 0.0):
            reason = "as_good"
    loss, given_up, made_anew = price or (None, (), ())
    return WhyNot(
        a=people.ids[one],
        b=people.ids[other],
        names=(people.called(one), people.called(other)),
        broken=broken,
        loss=loss,
        given_up=given_up,
        made=made_anew,
        reason=reason,
        declined=bool(people.are_declined(*rows)[0]),
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
    people, graph = insight.people, insight.solved.graph
    one, other = int(graph.side_a[a]), int(graph.side_b[b])
    price = _price(insight, a, b)
    loss, given_up, made = price or (None, (), ())
    reason = "needed" if loss is None else "as_good" if loss == Loss(0, 0.0) else "costs"
    return WhyNot(
        a=people.ids[one],
        b=people.ids[other],
        names=(people.called(one), people.called(other)),
        broken=(),
        loss=loss,
        given_up=given_up,
        made=made,
        reason=reason,
        declined=False,
    )


def _price(insight: Insight, a: int, b: int) -> "_Price | None":
    """Return what an allowed pair of positions costs, and what changes; None if it cannot be."""
    if insight.has_chains:
        chain = insight.chains.forced(a, b, float(insight.allowed.score[insight.find(a, b)]))
        ended = [(row, col) for row, col, _ in chain.moves if col >= 0]
        begun = [(row, col) for row, _, col in chain.moves if col >= 0]
        loss = Loss(2 * chain.pairs_lost, chain.score_lost)
    else:
        before, after = insight.pairs, insight.solved_with(a, b)
        if after is None:
            return None
        ended, begun = sorted(before - after), sorted(after - before)
        fewer = insight.served(before) - insight.served(after)
        scores = [-insight.score(*pair) for pair in begun]
        less = math.fsum([*(insight.score(*pair) for pair in ended), *scores])
        loss = Loss(fewer if insight.counts_people else 0, less)
    return loss, _changes(insight, ended), _changes(insight, begun)


def _changes(insight: Insight, pairs: Sequence[tuple[int, int]]) -> tuple[PairChange, ...]:
    people = insight.people
    return tuple(PairChange.of(people, insight.ids(*pair), insight.score(*pair)) for pair in pairs)
