"""What has happened since pairs were published, read and held against the people of now."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mentormatch.errors import ProgramError, listed
from mentormatch.people import Cohort
from mentormatch.program import Program
from mentormatch.solving.divided import divided
from mentormatch.solving.sides import Split

__all__ = ["Happened", "IdPairs", "read_happened"]

Rows = NDArray[np.int64]
IdPairs: TypeAlias = Iterable[tuple[str, str]]


@dataclass(frozen=True, eq=False, slots=True)
class Happened:
    """What has happened, in rows of the people of now.

    Attributes
    ----------
    people : Cohort
        The people of now, without what follows.
    left, joined : tuple of str
        Ids, sorted.
    gone : numpy.ndarray
        Rows of those who left and are still among the people.
    new : numpy.ndarray
        Rows of those who joined.
    rejected, locked : numpy.ndarray
        Pairs of rows, shape (pairs, 2).
    """

    people: Cohort
    left: tuple[str, ...]
    joined: tuple[str, ...]
    gone: Rows
    new: Rows
    rejected: Rows
    locked: Rows


def read_happened(
    before: Cohort,
    then: Split,
    people: Cohort,
    program: Program | None,
    *,
    left: Iterable[str],
    joined: Iterable[str],
    reject: IdPairs,
    lock: IdPairs,
) -> Happened:
    """Read what has happened and hold it against who took part then and takes part now.

    Parameters
    ----------
    before, then
        The people whose pairs were published, and where they stood.
    people
        Those of now.
    program
        What divides them now; `None` where neither the people nor the program are others.
    left, joined, reject, lock
        As for `Matching.revise`.

    Raises
    ------
    ProgramError
        With a line for each kind of discrepancy, which names all whom it concerns. Whoever is
        named by pairs that were rejected is not.
    """
    going, coming = _each_once("left", left), _each_once("joined", joined)
    faults = [*_nobodys("left", going, before)]
    took = _taking_part(before, then)
    if program is None:
        faults += _nobodys("joined", coming, people)
        known = [person for person in coming if people.has(person)]
        faults += _listed("joined names people who took part before, or take no part", known)
        idle = [person for person in going if before.has(person) and not took[before.row(person)]]
        faults += _listed("left names people who took no part before", idle)
    else:
        faults += _discrepancies(before, took, people, program, going, coming)
    rejected = _rejected(before, people, reject)
    faults += [] if isinstance(rejected, np.ndarray) else [rejected]
    pairs = [tuple(pair) for pair in lock]
    faults += _nobodys("lock", [one for pair in pairs for one in pair], people)
    if faults:
        raise ProgramError("\n".join(faults))
    assert isinstance(rejected, np.ndarray)  # or it would have been a fault
    return Happened(
        people=people,
        left=tuple(sorted(going)),
        joined=tuple(sorted(coming)),
        gone=_rows(people, [person for person in going if people.has(person)]),
        new=_rows(people, coming),
        rejected=rejected,
        locked=_rows(people, [one for pair in pairs for one in pair]).reshape(-1, 2),
    )


def _each_once(what: str, ids: Iterable[str]) -> list[str]:
    if isinstance(ids, str):
        raise TypeError(f"{what} is {ids!r}; give a list of ids")
    return list(dict.fromkeys(ids))


def _taking_part(people: Cohort, sides: Split) -> NDArray[np.bool_]:
    part = np.zeros(len(people), dtype=np.bool_)
    part[sides.a] = part[sides.b] = True
    return part


def _nobodys(what: str, ids: Sequence[str], people: Cohort) -> Iterator[str]:
    unknown = dict.fromkeys(person for person in ids if not people.has(person))
    return _listed(f"{what} names ids that nobody has", list(unknown))


def _listed(what: str, ids: Sequence[str]) -> Iterator[str]:
    if ids:
        yield f"{what}: {listed(ids, most=len(ids))}"


def _discrepancies(
    before: Cohort,
    took: NDArray[np.bool_],
    people: Cohort,
    program: Program,
    left: Sequence[str],
    joined: Sequence[str],
) -> Iterator[str]:
    """Say who came or went without being named, and who is named and did not."""
    taking = _taking_part(people, divided(people, program))
    then = {before.ids[row] for row in np.flatnonzero(took).tolist()}
    now = {people.ids[row] for row in np.flatnonzero(taking).tolist()}
    idle = [person for person in left if before.has(person) and person not in then]
    yield from _listed("left names people who took no part before", idle)
    yield from _listed(
        "took part before, take no part now and are not in left", sorted(then - now - {*left})
    )
    yield from _listed(
        "take part now, took none before and are not in joined",
        sorted(now - then - {*left} - {*joined}),
    )
    yield from _listed("joined names people who took part before", sorted({*joined} & then))
    yield from _listed("joined names people who take no part now", sorted({*joined} - now - then))
    yield from _listed("both in left and in joined", sorted({*joined} & {*left}))


def _rejected(before: Cohort, people: Cohort, reject: IdPairs) -> Rows | str:
    """Return pairs that were rejected as rows; a fault that names nobody where they are none.

    Whoever was there before and is not any more is nobody's partner: what they, or others of them,
    declined is passed over, or the error would tell of it.
    """
    pairs = [tuple(pair) for pair in reject]
    wrong = [
        str(number)
        for number, pair in enumerate(pairs, 1)
        if len({*pair}) != 2 or not all(people.has(one) or before.has(one) for one in pair)
    ]
    if wrong:
        return (
            f"reject must name pairs of two different people by id: pair {listed(wrong)} does not "
            "(hidden)"
        )
    here = [pair for pair in pairs if all(map(people.has, pair))]
    return np.sort(_rows(people, [one for pair in here for one in pair]).reshape(-1, 2), axis=1)


def _rows(people: Cohort, ids: Sequence[str]) -> Rows:
    return np.array([people.row(person) for person in ids], dtype=np.int64)
