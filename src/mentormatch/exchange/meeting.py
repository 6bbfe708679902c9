"""Who meets whom under the keys of an index, and what the two receive: kernels (extra ``scale``).

`meet` reads lists of people by key and decides from a few small numbers whether a pair can be worth
what it needs to be; nearly none can, and only for those that can are the two profiles opened.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.exchange.benefit import GRAIN
from mentormatch.exchange.sketches import NEVER
from mentormatch.jit import kernel

__all__ = ["JITTER", "MEANS", "ULP", "Weights", "meet", "receive"]

Floats: TypeAlias = NDArray[np.float64]
Singles: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.int32]
Booleans: TypeAlias = NDArray[np.bool_]
Number: TypeAlias = float | np.float32
#: What rows and what columns receive count for: multiples of 2**-20 whose sum is 2.
Weights: TypeAlias = tuple[np.float32, np.float32]
#: The four numbers that `_passes` compares with.
Test: TypeAlias = tuple[np.float32, np.float32, np.float32, np.float32]

#: Beyond it float64 holds whole numbers only.
NO_FRACTION = 2.0**52
#: What a sketch may lose: 16 bits of it are surely right, of some 20.
LOOSE = np.float32(2.0**-16)
#: What decides between equals when the best few are kept: as much as sketches leave open.
JITTER = 2.0**-16

#: Taking away so much of a number first lets it be rounded to a float32 no higher than it was.
ULP = 2.0**-23

#: Numbers of the means, in which kernels are told of them.
MEANS = ("harmonic", "geometric", "minimum", "arithmetic", "one_way", "weighted_geometric")
#: How many entries are looked at together.
AT_ONCE = 64


@kernel
def meet(  # noqa: C901 - one thought, and calls between kernels would take arrays apart
    rows: Rows,
    starts: Rows,
    begin: Rows,
    end: Rows,
    sketch: Singles,
    bits: Places,
    numbers: Singles,
    entry_bits: Places,
    top: Singles,
    listed: Places,
    entry_prices: tuple[Singles, Singles],
    row_starts: Rows,
    row_cards: Places,
    col_starts: Rows,
    col_cards: Places,
    receives: tuple[bool, bool],
    width: int,
    mean: int,
    weights: Weights,
    need: Floats,
    prices: Floats,
    open_prices: Floats,
    is_open: Booleans,
    limited: bool,
    depth: int,
    turn: int,
    room: Rows,
    count: Rows,
    cut: Booleans,
    cols: Places,
    excess: Floats,
) -> None:
    """Find the people under the keys of rows who may be worth what they need to be.

    Under a key stand people by what they could get at the most, in falling order: the first who
    cannot be worth enough, even at the lowest price, ends the list. Next it is asked what the key's
    own skills exchange, whether the two share a skill besides at all, and what the column costs. If
    a pair can be worth enough, it is found to be so at the latest under the key of the first wish
    that is met of either.

    At a glance, `depth` people of a list are looked at, from another place on for each row and
    `turn`.
    """
    nothing = np.float32(0.0)
    row_numbers, col_numbers = row_cards.view(np.float32), col_cards.view(np.float32)
    least_price, least_open = np.inf, np.inf  # less what decides between equals
    for col in range(len(prices)):
        least_price = min(least_price, prices[col] - JITTER)
        least_open = min(least_open, open_prices[col] - JITTER)
    stamp = np.full(len(col_starts) - 1, -1, dtype=np.int32)
    # Of each skill: what the row, as a teacher, lacks of it, and how much they want it.
    lacks = np.full(width, NEVER, dtype=np.float32)
    wants, loses = np.zeros(width, dtype=np.float32), np.zeros(width, dtype=np.float32)
    who = np.empty(2 * AT_ONCE + 1, dtype=np.int32)  # may be worth enough
    passed = np.empty(AT_ONCE, dtype=np.uint8)
    for at in range(len(rows)):
        row = rows[at]
        asked, asked_entry, lowest = prices, entry_prices[0], least_price
        if is_open[row]:
            asked, asked_entry, lowest = open_prices, entry_prices[1], least_open
        wishes = row_starts[row] + 1
        offers = wishes + 3 * row_cards[row_starts[row]]
        if receives[0]:
            for place in range(wishes, offers, 3):
                skill = row_cards[place]
                wants[skill], loses[skill] = row_numbers[place + 1], row_numbers[place + 2]
        if receives[1]:
            for place in range(offers, row_starts[row + 1], 2):
                lacks[row_cards[place]] = row_numbers[place + 1]
        first, last = room[at], room[at + 1]
        bar, size = need[row], 0
        for key in range(starts[row], starts[row + 1]):
            most_back = sketch[0, key] + sketch[3, key] + LOOSE
            entry, ends = begin[key], end[key]
            if ends - entry > depth:
                test = _test(mean, weights, bar + lowest)
                skipped = ((row + turn * 104729) * 7919 + key) % (ends - entry)
                while skipped > 0 and not _passes(test, most_back, top[entry + skipped]):
                    skipped >>= 1
                entry += skipped
                ends = min(ends, entry + depth)
            while entry < ends:
                if not _passes(_test(mean, weights, bar + lowest), most_back, top[entry]):
                    break
                behind = min(entry + AT_ONCE, ends)
                _bound(
                    mean, weights, np.float32(bar - abs(bar) * ULP), sketch, bits, key, numbers,
                    entry_bits, asked_entry, entry, behind, passed,
                )  # fmt: skip
                for place in range(behind - entry):
                    who[size] = listed[entry + place]
                    size += passed[place]
                if size > AT_ONCE:
                    bar = _weigh(
                        at, row, size, who, stamp, wants, loses, lacks,
                        col_starts, col_cards, col_numbers, mean, weights, need[row], asked, bar,
                        limited, first, last, count, cols, excess,
                    )  # fmt: skip
                    size = 0
                entry = behind
        bar = _weigh(
            at, row, size, who, stamp, wants, loses, lacks,
            col_starts, col_cards, col_numbers, mean, weights, need[row], asked, bar,
            limited, first, last, count, cols, excess,
        )  # fmt: skip
        cut[at] = limited and 0 < count[at] == last - first
        for place in range(wishes, offers, 3):
            skill = row_cards[place]
            wants[skill] = loses[skill] = nothing
        for place in range(offers, row_starts[row + 1], 2):
            lacks[row_cards[place]] = NEVER


@kernel
def _bound(
    mean: int,
    weights: Weights,
    bar: np.float32,
    sketch: Singles,
    bits: Places,
    key: int,
    numbers: Singles,
    entry_bits: Places,
    prices: Singles,
    entry: int,
    behind: int,
    passed: NDArray[np.uint8],
) -> None:
    """Say who under a key may be worth enough.

    Nothing branches and each number stands beside its kind, so that processors work on eight or
    sixteen people at once; unsigned places, since Python's negative ones would prevent it.
    """
    share, rate = sketch[0, key], sketch[1, key]
    lack, rest = sketch[2, key], sketch[3, key]
    teach_bits, rest_bits = bits[0, key], bits[1, key]
    nothing, two = np.float32(0.0), np.float32(2.0)
    row_weight, col_weight = weights
    for nth in range(behind - entry):
        place = np.uint64(entry) + np.uint64(nth)
        receive = share - rate * numbers[2, place] + LOOSE
        more = rest if rest_bits & entry_bits[0, place] else nothing
        receive = receive + more if receive > nothing else nothing
        give = numbers[0, place] - numbers[1, place] * lack + LOOSE
        more = numbers[3, place] if teach_bits & entry_bits[1, place] else nothing
        give = give + more if give > nothing else nothing
        least = max(bar + prices[place], nothing)
        both, sum_ = receive * give, receive + give
        # As in `_test` and `_passes`.
        if mean == 0:
            turned = row_weight * give + col_weight * receive
            passed[np.uint64(nth)] = (two * both >= least * turned) & (both > nothing)
        elif mean <= 2:
            passed[np.uint64(nth)] = (both >= least * least) & (both > nothing)
        elif mean == 5:
            weighed = row_weight * receive + col_weight * give
            passed[np.uint64(nth)] = (weighed >= two * least) & (both > nothing)
        else:
            passed[np.uint64(nth)] = (sum_ >= least) & (sum_ > nothing)


@kernel
def _weigh(  # noqa: C901 - as above
    at: int,
    row: int,
    size: int,
    who: Places,
    stamp: Places,
    wants: Singles,
    loses: Singles,
    lacks: Singles,
    starts: Rows,
    cards: Places,
    numbers: Singles,
    mean: int,
    weights: Weights,
    need: float,
    asked: Floats,
    bar: float,
    limited: bool,
    first: int,
    last: int,
    count: Rows,
    cols: Places,
    excess: Floats,
) -> float:
    """Open the cards of those who may be worth enough, and keep who is; return the bar from now on.

    Memory is slow and not asked for one thing after the other: first for what tells whose cards are
    to be opened, then for the beginning of each of these cards.
    """
    nothing = np.float32(0.0)
    kept = 0
    for place in range(size):
        col = who[place]
        who[kept] = col
        kept += stamp[col] != at
    wishes = 0
    for place in range(kept):
        wishes += cards[starts[who[place]]]
    if wishes < 0:  # never: so that the cards are asked for all at once
        return bar
    most = last - first
    for place in range(kept):
        col = who[place]
        if stamp[col] == at:
            continue
        stamp[col] = at
        over = -need - asked[col]
        if limited or over < 0.0:
            receive, give = nothing, nothing
            wish = starts[col] + 1
            offer = wish + 3 * cards[wish - 1]
            for one in range(wish, offer, 3):
                lack = lacks[cards[one]]
                give += max(numbers[one + 1] - numbers[one + 2] * lack, nothing)
            for one in range(offer, starts[col + 1], 2):
                skill = cards[one]
                receive += max(wants[skill] - loses[skill] * numbers[one + 1], nothing)
            over += _most(mean, weights, receive, give)
            if over < 0.0:
                continue
        over += _jitter(row, col)
        if limited and count[at] == most:
            if over > excess[first]:  # the least of them is kept at the front
                excess[first], cols[first] = over, col
                _sift(0, first, most, excess, cols)
        else:
            excess[first + count[at]], cols[first + count[at]] = over, col
            count[at] += 1
            if limited and count[at] == most:
                for start in range(most // 2 - 1, -1, -1):
                    _sift(start, first, most, excess, cols)
    return need + excess[first] if limited and 0 < count[at] == most else bar


@kernel
def _test(mean: int, weights: Weights, least: float) -> Test:
    """Return a, b, c and d such that ``a x y >= b x + c y + d`` if a mean of x and y is that much.

    For some means pairs pass that are worth less. Where one direction is enough, a pair stands
    under a key of its larger one, alone, and that one must be worth so much.
    """
    nothing, row_weight, col_weight = np.float32(0.0), weights[0], weights[1]
    if least <= 0.0:
        return nothing, nothing, nothing, nothing
    bar = np.float32(least)
    if mean == 0:
        return np.float32(2.0), bar * col_weight, bar * row_weight, nothing
    if mean <= 2:  # the geometric mean, which the smaller of two does not exceed
        return np.float32(1.0), nothing, nothing, np.float32(least * least)
    if mean == 5:  # which the arithmetic one of the same weights is never below
        return nothing, -row_weight, -col_weight, np.float32(2.0) * bar
    return nothing, np.float32(-1.0), np.float32(-1.0), bar


@kernel
def _passes(test: Test, one: np.float32, other: np.float32) -> bool:
    return bool(test[0] * one * other >= test[1] * one + test[2] * other + test[3])


@kernel
def _most(mean: int, weights: Weights, one: Number, other: Number) -> float:
    """Return a little more than `Reciprocity.combine` makes of two benefits, never less."""
    loose = float(LOOSE)
    if mean == 4:
        return min(float(one + other), 1.0) + loose
    x, y = min(float(one), 1.0), min(float(other), 1.0)
    row_weight, col_weight = float(weights[0]), float(weights[1])
    if mean == 3:
        return (row_weight * x + col_weight * y) / 2.0 + loose
    if mean in (1, 5):  # where one of them is small, what it has lost may be much of the mean
        x, y = min(x + loose, 1.0), min(y + loose, 1.0)
        if mean == 1:
            return math.sqrt(x) * math.sqrt(y) + loose
        return math.pow(x, row_weight / 2.0) * math.pow(y, col_weight / 2.0) + loose
    # A small weight makes as much more of what a small benefit has lost.
    loose /= min(row_weight, col_weight)
    if x <= 0.0 or y <= 0.0:
        return loose
    if mean == 2:
        return min(x, y) + loose
    return 2.0 * x * y / (row_weight * y + col_weight * x) + loose


@kernel
def _sift(start: int, first: int, size: int, excess: Floats, cols: Places) -> None:
    """Let an entry of a binary heap, least first, sink to its place."""
    place = start
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and excess[first + below + 1] < excess[first + below]:
            below += 1
        one, other = first + place, first + below
        if excess[other] >= excess[one]:
            break
        excess[one], excess[other] = excess[other], excess[one]
        cols[one], cols[other] = cols[other], cols[one]
        place = below


@kernel
def _jitter(row: int, col: int) -> float:
    """Return a number in [0, JITTER) for a pair, well spread over the columns of a row."""
    mixed = ((row * 1000003 + col * 7919) & 0x7FFFFFFF) * 2654435761
    return float((mixed >> 11) & 0xFFFFF) * (JITTER * 2.0**-20)


@kernel
def receive(
    learners: Rows,
    wish_starts: Rows,
    wanted: Places,
    urgency: Floats,
    known: Floats,
    teachers: Rows,
    teach_starts: Rows,
    taught: Places,
    level: Floats,
    counted: int,
    terms: Floats,
    benefit: Floats,
) -> None:
    """Compute what learners receive from teachers, pair by pair."""
    for pair in range(len(learners)):
        benefit[pair] = _received(
            learners[pair], wish_starts, wanted, urgency, known,
            teachers[pair], teach_starts, taught, level, counted, terms,
        )  # fmt: skip


@kernel
def _received(
    learner: int,
    wish_starts: Rows,
    wanted: Places,
    urgency: Floats,
    known: Floats,
    teacher: int,
    teach_starts: Rows,
    taught: Places,
    level: Floats,
    counted: int,
    terms: Floats,
) -> float:
    """Return what a learner receives from a teacher, of at most so many wishes.

    Both lists are in the order of skills; `terms` has room for every wish of anybody.
    """
    size, total = 0, 0.0
    offer, last = teach_starts[teacher], teach_starts[teacher + 1]
    for place in range(wish_starts[learner], wish_starts[learner + 1]):
        while offer < last and taught[offer] < wanted[place]:
            offer += 1
        if offer < last and taught[offer] == wanted[place]:
            gain = level[offer] - known[place]
            if gain > 0.0:
                terms[size] = _rounded(urgency[place] * gain)
                total += terms[size]
                size += 1
    if size > counted:
        terms[:size].sort()
        for place in range(size - counted):
            total -= terms[place]
    return min(total / GRAIN, 1.0)


@kernel
def _rounded(grains: float) -> float:
    """Round as `mentormatch.exchange.benefit.contribution` does.

    Adding what has no room for a fraction rounds to even, like rint, at a tenth of the time.
    """
    return grains + NO_FRACTION - NO_FRACTION
