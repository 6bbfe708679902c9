"""Odd sets: what holds whom, and what it costs."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormatch.assign.odd_sets import OddSets

NESTED = OddSets(
    np.array([0, 1, 1, 2, 2, 2, 0, -1, 3, 3, 3]),
    np.array([-1, 0, 1, -1]),
    np.array([0.5, 0.25, 0.125, 4.0]),
)


@st.composite
def families(draw: st.DrawFn) -> OddSets:
    """Any forest of sets, odd or not, and members anywhere in it."""
    count = draw(st.integers(0, 8))
    around = [draw(st.integers(-1, number - 1)) for number in range(count)]
    size = draw(st.integers(0, 12))
    innermost = [draw(st.integers(-1, count - 1)) for _ in range(size)]
    prices = [draw(st.floats(0.0, 2.0**40)) for _ in range(count)]
    return OddSets(
        np.array(innermost, dtype=np.int64), np.array(around, dtype=np.int64), np.array(prices)
    )


def holders(sets: OddSets, member: int) -> list[int]:
    """The sets around a member, from the inside out."""
    return outwards(sets, int(sets.innermost[member]))


def outwards(sets: OddSets, number: int) -> list[int]:
    """A set and those around it, from the inside out; none for -1."""
    found = []
    while number >= 0:
        found.append(number)
        number = int(sets.around[number])
    return found


@given(families())
def test_members_sizes_and_common_sets_are_those_of_the_forest(sets: OddSets) -> None:
    size = len(sets.innermost)
    around = [holders(sets, member) for member in range(size)]
    for number in range(len(sets)):
        members = [member for member in range(size) if number in around[member]]
        assert sets.members(number).tolist() == members
        assert sets.sizes[number] == len(members)
    a, b = (one.ravel() for one in np.indices((size, size)))
    both = [
        next((one for one in around[left] if one in around[right]), -1)
        for left, right in zip(a.tolist(), b.tolist(), strict=True)
    ]
    assert sets.common(a, b).tolist() == both
    worth = [sum(sets.prices[outwards(sets, one)[::-1]].tolist()) for one in both]
    assert sets.worth(a, b).tolist() == worth


@given(families())
def test_terms_are_exact(sets: OddSets) -> None:
    both = sets.prices.tolist(), sets.sizes.tolist()
    exact = sum(
        (Fraction(price) * (size // 2) for price, size in zip(*both, strict=True)), Fraction(0)
    )
    assert sum((Fraction(term) for term in sets.terms), Fraction(0)) == exact


def test_a_chain_of_thousands_is_climbed_at_once() -> None:
    """Each set holds two members more than the one within it."""
    depth = 5_000
    sets = OddSets(
        np.append(np.repeat(np.arange(depth), 2), depth - 1),
        np.arange(-1, depth - 1),
        np.ones(depth),
    )
    assert sets.are_odd
    assert sets.sizes[[0, -1]].tolist() == [2 * depth + 1, 3]
    a = np.arange(2 * depth)
    assert sets.common(a, np.full(2 * depth, 2 * depth)).tolist() == (a // 2).tolist()


def test_sets_are_odd_from_three_on() -> None:
    assert NESTED.are_odd
    assert NESTED.total == 0.5 * 3 + 0.25 * 2 + 0.125 + 4.0
    for innermost in ([0, -1], [0, 0], [0, 0, 0, 0]):
        assert not OddSets(np.array(innermost), np.array([-1]), np.ones(1)).are_odd
    assert OddSets.none(3).are_odd


def test_arrays_are_read_only_and_those_given_stay_writable() -> None:
    innermost = np.zeros(3, dtype=np.int64)
    sets = OddSets(innermost, np.array([-1]), np.ones(1))
    with pytest.raises(ValueError, match="read-only"):
        sets.innermost[0] = -1
    innermost[0] = -1


@pytest.mark.parametrize(
    ("innermost", "around", "prices", "text"),
    [
        ([0, 1], [-1], [1.0], "names a set that is none; there are 1"),
        ([0, -2], [-1], [1.0], "names a set that is none"),
        ([0, 1], [1, -1], [1.0, 1.0], "list the outer sets first"),
        ([0, 0], [0], [1.0], "list the outer sets first"),
        ([0, 0], [-2], [1.0], "list the outer sets first"),
        ([0, 0], [-1], [1.0, 2.0], "1 sets take as many prices; there are 2"),
    ],
)
def test_what_is_no_forest_is_refused(
    innermost: list[int], around: list[int], prices: list[float], text: str
) -> None:
    with pytest.raises(ValueError, match=text):
        OddSets(np.array(innermost), np.array(around), np.array(prices))
