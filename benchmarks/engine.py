"""How fast `solve_assignment` is beside the solvers that could be imported instead.

All get the same SciPy sparse array, in the same process and in turns; reading and checking it is
part of our time, and laying out what a peer needs is part of the peer's (see `benchmarks.peers`).

Run it alone with ``python -m benchmarks.engine``; ``python -m benchmarks.engine 2000 10 HiGHS``
runs one race and prints JSON.
"""

import json
import math
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import (
    Section,
    duration,
    fresh_process,
    in_turns,
    memory_of,
    per_pair,
    ratio,
    verified,
)
from benchmarks.pairs import RULES, Table, made_up, rows_of, table_of
from benchmarks.peers import PEERS, is_there, worth
from benchmarks.picture import Line, draw
from mentormatch.assign import Objective, Problem, Solution, solve_assignment
from mentormatch.assign.certificate import check

__all__ = ["FULL_RACES", "OURS", "RACES", "Race", "lines", "raced", "report"]

OURS = "mentormatch"
TIMES = 3
#: Seconds: in a race of many, what takes longer is run once.
PATIENCE = 5.0
SMALL = ("OR-Tools", "SciPy dense", "SciPy sparse", "lapx dense", "lapx sparse", "HiGHS")
LARGE = ("OR-Tools", "SciPy sparse", "lapx sparse")

#: People, best partners of each that are kept (0 for all pairs), and who takes part in the race.
Entry = tuple[int, int, tuple[str, ...]]
RACES: tuple[Entry, ...] = (
    (500, 10, (*SMALL, "rustworkx", "networkx", "munkres")),
    (2_000, 10, (*SMALL, "rustworkx", "networkx", "munkres")),
    (5_000, 10, (*SMALL, "rustworkx")),
    (20_000, 10, SMALL[:-1]),
    (20_000, 0, SMALL[:-1]),
    (50_000, 10, LARGE),
    (50_000, 0, LARGE),
)
FULL_RACES: tuple[Entry, ...] = (
    (50_000, 10, ("OR-Tools",)),
    (200_000, 10, ("OR-Tools",)),
    (1_000_000, 10, ("OR-Tools",)),
)


@dataclass(frozen=True, slots=True)
class Race:
    """What one race took, in seconds.

    Parameters
    ----------
    people, best, pairs
        Of how many people, how many of each, and how many pairs in all.
    ours
        `solve_assignment`.
    proof
        The independent check of its prices.
    floor
        One pass over the same arrays in numpy: scores plus two looked-up prices.
    memory
        MB that `solve_assignment` takes beside the table.
    peers
        Each peer's time.
    """

    people: int
    best: int
    pairs: int
    ours: float
    proof: float
    floor: float
    memory: float
    peers: dict[str, float]


def report(races: tuple[Entry, ...] = RACES, picture: Path | None = None) -> Section:
    """Run every race, each in a process of its own.

    Parameters
    ----------
    races
        People, best partners of each, and the solvers to compare with.
    picture
        Where to draw the races between the best pairs.
    """
    ran = [raced(*race) for race in races]
    names = [name for name in PEERS if any(name in race.peers for race in ran)]
    rows = [
        (
            f"{race.people:,}",
            f"best {race.best} each" if race.best else "all allowed",
            f"{race.pairs:,}",
            *(_beside(race, name) for name in names),
            duration(race.ours),
            per_pair(race.ours, race.pairs),
            ratio(race.ours, race.floor),
            ratio(race.proof, race.ours),
            f"{race.memory:,.0f} MB",
        )
        for race in ran
    ]
    if picture:
        drawn = [race for race in ran if race.best]
        draw(lines(drawn), ("allowed pairs", "seconds to the best matching"), picture)
    absent = [name for name in PEERS if not is_there(name)]
    notes = (
        f"The highest total over the pairs of {RULES}. A cell says how many times as long as ours "
        "a peer takes, and how long that is; it is empty beyond the size that the peer bears. All "
        "find the same total, their pairs valued in true scores; mentormatch proves it, gap 0. "
        "Its time holds reading the sparse array, theirs laying out what they need (OR-Tools is "
        "`SimpleMinCostFlow` on scores x 2^40). A pass is one over the same arrays in numpy, "
        "scores plus two looked-up prices: no solver can do with less. The check is the "
        "independent one of the prices; memory is the most beside the array. In turns, medians "
        f"of {TIMES}; in a race of many, what takes more than {PATIENCE:.0f} s, once."
        + (f" Not installed (`make bench` installs it): {', '.join(absent)}." if absent else "")
    )
    columns = (
        "people",
        "pairs",
        "how many",
        *names,
        "ours",
        "per pair",
        "ours / pass",
        "check / ours",
        "memory",
    )
    return Section(
        "The engine and its peers", notes, columns, rows, picture.name if picture else None
    )


@cache
def raced(people: int, best: int, names: tuple[str, ...]) -> Race:
    """Run a race in a process of its own; the same race is run once only.

    Parameters
    ----------
    people, best, names
        People, best partners of each, and the solvers to compare with.
    """
    return Race(**fresh_process("benchmarks.engine", people, best, ",".join(names)))


def lines(races: list[Race]) -> list[Line]:
    """Return how the time of everybody grows with the pairs, as lines to draw."""
    ran = sorted(races, key=lambda race: race.pairs)
    size = [race.pairs for race in ran]
    found = [
        Line(OURS, size, [race.ours for race in ran], "ours"),
        Line("one pass over the pairs", size, [race.floor for race in ran], "floor"),
    ]
    for name in PEERS:
        there = [race for race in ran if name in race.peers]
        sizes, times = [race.pairs for race in there], [race.peers[name] for race in there]
        found += [Line(name, sizes, times)] if there else []
    return found


def _beside(race: Race, name: str) -> str:
    if name not in race.peers:
        return ""
    return f"{ratio(race.peers[name], race.ours)} ({duration(race.peers[name])})"


def _race(people: int, best: int, names: list[str]) -> Race:
    table = table_of(made_up(people), best)
    peers = [name for name in names if is_there(name)]

    def asked(name: str) -> Callable[[], Any]:
        return lambda: PEERS[name](table)

    actions: dict[str, Callable[[], Any]] = {OURS: lambda: solve_assignment(table)} | {
        name: asked(name) for name in peers
    }
    solve_assignment(table)  # kernels are compiled by the first call
    patience = PATIENCE if len(peers) > 1 else math.inf
    measured = in_turns(actions, TIMES, patience)
    ours, solution = measured[OURS]
    verified(solution.is_optimal and solution.gap == 0.0, f"the gap for {people} people")
    for name in peers:
        total = worth(table, *measured[name][1])
        is_same = total <= solution.value and math.isclose(total, solution.value, rel_tol=1e-9)
        verified(is_same, f"the total of {name} for {people} people")
    problem = Problem.from_scores(table)
    memory, _ = memory_of(lambda: solve_assignment(table))
    alone: dict[str, Callable[[], Any]] = {
        "proof": lambda: _check(problem, solution),
        "floor": _pass(table),
    }
    beside = in_turns(alone, TIMES)
    verified(beside["proof"][1], f"the proof for {people} people")
    return Race(
        people=people,
        best=best,
        pairs=table.nnz,
        ours=ours,
        proof=beside["proof"][0],
        floor=beside["floor"][0],
        memory=memory,
        peers={name: measured[name][0] for name in peers},
    )


def _check(problem: Problem, solution: Solution) -> bool:
    ends = solution.rows, solution.cols
    prices = solution.row_prices, solution.col_prices
    return check(problem, *ends, *prices, objective=Objective.SCORE).ok


def _pass(table: Table) -> Callable[[], float]:
    rows = rows_of(table)
    row, col = np.zeros(table.shape[0]), np.zeros(table.shape[1])
    return lambda: float((table.data - row[rows] - col[table.indices]).max())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(asdict(_race(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].split(",")))))
    else:
        print(report())
