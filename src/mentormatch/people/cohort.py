"""The people of a programme, column by column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.errors import ProgramError, nearest
from mentormatch.people.arrays import columns_from_arrays
from mentormatch.people.audit_only import kept_for_audit
from mentormatch.people.called import Called
from mentormatch.people.columns import Columns, gather
from mentormatch.people.digest import digest
from mentormatch.people.doubts import counted, warn_of_doubts
from mentormatch.people.field_reading import FieldReading
from mentormatch.people.folding import Folding
from mentormatch.people.knowledge import Knowledge
from mentormatch.people.later import Later
from mentormatch.people.links import Links, PairRanks, PairSet, link
from mentormatch.people.organisation import Organisation
from mentormatch.people.participant import Participant
from mentormatch.people.partners import Partners
from mentormatch.people.relations import Relations
from mentormatch.people.summary import Account, summarise
from mentormatch.people.supposing import Supposing
from mentormatch.skills.vocabulary import Vocabulary

__all__ = ["Cohort"]

#: Up to so many people, an unknown id is compared with all ids to guess who was meant.
MOST_GUESSED = 20_000


class Cohort(FieldReading, Relations, Partners, Knowledge, Supposing, Called, Later):
    """The people who may be matched: immutable, column-wise, one row per person.

    Build it with `read_csv`, `read_json`, `read_records`, `Cohort.from_participants` or, for very
    many people, `Cohort.from_columns`. It can be shared between threads.

    Examples
    --------
    >>> ana = Participant(id="ana", teaches={"sql": 0.8}, wants={"public speaking": 1})
    >>> bo = Participant(id="bo", teaches={"Public speaking": 1}, wants={"SQL": 2})
    >>> people = Cohort.from_participants([ana, bo])
    >>> people
    Cohort(2 people, 2 skills)
    >>> people.skills.labels
    ('Public speaking', 'SQL')
    >>> people.teaches.toarray()
    array([[0. , 0.8],
           [1. , 0. ]])
    """

    __slots__ = (
        "_account",
        "_columns",
        "_declined_pairs",
        "_folding",
        "_given",
        "_known",
        "_links",
        "_past_pairs",
        "_rows",
        "_wishes",
    )

    _columns: Columns
    _links: Links
    _given: bool
    _account: Account | None
    _folding: Folding | None
    _rows: dict[str, int]
    _past_pairs: PairSet
    _declined_pairs: PairSet
    _wishes: PairRanks
    _known: dict[tuple[str, str], Any]

    def __init__(
        self,
        columns: Columns,
        links: Links,
        given: bool,
        account: Account | None = None,
        folding: Folding | None = None,
    ) -> None:
        columns.seal()
        for array in (links.place, links.past, links.declined, links.wished, links.rejected):
            array.setflags(write=False)
        declined = np.concatenate((links.declined, links.rejected))
        parts = {
            "_columns": columns,
            "_links": links,
            "_given": given,
            "_account": account,
            "_folding": folding,
            "_rows": {person: row for row, person in enumerate(columns.ids)},
            "_past_pairs": PairSet(links.past, len(columns.ids)),
            "_declined_pairs": PairSet(declined, len(columns.ids)),
            "_wishes": PairRanks(links.wished, len(columns.ids)),
            # What was computed once is kept; two threads at once compute the same twice.
            "_known": {},
        }
        for name, value in parts.items():
            object.__setattr__(self, name, value)

    @classmethod
    def from_participants(
        cls,
        participants: Iterable[Participant],
        *,
        organisation: Organisation | None = None,
        audit_only: Iterable[str] = (),
    ) -> "Cohort":
        """Gather people into a cohort.

        Parameters
        ----------
        participants
            The people, each with an id of their own.
        organisation
            The whole reporting tree, when it is larger than the cohort. People whom it does not
            list are attached below the manager they name.
        audit_only
            Attributes that an audit alone may read, such as ``["gender"]``.

        Returns
        -------
        Cohort
            One row per person, in the order given.

        Raises
        ------
        ProgramError
            When `audit_only` names what is no attribute.
        ProfileErrors
            Listing every duplicate id, cycle, contradiction of the organisation, and decline of
            an unknown person.

        Warns
        -----
        ProfileWarning
            Once for each kind of doubt: see `read_records`.

        Examples
        --------
        >>> Cohort.from_participants([Participant(id="ana"), Participant(id="bo")]).ids
        ('ana', 'bo')
        """
        columns, repeating = gather(participants)
        return cls.assemble(kept_for_audit(columns, audit_only), organisation, repeating)

    @classmethod
    def from_columns(
        cls,
        *,
        ids: Iterable[object],
        skill_labels: Sequence[str],
        teaches: Any,
        knows: Any,
        wants: Any,
        names: Iterable[object] | None = None,
        department: Iterable[object] | None = None,
        manager_id: Iterable[object] | None = None,
        rank: Iterable[object] | None = None,
        utc_offset: Iterable[object] | None = None,
        languages: Iterable[Sequence[str]] | None = None,
        location: Iterable[object] | None = None,
        capacity: Iterable[object] | None = None,
        at_least: Iterable[object] | None = None,
        prefers: Iterable[Sequence[object] | None] | None = None,
        attributes: Mapping[str, Iterable[object]] | None = None,
        organisation: Organisation | None = None,
        audit_only: Iterable[str] = (),
    ) -> "Cohort":
        """Make a cohort of arrays, a million people in seconds.

        Parameters
        ----------
        ids
            Id of each of the n people.
        skill_labels
            The skills, each once, in any order.
        teaches, knows, wants
            Levels; sparse arrays of any format, shape (n, skills). Proficiencies are in (0, 1],
            priorities above 0 and up to a million; what is not stored, or 0, is not there.
        names, department, manager_id, rank, utc_offset, languages, location, capacity, at_least, \
        prefers
            One value per person, as in `Participant`; `None`, NaN or empty text is blank.
        attributes
            Further columns by name, one value per person.
        organisation
            The whole reporting tree, when it is larger than the cohort.
        audit_only
            Attributes that an audit alone may read.

        Returns
        -------
        Cohort

        Raises
        ------
        ProgramError
            When `audit_only` names what is no attribute.
        ProfileErrors
            Listing every value that is not allowed, or every tie that leads nowhere.
        ValueError
            When a column has the wrong length or shape, or the skill labels are not one text for
            each skill.

        Warns
        -----
        ProfileWarning
            Once for each kind of doubt: see `read_records`.

        Examples
        --------
        >>> levels = csr_array(np.array([[0.0, 0.5], [1.0, 0.0]]))
        >>> people = Cohort.from_columns(
        ...     ids=["ana", "bo"],
        ...     skill_labels=["sql", "R"],
        ...     teaches=levels,
        ...     knows=csr_array((2, 2)),
        ...     wants=levels[::-1],
        ...     rank=[5, 2],
        ... )
        >>> people.participant("ana").teaches
        {'R': 0.5}
        """
        closed = frozenset(audit_only)
        columns = columns_from_arrays(
            ids,
            names,
            skill_labels,
            {"teaches": teaches, "knows": knows, "wants": wants},
            {
                "department": department,
                "manager_id": manager_id,
                "rank": rank,
                "utc_offset": utc_offset,
                "languages": languages,
                "location": location,
                "capacity": capacity,
                "at_least": at_least,
                "prefers": prefers,
            },
            attributes or {},
            closed,
        )
        return cls.assemble(kept_for_audit(columns, closed), organisation)

    @classmethod
    def assemble(
        cls,
        columns: Columns,
        organisation: Organisation | None,
        repeating: Sequence[str] = (),
        account: Account | None = None,
    ) -> "Cohort":
        """Relate people to each other; the one way in which every cohort comes about.

        Parameters
        ----------
        columns
            What each of them said.
        organisation
            The whole reporting tree; `None` for that of their own manager ids.
        repeating
            Ids of people who list a skill twice.
        account
            How the file was read.

        Returns
        -------
        Cohort

        Raises
        ------
        ProfileErrors
            Listing every tie that leads nowhere.

        Examples
        --------
        >>> columns, repeating = gather([Participant(id="ana")])
        >>> Cohort.assemble(columns, None, repeating)
        Cohort(1 person, 0 skills)
        """
        links = link(
            columns.ids,
            columns.texts("manager_id"),
            columns.past_partners,
            columns.declines,
            columns.prefers,
            columns.lines.tolist(),
            organisation,
        )
        given = organisation is not None
        warn_of_doubts(columns, links.organisation, given, repeating)
        return cls(columns, links, given, account)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a cohort does not change; {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a cohort does not change; {name} cannot be deleted")

    def __len__(self) -> int:
        return len(self._columns.ids)

    def __repr__(self) -> str:
        people = counted(len(self), "person", "people")
        return f"Cohort({people}, {counted(len(self.skills), 'skill', 'skills')})"

    def __iter__(self) -> Iterator[Participant]:
        return (self._columns.profile(row) for row in range(len(self)))

    @property
    def ids(self) -> tuple[str, ...]:
        """Id of each person; rows are counted in this order."""
        return self._columns.ids

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each person."""
        return self._columns.names

    @property
    def lines(self) -> NDArray[np.int64]:
        """Line of each person in the file, the header being 1, or position from 1; shape (n,)."""
        return self._columns.lines

    @property
    def skills(self) -> Vocabulary:
        """The skills that anyone names: the columns of the three matrices."""
        return self._columns.skills

    @property
    def teaches(self) -> "csr_array[np.float64]":
        """Proficiency each person offers to pass on, in (0, 1]; shape (n, skills).

        With a taxonomy, what they can meet: see `with_taxonomy`.
        """
        return self._folding.teaches if self._folding else self._columns.teaches

    @property
    def knows(self) -> "csr_array[np.float64]":
        """Proficiency each person has without offering it, in (0, 1]; shape (n, skills).

        With a taxonomy, the credit for it too: see `with_taxonomy`.
        """
        return self._folding.knows if self._folding else self._columns.knows

    @property
    def wants(self) -> "csr_array[np.float64]":
        """Priority with which each person wishes to learn, above 0; shape (n, skills)."""
        return self._columns.wants

    def row(self, person: str) -> int:
        """Return the row of a person.

        Parameters
        ----------
        person
            Their id.

        Returns
        -------
        int

        Raises
        ------
        ProgramError
            When nobody has this id; the text says who was probably meant.

        Examples
        --------
        >>> Cohort.from_participants([Participant(id="ana"), Participant(id="bo")]).row("bo")
        1
        """
        try:
            return self._rows[person]
        except KeyError:
            # Looking for a likely id among very many would take longer than fixing it.
            known = self.ids if len(self) <= MOST_GUESSED else ()
            remedy = nearest(str(person), known) if known else "see .ids"
            raise ProgramError(f"nobody has the id {person!r}; {remedy}") from None

    def has(self, person: str) -> bool:
        """Tell whether somebody has an id.

        Parameters
        ----------
        person
            The id.

        Examples
        --------
        >>> Cohort.from_participants([Participant(id="ana")]).has("bo")
        False
        """
        return person in self._rows

    def participant(self, person: str) -> Participant:
        """Return one person's profile.

        Parameters
        ----------
        person
            Their id.

        Returns
        -------
        Participant
            Skills are under the label of the vocabulary.

        Raises
        ------
        ProgramError
            When nobody has this id.

        Examples
        --------
        >>> Cohort.from_participants([Participant(id="ana", site="Oslo")]).participant("ana").site
        'Oslo'
        """
        return self._columns.profile(self.row(person))

    @property
    def account(self) -> Account | None:
        """How the file was read, as data; `None` for people who came from no file."""
        return self._account

    def summary(self) -> str:
        """Say who these people are and how their profiles were read.

        Returns
        -------
        str
            A few lines of plain text: scales and their direction, what was blank, what was
            assumed, and which wishes do not count.

        Examples
        --------
        >>> ana = Participant(id="ana", teaches={"sql": 0.8}, department="IT", rank=3)
        >>> print(Cohort.from_participants([ana, Participant(id="bo")]).summary())
        2 people, 1 skill (1 offer, 0 known, 0 wishes)
        proficiency  up to 1, higher is better
        priority     higher is wished more
        rank         higher is more senior
        blank        department 1, rank 1; a rule stops at a blank unless it says missing="allow" or
                     "forbid", and whoever has a blank side takes no part
        managers     not given
        """
        taxonomy = self._folding.taxonomy if self._folding else None
        return summarise(self._columns, self._links, self._given, self._account, taxonomy)

    def digest(self, key: str) -> str:
        """Return a fingerprint that changes when anything changes that a decision may rest on.

        Parameters
        ----------
        key
            A secret of the caller's; without it, a digest of few people could be guessed.

        Returns
        -------
        str
            64 hexadecimal digits: keyed BLAKE2b (RFC 7693) over the profiles in the order of
            their ids and the managers above them. The order of rows and the spelling of a skill
            do not matter; who declines whom is left out, and so is what is for the audit alone.

        Examples
        --------
        >>> ana, bo = Participant(id="ana"), Participant(id="bo")
        >>> one, other = Cohort.from_participants([ana, bo]), Cohort.from_participants([bo, ana])
        >>> one.digest("secret") == other.digest("secret")
        True
        """
        taxonomy = self._folding.taxonomy if self._folding else None
        return digest(self._columns, self._links, key, taxonomy)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._columns, self._links, self._given, self._account, self._folding)

    def __copy__(self) -> "Cohort":
        return self

    def __deepcopy__(self, _: object) -> "Cohort":
        return self
