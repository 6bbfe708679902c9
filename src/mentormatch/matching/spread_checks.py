"""What can be wrong with somebody's partners of one group, and with their prices, in words."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from mentormatch.matching.checks import HUGE, IdPair
from mentormatch.solving.sides import Split

__all__ = ["GroupPrice", "GroupPrices", "MostOfOne", "crowded", "most_of_one", "spread_faults"]

#: Somebody's id, a group of their partners, and a price.
GroupPrice = tuple[str, str, float]
#: Those of side a and of side b.
GroupPrices = tuple[tuple[GroupPrice, ...], ...]
#: How many partners of one group people of either side may have; None where nobody counts them.
MostOfOne = tuple[int | None, int | None]


def most_of_one(sides: Split) -> MostOfOne:
    """Return how many partners of one group people of either side may have.

    Parameters
    ----------
    sides
        Who stands where; all people of one side may have as many.
    """
    asked = sides.capacities
    if asked is None:
        return None, None
    row, col = asked.row_spread, asked.col_spread
    return (
        None if row is None else int(row.at_most[0]),
        None if col is None else int(col.at_most[0]),
    )


def spread_faults(
    prices: Sequence[Mapping[str, float]],
    groups: Sequence[Sequence[str]],
    paid: GroupPrices,
    what: str,
) -> list[str]:
    """Say which prices of groups are none, or are of nobody or of no group.

    Parameters
    ----------
    prices
        Prices by id, for either side.
    groups
        What the groups are called by which partners are counted, for either side.
    paid
        The prices of groups.
    what
        What these prices are called.

    Examples
    --------
    >>> spread_faults([{"ana": 1.0}, {}], [["IT"], []], ((("ana", "HR", 0.5),), ()), "price")
    ['ana has a price of partners of HR, but by these nobody there counts partners']
    """
    if len(paid) != len(groups):
        return [f"there is not one table of {what}s of groups for either side"]
    return [
        fault
        for of_side, labels, there in zip(prices, groups, paid, strict=True)
        for fault in _faults(of_side, set(labels), there, what)
    ]


def _faults(
    prices: Mapping[str, float], labels: set[str], paid: Sequence[GroupPrice], what: str
) -> Iterator[str]:
    seen: set[IdPair] = set()
    for person, label, price in paid:
        if person not in prices:
            yield f"{person} has a {what} of partners of {label}, but nobody there has this id"
        elif label not in labels:
            yield (
                f"{person} has a {what} of partners of {label}, but by these nobody there counts "
                "partners"
            )
        elif (person, label) in seen:
            yield f"{person} has two {what}s of partners of {label}"
        elif not 0.0 <= price < HUGE:
            yield (
                f"{person} has the {what} {price} of partners of {label}, which is not a finite "
                "number of 0 or more"
            )
        seen.add((person, label))


def crowded(pairs: Sequence[IdPair], sides: Split, ids: Sequence[Sequence[str]]) -> list[str]:
    """Say who has more partners of one group than they may.

    Parameters
    ----------
    pairs
        Ids, side a first; those of whom nobody knows are passed over.
    sides
        Who stands where, and which groups they are in.
    ids
        Their ids, by position.
    """
    asked = sides.capacities
    if asked is None:
        return []
    faults = []
    for side, spread in enumerate((asked.row_spread, asked.col_spread)):
        if spread is None:
            continue
        labels = (*sides.groups[side], None)  # the last is that of -1, for none
        of_partner = {
            who: labels[group]
            for who, group in zip(ids[1 - side], spread.groups.tolist(), strict=True)
        }
        counts = Counter((pair[side], of_partner.get(pair[1 - side])) for pair in pairs)
        most = int(spread.at_most[0])
        faults += [
            f"{person} has {n} partners of {label}, and may have {most}"
            for (person, label), n in counts.items()
            if label is not None and n > most
        ]
    return faults
