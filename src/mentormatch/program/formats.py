"""How people can meet: pairs between two sides or in one pool, rings, buddies."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
)
from pydantic.dataclasses import dataclass

from mentormatch.errors import ProgramError

__all__ = ["Buddies", "Format", "Pairs", "Rings", "Sides"]

Finite = Annotated[float, Field(allow_inf_nan=False)]
Values = Annotated[Sequence[bool | str | int | Finite], AfterValidator(tuple)]
Most = Annotated[int, Field(ge=1)]
Least = Annotated[int, Field(ge=0)]


@dataclass(frozen=True, config=ConfigDict(extra="forbid", defer_build=True))
class Sides:
    """How people fall into two sides: by a number that splits them, or by named values.

    Side a is the first of `names`. Whoever's value is blank, or on neither side, takes no part.
    Where the attribute is a list, as in ``"mentor; mentee"``, a person whose list has values of
    both sides is on both: they may have one partner in each role, never themself. The partner
    can be the same person in both, as two pairs.

    Parameters
    ----------
    by
        The attribute that decides, such as ``"rank"``.
    a, b
        The values that belong to either side; without `b`, every other value is on side b.
    at_least
        Side a has this number or more, side b less.
    at_most
        Side a has this number or less, side b more.
    names
        What the two sides are called, in tables and files.

    Raises
    ------
    ProgramError
        Unless exactly one of `a`, `at_least` and `at_most` is given; when a value is on both sides.

    Examples
    --------
    >>> Sides(by="rank", at_least=5, names=("leader", "newcomer")).names
    ('leader', 'newcomer')
    """

    by: str
    a: Values | None = None
    b: Values | None = None
    at_least: Finite | None = None
    at_most: Finite | None = None
    names: tuple[str, str] = ("a", "b")

    def __post_init__(self) -> None:
        ways = [name for name in ("a", "at_least", "at_most") if getattr(self, name) is not None]
        if len(ways) != 1:
            raise ProgramError(
                f"sides by {self.by!r} need exactly one of a=[values], at_least=number and "
                f"at_most=number; got {' and '.join(ways) or 'none'}"
            )
        if self.b is not None and self.a is None:
            raise ProgramError(f"sides by {self.by!r}: b=[values] goes with a=[values]")
        both = set(self.a or ()) & set(self.b or ())
        if both:
            raise ProgramError(
                f"sides by {self.by!r} overlap: {sorted(map(str, both))} stand on both; "
                "name each value once"
            )
        readable = all(name.strip() and name.isprintable() for name in self.names)
        if not readable or self.names[0] == self.names[1]:
            raise ProgramError(
                f"sides by {self.by!r}: names are {self.names}; give two different ones that "
                "can be printed"
            )


@dataclass(frozen=True, config=ConfigDict(extra="forbid", defer_build=True))
class Pairs:
    """Pairs of people who teach each other, between two sides or in one pool.

    Parameters
    ----------
    sides
        Who can be paired with whom. `None` is one pool: anybody with anybody.
    capacity
        How many partners at most somebody may have whose profile names no capacity: a number for
        both sides, or one for each. In one pool everybody has one partner at most.
    at_least
        How many partners at least somebody must have whose profile does not say: likewise, and not
        for one pool. Where that cannot be, `InfeasibleError` names the people and the shortage.
    hours_per_pair
        How many hours a pair takes of each of its people. Nobody then has more partners than they
        have hours for, and who has too few for one takes no part. `None` counts no hours.
    hours
        The attribute that says how many hours each person has.

    Notes
    -----
    What a profile says wins: a capacity of 1 there brings a larger `at_least` here down to 1, and
    three partners that a profile asks for raise a smaller `capacity`. Hours cap what either says,
    and an `at_least` of the program's gives way to them. Who is on both sides may
    have as many partners in each role. ``"people_then_score"`` counts the people who have a
    partner, not the pairs.

    Examples
    --------
    Three mentees and one mentor, who has time for two:

    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql", "capacity": 2},
    ...         *({"id": who, "rank": 1, "teaches": "sql", "wants": "leading"} for who in "xyz"),
    ...     ]
    ... )
    >>> sides = Sides(by="rank", at_least=5, names=("mentor", "mentee"))
    >>> program = mm.Program(format=Pairs(sides=sides, capacity=(3, 1)))
    >>> mm.match(people, program)
    Matching(2 pairs of 3 people, 1 unmatched, 0 take no part; total 2.0000, proven optimal)

    Hours in place of numbers of partners: ana has 5, a pair takes 2 of each.

    >>> busy = mm.Pairs(sides=sides, capacity=(9, 1), hours_per_pair=2)
    >>> again = people.noting("hours", {"ana": 5, "x": 2, "y": 2, "z": 1.5})
    >>> mm.match(again, mm.Program(format=busy)).taking_no_part
    (Aside(id='z', name='z', reason='hours are 1.5, and a pair takes 2'),)

    >>> Pairs(sides=Sides(by="cohort", a=["graduates"], b=["executives"])).sides.by
    'cohort'
    >>> mentoring = Pairs(sides=Sides(by="rank", at_least=5), capacity=(3, 1))
    >>> mentoring.most
    (3, 1)
    """

    sides: Sides | None = None
    capacity: Most | tuple[Most, Most] = 1
    at_least: Least | tuple[Least, Least] = 0
    hours_per_pair: Annotated[float, Field(gt=0.0, allow_inf_nan=False)] | None = None
    hours: str = "hours"
    kind: Literal["pairs"] = Field(default="pairs", kw_only=True)

    def __post_init__(self) -> None:
        if self.sides is None and (self.capacity != 1 or self.at_least != 0):
            raise ProgramError(
                "pairs without sides are one pool, in which everybody has one partner at most and "
                "need not have any: leave out capacity and at_least, or name two sides"
            )
        if self.hours_per_pair is None and self.hours != "hours":
            raise ProgramError(
                f"pairs: hours are counted by {self.hours!r}, but nothing says how many a pair "
                "takes; give hours_per_pair, or leave hours out"
            )
        for side, (least, most) in enumerate(zip(self.least, self.most, strict=True)):
            if least > most:
                raise ProgramError(
                    f"pairs: at_least is {least} and capacity {most} for side {'ab'[side]}; "
                    "lower the one or raise the other"
                )

    @model_serializer(mode="wrap")
    def _as_before_there_were_hours(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out hours that are not counted: programs and records stay what they were."""
        data: dict[str, Any] = handler(self)
        if self.hours_per_pair is None:
            del data["hours_per_pair"], data["hours"]
        return data

    @property
    def most(self) -> tuple[int, int]:
        """The capacity of either side."""
        return self.capacity if isinstance(self.capacity, tuple) else (self.capacity,) * 2

    @property
    def least(self) -> tuple[int, int]:
        """How many partners people of either side must have."""
        return self.at_least if isinstance(self.at_least, tuple) else (self.at_least,) * 2


@dataclass(frozen=True, config=ConfigDict(extra="forbid", defer_build=True))
class Rings:
    """Rings in which everybody teaches the next: everyone in one has one mentor and one mentee.

    Parameters
    ----------
    longest
        How many people a ring may have at most, 2 or more; `None` for any number. Without a bound,
        and with 2, the answer is proven best; with another the problem is a hard one, and the
        answer comes with a proven gap.

    Examples
    --------
    >>> Rings(longest=3)
    Rings(longest=3, kind='rings')
    """

    longest: Annotated[int, Field(ge=2)] | None = None
    kind: Literal["rings"] = Field(default="rings", kw_only=True)


@dataclass(frozen=True, config=ConfigDict(extra="forbid", defer_build=True))
class Buddies:
    """Pairs of people who want to learn the same things, out of one pool: study buddies.

    Parameters
    ----------
    allow_trio
        One person who would be left over joins a pair.

    Examples
    --------
    >>> Buddies(allow_trio=True)
    Buddies(allow_trio=True, kind='buddies')
    """

    allow_trio: bool = False
    kind: Literal["buddies"] = Field(default="buddies", kw_only=True)


Format = Annotated[Pairs | Rings | Buddies, Field(discriminator="kind")]
