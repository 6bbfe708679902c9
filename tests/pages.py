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

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

#: What a console block may call here; other commands, such as `git clone`, are left to the reader.
COMMANDS = ("mentormatch", "cat", "head")


@dataclass(frozen=True)
class Block:
    """One fenced block of code: its language, its text, and the line on which the text begins."""

    language: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    """All fenced blocks that name a language, in their order."""
    return [
        Block(match[1], match[2], page.count("\n", 0, match.start(2)) + 1)
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


def check_python(page: str, name: str) -> None:
    """Run the `python` blocks of a page in one namespace, in the working directory.

    A `text` block that comes next must be what the one before it printed.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    found = blocks(page)
    for block, following in pairwise([*found, Block("", "", 0)]):
        if block.language != "python":
            continue
        # Moved down to its line of the page, so that a traceback points there.
        source = "\n" * (block.line - 1) + block.text
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(source, name, "exec"), namespace)
        if following.language == "text":
            different = differences(following.text, printed.getvalue())
            assert not different, f"{name}, line {following.line}: {different}"


def check_console(page: str, name: str) -> None:
    """Run the commands of the `console` blocks and compare what they print with the page."""
    scripts = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "TERM": "dumb",
    }
    for block in blocks(page):
        if block.language != "console":
            continue
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
