"""Reading a page of documentation as a person would who tries all of its code."""

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

#: A language, and the name of a file where the block is one.
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)

#: What a console block may call here; other commands, such as `git clone`, are left to the reader.
COMMANDS = ("mentormatch", "cat", "head", "tail")


@dataclass(frozen=True)
class Block:
    """One fenced block of code: its language, its text, and the line on which the text begins.

    With a `file` it is what the reader saves under that name.
    """

    language: str
    text: str
    line: int
    file: str = ""


def blocks(page: str) -> list[Block]:
    """All fenced blocks that name a language, in their order."""
    return [
        Block(match[1], match[3], page.count("\n", 0, match.start(3)) + 1, match[2] or "")
        for match in FENCE.finditer(page)
    ]


def sessions(block: Block) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output that the page shows for it."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.replace("\\\n", " ").partition("\n")
        yield command, shown


def differences(shown: str, printed: str) -> str:
    """What a page shows against what was printed; empty if equal.

    Spaces at the end of a line do not count, and `...` stands for anything.
    """
    shown, printed = (
        "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())
        for text in (shown, printed)
    )
    checker = doctest.OutputChecker()
    if checker.check_output(shown, printed, doctest.ELLIPSIS):
        return ""
    return checker.output_difference(doctest.Example("", shown), printed, doctest.REPORT_NDIFF)


def check_page(page: str, name: str) -> None:
    """Do what a page shows, block by block, in the working directory.

    `python` blocks share one namespace. What one prints is shown in a `text` block that comes next,
    and what a command of a `console` block prints, below it. Blocks with the name of a file are
    saved under it.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block, following in pairwise([*blocks(page), Block("", "", 0)]):
        if block.file:
            Path(block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            # Moved down to its line of the page, so that a traceback points there.
            source = "\n" * (block.line - 1) + block.text
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(compile(source, name, "exec"), namespace)
            shown = following.text if following.language == "text" and not following.file else ""
            different = differences(shown, printed.getvalue())
            assert not different, f"{name}, line {following.line or block.line}: {different}"
        elif block.language == "console":
            _check_console(block, name)


def _check_console(block: Block, name: str) -> None:
    scripts = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "TERM": "dumb",
    }
    for command, shown in sessions(block):
        words = shlex.split(command, comments=True)
        if words[0] not in COMMANDS:
            continue
        run = subprocess.run(
            words,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        different = differences(shown, run.stdout)
        assert not different, f"{name}, line {block.line}: {command}\n{different}"
