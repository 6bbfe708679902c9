"""The part of a cohort that says who has what knowledge, before any matching."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from mentormatch.people.columns import Columns
from mentormatch.people.doubts import counted, warn, warn_of_repeats, wishes_met
from mentormatch.people.folding import Folding
from mentormatch.people.links import Links
from mentormatch.people.renaming import renamed
from mentormatch.people.summary import Account
from mentormatch.skills.spelling import alike
from mentormatch.skills.synonyms import Synonyms
from mentormatch.skills.taxonomy import Taxonomy
from mentormatch.skills.vocabulary import key

__all__ = ["Holder", "Knowledge"]


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who teaches or wants a skill.

    Attributes
    ----------
    id, name : str
        Who.
    skill : str
        The skill that they named.
    level : float
        Proficiency in (0, 1], or priority of the wish.

    Examples
    --------
    >>> import mentormatch as mm
    >>> mm.read_records([{"id": "ana", "teaches": "sql:4"}]).who_teaches("SQL")
    (Holder(id='ana', name='ana', skill='sql', level=0.8),)
    """

    id: str
    name: str
    skill: str
    level: float


class Knowledge:
    """Answers who teaches or wants what, by the names that skills have; see `Cohort`."""

    __slots__ = ()

    _columns: Columns
    _links: Links
    _given: bool
    _account: Account | None
    _folding: Folding | None

    if TYPE_CHECKING:  # the cohort's own

        def __init__(
            self,
            columns: Columns,
            links: Links,
            given: bool,
            account: Account | None = None,
            folding: Folding | None = None,
        ) -> None: ...

    def who_teaches(self, skill: str, *, near: bool = False) -> tuple[Holder, ...]:
        """Return who teaches a skill, the most proficient first.

        Parameters
        ----------
        skill
            The skill, in any spelling.
        near
            Whether skills count that are broader or narrower by the cohort's taxonomy, or look
            like this one, misspelt.

        Returns
        -------
        tuple of Holder
            People with capacity 0 take no part and are left out. With `near`, the skill itself
            comes before the others.

        Raises
        ------
        ProgramError
            When nobody names such a skill; the text says which one was probably meant.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [{"id": "ana", "teaches": "k8s:5"}, {"id": "bo", "teaches": "Kubernetes:3"}]
        ... ).with_synonyms(mm.Synonyms.of({"Kubernetes": ["k8s"]}))
        >>> [one.id for one in people.who_teaches("kubernetes")]
        ['ana', 'bo']
        """
        return self._holders(self._columns.teaches, skill, near)

    def who_wants(self, skill: str, *, near: bool = False) -> tuple[Holder, ...]:
        """Return who wishes to learn a skill, the strongest wish first.

        Parameters
        ----------
        skill, near
            As in `who_teaches`.

        Returns
        -------
        tuple of Holder

        Raises
        ------
        ProgramError
            When nobody names such a skill.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records([{"id": "ana", "wants": "sql:2"}, {"id": "bo", "wants": "R"}])
        >>> people.who_wants("sql")
        (Holder(id='ana', name='ana', skill='sql', level=2.0),)
        """
        return self._holders(self._columns.wants, skill, near)

    @property
    def has_taxonomy(self) -> bool:
        """Whether broader and narrower skills earn credit; see `with_taxonomy`."""
        return self._folding is not None

    @property
    def taxonomy(self) -> Taxonomy | None:
        """Which skill is a kind of which, as `with_taxonomy` was told; `None` for nothing."""
        return None if self._folding is None else self._folding.taxonomy

    def with_synonyms(self, synonyms: Synonyms) -> Self:
        """Return the same people, every skill under its preferred label.

        What nobody lists stays as it was written and is matched exactly, and so does a name of
        several skills. Where a person has a skill under two names, the highest level counts.

        Parameters
        ----------
        synonyms
            Names of skills; see `read_synonyms`. They go before a taxonomy, which is folded anew.

        Returns
        -------
        Cohort

        Warns
        -----
        ProfileWarning
            Of names that may mean several skills, and of unknown ones that look like a known one.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records([{"id": "ana", "teaches": "js; pottery"}])
        >>> people.with_synonyms(mm.Synonyms.of({"JavaScript": ["js"]})).skills.labels
        ('JavaScript', 'pottery')
        """
        found = renamed(self._columns, synonyms)
        warn_of_repeats(found.repeating)
        _warn_of_more_met(self._columns, found.columns)
        account = self._account
        if account is not None:
            account = replace(account, renamed=account.renamed + found.spellings)
        folding = self._folding
        if folding is not None:
            folding = Folding.of(found.columns, folding.taxonomy)
        return type(self)(found.columns, self._links, self._given, account, folding)

    def with_taxonomy(self, taxonomy: Taxonomy | None) -> Self:
        """Return the same people, with credit for broader and narrower skills.

        ``teaches[i, s]`` becomes the largest of ``credit(u, s) * teaches[i, u]`` over the skills u
        that person i teaches, and `knows` likewise: what one has counts for one's own wishes as it
        would for another's. Profiles stay what people wrote, and each pair says which skill met
        which wish.

        Parameters
        ----------
        taxonomy
            Which skill is a kind of which; it takes the place of an earlier one. `None` takes that
            away: then only the skill itself counts.

        Returns
        -------
        Cohort

        Warns
        -----
        ProfileWarning
            Of wishes that what a person has meets in full.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [{"id": "ana", "teaches": "pandas"}, {"id": "bo", "wants": "Python"}]
        ... ).with_taxonomy(mm.Taxonomy.of([("pandas", "Python")]))
        >>> people.teaches.toarray()[0], people.participant("ana").teaches
        (array([1., 1.]), {'pandas': 1.0})
        """
        found = self._crediting(taxonomy)
        if found._folding is not None:
            folded = found._folding
            after = replace(self._columns, teaches=folded.teaches, knows=folded.knows)
            _warn_of_more_met(self._columns, after)
        return found

    def _crediting(self, taxonomy: Taxonomy | None) -> Self:
        """Return the same as `with_taxonomy`, without a warning."""
        folding = None if taxonomy is None else Folding.of(self._columns, taxonomy)
        return type(self)(self._columns, self._links, self._given, self._account, folding)

    def taught_skills(self, rows: NDArray[np.int64], skills: NDArray[np.int64]) -> list[str]:
        """Say what people teach where they meet wishes, by the names that they gave it.

        Parameters
        ----------
        rows
            Rows of people.
        skills
            A skill that each of them meets, as a column of `teaches`.

        Returns
        -------
        list of str
            ``"pandas (for Python)"`` where what they teach is narrower or broader.

        Examples
        --------
        >>> import mentormatch as mm
        >>> people = mm.read_records(
        ...     [{"id": "ana", "teaches": "pandas"}, {"id": "bo", "wants": "Python"}]
        ... ).with_taxonomy(mm.Taxonomy.of([("pandas", "Python")]))
        >>> people.taught_skills(np.array([0, 0]), np.array([0, 1]))
        ['pandas', 'pandas (for Python)']
        """
        labels = self._columns.skills.labels
        if self._folding is None:
            return [labels[skill] for skill in skills.tolist()]
        real = self._folding.real_skills(rows, skills)
        return [
            labels[skill] if one == skill else f"{labels[one]} (for {labels[skill]})"
            for one, skill in zip(real.tolist(), skills.tolist(), strict=True)
        ]

    def _holders(
        self, levels: "csr_array[np.float64]", skill: str, near: bool
    ) -> tuple[Holder, ...]:
        columns = self._columns
        wanted = self._near(skill) if near else []
        wanted = wanted or [columns.skills.index(skill)]
        rows = np.repeat(np.arange(levels.shape[0]), np.diff(levels.indptr))
        absent = np.asarray(columns.values["capacity"])[rows] == 0
        chosen = np.flatnonzero(np.isin(levels.indices, wanted) & ~absent)
        entries = zip(
            rows[chosen].tolist(),
            levels.indices[chosen].tolist(),
            levels.data[chosen].tolist(),
            strict=True,
        )
        found = [
            Holder(columns.ids[row], columns.names[row], columns.skills.labels[one], level)
            for row, one, level in entries
        ]
        exact = key(skill)
        return tuple(
            sorted(found, key=lambda one: (key(one.skill) != exact, -one.level, one.id, one.skill))
        )

    def _near(self, skill: str) -> list[int]:
        """Return the columns of a skill, of its relatives and of names that look like it."""
        name = key(skill)
        related = self._folding.taxonomy.relatives(skill) if self._folding else frozenset()
        return [
            column
            for column, other in enumerate(map(key, self._columns.skills.labels))
            if other == name or other in related or alike(name, other)
        ]


def _warn_of_more_met(before: Columns, after: Columns) -> None:
    more = wishes_met(after).nnz - wishes_met(before).nnz
    if more > 0:
        wishes = counted(more, "more wish counts", "more wishes count")
        warn(f"{wishes} for nothing: people have that skill in full, under another name")
