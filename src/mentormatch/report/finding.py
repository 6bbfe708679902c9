"""What a picture says, without the picture: a sentence, a text in its place, and a table."""

from dataclasses import dataclass, field
from typing import TypeAlias

from mentormatch.matching.tables import harmless, html_table, text_table

__all__ = ["Cell", "Finding"]

#: What a table holds: a name, a number of people, or a measure.
Cell: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True)
class Finding:
    """What a picture shows, as a sentence, as a text and as a table; for coordinators.

    Attributes
    ----------
    title : str
        The finding, as a sentence without a full stop.
    text : str
        The text alternative: what the picture looks like and what is to be seen in it.
    columns : tuple of str
        The headings of the data.
    rows : tuple of tuple
        The data: texts, whole numbers and measures. All that is drawn is in it.

    Examples
    --------
    >>> found = Finding("Ana learns most", "Two bars.", ("who", "skills"), (("Ana", 2), ("Bo", 1)))
    >>> print(found)
    Ana learns most
    <BLANKLINE>
    Two bars.
    <BLANKLINE>
    who  skills
    Ana  2
    Bo   1
    """

    title: str
    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...] = field(repr=False)

    @property
    def cells(self) -> tuple[tuple[str, ...], ...]:
        """The rows as texts, numbers written for a reader."""
        return tuple(tuple(_written(cell) for cell in row) for row in self.rows)

    def __str__(self) -> str:
        return "\n\n".join(
            (harmless(self.title), harmless(self.text), text_table(self.columns, self.cells))
        )

    def _repr_html_(self) -> str:
        return html_table(self.columns, self.cells, self.title)


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:.4g}"
