"""Which pairs could be worth more than their prices, among very many.

For each person of side a, what every person of side b would receive is added up, skill by skill
that is taught, and what a would receive from each of them, skill by skill that is wanted. Then one
comparison for each pair says whether it could be worth more than its prices. The sums are single
precision and rounded up, so that no pair is overlooked; whoever is suspected is looked at again,
wish by wish (`mentormatch.matching.recount`).

It looks at all pairs, shares no code with the search for candidates, and takes nothing from the
solver but the prices it doubts. Kernels of the extra ``scale``.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from mentormatch.exchange.reciprocity import OneWay, Reciprocity
from mentormatch.exchange.shared import SharedWishes
from mentormatch.jit import in_order, kernel
from mentormatch.matching.recount import Recount, blocks
from mentormatch.matching.wishes import Wishes

__all__ = ["suspects"]

Floats: TypeAlias = NDArray[np.float64]
Singles: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.int32]
Matrix: TypeAlias = csr_array | csc_array
#: What the two directions count for, side a first; their sum is 2.
Weights: TypeAlias = tuple[np.float32, np.float32]

#: How many people of side b at a time: their sums stay in the processor's nearest memory.
TILE = 1 << 12
#: How many of them are compared with their prices at once.
STRIP = 1 << 8
#: How many meetings of a skill offered and a wish for it a block of side a has.
MEETINGS_AT_ONCE = 1 << 24
#: Numbers of the means, in which kernels are told of them.
MEANS = ("harmonic", "geometric", "minimum", "arithmetic", "one_way", "weighted_geometric")
#: What single precision may lose of a product of powers, some four times over.
POWERS = 1.0 + 2.0**-20
#: From which count price of a on, and below which of b the two do not reach 1. Between these steps,
#: which honest prices do not leave, more pairs are suspected than need be.
COUNTS, BESIDE = (1.0, 0.5, 0.0), (0.0, 0.5, 1.0, np.inf)
#: In single precision, as all that it is compared with.
NOTHING = np.float32(0.0)


class _Listed(NamedTuple):
    """What is taught or wanted on one side, listed by person or by skill.

    A wish has a share of all wishes, and a rate for each unit of proficiency that a teacher misses
    of the skill; an offer has the share 1, and what it misses. The teacher then adds to the
    learner's benefit ``share - rate * missing``, or the same with both shares in it, if that is
    above 0. Nothing cancels out in it, as it would in ``offered - known``.
    """

    starts: Rows  # where the list of each person, or of each skill, begins
    other: Places  # the skill, or the person, ascending
    share: Singles
    rate: Singles

    @classmethod
    def offered(cls, taught: Matrix) -> "_Listed":
        """List what is taught, by row or by column as the matrix is."""
        missing = 1.0 - taught.data
        return cls._of(taught, np.ones_like(missing), missing)

    @classmethod
    def wanted(cls, wishes: Wishes, width: int, slack: float, *, by_skill: bool) -> "_Listed":
        """List what is wanted, with so much slack in every share that no sum comes out too low."""
        number, shape = np.arange(len(wishes.skill)), (len(wishes.starts) - 1, width)
        by_person = csr_array((number, wishes.skill, wishes.starts), shape=shape)
        listed = by_person.tocsc() if by_skill else by_person
        weight, known = wishes.weight[listed.data], wishes.known[listed.data]
        return cls._of(listed, weight * (1.0 + slack), weight / (1.0 - known))

    @classmethod
    def _of(cls, listed: Matrix, share: Floats, rate: Floats) -> "_Listed":
        starts, other = listed.indptr.astype(np.int64), listed.indices.astype(np.int32)
        return cls(starts, other, share.astype(np.float32), rate.astype(np.float32))

    def if_counts(self, counts: bool) -> "_Listed":
        """Return the same where a direction counts, else nothing."""
        return self if counts else self._replace(starts=np.zeros_like(self.starts))


def suspects(
    recount: Recount,
    prices: tuple[Floats, Floats],
    counts: tuple[Floats, Floats] | None,
    inflation: float,
) -> Iterator[Rows]:
    """Yield all pairs that could be worth more than their prices, in blocks of side a.

    Parameters
    ----------
    recount
        Whose pairs.
    prices, counts
        Prices and count prices by position on either side, less those of minima.
    inflation
        What is added to every score before the prices have to cover it, 0 or more.

    Yields
    ------
    numpy.ndarray
        Numbers of pairs, ascending throughout: every pair with something to exchange that its
        prices do not cover is among them, and some others, as each is taken to get all that
        preferences can add.
    """
    score, sides, taught = recount.score, recount.sides, recount.people.teaches
    assert not isinstance(score, SharedWishes)  # buddies teach each other nothing
    width, size = taught.shape[1], len(sides.b)
    # A sum of n terms in single precision loses n - 1 times 2**-24 of it at most, and a term some
    # five times that of its share: this is twice as much.
    longest = max(int(np.diff(wishes.starts).max(initial=0)) for wishes in recount.wishes)
    slack = (longest + 8) * 2.0**-23
    a_wants, b_wants = recount.wishes
    profiles = (
        _Listed.offered(taught[sides.a]).if_counts(score.b_receives),
        _Listed.wanted(b_wants, width, slack, by_skill=True),
        _Listed.wanted(a_wants, width, slack, by_skill=False).if_counts(score.a_receives),
        _Listed.offered(taught[sides.b].tocsc()),
    )
    # What everybody's pairs get for them is as good as a lower price.
    of_a, of_b = (
        price - recount.added.to_each(rows)
        for price, rows in zip(prices, (sides.a, sides.b), strict=True)
    )
    needs = _needs((of_a, of_b), counts, inflation + recount.added.most_of_pairs)
    mean, weights = _mean(score)

    def suspected(first: int, last: int) -> Rows:
        a, b = _suspected(first, last, TILE, mean, weights, *profiles, *needs)
        return np.sort(a * size + b)

    yield from in_order(suspected, blocks(recount.people, sides, MEETINGS_AT_ONCE))


def _mean(score: Reciprocity | OneWay) -> tuple[int, Weights]:
    """Return a place in MEANS, and the weights, which single precision holds exactly."""
    if isinstance(score, OneWay):
        return MEANS.index("one_way"), (np.float32(1.0), np.float32(1.0))
    weighted = score.mean == "geometric" and not score.is_even
    a_weight, b_weight = score.balance
    mean = MEANS.index("weighted_geometric" if weighted else score.mean)
    return mean, (np.float32(a_weight), np.float32(b_weight))


def _needs(
    prices: tuple[Floats, Floats], counts: tuple[Floats, Floats] | None, added: float
) -> tuple[Singles, Places, Singles]:
    """Return what must be exchanged before a pair is suspected, as the sum of a's part and b's.

    `added` is what comes on top, at the most: the inflation, and what preferences add.
    A pair of two people whose count prices do not reach 1 has to be worth nothing: b's parts, of
    which a's count price says which is to be taken, see to that.
    """
    # Nobody exchanges more than 1, so that a price this high covers every pair, whatever the other
    # price; and one as low as that is below 0, covers none.
    enough = added + 2.0
    # What single precision may lose of prices and in comparing, some eight times over.
    margin = enough * 2.0**-20
    need, least = (np.clip(side, -enough, enough) for side in prices)
    level, parts = np.zeros(len(need), dtype=np.int32), [least]
    if counts is not None:
        level = np.searchsorted(-np.array(COUNTS), -counts[0]).astype(np.int32)
        parts = [np.where(counts[1] < beside, -enough, least) for beside in BESIDE]
    needed = need - added - margin
    return needed.astype(np.float32), level, np.array(parts, dtype=np.float32)


@kernel
def _suspected(
    first: int,
    last: int,
    tile: int,
    mean: int,
    weights: Weights,
    offers: _Listed,
    learners: _Listed,
    wishes: _Listed,
    teachers: _Listed,
    need: Singles,
    level: Places,
    least: Singles,
) -> tuple[Rows, Rows]:
    """Return the suspected pairs of a block of side a, one tile of side b after the other."""
    # How far the list of a skill has been gone through, for each offer and each wish.
    learner = learners.starts[offers.other[offers.starts[first] : offers.starts[last]]]
    teacher = teachers.starts[wishes.other[wishes.starts[first] : wishes.starts[last]]]
    # Each on its own: halves of one array are views, on which loops are twice as slow.
    a_benefit, b_benefit = np.zeros(tile, dtype=np.float32), np.zeros(tile, dtype=np.float32)
    a, b = np.empty(tile, dtype=np.int64), np.empty(tile, dtype=np.int64)
    size = 0
    for left in range(0, least.shape[1], tile):
        right = min(left + tile, least.shape[1])
        offer, wish = 0, 0
        for person in range(first, last):
            offer = _add_up(person, offers, learners, learner, offer, left, right, b_benefit)
            wish = _add_up(person, wishes, teachers, teacher, wish, left, right, a_benefit)
            if size + tile > len(a):
                a, b = np.append(a, np.empty_like(a)), np.append(b, np.empty_like(b))
            bar = least[level[person], left:right]
            found = _look(mean, weights, a_benefit, b_benefit, need[person], bar, b[size:])
            a[size : size + found] = person
            b[size : size + found] += left
            size += found
    return a[:size], b[:size]


@kernel
def _add_up(
    person: int,
    own: _Listed,
    theirs: _Listed,
    reached: Rows,
    number: int,
    left: int,
    right: int,
    benefit: Singles,
) -> int:
    """Add what each offer, or wish, of a person is worth between them and the others of a tile.

    `reached` says from where the lists of the skills go on, from `number` on those of this person;
    the number of the next is returned.
    """
    starts, skill, own_share, own_rate = own  # taken apart once: each time costs as much as a term
    list_starts, other, share, rate = theirs
    for entry in range(starts[person], starts[person + 1]):
        mine, my_rate = own_share[entry], own_rate[entry]  # in registers, not read for each term
        begin, end = reached[number], list_starts[skill[entry] + 1]
        end = begin + _count_below(right, other, begin, end)
        for place in range(begin, end):
            gain = mine * share[place] - my_rate * rate[place]
            # Unsigned, or else numba looks each time whether to count from the end.
            benefit[np.uint64(other[place] - left)] += max(gain, NOTHING)
        reached[number] = end
        number += 1
    return number


@kernel
def _count_below(limit: int, ascending: Places, begin: int, end: int) -> int:
    """Count the numbers below a limit between two places."""
    first = begin
    while begin < end:
        middle = (begin + end) // 2
        if ascending[middle] < limit:
            begin = middle + 1
        else:
            end = middle
    return begin - first


@kernel
def _look(
    mean: int,
    weights: Weights,
    a_benefit: Singles,
    b_benefit: Singles,
    need: np.float32,
    bar: Singles,
    found: Rows,
) -> int:
    """Note whose score could be above the bar, return how many, and clear the sums."""
    size = 0
    for begin in range(0, len(bar), STRIP):
        one, other = a_benefit[begin : begin + STRIP], b_benefit[begin : begin + STRIP]
        here = bar[begin : begin + STRIP]
        if not _count_above(mean, weights, one, other, need, here):
            continue
        for place in range(len(here)):
            least = need + here[place]
            if _is_above(mean, weights, one[place], other[place], least) and (
                mean != 5 or _is_powered_above(weights, one[place], other[place], least)
            ):
                found[size] = begin + place
                size += 1
    a_benefit[:] = NOTHING
    b_benefit[:] = NOTHING
    return size


@kernel
def _count_above(
    mean: int, weights: Weights, one: Singles, other: Singles, need: np.float32, bar: Singles
) -> int:
    """Count whose score could be above the bar, without a branch: several at once."""
    above = 0
    for place in range(len(bar)):
        above += int(_is_above(mean, weights, one[place], other[place], need + bar[place]))
    return above


@kernel
def _is_above(
    mean: int, weights: Weights, one: np.float32, other: np.float32, need: np.float32
) -> np.bool_:
    """Tell whether a mean of two benefits is above 0 and above what is needed.

    Both sides are multiplied out, so that nothing is divided by 0. A weighted geometric mean is
    taken for the arithmetic one, which is never below it.
    """
    need = max(need, NOTHING)
    if mean == 0:
        return (one + one) * other > need * (weights[0] * other + weights[1] * one)
    if mean == 1:
        return one * other > need * need
    if mean == 2:
        return min(one, other) > need
    if mean == 3 or mean == 5:
        return weights[0] * one + weights[1] * other > need + need
    return one + other > need


@kernel
def _is_powered_above(
    weights: Weights, one: np.float32, other: np.float32, need: np.float32
) -> bool:
    """Tell the same of a weighted geometric mean itself, which takes too long for all pairs."""
    powers = math.pow(one, weights[0] / 2.0) * math.pow(other, weights[1] / 2.0)
    return bool(powers * POWERS > max(need, NOTHING))
