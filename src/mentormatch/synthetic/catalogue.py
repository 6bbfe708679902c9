"""Which skills there are, and where in an organisation they are at home."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mentormatch.synthetic.chance import zipf

__all__ = ["COMMON", "DEPARTMENTS", "LEADERSHIP", "TECHNOLOGY", "Catalogue"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Skills that belong to no department, most popular first.
COMMON = {
    "everyday": (
        "Public speaking",
        "Spreadsheets",
        "Writing",
        "Time management",
        "Facilitation",
        "Storytelling",
        "Note taking",
        "English",
        "Listening",
        "Slide design",
    ),
    "technology": (
        "Machine learning",
        "Prompt writing",
        "Cloud computing",
        "Social media",
        "Python",
        "Low-code tools",
        "Video editing",
        "Chatbots",
        "Data visualisation",
        "Collaboration tools",
    ),
    "leadership": (
        "Coaching",
        "Strategy",
        "Delegation",
        "Conflict resolution",
        "Budget responsibility",
        "Stakeholder management",
        "Change management",
        "Hiring",
        "Board communication",
        "Team building",
    ),
}
_EVERYDAY, TECHNOLOGY, LEADERSHIP = range(len(COMMON))

#: Departments, the largest first, with the skills at home there, most popular first.
DEPARTMENTS = {
    "Operations": (
        "Process design",
        "Scheduling",
        "Lean management",
        "Inventory control",
        "Logistics",
        "Incident handling",
        "Maintenance planning",
        "Workplace safety",
    ),
    "Sales": (
        "Negotiation",
        "Prospecting",
        "Account management",
        "Pitching",
        "Sales forecasting",
        "Closing",
        "Tender writing",
        "Pipeline reviews",
    ),
    "Engineering": (
        "Software architecture",
        "Code review",
        "Testing",
        "Databases",
        "Web development",
        "Mobile apps",
        "Observability",
        "Version control",
    ),
    "Customer service": (
        "Complaint handling",
        "Empathy on the phone",
        "Knowledge bases",
        "Service recovery",
        "Live chat",
        "Escalation",
        "Customer interviews",
        "Quality monitoring",
    ),
    "Finance": (
        "Financial modelling",
        "Controlling",
        "Accounting standards",
        "Cash planning",
        "Cost analysis",
        "Investment appraisal",
        "Consolidation",
        "Treasury",
    ),
    "Marketing": (
        "Brand building",
        "Copywriting",
        "Search optimisation",
        "Market segmentation",
        "Event management",
        "Campaign analysis",
        "Public relations",
        "Newsletters",
    ),
    "IT": (
        "Networking",
        "Identity management",
        "Scripting",
        "Service desk practice",
        "System administration",
        "Backups",
        "Virtualisation",
        "Endpoint management",
    ),
    "Product": (
        "Roadmapping",
        "User stories",
        "Prioritisation",
        "Pricing",
        "Competitor analysis",
        "Product discovery",
        "Experimentation",
        "Backlog care",
    ),
    "People": (
        "Interviewing",
        "Onboarding",
        "Employment law",
        "Compensation",
        "Learning design",
        "Inclusion",
        "Performance reviews",
        "Mediation",
    ),
    "Data": (
        "SQL",
        "Statistics",
        "Data modelling",
        "Forecasting",
        "Dashboards",
        "Experiment design",
        "Data governance",
        "Survey methods",
    ),
    "Research": (
        "Literature review",
        "Grant writing",
        "Scientific writing",
        "Simulation",
        "Laboratory practice",
        "Peer review",
        "Prototyping",
        "Patents",
    ),
    "Procurement": (
        "Supplier evaluation",
        "Contract management",
        "Category strategy",
        "Sourcing",
        "Import rules",
        "Should-cost analysis",
        "Framework agreements",
        "Supplier audits",
    ),
    "Quality": (
        "Root-cause analysis",
        "Internal audits",
        "Document control",
        "Statistical process control",
        "Certification",
        "Risk assessment",
        "Calibration",
        "Corrective action",
    ),
    "Legal": (
        "Contract drafting",
        "Privacy law",
        "Compliance",
        "Intellectual property",
        "Litigation",
        "Company law",
        "Licensing",
        "Plain legal language",
    ),
    "Design": (
        "Interface design",
        "Typography",
        "Usability testing",
        "Illustration",
        "Design systems",
        "Accessibility",
        "Wireframing",
        "Motion design",
    ),
    "Security": (
        "Threat modelling",
        "Penetration testing",
        "Incident response",
        "Security awareness",
        "Cryptography",
        "Access reviews",
        "Forensics",
        "Vulnerability management",
    ),
}

#: Where a skill is practised, for catalogues larger than the names above.
_SETTINGS = (
    "retail",
    "health care",
    "the public sector",
    "start-ups",
    "manufacturing",
    "banking",
    "education",
    "remote teams",
    "regulated markets",
    "energy",
    "charities",
    "hospitality",
    "transport",
    "agriculture",
    "export markets",
    "family businesses",
)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The skills of an organisation, home by home: first the common ones, then each department's.

    Parameters
    ----------
    labels
        Name of each skill; within a home the most popular comes first.
    starts
        Where the skills of each home begin, and at last where they end; int64, shape
        (len(COMMON) + departments + 1,).

    Examples
    --------
    >>> Catalogue.of(7, departments=2).labels
    ('Public speaking', 'Spreadsheets', 'Machine learning', 'Prompt writing', 'Coaching', \
'Process design', 'Negotiation')
    """

    labels: tuple[str, ...]
    starts: Integers

    @classmethod
    def of(cls, skills: int, departments: int) -> "Catalogue":
        """Make a catalogue.

        Parameters
        ----------
        skills
            How many skills; 1 or more.
        departments
            How many departments, of which the first get a skill more if they do not come out even.
        """
        names = [*COMMON.values(), *DEPARTMENTS.values()][: len(COMMON) + departments]
        each, more = divmod(skills, len(names))
        counts = [each + (home < more) for home in range(len(names))]
        return cls(
            labels=tuple(
                _label(home, place)
                for home, count in zip(names, counts, strict=True)
                for place in range(count)
            ),
            starts=np.cumsum([0, *counts]),
        )

    def draw(self, home: Integers, drawn: Floats) -> Integers:
        """Draw skills, within a home by Zipf's law.

        Parameters
        ----------
        home
            Number of a home for each skill to draw. Where it has no skills, in a small catalogue,
            the skills of everyday stand in.
        drawn
            Numbers in [0, 1); same shape.

        Returns
        -------
        ndarray of int64
            Places in `labels`; same shape.
        """
        home = np.where(self.starts[home] < self.starts[home + 1], home, _EVERYDAY)
        # Of all homes at once: the running shares of home h lie between h and h + 1.
        found = np.searchsorted(self._shares, home + drawn, side="right")
        return np.minimum(found, self.starts[home + 1] - 1)  # h + 0.99... may round to h + 1

    @cached_property
    def _shares(self) -> Floats:
        counts = np.diff(self.starts).tolist()
        return np.concatenate([home + zipf(count) for home, count in enumerate(counts) if count])


def _label(names: tuple[str, ...], place: int) -> str:
    """Name a skill: as listed, then in each setting, then numbered."""
    rest, name = divmod(place, len(names))
    edition, setting = divmod(rest, 1 + len(_SETTINGS))
    label = f"{names[name]} for {_SETTINGS[setting - 1]}" if setting else names[name]
    return f"{label} {edition + 1}" if edition else label
