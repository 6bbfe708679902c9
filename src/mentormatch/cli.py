"""The command line: ``mentormatch match people.csv --program program.json --out pairs.csv``."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

try:
    import typer
    from rich.console import Console
except ModuleNotFoundError as missing:
    raise SystemExit(
        f"mentormatch's command line needs {missing.name}: pip install 'mentormatch-engine[cli]'"
    ) from missing

from pydantic import ValidationError

import mentormatch as mm
from mentormatch.matching.files import replace_files

__all__ = ["app", "main"]

#: Exit codes; 0 is a matching, 2 bad usage (typer's own).
UNWRITABLE, BAD_INPUT, INFEASIBLE, UNPROVEN = 1, 3, 4, 5

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # profiles must not end up in a traceback
    help="Pair people who can teach each other, and prove that no pairing is better.",
)


@app.callback()
def _commands() -> None:
    """Keep `match` a subcommand: others come beside it."""


@app.command("match")
def match_command(
    people: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, readable=True, help="The people: a .csv or .json file."
        ),
    ],
    program: Annotated[
        Path,
        typer.Option(
            exists=True, dir_okay=False, readable=True, help="What the program wants, as JSON."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            dir_okay=False,
            help="Where the pairs go. People without a partner go beside it, into "
            "NAME.unmatched.csv.",
        ),
    ],
    organisation: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            readable=True,
            help="The whole reporting tree, a .csv with the headings id and manager_id.",
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=HEADING",
            help="Which heading holds a field, such as id='Employee No'. Repeat for several.",
        ),
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, help="Where the run record goes: decision and proof, as JSON."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides between answers that are equally good.")] = 0,
) -> None:
    r"""Match PEOPLE as PROGRAM says, verify the proof, and write the pairs to OUT.

    \b
    Exit codes: 0 matched, 1 a file could not be written, 2 bad usage, 3 bad people or program,
    4 the program's requirements contradict each other, 5 the answer failed verification.
    """
    headings = _headings(columns or [])
    with _explained():
        wanted = mm.Program.model_validate_json(program.read_bytes())
        read = mm.read_json if people.suffix.lower() == ".json" else mm.read_csv
        cohort = read(people, columns=headings, organisation=organisation)
        matching = mm.match(cohort, wanted, seed=seed)
        found = matching.certificate.verify(cohort, wanted)
    if not found.ok:
        _stop(
            UNPROVEN, "the answer failed its verification; nothing was written:", *found.violations
        )
    unmatched = out.with_suffix(f".unmatched{out.suffix}")
    try:
        matching.to_csv(out, unmatched=unmatched)
        if record is not None:
            replace_files({record: matching.to_json()})
    except OSError as error:
        _stop(UNWRITABLE, f"cannot write {error.filename or out}: {error.strerror or error}")
    typer.echo(matching)
    typer.echo(f"\npairs in {out}, people without a partner in {unmatched}")


def main() -> None:
    """Run the command line."""
    app()


def _headings(columns: list[str]) -> dict[str, str] | None:
    pairs = [column.partition("=") for column in columns]
    for field, equals, heading in pairs:
        if not (field.strip() and equals and heading.strip()):
            raise typer.BadParameter(
                f"{field!r} is not FIELD=HEADING, such as id='Employee No'", param_hint="--columns"
            )
    return {field.strip(): heading.strip() for field, _, heading in pairs} or None


@contextmanager
def _explained() -> Iterator[None]:
    """Turn errors into a message and an exit code, and warnings into notes."""
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always", mm.ProfileWarning)
        try:
            yield
        except mm.InfeasibleError as error:
            _stop(INFEASIBLE, str(error))
        except (mm.MentormatchError, ValidationError) as error:
            _stop(BAD_INPUT, str(error))
        finally:
            console = Console(stderr=True)
            for warning in noted:
                console.print(f"note: {warning.message}", style="yellow", markup=False)


def _stop(code: int, *lines: str) -> None:
    console = Console(stderr=True, soft_wrap=True)
    for line in lines:
        console.print(line, markup=False, highlight=False)
    sys.exit(code)
