"""The least that somebody could change of their own profile to have a partner, whatever lots say.

They are single in a best matching, so that it is a best one without them as well. With other skills
they have a partner in every best matching exactly if that is better. Between two sides the prices
say by how much (`mentormatch.assign.ends`), for any number of changes; elsewhere it is solved
again, for a few.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.ends import Gain
from mentormatch.assign.problem import Objective, Problem
from mentormatch.assign.solve import solve as solve_problem
from mentormatch.exchange.benefit import OpenWishes
from mentormatch.exchange.preferences import Prefer
from mentormatch.exchange.rules import functions_in
from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.insight import Insight
from mentormatch.people import Cohort
from mentormatch.people.supposing import Addition
from mentormatch.solving.divided import divided
from mentormatch.solving.graph import graph_of
from mentormatch.solving.solve import solve
from mentormatch.solving.task import Task
from mentormatch.solving.two_sides import problem_of

__all__ = ["Change", "smallest_change"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Gains = Callable[[Sequence[Addition]], Sequence[Gain]]

#: How many pairs of a changed person are held at a time, and how many are looked at for each skill
#: list.
PAIRS_AT_ONCE, MOST_PAIRS = 2**21, 2**26
#: Where it is solved again: among how many people at most, and for how many skills of each list.
MOST_SOLVED, FEW_SKILLS = 200, 6
#: A scale of more steps than that is gone through in fifths.
MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One skill that somebody could teach, or wish for, beside what they do now.

    Attributes
    ----------
    list : str
        ``"teaches"`` or ``"wants"``.
    skill : str
        Which.
    level : float
        The proficiency, in (0, 1], or the priority.
    on_scale : str
        The proficiency as the people's file would have it: ``"3 of 5"``; ``""`` for a wish.
    """

    list: str
    skill: str
    level: float
    on_scale: str

    def __str__(self) -> str:
        if self.list == "teaches":
            return f"teaching {self.skill} at {self.on_scale}"
        return f"wishing to learn {self.skill} as well"


def smallest_change(insight: Insight, row: int, side: int) -> Change | None:
    """Find the smallest change of a person's own lists with which every best matching has them.

    That is one skill to teach, at the lowest level that is enough, and where none is, one wish
    more, as strong as their strongest. Of several the one that gains most for all is taken.

    Parameters
    ----------
    insight
        The answer.
    row
        Whose.
    side
        On which side they have no partner, 0 or 1; 0 in one pool.

    Returns
    -------
    Change or None
        `None` where there is none, or none was found. Between two sides with one partner each all
        skills are looked at (of very many, those that most people want, or teach), unless a rule
        or a preference is a function, which may look at skills as well. Elsewhere it is solved
        again for the six skills that most people want, or teach, among at most 200 people; and for
        people on both sides who may have several partners, or where the worst pair counts, not at
        all. With a taxonomy, only
        what somebody wishes for already can become a wish.
    """
    people, graph = insight.people, insight.solved.graph
    others = graph.side_a if side else graph.side_b
    if insight.has_ends and not _asks_functions(insight) and not _is_on_both(insight, row):
        asked = _Asked.of(insight, row, side)
        gains: Gains = asked.gains
        others = asked.others
        most = max(FEW_SKILLS, MOST_PAIRS // max(1, len(others)))
    elif len(insight.solved.sides.taking_part) > MOST_SOLVED or (
        _is_on_both(insight, row) and not insight.has_ends
    ):
        return None
    else:
        gains, most = _by_solving(insight, row, side), FEW_SKILLS
    labels = people.skills.labels
    for additions, on_scale in _tried(insight, row, side, others, gains, most):
        found = zip(additions, gains(additions), strict=True)
        some = [
            (-gain.pairs, -gain.score, labels[one.skill], one)
            for one, gain in found
            if gain.is_some
        ]
        if some:
            *_, skill, best = min(some, key=lambda each: each[:3])
            return Change(best.list, skill, best.level, on_scale)
    return None


def _tried(
    insight: Insight,
    row: int,
    side: int,
    others: Rows,
    gains: Gains,
    most: int,
) -> Iterator[tuple[Sequence[Addition], str]]:
    """Yield what may be added, the smallest first, and the level in the words of the file."""
    people, model = insight.people, insight.solved.graph.score_model
    own_learns, others_learn = (model.a_receives, model.b_receives)[:: -1 if side else 1]
    in_pool = insight.solved.graph.layout != "sides"
    taught, known, wanted = (
        matrix[[row]].toarray()[0] for matrix in (people.teaches, people.knows, people.wants)
    )
    if (others_learn or in_pool) and not isinstance(model, SharedWishes):
        skills = _most_frequent(people.wants[others].indices, most)
        # Who does not want a skill is worth the more to others the better they teach it: where the
        # top level is not enough, no other is. With what they want themselves it may be.
        at_top = [Addition("teaches", skill, 1.0) for skill in skills]
        skills = [
            one.skill
            for one, gain in zip(at_top, gains(at_top) if at_top else [], strict=True)
            if gain.is_some or wanted[one.skill] or people.has_taxonomy
        ]
        for level, on_scale in _steps(people):
            raised = [
                Addition("teaches", skill, level) for skill in skills if taught[skill] < level
            ]
            if raised:
                yield raised, on_scale
    if own_learns or in_pool:
        has_all = np.maximum(taught, known) >= 1.0
        listed = people.wants if isinstance(model, SharedWishes) else people.teaches
        skills = _most_frequent(listed[others].indices, most)
        wished = np.bincount(people.wants.indices, minlength=len(wanted)) > 0
        level = float(wanted.max(initial=0.0)) or 1.0
        new = [
            Addition("wants", skill, level)
            for skill in skills
            if not wanted[skill]
            and not has_all[skill]
            and (wished[skill] or not people.has_taxonomy)
        ]
        if new:
            yield new, ""


def _most_frequent(skills: NDArray[np.integer], most: int) -> Sequence[int]:
    """Return the different ones of some skills, the most frequent first."""
    found, count = np.unique(skills, return_counts=True)
    kept: list[int] = found[np.lexsort((found, -count))][:most].tolist()
    return kept


def _steps(people: Cohort) -> Sequence[tuple[float, str]]:
    """Return the levels of proficiency there are, ascending, each in words as well."""
    low, top = people.account.scales.proficiency if people.account else (1.0, 5.0)
    numbers = [top * fifth / 5 for fifth in range(1, 6)]
    if float(top).is_integer() and top <= MOST_STEPS:
        numbers = [float(number) for number in range(1, int(top) + 1)]
    return [(number / top, f"{number:g} of {top:g}") for number in numbers if number >= low]


def _asks_functions(insight: Insight) -> bool:
    program = insight.solved.program
    preferred = [one.rule for one in program.preferences if isinstance(one, Prefer)]
    return any(functions_in(rule) for rule in (*program.rules, *preferred))


def _is_on_both(insight: Insight, row: int) -> bool:
    if insight.solved.graph.layout != "sides":
        return False
    return insight.place(0, row) >= 0 and insight.place(1, row) >= 0


@dataclass(frozen=True, eq=False, slots=True)
class _Asked:
    """Those whom somebody may meet, and what the answer gains if they are worth more to them."""

    insight: Insight
    row: int
    side: int
    cols: Rows  # where they stand on the other side
    others: Rows
    wishes: OpenWishes  # theirs

    @classmethod
    def of(cls, insight: Insight, row: int, side: int) -> "_Asked":
        """Ask the rules and everybody on the other side."""
        people, graph = insight.people, insight.solved.graph
        others = graph.side_a if side else graph.side_b
        same = np.full(len(others), row)
        ends = (others, same) if side else (same, others)
        may_be = ~people.are_declined(*ends)
        for _, test in insight.tests:
            may_be &= test(*ends)
        cols = np.flatnonzero(may_be)
        model = graph.score_model
        assert not isinstance(model, SharedWishes)  # which is what buddies of a pool have
        wishes = OpenWishes.of(people, others[cols], model.wishes_counted)
        return cls(insight, row, side, cols, others[cols], wishes)

    def gains(self, additions: Sequence[Addition]) -> Sequence[Gain]:
        """Return what the best matching gains by each addition to the person's lists."""
        step = max(1, PAIRS_AT_ONCE // max(1, len(self.cols)))
        parts = (additions[first : first + step] for first in range(0, len(additions), step))
        return [gain for part in parts for gain in self._gains(part)]

    def _gains(self, additions: Sequence[Addition]) -> Sequence[Gain]:
        people, graph = self.insight.people, self.insight.solved.graph
        model = graph.score_model
        changed = people.variants(self.row, additions)
        each = np.arange(len(additions))
        gives, gets = np.zeros((2, len(additions), len(self.cols)))
        own_learns, others_learn = (model.a_receives, model.b_receives)[:: -1 if self.side else 1]
        if others_learn:
            gives = self.wishes.met_by(changed, each)
        if own_learns:
            own = OpenWishes.of(changed, each, self.wishes.counted)
            gets = own.met_by(people, self.others).T
        scores = model.combine(*((gives, gets) if self.side else (gets, gives)))
        variant, col = np.nonzero(scores)
        same = np.full(len(col), self.row)
        ends = (self.others[col], same) if self.side else (same, self.others[col])
        worth = scores[variant, col]
        table = np.full(scores.shape, -1.0)  # which is no pair
        table[variant, col] = worth + self.insight.preferred.points(worth, *ends)
        return self.insight.ends(self.side).gain_of_rows(table, self.cols)


def _by_solving(insight: Insight, row: int, side: int) -> Gains:
    """Return how to find gains by solving again."""
    people, solved = insight.people, insight.solved
    program, seed = solved.program, solved.seed

    def worth(pairs: frozenset[tuple[int, int]], scores: Floats) -> tuple[float, ...]:
        """Return all that counts, what counts first before the rest."""
        served = insight.served(pairs) if insight.counts_people else 0
        worst = scores.min(initial=np.inf) if program.objective == "floor_then_score" else 0.0
        return served, float(worst), math.fsum(scores.tolist())

    def again(addition: Addition) -> Gain:
        a, b, scores = solve(people.supposing(row, addition), program, seed).chosen
        now = worth(frozenset(zip(a.tolist(), b.tolist(), strict=True)), scores)
        before = worth(insight.pairs, solved.chosen[2])
        decides = 1 if now[1] != before[1] else 2
        return Gain(int(now[0] - before[0]), now[decides] - before[decides])

    def in_one_role(addition: Addition) -> Gain:
        """Compare with the best for the person in their other role."""
        changed = people.supposing(row, addition)
        graph = graph_of(Task(changed, program, divided(changed, program)))
        whole = problem_of(graph)
        own = (graph.a, graph.b)[side] != insight.place(side, row)
        rest = Problem(whole.shape, graph.a[own], graph.b[own], graph.score[own])
        found = [solve_problem(one, Objective(program.objective)) for one in (whole, rest)]
        fewer = len(found[0].rows) - len(found[1].rows)
        return Gain(fewer * insight.counts_people, found[0].value - found[1].value)

    way = in_one_role if insight.has_ends else again
    return lambda additions: [way(addition) for addition in additions]
