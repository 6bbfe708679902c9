"""All commands, in the order in which somebody needs them."""

import sys
from io import TextIOWrapper

import typer

from mentormatch.cli.check import check_command
from mentormatch.cli.explaining import audit_command, explain_command, why_not_command
from mentormatch.cli.init import init_command
from mentormatch.cli.match import match_command
from mentormatch.cli.verify import verify_command

__all__ = ["app", "main"]

#: What to type, for each command; a paragraph of its help.
EXAMPLES = {
    name: f"Example: mentormatch {name} {arguments}"
    for name, arguments in {
        "init": "first-program",
        "check": "people.csv --program program.json",
        "match": "people.csv --program program.json --out pairs.csv --record run.json "
        "--report page.html",
        "explain": "run.json people.csv grace --audience coordinator",
        "why-not": "run.json people.csv grace hugo --audience coordinator",
        "audit": "run.json people.csv --audience auditor --by department",
        "verify": "run.json people.csv --program program.json",
    }.items()
}
OF_A_RECORD = (
    "Exit codes: 0 the record holds, 2 bad usage, 3 the people, the record or an id cannot be "
    "read, 4 the program's requirements contradict each other for these people, 5 the record does "
    "not hold: it was changed, or PEOPLE are not those of the run."
)


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # profiles must not end up in a traceback
    help="Pair people who can teach each other, and prove that no pairing is better.",
    epilog=f"Begin with: mentormatch init\n\n{EXAMPLES['match']}\n\n"
    "Each command tells more: mentormatch match --help",
)
for name, command, codes in (
    (
        "init",
        init_command,
        "Exit codes: 0 written, 1 a file is there already or cannot be written.",
    ),
    (
        "check",
        check_command,
        (
            "Exit codes: 0 everything can be read, 2 bad usage, 3 faults in the people or the "
            "program, 4 the program's requirements contradict each other."
        ),
    ),
    (
        "match",
        match_command,
        (
            "Exit codes: 0 matched, 1 a file could not be written, 2 bad usage, 3 bad people or "
            "program, 4 the program's requirements contradict each other, 5 the answer failed its "
            "verification."
        ),
    ),
    ("explain", explain_command, OF_A_RECORD),
    ("why-not", why_not_command, OF_A_RECORD),
    ("audit", audit_command, OF_A_RECORD),
    ("verify", verify_command, OF_A_RECORD),
):
    app.command(name, epilog=f"{EXAMPLES[name]}\n\n{codes}")(command)


def main() -> None:
    """Run the command line."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A name that the terminal cannot show must not end a run whose files are written.
        sys.stdout.reconfigure(errors="replace")
    app()
