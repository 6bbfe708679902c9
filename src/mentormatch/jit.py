"""The one decorator for kernels: plain loops over arrays, compiled by numba (extra ``scale``).

And the one way to drive them on several processors.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import numba

__all__ = ["in_order", "kernel"]

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


def in_order(
    work: Callable[..., Found], blocks: Iterable[tuple[int, ...]], threads: int | None = None
) -> Iterator[Found]:
    """Work on blocks in several threads, and yield the results in their order.

    Threads live no longer than the work, so that nothing is left for a fork to break. No more
    blocks are under way than there are threads, and one: memory stays bounded however slowly the
    results are taken.

    Parameters
    ----------
    work
        Called with each block's numbers; it should spend its time in kernels.
    blocks
        What to work on.
    threads
        How many; `None` for one for each processor that this process may use.

    Yields
    ------
    object
        What `work` returned, the same for any number of threads.

    Examples
    --------
    >>> list(in_order(lambda first, last: last - first, [(0, 2), (2, 7)]))
    [2, 5]
    """
    threads = threads or _processors()
    with ThreadPoolExecutor(threads) as pool:
        under_way: deque[Future[Found]] = deque()
        try:
            for block in blocks:
                under_way.append(pool.submit(work, *block))
                if len(under_way) > threads:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            # After Ctrl-C only what has begun is waited for.
            pool.shutdown(cancel_futures=True)


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
