"""What one person can give another: each wish as wide as it matters, as high as it is covered."""

from IPython.display import SVG
from matplotlib.figure import Figure

import mentormatch as mm
from figures.drawing import BLUE, ORANGE, shown

__all__ = ["wishes_met"]


def wishes_met(people: mm.Cohort, teacher: str, learner: str) -> SVG:
    """Draw the wishes of a learner, and how much of each a teacher covers.

    Parameters
    ----------
    people
        Both are in it.
    teacher, learner
        Their ids.
    """
    figure = Figure(figsize=(6.4, 3.0), layout="constrained")
    panel = figure.add_subplot()
    a, b = people.participant(teacher), people.participant(learner)
    whole, left = sum(b.wants.values()), 0.0
    for skill, priority in b.wants.items():
        width = priority / whole
        known = max(b.knows.get(skill, 0.0), b.teaches.get(skill, 0.0))
        covered = max(0.0, a.teaches.get(skill, 0.0) - known) / (1.0 - known)
        panel.bar(left, 1.0, width, align="edge", color="#edf1f3", edgecolor="white", lw=2)
        panel.bar(left, covered, width, align="edge", color=BLUE, edgecolor="white", lw=2)
        middle = left + width / 2
        panel.text(middle, 1.04, f"{skill}\n{width:.0%} of the wishes", ha="center", fontsize=9)
        where, colour = (covered / 2, "white") if covered > 0.2 else (0.1 + covered, ORANGE)
        panel.text(middle, where, f"{covered:.0%} covered", ha="center", color=colour, fontsize=9)
        left += width
    panel.set(xlim=(0, 1), ylim=(0, 1.25), ylabel="coverage", yticks=(0, 0.5, 1), xticks=())
    panel.spines[["top", "right"]].set_visible(False)
    return shown(figure)
