"""Files that the commands write, and over what they may not be written."""

from collections.abc import Sequence
from pathlib import Path

import typer

from mentormatch.cli.telling import UNWRITABLE, stop
from mentormatch.matching.files import replace_files

__all__ = ["keep_apart", "write"]


def keep_apart(
    read: Sequence[tuple[str, Path | None]], written: Sequence[tuple[str, Path | None]]
) -> None:
    """Refuse to write over what is read, or two outputs into one file."""
    taken = {path.resolve(): what for what, path in reversed(read) if path is not None}
    for what, path in written:
        if path is None:
            continue
        other = taken.setdefault(path.resolve(), what)
        if other != what:
            raise typer.BadParameter(f"{path} would be written over {other}", param_hint=what)


def write(texts: Sequence[tuple[Path, str]]) -> None:
    """Write files, all or none of them."""
    try:
        replace_files(texts)
    except OSError as error:
        stop(UNWRITABLE, f"cannot write {error.filename}: {error.strerror}")
