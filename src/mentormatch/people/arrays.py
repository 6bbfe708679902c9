"""Profiles from arrays, checked all at once: for very many people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.people.cells import id_text, is_blank
from mentormatch.people.columns import Column, Columns
from mentormatch.people.participant import MOST_PARTNERS, Participant
from mentormatch.skills.vocabulary import Vocabulary

__all__ = ["columns_from_arrays"]


def columns_from_arrays(
    ids: Iterable[object],
    names: Iterable[object] | None,
    skill_labels: Sequence[str],
    levels: Mapping[str, Any],
    fields: Mapping[str, Any],
    attributes: Mapping[str, Any],
) -> Columns:
    """Check arrays and turn them into columns.

    Parameters
    ----------
    ids, names
        One per person.
    skill_labels
        One per column of the matrices, each skill once.
    levels
        The sparse matrices of teaches, knows and wants.
    fields
        The fields that a rule may read, `None` where not given.
    attributes
        Further columns by name.

    Returns
    -------
    Columns

    Raises
    ------
    ProfileErrors
        Listing everything that is out of range.
    ValueError
        When something has the wrong length or shape, or a name is taken.

    Examples
    --------
    >>> import numpy as np
    >>> one = csr_array(np.array([[1.0]]))
    >>> levels = {"teaches": one, "knows": one, "wants": one}
    >>> columns_from_arrays(["ana"], None, ["sql"], levels, {"rank": [3]}, {}).profile(0).rank
    3.0
    """
    people = [id_text(person) for person in _plain(ids)]
    known = tuple(person or "" for person in people)
    faults = _Faults(known)
    faults.add("id", [person is None for person in people], known, "a text that is not blank")
    count = len(known)
    skills = Vocabulary.of(skill_labels)
    if len(skills) < len(skill_labels):
        raise ValueError("skill_labels name one skill twice; give one label for each skill")
    order = np.argsort([skills.index(label) for label in skill_labels])
    matrices = {
        kind: _matrix(kind, levels[kind], (count, len(skills)), order, skills, faults)
        for kind in ("teaches", "knows", "wants")
    }
    values: dict[str, Column] = {
        "department": _texts("department", fields.get("department"), count),
        "manager_id": _ids(fields.get("manager_id"), count),
        "rank": _numbers("rank", fields.get("rank"), count, -np.inf, np.inf, faults),
        "utc_offset": _numbers("utc_offset", fields.get("utc_offset"), count, -12, 14, faults),
        "languages": _lists(fields.get("languages"), count),
        "location": _texts("location", fields.get("location"), count),
        "capacity": _capacity(fields.get("capacity"), count, faults),
    }
    for name, column in attributes.items():
        if name in Participant.model_fields:
            raise ValueError(f"{name!r} is a field of every profile and cannot be an attribute")
        values[name] = _attribute(name, column, count, faults)
    faults.raise_any()
    nobody: tuple[tuple[str, ...], ...] = ((),) * count
    called = _texts("names", names, count)
    return Columns(
        ids=known,
        names=tuple(str(name or person) for name, person in zip(called, known, strict=True)),
        lines=np.arange(1, count + 1),
        skills=skills,
        values=values,
        past_partners=nobody,
        declines=nobody,
        **matrices,
    )


class _Faults:
    """Collects faults of whole columns."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        self._ids = ids
        self._faults: list[Fault] = []

    def add(self, field: str, wrong: ArrayLike, values: Sequence[object], allowed: str) -> None:
        for row in np.flatnonzero(wrong).tolist():
            self.add_one(row, field, str(values[row]), allowed)

    def add_one(self, row: int, field: str, value: str, allowed: str) -> None:
        self._faults.append(Fault(row + 1, self._ids[row] or None, field, value, allowed))

    def raise_any(self) -> None:
        if self._faults:
            raise ProfileErrors(self._faults)


def _plain(values: Iterable[object]) -> list[object]:
    """Return Python's own values, whatever holds them."""
    return list(values.tolist() if isinstance(values, np.ndarray) else values)


def _of_length(name: str, values: Iterable[object], count: int) -> list[object]:
    found = _plain(values)
    if len(found) != count:
        raise ValueError(f"{name} has {len(found)} values for {count} people; give one for each")
    return found


def _matrix(
    kind: str,
    given: Any,
    shape: tuple[int, int],
    order: NDArray[np.int64],
    skills: Vocabulary,
    faults: _Faults,
) -> "csr_array[np.float64]":
    """Return a matrix in canonical form, its columns in the order of the vocabulary."""
    if given.shape != shape:
        raise ValueError(f"{kind} has shape {given.shape}; give (people, skills) = {shape}")
    matrix: csr_array[np.float64] = csr_array(given, dtype=np.float64, copy=True)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    if shape[1]:
        matrix = matrix[:, order]
    matrix.sort_indices()
    most = np.inf if kind == "wants" else 1.0
    allowed = "a finite priority above 0" if kind == "wants" else "a proficiency above 0, up to 1"
    right = (matrix.data > 0) & (matrix.data <= most) & np.isfinite(matrix.data)
    rows = np.repeat(np.arange(shape[0]), np.diff(matrix.indptr))
    for entry in np.flatnonzero(~right).tolist():
        skill = skills.labels[int(matrix.indices[entry])]
        faults.add_one(int(rows[entry]), kind, f"{skill}: {matrix.data[entry]:g}", allowed)
    return matrix


def _texts(name: str, values: Iterable[object] | None, count: int) -> tuple[str | None, ...]:
    if values is None:
        return (None,) * count
    found = _of_length(name, values, count)
    return tuple(None if is_blank(value) else str(value).strip() for value in found)


def _ids(values: Iterable[object] | None, count: int) -> tuple[str | None, ...]:
    if values is None:
        return (None,) * count
    return tuple(id_text(value) for value in _of_length("manager_id", values, count))


def _numbers(
    name: str, values: Any, count: int, least: float, most: float, faults: _Faults
) -> NDArray[np.float64]:
    if values is None:
        return np.full(count, np.nan)
    numbers = np.array(_of_length(name, values, count), dtype=np.float64)  # NaN for None
    wrong = (numbers < least) | (numbers > most) | np.isinf(numbers)
    allowed = "a finite number" if np.isinf(most) else f"a number from {least:g} to {most:g}"
    faults.add(name, wrong, cast(Sequence[object], numbers), allowed)
    return numbers


def _capacity(values: Any, count: int, faults: _Faults) -> NDArray[np.int64]:
    if values is None:
        return np.ones(count, dtype=np.int64)
    numbers = np.array(_of_length("capacity", values, count), dtype=np.float64)
    wrong = ~((numbers >= 0) & (numbers <= MOST_PARTNERS) & (numbers == np.floor(numbers)))
    allowed = f"a whole number from 0 to {MOST_PARTNERS:,}"
    faults.add("capacity", wrong, cast(Sequence[object], numbers), allowed)
    return np.where(wrong, 0, numbers).astype(np.int64)


def _lists(values: Iterable[Any] | None, count: int) -> tuple[tuple[str, ...], ...]:
    if values is None:
        return ((),) * count
    found = cast(list[Sequence[str] | None], _of_length("languages", values, count))
    return tuple(tuple(words or ()) for words in found)


def _attribute(name: str, values: Iterable[object], count: int, faults: _Faults) -> Column:
    """Return a further column: an array when it is one of numbers, else a tuple."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
        _of_length(name, values, count)
        faults.add(name, np.isinf(values), cast(Sequence[object], values), "a finite number")
        return values.astype(np.float64) if values.dtype.kind == "f" else values.astype(np.int64)
    cells = []
    for row, cell in enumerate(_of_length(name, values, count)):
        kept = tuple(cell) if isinstance(cell, list) else cell
        if is_blank(kept):
            kept = None
        elif isinstance(kept, str):
            kept = kept.strip()
        elif kept in (np.inf, -np.inf) or not isinstance(kept, bool | int | float | tuple):
            allowed = "a text, a finite number, true, false, or a list of texts"
            faults.add_one(row, name, str(kept), allowed)
        cells.append(kept)
    return tuple(cells)
