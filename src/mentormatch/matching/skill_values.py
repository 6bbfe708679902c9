"""Which skills to recruit for: what one more teacher of each would add to the best matching."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.ends import Gain
from mentormatch.assign.pool_ends import PoolEnds
from mentormatch.errors import ProgramError
from mentormatch.exchange.rules import Forbid, Rule
from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.insight import MOST_SEARCHED, Insight
from mentormatch.program import Program
from mentormatch.solving.solve import solve
from mentormatch.solving.solved import Solved

__all__ = ["MOST_DOUBLED", "SkillValue", "skill_values"]

Rows = NDArray[np.int64]
#: People and score, both to be least, and whose double it is.
Value: TypeAlias = tuple[float, float, str]

#: Where it is solved again for each teacher: among how many people at most.
MOST_DOUBLED = 200


@dataclass(frozen=True, slots=True)
class SkillValue:
    """What one more teacher of a skill would add.

    Attributes
    ----------
    skill : str
        The skill, which somebody wants and somebody teaches.
    people : int
        How many more people would have a partner; 0 where they do not count.
    score : float
        How much higher the total would be; below 0 where more people come to a lower one.
    like : str
        Id of the teacher of whom that would be a double.
    """

    skill: str
    people: int
    score: float
    like: str


def skill_values(insight: Insight) -> tuple[SkillValue, ...]:
    """Return what one more teacher of each wanted skill would add, the most first.

    Parameters
    ----------
    insight
        An answer that is proven best. Between two sides with one partner each, in one pool, and in
        rings of any length without required arrows, its prices say what doubles add; elsewhere it
        is solved again with a double of each teacher.

    Raises
    ------
    ProgramError
        For buddies and floors, where more people than `MOST_DOUBLED` would have to be solved for
        again and again, and in rings of a bounded length that are not proven best, with a double or
        without.
    """
    insight.check_proven()
    graph, people = insight.solved.graph, insight.people
    model = graph.score_model
    if isinstance(model, SharedWishes):
        raise ProgramError("buddies learn together, and nobody teaches: no teacher can be missing")
    if insight.solved.program.objective == "floor_then_score":
        raise ProgramError(
            "what one more teacher is worth is not known under 'floor_then_score', where a higher "
            "floor may come with a lower total; match by 'people_then_score' to ask"
        )
    _check_best(insight.solved)
    best: dict[int, Value] = {}
    sides = (
        (graph.side_a, model.b_receives, graph.side_b),
        (graph.side_b, model.a_receives, graph.side_a),
    )
    for side, (rows, teach, learners) in enumerate(sides if graph.layout == "sides" else sides[:1]):
        if not teach:
            continue
        wanted = np.zeros(len(people.skills), dtype=np.bool_)
        wanted[people.wants[learners].indices] = True
        offered = people.teaches[rows].tocoo()
        some = wanted[offered.col]
        places, skills = offered.row[some].astype(np.int64), offered.col[some].astype(np.int64)
        for skill, found in _best_of_each(insight, side, places, skills):
            best[skill] = min(best.get(skill, found), found)
    values = [
        SkillValue(people.skills.labels[skill], int(0 - more), 0.0 - score, person)
        for skill, (more, score, person) in best.items()
    ]
    return tuple(sorted(values, key=lambda one: (-one.people, -one.score, one.skill)))


def _best_of_each(
    insight: Insight, side: int, places: Rows, skills: Rows
) -> Iterator[tuple[int, Value]]:
    """Yield what the doubles of some teachers, each of a skill, add, and of whom they are.

    At least the best of each skill comes.
    """
    ids, rows = insight.people.ids, (insight.solved.graph.side_a, insight.solved.graph.side_b)[side]
    if insight.worth_in_pool is not None:
        ends = insight.worth_in_pool.beside
        for skill in np.unique(skills).tolist():
            teachers = places[skills == skill]
            gain, like = _best_in_pool(insight, ends, teachers)
            yield skill, (-2 * gain.pairs, -gain.score, min(ids[rows[one]] for one in like))
        return
    in_rings = insight.solved.graph.layout == "arrows"
    # Whoever has to teach somebody has no other arrow, which a double of them would have.
    by_prices = insight.has_chains and not (in_rings and len(insight.required))
    gains_of = _by_prices if by_prices else _by_solving
    gains = gains_of(insight, side, np.unique(places))
    for place, skill in zip(places.tolist(), skills.tolist(), strict=True):
        yield skill, (-gains[place][0], -gains[place][1], ids[rows[place]])


def _best_in_pool(insight: Insight, ends: PoolEnds, teachers: Rows) -> tuple[Gain, list[int]]:
    """Return the most that a double of one of some teachers adds, and of which of them it may be.

    With the one of whom it is, a double exchanges nothing: nobody wants what they teach as well.
    """
    allowed = insight.allowed
    first, second = ([insight.at(side, place) for place in teachers.tolist()] for side in (0, 1))
    pairs = np.concatenate((*first, *second))
    others = np.concatenate((allowed.b[np.concatenate(first)], allowed.a[np.concatenate(second)]))
    sizes = [len(part) for part in (*first, *second)]
    own = np.repeat(np.concatenate((teachers, teachers)), sizes)
    gain, which = ends.best_of(others, allowed.score[pairs])
    return gain, np.unique(own[which] if len(which) else teachers).tolist()


def _by_prices(insight: Insight, side: int, places: Rows) -> dict[int, tuple[int, float]]:
    """Return how many more people, and how much, doubles of some people of a side would add."""
    if insight.solved.graph.layout == "arrows":
        found = {place: insight.chains.gain_of_double(place) for place in places.tolist()}
        return {place: (gain.pairs, gain.score) for place, gain in found.items()}
    gains = insight.ends(side).gain_of_doubles(insight.problem, turned=side == 1)
    return {place: (2 * gains[place].pairs, gains[place].score) for place in places.tolist()}


def _by_solving(insight: Insight, side: int, places: Rows) -> dict[int, tuple[int, float]]:
    """Return the same by solving again with each double."""
    solved, people = insight.solved, insight.people
    size = len(solved.sides.taking_part)
    if size > MOST_DOUBLED:
        raise ProgramError(
            "what one more teacher is worth follows from prices between two sides with one partner "
            f"each, in one pool of up to {MOST_SEARCHED:,} allowed pairs, and in rings of any "
            "length without required pairs; elsewhere it is solved again for each teacher, among "
            f"{MOST_DOUBLED} people at most, and {size:,} take part: ask about a part of them"
        )
    rows = (solved.graph.side_a, solved.graph.side_b)[side]
    before, gains = math.fsum(solved.chosen[2].tolist()), {}
    for place in places.tolist():
        row = int(rows[place])
        with_double = people.with_double(row)
        program = _for_both(solved.program, people.ids[row], with_double.ids[-1])
        after = solve(with_double, program, solved.seed)
        _check_best(after)
        a, b, scores = after.chosen
        pairs = frozenset(zip(a.tolist(), b.tolist(), strict=True))
        more = insight.served(pairs) - insight.served(insight.pairs) if insight.counts_people else 0
        gains[place] = more, math.fsum([*scores.tolist(), -before])
    return gains


def _check_best(solved: Solved) -> None:
    """Refuse to compare rings of a bounded length that nobody knows to be best."""
    if not solved.solution.is_optimal:
        raise ProgramError(
            "these rings are not proven best, with one more teacher or without, so what one would "
            "add is not known; allow rings of any length to ask, or of two"
        )


def _for_both(program: Program, person: str, double: str) -> Program:
    """Forbid a double whatever is forbidden to somebody by name."""
    rules: list[Rule] = []
    for rule in program.rules:
        if isinstance(rule, Forbid):
            pairs = [pair for pair in rule.pairs if person in pair]
            others = [one if other == person else other for one, other in pairs]
            rules.append(Forbid([*rule.pairs, *((double, other) for other in others)]))
        else:
            rules.append(rule)
    return program.model_copy(update={"rules": tuple(rules)})
