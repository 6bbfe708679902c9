"""The command line: ``mentormatch match people.csv --program program.json --out pairs.csv``."""

import sys
import warnings
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

try:
    import typer
except ModuleNotFoundError as missing:
    raise SystemExit(
        f"mentormatch's command line needs {missing.name}: pip install 'mentormatch-engine[cli]'"
    ) from missing

from pydantic import ValidationError

import mentormatch as mm
from mentormatch.matching.files import replace_files
from mentormatch.matching.record import in_words
from mentormatch.matching.sheets import pairs_csv, singles_csv
from mentormatch.matching.tables import harmless
from mentormatch.people.reading import declared

__all__ = ["app", "main"]

#: Exit codes; 0 is a matching, 2 bad usage (typer's own).
UNWRITABLE, BAD_INPUT, INFEASIBLE, UNPROVEN = 1, 3, 4, 5

#: A gap of all would allow no pairs; a limit of no time, none either.
MOST_GAP, SHORTEST = 0.99, 0.001

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # profiles must not end up in a traceback
    help="Pair people who can teach each other, and prove that no pairing is better.",
)


People = Annotated[
    Path,
    typer.Argument(
        exists=True,
        dir_okay=False,
        readable=True,
        help="The people: a .csv, .json (SCIM, too) or .xlsx file.",
    ),
]
ReadingFile = Annotated[
    Path | None,
    typer.Option(
        "--reading",
        exists=True,
        dir_okay=False,
        readable=True,
        help="How the files are to be read, as JSON; `mentormatch init` writes an example.",
    ),
]
Join = Annotated[
    list[Path] | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        readable=True,
        help="A further file about the same people, put beside PEOPLE by id. Repeat for several.",
    ),
]
Tree = Annotated[
    Path | None,
    typer.Option(
        "--organisation",
        exists=True,
        dir_okay=False,
        readable=True,
        help="The whole reporting tree, a .csv with the headings id and manager_id.",
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--columns",
        metavar="FIELD=HEADING",
        help="Which heading holds a field, such as id='Employee No'. Repeat for several.",
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(help="How the text of .csv files is encoded, such as cp1252; UTF-8 if not said."),
]
SynonymsFile = Annotated[
    Path | None,
    typer.Option(
        "--synonyms",
        exists=True,
        dir_okay=False,
        readable=True,
        help="Other names of skills: a .csv with the headings skill and synonyms, or ESCO's.",
    ),
]
TaxonomyFile = Annotated[
    Path | None,
    typer.Option(
        "--taxonomy",
        exists=True,
        dir_okay=False,
        readable=True,
        help="Which skill is a kind of which: a .csv with the headings narrower and broader.",
    ),
]


@app.command(
    "match",
    epilog="Exit codes: 0 matched, 1 a file could not be written, 2 bad usage, 3 bad people or "
    "program, 4 the program's requirements contradict each other, 5 the answer failed its "
    "verification.",
)
def match_command(
    people: People,
    program: Annotated[
        Path,
        typer.Option(
            exists=True, dir_okay=False, readable=True, help="What the program wants, as JSON."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            dir_okay=False,
            help="Where the pairs go. People without a partner go beside it, into "
            "NAME.unmatched.csv.",
        ),
    ],
    reading: ReadingFile = None,
    join: Join = None,
    organisation: Tree = None,
    columns: Columns = None,
    encoding: Encoding = None,
    synonyms: SynonymsFile = None,
    taxonomy: TaxonomyFile = None,
    record: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, help="Where the run record goes: decision and proof, as JSON."
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
    source = _Source(people, reading, join or [], organisation, _headings(columns or []), encoding)
    skills = _Skills(synonyms, taxonomy)
    unmatched = out.with_suffix(f".unmatched{out.suffix}")
    _keep_apart(
        [*source.files(), *skills.files(), ("--program", program)],
        [("--out", out), ("the unmatched people", unmatched), ("--record", record)],
    )
    with _warnings_as_notes():
        wanted = _program(program)
        with _explained(people):
            cohort = skills.applied(source.cohort())
        with _explained(program):
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
        _stop(UNPROVEN, "\n".join((failed, *found.violations)))
    written = [
        (out, pairs_csv(matching.meetings, matching.sides, matching.layout)),
        (unmatched, singles_csv(matching.unmatched, matching.taking_no_part)),
    ]
    if record is not None:
        written.append((record, matching.to_json()))
    _write(written)
    typer.echo(matching)
    typer.echo(f"\npairs in {out}, people without a partner in {unmatched}")


@app.command(
    "check",
    epilog="Exit codes: 0 everything can be read, 2 bad usage, 3 faults in the people or the "
    "program, 4 the program's requirements contradict each other.",
)
def check_command(
    people: People,
    reading: ReadingFile = None,
    join: Join = None,
    organisation: Tree = None,
    columns: Columns = None,
    encoding: Encoding = None,
    synonyms: SynonymsFile = None,
    taxonomy: TaxonomyFile = None,
    program: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            readable=True,
            help="Check this program against the people, too.",
        ),
    ] = None,
) -> None:
    """Read PEOPLE, and print how they were read or every fault that there is."""
    source = _Source(people, reading, join or [], organisation, _headings(columns or []), encoding)
    skills = _Skills(synonyms, taxonomy)
    with _warnings_as_notes():
        with _explained(people):
            try:
                cohort = skills.applied(source.cohort())
            except mm.ProfileErrors as error:
                _list_faults(error)
        typer.echo(_lines(cohort.summary()))
        if program is not None:
            wanted = _program(program)
            with _explained(program):
                graph = mm.build_graph(cohort, wanted)
            typer.echo(f"program      {len(graph):,} allowed pairs with something to exchange")


@app.command(
    "init", epilog="Exit codes: 0 written, 1 a file is there already or cannot be written."
)
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
        _stop(UNWRITABLE, f"already there, and left as they are: {', '.join(there)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _stop(UNWRITABLE, f"cannot make {error.filename}: {error.strerror}")
    _write(texts)
    typer.echo("\n".join(f"wrote {path}" for path, _ in texts))


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the people come from, and how their files are to be read."""

    people: Path
    reading: Path | None
    join: Sequence[Path]
    organisation: Path | None
    columns: Mapping[str, str] | None
    encoding: str | None

    def files(self) -> list[tuple[str, Path | None]]:
        """Return everything that is read, by the name of its option."""
        return [
            ("PEOPLE", self.people),
            ("--reading", self.reading),
            *(("--join", path) for path in self.join),
            ("--organisation", self.organisation),
        ]

    def cohort(self) -> mm.Cohort:
        """Read the people."""
        told = mm.Reading()
        if self.reading is not None:
            with _explained(self.reading):
                told = mm.Reading.model_validate_json(_json(self.reading))
        told = declared(told, columns=self.columns, encoding=self.encoding)
        if self.join:
            return mm.read_joined(
                [self.people, *self.join], reading=told, organisation=self.organisation
            )
        return mm.read_file(self.people, told, organisation=self.organisation)


@dataclass(frozen=True, slots=True)
class _Skills:
    """What is known about skills apart from the people."""

    synonyms: Path | None
    taxonomy: Path | None

    def files(self) -> list[tuple[str, Path | None]]:
        """Return everything that is read, by the name of its option."""
        return [("--synonyms", self.synonyms), ("--taxonomy", self.taxonomy)]

    def applied(self, people: mm.Cohort) -> mm.Cohort:
        """Return the people with what is known about their skills."""
        if self.synonyms is not None:
            with _explained(self.synonyms):
                people = people.with_synonyms(mm.read_synonyms(self.synonyms))
        if self.taxonomy is not None:
            with _explained(self.taxonomy):
                people = people.with_taxonomy(mm.read_taxonomy(self.taxonomy))
        return people


def main() -> None:
    """Run the command line."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A name that the terminal cannot show must not end a run whose files are written.
        sys.stdout.reconfigure(errors="replace")
    app()


def _headings(columns: list[str]) -> dict[str, str] | None:
    headings: dict[str, str] = {}
    for column in columns:
        field, _, heading = (part.strip() for part in column.partition("="))
        if not (field and heading):
            raise typer.BadParameter(
                f"{column!r} is not FIELD=HEADING, such as id='Employee No'",
                param_hint="--columns",
            )
        if field in headings:
            raise typer.BadParameter(f"{field!r} is given twice", param_hint="--columns")
        headings[field] = heading
    return headings or None


def _program(path: Path) -> mm.Program:
    with _explained(path):
        return mm.Program.model_validate_json(_json(path))


def _json(path: Path) -> bytes:
    return path.read_bytes().removeprefix(BOM_UTF8)


def _write(texts: Sequence[tuple[Path, str]]) -> None:
    try:
        replace_files(texts)
    except OSError as error:
        _stop(UNWRITABLE, f"cannot write {error.filename}: {error.strerror}")


def _list_faults(error: mm.ProfileErrors) -> NoReturn:
    """Print every fault, not the first ones only."""
    count = len(error.faults)
    typer.echo(f"{count:,} fault{'s' * (count != 1)} in the profiles:")
    for fault in error.faults:
        typer.echo(f"  {harmless(str(fault))}")
    raise typer.Exit(BAD_INPUT)


def _keep_apart(
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


@contextmanager
def _warnings_as_notes() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("always", mm.ProfileWarning)
        warnings.showwarning = _note
        yield


def _note(message: Warning | str, *_: object, **__: object) -> None:
    typer.secho(_lines(f"note: {message}"), fg="yellow", err=True)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn errors into a message and an exit code; malformed JSON is the named file's."""
    try:
        yield
    except mm.InfeasibleError as error:
        _stop(INFEASIBLE, str(error))
    except mm.MentormatchError as error:
        _stop(BAD_INPUT, str(error))
    except ValidationError as error:
        _stop(BAD_INPUT, f"{path}: {in_words(error)}")


def _stop(code: int, text: str) -> NoReturn:
    typer.echo(_lines(text), err=True)
    raise typer.Exit(code)


def _lines(text: str) -> str:
    """Keep the lines of a text, and nothing in them that a terminal would obey."""
    return "\n".join(harmless(line) for line in text.splitlines())
