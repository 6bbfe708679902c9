"""The one decorator for kernels: plain loops over arrays, compiled by numba (extra ``scale``)."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

__all__ = ["kernel"]

Given = ParamSpec("Given")
Found = TypeVar("Found")


def kernel(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Compile a function when it is first called, and keep the result on disk where there is room.

    A kernel holds no Python object, so it lets other threads run meanwhile; it starts none of its
    own, since numba's threads survive neither a fork nor a second entry.

    Parameters
    ----------
    function
        Loops over arrays; each argument is always of the same type. Kernels that call each other
        stand in one file: what is kept on disk is renewed when its own file changes, and only then.

    Returns
    -------
    callable
        The same function, compiled.

    Examples
    --------
    >>> import numpy as np
    >>> @kernel
    ... def total(values):
    ...     added = 0.0
    ...     for value in values:
    ...         added += value
    ...     return added
    >>> total(np.array([1.0, 2.0]))
    3.0
    """
    try:
        compiled: Callable[Given, Found] = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no folder can be written, neither the package's nor the user's
        compiled = numba.njit(nogil=True)(function)
    return compiled
