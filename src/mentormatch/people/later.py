"""The same people later: whom they have met and wish for, what they learned, what is noted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Self

from scipy.sparse import csr_array

from mentormatch.errors import Fault, ProfileErrors, ProgramError, nearest
from mentormatch.people.columns import Columns
from mentormatch.people.folding import Folding
from mentormatch.people.links import Links, tied_again
from mentormatch.people.participant import Participant
from mentormatch.people.summary import Account
from mentormatch.people.wishes import WISHES, are_muddled
from mentormatch.skills.vocabulary import key

__all__ = ["Later", "Named"]

#: Whom each of some people names, in full and in order.
Named = Mapping[str, Sequence[str]]


class Later:
    """Makes cohorts of people of whom something has changed since; see `Cohort`."""

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

    def knowing(self, learned: Mapping[str, Mapping[str, float]]) -> Self:
        """Return the same people, who know what they have learned of their wishes.

        A wish stays in the profile, and is open only as far as its skill is not known: in full, and
        nobody need teach it any more.

        Parameters
        ----------
        learned
            By id, the skills that were learned and the proficiency that was reached, in (0, 1].
            Who knew more than that already, knows it still.

        Returns
        -------
        Cohort

        Raises
        ------
        ProgramError
            When nobody has such an id.
        ProfileErrors
            Listing every skill that its person did not wish for, and every level that is none.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = Cohort.from_participants([Participant(id="ana", wants={"sql": 1})])
        >>> people.knowing({"ana": {"SQL": 0.8}}).participant("ana").knows
        {'sql': 0.8}
        """
        columns = self._columns
        faults: list[Fault] = []
        levels = columns.knows.tolil()
        for person, skills in learned.items():
            row = self.row(person)
            wished = columns.wants.indices[slice(*columns.wants.indptr[row : row + 2])]
            place = {key(columns.skills.labels[skill]): skill for skill in wished.tolist()}
            for skill, level in skills.items():
                fault = partial(Fault, int(columns.lines[row]), person)
                if key(skill) not in place:
                    wishes = [columns.skills.labels[one] for one in wished.tolist()]
                    remedy = f"a skill that they wish for; {nearest(skill, wishes)}"
                    faults.append(fault("learned", skill, remedy))
                elif not 0.0 < level <= 1.0:
                    remedy = "a proficiency above 0 and up to 1"
                    faults.append(fault(f"learned: {skill}", str(level), remedy))
                else:
                    cell = row, place[key(skill)]
                    levels[cell] = max(levels[cell], level)
        if faults:
            raise ProfileErrors(faults)
        later = replace(columns, knows=csr_array(levels))
        folding = self._folding
        if folding is not None:
            folding = Folding.of(later, folding.taxonomy)
        return type(self)(later, self._links, self._given, self._account, folding)

    def noting(self, attribute: str, values: Mapping[str, str | float]) -> Self:
        """Return the same people with an attribute of some of them noted.

        Parameters
        ----------
        attribute
            Its name; where there is none of this name, it is blank for all others.
        values
            By id, what is noted.

        Returns
        -------
        Cohort

        Raises
        ------
        ProgramError
            When nobody has such an id, or the name is that of a field of every profile.

        Examples
        --------
        >>> from mentormatch.people import Cohort, Participant
        >>> people = Cohort.from_participants([Participant(id="ana"), Participant(id="bo")])
        >>> people.noting("waited", {"bo": 1}).numbers("waited")
        array([nan,  1.])
        """
        columns = self._columns
        if attribute in Participant.model_fields or not attribute.strip():
            raise ProgramError(
                f"{attribute!r} is no attribute, but a field of every profile or no name at all; "
                "give it another name"
            )
        before = columns.values.get(attribute, (None,) * len(columns.ids))
        column = [None if one != one else one for one in list(before)]  # not a number is a blank
        for person, value in values.items():
            column[self.row(person)] = value
        later = replace(columns, values={**columns.values, attribute: tuple(column)})
        return type(self)(later, self._links, self._given, self._account, self._folding)

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
