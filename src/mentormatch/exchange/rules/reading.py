"""Which attributes a rule reads, and which functions it asks."""

from typing import assert_never

from mentormatch.exchange.rules.attributes import Apart, Different, Same, Share, Within
from mentormatch.exchange.rules.conditions import PlainRule, When
from mentormatch.exchange.rules.pairs import Forbid, NotPairedBefore, Require, Where
from mentormatch.exchange.rules.reporting import NoReportingLine, NoSharedManager
from mentormatch.exchange.rules.spread import Spread

__all__ = ["attributes_read", "functions_in"]


def attributes_read(rule: PlainRule | Require | When | Spread) -> tuple[str, ...]:
    """Return the attributes that a rule reads; of a `Where` those that it declares.

    Examples
    --------
    >>> attributes_read(When({"external": True}, Different("department")))
    ('external', 'department')
    """
    match rule:
        case Share() if rule.slots is not None:
            return (rule.attribute, rule.zone)
        case Different() | Same() | Within() | Apart() | Share() | Spread():
            return (rule.attribute,)
        case NoReportingLine() | NoSharedManager():
            return ("manager_id",)
        case Where():
            return tuple(rule.reads)
        case When():
            return (*rule.condition, *attributes_read(rule.rule))
        case Forbid() | Require() | NotPairedBefore():
            return ()
        case _:  # a rule that is new here must not be overlooked
            assert_never(rule)


def functions_in(rule: PlainRule | Require | When | Spread) -> tuple[Where, ...]:
    """Return the functions that a rule asks.

    Examples
    --------
    >>> functions_in(When({"external": True}, Where("near")))
    (Where(name='near', reads=(), kind='where'),)
    """
    if isinstance(rule, When):
        return functions_in(rule.rule)
    return (rule,) if isinstance(rule, Where) else ()
