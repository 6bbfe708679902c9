"""``mentormatch init folder``: an example of every file."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from mentormatch.cli.outputs import write
from mentormatch.cli.telling import UNWRITABLE, stop

__all__ = ["init_command"]


def init_command(
    folder: Annotated[
        Path, typer.Argument(file_okay=False, help="Where the files go; made if it is not there.")
    ] = Path(),
) -> None:
    """Write an example of every file, and GUIDE.md, which explains them line by line."""
    texts = [
        (folder / file.name, file.read_text(encoding="utf-8"))
        for file in sorted(files("mentormatch.starter").iterdir(), key=lambda file: file.name)
        if file.name.endswith((".csv", ".json", ".md"))
    ]
    there = [str(path) for path, _ in texts if path.exists()]
    if there:
        stop(UNWRITABLE, f"already there, and left as they are: {', '.join(there)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(UNWRITABLE, f"cannot make {error.filename}: {error.strerror}")
    write(texts)
    typer.echo("\n".join(f"wrote {path}" for path, _ in texts))
