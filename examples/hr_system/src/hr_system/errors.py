"""What can go wrong with a round, beside what mentormatch itself raises."""

__all__ = [
    "AuditError",
    "HrError",
    "NotNextError",
    "NotSuggestedError",
    "OutdatedError",
    "UnprovenError",
]


class HrError(Exception):
    """The root of this system's own errors."""


class NotNextError(HrError):
    """The round is not the scheme's next one: it has been run, or an earlier one has not."""


class NotSuggestedError(HrError):
    """Somebody chose whom they were not suggested, which the text does not name."""


class OutdatedError(HrError):
    """The data changed while people were being matched; run the round again."""


class UnprovenError(HrError):
    """The matching is not proven to be the best one, so it is not written."""


class AuditError(HrError):
    """A stored round is not what its inputs give."""
