"""What people learned against what they wished for, skill by skill."""

from collections import defaultdict
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.benefit import lessons
from mentormatch.exchange.shared import SharedWishes
from mentormatch.exchange.shared_pairs import shared_skills
from mentormatch.rounds.heard import Heard
from mentormatch.rounds.outcomes import Learned, SkillLearned
from mentormatch.rounds.suppression import FEWEST

__all__ = ["learned_of"]


class _Count:
    """Who wishes for a skill, and of how many wishes a partner teaches it, or it was learned."""

    __slots__ = ("learned", "people", "promised", "skills", "wished")

    def __init__(self) -> None:
        self.people: set[int] = set()
        self.skills = self.wished = self.promised = self.learned = 0

    def take_in(self, other: "_Count") -> None:
        self.people |= other.people
        self.skills += other.skills
        self.wished += other.wished
        self.promised += other.promised
        self.learned += other.learned


def learned_of(heard: Heard) -> Learned:
    """Count wishes, promises and what was learned, by those who say what they learned.

    Parameters
    ----------
    heard
        The pairs, and what has been heard of them.
    """
    counts: defaultdict[int, _Count] = defaultdict(_Count)
    beyond = 0
    said = [
        end
        for end, skills in enumerate(heard.said.learned)
        if skills is not None and not np.isnan(heard.promised[end])
    ]
    if len({int(heard.rows[end]) for end in said}) < FEWEST:
        return Learned(None, None, None, None, ())
    at = np.array(said, dtype=np.int64)
    offers = _offers(heard, at)
    for end, offered in zip(said, offers, strict=True):
        row = int(heard.rows[end])
        learned = heard.said.learned[end] or frozenset()
        wished = set(heard.wishes(end)[0].tolist())
        for skill in wished:
            count = counts[skill]
            count.people.add(row)
            count.skills = 1
            count.wished += 1
            count.promised += skill in offered
            count.learned += skill in learned
        beyond += len(learned - wished) + int(heard.said.beyond[end])
    every = counts.values()
    return Learned(
        wished=sum(count.wished for count in every),
        promised=sum(count.promised for count in every),
        learned=sum(count.learned for count in every),
        beyond=beyond,
        skills=_told(counts, heard.people.skills.labels),
    )


def _offers(heard: Heard, ends: NDArray[np.int64]) -> list[set[int]]:
    """Return which skills each of some ends was to learn from the partner, or with a buddy."""
    people, rows, partners = heard.people, heard.rows[ends], heard.partners[ends]
    if isinstance(heard.model, SharedWishes):
        shared = shared_skills(people, rows, partners, heard.model.wishes_counted)
        return [set(map(people.skills.index, skills)) for skills in shared]
    taught = lessons(people, partners, rows)
    starts = taught.indptr.tolist()
    return [set(taught.indices[begin:end].tolist()) for begin, end in pairwise(starts)]


def _told(counts: dict[int, _Count], labels: tuple[str, ...]) -> tuple[SkillLearned, ...]:
    """Return the skills of enough people, and all others as one; that has enough people, too."""
    order = sorted(counts, key=lambda skill: (-len(counts[skill].people), labels[skill]))
    apart = [skill for skill in order if len(counts[skill].people) >= FEWEST]
    rest = _Count()
    for skill in order[len(apart) :]:
        rest.take_in(counts[skill])
    # Else the rest could be worked out from the whole.
    while rest.people and len(rest.people) < FEWEST and apart:
        rest.take_in(counts[apart.pop()])
    rows = [(labels[skill], counts[skill]) for skill in apart]
    if len(rest.people) >= FEWEST:
        rows.append(("", rest))
    return tuple(
        SkillLearned(name, count.skills, count.wished, count.promised, count.learned)
        for name, count in rows
    )
