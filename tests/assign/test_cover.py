"""The cover: everybody in it is needed where the matching is as large as can be."""

import numpy as np
from hypothesis import given

from mentormatch.assign.cover import least_cover
from mentormatch.assign.prices import least_prices
from mentormatch.assign.problem import Problem
from tests.assign.oracles import all_matchings
from tests.assign.strategies import Table, tables


@given(tables(most=4))
def test_every_pair_is_covered_and_only_a_largest_matching_by_as_many(table: Table) -> None:
    problem = table.problem
    matchings = list(all_matchings(table.allowed))
    most = max(map(len, matchings))
    covers = set()
    for pairs in matchings:
        partner = np.full(problem.shape[0], -1)
        for row, col in pairs:
            partner[row] = col
        chosen = problem.positions(partner)
        cover = least_cover(problem, chosen)
        assert (cover.row[problem.rows] + cover.col[problem.cols] >= 1).all()
        assert (cover.total == len(pairs)) == (len(pairs) == most)
        if len(pairs) == most:
            covers.add((*cover.row.tolist(), *cover.col.tolist()))
            least = least_prices(problem, np.ones(len(problem.rows)), chosen)
            assert (least.row.tolist(), least.col.tolist()) == (
                cover.row.tolist(),
                cover.col.tolist(),
            )
    assert len(covers) == 1


def test_without_pairs_nobody_is_needed() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    cover = least_cover(Problem((3, 2), nothing, nothing, np.zeros(0)), nothing)
    assert cover.total == 0
