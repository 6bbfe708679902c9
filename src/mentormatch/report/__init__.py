"""An answer told: pictures, a page to send round, and letters.

`html` writes a page for one audience, `letter` a letter to one participant (extra ``report``).

Pictures have each their finding as a sentence, as a text and as a table. They are for coordinators:
they name people and show scores. None reads an attribute that is for the audit alone. Each
``plot_`` function draws (extra ``plot``) and returns the axes; the ``_found`` function beside it
gives the same without matplotlib.

Examples
--------
>>> import mentormatch as mm
>>> people = mm.read_records(
...     [
...         {"id": "ana", "teaches": "sql", "wants": "leading"},
...         {"id": "bo", "teaches": "leading", "wants": "sql"},
...     ]
... )
>>> ax = mm.report.plot_scores(mm.match(people, mm.Program()))
>>> mm.report.finding_of(ax) == mm.report.scores_found(mm.match(people, mm.Program()))
True
"""

from mentormatch.report.canvas import finding_of
from mentormatch.report.departments import departments_found, plot_departments
from mentormatch.report.evaluation import evaluation_found, plot_evaluation
from mentormatch.report.exchange import exchange_found, plot_exchange
from mentormatch.report.finding import Finding
from mentormatch.report.frontier import frontier_found, plot_frontier
from mentormatch.report.growth import growth_found, plot_growth
from mentormatch.report.letter import Letter, letter
from mentormatch.report.page import html
from mentormatch.report.rings import plot_rings, rings_found
from mentormatch.report.scores import plot_scores, scores_found
from mentormatch.report.served import plot_served, served_found
from mentormatch.report.skills import plot_skills, skills_found

__all__ = [
    "Finding",
    "Letter",
    "departments_found",
    "evaluation_found",
    "exchange_found",
    "finding_of",
    "frontier_found",
    "growth_found",
    "html",
    "letter",
    "plot_departments",
    "plot_evaluation",
    "plot_exchange",
    "plot_frontier",
    "plot_growth",
    "plot_rings",
    "plot_scores",
    "plot_served",
    "plot_skills",
    "rings_found",
    "scores_found",
    "served_found",
    "skills_found",
]
