"""The loop behind `mentormatch.assign.chains`: a shortest path, by pairs lost, then by score.

Of those that are equal in both it is one along which the fewest change partners.

Plain Python that numba can compile (`mentormatch.assign.chain_kernel`): a few people are searched
as it stands.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["shortest"]

Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


def shortest(  # noqa: C901 - one loop, which numba compiles as a whole
    starts: Integers,
    cols: Integers,
    scores: Floats,
    lam: float,
    row_prices: Floats,
    col_prices: Floats,
    row_counts: Floats,
    col_counts: Floats,
    counted: float,
    row_of: Integers,
    col_of: Integers,
    left_row: int,
    left_col: int,
    out_row: int,
    out_col: int,
    has_loops: bool,
) -> tuple[float, float, Integers, Integers]:
    """Find the cheapest way to make up for two who were left: Dijkstra's algorithm.

    A row takes a column from the row that has it, which then looks for another, until somebody is
    single or has the column that was left. To be single is one more place, after those of the rows:
    a row gets there for its price, and from there any row may lose its column for that one's price.

    Parameters
    ----------
    starts, cols, scores
        The pairs of each row.
    lam, row_prices, col_prices
        A pair costs its ends' prices less its score and `lam`.
    row_counts, col_counts, counted
        Before that, it costs its ends' count prices less `counted`, 1 or (where pairs do not
        count) 0.
    row_of, col_of
        The partner of each column, and of each row; -1 for none.
    left_row, left_col
        Who was left: the row to start from, the column to end at; -1 for nobody, who is single.
    out_row, out_col
        The pair that is to be, which is not to be touched.
    has_loops
        Whether a row that has the column of its own number is in no pair, and is never single: such
        a loop counts nothing and costs its ends' prices alone.

    Returns
    -------
    count, score : float
        What the way costs; infinite where there is none.
    nodes, taken : int64 arrays
        Its places from the last to the first, as few of them rows as any such way has, and the
        column by which each was reached, -1 for being single.
    """
    single = len(col_of)
    size = single + 2  # the rows, being single, and the column that was left
    goal = single if left_col < 0 else single + 1
    count, score, steps = np.full(size, np.inf), np.full(size, np.inf), np.zeros(size)
    before, taken = np.full(size, -1), np.full(size, -1)
    heap, place = np.empty(size, dtype=np.int64), np.full(size, -1)
    origin = single if left_row < 0 else left_row
    count[origin] = score[origin] = 0.0
    heap[0], place[origin], held = origin, 0, 1
    while held:
        node = heap[0]
        held -= 1
        last, spot = heap[held], 0
        while True:  # the last one sinks from the top
            child = 2 * spot + 1
            if child >= held:
                break
            if child + 1 < held:
                one, other = heap[child], heap[child + 1]
                if count[other] < count[one] or (
                    count[other] == count[one]
                    and (
                        score[other] < score[one]
                        or (score[other] == score[one] and steps[other] < steps[one])
                    )
                ):
                    child += 1
            lower = heap[child]
            if count[last] < count[lower] or (
                count[last] == count[lower]
                and (
                    score[last] < score[lower]
                    or (score[last] == score[lower] and steps[last] <= steps[lower])
                )
            ):
                break
            heap[spot], place[lower] = lower, spot
            spot = child
        heap[spot], place[last] = last, spot
        place[node] = -2  # settled
        if node == goal:
            break
        if node == single:
            first, end, step = 0, single + 1, steps[node]
        else:
            first, end = starts[node], starts[node + 1] + (not has_loops)
            step = steps[node] + 1.0
        for k in range(first, end):
            if node == single:
                # Somebody's column is free from now on, or the column that was left stays so.
                target, col = (k, col_of[k]) if k < single else (goal, left_col)
                if target in (out_row, single):
                    continue
                extra = 0.0 if col < 0 else col_counts[col]
                cost = 0.0 if col < 0 else col_prices[col]
                col = -1
            elif k == starts[node + 1]:
                target, col, extra, cost = single, -1, row_counts[node], row_prices[node]
            else:
                col = cols[k]
                if col == out_col or col == col_of[node]:
                    continue
                target = row_of[col]
                if col == left_col:
                    target = goal
                elif target < 0:
                    target = single
                extra = row_counts[node] + col_counts[col]
                cost = row_prices[node] + col_prices[col] - scores[k]
                if not (has_loops and col == node):
                    extra, cost = extra - counted, cost - lam
            extra, cost = count[node] + extra, score[node] + cost
            if place[target] == -2 or not (
                extra < count[target]
                or (
                    extra == count[target]
                    and (cost < score[target] or (cost == score[target] and step < steps[target]))
                )
            ):
                continue
            count[target], score[target], steps[target] = extra, cost, step
            before[target], taken[target] = node, col
            if place[target] < 0:
                place[target] = held
                held += 1
            spot = place[target]
            while spot:  # the cheaper one rises
                parent = (spot - 1) // 2
                upper = heap[parent]
                if count[upper] < extra or (
                    count[upper] == extra
                    and (score[upper] < cost or (score[upper] == cost and steps[upper] <= step))
                ):
                    break
                heap[spot], place[upper] = upper, spot
                spot = parent
            heap[spot], place[target] = target, spot
    length, node = 1, goal
    while before[node] >= 0:
        node = before[node]
        length += 1
    nodes, ways = np.empty(length, dtype=np.int64), np.empty(length, dtype=np.int64)
    node = goal
    for spot in range(length):
        nodes[spot], ways[spot] = node, taken[node]
        node = before[node]
    return count[goal], score[goal], nodes, ways
