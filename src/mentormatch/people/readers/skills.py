"""Synonyms and taxonomies of skills, from files of their own."""

from collections import defaultdict
from collections.abc import Mapping

from mentormatch.errors import Fault, ProfileErrors, nearest
from mentormatch.people.cells import is_whole, plain_text
from mentormatch.people.headings import spelt_as_field
from mentormatch.people.levels import split_list
from mentormatch.people.readers.tables import AnyPath, csv_table
from mentormatch.people.table import Table
from mentormatch.skills.synonyms import Synonyms
from mentormatch.skills.taxonomy import Taxonomy

__all__ = ["read_synonyms", "read_taxonomy"]

#: What each column may be called; the last ones are those of ESCO's published files.
_CALLED = {
    "skill": ("skill", "preferred_label", "preferredlabel"),
    "synonyms": ("synonyms", "synonym", "alternative_labels", "altlabels"),
    "narrower": ("narrower",),
    "broader": ("broader",),
}


def read_synonyms(
    path: AnyPath, *, columns: Mapping[str, str] | None = None, encoding: str = "utf-8"
) -> Synonyms:
    r"""Read other names of skills from a CSV.

    Parameters
    ----------
    path
        A file with the headings ``skill`` and ``synonyms``: a list with semicolons, or one
        synonym a line. The skills file that ESCO publishes is read as it is
        (``preferredLabel``, ``altLabels`` with line breaks).
    columns
        Heading of ``"skill"`` and ``"synonyms"``, when they are not called so.
    encoding
        How the file writes its characters.

    Returns
    -------
    Synonyms
        Lines with the same skill are gathered.

    Raises
    ------
    ProfileErrors
        With every fault of the file: headings that are missing, synonyms of nothing.
    OSError
        When the file cannot be opened.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "synonyms.csv"
    ...     _ = file.write_text("skill,synonyms\nJavaScript,js; ECMAScript\nKubernetes,k8s\n")
    ...     read_synonyms(file).resolve("JS").label
    'JavaScript'
    """
    table = csv_table(path, encoding)
    skills, others, faults = _two_columns(table, "skill", "synonyms", columns or {})
    names: defaultdict[str, list[str]] = defaultdict(list)
    for line, skill, other in zip(table.lines, skills, others, strict=True):
        label = plain_text(skill) or ""
        # ESCO's own files have a line for each; a label of theirs may well hold a semicolon.
        text = plain_text(other) or ""
        listed = text.splitlines() if "\n" in text else split_list(text)
        if not label or not is_whole(label + text):
            allowed = "the preferred label of the skill, without broken characters"
            faults.append(Fault(line, None, "skill", label, allowed))
        else:
            names[label] += listed
    if faults:
        raise ProfileErrors(faults)
    return Synonyms.of(names)


def read_taxonomy(
    path: AnyPath,
    *,
    factor: float = 0.5,
    columns: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
) -> Taxonomy:
    r"""Read which skill is a kind of which from a CSV.

    Parameters
    ----------
    path
        A file with the headings ``narrower`` and ``broader``, a line for each link.
    factor
        What a step from a broader skill to a narrower one leaves of the credit, in [0, 1].
    columns
        Heading of ``"narrower"`` and ``"broader"``, when they are not called so.
    encoding
        How the file writes its characters.

    Returns
    -------
    Taxonomy

    Raises
    ------
    ProfileErrors
        With every fault of the file: headings that are missing, a link with one end.
    ProgramError
        When the links go round in circles.
    OSError
        When the file cannot be opened.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "taxonomy.csv"
    ...     _ = file.write_text("narrower,broader\npandas,Python\n")
    ...     read_taxonomy(file).credit("pandas", "Python")
    1.0
    """
    table = csv_table(path, encoding)
    narrower, broader, faults = _two_columns(table, "narrower", "broader", columns or {})
    links = []
    for line, one, other in zip(table.lines, narrower, broader, strict=True):
        ends = {"narrower": plain_text(one) or "", "broader": plain_text(other) or ""}
        for name, text in ends.items():
            if not text or not is_whole(text):
                allowed = "the name of a skill, without broken characters"
                faults.append(Fault(line, None, name, text, allowed))
        links.append((ends["narrower"], ends["broader"]))
    if faults:
        raise ProfileErrors(faults)
    return Taxonomy.of(links, factor=factor)


def _two_columns(
    table: Table, first: str, second: str, columns: Mapping[str, str]
) -> tuple[list[object], list[object], list[Fault]]:
    """Return the cells of two columns, and what is wrong with the file or its headings."""
    faults = list(table.faults)
    found: list[list[object]] = []
    for field in (first, second):
        wanted = columns.get(field)
        headings = [
            heading
            for heading in table.headings
            if (heading == wanted if wanted else spelt_as_field(heading) in _CALLED[field])
        ]
        if len(headings) == 1:
            found.append(list(table.cells[headings[0]]))
            continue
        remedy = f"columns={{{field!r}: ...}}; {nearest(wanted or field, table.headings)}"
        allowed = f"one heading {wanted or field!r}, or the one that is meant: {remedy}"
        said = ", ".join(headings) or "none of these"
        faults.append(Fault(table.header_line, None, "headings", said, allowed))
    if len(found) < 2:
        raise ProfileErrors(faults)
    return found[0], found[1], faults
