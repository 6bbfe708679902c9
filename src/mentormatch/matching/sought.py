"""What takes long to find out, found when somebody looks at it."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeVar, overload

__all__ = ["Sought"]

Found = TypeVar("Found", covariant=True)


class Sought(Sequence[Found]):
    """A tuple that is made when it is first looked into, and is kept then.

    Parameters
    ----------
    seek
        Makes it; two threads at once make it twice.

    Examples
    --------
    >>> reasons = Sought(lambda: ("no wishes",))
    >>> reasons[0], len(reasons), reasons
    ('no wishes', 1, ('no wishes',))
    """

    def __init__(self, seek: Callable[[], tuple[Found, ...]]) -> None:
        self._seek = seek

    @cached_property
    def _found(self) -> tuple[Found, ...]:
        return self._seek()

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, index: int) -> Found: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Found, ...]: ...
    def __getitem__(self, index: int | slice) -> Found | tuple[Found, ...]:
        return self._found[index]

    def __repr__(self) -> str:
        return repr(self._found)

    def __eq__(self, other: object) -> bool:
        return self._found == (other._found if isinstance(other, Sought) else other)

    def __hash__(self) -> int:
        return hash(self._found)

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self._found,)  # what it is sought from has everybody's profile
