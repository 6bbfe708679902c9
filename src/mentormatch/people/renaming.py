"""People's skills under the preferred labels of a list of synonyms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.errors import listed
from mentormatch.people.columns import Columns
from mentormatch.people.doubts import counted, warn
from mentormatch.skills.synonyms import Resolution, Synonyms
from mentormatch.skills.vocabulary import SHORTEST_NEAR, Vocabulary, key

__all__ = ["Renamed", "renamed"]


@dataclass(frozen=True, eq=False, slots=True)
class Renamed:
    """Columns whose skills have their preferred labels.

    Parameters
    ----------
    columns
        The people.
    spellings
        How many skills were called otherwise.
    repeating
        Ids of people who list one skill twice now; the highest level counts.
    """

    columns: Columns
    spellings: int
    repeating: tuple[str, ...]


def renamed(columns: Columns, synonyms: Synonyms) -> Renamed:
    """Call every skill by its preferred label, where it is known and means one thing.

    Parameters
    ----------
    columns
        The people.
    synonyms
        The names of skills.

    Returns
    -------
    Renamed

    Warns
    -----
    ProfileWarning
        Of names that may mean several skills, and of unknown ones that look like a known one.
    """
    found = [synonyms.resolve(label) for label in columns.skills.labels]
    _warn_of_ambiguous([one for one in found if one.candidates])
    _warn_of_near([one for one in found if one.suggestions and len(key(one.text)) >= SHORTEST_NEAR])
    labels = [one.label or one.text for one in found]
    skills = Vocabulary.of(labels)
    place = np.array([skills.index(label) for label in labels], dtype=np.int64)
    again: dict[str, None] = {}
    matrices = []
    for levels in (columns.teaches, columns.knows, columns.wants):
        merged, rows = _merged(levels, place, len(skills))
        matrices.append(merged)
        again |= dict.fromkeys(columns.ids[row] for row in rows)
    teaches, knows, wants = matrices
    spellings = sum(one != other for one, other in zip(labels, columns.skills.labels, strict=True))
    changed = replace(columns, skills=skills, teaches=teaches, knows=knows, wants=wants)
    return Renamed(changed, spellings, tuple(again))


def _merged(
    levels: "csr_array[np.float64]", place: NDArray[np.int64], width: int
) -> tuple["csr_array[np.float64]", list[int]]:
    """Move columns to their places; where several meet, a person's highest level counts."""
    row = np.repeat(np.arange(levels.shape[0]), np.diff(levels.indptr))
    column = place[levels.indices]
    order = np.lexsort((-levels.data, column, row))
    row, column, data = row[order], column[order], levels.data[order]
    first = np.ones(len(row), dtype=np.bool_)
    first[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    shape = (levels.shape[0], width)
    merged = csr_array((data[first], (row[first], column[first])), shape=shape)
    return merged, np.unique(row[~first]).tolist()


def _warn_of_ambiguous(found: Sequence[Resolution]) -> None:
    if found:
        names = counted(len(found), "skill has a name", "skills have names")
        told = listed(f"{one.text!r} ({' or '.join(one.candidates)})" for one in found)
        warn(f"{names} of several skills, and stay as written; say which is meant: {told}")


def _warn_of_near(found: Sequence[Resolution]) -> None:
    if found:
        names = counted(len(found), "skill is", "skills are")
        told = listed(f"{one.text!r} ({' or '.join(one.suggestions[:3])}?)" for one in found)
        warn(f"{names} one edit away from a name that is known, but stay as written: {told}")
