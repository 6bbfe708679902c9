"""A taxonomy folded into the skill matrices, so that scores and solvers need not know of it."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.people.columns import Columns, sealed
from mentormatch.skills.taxonomy import Taxonomy

__all__ = ["Folding"]

Matrix = "csr_array[np.float64]"
Rows = NDArray[np.int64]

#: How many cells of the table people x skills are held in memory at a time.
CELLS_AT_ONCE = 1 << 22


@dataclass(frozen=True, eq=False, slots=True)
class Folding:
    """What people can teach and have once broader and narrower skills count.

    Parameters
    ----------
    taxonomy
        Which skill is a kind of which.
    teaches, knows
        Levels with credit: ``max over u of credit(u, s) * level(u)``; shape (n, skills). A
        skill that nobody wishes for stays as people gave it.
    source
        For every entry of `teaches`, the skill that the person really offers; same entries.

    Notes
    -----
    What a person has is folded as what they teach is, so that nobody is taught what they have: a
    wish for Python of someone who has pandas in full is met already.
    """

    taxonomy: Taxonomy
    teaches: "csr_array[np.float64]"
    knows: "csr_array[np.float64]"
    source: "csr_array[np.int64]"

    @classmethod
    def of(
        cls, columns: Columns, taxonomy: Taxonomy, wished: NDArray[np.bool_] | None = None
    ) -> Self:
        """Fold a taxonomy into people's skills.

        Parameters
        ----------
        columns
            The people.
        taxonomy
            Which skill is a kind of which.
        wished
            Which skills count; those that one of the people wishes for by default.

        Returns
        -------
        Folding
        """
        credit = taxonomy.credits(columns.skills)
        if wished is None:
            wished = np.bincount(columns.wants.indices, minlength=len(columns.skills)) > 0
        teaches, source = _folded(columns.teaches, credit, wished)
        knows, _ = _folded(columns.knows, credit, wished)
        return cls(taxonomy, sealed(teaches), sealed(knows), sealed(source))

    def real_skills(self, rows: Rows, skills: Rows) -> Rows:
        """Return which skill each person really offers where one is met.

        Parameters
        ----------
        rows
            Rows of people.
        skills
            A skill that each of them meets, as a column of `teaches`.

        Returns
        -------
        ndarray of int64
            Columns of the skills that they named; shape (len(rows),).
        """
        width = self.source.shape[1]
        entries = np.repeat(np.arange(self.source.shape[0]), np.diff(self.source.indptr))
        stored = entries * width + self.source.indices
        found: Rows = self.source.data[np.searchsorted(stored, rows * width + skills)]
        return found


def _folded(
    levels: "csr_array[np.float64]", credit: "csr_array[np.float64]", wished: NDArray[np.bool_]
) -> tuple["csr_array[np.float64]", "csr_array[np.int64]"]:
    """Return the best credited level of every person and skill, and the skill it comes from."""
    people, skills = levels.shape
    step = max(1, CELLS_AT_ONCE // max(1, skills))
    parts = [
        _folded_block(levels[first : first + step], credit, wished)
        for first in range(0, people, step)
    ]
    indptr = np.concatenate([[0], np.cumsum(np.concatenate([part[0] for part in parts]))])
    columns = np.concatenate([part[1] for part in parts])
    shape = (people, skills)
    data = np.concatenate([part[2] for part in parts])
    source = np.concatenate([part[3] for part in parts])
    return csr_array((data, columns, indptr), shape=shape), csr_array(
        (source, columns.copy(), indptr.copy()), shape=shape
    )


def _folded_block(
    levels: "csr_array[np.float64]", credit: "csr_array[np.float64]", wished: NDArray[np.bool_]
) -> tuple[Rows, Rows, NDArray[np.float64], Rows]:
    """Fold some people: entries per person, and column, level and source of each entry."""
    people, skills = levels.shape
    count = np.diff(credit.indptr)[levels.indices]
    ends = np.cumsum(count)
    entry = np.repeat(np.arange(len(count)), count)
    link = np.arange(len(entry)) + np.repeat(credit.indptr[levels.indices] - (ends - count), count)
    taught = levels.indices[entry].astype(np.int64)
    met = credit.indices[link].astype(np.int64)
    useful = wished[met] | (met == taught)
    entry, link, taught, met = entry[useful], link[useful], taught[useful], met[useful]
    row = np.repeat(np.arange(people), np.diff(levels.indptr))[entry]
    worth = levels.data[entry] * credit.data[link]
    cell = row * skills + met
    best = np.zeros(people * skills)
    np.maximum.at(best, cell, worth)
    source = np.zeros(people * skills, dtype=np.int64)
    # Of equal ones the skill itself counts, then the first in the vocabulary: the last one written.
    for wins in (worth == best[cell]) & (met != taught), (worth == best[cell]) & (met == taught):
        source[cell[wins][::-1]] = taught[wins][::-1]
    filled = np.flatnonzero(best)
    width = max(1, skills)
    per_person = np.bincount(filled // width, minlength=people)
    return per_person, filled % width, best[filled], source[filled]
