"""Files that are written whole or not at all."""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from errno import EISDIR
from pathlib import Path
from secrets import token_hex
from shutil import copymode

__all__ = ["replace_files"]


def replace_files(files: Iterable[tuple[Path, str]]) -> None:
    """Write files whole or not at all: all are written beside their targets, then renamed.

    A link is followed, permissions are kept, and what is no file, such as ``/dev/null``, is
    written to as it is.

    Parameters
    ----------
    files
        Paths, and what each file is to hold, as UTF-8.

    Raises
    ------
    OSError
        When anything cannot be written; whatever stood there before is still whole.
    ValueError
        When two of the paths are one file.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     target = Path(folder, "pairs.csv")
    ...     replace_files([(target, "leader,newcomer")])
    ...     target.read_text()
    'leader,newcomer'
    """
    claimed: set[Path] = set()
    renames = []
    with ExitStack() as at_the_end:
        for path, text in files:
            with _named(path):
                target = path.resolve()
                if target in claimed:
                    raise ValueError(f"{path} would be written twice; give each file its own path")
                claimed.add(target)
                if path.is_dir():
                    raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
                if path.exists() and not path.is_file():
                    path.write_text(text, encoding="utf-8", newline="")
                    continue
                beside = target.with_name(f".{token_hex(8)}.part")
                at_the_end.callback(beside.unlink, missing_ok=True)
                _write_to_disk(beside, text, like=target)
                renames.append((path, beside, target))
        for path, beside, target in renames:
            with _named(path):
                beside.replace(target)


def _write_to_disk(path: Path, text: str, like: Path) -> None:
    with path.open("x", encoding="utf-8", newline="") as file:
        if like.exists():
            copymode(like, path)  # before there is anything that others might read
        file.write(text)
        file.flush()
        os.fsync(file.fileno())  # a full disk may say so only now


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let errors name the file that was asked for, not the one written beside it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
