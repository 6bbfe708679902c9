"""One person's profile."""

import math
from collections.abc import Mapping, Sequence
from numbers import Integral
from types import MappingProxyType
from typing import Annotated, Any, LiteralString, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from mentormatch.people.cells import DIGITS, id_text, is_blank, is_endless, is_whole, plain_text
from mentormatch.people.wishes import WISHES, are_muddled
from mentormatch.skills.vocabulary import key

__all__ = [
    "AT_MOST_CAPACITY",
    "MOST_PARTNERS",
    "MOST_PRIORITY",
    "Participant",
    "attribute_value",
]

#: A capacity above this is a mistake in the file.
MOST_PARTNERS = 1_000_000

#: Far above any scale in use, and low enough that a sum of priorities stays finite and exact
#: enough for the smallest of them to count: a benefit divides by that sum.
MOST_PRIORITY = 1_000_000.0

AT_MOST_CAPACITY: LiteralString = "at most their own capacity; lower this or raise that"

_DIGITS: LiteralString = f"a number of at most {DIGITS} digits"


def _fault(allowed: LiteralString) -> PydanticCustomError:
    """Say what is allowed, in the words that a `Fault` repeats."""
    return PydanticCustomError("profile", allowed)


def _whole(text: str) -> str:
    """Refuse halves of characters, which JSON can hold and no file or screen can show."""
    if not is_whole(text):
        raise _fault("text without broken characters (half of a surrogate pair)")
    return text


def _short(value: object) -> None:
    """Refuse whole numbers that Python may not even write."""
    if is_endless(value):
        raise _fault(_DIGITS)


def _id(value: object) -> str:
    _short(value)
    text = id_text(value)
    if text is None:
        raise _fault("a text or a whole number, not blank")
    return _whole(text)


def _number(value: object) -> object:
    """Keep truth values out, which Python counts as numbers."""
    _short(value)
    if isinstance(value, bool):
        raise _fault("a number")
    return value


def _text(value: object) -> object:
    """Write numbers as text; anything else is for pydantic to judge."""
    _short(value)
    text = plain_text(value)
    if text is None and isinstance(value, float):
        raise _fault("a text or a finite number")
    return value if text is None else _whole(text)


def _words(value: object) -> object:
    """Read a list of texts; a bare text would be taken apart letter by letter."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise _fault("a list of texts")
    for word in value:
        _short(word)
    words = (_whole(word.strip()) if isinstance(word, str) else word for word in value)
    return tuple(word for word in words if not is_blank(word))


def attribute_value(value: object) -> object:
    """Accept what a rule can read, as it is kept.

    Parameters
    ----------
    value
        A value that is not blank.

    Returns
    -------
    str, int, float, bool or tuple of str

    Raises
    ------
    pydantic_core.PydanticCustomError
        For anything but a text, a finite number, a truth value or a list of texts.

    Examples
    --------
    >>> attribute_value(" Oslo "), attribute_value(["Chess", " "])
    ('Oslo', ('Chess',))
    """
    if isinstance(value, str):
        return _whole(value.strip())
    if isinstance(value, bool):
        return value
    if isinstance(value, Integral):
        _short(value)
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, list | tuple) and all(isinstance(word, str) for word in value):
        return _words(value)
    raise _fault("a text, a finite number, true, false, or a list of texts")


_PersonId = Annotated[str, BeforeValidator(_id)]
_Text = Annotated[str, BeforeValidator(_text)]
_Finite = Annotated[float, Field(allow_inf_nan=False), BeforeValidator(_number)]
_Level = Annotated[_Finite, Field(gt=0, le=1)]
_Partners = Annotated[int, Field(ge=0, le=MOST_PARTNERS), BeforeValidator(_number)]
_Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
_Ids = Annotated[tuple[_PersonId, ...], BeforeValidator(_words)]


def _masked(error: ValidationError) -> ValidationError:
    """Return the same error without any value: its inputs would tell who declines whom."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    return ValidationError.from_exception_data(
        error.title,
        [
            InitErrorDetails(
                type=PydanticCustomError(detail["type"], detail["msg"]),
                loc=detail["loc"],
                input="(hidden)",
            )
            for detail in details
        ],
        hide_input=True,
    )


class Participant(BaseModel):
    """One person's profile, frozen; further keyword arguments become attributes.

    Blank values (`None`, empty text) count as not given. Levels are on the library's own scales
    here; `read_csv` and its siblings translate from those of a file.

    Parameters
    ----------
    id
        What tells this person from all others; a whole number becomes text.
    name
        What people call them; the id when left out.
    department
        Where they work.
    manager_id
        Id of their manager; blank for the head of the organisation.
    rank
        Place in the hierarchy, higher is more senior. Rules may use it, scores never do.
    teaches
        Skill to the proficiency they offer to pass on, in (0, 1].
    knows
        Skill to the proficiency they have without offering it, in (0, 1].
    wants
        Skill to the priority with which they wish to learn it, above 0 and up to a million,
        higher is wished more.
    capacity
        How many partners they can have, up to a million; 0 takes no part. Blank says nothing: then
        it is what the program gives, 1 unless it says otherwise.
    at_least
        How many partners they must have, no more than their `capacity`. Blank says nothing. Of
        somebody with capacity 0 it asks nothing.
    utc_offset
        Hours ahead of Coordinated Universal Time, -12 to 14.
    languages
        Languages they speak.
    location
        Where they are.
    past_partners
        Ids of people they were matched with before.
    declines
        Ids of people they must not be matched with, in the cohort or in the organisation that is
        given with it. Confidential: shown in no text.
    prefers
        Ids of people they wish to be matched with, the most wished first, each once and none of
        `declines`. Shown in no text.

    Raises
    ------
    pydantic.ValidationError
        When a value is not allowed; it names the fields and holds no value, not even as the
        input in its `errors()`.

    Examples
    --------
    >>> ana = Participant(id="ana", teaches={"sql": 0.8}, wants={"public speaking": 1}, site="Oslo")
    >>> ana.name, ana.teaches, dict(ana.attributes)
    ('ana', {'sql': 0.8}, {'site': 'Oslo'})
    """

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        hide_input_in_errors=True,
        coerce_numbers_to_str=True,
        defer_build=True,
    )
    __pydantic_extra__: dict[str, Annotated[Any, BeforeValidator(attribute_value)]]

    id: _PersonId
    name: Annotated[_Text, Field(validate_default=True)] = ""
    department: _Text | None = None
    manager_id: _PersonId | None = None
    rank: _Finite | None = None
    teaches: dict[str, _Level] = {}
    knows: dict[str, _Level] = {}
    wants: dict[str, Annotated[_Finite, Field(gt=0, le=MOST_PRIORITY)]] = {}
    capacity: _Partners | None = None
    at_least: _Partners | None = None
    utc_offset: Annotated[_Finite, Field(ge=-12, le=14)] | None = None
    languages: _Words = ()
    location: _Text | None = None
    past_partners: _Ids = ()
    declines: Annotated[_Ids, Field(repr=False)] = ()
    # Below what it is checked against.
    prefers: Annotated[_Ids, Field(repr=False)] = ()

    @property
    def attributes(self) -> Mapping[str, object]:
        """The further columns of this profile that are not blank, by name."""
        return MappingProxyType(self.__pydantic_extra__)

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Leave out blanks, so that profiles compare equal, and keep values out of errors."""
        if isinstance(data, Mapping):
            data = {
                name: value for name, value in data.items() if name == "id" or not is_blank(value)
            }
        try:
            return handler(data)
        except ValidationError as error:
            masked = _masked(error)
        # Outside of the handling, so that no context leads back to the values.
        raise masked

    @field_validator("name")
    @classmethod
    def _call_by_id(cls, name: str, info: ValidationInfo) -> str:
        return name or str(info.data.get("id", ""))

    @field_validator("teaches", "knows", "wants")
    @classmethod
    def _name_skills(cls, levels: dict[str, float]) -> dict[str, float]:
        if not all(key(_whole(skill)) for skill in levels):
            raise _fault("a name for every skill")
        return levels

    @field_validator("past_partners", "declines")
    @classmethod
    def _others_only(cls, ids: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if info.data.get("id") in ids:
            raise _fault("ids of other people")
        return ids

    @field_validator("at_least")
    @classmethod
    def _no_more_than_they_can(cls, least: int | None, info: ValidationInfo) -> int | None:
        most = info.data.get("capacity")
        if most and least is not None and least > most:  # 0 takes no part and asks for nobody
            raise _fault(AT_MOST_CAPACITY)
        return least

    @field_validator("prefers")
    @classmethod
    def _wishes(cls, ids: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if are_muddled(info.data.get("id"), ids, info.data.get("declines", ())):
            raise _fault(WISHES)
        return ids
