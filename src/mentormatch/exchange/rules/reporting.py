"""Rules about the reporting tree of the whole organisation."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from pydantic.dataclasses import dataclass

from mentormatch.exchange.rules.base import FROZEN, Bools, Missing, PairTest, Rows, settled
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
        ``"error"`` asks, ``"allow"`` goes by what is known, ``"forbid"`` leaves them out.

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

        def unrelated(rows_a: Rows, rows_b: Rows) -> Bools:
            a, b = place[rows_a], place[rows_b]
            related = organisation.is_above(a, b, self.levels)
            related |= organisation.is_above(b, a, self.levels)
            return ~related

        return _where_placed(self, people, asked, unrelated)


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

        def apart(rows_a: Rows, rows_b: Rows) -> Bools:
            shared: Bools = (manager[rows_a] == manager[rows_b]) & (manager[rows_a] >= 0)
            return ~shared

        return _where_placed(self, people, asked, apart, manager < 0)


def _where_placed(
    rule: NoReportingLine | NoSharedManager,
    people: Cohort,
    asked: Rows,
    test: PairTest,
    concerned: Bools | None = None,
) -> PairTest:
    """Let the rule's `missing` decide for people whose place in the tree is in doubt."""
    doubtful = np.zeros(len(people), dtype=np.bool_)
    doubtful[people.reporting_doubts()] = True
    if concerned is not None:
        doubtful &= concerned
    what = "the line of managers cannot be followed to the head of the organisation"
    if rule.missing == "allow":
        return test  # by what is known: a known line still binds
    return settled(f"rule '{rule}'", what, people, asked, doubtful, rule.missing, test)
