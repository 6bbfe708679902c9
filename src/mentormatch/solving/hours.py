"""How many pairs people have hours for."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.people import Cohort
from mentormatch.program import Format, Pairs
from mentormatch.solving.complaints import needed_by

__all__ = ["MANY", "pairs_in_hours"]

Rows = NDArray[np.int64]

#: As many pairs as anybody likes.
MANY = 2**31


def pairs_in_hours(people: Cohort, format_: Format, rows: Rows) -> Rows:
    """Return how many pairs each of some people has hours for, `MANY` where hours do not count.

    Parameters
    ----------
    people, format_
        Whose hours, and how many a pair takes.
    rows
        Rows of the people asked about.

    Returns
    -------
    numpy.ndarray
        ``floor(hours / hours_per_pair)``, shape of `rows`. Both are taken as the decimals that they
        are written as: 0.3 hours are three times 0.1.

    Raises
    ------
    ProgramError
        When there is no such attribute.
    ProfileErrors
        Listing everybody asked about whose hours are blank, below 0 or no number.

    Examples
    --------
    >>> import mentormatch as mm
    >>> people = mm.read_records([{"id": "ana", "hours": 5}, {"id": "bo", "hours": 1.5}])
    >>> pairs_in_hours(people, mm.Pairs(hours_per_pair=2), np.arange(2))
    array([2, 0])
    """
    if not isinstance(format_, Pairs) or format_.hours_per_pair is None:
        return np.full(len(rows), MANY, dtype=np.int64)
    with needed_by(f"hours_per_pair={format_.hours_per_pair:g}"):
        hours = people.numbers(format_.hours)[rows]
        wrong = np.flatnonzero(~(hours >= 0.0))  # no number is not 0 or more
        if len(wrong):
            raise ProfileErrors(
                Fault(
                    int(people.lines[rows[one]]),
                    people.ids[rows[one]],
                    format_.hours,
                    "" if np.isnan(hours[one]) else f"{hours[one]:g}",
                    "a number of hours, 0 or more; or a capacity of 0 for who takes no part",
                )
                for one in wrong.tolist()
            )
    each = Fraction(str(float(format_.hours_per_pair)))
    different, which = np.unique(hours, return_inverse=True)
    room = [min(int(Fraction(str(one)) / each), MANY) for one in different.tolist()]
    return np.array(room, dtype=np.int64)[which]
