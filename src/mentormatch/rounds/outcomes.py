"""The parts of an evaluation, as data."""

from dataclasses import dataclass

from mentormatch.matching.audit_parts import Bridges
from mentormatch.rounds.estimate import Estimate
from mentormatch.rounds.prediction import ScoreClass

__all__ = [
    "Benefit",
    "Bridging",
    "Favoured",
    "GroupOutcome",
    "Learned",
    "Meeting",
    "Prediction",
    "Response",
    "SkillLearned",
]


@dataclass(frozen=True, slots=True)
class Response:
    """Who has answered: everybody was asked about each of their partners.

    Attributes
    ----------
    asked, answered : int
        How many answers were hoped for, and how many of these have come.
    rate : Estimate or None
        The share that came; `None` where there are no pairs.
    pairs, heard, both : int
        How many pairs there are, of how many somebody has answered, and of how many both have.
    """

    asked: int
    answered: int
    rate: Estimate | None
    pairs: int
    heard: int
    both: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """Whether pairs have met.

    Attributes
    ----------
    met : Estimate or None
        The share of answers that say so; `None` of fewer than five people, as in all that is said.
    hours : float or None
        For how many hours, on average.
    disputed : int or None
        Of how many pairs one says that they have met, and the other that they have not.
    """

    met: Estimate | None
    hours: float | None
    disputed: int | None


@dataclass(frozen=True, slots=True)
class Benefit:
    """What was promised against what is reported: the share of somebody's wishes that are met.

    A promise counts how well the partner knows a skill; a report says of each wish whether it was
    met or not, with the same weights.

    Attributes
    ----------
    promised_to_all : float or None
        The mean promise of all who were to learn.
    promised, reported : Estimate or None
        The means of those who say what they learned; `None` of fewer than five people. The promise
        is known: its interval is for all of whom they are a sample.
    difference : Estimate or None
        The mean of reported less promised, in [-1, 1]: below 0 where too much was promised.
    """

    promised_to_all: float | None
    promised: Estimate | None
    reported: Estimate | None
    difference: Estimate | None


@dataclass(frozen=True, slots=True)
class Prediction:
    """How people find the fit, and how well the score foretold it.

    All are `None` of fewer than five people.

    Attributes
    ----------
    good_from : float
        From which fit upwards it is called good.
    fit, good : Estimate or None
        The mean fit, and the share of answers that call it good.
    area : Estimate or None
        How often of a good and another answer the good one is about the pair of the higher score
        (area under the curve, AUC): 1 always, 0.5 by chance.
    slope : Estimate or None
        How much better the fit is where the score is higher by 1.
    classes : tuple of ScoreClass
        The calibration: answers by score, five people or more in each class.
    """

    good_from: float
    fit: Estimate | None
    good: Estimate | None
    area: Estimate | None
    slope: Estimate | None
    classes: tuple[ScoreClass, ...]


@dataclass(frozen=True, slots=True)
class Favoured:
    """Pairs that a preference of the program favoured, beside the others.

    Attributes
    ----------
    preference : str
        Its name.
    pairs : int
        How many pairs satisfy it.
    fit, others_fit : Estimate or None
        The mean fit of these pairs and of the others; `None` where fewer than five people could be
        told from it.
    """

    preference: str
    pairs: int
    fit: Estimate | None
    others_fit: Estimate | None


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """How people with one value of an attribute fared.

    Attributes
    ----------
    attribute, value : str
        Such as ``"department"`` and ``"IT"``; ``""`` for those whose value is blank.
    people : int
        How many of them have a partner.
    rate : float or None
        The share of the answers asked of them that came; `None` where fewer than five people could
        be told from it, as in all of these.
    fit, good, reported : Estimate or None
        The mean fit, the share of good fits, and the share of wishes met as they report it.
    """

    attribute: str
    value: str
    people: int
    rate: float | None
    fit: Estimate | None
    good: Estimate | None
    reported: Estimate | None


@dataclass(frozen=True, slots=True)
class Bridging:
    """How the pairs, and those of whom one or both say that they have met, join departments.

    Attributes
    ----------
    planned : Bridges
        Of all pairs.
    links, links_met : int
        How many times two departments are joined by a pair, and by one that has met; `None` where
        fewer than five people say that they have met, as in all that follow.
    across_met : float or None
        The share of the pairs that have met which join two departments.
    parts_met : int or None
        Into how many parts the departments fall that no pair joins which has met.
    """

    planned: Bridges
    links: int
    links_met: int | None
    across_met: float | None
    parts_met: int | None


@dataclass(frozen=True, slots=True)
class SkillLearned:
    """One skill: wished for, promised, learned.

    Attributes
    ----------
    skill : str
        Its name; ``""`` for skills of so few people that they could be told, taken together.
    skills : int
        How many skills these are.
    wished, promised, learned : int
        Of those who say what they learned: how many wished for it, how many of them had a partner
        who teaches it, and how many of them learned it.
    """

    skill: str
    skills: int
    wished: int
    promised: int
    learned: int


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned against what was wished for.

    Attributes
    ----------
    wished, promised, learned : int or None
        Open wishes of those who say what they learned, how many of them had a partner who teaches
        that, and how many were met; `None` of fewer than five people.
    beyond : int or None
        How many things were learned that nobody had wished for.
    skills : tuple of SkillLearned
        By skill, those that most wish for first.
    """

    wished: int | None
    promised: int | None
    learned: int | None
    beyond: int | None
    skills: tuple[SkillLearned, ...]
