"""Which pairs may be. A rule is data; its `test` answers for whole arrays of pairs at once."""

from typing import Annotated

from pydantic import Field

from mentormatch.exchange.rules.attributes import Apart, Different, Same, Share, Within
from mentormatch.exchange.rules.base import PairTest
from mentormatch.exchange.rules.conditions import PlainRule, When
from mentormatch.exchange.rules.pairs import Forbid, NotPairedBefore, Require, Where
from mentormatch.exchange.rules.reading import attributes_read, functions_in
from mentormatch.exchange.rules.reporting import NoReportingLine, NoSharedManager
from mentormatch.exchange.rules.spread import Spread

__all__ = [
    "Apart",
    "Different",
    "Forbid",
    "NoReportingLine",
    "NoSharedManager",
    "NotPairedBefore",
    "PairTest",
    "PlainRule",
    "Require",
    "Rule",
    "Same",
    "Share",
    "Spread",
    "When",
    "Where",
    "Within",
    "attributes_read",
    "functions_in",
]

Rule = Annotated[PlainRule | Require | When | Spread, Field(discriminator="kind")]
