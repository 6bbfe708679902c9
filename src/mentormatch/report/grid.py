"""Tables of a page: what stands in them, and how it is to be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

__all__ = ["Column", "Grid", "Person", "grid_of"]

Kind = Literal["person", "number", "text", "skills"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is named: by their name, and by their id where that is another."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and what stands in it."""

    label: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Attributes
    ----------
    id, caption : str
        How the page points to it, and what stands above.
    columns, rows : sequence
        Columns, and a row of cells each.
    noun : str
        What its rows are.
    shape : str
        ``"pairs"`` and ``"people"`` become cards on a narrow screen; the former can be sorted.
    header : int
        The column that names a row.
    """

    id: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    noun: str
    shape: str
    header: int = 0

    @property
    def sortable(self) -> bool:
        """Whether readers may want its rows in another order."""
        return self.shape == "pairs"

    @classmethod
    def empty(cls) -> Self:
        """Return a table of nothing."""
        return cls("", "", (), (), "", "plain")


def grid_of(key: str, caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Grid:
    """Return a table of texts; columns in which every cell is a number are set as such.

    Parameters
    ----------
    key, caption
        As in `Grid`.
    header, rows
        Headings and cells.
    """
    columns = [
        Column(label, "number" if rows and all(map(_is_number, cells)) else "text")
        for label, cells in zip(
            header, zip(*rows, strict=True) if rows else ((),) * len(header), strict=True
        )
    ]
    return Grid(key, caption, columns, rows, "rows", "plain")


def _is_number(cell: str) -> bool:
    return cell.strip("-+%").replace(",", "").replace(".", "").isdecimal() or cell in ("", "-")
