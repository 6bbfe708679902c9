"""``mentormatch match people.csv --program program.json --out pairs.csv``."""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

import mentormatch as mm
from mentormatch.cli.inputs import READABLE, Source, program_of, reads_people
from mentormatch.cli.outputs import keep_apart, write
from mentormatch.cli.telling import UNPROVEN, explained, stop, warnings_as_notes
from mentormatch.matching.sheets import pairs_csv, singles_csv
from mentormatch.report.page import check_extra, page

__all__ = ["match_command"]

NOTHING_TO_LEARN = (
    "note: nobody teaches, or nobody wishes to learn; `mentormatch check` says which columns are "
    "read as what"
)

#: A gap of all would allow no pairs; a limit of no time, none either.
MOST_GAP, SHORTEST = 0.99, 0.001


@reads_people
def match_command(
    source: Source,
    program: Annotated[
        Path,
        typer.Option(**READABLE, help="What the program wants, as JSON."),
    ],
    out: Annotated[
        Path,
        typer.Option(
            dir_okay=False,
            help="Where the pairs go. People without a partner go beside it, into "
            "NAME.unmatched.csv.",
        ),
    ],
    record: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, help="Where the run record goes: decision and proof, as JSON."
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            help="Where a page for those who run the program goes: pairs, pictures, audit and how "
            "it was decided, as one file of HTML.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides between answers that are equally good.")] = 0,
    gap: Annotated[
        float,
        typer.Option(
            min=0.0, max=MOST_GAP, help="Stop at a total that misses the best by this part at most."
        ),
    ] = 0.0,
    time_limit: Annotated[
        float | None,
        typer.Option(
            min=SHORTEST, help="Stop after so many seconds, with the best answer and its gap."
        ),
    ] = None,
) -> None:
    """Match PEOPLE as PROGRAM says, verify the proof, and write the pairs to OUT."""
    unmatched = out.with_suffix(f".unmatched{out.suffix}")
    keep_apart(
        [*source.files(), ("--program", program)],
        [
            ("--out", out),
            ("the unmatched people", unmatched),
            ("--record", record),
            ("--report", report),
        ],
    )
    with warnings_as_notes():
        wanted = program_of(program)
        with explained(source.people):
            cohort = source.cohort()
        with explained(program):
            if report is not None:
                check_extra()  # before the long work, not after it
            # A bar is for whoever sits there, and a courtesy: nothing depends on its library.
            bar = sys.stderr.isatty() and find_spec("tqdm") is not None
            matching = mm.match(
                cohort, wanted, seed=seed, gap=gap, time_limit=time_limit, progress=bar
            )
            found = matching.certificate.verify(cohort, wanted)
    # An answer that says how far it may be from the best is held to that.
    is_told = matching.status is mm.Status.FEASIBLE and found.complete and found.feasible
    if not (found.ok or is_told):
        failed = "the answer failed its verification; nothing was written:"
        stop(UNPROVEN, "\n".join((failed, *found.violations)))
    written = [
        (out, pairs_csv(matching.meetings, matching.sides, matching.layout)),
        (unmatched, singles_csv(matching.unmatched, matching.taking_no_part)),
    ]
    if record is not None:
        written.append((record, matching.to_json()))
    if report is not None:
        written.append((report, page(matching)))
    write(written)
    typer.echo(matching)
    if not (cohort.teaches.nnz and cohort.wants.nnz):
        typer.echo(NOTHING_TO_LEARN, err=True)
    more = "" if report is None else f", a page of both in {report}"
    typer.echo(f"\npairs in {out}, people without a partner in {unmatched}{more}")
