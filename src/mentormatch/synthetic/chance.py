"""Chance that falls the same way on every machine and with every version of NumPy.

Of NumPy's random numbers only the raw integers of a bit generator are promised never to change
("PCG64 makes a guarantee that a fixed seed will always produce the same random integer stream");
the methods of `numpy.random.Generator` may. All that is made of them here uses integers and the
basic operations of IEEE 754, which round alike everywhere; logarithms, powers and trigonometric
functions differ between mathematical libraries in the last bit. Sums of floats are running sums
(`numpy.cumsum`), because the order in which `numpy.sum` adds depends on the processor.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Chance", "pick", "zipf"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Chance:
    """A stream of random numbers.

    Parameters
    ----------
    seed
        0 or more; equal seeds give equal streams.

    Examples
    --------
    >>> Chance(7).uniform(2)
    array([0.62509547, 0.8972138 ])
    """

    __slots__ = ("_bits",)

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def uniform(self, count: int) -> Floats:
        """Draw numbers in [0, 1), multiples of 2**-53.

        Parameters
        ----------
        count
            How many.

        Returns
        -------
        ndarray of float64, shape (count,)
        """
        raw = np.asarray(self._bits.random_raw(count), dtype=np.uint64)
        drawn: Floats = (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return drawn

    def whole(self, count: int, below: int) -> Integers:
        """Draw whole numbers from 0 up to `below`, which is not among them.

        Parameters
        ----------
        count
            How many.
        below
            1 or more, and less than 2**32.

        Returns
        -------
        ndarray of int64, shape (count,)

        Examples
        --------
        >>> Chance(7).whole(5, below=3)
        array([1, 2, 2, 0, 0])
        """
        return (self.uniform(count) * below).astype(np.int64)

    def order(self, count: int) -> Integers:
        """Draw an order in which to take `count` things, every one equally likely.

        Parameters
        ----------
        count
            How many things.

        Returns
        -------
        ndarray of int64, shape (count,)
            Each of 0 ... count - 1 once.

        Examples
        --------
        >>> Chance(7).order(5)
        array([3, 4, 0, 2, 1])
        """
        return np.argsort(self.uniform(count), kind="stable").astype(np.int64)


def zipf(count: int) -> Floats:
    """Return Zipf's law as running shares: the k-th of `count` things has a weight of 1/k.

    Parameters
    ----------
    count
        1 or more.

    Returns
    -------
    ndarray of float64, shape (count,)
        Ascending; the last is 1.

    Examples
    --------
    >>> zipf(3) * 11
    array([ 6.,  9., 11.])
    """
    running = np.cumsum(1.0 / np.arange(1, count + 1))
    shares: Floats = running / running[-1]
    return shares


def pick(shares: Floats, drawn: Floats) -> Integers:
    """Return what uniform numbers fall on.

    Parameters
    ----------
    shares
        Running shares, as from `zipf`.
    drawn
        Numbers in [0, 1).

    Returns
    -------
    ndarray of int64
        Same shape as `drawn`.

    Examples
    --------
    >>> pick(zipf(3), np.array([0.0, 0.5, 0.6, 0.99]))
    array([0, 0, 1, 2])
    """
    return np.searchsorted(shares, drawn, side="right").astype(np.int64)
