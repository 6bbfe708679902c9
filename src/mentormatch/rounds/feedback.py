"""What people answered, column by column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentormatch.matching.matching import Matching

__all__ = ["Feedback"]

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Feedback:
    """Answers about pairs, a row each: who answered, about which pair, when and what.

    Made by `read_feedback`. Whoever would not go on with a partner says so in confidence, as with
    ``declines``: keep feedback as you keep these.

    Attributes
    ----------
    a, b : tuple of str
        Ids of the two people of the pair.
    by : tuple of str
        Which of the two answers.
    dates : numpy.ndarray of datetime64[D]
        When.
    met : numpy.ndarray of float64
        Whether the two have met since the answer before: 1 or 0; NaN where nothing is said, as in
        all of these.
    hours : numpy.ndarray of float64
        For how many hours since then, 0 or more.
    fit : numpy.ndarray of float64
        How well the two fit, on the scale `fit_scale`.
    wishes_met : tuple of (tuple of str or None)
        Which skills that they wished for they have learned from the partner since then; `None`
        where nothing is said.
    go_on : numpy.ndarray of float64
        Whether they would go on with the partner: 1 or 0.
    fit_scale : tuple of float
        The worst and the best fit that there is.
    lines : tuple of int
        Where each answer stands: the line of a file, else the position from 1.

    Examples
    --------
    >>> import mentormatch as mm
    >>> feedback = mm.read_feedback(
    ...     [{"a": "ana", "b": "bo", "by": "bo", "date": "2026-03-02", "met": "yes", "fit": 4}]
    ... )
    >>> feedback
    Feedback(1 answer about 1 pair)
    >>> feedback.fit
    array([4.])
    """

    a: tuple[str, ...]
    b: tuple[str, ...]
    by: tuple[str, ...]
    dates: Dates
    met: Floats
    hours: Floats
    fit: Floats
    wishes_met: tuple[tuple[str, ...] | None, ...]
    go_on: Floats
    fit_scale: tuple[float, float]
    lines: tuple[int, ...]

    def __post_init__(self) -> None:
        for array in (self.dates, self.met, self.hours, self.fit, self.go_on):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.by)

    def __repr__(self) -> str:
        answers = f"{len(self):,} answer{'s' * (len(self) != 1)}"
        pairs = len(set(map(frozenset, zip(self.a, self.b, strict=True))))
        return f"Feedback({answers} about {pairs:,} pair{'s' * (pairs != 1)})"

    def to_records(self) -> list[dict[str, Any]]:
        """Return a plain dict for every answer, which `read_feedback` reads back.

        Returns
        -------
        list of dict
            Dates are ISO 8601 texts, blanks are `None`.

        Examples
        --------
        >>> import mentormatch as mm
        >>> said = [{"a": "ana", "b": "bo", "by": "bo", "date": "2026-03-02", "wishes_met": "sql"}]
        >>> mm.read_feedback(said).to_records()[0]["wishes_met"]
        ['sql']
        """
        truths = ({0.0: False, 1.0: True}.get(value) for value in self.met.tolist())
        go_on = ({0.0: False, 1.0: True}.get(value) for value in self.go_on.tolist())
        columns: dict[str, Any] = {
            "a": self.a,
            "b": self.b,
            "by": self.by,
            "date": np.datetime_as_string(self.dates).tolist(),
            "met": truths,
            "hours": _blank_as_none(self.hours),
            "fit": _blank_as_none(self.fit),
            "wishes_met": (None if said is None else list(said) for said in self.wishes_met),
            "go_on": go_on,
        }
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def only(self, matching: Matching) -> "Feedback":
        """Return the answers about pairs of a matching, without those about others.

        Parameters
        ----------
        matching
            The answer; one that was read from a record will do.

        Returns
        -------
        Feedback

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [
        ...         {"id": "ana", "teaches": "sql", "wants": "leading"},
        ...         {"id": "bo", "teaches": "leading", "wants": "sql"},
        ...     ]
        ... )
        >>> said = [{"a": "ana", "b": other, "by": "ana", "date": "2026-03-02"} for other in "xy"]
        >>> mm.read_feedback(said).only(mm.match(people, mm.Program()))
        Feedback(0 answers about 0 pairs)
        """
        pairs = {frozenset((pair.a, pair.b)) for pair in matching.meetings}
        ends = zip(self.a, self.b, strict=True)
        return self._rows([row for row, pair in enumerate(ends) if frozenset(pair) in pairs])

    def _rows(self, rows: Sequence[int]) -> "Feedback":
        at = np.array(rows, dtype=np.int64)
        return Feedback(
            a=tuple(self.a[row] for row in rows),
            b=tuple(self.b[row] for row in rows),
            by=tuple(self.by[row] for row in rows),
            dates=self.dates[at],
            met=self.met[at],
            hours=self.hours[at],
            fit=self.fit[at],
            wishes_met=tuple(self.wishes_met[row] for row in rows),
            go_on=self.go_on[at],
            fit_scale=self.fit_scale,
            lines=tuple(self.lines[row] for row in rows),
        )


def _blank_as_none(numbers: Floats) -> list[float | None]:
    return [None if number != number else number for number in numbers.tolist()]
