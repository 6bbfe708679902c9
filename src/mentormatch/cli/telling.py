"""How the commands tell what went wrong: notes, messages and exit codes."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

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
    "explained",
    "lines",
    "stop",
    "warnings_as_notes",
]

#: Exit codes; 0 is a matching, 2 bad usage (typer's own).
UNWRITABLE, BAD_INPUT, INFEASIBLE, UNPROVEN = 1, 3, 4, 5


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
