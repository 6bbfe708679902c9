"""A rule about somebody's partners together: they come from different groups."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from pydantic.dataclasses import dataclass

from mentormatch.exchange.rules.base import (
    FROZEN,
    Bools,
    PairTest,
    Rows,
    asked_about,
    known_fields,
)
from mentormatch.people import Cohort

__all__ = ["Spread"]


@dataclass(frozen=True, config=FROZEN)
class Spread:
    """One person's several partners come from different groups, such as departments.

    It is about pairs between two sides of which somebody may have several, and forbids no pair by
    itself. On either side there can be one such rule. Texts are compared without regard to case and
    spaces.

    Parameters
    ----------
    attribute
        What the partners differ in.
    at_most
        How many partners with the same value somebody may have.
    missing
        For people whose value is blank: ``"error"`` asks, and with ``"allow"`` they are of no
        group, so that anybody may have as many of them as of others.
    side
        Whose partners are counted: those of each person on side ``"a"``, on side ``"b"``, or on
        ``"both"``.

    Examples
    --------
    >>> import mentormatch as mm
    >>> mentee = {"rank": 1, "teaches": "sql", "wants": "leading"}
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "department": "IT", **mentee},
    ...         {"id": "cy", "department": "IT", **mentee},
    ...         {"id": "di", "department": "HR", **mentee},
    ...     ]
    ... )
    >>> program = mm.Program(
    ...     format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5), capacity=(3, 1)),
    ...     rules=[Spread("department", side="a")],
    ... )
    >>> len(mm.match(people, program).pairs)
    2
    """

    attribute: str
    at_most: Annotated[int, Field(ge=1)] = 1
    missing: Literal["error", "allow"] = "error"
    side: Literal["both", "a", "b"] = "both"
    kind: Literal["spread"] = Field(default="spread", kw_only=True)

    def __str__(self) -> str:
        for_whom = "" if self.side == "both" else f", for side {self.side}"
        partners = f"partner{'s' * (self.at_most != 1)}"
        return f"at most {self.at_most} {partners} of the same {self.attribute}{for_whom}"

    @property
    def counts_for(self) -> tuple[bool, bool]:
        """Whether the partners of people on side a, and on side b, are counted."""
        return self.side != "b", self.side != "a"

    def groups(self, people: Cohort) -> tuple[Rows, tuple[str, ...]]:
        """Return the group of each row, -1 for none, and what the groups are called.

        Raises
        ------
        ProgramError
            When nobody has the attribute, or it holds lists.
        """
        known_fields(people, self.attribute)
        return people.categories(self.attribute)

    def test(self, people: Cohort, asked: Rows) -> PairTest:
        """Return the rule as a test on arrays of pairs of rows: each pair alone may be.

        Parameters
        ----------
        people
            The cohort.
        asked
            Rows of those who could be among the partners that are counted.
        """
        codes, _ = self.groups(people)
        lacking = asked[codes[asked] < 0]
        if self.missing == "error":
            asked_about(f"{self.attribute} is blank", people, lacking, asked, ("allow",))
        return _each_alone


def _each_alone(rows_a: Rows, rows_b: Rows) -> Bools:  # noqa: ARG001 - a test on arrays of pairs
    return np.ones(rows_a.shape, dtype=np.bool_)
