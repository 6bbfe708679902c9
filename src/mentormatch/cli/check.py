"""``mentormatch check people.csv``: how files are read, and every fault in them."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

import mentormatch as mm
from mentormatch.cli.inputs import READABLE, Source, program_of, reads_people
from mentormatch.cli.telling import BAD_INPUT, explained, lines, warnings_as_notes
from mentormatch.matching.tables import harmless

__all__ = ["check_command"]


@reads_people
def check_command(
    source: Source,
    program: Annotated[
        Path | None,
        typer.Option(
            **READABLE,
            help="Check this program against the people, too.",
        ),
    ] = None,
) -> None:
    """Read PEOPLE, and print how they were read or every fault that there is."""
    with warnings_as_notes():
        with explained(source.people):
            try:
                cohort = source.cohort()
            except mm.ProfileErrors as error:
                _list_faults(error)
        typer.echo(lines(cohort.summary()))
        if program is not None:
            wanted = program_of(program)
            with explained(program):
                possible = _possible(cohort, wanted)
            typer.echo(f"program      {possible:,} allowed pairs with something to exchange")


def _possible(people: mm.Cohort, program: mm.Program) -> int:
    """Count the pairs that the program allows; that people declined some is not to be read off."""
    if any(isinstance(rule, mm.Require) for rule in program.rules):
        mm.build_graph(people, program)  # which refuses what cannot be, in one text for all causes
    return len(mm.build_graph(people.naming(declines=dict.fromkeys(people.ids, ())), program))


def _list_faults(error: mm.ProfileErrors) -> NoReturn:
    """Print every fault, not the first ones only."""
    count = len(error.faults)
    typer.echo(f"{count:,} fault{'s' * (count != 1)} in the profiles:")
    for fault in error.faults:
        typer.echo(f"  {harmless(str(fault))}")
    raise typer.Exit(BAD_INPUT)
