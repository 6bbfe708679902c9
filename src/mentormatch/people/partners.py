"""The part of a cohort that says how many partners people can have and must have."""

import numpy as np
from numpy.typing import NDArray

from mentormatch.people.columns import UNSAID, Columns

__all__ = ["Partners"]


class Partners:
    """Tells everybody's own numbers of partners, and others' where none is said; see `Cohort`."""

    __slots__ = ()

    _columns: Columns

    @property
    def capacity(self) -> NDArray[np.int64]:
        """How many partners each person can have, 0 for those who take no part; shape (n,).

        1 for those whose profile does not say; `most_partners` gives them another number.
        """
        capacity: NDArray[np.int64] = np.asarray(self._columns.values["capacity"], dtype=np.int64)
        return capacity

    def most_partners(self, otherwise: int) -> NDArray[np.int64]:
        """Return how many partners each person can have.

        Parameters
        ----------
        otherwise
            For those whose profile does not say.

        Returns
        -------
        ndarray of int64, shape (n,)
            0 for those who take no part.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = [Participant(id="ana", capacity=2), Participant(id="bo")]
        >>> Cohort.from_participants(people).most_partners(otherwise=3)
        array([2, 3])
        """
        most = self._columns.most
        return np.where(most == UNSAID, otherwise, most)

    def least_partners(self, otherwise: int) -> NDArray[np.int64]:
        """Return how many partners each person must have.

        Parameters
        ----------
        otherwise
            For those whose profile does not say.

        Returns
        -------
        ndarray of int64, shape (n,)
            0 for those who take no part. It may be above a capacity where only one of the two
            numbers is the person's own: what to make of that is the program's business.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = [
        ...     Participant(id="ana", at_least=2),
        ...     Participant(id="bo"),
        ...     Participant(id="cy", capacity=0),
        ... ]
        >>> Cohort.from_participants(people).least_partners(otherwise=1)
        array([2, 1, 0])
        """
        least = np.where(self._columns.least == UNSAID, otherwise, self._columns.least)
        return np.where(self._columns.most == 0, 0, least)
