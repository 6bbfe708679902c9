"""Mentoring up: who could teach whom what, and the provably best pairs under your rules.

>>> import mentormatch as mm
>>> people = mm.read_records(
...     [
...         {"id": "ana", "rank": 6, "teaches": "leading", "wants": "sql"},
...         {"id": "bo", "rank": 1, "teaches": "sql", "wants": "leading"},
...     ]
... )
>>> program = mm.Program(format=mm.Pairs(sides=mm.Sides(by="rank", at_least=5)))
>>> mm.match(people, program)
Matching(1 pair, 0 unmatched, 0 take no part; total 1.0000, proven optimal)
"""

from importlib import import_module
from typing import TYPE_CHECKING

from mentormatch._version import __version__

if TYPE_CHECKING:
    from mentormatch import assign as assign
    from mentormatch import report as report
    from mentormatch import synthetic as synthetic
    from mentormatch.assign.problem import Status
    from mentormatch.errors import (
        Fault,
        InfeasibleError,
        MentormatchError,
        MissingExtraError,
        ProfileErrors,
        ProfileWarning,
        ProgramError,
        RecordError,
    )
    from mentormatch.exchange.graph import ExchangeGraph, Partner
    from mentormatch.exchange.preferences import Prefer, RankedWishes, Stay, Waited
    from mentormatch.exchange.reciprocity import OneWay, Reciprocity
    from mentormatch.exchange.rules import (
        Apart,
        Different,
        Forbid,
        NoReportingLine,
        NoSharedManager,
        NotPairedBefore,
        Require,
        Same,
        Share,
        Spread,
        When,
        Where,
        Within,
    )
    from mentormatch.exchange.shared import SharedWishes
    from mentormatch.matching.answer import Aside, Pair, Unmatched
    from mentormatch.matching.certificate import Certificate, Verification
    from mentormatch.matching.few_changes import FrontierPoint
    from mentormatch.matching.match import match
    from mentormatch.matching.matching import Matching
    from mentormatch.matching.proposal import Decision, Proposal
    from mentormatch.matching.revision import Ended, PersonChange, Revision
    from mentormatch.matching.rings import Ring
    from mentormatch.people import (
        Cohort,
        Organisation,
        Participant,
        Reading,
        Scales,
        read_csv,
        read_excel,
        read_file,
        read_frame,
        read_joined,
        read_json,
        read_organisation,
        read_records,
        read_scim,
        read_synonyms,
        read_taxonomy,
    )
    from mentormatch.people.knowledge import Holder
    from mentormatch.program import Buddies, Pairs, Program, Rings, Sides
    from mentormatch.rounds.calibrate import calibrate
    from mentormatch.rounds.calibration import Calibration
    from mentormatch.rounds.check_ins import CheckIns, check_ins
    from mentormatch.rounds.evaluate import evaluate
    from mentormatch.rounds.evaluation import Evaluation
    from mentormatch.rounds.feedback import Feedback
    from mentormatch.rounds.first_served import FirstServed, serve_first
    from mentormatch.rounds.next_round import NextRound, next_round
    from mentormatch.rounds.read_feedback import read_feedback
    from mentormatch.rounds.shortlist import Shortlist, Suggestion
    from mentormatch.rounds.shortlists import Shortlists, shortlists
    from mentormatch.skills import Resolution, Synonyms, Taxonomy
    from mentormatch.solving.graph import build_graph

__all__ = [
    "Apart",
    "Aside",
    "Buddies",
    "Calibration",
    "Certificate",
    "CheckIns",
    "Cohort",
    "Decision",
    "Different",
    "Ended",
    "Evaluation",
    "ExchangeGraph",
    "Fault",
    "Feedback",
    "FirstServed",
    "Forbid",
    "FrontierPoint",
    "Holder",
    "InfeasibleError",
    "Matching",
    "MentormatchError",
    "MissingExtraError",
    "NextRound",
    "NoReportingLine",
    "NoSharedManager",
    "NotPairedBefore",
    "OneWay",
    "Organisation",
    "Pair",
    "Pairs",
    "Participant",
    "Partner",
    "PersonChange",
    "Prefer",
    "ProfileErrors",
    "ProfileWarning",
    "Program",
    "ProgramError",
    "Proposal",
    "RankedWishes",
    "Reading",
    "Reciprocity",
    "RecordError",
    "Require",
    "Resolution",
    "Revision",
    "Ring",
    "Rings",
    "Same",
    "Scales",
    "Share",
    "SharedWishes",
    "Shortlist",
    "Shortlists",
    "Sides",
    "Spread",
    "Status",
    "Stay",
    "Suggestion",
    "Synonyms",
    "Taxonomy",
    "Unmatched",
    "Verification",
    "Waited",
    "When",
    "Where",
    "Within",
    "__version__",
    "build_graph",
    "calibrate",
    "check_ins",
    "evaluate",
    "match",
    "next_round",
    "read_csv",
    "read_excel",
    "read_feedback",
    "read_file",
    "read_frame",
    "read_joined",
    "read_json",
    "read_organisation",
    "read_records",
    "read_scim",
    "read_synonyms",
    "read_taxonomy",
    "serve_first",
    "shortlists",
]

# Names are loaded when they are first asked for (PEP 562, as Scientific Python's SPEC 1 advises):
# a system that imports the library in every worker pays for the parts that it uses.
_HOMES = {
    "assign.problem": ("Status",),
    "errors": (
        "Fault",
        "InfeasibleError",
        "MentormatchError",
        "MissingExtraError",
        "ProfileErrors",
        "ProfileWarning",
        "ProgramError",
        "RecordError",
    ),
    "exchange.graph": (
        "ExchangeGraph",
        "Partner",
    ),
    "exchange.preferences": (
        "Prefer",
        "RankedWishes",
        "Stay",
        "Waited",
    ),
    "exchange.reciprocity": (
        "OneWay",
        "Reciprocity",
    ),
    "exchange.shared": ("SharedWishes",),
    "exchange.rules": (
        "Apart",
        "Different",
        "Forbid",
        "NoReportingLine",
        "NoSharedManager",
        "NotPairedBefore",
        "Require",
        "Same",
        "Share",
        "Spread",
        "When",
        "Where",
        "Within",
    ),
    "matching.answer": (
        "Aside",
        "Pair",
        "Unmatched",
    ),
    "matching.certificate": (
        "Certificate",
        "Verification",
    ),
    "matching.few_changes": ("FrontierPoint",),
    "matching.match": ("match",),
    "matching.matching": ("Matching",),
    "matching.proposal": (
        "Decision",
        "Proposal",
    ),
    "matching.revision": (
        "Ended",
        "PersonChange",
        "Revision",
    ),
    "matching.rings": ("Ring",),
    "people": (
        "Cohort",
        "Organisation",
        "Participant",
        "Reading",
        "Scales",
        "read_csv",
        "read_excel",
        "read_file",
        "read_frame",
        "read_joined",
        "read_json",
        "read_organisation",
        "read_records",
        "read_scim",
        "read_synonyms",
        "read_taxonomy",
    ),
    "people.knowledge": ("Holder",),
    "program": (
        "Buddies",
        "Pairs",
        "Program",
        "Rings",
        "Sides",
    ),
    "rounds.calibrate": ("calibrate",),
    "rounds.calibration": ("Calibration",),
    "rounds.check_ins": ("CheckIns", "check_ins"),
    "rounds.evaluate": ("evaluate",),
    "rounds.evaluation": ("Evaluation",),
    "rounds.feedback": ("Feedback",),
    "rounds.read_feedback": ("read_feedback",),
    "rounds.first_served": (
        "FirstServed",
        "serve_first",
    ),
    "rounds.next_round": (
        "NextRound",
        "next_round",
    ),
    "rounds.shortlist": (
        "Shortlist",
        "Suggestion",
    ),
    "rounds.shortlists": (
        "Shortlists",
        "shortlists",
    ),
    "skills": (
        "Resolution",
        "Synonyms",
        "Taxonomy",
    ),
    "solving.graph": ("build_graph",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
_ROOMS = ("assign", "report", "synthetic")

if not TYPE_CHECKING:  # else type checkers would take any name for one of ours

    def __getattr__(name: str) -> object:
        """Load a public name, or a room such as `mentormatch.synthetic`, on first use."""
        if name in _HOME:
            value: object = getattr(import_module(f"mentormatch.{_HOME[name]}"), name)
        elif name in _ROOMS:
            value = import_module(f"mentormatch.{name}")
        else:
            raise AttributeError(f"module 'mentormatch' has no attribute {name!r}")
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return [*__all__, *_ROOMS]
