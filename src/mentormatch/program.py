"""What a program wants: its format, its score, its rules and its objective, as data."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.dataclasses import dataclass

from mentormatch.errors import ProgramError, nearest
from mentormatch.exchange.reciprocity import Reciprocity, Score
from mentormatch.exchange.rules import Rule, Where

__all__ = ["Pairs", "Program", "Sides"]

Finite = Annotated[float, Field(allow_inf_nan=False)]
Values = Annotated[Sequence[bool | str | int | Finite], AfterValidator(tuple)]
Functions = Mapping[str, Callable[..., Any]]


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
    """Pairs between two sides; everyone has at most one partner.

    Parameters
    ----------
    sides
        Who can be paired with whom. `None` is one pool, which this version cannot solve yet.

    Examples
    --------
    >>> Pairs(sides=Sides(by="cohort", a=["graduates"], b=["executives"])).sides.by
    'cohort'
    """

    sides: Sides | None = None
    kind: Literal["pairs"] = Field(default="pairs", kw_only=True)


class Program(BaseModel):
    """Everything that decides who is paired with whom; data in, data out.

    Parameters
    ----------
    format
        Who can be paired with whom at all.
    score
        What a pair is worth.
    rules
        What every pair must satisfy.
    objective
        ``"people_then_score"``: first as many people as possible get a partner, then the highest
        total. ``"score"``: the total alone. Who is on both sides counts once for each role.

    Examples
    --------
    >>> program = Program(format=Pairs(sides=Sides(by="rank", at_least=5)))
    >>> Program.model_validate_json(program.model_dump_json()) == program
    True
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        defer_build=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )

    schema_version: Literal[1] = Field(default=1, alias="schema")
    objective: Literal["people_then_score", "score"] = "people_then_score"
    score: Score = Field(default_factory=Reciprocity)
    format: Pairs = Field(default_factory=Pairs)
    rules: Annotated[Sequence[Rule], AfterValidator(tuple)] = ()

    @classmethod
    def model_validate_json(
        cls,
        json_data: str | bytes | bytearray,
        *,
        functions: Functions | None = None,
        **options: Any,
    ) -> Self:
        """Read a program from JSON.

        Parameters
        ----------
        json_data
            The text.
        functions
            The function of each `Where` rule, by its name.
        **options
            Passed on to `pydantic.BaseModel.model_validate_json`.

        Returns
        -------
        Program

        Raises
        ------
        ProgramError
            For an unknown kind of rule, score or format, or a `Where` without its function.
        pydantic.ValidationError
            For malformed JSON and for fields of the wrong type.

        Examples
        --------
        >>> text = '{"rules": [{"kind": "where", "name": "nearby"}]}'
        >>> nearby = lambda people, rows_a, rows_b: abs(rows_a - rows_b) < 9
        >>> Program.model_validate_json(text, functions={"nearby": nearby}).rules
        (Where(name='nearby', kind='where'),)
        """
        context = {**(options.pop("context", None) or {}), "functions": functions or {}}
        return super().model_validate_json(json_data, context=context, **options)

    @field_validator("score", "format", mode="before")
    @classmethod
    def _known_kind(cls, value: object, info: ValidationInfo) -> object:
        _check_kind(value, _KINDS[info.field_name or ""], info.field_name or "")
        return value

    @field_validator("rules", mode="before")
    @classmethod
    def _known_rules(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, list | tuple):
            return value
        for number, rule in enumerate(value, 1):
            _check_kind(rule, _KINDS["rules"], f"rule {number}")
        if info.context is not None and "functions" in info.context:
            return [_with_function(rule, info.context["functions"]) for rule in value]
        return value

    @model_validator(mode="after")
    def _one_name_one_function(self) -> Self:
        names = [rule.name for rule in self.rules if isinstance(rule, Where)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ProgramError(f"two 'where' rules are named {twice[0]!r}; give each its own name")
        return self


def _kinds(union: Any) -> tuple[str, ...]:
    """Return the `kind` of every member of a discriminated union."""
    inner = get_args(union)[0]
    members = get_args(inner) or (inner,)
    return tuple(member.__dataclass_fields__["kind"].default.default for member in members)


_KINDS = {"score": _kinds(Score), "format": ("pairs",), "rules": _kinds(Rule)}


def _check_kind(value: object, kinds: tuple[str, ...], where: str) -> None:
    if not isinstance(value, Mapping):
        return
    kind = value.get("kind")
    if kind not in kinds:
        missing = "has no kind" if kind is None else f"has the unknown kind {kind!r}"
        raise ProgramError(f"{where} {missing}; {nearest(str(kind), kinds)}")


def _with_function(rule: object, functions: Functions) -> object:
    if not isinstance(rule, Mapping) or rule.get("kind") != "where" or rule.get("function"):
        return rule
    name = str(rule.get("name"))
    if name not in functions:
        close = get_close_matches(name, functions, n=1)
        raise ProgramError(
            f"rule 'where {name}' needs its function: load the program with "
            f"functions={{{name!r}: function}}" + (f"; did you mean {close[0]!r}?" if close else "")
        )
    return {**rule, "function": functions[name]}
