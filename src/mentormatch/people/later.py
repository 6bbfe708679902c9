"""The same people later: whom they have met, whom they wish for, whom they do not want."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from mentormatch.errors import Fault, ProfileErrors
from mentormatch.people.columns import Columns
from mentormatch.people.folding import Folding
from mentormatch.people.links import Links, tied_again
from mentormatch.people.summary import Account
from mentormatch.people.wishes import WISHES, are_muddled

__all__ = ["Later", "Named"]

#: Whom each of some people names, in full and in order.
Named = Mapping[str, Sequence[str]]


class Later:
    """Makes cohorts whose people name others than they did; see `Cohort`."""

    __slots__ = ()

    _columns: Columns
    _links: Links
    _given: bool
    _account: Account | None
    _folding: Folding | None
    _rows: dict[str, int]

    if TYPE_CHECKING:  # the cohort's own

        def __init__(
            self,
            columns: Columns,
            links: Links,
            given: bool,
            account: Account | None = None,
            folding: Folding | None = None,
        ) -> None: ...

        def row(self, person: str) -> int:
            """Return the row of a person."""

    def naming(
        self,
        *,
        past_partners: Named | None = None,
        declines: Named | None = None,
        prefers: Named | None = None,
    ) -> Self:
        """Return the same people, some of whom name others than they did.

        Parameters
        ----------
        past_partners, declines, prefers
            By id, whom that person names, in place of whom they named; the lists of everybody else
            stay as they are. Past partners and wished people may be gone.

        Returns
        -------
        Cohort

        Raises
        ------
        ProgramError
            When nobody has such an id.
        ProfileErrors
            Listing everybody who would name themself, decline somebody unknown, or wish for
            somebody twice or for whom they decline.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = Cohort.from_participants([Participant(id="ana"), Participant(id="bo")])
        >>> later = people.naming(past_partners={"ana": ["bo"]})
        >>> later.participant("ana").past_partners, later.are_paired_before(0, 1).item()
        (('bo',), True)
        """
        columns = self._columns
        lists = {
            name: self._replaced(getattr(columns, name), named or {})
            for name, named in (
                ("past_partners", past_partners),
                ("declines", declines),
                ("prefers", prefers),
            )
        }
        changed = {*(past_partners or ()), *(declines or ()), *(prefers or ())}
        faults = [
            fault
            for row in sorted(map(self.row, changed))
            for fault in self._faults(row, {name: lists[name][row] for name in lists})
        ]
        if faults:
            raise ProfileErrors(faults)
        later = replace(
            columns,
            past_partners=lists["past_partners"],
            declines=lists["declines"],
            prefers=lists["prefers"],
        )
        links = tied_again(self._links, columns.ids, **lists)
        return type(self)(later, links, self._given, self._account, self._folding)

    def _replaced(
        self, lists: tuple[tuple[str, ...], ...], named: Named
    ) -> tuple[tuple[str, ...], ...]:
        found = list(lists)
        for person, others in named.items():
            found[self.row(person)] = tuple(others)
        return tuple(found)

    def _faults(self, row: int, named: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
        """Say what is wrong with whom somebody names; no list is shown."""
        columns, person = self._columns, self._columns.ids[row]
        line = int(columns.lines[row])
        if person in named["past_partners"]:
            yield Fault(line, person, "past_partners", person, "ids of other people")
        known = self._links.organisation.ids if self._given else ()
        strangers = [one for one in named["declines"] if one not in self._rows and one not in known]
        if person in named["declines"] or strangers:
            allowed = "ids of other people, of these or of the organisation"
            yield Fault(line, person, "confidential", "(hidden)", allowed)
        if are_muddled(person, named["prefers"], named["declines"]):
            yield Fault(line, person, "prefers", "(hidden)", WISHES)
