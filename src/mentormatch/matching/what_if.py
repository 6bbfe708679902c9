"""What would be different with other people or other rules: the answer to that, beside this one."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from mentormatch.errors import ProgramError, listed
from mentormatch.exchange.rules import Rule
from mentormatch.matching.explanation import NAMED, first_of, in_words
from mentormatch.matching.scan import named
from mentormatch.matching.why_not import PairChange
from mentormatch.program import Program
from mentormatch.program.program import with_rules
from mentormatch.solving.solved import Solved

__all__ = ["RulePrice", "WhatIf", "compared", "without_rule"]

Answer = TypeVar("Answer")


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class WhatIf(Generic[Answer]):
    """Another answer, and how it differs from the one that was asked.

    Attributes
    ----------
    matching : Matching
        The best matching with the change, with its own proof.
    gained, lost : tuple of str
        Ids of the people who would have a partner and have none, and the other way round.
    people : int
        By how many more are served, once for each role; below 0 for fewer.
    score : float
        By how much the total is higher; below 0 where it is lower.
    ended, begun : tuple of PairChange
        The pairs that would end, and begin.
    is_exact : bool
        Whether both answers are proven best. Rings of a bounded length need not be: then this is
        how the best that were found differ, and `Matching.gap` of each says how much better others
        could be.
    names : mapping of str to str
        What texts call those who gain a partner, or lose theirs.
    """

    matching: Answer
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    people: int
    score: float
    ended: tuple[PairChange, ...]
    begun: tuple[PairChange, ...]
    is_exact: bool
    names: Mapping[str, str]

    def text(self) -> str:
        """Return the difference in words, for a coordinator."""
        parts = []
        if self.people:
            more = "more" if self.people > 0 else "fewer"
            parts.append(f"{abs(self.people)} {more} would have a partner")
        if self.score:
            more = "higher" if self.score > 0.0 else "lower"
            parts.append(f"the total would be {abs(self.score):.2f} {more}")
        said = [f"{in_words(parts) or 'as many would have a partner, and the same total'}."]
        for people, what in ((self.gained, "a partner"), (self.lost, "none any more")):
            if people:
                who = first_of([self.names[person] for person in people])
                said.append(f"{who} would have {what}.")
        for pairs, what in ((self.ended, "end"), (self.begun, "begin")):
            if pairs:
                rest = [f"{len(pairs) - NAMED:,} more"] if len(pairs) > NAMED else []
                told = ", ".join([*map(str, pairs[:NAMED]), *rest])
                said.append(f"These pairs would {what}: {told}.")
        return " ".join([said[0][0].upper() + said[0][1:], *said[1:]])

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        more = "" if self.is_exact else ", not proven"
        return (
            f"WhatIf(people={self.people:+}, score={self.score:+.4f}, {len(self.ended)} pairs end, "
            f"{len(self.begun)} begin{more})"
        )


@dataclass(frozen=True, slots=True)
class RulePrice:
    """What a rule costs: how much better the best matching without it is.

    Attributes
    ----------
    rule : str
        The rule in words.
    people : int
        How many more people would have a partner, once for each role.
    score : float
        How much higher the total would be; below 0 where more people come to a lower one.
    is_exact : bool
        As of a `WhatIf`.
    """

    rule: str
    people: int
    score: float
    is_exact: bool = field(default=True, repr=False)


def compared(before: Solved, after: Solved, matching: Answer) -> WhatIf[Answer]:
    """Compare two answers.

    Parameters
    ----------
    before, after
        The answers.
    matching
        What the latter is given back as.
    """
    then, now = _scores_of(before), _scores_of(after)
    had, have = _served(then, before), _served(now, after)
    ended = sorted(pair for pair in then if pair not in now)
    begun = sorted(pair for pair in now if pair not in then)
    people, in_rings = before.graph.people, before.graph.layout == "arrows"
    gained = sorted({person for _, person in have} - {person for _, person in had})
    lost = sorted({person for _, person in had} - {person for _, person in have})
    return WhatIf(
        matching=matching,
        gained=tuple(gained),
        lost=tuple(lost),
        people=len(have) - len(had),
        score=math.fsum([*now.values(), *(-score for score in then.values())]),
        ended=tuple(PairChange.of(people, pair, then[pair], is_arrow=in_rings) for pair in ended),
        begun=tuple(PairChange.of(people, pair, now[pair], is_arrow=in_rings) for pair in begun),
        is_exact=before.solution.is_optimal and after.solution.is_optimal,
        names={person: people.called(people.row(person)) for person in (*gained, *lost)},
    )


def without_rule(program: Program, rule: Rule | str) -> Program:
    """Return a program with one rule fewer.

    Parameters
    ----------
    program
        The program.
    rule
        The rule, or what it is called in texts.

    Raises
    ------
    ProgramError
        When the program has no such rule.

    Examples
    --------
    >>> import mentormatch as mm
    >>> without_rule(mm.Program(rules=[mm.Different("team")]), "different team").rules
    ()
    """
    rules = list(program.rules)
    for place, one in enumerate(rules):
        if rule in (one, str(one)):
            return with_rules(program, rules[:place] + rules[place + 1 :])
    known = listed([repr(str(one)) for one in rules]) if rules else "none at all"
    raise ProgramError(f"the program has no rule '{rule}'; its rules are: {known}")


def _scores_of(solved: Solved) -> dict[tuple[str, str], float]:
    """Return what each chosen pair is worth, by id."""
    graph = solved.graph
    a, b, scores = solved.chosen
    ids = graph.a_ids, graph.b_ids
    return {
        named(ids, one, other, graph.layout): score
        for one, other, score in zip(a.tolist(), b.tolist(), scores.tolist(), strict=True)
    }


def _served(pairs: dict[tuple[str, str], float], solved: Solved) -> set[tuple[int, str]]:
    """Return who has a partner, in which role."""
    in_pool = solved.graph.layout != "sides"
    return {(0 if in_pool else side, person) for pair in pairs for side, person in enumerate(pair)}
