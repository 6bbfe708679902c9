"""Which pairs may be. A rule is data; its `test` answers for whole arrays of pairs at once."""

from typing import Annotated

from pydantic import Field

from mentormatch.exchange.rules.attributes import Apart, Different, Same, Share, Within
from mentormatch.exchange.rules.base import PairTest
from mentormatch.exchange.rules.pairs import Forbid, NotPairedBefore, Require, Where
from mentormatch.exchange.rules.reporting import NoReportingLine, NoSharedManager

__all__ = [
    "Apart",
    "Different",
    "Forbid",
    "NoReportingLine",
    "NoSharedManager",
    "NotPairedBefore",
    "PairTest",
    "Require",
    "Rule",
    "Same",
    "Share",
    "Where",
    "Within",
]

Rule = Annotated[
    Different
    | Same
    | NoReportingLine
    | NoSharedManager
    | Within
    | Apart
    | Share
    | Forbid
    | Require
    | NotPairedBefore
    | Where,
    Field(discriminator="kind"),
]
