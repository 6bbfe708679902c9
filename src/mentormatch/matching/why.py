"""Why somebody has this partner."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from mentormatch.exchange.preferences import Prefer, Preference
from mentormatch.exchange.rules import Forbid, Require, Rule, When, Where
from mentormatch.exchange.taught import skills_taught, skills_together
from mentormatch.matching.explanation import Audience, Explanation, in_words
from mentormatch.matching.insight import Insight, Made
from mentormatch.matching.why_nobody import Lack

__all__ = ["Choice", "Partnership", "Why", "in_public", "partnerships", "share_met", "why"]

#: How many of the next best partners a coordinator is told of.
NEXT = 3
#: Rules that name people, or what only their author understands, are nobody else's business.
PRIVATE = (Forbid, Require, Where)


@dataclass(frozen=True, slots=True)
class Partnership:
    """A partner of somebody, and what the two exchange.

    Attributes
    ----------
    id, name : str
        The partner; what texts call them, with the id where others have the same name.
    teaches, learns : tuple of str
        The skills that the person teaches them, and learns from them, what counts most first.
    wishes_met, their_wishes_met : float
        The share of the person's, and of the partner's, wishes that the other meets.
    score : float
        What the pair is worth.
    together : tuple of str
        Of buddies, what both want to learn.
    role : str
        In rings, what the partner is to the person: ``"learner"`` or ``"teacher"``. Else empty.
    """

    id: str
    name: str
    teaches: tuple[str, ...]
    learns: tuple[str, ...]
    wishes_met: float
    their_wishes_met: float
    score: float
    together: tuple[str, ...]
    role: Literal["", "learner", "teacher"] = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who could be a partner as well.

    Attributes
    ----------
    id, name : str
        Who.
    score : float
        What the pair would be worth.
    has : tuple of str
        Ids of the partners they have.
    has_names : tuple of str
        What texts call these.
    """

    id: str
    name: str
    score: float
    has: tuple[str, ...]
    has_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why(Explanation):
    """Why somebody has this partner: what they exchange, under which rules, and who else there is.

    Attributes
    ----------
    person, name : str
        Whom it is about.
    partners : tuple of Partnership
        Whom they have.
    rules : tuple of str
        The rules of the program that are anybody's to know.
    next_best : tuple of Choice
        Allowed partners whom they do not have, the best first.
    lacks : tuple of Lack
        Why they have no partner in their other role, where they have two.
    exceptions : tuple of str
        Why they have partners although another rule forbids it, where the program says so.
    some_excepted : bool
        Whether that is so of anybody.
    """

    person: str
    name: str
    partners: tuple[Partnership, ...]
    rules: tuple[str, ...]
    next_best: tuple[Choice, ...]
    lacks: tuple[Lack, ...] = ()
    exceptions: tuple[str, ...] = ()
    some_excepted: bool = False

    @property
    def code(self) -> str:
        """``"paired"``."""
        return "paired"

    @property
    def data(self) -> Mapping[str, Any]:
        """Everything as plain values."""
        return {**asdict(self), "lacks": [dict(lack.data) for lack in self.lacks]}

    def _text(self, audience: Audience) -> str:
        if audience == "participant":
            several = len(self.partners) > 1
            told = [_to_themself(partner, several) for partner in self.partners]
            alone = [f"As {lack.side} you have no partner this time." for lack in self.lacks]
            return " ".join([*told, *alone, *self._kept()])
        about = [_to_others(self.name, partner) for partner in self.partners]
        alone = [lack.told(self.name, f" as {lack.side}", audience) for lack in self.lacks]
        excepted = [f"That is an exception: {reason}." for reason in self.exceptions]
        return " ".join([*about, *excepted, *alone, *self._kept(), self._others()])

    def _kept(self) -> list[str]:
        if not self.rules:
            return []
        if self.some_excepted:
            told = "; ".join(self.rules)
            return [f"Pairs keep the program's rules, but for decided exceptions: {told}."]
        return [f"Every pair keeps the program's rules: {'; '.join(self.rules)}."]

    def _others(self) -> str:
        if not self.next_best:
            return "Nobody else is possible."
        others = [
            f"{one.name} ({one.score:.2f}; has {in_words(one.has_names) or 'nobody'})"
            for one in self.next_best
        ]
        return f"Next best: {', '.join(others)}."


def why(insight: Insight, row: int, lacks: tuple[Lack, ...] = ()) -> Why:
    """Explain the partners of somebody who has one.

    Parameters
    ----------
    insight
        The answer.
    row
        Whose.
    lacks
        Why they have none in their other role.
    """
    people = insight.people
    partners = {one.partner for one in insight.made(row)}
    program = insight.solved.program
    passing = [rule for rule in program.rules if isinstance(rule, Require) and rule.override]
    pairs = [{people.ids[row], people.ids[partner]} for partner in partners]
    return Why(
        person=people.ids[row],
        name=people.called(row),
        partners=partnerships(insight, row),
        rules=in_public(insight.solved.program.rules),
        next_best=tuple(_next_best(insight, row, partners)),
        lacks=lacks,
        exceptions=tuple(
            rule.override for rule in passing if any({*pair} in pairs for pair in rule.pairs)
        ),
        some_excepted=bool(passing),
    )


def in_public(parts: Sequence[Rule | Preference]) -> tuple[str, ...]:
    """Return those of a program's rules or preferences that are anybody's to know, in words.

    Parameters
    ----------
    parts
        The rules, or the preferences.

    Examples
    --------
    >>> from mentormatch import Different, Forbid, When
    >>> named = Forbid([("ana", "bo")])
    >>> in_public([Different("team"), named, When({"external": True}, named)])
    ('different team',)
    """
    return tuple(str(part) for part in parts if not isinstance(_innermost(part), PRIVATE))


def _innermost(part: Rule | Preference) -> Rule | Preference:
    """Return the rule within a preference or a condition."""
    while isinstance(part, Prefer | When):
        part = part.rule
    return part


def partnerships(insight: Insight, row: int) -> tuple[Partnership, ...]:
    """Return the partners of somebody and what they exchange, in the order of the partners' ids.

    Parameters
    ----------
    insight
        The answer.
    row
        Whose; nobody's partners are an empty tuple.
    """
    return tuple(_partnership(insight, row, one) for one in insight.made(row))


def _partnership(insight: Insight, row: int, made: Made) -> Partnership:
    people, model = insight.people, insight.solved.graph.score_model
    ends = (row, made.partner) if made.is_a else (made.partner, row)
    rows = np.array(ends[:1]), np.array(ends[1:])
    taught = skills_taught(people, model, *rows)
    [together] = skills_together(people, model, *rows)
    [teaches], [learns] = taught if made.is_a else taught[::-1]
    in_ring = insight.solved.graph.layout == "arrows"
    return Partnership(
        id=people.ids[made.partner],
        name=people.called(made.partner),
        teaches=teaches,
        learns=learns,
        wishes_met=made.received,
        their_wishes_met=made.given,
        score=made.score,
        together=together,
        role=("learner" if made.is_a else "teacher") if in_ring else "",
    )


def _next_best(insight: Insight, row: int, partners: set[int]) -> Sequence[Choice]:
    people = insight.people
    rows_a, rows_b, scores = insight.of(row)
    others = np.where(rows_a == row, rows_b, rows_a)
    best: dict[int, float] = {}  # of somebody who could be met in either role, the better one
    for other, score in zip(others.tolist(), scores.tolist(), strict=True):
        if other not in partners:
            best[other] = max(score, best.get(other, 0.0))
    found = sorted((-score, people.ids[other], other) for other, score in best.items())
    choices = []
    for score, person, other in found[:NEXT]:
        has = insight.has(other)
        names = tuple(people.called(people.row(one)) for one in has)
        choices.append(Choice(person, people.called(other), -score, has, names))
    return choices


def _to_themself(partner: Partnership, several: bool) -> str:
    if partner.role:
        share = share_met(partner.wishes_met, "you wished for", "your wishes")
        if partner.role == "learner":
            return f"{_in_ring(partner, 'You', '')}."
        return f"{_in_ring(partner, 'you', f'which is {share}')}."
    if partner.together:
        whose = "A buddy of yours" if several else "Your buddy"
        return f"{whose} is {partner.name}: you both want to learn {in_words(partner.together)}."
    parts = [f"{'A partner of yours' if several else 'Your partner'} is {partner.name}."]
    if partner.teaches:
        parts.append(f"You teach {partner.name} {in_words(partner.teaches)}.")
    if partner.learns:
        share = share_met(partner.wishes_met, "you wished for", "your wishes")
        parts.append(f"{partner.name} teaches you {in_words(partner.learns)}, which is {share}.")
    return " ".join(parts)


def _in_ring(partner: Partnership, person: str, share: str) -> str:
    """Say who of two teaches the other in a ring, and what share of the wishes that is."""
    whom, skills = f"{partner.name} teaches {person}", partner.learns
    if partner.role == "learner":
        whom = f"{person} {'teach' if person == 'You' else 'teaches'} {partner.name}"
        skills = partner.teaches
    if not skills:  # somebody arranged that
        return whom
    return ", ".join([f"{whom} {in_words(skills)}", *([share] if share else [])])


def _to_others(name: str, partner: Partnership) -> str:
    if partner.role:
        met = partner.their_wishes_met if partner.role == "learner" else partner.wishes_met
        said = _in_ring(partner, name, share_met(met, "was wished for", "the wishes"))
        return f"{said}; that scores {partner.score:.2f}."
    parts = [f"{name} has {partner.name}; together they score {partner.score:.2f}."]
    if partner.together:
        parts.append(f"Both want to learn {in_words(partner.together)}.")
    if partner.teaches:
        share = share_met(partner.their_wishes_met, "was wished for", "the wishes")
        parts.append(f"{name} teaches {in_words(partner.teaches)}, {share}.")
    if partner.learns:
        share = share_met(partner.wishes_met, "was wished for", "the wishes")
        parts.append(f"{partner.name} teaches {in_words(partner.learns)}, {share}.")
    return " ".join(parts)


def share_met(met: float, all_of: str, some_of: str) -> str:
    """Say how many of somebody's wishes are met.

    Parameters
    ----------
    met
        The share, in [0, 1].
    all_of, some_of
        What it is all of, or some of, in words.

    Examples
    --------
    >>> share_met(1.0, "you wished for", "your wishes")
    'all that you wished for'
    >>> share_met(0.5, "you wished for", "your wishes")
    '50% of your wishes'
    """
    return f"all that {all_of}" if met >= 1.0 else f"{met:.0%} of {some_of}"
