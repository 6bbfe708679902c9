"""How far long work has come: told to a function, or shown as a bar (extra ``scale``, tqdm)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from mentormatch.extras import extra

__all__ = ["Progress", "following", "quiet"]

#: Called with what is being done, how much of it is done, and how much there is.
Progress: TypeAlias = Callable[[str, int, int], object]

#: Seconds that work goes on before a bar is shown.
_PATIENCE = 1.0


def quiet(stage: str, done: int, total: int) -> None:
    """Tell nobody.

    Parameters
    ----------
    stage
        What is being done.
    done, total
        How much of it, of how much.
    """


@contextmanager
def following(progress: Progress | bool | None) -> Iterator[Progress]:
    """Turn what a caller asks for into a function to call, and clear up afterwards.

    Parameters
    ----------
    progress
        A function of one's own, True for a bar, None or False for silence.

    Yields
    ------
    callable
        To be called with a stage, how much of it is done, and how much there is.

    Raises
    ------
    MissingExtraError
        When a bar is asked for and tqdm is not installed.

    Examples
    --------
    >>> told = []
    >>> with following(lambda *news: told.append(news)) as tell:
    ...     tell("scoring", 1, 2)
    >>> told
    [('scoring', 1, 2)]
    """
    if progress is None or progress is False:
        yield quiet
    elif callable(progress):
        yield progress
    else:
        bars = _Bars()
        try:
            yield bars
        finally:
            bars.close()


class _Bars:
    """One bar at a time, each for a stage, shown when it takes longer than a second."""

    def __init__(self) -> None:
        self._tqdm = extra("tqdm.auto", "scale", "progress bars").tqdm
        self._stage = ""
        self._bar: Any = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self.close()
            self._stage = stage
            self._bar = self._tqdm(total=total, desc=stage, delay=_PATIENCE, leave=False)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar, self._stage = None, ""
