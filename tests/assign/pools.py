"""Pools to try the engine on, leaning towards odd cycles and ties, and what others make of them."""

from collections.abc import Iterator, Sequence

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from mentormatch.assign import Objective
from mentormatch.assign.certificate import Checked
from mentormatch.assign.pool_certificate import check_pool
from mentormatch.assign.pool_problem import PoolProblem, PoolSolution
from tests.assign.strategies import coarse, fine, whole

Weighted = Sequence[tuple[int, int, float]]
Pairs = tuple[tuple[int, int], ...]

KINDS = ["plain", "odd cycles", "nested"]


def pool(size: int, pairs: Weighted) -> PoolProblem:
    """Return a pool with some pairs, given in any order and either way round; the first counts."""
    scores: dict[tuple[int, int], float] = {}
    for a, b, score in pairs:
        if a != b:
            scores.setdefault((min(a, b), max(a, b)), float(score))
    ends = np.array(sorted(scores), dtype=np.int64).reshape(-1, 2)
    worth = np.array([scores[a, b] for a, b in ends.tolist()], dtype=np.float64)
    return PoolProblem(size, ends[:, 0].copy(), ends[:, 1].copy(), worth)


@st.composite
def pools(
    draw: st.DrawFn, most: int = 9, values: st.SearchStrategy[float] | None = None
) -> PoolProblem:
    """Draw empty, tied, disconnected, complete and sparse pools, and cycles of odd cycles."""
    size = draw(st.integers(0, most))
    number = draw(st.sampled_from([coarse, coarse, fine, whole])) if values is None else values
    kind = draw(st.sampled_from(["any", "any", "all", "equal", "zero", "cycles"]))
    member = st.integers(0, max(0, size - 1))
    every = [(a, b) for b in range(size) for a in range(b)]
    if kind == "all":
        ends = every
    elif kind == "cycles":
        ends = [(a, (a + 1) % size) for a in range(size)]
        ends += [(a, (a + 2) % size) for a in range(size) if draw(st.booleans())]
        ends += draw(st.lists(st.tuples(member, member), max_size=size))
    else:
        ends = [pair for pair in every if draw(st.booleans())]
    equal = draw(number)
    known = {"zero": 0.0, "equal": equal}
    return pool(size, [(a, b, known[kind] if kind in known else draw(number)) for a, b in ends])


def random_pool(seed: int, most: int = 60) -> PoolProblem:
    """Return a larger pool; the seed picks its kind, density and how fine the scores are."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(0, most + 1))
    a, b = np.triu_indices(size, 1)
    if KINDS[seed % 3] == "odd cycles":
        # Rings of a few neighbours, and as many pairs again across.
        length = rng.choice([3, 5, 7])
        near = (b == a + 1) & (b % length != 0) | (b == a + length - 1) & (a % length == 0)
        kept = near | (rng.random(len(a)) < 1.0 / max(size, 1))
    else:
        kept = rng.random(len(a)) < rng.choice([0.05, 0.1, 0.3, 1.0])
    a, b = a[kept], b[kept]
    if KINDS[seed % 3] == "nested":
        # Who stands near is worth more: clusters of clusters of three or so.
        place = rng.integers(0, 3, (size, 6)) @ (4 ** np.arange(6))
        scores = 1.0 - np.abs(place[a] - place[b]) / 2.0**12
    else:
        levels = int(rng.choice([1, 2, 3, 8, 100, 2**40]))
        scores = rng.integers(0, levels + 1, len(a)) / (levels if levels != 3 else 1)
        scores = np.floor(scores * 2.0**40) * 2.0**-40
    renamed = rng.permutation(size)
    return pool(size, list(zip(renamed[a].tolist(), renamed[b].tolist(), scores, strict=True)))


def all_matchings(problem: PoolProblem) -> Iterator[Pairs]:
    """Every matching, the empty one included."""
    ends = list(zip(problem.a.tolist(), problem.b.tolist(), strict=True))

    def extended(place: int, taken: frozenset[int]) -> Iterator[Pairs]:
        yield ()
        for later in range(place, len(ends)):
            pair = ends[later]
            if not taken.intersection(pair):
                for rest in extended(later + 1, taken.union(pair)):
                    yield (pair, *rest)

    return extended(0, frozenset())


def networkx_worth(problem: PoolProblem, objective: Objective) -> tuple[int, float]:
    """The optimum by networkx's blossom algorithm, in whole numbers and so exact."""
    unit = 2**40  # the scores have to be multiples of 2**-40
    graph = nx.Graph()
    for a, b, score in zip(
        problem.a.tolist(), problem.b.tolist(), problem.scores.tolist(), strict=True
    ):
        graph.add_edge(a, b, weight=int(score * unit))
    counts = objective is Objective.PEOPLE_THEN_SCORE
    matching = nx.max_weight_matching(graph, maxcardinality=counts)
    weight = sum(graph.edges[pair]["weight"] for pair in matching)
    return len(matching) if counts else 0, weight / unit


def reached(solution: PoolSolution) -> tuple[int, float]:
    """What `networkx_worth` compares with."""
    counts = solution.objective is Objective.PEOPLE_THEN_SCORE
    return len(solution.a) if counts else 0, solution.value


def checked(problem: PoolProblem, solution: PoolSolution, pairs: Pairs | None = None) -> Checked:
    """Check a solution, or other pairs with its prices."""
    a, b = solution.a, solution.b
    if pairs is not None:
        ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        a, b = ends[:, 0], ends[:, 1]
    return check_pool(
        problem,
        a,
        b,
        solution.prices,
        solution.odd_sets,
        objective=solution.objective,
        lam=solution.lam,
        count_prices=solution.count_prices,
        count_sets=solution.count_sets,
    )
