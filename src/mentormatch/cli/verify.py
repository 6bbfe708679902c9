"""``mentormatch verify run.json people.csv``: a decision checked again by somebody else."""

from pathlib import Path
from typing import Annotated, Any

import typer

import mentormatch as mm
from mentormatch.cli.inputs import READABLE, Source, program_of, reads_people
from mentormatch.cli.run import RecordFile, RefutedError, Run
from mentormatch.cli.telling import (
    UNPROVEN,
    AsJson,
    echo_json,
    explained,
    stop,
    warnings_as_notes,
)
from mentormatch.matching.tables import harmless

__all__ = ["verify_command"]


@reads_people
def verify_command(
    record: RecordFile,
    source: Source,
    program: Annotated[
        Path | None,
        typer.Option(
            **READABLE,
            help="The program that was agreed on, as JSON, to see that the run kept to it. "
            "Without it, the program in RECORD is taken at its word.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check RECORD against PEOPLE without matching anybody again, and find whatever was changed."""
    with warnings_as_notes():
        run = Run.read(record, None if program is None else program_of(program))
        with explained(source.people):
            people = source.cohort()
        with explained(record):
            try:
                matching = run.attached(people)
            except RefutedError as error:
                if as_json:
                    echo_json(_as_data(None, error.args))
                    raise typer.Exit(UNPROVEN) from error
                stop(UNPROVEN, error.about(record))
    if as_json:
        echo_json(_as_data(matching, ()))
    else:
        typer.echo(_as_text(matching, run.program, len(people), program))


def _as_data(matching: mm.Matching | None, faults: tuple[str, ...]) -> dict[str, Any]:
    found = None
    if matching is not None:
        found = {
            "status": matching.status.value,
            "pairs": len(matching.pairs),
            "unmatched": len(matching.unmatched),
            "taking_no_part": len(matching.taking_no_part),
            "total": matching.total,
            "gap": matching.gap,
        }
    return {"ok": matching is not None, "faults": list(faults), "found": found}


def _as_text(matching: mm.Matching, program: mm.Program, people: int, given: Path | None) -> str:
    """Say what was checked, a line for each part of the record."""
    rules = "; ".join(map(str, program.rules)) or "none"
    whose = "as in the record, at its word" if given is None else f"the one in {given}"
    pairs, single, aside = map(len, (matching.pairs, matching.unmatched, matching.taking_no_part))
    told = [
        f"people     {people:,}, with the profiles that the run was made from",
        f"program    {whose}; rules: {rules}",
        f"pairs      {pairs:,}, all allowed and scored as recorded, total {matching.total:.4f}",
        f"others     {single:,} without a partner, {aside:,} who take no part, with their reasons",
    ]
    if matching.status is mm.Status.OPTIMAL:
        told.append(f"lots       what the seed {matching.seed} draws from among equally good pairs")
        told.append("proof      no matching that the program allows is better")
    else:
        told.append(f"proof      none that is better by more than {matching.gap:.3g} in total")
        if matching.certificate.count_gap:
            told.append("           among those that give no more people a partner; some may")
    return "\n".join(harmless(line) for line in (*told, "ok"))
