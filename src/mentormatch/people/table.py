"""What a file says before anybody asks what it means: cells under headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pydantic import JsonValue

from mentormatch.errors import Fault

__all__ = ["Source", "Table"]


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """Where the cells of a column stand.

    Parameters
    ----------
    file
        Name of the file; `None` when there is only one.
    lines
        Line of each record in it, `None` for a record that it does not have.

    Examples
    --------
    >>> Source("survey.csv", (2, None)).lines
    (2, None)
    """

    file: str | None
    lines: Sequence[int | None]


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """The records of a file, column by column.

    Parameters
    ----------
    headings
        As they stand in the file, without outer spaces.
    cells
        By heading, one cell per record; `None` where a record has none.
    lines
        Line of each record.
    header_line
        Line of the headings, `None` where records carry their own.
    faults
        What could not be read.
    short
        How many rows have fewer cells than headings.
    unread
        What stands in rows that are no part of `cells`, because nobody can tell which of their
        cells belongs under which heading.
    file
        Name of the file, for the faults; `None` when there is only one.
    notes
        What the summary of the people should say about the files.
    frame
        Kind of the data frame that it was: ``"pandas"``, ``"polars"`` or ``"pyarrow"``.
    active
        What makes a row active, as `Reading` has it, where no reading says.
    elsewhere
        By heading, where the columns stand that come from other files.

    Examples
    --------
    >>> table = Table(("id", "rank"), {"id": ("ana", "bo"), "rank": ("3", None)}, (2, 3))
    >>> table.source("rank").lines
    (2, 3)
    """

    headings: tuple[str, ...]
    cells: Mapping[str, Sequence[object]]
    lines: Sequence[int]
    header_line: int | None = None
    faults: tuple[Fault, ...] = ()
    short: int = 0
    unread: frozenset[str] = frozenset()
    file: str | None = None
    notes: tuple[str, ...] = ()
    frame: str | None = None
    active: Mapping[str, tuple[JsonValue, ...]] = field(default_factory=_nothing)
    elsewhere: Mapping[str, Source] = field(default_factory=_nothing)

    def __len__(self) -> int:
        return len(self.lines)

    def source(self, heading: str) -> Source:
        """Return where the cells under a heading stand.

        Parameters
        ----------
        heading
            One of `headings`.

        Returns
        -------
        Source
        """
        return self.elsewhere.get(heading) or Source(self.file, self.lines)
