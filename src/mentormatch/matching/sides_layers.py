"""Prices of one kind by id and by position, and which pairs they cover: of people and of loads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.capacities import LoadPrices, Spread, SpreadPrices
from mentormatch.assign.certificate import covers, falls_short
from mentormatch.matching.certificate import Prices
from mentormatch.matching.load_checks import PairPrice
from mentormatch.matching.scan import by_id, in_order
from mentormatch.matching.spread_checks import GroupPrice, GroupPrices
from mentormatch.solving.sides import Split

__all__ = ["Layer", "Loads", "loads_at_positions", "loads_by_id"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


class Loads(NamedTuple):
    """What there is to pay besides the prices of people: for pairs, for minima and for groups."""

    own: Sequence[PairPrice]
    minimum: Prices
    groups: GroupPrices


@dataclass(frozen=True, eq=False, slots=True)
class _Paid:
    """What people of one side pay for partners of a group, by position and number of the group."""

    group_of: Rows  # of each partner; -1 for none
    prices: Mapping[tuple[int, int], float]
    members: Rows  # those who pay

    @classmethod
    def of(
        cls,
        spread: Spread | None,
        labels: Sequence[str],
        ids: Sequence[str],
        paid: Sequence[GroupPrice],
    ) -> "_Paid":
        place = {person: position for position, person in enumerate(ids)}
        number = {label: group for group, label in enumerate(labels)}
        prices = {(place[who], number[label]): price for who, label, price in paid if price}
        group_of = np.empty(0, dtype=np.int64) if spread is None else spread.groups
        members = np.array([member for member, _ in prices], dtype=np.int64)
        return cls(group_of, prices, members)

    def by(self, member: int, partner: int) -> float:
        """Return what somebody pays for a partner; 0 where nobody counts."""
        if not self.prices:
            return 0.0
        return self.prices.get((member, int(self.group_of[partner])), 0.0)


@dataclass(frozen=True, eq=False, slots=True)
class Layer:
    """Prices of one kind, for the scores or for the count, by position on either side."""

    net: tuple[Floats, Floats]  # less those of minima
    own: Mapping[tuple[int, int], float]  # of pairs
    numbers: Rows  # of these pairs, as `_number` counts
    paid: tuple[_Paid, _Paid]  # for groups

    @classmethod
    def of(
        cls,
        places: Sequence[Sequence[str]],
        sides: Split,
        prices: Prices,
        loads: Loads,
    ) -> "Layer":
        """Return prices by id as a layer.

        Parameters
        ----------
        places, sides
            The ids on either side, by position, and who stands there.
        prices
            Of everybody.
        loads
            What else there is to pay, by those who are there.
        """
        row, col = in_order(prices, places)
        if not any((loads.own, *loads.minimum, *loads.groups)):
            nothing = _Paid.of(None, (), (), ())
            return cls((row, col), {}, np.empty(0, dtype=np.int64), (nothing, nothing))
        row_less, col_less = (
            np.array([of_side.get(person, 0.0) for person in here], dtype=np.float64)
            for of_side, here in zip(loads.minimum, places, strict=True)
        )
        place_a, place_b = ({person: place for place, person in enumerate(side)} for side in places)
        pairs = {(place_a[a], place_b[b]): price for a, b, price in loads.own}
        ends = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
        net = row - row_less, col - col_less
        asked = sides.capacities
        spreads = (None, None) if asked is None else (asked.row_spread, asked.col_spread)
        by_a, by_b = map(_Paid.of, spreads, sides.groups, places, loads.groups)
        return cls(net, pairs, _number(ends[:, 0], ends[:, 1], len(col)), (by_a, by_b))

    def uncovered(self, a: Rows, b: Rows, worth: Floats, lam: float) -> NDArray[np.bool_]:
        """Return which pairs are worth more, with `lam`, than all that covers them.

        Parameters
        ----------
        a, b, worth
            Positions on either side, and what the pairs are worth.
        lam
            What is added to that.
        """
        left, right = self.net[0][a], self.net[1][b]
        over = falls_short(left, right, worth, lam)
        by_a, by_b = self.paid
        # What a pair pays for groups can only help it; a price of its own may be below 0.
        more = over & (np.isin(a, by_a.members) | np.isin(b, by_b.members))
        more |= np.isin(_number(a, b, len(self.net[1])), self.numbers)
        for pair in np.flatnonzero(more).tolist():
            ends = int(a[pair]), int(b[pair])
            extra = self.own.get(ends, 0.0), by_a.by(*ends), by_b.by(*ends[::-1])
            over[pair] = not covers(left[pair], right[pair], *extra, -worth[pair], -lam)
        return over


def _number(a: Rows, b: Rows, width: int) -> Rows:
    return a * width + b


def loads_by_id(
    ids: tuple[Sequence[str], Sequence[str]], sides: Split, loads: LoadPrices | None
) -> Loads:
    """Return the prices of pairs, of minima and of groups by id, without those that are 0.

    Parameters
    ----------
    ids, sides
        The ids on either side, by position, and who stands there.
    loads
        What the solver found; `None` where there are no such prices.
    """
    if loads is None:
        return Loads((), ({}, {}), ((), ()))
    own = zip(loads.rows.tolist(), loads.cols.tolist(), loads.pairs.tolist(), strict=True)
    pairs = sorted((ids[0][a], ids[1][b], price) for a, b, price in own if price)
    minimum = by_id(ids, loads.row_minimum, loads.col_minimum)
    rows, cols = ({who: price for who, price in side.items() if price} for side in minimum)
    by_a, by_b = (
        () if spread is None else tuple(sorted(_groups_by_id(side, labels, spread)))
        for side, labels, spread in zip(
            ids, sides.groups, (loads.row_spread, loads.col_spread), strict=True
        )
    )
    return Loads(tuple(pairs), (rows, cols), (by_a, by_b))


def _groups_by_id(
    ids: Sequence[str], labels: Sequence[str], paid: SpreadPrices
) -> Iterator[GroupPrice]:
    columns = paid.members.tolist(), paid.groups.tolist(), paid.prices.tolist()
    for member, group, price in zip(*columns, strict=True):
        yield ids[member], labels[group], price


def loads_at_positions(ids: Sequence[Sequence[str]], sides: Split, loads: Loads) -> LoadPrices:
    """Return the same by position.

    Parameters
    ----------
    ids, sides
        The ids on either side, by position, and who stands there.
    loads
        By id; everybody who is named is there.
    """
    layer = Layer.of(ids, sides, tuple(dict.fromkeys(side, 0.0) for side in ids), loads)
    ends = np.array(list(layer.own), dtype=np.int64).reshape(-1, 2)
    prices = np.array(list(layer.own.values()), dtype=np.float64)
    least = -layer.net[0], -layer.net[1]
    return LoadPrices(ends[:, 0], ends[:, 1], prices, *least, *map(_spread_prices, layer.paid))


def _spread_prices(paid: _Paid) -> SpreadPrices | None:
    if not paid.prices:
        return None
    ends = np.array(list(paid.prices), dtype=np.int64)
    return SpreadPrices(ends[:, 0], ends[:, 1], np.array(list(paid.prices.values())))
