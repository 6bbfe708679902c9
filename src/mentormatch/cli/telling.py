"""How the commands tell what they found and what went wrong: texts, JSON, notes, exit codes."""

import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

import mentormatch as mm
from mentormatch.matching.record import in_words
from mentormatch.matching.tables import harmless

__all__ = [
    "BAD_INPUT",
    "INFEASIBLE",
    "UNPROVEN",
    "UNWRITABLE",
    "AsJson",
    "echo_json",
    "explained",
    "lines",
    "stop",
    "warnings_as_notes",
]

#: Exit codes; 0 is an answer, 2 bad usage (typer's own).
UNWRITABLE, BAD_INPUT, INFEASIBLE, UNPROVEN = 1, 3, 4, 5

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]


@contextmanager
def warnings_as_notes() -> Iterator[None]:
    """Print warnings as notes, without the lines of code that they come from."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", mm.ProfileWarning)
        warnings.showwarning = _note
        yield


def _note(message: Warning | str, *_: object, **__: object) -> None:
    typer.secho(lines(f"note: {message}"), fg="yellow", err=True)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn errors into a message and an exit code; malformed JSON is the named file's."""
    try:
        yield
    except mm.InfeasibleError as error:
        stop(INFEASIBLE, str(error))
    except mm.MentormatchError as error:
        stop(BAD_INPUT, str(error))
    except ValidationError as error:
        stop(BAD_INPUT, f"{path}: {in_words(error)}")


def stop(code: int, text: str) -> NoReturn:
    """End the command with a message."""
    typer.echo(lines(text), err=True)
    raise typer.Exit(code)


def lines(text: str) -> str:
    """Keep the lines of a text, and nothing in them that a terminal would obey."""
    return "\n".join(harmless(line) for line in text.splitlines())


def echo_json(data: Mapping[str, Any]) -> None:
    """Print JSON in which nothing is left that a terminal would obey."""
    text = json.dumps(data, indent=1, allow_nan=False)
    typer.echo(text.replace("\x7f", "\\u007f"))  # the one control character that JSON lets stand
