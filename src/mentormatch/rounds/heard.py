"""Feedback beside the matching it is about: what was promised, and what people say came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.exchange.benefit import possessed, row_of_each_entry
from mentormatch.exchange.preferences import of_worth
from mentormatch.exchange.preferred import Preferred
from mentormatch.exchange.scores import AnyScore
from mentormatch.matching.answer import Pair
from mentormatch.matching.matching import Matching
from mentormatch.people import Cohort
from mentormatch.rounds.feedback import Feedback
from mentormatch.rounds.read_feedback import ABOUT
from mentormatch.skills.vocabulary import key
from mentormatch.solving.solved import Solved

__all__ = ["Heard", "Said", "heard"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]
Skills = frozenset[int]


@dataclass(frozen=True, eq=False, slots=True)
class Said:
    """What has been heard from each end of every pair, over time.

    All arrays are of shape (2 x pairs,): first both ends of the first pair.

    Attributes
    ----------
    answered : numpy.ndarray of bool
        Whether anything was heard.
    met, hours, fit, go_on : numpy.ndarray
        Whether they have ever met, for how many hours together, and the last word on fit and on
        going on; NaN where nothing is said.
    learned : tuple of (frozenset of int or None)
        Which skills they have learned, by column; `None` where nothing is said. Who never met has
        learned nothing.
    beyond : numpy.ndarray of int
        How many further skills, which nobody's profile names.
    """

    answered: Bools
    met: Floats
    hours: Floats
    fit: Floats
    go_on: Floats
    learned: tuple[Skills | None, ...]
    beyond: Rows


@dataclass(frozen=True, eq=False)
class Heard:
    """The two ends of every pair, one after the other: a person has as many ends as partners.

    All arrays are of shape (2 x pairs,).

    Attributes
    ----------
    people : Cohort
        Everybody.
    rows, partners : numpy.ndarray
        Whose end it is, and whose the other: rows of the cohort.
    cluster : numpy.ndarray
        Number of the group: pairs that somebody is in together have one, as their answers are not
        independent.
    score : numpy.ndarray
        Of the pair, without what it got because somebody waited or because it was to stay: that
        says nothing of how well two fit.
    promised : numpy.ndarray
        The share of their wishes that the partner meets; NaN where the score does not count it.
    model : Reciprocity, OneWay or SharedWishes
        How pairs are scored.
    said : Said
        What has been heard.
    """

    people: Cohort
    rows: Rows
    partners: Rows
    cluster: Rows
    score: Floats
    promised: Floats
    model: AnyScore
    said: Said

    @cached_property
    def reported(self) -> Floats:
        """The share of open wishes that somebody says were met; NaN where it is not known.

        So it is, too, where the score does not count what they learn, and nothing is promised.
        """
        shares = [
            np.nan if learned is None or promised != promised else self._share(end, learned)
            for end, (promised, learned) in enumerate(
                zip(self.promised.tolist(), self.said.learned, strict=True)
            )
        ]
        return np.array(shares, dtype=np.float64)

    def wishes(self, end: int) -> tuple[Rows, Floats]:
        """Return the skills that are wished for and still open at an end, and their priorities."""
        starts, skills, priorities = self._open_wishes
        part = slice(starts[end], starts[end + 1])
        return skills[part], priorities[part]

    @cached_property
    def _open_wishes(self) -> tuple[Rows, Rows, Floats]:
        wanted = self.people.wants[self.rows]
        end = row_of_each_entry(wanted)
        is_open = possessed(self.people, self.rows[end], wanted.indices) < 1.0
        starts = np.searchsorted(end[is_open], np.arange(len(self.rows) + 1))
        return starts, wanted.indices[is_open].astype(np.int64), wanted.data[is_open]

    def _share(self, end: int, learned: Skills) -> float:
        """Return the share of open wishes that is met, as a benefit counts them."""
        skills, priorities = self.wishes(end)
        if not len(skills):
            return float("nan")
        met = priorities[[skill in learned for skill in skills.tolist()]]
        most = slice(None, self.model.wishes_counted)  # the heaviest of each
        whole = np.sort(priorities)[::-1][most].sum()
        return min(float(np.sort(met)[::-1][most].sum() / whole), 1.0)


def heard(matching: Matching, feedback: Feedback) -> Heard:
    """Put answers beside the pairs that they are about.

    Parameters
    ----------
    matching
        The answer, attached to its people.
    feedback
        What was heard.

    Raises
    ------
    RecordError
        When the matching was read from a record: `attach` it to its people first.
    ProfileErrors
        With every answer about a pair that is none of the matching's, and every second one of a
        day.
    """
    solved = matching._attached()
    people, model = solved.graph.people, solved.graph.score_model
    pairs = tuple(matching.meetings)  # each is made when it is looked at, and they are often
    ends = np.array(
        [[people.row(pair.a), people.row(pair.b)] for pair in pairs], dtype=np.int64
    ).reshape(-1, 2)
    promised = np.array(
        [
            [
                pair.a_benefit if model.a_receives else np.nan,
                pair.b_benefit if model.b_receives else np.nan,
            ]
            for pair in pairs
        ]
    ).reshape(-1, 2)
    size = 2 * len(pairs)
    said = _put_together(feedback, _placed(pairs, feedback), size, people)
    return Heard(
        people=people,
        rows=ends.ravel(),
        partners=ends[:, ::-1].ravel(),
        cluster=np.repeat(_joined(ends, len(people)), 2),
        score=np.repeat(_worth(solved, pairs, ends), 2),
        promised=promised.ravel(),
        model=model,
        said=said,
    )


def _worth(solved: Solved, pairs: Sequence[Pair], ends: Rows) -> Floats:
    """Return what the program says of how well each pair fits."""
    given = solved.program.preferences
    told = of_worth(given)
    score = np.array([pair.score for pair in pairs], dtype=np.float64)
    order = Preferred.of(
        solved.graph.people, [one for one in given if one not in told], solved.sides.taking_part
    )
    exchanged = np.array([pair.reciprocity for pair in pairs], dtype=np.float64)
    worth: Floats = score - order.points(exchanged, *ends.T)
    return worth


def _placed(pairs: Sequence[Pair], feedback: Feedback) -> Rows:
    """Return which end of which pair each answer is from."""
    place = {(pair.a, pair.b): number for number, pair in enumerate(pairs)}
    faults = []
    ends = np.zeros(len(feedback), dtype=np.int64)
    seen: dict[tuple[int, object], int] = {}
    told = zip(
        feedback.lines, feedback.a, feedback.b, feedback.by, feedback.dates.tolist(), strict=True
    )
    for answer, (line, a, b, by, day) in enumerate(told):
        number = place.get((a, b), place.get((b, a)))
        if number is None:
            allowed = "a pair of this matching; feedback.only(matching) leaves out all others"
            faults.append(Fault(line, by, "pair", f"{a} and {b}", allowed))
            continue
        end = 2 * number + (by == pairs[number].b)
        before = seen.setdefault((end, day), line)
        if before != line:
            allowed = f"one answer a day about a pair; row {before} has one already"
            faults.append(Fault(line, by, "date", str(day), allowed))
        ends[answer] = end
    if faults:
        raise ProfileErrors(faults, ABOUT)
    return ends


def _put_together(feedback: Feedback, ends: Rows, size: int, people: Cohort) -> Said:
    """Put together what each end has said over time: sums of what counts since, else the last."""
    met, hours, fit, go_on = (np.full(size, np.nan) for _ in range(4))
    learned: list[set[int] | None] = [None] * size
    others: list[set[str]] = [set() for _ in range(size)]
    for answer in np.argsort(feedback.dates, kind="stable").tolist():
        end = ends[answer]
        # Of a blank and a number, these are the number.
        met[end] = np.fmax(met[end], feedback.met[answer])
        hours[end] = np.nansum((hours[end], feedback.hours[answer]))
        fit[end] = _last(fit[end], feedback.fit[answer])
        go_on[end] = _last(go_on[end], feedback.go_on[answer])
        skills = feedback.wishes_met[answer]
        if skills is not None:
            known = {skill for skill in skills if skill in people.skills}
            learned[end] = (learned[end] or set()) | {people.skills.index(one) for one in known}
            others[end] |= {key(skill) for skill in skills if skill not in known}
    hours[~_some(ends, ~np.isnan(feedback.hours), size)] = np.nan
    return Said(
        answered=_some(ends, np.ones(len(ends), dtype=np.bool_), size),
        met=met,
        hours=hours,
        fit=fit,
        go_on=go_on,
        learned=tuple(
            frozenset(skills) if skills is not None else frozenset() if ever == 0.0 else None
            for skills, ever in zip(learned, met.tolist(), strict=True)
        ),
        beyond=np.array([len(one) for one in others], dtype=np.int64),
    )


def _last(before: float, now: float) -> float:
    return before if np.isnan(now) else now


def _some(ends: Rows, is_so: Bools, size: int) -> Bools:
    """Return which ends have an answer of which something is so."""
    found = np.zeros(size, dtype=np.bool_)
    found[ends[is_so]] = True
    return found


def _joined(ends: Rows, size: int) -> Rows:
    """Return the number of the group of each pair: pairs that share people are in one."""
    # Imported here, as in `assign/ties.py`: it would take a tenth of a second from every start.
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(ends), dtype=np.int8)
    links = coo_array((ones, (ends[:, 0], ends[:, 1])), shape=(size, size))
    _, group = connected_components(links, directed=False)
    groups: Rows = group.astype(np.int64)[ends[:, 0]]
    return groups
