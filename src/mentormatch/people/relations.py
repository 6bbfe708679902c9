"""The part of a cohort that relates people to one another."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mentormatch.people.links import Links, PairRanks, PairSet
from mentormatch.people.organisation import Organisation

__all__ = ["Relations"]


class Relations:
    """Answers who manages, was paired with, declines or wishes for whom; see `Cohort`."""

    __slots__ = ()

    _links: Links
    _given: bool
    _past_pairs: PairSet
    _declined_pairs: PairSet
    _wishes: PairRanks

    @property
    def organisation(self) -> Organisation:
        """The reporting tree: the one given, or that of the people's own manager ids."""
        return self._links.organisation

    @property
    def place(self) -> NDArray[np.int64]:
        """Node of each person in the organisation, -1 for those in no tree; shape (n,)."""
        return self._links.place

    def are_paired_before(self, rows_a: ArrayLike, rows_b: ArrayLike) -> NDArray[np.bool_]:
        """Tell for every pair whether either names the other as a past partner.

        Parameters
        ----------
        rows_a, rows_b
            Rows; shapes that broadcast.

        Returns
        -------
        ndarray of bool

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = [Participant(id="ana"), Participant(id="bo", past_partners=["ana"])]
        >>> Cohort.from_participants(people).are_paired_before([0, 0], [1, 0])
        array([ True, False])
        """
        return self._past_pairs.contains(rows_a, rows_b)

    def are_declined(self, rows_a: ArrayLike, rows_b: ArrayLike) -> NDArray[np.bool_]:
        """Tell for every pair whether either declines the other; never say which.

        Parameters
        ----------
        rows_a, rows_b
            Rows; shapes that broadcast.

        Returns
        -------
        ndarray of bool

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = [Participant(id="ana"), Participant(id="bo", declines=["ana"])]
        >>> Cohort.from_participants(people).are_declined([0, 0], [1, 0])
        array([ True, False])
        """
        return self._declined_pairs.contains(rows_a, rows_b)

    def wish_ranks(self, rows_a: ArrayLike, rows_b: ArrayLike) -> NDArray[np.int64]:
        """Tell for every pair in which place the first wishes for the second.

        Parameters
        ----------
        rows_a
            Rows of those who wish.
        rows_b
            Rows of those who are wished for; shapes that broadcast.

        Returns
        -------
        ndarray of int64
            1 for the most wished, 0 for who is not wished for. It is the place in the list as the
            profile has it: people who are not in the cohort keep theirs.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = [Participant(id="ana"), Participant(id="bo", prefers=["gone", "ana"])]
        >>> Cohort.from_participants(people).wish_ranks([0, 1], [1, 0])
        array([0, 2])
        """
        return self._wishes.of(rows_a, rows_b)

    def reporting_doubts(self) -> NDArray[np.int64]:
        """Return the people whose chain of managers ends before the head of the organisation.

        Without an organisation of its own, these are the people whose manager is not in the
        cohort and, when more than one person has no manager, all of those: one may be the head,
        but nothing says who. With an organisation, they are the people whom it does not list and
        who name no manager, and those whose own manager it does not list.

        Returns
        -------
        ndarray of int64
            Their rows, ascending.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Organisation, Participant
        >>> people = [Participant(id="ana"), Participant(id="bo", manager_id="ana")]
        >>> tree = Organisation.from_managers(["ana"], ["zoe"])
        >>> Cohort.from_participants(people, organisation=tree).reporting_doubts()
        array([0])
        """
        tree = self.organisation
        listed = (self.place >= 0) & ~np.append(tree.outside, True)[self.place]
        managers = tree.managers_of(self.place)
        doubtful = ~listed | np.append(tree.outside, False)[managers]
        if not self._given:
            blank = managers < 0
            # Of several at one place of the tree one is another's double: they are one head.
            doubtful |= blank & (len(np.unique(self.place[blank])) > 1)
        return np.flatnonzero(doubtful)
