"""Profiles from arrays, checked all at once: for very many people."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.people.array_columns import ColumnReader
from mentormatch.people.cells import is_whole
from mentormatch.people.columns import Column, Columns, capacities
from mentormatch.people.participant import MOST_PRIORITY, Participant
from mentormatch.skills.vocabulary import Vocabulary

__all__ = ["columns_from_arrays"]


def columns_from_arrays(
    ids: Iterable[object],
    names: Iterable[object] | None,
    skill_labels: Sequence[str],
    levels: Mapping[str, Any],
    fields: Mapping[str, Any],
    attributes: Mapping[str, Any],
    hidden: Collection[str] = (),
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
        The fields that a rule may read, `at_least` and `prefers`; `None` where not given.
    attributes
        Further columns by name.
    hidden
        Those whose values no fault shows.

    Returns
    -------
    Columns

    Raises
    ------
    ProfileErrors
        Listing everything that is out of range.
    ValueError
        When something has the wrong length or shape, a name is taken, or a skill is no text.

    Examples
    --------
    >>> import numpy as np
    >>> one = csr_array(np.array([[1.0]]))
    >>> levels = {"teaches": one, "knows": one, "wants": one}
    >>> columns_from_arrays(["ana"], None, ["sql"], levels, {"rank": [3]}, {}).profile(0).rank
    3.0
    """
    reader = ColumnReader(ids, hidden)
    count = len(reader.known)
    skills = _vocabulary(skill_labels)
    order = np.argsort([skills.index(label) for label in skill_labels])
    matrices = {
        kind: _matrix(kind, levels[kind], (count, len(skills)), order, skills, reader)
        for kind in ("teaches", "knows", "wants")
    }
    called = reader.texts("names", names)
    most, least = reader.partners(fields.get("capacity"), fields.get("at_least"))
    nobody: tuple[tuple[str, ...], ...] = ((),) * count
    prefers = reader.wishes(fields.get("prefers"), nobody)
    values: dict[str, Column] = {
        "department": reader.texts("department", fields.get("department")),
        "manager_id": reader.managers(fields.get("manager_id")),
        "rank": reader.numbers("rank", fields.get("rank")),
        "utc_offset": reader.numbers("utc_offset", fields.get("utc_offset"), -12, 14),
        "languages": reader.lists("languages", fields.get("languages")),
        "location": reader.texts("location", fields.get("location")),
        "capacity": capacities(most),
    }
    for name, column in attributes.items():
        if name in Participant.model_fields:
            raise ValueError(f"{name!r} is a field of every profile and cannot be an attribute")
        values[name] = reader.attribute(name, column)
    reader.raise_faults()
    return Columns(
        ids=reader.known,
        names=tuple(
            person if said is None else said
            for said, person in zip(called, reader.known, strict=True)
        ),
        lines=np.arange(1, count + 1),
        skills=skills,
        values=values,
        past_partners=nobody,
        declines=nobody,
        prefers=prefers,
        most=most,
        least=least,
        audit_only=frozenset(),  # until somebody says so: `kept_for_audit`
        **matrices,
    )


def _vocabulary(labels: Sequence[str]) -> Vocabulary:
    for place, label in enumerate(cast(Sequence[object], labels)):
        if not isinstance(label, str) or not is_whole(label):
            raise ValueError(
                f"skill_labels[{place}] is {label!r}; give text without broken characters"
            )
    skills = Vocabulary.of(labels)
    if len(skills) < len(labels):
        raise ValueError("skill_labels name one skill twice; give one label for each skill")
    return skills


def _matrix(
    kind: str,
    given: Any,
    shape: tuple[int, int],
    order: NDArray[np.int64],
    skills: Vocabulary,
    reader: ColumnReader,
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
    word, most = ("priority", MOST_PRIORITY) if kind == "wants" else ("proficiency", 1.0)
    right = (matrix.data > 0) & (matrix.data <= most)  # neither holds for NaN
    rows = np.repeat(np.arange(shape[0]), np.diff(matrix.indptr))
    for entry in np.flatnonzero(~right).tolist():
        skill = skills.labels[int(matrix.indices[entry])]
        said = f"{skill}: {matrix.data[entry]:g}"
        reader.refuse(int(rows[entry]), kind, said, f"a {word} above 0, up to {most:,.0f}")
    return matrix
