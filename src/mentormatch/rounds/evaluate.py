"""From a matching and what people say of it to an evaluation."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mentormatch.errors import ProgramError
from mentormatch.matching.audit import bridges_of
from mentormatch.matching.audit_parts import Bridges
from mentormatch.matching.matching import Matching
from mentormatch.rounds.estimate import Estimate, mean_of
from mentormatch.rounds.evaluation import Evaluation
from mentormatch.rounds.feedback import Feedback
from mentormatch.rounds.groups import favoured_of, groups_of, told_mean
from mentormatch.rounds.heard import Heard, heard
from mentormatch.rounds.learned import learned_of
from mentormatch.rounds.outcomes import Benefit, Bridging, Meeting, Prediction, Response
from mentormatch.rounds.prediction import area_under_curve, score_classes, slope_of
from mentormatch.rounds.suppression import FEWEST

__all__ = ["evaluate"]

Floats = NDArray[np.float64]

#: From where upwards a fit is good, as a share of the way up the scale: 4 of 1 to 5.
GOOD = 0.75


def evaluate(
    matching: Matching,
    feedback: Feedback,
    *,
    attributes: Sequence[str] = (),
    good: float | None = None,
) -> Evaluation:
    """Say whether a matching worked, by what people say.

    Of whoever answers several times, hours add up, skills learned are put together, and the last
    word counts for the rest. The two of a pair may contradict each other: each answer counts, and
    how many pairs disagree on whether they have met is told.

    Parameters
    ----------
    matching
        The answer, attached to its people.
    feedback
        What people say; see `read_feedback`.
    attributes
        By which groups to compare people: any attribute. Those that a `Reading` declares
        ``audit_only`` are told to an auditor alone. Groups of fewer than five people are not told
        apart.
    good
        From which number upwards a fit is good; without it, from three quarters of the way up the
        scale: 4 of 1 to 5.

    Returns
    -------
    Evaluation
        ``print`` shows it to a coordinator, ``.text("auditor")`` with what is for the audit alone;
        `mentormatch.report.plot_evaluation` draws it.

    Raises
    ------
    RecordError
        When the matching was read from a record: `attach` it to its people first.
    ProfileErrors
        With every answer about a pair that is none of the matching's.
    ProgramError
        When nobody has such an attribute, or `good` is not on the scale.

    Notes
    -----
    All intervals are for 95 %, and for chance: they hold if those who did not answer would have
    answered alike. Answers about pairs that somebody is in together are not independent, and are
    counted so. They are Wilson's for as many independent answers as would vary as much; the area
    under the curve has the variance of DeLong for answers in groups, after Obuchowski. Nothing is
    drawn by lot, so the same answers always have the same evaluation.

    What the score foretells is asked of the score without what `Waited` or `Stay` added: who comes
    first, or is to be left alone, says nothing of how well two fit.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "sql", "wants": "leading"},
    ...         {"id": "bo", "teaches": "leading", "wants": "sql"},
    ...     ]
    ... )
    >>> matching = mm.match(people, mm.Program())
    >>> feedback = mm.read_feedback([{"a": "ana", "b": "bo", "by": "bo", "date": "2026-03-02"}])
    >>> print(mm.evaluate(matching, feedback).sentence)
    1 of 2 answers came (50%). Too few people say how they fit to tell more.
    """
    scale = feedback.fit_scale
    good_from = scale[0] + GOOD * (scale[1] - scale[0]) if good is None else float(good)
    if not scale[0] < good_from <= scale[1]:
        raise ProgramError(
            f"good is {good!r}; it must be above {scale[0]:g} and at most {scale[1]:g}, as the fit "
            "is on that scale"
        )
    solved, known = matching._attached(), heard(matching, feedback)
    fit = known.said.fit
    is_good = np.where(np.isnan(fit), np.nan, fit >= good_from)
    closed = known.people.audit_only
    told = [
        (attribute in closed, group)
        for attribute in dict.fromkeys(attributes)
        for group in groups_of(known, attribute, is_good, scale)
    ]
    return Evaluation(
        response=_response(known),
        meeting=_meeting(known),
        benefit=_benefit(known),
        prediction=_prediction(known, is_good, good_from, scale),
        favoured=favoured_of(solved, known, scale),
        groups=tuple(group for is_closed, group in told if not is_closed),
        bridging=_bridging(known, solved.sides.taking_part),
        learned=learned_of(known),
        audited_groups=tuple(group for is_closed, group in told if is_closed),
        go_on=_mean(known, known.said.go_on),
    )


def _mean(known: Heard, values: Floats, low: float = 0.0, high: float = 1.0) -> Estimate | None:
    return told_mean(known, values, np.ones(len(values), dtype=np.bool_), (low, high))


def _response(known: Heard) -> Response:
    answered = known.said.answered
    of_pair = answered.reshape(-1, 2)
    return Response(
        asked=len(answered),
        answered=int(answered.sum()),
        rate=mean_of(answered.astype(np.float64), known.cluster),
        pairs=len(of_pair),
        heard=int(of_pair.any(axis=1).sum()),
        both=int(of_pair.all(axis=1).sum()),
    )


def _meeting(known: Heard) -> Meeting:
    said = known.said.met.reshape(-1, 2)
    hours = known.said.hours[~np.isnan(known.said.hours)]
    people = len(np.unique(known.rows[~np.isnan(known.said.hours)]))
    met = _mean(known, known.said.met)
    return Meeting(
        met=met,
        hours=float(hours.mean()) if people >= FEWEST else None,
        disputed=None if met is None else int((np.abs(said[:, 0] - said[:, 1]) == 1.0).sum()),
    )


def _benefit(known: Heard) -> Benefit:
    reported = known.reported
    promised = np.where(np.isnan(reported), np.nan, known.promised)
    to_learn = known.promised[~np.isnan(known.promised)]
    return Benefit(
        promised_to_all=float(to_learn.mean()) if len(to_learn) else None,
        promised=_mean(known, promised),
        reported=_mean(known, reported),
        difference=_mean(known, reported - promised, -1.0, 1.0),
    )


def _prediction(
    known: Heard, is_good: Floats, good_from: float, scale: tuple[float, float]
) -> Prediction:
    said = ~np.isnan(is_good)
    if len(np.unique(known.rows[said])) < FEWEST:
        return Prediction(good_from, None, None, None, None, ())
    scores, fits, clusters = known.score[said], known.said.fit[said], known.cluster[said]
    good = is_good[said] == 1.0
    return Prediction(
        good_from=good_from,
        fit=mean_of(fits, clusters, *scale),
        good=mean_of(good.astype(np.float64), clusters),
        area=area_under_curve(scores, good, clusters),
        slope=slope_of(scores, fits, clusters),
        classes=score_classes(scores, fits, good, clusters, known.rows[said], scale),
    )


def _bridging(known: Heard, taking_part: NDArray[np.int64]) -> Bridging | None:
    a, b = known.rows[::2], known.rows[1::2]
    says = known.said.met == 1.0
    met = says.reshape(-1, 2).any(axis=1)
    planned = bridges_of(known.people, taking_part, a, b)
    of_met = bridges_of(known.people, taking_part, a[met], b[met])
    if planned is None or of_met is None:
        return None
    told = of_met if len(np.unique(known.rows[says])) >= FEWEST else None
    return Bridging(
        planned=planned,
        links=_links(planned),
        links_met=_links(told) if told else None,
        across_met=told.across if told else None,
        parts_met=told.parts if told else None,
    )


def _links(bridges: Bridges) -> int:
    """Count how many times two departments are joined."""
    return int(np.count_nonzero(np.triu(np.array(bridges.pairs), k=1)))
