"""The reporting tree: who is above whom, in constant time for every pair."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mentormatch.errors import Fault, ProfileErrors

__all__ = ["Organisation", "duplicate_faults"]

_HEAD = (
    "a reporting line that ends at the head of the organisation; the head's manager_id stays blank"
)


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Organisation:
    """The whole reporting tree, which is usually larger than the cohort.

    Build it with `Organisation.from_managers`, or read it with `read_organisation`. It may have
    several heads. Its nodes are the listed people, then managers whom nobody listed.

    Parameters
    ----------
    ids
        Id of each of the m nodes.
    manager
        Node of each one's manager, -1 for a head; int64, shape (m,).
    depth
        Steps up to the head; int64, shape (m,).
    outside
        Whether the node is a manager who is not listed; bool, shape (m,).

    Notes
    -----
    Each node carries the interval that its subtree takes in a preorder walk (an Euler tour), so
    that "a is above b" is "b begins inside a's interval": Tarjan and Vishkin, 1985.

    Examples
    --------
    >>> tree = Organisation.from_managers(["ana", "bo", "cy"], [None, "ana", "bo"])
    >>> ana, bo, cy = tree.nodes(["ana", "bo", "cy"])
    >>> bool(tree.is_above(ana, cy)), bool(tree.is_above(ana, cy, levels=1))
    (True, False)
    """

    ids: tuple[str, ...]
    manager: NDArray[np.int64]
    depth: NDArray[np.int64]
    outside: NDArray[np.bool_]
    # One entry more than nodes: index -1, "in no tree", is an interval that nothing is inside of.
    _begin: NDArray[np.int64] = field(repr=False)
    _end: NDArray[np.int64] = field(repr=False)
    _node: Mapping[str, int] = field(repr=False)

    def __post_init__(self) -> None:
        self._freeze()

    def __repr__(self) -> str:
        return f"Organisation({len(self.ids):,} {'person' if len(self.ids) == 1 else 'people'})"

    def __reduce__(self) -> tuple[Any, ...]:
        # Made anew, as pickle keeps no array read-only. (Before 3.11.4, dataclasses with slots
        # put a `__setstate__` of their own in the place of any other.)
        return Organisation, tuple(getattr(self, name) for name in self.__slots__)

    def _freeze(self) -> None:
        for array in (self.manager, self.depth, self.outside, self._begin, self._end):
            array.setflags(write=False)

    @classmethod
    def from_managers(
        cls,
        ids: Iterable[str],
        managers: Iterable[str | None],
        lines: Sequence[int | None] | None = None,
    ) -> "Organisation":
        """Build the tree from everyone's manager.

        Parameters
        ----------
        ids
            Id of each person.
        managers
            Id of each one's manager; `None` or blank for a head. Managers who are not among
            `ids` become nodes too, with `outside` set.
        lines
            Line of each person in the file, for the faults.

        Returns
        -------
        Organisation

        Raises
        ------
        ProfileErrors
            Listing every duplicate id and every cycle.

        Notes
        -----
        Linear in time, without recursion: a chain of a million people is no deeper than a star.

        Examples
        --------
        >>> Organisation.from_managers(["ana", "bo"], ["bo", "ana"])
        Traceback (most recent call last):
            ...
        mentormatch.errors.ProfileErrors: 1 fault in the profiles:
          the file: ana: manager_id is 'ana -> bo -> ana'; allowed: a reporting line that ends \
at the head of the organisation; the head's manager_id stays blank
        """
        people = [str(person).strip() for person in ids]
        above = [str(boss).strip() if boss is not None else "" for boss in managers]
        if len(people) != len(above):
            raise ValueError(f"{len(people)} ids but {len(above)} managers; give one per id")
        rows = list(lines) if lines is not None else [None] * len(people)
        faults = duplicate_faults(people, rows)
        node: dict[str, int] = {}
        for person in people:
            node.setdefault(person, len(node))
        listed = len(node)
        for boss in above:
            if boss:
                node.setdefault(boss, len(node))
        manager = [-1] * len(node)
        line: list[int | None] = [None] * len(node)
        # Backwards, so that of several rows with one id the first counts.
        for person, boss, row in zip(people[::-1], above[::-1], rows[::-1], strict=True):
            manager[node[person]] = node[boss] if boss else -1
            line[node[person]] = row
        order = _heads_first(manager)
        names = tuple(node)
        if len(order) < len(names):
            faults += _cycle_faults(names, manager, order, line)
        if faults:
            raise ProfileErrors(faults)
        depth, begin, end = _tour(manager, order)
        return cls(
            ids=names,
            manager=np.array(manager, dtype=np.int64),
            depth=depth,
            outside=np.arange(len(names)) >= listed,
            _begin=begin,
            _end=end,
            _node=node,
        )

    def nodes(self, ids: Iterable[str]) -> NDArray[np.int64]:
        """Find people in the tree.

        Parameters
        ----------
        ids
            Ids, in any order, repeats allowed.

        Returns
        -------
        ndarray of int64, shape (len(ids),)
            The node of each, -1 for an id that is not in the tree.

        Examples
        --------
        >>> Organisation.from_managers(["ana", "bo"], [None, "ana"]).nodes(["bo", "zoe"])
        array([ 1, -1])
        """
        return np.fromiter((self._node.get(person, -1) for person in ids), dtype=np.int64)

    def managers_of(self, nodes: ArrayLike) -> NDArray[np.int64]:
        """Return the node of each one's manager.

        Parameters
        ----------
        nodes
            Nodes, or -1; any shape.

        Returns
        -------
        ndarray of int64
            Same shape; -1 for heads and for those who are in no tree.

        Examples
        --------
        >>> Organisation.from_managers(["ana", "bo"], [None, "ana"]).managers_of([1, 0, -1])
        array([ 0, -1, -1])
        """
        asked = np.asarray(nodes, dtype=np.int64)
        result = np.full(asked.shape, -1, dtype=np.int64)
        known = asked >= 0
        result[known] = self.manager[asked[known]]
        return result

    def is_above(self, a: ArrayLike, b: ArrayLike, levels: int | None = None) -> NDArray[np.bool_]:
        """Tell for every pair whether `a` is a manager of `b`, directly or through others.

        Parameters
        ----------
        a, b
            Nodes, or -1 for those who are in no tree; any shapes that broadcast.
        levels
            How many steps up count: 1 for the direct manager only; `None` for any number.

        Returns
        -------
        ndarray of bool
            Of the broadcast shape. Nobody is above themselves, and -1 is neither above nor below
            anyone. Constant time per pair, whatever the depth.

        Examples
        --------
        >>> tree = Organisation.from_managers(["ana", "bo", "cy"], [None, "ana", "bo"])
        >>> tree.is_above([0, 0, 2], [1, 2, 0])
        array([ True,  True, False])
        """
        upper = np.asarray(a, dtype=np.int64)
        lower = np.asarray(b, dtype=np.int64)
        begin = self._begin[lower]
        above: NDArray[np.bool_] = (self._begin[upper] < begin) & (begin < self._end[upper])
        if levels is not None and len(self.ids):
            # Depths of -1 nodes are read from some other node, which `above` has ruled out.
            above &= self.depth[lower] - self.depth[upper] <= levels
        return above


def duplicate_faults(ids: Sequence[str], lines: Sequence[int | None]) -> list[Fault]:
    """List every id that an earlier row has already, as faults.

    Parameters
    ----------
    ids
        Ids in the order of the rows.
    lines
        Line of each in the file.

    Returns
    -------
    list of Fault
        One for each row after the first that has the id.

    Examples
    --------
    >>> print(*duplicate_faults(["ana", "ana"], [2, 3]))
    row 3: ana: id is 'ana'; allowed: an id of their own; row 2 has this one already
    """
    if len(set(ids)) == len(ids):
        return []
    first: dict[str, int | None] = {}
    faults = []
    for person, line in zip(ids, lines, strict=True):
        if person in first:
            row = first[person]
            where = "another person" if row is None else f"row {row}"
            allowed = f"an id of their own; {where} has this one already"
            faults.append(Fault(line, person, "id", person, allowed))
        else:
            first[person] = line
    return faults


def _heads_first(manager: list[int]) -> list[int]:
    """Order the nodes so that managers precede their reports; nodes of cycles are left out."""
    count = len(manager)
    by_manager = np.argsort(np.array(manager, dtype=np.int64), kind="stable")
    reports = np.bincount(np.array(manager, dtype=np.int64) + 1, minlength=count + 1)
    ends = np.cumsum(reports).tolist()  # of the reports of node i in `by_manager`: i + 1
    teams: list[int] = by_manager.tolist()
    order = teams[: ends[0]]
    for node in order:  # grows while it is read: breadth first
        order += teams[ends[node] : ends[node + 1]]
    return order


def _tour(
    manager: list[int], order: list[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return depths, and begin and end of each node's subtree in a preorder walk."""
    count = len(manager)
    # Index -1 is the place above all heads, so that heads need no special case.
    depth = [-1] * (count + 1)
    size = [1] * (count + 1)
    begin = [0] * (count + 1)
    free = [0] * (count + 1)  # where the next report's subtree begins
    for node in reversed(order):
        size[manager[node]] += size[node]
    for node in order:
        boss = manager[node]
        depth[node] = depth[boss] + 1
        begin[node] = free[boss]
        free[boss] += size[node]
        free[node] = begin[node] + 1
    begin[-1] = -1
    size[-1] = 0
    starts = np.array(begin, dtype=np.int64)
    return np.array(depth[:-1], dtype=np.int64), starts, starts + np.array(size, dtype=np.int64)


def _cycle_faults(
    ids: tuple[str, ...], manager: list[int], order: list[int], lines: list[int | None]
) -> list[Fault]:
    """Return one fault per cycle; those who merely report into one are not at fault."""
    done = [False] * len(ids)
    for node in order:
        done[node] = True
    faults = []
    for start in range(len(ids)):
        path: dict[int, None] = {}
        node = start
        while not done[node]:
            done[node] = True
            path[node] = None
            node = manager[node]
        if node in path:
            walked = list(path)
            cycle = walked[walked.index(node) :]
            # Told of someone who has a line in the file, if anybody has.
            turn = min(
                range(len(cycle)),
                key=lambda place: (lines[cycle[place]] is None, ids[cycle[place]]),
            )
            cycle = cycle[turn:] + cycle[:turn]
            line = " -> ".join(ids[node] for node in [*cycle, cycle[0]])
            faults.append(Fault(lines[cycle[0]], ids[cycle[0]], "manager_id", line, _HEAD))
    return faults
