"""Pairs between two sides, with the prices that prove them best."""

from collections.abc import Sequence

from IPython.display import SVG
from matplotlib.axes import Axes

from figures.drawing import canvas, line, people, shown
from mentormatch.assign import Solution

__all__ = ["count_or_total", "priced"]

Scores = Sequence[Sequence[float | None]]


def priced(scores: Scores, solution: Solution) -> SVG:
    """Draw all pairs with their scores, the chosen ones thick, and a price at everybody."""
    figure, (panel,) = canvas(6.4, 3.4)
    _two_sides(panel, scores, solution, with_prices=True)
    return shown(figure)


def count_or_total(scores: Scores, *solutions: Solution) -> SVG:
    """Draw what each objective chooses, beside each other."""
    titles = [f"{one.objective}: {one.value:g}" for one in solutions]
    figure, panels = canvas(7.4, 2.8, len(solutions), titles)
    for panel, solution in zip(panels, solutions, strict=True):
        _two_sides(panel, scores, solution)
    return shown(figure)


def _two_sides(
    panel: Axes, scores: Scores, solution: Solution, *, with_prices: bool = False
) -> None:
    rows = {"abc"[place]: (2.0 * place, 1.0) for place in range(len(scores))}
    cols = {"xyz"[place]: (2.0 * place, 0.0) for place in range(len(scores[0]))}
    chosen = set(zip(solution.rows.tolist(), solution.cols.tolist(), strict=True))
    for i, (row, top) in enumerate(zip(scores, rows.values(), strict=True)):
        for j, (score, bottom) in enumerate(zip(row, cols.values(), strict=True)):
            if score is not None:
                at = 0.6 if i == j else 0.25  # apart from each other, and from crossings
                line(panel, top, bottom, f"{score:g}", chosen=(i, j) in chosen, at=at)
    for places, prices, side in (
        (rows, solution.row_prices, 1.0),
        (cols, solution.col_prices, -1.0),
    ):
        said = {name: f"{price:g}" for name, price in zip(places, prices, strict=True)}
        people(panel, places, said if with_prices else None, side)
