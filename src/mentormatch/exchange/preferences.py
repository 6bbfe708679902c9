"""What adds to the score of a pair, without deciding whether it may be."""

from collections.abc import Iterable
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field
from pydantic.dataclasses import dataclass

from mentormatch.errors import ProgramError, listed
from mentormatch.exchange.rules import Forbid, PlainRule, When, attributes_read, functions_in
from mentormatch.exchange.rules.base import FROZEN, PairTest, Rows, kind_of
from mentormatch.exchange.rules.pairs import IdPairs, pair_test
from mentormatch.people import Cohort

__all__ = [
    "AnyPreference",
    "Prefer",
    "Preference",
    "RankedWishes",
    "Stay",
    "Waited",
    "of_worth",
]

#: What a preference adds, at most; scores are multiples of its least value.
Weight = Annotated[float, Field(ge=2.0**-40, le=1.0, allow_inf_nan=False)]

#: Of the fields of every profile, those that say how high somebody stands. No score reads them.
STANDING = ("rank", "manager_id")

#: What is about named people, or about more than a pair, and why that is no preference.
REFUSED = {
    "require": "'require' names pairs that must be made, and says nothing of what pairs are worth; "
    "leave it a rule, or let people say whom they wish for (RankedWishes)",
    "spread": "'spread' is about all partners of somebody together, and says nothing of what a "
    "pair is worth; leave it a rule",
    "forbid": "'forbid' names pairs that may not be, and all others would be worth more by the "
    "same; leave it a rule",
}


def _not_of_a_pair_refused(rule: object) -> object:
    if (kind := kind_of(rule)) in ("require", "spread"):
        raise ProgramError(f"this rule cannot be a preference: {REFUSED[kind]}")
    return rule


@dataclass(frozen=True, config=FROZEN)
class Prefer:
    """Pairs that satisfy a rule are worth more than others.

    Preferences decide between pairs that exchange something. They allow no pair and forbid none,
    and a pair that exchanges nothing gets nothing for them, not even where a rule requires it.

    Parameters
    ----------
    rule
        Any rule but `Require`, `Forbid` and `Spread`. It may not read how high somebody stands, be
        it from `rank` or from the managers above: people are no fields, and nobody is worth more to
        others for their place. So `NoReportingLine` and `NoSharedManager` are rules only. A `Where`
        has to declare what it reads. A pair that a `When` does not concern satisfies it.
    weight
        What is added to the score of such a pair, from 2⁻⁴⁰ to 1; it counts as the nearest
        multiple of 2⁻⁴⁰. What two people give each other is worth 1 at most.

    Raises
    ------
    ProgramError
        For a rule that cannot be a preference; the text says why.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "site": "Oslo", "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "site": "Oslo", "teaches": "sql", "wants": "leading"},
    ...         {"id": "cy", "rank": 1, "site": "Pune", "teaches": "sql", "wants": "leading"},
    ...     ]
    ... )
    >>> program = mm.Program(
    ...     format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)),
    ...     preferences=[mm.Prefer(mm.Different("site"), weight=0.25)],
    ... )
    >>> pair = mm.match(people, program).pairs[0]
    >>> pair.b, pair.score, pair.reciprocity, pair.preference
    ('cy', 1.25, 1.0, 0.25)
    """

    rule: Annotated[
        PlainRule | When, Field(discriminator="kind"), BeforeValidator(_not_of_a_pair_refused)
    ]
    weight: Weight
    kind: Literal["prefer"] = Field(default="prefer", kw_only=True)

    def __post_init__(self) -> None:
        if isinstance(self.rule.rule if isinstance(self.rule, When) else self.rule, Forbid):
            raise ProgramError(f"this rule cannot be a preference: {REFUSED['forbid']}")
        for function in functions_in(self.rule):
            if not function.reads:
                raise ProgramError(
                    f"preference '{self}': 'where {function.name}' must declare the attributes "
                    f'that it reads, as in Where({function.name!r}, function, reads=["location"])'
                )
        # Whatever else a score must not read is to be refused here, or where people are known.
        standing = [name for name in attributes_read(self.rule) if name in STANDING]
        if standing:
            raise ProgramError(
                f"preference '{self}' reads {listed(dict.fromkeys(standing))}: no score depends on "
                "how high people stand; make it a rule, or leave it out"
            )

    def __str__(self) -> str:
        return f"prefer {self.rule}"


@dataclass(frozen=True, config=FROZEN)
class RankedWishes:
    """Pairs of people who wish for each other are worth more: the field `prefers` of profiles.

    A first wish counts 1, a second 1/2, the r-th 1/r, and no wish 0; a pair gets the weight times
    the mean of both directions, rounded once to a multiple of 2⁻⁴⁰. Whoever reads the answer sees
    it as the pair's `preference`, and so that at least one of the two wished for the other.

    Parameters
    ----------
    weight
        What a pair of two first wishes gets, from 2⁻⁴⁰ to 1.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...         {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading", "prefers": "ana"},
    ...     ]
    ... )
    >>> program = mm.Program(
    ...     format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)),
    ...     preferences=[mm.RankedWishes(weight=0.25)],
    ... )
    >>> pair = mm.match(people, program).pairs[0]
    >>> pair.b, pair.preference
    ('cy', 0.125)
    """

    weight: Weight
    kind: Literal["ranked_wishes"] = Field(default="ranked_wishes", kw_only=True)

    def __str__(self) -> str:
        return "ranked wishes"


@dataclass(frozen=True, config=FROZEN)
class Stay:
    """Pairs of an earlier answer are worth more than others, so that few of them change.

    `Matching.revise` writes this preference, and replaces it the next time. A pair that exchanges
    nothing any more gets nothing for it.

    Parameters
    ----------
    pairs
        Pairs of ids, whichever way round.
    weight
        What is added to the score of such a pair, from 2⁻⁴⁰ to 1; it counts as the nearest
        multiple of 2⁻⁴⁰.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql:4", "wants": "leading"},
    ...         {"id": "cy", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...     ]
    ... )
    >>> program = mm.Program(
    ...     format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)),
    ...     preferences=[mm.Stay([("ana", "bo")], weight=0.25)],
    ... )
    >>> mm.match(people, program).pairs[0].b
    'bo'
    """

    pairs: IdPairs
    weight: Weight
    kind: Literal["stay"] = Field(default="stay", kw_only=True)

    def __str__(self) -> str:
        return f"stay with {len(self.pairs)} established pair{'s' * (len(self.pairs) != 1)}"

    def test(self, people: Cohort, asked: Rows) -> PairTest:  # noqa: ARG002 - the rules' protocol
        """Return a test whether pairs of rows are among these."""
        return pair_test(self, people)


@dataclass(frozen=True, config=FROZEN)
class Waited:
    """Pairs of people who waited are worth more: the weight once for each of the two who did.

    A weight that is large enough serves them before anybody else. How large that is depends on the
    people; `mentormatch.serve_first` finds it, and proves that no more of them can be served.

    Parameters
    ----------
    by
        The attribute that says how long somebody has waited: a number, and who has 0 or less, or
        nothing, has not. How long does not matter.
    weight
        What is added for each, from 2⁻⁴⁰ to 256; it counts as the nearest multiple of 2⁻⁴⁰.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
    ...         {"id": "cy", "rank": 1, "teaches": "sql:3", "wants": "leading", "waited": 1},
    ...     ]
    ... )
    >>> program = mm.Program(
    ...     format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)),
    ...     preferences=[mm.Waited(weight=4)],
    ... )
    >>> pair = mm.match(people, program).pairs[0]
    >>> pair.b, pair.preference
    ('cy', 4.0)
    """

    by: str = "waited"
    weight: Annotated[float, Field(ge=2.0**-40, le=256.0, allow_inf_nan=False)] = Field(
        kw_only=True
    )
    kind: Literal["waited"] = Field(default="waited", kw_only=True)

    def __post_init__(self) -> None:
        if self.by in STANDING:
            raise ProgramError(
                f"preference '{self}' reads {self.by}: no score depends on how high people stand; "
                "name an attribute that says how long somebody has waited"
            )

    def __str__(self) -> str:
        return f"waited by {self.by}"

    def who(self, people: Cohort) -> NDArray[np.bool_]:
        """Return who has waited, shape (n,).

        Raises
        ------
        ProgramError, ProfileErrors
            When there is no such attribute, or a value is no number.
        """
        return people.numbers(self.by) > 0.0  # no number is not above 0


#: What can be a preference.
AnyPreference = Prefer | RankedWishes | Stay | Waited
Preference = Annotated[AnyPreference, Field(discriminator="kind")]


def of_worth(preferences: Iterable[AnyPreference]) -> tuple[Prefer | RankedWishes, ...]:
    """Return the preferences that say how well two fit.

    `Waited` and `Stay` are none of these: they say who comes first and what is left alone.

    Examples
    --------
    >>> of_worth([Waited(weight=4.0), RankedWishes(weight=0.5)])
    (RankedWishes(weight=0.5, kind='ranked_wishes'),)
    """
    return tuple(one for one in preferences if isinstance(one, Prefer | RankedWishes))
