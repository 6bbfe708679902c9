"""What the commands read: people, how to read them, what is known of skills, and programs."""

from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any

import typer

import mentormatch as mm
from mentormatch.cli.telling import explained
from mentormatch.people.reading import declared

__all__ = ["READABLE", "Source", "json_of", "program_of", "reads_people"]

#: Under which heading the help lists the options of a `Source`.
PANEL = "How PEOPLE are read"

#: What a file that is read must be.
READABLE: dict[str, Any] = {"exists": True, "dir_okay": False, "readable": True}


def _way(help_text: str) -> Any:
    """Return the option of a file that says how people are read."""
    return typer.Option(**READABLE, rich_help_panel=PANEL, help=help_text)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the people come from, how their files are to be read, and what is known of skills.

    Each field is an argument or an option of every command that `reads_people`.
    """

    people: Annotated[
        Path,
        typer.Argument(
            **READABLE,
            metavar="PEOPLE",
            help="The people: a .csv, .json (SCIM, too) or .xlsx file.",
        ),
    ]
    reading: Annotated[
        Path | None,
        _way("How the files are to be read, as JSON; `mentormatch init` writes an example."),
    ] = None
    join: Annotated[
        list[Path] | None,
        _way("A further file about the same people, put beside PEOPLE by id. Repeat for several."),
    ] = None
    organisation: Annotated[
        Path | None, _way("The whole reporting tree, a .csv with the headings id and manager_id.")
    ] = None
    columns: Annotated[
        list[str] | None,
        typer.Option(
            rich_help_panel=PANEL,
            metavar="FIELD=HEADING",
            help="Which heading holds a field, such as id='Employee No'. Repeat for several.",
        ),
    ] = None
    encoding: Annotated[
        str | None,
        typer.Option(
            rich_help_panel=PANEL,
            help="How the text of .csv files is encoded, such as cp1252; UTF-8 if not said.",
        ),
    ] = None
    synonyms: Annotated[
        Path | None,
        _way("Other names of skills: a .csv with the headings skill and synonyms, or ESCO's."),
    ] = None
    taxonomy: Annotated[
        Path | None,
        _way("Which skill is a kind of which: a .csv with the headings narrower and broader."),
    ] = None

    def __post_init__(self) -> None:
        _headings(self.columns or [])  # bad usage is told before anything is read

    def files(self) -> list[tuple[str, Path | None]]:
        """Return everything that is read, by the name of its option."""
        return [
            ("PEOPLE", self.people),
            ("--reading", self.reading),
            *(("--join", path) for path in self.join or []),
            ("--organisation", self.organisation),
            ("--synonyms", self.synonyms),
            ("--taxonomy", self.taxonomy),
        ]

    def cohort(self) -> mm.Cohort:
        """Read the people, with what is known about their skills."""
        told = mm.Reading()
        if self.reading is not None:
            with explained(self.reading):
                told = mm.Reading.model_validate_json(json_of(self.reading))
        headings = _headings(self.columns or []) or None
        told = declared(told, columns=headings, encoding=self.encoding)
        if self.join:
            people = mm.read_joined(
                [self.people, *self.join], reading=told, organisation=self.organisation
            )
        else:
            people = mm.read_file(self.people, told, organisation=self.organisation)
        return self._skilled(people)

    def _skilled(self, people: mm.Cohort) -> mm.Cohort:
        if self.synonyms is not None:
            with explained(self.synonyms):
                people = people.with_synonyms(mm.read_synonyms(self.synonyms))
        if self.taxonomy is not None:
            with explained(self.taxonomy):
                people = people.with_taxonomy(mm.read_taxonomy(self.taxonomy))
        return people


def reads_people(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command PEOPLE where it takes a `source`, and last the options that say how to read.

    Typer asks a function for its signature, and what several commands share is to be said once.
    """
    people, *options = signature(Source).parameters.values()
    own = signature(command).parameters
    assert own["source"].annotation is Source

    @wraps(command)
    def with_options(**given: Any) -> None:
        told = {name: given.pop(name) for name in signature(Source).parameters}
        command(source=Source(**told), **given)

    shown = [people if name == "source" else parameter for name, parameter in own.items()]
    # By name only: then those with a default may come before those without.
    named = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in (*shown, *options)]
    with_options.__signature__ = signature(command).replace(parameters=named)  # type: ignore[attr-defined]
    return with_options


def _headings(columns: list[str]) -> dict[str, str]:
    """Return which heading holds which field, from texts such as ``id=Employee No``."""
    headings: dict[str, str] = {}
    for column in columns:
        field, _, heading = (part.strip() for part in column.partition("="))
        if not (field and heading):
            raise typer.BadParameter(
                f"{column!r} is not FIELD=HEADING, such as id='Employee No'",
                param_hint="--columns",
            )
        if field in headings:
            raise typer.BadParameter(f"{field!r} is given twice", param_hint="--columns")
        headings[field] = heading
    return headings


def program_of(path: Path) -> mm.Program:
    """Read a program."""
    with explained(path):
        return mm.Program.model_validate_json(json_of(path))


def json_of(path: Path) -> bytes:
    """Return the text of a file as it is, but for a byte-order mark."""
    return path.read_bytes().removeprefix(BOM_UTF8)
