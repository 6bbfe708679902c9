"""A program: its format, its score, its rules and its objective, as data."""

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

from mentormatch.errors import ProgramError, nearest
from mentormatch.exchange.preferences import Prefer, Preference
from mentormatch.exchange.reciprocity import Reciprocity
from mentormatch.exchange.rules import Rule, functions_in
from mentormatch.exchange.scores import Score
from mentormatch.program.combinations import check_combination, usual_score
from mentormatch.program.formats import Format, Pairs

__all__ = ["Program", "with_parts", "with_rules"]

Functions = Mapping[str, Callable[..., Any]]


#: What a matching is best at.
ProgramObjective = Literal["people_then_score", "floor_then_score", "score"]


class Program(BaseModel):
    """Everything that decides who is paired with whom; data in, data out.

    Parameters
    ----------
    format
        How people meet: `Pairs` between two sides or in one pool, `Rings` or `Buddies`.
    score
        What a pair is worth; `Reciprocity` where nothing is said, for rings ``OneWay(teacher="a")``
        (what each arrow's learner receives), for buddies `SharedWishes`.
    rules
        What every pair must satisfy; with `Spread` somebody's several partners together.
    preferences
        What makes a pair worth more, in addition to the score.
    objective
        ``"people_then_score"``: first as many people as possible get a partner, then the highest
        total. ``"floor_then_score"``: first the people, then the worst pair is as good as it can
        be, then the total. ``"score"``: the total alone. Who is on both sides counts once for each
        role.

    Examples
    --------
    >>> program = Program(format=Pairs(), objective="score")
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
    objective: ProgramObjective = "people_then_score"
    score: Score = Field(default_factory=Reciprocity)
    format: Format = Field(default_factory=Pairs)
    rules: Annotated[Sequence[Rule], AfterValidator(tuple)] = ()
    preferences: Annotated[
        Sequence[Preference],
        Field(max_length=1000),  # so that no pair is worth as much as 2**10, and sums are exact
        AfterValidator(tuple),
    ] = ()

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
        (Where(name='nearby', reads=(), kind='where'),)
        """
        context = {**(options.pop("context", None) or {}), "functions": functions or {}}
        return super().model_validate_json(json_data, context=context, **options)

    @field_validator("score", "format", mode="before")
    @classmethod
    def _known_kind(cls, value: object, info: ValidationInfo) -> object:
        _check_kind(value, _KINDS[info.field_name or ""], info.field_name or "")
        return value

    @field_validator("rules", "preferences", mode="before")
    @classmethod
    def _known_rules(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, list | tuple):
            return value
        name = info.field_name or ""
        for number, rule in enumerate(value, 1):
            _check_kind(rule, _KINDS[name], where := f"{name.removesuffix('s')} {number}")
            _check_inner_kinds(rule, where)
        if info.context is not None and "functions" in info.context:
            return [_with_function(rule, info.context["functions"]) for rule in value]
        return value

    @model_validator(mode="before")
    @classmethod
    def _score_of_the_format(cls, data: object) -> object:
        if isinstance(data, Mapping) and "score" not in data:
            format_ = data.get("format")
            kind = format_.get("kind") if isinstance(format_, Mapping) else format_
            return {**data, "score": usual_score(kind)}
        return data

    @model_validator(mode="after")
    def _supported(self) -> Self:
        parts = self.format, self.score, self.rules, self.objective, self.preferences
        check_combination(*parts)
        return self

    @model_validator(mode="after")
    def _one_name_one_function(self) -> Self:
        named: dict[str, object] = {}
        preferred = [one.rule for one in self.preferences if isinstance(one, Prefer)]
        for rule in (*self.rules, *preferred):
            for one in functions_in(rule):
                if named.setdefault(one.name, one.function) != one.function:
                    raise ProgramError(
                        f"two functions are named {one.name!r} in 'where'; give each its own name"
                    )
        return self


def with_rules(program: Program, rules: Sequence[Rule]) -> Program:
    """Return a program with other rules, checked as a whole.

    Parameters
    ----------
    program
        The rest of it.
    rules
        All that it is to have.

    Examples
    --------
    >>> from mentormatch import NotPairedBefore
    >>> with_rules(Program(), [NotPairedBefore()]).rules
    (NotPairedBefore(kind='not_paired_before'),)
    """
    return with_parts(program, rules=tuple(rules))


def with_parts(program: Program, **parts: object) -> Program:
    """Return a program with other parts, checked as a whole.

    Parameters
    ----------
    program
        The rest of it.
    **parts
        By name, as `Program` takes them.

    Examples
    --------
    >>> with_parts(Program(), objective="score").objective
    'score'
    """
    whole = {name: getattr(program, name) for name in type(program).model_fields}
    return type(program)(**{**whole, **parts})


def _kinds(union: Any) -> tuple[str, ...]:
    """Return the `kind` of every member of a discriminated union."""
    inner = get_args(union)[0]
    members = get_args(inner) or (inner,)
    return tuple(member.__dataclass_fields__["kind"].default.default for member in members)


_KINDS = {
    "score": _kinds(Score),
    "format": _kinds(Format),
    "rules": _kinds(Rule),
    "preferences": _kinds(Preference),
}


def _check_kind(value: object, kinds: tuple[str, ...], where: str) -> None:
    if not isinstance(value, Mapping):
        return
    kind = value.get("kind")
    if kind not in kinds:
        missing = "has no kind" if kind is None else f"has the unknown kind {kind!r}"
        raise ProgramError(f"{where} {missing}; {nearest(str(kind), kinds)}")


def _check_inner_kinds(rule: object, where: str) -> None:
    """Check the kind of the rule that a rule or preference holds, and of the one within that."""
    if isinstance(rule, Mapping) and "rule" in rule:
        where = f"{where}: the rule within"
        _check_kind(rule["rule"], _KINDS["rules"], where)
        _check_inner_kinds(rule["rule"], where)


def _with_function(rule: object, functions: Functions) -> object:
    if not isinstance(rule, Mapping):
        return rule
    if "rule" in rule:
        return {**rule, "rule": _with_function(rule["rule"], functions)}
    if rule.get("kind") != "where" or rule.get("function"):
        return rule
    name = str(rule.get("name"))
    if name not in functions:
        close = get_close_matches(name, functions, n=1)
        raise ProgramError(
            f"rule 'where {name}' needs its function: load the program with "
            f"functions={{{name!r}: function}}" + (f"; did you mean {close[0]!r}?" if close else "")
        )
    return {**rule, "function": functions[name]}
