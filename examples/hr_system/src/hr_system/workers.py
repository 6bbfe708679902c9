"""Several rounds at once, each in a process of its own."""

import logging
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from hr_system.errors import OutdatedError
from hr_system.running import run_round

__all__ = ["run_again", "run_rounds"]

#: How often a round is run while others change what it rests on.
ATTEMPTS = 5


def run_rounds(
    path: Path,
    rounds: Iterable[tuple[int, int]],
    *,
    workers: int = 2,
    start_method: Literal["spawn", "fork", "forkserver"] = "spawn",
) -> dict[tuple[int, int], int | BaseException]:
    """Run rounds of several schemes, in as many processes.

    Every process opens the database for itself; none inherits a connection.

    Parameters
    ----------
    path
        The database.
    rounds
        Scheme and number of each.
    workers
        How many processes there are.
    start_method
        How they begin. ``"fork"`` is quick, and only for a parent that has no threads.

    Returns
    -------
    dict
        By round how many pairs it has, or the error that stopped it: the others go on.
    """
    with ProcessPoolExecutor(
        workers, mp_context=get_context(start_method), initializer=_start_logging
    ) as pool:
        futures = {one: pool.submit(run_again, path, *one) for one in rounds}
    return {one: future.exception() or future.result() for one, future in futures.items()}


def run_again(path: Path, scheme_id: int, number: int) -> int:
    """Run a round, and again where what it rests on changed meanwhile: see `run_round`."""
    for _ in range(ATTEMPTS - 1):
        try:
            return run_round(path, scheme_id, number)
        except OutdatedError:
            continue
    return run_round(path, scheme_id, number)


def _start_logging() -> None:
    # The standard error: several processes cannot write to one log file by themselves.
    logging.basicConfig(
        format="%(asctime)s %(process)d %(name)s %(levelname)s %(message)s", level=logging.INFO
    )
