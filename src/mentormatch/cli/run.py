"""A run record that is read back, and checked beside the people whom it is about."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

import typer

import mentormatch as mm
from mentormatch.cli.inputs import READABLE, Source, json_of
from mentormatch.cli.telling import BAD_INPUT, UNPROVEN, explained, stop, warnings_as_notes
from mentormatch.matching.record import read_record
from mentormatch.matching.tables import harmless

__all__ = ["RecordFile", "RefutedError", "Run", "attached"]

RecordFile = Annotated[
    Path,
    typer.Argument(
        **READABLE, metavar="RECORD", help="The run record that `mentormatch match --record` wrote."
    ),
]

#: What most often makes a record of another run out of an honest one.
REMEDY = (
    "PEOPLE, and the options that say how they are read, must be those that the run was made with"
)


class RefutedError(Exception):
    """A record says what the people and the program do not bear out; `args` are all the faults."""

    def about(self, path: Path) -> str:
        """Return the faults in words, a line each."""
        faults = (f"  {harmless(fault)}" for fault in self.args)
        return "\n".join((f"{path} does not hold:", *faults, REMEDY))


@dataclass(frozen=True, slots=True)
class Run:
    """What a record says, and the program that it is held to."""

    recorded: mm.Matching
    program: mm.Program

    @classmethod
    def read(cls, path: Path, program: mm.Program | None = None) -> Self:
        """Read a record; without another program, it is held to its own."""
        text = json_of(path)
        try:
            recorded = mm.Matching.from_json(text)
        except mm.RecordError as error:
            stop(BAD_INPUT, f"{path}: {error}")
        return cls(recorded, program or _own_program(path, read_record(text).program))

    def attached(self, people: mm.Cohort) -> mm.Matching:
        """Return the matching with its people, once all of it has been checked.

        Raises
        ------
        RefutedError
            When anything in the record is not what the people and the program give.
        """
        try:
            return self.recorded.attach(people, self.program)
        except mm.RecordError as error:
            raise RefutedError(*self._faults(people, str(error))) from error

    def _faults(self, people: mm.Cohort, first: str) -> list[str]:
        """Return what was found first, and what the proof violates if it does."""
        try:
            found = self.recorded.certificate.verify(people, self.program)
        except mm.MentormatchError as error:
            return [first, str(error)]
        if found.ok or (found.complete and found.feasible):  # a gap that is told is no fault
            return [first]
        return [first.removesuffix("; ".join(found.violations)).rstrip(": "), *found.violations]


@contextmanager
def attached(path: Path, source: Source) -> Iterator[mm.Matching]:
    """Give a matching from its record and its people; what goes wrong becomes a message."""
    with warnings_as_notes():
        run = Run.read(path)
        with explained(source.people):
            people = source.cohort()
        with explained(path):
            try:
                matching = run.attached(people)
            except RefutedError as error:
                stop(UNPROVEN, error.about(path))
            yield matching


def _own_program(path: Path, program: Mapping[str, Any]) -> mm.Program:
    """Read the program that a record holds; a rule that is a function is only named there."""
    rules = [*program.get("rules", ()), *program.get("preferences", ())]
    functions = [name for rule in rules for name in _functions(rule)]
    if functions:
        stop(
            BAD_INPUT,
            f"{path}: the rule 'where {functions[0]}' of its program is a function, which no file "
            "holds; use this record from Python, where the function is: "
            "mentormatch.Matching.from_json(text).attach(people, program)",
        )
    with explained(path):
        return mm.Program.model_validate_json(json.dumps(program))


def _functions(rule: Any) -> Iterator[str]:
    """Return the names of the functions in a rule or preference, or in the rule within it."""
    if isinstance(rule, Mapping):
        if rule.get("kind") == "where":
            yield str(rule.get("name"))
        yield from _functions(rule.get("rule"))
