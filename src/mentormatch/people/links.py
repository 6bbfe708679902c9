"""What ties people to one another: the reporting tree, past partners, declines, wishes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.people.organisation import Organisation, duplicate_faults

__all__ = ["Links", "PairRanks", "PairSet", "link", "tied_again"]


class PairSet:
    """Unordered pairs of rows, with a vectorised test for membership.

    Parameters
    ----------
    pairs
        Pairs of rows in any order; int64, shape (k, 2).
    people
        How many rows there are.

    Examples
    --------
    >>> PairSet(np.array([[0, 2]]), people=3).contains(np.array([2, 0]), np.array([0, 1]))
    array([ True, False])
    """

    __slots__ = ("_codes", "_people")

    def __init__(self, pairs: NDArray[np.int64], people: int) -> None:
        self._people = people
        self._codes = np.unique(self._code(pairs[:, 0], pairs[:, 1]))

    def contains(self, a: ArrayLike, b: ArrayLike) -> NDArray[np.bool_]:
        """Tell for every pair whether it is in the set, either way round.

        Parameters
        ----------
        a, b
            Rows; shapes that broadcast.

        Returns
        -------
        ndarray of bool

        Examples
        --------
        >>> PairSet(np.array([[0, 2]]), people=3).contains(0, [0, 1, 2])
        array([False, False,  True])
        """
        codes = self._code(np.asarray(a, dtype=np.int64), np.asarray(b, dtype=np.int64))
        if not len(self._codes):
            return np.zeros(codes.shape, dtype=np.bool_)
        found = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        return np.asarray(self._codes[found] == codes)

    def _code(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
        code: NDArray[np.int64] = np.minimum(a, b) * self._people + np.maximum(a, b)
        return code


class PairRanks:
    """Numbers of ordered pairs of rows, looked up many at once.

    Parameters
    ----------
    ranks
        Each ordered pair once, in any order, with its number; int64, shape (k, 3).
    people
        How many rows there are.

    Examples
    --------
    >>> PairRanks(np.array([[0, 2, 1], [0, 1, 2]]), people=3).of([0, 1], [2, 0])
    array([1, 0])
    """

    __slots__ = ("_codes", "_people", "_ranks")

    def __init__(self, ranks: NDArray[np.int64], people: int) -> None:
        self._people = people
        codes = ranks[:, 0] * people + ranks[:, 1]
        order = np.argsort(codes)
        self._codes, self._ranks = codes[order], ranks[order, 2]

    def of(self, a: ArrayLike, b: ArrayLike) -> NDArray[np.int64]:
        """Return the number of every pair, 0 for those without.

        Parameters
        ----------
        a, b
            Rows; shapes that broadcast.

        Returns
        -------
        ndarray of int64

        Examples
        --------
        >>> PairRanks(np.array([[0, 2, 1]]), people=3).of(0, [0, 1, 2])
        array([0, 0, 1])
        """
        codes = np.asarray(a, dtype=np.int64) * self._people + np.asarray(b, dtype=np.int64)
        ranks = np.zeros(codes.shape, dtype=np.int64)
        if len(self._codes):
            found = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
            there = self._codes[found] == codes  # few of the pairs asked about
            ranks[there] = self._ranks[found[there]]
        return ranks


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Links:
    """The ties between n people.

    Parameters
    ----------
    organisation
        The reporting tree.
    place
        Node of each person, -1 for those in no tree; int64, shape (n,).
    past, declined
        Pairs of rows, the one who named the other first; int64, shape (k, 2).
    wished
        Whose wish, for whom, and its place in their list from 1; int64, shape (k, 3).
    rejected
        Pairs of rows that were declined and stand in nobody's profile, so that they say nothing of
        which of the two it was; int64, shape (k, 2).
    """

    organisation: Organisation
    place: NDArray[np.int64]
    past: NDArray[np.int64]
    declined: NDArray[np.int64]
    wished: NDArray[np.int64]
    rejected: NDArray[np.int64]


def link(
    ids: Sequence[str],
    manager_ids: Sequence[str | None],
    past_partners: Sequence[Sequence[str]],
    declines: Sequence[Sequence[str]],
    prefers: Sequence[Sequence[str]],
    lines: Sequence[int],
    organisation: Organisation | None = None,
) -> Links:
    """Resolve who names whom, and report every tie that leads nowhere.

    Parameters
    ----------
    ids, manager_ids, past_partners, declines, prefers, lines
        One entry per person. Past partners and wished people may be gone; places in a list of
        wishes are counted with them. Who is declined is one of these people, or of the
        organisation: a misspelt id would bind nobody.
    organisation
        The whole reporting tree; when left out, the tree is that of `manager_ids`.

    Returns
    -------
    Links

    Raises
    ------
    ProfileErrors
        Listing duplicate ids, cycles, managers who are not the organisation's, and people who
        decline someone unknown.

    Examples
    --------
    >>> none = [(), ()]
    >>> ties = link(["ana", "bo"], [None, "ana"], [(), ("ana", "zoe")], none, none, [2, 3])
    >>> ties.organisation.ids, ties.past
    (('ana', 'bo'), array([[1, 0]]))
    """
    faults = duplicate_faults(ids, lines)
    row = dict(zip(reversed(ids), range(len(ids) - 1, -1, -1), strict=True))
    first = sorted(row.values())
    # Whoever takes no part this time may be declined all the same, where it is known who there is.
    listed = organisation.ids if organisation is not None else ()
    known = row.keys() | set(listed)
    allowed = "ids of people in this file" + (" or the organisation" if listed else "")
    for person, declined, line in zip(ids, declines, lines, strict=True):
        if any(other not in known for other in declined):
            faults.append(Fault(int(line), person, "confidential", "(hidden)", allowed))
    tree = organisation
    try:
        if organisation is None:
            tree = Organisation.from_managers(
                [ids[i] for i in first],
                [manager_ids[i] for i in first],
                [int(lines[i]) for i in first],
            )
        else:
            faults += _contradictions(ids, manager_ids, lines, organisation)
            tree = _joined(ids, manager_ids, lines, organisation, first)
    except ProfileErrors as error:
        faults += error.faults
    if faults or tree is None:
        raise ProfileErrors(faults)
    none = np.empty((0, 2), dtype=np.int64)
    untied = Links(tree, tree.nodes(ids), none, none, np.empty((0, 3), dtype=np.int64), none)
    return tied_again(untied, ids, past_partners, declines, prefers)


def tied_again(
    links: Links,
    ids: Sequence[str],
    past_partners: Sequence[Sequence[str]],
    declines: Sequence[Sequence[str]],
    prefers: Sequence[Sequence[str]],
) -> Links:
    """Return the ties of people who name others than they did, in the same reporting tree.

    Parameters
    ----------
    links
        As they were; what stands in nobody's profile stays.
    ids, past_partners, declines, prefers
        One entry per person.

    Examples
    --------
    >>> none = [(), ()]
    >>> ties = link(["ana", "bo"], [None, "ana"], none, none, none, [2, 3])
    >>> tied_again(ties, ["ana", "bo"], [("bo",), ()], none, none).past
    array([[0, 1]])
    """
    row = {person: place for place, person in enumerate(ids)}
    return replace(
        links,
        past=_pairs(past_partners, row),
        declined=_pairs(declines, row),
        wished=_ranked(prefers, row),
    )


def _contradictions(
    ids: Sequence[str],
    manager_ids: Sequence[str | None],
    lines: Sequence[int],
    organisation: Organisation,
) -> list[Fault]:
    nodes = organisation.nodes(ids)
    bosses = organisation.managers_of(nodes)
    faults = []
    for person, named, line, node, boss in zip(
        ids, manager_ids, lines, nodes.tolist(), bosses.tolist(), strict=True
    ):
        if named is None or node < 0 or organisation.outside[node]:
            continue
        if boss < 0:
            allowed = "blank, as the organisation has nobody above this person"
        elif named != organisation.ids[boss]:
            known = organisation.ids[boss]
            allowed = f"the manager that the organisation names: {known!r}; or leave it blank"
        else:
            continue
        faults.append(Fault(int(line), person, "manager_id", named, allowed))
    return faults


def _joined(
    ids: Sequence[str],
    manager_ids: Sequence[str | None],
    lines: Sequence[int],
    organisation: Organisation,
    first: list[int],
) -> Organisation:
    """Attach people whom the organisation does not list below the managers they name."""
    nodes = organisation.nodes(ids)
    new = [
        i
        for i in first
        if manager_ids[i] is not None and (nodes[i] < 0 or organisation.outside[nodes[i]])
    ]
    if not new:
        return organisation
    listed = int(len(organisation.ids) - organisation.outside.sum())
    above = [
        organisation.ids[boss] if boss >= 0 else None for boss in organisation.manager[:listed]
    ]
    known: list[int | None] = [None] * listed
    return Organisation.from_managers(
        [*organisation.ids[:listed], *(ids[i] for i in new)],
        [*above, *(manager_ids[i] for i in new)],
        [*known, *(int(lines[i]) for i in new)],
    )


def _pairs(named: Sequence[Sequence[str]], row: dict[str, int]) -> NDArray[np.int64]:
    """Return pairs (who names, who is named), those who are no longer here left out."""
    pairs = [(i, row[other]) for i, others in enumerate(named) for other in others if other in row]
    return np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)


def _ranked(named: Sequence[Sequence[str]], row: dict[str, int]) -> NDArray[np.int64]:
    """Return who names whom in which place, those who are no longer here left out."""
    ranks = [
        (i, row[other], place)
        for i, others in enumerate(named)
        for place, other in enumerate(others, start=1)
        if other in row
    ]
    return np.array(ranks, dtype=np.int64).reshape(-1, 3)
