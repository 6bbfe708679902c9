"""How many partners each row and column may have, and must have."""

from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Capacities",
    "LoadPrices",
    "Spread",
    "SpreadPrices",
    "bound_terms",
    "keep_read_only",
]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Spread:
    """How many partners of one group each member of a side has at most.

    Parameters
    ----------
    groups : int64 array, shape (n_partners,)
        The group of each member of the other side, by any number of 0 or more; -1 for none.
    at_most : int64 array, shape (n_members,)
        1 or more. Partners in no group are not counted.

    Examples
    --------
    >>> by_department = Spread(groups=np.array([7, 7, -1]), at_most=np.array([1, 2]))
    >>> by_department.is_kept(np.array([0, 0, 1, 1]), np.array([0, 2, 0, 1]))
    True
    >>> by_department.is_kept(np.array([0, 0]), np.array([0, 1]))
    False
    """

    groups: Integers
    at_most: Integers

    def __post_init__(self) -> None:
        keep_read_only(self, "groups", "at_most")

    def is_kept(self, members: Integers, partners: Integers) -> bool:
        """Return whether nobody has too many partners of one group.

        Parameters
        ----------
        members, partners : int64 array, shape (n_pairs,)
            The two ends of each pair, each pair once.
        """
        grouped = self.groups[partners] >= 0
        ends = np.column_stack((members[grouped], self.groups[partners[grouped]]))
        found, count = np.unique(ends, axis=0, return_counts=True)
        return bool((count <= self.at_most[found[:, 0]]).all())


@dataclass(frozen=True, eq=False, slots=True)
class Capacities:
    """How many pairs each row and each column is in at most, and at least.

    Parameters
    ----------
    row_capacity, col_capacity : int64 array, shape (n_rows,) and (n_cols,)
        The most pairs of each: 0 for who takes no part. As each pair is there once, nobody can be
        in more than the other side has members.
    row_minimum, col_minimum : int64 array, shape (n_rows,) and (n_cols,)
        The fewest.
    row_spread, col_spread
        How many partners of one group each row, and each column, has at most; `None` where that is
        as many as the capacity allows.

    Examples
    --------
    >>> Capacities.of((2, 3), row_capacity=5, col_minimum=[0, 1, 0])
    Capacities(row_capacity=array([3, 3]), col_capacity=array([1, 1, 1]), \
row_minimum=array([0, 0]), col_minimum=array([0, 1, 0]), row_spread=None, col_spread=None)
    """

    row_capacity: Integers
    col_capacity: Integers
    row_minimum: Integers
    col_minimum: Integers
    row_spread: Spread | None = None
    col_spread: Spread | None = None

    def __post_init__(self) -> None:
        keep_read_only(self, "row_capacity", "col_capacity", "row_minimum", "col_minimum")

    @classmethod
    def of(
        cls,
        shape: tuple[int, int],
        row_capacity: ArrayLike | None = None,
        col_capacity: ArrayLike | None = None,
        row_minimum: ArrayLike | None = None,
        col_minimum: ArrayLike | None = None,
        row_at_most: ArrayLike | None = None,
        col_at_most: ArrayLike | None = None,
        row_groups: ArrayLike | None = None,
        col_groups: ArrayLike | None = None,
    ) -> Self:
        """Read what a caller asks for.

        Parameters
        ----------
        shape
            Number of rows and of columns.
        row_capacity, col_capacity
            A whole number, 0 or more, for each or for all of them; 1 by default.
        row_minimum, col_minimum
            The same, no more than the capacity; 0 by default.
        row_at_most
            How many partners of one group each row has at most, 1 or more, for each or for all of
            them. It goes with `col_groups`.
        col_at_most
            The same for columns. It goes with `row_groups`.
        row_groups, col_groups
            Which group each row, or column, is in, as its partners count it: a whole number, -1 for
            none.

        Raises
        ------
        ValueError
            Naming all that is wrong.

        Examples
        --------
        >>> Capacities.of((1, 2), col_capacity=[2, -1], row_minimum=3)
        Traceback (most recent call last):
            ...
        ValueError: col_capacity[1] is -1; it must be 0 or more
        row_minimum[0] is 3, above its capacity of 1; lower the one or raise the other

        Two partners, but not two of the same department:

        >>> Capacities.of((1, 3), 2, row_at_most=1, col_groups=[0, 0, 1]).row_spread
        Spread(groups=array([0, 0, 1]), at_most=array([1]))
        """
        faults: list[str] = []
        n_rows, n_cols = shape
        row_most = _read("row_capacity", row_capacity, 1, n_rows, faults)
        col_most = _read("col_capacity", col_capacity, 1, n_cols, faults)
        row_least = _read("row_minimum", row_minimum, 0, n_rows, faults)
        col_least = _read("col_minimum", col_minimum, 0, n_cols, faults)
        for name, least, most in (
            ("row_minimum", row_least, row_most),
            ("col_minimum", col_least, col_most),
        ):
            if least is None or most is None:
                continue
            above = np.flatnonzero((least > most) & (most >= 0))
            if len(above):
                one = above[0]
                faults.append(
                    f"{name}[{one}] is {least[one]}, above its capacity of {most[one]}; "
                    f"lower the one or raise the other{_more(len(above))}"
                )
        row_spread = _read_spread(
            "row_at_most", row_at_most, "col_groups", col_groups, shape, faults
        )
        turned = n_cols, n_rows
        col_spread = _read_spread(
            "col_at_most", col_at_most, "row_groups", row_groups, turned, faults
        )
        if row_most is None or col_most is None or row_least is None or col_least is None or faults:
            raise ValueError("\n".join(faults))
        row_most, col_most = np.minimum(row_most, n_cols), np.minimum(col_most, n_rows)
        return cls(row_most, col_most, row_least, col_least, row_spread, col_spread)

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""
        return len(self.row_capacity), len(self.col_capacity)

    @property
    def have_no_groups(self) -> bool:
        """Whether nobody is asked to have partners of several groups."""
        return self.row_spread is None and self.col_spread is None

    @property
    def are_ones(self) -> bool:
        """Whether everybody has one partner at most, and nobody must have any.

        Then nobody has too many of one group.
        """
        return not (self.row_minimum.any() or self.col_minimum.any()) and all(
            # Where the other side is empty nobody can have more than none.
            bool((most == min(1, other)).all())
            for most, other in zip(
                (self.row_capacity, self.col_capacity), self.shape[::-1], strict=True
            )
        )


@dataclass(frozen=True, eq=False, slots=True)
class SpreadPrices:
    """What further partners of a group cost who has as many of it as may be.

    Parameters
    ----------
    members, groups : int64 array, shape (n,)
        A row, or a column, and a group of its partners, each two once.
    prices : float64 array, shape (n,)
        Above 0. It is added to the price of the member for each partner of the group.

    Examples
    --------
    >>> SpreadPrices(np.array([2]), np.array([0]), np.array([0.5])).prices.flags.writeable
    False
    """

    members: Integers
    groups: Integers
    prices: Floats

    def __post_init__(self) -> None:
        keep_read_only(self, "members", "groups", "prices")

    def of(self, members: Integers, groups: Integers) -> Floats:
        """Return what each of some members pays for each partner of a group.

        Parameters
        ----------
        members, groups : int64 array, shape (n,)
            As above.

        Examples
        --------
        >>> prices = SpreadPrices(np.array([2]), np.array([0]), np.array([0.5]))
        >>> prices.of(np.array([2, 2, 1]), np.array([0, 1, 0]))
        array([0.5, 0. , 0. ])
        """
        paid, count = np.zeros(len(members)), len(self.members)
        some = np.flatnonzero(np.isin(members, self.members))
        ends = np.append(self.members, members[some]), np.append(self.groups, groups[some])
        _, which = np.unique(np.column_stack(ends), axis=0, return_inverse=True)
        prices = np.zeros(len(which))
        prices[which.ravel()[:count]] = self.prices
        paid[some] = prices[which.ravel()[count:]]
        return paid


@dataclass(frozen=True, eq=False, slots=True)
class LoadPrices:
    """What capacities and minima add to the prices of rows and columns.

    Parameters
    ----------
    rows, cols : int64 array, shape (n,)
        The pairs that are worth more than the prices of their ends, which is why they are in every
        best choice; there are none where one side has no capacity above 1.
    pairs : float64 array, shape (n,)
        How much more.
    row_minimum, col_minimum : float64 array, shape (n_rows,) and (n_cols,)
        What each place costs that somebody must fill, 0 or more: it comes off their price.
    row_spread, col_spread
        What partners of one group cost besides; `None` where nobody pays for any.

    Examples
    --------
    >>> from mentormatch.assign import solve_assignment
    >>> solution = solve_assignment([[3.0, 1.0], [1.0, 0.5]], row_capacity=2, col_capacity=2)
    >>> solution.row_prices, solution.col_prices, solution.load_prices.pairs
    (array([0.5, 0. ]), array([1. , 0.5]), array([1.5]))
    """

    rows: Integers
    cols: Integers
    pairs: Floats
    row_minimum: Floats
    col_minimum: Floats
    row_spread: SpreadPrices | None = None
    col_spread: SpreadPrices | None = None

    def __post_init__(self) -> None:
        keep_read_only(self, "rows", "cols", "pairs", "row_minimum", "col_minimum")

    def of_groups(self, capacities: Capacities | None, rows: Integers, cols: Integers) -> Floats:
        """Return what pairs pay because of the groups of their ends.

        Parameters
        ----------
        capacities
            Those of the problem, which say who is in which group.
        rows, cols : int64 array, shape (n,)
            The ends of each pair.

        Examples
        --------
        >>> from mentormatch.assign import solve_assignment
        >>> asked = {"row_capacity": 2, "row_at_most": 1, "col_groups": [0, 0, 1]}
        >>> solution = solve_assignment([[9.0, 8.0, 1.0]], **asked)
        >>> pairs = np.array([0, 0, 0]), np.array([0, 1, 2])
        >>> solution.load_prices.of_groups(solution.capacities, *pairs)
        array([7., 7., 0.])
        """
        paid = np.zeros(len(rows))
        if capacities is None:
            return paid
        for spread, prices, members, partners in (
            (capacities.row_spread, self.row_spread, rows, cols),
            (capacities.col_spread, self.col_spread, cols, rows),
        ):
            if spread is not None and prices is not None:
                paid += prices.of(members, spread.groups[partners])
        return paid


def bound_terms(
    row_prices: Floats,
    col_prices: Floats,
    capacities: Capacities,
    load_prices: LoadPrices | None,
    lam: float,
) -> list[float]:
    """Return numbers that add up to what no choice of pairs is worth more than.

    Somebody's first place costs their price, and each later one half of `lam` less, but no less
    than nothing: it serves nobody anew. Prices of minima come back for each place of a minimum, and
    those of groups are paid as often as there may be partners of one.

    Parameters
    ----------
    row_prices, col_prices : float64 array, shape (n_rows,) and (n_cols,)
        Which with `load_prices` cover each pair, for its score and `lam`.
    capacities
        How often each is counted.
    load_prices
        What else there is to pay.
    lam
        Two people served count so much beside the scores.

    Examples
    --------
    >>> one, limits = np.array([1.0]), Capacities.of((1, 1))
    >>> bound_terms(one, one, limits, None, lam=1.0)
    [1.0, 1.0]
    """
    terms: list[float] = []
    for prices, capacity in (
        (row_prices, capacities.row_capacity),
        (col_prices, capacities.col_capacity),
    ):
        terms += prices[capacity > 0].tolist()
        terms += _multiples((prices - lam / 2).clip(0.0), (capacity - 1).clip(0))
    if load_prices is not None:
        terms += load_prices.pairs.tolist()
        terms += _multiples(-load_prices.row_minimum, capacities.row_minimum)
        terms += _multiples(-load_prices.col_minimum, capacities.col_minimum)
        for asked, spread in (
            (capacities.row_spread, load_prices.row_spread),
            (capacities.col_spread, load_prices.col_spread),
        ):
            if asked is not None and spread is not None:
                terms += _multiples(spread.prices, asked.at_most[spread.members])
    return terms


def _multiples(amounts: Floats, counts: Integers) -> list[float]:
    """Return numbers that add up to each amount as often as its count says, exactly.

    A product would be rounded; twice an amount is not.
    """
    terms: list[float] = []
    while counts.any():
        terms += amounts[counts & 1 == 1].tolist()
        # Those that are not needed any more must not overflow.
        amounts, counts = np.where(counts > 1, 2 * amounts, 0.0), counts >> 1
    return terms


def _read_spread(
    most_name: str,
    most: ArrayLike | None,
    groups_name: str,
    groups: ArrayLike | None,
    sizes: tuple[int, int],
    faults: list[str],
) -> Spread | None:
    """Return what a side of the first size asks of its partners, of whom there is the second."""
    if most is None and groups is None:
        return None
    if most is None or groups is None:
        lacking = most_name if most is None else groups_name
        faults.append(f"{most_name} and {groups_name} go together; give {lacking} as well")
        return None
    at_most = _read(most_name, most, 1, sizes[0], faults, least=1)
    numbers = _read(groups_name, groups, -1, sizes[1], faults, least=-1)
    return None if at_most is None or numbers is None else Spread(numbers, at_most)


def _read(
    name: str,
    numbers: ArrayLike | None,
    default: int,
    size: int,
    faults: list[str],
    least: int = 0,
) -> Integers | None:
    """Return one whole number for each, or None for what is none, which is added to the faults."""
    given = np.asarray(default if numbers is None else numbers)
    if given.dtype.kind not in "iu" and given.size:
        faults.append(f"{name} holds {given.dtype}; it takes whole numbers")
        return None
    if given.ndim > 1 or (given.ndim == 1 and len(given) != size):
        faults.append(f"{name} has shape {given.shape}; it takes one number, or shape ({size},)")
        return None
    read = np.array(np.broadcast_to(np.minimum(given, 2**62), size), dtype=np.int64)
    below = np.flatnonzero(read < least)
    if len(below):
        one, rest = below[0], _more(len(below))
        faults.append(f"{name}[{one}] is {read[one]}; it must be {least} or more{rest}")
    return read


def _more(count: int) -> str:
    return f" (and {count - 1} more such)" if count > 1 else ""


def keep_read_only(owner: object, *names: str) -> None:
    """Replace arrays of a frozen dataclass by read-only views; the caller's stay writable.

    Parameters
    ----------
    owner
        The dataclass.
    names
        Which of its fields.

    Examples
    --------
    >>> numbers = np.array([1])
    >>> Capacities(numbers, numbers, numbers, numbers).row_capacity.flags.writeable
    False
    """
    for name in names:
        view = getattr(owner, name).view()
        view.setflags(write=False)
        object.__setattr__(owner, name, view)
