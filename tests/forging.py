"""Single changes of a run record, as a forger or a bad disk makes them."""

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from hypothesis import strategies as st

__all__ = ["Change", "by_kind", "changes", "leaves", "torn"]

Path = tuple[str | int, ...]

#: One unit of the grid that scores and prices are on.
GRAIN = 2.0**-40


@dataclass(frozen=True)
class Change:
    """One change of a document.

    Attributes
    ----------
    what
        What is done, where.
    path
        The value that it concerns.
    make
        Does it, in place.
    """

    what: str
    path: Path
    make: Callable[[Any], None]

    def __repr__(self) -> str:
        return f"{self.what} {'.'.join(map(str, self.path))}"

    def of(self, document: Any) -> str:
        """Return the changed document as JSON."""
        forged = copy.deepcopy(document)
        self.make(forged)
        return json.dumps(forged)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of a JSON document that holds no others, with the way to it."""
    for way, one in _places(value, path):
        if not isinstance(one, (dict, list)):
            yield way, one


def changes(document: Any) -> Iterator[Change]:
    """Every single change of a document that is tried."""
    texts = _texts_by_kind(document)
    for path, value in _places(document):
        if not path:
            continue
        if isinstance(value, dict):
            yield _put("add a key to", (*path, "zoe"), 0.0)
            if any(isinstance(key, str) for key in value) and value:
                key = next(iter(value))
                yield _put("copy a key of", (*path, "zoe"), value[key])
        elif isinstance(value, list):
            yield from _of_list(path, value)
        else:
            yield from _of_leaf(path, value, texts.get(_kind(path), ()))
        if isinstance(path[-1], str):
            yield _removed("remove", path)
    yield Change("add a key to", (), lambda forged: forged.update(note="hello"))
    yield from _of_people(document)


def _places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _places(item, (*path, key))
    elif isinstance(value, list):
        for key, item in enumerate(value):
            yield from _places(item, (*path, key))


def _kind(path: Path) -> Path:
    """The way to a value without numbers: all at the same kind of place have the same."""
    return tuple(step for step in path if isinstance(step, str))


def _texts_by_kind(document: Any) -> dict[Path, tuple[str, ...]]:
    found: dict[Path, dict[str, None]] = {}
    for path, value in leaves(document):
        if isinstance(value, str):
            found.setdefault(_kind(path), {})[value] = None
    return {kind: tuple(texts) for kind, texts in found.items()}


def _at(forged: Any, path: Path) -> Any:
    for key in path:
        forged = forged[key]
    return forged


def _put(what: str, path: Path, value: Any) -> Change:
    def make(forged: Any) -> None:
        _at(forged, path[:-1])[path[-1]] = copy.deepcopy(value)

    return Change(what, path, make)


def _removed(what: str, path: Path) -> Change:
    def make(forged: Any) -> None:
        del _at(forged, path[:-1])[path[-1]]

    return Change(what, path, make)


def _of_leaf(path: Path, value: Any, texts: Sequence[str]) -> Iterator[Change]:
    others: list[Any] = [None]
    if value is None:
        others = [0.0, 1, "ana", False, []]
    elif isinstance(value, bool):
        others += [not value]
    elif isinstance(value, int):
        others += [value + 1, value - 1, 2 * value, -value, value + GRAIN, float(value)]
    elif isinstance(value, float):
        others += [value + GRAIN, value - GRAIN, 2 * value, -value, value + 1.0, value / 2, 0.0]
    else:
        others += [*[text for text in texts if text != value][:4], f"{value} ", "zoe"]
    different = {repr(other): other for other in others if repr(other) != repr(value)}
    for written, other in different.items():
        yield _put(f"write {written} for {value!r} at", path, other)


def _of_list(path: Path, value: list[Any]) -> Iterator[Change]:
    for number in range(len(value)):
        yield _removed("remove", (*path, number))
        yield Change(f"double {number} of", path, partial(_double, path, number))
        for other in range(number + 1, min(len(value), number + 3)):
            if value[number] != value[other]:
                swap = partial(_swap, path, number, other)
                yield Change(f"swap {number} and {other} of", path, swap)
    instead: tuple[Any, ...] = ([], 0.5, "zoe") if value else ()
    for one in instead:
        yield _put(f"write {one!r} for", path, one)
    yield Change("add something to", path, lambda forged: _at(forged, path).append(0.0))


def _double(path: Path, number: int, forged: Any) -> None:
    items = _at(forged, path)
    items.insert(number, copy.deepcopy(items[number]))


def _swap(path: Path, number: int, other: int, forged: Any) -> None:
    items = _at(forged, path)
    items[number], items[other] = items[other], items[number]


def _of_people(document: Any) -> Iterator[Change]:
    """Changes that a forger would make of one mind: whole pairs and people."""
    pairs = document["pairs"]
    mine = ("b", "b_name", "b_teaches", "b_benefit")
    for number, one in enumerate(pairs):
        for other in range(number + 1, min(len(pairs), number + 4)):

            def swap(forged: Any, number: int = number, other: int = other) -> None:
                first, second = forged["pairs"][number], forged["pairs"][other]
                for key in mine:
                    first[key], second[key] = second[key], first[key]

            yield Change(f"swap the partners of {one['a']} and", ("pairs", other), swap)

        def drop(forged: Any, number: int = number) -> None:
            gone = forged["pairs"].pop(number)
            side = forged["sides"] if forged["layout"] == "sides" else ("", "")
            forged["unmatched"] += [
                {"id": gone[end], "name": gone[f"{end}_name"], "side": name, "code": "outcompeted"}
                for end, name in zip("ab", side, strict=True)
            ]

        yield Change("drop whole", ("pairs", number), drop)
    for number, one in enumerate(document["unmatched"]):

        def instead(forged: Any, number: int = number) -> None:
            single = forged["unmatched"][number]
            pair = forged["pairs"][0]
            end = "a" if single["side"] == forged["sides"][0] else "b"
            single["id"], pair[end] = pair[end], single["id"]
            single["name"], pair[f"{end}_name"] = pair[f"{end}_name"], single["name"]

        if pairs:
            yield Change(f"put {one['id']} in the place of one of", ("pairs", 0), instead)


def by_kind(document: Any) -> dict[str, list[Change]]:
    """The changes of a document, by what is done at which kind of place."""
    found: dict[str, list[Change]] = {}
    for change in changes(document):
        place = ".".join(map(str, _kind(change.path)))
        if len(change.path) > 1 and isinstance(change.path[-2], int) and "certificate" in place:
            place = place.rpartition(".")[0]  # the last step is somebody's id
        found.setdefault(f"{change.what.split()[0]} {place}", []).append(change)
    return found


def torn(text: bytes) -> st.SearchStrategy[bytes]:
    """Return what a bad disk makes of a file: cut off, or with one byte of another kind."""
    cut = st.integers(0, len(text) - 1).map(lambda size: text[:size])
    places, bits = st.integers(0, len(text) - 1), st.integers(0, 7)
    flipped = st.tuples(places, bits).map(lambda at: _flipped(text, *at))
    return cut | flipped


def _flipped(text: bytes, place: int, bit: int) -> bytes:
    return text[:place] + bytes([text[place] ^ (1 << bit)]) + text[place + 1 :]
