"""Which skills to recruit for: what one more teacher of each would add to the best matching."""

from dataclasses import dataclass

import numpy as np

from mentormatch.errors import ProgramError
from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.insight import Insight

__all__ = ["SkillValue", "skill_values"]


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
        An answer between two sides, one partner each, that is proven best.

    Raises
    ------
    ProgramError
        For any other.
    """
    insight.check_proven()
    graph, people = insight.solved.graph, insight.people
    model = graph.score_model
    if not insight.has_ends or isinstance(model, SharedWishes):
        raise ProgramError(
            "what one more teacher is worth is known from prices between two sides where everybody "
            "has one partner at most and the total counts in the end; this program has another "
            "format or objective"
        )
    best: dict[int, tuple[int, float, str]] = {}
    sides = (
        (graph.side_a, model.b_receives, graph.side_b),
        (graph.side_b, model.a_receives, graph.side_a),
    )
    for side, (rows, teach, learners) in enumerate(sides):
        if not teach:
            continue
        gains = insight.ends(side).gain_of_doubles(insight.problem, turned=side == 1)
        wanted = np.zeros(len(people.skills), dtype=np.bool_)
        wanted[people.wants[learners].indices] = True
        offered = people.teaches[rows].tocoo()
        for place, skill in zip(offered.row.tolist(), offered.col.tolist(), strict=True):
            if not wanted[skill]:
                continue
            gain, person = gains[place], people.ids[rows[place]]
            found = (-gain.pairs, -gain.score, person)
            best[skill] = min(best.get(skill, found), found)
    values = [
        SkillValue(people.skills.labels[skill], -2 * pairs, 0.0 - score, person)
        for skill, (pairs, score, person) in best.items()
    ]
    return tuple(sorted(values, key=lambda one: (-one.people, -one.score, one.skill)))
