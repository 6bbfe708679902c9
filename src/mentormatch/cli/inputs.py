"""What the commands read: people, how to read them, what is known of skills, and programs."""

from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

import mentormatch as mm
from mentormatch.cli.telling import explained
from mentormatch.people.reading import declared

__all__ = [
    "Columns",
    "Encoding",
    "Join",
    "People",
    "ReadingFile",
    "Skills",
    "Source",
    "SynonymsFile",
    "TaxonomyFile",
    "Tree",
    "headings_of",
    "json_of",
    "program_of",
]


People = Annotated[
    Path,
    typer.Argument(
        exists=True,
        dir_okay=False,
        readable=True,
        help="The people: a .csv, .json (SCIM, too) or .xlsx file.",
    ),
]
ReadingFile = Annotated[
    Path | None,
    typer.Option(
        "--reading",
        exists=True,
        dir_okay=False,
        readable=True,
        help="How the files are to be read, as JSON; `mentormatch init` writes an example.",
    ),
]
Join = Annotated[
    list[Path] | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        readable=True,
        help="A further file about the same people, put beside PEOPLE by id. Repeat for several.",
    ),
]
Tree = Annotated[
    Path | None,
    typer.Option(
        "--organisation",
        exists=True,
        dir_okay=False,
        readable=True,
        help="The whole reporting tree, a .csv with the headings id and manager_id.",
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--columns",
        metavar="FIELD=HEADING",
        help="Which heading holds a field, such as id='Employee No'. Repeat for several.",
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(help="How the text of .csv files is encoded, such as cp1252; UTF-8 if not said."),
]
SynonymsFile = Annotated[
    Path | None,
    typer.Option(
        "--synonyms",
        exists=True,
        dir_okay=False,
        readable=True,
        help="Other names of skills: a .csv with the headings skill and synonyms, or ESCO's.",
    ),
]
TaxonomyFile = Annotated[
    Path | None,
    typer.Option(
        "--taxonomy",
        exists=True,
        dir_okay=False,
        readable=True,
        help="Which skill is a kind of which: a .csv with the headings narrower and broader.",
    ),
]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the people come from, and how their files are to be read."""

    people: Path
    reading: Path | None
    join: Sequence[Path]
    organisation: Path | None
    columns: Mapping[str, str] | None
    encoding: str | None

    def files(self) -> list[tuple[str, Path | None]]:
        """Return everything that is read, by the name of its option."""
        return [
            ("PEOPLE", self.people),
            ("--reading", self.reading),
            *(("--join", path) for path in self.join),
            ("--organisation", self.organisation),
        ]

    def cohort(self) -> mm.Cohort:
        """Read the people."""
        told = mm.Reading()
        if self.reading is not None:
            with explained(self.reading):
                told = mm.Reading.model_validate_json(json_of(self.reading))
        told = declared(told, columns=self.columns, encoding=self.encoding)
        if self.join:
            return mm.read_joined(
                [self.people, *self.join], reading=told, organisation=self.organisation
            )
        return mm.read_file(self.people, told, organisation=self.organisation)


@dataclass(frozen=True, slots=True)
class Skills:
    """What is known about skills apart from the people."""

    synonyms: Path | None
    taxonomy: Path | None

    def files(self) -> list[tuple[str, Path | None]]:
        """Return everything that is read, by the name of its option."""
        return [("--synonyms", self.synonyms), ("--taxonomy", self.taxonomy)]

    def applied(self, people: mm.Cohort) -> mm.Cohort:
        """Return the people with what is known about their skills."""
        if self.synonyms is not None:
            with explained(self.synonyms):
                people = people.with_synonyms(mm.read_synonyms(self.synonyms))
        if self.taxonomy is not None:
            with explained(self.taxonomy):
                people = people.with_taxonomy(mm.read_taxonomy(self.taxonomy))
        return people


def headings_of(columns: list[str]) -> dict[str, str] | None:
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
    return headings or None


def program_of(path: Path) -> mm.Program:
    """Read a program."""
    with explained(path):
        return mm.Program.model_validate_json(json_of(path))


def json_of(path: Path) -> bytes:
    """Return the text of a file as it is, but for a byte-order mark."""
    return path.read_bytes().removeprefix(BOM_UTF8)
