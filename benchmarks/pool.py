"""How fast one pool is solved beside networkx and rustworkx, which match in general graphs.

All get the same pairs, in the same process and in turns; our time holds the proof, theirs making
the graph that they need. Run it alone with ``python -m benchmarks.pool``;
``python -m benchmarks.pool 2000 score networkx`` runs one race and prints JSON.
"""

import json
import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

import mentormatch as mm
from benchmarks.measuring import (
    Section,
    duration,
    fresh_process,
    in_turns,
    memory_of,
    ratio,
    verified,
)
from benchmarks.pairs import PROGRAM, made_up
from benchmarks.peers import UNIT, is_there
from mentormatch.assign import Objective
from mentormatch.assign.pool import heaviest_pool
from mentormatch.assign.pool_certificate import check_pool
from mentormatch.assign.pool_problem import PoolProblem

__all__ = ["POOL", "RACES", "report"]

TIMES = 3
#: Seconds: what takes longer is run once.
PATIENCE = 5.0
#: Everybody in one pool, under the rules of the other benchmarks.
POOL = PROGRAM.model_copy(update={"format": mm.Pairs()})

#: People, and who takes part in the race.
Entry = tuple[int, tuple[str, ...]]
RACES: tuple[Entry, ...] = (
    (300, ("networkx", "rustworkx")),
    (500, ("networkx", "rustworkx")),
    (1_000, ("networkx", "rustworkx")),
    (2_000, ("networkx", "rustworkx")),
    (5_000, ("rustworkx",)),
    (10_000, ("rustworkx",)),
)


def report(races: tuple[Entry, ...] = RACES) -> Section:
    """Run every race for both objectives, each in a process of its own.

    Parameters
    ----------
    races
        Numbers of people, and the libraries to compare with.
    """
    ran = [
        fresh_process("benchmarks.pool", people, objective, ",".join(names))
        for people, names in races
        for objective in ("score", "people_then_score")
    ]
    names = [name for name in PEERS if any(name in race["peers"] for race in ran)]
    rows = [
        (
            f"{race['people']:,}",
            race["objective"].replace("_", " "),
            f"{race['pairs']:,}",
            *(_beside(race, name) for name in names),
            duration(race["ours"]),
            f"{race['sets']:,}",
            ratio(race["proof"], race["ours"]),
            f"{race['memory']:,.0f} MB",
        )
        for race in ran
    ]
    notes = (
        "The best matching of the pairs of `synthetic.workforce(n, skills=1,500)`, everybody in "
        "one pool: different department, no reporting line, at most 3 hours apart, harmonic "
        "reciprocity. A cell says how many times as long as ours a peer takes, and how long that "
        "is; it is empty beyond the size that the peer bears. All find as many pairs and the same "
        "total (rustworkx on scores x 2^40); ours is proven, gap 0, with prices of so many odd "
        "sets. The check is the independent one of the proof; memory is the most beside the "
        f"pairs. In turns, medians of {TIMES}; what takes more than {PATIENCE:.0f} s, once."
    )
    columns = (
        *("people", "objective", "pairs", *names),
        *("ours", "odd sets", "check / ours", "memory"),
    )
    return Section("One pool and its peers", notes, columns, rows)


def _beside(race: dict[str, Any], name: str) -> str:
    if name not in race["peers"]:
        return ""
    return f"{ratio(race['peers'][name], race['ours'])} ({duration(race['peers'][name])})"


def _by_networkx(problem: PoolProblem, objective: Objective) -> Any:
    import networkx as nx

    graph: Any = nx.Graph()
    ends = problem.a.tolist(), problem.b.tolist()
    graph.add_weighted_edges_from(zip(*ends, problem.scores.tolist(), strict=True))
    return nx.max_weight_matching(graph, maxcardinality=objective is not Objective.SCORE)


def _by_rustworkx(problem: PoolProblem, objective: Objective) -> Any:
    import rustworkx  # may not be installed

    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(problem.size))
    scores = np.rint(problem.scores * UNIT).astype(np.int64).tolist()
    ends = problem.a.tolist(), problem.b.tolist()
    graph.add_edges_from(list(zip(*ends, scores, strict=True)))
    most = objective is not Objective.SCORE
    return rustworkx.max_weight_matching(graph, max_cardinality=most, weight_fn=int)


PEERS: dict[str, Callable[[PoolProblem, Objective], Any]] = {
    "networkx": _by_networkx,
    "rustworkx": _by_rustworkx,
}


def _race(people: int, objective: Objective, names: list[str]) -> dict[str, Any]:
    graph = mm.build_graph(made_up(people), POOL)
    problem = PoolProblem(len(graph.side_a), graph.a, graph.b, graph.score)
    peers = [name for name in names if is_there(name)]

    def asked(name: str) -> Callable[[], Any]:
        return lambda: PEERS[name](problem, objective)

    heaviest_pool(problem, objective)  # kernels are compiled by the first call
    actions: dict[str, Callable[[], Any]] = {"ours": lambda: heaviest_pool(problem, objective)}
    measured = in_turns(actions | {name: asked(name) for name in peers}, TIMES, PATIENCE)
    ours, solution = measured["ours"]
    verified(solution.is_optimal and solution.gap == 0.0, f"the gap for {people} people")
    for name in peers:
        pairs, total = _worth(problem, measured[name][1])
        as_many = objective is Objective.SCORE or pairs == len(solution.a)
        verified(as_many and abs(total - solution.value) < 1e-9 * total, f"the total of {name}")
    proof, checked = in_turns(
        {
            "check": lambda: check_pool(
                problem,
                *(solution.a, solution.b, solution.prices, solution.odd_sets),
                objective=objective,
                lam=solution.lam,
                count_prices=solution.count_prices,
                count_sets=solution.count_sets,
            )
        },
        TIMES,
    )["check"]
    verified(checked.ok, f"the proof for {people} people")
    memory, _ = memory_of(lambda: heaviest_pool(problem, objective))
    return {
        "people": people,
        "objective": str(objective),
        "pairs": len(problem.a),
        "ours": ours,
        "sets": len(solution.odd_sets),
        "proof": proof,
        "memory": memory,
        "peers": {name: measured[name][0] for name in peers},
    }


def _worth(problem: PoolProblem, pairs: Any) -> tuple[int, float]:
    """Return how many pairs a peer found, and their total in true scores."""
    mate = np.full(problem.size, -1)
    for one, other in pairs:
        mate[[one, other]] = other, one
    chosen = problem.positions(mate)
    return len(chosen), math.fsum(problem.scores[chosen].tolist())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        size, wanted, rivals = sys.argv[1:]
        print(json.dumps(_race(int(size), Objective(wanted), rivals.split(","))))
    else:
        print(report())
