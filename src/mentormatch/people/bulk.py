"""Plain columns read all at once, for very many people.

A million profiles take minutes one by one, and seconds column by column. Only what is plain is read
here: at the first value that is wrong, doubtful or merely unusual this gives up, and the table is
read row by row (`ProfileReader`), which knows the words for every fault. Both ways give the same
people; a law holds them together.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.errors import ProfileErrors
from mentormatch.people.array_columns import ColumnReader
from mentormatch.people.cells import is_blank, is_whole
from mentormatch.people.columns import Column, Columns
from mentormatch.people.headings import Headings
from mentormatch.people.kinds import Kind, as_kind
from mentormatch.people.levels import (
    DoubtfulLevelError,
    Signs,
    parse_level,
    split_items,
    split_list,
)
from mentormatch.people.profiles import LevelCount
from mentormatch.people.reading import Reading
from mentormatch.people.replacements import Replacements
from mentormatch.people.scales import LevelScale
from mentormatch.people.table import Table
from mentormatch.skills.vocabulary import Vocabulary

__all__ = ["Bulk", "read_plain_columns"]

Cells = Sequence[object]


class _NotPlainError(Exception):
    """Something needs a closer look than this module takes."""


@dataclass(frozen=True, eq=False, slots=True)
class Bulk:
    """What plain columns say.

    Parameters
    ----------
    columns
        The people.
    counts
        For teaches, knows and wants, how many skills came without a number.
    blanks
        By field, how many values are blank.
    """

    columns: Columns
    counts: dict[str, LevelCount]
    blanks: dict[str, int]


@dataclass(frozen=True, eq=False, slots=True)
class _Skills:
    """The skills of one column: for each use the row, the spelling and the level."""

    rows: NDArray[np.int64]
    spellings: list[str]
    levels: list[float]
    count: LevelCount


def read_plain_columns(
    table: Table, headings: Headings, reading: Reading, replacements: Replacements
) -> Bulk | None:
    """Read a table column by column, if all of it is plain.

    Parameters
    ----------
    table
        What the file says.
    headings
        What each heading means.
    reading
        How it is to be read.
    replacements
        What texts stand for; they count what they replace, and forget it when this gives up.

    Returns
    -------
    Bulk or None
        `None` when anything must be read row by row: a fault, a doubt, a skill listed twice, an
        offset such as "UTC+2", lists in cells, or a reading of active rows.

    Examples
    --------
    >>> table = Table(("id", "teaches"), {"id": ("ana",), "teaches": ("sql:4",)}, (2,))
    >>> headings = Headings({"id": "id", "teaches": "teaches"}, (), ())
    >>> replacements = Replacements({}, headings, 1)
    >>> read_plain_columns(table, headings, Reading(), replacements).columns.teaches.toarray()
    array([[0.8]])
    """
    if reading.active or table.active:
        return None
    try:
        return _read(table, headings, reading, replacements)
    except (_NotPlainError, DoubtfulLevelError, ProfileErrors):
        replacements.forget()
        return None


def _read(table: Table, headings: Headings, reading: Reading, replacements: Replacements) -> Bulk:
    cells = {
        field: replacements.column(field, table.cells[heading])
        for field, heading in headings.fields.items()
    }
    signs, scales = reading.signs, reading.scales
    reader = ColumnReader(cells["id"])
    scale_of = {
        "teaches": scales.proficiency_scale(),
        "knows": scales.proficiency_scale(),
        "wants": scales.priority_scale(),
    }
    found = {kind: _skills(cells.get(kind, ()), scale_of[kind], signs) for kind in scale_of}
    skills = Vocabulary.of(chain.from_iterable(one.spellings for one in found.values()))
    place = {name: skills.index(name) for one in found.values() for name in set(one.spellings)}
    shape = (len(table), len(skills))
    matrices = {kind: _matrix(one, place, shape) for kind, one in found.items()}
    values: dict[str, Column] = {
        "department": reader.texts("department", cells.get("department")),
        "manager_id": reader.managers(cells.get("manager_id")),
        "rank": _ranks(cells.get("rank"), reading, reader),
        "utc_offset": reader.numbers("utc_offset", cells.get("utc_offset"), -12, 14),
        "languages": _lists(cells.get("languages"), len(table), signs),
        "location": reader.texts("location", cells.get("location")),
        "capacity": reader.capacities(cells.get("capacity")),
    }
    for name in headings.attributes:
        kind = reading.types.get(name)
        own = list(cells[name]) if kind is None else _of_kind(cells[name], kind, signs)
        values[name] = reader.attribute(name, own)
    names = reader.texts("name", cells.get("name"))
    reader.raise_faults()
    people = reader.known
    columns = Columns(
        ids=people,
        names=tuple(name or person for name, person in zip(names, people, strict=True)),
        lines=np.array(table.lines, dtype=np.int64),
        skills=skills,
        values=values,
        past_partners=_others(cells.get("past_partners"), people, signs),
        declines=_others(cells.get("declines"), people, signs),
        **matrices,
    )
    blanks = {field: sum(map(is_blank, column)) for field, column in cells.items()}
    return Bulk(columns, {kind: one.count for kind, one in found.items()}, blanks)


def _skills(cells: Cells, scale: LevelScale, signs: Signs) -> _Skills:
    """Take lists of skills apart, each distinct item once."""
    known: dict[str, tuple[str, float | None]] = {}
    ends: list[int] = []
    spellings: list[str] = []
    levels: list[float] = []
    count = LevelCount()
    plain = _is_plain(cells, signs)
    for cell in cells:
        if is_blank(cell):
            ends.append(len(spellings))
            continue
        if not isinstance(cell, str):
            raise _NotPlainError
        for item in cell.split(signs.items) if plain else split_items(cell, signs):
            if item not in known:
                bare = item.strip()
                nothing = ("", None)
                parsed = parse_level(bare, scale.accepts, scale.words, signs) if bare else nothing
                known[item] = parsed
            skill, number = known[item]
            if skill:
                spellings.append(skill)
                levels.append(1.0 if number is None else scale.stored(number))
                count.bare += number is None
        ends.append(len(spellings))
    count.listed = len(spellings)
    if not is_whole("".join(set(spellings))):
        raise _NotPlainError
    until = np.array([0, *ends], dtype=np.int64)
    rows = np.repeat(np.arange(len(ends)), until[1:] - until[:-1])
    return _Skills(rows, spellings, levels, count)


def _is_plain(cells: Cells, signs: Signs) -> bool:
    """Tell whether no cell has a backslash or a separator of unusual width."""
    unusual = re.compile(f"[{re.escape(signs.unusual)}]")
    return not any(isinstance(cell, str) and unusual.search(cell) for cell in cells)


def _matrix(
    skills: _Skills, place: Mapping[str, int], shape: tuple[int, int]
) -> "csr_array[np.float64]":
    columns = np.fromiter((place[name] for name in skills.spellings), np.int64, len(skills.levels))
    keys = skills.rows * max(1, shape[1]) + columns
    order = np.argsort(keys, kind="stable")
    if len(keys) and (np.diff(keys[order]) == 0).any():
        raise _NotPlainError  # a skill twice in one list
    matrix = csr_array((np.array(skills.levels, float), (skills.rows, columns)), shape=shape)
    matrix.sort_indices()
    return matrix


def _ranks(cells: Cells | None, reading: Reading, reader: ColumnReader) -> Column:
    if cells is None or reading.scales.rank is None:
        return reader.numbers("rank", cells)
    scale = reading.scales.rank_scale()
    if not set(map(type, cells)) <= {str, int, float, type(None)}:
        raise _NotPlainError
    known = {cell: np.nan if is_blank(cell) else scale.read(cell) for cell in set(cells)}
    if None in known.values():
        raise _NotPlainError
    return np.array([known[cell] for cell in cells], dtype=np.float64)


def _of_kind(cells: Cells, kind: Kind, signs: Signs) -> list[object]:
    """Read each distinct cell of an attribute as its kind."""
    if not set(map(type, cells)) <= {str, int, float, bool, type(None)}:
        raise _NotPlainError
    pairs = [(type(cell), cell) for cell in cells]  # 1 and True are equal, but not the same
    known = {one: None if is_blank(one[1]) else as_kind(one[1], kind, signs) for one in set(pairs)}
    if any(value is None and not is_blank(cell) for (_, cell), value in known.items()):
        raise _NotPlainError
    return [known[one] for one in pairs]


def _lists(cells: Cells | None, count: int, signs: Signs) -> tuple[tuple[str, ...], ...]:
    """Take plain lists apart, each distinct cell once."""
    if cells is None:
        return ((),) * count
    known: dict[str | None, tuple[str, ...]] = {None: ()}
    lists = []
    for cell in cells:
        text = None if is_blank(cell) else cell
        if not isinstance(text, str | None):
            raise _NotPlainError
        if text not in known:
            known[text] = split_list(str(text), signs)
        lists.append(known[text])
    if not is_whole("".join(chain.from_iterable(known.values()))):
        raise _NotPlainError
    return tuple(lists)


def _others(
    cells: Cells | None, people: Sequence[str], signs: Signs
) -> tuple[tuple[str, ...], ...]:
    lists = _lists(cells, len(people), signs)
    if any(person in others for person, others in zip(people, lists, strict=True)):
        raise _NotPlainError
    return lists
