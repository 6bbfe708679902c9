"""The count proof: as many pairs as it allows, or none where there could be more."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign.pool import double_cover
from mentormatch.assign.pool_certificate import uncovered
from mentormatch.assign.pool_problem import PoolProblem
from mentormatch.assign.tutte_berge import count_proof
from tests.assign.pools import pool, pools, random_pool


def graph_of(problem: PoolProblem) -> "nx.Graph[int]":
    graph = nx.Graph()
    graph.add_edges_from(zip(problem.a.tolist(), problem.b.tolist(), strict=True))
    return graph


def proves(problem: PoolProblem, pairs: set[tuple[int, int]]) -> bool:
    """Whether a matching is proven to have as many pairs as any; the proof is looked at."""
    double = double_cover(problem)
    mate = np.full(problem.size, -1)
    for a, b in pairs:
        mate[a], mate[b] = b, a
    found = count_proof(double.starts, double.cols, mate)
    if found is None:
        return False
    prices, sets = found
    assert sets.are_odd
    assert set(prices.tolist()) <= {0.0, 0.5, 1.0}
    assert not uncovered(problem.a, problem.b, np.ones(len(problem.a)), prices, sets).any()
    assert prices.sum() + sets.total == len(pairs)
    return True


@given(st.integers(0, 2**32), st.integers(0, 5))
def test_it_proves_the_most_pairs_and_nothing_less(seed: int, fewer: int) -> None:
    problem = random_pool(seed, most=40)
    best = nx.max_weight_matching(graph_of(problem), maxcardinality=True, weight=None)
    left = set(sorted(best)[fewer:])
    assert proves(problem, left) == (len(left) == len(best))


@given(pools())
def test_it_is_the_same_for_every_matching_of_the_most_pairs(problem: PoolProblem) -> None:
    double = double_cover(problem)
    graph = graph_of(problem)
    proofs = []
    for order in (sorted(graph), sorted(graph, reverse=True)):
        again = nx.Graph()
        again.add_nodes_from(order)
        again.add_edges_from(graph.edges)
        mate = np.full(problem.size, -1)
        for a, b in nx.max_weight_matching(again, maxcardinality=True, weight=None):
            mate[a], mate[b] = b, a
        found = count_proof(double.starts, double.cols, mate)
        assert found is not None
        proofs.append(found)
    assert np.array_equal(proofs[0][0], proofs[1][0])
    held = [np.equal.outer(sets.innermost, sets.innermost) for _, sets in proofs]
    assert np.array_equal(held[0], held[1])


@pytest.mark.parametrize("size", [0, 1, 4])
def test_nobody_to_pair(size: int) -> None:
    assert proves(pool(size, []), set())
