"""The four means of two benefits, side by side."""

from typing import Literal

import numpy as np
from IPython.display import SVG
from matplotlib.figure import Figure

import mentormatch as mm
from figures.drawing import shown

__all__ = ["four_means"]

MEANS: tuple[Literal["harmonic", "geometric", "minimum", "arithmetic"], ...] = (
    "harmonic",
    "geometric",
    "minimum",
    "arithmetic",
)


def four_means() -> SVG:
    """Draw what each mean makes of every two benefits."""
    figure = Figure(figsize=(8.4, 2.9), layout="constrained")
    benefits = np.linspace(0.0, 1.0, 101)
    a, b = np.meshgrid(benefits, benefits)
    panels = figure.subplots(1, 4, sharey=True)
    for panel, mean in zip(panels, MEANS, strict=True):
        score = mm.Reciprocity(mean=mean).combine(a, b)
        panel.contourf(a, b, score, levels=np.linspace(0, 1, 11), cmap="Blues")
        lines = panel.contour(a, b, score, levels=(0.2, 0.4, 0.6, 0.8), colors="white")
        panel.clabel(lines, fontsize=8, colors="black")
        panel.set_title(mean, fontsize=10)
        panel.set(xticks=(0, 0.5, 1), yticks=(0, 0.5, 1), aspect="equal", xlabel="what a receives")
    panels[0].set_ylabel("what b receives")
    return shown(figure)
