"""The least that somebody could change of their own profile to have a partner, whatever lots say.

They are single in a best matching, so that it is a best one without them as well. With other skills
they have a partner in every best matching exactly if that is better. The prices say by how much,
for any number of changes: between two sides (`mentormatch.assign.ends`), in one pool
(`mentormatch.assign.pool_ends`) and in rings of any length (`mentormatch.assign.joining`).
Elsewhere it is solved again, for a few (`smallest_change` says what holds then).
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.ends import Gain
from mentormatch.assign.problem import Objective, Problem
from mentormatch.assign.ring_problem import RingSolution
from mentormatch.assign.solve import solve as solve_problem
from mentormatch.exchange.preferences import Prefer
from mentormatch.exchange.rules import functions_in
from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.gained import Gained
from mentormatch.matching.insight import Insight
from mentormatch.people import Cohort
from mentormatch.people.supposing import Addition, ListName
from mentormatch.solving.divided import divided
from mentormatch.solving.graph import graph_of
from mentormatch.solving.solve import solve
from mentormatch.solving.task import Task
from mentormatch.solving.two_sides import problem_of

__all__ = ["Change", "is_solved_again", "smallest_change"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: What is gained by each skill that somebody could have more in a list, at a level.
Gains = Callable[[ListName, Rows, float], Mapping[int, Gain]]

#: Where it is solved again: among how many people at most, and for how many skills of each list.
MOST_SOLVED, FEW_SKILLS = 200, 6
#: Likewise in rings, but for rings of two.
MOST_IN_RINGS = 24
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
        `None` where there is none, or none was found.

    Notes
    -----
    What is found is exact wherever prices say what a change gains: between two sides with one
    partner each, for anybody who is on one of them, in one pool of 2,097,152 allowed pairs at most,
    and in rings of any length. There all skills are looked at, and `None` says that no single skill
    would do. A rule or a preference that is a function may look at skills as well, so that prices
    do not say it then; nor do they for buddies.

    Elsewhere it is solved again, among `MOST_SOLVED` people at most (in rings of three or more
    `MOST_IN_RINGS`), for the `FEW_SKILLS` skills that most people wish for, or teach. What is
    named there gives them a partner in every best matching as well, and none of these skills would
    at a lower level; another skill might, and `None` says nothing. In rings of a bounded length,
    of which it may be that nobody knows the best, it is named where the rings found with it are
    better than any could be without, as far as that is proven; whether less would do is not. Not
    asked at all are people on both sides who may have several partners, or where the worst pair
    counts.

    With a taxonomy, only what somebody wishes for already can become a wish.
    """
    people = insight.people
    most: int | None = FEW_SKILLS
    if insight.has_gains and not _asks_functions(insight) and not _is_on_both(insight, row):
        gains = _by_prices(insight, row, side)
        most = None  # of all skills
    elif not is_solved_again(insight) or (_is_on_both(insight, row) and not insight.has_ends):
        return None
    else:
        gains = _by_solving(insight, row, side)
    labels = people.skills.labels
    for name, skills, level, on_scale in _tried(insight, row, side, gains, most):
        some = [
            (-gain.pairs, -gain.score, labels[skill])
            for skill, gain in gains(name, skills, level).items()
        ]
        if some:
            return Change(name, min(some)[-1], level, on_scale)
    return None


def is_solved_again(insight: Insight) -> bool:
    """Tell whether there are few enough people to solve for them again and again.

    Parameters
    ----------
    insight
        The answer.
    """
    sides = insight.solved.sides
    is_quick = sides.layout != "arrows" or sides.longest == 2
    return len(sides.taking_part) <= (MOST_SOLVED if is_quick else MOST_IN_RINGS)


def _tried(
    insight: Insight,
    row: int,
    side: int,
    gains: Gains,
    most: int | None,
) -> Iterator[tuple[ListName, Rows, float, str]]:
    """Yield what may be added, the smallest first; the level in the words of the file as well."""
    people, model = insight.people, insight.solved.graph.score_model
    acquaintances = insight.acquaintances(side)
    own_learns, others_learn = (model.a_receives, model.b_receives)[:: -1 if side else 1]
    in_pool = insight.solved.graph.layout != "sides"
    taught, known, wanted = (
        matrix[[row]].toarray()[0] for matrix in (people.teaches, people.knows, people.wants)
    )
    if (others_learn or in_pool) and not isinstance(model, SharedWishes):
        skills = _most_frequent(np.diff(acquaintances.wishes.starts), most)
        if most is None:  # what they wish for themselves they would wish for less
            skills = np.union1d(skills, np.flatnonzero(wanted))
            if people.has_taxonomy:  # what nobody wishes for may count for what somebody does
                skills = np.arange(len(wanted))
        # Who does not want a skill is worth the more to others the better they teach it: where the
        # top level is not enough, no other is. With what they want themselves it may be. (By prices
        # in one pool it is only known by which skills most is gained.)
        tells_all = most is not None or insight.worth_in_pool is None
        if not people.has_taxonomy and len(skills) and tells_all:
            own = skills[wanted[skills] > 0.0]
            rest = np.setdiff1d(skills, own, assume_unique=True)
            enough = list(gains("teaches", rest, 1.0)) if len(rest) else []
            skills = skills[np.isin(skills, [*own, *enough])]
        for level, on_scale in _steps(people):
            raised = skills[taught[skills] < level]
            if len(raised):
                yield "teaches", raised, level, on_scale
    if own_learns or in_pool:
        has_all = np.maximum(taught, known) >= 1.0
        listed = acquaintances.starts
        if isinstance(model, SharedWishes):
            listed = acquaintances.wishes.starts
        skills = _most_frequent(np.diff(listed), most)
        wished = np.bincount(people.wants.indices, minlength=len(wanted)) > 0
        level = float(wanted.max(initial=0.0)) or 1.0
        new = (wanted[skills] == 0.0) & ~has_all[skills]
        if people.has_taxonomy:
            new &= wished[skills]
        if new.any():
            yield "wants", skills[new], level, ""


def _most_frequent(count: Rows, most: int | None) -> Rows:
    """Return the skills that come at all, the most frequent first."""
    return np.argsort(-count, kind="stable")[: np.count_nonzero(count)][:most]


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


def _by_prices(insight: Insight, row: int, side: int) -> Gains:
    """Return how to find gains by prices; in rings what somebody teaches is not what they learn."""
    if insight.solved.graph.layout != "arrows":
        return Gained.of(insight, row, side).gains

    @cache
    def of(side: int) -> Gained:
        return Gained.of(insight, row, side)

    return lambda name, skills, level: of(int(name == "wants")).gains(name, skills, level)


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
        if isinstance(rings := solved.solution, RingSolution):  # which others could be better
            before = before[0] + rings.count_gap, before[1], before[2] + rings.gap
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

    def gains(name: ListName, skills: Rows, level: float) -> Mapping[int, Gain]:
        found = {skill: way(Addition(name, skill, level)) for skill in skills.tolist()}
        return {skill: gain for skill, gain in found.items() if gain.is_some}

    return gains
