"""The command line: ``mentormatch match people.csv --program program.json --out pairs.csv``."""

import sys
import warnings
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

try:
    import typer
except ModuleNotFoundError as missing:
    raise SystemExit(
        f"mentormatch's command line needs {missing.name}: pip install 'mentormatch-engine[cli]'"
    ) from missing

from pydantic import ValidationError

import mentormatch as mm
from mentormatch.matching.files import replace_files
from mentormatch.matching.record import in_words
from mentormatch.matching.sheets import pairs_csv, singles_csv
from mentormatch.matching.tables import harmless

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


@app.command(
    "match",
    epilog="Exit codes: 0 matched, 1 a file could not be written, 2 bad usage, 3 bad people or "
    "program, 4 the program's requirements contradict each other, 5 the answer failed its "
    "verification.",
)
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
    encoding: Annotated[
        str, typer.Option(help="How the text of .csv files is encoded, such as cp1252.")
    ] = "utf-8",
    record: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, help="Where the run record goes: decision and proof, as JSON."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides between answers that are equally good.")] = 0,
) -> None:
    """Match PEOPLE as PROGRAM says, verify the proof, and write the pairs to OUT."""
    headings = _headings(columns or [])
    unmatched = out.with_suffix(f".unmatched{out.suffix}")
    _keep_apart(
        {"PEOPLE": people, "--program": program, "--organisation": organisation},
        {"--out": out, "the unmatched people": unmatched, "--record": record},
    )
    with _warnings_as_notes():
        with _explained(program):
            wanted = mm.Program.model_validate_json(program.read_bytes().removeprefix(BOM_UTF8))
        with _explained(people):
            if people.suffix.lower() == ".json":
                cohort = mm.read_json(people, columns=headings, organisation=organisation)
            else:
                cohort = mm.read_csv(
                    people, columns=headings, organisation=organisation, encoding=encoding
                )
        with _explained(program):
            matching = mm.match(cohort, wanted, seed=seed)
            found = matching.certificate.verify(cohort, wanted)
    if not found.ok:
        failed = "the answer failed its verification; nothing was written:"
        _stop(UNPROVEN, "\n".join((failed, *found.violations)))
    files = [
        (out, pairs_csv(matching.pairs, matching.sides)),
        (unmatched, singles_csv(matching.unmatched, matching.taking_no_part)),
    ]
    if record is not None:
        files.append((record, matching.to_json()))
    try:
        replace_files(files)
    except OSError as error:
        _stop(UNWRITABLE, f"cannot write {error.filename}: {error.strerror}")
    typer.echo(matching)
    typer.echo(f"\npairs in {out}, people without a partner in {unmatched}")


def main() -> None:
    """Run the command line."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A name that the terminal cannot show must not end a run whose files are written.
        sys.stdout.reconfigure(errors="replace")
    app()


def _headings(columns: list[str]) -> dict[str, str] | None:
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


def _keep_apart(read: dict[str, Path | None], written: dict[str, Path | None]) -> None:
    """Refuse to write over what is read, or two outputs into one file."""
    taken = {path.resolve(): what for what, path in read.items() if path is not None}
    for what, path in written.items():
        if path is None:
            continue
        other = taken.setdefault(path.resolve(), what)
        if other != what:
            raise typer.BadParameter(f"{path} would be written over {other}", param_hint=what)


@contextmanager
def _warnings_as_notes() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("always", mm.ProfileWarning)
        warnings.showwarning = _note
        yield


def _note(message: Warning | str, *_: object, **__: object) -> None:
    typer.secho(_lines(f"note: {message}"), fg="yellow", err=True)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn errors into a message and an exit code; malformed JSON is the named file's."""
    try:
        yield
    except mm.InfeasibleError as error:
        _stop(INFEASIBLE, str(error))
    except mm.MentormatchError as error:
        _stop(BAD_INPUT, str(error))
    except ValidationError as error:
        _stop(BAD_INPUT, f"{path}: {in_words(error)}")


def _stop(code: int, text: str) -> NoReturn:
    typer.echo(_lines(text), err=True)
    raise typer.Exit(code)


def _lines(text: str) -> str:
    """Keep the lines of a text, and nothing in them that a terminal would obey."""
    return "\n".join(harmless(line) for line in text.splitlines())
