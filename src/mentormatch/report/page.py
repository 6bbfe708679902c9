"""A page to send round: an answer as one file of HTML that needs no network."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mentormatch.assign.problem import Status
from mentormatch.extras import extra
from mentormatch.matching.explanation import Audience, check_audience
from mentormatch.matching.files import replace_files
from mentormatch.matching.matching import Matching
from mentormatch.report.answer_tables import others_of, pairs_of, rules_of
from mentormatch.report.decision import CHOSEN_TOGETHER, Decision, decision_of
from mentormatch.report.drawn import pictures_of
from mentormatch.report.grid import Grid, grid_of
from mentormatch.report.rendering import css_string, render
from mentormatch.solving.solved import Solved

__all__ = ["check_extra", "html", "page"]

#: The parts of a page, in their order, and who may read each.
SECTIONS = {
    "summary": "Summary",
    "you": "What this means for you",
    "pairs": "Pairs",
    "others": "Without a partner",
    "pictures": "Pictures",
    "audit": "Audit",
    "decision": "How it was decided",
}
FOR_EVERYBODY = ("summary", "you", "decision")

#: What every participant may know of every other: nothing.
FOR_YOU = (
    "You are told yourself whether you have a partner, and who it is. This page tells nobody.",
    (
        f"{CHOSEN_TOGETHER} To be left over says nothing about you, and a pair that was not made "
        "says nothing about either person."
    ),
    "If anything is unclear, or if a partner is not the right one, ask. You need not say why.",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A number that counts, and what it counts."""

    about: str
    value: str


def html(
    matching: Matching,
    path: str | PathLike[str],
    audience: Audience = "coordinator",
    *,
    attributes: Sequence[str] = (),
    title: str = "Who learns from whom",
    dated: date | None = None,
) -> None:
    """Write an answer as a page: one file of HTML that needs no network.

    A coordinator's page has the pairs, in a table to search and sort, everybody without a partner
    and why, pictures, the audit, and how it was decided. An auditor's also compares groups and
    names pairs who would both be better off. A participant's may go to everybody: it says how many
    people have a partner and how that was decided, and nothing of any one of them.

    Nobody's declines can be told from a coordinator's or a participant's page, and what is for the
    audit alone stands on an auditor's only, where it is asked for.

    Parameters
    ----------
    matching
        The answer.
    path
        The file; one that exists is replaced once the new one is complete.
    audience
        Who reads it.
    attributes
        By which groups an auditor's page compares people, as in `Matching.audit`.
    title
        What stands above.
    dated
        A day to name. Without it the same answer gives the same bytes every time.

    Raises
    ------
    MissingExtraError
        When the extra ``report`` is not installed.
    OSError
        When the file cannot be written; what stood there before is still whole.
    ProgramError
        When nobody has such an attribute.
    RecordError
        When the matching was read from a record: `attach` it to its people first.
    ValueError
        When there is no such audience, or attributes are asked for that it may not see.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import mentormatch as mm
    >>> people = mm.read_records(
    ...     [
    ...         {"id": "ana", "teaches": "leading", "wants": "sql"},
    ...         {"id": "bo", "teaches": "sql", "wants": "leading"},
    ...     ]
    ... )
    >>> with TemporaryDirectory() as folder:
    ...     target = Path(folder, "page.html")
    ...     mm.report.html(mm.match(people, mm.Program()), target, audience="participant")
    ...     text = target.read_text(encoding="utf-8")
    >>> "2 of 2" in text, "ana" in text
    (True, False)
    """
    told = page(matching, audience, attributes=attributes, title=title, dated=dated)
    replace_files([(Path(path), told)])


def page(
    matching: Matching,
    audience: Audience = "coordinator",
    *,
    attributes: Sequence[str] = (),
    title: str = "Who learns from whom",
    dated: date | None = None,
) -> str:
    """Return what `html` writes.

    Parameters
    ----------
    matching, audience, attributes, title, dated
        As in `html`.
    """
    check_audience(audience)
    if attributes and audience != "auditor":
        raise ValueError("groups of people are for an auditor; add audience='auditor'")
    solved = matching._attached()
    decision = decision_of(matching, solved)
    common: dict[str, Any] = {
        "title": title,
        "dated": dated,
        "decision": decision,
        "facts": list(_facts(matching, solved, audience)),
    }
    if audience == "participant":
        return render("page.html.jinja", **common, **_for_everybody(decision))
    told = _for_those_who_run_it(matching, audience, attributes, decision)
    pairs = told["pairs"]
    style = _style(pairs) if pairs.rows else ""
    return render("page.html.jinja", style=style, script="report.js", **common, **told)


def check_extra() -> None:
    """Refuse what could not be written, before any long work for it.

    Raises
    ------
    MissingExtraError
        When the extra ``report`` is not installed.
    """
    for library in ("jinja2", "matplotlib"):
        extra(library, "report", "pages")


def _for_everybody(decision: Decision) -> dict[str, Any]:
    """Return what a page says that anybody may read."""
    return {
        "sections": _sections(FOR_EVERYBODY),
        "lead": "How partners were found for this program, and how many people have one.",
        "notes": (),
        "rules": Grid.empty(),
        "proof": [_proven(decision)],
        "you": FOR_YOU,
        "footer": "This page names nobody and may be passed on.",
    }


def _for_those_who_run_it(
    matching: Matching, audience: Audience, attributes: Sequence[str], decision: Decision
) -> dict[str, Any]:
    pairs = pairs_of(matching)
    others = others_of(matching)
    shown = [one for one in SECTIONS if one != "you" and (one != "others" or others)]
    proof = [_proven(decision)]
    if not decision.is_proven:
        proof.append(f"A better one could add {matching.gap:.3g} to the total at most.")
    proof.append(
        "The run record holds prices that prove it. With the record and the profiles anybody can "
        "check it again, without the program that found it: mentormatch verify."
    )
    return {
        "sections": _sections(shown, {"pairs": "Rings"} if matching.layout == "arrows" else {}),
        "lead": f"For {'the auditors' if audience == 'auditor' else 'those who run the program'}: "
        "who is paired with whom, who is not, and how that was decided.",
        "notes": list(_notes(matching)),
        "pairs": pairs,
        "pairs_told": _pairs_told(matching, decision),
        "others": others,
        "pictures": pictures_of(matching, audience),
        "passages": list(_passages(matching, audience, attributes)),
        "rules": rules_of(matching),
        "proof": proof,
        "footer": "This page names people and is not for everybody: keep it as you keep the "
        "profiles. It holds all it needs and loads nothing.",
    }


def _sections(
    shown: Sequence[str], otherwise: Mapping[str, str] = MappingProxyType({})
) -> list[dict[str, str]]:
    """Return parts of a page with their titles, some of which may be called otherwise."""
    titles = {**SECTIONS, **otherwise}
    return [{"id": one, "title": titles[one]} for one in shown]


def _facts(matching: Matching, solved: Solved, audience: Audience) -> Iterator[Fact]:
    taking_part = len(solved.sides.taking_part)
    have = len({person for pair in matching.meetings for person in (pair.a, pair.b)})
    yield Fact("people have a partner", f"{have:,} of {taking_part:,}")
    if matching.layout == "arrows":
        yield Fact("rings", f"{len(matching.rings):,}")
    else:
        yield Fact("pairs", f"{len(matching.pairs):,}")
    if audience != "participant":
        yield Fact("take no part", f"{len(matching.taking_no_part):,}")
        yield Fact("total score", f"{matching.total:,.2f}")
    proven = matching.status is Status.OPTIMAL
    yield Fact("of all answers the rules allow", "Proven best" if proven else "Not proven best")


def _notes(matching: Matching) -> Iterator[str]:
    """Say what is out of the ordinary about an answer."""
    if matching.floor is not None and matching.floor.score is not None:
        yield (
            f"The pair with the lowest score has {matching.floor.score:.2f}, which is as good as "
            "it can be with as many people."
        )
    if matching.trio is not None:
        names = {matching.trio.joiner: matching.trio.meetings[0].a_name}
        names |= {one.b: one.b_name for one in matching.trio.meetings}
        joiner, a, b = (
            names[one] for one in (matching.trio.joiner, matching.trio.a, matching.trio.b)
        )
        yield f"{joiner} joins {a} and {b}, so that nobody is left over who need not be."


def _pairs_told(matching: Matching, decision: Decision) -> str:
    if matching.layout == "arrows":
        return "Ring by ring: everybody teaches the next, and the last one teaches the first."
    best = "The pairs with the highest score come first."
    return best if decision.preferences else f"{best} 1.00 is as much as a pair can be worth."


def _style(pairs: Grid) -> str:
    """Return how wide the columns of pairs are, and how narrow screens name those of skills."""
    widths = {"person": "minmax(0,3fr)", "number": "5rem", "skills": "minmax(0,4fr)"}
    columns = " ".join(widths[column.kind] for column in pairs.columns)
    named = (
        f".pairs td:nth-child({place}):not(:empty)::before"
        f"{{content:{css_string(f'{column.label}: ')}}}"
        for place, column in enumerate(pairs.columns, 1)
        if column.kind == "skills" or (column.kind == "number" and place == 1)
    )
    narrow = f"@media screen and (max-width: 44rem) {{{''.join(named)}}}"
    return f".pairs{{--columns:{columns}}}\n{narrow}"


def _passages(
    matching: Matching, audience: Audience, attributes: Sequence[str]
) -> Iterator[dict[str, Any]]:
    audit = matching.audit(attributes)
    passages = audit.passages("auditor" if audience == "auditor" else "coordinator")
    for place, passage in enumerate(passages):
        table = None
        if passage.header:
            table = grid_of(f"audit-{place}", passage.about, passage.header, passage.rows)
        text = passage.text
        if not passage.is_list:  # a skill is written as people wrote it
            text = text[:1].upper() + text[1:]
        yield {"about": passage.about, "text": text, "table": table}


def _proven(decision: Decision) -> str:
    if decision.is_proven:
        return "Of all answers that the rules allow, none is better. That is proven, not estimated."
    return "The search was stopped before it was proven that no answer is better."
