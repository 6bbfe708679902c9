"""What every rule is: a description that becomes a test on arrays of pairs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from mentormatch.errors import ProgramError, listed, nearest
from mentormatch.people import Cohort
from mentormatch.people.audit_only import refusal

__all__ = [
    "FROZEN",
    "Bools",
    "Missing",
    "PairTest",
    "Rows",
    "asked_about",
    "kind_of",
    "known_fields",
    "settled",
]

Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Says of each pair of rows whether it may be; both arrays have the same shape, as has the answer.
PairTest = Callable[[Rows, Rows], Bools]

#: What to do with a person of whom the rule does not know what it asks.
Missing = Literal["error", "allow", "forbid"]

FROZEN = ConfigDict(extra="forbid", defer_build=True)


def kind_of(rule: object) -> str:
    """Return the kind of a rule, be it one or still data."""
    kind = rule.get("kind") if isinstance(rule, Mapping) else getattr(rule, "kind", None)
    return str(kind)


def known_fields(people: Cohort, *fields: str) -> None:
    """Raise if a rule is to read what the cohort lacks or an audit alone reads; all are named."""
    unknown = [field for field in fields if field not in people.fields]
    if unknown:
        raise ProgramError(
            "\n".join(
                refusal(field)
                if field in people.audit_only
                else f"these people have no attribute {field!r}; {nearest(field, people.fields)}"
                for field in unknown
            )
        )


def asked_about(
    what: str, people: Cohort, lacking: Rows, asked: Rows, ways: Sequence[Missing]
) -> None:
    """Raise if anybody lacks what a rule needs; the people are listed.

    Parameters
    ----------
    what
        What is missing, in words.
    people
        The cohort.
    lacking, asked
        Rows of those who lack it, and of all the rule will be asked about.
    ways
        What the rule can be told to do about them.
    """
    if len(lacking):
        raise ProgramError(
            f"{what} for {len(lacking)} of {len(asked)} people: "
            f"{listed(people.ids[row] for row in lacking)}. Fill it in, or say in the rule "
            + " or ".join(f'missing="{way}"' for way in ways)
        )


def settled(
    what: str,
    people: Cohort,
    asked: Rows,
    blank: Bools,
    missing: Missing,
    test: PairTest,
) -> PairTest:
    """Return `test` with the rule's answer for people about whom it lacks what it needs.

    Parameters
    ----------
    what
        What is missing, in words.
    people
        The cohort.
    asked
        Rows of the people the rule will be asked about.
    blank
        For each row of the cohort, whether the rule lacks what it needs.
    missing
        The rule's own choice.
    test
        The rule where nothing is missing.

    Raises
    ------
    ProgramError
        When the choice is ``"error"`` and anybody among `asked` lacks it; the people are listed.
    """
    lacking = asked[blank[asked]]
    if not len(lacking):
        return test
    if missing == "error":
        asked_about(what, people, lacking, asked, ("allow", "forbid"))
    otherwise = missing == "allow"

    def settle(rows_a: Rows, rows_b: Rows) -> Bools:
        return np.where(blank[rows_a] | blank[rows_b], otherwise, test(rows_a, rows_b))

    return settle
