"""A rule for some pairs and not for others."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer
from pydantic.dataclasses import dataclass

from mentormatch.errors import ProgramError
from mentormatch.exchange.rules.attributes import Apart, Different, Same, Share, Within
from mentormatch.exchange.rules.base import FROZEN, Bools, PairTest, Rows, kind_of, known_fields
from mentormatch.exchange.rules.pairs import Forbid, NotPairedBefore, Where
from mentormatch.exchange.rules.reporting import NoReportingLine, NoSharedManager
from mentormatch.people import Cohort
from mentormatch.people.named_values import NamedValues

__all__ = ["PlainRule", "When"]

Value = bool | str | int | Annotated[float, Field(allow_inf_nan=False)]

#: A rule that says of each pair alone whether it may be.
PlainRule = (
    Different
    | Same
    | NoReportingLine
    | NoSharedManager
    | Within
    | Apart
    | Share
    | Forbid
    | NotPairedBefore
    | Where
)

#: What cannot be made to depend on a condition, and why.
REFUSED = {
    "require": "'require' names pairs that must be made, whoever they are: leave the pairs out "
    "that need not be",
    "spread": "'spread' is about all partners of somebody together: give it a side",
    "when": "a condition within a condition: name all attributes in one, as in "
    'When({"external": True, "site": "Oslo"}, ...)',
}


def _one_way_of_writing(
    condition: Mapping[str, Value | Sequence[Value]],
) -> Mapping[str, tuple[Value, ...]]:
    written = {
        attribute: tuple(values)
        if isinstance(values, Sequence) and not isinstance(values, str)
        else (values,)
        for attribute, values in condition.items()
    }
    if not written or not all(written.values()):
        raise ProgramError(
            "'when' needs a condition with an attribute and its values, such as "
            f'{{"external": True}}; got {dict(condition)!r}'
        )
    return MappingProxyType(written)


def _unconditional_refused(rule: object) -> object:
    why = REFUSED.get(kind_of(rule))
    if why is not None:
        raise ProgramError(f"'when' cannot hold this rule: {why}")
    return rule


Condition = Annotated[
    Mapping[str, Value | Sequence[Value]],
    AfterValidator(_one_way_of_writing),
    PlainSerializer(dict),
]


@dataclass(frozen=True, config=FROZEN)
class When:
    """A rule that holds only where one or both of the two match a condition.

    Whoever's value is blank does not match. A pair that the condition does not concern is allowed.

    Parameters
    ----------
    condition
        For each attribute the value, or values, of which a person must have one: who has one of
        each attribute matches. Values are compared as those of `Sides`.
    rule
        What such a pair must satisfy: any rule but `Require`, `Spread` and another `When`. It asks
        nothing about people who cannot be in such a pair.
    who
        ``"either"``: one of the two must match; ``"both"``.

    Raises
    ------
    ProgramError
        For a condition without values, and a rule that cannot depend on one.

    Examples
    --------
    >>> from mentormatch import read_records
    >>> people = read_records(
    ...     [
    ...         {"id": "ana", "department": "IT", "external": True},
    ...         {"id": "bo", "department": "IT"},
    ...         {"id": "cy", "department": "IT"},
    ...     ]
    ... )
    >>> rule = When({"external": True}, Different("department"))
    >>> str(rule)
    'different department, when either has external True'
    >>> rule.test(people, np.arange(3))(np.array([0, 1]), np.array([1, 2]))
    array([False,  True])
    """

    condition: Condition
    rule: Annotated[PlainRule, Field(discriminator="kind"), BeforeValidator(_unconditional_refused)]
    who: Literal["either", "both"] = "either"
    kind: Literal["when"] = Field(default="when", kw_only=True)

    def __str__(self) -> str:
        has = "either has" if self.who == "either" else "both have"
        terms = (
            f"{attribute} {' or '.join(map(str, values))}"
            for attribute, values in self._values().items()
        )
        return f"{self.rule}, when {has} {' and '.join(terms)}"

    def __hash__(self) -> int:
        return hash((frozenset(self._values().items()), self.rule, self.who))

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        # A read-only mapping is not to be pickled.
        return type(self), (dict(self._values()), self.rule, self.who)

    def test(self, people: Cohort, asked: Rows) -> PairTest:
        """Return the rule as a test on arrays of pairs of rows."""
        matches = self._matching(people)
        if self.who == "both":
            asked = asked[matches[asked]]
        elif not matches[asked].any():
            asked = asked[:0]
        test = self.rule.test(people, asked)

        def holds(rows_a: Rows, rows_b: Rows) -> Bools:
            a, b = matches[rows_a], matches[rows_b]
            concerned = a & b if self.who == "both" else a | b
            allowed = ~concerned
            allowed[concerned] = test(rows_a[concerned], rows_b[concerned])
            return allowed

        return holds

    def _values(self) -> Mapping[str, tuple[Value, ...]]:
        values: Mapping[str, Any] = self.condition
        return values

    def _matching(self, people: Cohort) -> Bools:
        known_fields(people, *self.condition)
        matches = np.ones(len(people), dtype=np.bool_)
        complaints: list[str] = []
        for attribute, named in self._values().items():
            values = NamedValues.of(people, attribute, named)
            try:
                matches &= values.who_has(values.codes(named))
            except ProgramError as error:
                complaints += (f"{attribute!r}: {line}" for line in str(error).splitlines())
        if complaints:
            raise ProgramError("\n".join(complaints))
        return matches
