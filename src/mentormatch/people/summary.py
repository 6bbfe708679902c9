"""What the profiles say, and how they were read, in a few lines of text."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
from numpy.typing import ArrayLike

from mentormatch.people.cells import is_blank
from mentormatch.people.columns import Column, Columns
from mentormatch.people.doubts import counted, wishes_met
from mentormatch.people.links import Links
from mentormatch.people.scales import LevelScale, Scales
from mentormatch.skills.taxonomy import Taxonomy

__all__ = ["Account", "summarise"]

_WIDTH = 100
_NO_BREAK = "\N{NO-BREAK SPACE}"
#: No rule needs a list or a least number, and the line on managers says who names none.
_SPEAK_FOR_THEMSELVES = (
    "teaches",
    "knows",
    "wants",
    "past_partners",
    "prefers",
    "at_least",
    "manager_id",
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account of how a file was read.

    Parameters
    ----------
    scales
        Which way its numbers run.
    headings
        Each field and attribute, and the heading it was read from.
    blanks
        Fields with blank values, and how many.
    listed, bare
        For teaches, knows and wants: how many skills, and how many of them without a number.
    short_rows
        Rows with fewer cells than headings.
    replaced
        What `values` changed: field, text, what it was read as, and how often.
    inactive
        Rows of people who are not active.
    renamed
        Spellings of skills that synonyms replaced.
    notes
        What is to be said about the files: who is in one of them only.
    frame
        Kind of the data frame that the people came in.
    """

    scales: Scales
    headings: tuple[tuple[str, str], ...]
    blanks: tuple[tuple[str, int], ...]
    listed: tuple[tuple[str, int], ...]
    bare: tuple[tuple[str, int], ...]
    short_rows: int
    replaced: tuple[tuple[str, str, object, int], ...] = ()
    inactive: int = 0
    renamed: int = 0
    notes: tuple[str, ...] = ()
    frame: str | None = None


def summarise(
    columns: Columns,
    links: Links,
    given: bool,
    account: Account | None,
    taxonomy: Taxonomy | None = None,
) -> str:
    """Say who the people are and how their profiles were read.

    Parameters
    ----------
    columns
        The people.
    links
        Their ties.
    given
        Whether the reporting tree came from elsewhere.
    account
        How the file was read; `None` for people who came from no file.
    taxonomy
        What gives credit for broader and narrower skills.

    Returns
    -------
    str
        Lines of at most 100 characters, as far as the words allow.
    """
    sizes = [
        counted(columns.teaches.nnz, "offer", "offers"),
        f"{columns.knows.nnz:,} known",
        counted(columns.wants.nnz, "wish", "wishes"),
    ]
    people = counted(len(columns.ids), "person", "people")
    skills = counted(len(columns.skills), "skill", "skills")
    entries = [
        ("columns", _headings(account)),
        ("no skills", _unread(account)),
        *_scales(columns, account),
        ("values", _replaced(account)),
        ("synonyms", _synonyms(account)),
        ("taxonomy", _taxonomy(taxonomy)),
        ("blank", _blanks(columns, account)),
        ("audit only", _audit_only(columns)),
        ("short rows", _short(account)),
        ("wishes met", _met(columns)),
        ("no part", _absent(columns, account)),
        ("managers", _managers(columns, links, given)),
        ("partners", _gone(columns.past_partners, columns, "past partner", "past partners")),
        ("prefers", _gone(columns.prefers, columns, "wished person", "wished people")),
        *(("files", note) for note in (account.notes if account else ())),
    ]
    lines = [f"{people}, {skills} ({', '.join(sizes)})"]
    for label, text in entries:
        if text:
            margin = " " * 13
            lines += wrap(
                text,
                _WIDTH,
                initial_indent=label.ljust(13),
                subsequent_indent=margin,
                break_long_words=False,
                break_on_hyphens=False,
            )
    return "\n".join(lines).replace(_NO_BREAK, " ")


def _unread(account: Account | None) -> str:
    """Ask for the columns without which nobody can learn, where a file has neither."""
    if account is None or {"teaches", "wants"} & {field for field, _ in account.headings}:
        return ""
    return (
        "no column is read as teaches and none as wants, and without them there are no pairs; "
        'name them in columns, such as {"teaches": "Good at", "wants": "Would like to learn"}'
    )


def _unbroken(text: str) -> str:
    """Keep a name and its count on one line."""
    return text.replace(" ", _NO_BREAK)


def _count(mask: ArrayLike) -> int:
    return int(np.count_nonzero(mask))


def _headings(account: Account | None) -> str:
    if account is None:
        return ""
    return ", ".join(
        _unbroken(field if field == heading else f"{field} <- {heading!r}")
        for field, heading in account.headings
    )


def _scales(columns: Columns, account: Account | None) -> list[tuple[str, str]]:
    ranked = not np.isnan(np.asarray(columns.values["rank"], dtype=np.float64)).all()
    if account is None:
        return [
            ("proficiency", "up to 1, higher is better"),
            ("priority", "higher is wished more"),
            ("rank", "higher is more senior" if ranked else "not given"),
        ]
    scales = account.scales
    proficiency, priority = scales.proficiency_scale(), scales.priority_scale()
    return [
        ("proficiency", proficiency.direction + _bare(account, ("teaches", "knows"), proficiency)),
        ("priority", priority.direction + _bare(account, ("wants",), priority)),
        ("rank", scales.rank_scale().direction if ranked else "not given"),
    ]


def _bare(account: Account, kinds: tuple[str, ...], scale: LevelScale) -> str:
    """Say how many levels were not given and what they were read as."""
    listed = sum(count for kind, count in account.listed if kind in kinds)
    bare = sum(count for kind, count in account.bare if kind in kinds)
    return f"; {bare:,} of {listed:,} without a number read as {scale.default}" if bare else ""


def _replaced(account: Account | None) -> str:
    if account is None:
        return ""
    return "; ".join(
        f"{field}: {text!r} read as {_value(value)}, {counted(count, 'time', 'times')}"
        for field, text, value, count in account.replaced
    )


def _synonyms(account: Account | None) -> str:
    if account is None or not account.renamed:
        return ""
    return counted(account.renamed, "spelling", "spellings") + " read as the preferred label"


def _taxonomy(taxonomy: Taxonomy | None) -> str:
    if taxonomy is None:
        return ""
    links = counted(len(taxonomy), "link", "links")
    return (
        f"{links}; a narrower skill meets a broader wish, a broader one {taxonomy.factor:g} of it "
        "for each step"
    )


def _value(value: object) -> str:
    return "blank" if is_blank(value) else repr(value)


def _blanks(columns: Columns, account: Account | None) -> str:
    """Count blank values in the columns that were given."""
    if account is not None:
        blanks = dict(account.blanks)
    else:
        blanks = {field: _count_blank(column) for field, column in columns.values.items()}
        blanks = {field: n for field, n in blanks.items() if 0 < n < len(columns.ids)}
    blanks = {field: n for field, n in blanks.items() if field not in columns.audit_only}
    assumed = {"capacity": " (read as 1)", "name": " (read as the id)"}
    counts = ", ".join(
        _unbroken(f"{field} {n:,}{assumed.get(field, '')}") for field, n in blanks.items()
    )
    if set(blanks) <= {*assumed, *_SPEAK_FOR_THEMSELVES}:
        return counts
    return (
        f'{counts}; a rule stops at a blank unless it says missing="allow" or "forbid", and '
        "whoever has a blank side takes no part"
    )


def _audit_only(columns: Columns) -> str:
    if not columns.audit_only:
        return ""
    names = ", ".join(map(_unbroken, sorted(columns.audit_only)))
    return f"{names}; no rule, side, preference or score reads them, and no message shows them"


def _count_blank(column: Column) -> int:
    if isinstance(column, np.ndarray):
        return int(np.isnan(column).sum())
    return sum(is_blank(cell) or cell == () for cell in column)


def _short(account: Account | None) -> str:
    if account is None or not account.short_rows:
        return ""
    have = counted(account.short_rows, "row has", "rows have")
    return f"{have} fewer cells than the header; what is missing was read as blank"


def _met(columns: Columns) -> str:
    met = wishes_met(columns)
    if not met.nnz:
        return ""
    of_each = np.diff(met.indptr)
    wishes = counted(met.nnz, "wish", "wishes")
    people = counted(_count(of_each), "person", "people")
    left = _count((of_each > 0) & (of_each == np.diff(columns.wants.indptr)))
    none = counted(left, "person has", "people have")
    verb = "is" if met.nnz == 1 else "are"
    return (
        f"{wishes} of {people} {verb} for what they have in full already, and "
        f"{'does' if met.nnz == 1 else 'do'} not count; {none} no other wish"
    )


def _absent(columns: Columns, account: Account | None) -> str:
    absent = _count(np.asarray(columns.values["capacity"]) == 0)
    inactive = account.inactive if account else 0
    parts = []
    if inactive:
        parts.append(f"{counted(inactive, 'person', 'people')} not active")
    if absent > inactive:
        parts.append(f"{counted(absent - inactive, 'person', 'people')} with capacity 0")
    return ", ".join(parts)


def _managers(columns: Columns, links: Links, given: bool) -> str:
    tree = links.organisation
    bosses = tree.managers_of(links.place)
    outside = np.append(tree.outside, False)[bosses]
    unlisted = _count((links.place < 0) | np.append(tree.outside, False)[links.place])
    none = _count(bosses < 0)
    if given:
        listed = len(tree.ids) - _count(tree.outside)
        text = f"in an organisation of {listed:,}"
        return text + (
            f"; {counted(unlisted, 'person is', 'people are')} not in it" if unlisted else ""
        )
    if none == len(columns.ids):
        return "not given"
    parts = [f"{counted(none, 'person names', 'people name')} no manager"] if none else []
    absent = _count(outside)
    if absent:
        parts.append(
            f"{counted(absent, 'person names', 'people name')} one who is not among the people"
        )
    return "from the people themselves" + (f"; {', '.join(parts)}" if parts else "")


def _gone(lists: Sequence[tuple[str, ...]], columns: Columns, one: str, many: str) -> str:
    """Count named people who are gone: nothing is wrong with that, unless it is most of them."""
    known = set(columns.ids)
    named = [person for people in lists for person in set(people)]
    gone = sum(person not in known for person in named)
    if not gone:
        return ""
    of_all = f"{gone:,} of {counted(len(named), one, many)}"
    return f"{of_all} {'is' if gone == 1 else 'are'} not among these people"
