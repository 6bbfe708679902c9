"""How a file is to be read, declared once and kept as JSON beside the file."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from mentormatch.errors import ProgramError
from mentormatch.people.kinds import Kind
from mentormatch.people.levels import Signs
from mentormatch.people.scales import Scales

__all__ = ["Reading", "declared"]

_Sign = Annotated[str, Field(min_length=1, max_length=1)]
_TAB = ("delimiter", "\t")


class Reading(BaseModel):
    """How a file is to be read: nothing about it is guessed that could be declared.

    Every part has a default, so that a reading says only what is unusual about a file.

    Parameters
    ----------
    columns
        Our field to their heading, such as ``{"id": "Employee No"}``; a name that is no field of
        `Participant` makes an attribute. Other headings are matched by name (case, spaces and
        hyphens do not count), and those that are no field become attributes.
    name_from
        Headings of the parts of a name, such as ``["First name", "Last name"]``: they are put
        together, with a space between, and are no attributes.
    types
        By attribute, what its values are: ``"text"``, ``"number"``, ``"list"`` (separated as
        skills are) or ``"yes/no"``. A value of another kind is a fault. Without a type, an
        attribute stays as the file has it, and a rule that compares numbers reads them when it
        needs them.
    values
        By field or heading, what a text stands for: ``{"years": {"Less than 1 year": 0.5}}``.
        Texts are compared like skills, case and spaces apart; `None` makes the value blank.
    active
        By field or heading, the values that make a row active:
        ``{"status": ["active", "on leave"]}``. A person must have one of the values for each
        name; blank is not active. Of whoever is not active, only the id, the name and the manager
        are read: they take no part, as with capacity 0, and stay in the reporting tree.
    audit_only
        Attributes, or their headings, that an audit alone reads, such as ``["gender", "age"]``:
        rules, sides, preferences and `active` that name one are refused, no message shows a value,
        and no record is about them. The fields of every profile cannot be among them; a column can
        be read under a name of its own instead.
    scales
        Which way the numbers run.
    list_separator
        What stands between the items of a list. An attribute is a list where its type says so;
        the lists that rules find in other texts are separated by semicolons.
    level_separator
        What stands between a skill and its level.
    delimiter
        What stands between the cells of a CSV; without it, a comma, a semicolon or a tab,
        whichever the header line has most of.
    encoding
        How the file writes its characters.
    sheet
        Which sheet of a spreadsheet; without it, the only one that has anything.

    Examples
    --------
    >>> reading = Reading(columns={"id": "No"}, values={"years": {"Less than 1 year": 0.5}})
    >>> Reading.model_validate_json(reading.model_dump_json()) == reading
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
    columns: Mapping[str, str] = Field(default_factory=dict)
    name_from: tuple[str, ...] = ()
    types: Mapping[str, Kind] = Field(default_factory=dict)
    values: Mapping[str, Mapping[str, JsonValue]] = Field(default_factory=dict)
    active: Mapping[str, tuple[JsonValue, ...]] = Field(default_factory=dict)
    audit_only: tuple[str, ...] = ()
    scales: Scales = Field(default_factory=Scales)
    list_separator: _Sign = ";"
    level_separator: _Sign = ":"
    delimiter: _Sign | None = None
    encoding: str = "utf-8"
    sheet: str | None = None

    @property
    def signs(self) -> Signs:
        """The signs that take lists and levels apart."""
        return Signs(self.list_separator, self.level_separator)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        signs = {"list_separator": self.list_separator, "level_separator": self.level_separator}
        if self.delimiter is not None:
            signs["delimiter"] = self.delimiter
        wrong = [
            f"{name} is {sign!r}; give a sign that is no letter, digit, space, quote or backslash"
            for name, sign in signs.items()
            if sign.isalnum() or sign in "\\\"'" or (sign.isspace() and (name, sign) != _TAB)
        ]
        if self.list_separator == self.level_separator:
            wrong.append(
                f"list_separator and level_separator are both {self.list_separator!r}; give two "
                "different signs, such as ';' and ':'"
            )
        if self.name_from and "name" in self.columns:
            wrong.append("columns names a heading for 'name', and so does name_from; leave one out")
        wrong += [
            f"name_from has {part!r} twice; a part of a name is said once"
            for part, times in Counter(self.name_from).items()
            if times > 1
        ]
        if wrong:
            raise ProgramError("\n".join(wrong))
        return self


def declared(
    reading: Reading | None,
    *,
    columns: Mapping[str, str] | None = None,
    scales: Scales | None = None,
    values: Mapping[str, Mapping[str, object]] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Reading:
    """Return how a file is to be read: what the caller says apart, in place of the declaration's.

    Parameters
    ----------
    reading
        The declaration; `None` for one that says nothing unusual.
    columns, scales, values, encoding, sheet
        As in `Reading`; `None` leaves what `reading` says.

    Returns
    -------
    Reading

    Examples
    --------
    >>> declared(Reading(encoding="cp1252"), columns={"id": "No"}).encoding
    'cp1252'
    """
    said: dict[str, object] = {"columns": columns, "scales": scales, "values": values}
    said |= {"encoding": encoding, "sheet": sheet}
    given = {name: value for name, value in said.items() if value is not None}
    return (reading or Reading()).model_copy(update=given)
