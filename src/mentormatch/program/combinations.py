"""Which format goes with which score, rules and objective; everything else is refused by name."""

from collections.abc import Iterator, Sequence

from mentormatch.errors import ProgramError
from mentormatch.exchange.preferences import Preference, Waited
from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.exchange.rules import Rule, Spread
from mentormatch.exchange.scores import AnyScore
from mentormatch.exchange.shared import SharedWishes
from mentormatch.program.formats import Buddies, Format, Pairs, Rings

__all__ = ["check_combination", "usual_score"]

#: What two who waited add to their pair leaves room for so many preferences of weight 1.
MOST_BESIDE_WAITED = 500


def usual_score(kind: object) -> AnyScore:
    """Return the score of a format where a program names none.

    Parameters
    ----------
    kind
        The format, or the kind that JSON calls it.

    Examples
    --------
    >>> usual_score("rings")
    OneWay(teacher='a', floor=0.0, wishes_counted=None, kind='one_way')
    """
    if kind == "rings" or isinstance(kind, Rings):
        return OneWay(teacher="a")
    if kind == "buddies" or isinstance(kind, Buddies):
        return SharedWishes()
    return Reciprocity()


def check_combination(
    format_: Format,
    score: AnyScore,
    rules: Sequence[Rule],
    objective: str,
    preferences: Sequence[Preference] = (),
) -> None:
    """Refuse what does not go together, all of it at once.

    Parameters
    ----------
    format_, score, rules, objective, preferences
        The parts of a program.

    Raises
    ------
    ProgramError
        With a line for each fault, and its remedy.

    Examples
    --------
    >>> check_combination(Pairs(), OneWay(), (), "score")
    Traceback (most recent call last):
    ...
    mentormatch.errors.ProgramError: in one pool nobody is the teacher or the learner of a pair, \
as 'one_way' would need; name two sides, or score by 'reciprocity'
    """
    faults: list[str] = []
    if isinstance(format_, Pairs) and format_.sides is None:
        faults += _of_one_pool(score)
    elif isinstance(format_, Rings):
        faults += _of_rings(score)
    faults += _of_spreads(format_, [rule for rule in rules if isinstance(rule, Spread)])
    if isinstance(score, SharedWishes) is not isinstance(format_, Buddies):
        faults.append(
            "'shared_wishes' is what buddies are scored by, and nothing else is: give both or none"
        )
    if objective == "floor_then_score" and isinstance(format_, Rings):
        faults.append(
            "rings have no floor: the worst arrow is not looked at; take 'people_then_score', or "
            "give the score a floor"
        )
    faults += _of_waited(format_, objective, preferences)
    if faults:
        raise ProgramError("\n".join(faults))


def _of_one_pool(score: AnyScore) -> Iterator[str]:
    if isinstance(score, OneWay):
        yield (
            "in one pool nobody is the teacher or the learner of a pair, as 'one_way' would need; "
            "name two sides, or score by 'reciprocity'"
        )
    elif isinstance(score, Reciprocity):
        if isinstance(score.floor, tuple) and len(set(score.floor)) > 1:
            yield (
                f"in one pool both people of a pair are alike, and cannot have the floors "
                f"{score.floor[0]} and {score.floor[1]}; give one floor"
            )
        if not score.is_even:
            yield (
                f"in one pool both people of a pair are alike, and what they receive cannot have "
                f"the weights {score.weights[0]:g} and {score.weights[1]:g}; name two sides, or "
                "leave the weights out"
            )


def _of_rings(score: AnyScore) -> Iterator[str]:
    if not isinstance(score, OneWay) or score.teacher != "a":
        yield (
            "in a ring each teaches the next, so what counts is what the learner of each arrow "
            "receives: leave out the score, or give 'one_way' with the teacher 'a'"
        )


def _of_spreads(format_: Format, spreads: Sequence[Spread]) -> Iterator[str]:
    if spreads and not (isinstance(format_, Pairs) and format_.sides is not None):
        yield (
            f"rule '{spreads[0]}' counts somebody's several partners, and only between two sides "
            "may anybody have several; take it out, or name two sides"
        )
    for side, name in enumerate("ab"):
        several = [f"'{rule}'" for rule in spreads if rule.counts_for[side]]
        if len(several) > 1:
            yield (
                f"for side {name} partners are counted in {len(several)} ways, by the rules "
                f"{', '.join(several)}; keep one 'spread' for each side"
            )


def _of_waited(format_: Format, objective: str, preferences: Sequence[Preference]) -> Iterator[str]:
    waited = [one for one in preferences if isinstance(one, Waited)]
    if not waited:
        return
    if len(waited) > 1:
        yield f"who waited counts once, and {len(waited)} preferences say so; keep one 'waited'"
    if objective == "floor_then_score":
        yield (
            "'waited' and 'floor_then_score' do not go together, as the worst pair would be one of "
            "nobody who waited; take out 'waited', or the floor: 'people_then_score'"
        )
    if isinstance(format_, Rings):
        yield "in rings everybody stands in two arrows, and would count twice; take out 'waited'"
    # With more, scores would have too many bits for exact sums.
    if len(preferences) > MOST_BESIDE_WAITED:
        yield f"'waited' goes with {MOST_BESIDE_WAITED - 1} other preferences at most; keep fewer"
