"""Files that are written whole or not at all."""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from secrets import token_hex
from shutil import copymode

__all__ = ["replace_files"]


def replace_files(texts: Mapping[Path, str]) -> None:
    """Write files whole or not at all: all are written beside their targets, then renamed.

    Raises
    ------
    OSError
        When anything cannot be written; whatever stood there before is still whole.
    """
    with ExitStack() as at_the_end:
        written = []
        for target in (path.resolve() for path in texts):
            beside = target.with_name(f".{target.name}.{token_hex(4)}.part")
            at_the_end.callback(beside.unlink, missing_ok=True)
            written.append((beside, target))
        for (beside, target), text in zip(written, texts.values(), strict=True):
            with beside.open("x", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())  # a full disk may say so only now
            if target.exists():
                copymode(target, beside)
        for beside, target in written:
            beside.replace(target)
