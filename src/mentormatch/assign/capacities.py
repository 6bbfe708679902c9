"""How many partners each row and column may have, and must have."""

from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mentormatch.errors import InfeasibleError, listed

__all__ = ["Capacities", "LoadPrices", "ShortageError", "bound_terms", "keep_read_only"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


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

    Examples
    --------
    >>> Capacities.of((2, 3), row_capacity=5, col_minimum=[0, 1, 0])
    Capacities(row_capacity=array([3, 3]), col_capacity=array([1, 1, 1]), \
row_minimum=array([0, 0]), col_minimum=array([0, 1, 0]))
    """

    row_capacity: Integers
    col_capacity: Integers
    row_minimum: Integers
    col_minimum: Integers

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
        if row_most is None or col_most is None or row_least is None or col_least is None or faults:
            raise ValueError("\n".join(faults))
        return cls(np.minimum(row_most, n_cols), np.minimum(col_most, n_rows), row_least, col_least)

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""
        return len(self.row_capacity), len(self.col_capacity)

    @property
    def are_ones(self) -> bool:
        """Whether everybody has one partner at most, and nobody must have any."""
        return not (self.row_minimum.any() or self.col_minimum.any()) and all(
            # Where the other side is empty nobody can have more than none.
            bool((most == min(1, other)).all())
            for most, other in zip(
                (self.row_capacity, self.col_capacity), self.shape[::-1], strict=True
            )
        )


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

    def __post_init__(self) -> None:
        keep_read_only(self, "rows", "cols", "pairs", "row_minimum", "col_minimum")


def bound_terms(
    row_prices: Floats,
    col_prices: Floats,
    capacities: Capacities,
    load_prices: LoadPrices | None,
    lam: float,
) -> list[float]:
    """Return numbers that add up to what no choice of pairs is worth more than.

    Somebody's first place costs their price, and each later one half of `lam` less, but no less
    than nothing: it serves nobody anew. Prices of minima come back for each place of a minimum.

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


class ShortageError(InfeasibleError):
    """Minima that no choice of pairs can meet, with those who together show it.

    Each pair of one of them with a partner that is not listed helps once, and each listed
    partner as often as its capacity says; that is all there is, and it is not enough (P. Hall, "On
    representatives of subsets", 1935).

    Attributes
    ----------
    side : str
        "row" or "col": whose minima these are.
    members : int64 array
        The rows, or columns, whose minima cannot be met together.
    partners : int64 array
        The columns, or rows, that are wanted by too many of them.
    needed, available : int
        How many partners they must have in all, and how many they can have.

    Examples
    --------
    >>> from mentormatch.assign import solve_assignment
    >>> solve_assignment([[1.0], [1.0]], row_minimum=1)
    Traceback (most recent call last):
        ...
    mentormatch.assign.capacities.ShortageError: the minimum of rows 0, 1 takes 2 partners in \
all, and there can be 1: lower row_minimum, raise col_capacity of column 0, or allow more pairs
    """

    def __init__(
        self, side: str, members: Integers, partners: Integers, needed: int, available: int
    ) -> None:
        self.side = side
        self.members = members
        self.partners = partners
        self.needed = needed
        self.available = available
        words = {"row": "row", "col": "column"}
        other = "col" if side == "row" else "row"
        who = _counted(words[side], members)
        full = ""
        if len(partners):
            full = f"raise {other}_capacity of {_counted(words[other], partners)}, "
        super().__init__(
            f"the minimum of {who} takes {needed} partner{'s' * (needed != 1)} in all, and there "
            f"can be {available}: lower {side}_minimum, {full}or allow more pairs"
        )

    def __reduce__(self) -> tuple[type["ShortageError"], tuple[object, ...]]:
        # So that it crosses process boundaries whole.
        return type(self), (self.side, self.members, self.partners, self.needed, self.available)

    @property
    def shortage(self) -> int:
        """How many partners are lacking."""
        return self.needed - self.available


def _read(
    name: str, numbers: ArrayLike | None, default: int, size: int, faults: list[str]
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
    negative = np.flatnonzero(read < 0)
    if len(negative):
        value = read[negative[0]]
        rest = _more(len(negative))
        faults.append(f"{name}[{negative[0]}] is {value}; it must be 0 or more{rest}")
    return read


def _more(count: int) -> str:
    return f" (and {count - 1} more such)" if count > 1 else ""


def _counted(word: str, who: Integers) -> str:
    return f"{word}{'s' * (len(who) != 1)} {listed(map(str, who.tolist()))}"


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
