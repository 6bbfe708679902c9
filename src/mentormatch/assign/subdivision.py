"""No more partners of one group than so many, as capacities and nothing else.

Somebody with more pairs within a group than they may choose is *divided*. All those pairs are made
over to one more member of their side, the *part*, of which exactly as many have to be chosen as
there may be partners of the group. In place of a partner the part can have a *blank*. There are as
many blanks as that, worth nothing, and who is not with the part has to be with the member who was
divided. So that member has one blank for each of the part's partners, and counts them as they would
have counted the partners: their capacity, minimum and later places stay what they are. Parts and
blanks fill all their places always, and add nothing to whatever is compared.

If the price of the part is above that of its member, the difference is what partners of the
group cost: then the part has no blank, and as many partners as there may be. Otherwise the
member's own price covers its pairs as well. So optimal prices become optimal prices, both ways.

Each side can have its partners in one kind of groups, so that the parts of somebody share no pair:
two kinds at once (departments and places) would be no flow any more.

This is how an arc of a flow with a capacity of its own is taken apart into nodes (R. K. Ahuja,
T. L. Magnanti, J. B. Orlin, "Network Flows", 1993, section 2.4).
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.capacities import Capacities, LoadPrices, Spread, SpreadPrices
from mentormatch.assign.problem import Heaviest, Prices, Problem
from mentormatch.assign.shortage import ShortageError

__all__ = ["Subdivision"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class _Parts:
    """The parts of one side: those of rows are rows, and their blanks are columns.

    Members come first on each side, then parts, then the blanks of the other side's parts.
    """

    members: Integers  # (n_parts,): who was divided
    groups: Integers  # (n_parts,): for the partners of which group
    most: Integers  # (n_parts,): how many of them there may be
    of_pair: Integers  # (n_pairs,): the part that each pair is made over to, -1 for none

    @classmethod
    def of(
        cls, spread: Spread | None, capacity: Integers, members: Integers, partners: Integers
    ) -> "_Parts":
        """Divide whoever can have more partners of a group than they may."""
        of_pair = np.full(len(members), -1, dtype=np.int64)
        if spread is None:
            return cls(of_pair[:0], of_pair[:0], of_pair[:0], of_pair)
        # Groups may have any numbers: they are numbered anew, so that products stay small.
        groups, number = np.unique(spread.groups, return_inverse=True)
        number = number.astype(np.int64).ravel()
        grouped = np.flatnonzero(spread.groups[partners] >= 0)
        keys = members[grouped] * len(groups) + number[partners[grouped]]
        found, which, count = np.unique(keys, return_inverse=True, return_counts=True)
        owners, kinds = np.divmod(found, max(1, len(groups)))
        most = spread.at_most[owners]
        binds = (count > most) & (capacity[owners] > most)
        new = np.where(binds, np.cumsum(binds) - 1, -1)
        of_pair[grouped] = new[which.ravel()]
        return cls(owners[binds], groups[kinds[binds]], most[binds], of_pair)

    def __len__(self) -> int:
        return len(self.members)

    @property
    def part_of_blank(self) -> Integers:
        """Which part each blank belongs to; shape (n_blanks,)."""
        return np.repeat(np.arange(len(self)), self.most)

    def used(self, chosen: Integers) -> Integers:
        """Return how many partners each part has, of pairs at those positions."""
        parts = self.of_pair[chosen]
        return np.bincount(parts[parts >= 0], minlength=len(self))

    def best(self, chosen: Integers, gains: Floats, prices: Floats) -> tuple[Booleans, Floats]:
        """Return which chosen pairs there is room for, those that gain most, and a price for each.

        At the price nobody would have those that there is no room for.
        """
        kept, prices = np.ones(len(chosen), dtype=np.bool_), prices[self.members].copy()
        parts = self.of_pair[chosen]
        inside = np.flatnonzero(parts >= 0)
        order = inside[np.lexsort((-gains[inside], parts[inside]))]
        rank = np.arange(len(order)) - np.searchsorted(parts[order], parts[order])
        beyond = order[rank >= self.most[parts[order]]]
        kept[beyond] = False
        np.maximum.at(prices, parts[beyond], gains[beyond])
        return kept, prices

    def beyond(self, prices: Floats, count: int) -> SpreadPrices:
        """Return what the prices of parts, after so many members, add to those of their members."""
        more = prices[count : count + len(self)] - prices[self.members]
        paid = more > 0.0
        return SpreadPrices(self.members[paid], self.groups[paid], more[paid])

    def raised(self, prices: Floats, spread: SpreadPrices | None) -> Floats:
        """Return the price of each part: its member's, and what partners of its group cost."""
        own = prices[self.members]
        return own if spread is None else own + spread.of(self.members, self.groups)


@dataclass(frozen=True, eq=False, slots=True)
class Subdivision:
    """A problem whose rows or columns are to have partners of several groups, and one without.

    Parameters
    ----------
    whole
        The problem that was divided.
    problem
        What came of it: its capacities know nothing of groups.
    origin : int64 array, shape (n_pairs of `problem`,)
        The position of each pair in `whole`, -1 for pairs with blanks.
    position : int64 array, shape (n_pairs of `whole`,)
        The other way round.

    Examples
    --------
    Row 0 may have two partners, but one of columns 0 and 1, which are of the same group:

    >>> limits = Capacities.of((1, 3), 2, row_at_most=1, col_groups=[0, 0, 1])
    >>> divided = Subdivision.of(Problem.from_scores([[3.0, 2.0, 1.0]], capacities=limits))
    >>> divided.problem
    Problem(2 rows, 4 columns, 5 allowed pairs)
    >>> divided.problem.capacities.row_capacity, divided.problem.capacities.row_minimum
    (array([2, 1]), array([0, 1]))
    """

    whole: Problem
    problem: Problem
    origin: Integers
    position: Integers
    row: _Parts
    col: _Parts

    @classmethod
    def of(cls, whole: Problem) -> "Subdivision":
        """Divide whom the groups of a problem's capacities concern.

        Examples
        --------
        >>> limits = Capacities.of((1, 3), 2, row_at_most=2, col_groups=[0, 0, 1])
        >>> Subdivision.of(Problem.from_scores([[3.0, 2.0, 1.0]], capacities=limits)).problem
        Problem(1 rows, 3 columns, 3 allowed pairs)
        """
        asked = whole.capacities or Capacities.of(whole.shape)
        n_rows, n_cols = whole.shape
        row = _Parts.of(asked.row_spread, asked.row_capacity, whole.rows, whole.cols)
        col = _Parts.of(asked.col_spread, asked.col_capacity, whole.cols, whole.rows)
        rows = np.where(row.of_pair >= 0, n_rows + row.of_pair, whole.rows)
        cols = np.where(col.of_pair >= 0, n_cols + col.of_pair, whole.cols)
        row_blank = n_cols + len(col) + np.arange(len(row.part_of_blank))
        col_blank = n_rows + len(row) + np.arange(len(col.part_of_blank))
        with_part, with_member = n_rows + row.part_of_blank, row.members[row.part_of_blank]
        of_part, of_member = n_cols + col.part_of_blank, col.members[col.part_of_blank]
        rows = np.concatenate((rows, with_part, with_member, col_blank, col_blank))
        cols = np.concatenate((cols, row_blank, row_blank, of_part, of_member))
        origin = np.full(len(rows), -1, dtype=np.int64)
        origin[: len(whole.rows)] = np.arange(len(whole.rows))
        order = np.lexsort((cols, rows))
        origin = origin[order]
        position = np.empty(len(whole.rows), dtype=np.int64)
        position[origin[origin >= 0]] = np.flatnonzero(origin >= 0)
        scores = np.zeros(len(rows))
        scores[position] = whole.scores
        shape = n_rows + len(row) + len(col_blank), n_cols + len(col) + len(row_blank)
        ones = np.ones_like(col_blank), np.ones_like(row_blank)
        capacities = Capacities(
            np.concatenate((asked.row_capacity, row.most, ones[0])),
            np.concatenate((asked.col_capacity, col.most, ones[1])),
            np.concatenate((asked.row_minimum, row.most, ones[0])),
            np.concatenate((asked.col_minimum, col.most, ones[1])),
        )
        problem = Problem(shape, rows[order], cols[order], scores, capacities=capacities)
        return cls(whole, problem, origin, position, row, col)

    def is_kept(self, chosen: Integers) -> bool:
        """Return whether of pairs of the whole problem there are not too many in any part.

        Examples
        --------
        >>> limits = Capacities.of((1, 3), 2, row_at_most=1, col_groups=[0, 0, 1])
        >>> divided = Subdivision.of(Problem.from_scores([[3.0, 2.0, 1.0]], capacities=limits))
        >>> divided.is_kept(np.array([0, 2])), divided.is_kept(np.array([0, 1]))
        (True, False)
        """
        sides = self.row, self.col
        return all(bool((side.used(chosen) <= side.most).all()) for side in sides)

    def weights(self, weights: Floats) -> Floats:
        """Return what each pair is worth, where a weight is given for each of the whole problem.

        Parameters
        ----------
        weights : float64 array, shape (n_pairs of `whole`,)

        Examples
        --------
        >>> limits = Capacities.of((1, 3), 2, row_at_most=1, col_groups=[0, 0, 1])
        >>> divided = Subdivision.of(Problem.from_scores([[3.0, 2.0, 1.0]], capacities=limits))
        >>> divided.weights(np.array([5.0, 6.0, 7.0]))
        array([7., 0., 5., 6., 0.])
        """
        worth = np.zeros(len(self.origin))
        worth[self.position] = weights
        return worth

    def chosen(self, chosen: Integers) -> Integers:
        """Return the positions of the same choice, of which not too many are in a group.

        Parameters
        ----------
        chosen : int64 array
            Positions in the whole problem.

        Examples
        --------
        >>> limits = Capacities.of((1, 3), 2, row_at_most=1, col_groups=[0, 0, 1])
        >>> divided = Subdivision.of(Problem.from_scores([[3.0, 2.0, 1.0]], capacities=limits))
        >>> same = divided.chosen(np.array([0]))
        >>> divided.problem.rows[same], divided.problem.cols[same]
        (array([0, 1]), array([3, 0]))
        """
        rows, cols = self.whole.shape
        ends: list[tuple[Integers, Integers]] = []
        for parts, own, others, is_row in (
            (self.row, rows, cols + len(self.col), True),
            (self.col, cols, rows + len(self.row), False),
        ):
            owner, blank = parts.part_of_blank, others + np.arange(len(parts.part_of_blank))
            number = np.arange(len(owner)) - np.searchsorted(owner, owner)
            spent = number < parts.used(chosen)[owner]
            with_whom = np.where(spent, parts.members[owner], own + owner)
            ends.append((with_whom, blank) if is_row else (blank, with_whom))
        blanks = [self.problem.find(*pair) for pair in ends]
        return np.sort(np.concatenate((self.position[chosen], *blanks)))

    def _lifted(
        self, rows: Floats, cols: Floats, row_parts: Floats, col_parts: Floats
    ) -> tuple[Floats, Floats]:
        """Return prices of rows and columns, blanks included, from those of members and of parts.

        Parameters
        ----------
        rows, cols : float64 array, shape (n_rows,) and (n_cols,) of `whole`
            What they charge, less what minima take off.
        row_parts, col_parts : float64 array, shape (n_parts,) of each side
        """
        row_blanks = -rows[self.row.members[self.row.part_of_blank]]
        col_blanks = -cols[self.col.members[self.col.part_of_blank]]
        return (
            np.concatenate((rows, row_parts, col_blanks)),
            np.concatenate((cols, col_parts, row_blanks)),
        )

    def prices(self, rows: Floats, cols: Floats, loads: LoadPrices | None) -> tuple[Floats, Floats]:
        """Return optimal prices of the problem from optimal ones of the whole.

        Parameters
        ----------
        rows, cols : float64 array, shape (n_rows,) and (n_cols,) of `whole`
            What they charge, less what minima take off.
        loads
            With the prices of groups.

        Examples
        --------
        >>> limits = Capacities.of((1, 3), 2, row_at_most=1, col_groups=[0, 0, 1])
        >>> divided = Subdivision.of(Problem.from_scores([[3.0, 2.0, 1.0]], capacities=limits))
        >>> divided.prices(np.array([1.0]), np.array([1.0, 0.0, 0.0]), None)
        (array([1., 1.]), array([ 1.,  0.,  0., -1.]))
        """
        row = self.row.raised(rows, loads.row_spread if loads else None)
        col = self.col.raised(cols, loads.col_spread if loads else None)
        return self._lifted(rows, cols, row, col)

    def start(self, found: Heaviest, weights: Floats) -> Heaviest:
        """Return where to go on from: an answer of the whole problem that minds no groups.

        Parameters
        ----------
        found
            The answer.
        weights : float64 array, shape (n_pairs of `whole`,)
            What it is the heaviest of.

        Examples
        --------
        >>> limits = Capacities.of((1, 3), 2, row_at_most=1, col_groups=[0, 0, 1])
        >>> whole = Problem.from_scores([[3.0, 2.0, 1.0]], capacities=limits)
        >>> best = Heaviest(np.array([0, 1]), Prices(np.array([1.0]), np.zeros(3)))
        >>> Subdivision.of(whole).start(best, whole.scores).prices.row
        array([1., 2.])
        """
        chosen, less = found.chosen, found.load_prices
        rows = found.prices.row - (less.row_minimum if less else 0.0)
        cols = found.prices.col - (less.col_minimum if less else 0.0)
        gains = weights[chosen] - cols[self.whole.cols[chosen]]
        kept, row_parts = self.row.best(chosen, gains, rows)
        chosen = chosen[kept]
        parts = self.row.of_pair[chosen]
        owed = rows[self.whole.rows[chosen]]
        owed[parts >= 0] = row_parts[parts[parts >= 0]]
        kept, col_parts = self.col.best(chosen, weights[chosen] - owed, cols)
        row, col = self._lifted(rows, cols, row_parts, col_parts)
        none = np.zeros(0, dtype=np.int64)
        loads = LoadPrices(none, none, np.zeros(0), (-row).clip(0.0), (-col).clip(0.0))
        prices = Prices(row.clip(0.0), col.clip(0.0))
        return Heaviest(self.chosen(chosen[kept]), prices, loads)

    def whole_again(self, found: Heaviest) -> Heaviest:
        """Return the answer to the whole problem from one to this.

        Parameters
        ----------
        found
            The answer, as `mentormatch.assign.capacitated` gives it: no pair with a blank has a
            price of its own.

        Examples
        --------
        >>> limits = Capacities.of((1, 3), 2, row_at_most=1, col_groups=[0, 0, 1])
        >>> divided = Subdivision.of(Problem.from_scores([[3.0, 2.0, 1.0]], capacities=limits))
        >>> none, nothing = np.array([], dtype=np.int64), np.zeros(0)
        >>> loads = LoadPrices(none, none, nothing, np.zeros(2), np.zeros(4))
        >>> found = Heaviest(np.array([0, 1, 2]), Prices(np.array([0.0, 3.0]), np.zeros(4)), loads)
        >>> again = divided.whole_again(found)
        >>> again.chosen, again.load_prices.row_spread.prices
        (array([0, 2]), array([3.]))
        """
        (n_rows, n_cols), loads = self.whole.shape, found.load_prices
        assert loads is not None
        row, col = found.prices.row - loads.row_minimum, found.prices.col - loads.col_minimum
        origin = self.origin[found.chosen]
        own = self.origin[self.problem.find(loads.rows, loads.cols)]
        more = LoadPrices(
            self.whole.rows[own],
            self.whole.cols[own],
            loads.pairs,
            loads.row_minimum[:n_rows],
            loads.col_minimum[:n_cols],
            self.row.beyond(row, n_rows) if len(self.row) else None,
            self.col.beyond(col, n_cols) if len(self.col) else None,
        )
        prices = Prices(found.prices.row[:n_rows], found.prices.col[:n_cols])
        return Heaviest(np.sort(origin[origin >= 0]), prices, more)

    def shortage(self, error: ShortageError) -> ShortageError:
        """Return the same shortage in terms of the whole problem.

        Parameters
        ----------
        error
            What the problem's minima lack. Parts and blanks that help nobody are left out of the
            sums, so that it may turn out larger.

        Examples
        --------
        >>> from mentormatch.assign import solve_assignment
        >>> asked = {"row_capacity": 2, "row_minimum": 2, "row_at_most": 1}
        >>> solve_assignment([[1.0, 1.0]], **asked, col_groups=[3, 3])
        Traceback (most recent call last):
            ...
        mentormatch.assign.shortage.ShortageError: the minimum of row 0 takes 2 partners in all, \
and there can be 1: lower row_minimum, raise row_at_most, or allow more pairs
        """
        whole, asked = self.whole, self.whole.capacities
        assert asked is not None
        sides = (whole.rows, asked.row_minimum, self.row), (whole.cols, asked.col_minimum, self.col)
        (ends, least, own), (others, _, theirs) = sides if error.side == "row" else sides[::-1]
        most = asked.col_capacity if error.side == "row" else asked.row_capacity
        members = error.members[error.members < len(least)]
        partners = error.partners[error.partners < len(most)]
        # Pairs of members with others than the partners, each once but in parts that are full.
        outside = np.isin(ends, members) & ~np.isin(others, partners)
        outside &= (asked.row_capacity[whole.rows] > 0) & (asked.col_capacity[whole.cols] > 0)
        numbers = np.arange(len(own)), np.arange(len(theirs))
        full = (
            ~np.isin(len(least) + numbers[0], error.members),
            np.isin(len(most) + numbers[1], error.partners),
        )
        available, limits = int(most[partners].sum()), []
        for parts, is_full in zip((own, theirs), full, strict=True):
            within = outside & (parts.of_pair >= 0)
            within[within] = is_full[parts.of_pair[within]]
            limited = np.unique(parts.of_pair[within])
            available += int(parts.most[limited].sum())
            limits.append(np.column_stack((parts.members[limited], parts.groups[limited])))
            outside &= ~within
        available += int(outside.sum())
        needed = int(least[members].sum())
        by_row, by_col = limits if error.side == "row" else limits[::-1]
        return ShortageError(error.side, members, partners, needed, available, by_row, by_col)
