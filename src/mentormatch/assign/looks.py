"""Looking through a source of pairs, and keeping what was found."""

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.assign.limits import Limits
from mentormatch.assign.problem import Problem
from mentormatch.assign.source import Asked, Found, Pairs, PairSource
from mentormatch.progress import Progress

__all__ = ["SLACK", "TimeIsUpError", "joined", "looked_through", "no_pairs"]

Integers: TypeAlias = NDArray[np.int64]

#: Pairs are kept that miss being worth more than their prices by no more than this.
SLACK = 2.0**-7


class TimeIsUpError(Exception):
    """A look was broken off."""


def looked_through(
    source: PairSource,
    side: int,
    who: Integers,
    asked: Asked,
    progress: Progress,
    limits: Limits,
) -> Iterator[Found]:
    """Yield what a look at some rows or columns brings, and tell how many of them are done.

    Raises
    ------
    TimeIsUpError
        When it is.
    """
    if not len(who):
        return
    progress("looking at pairs", 0, len(who))
    for pairs, cut, over in source.above(side, who, *asked):
        if len(pairs[side]):
            done = int(np.searchsorted(who, pairs[side].max())) + 1
            progress("looking at pairs", done, len(who))
        yield pairs, cut, over
        if limits.are_over:
            raise TimeIsUpError


def no_pairs() -> Pairs:
    """Return no pairs."""
    return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)


def joined(problem: Problem, more: list[Pairs]) -> Problem:
    """Return a problem with more pairs, each once.

    Examples
    --------
    >>> problem = Problem.from_scores([[1.0, 0.5]], [[True, False]])
    >>> joined(problem, [(np.array([0, 0]), np.array([1, 0]), np.array([0.5, 1.0]))]).cols
    array([0, 1])
    """
    rows, cols, scores = (np.concatenate(part) for part in zip(no_pairs(), *more, strict=True))
    keys, held = (
        one * problem.shape[1] + other
        for one, other in ((rows, cols), (problem.rows, problem.cols))
    )
    order = np.argsort(keys)
    keys = keys[order]
    place = np.searchsorted(held, keys)
    is_new = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
    is_new &= np.append(held, -1)[place] != keys
    order, place = order[is_new], place[is_new]
    if not len(order):
        return problem
    place += np.arange(len(place))
    is_held = np.ones(len(held) + len(place), dtype=np.bool_)
    is_held[place] = False

    def merged(held: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
        both = np.empty(len(is_held), dtype=held.dtype)
        both[is_held], both[place] = held, new[order]
        return both

    before = problem.rows, problem.cols, problem.scores
    return Problem(problem.shape, *map(merged, before, (rows, cols, scores)))
