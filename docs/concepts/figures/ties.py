"""Two matchings that are equally good, and how often lots choose either."""

from collections.abc import Mapping

from IPython.display import SVG

from figures.drawing import canvas, line, people, shown

__all__ = ["either"]


def either(chosen: Mapping[str, int]) -> SVG:
    """Draw both matchings of ana and bo with cy and di.

    Parameters
    ----------
    chosen
        By partner of ana, cy first, how often that matching was chosen.
    """
    seeds = sum(chosen.values())
    figure, panels = canvas(
        7.0, 2.8, 2, [f"with {times} of {seeds} seeds" for times in chosen.values()]
    )
    above, below = {"ana": (0.0, 1.0), "bo": (2.0, 1.0)}, {"cy": (0.0, 0.0), "di": (2.0, 0.0)}
    for panel, partner in zip(panels, chosen, strict=True):
        for name, place in above.items():
            for other, end in below.items():
                made = (name == "ana") == (other == partner)
                line(panel, place, end, "1" if made else "", chosen=made, at=0.3)
        people(panel, above | below)
    return shown(figure)
