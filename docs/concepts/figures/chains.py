"""What a pair would cost: who leaves whom, step by step."""

from IPython.display import SVG

from figures.drawing import canvas, line, people, shown
from mentormatch.matching.why_not import WhyNot

__all__ = ["before_and_after"]


def before_and_after(why: WhyNot) -> SVG:
    """Draw the pairs that would end, beside those that would begin."""
    titles = [
        f"as it is: {sum(pair.score for pair in why.given_up):.2f}",
        f"with {why.names[0]} and {why.names[1]}: {sum(pair.score for pair in why.made):.2f}",
    ]
    figure, panels = canvas(7.4, 3.2, 2, titles)
    everybody = [*why.given_up, *why.made]
    above = dict.fromkeys(pair.a for pair in everybody)
    below = dict.fromkeys(pair.b for pair in everybody)
    places = {name: (2.0 * number, 1.0) for number, name in enumerate(above)}
    places |= {name: (2.0 * number, 0.0) for number, name in enumerate(below)}
    for panel, chosen, other in zip(
        panels, (why.given_up, why.made), (why.made, why.given_up), strict=True
    ):
        for pair in other:
            line(panel, places[pair.a], places[pair.b])
        for pair in chosen:
            line(panel, places[pair.a], places[pair.b], f"{pair.score:.2f}", chosen=True, at=0.3)
        people(panel, places)
    return shown(figure)
