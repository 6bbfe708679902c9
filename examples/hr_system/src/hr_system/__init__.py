"""A small HR system that runs mentoring rounds with mentormatch.

The people, their skills, the reporting tree and the rounds are in SQLite, through SQLAlchemy.
"""

from hr_system.auditing import verified
from hr_system.database import create, reading, writing
from hr_system.errors import AuditError, HrError, NotNextError, OutdatedError, UnprovenError
from hr_system.running import run_round
from hr_system.workers import run_rounds

__all__ = [
    "AuditError",
    "HrError",
    "NotNextError",
    "OutdatedError",
    "UnprovenError",
    "create",
    "reading",
    "run_round",
    "run_rounds",
    "verified",
    "writing",
]
