"""Answers found the slow way."""

from collections.abc import Iterator, Mapping


def walk_up(person: str, manager: Mapping[str, str | None]) -> Iterator[str]:
    """Everyone above a person, nearest first."""
    above = manager.get(person)
    while above:
        yield above
        above = manager.get(above)


def is_above(a: str, b: str, manager: Mapping[str, str | None], levels: int | None) -> bool:
    """Tell whether `a` is met on the way up from `b`."""
    return a in list(walk_up(b, manager))[:levels]
