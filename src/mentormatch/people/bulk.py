"""Plain columns read all at once, for very many people.

A million profiles take minutes one by one, and seconds column by column. At the first value that is
wrong, or of a kind that files rarely have, this gives up, and rows are read one by one
(`ProfileReader`), which knows the words for every fault. Both ways give the same people; a law
holds them together.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.errors import ProfileErrors
from mentormatch.people.array_columns import ColumnReader
from mentormatch.people.cells import is_blank, is_whole
from mentormatch.people.columns import Column, Columns, capacities
from mentormatch.people.kinds import Kind, as_kind
from mentormatch.people.levels import (
    DoubtfulLevelError,
    Signs,
    parse_level,
    split_items,
    split_list,
)
from mentormatch.people.profiles import LevelCount, offset_hours
from mentormatch.people.reading import Reading
from mentormatch.people.scales import LevelScale
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
    repeating
        Ids of people who list one skill twice.
    """

    columns: Columns
    counts: dict[str, LevelCount]
    repeating: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class _Skills:
    """The skills of one column: for each use the row, the spelling and the level."""

    rows: NDArray[np.int64]
    spellings: list[str]
    levels: list[float]
    count: LevelCount
    repeating: list[int]  # rows that list a spelling twice


def read_plain_columns(
    cells: Mapping[str, Cells], lines: Sequence[int], attributes: Sequence[str], reading: Reading
) -> Bulk | None:
    """Read columns, if all of them are plain.

    Parameters
    ----------
    cells
        By field and attribute, one per row.
    lines
        Where each row stands.
    attributes
        Which of the columns are attributes.
    reading
        How they are to be read.

    Returns
    -------
    Bulk or None
        `None` when anything must be read row by row: a fault, or a mapping in a cell.

    Examples
    --------
    >>> cells = {"id": ("ana",), "teaches": ("sql:4",)}
    >>> read_plain_columns(cells, (2,), (), Reading()).columns.teaches.toarray()
    array([[0.8]])
    """
    try:
        return _read(cells, lines, attributes, reading)
    except (_NotPlainError, DoubtfulLevelError, ProfileErrors):
        return None


def _read(
    cells: Mapping[str, Cells], lines: Sequence[int], attributes: Sequence[str], reading: Reading
) -> Bulk:
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
    shape = (len(lines), len(skills))
    matrices = {}
    repeating = sorted({row for one in found.values() for row in one.repeating})
    for field, one in found.items():
        matrices[field], again = _matrix(one, place, shape)
        repeating += again
    most, least = reader.partners(cells.get("capacity"), cells.get("at_least"))
    values: dict[str, Column] = {
        "department": reader.texts("department", cells.get("department")),
        "manager_id": reader.managers(cells.get("manager_id")),
        "rank": _ranks(cells.get("rank"), reading, reader),
        "utc_offset": _each(cells.get("utc_offset"), offset_hours, reader),
        "languages": _lists("languages", cells, reader, signs),
        "location": reader.texts("location", cells.get("location")),
        "capacity": capacities(most),
    }
    for name in attributes:
        kind = reading.types.get(name)
        own = list(cells[name]) if kind is None else _of_kind(cells[name], kind, signs)
        values[name] = reader.attribute(name, own)
    names = reader.texts("name", cells.get("name"))
    past_partners = _others("past_partners", cells, reader, signs)
    declines = _others("declines", cells, reader, signs)
    prefers = _wishes(cells, declines, reader, signs)
    reader.raise_faults()
    people = reader.known
    columns = Columns(
        ids=people,
        names=tuple(name or person for name, person in zip(names, people, strict=True)),
        lines=np.array(lines, dtype=np.int64),
        skills=skills,
        values=values,
        past_partners=past_partners,
        declines=declines,
        prefers=prefers,
        most=most,
        least=least,
        audit_only=frozenset(),  # until somebody says so: `kept_for_audit`
        **matrices,
    )
    counts = {kind: one.count for kind, one in found.items()}
    return Bulk(columns, counts, tuple(dict.fromkeys(people[row] for row in repeating)))


def _skills(cells: Cells, scale: LevelScale, signs: Signs) -> _Skills:
    """Take lists of skills apart, each distinct item once."""
    known: dict[str, tuple[str, float | None]] = {}
    ends: list[int] = []
    spellings: list[str] = []
    levels: list[float] = []
    count = LevelCount()
    repeating: list[int] = []
    plain = _is_plain(cells, signs)
    for row, cell in enumerate(cells):
        if is_blank(cell):
            ends.append(len(spellings))
            continue
        items = _items(cell, plain, signs)
        first = len(spellings)
        for item in items:
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
        count.listed += len(spellings) - first
        if len(set(spellings[first:])) < len(spellings) - first:
            repeating.append(row)
            best: dict[str, float] = {}
            for skill, level in zip(spellings[first:], levels[first:], strict=True):
                best[skill] = max(level, best.get(skill, 0.0))
            spellings[first:], levels[first:] = best.keys(), best.values()
        ends.append(len(spellings))
    if not is_whole("".join(set(spellings))):
        raise _NotPlainError
    until = np.array([0, *ends], dtype=np.int64)
    rows = np.repeat(np.arange(len(ends)), until[1:] - until[:-1])
    return _Skills(rows, spellings, levels, count, repeating)


def _items(cell: object, plain: bool, signs: Signs) -> Sequence[str]:
    if isinstance(cell, str):
        return cell.split(signs.items) if plain else split_items(cell, signs)
    if isinstance(cell, list | tuple) and all(isinstance(item, str) for item in cell):
        return cell
    raise _NotPlainError


def _is_plain(cells: Cells, signs: Signs) -> bool:
    """Tell whether no cell has a backslash or a separator of unusual width."""
    unusual = re.compile(f"[{re.escape(signs.unusual)}]")
    return not any(isinstance(cell, str) and unusual.search(cell) for cell in cells)


def _matrix(
    skills: _Skills, place: Mapping[str, int], shape: tuple[int, int]
) -> tuple["csr_array[np.float64]", list[int]]:
    """Return the levels as a matrix, and the rows that list one skill in two spellings."""
    columns = np.fromiter((place[name] for name in skills.spellings), np.int64, len(skills.levels))
    width = max(1, shape[1])
    keys, where = np.unique(skills.rows * width + columns, return_inverse=True)
    levels = np.zeros(len(keys))
    np.maximum.at(levels, where, np.array(skills.levels, dtype=np.float64))
    again = keys[np.bincount(where, minlength=len(keys)) > 1] // width
    matrix = csr_array((levels, (keys // width, keys % width)), shape=shape)
    matrix.sort_indices()
    return matrix, again.tolist()


def _ranks(cells: Cells | None, reading: Reading, reader: ColumnReader) -> Column:
    if reading.scales.rank is None:
        return reader.numbers("rank", cells)
    return _each(cells, reading.scales.rank_scale().read, reader)


def _each(
    cells: Cells | None, read: Callable[[object], float | None], reader: ColumnReader
) -> NDArray[np.float64]:
    """Read each distinct cell of a column as a number; NaN where it is blank."""
    if cells is None:
        return np.full(len(reader.known), np.nan)
    if not set(map(type, cells)) <= {str, int, float, type(None)}:
        raise _NotPlainError
    known = {cell: np.nan if is_blank(cell) else read(cell) for cell in set(cells)}
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


def _lists(
    field: str, cells: Mapping[str, Cells], reader: ColumnReader, signs: Signs
) -> tuple[tuple[str, ...], ...]:
    """Take lists apart, each distinct text once."""
    if field not in cells:
        return ((),) * len(reader.known)
    return reader.lists(field, _apart(cells[field], signs))


def _apart(cells: Cells, signs: Signs) -> list[object]:
    known = {text: split_list(text, signs) for text in cells if isinstance(text, str)}
    return [known[cell] if isinstance(cell, str) else cell for cell in cells]


def _others(
    field: str, cells: Mapping[str, Cells], reader: ColumnReader, signs: Signs
) -> tuple[tuple[str, ...], ...]:
    people, lists = reader.known, _lists(field, cells, reader, signs)
    if any(person in others for person, others in zip(people, lists, strict=True)):
        raise _NotPlainError
    return lists


def _wishes(
    cells: Mapping[str, Cells],
    declines: tuple[tuple[str, ...], ...],
    reader: ColumnReader,
    signs: Signs,
) -> tuple[tuple[str, ...], ...]:
    if "prefers" not in cells:
        return ((),) * len(reader.known)
    return reader.wishes(_apart(cells["prefers"], signs), declines)
