"""A small HR system that runs mentoring rounds with mentormatch.

The people, their skills, the reporting tree and the rounds are in SQLite, through SQLAlchemy.
"""

from hr_system.asking import check_ins, receive
from hr_system.auditing import verified
from hr_system.choosing import choose, suggest
from hr_system.database import create, reading, writing
from hr_system.deciding import decide, decisions, reject
from hr_system.errors import (
    AuditError,
    HrError,
    NotNextError,
    NotSuggestedError,
    OutdatedError,
    UnprovenError,
)
from hr_system.learning import calibrate, evaluate
from hr_system.repairing import repair
from hr_system.running import run_round
from hr_system.workers import run_rounds

__all__ = [
    "AuditError",
    "HrError",
    "NotNextError",
    "NotSuggestedError",
    "OutdatedError",
    "UnprovenError",
    "calibrate",
    "check_ins",
    "choose",
    "create",
    "decide",
    "decisions",
    "evaluate",
    "reading",
    "receive",
    "reject",
    "repair",
    "run_round",
    "run_rounds",
    "suggest",
    "verified",
    "writing",
]
