"""The pictures of a page, each with what it says in words and numbers."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mentormatch.errors import ProgramError
from mentormatch.matching.explanation import Audience
from mentormatch.matching.matching import Matching
from mentormatch.report.canvas import finding_of
from mentormatch.report.departments import plot_departments
from mentormatch.report.exchange import plot_exchange
from mentormatch.report.grid import Grid, grid_of
from mentormatch.report.pictures import inline_svg
from mentormatch.report.rendering import markup
from mentormatch.report.rings import plot_rings
from mentormatch.report.scores import plot_scores
from mentormatch.report.skills import plot_skills

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Picture", "pictures_of"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page.

    Attributes
    ----------
    id, title, text : str
        How the page points to it, what it is of, and what it shows, in words.
    svg : markupsafe.Markup
        The drawing.
    table : Grid
        Its numbers.
    """

    id: str
    title: str
    text: str
    svg: Any
    table: Grid


def pictures_of(matching: Matching, audience: Audience) -> list[Picture]:
    """Return the pictures of a page, those for this audience alone.

    Parameters
    ----------
    matching
        The answer.
    audience
        A coordinator or an auditor; participants see none.
    """
    found = []
    for place, (title, ax) in enumerate(_drawn(matching, audience), 1):
        key, finding = f"picture-{place}", finding_of(ax)
        svg = inline_svg(ax, key=key, title=finding.title, text=finding.text)
        table = grid_of(f"{key}-table", finding.title, finding.columns, finding.cells)
        found.append(Picture(key, title, finding.text, markup(svg), table))
    return found


def _drawn(matching: Matching, audience: Audience) -> Iterator[tuple[str, "Axes"]]:
    if matching.pairs:
        yield "How much the pairs give each other", plot_scores(matching)
        if matching.layout == "arrows":
            yield "The rings", plot_rings(matching)
        with suppress(ProgramError):  # nobody has a department, or it is for the audit alone
            yield "Who learns from which department", plot_departments(matching)
        if audience == "auditor":
            # It shows who could be paired and is not: a line that is missing may be a decline.
            yield "Who could be paired with whom", plot_exchange(matching)
    yield "What is wanted, and what is offered", plot_skills(matching)
