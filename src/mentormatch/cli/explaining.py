"""``mentormatch explain``, ``why-not`` and ``audit``: what a recorded run decided, and why."""

from typing import Annotated, Any, Literal

import typer

from mentormatch.cli.inputs import Source, reads_people
from mentormatch.cli.run import RecordFile, attached
from mentormatch.cli.telling import AsJson, echo_json, lines
from mentormatch.matching.explanation import Audience, Explanation
from mentormatch.matching.tables import harmless

__all__ = ["audit_command", "explain_command", "why_not_command"]

Reader = Annotated[
    Audience,
    typer.Option(
        help="Who will read it. A participant is told of themself and their partner only, a "
        "coordinator also of others, an auditor also of who declined whom.",
    ),
]


@reads_people
def explain_command(
    record: RecordFile,
    source: Source,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="An id.")],
    audience: Reader = "participant",
    as_json: AsJson = False,
) -> None:
    """Say why PERSON has the partner they have, or why they have none."""
    with attached(record, source) as matching:
        _tell(matching.explain(person), audience, as_json)


@reads_people
def why_not_command(
    record: RecordFile,
    source: Source,
    a: Annotated[str, typer.Argument(metavar="A", help="An id.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another id.")],
    audience: Reader = "participant",
    as_json: AsJson = False,
) -> None:
    """Say why A and B are no pair: what forbids it, or what all others would lose by it.

    In rings: why A does not teach B.

    Every participant gets the same answer, whatever the cause: ask for a coordinator to learn it.
    """
    with attached(record, source) as matching:
        _tell(matching.why_not(a, b), audience, as_json)


@reads_people
def audit_command(
    record: RecordFile,
    source: Source,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ATTRIBUTE",
            help="Compare groups of people, such as by gender or department; with --audience "
            "auditor. Groups of fewer than five are not told apart. Repeat for several.",
        ),
    ] = None,
    audience: Annotated[
        Literal["coordinator", "auditor"],
        typer.Option(help="Who will read it; only an auditor is told of groups of people."),
    ] = "coordinator",
    as_json: AsJson = False,
) -> None:
    """Look at the run as a whole: who is better and who worse off, and whom it brings together."""
    if by and audience != "auditor":
        raise typer.BadParameter(
            "groups of people are for an auditor; add --audience auditor", param_hint="--by"
        )
    with attached(record, source) as matching:
        audit = matching.audit(by or ())
        if as_json:
            echo_json({"audience": audience, **audit.to_dict(audience)})
        else:
            typer.echo(lines(audit.text(audience)))


def _tell(why: Explanation, audience: Audience, as_json: bool) -> None:
    text = why.text(audience)
    if not as_json:
        typer.echo(harmless(text))  # in one line: a name cannot begin another
        return
    told: dict[str, Any] = {"audience": audience, "text": text}
    if audience != "participant":
        # Not for a participant: the code alone says why a pair was not made, which the text hides.
        told |= {"code": why.code, "data": dict(why.data)}
    echo_json(told)
