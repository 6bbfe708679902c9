"""How an answer was decided, in plain words: the format, the score, the goal, the rules, the lots.

What is said here is of the program, never of people, so that anybody may read it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mentormatch.assign.problem import Status
from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.exchange.scores import Score
from mentormatch.exchange.shared import SharedWishes
from mentormatch.matching.matching import Matching
from mentormatch.matching.why import in_public
from mentormatch.program import Buddies, Format, Pairs, Program, Rings
from mentormatch.solving.solved import Solved

__all__ = ["CHOSEN_TOGETHER", "Decision", "decision_of"]

#: What everybody may be told of every decision.
CHOSEN_TOGETHER = (
    "Everybody's partners are chosen together, by what people can learn from each other and by the "
    "program's rules."
)

MEANS = {
    "harmonic": "their harmonic mean, which is nearer to the smaller one",
    "geometric": "their geometric mean",
    "minimum": "the smaller of the two",
    "arithmetic": "their average",
}
GOALS = {
    "people_then_score": "First, as many people as possible are to have a partner. Among all ways "
    "to reach that, the one with the highest total score was chosen.",
    "floor_then_score": "First, as many people as possible are to have a partner. Then the pair "
    "with the lowest score is to be as good as it can be, and then the total score as high as it "
    "can be.",
    "score": "The total score is to be as high as it can be, even where more people could have a "
    "partner otherwise.",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """How an answer was decided.

    Attributes
    ----------
    meeting, worth, goal, lots : str
        How people meet, what a pair is worth, what the answer is best at, and what decided between
        equally good answers.
    rules, preferences : tuple of str
        Those of the program that anybody may know.
    is_proven : bool
        Whether no answer is better, of all that the program allows.
    """

    meeting: str
    worth: str
    goal: str
    lots: str
    rules: tuple[str, ...]
    preferences: tuple[str, ...]
    is_proven: bool


def decision_of(matching: Matching, solved: Solved) -> Decision:
    """Return how an answer was decided.

    Parameters
    ----------
    matching, solved
        The answer, and what it was read from.
    """
    program = solved.program
    is_proven = matching.status is Status.OPTIMAL
    lots = (
        f"Where several answers were equally good, lots decided, drawn from the number "
        f"{matching.seed} and everybody's id. The order of the list plays no part."
    )
    if not is_proven:
        lots = "The search was stopped before lots were drawn between equally good answers."
    return Decision(
        meeting=" ".join(_meeting(program.format)),
        worth=" ".join(_worth(program)),
        goal=GOALS[program.objective],
        lots=lots,
        rules=in_public(program.rules),
        preferences=in_public(program.preferences),
        is_proven=is_proven,
    )


def _meeting(format_: Format) -> Iterator[str]:
    if isinstance(format_, Buddies):
        yield "Study buddies: two people who want to learn the same."
        if format_.allow_trio:
            yield "One person who would be left over joins a pair."
    elif isinstance(format_, Rings):
        yield "Rings: everybody teaches the next person and learns from the one before."
        if format_.longest is not None:
            yield f"A ring has at most {format_.longest} people."
    elif format_.sides is None:
        yield "Pairs: anybody could be paired with anybody."
    else:
        a, b = format_.sides.names
        yield f"Pairs of two sides, {a} and {b}, told apart by {format_.sides.by}."
        yield from _places(format_, (a, b))


def _places(format_: Pairs, names: tuple[str, str]) -> Iterator[str]:
    if format_.most == (1, 1) and format_.least == (0, 0):
        return
    for name, most, least in zip(names, format_.most, format_.least, strict=True):
        must = f" and at least {least}" if least else ""
        partners = f"partner{'s' * (most != 1)}"
        yield f"As {name}, somebody has at most {most} {partners}{must}, unless they say otherwise."


def _worth(program: Program) -> Iterator[str]:
    score, format_ = program.score, program.format
    yield from _scored(score, format_)
    if score.wishes_counted is not None:
        yield f"Of everybody's wishes the best {score.wishes_counted} count."
    yield from _floors(score)
    yield "Rank, age and gender are no part of the score."


def _floors(score: Score) -> Iterator[str]:
    if not isinstance(score.floor, tuple):
        if score.floor:
            yield f"Nobody is paired for less than {score.floor:.0%}."
    elif any(score.floor):
        a, b = score.floor
        yield f"Nobody is paired for less than {a:.0%} on the first side and {b:.0%} on the second."


def _scored(score: Score, format_: Format) -> Iterator[str]:
    if isinstance(score, SharedWishes):
        yield "Two people score the part of their wishes that they have in common and that neither "
        yield "of them can teach already: from 0 to 1."
    elif isinstance(score, OneWay):
        learner = "whoever learns"
        if isinstance(format_, Pairs) and format_.sides is not None:
            learner = f"the {format_.sides.names[score.teacher == 'a']}"
        yield f"A pair scores what {learner} receives: the part of their wishes that the other can "
        yield "meet, from 0 to 1."
    else:
        yield "A pair scores what the two give each other. For each it is counted which part of "
        yield f"their wishes the other can meet, from 0 to 1; the score is {MEANS[score.mean]}."
        yield from _weighed(score, format_)
        if score.needs_both:
            yield "So a pair counts only where both learn."


def _weighed(score: Reciprocity, format_: Format) -> Iterator[str]:
    if isinstance(format_, Pairs) and format_.sides is not None and not score.is_even:
        more = int(score.weights[1] > score.weights[0])
        names, times = format_.sides.names, max(score.weights) / min(score.weights)
        yield f"In it, what the {names[more]} receives counts {times:.3g} times as much as what"
        yield f"the {names[1 - more]} receives."
