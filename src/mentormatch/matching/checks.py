"""What can be wrong with a proof, in words.

The words name people and numbers, never why a pair is not allowed: that may be a decline, which
is nobody else's business.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from mentormatch.exchange.layout import Layout

__all__ = [
    "DESCRIBED",
    "HUGE",
    "IdPair",
    "Partners",
    "pair_faults",
    "price_faults",
    "ring_faults",
]

IdPair = tuple[str, str]
#: A number of partners by id, for either side.
Partners = tuple[Mapping[str, int], Mapping[str, int]]

_NOBODY: Partners = ({}, {})

#: How many faults are described.
DESCRIBED = 20

#: Numbers beyond this could have no sum; honest ones are of the size of scores.
HUGE = 2.0**1000


def price_faults(
    prices: Mapping[str, float], everybody: Sequence[str], what: str, least: float = 0.0
) -> list[str]:
    """Say who has no price, a price too many, or one that is none.

    Parameters
    ----------
    prices
        Price by id.
    everybody
        Ids of all who take part.
    what
        What these prices are called.
    least
        No price may be lower; ``-HUGE`` where they are free in sign.

    Examples
    --------
    >>> price_faults({"ana": -1.0}, ["ana", "bo"], "price")
    ['bo has no price', 'ana has the price -1.0, which is not a finite number of 0 or more']
    """
    here = set(everybody)
    kind = "a finite number of 0 or more" if least == 0.0 else "a finite number"
    return [
        *(f"{person} has no {what}" for person in everybody if person not in prices),
        *(f"{person} has a {what} but takes no part" for person in prices if person not in here),
        *(
            f"{person} has the {what} {price}, which is not {kind}"
            for person, price in prices.items()
            if not least <= price < HUGE
        ),
    ]


def pair_faults(
    pairs: Sequence[IdPair],
    scores: Sequence[float],
    allowed: Mapping[IdPair, float],
    promised: Iterable[IdPair],
    layout: Layout = "sides",
    most: Partners = _NOBODY,
    least: Partners = _NOBODY,
) -> list[str]:
    """Say which pairs are not allowed, scored wrongly or missing, and who is in too many or few.

    Parameters
    ----------
    pairs
        Ids, side a first.
    scores
        What each pair is said to be worth.
    allowed
        The allowed ones among the pairs, and what they are worth.
    promised
        Pairs that must be made.
    layout
        How people meet: in one pool nobody may be in two pairs, else in one on either side.
    most, least
        How many pairs on either side somebody may be in who may be in several, and how many who
        must be in some.

    Examples
    --------
    >>> pair_faults([("ana", "bo")], [0.5], {}, [])
    ['ana and bo are not an allowed pair']
    """
    faults = []
    for pair, claimed in zip(pairs, scores, strict=True):
        if pair not in allowed:
            faults.append(f"{pair[0]} and {pair[1]} are not an allowed pair")
        elif allowed[pair] != claimed:
            faults.append(
                f"{pair[0]} and {pair[1]} are scored {claimed!r}; "
                f"their profiles give {allowed[pair]!r}"
            )
    made = set(pairs)
    faults += [f"{a} and {b} are required, but no pair" for a, b in promised if (a, b) not in made]
    ends = [Counter(pair[side] for pair in pairs) for side in (0, 1)]
    if layout == "pool":
        ends = [Counter(chain(*pairs))]
    for partners, may, must in zip(ends, most, least, strict=False):
        faults += [
            f"{person} is in {n} pairs" for person, n in partners.items() if n > may.get(person, 1)
        ]
        faults += [
            f"{person} is in {partners[person]} pairs, and must be in {n}"
            for person, n in must.items()
            if partners[person] < n
        ]
    if any(most):  # where nobody may be in two pairs, one given twice was named above
        twice = Counter(pairs)
        faults += [f"{a} and {b} are a pair {n} times" for (a, b), n in twice.items() if n > 1]
    return faults


def ring_faults(arrows: Sequence[IdPair], longest: int | None) -> list[str]:
    """Say who is in no closed ring, and which rings are too long.

    Parameters
    ----------
    arrows
        Ids, of whom each first teaches the second.
    longest
        How many people a ring may have; `None` for any number.

    Examples
    --------
    >>> ring_faults([("ana", "bo"), ("bo", "cy"), ("cy", "bo")], None)
    ['ana teaches, but is taught by nobody']
    """
    teaches = dict(arrows)
    taught = set(teaches.values())
    faults = [f"{one} teaches, but is taught by nobody" for one in teaches if one not in taught]
    faults += [f"{one} is taught, but teaches nobody" for one in sorted(taught - teaches.keys())]
    left = set() if faults or longest is None else set(teaches)
    while left:
        first = person = min(left)
        size = 0
        while person in left:
            left.discard(person)
            person, size = teaches[person], size + 1
        if longest is not None and size > longest:
            faults.append(f"the ring of {first} has {size} people; {longest} is the most")
    return faults
