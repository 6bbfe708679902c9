"""Odd groups and rings: people in a circle."""

import math
from collections.abc import Sequence

from IPython.display import SVG

import mentormatch as mm
from figures.drawing import Place, arrow, canvas, line, note, people, shown

__all__ = ["odd_group", "ring"]


def odd_group(matching: mm.Matching) -> SVG:
    """Draw everybody in one pool, the pairs thick, beside the best halves of pairs."""
    figure, panels = canvas(7.0, 3.2, 2, ["prices of people alone", "with a price for the group"])
    names = list(matching.certificate.prices[0])
    places = _circle(names)
    pairs = [(a, b) for n, a in enumerate(names) for b in names[n + 1 :]]
    made = {(pair.a, pair.b) for pair in matching.pairs}
    for a, b in pairs:
        line(panels[0], places[a], places[b], "½", chosen=True)
        line(panels[1], places[a], places[b], chosen=(a, b) in made)
    prices = matching.certificate.prices[0]
    people(panels[0], places, dict.fromkeys(names, "½"))
    people(panels[1], places, {name: f"{price:g}" for name, price in prices.items()})
    sets = matching.certificate.odd_sets  # type: ignore[attr-defined]  # of a pool
    note(panels[1], (0.0, 0.0), f"group: {sets[0].price:g}")
    return shown(figure)


def ring(matching: mm.Matching) -> SVG:
    """Draw the rings of an answer, with the skill that goes along each arrow."""
    figure, panels = canvas(7.4, 3.2, len(matching.rings))
    for panel, one in zip(panels, matching.rings, strict=True):
        places = _circle(one.members)
        for pair in matching.pairs:
            if pair.a in places:
                arrow(panel, places[pair.a], places[pair.b])
                note(panel, _beside(places[pair.a], places[pair.b]), ", ".join(pair.a_teaches))
        people(panel, places)
        panel.set(xlim=(-2, 2), ylim=(-1.4, 1.4))
    return shown(figure)


def _circle(names: Sequence[str]) -> dict[str, Place]:
    turn = 2 * math.pi / len(names)
    return {
        name: (math.sin(turn * number), math.cos(turn * number))
        for number, name in enumerate(names)
    }


def _beside(start: Place, end: Place) -> Place:
    """Return the middle of an arrow, a little to the side to which it bends."""
    x, y = end[0] - start[0], end[1] - start[1]
    return start[0] + 0.5 * x - 0.34 * y, start[1] + 0.5 * y + 0.34 * x
