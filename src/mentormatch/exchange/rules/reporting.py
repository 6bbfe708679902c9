"""Rules about the reporting tree of the whole organisation."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from pydantic.dataclasses import dataclass

from mentormatch.errors import ProgramError, listed
from mentormatch.exchange.rules.base import FROZEN, Bools, Missing, PairTest, Rows
from mentormatch.people import Cohort

__all__ = ["NoReportingLine", "NoSharedManager"]


@dataclass(frozen=True, config=FROZEN)
class NoReportingLine:
    """Neither of the two is above the other in the reporting tree.

    Parameters
    ----------
    levels
        How many levels up are looked at: 1 is one's own manager, 2 also the manager's manager;
        `None` looks all the way up.
    missing
        For people whose line cannot be followed to the head, because a manager is in no file:
        ``"error"`` asks, ``"allow"`` goes by what is known, ``"forbid"`` allows only pairs that
        surely are in no line, whoever the unknown managers are.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records(
    ...     [{"id": "ana"}, {"id": "bo", "manager_id": "ana"}, {"id": "cy", "manager_id": "bo"}]
    ... )
    >>> rows = np.array([0, 1, 2])
    >>> NoReportingLine(levels=1).test(people, rows)(np.array([0, 0]), np.array([1, 2]))
    array([False,  True])
    """

    levels: Annotated[int, Field(ge=1)] | None = None
    missing: Missing = "error"
    kind: Literal["no_reporting_line"] = Field(default="no_reporting_line", kw_only=True)

    def __str__(self) -> str:
        depth = (
            "" if self.levels is None else f" within {self.levels} level{'s'[: self.levels - 1]}"
        )
        return f"no reporting line{depth}"

    def test(self, people: Cohort, asked: Rows) -> PairTest:
        """Return the rule as a test on arrays of pairs of rows."""
        organisation, place = people.organisation, people.place
        top, doubts = _tops(people), people.reporting_doubts()
        doubtful_top = np.zeros(len(organisation.manager) + 1, dtype=np.bool_)
        doubtful_top[top[doubts]] = True
        if self.missing == "error":
            _ask(people, doubts[np.isin(top[doubts], top[asked])])

        def unrelated(rows_a: Rows, rows_b: Rows) -> Bools:
            a, b = place[rows_a], place[rows_b]
            related = organisation.is_above(a, b, self.levels)
            related |= organisation.is_above(b, a, self.levels)
            return ~related

        if self.missing == "allow" or not doubtful_top.any():
            return unrelated  # by what is known: a known line still binds
        # Somebody from another tree may stand above a top of which the manager is not known,
        # and so above all of its tree; within one tree everything is known.
        above_top = np.where(place >= 0, organisation.depth[place], 0) + 1
        open_ended = doubtful_top[top] & ((self.levels is None) | (above_top <= (self.levels or 0)))

        def surely_unrelated(rows_a: Rows, rows_b: Rows) -> Bools:
            elsewhere = (top[rows_a] != top[rows_b]) | (place[rows_a] < 0) | (place[rows_b] < 0)
            unsure = elsewhere & (open_ended[rows_a] | open_ended[rows_b])
            sure: Bools = unrelated(rows_a, rows_b) & ~unsure
            return sure

        return surely_unrelated


@dataclass(frozen=True, config=FROZEN)
class NoSharedManager:
    """The two do not report to the same manager.

    Parameters
    ----------
    missing
        For people whose manager is not known: ``"error"`` asks, ``"allow"`` goes by what is
        known, ``"forbid"`` leaves them out. The one head of the organisation is not among them,
        nor is somebody whose manager is named but in no file.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records(
    ...     [{"id": "ana"}, {"id": "bo", "manager_id": "ana"}, {"id": "cy", "manager_id": "ana"}]
    ... )
    >>> rows = np.array([0, 1, 2])
    >>> NoSharedManager().test(people, rows)(np.array([0, 1]), np.array([1, 2]))
    array([ True, False])
    """

    missing: Missing = "error"
    kind: Literal["no_shared_manager"] = Field(default="no_shared_manager", kw_only=True)

    def __str__(self) -> str:
        return "no shared manager"

    def test(self, people: Cohort, asked: Rows) -> PairTest:
        """Return the rule as a test on arrays of pairs of rows."""
        placed = people.place >= 0
        manager = np.where(placed, people.organisation.manager[people.place], -1)
        doubtful = np.zeros(len(people), dtype=np.bool_)
        doubtful[people.reporting_doubts()] = True
        doubtful &= manager < 0
        if self.missing == "error":
            _ask(people, asked[doubtful[asked]])

        def apart(rows_a: Rows, rows_b: Rows) -> Bools:
            shared: Bools = (manager[rows_a] == manager[rows_b]) & (manager[rows_a] >= 0)
            if self.missing == "forbid":
                shared |= doubtful[rows_a] | doubtful[rows_b]
            return ~shared

        return apart


def _tops(people: Cohort) -> Rows:
    """Return the node at the top of each person's line; the last number for those in no tree."""
    manager = people.organisation.manager
    top = np.where(manager >= 0, manager, np.arange(len(manager)))
    while not np.array_equal(higher := top[top], top):
        top = higher  # twice as far up each time
    return np.append(top, len(manager))[people.place]


def _ask(people: Cohort, doubtful: Rows) -> None:
    if len(doubtful):
        raise ProgramError(
            "the line of managers cannot be followed to the head of the organisation beyond "
            f"{len(doubtful)} of them: {listed(people.ids[row] for row in doubtful)}. "
            "Give their manager_id, bring the whole tree (organisation=), or say in the rule "
            'missing="allow" or missing="forbid"'
        )
