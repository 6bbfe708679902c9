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

from mentormatch._version import __version__
from mentormatch.assign.problem import Status
from mentormatch.errors import (
    Fault,
    InfeasibleError,
    MentormatchError,
    ProfileErrors,
    ProfileWarning,
    ProgramError,
    RecordError,
)
from mentormatch.exchange.graph import ExchangeGraph
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
    Where,
    Within,
)
from mentormatch.matching.answer import Aside, Pair, Unmatched
from mentormatch.matching.certificate import Certificate, Verification
from mentormatch.matching.matching import Matching, match
from mentormatch.people import (
    Cohort,
    Organisation,
    Participant,
    Scales,
    read_csv,
    read_json,
    read_organisation,
    read_records,
)
from mentormatch.program import Pairs, Program, Sides
from mentormatch.solving.solve import build_graph

__all__ = [
    "Apart",
    "Aside",
    "Certificate",
    "Cohort",
    "Different",
    "ExchangeGraph",
    "Fault",
    "Forbid",
    "InfeasibleError",
    "Matching",
    "MentormatchError",
    "NoReportingLine",
    "NoSharedManager",
    "NotPairedBefore",
    "OneWay",
    "Organisation",
    "Pair",
    "Pairs",
    "Participant",
    "ProfileErrors",
    "ProfileWarning",
    "Program",
    "ProgramError",
    "Reciprocity",
    "RecordError",
    "Require",
    "Same",
    "Scales",
    "Share",
    "Sides",
    "Status",
    "Unmatched",
    "Verification",
    "Where",
    "Within",
    "__version__",
    "build_graph",
    "match",
    "read_csv",
    "read_json",
    "read_organisation",
    "read_records",
]
