"""``mentormatch check people.csv``: how files are read, and every fault in them."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

import mentormatch as mm
from mentormatch.cli.inputs import (
    Columns,
    Encoding,
    Join,
    People,
    ReadingFile,
    Skills,
    Source,
    SynonymsFile,
    TaxonomyFile,
    Tree,
    headings_of,
    program_of,
)
from mentormatch.cli.telling import BAD_INPUT, explained, lines, warnings_as_notes
from mentormatch.matching.tables import harmless

__all__ = ["check_command"]


def check_command(
    people: People,
    reading: ReadingFile = None,
    join: Join = None,
    organisation: Tree = None,
    columns: Columns = None,
    encoding: Encoding = None,
    synonyms: SynonymsFile = None,
    taxonomy: TaxonomyFile = None,
    program: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            readable=True,
            help="Check this program against the people, too.",
        ),
    ] = None,
) -> None:
    """Read PEOPLE, and print how they were read or every fault that there is."""
    source = Source(people, reading, join or [], organisation, headings_of(columns or []), encoding)
    skills = Skills(synonyms, taxonomy)
    with warnings_as_notes():
        with explained(people):
            try:
                cohort = skills.applied(source.cohort())
            except mm.ProfileErrors as error:
                _list_faults(error)
        typer.echo(lines(cohort.summary()))
        if program is not None:
            wanted = program_of(program)
            with explained(program):
                graph = mm.build_graph(cohort, wanted)
            typer.echo(f"program      {len(graph):,} allowed pairs with something to exchange")


def _list_faults(error: mm.ProfileErrors) -> NoReturn:
    """Print every fault, not the first ones only."""
    count = len(error.faults)
    typer.echo(f"{count:,} fault{'s' * (count != 1)} in the profiles:")
    for fault in error.faults:
        typer.echo(f"  {harmless(str(fault))}")
    raise typer.Exit(BAD_INPUT)
