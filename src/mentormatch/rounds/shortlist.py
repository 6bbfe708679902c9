"""Whom one person could have as a partner, to choose from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mentormatch.matching.explanation import Audience, Explanation, in_words
from mentormatch.matching.why import share_met

__all__ = ["Shortlist", "Suggestion"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody who is suggested to a reader, and what the two would exchange.

    Attributes
    ----------
    id, name : str
        Who is suggested.
    side : str
        The name of the side on which they stand; ``""`` in one pool.
    place : int
        1 for the best suggestion of this list, and so on; who reads as both sides has two lists.
    score : float
        What the pair would be worth, preferences included.
    teaches, learns : tuple of str
        The skills that the reader would teach them, and learn from them, what counts most first.
    wishes_met, their_wishes_met : float
        The share of the reader's, and of the suggested person's, wishes that the other meets.
    together : tuple of str
        Of buddies, what both want to learn.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...     ]
    ... )
    >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    >>> [suggestion] = mm.shortlists(people, program, k=3).of("ana").suggestions
    >>> suggestion.id, suggestion.place, suggestion.teaches, suggestion.learns
    ('bo', 1, ('leading',), ('sql',))
    """

    id: str
    name: str
    side: str
    place: int
    score: float
    teaches: tuple[str, ...]
    learns: tuple[str, ...]
    wishes_met: float
    their_wishes_met: float
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortlist(Explanation):
    """Whom one person could have as a partner, the best first.

    A participant's text is the list and nothing else. On how many lists somebody stands themself is
    in the data and in the coordinator's text; on whose, nobody is told who reads only their own.

    Attributes
    ----------
    person, name : str
        Who reads it.
    suggestions : tuple of Suggestion
        The best first; of somebody on both sides, those for their first role before the others.
    on_lists, at_most : int
        On how many lists they stand, and on how many they might: never more than there are readers.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...     ]
    ... )
    >>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
    >>> ana = mm.shortlists(people, program, k=3).of("ana")
    >>> print(ana)
    You could have as a partner, the best suggestion first:
    1. bo: you would teach bo leading; bo would teach you sql, which is all that you wished for.
    >>> print(ana.text("coordinator"))
    ana could have as a partner, the best suggestion first:
    1. bo, with a score of 1.00: ana would teach leading, all that was wished for; bo would teach \
sql, all that was wished for.
    ana is on 1 list of 1 at most.
    """

    person: str
    name: str
    suggestions: tuple[Suggestion, ...]
    on_lists: int
    at_most: int

    @property
    def code(self) -> str:
        """``"suggested"``, or ``"nobody_to_suggest"`` where the list is empty."""
        return "suggested" if self.suggestions else "nobody_to_suggest"

    @property
    def data(self) -> Mapping[str, Any]:
        """Everything as plain values."""
        return asdict(self)

    def _text(self, audience: Audience) -> str:
        is_own = audience == "participant"
        told = _to_reader if is_own else _to_others
        several = len({one.side for one in self.suggestions}) > 1
        who = "You" if is_own else self.name
        lines = ["There is nobody to suggest this time."]
        if self.suggestions:
            lines = [f"{who} could have as a partner, the best suggestion first:"]
        for one in self.suggestions:
            role = f" as {one.side}" if several else ""
            lines.append(f"{one.place}. {one.name}{role}{told(self.name, one)}.")
        if not is_own:
            lists = f"{self.on_lists} list{'s' * (self.on_lists != 1)}"
            lines.append(f"{self.name} is on {lists} of {self.at_most} at most.")
        return "\n".join(lines)


def _to_reader(_: str, one: Suggestion) -> str:
    if one.together:
        return f": you both want to learn {in_words(one.together)}"
    parts = []
    if one.teaches:
        parts.append(f"you would teach {one.name} {in_words(one.teaches)}")
    if one.learns:
        share = share_met(one.wishes_met, "you wished for", "your wishes")
        parts.append(f"{one.name} would teach you {in_words(one.learns)}, which is {share}")
    return f": {'; '.join(parts)}" if parts else ""  # a required pair may exchange nothing


def _to_others(reader: str, one: Suggestion) -> str:
    score = f", with a score of {one.score:.2f}"
    if one.together:
        return f"{score}: both want to learn {in_words(one.together)}"
    parts = []
    for teacher, skills, met in (
        (reader, one.teaches, one.their_wishes_met),
        (one.name, one.learns, one.wishes_met),
    ):
        if skills:
            share = share_met(met, "was wished for", "the wishes")
            parts.append(f"{teacher} would teach {in_words(skills)}, {share}")
    return f"{score}: {'; '.join(parts)}" if parts else score
