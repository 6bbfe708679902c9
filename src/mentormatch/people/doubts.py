"""Warnings about profiles that can be read but may not mean what they say."""

import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from mentormatch.errors import ProfileWarning, listed
from mentormatch.people.columns import Columns
from mentormatch.people.organisation import Organisation

__all__ = ["counted", "warn", "warn_of_doubts", "warn_of_repeats", "wishes_met"]

_PACKAGE = str(Path(__file__).parent.parent)


def warn(message: str) -> None:
    """Warn at the line of the caller's own code, however deep in the library this is.

    Parameters
    ----------
    message
        What is doubtful: the count first, then who, then the remedy.

    Examples
    --------
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     warn("2 people wish for nothing: ana, bo")
    >>> caught[0].category.__name__
    'ProfileWarning'
    """
    level = 1
    frame = sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level += 1
        frame = frame.f_back
    warnings.warn(message, ProfileWarning, stacklevel=level)


def wishes_met(columns: Columns) -> "csr_array[np.bool_]":
    """Find wishes for skills that the person has in full already.

    Parameters
    ----------
    columns
        The people.

    Returns
    -------
    csr_array of bool, shape (people, skills)
        True for a wish whose skill the person teaches or knows at proficiency 1.

    Examples
    --------
    >>> from mentormatch.people import Participant
    >>> from mentormatch.people.columns import gather
    >>> ana = Participant(id="ana", knows={"sql": 1}, wants={"sql": 1, "R": 1})
    >>> wishes_met(gather([ana])[0]).toarray()
    array([[False,  True]])
    """
    met = columns.wants.astype(np.bool_).multiply(_full(columns.teaches) + _full(columns.knows))
    result: csr_array[np.bool_] = csr_array(met)
    result.eliminate_zeros()
    return result


def warn_of_doubts(
    columns: Columns, organisation: Organisation, given: bool, repeating: Sequence[str]
) -> None:
    """Warn once for each kind of doubt.

    Parameters
    ----------
    columns
        The people.
    organisation
        The reporting tree.
    given
        Whether the tree came from elsewhere; otherwise it ends where the file does.
    repeating
        Ids of people who list a skill twice.

    Warns
    -----
    ProfileWarning

    Examples
    --------
    >>> from mentormatch.people import Participant
    >>> from mentormatch.people.columns import gather
    >>> tree = Organisation.from_managers(["ana"], ["zoe"])
    >>> columns, _ = gather([Participant(id="ana", manager_id="zoe")])
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     warn_of_doubts(columns, tree, given=False, repeating=())
    >>> print(str(caught[0].message).split(",")[0])
    1 manager is not among the people
    """
    warn_of_repeats(repeating)
    met = wishes_met(columns)
    if met.nnz:
        who = np.flatnonzero(np.diff(met.indptr))
        do_not = "is for what they have in full already, and does not count"
        if met.nnz > 1:
            do_not = "are for what they have in full already, and do not count"
        warn(
            f"{counted(met.nnz, 'wish', 'wishes')} of {counted(len(who), 'person', 'people')} "
            f"{do_not}: {listed(columns.ids[row] for row in who)}"
        )
    near = columns.skills.near_duplicates()
    if near:
        pairs = listed(f"{one!r} and {other!r}" for one, other in near)
        warn(
            f"{counted(len(near), 'pair of skills looks', 'pairs of skills look')} alike; each "
            f"skill counts by itself until both are spelt the same: {pairs}"
        )
    if not given and organisation.outside.any():
        outside = [organisation.ids[node] for node in np.flatnonzero(organisation.outside)]
        warn(
            f"{counted(len(outside), 'manager is', 'managers are')} not among the people, so "
            "reporting lines end there; give the whole tree as organisation=...: "
            f"{listed(outside)}"
        )


def warn_of_repeats(repeating: Sequence[str]) -> None:
    """Warn of people who list a skill twice, perhaps under two names.

    Parameters
    ----------
    repeating
        Their ids.

    Warns
    -----
    ProfileWarning

    Examples
    --------
    >>> warn_of_repeats(())
    """
    if repeating:
        warn(
            f"{_people(len(repeating))} the same skill twice in one list; "
            f"the highest level counts: {listed(repeating)}"
        )


def _full(levels: "csr_array[np.float64]") -> "csr_array[np.bool_]":
    return csr_array(levels >= 1)


def counted(count: int, one: str, many: str) -> str:
    """Write a count with its noun.

    Parameters
    ----------
    count
        How many.
    one, many
        The noun for one, and for any other number.

    Returns
    -------
    str

    Examples
    --------
    >>> counted(1200, "wish", "wishes")
    '1,200 wishes'
    """
    return f"{count:,} {one if count == 1 else many}"


def _people(count: int) -> str:
    return "1 person names" if count == 1 else f"{count:,} people name"
