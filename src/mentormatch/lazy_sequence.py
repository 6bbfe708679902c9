"""A sequence whose items are made when they are asked for: millions of pairs take no room."""

from abc import abstractmethod
from collections.abc import Sequence
from operator import index as whole
from typing import TypeVar, overload

__all__ = ["LazySequence"]

Item = TypeVar("Item", covariant=True)


class LazySequence(Sequence[Item]):
    """What single items and slices of them have in common.

    Examples
    --------
    >>> class Squares(LazySequence[int]):
    ...     def __len__(self) -> int:
    ...         return 4
    ...
    ...     def _at(self, place: int) -> int:
    ...         return place * place
    >>> Squares()[-1], Squares()[1:3], list(Squares())
    (9, (1, 4), [0, 1, 4, 9])
    """

    @abstractmethod
    def _at(self, place: int) -> Item:
        """Make the item at a place, from 0 on."""

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, index: int | slice) -> Item | tuple[Item, ...]:
        size = len(self)
        if isinstance(index, slice):
            return tuple(map(self._at, range(*index.indices(size))))
        place = whole(index)
        if not -size <= place < size:
            raise IndexError(f"item {place} of {size} was asked for, and they count from 0")
        return self._at(place % size)
