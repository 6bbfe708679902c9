"""Other names of skills: what a text means, and when it may mean several things."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mentormatch.errors import ProgramError
from mentormatch.skills.spelling import alike, bare, shortened
from mentormatch.skills.vocabulary import key

__all__ = ["Resolution", "Synonyms"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a text means.

    Attributes
    ----------
    text : str
        As it was asked.
    label : str or None
        The one skill that it names; `None` when there is none, or more than one.
    candidates : tuple of str
        Where it names several skills: all of them.
    suggestions : tuple of str
        Where it names none: skills with a name one edit away. Nothing is ever corrected.

    Examples
    --------
    >>> synonyms = Synonyms.of({"JavaScript": ["js"]})
    >>> synonyms.resolve("JS").label
    'JavaScript'
    >>> synonyms.resolve("Javascrpt")
    Resolution(text='Javascrpt', label=None, candidates=(), suggestions=('JavaScript',))
    """

    text: str
    label: str | None
    candidates: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Synonyms:
    """Skills under one preferred label each, with the other names people have for them.

    Names are compared as skills are: case and spaces do not count. A preferred label always means
    its own skill, also where it is another name of a second one.

    Attributes
    ----------
    labels : tuple of str
        The preferred labels, in the order of their keys.

    Examples
    --------
    >>> synonyms = Synonyms.of({"JavaScript": ["js"], "Java": [], "JScript": ["js"]})
    >>> synonyms.resolve("js").candidates
    ('JavaScript', 'JScript')
    >>> synonyms.ambiguous()
    {'js': ('JavaScript', 'JScript')}
    """

    labels: tuple[str, ...]
    _preferred: Mapping[str, str] = field(repr=False)
    _meanings: Mapping[str, tuple[str, ...]] = field(repr=False)
    _written: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, names: Mapping[str, Iterable[str]]) -> "Synonyms":
        """Gather the names of skills.

        Parameters
        ----------
        names
            By preferred label, the other names of the skill. Two spellings of one label are one
            skill, under the first of them.

        Returns
        -------
        Synonyms

        Raises
        ------
        ProgramError
            When a label is blank.
        """
        preferred: dict[str, str] = {}
        meanings: defaultdict[str, dict[str, None]] = defaultdict(dict)
        written: dict[str, str] = {}
        for label, others in names.items():
            tidy = " ".join(label.split())
            if not key(tidy):
                raise ProgramError("a skill has a blank preferred label; give it one")
            tidy = preferred.setdefault(key(tidy), tidy)
            for other in others:
                if key(other):
                    meanings[key(other)][tidy] = None
                    written.setdefault(key(other), " ".join(other.split()))
        return cls(
            labels=tuple(preferred[name] for name in sorted(preferred)),
            _preferred=preferred,
            _meanings={name: tuple(sorted(labels, key=key)) for name, labels in meanings.items()},
            _written=written,
        )

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        return f"Synonyms({len(self.labels):,} skills, {len(self._meanings):,} other names)"

    def resolve(self, text: str) -> Resolution:
        """Say what a text means.

        Parameters
        ----------
        text
            The name of a skill, as somebody wrote it.

        Returns
        -------
        Resolution
        """
        name = key(text)
        if name in self._preferred:
            return Resolution(text, self._preferred[name])
        meanings = self._meanings.get(name, ())
        if len(meanings) == 1:
            return Resolution(text, meanings[0])
        if meanings:
            return Resolution(text, None, candidates=meanings)
        return Resolution(text, None, suggestions=self._near(name))

    def ambiguous(self) -> dict[str, tuple[str, ...]]:
        """Return the names that may mean several skills, each with these skills.

        Returns
        -------
        dict of str to tuple of str
            In the order of the names' keys.
        """
        return {
            self._written[name]: self._meanings[name]
            for name in sorted(self._meanings)
            if len(self._meanings[name]) > 1 and name not in self._preferred
        }

    @cached_property
    def _neighbours(self) -> Mapping[str, tuple[str, ...]]:
        """Every known name by what it becomes when it lacks a letter, with spaces or without."""
        found: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for name in dict.fromkeys([*self._preferred, *self._meanings]):
            for variant in {*shortened(name), *shortened(bare(name))}:
                found[variant][name] = None
        return {variant: tuple(names) for variant, names in found.items()}

    def _near(self, name: str) -> tuple[str, ...]:
        found: set[str] = set()
        for variant in {*shortened(name), *shortened(bare(name))}:
            for other in self._neighbours.get(variant, ()):
                # Without spaces too: a word of one letter that is left out takes one with it.
                if alike(name, other) or (bare(name) and alike(bare(name), bare(other))):
                    known = self._preferred.get(other)
                    found.update([known] if known else self._meanings[other])
        return tuple(sorted(found, key=key))
